/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt.h"
#include "drt-key.h"

/*
 * Certificates: what a mesh is made of in the security modes membership and
 * confidential, and what keys derive from in all modes with the derived key
 * provider.  A certificate is the CERT_CONTEXT of drt.h.  Its hCertStore holds
 * what came with it, which only libdrt looks into: the chain above it and the
 * private key.  Contexts are immutable and counted; any thread may use them.
 *
 * Times are seconds since 1970-01-01 UTC.
 */

G_BEGIN_DECLS

/* The profile a certificate is fit for: its key decides, see PROFILE-2.0.md. */
typedef enum
{
  DRT_PROFILE_NONE = 0,
  DRT_PROFILE_1_0 = 1,        /* RSA with 1024 bits, SHA-1: what Windows speaks, weak */
  DRT_PROFILE_2_0 = 2,        /* Ed25519 or P-256 */
} DrtProfile;

typedef enum
{
  DRT_KEY_ALGORITHM_ED25519,
  DRT_KEY_ALGORITHM_P256,
  DRT_KEY_ALGORITHM_RSA1024,  /* profile 1.0 only */
  DRT_KEY_ALGORITHM_OTHER,    /* found in files; nothing is made with it */
} DrtKeyAlgorithm;

#define DRT_CHAIN_MAX            25   /* certificates, [MC-DRT] §2.2.3.1.4.1 */
#define DRT_CERTIFICATE_FILE_MAX (1024 * 1024)   /* bytes */

typedef enum
{
  DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE,
  DRT_CERTIFICATE_ERROR_TRUNCATED,
  DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED,
  DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE,
  DRT_CERTIFICATE_ERROR_KEY_MISMATCH,     /* the private key is another certificate's */
  DRT_CERTIFICATE_ERROR_NO_PRIVATE_KEY,   /* what is asked needs it */
  DRT_CERTIFICATE_ERROR_TOO_MANY,         /* more than DRT_CHAIN_MAX */
  DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY,
  DRT_CERTIFICATE_ERROR_UNSUITABLE,       /* a key or a request nothing can be made with */
  DRT_CERTIFICATE_ERROR_FILE,             /* reading or writing failed; the message says how */
} DrtCertificateError;

#define DRT_CERTIFICATE_ERROR (drt_certificate_error_quark ())
GQuark         drt_certificate_error_quark (void) DRT_API;

/* --- Holding; of a CERT_CONTEXT that the program filled in by itself a reference is a new one of ours --- */
PCCERT_CONTEXT drt_certificate_ref   (PCCERT_CONTEXT certificate) DRT_API;
void           drt_certificate_unref (PCCERT_CONTEXT certificate) DRT_API;

/* --- Reading: PEM (one or more certificates, a private key), PKCS#12, PKCS#7, DER; found out by content.
 * The member's certificate is the one the private key belongs to, else the one nobody else was issued by. --- */
PCCERT_CONTEXT drt_certificate_load  (const char *path, const char *passphrase, GError **error) DRT_API;
PCCERT_CONTEXT drt_certificate_parse (const guint8 *bytes, gsize length, const char *passphrase, GError **error) DRT_API;
/* The certificates without private keys, which are passed over: a PEM file needs no passphrase then, PKCS#12 does. */
PCCERT_CONTEXT drt_certificate_load_public (const char *path, const char *passphrase, GError **error) DRT_API;

/* --- What it says --- */
typedef struct
{
  char *subject;              /* common name, else the whole name (RFC 2253) */
  char *issuer;
  char *subject_full;         /* RFC 2253 */
  char *issuer_full;
  char *serial;               /* hexadecimal, upper case, without separators */
  gint64 not_before;
  gint64 not_after;
  DrtKeyAlgorithm algorithm;
  char *key_name;             /* "Ed25519", "RSA, 2048 bits" */
  char *signature_name;       /* "Ed25519", "SHA-1 with RSA" */
  char *fingerprint;          /* SHA-256 of the DER, hexadecimal, upper case, pairs joined by colons */
  char *key_usage;            /* "digital signature, certificate signing"; NULL: not limited */
  gboolean is_authority;      /* basic constraints: CA */
  int path_length;            /* -1: not limited */
  gboolean is_self_signed;    /* subject and issuer are the same name and the signature its own */
  DrtProfile profile;
  DrtKey key;                 /* derived; meaningless with DRT_PROFILE_NONE */
} DrtCertificateInfo;

