/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What outsiders and eavesdroppers can do to a mesh with real certificates
 * (PROFILE-2.0.md 10): who has none of this mesh sends every message there is, and all
 * that he has overheard. */

#include "attack-testing.h"

#include <string.h>

#include "drt-clock.h"

#define N_MEMBERS 6
#define STRANGER  "[2001:db8:66::1]:4000"

static const DRT_SECURITY_MODE silent_modes[] = { DRT_SECURE_MEMBERSHIP, DRT_SECURE_CONFIDENTIALPAYLOAD };

/* --- Every message there is --- */

/* Whose proof a message carries. */
typedef enum
{
  PROOF_NONE,
  PROOF_FOREIGN,                 /* of another mesh */
  PROOF_STOLEN,                  /* a member's credential, another's signature */
  PROOF_RUBBISH,
  N_PROOFS
} ProofKind;

static const guint8 nonce[DRT_NONCE_SIZE] = { 1, 2, 3 };
static const guint8 no_bytes[400] = { 2, 0, 1, 1 };

static void
make_message (DrtMessageType     type,
              DrtMessage        *message,
              const DrtKey      *key,
              const DrtEndpoint *stranger)
{
  *message = (DrtMessage) { .type = type };
  switch (type)
    {
    case DRT_MESSAGE_SOLICIT:
      message->solicit.has_entry = TRUE;
      message->solicit.entry = (DrtWireEntry) {
        .key = *key, .major = 6, .minor = 101, .port = stranger->port, .n_addresses = 1, .addresses = stranger->address.s6_addr,
      };
      break;
    case DRT_MESSAGE_ADVERTISE:
      message->advertise.acked = 1;
      message->advertise.keys = (DrtWireKeys) { 1, key->b };
      break;
    case DRT_MESSAGE_REQUEST:
      message->request.has_split = TRUE;
      message->request.has_body = TRUE;
      message->request.body.keys = (DrtWireKeys) { 1, key->b };
      break;
    case DRT_MESSAGE_FLOOD:
      attack_flood (message, key, key, stranger);
      break;
    case DRT_MESSAGE_INQUIRE:
      attack_inquire (message, key, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C | DRT_INQUIRE_FLAG_X, nonce);
      break;
    case DRT_MESSAGE_AUTHORITY:
      message->authority.acked = 1;
      message->authority.size = 8;
      message->authority.fragment = (DrtSpan) { (const guint8 *) "\0\100\0\6\0\0\0\0", 8 };
      break;
    case DRT_MESSAGE_ACK:
      message->ack.acked = 1;
      break;
    case DRT_MESSAGE_LOOKUP:
    default:
      attack_lookup (message, key, key);
      break;
    }
}

/* As PROFILE-2.0.md 5 has it, of now; but for the signature itself. */
static void
make_signature (guint8 bytes[76])
{
  guint64 made = GUINT64_TO_BE ((guint64) drt_clock_now () / 1000);

  memset (bytes, 0x5a, 76);
  memcpy (bytes, "\2\0\1\0", 4);
  memcpy (bytes + 4, &made, sizeof made);
}

static void
send_with (CertifiedMesh     *mesh,
           CertifiedNode     *foreign,
           DrtMessageType     type,
           ProofKind          kind,
           const DrtKey      *key,
           const DrtEndpoint *from)
{
  const DRT_SECURITY_PROVIDER *member = mesh->nodes[1].provider;
  DrtMessage message;
  DrtWireProof *proof;
  DRT_DATA credential = { 0 };
  guint8 bytes[ATTACK_MESSAGE_MAX], signature[76];
  gsize length;

  make_message (type, &message, key, from);
  proof = drt_message_get_proof (&message);
  if (proof == NULL || kind == PROOF_NONE)
    {
      attack_send (mesh, NULL, &message, from, &mesh->nodes[0]);
      return;
    }
  if (kind == PROOF_FOREIGN)
    {
      attack_send (mesh, foreign, &message, from, &mesh->nodes[0]);
      return;
    }
  message.major = 6;
  message.minor = 101;
  message.id = 77;
  if (kind == PROOF_STOLEN)
    g_assert_cmpint (member->GetSerializedCredential (member->pvContext, &credential), ==, S_OK);
  proof->credential = kind == PROOF_STOLEN ? (DrtSpan) { credential.pb, credential.cb } : (DrtSpan) { no_bytes, sizeof no_bytes };
  make_signature (signature);
  proof->signature = (DrtSpan) { signature, sizeof signature };
  proof->key_identifier = kind == PROOF_STOLEN ? (DrtSpan) { mesh->nodes[1].key.b, DRT_KEY_SIZE } : (DrtSpan) { no_bytes, 32 };
  length = drt_message_encode (&message, bytes, sizeof bytes);
  g_assert_cmpuint (length, >, 0);
  virtual_mesh_inject (mesh->mesh, from, mesh->nodes[0].node, bytes, length);
  if (credential.pb != NULL)
    member->FreeData (member->pvContext, credential.pb);
}

