/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "drt-glib.h"
#include "drt-observe.h"

#include "cli-command.h"

/* What is written, and how things are put in words: plain text or one JSON
 * object per line with the same facts. */

void        cli_print             (const char *format, ...) G_GNUC_PRINTF (1, 2);
void        cli_print_timed       (const char *format, ...) G_GNUC_PRINTF (1, 2);
void        cli_warn              (const char *format, ...) G_GNUC_PRINTF (1, 2);
void        cli_explain           (const char *format, ...) G_GNUC_PRINTF (1, 2);
int         cli_usage_error       (const char *format, ...) G_GNUC_PRINTF (1, 2);
void        cli_report_code       (const char *what, HRESULT hr, const char *advice);
const char *cli_code_to_name      (HRESULT hr);
const char *cli_exit_codes        (void);

JsonBuilder *cli_json_begin       (const char *event);
void        cli_json_add_string   (JsonBuilder *builder, const char *name, const char *value);
void        cli_json_add_int      (JsonBuilder *builder, const char *name, gint64 value);
void        cli_json_add_double   (JsonBuilder *builder, const char *name, double value);
void        cli_json_add_bool     (JsonBuilder *builder, const char *name, gboolean value);
void        cli_json_add_key      (JsonBuilder *builder, const char *name, const DrtKey *key);
void        cli_json_add_endpoint (JsonBuilder *builder, const char *name, const DrtEndpoint *endpoint);
void        cli_json_add_payload  (JsonBuilder *builder, const guint8 *bytes, gsize length);
void        cli_json_add_code     (JsonBuilder *builder, HRESULT hr);
void        cli_json_end          (JsonBuilder *builder);

const char *cli_status_to_name    (DRT_STATUS status);
const char *cli_status_to_words   (DRT_STATUS status);
char       *cli_payload_to_text   (const guint8 *bytes, gsize length);
char       *cli_flags_to_words    (guint32 flags);
