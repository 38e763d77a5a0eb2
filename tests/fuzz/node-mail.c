/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "node-world.h"

#include <openssl/evp.h>
#include <string.h>

/* What the peers of a world send: bytes, messages made of the input, and answers
 * to what the node has sent, honest ones and others. */

#define KNOWN_NONCES 8

/* A message under way, with room for what it points to. */
typedef struct
{
  DrtMessage message;
  guint8 addresses[DRT_MAX_ENTRY_ADDRESSES * 16];
  guint8 endpoints[DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];
  guint8 keys[32 * DRT_KEY_SIZE];
  guint8 buffer[DRT_REASSEMBLED_MAX];
  GPtrArray *blocks;             /* of the provider */
} Mail;

static void
mail_init (Mail           *mail,
           World          *world,
           DrtMessageType  type,
           guint32         id)
{
  memset (&mail->message, 0, sizeof mail->message);
  mail->message.type = type;
  mail->message.major = 6;
  mail->message.minor = 1;
  mail->message.id = id;
  mail->blocks = g_ptr_array_new_with_free_func (g_free);
}

static void
mail_clear (Mail *mail)
{
  g_ptr_array_unref (mail->blocks);
}

/* What a peer gets from its provider is the peer's own. */
static DrtSpan
take_block (Mail     *mail,
            World    *world,
            DRT_DATA *data)
{
  static const guint8 empty[1];

  if (data->pb == NULL)
    return (DrtSpan) { empty, 0 };
  world->provider.n_blocks--;
  g_ptr_array_add (mail->blocks, data->pb);
  return (DrtSpan) { data->pb, data->cb };
}

/* Some of the message's bytes changed, lost or added. */
static void
deliver (World             *world,
         const DrtEndpoint *from,
         const guint8      *bytes,
         gsize              length)
{
  guint harm = fuzz_u8 (world->input);
  g_autofree guint8 *copy = g_malloc (length + 16);

  memcpy (copy, bytes, length);
  if (harm >= 200)
    {
      for (guint i = harm % 4; i > 0 && length > 0; i--)
        copy[fuzz_u16 (world->input) % length] ^= fuzz_u8 (world->input);
      if (harm % 8 == 4)
        length = fuzz_u16 (world->input) % (length + 1);
      if (harm % 8 == 5)
        {
          memset (copy + length, (int) harm, 16);
          length += harm % 16;
        }
    }
  copy = g_realloc (copy, MAX (length, 1));
  world_enter (world);
  drt_node_receive (world->node, world->now, world->now - fuzz_u8 (world->input) * 100, from, copy, length);
  world_leave (world);
}

static void
mail_send (Mail              *mail,
           World             *world,
           const DrtEndpoint *from)
{
  static guint8 bytes[DRT_MESSAGE_MAX];
  gsize length = drt_message_encode (&mail->message, bytes, sizeof bytes);

  if (length > 0)
    deliver (world, from, bytes, length);
}

/* --- Parts of messages --- */

static void
put_entry (Mail              *mail,
           DrtWireEntry      *entry,
           const DrtKey      *key,
           const DrtEndpoint *at)
{
  memcpy (mail->addresses, &at->address, 16);
  *entry = (DrtWireEntry) {
    .key = *key, .major = 6, .minor = 1, .port = MAX (at->port, DRT_MIN_PORT), .n_addresses = 1, .addresses = mail->addresses,
  };
}

static void
make_entry (Mail         *mail,
            World        *world,
            DrtWireEntry *entry)
{
  DrtEndpoint at;
  DrtKey key;

  world_key (world, &key);
  world_endpoint (world, &at);
  put_entry (mail, entry, &key, &at);
  for (guint more = fuzz_u8 (world->input); more > 230 && entry->n_addresses < DRT_MAX_ENTRY_ADDRESSES; more--)
    {
      world_endpoint (world, &at);
      memcpy (mail->addresses + entry->n_addresses++ * 16, &at.address, 16);
    }
}

static void
make_endpoints (Mail             *mail,
                World            *world,
                DrtWireEndpoints *list,
                guint             minimum)
{
  guint n = minimum + fuzz_u8 (world->input) % (DRT_MAX_PATH + 1 - minimum);

  for (guint i = 0; i < n; i++)
    {
      DrtEndpoint endpoint;

      world_endpoint (world, &endpoint);
      drt_wire_endpoint_put (mail->endpoints + i * DRT_WIRE_ENDPOINT_SIZE, &endpoint);
    }
  *list = (DrtWireEndpoints) { (guint8) n, mail->endpoints };
}

