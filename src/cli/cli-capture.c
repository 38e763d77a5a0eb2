/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-capture.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "cli-output.h"

/* pcapng: blocks of 32-bit words in the writer's byte order.  Of the older format,
 * which is all libpcap writes, nobody could read directions and verdicts. */
#define BLOCK_SECTION    0x0A0D0D0A
#define BLOCK_INTERFACE  1
#define BLOCK_PACKET     6
#define BYTE_ORDER_MAGIC 0x1A2B3C4D
#define LINKTYPE_IPV6    229

#define OPTION_END         0
#define OPTION_COMMENT     1
#define OPTION_NAME        2   /* of an interface */
#define OPTION_FLAGS       2   /* of a packet */
#define OPTION_APPLICATION 4   /* of a section */

#define FLAG_INBOUND  1
#define FLAG_OUTBOUND 2

#define IPV6_HEADER 40
#define UDP_HEADER  8
#define HOP_LIMIT   64

typedef struct
{
  DrtEndpoint locals[4];
  guint n_locals;
} CaptureNode;

/* One that is not written yet. */
typedef struct
{
  gint64 time;
  gboolean out;
  guint number;
  GByteArray *block;
} CapturePacket;

struct _CliCapture
{
  FILE *file;              /* NULL after a failed write */
  char *path;
  GArray *nodes;           /* CaptureNode */
  GHashTable *by_port;     /* port: index of the node + 1 */
  GByteArray *block;       /* the one being made */
  GArray *pending;         /* CapturePacket */
  guint flush_source;
  gint64 real_offset;      /* from monotonic to wall-clock time, microseconds */
  guint n_messages;
};

/* ---- Blocks -------------------------------------------------------------- */

static void
put_u16 (GByteArray *block,
         guint16     value)
{
  g_byte_array_append (block, (const guint8 *) &value, sizeof value);
}

static void
put_u32 (GByteArray *block,
         guint32     value)
{
  g_byte_array_append (block, (const guint8 *) &value, sizeof value);
}

static void
put_padded (GByteArray *block,
            const void *bytes,
            gsize       length)
{
  static const guint8 zeros[3];

  g_byte_array_append (block, bytes, length);
  g_byte_array_append (block, zeros, -length & 3);
}

static void
put_option (GByteArray *block,
            guint16     code,
            const void *value,
            gsize       length)
{
  put_u16 (block, code);
  put_u16 (block, length);
  put_padded (block, value, length);
}

static void
begin_block (CliCapture *self,
             guint32     type)
{
  g_byte_array_set_size (self->block, 0);
  put_u32 (self->block, type);
  put_u32 (self->block, 0);   /* its length: see end_block() */
}

static void
end_block (CliCapture *self)
{
  guint32 length;

  put_option (self->block, OPTION_END, NULL, 0);
  length = self->block->len + sizeof length;
  memcpy (self->block->data + 4, &length, sizeof length);
  put_u32 (self->block, length);
}

static void
write_block (CliCapture       *self,
             const GByteArray *block)
{
  if (self->file == NULL || fwrite (block->data, 1, block->len, self->file) == block->len)
    return;
  cli_warn ("“%s” ends here: %s", self->path, g_strerror (errno));
  g_clear_pointer (&self->file, fclose);
}

/* ---- Order --------------------------------------------------------------- */

static void
packet_clear (gpointer data)
{
  CapturePacket *packet = data;

  g_byte_array_unref (packet->block);
}

static int
compare_packets (gconstpointer a,
                 gconstpointer b)
{
  const CapturePacket *first = a, *second = b;

  if (first->time != second->time)
    return first->time < second->time ? -1 : 1;
  if (first->out != second->out)
    return first->out ? 1 : -1;
  return first->number < second->number ? -1 : 1;
}

/* A node tells of a datagram when it has acted upon it, thus after its answer:
 * what it told in one turn is put into the order of time, cause before effect. */
static void
flush_pending (CliCapture *self)
{
  g_array_sort (self->pending, compare_packets);
  for (guint i = 0; i < self->pending->len; i++)
    write_block (self, g_array_index (self->pending, CapturePacket, i).block);
  g_array_set_size (self->pending, 0);

  /* Somebody may be looking through a pipe, and a node may be killed. */
  if (self->file != NULL && fflush (self->file) != 0)
    {
      cli_warn ("“%s” ends here: %s", self->path, g_strerror (errno));
      g_clear_pointer (&self->file, fclose);
    }
}

static gboolean
flush_cb (gpointer data)
{
  CliCapture *self = data;

  self->flush_source = 0;
  flush_pending (self);
  return G_SOURCE_REMOVE;
}

