/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-revoke-list-private.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "drt-certificate-file.h"
#include "drt-certificate-make.h"
#include "drt-clock.h"

/*
 * Revoke lists: X.509 CRLs, one for each authority of a mesh that has revoked
 * something.  A list counts for what the authority that signed it has issued,
 * and goes on counting when its next update is due: lists are carried by hand,
 * and a certificate once revoked does not become good by waiting.
 */

#define NEXT_UPDATE_DAYS 365
#define MAX_LISTS        DRT_CHAIN_MAX
#define FIRST_NUMBER     1

struct _DrtRevokeList
{
  int n_refs;
  STACK_OF (X509_CRL) *crls;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_CRL, X509_CRL_free)

static DrtRevokeList *
list_new (void)
{
  DrtRevokeList *list = g_new0 (DrtRevokeList, 1);

  list->n_refs = 1;
  list->crls = sk_X509_CRL_new_null ();
  return list;
}

/**
 * drt_revoke_list_ref:
 * @list: (nullable)
 *
 * Returns: (nullable): @list
 */
DrtRevokeList *
drt_revoke_list_ref (DrtRevokeList *list)
{
  if (list != NULL)
    g_atomic_int_inc (&list->n_refs);
  return list;
}

/**
 * drt_revoke_list_unref:
 * @list: (nullable)
 */
void
drt_revoke_list_unref (DrtRevokeList *list)
{
  if (list == NULL || !g_atomic_int_dec_and_test (&list->n_refs))
    return;
  sk_X509_CRL_pop_free (list->crls, X509_CRL_free);
  g_free (list);
}

static gboolean
push (DrtRevokeList *list,
      X509_CRL      *crl)
{
  if (sk_X509_CRL_push (list->crls, crl) <= 0)
    return FALSE;
  X509_CRL_up_ref (crl);
  return TRUE;
}

/* --- Reading --- */

static gboolean
read_pem (DrtRevokeList *list,
          const guint8  *bytes,
          gsize          length)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (bytes, length);
  X509_CRL *crl;
  gboolean read = bio != NULL;

  while (read && (crl = PEM_read_bio_X509_CRL (bio, NULL, NULL, NULL)) != NULL)
    {
      read = sk_X509_CRL_num (list->crls) < MAX_LISTS && push (list, crl);
      X509_CRL_free (crl);
    }
  return read && ERR_GET_REASON (ERR_peek_last_error ()) == PEM_R_NO_START_LINE && sk_X509_CRL_num (list->crls) > 0;
}

static gboolean
read_der (DrtRevokeList *list,
          const guint8  *bytes,
          gsize          length)
{
  const guint8 *end = bytes;
  g_autoptr (X509_CRL) crl = d2i_X509_CRL (NULL, &end, length);

  return crl != NULL && push (list, crl);
}

/**
 * drt_revoke_list_parse:
 * @bytes: (array length=length): a file's content: one list as DER, or any as PEM
 * @length: bytes
 * @error: (nullable)
 *
 * Returns: (nullable): the lists, as one
 */
DrtRevokeList *
drt_revoke_list_parse (const guint8 *bytes,
                       gsize         length,
                       GError      **error)
{
  g_autoptr (DrtRevokeList) list = list_new ();
  gboolean read = FALSE;

  ERR_clear_error ();
  if (length > 0 && length <= DRT_CERTIFICATE_FILE_MAX)
    read = bytes[0] == 0x30 ? read_der (list, bytes, length) : read_pem (list, bytes, length);
  if (!read)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "This is no revoke list, or a damaged one");
      return NULL;
    }
  ERR_clear_error ();
  return g_steal_pointer (&list);
}

/**
 * drt_revoke_list_load:
 * @path: a file
 * @error: (nullable)
 *
 * Returns: (nullable): as drt_revoke_list_parse()
 */
