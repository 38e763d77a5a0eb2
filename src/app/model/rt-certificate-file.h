/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include <drt-chain.h>

G_BEGIN_DECLS

typedef enum
{
  RT_CERTIFICATE_FILE_CERTIFICATE,   /* and what belongs to it: chain, private key */
  RT_CERTIFICATE_FILE_REVOKE_LIST,
} RtCertificateFileKind;

/*
 * A file with a certificate or a revoke list, as it was when it was read.  There
 * is one for every path, also for what cannot be read: then it has an error and
 * nothing else.  One that waits for its passphrase is locked.
 * Property: locked (boolean, notifies).
 */
#define RT_TYPE_CERTIFICATE_FILE (rt_certificate_file_get_type ())
G_DECLARE_FINAL_TYPE (RtCertificateFile, rt_certificate_file, RT, CERTIFICATE_FILE, GObject)

RtCertificateFile *rt_certificate_file_new             (const char *path, RtCertificateFileKind kind);
void               rt_certificate_file_load_async      (const char *path, RtCertificateFileKind kind, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer data);
RtCertificateFile *rt_certificate_file_load_finish     (GAsyncResult *result, GError **error);

const char        *rt_certificate_file_get_path        (RtCertificateFile *self);
/* The last part of its path, as the person knew it when it was chosen. */
const char        *rt_certificate_file_get_name        (RtCertificateFile *self);
/* Of its bytes, for the keyring; NULL when it could not be read. */
const char        *rt_certificate_file_get_id          (RtCertificateFile *self);
/* NULL while locked, of a revoke list, or of what is none. */
PCCERT_CONTEXT     rt_certificate_file_get_certificate (RtCertificateFile *self);
DrtRevokeList     *rt_certificate_file_get_revoke_list (RtCertificateFile *self);
gboolean           rt_certificate_file_is_locked       (RtCertificateFile *self);
/* Why there is neither; DRT_CERTIFICATE_ERROR. */
const GError      *rt_certificate_file_get_error       (RtCertificateFile *self);

gboolean           rt_certificate_file_unlock          (RtCertificateFile *self, const char *passphrase, GError **error);
void               rt_certificate_file_unlock_async    (RtCertificateFile *self, const char *passphrase, GCancellable *cancellable,
                                                        GAsyncReadyCallback callback, gpointer data);
gboolean           rt_certificate_file_unlock_finish   (RtCertificateFile *self, GAsyncResult *result, GError **error);

/* Copies it to where Roundtable keeps certificates, unless it is there; its path is that one then. */
gboolean           rt_certificate_file_keep            (RtCertificateFile *self, GError **error);

/* The report on what is in it; where it cannot be read, or is locked, that. */
DrtChainReport    *rt_certificate_file_check           (RtCertificateFile *self, const DrtChainQuery *query);

G_END_DECLS
