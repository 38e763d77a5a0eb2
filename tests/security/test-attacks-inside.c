/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What members can do to others of their mesh (PROFILE-2.0.md 10): forged route entries and
 * revokes, a neighbour that answers everything with itself, one that gathers around a
 * victim, one that makes others send. */

#include "attack-testing.h"

#include <string.h>

#define N_MEMBERS 6
#define STRANGER  "[2001:db8:66::1]:4000"

static const guint8 nonce[DRT_NONCE_SIZE] = { 1, 2, 3 };

static CertifiedNode *
find_at (CertifiedMesh     *mesh,
         const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < mesh->n; i++)
    if (drt_endpoint_equal (&mesh->nodes[i].node->endpoint, endpoint))
      return &mesh->nodes[i];
  return NULL;
}

/* The request of @node that validates @key; NULL: there is none. */
static const DrtValidation *
find_validation (CertifiedNode *node,
                 const DrtKey  *key)
{
  for (guint i = 0; i < node->node->node->validations->len; i++)
    {
      const DrtValidation *validation = g_ptr_array_index (node->node->node->validations, i);

      if (drt_key_equal (&validation->entry->key, key))
        return validation;
    }
  return NULL;
}

/* --- Forged route entries --- */

/* The liar says that the victim is where he is, and hands on the CPA that the victim makes
 * for the very nonce he was asked with. */
static void
test_address_liar (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  CertifiedNode *asker, *victim, *liar;
  const DrtValidation *validation;
  AttackWatch watch;
  DrtMessage message;
  DrtAuthorityBuffer buffer;
  g_autoptr (GBytes) relayed = NULL;
  const guint8 *bytes;
  gsize length;

  certified_mesh_fill (mesh, N_MEMBERS);
  asker = &mesh->nodes[0];
  victim = &mesh->nodes[1];
  liar = &mesh->nodes[2];
  attack_flood (&message, &asker->key, &victim->key, &liar->node->endpoint);
  attack_send (mesh, liar, &message, &liar->node->endpoint, asker);
  validation = find_validation (asker, &victim->key);
  g_assert_nonnull (validation);

  attack_watch (mesh, &watch, victim->node, "[::]:1");
  watch.to = liar->node->endpoint;
  watch.catch = TRUE;
  attack_inquire (&message, &victim->key, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C, validation->nonce);
  attack_send (mesh, liar, &message, &liar->node->endpoint, victim);
  relayed = g_queue_pop_tail (&watch.caught);
  g_assert_nonnull (relayed);
  bytes = g_bytes_get_data (relayed, &length);
  g_assert_cmpint (drt_message_decode (bytes, length, &message), ==, DRT_DECODE_OK);
  g_assert_cmpint (drt_authority_buffer_decode (message.authority.fragment.data, message.authority.size, &buffer), ==, DRT_DECODE_OK);
  attack_unwatch (mesh, &watch);

  attack_answer (mesh, asker, &liar->node->endpoint, validation->inquire_id, &buffer);
  g_assert_cmpint (asker->node->node->dropped, ==, DRT_DROP_INVALID_CPA);
  g_assert_true (drt_entry_has_endpoint (drt_cache_find (&asker->node->node->cache, &victim->key), &victim->node->endpoint));
  g_assert_cmpuint (certified_search (asker, &victim->key), ==, 1);
  g_test_message ("address liar with the victim's own CPA for the right nonce: refused, the entry stays");
}

/* The liar names a key next to the victim's, of which he has no certificate; asked for it
 * he shows that of his own. */
