/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times of certificates in words; times are seconds since 1970. */
char *rt_validity_date     (gint64 time);
char *rt_validity_moment   (gint64 time, gint64 now);
char *rt_validity_describe (gint64 not_after, gint64 now);

G_END_DECLS