DrtRevokeList *
drt_revoke_list_load (const char *path,
                      GError    **error)
{
  gsize length;
  guint8 *bytes = drt_certificate_file_read (path, DRT_CERTIFICATE_FILE_MAX, &length, error);
  DrtRevokeList *list;

  if (bytes == NULL)
    return NULL;
  list = drt_revoke_list_parse (bytes, length, error);
  drt_certificate_file_free (bytes, length);
  return list;
}

/* --- Asking --- */

static X509_CRL *
find_of (DrtRevokeList   *list,
         const X509_NAME *issuer)
{
  for (int i = 0; i < sk_X509_CRL_num (list->crls); i++)
    if (X509_NAME_cmp (X509_CRL_get_issuer (sk_X509_CRL_value (list->crls, i)), issuer) == 0)
      return sk_X509_CRL_value (list->crls, i);
  return NULL;
}

static gboolean
has (X509_CRL *crl,
     X509     *x509)
{
  X509_REVOKED *entry = NULL;

  return X509_CRL_get0_by_cert (crl, &entry, x509) == 1;     /* 2: taken back from the list */
}

static gboolean
signed_by (X509_CRL *crl,
           X509     *issuer)
{
  EVP_PKEY *key = X509_get0_pubkey (issuer);
  gboolean good = key != NULL && X509_CRL_verify (crl, key) == 1;

  if (!good)
    ERR_clear_error ();
  return good;
}

/* Every list is asked: a forged one of the same name must not stand before the authority's own. */
gboolean
drt_revoke_list_revokes (DrtRevokeList *list,
                         X509          *x509,
                         X509          *issuer)
{
  for (int i = 0; i < sk_X509_CRL_num (list->crls); i++)
    {
      X509_CRL *crl = sk_X509_CRL_value (list->crls, i);

      if (X509_NAME_cmp (X509_CRL_get_issuer (crl), X509_get_issuer_name (x509)) == 0 && has (crl, x509) && signed_by (crl, issuer))
        return TRUE;
    }
  return FALSE;
}

/**
 * drt_revoke_list_contains:
 * @list: (nullable)
 * @certificate: a certificate
 *
 * Returns: whether @certificate is on it, whoever signed the list:
 *   drt_chain_check() asks for that as well
 */
gboolean
drt_revoke_list_contains (DrtRevokeList *list,
                          PCCERT_CONTEXT certificate)
{
  X509 *x509 = drt_certificate_get_x509 (certificate);

  if (list == NULL || x509 == NULL)
    return FALSE;
  for (int i = 0; i < sk_X509_CRL_num (list->crls); i++)
    {
      X509_CRL *crl = sk_X509_CRL_value (list->crls, i);

      if (X509_NAME_cmp (X509_CRL_get_issuer (crl), X509_get_issuer_name (x509)) == 0 && has (crl, x509))
        return TRUE;
    }
  return FALSE;
}

/**
 * drt_revoke_list_get_size:
 * @list: (nullable)
 *
 * Returns: how many certificates are on it
 */
guint
drt_revoke_list_get_size (DrtRevokeList *list)
{
  guint size = 0;

  for (int i = 0; list != NULL && i < sk_X509_CRL_num (list->crls); i++)
    size += MAX (0, sk_X509_REVOKED_num (X509_CRL_get_REVOKED (sk_X509_CRL_value (list->crls, i))));
  return size;
}

/* --- Making --- */

static gboolean
set_number (X509_CRL *crl,
            X509_CRL *former)
{
  ASN1_INTEGER *last = former != NULL ? X509_CRL_get_ext_d2i (former, NID_crl_number, NULL, NULL) : NULL;
  BIGNUM *number = last != NULL ? ASN1_INTEGER_to_BN (last, NULL) : BN_new ();
  ASN1_INTEGER *next = NULL;
  gboolean set;

  set = number != NULL && BN_add_word (number, FIRST_NUMBER) == 1 && (next = BN_to_ASN1_INTEGER (number, NULL)) != NULL &&
        X509_CRL_add1_ext_i2d (crl, NID_crl_number, next, 0, 0) == 1;
  ASN1_INTEGER_free (last);
  ASN1_INTEGER_free (next);
  BN_free (number);
  return set;
}

