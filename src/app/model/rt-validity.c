/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-validity.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60)

/** rt_validity_date: (transfer full): "3 March 2027" */
char *
rt_validity_date (gint64 time)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_local (time);

  if (date == NULL)
    return g_strdup ("–");
  /* Translators: a date of a certificate, for g_date_time_format(): 3 March 2027 */
  return g_date_time_format (date, _("%-d %B %Y"));
}

static char *
span_to_words (gint64 seconds)
{
  guint64 days = (guint64) seconds / DAY;

  if (days >= 2 * 365)
    return g_strdup_printf (ngettext ("%u year", "%u years", days / 365), (guint) (days / 365));
  if (days >= 2 * 30)
    return g_strdup_printf (ngettext ("%u month", "%u months", days / 30), (guint) (days / 30));
  if (days >= 1)
    return g_strdup_printf (ngettext ("%u day", "%u days", days), (guint) days);
  if (seconds >= 3600)
    return g_strdup_printf (ngettext ("%u hour", "%u hours", (gulong) seconds / 3600), (guint) (seconds / 3600));
  return g_strdup_printf (ngettext ("%u minute", "%u minutes", (gulong) seconds / 60), (guint) (seconds / 60));
}

/** rt_validity_moment: (transfer full): "3 March 2027, in 3 months" */
char *
rt_validity_moment (gint64 time, gint64 now)
{
  g_autofree char *day = rt_validity_date (time);
  g_autofree char *span = span_to_words (ABS (time - now));

  if (time < now)
    /* Translators: a date, and how long ago: “3 March 2026, 8 months ago” */
    return g_strdup_printf (_("%s, %s ago"), day, span);
  /* Translators: a date, and when that is: “3 March 2027, in 3 months” */
  return g_strdup_printf (_("%s, in %s"), day, span);
}

/** rt_validity_describe: (transfer full): until when it is good, or since when it is not any more */
char *
rt_validity_describe (gint64 not_after, gint64 now)
{
  g_autofree char *until = rt_validity_moment (not_after, now);

  if (not_after < now)
    return g_strdup_printf (_("Expired on %s"), until);
  return g_strdup_printf (_("Valid until %s"), until);
}
