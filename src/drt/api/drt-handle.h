/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt.h"
#include "drt-object.h"

/*
 * The handles of drt.h: numbers that name an entry of one table, the kind of
 * thing it is and its generation.  No handle is ever followed as a pointer.
 */

G_BEGIN_DECLS

typedef enum
{
  DRT_HANDLE_INSTANCE = 1,
  DRT_HANDLE_REGISTRATION,
  DRT_HANDLE_SEARCH,
  DRT_HANDLE_TRANSPORT,
  DRT_HANDLE_BOOTSTRAP,   /* what a bootstrap provider's callback is for */
} DrtHandleKind;

PVOID    drt_handle_new     (DrtHandleKind kind, gpointer object);
gpointer drt_handle_get     (PVOID handle, DrtHandleKind kind);
gpointer drt_handle_steal   (PVOID handle, DrtHandleKind kind);

G_END_DECLS
