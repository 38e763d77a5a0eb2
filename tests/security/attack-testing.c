/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "attack-testing.h"

#include <string.h>

static gboolean
watch_cb (VirtualMesh       *mesh,
          VirtualNode       *from,
          const DrtEndpoint *to,
          const guint8      *bytes,
          gsize              length,
          gpointer           data)
{
  AttackWatch *watch = data;

  if (watch->node != NULL && from != watch->node)
    return TRUE;
  watch->n_all++;
  if (!drt_endpoint_equal (to, &watch->to))
    return TRUE;
  watch->n_to++;
  watch->bytes_to += length;
  if (watch->catch)
    g_queue_push_tail (&watch->caught, g_bytes_new (bytes, length));
  return TRUE;
}

void
attack_watch (CertifiedMesh *mesh,
              AttackWatch   *watch,
              VirtualNode   *node,
              const char    *to)
{
  *watch = (AttackWatch) { .node = node, .caught = G_QUEUE_INIT };
  g_assert_true (drt_endpoint_parse (to, &watch->to));
  mesh->mesh->filter = watch_cb;
  mesh->mesh->filter_data = watch;
}

void
attack_unwatch (CertifiedMesh *mesh,
                AttackWatch   *watch)
{
  mesh->mesh->filter = NULL;
  g_queue_clear_full (&watch->caught, (GDestroyNotify) g_bytes_unref);
}

gsize
attack_encode (CertifiedNode *as,
               DrtMessage    *message,
               guint8         bytes[ATTACK_MESSAGE_MAX])
{
  DrtProof proof = { 0 };
  gsize length;

  message->major = 6;
  message->minor = 101;
  message->id = g_random_int () | 1;
  if (as != NULL)
    g_assert_true (drt_security_prove (as->node->node, message, &proof));
  length = drt_message_encode (message, bytes, ATTACK_MESSAGE_MAX);
  g_assert_cmpuint (length, >, 0);
  if (as != NULL)
    drt_security_proof_clear (as->node->node, &proof);
  return length;
}

gsize
attack_send (CertifiedMesh     *mesh,
             CertifiedNode     *as,
             DrtMessage        *message,
             const DrtEndpoint *from,
             CertifiedNode     *to)
{
  guint8 bytes[ATTACK_MESSAGE_MAX];
  gsize length = attack_encode (as, message, bytes);

  virtual_mesh_inject (mesh->mesh, from, to->node, bytes, length);
  return length;
}

void
attack_flood (DrtMessage        *message,
              const DrtKey      *validate,
              const DrtKey      *key,
              const DrtEndpoint *at)
{
  *message = (DrtMessage) { .type = DRT_MESSAGE_FLOOD };
  message->flood.validate_key = *validate;
  message->flood.has_entry = TRUE;
  message->flood.entry = (DrtWireEntry) {
    .key = *key, .major = 6, .minor = 101, .port = at->port, .n_addresses = 1, .addresses = at->address.s6_addr,
  };
}

void
attack_inquire (DrtMessage   *message,
                const DrtKey *key,
                guint16       flags,
                const guint8 *nonce)
{
  *message = (DrtMessage) { .type = DRT_MESSAGE_INQUIRE };
  message->inquire.flags = flags;
  message->inquire.validate_key = *key;
  message->inquire.has_nonce = nonce != NULL;
  if (nonce != NULL)
    memcpy (message->inquire.nonce, nonce, DRT_NONCE_SIZE);
}

void
attack_lookup (DrtMessage   *message,
               const DrtKey *target,
               const DrtKey *validate)
{
  static const guint8 path[DRT_WIRE_ENDPOINT_SIZE] = { 0x10, 0x00, 0x20, 0x01 };

  *message = (DrtMessage) { .type = DRT_MESSAGE_LOOKUP };
  message->lookup.criteria = DRT_CRITERIA_NONE;
  message->lookup.reason = DRT_REASON_APP_REQUEST;
  message->lookup.target = *target;
  message->lookup.validate_key = *validate;
  message->lookup.path = (DrtWireEndpoints) { 1, path };
}

void
attack_answer (CertifiedMesh            *mesh,
               CertifiedNode            *to,
               const DrtEndpoint        *from,
               guint32                   acked,
               const DrtAuthorityBuffer *buffer)
{
  guint8 bytes[ATTACK_MESSAGE_MAX];
  gsize length = drt_authority_buffer_encode (buffer, bytes, sizeof bytes);
  guint32 id = g_random_int () | 1;

  g_assert_cmpuint (length, >, 0);
  for (gsize offset = 0; offset < length; offset += DRT_FRAGMENT_SIZE)
    {
      DrtMessage message = { .type = DRT_MESSAGE_AUTHORITY, .major = 6, .minor = 101, .id = id };
      guint8 datagram[2048];
      gsize size;

      message.authority.acked = acked;
      message.authority.size = (guint16) length;
      message.authority.offset = (guint16) offset;
      message.authority.fragment = (DrtSpan) { bytes + offset, MIN (length - offset, DRT_FRAGMENT_SIZE) };
      size = drt_message_encode (&message, datagram, sizeof datagram);
      virtual_mesh_inject (mesh->mesh, from, to->node, datagram, size);
    }
}
