/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Meshes of members with real certificates, in virtual time: every message that carries
 * a credential, with short and with long chains, and what it costs. */

#include "certified-mesh.h"

#include <string.h>

#include "drt-alloc.h"

#define N_MEMBERS 8

/* --- Working --- */

typedef struct
{
  gsize longest[DRT_N_MESSAGE_TYPES];
  guint n_fragments[DRT_N_MESSAGE_TYPES];   /* datagrams that are a part of a message */
} Sizes;

static gboolean
measure_cb (VirtualMesh       *mesh,
            VirtualNode       *from,
            const DrtEndpoint *to,
            const guint8      *bytes,
            gsize              length,
            gpointer           data)
{
  Sizes *sizes = data;
  DrtMessage message;

  g_assert_cmpint (drt_message_decode (bytes, length, &message), ==, DRT_DECODE_OK);
  sizes->longest[message.type] = MAX (sizes->longest[message.type], length);
  sizes->n_fragments[message.type] += (message.type == DRT_MESSAGE_REQUEST && message.request.has_split && !message.request.has_body) ||
                                      (message.type == DRT_MESSAGE_AUTHORITY && message.authority.fragment.length < message.authority.size);
  return TRUE;
}

static void
check_mesh_of (DrtKeyAlgorithm   algorithm,
               DRT_SECURITY_MODE mode,
               guint             n_authorities,
               double            loss)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new_of (algorithm, mode, n_authorities);
  Sizes sizes = { 0 };
  DrtSecurityCounters counters;

  mesh->mesh->filter = measure_cb;
  mesh->mesh->filter_data = &sizes;
  mesh->mesh->loss = loss;
  certified_mesh_fill (mesh, N_MEMBERS);
  if (loss > 0)
    core_run (mesh->mesh, 60 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));
  for (guint i = 0; i < N_MEMBERS; i++)
    {
      const DrtCounters *node = &mesh->nodes[i].node->node->counters;

      g_assert_cmpuint (certified_search (&mesh->nodes[i], &mesh->nodes[(i + 3) % N_MEMBERS].key), ==, 1);
      g_assert_cmpuint (node->dropped[DRT_DROP_NO_MEMBER], ==, 0);
      g_assert_cmpuint (node->dropped[DRT_DROP_INVALID_CPA], ==, 0);
      g_assert_cmpuint (node->dropped[DRT_DROP_UNDECIPHERABLE], ==, 0);
      g_assert_cmpuint (node->dropped[DRT_DROP_REPLAYED], ==, 0);
      g_assert_cmpuint (node->dropped[DRT_DROP_BAD_FRAGMENT], ==, 0);
    }
  counters = certified_count_all (mesh);
  g_test_message ("%u authorities: SOLICIT %" G_GSIZE_FORMAT ", REQUEST %" G_GSIZE_FORMAT ", FLOOD %" G_GSIZE_FORMAT
                  ", INQUIRE %" G_GSIZE_FORMAT ", LOOKUP %" G_GSIZE_FORMAT " bytes; %u parts of REQUESTs, %u of AUTHORITYs",
                  n_authorities, sizes.longest[DRT_MESSAGE_SOLICIT], sizes.longest[DRT_MESSAGE_REQUEST],
                  sizes.longest[DRT_MESSAGE_FLOOD], sizes.longest[DRT_MESSAGE_INQUIRE], sizes.longest[DRT_MESSAGE_LOOKUP],
                  sizes.n_fragments[DRT_MESSAGE_REQUEST], sizes.n_fragments[DRT_MESSAGE_AUTHORITY]);
  g_test_message ("%" G_GUINT64_FORMAT " signatures, %" G_GUINT64_FORMAT " checked, %" G_GUINT64_FORMAT " chains, %" G_GUINT64_FORMAT
                  " remembered, %" G_GUINT64_FORMAT " agreements, %" G_GUINT64_FORMAT " sealed", counters.signatures_made,
                  counters.signatures_checked, counters.chains_checked, counters.chains_remembered, counters.agreements,
                  counters.buffers_sealed);
  g_assert_cmpuint (counters.refusals, ==, 0);
  g_assert_cmpuint (counters.chains_checked, <=, 2 * N_MEMBERS * N_MEMBERS);
  if (n_authorities >= 3)
    {
      g_assert_cmpuint (sizes.n_fragments[DRT_MESSAGE_REQUEST], >, 0);
      g_assert_cmpuint (sizes.n_fragments[DRT_MESSAGE_AUTHORITY], >, 0);
      g_assert_cmpuint (sizes.longest[DRT_MESSAGE_LOOKUP], >, 1232);
    }
}

static void
check_mesh (DRT_SECURITY_MODE mode,
            guint             n_authorities,
            double            loss)
{
  check_mesh_of (DRT_KEY_ALGORITHM_ED25519, mode, n_authorities, loss);
}

