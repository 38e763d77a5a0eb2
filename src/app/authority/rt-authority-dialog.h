/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-authority-store.h"
#include "rt-node.h"

G_BEGIN_DECLS

/* The mesh authorities of the person: to create one, to issue certificates, to
 * invite and to revoke. */
#define RT_TYPE_AUTHORITY_DIALOG (rt_authority_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtAuthorityDialog, rt_authority_dialog, RT, AUTHORITY_DIALOG, AdwDialog)

AdwDialog *rt_authority_dialog_new    (RtAuthorityStore *store, RtNode *node);

G_END_DECLS