static void
test_key_liar (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  CertifiedNode *asker, *liar;
  guint n_asked = 0, n_leaves = 0;

  certified_mesh_fill (mesh, N_MEMBERS);
  asker = &mesh->nodes[0];
  liar = &mesh->nodes[2];
  for (guint i = 1; i <= 200; i++)
    {
      const DrtLocalKey *local = drt_keys_get (asker->node->node, 0);
      const DrtValidation *validation;
      DrtAuthorityBuffer buffer = { 0 };
      DRT_DATA cpa = { 0 }, classifier = { 0 }, payload = { 0 }, chain = { 0 };
      DrtKey key = asker->key;
      DrtMessage message;

      key.b[0] ^= (guint8) i;
      attack_flood (&message, &asker->key, &key, &liar->node->endpoint);
      message.flood.flags = DRT_FLOOD_FLAG_D;
      attack_send (mesh, liar, &message, &liar->node->endpoint, asker);
      validation = find_validation (asker, &key);
      if (validation != NULL)
        {
          g_assert_cmpint (drt_cpa_make (liar->node->node, drt_keys_get (liar->node->node, 0), 0, FALSE, validation->nonce,
                                         &cpa, &classifier, &payload, &chain), ==, S_OK);
          buffer.cpa = drt_security_span (&cpa);
          buffer.credential = drt_security_span (&chain);
          attack_answer (mesh, asker, &liar->node->endpoint, validation->inquire_id, &buffer);
          g_assert_cmpint (asker->node->node->dropped, ==, DRT_DROP_INVALID_CPA);
          drt_security_free (liar->node->node, &cpa);
          drt_security_free (liar->node->node, &chain);
          n_asked++;
        }
      g_assert_null (drt_cache_find (&asker->node->node->cache, &key));
      n_leaves += drt_leaf_set_position (&local->leaves, &key) != 0;
    }
  g_test_message ("key liar: 200 keys next to the victim's named, %u asked for, %u taken", n_asked, n_leaves);
  g_assert_cmpuint (n_asked, >, 0);
  g_assert_cmpuint (n_leaves, ==, 0);
  core_run (mesh->mesh, 30 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));
}

/* --- Forged revokes --- */

static void
flood_revoke (CertifiedMesh *mesh,
              CertifiedNode *liar,
              CertifiedNode *to,
              DrtSpan        cpa)
{
  DrtMessage message = { .type = DRT_MESSAGE_FLOOD };

  message.flood.flags = DRT_FLOOD_FLAG_D;
  message.flood.validate_key = to->key;
  message.flood.revoke_cpa = cpa;
  attack_send (mesh, liar, &message, &liar->node->endpoint, to);
}

static void
test_forged_revoke (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  CertifiedNode *asker, *victim, *liar;
  DRT_DATA cpa[2] = { 0 }, classifier = { 0 }, payload = { 0 }, chain = { 0 };
  DrtCache *cache;
  gint64 revoked, back;

  certified_mesh_fill (mesh, N_MEMBERS);
  asker = &mesh->nodes[0];
  victim = &mesh->nodes[1];
  liar = &mesh->nodes[2];
  cache = &asker->node->node->cache;

  /* His own, with the victim's key put in. */
  g_assert_cmpint (drt_cpa_make (liar->node->node, drt_keys_get (liar->node->node, 0), DRT_PAYLOAD_REVOKED, FALSE, nonce,
                                 &cpa[0], &classifier, &payload, &chain), ==, S_OK);
  drt_security_free (liar->node->node, &chain);
  for (gsize at = 0; at + DRT_KEY_SIZE <= cpa[0].cb; at++)
    if (memcmp (cpa[0].pb + at, liar->key.b, DRT_KEY_SIZE) == 0)
      memcpy (cpa[0].pb + at, victim->key.b, DRT_KEY_SIZE);
  flood_revoke (mesh, liar, asker, (DrtSpan) { cpa[0].pb, cpa[0].cb });
  g_assert_cmpint (asker->node->node->dropped, ==, DRT_DROP_INVALID_CPA);
  g_assert_nonnull (drt_cache_find (cache, &victim->key));

  /* The victim's, with the flag put in. */
  g_assert_cmpint (drt_cpa_make (victim->node->node, drt_keys_get (victim->node->node, 0), 0, FALSE, nonce,
                                 &cpa[1], &classifier, &payload, &chain), ==, S_OK);
  drt_security_free (victim->node->node, &chain);
  flood_revoke (mesh, liar, asker, (DrtSpan) { cpa[1].pb, cpa[1].cb });
  g_assert_cmpint (asker->node->node->dropped, ==, DRT_DROP_INVALID_CPA);
  cpa[1].pb[0] |= DRT_PAYLOAD_REVOKED;
  flood_revoke (mesh, liar, asker, (DrtSpan) { cpa[1].pb, cpa[1].cb });
  g_assert_cmpint (asker->node->node->dropped, ==, DRT_DROP_INVALID_CPA);
  g_assert_nonnull (drt_cache_find (cache, &victim->key));
  drt_security_free (liar->node->node, &cpa[0]);
  drt_security_free (victim->node->node, &cpa[1]);

  /* One the victim has made, which is back since: it works once more, until it is met again. */
  g_assert_cmpint (drt_cpa_make (victim->node->node, drt_keys_get (victim->node->node, 0), DRT_PAYLOAD_REVOKED, FALSE, nonce,
                                 &cpa[0], &classifier, &payload, &chain), ==, S_OK);
  drt_security_free (victim->node->node, &chain);
  flood_revoke (mesh, liar, asker, (DrtSpan) { cpa[0].pb, cpa[0].cb });
  g_assert_null (drt_cache_find (cache, &victim->key));
  revoked = mesh->mesh->now;
  while (drt_cache_find (cache, &victim->key) == NULL && mesh->mesh->now < revoked + 120 * SECOND)
    core_run (mesh->mesh, SECOND / 10);
  back = mesh->mesh->now - revoked;
  g_assert_nonnull (drt_cache_find (cache, &victim->key));

  /* 301 s later it is too old. */
  mesh->started += 301 * G_USEC_PER_SEC;
  flood_revoke (mesh, liar, asker, (DrtSpan) { cpa[0].pb, cpa[0].cb });
  g_assert_cmpint (asker->node->node->dropped, ==, DRT_DROP_INVALID_CPA);
  g_assert_nonnull (drt_cache_find (cache, &victim->key));
  drt_security_free (victim->node->node, &cpa[0]);
  g_test_message ("forged revokes: 3 of 3 refused; the victim's own of before works for 300 s, and it was back after %.1f s",
                  (double) back / SECOND);
}

