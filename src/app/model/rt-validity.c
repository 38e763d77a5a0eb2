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

/** rt_validity_describe: (transfer full): until when it is good, or since when it is not any more */
char *
rt_validity_describe (gint64 not_after, gint64 now)
{
  g_autofree char *date = rt_validity_date (not_after);
  gulong days = (gulong) (ABS (not_after - now) / DAY);

  if (now > not_after && days == 0)
    return g_strdup (_("Expired today"));
  if (now > not_after)
    /* Translators: a date, and how many days ago that was */
    return g_strdup_printf (ngettext ("Expired on %s, %lu day ago", "Expired on %s, %lu days ago", days), date, days);
  if (days == 0)
    return g_strdup (_("Expires today"));
  /* Nobody counts so many. */
  if (days >= 1000)
    return g_strdup_printf (_("Valid until %s"), date);
  /* Translators: a date, and in how many days that is */
  return g_strdup_printf (ngettext ("Valid until %s, %lu day", "Valid until %s, %lu days", days), date, days);
}