static void
make_keys (Mail        *mail,
           World       *world,
           DrtWireKeys *list)
{
  guint n = fuzz_u8 (world->input) % 33;

  for (guint i = 0; i < n; i++)
    {
      DrtKey key;

      world_key (world, &key);
      memcpy (mail->keys + i * DRT_KEY_SIZE, key.b, DRT_KEY_SIZE);
    }
  *list = (DrtWireKeys) { (guint16) n, mail->keys };
}

/* One of a few, whose hashes are known. */
static void
make_nonce (World  *world,
            guint8 *nonce,
            guint8 *hash)
{
  unsigned int length = DRT_HASHED_NONCE_SIZE;

  memset (nonce, (int) fuzz_below (world->input, KNOWN_NONCES), DRT_NONCE_SIZE);
  if (hash != NULL)
    fuzz_check (EVP_Digest (nonce, DRT_NONCE_SIZE, hash, &length, EVP_sha1 (), NULL) == 1);
}

static void
make_proof (Mail         *mail,
            World        *world,
            DrtWireProof *proof)
{
  DRT_SECURITY_PROVIDER *provider = &world->provider.table;
  DRT_DATA credential, identifier, signature;

  if (world->mode == DRT_SECURE_RESOLVE && fuzz_u8 (world->input) < 250)
    return;
  provider->GetSerializedCredential (provider->pvContext, &credential);
  provider->SignData (provider->pvContext, 0, NULL, &identifier, &signature);
  proof->credential = take_block (mail, world, &credential);
  proof->key_identifier = take_block (mail, world, &identifier);
  proof->signature = take_block (mail, world, &signature);
}

/* Of a message that has one only where the provider binds. */
static void
make_open_proof (Mail         *mail,
                 World        *world,
                 DrtWireProof *proof)
{
  if (world->node->settings.binds || fuzz_u8 (world->input) > 250)
    make_proof (mail, world, proof);
}

static DrtSpan
make_cpa (Mail              *mail,
          World             *world,
          const DrtKey      *key,
          const DrtEndpoint *at,
          const guint8      *nonce,
          DWORD              flags)
{
  DRT_SECURITY_PROVIDER *provider = &world->provider.table;
  struct sockaddr_in6 name;
  SOCKET_ADDRESS_LIST list = { 1, { { (SOCKADDR *) &name, sizeof name } } };
  DRT_DATA key_data = { DRT_KEY_SIZE, (BYTE *) key->b };
  DRT_DATA nonce_data = { DRT_NONCE_SIZE, (BYTE *) nonce };
  DRT_DATA cpa, classifier, payload = { 0 }, chain;

  drt_endpoint_to_sockaddr (at, &name);
  fuzz_check (provider->SecureAndPackPayload (provider->pvContext, NULL, 6, 1, flags, &key_data, NULL, &list,
                                              nonce != NULL ? &nonce_data : NULL, &cpa, &classifier, &payload,
                                              &chain) == S_OK);
  take_block (mail, world, &classifier);
  take_block (mail, world, &chain);
  return take_block (mail, world, &cpa);
}

/* Sealed as the mode wants it. */
static DrtSpan
seal (Mail    *mail,
      World   *world,
      DrtSpan  clear,
      DrtSpan *keytoken)
{
  DRT_SECURITY_PROVIDER *provider = &world->provider.table;
  DRT_DATA in = { (ULONG) clear.length, (BYTE *) clear.data }, out, token;

  provider->EncryptData (provider->pvContext, NULL, 1, &in, &out, &token);
  *keytoken = take_block (mail, world, &token);
  return take_block (mail, world, &out);
}

static void
seal_entry (Mail               *mail,
            World              *world,
            const DrtWireEntry *entry,
            DrtSpan            *sealed,
            DrtSpan            *keytoken)
{
  guint8 *bytes = g_malloc (64 + sizeof (DrtEntryAddresses));

  g_ptr_array_add (mail->blocks, bytes);
  *sealed = seal (mail, world, (DrtSpan) { bytes, drt_wire_entry_encode (entry, bytes, 64 + sizeof (DrtEntryAddresses)) }, keytoken);
}