/* --- A neighbour that answers everything with itself --- */

typedef struct
{
  CertifiedMesh *mesh;
  CertifiedNode *liar;
  GQueue questions;              /* of GBytes: LOOKUPs sent to it, … */
  GQueue askers;                 /* of CertifiedNode: … by these */
  guint n_lies;
  guint n_found;
  gboolean finished;
} Sybil;

static gboolean
intercept_cb (VirtualMesh       *mesh,
              VirtualNode       *from,
              const DrtEndpoint *to,
              const guint8      *bytes,
              gsize              length,
              gpointer           data)
{
  Sybil *sybil = data;

  if (!drt_endpoint_equal (to, &sybil->liar->node->endpoint) || bytes[7] != DRT_MESSAGE_LOOKUP)
    return TRUE;
  g_queue_push_tail (&sybil->questions, g_bytes_new (bytes, length));
  g_queue_push_tail (&sybil->askers, find_at (sybil->mesh, &from->endpoint));
  return FALSE;
}

/* With its own key, or in every second answer with the one looked for. */
static gboolean
lie (VirtualMesh *mesh,
     gpointer     data)
{
  Sybil *sybil = data;

  while (sybil->questions.length > 0)
    {
      g_autoptr (GBytes) question = g_queue_pop_head (&sybil->questions);
      CertifiedNode *asker = g_queue_pop_head (&sybil->askers);
      const DrtEndpoint *here = &sybil->liar->node->endpoint;
      DrtAuthorityBuffer answer = { .has_entry = TRUE };
      DrtMessage message;
      gsize length;
      const guint8 *bytes = g_bytes_get_data (question, &length);

      g_assert_cmpint (drt_message_decode (bytes, length, &message), ==, DRT_DECODE_OK);
      answer.entry = (DrtWireEntry) {
        .key = sybil->n_lies++ % 2 ? sybil->liar->key : message.lookup.target, .major = 6, .minor = 101,
        .port = here->port, .n_addresses = 1, .addresses = here->address.s6_addr,
      };
      attack_answer (sybil->mesh, asker, here, message.id, &answer);
    }
  return sybil->finished;
}

static void
found_cb (gpointer               data,
          DrtResolveEvent        event,
          const DrtResolveMatch *match,
          HRESULT                hr)
{
  Sybil *sybil = data;

  if (event == DRT_RESOLVE_FOUND)
    {
      g_assert_cmpuint (match->payload_size, ==, strlen ("a member's"));
      sybil->n_found++;
    }
  sybil->finished = sybil->finished || event == DRT_RESOLVE_FINISHED;
}

/* Of @node's cache all but the liar and @n_known others. */
static void
know_only (CertifiedMesh *mesh,
           CertifiedNode *node,
           CertifiedNode *liar,
           guint          n_known)
{
  for (guint i = 0; i < mesh->n; i++)
    if (&mesh->nodes[i] != liar && drt_cache_find (&node->node->node->cache, &mesh->nodes[i].key) != NULL && n_known-- == 0)
      {
        n_known++;
        drt_node_drop_entry (node->node->node, mesh->mesh->now, &mesh->nodes[i].key);
      }
}

