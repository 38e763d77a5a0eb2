/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "spy.h"

/*
 * The table of every function of drt.h and every code its documentation names:
 * how the code is provoked, or why it cannot occur here.  One array per family of
 * functions; test-codes.c holds them against the documentation's lists.
 */

G_BEGIN_DECLS

typedef struct
{
  const char *function;
  HRESULT code;
  /* Gives what the function answers.  @spy is a node with all it needs, opened
   * before when @opened is set. */
  HRESULT (*provoke) (Spy *spy);
  gboolean opened;
  const char *why_not;           /* instead of @provoke */
} CodeRow;

#define CODE(function, code, provoke)      { #function, (code), (provoke), TRUE, NULL }
#define CODE_NEW(function, code, provoke)  { #function, (code), (provoke), FALSE, NULL }
#define NEVER(function, code, why)         { #function, (code), NULL, FALSE, (why) }

extern const CodeRow codes_providers[];
extern const CodeRow codes_open[];
extern const CodeRow codes_keys[];
extern const CodeRow codes_search[];

extern const guint n_codes_providers;
extern const guint n_codes_open;
extern const guint n_codes_keys;
extern const guint n_codes_search;


HRESULT codes_answer_fail (Spy *spy);

G_END_DECLS