static void
test_p256 (void)
{
  check_mesh_of (DRT_KEY_ALGORITHM_P256, DRT_SECURE_CONFIDENTIALPAYLOAD, 1, 0);
}

/* Profile 1.0 in the layout of the specification. */
static void
test_rsa (void)
{
  check_mesh_of (DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_MEMBERSHIP, 0, 0);
  check_mesh_of (DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_CONFIDENTIALPAYLOAD, 1, 0);
}

static void
test_membership (void)
{
  check_mesh (DRT_SECURE_MEMBERSHIP, 0, 0);
}

static void
test_confidential (void)
{
  check_mesh (DRT_SECURE_CONFIDENTIALPAYLOAD, 0, 0);
}

static void
test_long_chains (void)
{
  check_mesh (DRT_SECURE_MEMBERSHIP, 3, 0);
  check_mesh (DRT_SECURE_CONFIDENTIALPAYLOAD, 3, 0);
}

static void
test_long_chains_and_loss (void)
{
  check_mesh (DRT_SECURE_CONFIDENTIALPAYLOAD, 3, 0.05);
}

/* --- Without memory --- */

/* One allocation fails, each in its turn, of whoever is at work then; or all do for a
 * second.  Nobody falls over, and the mesh is what it was. */
static void
check_without_memory (gboolean for_good)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_CONFIDENTIALPAYLOAD, 1);
  guint n_found = 0, n_searches = 0;

  certified_mesh_fill (mesh, 4);
  for (guint at = 0; at < 120; at += for_good ? 12 : 1)
    {
      CertifiedNode *from = &mesh->nodes[at % 4];

      /* What was known is to be asked for anew. */
      drt_credentials_clear (&from->node->node->credentials);
      if (for_good)
        drt_alloc_fail_after ((int) at);
      else
        drt_alloc_fail ((int) at);
      n_searches++;
      n_found += certified_search (from, &mesh->nodes[(at + 1) % 4].key);
      if (for_good)
        core_run (mesh->mesh, SECOND);
      drt_alloc_fail (-1);
    }
  core_run (mesh->mesh, 60 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (certified_search (&mesh->nodes[i], &mesh->nodes[(i + 1) % 4].key), ==, 1);
  g_test_message ("%u of %u searches found while %s", n_found, n_searches, for_good ? "there was no memory" : "one allocation failed");
  if (!for_good)
    g_assert_cmpuint (n_found, >=, n_searches * 3 / 4);
}

static void
test_without_memory (void)
{
  check_without_memory (FALSE);
  check_without_memory (TRUE);
}

/* --- Time --- */

/* Members stay for three days: agreement keys are renewed, and who knew the former one
 * comes to know the new one. */
static void
test_three_days (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_CONFIDENTIALPAYLOAD, 0);

  certified_mesh_fill (mesh, 4);
  for (guint hours = 0; hours < 72; hours += 9)
    {
      /* The mesh's clock stands still between two of its events; let the days go by. */
      mesh->started += 9 * G_TIME_SPAN_HOUR;
      core_run (mesh->mesh, 20 * SECOND);
      for (guint i = 0; i < 4; i++)
        g_assert_cmpuint (certified_search (&mesh->nodes[i], &mesh->nodes[(i + 1) % 4].key), ==, 1);
    }
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));
}

/* A clock that is off by more than 300 s shuts its owner out, and says so. */
static void
test_wrong_clock (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  guint64 n_refused;

  certified_mesh_fill (mesh, 3);
  n_refused = mesh->nodes[0].node->node->counters.dropped[DRT_DROP_NO_MEMBER];
  g_assert_cmpuint (n_refused, ==, 0);
  /* What is on the way now arrives 301 s later. */
  certified_node_open (certified_mesh_add (mesh), "a member's");
  mesh->started += 301 * G_USEC_PER_SEC;
  core_run (mesh->mesh, SECOND / 2);
  g_assert_cmpuint (mesh->nodes[0].node->node->counters.dropped[DRT_DROP_NO_MEMBER], >, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/membership", test_membership);
  g_test_add_func ("/mesh/confidential", test_confidential);
  g_test_add_func ("/mesh/p256", test_p256);
  g_test_add_func ("/mesh/rsa", test_rsa);
  g_test_add_func ("/mesh/long-chains", test_long_chains);
  g_test_add_func ("/mesh/long-chains-and-loss", test_long_chains_and_loss);
  g_test_add_func ("/mesh/without-memory", test_without_memory);
  g_test_add_func ("/mesh/three-days", test_three_days);
  g_test_add_func ("/mesh/wrong-clock", test_wrong_clock);
  return g_test_run ();
}
