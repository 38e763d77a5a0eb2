/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/* A QR code as text: two modules, one above the other, in each character. */

char *cli_qr_to_text (const char *text, gboolean coloured, GError **error);
