/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-ring.h"

#include "drt-node-private.h"

typedef struct
{
  const DrtLocalKey *local;
  LabNode *node;
} Seat;

static gint
compare_seats (gconstpointer a,
               gconstpointer b)
{
  return drt_key_compare (&((const Seat *) a)->local->key, &((const Seat *) b)->local->key);
}

/* All keys of the living, ascending. */
static GArray *
list_seats (LabMesh *mesh)
{
  GArray *seats = g_array_sized_new (FALSE, FALSE, sizeof (Seat), mesh->living->len);

  for (guint i = 0; i < mesh->living->len; i++)
    {
      LabNode *node = g_ptr_array_index (mesh->living, i);

      for (guint j = 0; j < node->core->keys->len; j++)
        {
          Seat seat = { drt_keys_get (node->core, j), node };

          g_array_append_val (seats, seat);
        }
    }
  g_array_sort (seats, compare_seats);
  return seats;
}

/* @leaves are the @wanted seats that follow the one at @place, going by @step; not
 * those of the same node, and one that is too young may be left out. */
static gboolean
side_is_right (const GArray *seats,
               guint         place,
               int           step,
               const DrtKey *leaves,
               guint         n_leaves,
               guint         wanted,
               gint64        young)
{
  const LabNode *node = g_array_index (seats, Seat, place).node;
  guint n = seats->len, found = 0;

  for (guint i = 1; i < n && found < wanted; i++)
    {
      const Seat *seat = &g_array_index (seats, Seat, step > 0 ? (place + i) % n : (place + n - i) % n);

      if (seat->node == node)
        continue;
      if (found < n_leaves && drt_key_equal (&leaves[found], &seat->local->key))
        found++;
      else if (seat->node->born <= young)
        return FALSE;
    }
  return n_leaves == found;
}

static gboolean
sides_are_right (const GArray *seats,
                 guint         place,
                 guint         depth,
                 gint64        young)
{
  const Seat *seat = &g_array_index (seats, Seat, place);
  const DrtLeafSet *leaves = &seat->local->leaves;
  guint others = seats->len - seat->node->core->keys->len;
  guint above = MIN (depth, (others + 1) / 2);
  guint below = MIN (depth, others / 2);

  return side_is_right (seats, place, 1, leaves->above, MIN (leaves->n_above, depth), above, young) &&
         side_is_right (seats, place, -1, leaves->below, MIN (leaves->n_below, depth), below, young);
}

/**
 * lab_ring_measure:
 * @mesh: a mesh
 * @age: microseconds
 * @ring: (out): how it stands
 *
 * Compares every leaf set with the living, in one pass over the sorted keys.
 */
void
lab_ring_measure (LabMesh *mesh,
                  gint64   age,
                  LabRing *ring)
{
  g_autoptr (GArray) seats = list_seats (mesh);
  gint64 young = mesh->now - age;

  *ring = (LabRing) { 0 };
  for (guint i = 0; i < seats->len; i++)
    {
      if (g_array_index (seats, Seat, i).node->born > young)
        continue;
      ring->n_keys++;
      ring->n_right += sides_are_right (seats, i, DRT_LEAF_SET_SIDE, young);
      ring->n_joined += sides_are_right (seats, i, 1, young);
    }
}

gboolean
lab_ring_await (LabMesh *mesh,
                gint64   interval,
                gint64   limit)
{
  gint64 end = mesh->now + limit;
  LabRing ring;

  for (;;)
    {
      lab_ring_measure (mesh, 0, &ring);
      if (ring.n_right == ring.n_keys)
        return TRUE;
      if (mesh->now >= end || !lab_mesh_run_until (mesh, MIN (mesh->now + interval, end)))
        return FALSE;
    }
}
