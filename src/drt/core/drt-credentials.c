/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-credentials.h"

#include "drt-bytes.h"

#include <string.h>

typedef struct
{
  DrtKey key;
  DrtEndpoint at;
  GBytes *credential;
  GList link;            /* of by_use */
} Known;

static guint
hash_known (gconstpointer data)
{
  const Known *known = data;
  guint hash;

  /* The most significant bytes, which are spread over the ring. */
  memcpy (&hash, known->key.b + DRT_KEY_SIZE - sizeof hash, sizeof hash);
  return hash ^ known->at.port;
}

static gboolean
same_known (gconstpointer a,
            gconstpointer b)
{
  const Known *one = a, *other = b;

  return drt_key_equal (&one->key, &other->key) && drt_endpoint_equal (&one->at, &other->at);
}

void
drt_credentials_init (DrtCredentials *self)
{
  *self = (DrtCredentials) { .by_use = G_QUEUE_INIT };
}

static void
forget (DrtCredentials *self,
        Known          *known)
{
  self->size -= g_bytes_get_size (known->credential);
  g_hash_table_remove (self->by_key, known);
  g_queue_unlink (&self->by_use, &known->link);
  g_bytes_unref (known->credential);
  g_free (known);
}

void
drt_credentials_clear (DrtCredentials *self)
{
  while (self->by_use.tail != NULL)
    forget (self, self->by_use.tail->data);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
}

static Known *
find (const DrtCredentials *self,
      const DrtKey         *key,
      const DrtEndpoint    *at)
{
  Known like = { .key = *key, .at = *at };

  return self->by_key != NULL ? g_hash_table_lookup (self->by_key, &like) : NULL;
}

/* Only of who has proved @key at @at with it. */
void
drt_credentials_keep (DrtCredentials    *self,
                      const DrtKey      *key,
                      const DrtEndpoint *at,
                      DrtSpan            credential)
{
  GBytes *copy = drt_bytes_try_new (credential.data, credential.length);
  Known *known;

  if (copy == NULL)
    return;
  drt_credentials_forget (self, key, at);
  if (self->by_key == NULL)
    self->by_key = g_hash_table_new (hash_known, same_known);
  known = g_new0 (Known, 1);
  *known = (Known) { .key = *key, .at = *at, .credential = copy, .link.data = known };
  g_hash_table_add (self->by_key, known);
  g_queue_push_head_link (&self->by_use, &known->link);
  self->size += credential.length;
  while (self->size > DRT_CREDENTIALS_MAX_SIZE && self->by_use.length > 1)
    forget (self, self->by_use.tail->data);
}

DrtSpan
drt_credentials_find (DrtCredentials    *self,
                      const DrtKey      *key,
                      const DrtEndpoint *at)
{
  Known *known = find (self, key, at);
  DrtSpan span = { 0 };

  if (known == NULL)
    return span;
  g_queue_unlink (&self->by_use, &known->link);
  g_queue_push_head_link (&self->by_use, &known->link);
  span.data = g_bytes_get_data (known->credential, &span.length);
  return span;
}

void
drt_credentials_forget (DrtCredentials    *self,
                        const DrtKey      *key,
                        const DrtEndpoint *at)
{
  Known *known = find (self, key, at);

  if (known != NULL)
    forget (self, known);
}

guint
drt_credentials_count (const DrtCredentials *self)
{
  return self->by_use.length;
}
