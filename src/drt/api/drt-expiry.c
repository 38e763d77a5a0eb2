/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-clock.h"
#include "drt-derived-key.h"
#include "drt-instance.h"

/* A key is worth as much as its certificate, which has an end.  That is a time of day,
 * while the main context waits by a clock that stands still while the host sleeps: so the
 * time of day is looked at in every turn, and not only when its hour should have come. */

#define DAY          (G_TIME_SPAN_DAY)
#define DAYS_BEFORE  30                        /* warnings begin */
#define LOOK_AGAIN   (60 * G_USEC_PER_SEC)     /* at the latest */

/* Times of day, in microseconds. */
typedef struct
{
  DrtKey key;
  gint64 end;
  gint64 next;      /* when there is something to tell */
} DrtExpiry;

static void
tell (DrtInstance *self,
      DrtExpiry   *expiry,
      gint64       today)
{
  gint64 left = expiry->end - today;
  gint64 days = left > 0 ? (left + DAY - 1) / DAY : 0;

  expiry->next = days > 0 ? expiry->end - (MIN (days, DAYS_BEFORE + 1) - 1) * DAY : G_MAXINT64;
  if (days <= DAYS_BEFORE)
    drt_node_key_expires (self->node, g_get_monotonic_time (), &expiry->key, (guint) days);
}

/* A registered key is known to the core. */
void
drt_expiry_watch (DrtInstance  *self,
                  const DrtKey *key,
                  gpointer      key_context)
{
  gint64 seconds = drt_security_provider_get_expiry (self->security, key_context);
  DrtExpiry expiry = { .key = *key };

  if (seconds >= G_MAXINT64 / G_USEC_PER_SEC)
    return;
  expiry.end = seconds * G_USEC_PER_SEC;
  g_array_append_val (self->expiries, expiry);
  tell (self, &g_array_index (self->expiries, DrtExpiry, self->expiries->len - 1), drt_clock_now ());
}

void
drt_expiry_forget (DrtInstance  *self,
                   const DrtKey *key)
{
  for (guint i = self->expiries->len; i > 0; i--)
    if (drt_key_equal (&g_array_index (self->expiries, DrtExpiry, i - 1).key, key))
      g_array_remove_index_fast (self->expiries, i - 1);
}

/* After its end there is nothing more to tell, unless the clock has been set back to before that. */
static gboolean
is_due (const DrtExpiry *expiry,
        gint64           today)
{
  return expiry->next <= today || (expiry->next == G_MAXINT64 && today < expiry->end);
}

/* What is due by now. */
void
drt_expiry_check (DrtInstance *self)
{
  gint64 today = self->expiries->len > 0 ? drt_clock_now () : 0;

  for (guint i = 0; i < self->expiries->len; i++)
    if (is_due (&g_array_index (self->expiries, DrtExpiry, i), today))
      tell (self, &g_array_index (self->expiries, DrtExpiry, i), today);
}

/* Monotonic; G_MAXINT64: never. */
gint64
drt_expiry_deadline (DrtInstance *self)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->expiries->len; i++)
    next = MIN (next, g_array_index (self->expiries, DrtExpiry, i).next);
  if (next == G_MAXINT64)
    return next;
  return g_get_monotonic_time () + CLAMP (next - drt_clock_now (), 0, LOOK_AGAIN);
}

GArray *
drt_expiry_list_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (DrtExpiry));
}
