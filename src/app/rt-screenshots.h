/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-application.h"
#include "rt-window.h"

G_BEGIN_DECLS

/* Writes a picture of every page and dialog, light, dark and narrow, from a live
 * demo mesh; then ends the application. */
#define RT_TYPE_SCREENSHOTS (rt_screenshots_get_type ())
G_DECLARE_FINAL_TYPE (RtScreenshots, rt_screenshots, RT, SCREENSHOTS, GObject)

RtScreenshots *rt_screenshots_new (RtApplication *application, RtWindow *window, const char *directory);

G_END_DECLS
