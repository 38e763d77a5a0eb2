/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt.h"

/*
 * What a GLib program needs beside drt.h: a node on the caller's own main
 * context, a source over an event handle, errors as GError, and the names of
 * the codes.
 */

G_BEGIN_DECLS

/* A node on the caller's main context: all its work, and all observer
 * callbacks, happen in the thread that runs @main_context (NULL: the
 * thread-default one).  Everything else is as in DrtOpen(). */
HRESULT     drt_open_in_context    (const DRT_SETTINGS *settings,
                                    HANDLE              event,
                                    const void         *context,
                                    GMainContext       *main_context,
                                    HDRT               *drt) DRT_API;

/* Event objects: eventfds, see drt.h. */
HANDLE      drt_event_new          (void) DRT_API;
void        drt_event_free         (HANDLE event) DRT_API;
gboolean    drt_event_wait         (HANDLE event, int timeout_ms) DRT_API;
GSource    *drt_event_source_new   (HANDLE event) DRT_API;

/* Codes. GError codes of the domain are HRESULT values. */
#define DRT_ERROR (drt_error_quark ())
GQuark      drt_error_quark        (void) DRT_API;
gboolean    drt_set_error          (GError **error, HRESULT hr) DRT_API;
const char *drt_hresult_to_name    (HRESULT hr) DRT_API;
const char *drt_hresult_to_sentence (HRESULT hr) DRT_API;
gboolean    drt_hresult_from_name  (const char *name, HRESULT *hr) DRT_API;

/* A wide string of drt.h from UTF-8 and back; free with g_free(). */
WCHAR      *drt_wide_from_utf8     (const char *text) DRT_API;
char       *drt_wide_to_utf8       (const WCHAR *text) DRT_API;

G_END_DECLS