static void
seal_endpoints (Mail                   *mail,
                World                  *world,
                const DrtWireEndpoints *list,
                DrtSpan                *sealed,
                DrtSpan                *keytoken)
{
  guint8 bytes[16 + DRT_MAX_PATH * DRT_WIRE_ENDPOINT_SIZE];

  *sealed = seal (mail, world, (DrtSpan) { bytes, drt_wire_endpoints_encode (list, bytes, sizeof bytes) }, keytoken);
}

/* --- Messages --- */

static void
build_flood (Mail  *mail,
             World *world)
{
  DrtFlood *flood = &mail->message.flood;
  guint what = fuzz_u8 (world->input);
  DrtWireEndpoints list;
  DrtEndpoint at;
  DrtKey key;

  flood->flags = what & DRT_FLOOD_FLAG_D;
  world_key (world, &flood->validate_key);
  if (what & 2)
    {
      flood->has_entry = TRUE;
      make_entry (mail, world, &flood->entry);
    }
  if (what & 4)
    {
      world_key (world, &key);
      world_peer (fuzz_below (world->input, WORLD_PEERS), &at);
      flood->revoke_cpa = make_cpa (mail, world, &key, &at, NULL, what & 8 ? 0 : DRT_PAYLOAD_REVOKED);
    }
  make_open_proof (mail, world, &flood->proof);
  make_endpoints (mail, world, &list, 0);
  if (world->mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      flood->has_flooded = TRUE;
      flood->flooded = list;
      return;
    }
  if (flood->has_entry)
    seal_entry (mail, world, &flood->entry, &flood->sealed_entry, &flood->keytoken);
  if (DRT_SPAN_PRESENT (flood->revoke_cpa))
    flood->revoke_cpa = seal (mail, world, flood->revoke_cpa, &flood->keytoken);
  seal_endpoints (mail, world, &list, &flood->sealed_flooded, &flood->keytoken);
  flood->has_entry = FALSE;
}

static void
build_lookup (Mail  *mail,
              World *world)
{
  DrtLookup *lookup = &mail->message.lookup;
  static const DrtResolveCriteria criteria[] = {
    DRT_CRITERIA_NONE, DRT_CRITERIA_ANY, DRT_CRITERIA_NEAREST, DRT_CRITERIA_NEAREST64, DRT_CRITERIA_UPPER_BITS,
  };
  guint what = fuzz_u8 (world->input);

  lookup->flags = what & DRT_LOOKUP_FLAG_A;
  lookup->criteria = criteria[what / 4 % G_N_ELEMENTS (criteria)];
  lookup->precision = lookup->criteria == DRT_CRITERIA_UPPER_BITS ? fuzz_u8 (world->input) : 0;
  lookup->reason = what / 32 % 4;
  world_key (world, &lookup->target);
  world_key (world, &lookup->validate_key);
  make_endpoints (mail, world, &lookup->path, 1);
  make_proof (mail, world, &lookup->proof);
  if (what & 1)
    {
      lookup->has_entry = TRUE;
      make_entry (mail, world, &lookup->entry);
    }
  if (world->mode != DRT_SECURE_CONFIDENTIALPAYLOAD)
    return;
  if (lookup->has_entry)
    seal_entry (mail, world, &lookup->entry, &lookup->sealed_entry, &lookup->keytoken);
  seal_endpoints (mail, world, &lookup->path, &lookup->sealed_path, &lookup->keytoken);
  lookup->has_entry = FALSE;
  lookup->path = (DrtWireEndpoints) { 0 };
}

static void
build_inquire (Mail  *mail,
               World *world)
{
  DrtInquire *inquire = &mail->message.inquire;

  inquire->flags = fuzz_u8 (world->input) & (DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_X | DRT_INQUIRE_FLAG_C);
  world_key (world, &inquire->validate_key);
  inquire->has_nonce = (inquire->flags & DRT_INQUIRE_FLAG_A) != 0 || fuzz_u8 (world->input) > 200;
  if (inquire->has_nonce)
    make_nonce (world, inquire->nonce, NULL);
  make_proof (mail, world, &inquire->proof);
}

