/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "node-world.h"

#include <string.h>

/* A node fed datagrams, times and verbs in any order, while its provider fails
 * where the input says so.  See node-world.c for what is checked after each step. */

#define MAX_STEPS 300

/* That a provider's blobs fit no message is a warning, and may be. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         data)
{
  return level & G_LOG_LEVEL_WARNING ? G_LOG_WRITER_HANDLED : g_log_writer_standard_streams (level, fields, n_fields, data);
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (write_log, NULL, NULL);
  return 0;
}

/* --- Resolves --- */

static WorldResolve *
any_resolve (World *world)
{
  guint choice = fuzz_u8 (world->input);

  return world->resolves->len > 0 ? g_ptr_array_index (world->resolves, choice % world->resolves->len) : NULL;
}

static void
forget_resolve (WorldResolve *self)
{
  World *world = self->world;

  fuzz_check (g_ptr_array_remove_fast (world->resolves, self));
  g_array_unref (self->found);
  g_free (self);
}

static void
check_match (WorldResolve          *self,
             const DrtResolveMatch *match)
{
  fuzz_check (++self->n_found <= self->query.max_matches);
  fuzz_check (drt_key_compare (&self->query.minimum, &match->key) <= 0 && drt_key_compare (&match->key, &self->query.maximum) <= 0);
  fuzz_check (!match->local || self->query.allow_local);
  fuzz_check (match->payload_size <= DRT_MAX_PAYLOAD_SIZE && (match->payload_size == 0 || match->payload != NULL));
  for (guint i = 0; i < self->found->len; i++)
    fuzz_check (!drt_key_equal (&g_array_index (self->found, DrtKey, i), &match->key));
  g_array_append_val (self->found, match->key);
}

static void
resolve_cb (gpointer               data,
            DrtResolveEvent        event,
            const DrtResolveMatch *match,
            HRESULT                hr)
{
  WorldResolve *self = data;
  guint n_hops;

  fuzz_check (self->world->inside);
  drt_node_resolve_get_path (self->resolve, &n_hops);
  switch (event)
    {
    case DRT_RESOLVE_INTERMEDIATE:
      fuzz_check (self->query.iterative && !self->intermediate && hr == S_OK && match->n_addresses > 0);
      self->intermediate = TRUE;
      break;
    case DRT_RESOLVE_FOUND:
      fuzz_check (hr == S_OK && match->n_addresses > 0);
      check_match (self, match);
      break;
    case DRT_RESOLVE_FINISHED:
      fuzz_check (match == NULL && (hr == S_OK || hr == DRT_E_TIMEOUT || hr == DRT_E_FAULTED || hr == E_OUTOFMEMORY));
      fuzz_check (hr != DRT_E_FAULTED || self->world->closed || self->world->node->closed || self->world->faulted);
      forget_resolve (self);
      break;
    default:
      fuzz_fail (G_STRLOC, "an event of a resolve");
    }
}

static void
start_resolve (World *world)
{
  WorldResolve *self = g_new0 (WorldResolve, 1);
  DrtResolveQuery *query = &self->query;
  guint what = fuzz_u8 (world->input);

  self->world = world;
  self->found = g_array_new (FALSE, FALSE, sizeof (DrtKey));
  world_key (world, &query->target);
  query->minimum = query->maximum = query->target;
  query->allow_local = (what & 1) != 0;
  query->iterative = (what & 2) != 0;
  query->max_matches = 1;
  if (what & 4)
    {
      query->minimum = (DrtKey) { 0 };
      memset (&query->maximum, 0xff, sizeof query->maximum);
      query->max_matches = query->iterative ? 1 : 1 + fuzz_u8 (world->input) % 20;
    }
  if (what & 8)
    {
      DrtKey other;

      world_key (world, &other);
      if (drt_key_compare (&other, &query->target) < 0)
        query->minimum = other;
      else
        query->maximum = other;
    }
  if ((what & 16) && !drt_key_equal (&query->minimum, &query->maximum))
    {
      query->any_in_range = TRUE;
      query->max_matches = 1;
    }
  query->timeout = fuzz_u8 (world->input) * (G_USEC_PER_SEC / 4);
  g_ptr_array_add (world->resolves, self);
  world_enter (world);
  self->resolve = drt_node_resolve_start (world->node, world->now, query, resolve_cb, self);
  world_leave (world);
}

static void
continue_resolve (World *world)
{
  WorldResolve *self = any_resolve (world);

  if (self == NULL)
    return;
  self->intermediate = FALSE;
  world_enter (world);
  drt_node_resolve_continue (world->node, world->now, self->resolve);
  world_leave (world);
}

static void
end_resolve (World *world)
{
  WorldResolve *self = any_resolve (world);

  if (self == NULL)
    return;
  world_enter (world);
  drt_node_resolve_end (world->node, world->now, self->resolve);
  world_leave (world);
  forget_resolve (self);
}

/* --- Verbs --- */

static void
key_verb (World *world)
{
  guint what = fuzz_below (world->input, 4);
  gboolean known;
  DrtKey key;

  world_key (world, &key);
  known = drt_keys_find (world->node, &key) != NULL;
  world_enter (world);
  if (what < 2 && (known || world->node->keys->len < 20))
    {
      g_autoptr (GBytes) payload = g_bytes_new_take (g_malloc0 (DRT_MAX_PAYLOAD_SIZE),
                                                     what == 0 ? 1 + fuzz_u8 (world->input) : DRT_MAX_PAYLOAD_SIZE);

      fuzz_check (drt_node_register (world->node, world->now, &key, payload, NULL) ==
                  (!known && !world->closed && !world->faulted));
    }
  else if (what == 2)
    {
      fuzz_check (drt_node_update (world->node, world->now, &key, NULL) == known);
    }
  else if (what == 3)
    {
      fuzz_check (drt_node_unregister (world->node, world->now, &key) == known);
    }
  world_leave (world);
}

