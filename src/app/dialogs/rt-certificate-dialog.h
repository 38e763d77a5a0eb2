/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-chain.h"

G_BEGIN_DECLS

/* A chain of certificates: whether it is accepted, and why not; each certificate
 * with what it says. */
#define RT_TYPE_CERTIFICATE_DIALOG (rt_certificate_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtCertificateDialog, rt_certificate_dialog, RT, CERTIFICATE_DIALOG, AdwDialog)

AdwDialog *rt_certificate_dialog_new          (RtChain *chain);
/* Of a file that may be locked, which can be unlocked there; settings: (nullable): of the mesh */
AdwDialog *rt_certificate_dialog_new_for_file (RtCertificateFile *file, RtMeshSettings *settings);
/* Reads the file, asks for its passphrase where it has one, and presents the dialog. */
void       rt_certificate_dialog_open         (GtkWidget *parent, const char *path, RtMeshSettings *settings);

G_END_DECLS