/* In the modes with proofs a fragment of the body, mostly all of it. */
static void
build_request (Mail  *mail,
               World *world)
{
  DrtRequest *request = &mail->message.request;
  gsize length;

  make_nonce (world, request->body.nonce, NULL);
  make_keys (mail, world, &request->body.keys);
  make_proof (mail, world, &request->body.proof);
  if (world->mode == DRT_SECURE_RESOLVE)
    {
      request->has_body = TRUE;
      return;
    }
  length = drt_request_body_encode (&request->body, mail->buffer, sizeof mail->buffer);
  request->has_split = TRUE;
  request->size = (guint16) length;
  request->offset = length > 0 ? (guint16) (fuzz_u8 (world->input) % ((length - 1) / DRT_FRAGMENT_SIZE + 1) * DRT_FRAGMENT_SIZE) : 0;
  request->fragment = (DrtSpan) { mail->buffer + request->offset, MIN (length - request->offset, DRT_FRAGMENT_SIZE) };
  memset (&request->body, 0, sizeof request->body);
}

static guint32
any_sent_id (World *world)
{
  WorldDatagram *datagram = g_queue_peek_nth (&world->sent, fuzz_u8 (world->input) % WORLD_REMEMBER);
  DrtMessage message;
  gsize length;
  const guint8 *bytes;

  if (datagram == NULL)
    return fuzz_u8 (world->input);
  bytes = g_bytes_get_data (datagram->bytes, &length);
  fuzz_check (drt_message_decode (bytes, length, &message) == DRT_DECODE_OK);
  return message.id;
}

void
world_mail_built (World *world)
{
  static const DrtMessageType types[] = {
    DRT_MESSAGE_SOLICIT, DRT_MESSAGE_ADVERTISE, DRT_MESSAGE_REQUEST, DRT_MESSAGE_FLOOD,
    DRT_MESSAGE_INQUIRE, DRT_MESSAGE_AUTHORITY, DRT_MESSAGE_ACK, DRT_MESSAGE_LOOKUP,
  };
  static Mail mail;
  DrtMessageType type = types[fuzz_below (world->input, G_N_ELEMENTS (types))];
  guint8 unused[DRT_NONCE_SIZE];
  DrtEndpoint from;

  world_endpoint (world, &from);
  mail_init (&mail, world, type, fuzz_u8 (world->input) + 1u);
  switch (type)
    {
    case DRT_MESSAGE_SOLICIT:
      mail.message.solicit.has_entry = fuzz_flip (world->input);
      if (mail.message.solicit.has_entry)
        make_entry (&mail, world, &mail.message.solicit.entry);
      make_nonce (world, unused, mail.message.solicit.hashed_nonce);
      make_open_proof (&mail, world, &mail.message.solicit.proof);
      break;
    case DRT_MESSAGE_ADVERTISE:
      mail.message.advertise.acked = any_sent_id (world);
      make_keys (&mail, world, &mail.message.advertise.keys);
      make_nonce (world, unused, mail.message.advertise.hashed_nonce);
      break;
    case DRT_MESSAGE_REQUEST:
      build_request (&mail, world);
      break;
    case DRT_MESSAGE_FLOOD:
      build_flood (&mail, world);
      break;
    case DRT_MESSAGE_INQUIRE:
      build_inquire (&mail, world);
      break;
    case DRT_MESSAGE_AUTHORITY:
      mail.message.authority.acked = any_sent_id (world);
      mail.message.authority.size = MAX (fuzz_u16 (world->input) % DRT_REASSEMBLED_MAX, 1);
      mail.message.authority.offset = (guint16) (fuzz_u8 (world->input) % (mail.message.authority.size / DRT_FRAGMENT_SIZE + 1) * DRT_FRAGMENT_SIZE);
      mail.message.authority.fragment.data = fuzz_bytes (world->input, MIN (DRT_FRAGMENT_SIZE, mail.message.authority.size - mail.message.authority.offset),
                                                         &mail.message.authority.fragment.length);
      break;
    case DRT_MESSAGE_ACK:
      mail.message.ack.acked = any_sent_id (world);
      mail.message.ack.flags = fuzz_u8 (world->input) & DRT_ACK_FLAG_N;
      break;
    default:
      build_lookup (&mail, world);
      break;
    }
  mail_send (&mail, world, &from);
  mail_clear (&mail);
}

void
world_mail_raw (World *world)
{
  gsize length;
  g_autofree guint8 *bytes = NULL;
  DrtEndpoint from;

  world_endpoint (world, &from);
  bytes = fuzz_dup (world->input, fuzz_u16 (world->input) % 2048, &length);
  deliver (world, &from, bytes, length);
}