static void
bootstrap_verb (World *world)
{
  DrtEndpoint endpoints[16];
  guint what = fuzz_below (world->input, 4), n = fuzz_below (world->input, G_N_ELEMENTS (endpoints) + 1);

  for (guint i = 0; what == 0 && i < n; i++)
    world_endpoint (world, &endpoints[i]);
  world_enter (world);
  if (what == 0)
    drt_node_bootstrap_found (world->node, world->now, endpoints, n);
  else if (what == 1)
    drt_node_bootstrap_done (world->node, world->now, n % 2 == 0 ? DRT_E_NO_MORE : DRT_E_TIMEOUT);
  else
    drt_node_bootstrap_now (world->node, world->now);
  world_leave (world);
}

static void
address_verb (World *world)
{
  DrtEndpoint addresses[DRT_MAX_LOCAL_ADDRESSES];
  guint what = fuzz_u8 (world->input), n = what % (DRT_MAX_LOCAL_ADDRESSES + 1);

  for (guint i = 0; i < n; i++)
    addresses[i] = (DrtEndpoint) { .address.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [7] = 1, [15] = (guint8) (0x80 + what / 8 + i) }, .port = 4000 };
  world_enter (world);
  drt_node_set_addresses (world->node, world->now, addresses, n);
  world_leave (world);
}

static void
monitor_verb (World *world)
{
  guint what = fuzz_below (world->input, 6);
  DrtObservedStatus status;
  DrtCounters counters;
  DrtEndpoint to;
  DrtKey key;

  world_key (world, &key);
  world_endpoint (world, &to);
  world_enter (world);
  switch (what)
    {
    case 0:
    case 1:
      drt_node_set_observed (world->node, what == 0);
      break;
    case 2:
      drt_node_inquire_entry (world->node, world->now, &key);
      break;
    case 3:
      drt_node_drop_entry (world->node, world->now, &key);
      break;
    case 4:
      drt_node_get_status (world->node, &status);
      drt_node_get_counters (world->node, &counters);
      fuzz_check (counters.mesh_size >= 0 && counters.mesh_size < 4294967296.0);
      break;
    default:
      drt_node_send_failed (world->node, world->now, &to);
      break;
    }
  world_leave (world);
}

static void
provider_verb (World *world)
{
  guint what = fuzz_u8 (world->input);

  world->fail_after = what % 8;
  world->fail_count = what / 8;
  world->fail_with = what % 2 == 0 ? E_FAIL : E_OUTOFMEMORY;
  world->provider.odd = fuzz_u8 (world->input) > 250;
}

static void
end_verb (World *world)
{
  guint what = fuzz_u8 (world->input);

  if (what >= 252)
    {
      world_enter (world);
      drt_node_fault (world->node, world->now, what % 2 == 0 ? E_FAIL : S_OK);
      world_leave (world);
    }
  else if (what >= 248)
    {
      world_close (world);
    }
}

static void
time_verb (World   *world,
           gboolean jump)
{
  gint64 deadline = drt_node_next_deadline (world->node);
  gint64 step = jump ? fuzz_u16 (world->input) * (gint64) (G_USEC_PER_SEC / 8) : fuzz_u8 (world->input) * 10000;

  /* Mostly as a host does it, at the deadline. */
  if (step % 3 == 0 && deadline > world->now && deadline < world->now + (gint64) 3600 * G_USEC_PER_SEC)
    world->now = deadline;
  else
    world->now += step;
  world_settle (world);
}

static void
drain (World *world)
{
  for (guint n = 1 + fuzz_below (world->input, 16); n > 0; n--)
    world_mail_answer (world, n - 1, TRUE);
}

static void
step (World *world)
{
  switch (fuzz_below (world->input, 18))
    {
    case 0:
    case 1:
      time_verb (world, FALSE);
      break;
    case 2:
      time_verb (world, TRUE);
      break;
    case 3:
      world_mail_raw (world);
      break;
    case 4:
    case 5:
    case 6:
      world_mail_built (world);
      break;
    case 7:
    case 8:
      world_mail_answer (world, fuzz_u8 (world->input) % WORLD_REMEMBER, FALSE);
      break;
    case 9:
      drain (world);
      break;
    case 10:
      world_mail_crowd (world);
      break;
    case 11:
      key_verb (world);
      break;
    case 12:
      start_resolve (world);
      break;
    case 13:
      if (fuzz_flip (world->input))
        continue_resolve (world);
      else
        end_resolve (world);
      break;
    case 14:
      bootstrap_verb (world);
      break;
    case 15:
      if (fuzz_flip (world->input))
        address_verb (world);
      else
        monitor_verb (world);
      break;
    case 16:
      provider_verb (world);
      break;
    default:
      end_verb (world);
      break;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  World *world = world_new (&input);
  DrtEndpoint own = { .address.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [7] = 1, [15] = 0x80 }, .port = 4000 };

  world_enter (world);
  drt_node_open (world->node, world->now, &own, fuzz_u8 (&input) > 250 ? 0 : 1);
  world_leave (world);
  for (guint n = 0; input.left > 0 && n < MAX_STEPS; n++)
    step (world);

  if (fuzz_flip (&input) || world->resolves->len > 0)
    {
      world_close (world);
      world_settle (world);
      fuzz_check (world->resolves->len == 0);
    }
  world_free (world);
  return 0;
}
