/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-network.h"

#include <math.h>
#include <string.h>

static const gsize class_sizes[] = { 192, 512, 2048, 65536 };

static const LabDelay default_delay = {
  .median = 30 * 1000,
  .sigma = 0.5,
  .minimum = 1000,
  .maximum = 5000,
};

void
lab_network_init (LabNetwork *network,
                  GRand      *random)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (class_sizes) == G_N_ELEMENTS (network->free));

  *network = (LabNetwork) { .random = random, .heap = g_ptr_array_new () };
  network->salt = g_rand_int (random);
  lab_network_set_delay (network, &default_delay);
}

void
lab_network_clear (LabNetwork *network)
{
  for (guint i = 0; i < network->heap->len; i++)
    g_free (g_ptr_array_index (network->heap, i));
  g_ptr_array_unref (network->heap);
  for (guint i = 0; i < G_N_ELEMENTS (network->free); i++)
    while (network->free[i] != NULL)
      {
        LabPacket *packet = network->free[i];

        network->free[i] = packet->next_free;
        g_free (packet);
      }
}

/* The inverse of the logistic distribution stands in for the normal one's; the
 * tails differ, and a table of quantiles cuts those off anyway. */
static double
quantile (double probability)
{
  return log (probability / (1 - probability)) * sqrt (3) / G_PI;
}

void
lab_network_set_delay (LabNetwork     *network,
                       const LabDelay *delay)
{
  network->delay = *delay;
  for (guint i = 0; i < LAB_N_DELAYS; i++)
    network->delays[i] = (gint64) (delay->median * exp (delay->sigma * quantile ((i + 0.5) / LAB_N_DELAYS)));
}

gboolean
lab_network_loses (LabNetwork *network,
                   gboolean    same_side)
{
  if ((network->cut && !same_side) ||
      (network->loss > 0 && g_rand_double (network->random) < network->loss))
    {
      network->traffic.lost++;
      return TRUE;
    }
  return FALSE;
}

gint64
lab_network_get_delay (LabNetwork *network,
                       guint       from,
                       guint       to)
{
  const LabDelay *delay = &network->delay;
  gint64 time = delay->minimum;

  if (delay->median > 0)
    {
      guint64 pair = ((guint64) MIN (from, to) << 32 | MAX (from, to)) ^ network->salt;

      pair *= G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
      pair ^= pair >> 29;
      pair *= G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
      time += network->delays[pair >> 56];
    }
  if (delay->maximum > delay->minimum)
    time += g_rand_int_range (network->random, 0, (gint32) (delay->maximum - delay->minimum) + 1);
  return time;
}

/* --- Packets --- */

static LabPacket *
new_packet (LabNetwork *network,
            gsize       length)
{
  guint size_class = 0;
  LabPacket *packet;

  while (class_sizes[size_class] < length)
    size_class++;
  g_assert (size_class < G_N_ELEMENTS (class_sizes));
  packet = network->free[size_class];
  if (packet != NULL)
    network->free[size_class] = packet->next_free;
  else
    packet = g_malloc (sizeof (LabPacket) + class_sizes[size_class]);
  packet->size_class = (guint8) size_class;
  return packet;
}

void
lab_network_give_back (LabNetwork *network,
                       LabPacket  *packet)
{
  packet->next_free = network->free[packet->size_class];
  network->free[packet->size_class] = packet;
}

static inline gboolean
is_before (const LabPacket *a,
           const LabPacket *b)
{
  return a->arrival < b->arrival || (a->arrival == b->arrival && a->order < b->order);
}

void
lab_network_send (LabNetwork        *network,
                  gint64             arrival,
                  const DrtEndpoint *from,
                  guint              to,
                  const guint8      *bytes,
                  gsize              length)
{
  LabPacket *packet = new_packet (network, length);
  gpointer *heap;
  guint place = network->heap->len;

  packet->arrival = arrival;
  packet->order = network->traffic.sent;
  packet->from = *from;
  packet->to = to;
  packet->length = (guint16) length;
  memcpy (packet->bytes, bytes, length);

  g_ptr_array_add (network->heap, packet);
  heap = network->heap->pdata;
  for (; place > 0 && is_before (packet, heap[(place - 1) / 2]); place = (place - 1) / 2)
    heap[place] = heap[(place - 1) / 2];
  heap[place] = packet;
}

gint64
lab_network_get_next (const LabNetwork *network)
{
  return network->heap->len > 0 ? ((LabPacket *) g_ptr_array_index (network->heap, 0))->arrival : G_MAXINT64;
}

/**
 * lab_network_take:
 * @network: a network with a packet on its way
 *
 * Returns: the packet that arrives next, for lab_network_give_back()
 */
LabPacket *
lab_network_take (LabNetwork *network)
{
  gpointer *heap = network->heap->pdata;
  LabPacket *first = heap[0];
  LabPacket *last = heap[network->heap->len - 1];
  guint size = network->heap->len - 1;
  guint place = 0;

  g_ptr_array_set_size (network->heap, (gint) size);
  for (guint child = 1; child < size; child = 2 * place + 1)
    {
      if (child + 1 < size && is_before (heap[child + 1], heap[child]))
        child++;
      if (!is_before (heap[child], last))
        break;
      heap[place] = heap[child];
      place = child;
    }
  if (size > 0)
    heap[place] = last;
  return first;
}