/* --- Answers --- */

/* As somebody does who knows all of 48 keys spread over the ring. */
static void
answer_lookup (Mail               *mail,
               World              *world,
               const DrtLookup    *lookup,
               gboolean            honest,
               DrtAuthorityBuffer *buffer)
{
  DrtKey best;
  DrtEndpoint at;
  gboolean any = FALSE;

  if (!honest)
    {
      buffer->flags = fuzz_u8 (world->input) % 8 == 0 ? DRT_AUTHORITY_FLAG_L | DRT_AUTHORITY_FLAG_B : 0;
      buffer->flags |= fuzz_u8 (world->input) % 8 == 0 ? DRT_AUTHORITY_FLAG_N : 0;
      buffer->has_entry = fuzz_u8 (world->input) % 8 != 0;
      if (buffer->has_entry)
        make_entry (mail, world, &buffer->entry);
      return;
    }
  for (guint i = 0; i < WORLD_PEERS; i++)
    {
      DrtKey key;
      DrtEndpoint peer;

      world_number_key (i * 257 * 5, &key);
      world_peer (i, &peer);
      if ((any && drt_key_compare_distance (&lookup->target, &key, &best) >= 0) ||
          drt_wire_endpoints_contain (&lookup->path, &peer))
        continue;
      any = TRUE;
      best = key;
      at = peer;
    }
  buffer->has_entry = any;
  if (any)
    put_entry (mail, &buffer->entry, &best, &at);
}

static void
answer_inquire (Mail               *mail,
                World              *world,
                const DrtInquire   *inquire,
                const DrtEndpoint  *asked,
                gboolean            honest,
                DrtAuthorityBuffer *buffer)
{
  guint lie = honest ? 255 : fuzz_u8 (world->input);
  DrtKey key = inquire->validate_key;
  DrtEndpoint at = *asked;
  guint8 nonce[DRT_NONCE_SIZE];

  memcpy (nonce, inquire->nonce, sizeof nonce);
  if (lie < 32)
    buffer->flags = DRT_AUTHORITY_FLAG_N;
  else if (lie < 64)
    world_key (world, &key);
  else if (lie < 96)
    world_endpoint (world, &at);
  else if (lie < 112)
    make_nonce (world, nonce, NULL);
  if (lie < 128 && lie >= 120)
    return;
  if (inquire->flags & DRT_INQUIRE_FLAG_A)
    buffer->cpa = make_cpa (mail, world, &key, &at, inquire->has_nonce ? nonce : NULL, lie == 119 ? DRT_PAYLOAD_REVOKED : 0);
  if (inquire->flags & DRT_INQUIRE_FLAG_X)
    buffer->payload.data = fuzz_bytes (world->input, honest ? 0 : fuzz_u8 (world->input), &buffer->payload.length);
  if (inquire->flags & DRT_INQUIRE_FLAG_C)
    buffer->credential = (DrtSpan) { mail->addresses, fuzz_u8 (world->input) % sizeof mail->addresses };
}

static void
seal_buffer (Mail               *mail,
             World              *world,
             DrtAuthorityBuffer *buffer)
{
  if (buffer->has_entry)
    seal_entry (mail, world, &buffer->entry, &buffer->sealed_entry, &buffer->keytoken);
  else
    seal (mail, world, (DrtSpan) { mail->addresses, 0 }, &buffer->keytoken);
  if (DRT_SPAN_PRESENT (buffer->cpa))
    buffer->cpa = seal (mail, world, buffer->cpa, &buffer->keytoken);
  if (DRT_SPAN_PRESENT (buffer->payload))
    buffer->payload = seal (mail, world, buffer->payload, &buffer->keytoken);
  buffer->has_entry = FALSE;
}

