/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "mesh-node.h"
#include "mesh-search.h"

/*
 * Two meshes of real nodes on [::1] whose bootstrap providers come to name one
 * another's nodes: through drt.h alone they become one.
 */

#define N_NODES  8            /* the even ones are one mesh, the odd ones the other */
#define DEADLINE 240          /* seconds; mostly a dozen are enough */

/* --- A provider whose answer changes --- */

typedef struct
{
  DRT_BOOTSTRAP_PROVIDER table;
  GArray *ports;              /* of guint16: where the nodes are that it names */
  gboolean resolving;
  guint n_resolves;
  guint n_split_resolves;
} Provider;

static HRESULT
attach (const PVOID context)
{
  return S_OK;
}

static void
detach (const PVOID context)
{
}

static HRESULT
init_resolve (const PVOID context, BOOL split, ULONG timeout, ULONG max_results,
              DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve, BOOL *fatal)
{
  Provider *self = context;

  g_assert_false (self->resolving);
  self->resolving = TRUE;
  self->n_resolves++;
  self->n_split_resolves += split != FALSE;
  *resolve = self;
  return S_OK;
}

static HRESULT
issue_resolve (const PVOID context, const PVOID callback_context, DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
               DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve, BOOL *fatal)
{
  Provider *self = context;

  g_assert_true (self->resolving && resolve == self);
  for (guint i = 0; i < self->ports->len; i++)
    {
      SOCKADDR_IN6 address = {
        .sin6_family = AF_INET6,
        .sin6_addr = in6addr_loopback,
        .sin6_port = g_htons (g_array_index (self->ports, guint16, i)),
      };
      SOCKET_ADDRESS_LIST list = { .iAddressCount = 1, .Address = { { (SOCKADDR *) &address, sizeof address } } };

      callback (S_OK, callback_context, &list, FALSE);
    }
  callback (DRT_E_NO_MORE, callback_context, NULL, FALSE);
  return S_OK;
}

static void
end_resolve (const PVOID context, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve)
{
  Provider *self = context;

  g_assert_true (self->resolving && resolve == self);
  self->resolving = FALSE;
}

static HRESULT
publish (const PVOID context, const SOCKET_ADDRESS_LIST *addresses)
{
  return S_OK;
}

static void
provider_init (Provider *self)
{
  self->table = (DRT_BOOTSTRAP_PROVIDER) {
    self, attach, detach, init_resolve, issue_resolve, end_resolve, publish, detach,
  };
  self->ports = g_array_new (FALSE, FALSE, sizeof (guint16));
}

/* --- The meshes --- */

static Provider providers[N_NODES];
static MeshNode *nodes[N_NODES];

static gboolean
deadline_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
wait_for (gboolean (*condition) (void))
{
  gboolean passed = FALSE;
  guint source = g_timeout_add_seconds (DEADLINE, deadline_cb, &passed);

  while (!passed && !condition ())
    g_main_context_iteration (NULL, TRUE);
  if (!passed)
    g_source_remove (source);
  return condition ();
}

static gboolean
all_have (guint n_leaves)
{
  for (guint i = 0; i < N_NODES; i++)
    if (nodes[i]->leaves.n_below + nodes[i]->leaves.n_above != n_leaves)
      return FALSE;
  return TRUE;
}

static gboolean
meshes_are_two (void)
{
  return all_have (N_NODES / 2 - 1);
}

static gboolean
mesh_is_one (void)
{
  return all_have (N_NODES - 1);
}

static guint
sum_splits (DrtObservedSplit part)
{
  guint sum = 0;

  for (guint i = 0; i < N_NODES; i++)
    sum += nodes[i]->n_splits[part];
  return sum;
}

static gboolean
is_told_split (void)
{
  return sum_splits (DRT_OBSERVED_SPLIT_SMALLER_PART) + sum_splits (DRT_OBSERVED_SPLIT_LARGER_PART) > 0;
}

static gboolean
is_told_merged (void)
{
  return sum_splits (DRT_OBSERVED_SPLIT_MERGED) > 0;
}

static void
assert_found (MeshNode *from,
              MeshNode *to)
{
  g_autoptr (MeshSearch) search = mesh_search_new (from, &to->key, FALSE);

  while (!search->ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (search->n_results, ==, 1);
  g_assert_true (g_bytes_equal (search->payload, to->payload));
}

static void
test_merge (gconstpointer data)
{
  DRT_SECURITY_MODE mode = (DRT_SECURITY_MODE) GPOINTER_TO_INT (data);
  gint64 begin;
  guint n_split = 0;

  for (guint i = 0; i < N_NODES; i++)
    {
      g_autofree char *text = g_strdup_printf ("node %u", i);
      g_autoptr (GBytes) payload = g_bytes_new (text, strlen (text));
      DrtKey key;

      drt_key_from_text (&key, text);
      provider_init (&providers[i]);
      if (i >= 2)
        g_array_append_val (providers[i].ports, nodes[i % 2]->port);
      nodes[i] = mesh_node_new_with (mode, &key, payload, &providers[i].table);
    }
  g_assert_true (wait_for (meshes_are_two));
  for (guint i = 0; i < N_NODES; i++)
    g_assert_cmpuint (providers[i].n_resolves, >, providers[i].n_split_resolves);

  for (guint i = 0; i < N_NODES; i++)
    for (guint j = 0; j < 2; j++)
      g_array_append_val (providers[i].ports, nodes[j]->port);
  begin = g_get_monotonic_time ();
  g_assert_true (wait_for (mesh_is_one));
  g_test_message ("one mesh after %.1f s", (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC);

  for (guint i = 0; i < N_NODES; i++)
    n_split += providers[i].n_split_resolves;
  g_assert_cmpuint (n_split, >, 0);
  g_assert_true (wait_for (is_told_split));
  for (guint i = 0; i < N_NODES; i++)
    for (guint j = 0; j < N_NODES; j++)
      if (i != j)
        assert_found (nodes[i], nodes[j]);
  g_assert_true (wait_for (is_told_merged));

  for (guint i = 0; i < N_NODES; i++)
    {
      mesh_node_free (nodes[i]);
      g_assert_false (providers[i].resolving);
      g_array_unref (providers[i].ports);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/mesh/split", GINT_TO_POINTER (DRT_SECURE_RESOLVE), test_merge);
  return g_test_run ();
}
