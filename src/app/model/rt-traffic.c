/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-traffic.h"

/* The last minute, one sample a second, in a ring. */
struct _RtTraffic
{
  GObject parent_instance;

  RtTrafficSample samples[RT_TRAFFIC_SAMPLES];
  guint next;
  guint n_samples;
};

G_DEFINE_FINAL_TYPE (RtTraffic, rt_traffic, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
rt_traffic_class_init (RtTrafficClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", RT_TYPE_TRAFFIC, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
rt_traffic_init (RtTraffic *self)
{
}

RtTraffic *
rt_traffic_new (void)
{
  return g_object_new (RT_TYPE_TRAFFIC, NULL);
}

guint
rt_traffic_get_n_samples (RtTraffic *self)
{
  g_return_val_if_fail (RT_IS_TRAFFIC (self), 0);
  return self->n_samples;
}

/**
 * rt_traffic_get_sample:
 * @age: 0 is the newest
 *
 * Returns: (transfer none) (nullable): the sample, until the next change
 */
const RtTrafficSample *
rt_traffic_get_sample (RtTraffic *self, guint age)
{
  g_return_val_if_fail (RT_IS_TRAFFIC (self), NULL);
  if (age >= self->n_samples)
    return NULL;
  return &self->samples[(self->next + RT_TRAFFIC_SAMPLES - 1 - age) % RT_TRAFFIC_SAMPLES];
}

/** rt_traffic_get_maximum: the most messages in one direction in any of the seconds */
guint
rt_traffic_get_maximum (RtTraffic *self)
{
  guint maximum = 0;

  g_return_val_if_fail (RT_IS_TRAFFIC (self), 0);
  for (guint i = 0; i < self->n_samples; i++)
    {
      const RtTrafficSample *sample = rt_traffic_get_sample (self, i);

      maximum = MAX (maximum, MAX (sample->messages_in, sample->messages_out));
    }
  return maximum;
}

void
rt_traffic_add (RtTraffic *self, const RtTrafficSample *sample)
{
  g_return_if_fail (RT_IS_TRAFFIC (self));
  self->samples[self->next] = *sample;
  self->next = (self->next + 1) % RT_TRAFFIC_SAMPLES;
  self->n_samples = MIN (self->n_samples + 1, RT_TRAFFIC_SAMPLES);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
rt_traffic_clear (RtTraffic *self)
{
  g_return_if_fail (RT_IS_TRAFFIC (self));
  if (self->n_samples == 0)
    return;
  self->n_samples = 0;
  self->next = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