/* As many AUTHORITYs as it takes. */
static void
send_buffer (Mail               *mail,
             World              *world,
             const DrtEndpoint  *from,
             guint32             acked,
             DrtAuthorityBuffer *buffer)
{
  gsize length;

  if (world->mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    seal_buffer (mail, world, buffer);
  length = drt_authority_buffer_encode (buffer, mail->buffer, sizeof mail->buffer);
  for (gsize offset = 0; offset < length; offset += DRT_FRAGMENT_SIZE)
    {
      mail->message.authority.acked = acked;
      mail->message.authority.size = (guint16) length;
      mail->message.authority.offset = (guint16) offset;
      mail->message.authority.fragment = (DrtSpan) { mail->buffer + offset, MIN (length - offset, DRT_FRAGMENT_SIZE) };
      mail_send (mail, world, from);
    }
}

static void
answer_flood (Mail             *mail,
              World            *world,
              const DrtMessage *question,
              gboolean          honest,
              const DrtEndpoint *from)
{
  mail->message.type = DRT_MESSAGE_ACK;
  mail->message.ack.acked = question->id;
  mail->message.ack.flags = honest ? 0 : fuzz_u8 (world->input) & DRT_ACK_FLAG_N;
  mail_send (mail, world, from);
}

static void
answer_solicit (Mail              *mail,
                World             *world,
                const DrtMessage  *question,
                const DrtEndpoint *from)
{
  DrtAdvertise *advertise = &mail->message.advertise;

  mail->message.type = DRT_MESSAGE_ADVERTISE;
  advertise->acked = question->id;
  memcpy (advertise->hashed_nonce, question->solicit.hashed_nonce, sizeof advertise->hashed_nonce);
  make_keys (mail, world, &advertise->keys);
  mail_send (mail, world, from);
}

/**
 * world_mail_answer:
 * @which: of what the node has sent, the newest first
 * @honest: whether the answer is what a good node would give
 */
void
world_mail_answer (World    *world,
                   guint     which,
                   gboolean  honest)
{
  static Mail mail;
  WorldDatagram *datagram = g_queue_peek_nth (&world->sent, which);
  g_autoptr (GBytes) kept = NULL;
  DrtAuthorityBuffer buffer = { 0 };
  DrtMessage question;
  DrtEndpoint from;
  gsize length;
  const guint8 *bytes;

  if (datagram == NULL)
    return;
  kept = g_bytes_ref (datagram->bytes);
  bytes = g_bytes_get_data (kept, &length);
  fuzz_check (drt_message_decode (bytes, length, &question) == DRT_DECODE_OK);
  from = datagram->to;
  if (!honest && fuzz_u8 (world->input) > 240)
    world_endpoint (world, &from);
  mail_init (&mail, world, DRT_MESSAGE_AUTHORITY, honest ? question.id ^ 0x80000000u : fuzz_u8 (world->input) + 1u);
  switch (question.type)
    {
    case DRT_MESSAGE_SOLICIT:
      answer_solicit (&mail, world, &question, &from);
      break;
    case DRT_MESSAGE_REQUEST:
    case DRT_MESSAGE_FLOOD:
      answer_flood (&mail, world, &question, honest, &from);
      break;
    case DRT_MESSAGE_INQUIRE:
      answer_inquire (&mail, world, &question.inquire, &datagram->to, honest, &buffer);
      send_buffer (&mail, world, &from, question.id, &buffer);
      break;
    case DRT_MESSAGE_LOOKUP:
      answer_lookup (&mail, world, &question.lookup, honest, &buffer);
      send_buffer (&mail, world, &from, question.id, &buffer);
      break;
    default:
      break;
    }
  mail_clear (&mail);
}

/* Many entries at once, each told by its own node and proved: a cache fills up. */
void
world_mail_crowd (World *world)
{
  static Mail mail;
  guint first = fuzz_u16 (world->input), stride = 1 + fuzz_u16 (world->input) % 1024, n = 1 + fuzz_u8 (world->input) % 96;

  for (guint i = 0; i < n; i++)
    {
      DrtFlood *flood = &mail.message.flood;
      DrtWireEntry entry;
      DrtEndpoint at;
      DrtKey key;

      mail_init (&mail, world, DRT_MESSAGE_FLOOD, 1);
      world_number_key (first + i * stride, &key);
      world_peer ((first + i) % WORLD_PEERS, &at);
      put_entry (&mail, &entry, &key, &at);
      flood->flags = DRT_FLOOD_FLAG_D;
      if (world->mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
        {
          seal_entry (&mail, world, &entry, &flood->sealed_entry, &flood->keytoken);
        }
      else
        {
          flood->has_entry = TRUE;
          flood->entry = entry;
        }
      mail_send (&mail, world, &at);
      mail_clear (&mail);
      world_mail_answer (world, 0, TRUE);
    }
}
