/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-query.h"

#include <string.h>

#include "cli-options.h"

void
cli_query_clear (CliQuery *query)
{
  g_clear_pointer (&query->from, g_free);
  g_clear_pointer (&query->to, g_free);
}

/* Whether nothing but the key itself counts. */
gboolean
cli_query_is_exact (const CliQuery *query)
{
  return !query->nearest && !query->any && query->count == 0 && query->from == NULL && query->to == NULL;
}

/* Where the range begins and ends: as far as there is, where it is not said. */
static gboolean
set_range (CliQuery *query,
           char    **problem)
{
  if (cli_query_is_exact (query))
    {
      query->minimum = query->maximum = query->target;
      return TRUE;
    }
  memset (&query->minimum, 0, sizeof query->minimum);
  memset (&query->maximum, 0xFF, sizeof query->maximum);
  if ((query->from != NULL && !cli_parse_key (query->from, &query->minimum, problem)) ||
      (query->to != NULL && !cli_parse_key (query->to, &query->maximum, problem)))
    return FALSE;
  if (drt_key_compare (&query->minimum, &query->maximum) > 0)
    *problem = g_strdup ("--from is beyond --to: a range does not go across the end of the ring");
  else if (drt_key_compare (&query->target, &query->minimum) < 0 || drt_key_compare (&query->target, &query->maximum) > 0)
    *problem = g_strdup ("KEY must lie from --from to --to (DRT_E_INVALID_SEARCH_RANGE)");
  return *problem == NULL;
}

/**
 * cli_query_set:
 * @query: what the options said
 * @key: the KEY of the command line
 * @problem: (out): what is wrong
 *
 * Returns: whether it can be searched for
 */
gboolean
cli_query_set (CliQuery   *query,
               const char *key,
               char      **problem)
{
  if (!cli_parse_key (key, &query->target, problem))
    return FALSE;
  if (query->count < 0)
    *problem = g_strdup ("--count must be at least 1 (DRT_E_INVALID_MAX_ENDPOINTS)");
  else if (query->count > 1 && query->any)
    *problem = g_strdup ("--any ends with the first key: it goes with no --count (DRT_E_INVALID_MAX_ENDPOINTS)");
  else if (query->count > 1 && query->step)
    *problem = g_strdup ("--step leads to one key: it goes with no --count");
  return *problem == NULL && set_range (query, problem);
}

HRESULT
cli_query_start (const CliQuery      *query,
                 HDRT                 drt,
                 ULONG                timeout,
                 HANDLE               event,
                 HDRT_SEARCH_CONTEXT *search)
{
  CliQuery copy = *query;
  DRT_DATA target = { DRT_KEY_SIZE, copy.target.b };
  DRT_DATA minimum = { DRT_KEY_SIZE, copy.minimum.b };
  DRT_DATA maximum = { DRT_KEY_SIZE, copy.maximum.b };
  const DRT_SEARCH_INFO info = {
    .dwSize = sizeof info,
    .fIterative = query->step,
    .fAllowCurrentInstanceMatch = query->local,
    .fAnyMatchInRange = query->any,
    .cMaxEndpoints = MAX (query->count, 1),
    .pMaximumKey = &maximum,
    .pMinimumKey = &minimum,
  };

  return DrtStartSearch (drt, &target, &info, timeout, event, NULL, search);
}
