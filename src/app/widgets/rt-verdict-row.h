/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-certificate.h"

G_BEGIN_DECLS

/* A reason against a certificate: what it means, what to do, its technical name.
 * Its button copies all of it. */
#define RT_TYPE_VERDICT_ROW (rt_verdict_row_get_type ())
G_DECLARE_FINAL_TYPE (RtVerdictRow, rt_verdict_row, RT, VERDICT_ROW, AdwPreferencesRow)

GtkWidget  *rt_verdict_row_new    (RtVerdict *verdict);

/* Icon and style of a word from rt_trust_to_string(). */
const char *rt_trust_to_icon      (RtTrust trust);
const char *rt_trust_to_style     (RtTrust trust);

G_END_DECLS
