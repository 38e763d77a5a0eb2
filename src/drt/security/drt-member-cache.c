/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-member-cache.h"

#include <string.h>

#include "drt-lru.h"

struct _DrtMemberCache
{
  DrtLru *members;            /* digest -> DrtMember */
  GHashTable *agreements;     /* agreement key -> GPtrArray of DrtMember: those in members */
  DrtLru *refusals;           /* digest -> Refusal */
};

typedef struct
{
  HRESULT hr;
  gint64 until;
} Refusal;

static guint
hash_agreement (gconstpointer key)
{
  guint hash;

  memcpy (&hash, key, sizeof hash);
  return hash;
}

static gboolean
agreements_equal (gconstpointer a,
                  gconstpointer b)
{
  return memcmp (a, b, DRT_AGREEMENT_KEY_SIZE) == 0;
}

static void
member_removed (gpointer value,
                gpointer data)
{
  DrtMemberCache *self = data;
  DrtMember *member = value;
  GPtrArray *same = g_hash_table_lookup (self->agreements, member->agreement_key);

  if (same != NULL)
    {
      g_ptr_array_remove_fast (same, member);
      if (same->len == 0)
        g_hash_table_remove (self->agreements, member->agreement_key);
    }
  drt_member_unref (member);
}

static void
refusal_removed (gpointer value,
                 gpointer data)
{
  g_free (value);
}

DrtMemberCache *
drt_member_cache_new (void)
{
  DrtMemberCache *self = g_new0 (DrtMemberCache, 1);

  self->members = drt_lru_new (DRT_CREDENTIAL_DIGEST_SIZE, DRT_MEMBER_CACHE_MAX, DRT_MEMBER_CACHE_MAX_SIZE, member_removed, self);
  self->agreements = g_hash_table_new_full (hash_agreement, agreements_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->refusals = drt_lru_new (DRT_CREDENTIAL_DIGEST_SIZE, DRT_REFUSAL_CACHE_MAX, G_MAXSIZE, refusal_removed, NULL);
  return self;
}

void
drt_member_cache_free (DrtMemberCache *self)
{
  if (self == NULL)
    return;
  drt_lru_free (self->members);
  drt_lru_free (self->refusals);
  g_hash_table_unref (self->agreements);
  g_free (self);
}

static void
forget (DrtLru       *lru,
        const guint8 *digest)
{
  /* What was found last is first. */
  DrtLruEntry *entry = drt_lru_peek (lru)->data;

  g_assert (memcmp (entry->key, digest, DRT_CREDENTIAL_DIGEST_SIZE) == 0);
  drt_lru_remove (lru, entry);
}

/**
 * drt_member_cache_find:
 * @digest: of a credential
 * @now: microseconds
 * @refusal: (out): S_OK, or what it was refused for lately
 *
 * Returns: (transfer none) (nullable): whom it proves; %NULL with S_OK: it is not known
 */
DrtMember *
drt_member_cache_find (DrtMemberCache *self,
                       const guint8   *digest,
                       gint64          now,
                       HRESULT        *refusal)
{
  DrtMember *member = drt_lru_find (self->members, digest);
  Refusal *refused;

  *refusal = S_OK;
  if (member != NULL)
    {
      if (now < member->expires)
        return member;
      forget (self->members, digest);
      return NULL;
    }
  refused = drt_lru_find (self->refusals, digest);
  if (refused != NULL)
    {
      /* A clock that has been set back may be what it was refused for. */
      if (now < refused->until && now >= refused->until - DRT_REFUSAL_SECONDS * G_USEC_PER_SEC)
        *refusal = refused->hr;
      else
        forget (self->refusals, digest);
    }
  return NULL;
}

/* One certificate signs as many agreement keys as its owner likes; he pushes out
 * his own. */
static void
make_room_for_key (DrtMemberCache *self,
                   const DrtKey   *key)
{
  DrtLruEntry *oldest = NULL;
  guint n = 0;

  for (GList *l = drt_lru_peek (self->members); l != NULL; l = l->next)
    {
      DrtLruEntry *entry = l->data;
      const DrtMember *member = entry->value;

      if (!drt_key_equal (&member->key, key))
        continue;
      oldest = entry;
      n++;
    }
  if (n >= DRT_MEMBER_CACHE_PER_KEY)
    drt_lru_remove (self->members, oldest);
}

/**
 * drt_member_cache_add:
 * @digest: of a credential that is not known
 * @member: whom it proves
 * @size: bytes of the credential
 */
void
drt_member_cache_add (DrtMemberCache *self,
                      const guint8   *digest,
                      DrtMember      *member,
                      gsize           size)
{
  GPtrArray *same;

  make_room_for_key (self, &member->key);
  drt_lru_insert (self->members, digest, drt_member_ref (member), size);

  same = g_hash_table_lookup (self->agreements, member->agreement_key);
  if (same == NULL)
    {
      same = g_ptr_array_new ();
      g_hash_table_insert (self->agreements, g_memdup2 (member->agreement_key, DRT_AGREEMENT_KEY_SIZE), same);
    }
  g_ptr_array_add (same, member);
}

void
drt_member_cache_refuse (DrtMemberCache *self,
                         const guint8   *digest,
                         gint64          now,
                         HRESULT         hr)
{
  Refusal *refusal = g_new (Refusal, 1);

  *refusal = (Refusal) { hr, now + DRT_REFUSAL_SECONDS * G_USEC_PER_SEC };
  drt_lru_insert (self->refusals, digest, refusal, 0);
}

/* Whether a credential with this agreement key is known and still good. */
gboolean
drt_member_cache_knows_agreement_key (DrtMemberCache *self,
                                      const guint8   *key,
                                      gint64          now)
{
  const GPtrArray *same = g_hash_table_lookup (self->agreements, key);

  for (guint i = 0; same != NULL && i < same->len; i++)
    {
      const DrtMember *member = g_ptr_array_index (same, i);

      if (now < member->expires)
        return TRUE;
    }
  return FALSE;
}

void
drt_member_cache_clear (DrtMemberCache *self)
{
  drt_lru_clear (self->members);
  drt_lru_clear (self->refusals);
}
