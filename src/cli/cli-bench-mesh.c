/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-bench-mesh.h"

#include <net/if.h>
#include <string.h>

#include "drt-certificate.h"

#define SEARCH_TIME  2000     /* milliseconds */
#define JOIN_TIME    (2 * G_USEC_PER_SEC)   /* of one node; the first stays alone until there is another */
#define N_BOOTSTRAP  3
#define SEED         1        /* who searches for whom; no secret */

/* Each has a thread and a main context of its own, as it has a process elsewhere:
 * many nodes in one context would cost more with each of them. */
typedef struct
{
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  HDRT_TRANSPORT transport;
  DRT_SECURITY_PROVIDER *security;
  DRT_BOOTSTRAP_PROVIDER *bootstrap;
  HDRT drt;
  guint16 port;
  DrtKey key;
} BenchNode;

struct _CliBenchMesh
{
  const CliBenchCertificates *certificates;
  DRT_SECURITY_MODE mode;
  guint n_nodes;
  BenchNode *nodes;
  GRand *random;
  HANDLE event;             /* of the search under way */
};

/* --- Certificates and providers --- */

gboolean
cli_bench_certificates_make (CliBenchCertificates    *certificates,
                             const CliBenchProvider  *provider,
                             guint                    n_members,
                             GError                 **error)
{
  DrtCertificateRequest request = { .name = "Benchmark", .algorithm = provider->algorithm };

  *certificates = (CliBenchCertificates) { .provider = provider };
  certificates->members = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_certificate_unref);
  if (provider->profile == DRT_PROFILE_NONE)
    return TRUE;

  certificates->authority = drt_certificate_new_authority (&request, error);
  for (guint i = 0; certificates->authority != NULL && i < n_members; i++)
    {
      g_autofree char *name = g_strdup_printf ("Member %u", i + 1);
      PCCERT_CONTEXT member;

      request.name = name;
      member = drt_certificate_issue (certificates->authority, &request, error);
      if (member == NULL)
        return FALSE;
      g_ptr_array_add (certificates->members, (gpointer) member);
    }
  return certificates->authority != NULL;
}

void
cli_bench_certificates_clear (CliBenchCertificates *certificates)
{
  g_clear_pointer (&certificates->members, g_ptr_array_unref);
  g_clear_pointer (&certificates->authority, drt_certificate_unref);
}

HRESULT
cli_bench_provider_new (const CliBenchCertificates *certificates,
                        guint                       member,
                        DRT_SECURITY_PROVIDER     **provider)
{
  if (certificates->provider->profile == DRT_PROFILE_NONE)
    return DrtCreateNullSecurityProvider (provider);
  return drt_derived_key_provider_new (certificates->authority, certificates->members->pdata[member],
                                       certificates->provider->profile, NULL, provider);
}

void
cli_bench_provider_free (const CliBenchProvider *kind,
                         DRT_SECURITY_PROVIDER  *provider)
{
  if (kind->profile == DRT_PROFILE_NONE)
    DrtDeleteNullSecurityProvider (provider);
  else
    DrtDeleteDerivedKeySecurityProvider (provider);
}

/* --- Nodes --- */

static HRESULT
make_bootstrap (CliBenchMesh *mesh,
                guint         index)
{
  g_autoptr (GPtrArray) endpoints = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < MIN (N_BOOTSTRAP, index); i++)
    {
      const BenchNode *other = &mesh->nodes[g_rand_int_range (mesh->random, 0, index)];
      g_autofree char *text = g_strdup_printf ("[::1]:%u", other->port);

      g_ptr_array_add (endpoints, drt_wide_from_utf8 (text));
    }
  return DrtCreateListBootstrapResolver (endpoints->len, (const PCWSTR *) endpoints->pdata,
                                         &mesh->nodes[index].bootstrap);
}

static HRESULT
open_drt (CliBenchMesh *mesh,
          BenchNode    *node)
{
  DRT_SETTINGS settings = {
    .dwSize = sizeof settings,
    .cbKey = DRT_KEY_SIZE,
    .bProtocolMajorVersion = 1,
    .ulMaxRoutingAddresses = 4,
    .hTransport = node->transport,
    .pSecurityProvider = node->security,
    .pBootstrapProvider = node->bootstrap,
    .eSecurityMode = mesh->mode,
  };

  return drt_open_in_context (&settings, NULL, NULL, node->context, &node->drt);
}