static const DrtMessageType types[] = {
  DRT_MESSAGE_SOLICIT, DRT_MESSAGE_ADVERTISE, DRT_MESSAGE_REQUEST, DRT_MESSAGE_FLOOD,
  DRT_MESSAGE_INQUIRE, DRT_MESSAGE_AUTHORITY, DRT_MESSAGE_ACK, DRT_MESSAGE_LOOKUP,
};

/* All the work a message caused. */
typedef struct
{
  DrtSecurityCounters counters;
  guint64 n_out;
  guint64 dropped[DRT_DROP_N_REASONS];
} Work;

static Work
get_work (CertifiedNode *node)
{
  Work work = { .counters = certified_count (node), .n_out = node->node->node->counters.messages_out };

  memcpy (work.dropped, node->node->node->counters.dropped, sizeof work.dropped);
  return work;
}

/* What @after has more than @before. */
static Work
subtract (Work after,
          Work before)
{
  guint64 *a = (guint64 *) &after;
  const guint64 *b = (const guint64 *) &before;

  G_STATIC_ASSERT (sizeof (Work) % sizeof (guint64) == 0);
  for (gsize i = 0; i < sizeof (Work) / sizeof (guint64); i++)
    a[i] -= b[i];
  return after;
}

static void
check_silence (DRT_SECURITY_MODE mode)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (mode, 0);
  PCCERT_CONTEXT other_root = certified_authority (NULL, "another mesh");
  CertifiedNode *foreign;
  DrtEndpoint stranger;
  AttackWatch watch;
  DrtKey nobody = core_small_key (0x77);
  guint n_sent = 0;
  gint64 until;

  certified_mesh_fill (mesh, N_MEMBERS);
  foreign = certified_mesh_add_with (mesh, other_root, certified_issue (other_root, "a stranger", 365));
  g_assert_true (drt_endpoint_parse (STRANGER, &stranger));
  attack_watch (mesh, &watch, mesh->nodes[0].node, STRANGER);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    for (guint kind = 0; kind < N_PROOFS; kind++)
      {
        const DrtKey *keys[] = { &mesh->nodes[0].key, &mesh->nodes[1].key, &nobody };
        Work work[G_N_ELEMENTS (keys)];

        /* Once first: whether a credential is known must not make the difference. */
        send_with (mesh, foreign, types[i], kind, &nobody, &stranger);
        for (guint k = 0; k < G_N_ELEMENTS (keys); k++)
          {
            Work before = get_work (&mesh->nodes[0]);

            send_with (mesh, foreign, types[i], kind, keys[k], &stranger);
            work[k] = subtract (get_work (&mesh->nodes[0]), before);
            g_assert_cmpuint (work[k].n_out, ==, 0);
          }
        n_sent += 1 + G_N_ELEMENTS (keys);
        g_assert_cmpmem (&work[0], sizeof (Work), &work[2], sizeof (Work));
        g_assert_cmpmem (&work[1], sizeof (Work), &work[2], sizeof (Work));
        g_assert_cmpuint (work[0].counters.signatures_checked, <=, 1);
        g_assert_cmpuint (work[0].counters.chains_checked, ==, 0);
        g_assert_cmpuint (work[0].counters.buffers_opened, ==, 0);
        g_assert_cmpuint (work[0].counters.agreements, ==, 0);
      }
  /* Nor later. */
  until = mesh->mesh->now + 60 * SECOND;
  core_run (mesh->mesh, until - mesh->mesh->now);
  g_assert_cmpuint (watch.n_to, ==, 0);
  g_test_message ("%u messages of a non-member: %u datagrams to it; the same work whether the key named is registered or not",
                  n_sent, watch.n_to);
  attack_unwatch (mesh, &watch);
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));
  drt_certificate_unref (other_root);
}

static void
test_silence (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (silent_modes); i++)
    check_silence (silent_modes[i]);
}