DrtCertificateInfo *drt_certificate_get_info        (PCCERT_CONTEXT certificate) DRT_API;
void                drt_certificate_info_free       (DrtCertificateInfo *info) DRT_API;
gboolean            drt_certificate_has_private_key (PCCERT_CONTEXT certificate) DRT_API;
/* The certificates that came with it, itself first, each next the issuer of the one before as far as that is there. (element-type CERT_CONTEXT) */
GPtrArray          *drt_certificate_get_chain       (PCCERT_CONTEXT certificate) DRT_API;
gboolean            drt_certificate_equal           (PCCERT_CONTEXT a, PCCERT_CONTEXT b) DRT_API;

/* --- Making --- */
typedef struct
{
  const char *name;           /* common name: 1 to 64 characters */
  guint days;                 /* from now on, valid since an hour ago: 1 to 36500; 0: 10 years for an authority, else 365 days.
                                 Never beyond the end of the authority's own */
  DrtKeyAlgorithm algorithm;
  gboolean authority;         /* of drt_certificate_issue(): an authority beneath the issuer */
} DrtCertificateRequest;

PCCERT_CONTEXT drt_certificate_new_authority (const DrtCertificateRequest *request, GError **error) DRT_API;
PCCERT_CONTEXT drt_certificate_issue         (PCCERT_CONTEXT authority, const DrtCertificateRequest *request, GError **error) DRT_API;
/* The same name and key for another @days. */
PCCERT_CONTEXT drt_certificate_renew         (PCCERT_CONTEXT authority, PCCERT_CONTEXT certificate, guint days, GError **error) DRT_API;

/* A request of one's own (PKCS#10): the private key never leaves its owner.  @key_pem: what to keep
 * (PKCS#8, to be written with drt_secret_file_write()); the issued certificate is joined with it by
 * drt_certificate_join(). */
char          *drt_certificate_request_new   (const DrtCertificateRequest *request, char **key_pem, GError **error) DRT_API;
/* Before it is answered: whose it is (common name; transfer full), and the key its certificate will have. */
char          *drt_certificate_request_get_name (const char *request_pem, DrtKey *key, GError **error) DRT_API;
PCCERT_CONTEXT drt_certificate_issue_request (PCCERT_CONTEXT authority, const char *request_pem, guint days, GError **error) DRT_API;
PCCERT_CONTEXT drt_certificate_join          (PCCERT_CONTEXT certificate, const char *key_pem, GError **error) DRT_API;

/* --- Writing --- */
typedef enum
{
  DRT_CERTIFICATE_ALONE = 0,
  DRT_CERTIFICATE_WITH_CHAIN = 1 << 0,
  DRT_CERTIFICATE_WITH_KEY = 1 << 1,      /* the file becomes 0600 */
} DrtCertificateParts;

char    *drt_certificate_to_pem      (PCCERT_CONTEXT certificate, DrtCertificateParts parts, const char *passphrase, GError **error) DRT_API;
GBytes  *drt_certificate_to_pkcs12   (PCCERT_CONTEXT certificate, const char *passphrase, GError **error) DRT_API;
/* Replaces @path as a whole or not at all, 0600. */
gboolean drt_secret_file_write       (const char *path, const void *bytes, gsize length, GError **error) DRT_API;
/* Clears a text that held a secret and frees it. */
void     drt_secret_free             (char *secret) DRT_API;

/* --- Revoke lists: X.509 CRLs, one for each authority that has revoked something; a PEM file holds any of them --- */
typedef struct _DrtRevokeList DrtRevokeList;   /* immutable, counted */

DrtRevokeList *drt_revoke_list_new      (PCCERT_CONTEXT authority, GError **error) DRT_API;
DrtRevokeList *drt_revoke_list_load     (const char *path, GError **error) DRT_API;      /* PEM or DER */
DrtRevokeList *drt_revoke_list_parse    (const guint8 *bytes, gsize length, GError **error) DRT_API;
/* @list with @certificate on it, signed anew by @authority; NULL @list: a new one. */
DrtRevokeList *drt_revoke_list_add      (DrtRevokeList *list, PCCERT_CONTEXT authority, PCCERT_CONTEXT certificate, GError **error) DRT_API;
gboolean       drt_revoke_list_contains (DrtRevokeList *list, PCCERT_CONTEXT certificate) DRT_API;
guint          drt_revoke_list_get_size (DrtRevokeList *list) DRT_API;
char          *drt_revoke_list_to_pem   (DrtRevokeList *list) DRT_API;
DrtRevokeList *drt_revoke_list_ref      (DrtRevokeList *list) DRT_API;
void           drt_revoke_list_unref    (DrtRevokeList *list) DRT_API;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtCertificateInfo, drt_certificate_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtRevokeList, drt_revoke_list_unref)

G_END_DECLS