/* The key of the node's certificate; with the null provider, which has none, any. */
static HRESULT
register_key (CliBenchMesh *mesh,
              guint         index)
{
  BenchNode *node = &mesh->nodes[index];
  g_autofree char *payload = g_strdup_printf ("node %u", index + 1);
  PCCERT_CONTEXT member = NULL;
  HDRT_REGISTRATION_CONTEXT handle;   /* DrtClose() ends it */
  DRT_REGISTRATION registration = {
    .key = { DRT_KEY_SIZE, node->key.b },
    .appData = { strlen (payload), (BYTE *) payload },
  };
  HRESULT hr = S_OK;

  if (mesh->certificates->provider->profile == DRT_PROFILE_NONE)
    drt_key_from_text (&node->key, payload);
  else
    {
      member = mesh->certificates->members->pdata[index];
      hr = DrtCreateDerivedKey (member, &registration.key);
    }
  return FAILED (hr) ? hr : DrtRegisterKey (node->drt, &registration, (PVOID) member, &handle);
}

static gpointer
run_node (gpointer data)
{
  g_main_loop_run (data);
  return NULL;
}

static HRESULT
open_node (CliBenchMesh *mesh,
           guint         index)
{
  BenchNode *node = &mesh->nodes[index];
  HRESULT hr;

  node->context = g_main_context_new ();
  node->loop = g_main_loop_new (node->context, FALSE);
  node->thread = g_thread_new ("node", run_node, node->loop);
  hr = DrtCreateIpv6UdpTransport (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), 0, &node->port, &node->transport);

  if (SUCCEEDED (hr))
    hr = cli_bench_provider_new (mesh->certificates, index, &node->security);
  if (SUCCEEDED (hr))
    hr = make_bootstrap (mesh, index);
  if (SUCCEEDED (hr))
    hr = open_drt (mesh, node);
  return SUCCEEDED (hr) ? register_key (mesh, index) : hr;
}

/* One after another, so that they do not keep one another from answering. */
static void
wait_for_status (BenchNode *node)
{
  gint64 deadline = g_get_monotonic_time () + JOIN_TIME;
  DrtObservedStatus status;

  while (drt_get_status (node->drt, &status) == S_OK && status.bootstrapping && g_get_monotonic_time () < deadline)
    g_usleep (G_USEC_PER_SEC / 1000);
}

static void
close_node (CliBenchMesh *mesh,
            BenchNode    *node)
{
  if (node->drt != NULL)
    DrtClose (node->drt);
  if (node->bootstrap != NULL)
    DrtDeleteListBootstrapResolver (node->bootstrap);
  if (node->security != NULL)
    cli_bench_provider_free (mesh->certificates->provider, node->security);
  if (node->transport != NULL)
    DrtDeleteIpv6UdpTransport (node->transport);
  if (node->thread == NULL)
    return;
  g_main_loop_quit (node->loop);
  g_thread_join (node->thread);
  g_main_loop_unref (node->loop);
  g_main_context_unref (node->context);
}

/* --- Searches --- */

static gboolean
is_result (HDRT_SEARCH_CONTEXT search,
           ULONG               size,
           const DrtKey       *wanted)
{
  g_autofree DRT_SEARCH_RESULT *result = g_malloc (size);

  return DrtGetSearchResult (search, size, result) == S_OK && result->type == DRT_MATCH_EXACT &&
         memcmp (result->registration.key.pb, wanted->b, DRT_KEY_SIZE) == 0;
}

static gboolean
search_once (CliBenchMesh *mesh,
             guint         from,
             guint         to)
{
  DrtKey wanted = mesh->nodes[to].key;
  DRT_DATA key = { DRT_KEY_SIZE, wanted.b };
  HDRT_SEARCH_CONTEXT search;
  gboolean found = FALSE;
  ULONG size;
  HRESULT hr = DRT_E_SEARCH_IN_PROGRESS;

  if (FAILED (DrtStartSearch (mesh->nodes[from].drt, &key, NULL, SEARCH_TIME, mesh->event, NULL, &search)))
    return FALSE;
  while ((hr == S_OK || hr == DRT_E_SEARCH_IN_PROGRESS) && drt_event_wait (mesh->event, 2 * SEARCH_TIME))
    while ((hr = DrtGetSearchResultSize (search, &size)) == S_OK)
      found |= is_result (search, size, &wanted);
  DrtEndSearch (search);
  return found;
}

