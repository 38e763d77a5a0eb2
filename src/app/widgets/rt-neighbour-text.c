/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-neighbour-text.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/**
 * rt_text_round_trip:
 * @round_trip: µs, below 0 unknown
 *
 * Returns: (transfer full): it in milliseconds
 */
char *
rt_text_round_trip (gint64 round_trip)
{
  if (round_trip < 0)
    return g_strdup (RT_TEXT_UNKNOWN);

  /* Translators: milliseconds */
  return g_strdup_printf (_("%.1f ms"), round_trip / 1000.0);
}

/**
 * rt_text_span:
 * @span: µs, below 0 unknown
 *
 * Returns: (transfer full): how long, such as "4 s", "12 min", "3 h"
 */
char *
rt_text_span (gint64 span)
{
  if (span < 0)
    return g_strdup (RT_TEXT_UNKNOWN);
  if (span < MINUTE)
    return g_strdup_printf (_("%d s"), (int) (span / SECOND));
  if (span < HOUR)
    return g_strdup_printf (_("%d min"), (int) (span / MINUTE));
  if (span < DAY)
    return g_strdup_printf (_("%d h"), (int) (span / HOUR));
  return g_strdup_printf (ngettext ("%d day", "%d days", span / DAY), (int) (span / DAY));
}

/**
 * rt_text_ago:
 * @span: µs since then, below 0 unknown
 *
 * Returns: (transfer full): when, such as "4 s ago"
 */
char *
rt_text_ago (gint64 span)
{
  if (span < 0)
    return g_strdup (RT_TEXT_UNKNOWN);
  if (span < SECOND)
    return g_strdup (_("now"));
  if (span < MINUTE)
    return g_strdup_printf (_("%d s ago"), (int) (span / SECOND));
  if (span < HOUR)
    return g_strdup_printf (_("%d min ago"), (int) (span / MINUTE));
  if (span < DAY)
    return g_strdup_printf (_("%d h ago"), (int) (span / HOUR));
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", span / DAY), (int) (span / DAY));
}

/**
 * rt_text_shorten_key:
 * @key_text: (nullable): 64 hexadecimal digits
 *
 * Returns: (transfer full): the key cut in the middle; what is no key as it is
 */
char *
rt_text_shorten_key (const char *key_text)
{
  DrtKey key;

  if (key_text == NULL || *key_text == '\0')
    return g_strdup (RT_TEXT_UNKNOWN);
  return drt_key_parse (key_text, &key) ? rt_key_shorten (&key) : g_strdup (key_text);
}

/**
 * rt_neighbour_state_icon:
 * @state: a state
 *
 * Returns: the name of its icon; each state has a shape of its own
 */
const char *
rt_neighbour_state_icon (RtNeighbourState state)
{
  switch (state)
    {
    case RT_NEIGHBOUR_FRESH:
      return "object-select-symbolic";
    case RT_NEIGHBOUR_QUIET:
      return "content-loading-symbolic";
    case RT_NEIGHBOUR_STALE:
    default:
      return "action-unavailable-symbolic";
    }
}

/**
 * rt_neighbour_state_style:
 * @state: a state
 *
 * Returns: the style class that colours its icon
 */
const char *
rt_neighbour_state_style (RtNeighbourState state)
{
  switch (state)
    {
    case RT_NEIGHBOUR_FRESH:
      return "success";
    case RT_NEIGHBOUR_QUIET:
      return "warning";
    case RT_NEIGHBOUR_STALE:
    default:
      return "dimmed";
    }
}

/**
 * rt_neighbour_to_row:
 * @neighbour: a neighbour
 *
 * Returns: (transfer full): its facts in the order of the table, separated by
 *   tabs as spreadsheets expect them
 */
char *
rt_neighbour_to_row (RtNeighbour *neighbour)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree char *round_trip = rt_text_round_trip (rt_neighbour_get_round_trip (neighbour));
  g_autofree char *heard = rt_text_ago (now - rt_neighbour_get_last_heard (neighbour));
  g_autofree char *age = rt_text_span (now - rt_neighbour_get_added (neighbour));

  return g_strdup_printf ("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%u\t%u\t%s",
                          rt_neighbour_get_key_text (neighbour),
                          rt_neighbour_get_address (neighbour),
                          rt_neighbour_get_role (neighbour),
                          rt_neighbour_state_to_string (rt_neighbour_get_state (neighbour)),
                          round_trip, heard, age,
                          rt_neighbour_get_learned_from (neighbour),
                          rt_neighbour_get_nearness (neighbour),
                          rt_neighbour_get_level (neighbour),
                          rt_neighbour_get_protocol_version (neighbour));
}

/**
 * rt_neighbour_to_sentence:
 * @neighbour: a neighbour
 *
 * Returns: (transfer full): who it is, for a screen reader
 */
char *
rt_neighbour_to_sentence (RtNeighbour *neighbour)
{
  const char *key = rt_neighbour_get_key_short (neighbour);
  const char *state = rt_neighbour_state_to_string (rt_neighbour_get_state (neighbour));
  int position = rt_neighbour_get_leaf_position (neighbour);
  g_autofree char *of = NULL;

  if (position == 0)
    /* Translators: a neighbour: key, state */
    return g_strdup_printf (_("Key %s, cache entry, %s"), key, state);

  of = rt_text_shorten_key (rt_neighbour_get_leaf_of (neighbour));
  /* Translators: a neighbour: key, place in the leaf set (-5 to +5), key whose leaf it is, state */
  return g_strdup_printf (_("Key %s, leaf %+d of %s, %s"), key, position, of, state);
}

/**
 * rt_registration_to_sentence:
 * @registration: a key of ours
 *
 * Returns: (transfer full): which it is, for a screen reader
 */
char *
rt_registration_to_sentence (RtRegistration *registration)
{
  const char *name = rt_registration_get_name (registration);
  const char *key = rt_registration_get_key_short (registration);
  const char *state = rt_registration_state_to_string (rt_registration_get_state (registration));

  if (name != NULL && *name != '\0')
    /* Translators: a registered key: key, name given by the user, state */
    return g_strdup_printf (_("Your key %s, %s, %s"), key, name, state);
  /* Translators: a registered key: key, state */
  return g_strdup_printf (_("Your key %s, %s"), key, state);
}
