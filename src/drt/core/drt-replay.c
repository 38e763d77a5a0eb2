/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-replay.h"

#include <openssl/evp.h>
#include <string.h>

/* A message remembered; the oldest comes first. */
struct _DrtReplayed
{
  DrtReplayId id;
  DrtEndpoint from;
  gint64 until;
  DrtReplayed *next;
};

/* A digest is as good as its own hash. */
static guint
hash_id (gconstpointer data)
{
  guint hash;

  memcpy (&hash, ((const DrtReplayed *) data)->id.digest, sizeof hash);
  return hash;
}

static gboolean
same_id (gconstpointer a,
         gconstpointer b)
{
  return memcmp (&((const DrtReplayed *) a)->id, &((const DrtReplayed *) b)->id, sizeof (DrtReplayId)) == 0;
}

void
drt_replay_init (DrtReplay *self)
{
  *self = (DrtReplay) { 0 };
}

static void
forget_oldest (DrtReplay *self)
{
  DrtReplayed *oldest = self->oldest;

  self->oldest = oldest->next;
  if (self->oldest == NULL)
    self->newest = NULL;
  g_hash_table_remove (self->by_id, oldest);
  g_free (oldest);
}

void
drt_replay_clear (DrtReplay *self)
{
  while (self->oldest != NULL)
    forget_oldest (self);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
}

/**
 * drt_replay_identify:
 * @id: (out): what the message is known by
 * @signed_bytes: what its signature covers, its MessageID included
 * @key_identifier: of the key that signed
 *
 * Not the signature itself: of one ECDSA signature anybody can make another that
 * is as good.
 */
void
drt_replay_identify (DrtReplayId   *id,
                     const DrtSpan *signed_bytes,
                     const DrtSpan *key_identifier)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 digest[EVP_MAX_MD_SIZE];

  if (context == NULL || EVP_DigestInit_ex (context, EVP_sha256 (), NULL) != 1 ||
      EVP_DigestUpdate (context, signed_bytes->data, signed_bytes->length) != 1 ||
      EVP_DigestUpdate (context, key_identifier->data, key_identifier->length) != 1 ||
      EVP_DigestFinal_ex (context, digest, NULL) != 1)
    g_error ("SHA-256 is not to be had from OpenSSL");
  memcpy (id->digest, digest, sizeof id->digest);
  EVP_MD_CTX_free (context);
}

static void
expire (DrtReplay *self,
        gint64     now)
{
  while (self->oldest != NULL && self->oldest->until <= now)
    forget_oldest (self);
}

static DrtReplayed *
find (const DrtReplay   *self,
      const DrtReplayId *id)
{
  DrtReplayed like = { .id = *id };

  return self->by_id != NULL ? g_hash_table_lookup (self->by_id, &like) : NULL;
}

/* Whether the message came before, and from somebody else than @from.  The same
 * once more from where it came first is a retransmission. */
gboolean
drt_replay_is_from_elsewhere (DrtReplay         *self,
                              gint64             now,
                              const DrtReplayId *id,
                              const DrtEndpoint *from)
{
  const DrtReplayed *known;

  expire (self, now);
  known = find (self, id);
  return known != NULL && !drt_endpoint_equal (&known->from, from);
}

void
drt_replay_remember (DrtReplay         *self,
                     gint64             now,
                     const DrtReplayId *id,
                     const DrtEndpoint *from)
{
  DrtReplayed *fresh;

  if (find (self, id) != NULL)
    return;
  if (drt_replay_get_size (self) >= DRT_REPLAY_MAX)
    forget_oldest (self);
  if (self->by_id == NULL)
    self->by_id = g_hash_table_new (hash_id, same_id);
  fresh = g_new (DrtReplayed, 1);
  *fresh = (DrtReplayed) { .id = *id, .from = *from, .until = now + DRT_REPLAY_TIME };
  if (self->newest != NULL)
    self->newest->next = fresh;
  else
    self->oldest = fresh;
  self->newest = fresh;
  g_hash_table_add (self->by_id, fresh);
}

guint
drt_replay_get_size (const DrtReplay *self)
{
  return self->by_id != NULL ? g_hash_table_size (self->by_id) : 0;
}
