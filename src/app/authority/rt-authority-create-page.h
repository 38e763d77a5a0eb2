/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-authority-store.h"

G_BEGIN_DECLS

/* A new authority, or one from a backup.  Signal: created (RtAuthority). */
#define RT_TYPE_AUTHORITY_CREATE_PAGE (rt_authority_create_page_get_type ())
G_DECLARE_FINAL_TYPE (RtAuthorityCreatePage, rt_authority_create_page, RT, AUTHORITY_CREATE_PAGE, AdwNavigationPage)

/* backup: nullable: the file to import */
AdwNavigationPage *rt_authority_create_page_new (RtAuthorityStore *store, const char *backup);

G_END_DECLS
