/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-clock.h"

static DrtClockFunc clock_func;
static gpointer clock_data;

gint64
drt_clock_now (void)
{
  return clock_func != NULL ? clock_func (clock_data) : g_get_real_time ();
}

void
drt_clock_set (DrtClockFunc func,
               gpointer     data)
{
  clock_func = func;
  clock_data = data;
}