/* What was signed too long ago costs not one signature, though its credential has never been seen. */
static void
test_too_late (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  PCCERT_CONTEXT other_root = certified_authority (NULL, "another mesh");
  DrtKey nobody = core_small_key (0x77);
  guint8 bytes[ATTACK_MESSAGE_MAX];
  CertifiedNode *foreign;
  DrtEndpoint stranger;
  DrtMessage message;
  gsize length;
  Work before;

  certified_mesh_fill (mesh, N_MEMBERS);
  foreign = certified_mesh_add_with (mesh, other_root, certified_issue (other_root, "a stranger", 365));
  g_assert_true (drt_endpoint_parse (STRANGER, &stranger));
  attack_lookup (&message, &nobody, &nobody);
  length = attack_encode (foreign, &message, bytes);
  mesh->started += 301 * G_USEC_PER_SEC;
  before = get_work (&mesh->nodes[0]);
  virtual_mesh_inject (mesh->mesh, &stranger, mesh->nodes[0].node, bytes, length);
  g_assert_cmpint (mesh->nodes[0].node->node->dropped, ==, DRT_DROP_NO_MEMBER);
  g_assert_cmpuint (subtract (get_work (&mesh->nodes[0]), before).counters.signatures_checked, ==, 0);
  drt_certificate_unref (other_root);
}

/* --- Overheard --- */

/* Every datagram of a mesh's first minute, sent once more by the eavesdropper, from his own
 * address, to whom it was sent. */
typedef struct
{
  GPtrArray *bytes;              /* of GBytes */
  GArray *to;                    /* of DrtEndpoint */
  GArray *from;
  gboolean ended;
  DrtEndpoint eavesdropper;
  guint n_answers;
} Overheard;

static gboolean
overhear_cb (VirtualMesh       *mesh,
             VirtualNode       *from,
             const DrtEndpoint *to,
             const guint8      *bytes,
             gsize              length,
             gpointer           data)
{
  Overheard *heard = data;

  heard->n_answers += drt_endpoint_equal (to, &heard->eavesdropper);
  if (heard->ended)
    return TRUE;
  g_ptr_array_add (heard->bytes, g_bytes_new (bytes, length));
  g_array_append_val (heard->to, *to);
  g_array_append_val (heard->from, from->endpoint);
  return TRUE;
}

static CertifiedNode *
find_at (CertifiedMesh     *mesh,
         const DrtEndpoint *endpoint)
{
  for (guint i = 0; i < mesh->n; i++)
    if (drt_endpoint_equal (&mesh->nodes[i].node->endpoint, endpoint))
      return &mesh->nodes[i];
  return NULL;
}

static guint64
count_dropped (CertifiedMesh *mesh,
               DrtDropReason  reason)
{
  guint64 n = 0;

  for (guint i = 0; i < mesh->n; i++)
    n += mesh->nodes[i].node->node->counters.dropped[reason];
  return n;
}

static void
replay_all (CertifiedMesh *mesh,
            Overheard     *heard,
            gboolean       from_where_it_came)
{
  for (guint i = 0; i < heard->bytes->len; i++)
    {
      CertifiedNode *to = find_at (mesh, &g_array_index (heard->to, DrtEndpoint, i));
      gsize length;
      const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (heard->bytes, i), &length);

      if (to != NULL)
        virtual_mesh_inject (mesh->mesh, from_where_it_came ? &g_array_index (heard->from, DrtEndpoint, i) : &heard->eavesdropper,
                             to->node, bytes, length);
    }
}

static void
check_replay (DRT_SECURITY_MODE mode)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (mode, 0);
  Overheard heard = { .bytes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) };
  guint64 n_replayed, n_unexpected, n_refused;

  heard.to = g_array_new (FALSE, FALSE, sizeof (DrtEndpoint));
  heard.from = g_array_new (FALSE, FALSE, sizeof (DrtEndpoint));
  g_assert_true (drt_endpoint_parse (STRANGER, &heard.eavesdropper));
  mesh->mesh->filter = overhear_cb;
  mesh->mesh->filter_data = &heard;
  certified_mesh_fill (mesh, N_MEMBERS);
  heard.ended = TRUE;
  core_run (mesh->mesh, SECOND);   /* what is on its way arrives first */

  /* At once, from elsewhere: LOOKUPs and the like are replayed, AUTHORITYs unexpected. */
  n_replayed = count_dropped (mesh, DRT_DROP_REPLAYED);
  n_unexpected = count_dropped (mesh, DRT_DROP_UNEXPECTED);
  replay_all (mesh, &heard, FALSE);
  n_replayed = count_dropped (mesh, DRT_DROP_REPLAYED) - n_replayed;
  n_unexpected = count_dropped (mesh, DRT_DROP_UNEXPECTED) - n_unexpected;
  g_assert_cmpuint (heard.n_answers, ==, 0);
  g_assert_cmpuint (n_replayed + n_unexpected, >=, heard.bytes->len * 99 / 100);
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));

  /* After 301 s not even from where it came. */
  mesh->started += 301 * G_USEC_PER_SEC;
  n_refused = count_dropped (mesh, DRT_DROP_NO_MEMBER);
  replay_all (mesh, &heard, TRUE);
  n_refused = count_dropped (mesh, DRT_DROP_NO_MEMBER) - n_refused;
  g_assert_cmpuint (n_refused, >, 0);
  g_test_message ("%u datagrams overheard: %" G_GUINT64_FORMAT " replayed, %" G_GUINT64_FORMAT " unexpected, %u answers; "
                  "301 s later %" G_GUINT64_FORMAT " too old", heard.bytes->len, n_replayed, n_unexpected, heard.n_answers, n_refused);
  core_run (mesh->mesh, 30 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));
  g_assert_cmpuint (heard.n_answers, ==, 0);

  mesh->mesh->filter = NULL;
  g_ptr_array_unref (heard.bytes);
  g_array_unref (heard.to);
  g_array_unref (heard.from);
}

