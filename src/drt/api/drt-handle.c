/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-handle.h"

/*
 * A handle from its least significant bit: the index of its entry plus one (24),
 * the kind (4), the generation of the entry (32).  It is never NULL, and a freed
 * entry's next handle is another one.
 */

#define INDEX_BITS      24
#define KIND_BITS       4
#define KIND_SHIFT      INDEX_BITS
#define GENERATION_SHIFT (INDEX_BITS + KIND_BITS)
#define MAX_ENTRIES     ((1u << INDEX_BITS) - 2)
#define NO_ENTRY        G_MAXUINT32

G_STATIC_ASSERT (sizeof (PVOID) == 8);

typedef struct
{
  gpointer object;       /* NULL: free */
  guint32 generation;
  guint32 next_free;
  DrtHandleKind kind;
} DrtHandleEntry;

static GMutex lock;
static GArray *entries;               /* of DrtHandleEntry; kept for its generations */
static guint32 first_free = NO_ENTRY;

static PVOID
make_handle (guint32               index,
             const DrtHandleEntry *entry)
{
  guint64 number = (guint64) (index + 1) | (guint64) entry->kind << KIND_SHIFT |
                   (guint64) entry->generation << GENERATION_SHIFT;

  return (PVOID) (gsize) number;
}

/* The live entry of @handle, or NULL. */
static DrtHandleEntry *
find_entry (PVOID         handle,
            DrtHandleKind kind,
            guint32      *index)
{
  guint64 number = (guint64) (gsize) handle;
  guint32 place = number & ((1u << INDEX_BITS) - 1);
  DrtHandleEntry *entry;

  if (place == 0 || entries == NULL || place > entries->len)
    return NULL;
  entry = &g_array_index (entries, DrtHandleEntry, place - 1);
  if (entry->object == NULL || entry->kind != kind || make_handle (place - 1, entry) != handle)
    return NULL;
  *index = place - 1;
  return entry;
}

/**
 * drt_handle_new:
 * @kind: of the handle
 * @object: (transfer full): what it names
 *
 * Returns: (nullable): a handle; NULL when there are 16 million of them already,
 *   @object is then still the caller's
 */
PVOID
drt_handle_new (DrtHandleKind kind,
                gpointer      object)
{
  DrtHandleEntry *entry;
  guint32 index;
  PVOID handle = NULL;

  g_mutex_lock (&lock);
  if (entries == NULL)
    entries = g_array_new (FALSE, TRUE, sizeof (DrtHandleEntry));
  index = first_free;
  if (index != NO_ENTRY)
    first_free = g_array_index (entries, DrtHandleEntry, index).next_free;
  else if (entries->len < MAX_ENTRIES)
    {
      index = entries->len;
      g_array_set_size (entries, index + 1);
    }
  if (index != NO_ENTRY)
    {
      entry = &g_array_index (entries, DrtHandleEntry, index);
      entry->object = object;
      entry->kind = kind;
      handle = make_handle (index, entry);
    }
  g_mutex_unlock (&lock);
  return handle;
}

/**
 * drt_handle_get:
 * @handle: (nullable): anything a program may hand over
 * @kind: what it must be
 *
 * Returns: (transfer full) (nullable): what it names; NULL for a handle that is
 *   stale, of another kind or made up
 */
gpointer
drt_handle_get (PVOID         handle,
                DrtHandleKind kind)
{
  DrtHandleEntry *entry;
  guint32 index;
  gpointer object = NULL;

  g_mutex_lock (&lock);
  entry = find_entry (handle, kind, &index);
  if (entry != NULL)
    object = drt_object_ref (entry->object);
  g_mutex_unlock (&lock);
  return object;
}

/**
 * drt_handle_steal:
 *
 * Ends a handle.  Of several threads that try it, one gets the object.
 *
 * Returns: (transfer full) (nullable): what it named; NULL as drt_handle_get()
 */
gpointer
drt_handle_steal (PVOID         handle,
                  DrtHandleKind kind)
{
  DrtHandleEntry *entry;
  guint32 index;
  gpointer object = NULL;

  g_mutex_lock (&lock);
  entry = find_entry (handle, kind, &index);
  if (entry != NULL)
    {
      object = g_steal_pointer (&entry->object);
      entry->generation++;
      entry->next_free = first_free;
      first_free = index;
    }
  g_mutex_unlock (&lock);
  return object;
}
