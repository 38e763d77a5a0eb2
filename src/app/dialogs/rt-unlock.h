/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-certificate-file.h"

G_BEGIN_DECLS

/*
 * Unlocks a file: with the passphrase that the keyring has, else the person is
 * asked for it, again while it is wrong, and may have the keyring keep it.
 * error: G_IO_ERROR_CANCELLED: the person would not; else DRT_CERTIFICATE_ERROR.
 */
void     rt_unlock_async  (GtkWidget *parent, RtCertificateFile *file, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data);
gboolean rt_unlock_finish (RtCertificateFile *file, GAsyncResult *result, GError **error);

/* The two together: reads a file and, when it is locked, unlocks it.  What is
 * wrong with the file itself is said by the file that is returned. */
void               rt_open_certificate_async  (GtkWidget *parent, const char *path, RtCertificateFileKind kind,
                                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
RtCertificateFile *rt_open_certificate_finish (GAsyncResult *result, GError **error);

/* As before, of a file that the person chooses; title: of the chooser. */
void               rt_choose_certificate_async  (GtkWidget *parent, const char *title, RtCertificateFileKind kind,
                                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
RtCertificateFile *rt_choose_certificate_finish (GAsyncResult *result, GError **error);

G_END_DECLS
