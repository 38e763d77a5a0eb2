/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "mesh-node.h"

#include <net/if.h>

#define assert_ok(call) g_assert_cmphex ((guint32) (call), ==, (guint32) S_OK)

static void
status_cb (gpointer                 data,
           const DrtObservedStatus *status)
{
  MeshNode *node = data;

  node->has_status = !status->bootstrapping;
  node->status = status->status;
}

static void
entry_cb (gpointer                data,
          DrtObservedChange       change,
          const DrtObservedEntry *entry)
{
  MeshNode *node = data;

  switch (change)
    {
    case DRT_OBSERVED_ADDED:
      g_assert_true (g_hash_table_add (node->cache, g_memdup2 (&entry->key, sizeof entry->key)));
      break;
    case DRT_OBSERVED_CHANGED:
      g_assert_true (g_hash_table_contains (node->cache, &entry->key));
      break;
    case DRT_OBSERVED_REMOVED:
      g_assert_true (g_hash_table_remove (node->cache, &entry->key));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
key_cb (gpointer              data,
        DrtObservedChange     change,
        const DrtObservedKey *key)
{
  MeshNode *node = data;

  g_assert_true (drt_key_equal (&key->key, &node->key));
  if (change == DRT_OBSERVED_REMOVED)
    node->leaves = (DrtObservedKey) { 0 };
  else
    node->leaves = *key;
}

static void
event_cb (gpointer                data,
          const DrtObservedEvent *event)
{
  MeshNode *node = data;

  if (event->kind == DRT_OBSERVED_EVENT_SPLIT)
    node->n_splits[event->code]++;
}

/**
 * mesh_node_new:
 * @mode: the security mode
 * @key: (nullable): what it publishes; NULL: nothing
 * @payload: (nullable): with it
 * @bootstrap: endpoints of other nodes, ended by NULL
 *
 * Opens a node on ::1 and the default main context, on a port that was free.
 */
MeshNode *
mesh_node_new (DRT_SECURITY_MODE  mode,
               const DrtKey      *key,
               GBytes            *payload,
               const char *const *bootstrap)
{
  g_autoptr (GPtrArray) wide = g_ptr_array_new_with_free_func (g_free);
  DRT_BOOTSTRAP_PROVIDER *list;
  MeshNode *node;

  for (; *bootstrap != NULL; bootstrap++)
    g_ptr_array_add (wide, drt_wide_from_utf8 (*bootstrap));
  assert_ok (DrtCreateListBootstrapResolver (wide->len, (const PCWSTR *) wide->pdata, &list));
  node = mesh_node_new_with (mode, key, payload, list);
  node->list = list;
  return node;
}

/* With a bootstrap provider of the caller's, which outlives it. */
MeshNode *
mesh_node_new_with (DRT_SECURITY_MODE       mode,
                    const DrtKey           *key,
                    GBytes                 *payload,
                    DRT_BOOTSTRAP_PROVIDER *bootstrap)
{
  static const DrtObserver observer = { .status = status_cb, .entry = entry_cb, .key = key_cb, .event = event_cb };
  MeshNode *node = g_new0 (MeshNode, 1);
  DRT_SETTINGS settings = {
    .dwSize = sizeof settings,
    .cbKey = DRT_KEY_SIZE,
    .bProtocolMajorVersion = 0x06,
    .bProtocolMinorVersion = 0x65,
    .ulMaxRoutingAddresses = 4,
    .pwzDrtInstancePrefix = (PWSTR) L"test-mesh",
    .eSecurityMode = mode,
  };

  node->cache = g_hash_table_new_full (drt_key_hash, drt_key_equal, g_free, NULL);
  assert_ok (DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), 0, &node->port, &node->transport));
  assert_ok (DrtCreateNullSecurityProvider (&node->security));

  settings.hTransport = node->transport;
  settings.pSecurityProvider = node->security;
  settings.pBootstrapProvider = bootstrap;
  assert_ok (drt_open_in_context (&settings, NULL, NULL, NULL, &node->drt));

  if (key != NULL)
    {
      node->key = *key;
      node->payload = g_bytes_ref (payload);
      mesh_node_register (node);
    }
  assert_ok (drt_observe (node->drt, &observer, node));
  return node;
}

void
mesh_node_register (MeshNode *node)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (node->payload, &length);
  DRT_REGISTRATION registration = {
    .key = { DRT_KEY_SIZE, node->key.b },
    .appData = { length, (BYTE *) bytes },
  };

  assert_ok (DrtRegisterKey (node->drt, &registration, NULL, &node->registration));
}

void
mesh_node_unregister (MeshNode *node)
{
  DrtUnregisterKey (node->registration);
  node->registration = NULL;
}

void
mesh_node_free (MeshNode *node)
{
  drt_observe (node->drt, NULL, NULL);
  DrtClose (node->drt);
  assert_ok (DrtDeleteIpv6UdpTransport (node->transport));
  DrtDeleteListBootstrapResolver (node->list);
  DrtDeleteNullSecurityProvider (node->security);
  g_clear_pointer (&node->payload, g_bytes_unref);
  g_hash_table_unref (node->cache);
  g_free (node);
}
