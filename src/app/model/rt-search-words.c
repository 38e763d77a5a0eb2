/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include <drt-glib.h>

#include "rt-search-words.h"

/**
 * rt_search_words_duration:
 * @duration: microseconds
 *
 * Returns: (transfer full): "0.4 ms", "34 ms" or "5.0 s"
 */
char *
rt_search_words_duration (gint64 duration)
{
  double ms = (double) duration / 1000;

  if (ms < 10)
    return g_strdup_printf (_("%.1f\u00a0ms"), ms);
  if (ms < 1000)
    return g_strdup_printf (_("%.0f\u00a0ms"), ms);
  return g_strdup_printf (_("%.1f\u00a0s"), ms / 1000);
}

/**
 * rt_search_words_outcome:
 * @state: the state of a search
 * @duration: microseconds it took
 * @found_exact: whether the very key is among its results
 *
 * Returns: (transfer full): how it stands, in a few words
 */
char *
rt_search_words_outcome (RtSearchState state,
                         gint64        duration,
                         gboolean      found_exact)
{
  g_autofree char *time = rt_search_words_duration (duration);

  switch (state)
    {
    case RT_SEARCH_RUNNING:
      return g_strdup (_("Searching…"));
    case RT_SEARCH_FOUND:
      return found_exact ? g_strdup_printf (_("Found in %s"), time)
                         : g_strdup_printf (_("Nearest key found in %s"), time);
    case RT_SEARCH_NOT_FOUND:
      return g_strdup_printf (_("Not found, after %s"), time);
    case RT_SEARCH_TIMED_OUT:
      return g_strdup_printf (_("No answer in %s"), time);
    case RT_SEARCH_CANCELLED:
      return g_strdup_printf (_("Cancelled after %s"), time);
    case RT_SEARCH_FAILED:
    default:
      return g_strdup (_("The search failed"));
    }
}

static char *
describe_error (const GError *error)
{
  if (error == NULL)
    return g_strdup ("");
  if (error->domain != DRT_ERROR)
    return g_strdup (error->message);

  /* Translators: a sentence; on the next line the name and number of its code */
  return g_strdup_printf (_("%s\n%s 0x%08X"), error->message,
                          drt_hresult_to_name (error->code), (guint32) error->code);
}

/**
 * rt_search_words_advice:
 * @state: the state of a search
 * @kind: what was searched for
 * @error: (nullable): why it failed
 * @found_exact: whether the very key is among its results
 *
 * Returns: (transfer full): what that means and what to do next; empty where
 *   nothing need be said
 */
char *
rt_search_words_advice (RtSearchState  state,
                        RtSearchKind   kind,
                        const GError  *error,
                        gboolean       found_exact)
{
  switch (state)
    {
    case RT_SEARCH_RUNNING:
      return g_strdup (_("Each node that is asked names one that is nearer to the key."));
    case RT_SEARCH_FOUND:
      if (found_exact)
        return g_strdup (_("The key is published in this mesh."));
      return g_strdup (_("Nobody publishes the key itself; this one is nearest to it on the ring."));
    case RT_SEARCH_NOT_FOUND:
      return g_strdup (kind == RT_SEARCH_EXACT
                         ? _("Nobody publishes this key. It may have been unregistered, or registered only now: the mesh needs a few seconds to learn of it.")
                         : _("No key at all was found. Is anybody else in the mesh?"));
    case RT_SEARCH_TIMED_OUT:
      return g_strdup (_("Nodes that do not answer cost time. Give the search longer, or look in the path for the one it waited for."));
    case RT_SEARCH_CANCELLED:
      return g_strdup (_("You ended it. What it had found stays below."));
    case RT_SEARCH_FAILED:
    default:
      return describe_error (error);
    }
}

/**
 * rt_search_words_path:
 * @state: the state of a search
 * @n_hops: nodes it has heard of or given up
 *
 * Returns: (transfer full): what there is to say of its path as a whole
 */
char *
rt_search_words_path (RtSearchState state,
                      guint         n_hops)
{
  if (n_hops > 0)
    return g_strdup_printf (ngettext ("%u node was asked.", "%u nodes were asked, in this order.", n_hops), n_hops);

  switch (state)
    {
    case RT_SEARCH_RUNNING:
      return g_strdup (_("No node has answered yet."));
    case RT_SEARCH_FOUND:
    case RT_SEARCH_NOT_FOUND:
      return g_strdup (_("No other node was asked: what this node knows was enough."));
    case RT_SEARCH_TIMED_OUT:
    case RT_SEARCH_CANCELLED:
    case RT_SEARCH_FAILED:
    default:
      return g_strdup (_("No node had answered."));
    }
}

/**
 * rt_search_words_hop:
 * @hop: a node that was asked
 *
 * Returns: (transfer full): verdict, shared bits and latency in one line
 */
char *
rt_search_words_hop (RtHop *hop)
{
  int nearness = rt_hop_get_nearness (hop);
  g_autofree char *bits = g_strdup_printf (ngettext ("%d shared bit", "%d shared bits", nearness), nearness);

  if (!rt_hop_get_answered (hop))
    /* Translators: verdict on a node, bits it shares with the key */
    return g_strdup_printf (_("%s · %s"), rt_hop_get_verdict (hop), bits);

  /* Translators: verdict on a node, bits it shares with the key, milliseconds */
  return g_strdup_printf (_("%s · %s · %u\u00a0ms"), rt_hop_get_verdict (hop), bits, rt_hop_get_latency_ms (hop));
}

/**
 * rt_search_words_summary:
 * @kind: exact or nearest
 * @state: its state
 * @duration: microseconds
 * @n_hops: nodes asked
 *
 * Returns: (transfer full): one line for a list
 */
char *
rt_search_words_summary (RtSearchKind  kind,
                         RtSearchState state,
                         gint64        duration,
                         guint         n_hops)
{
  g_autofree char *time = rt_search_words_duration (duration);
  g_autofree char *hops = g_strdup_printf (ngettext ("%u node asked", "%u nodes asked", n_hops), n_hops);

  if (state == RT_SEARCH_RUNNING)
    /* Translators: exact or nearest, state of the search, nodes asked */
    return g_strdup_printf (_("%s · %s · %s"), rt_search_kind_to_string (kind),
                            rt_search_state_to_string (state), hops);

  /* Translators: exact or nearest, state of the search, how long it took, nodes asked */
  return g_strdup_printf (_("%s · %s · %s · %s"), rt_search_kind_to_string (kind),
                          rt_search_state_to_string (state), time, hops);
}
