/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The thread that runs all nodes of DrtOpen(); there while there are any. */
GMainContext *drt_library_thread_join  (void);
void          drt_library_thread_leave (void);

G_END_DECLS
