/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "mesh-search.h"

#include <string.h>

#define TIMEOUT 20000   /* ms: of a search, far more than one needs */

static void
take_result (MeshSearch *search,
             ULONG       size)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;

  g_assert_cmpuint (size, >=, sizeof (DRT_SEARCH_RESULT));
  result = g_malloc0 (size);
  g_assert_cmphex ((guint32) DrtGetSearchResult (search->context, size, result), ==, (guint32) S_OK);
  g_assert_cmpuint (result->dwSize, ==, sizeof (DRT_SEARCH_RESULT));
  g_assert_true (result->pvContext == search);
  g_assert_cmpuint (result->registration.key.cb, ==, DRT_KEY_SIZE);

  search->n_results++;
  search->type = result->type;
  drt_key_from_bytes (&search->key, result->registration.key.pb);
  g_clear_pointer (&search->payload, g_bytes_unref);
  search->payload = g_bytes_new (result->registration.appData.pb, result->registration.appData.cb);
}

static void
take_path (MeshSearch *search)
{
  g_autofree DRT_ADDRESS_LIST *path = NULL;
  ULONG size = 0;

  g_assert_cmphex ((guint32) DrtGetSearchPathSize (search->context, &size), ==, (guint32) S_OK);
  g_assert_cmpuint (size, >=, G_STRUCT_OFFSET (DRT_ADDRESS_LIST, AddressList));
  path = g_malloc0 (size);
  g_assert_cmphex ((guint32) DrtGetSearchPath (search->context, size, path), ==, (guint32) S_OK);
  search->n_asked = path->AddressCount;
  for (guint i = 0; i < path->AddressCount; i++)
    {
      DrtEndpoint endpoint;

      g_assert_true (drt_endpoint_from_sockaddr (&endpoint, (const struct sockaddr *) &path->AddressList[i].socketAddress,
                                                 sizeof path->AddressList[i].socketAddress));
      g_assert_true (IN6_IS_ADDR_LOOPBACK (&endpoint.address));
      g_assert_cmpuint (endpoint.port, !=, search->node->port);
      g_assert_cmpint (path->AddressList[i].nearness, >=, 0);
      g_assert_cmpint (path->AddressList[i].nearness, <=, DRT_KEY_BITS);
    }
}

static gboolean
event_cb (gpointer data)
{
  MeshSearch *search = data;
  ULONG size;
  HRESULT hr;

  while ((hr = DrtGetSearchResultSize (search->context, &size)) == S_OK)
    take_result (search, size);
  if (hr == DRT_E_SEARCH_IN_PROGRESS)
    return G_SOURCE_CONTINUE;

  search->ended = TRUE;
  search->end = hr;
  take_path (search);
  return G_SOURCE_REMOVE;
}

/**
 * mesh_search_new:
 *
 * Starts a search at @node; it is over when @ended is set.
 */
MeshSearch *
mesh_search_new (MeshNode     *node,
                 const DrtKey *target,
                 gboolean      nearest)
{
  MeshSearch *search = g_new0 (MeshSearch, 1);
  BYTE lowest[DRT_KEY_SIZE] = { 0 };
  BYTE highest[DRT_KEY_SIZE];
  DRT_DATA minimum = { DRT_KEY_SIZE, lowest };
  DRT_DATA maximum = { DRT_KEY_SIZE, highest };
  DRT_DATA key = { DRT_KEY_SIZE, search->target.b };
  const DRT_SEARCH_INFO info = {
    .dwSize = sizeof info,
    .cMaxEndpoints = 1,
    .pMaximumKey = &maximum,
    .pMinimumKey = &minimum,
  };

  memset (highest, 0xFF, sizeof highest);
  search->node = node;
  search->target = *target;
  search->nearest = nearest;
  search->event = drt_event_new ();
  search->source = drt_event_source_new (search->event);
  g_source_set_callback (search->source, event_cb, search, NULL);
  g_source_attach (search->source, NULL);
  g_assert_cmphex ((guint32) DrtStartSearch (node->drt, &key, nearest ? &info : NULL, TIMEOUT, search->event, search,
                                             &search->context),
                   ==, (guint32) S_OK);
  return search;
}

void
mesh_search_free (MeshSearch *search)
{
  g_source_destroy (search->source);
  g_source_unref (search->source);
  DrtEndSearch (search->context);
  drt_event_free (search->event);
  g_clear_pointer (&search->payload, g_bytes_unref);
  g_free (search);
}