static gboolean
set_authority_key_id (X509_CRL *crl,
                      X509     *authority)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;
  gboolean set;

  X509V3_set_ctx (&context, authority, NULL, NULL, crl, 0);
  extension = X509V3_EXT_nconf_nid (NULL, &context, NID_authority_key_identifier, "keyid");
  set = extension != NULL && X509_CRL_add_ext (crl, extension, -1) == 1;
  X509_EXTENSION_free (extension);
  return set;
}

static gboolean
set_times (X509_CRL *crl)
{
  gint64 now = drt_clock_now () / G_USEC_PER_SEC;
  ASN1_TIME *time = ASN1_TIME_set (NULL, now);
  gboolean set;

  set = time != NULL && X509_CRL_set1_lastUpdate (crl, time) == 1 &&
        ASN1_TIME_set (time, now + NEXT_UPDATE_DAYS * DRT_SECONDS_PER_DAY) != NULL && X509_CRL_set1_nextUpdate (crl, time) == 1;
  ASN1_TIME_free (time);
  return set;
}

static gboolean
add_entry (X509_CRL           *crl,
           const ASN1_INTEGER *serial)
{
  X509_REVOKED *entry = X509_REVOKED_new ();
  ASN1_TIME *time = ASN1_TIME_set (NULL, drt_clock_now () / G_USEC_PER_SEC);
  ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new ();
  gboolean added;

  added = entry != NULL && time != NULL && reason != NULL &&
          X509_REVOKED_set_serialNumber (entry, (ASN1_INTEGER *) serial) == 1 &&
          X509_REVOKED_set_revocationDate (entry, time) == 1 &&
          ASN1_ENUMERATED_set (reason, CRL_REASON_PRIVILEGE_WITHDRAWN) == 1 &&
          X509_REVOKED_add1_ext_i2d (entry, NID_crl_reason, reason, 0, 0) == 1 &&
          X509_CRL_add0_revoked (crl, entry) == 1;
  if (!added)
    X509_REVOKED_free (entry);
  ASN1_ENUMERATED_free (reason);
  ASN1_TIME_free (time);
  return added;
}

static gboolean
copy_entries (X509_CRL *crl,
              X509_CRL *former)
{
  STACK_OF (X509_REVOKED) *entries = former != NULL ? X509_CRL_get_REVOKED (former) : NULL;

  for (int i = 0; i < sk_X509_REVOKED_num (entries); i++)
    {
      X509_REVOKED *entry = X509_REVOKED_dup (sk_X509_REVOKED_value (entries, i));

      if (entry == NULL || X509_CRL_add0_revoked (crl, entry) != 1)
        {
          X509_REVOKED_free (entry);
          return FALSE;
        }
    }
  return TRUE;
}

/* As it would be read. */
static X509_CRL *
decode (X509_CRL *made)
{
  guint8 *bytes = NULL;
  int length = i2d_X509_CRL (made, &bytes);
  const guint8 *end = bytes;
  X509_CRL *crl = length > 0 ? d2i_X509_CRL (NULL, &end, length) : NULL;

  OPENSSL_free (bytes);
  return crl;
}

/* A list of @authority: what is on @former, and @serial. */
static X509_CRL *
make (PCCERT_CONTEXT      authority,
      X509_CRL           *former,
      const ASN1_INTEGER *serial)
{
  X509 *x509 = drt_certificate_get_x509 (authority);
  EVP_PKEY *key = drt_certificate_get_private_key (authority);
  g_autoptr (X509_CRL) crl = X509_CRL_new ();

  if (crl == NULL || X509_CRL_set_version (crl, X509_CRL_VERSION_2) != 1 ||
      X509_CRL_set_issuer_name (crl, X509_get_subject_name (x509)) != 1 || !set_times (crl) ||
      !set_authority_key_id (crl, x509) || !set_number (crl, former) || !copy_entries (crl, former) ||
      (serial != NULL && !add_entry (crl, serial)) || X509_CRL_sort (crl) != 1 ||
      X509_CRL_sign (crl, key, drt_certificate_digest (key)) <= 0)
    return NULL;
  return decode (crl);
}