static void
test_replay (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (silent_modes); i++)
    check_replay (silent_modes[i]);
}

/* Somebody who guesses MessageIDs, and one who knows them: an AUTHORITY of before does not
 * answer an INQUIRE of now, for its CPA has the nonce of then. */
static void
test_replayed_authority (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  CertifiedNode *victim, *asker;
  const DrtEntry *entry;
  const DrtPending *request;
  AttackWatch watch;
  DrtMessage message;
  DrtAuthorityBuffer buffer;
  guint64 n_unexpected;
  g_autoptr (GBytes) old = NULL;
  const guint8 *bytes;
  gsize length;

  certified_mesh_fill (mesh, N_MEMBERS);
  asker = &mesh->nodes[0];
  victim = &mesh->nodes[1];

  n_unexpected = asker->node->node->counters.dropped[DRT_DROP_UNEXPECTED];
  for (guint i = 0; i < 10000; i++)
    {
      DrtAuthorityBuffer gone = { .flags = DRT_AUTHORITY_FLAG_N };

      attack_answer (mesh, asker, &victim->node->endpoint, g_random_int (), &gone);
    }
  n_unexpected = asker->node->node->counters.dropped[DRT_DROP_UNEXPECTED] - n_unexpected;
  g_assert_cmpuint (n_unexpected, ==, 10000);
  g_assert_nonnull (drt_cache_find (&asker->node->node->cache, &victim->key));

  /* An answer to the asker, caught. */
  attack_watch (mesh, &watch, victim->node, "[::]:1");
  watch.to = asker->node->endpoint;
  watch.catch = TRUE;
  attack_inquire (&message, &victim->key, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C, nonce);
  attack_send (mesh, asker, &message, &asker->node->endpoint, victim);
  old = g_queue_pop_tail (&watch.caught);
  g_assert_nonnull (old);
  bytes = g_bytes_get_data (old, &length);
  g_assert_cmpint (drt_message_decode (bytes, length, &message), ==, DRT_DECODE_OK);
  g_assert_cmpint (drt_authority_buffer_decode (message.authority.fragment.data, message.authority.size, &buffer), ==, DRT_DECODE_OK);
  attack_unwatch (mesh, &watch);

  /* The asker comes to ask anew, as of somebody just met. */
  entry = drt_cache_find (&asker->node->node->cache, &victim->key);
  g_assert_nonnull (entry);
  drt_node_drop_entry (asker->node->node, mesh->mesh->now, &victim->key);
  attack_flood (&message, &asker->key, &victim->key, &victim->node->endpoint);
  attack_send (mesh, &mesh->nodes[2], &message, &mesh->nodes[2].node->endpoint, asker);
  request = drt_pending_list_get_newest (&asker->node->node->pending);
  for (guint i = 0; request->kind != DRT_PENDING_INQUIRE_NEW && i < asker->node->node->validations->len; i++)
    request = drt_pending_list_find (&asker->node->node->pending,
                                     ((DrtValidation *) g_ptr_array_index (asker->node->node->validations, i))->inquire_id);
  g_assert_cmpint (request->kind, ==, DRT_PENDING_INQUIRE_NEW);
  attack_answer (mesh, asker, &victim->node->endpoint, request->id, &buffer);
  g_assert_cmpint (asker->node->node->dropped, ==, DRT_DROP_INVALID_CPA);
  g_assert_null (drt_cache_find (&asker->node->node->cache, &victim->key));
  g_test_message ("10000 guessed MessageIDs: none right; an old CPA for a new nonce: refused");
  core_run (mesh->mesh, 60 * SECOND);
  g_assert_true (virtual_mesh_leaves_right (mesh->mesh));
}

