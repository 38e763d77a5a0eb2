/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-glib.h"
#include "drt-key.h"

/* What is searched for: one key, or keys of a range. */

typedef struct
{
  /* As given. */
  gboolean nearest;
  char *from;
  char *to;
  gboolean any;
  int count;                  /* 0: not given */
  gboolean local;
  gboolean step;

  DrtKey target;
  DrtKey minimum;
  DrtKey maximum;
} CliQuery;

void     cli_query_clear (CliQuery *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliQuery, cli_query_clear)

/* With what was given there, and @key. */
gboolean cli_query_set   (CliQuery *query, const char *key, char **problem);
gboolean cli_query_is_exact (const CliQuery *query);
HRESULT  cli_query_start (const CliQuery *query, HDRT drt, ULONG timeout, HANDLE event, HDRT_SEARCH_CONTEXT *search);

#define CLI_QUERY_ENTRIES(query) \
    { "nearest", 'n', 0, G_OPTION_ARG_NONE, &(query)->nearest, "Find the key nearest to KEY", NULL }, \
    { "from", 0, 0, G_OPTION_ARG_STRING, &(query)->from, "Only keys from this one on count, up to --to", "KEY" }, \
    { "to", 0, 0, G_OPTION_ARG_STRING, &(query)->to, "Only keys up to this one count, from --from on", "KEY" }, \
    { "count", 'c', 0, G_OPTION_ARG_INT, &(query)->count, "Find up to N keys, the nearest to KEY first", "N" }, \
    { "any", 'a', 0, G_OPTION_ARG_NONE, &(query)->any, "Any key of the range will do, the first one met", NULL }, \
    { "local", 0, 0, G_OPTION_ARG_NONE, &(query)->local, "Let the keys of --register be found as well", NULL }, \
    { "step", 's', 0, G_OPTION_ARG_NONE, &(query)->step, "Tell whom to ask next, and wait for Enter", NULL }