/* Before the next turn of any node. */
static void
flush_soon (CliCapture *self)
{
  if (self->flush_source == 0)
    self->flush_source = g_idle_add_full (G_PRIORITY_HIGH, flush_cb, self, NULL);
}

static void
write_section (CliCapture *self)
{
  const char *application = "drt " DRT_VERSION;

  begin_block (self, BLOCK_SECTION);
  put_u32 (self->block, BYTE_ORDER_MAGIC);
  put_u16 (self->block, 1);
  put_u16 (self->block, 0);
  put_u32 (self->block, G_MAXUINT32);   /* the section's length is not known */
  put_u32 (self->block, G_MAXUINT32);
  put_option (self->block, OPTION_APPLICATION, application, strlen (application));
  end_block (self);
  write_block (self, self->block);
}

/* ---- Headers ------------------------------------------------------------- */

static guint32
sum_words (guint32       sum,
           const guint8 *bytes,
           gsize         length)
{
  for (gsize i = 0; i + 1 < length; i += 2)
    {
      sum += (guint32) bytes[i] << 8 | bytes[i + 1];
      sum = (sum & 0xFFFF) + (sum >> 16);
    }
  if (length % 2 != 0)
    sum += (guint32) bytes[length - 1] << 8;
  return (sum & 0xFFFF) + (sum >> 16);
}

/* RFC 8200 §8.1: over both addresses, length and protocol too; never 0. */
static guint16
udp_checksum (const guint8 *ip,
              const guint8 *udp,
              const guint8 *bytes,
              gsize         length)
{
  guint32 sum = IPPROTO_UDP + UDP_HEADER + length;

  sum = sum_words (sum, ip + 8, 32);
  sum = sum_words (sum, udp, UDP_HEADER);
  sum = sum_words (sum, bytes, length);
  sum = ~((sum & 0xFFFF) + (sum >> 16)) & 0xFFFF;
  return sum != 0 ? sum : 0xFFFF;
}

static void
set_u16 (guint8  *bytes,
         guint16  value)
{
  bytes[0] = value >> 8;
  bytes[1] = value & 0xFF;
}

static void
put_datagram (GByteArray        *block,
              const DrtEndpoint *from,
              const DrtEndpoint *to,
              const guint8      *bytes,
              gsize              length)
{
  guint8 head[IPV6_HEADER + UDP_HEADER] = { 0x60 };
  guint8 *udp = head + IPV6_HEADER;

  set_u16 (head + 4, UDP_HEADER + length);
  head[6] = IPPROTO_UDP;
  head[7] = HOP_LIMIT;
  memcpy (head + 8, &from->address, 16);
  memcpy (head + 24, &to->address, 16);
  set_u16 (udp, from->port);
  set_u16 (udp + 2, to->port);
  set_u16 (udp + 4, UDP_HEADER + length);
  set_u16 (udp + 6, udp_checksum (head, udp, bytes, length));

  g_byte_array_append (block, head, sizeof head);
  put_padded (block, bytes, length);
}

static guint
common_bits (const struct in6_addr *a,
             const struct in6_addr *b)
{
  for (guint i = 0; i < 128; i++)
    {
      const guint8 mask = 0x80 >> (i % 8);

      if (((a->s6_addr[i / 8] ^ b->s6_addr[i / 8]) & mask) != 0)
        return i;
    }
  return 128;
}

/* The node's own endpoint in a datagram from or to @peer: where there are several,
 * the one whose address begins most like the peer's, as RFC 6724 §5 rule 8. */
static void
local_endpoint (const CaptureNode *node,
                const DrtEndpoint *peer,
                DrtEndpoint       *local)
{
  *local = node->locals[0];
  for (guint i = 1; i < node->n_locals; i++)
    if (common_bits (&node->locals[i].address, &peer->address) > common_bits (&local->address, &peer->address))
      *local = node->locals[i];
}

/* ---- Messages ------------------------------------------------------------ */

static gboolean
is_one_of_us (const CliCapture  *self,
              const DrtEndpoint *endpoint)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_port, GUINT_TO_POINTER (endpoint->port)));
  const CaptureNode *node;

  if (index == 0)
    return FALSE;
  node = &g_array_index (self->nodes, CaptureNode, index - 1);
  for (guint i = 0; i < node->n_locals; i++)
    if (IN6_ARE_ADDR_EQUAL (&node->locals[i].address, &endpoint->address))
      return TRUE;
  return FALSE;
}

static void
put_verdict (GByteArray               *block,
             const DrtObservedMessage *message)
{
  const guint32 flags = message->direction == DRT_OBSERVED_IN ? FLAG_INBOUND : FLAG_OUTBOUND;

  put_option (block, OPTION_FLAGS, &flags, sizeof flags);
  if (message->dropped != DRT_DROP_NONE)
    {
      g_autofree char *comment = g_strdup_printf ("dropped: %s", drt_drop_reason_to_string (message->dropped));

      put_option (block, OPTION_COMMENT, comment, strlen (comment));
    }
}