/* Each node looks for each other: then all have met, and know their credentials.
 * FALSE: there was not time enough. */
gboolean
cli_bench_mesh_warm (CliBenchMesh *mesh,
                     gint64        deadline)
{
  for (guint from = 0; from < mesh->n_nodes; from++)
    for (guint to = 0; to < mesh->n_nodes; to++)
      if (from != to)
        {
          if (g_get_monotonic_time () > deadline)
            return FALSE;
          search_once (mesh, from, to);
        }
  return TRUE;
}

/* @n searches, each of some node for the key of some other; how many found it. */
guint
cli_bench_mesh_search (CliBenchMesh *mesh,
                       guint         n)
{
  guint n_found = 0;

  for (guint i = 0; i < n; i++)
    {
      guint from = g_rand_int_range (mesh->random, 0, mesh->n_nodes);

      n_found += search_once (mesh, from, (from + g_rand_int_range (mesh->random, 1, mesh->n_nodes)) % mesh->n_nodes);
    }
  return n_found;
}

/* --- A mesh --- */

/**
 * cli_bench_mesh_new:
 * @certificates: of the nodes; must outlive the mesh
 * @mode: security mode
 * @n_nodes: at least 2
 * @hr: (out): why there is no mesh
 *
 * Returns: (nullable): nodes that are on their way to one another
 */
CliBenchMesh *
cli_bench_mesh_new (const CliBenchCertificates *certificates,
                    DRT_SECURITY_MODE           mode,
                    guint                       n_nodes,
                    HRESULT                    *hr)
{
  CliBenchMesh *mesh = g_new0 (CliBenchMesh, 1);

  mesh->certificates = certificates;
  mesh->mode = mode;
  mesh->n_nodes = n_nodes;
  mesh->nodes = g_new0 (BenchNode, n_nodes);
  mesh->random = g_rand_new_with_seed (SEED);
  mesh->event = drt_event_new ();

  *hr = S_OK;
  for (guint i = 0; i < n_nodes && SUCCEEDED (*hr); i++)
    {
      *hr = open_node (mesh, i);
      if (SUCCEEDED (*hr) && i > 0)
        wait_for_status (&mesh->nodes[i]);
    }
  if (FAILED (*hr))
    g_clear_pointer (&mesh, cli_bench_mesh_free);
  return mesh;
}

void
cli_bench_mesh_free (CliBenchMesh *mesh)
{
  for (guint i = 0; i < mesh->n_nodes; i++)
    close_node (mesh, &mesh->nodes[i]);
  drt_event_free (mesh->event);
  g_rand_free (mesh->random);
  g_free (mesh->nodes);
  g_free (mesh);
}

/* Whether each node has all its leaves, so all have met whom they must know. */
gboolean
cli_bench_mesh_is_complete (CliBenchMesh *mesh)
{
  for (guint i = 0; i < mesh->n_nodes; i++)
    {
      DrtCounters counters;

      if (drt_get_counters (mesh->nodes[i].drt, &counters) != S_OK ||
          counters.n_leaves < MIN (2 * DRT_LEAF_SET_SIDE, mesh->n_nodes - 1))
        return FALSE;
    }
  return TRUE;
}

void
cli_bench_mesh_get_counters (CliBenchMesh     *mesh,
                             CliBenchCounters *counters)
{
  *counters = (CliBenchCounters) { 0 };
  for (guint i = 0; i < mesh->n_nodes; i++)
    {
      DrtCounters node = { 0 };
      DrtSecurityCounters security = { 0 };

      drt_get_counters (mesh->nodes[i].drt, &node);
      counters->datagrams += node.messages_out;
      counters->bytes += node.bytes_out;
      if (mesh->certificates->provider->profile == DRT_PROFILE_NONE)
        continue;
      drt_derived_key_provider_get_counters (mesh->nodes[i].security, &security);
      counters->security.signatures_made += security.signatures_made;
      counters->security.signatures_checked += security.signatures_checked;
      counters->security.chains_checked += security.chains_checked;
      counters->security.chains_remembered += security.chains_remembered;
      counters->security.agreements += security.agreements;
      counters->security.buffers_sealed += security.buffers_sealed;
      counters->security.buffers_opened += security.buffers_opened;
      counters->security.refusals += security.refusals;
    }
}
