/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-chain.h"

G_BEGIN_DECLS

/* One of the files that the settings of a mesh name: chosen here, with what is in
 * it and whether it is good; activating it shows the chain. */
#define RT_TYPE_CERTIFICATE_FILE_ROW (rt_certificate_file_row_get_type ())
G_DECLARE_FINAL_TYPE (RtCertificateFileRow, rt_certificate_file_row, RT, CERTIFICATE_FILE_ROW, AdwActionRow)

/* May be set once. */
void rt_certificate_file_row_set_settings (RtCertificateFileRow *self, RtMeshSettings *settings, RtMeshFile which);
/* As a person does it: the passphrase is asked for, the chain shown. */
void rt_certificate_file_row_unlock       (RtCertificateFileRow *self);
void rt_certificate_file_row_show         (RtCertificateFileRow *self);

G_END_DECLS