/* --- Reflection --- */

/* With the victim's address for a source, everything an outsider has: nothing comes out. */
static void
test_reflection (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 3);
  Overheard heard = { .bytes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) };
  guint64 bytes_in = 0;

  heard.to = g_array_new (FALSE, FALSE, sizeof (DrtEndpoint));
  heard.from = g_array_new (FALSE, FALSE, sizeof (DrtEndpoint));
  g_assert_true (drt_endpoint_parse (STRANGER, &heard.eavesdropper));
  mesh->mesh->filter = overhear_cb;
  mesh->mesh->filter_data = &heard;
  certified_mesh_fill (mesh, N_MEMBERS);
  heard.ended = TRUE;
  core_run (mesh->mesh, SECOND);   /* what is on its way arrives first */
  for (guint i = 0; i < heard.bytes->len; i++)
    bytes_in += g_bytes_get_size (g_ptr_array_index (heard.bytes, i));
  replay_all (mesh, &heard, FALSE);
  core_run (mesh->mesh, 10 * SECOND);
  g_test_message ("reflection by an outsider: %" G_GUINT64_FORMAT " bytes in, %u datagrams out: factor 0", bytes_in, heard.n_answers);
  g_assert_cmpuint (heard.n_answers, ==, 0);
  mesh->mesh->filter = NULL;
  g_ptr_array_unref (heard.bytes);
  g_array_unref (heard.to);
  g_array_unref (heard.from);
}

/* --- Half-open conversations --- */

static guint
count_conversations (CertifiedNode     *node,
                     const DrtEndpoint *with)
{
  guint n = 0;

  for (guint i = 0; i < node->node->node->conversations->len; i++)
    n += drt_endpoint_equal (&g_array_index (node->node->node->conversations, DrtConversation, i).peer, with);
  return n;
}

/* A thousand SOLICITs in a second: without a proof not one signature is looked at; with the
 * same stolen credential each costs one, and no chain. */
static void
test_half_open (void)
{
  g_autoptr (CertifiedMesh) mesh = certified_mesh_new (DRT_SECURE_MEMBERSHIP, 0);
  DrtKey nobody = core_small_key (0x77);
  DrtEndpoint stranger;
  AttackWatch watch;
  Work work[2];

  certified_mesh_fill (mesh, N_MEMBERS);
  g_assert_true (drt_endpoint_parse (STRANGER, &stranger));
  attack_watch (mesh, &watch, mesh->nodes[0].node, STRANGER);
  for (guint stolen = 0; stolen < 2; stolen++)
    {
      Work before = get_work (&mesh->nodes[0]);

      for (guint i = 0; i < 1000; i++)
        {
          send_with (mesh, NULL, DRT_MESSAGE_SOLICIT, stolen ? PROOF_STOLEN : PROOF_NONE, &nobody, &stranger);
          if (i % 100 == 99)
            core_run (mesh->mesh, SECOND / 10);
        }
      work[stolen] = subtract (get_work (&mesh->nodes[0]), before);
      g_assert_cmpuint (count_conversations (&mesh->nodes[0], &stranger), ==, 0);
      g_assert_cmpuint (work[stolen].counters.chains_checked, ==, 0);
      g_assert_cmpuint (certified_search (&mesh->nodes[3], &mesh->nodes[0].key), ==, 1);
    }
  g_assert_cmpuint (watch.n_to, ==, 0);
  g_test_message ("1000 SOLICITs in a second without a proof: %" G_GUINT64_FORMAT " signatures checked; with a stolen credential %"
                  G_GUINT64_FORMAT "; no conversation, no answer", work[0].counters.signatures_checked, work[1].counters.signatures_checked);
  g_assert_cmpuint (work[0].counters.signatures_checked, <, 100);
  g_assert_cmpuint (work[1].counters.signatures_checked, <=, 1100);
  attack_unwatch (mesh, &watch);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attacks/outside/silence", test_silence);
  g_test_add_func ("/attacks/outside/too-late", test_too_late);
  g_test_add_func ("/attacks/outside/replay", test_replay);
  g_test_add_func ("/attacks/outside/replayed-authority", test_replayed_authority);
  g_test_add_func ("/attacks/outside/reflection", test_reflection);
  g_test_add_func ("/attacks/outside/half-open", test_half_open);
  return g_test_run ();
}
