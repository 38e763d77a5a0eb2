/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-ring.h"

#include "drt-node-private.h"

typedef struct
{
  DrtKey key;
  LabNode *node;
} Seat;

static gint
compare_seats (gconstpointer a,
               gconstpointer b)
{
  return drt_key_compare (&((const Seat *) a)->key, &((const Seat *) b)->key);
}

static GArray *
list_seats (LabMesh *mesh)
{
  GArray *seats = g_array_sized_new (FALSE, FALSE, sizeof (Seat), mesh->living->len);

  for (guint i = 0; i < mesh->living->len; i++)
    {
      LabNode *node = g_ptr_array_index (mesh->living, i);
      Seat seat = { node->key, node };

      if (node->has_key)
        g_array_append_val (seats, seat);
    }
  g_array_sort (seats, compare_seats);
  return seats;
}

/* @leaves are the @wanted seats from @first on, going by @step; a seat that is too
 * young may be left out. */
static gboolean
side_is_right (const GArray *seats,
               guint         first,
               int           step,
               const DrtKey *leaves,
               guint         n_leaves,
               guint         wanted,
               gint64        young)
{
  guint n = seats->len, found = 0;

  for (guint i = 0; i < n - 1 && found < wanted; i++)
    {
      guint place = step > 0 ? (first + 1 + i) % n : (first + n - 1 - i) % n;
      const Seat *seat = &g_array_index (seats, Seat, place);

      if (found < n_leaves && drt_key_equal (&leaves[found], &seat->key))
        found++;
      else if (seat->node->born <= young)
        return FALSE;
    }
  return n_leaves == found;
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
  guint others = MAX (seats->len, 1) - 1;
  guint above = MIN (DRT_LEAF_SET_SIDE, (others + 1) / 2);
  guint below = MIN (DRT_LEAF_SET_SIDE, others / 2);
  gint64 young = mesh->now - age;

  *ring = (LabRing) { 0 };
  for (guint i = 0; i < seats->len; i++)
    {
      const Seat *seat = &g_array_index (seats, Seat, i);
      const DrtLocalKey *local;
      const DrtLeafSet *leaves;

      if (seat->node->born > young)
        continue;
      ring->n_keys++;
      local = drt_keys_find (seat->node->core, &seat->key);
      if (local == NULL)
        continue;
      leaves = &local->leaves;
      ring->n_right += side_is_right (seats, i, 1, leaves->above, leaves->n_above, above, young) &&
                       side_is_right (seats, i, -1, leaves->below, leaves->n_below, below, young);
      ring->n_joined += side_is_right (seats, i, 1, leaves->above, MIN (leaves->n_above, 1), MIN (above, 1), young) &&
                        side_is_right (seats, i, -1, leaves->below, MIN (leaves->n_below, 1), MIN (below, 1), young);
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
