/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt.h"

/*
 * The callback of one resolve, as 4.2 of the API wants it: called from any thread,
 * but never once the resolve was ended, and ending waits for a callback that
 * another thread is in.
 */

G_BEGIN_DECLS

typedef struct
{
  DRT_BOOTSTRAP_RESOLVE_CALLBACK callback;
  PVOID context;

  GMutex lock;       /* guards what follows */
  GCond told;
  gboolean running;
  gboolean ended;
  GThread *thread;   /* inside the callback */
} DrtTeller;

void     drt_teller_init   (DrtTeller *self);
void     drt_teller_clear  (DrtTeller *self);
gboolean drt_teller_begin  (DrtTeller *self, DRT_BOOTSTRAP_RESOLVE_CALLBACK callback, PVOID context);
gboolean drt_teller_tell   (DrtTeller *self, HRESULT hr, SOCKET_ADDRESS_LIST *addresses);
void     drt_teller_finish (DrtTeller *self);
void     drt_teller_end    (DrtTeller *self);

G_END_DECLS