/**
 * cli_capture_message:
 * @node: from cli_capture_add_node(), which observes @message
 */
void
cli_capture_message (CliCapture               *self,
                     guint                     node,
                     const DrtObservedMessage *message)
{
  const gboolean in = message->direction == DRT_OBSERVED_IN;
  const guint64 time = message->time + self->real_offset;
  const guint32 length = IPV6_HEADER + UDP_HEADER + message->length;
  CapturePacket packet = { .time = message->time, .out = !in, .number = self->n_messages };
  DrtEndpoint local;

  if (self->file == NULL || (in && is_one_of_us (self, &message->peer)))
    return;

  local_endpoint (&g_array_index (self->nodes, CaptureNode, node), &message->peer, &local);
  begin_block (self, BLOCK_PACKET);
  put_u32 (self->block, node);
  put_u32 (self->block, time >> 32);
  put_u32 (self->block, time & G_MAXUINT32);
  put_u32 (self->block, length);
  put_u32 (self->block, length);
  put_datagram (self->block, in ? &message->peer : &local, in ? &local : &message->peer, message->bytes, message->length);
  put_verdict (self->block, message);
  end_block (self);

  packet.block = g_steal_pointer (&self->block);
  self->block = g_byte_array_new ();
  g_array_append_val (self->pending, packet);
  flush_soon (self);
  self->n_messages++;
}

/**
 * cli_capture_set_status:
 * @node: from cli_capture_add_node()
 * @status: what it says now: its addresses are taken from it
 */
void
cli_capture_set_status (CliCapture              *self,
                        guint                    node,
                        const DrtObservedStatus *status)
{
  CaptureNode *capture_node = &g_array_index (self->nodes, CaptureNode, node);

  /* What still goes out when the last address went has those before. */
  if (status->n_addresses == 0)
    return;
  capture_node->n_locals = status->n_addresses;
  memcpy (capture_node->locals, status->addresses, sizeof capture_node->locals);
}

/**
 * cli_capture_add_node:
 * @port: its UDP port
 *
 * Returns: what to call it from now on
 */
guint
cli_capture_add_node (CliCapture *self,
                      guint16     port)
{
  CaptureNode node = { .locals = { { .port = port } } };
  g_autofree char *name = g_strdup_printf ("port %u", port);

  begin_block (self, BLOCK_INTERFACE);
  put_u16 (self->block, LINKTYPE_IPV6);
  put_u16 (self->block, 0);
  put_u32 (self->block, 0);   /* no limit to the length of a packet */
  put_option (self->block, OPTION_NAME, name, strlen (name));
  end_block (self);
  write_block (self, self->block);
  flush_soon (self);

  g_array_append_val (self->nodes, node);
  g_hash_table_insert (self->by_port, GUINT_TO_POINTER (port), GUINT_TO_POINTER (self->nodes->len));
  return self->nodes->len - 1;
}

/**
 * cli_capture_get_count:
 *
 * Returns: how many messages are in the file now; none observed later comes
 *   before one of these
 */
guint
cli_capture_get_count (CliCapture *self)
{
  flush_pending (self);
  return self->n_messages;
}

/**
 * cli_capture_new:
 * @path: the file; what was in it is lost
 * @problem: (out): why it cannot be written
 *
 * Returns: (nullable): a capture file
 */
CliCapture *
cli_capture_new (const char *path,
                 char      **problem)
{
  FILE *file = fopen (path, "wbe");
  CliCapture *self;

  if (file == NULL)
    {
      *problem = g_strdup_printf ("“%s” cannot be written: %s", path, g_strerror (errno));
      return NULL;
    }

  self = g_new0 (CliCapture, 1);
  self->file = file;
  self->path = g_strdup (path);
  self->nodes = g_array_new (FALSE, FALSE, sizeof (CaptureNode));
  self->by_port = g_hash_table_new (NULL, NULL);
  self->block = g_byte_array_new ();
  self->pending = g_array_new (FALSE, FALSE, sizeof (CapturePacket));
  g_array_set_clear_func (self->pending, packet_clear);
  self->real_offset = g_get_real_time () - g_get_monotonic_time ();
  write_section (self);
  return self;
}

void
cli_capture_free (CliCapture *self)
{
  flush_pending (self);
  g_clear_handle_id (&self->flush_source, g_source_remove);
  g_clear_pointer (&self->file, fclose);
  g_array_unref (self->pending);
  g_byte_array_unref (self->block);
  g_hash_table_unref (self->by_port);
  g_array_unref (self->nodes);
  g_free (self->path);
  g_free (self);
}