/* One search by everybody, for whom it does not know; how many in a hundred find. */
static double
search_beside_liar (guint n_known)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  const guint n = 16;
  Sybil sybil = { .mesh = mesh, .questions = G_QUEUE_INIT, .askers = G_QUEUE_INIT };
  guint n_searches = 0;

  certified_mesh_fill (mesh, n);
  sybil.liar = &mesh->nodes[n / 2];
  mesh->mesh->filter = intercept_cb;
  mesh->mesh->filter_data = &sybil;
  for (guint from = 0; from < n; from++)
    {
      CertifiedNode *asker = &mesh->nodes[from], *wanted = &mesh->nodes[(from + n - 1) % n];
      DrtResolveQuery query = { .max_matches = 1, .timeout = 20 * SECOND };

      if (asker == sybil.liar || wanted == sybil.liar)
        continue;
      query.target = query.minimum = query.maximum = wanted->key;
      know_only (mesh, asker, sybil.liar, n_known);
      drt_node_drop_entry (asker->node->node, mesh->mesh->now, &wanted->key);
      sybil.finished = FALSE;
      n_searches++;
      drt_node_resolve_start (asker->node->node, mesh->mesh->now, &query, found_cb, &sybil);
      virtual_mesh_run (mesh->mesh, 21 * SECOND, lie, &sybil);
      g_assert_true (sybil.finished);
    }
  g_test_message ("a neighbour that answers everything with itself, %u others known: %u lies, %u of %u searches found", n_known,
                  sybil.n_lies, sybil.n_found, n_searches);
  mesh->mesh->filter = NULL;
  g_queue_clear_full (&sybil.questions, (GDestroyNotify) g_bytes_unref);
  g_queue_clear (&sybil.askers);
  return 100.0 * sybil.n_found / n_searches;
}

static void
test_sybil (void)
{
  g_assert_cmpfloat (search_beside_liar (1), >=, 75);
  g_assert_cmpfloat (search_beside_liar (3), >=, 90);
}

/* --- Gathering around a victim --- */

/* Of the victim's leaves those that are the attacker's. */
static guint
count_leaves_at (VirtualNode       *victim,
                 const DrtEndpoint *attacker)
{
  guint n = 0;

  for (guint i = 0; i < drt_cache_get_size (&victim->node->cache); i++)
    {
      const DrtEntry *entry = drt_cache_get (&victim->node->cache, i);

      n += drt_routes_is_leaf (victim->node, &entry->key) && drt_entry_has_endpoint (entry, attacker);
    }
  return n;
}

/* With a provider that lets keys be chosen: ten next to the victim's. */
static guint
eclipse_by_choice (void)
{
  g_autoptr (VirtualMesh) mesh = virtual_mesh_new (3);
  VirtualNode *nodes[16], *attacker;
  DrtKey key, victim;

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      nodes[i] = virtual_mesh_add (mesh);
      if (i > 0)
        virtual_node_knows (nodes[i], nodes[0]);
      virtual_node_open (nodes[i]);
      virtual_mesh_random_key (mesh, &key);
      virtual_node_register (nodes[i], &key, "a member's");
      core_run (mesh, SECOND);
    }
  victim = drt_keys_get (nodes[5]->node, 0)->key;
  attacker = virtual_mesh_add (mesh);
  virtual_node_knows (attacker, nodes[0]);
  virtual_node_open (attacker);
  for (guint i = 1; i <= DRT_LEAF_SET_SIDE; i++)
    for (guint above = 0; above < 2; above++)
      {
        DrtKey step = { { (guint8) i } };

        if (above)
          drt_key_add (&key, &victim, &step);
        else
          drt_key_subtract (&key, &victim, &step);
        virtual_node_register (attacker, &key, "the attacker's");
      }
  core_run (mesh, 120 * SECOND);
  return count_leaves_at (nodes[5], &attacker->endpoint);
}

/* With the one certificate he has: his own place, wherever it is, and every other refused. */
static guint
eclipse_with_certificate (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  CertifiedNode *victim, *attacker;

  certified_mesh_fill (mesh, 14);
  victim = &mesh->nodes[5];
  attacker = &mesh->nodes[6];
  for (guint i = 1; i <= 100; i++)
    {
      DrtKey step = { { (guint8) i } }, key;
      DrtMessage message;

      drt_key_add (&key, &victim->key, &step);
      attack_flood (&message, &victim->key, &key, &attacker->node->endpoint);
      attack_send (mesh, attacker, &message, &attacker->node->endpoint, victim);
      core_run (mesh->mesh, SECOND / 20);
    }
  core_run (mesh->mesh, 30 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));
  return count_leaves_at (victim->node, &attacker->node->endpoint);
}