/* @list with @crl in place of the one of the same authority. */
static DrtRevokeList *
with (DrtRevokeList *list,
      X509_CRL      *former,
      X509_CRL      *crl)
{
  DrtRevokeList *changed = list_new ();
  gboolean placed = TRUE;

  for (int i = 0; placed && list != NULL && i < sk_X509_CRL_num (list->crls); i++)
    if (sk_X509_CRL_value (list->crls, i) != former)
      placed = push (changed, sk_X509_CRL_value (list->crls, i));
  if (placed && push (changed, crl))
    return changed;
  drt_revoke_list_unref (changed);
  return NULL;
}

static DrtRevokeList *
unsuitable (GError    **error,
            const char *message)
{
  drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_UNSUITABLE, "%s", message);
  return NULL;
}

static DrtRevokeList *
make_list (DrtRevokeList      *list,
           PCCERT_CONTEXT      authority,
           const ASN1_INTEGER *serial,
           GError            **error)
{
  X509 *x509 = drt_certificate_get_x509 (authority);
  X509_CRL *former = list != NULL ? find_of (list, X509_get_subject_name (x509)) : NULL;
  g_autoptr (X509_CRL) crl = NULL;
  DrtRevokeList *made;

  if (former != NULL && !signed_by (former, x509))
    return unsuitable (error, "The revoke list is not signed by this authority");
  crl = make (authority, former, serial);
  made = crl != NULL ? with (list, former, crl) : NULL;
  return made != NULL ? made : unsuitable (error, "The revoke list cannot be made");
}

/**
 * drt_revoke_list_new:
 * @authority: an authority's certificate with its private key
 * @error: (nullable)
 *
 * Returns: (nullable): a list with nothing on it
 */
DrtRevokeList *
drt_revoke_list_new (PCCERT_CONTEXT authority,
                     GError       **error)
{
  return drt_certificate_can_issue (authority, error) ? make_list (NULL, authority, NULL, error) : NULL;
}

/**
 * drt_revoke_list_add:
 * @list: (nullable): what is revoked already, by this authority or others
 * @authority: an authority's certificate with its private key
 * @certificate: one it has issued
 * @error: (nullable)
 *
 * Returns: (nullable): a list with all of that on it; @list when @certificate is
 */
DrtRevokeList *
drt_revoke_list_add (DrtRevokeList *list,
                     PCCERT_CONTEXT authority,
                     PCCERT_CONTEXT certificate,
                     GError       **error)
{
  X509 *x509 = drt_certificate_get_x509 (certificate);
  X509 *issuer = drt_certificate_get_x509 (authority);

  if (!drt_certificate_can_issue (authority, error))
    return NULL;
  if (x509 == NULL || !drt_certificate_names_issuer (x509, issuer))
    return unsuitable (error, "This authority did not issue the certificate");
  if (list != NULL && drt_revoke_list_revokes (list, x509, issuer))
    return drt_revoke_list_ref (list);
  return make_list (list, authority, X509_get0_serialNumber (x509), error);
}

/**
 * drt_revoke_list_to_pem:
 * @list: a list
 *
 * Returns: (transfer full) (nullable): its text; NULL when there is no memory
 */
char *
drt_revoke_list_to_pem (DrtRevokeList *list)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  gboolean written = bio != NULL;
  char *bytes = NULL;
  long length;

  for (int i = 0; written && i < sk_X509_CRL_num (list->crls); i++)
    written = PEM_write_bio_X509_CRL (bio, sk_X509_CRL_value (list->crls, i)) == 1;
  if (!written)
    return NULL;
  length = BIO_get_mem_data (bio, &bytes);
  return g_strndup (bytes, length);
}
