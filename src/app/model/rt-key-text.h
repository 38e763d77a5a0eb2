/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include <drt.h>
#include <drt-key.h>

/*
 * A key as a person types or pastes it.  What the fields for keys show while
 * one types is decided here, without a widget.
 */

G_BEGIN_DECLS

typedef enum
{
  RT_KEY_TEXT_EMPTY,
  RT_KEY_TEXT_VALID,
  RT_KEY_TEXT_TOO_SHORT,
  RT_KEY_TEXT_TOO_LONG,
  RT_KEY_TEXT_NOT_HEX,
} RtKeyTextState;

/**
 * RtKeyText:
 * @state: what can be said about the text
 * @n_digits: hexadecimal digits in it; up to the fault in %RT_KEY_TEXT_NOT_HEX
 * @fault: the character that is none, in %RT_KEY_TEXT_NOT_HEX
 * @key: the key, in %RT_KEY_TEXT_VALID
 *
 * A plain value.
 */
typedef struct
{
  RtKeyTextState state;
  guint n_digits;
  gunichar fault;
  DrtKey key;
} RtKeyText;

void        rt_key_text_parse        (const char *text, RtKeyText *result);
HRESULT     rt_key_text_to_hresult   (const RtKeyText *text);
char       *rt_key_text_to_sentence  (const RtKeyText *text);
gboolean    rt_key_text_is_unfinished (const RtKeyText *text);

/* A new random key, from the system's source of randomness. */
void        rt_key_text_random       (DrtKey *key);

G_END_DECLS