static void
test_eclipse (void)
{
  guint n_chosen = eclipse_by_choice (), n_certified = eclipse_with_certificate ();

  g_test_message ("eclipse of one leaf set: %u of 10 leaves where keys can be chosen, %u where they derive from certificates",
                  n_chosen, n_certified);
  g_assert_cmpuint (n_chosen, ==, 2 * DRT_LEAF_SET_SIDE);
  g_assert_cmpuint (n_certified, <=, 1);
}

/* --- Making others send --- */

typedef enum { SEND_SOLICIT, SEND_INQUIRE, SEND_LOOKUP, SEND_FLOOD, SEND_NAMED, N_SENDS } Send;

/* @n of them in so many tenths of a second, with the victim's address for their source, or
 * in a FLOOD of his own for that of an entry; how many bytes go there for each that came. */
static double
measure_factor (Send  what,
                guint n)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 3);
  CertifiedNode *node, *liar;
  AttackWatch watch;
  guint64 bytes_in = 0;

  certified_mesh_fill (mesh, N_MEMBERS);
  node = &mesh->nodes[0];
  liar = &mesh->nodes[2];
  attack_watch (mesh, &watch, node->node, STRANGER);
  for (guint i = 0; i < n; i++)
    {
      DrtKey key = node->key;
      DrtMessage message = { .type = DRT_MESSAGE_SOLICIT };

      key.b[1] ^= (guint8) (i + 1);
      if (what == SEND_SOLICIT)
        memcpy (message.solicit.hashed_nonce, &i, sizeof i);
      else if (what == SEND_INQUIRE)
        attack_inquire (&message, &node->key, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C | DRT_INQUIRE_FLAG_X, nonce);
      else if (what == SEND_LOOKUP)
        attack_lookup (&message, &mesh->nodes[3].key, &node->key);
      else
        attack_flood (&message, &node->key, &key, &watch.to);
      bytes_in += attack_send (mesh, liar, &message, what == SEND_NAMED ? &liar->node->endpoint : &watch.to, node);
      core_run (mesh->mesh, SECOND / 10);
    }
  core_run (mesh->mesh, 5 * SECOND);
  attack_unwatch (mesh, &watch);
  return (double) watch.bytes_to / (double) bytes_in;
}

static void
test_amplification (void)
{
  static const char *const names[] = { "SOLICIT", "INQUIRE", "LOOKUP", "FLOOD", "FLOOD that names the victim" };

  for (guint i = 0; i < N_SENDS; i++)
    {
      double factor = measure_factor (i, 100);

      g_test_message ("a member's %s with the victim's address: factor %.2f", names[i], factor);
      g_assert_cmpfloat (factor, <=, 4.5);
    }
}

/* --- Half-open conversations --- */

/* A thousand SOLICITs of a member in a second, each a conversation of its own: he has no more
 * than his share, and others come through. */
static void
test_half_open (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  CertifiedNode *node, *liar, *late = NULL;
  guint most = 0;

  certified_mesh_fill (mesh, N_MEMBERS);
  node = &mesh->nodes[0];
  liar = &mesh->nodes[2];
  for (guint i = 0; i < 1000; i++)
    {
      DrtMessage message = { .type = DRT_MESSAGE_SOLICIT };

      memcpy (message.solicit.hashed_nonce, &i, sizeof i);
      attack_send (mesh, liar, &message, &liar->node->endpoint, node);
      most = MAX (most, node->node->node->conversations->len);
      if (i % 20 == 19)
        core_run (mesh->mesh, SECOND / 50);
      if (i == 500)
        certified_node_open (late = certified_mesh_add (mesh), "a member's");
    }
  core_run (mesh->mesh, 5 * SECOND);
  g_test_message ("1000 SOLICITs of a member in a second: %u conversations at the most; who came meanwhile is %s", most,
                  late->node->status == DRT_ACTIVE ? "active" : "not active");
  g_assert_cmpuint (most, <=, 32);
  g_assert_cmpint (late->node->status, ==, DRT_ACTIVE);
  g_assert_cmpuint (certified_search (late, &mesh->nodes[4].key), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attacks/inside/address-liar", test_address_liar);
  g_test_add_func ("/attacks/inside/key-liar", test_key_liar);
  g_test_add_func ("/attacks/inside/forged-revoke", test_forged_revoke);
  g_test_add_func ("/attacks/inside/sybil", test_sybil);
  g_test_add_func ("/attacks/inside/eclipse", test_eclipse);
  g_test_add_func ("/attacks/inside/amplification", test_amplification);
  g_test_add_func ("/attacks/inside/half-open", test_half_open);
  return g_test_run ();
}
