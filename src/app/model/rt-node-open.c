/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-node-private.h"

#include <drt-glib.h>
#include <glib/gi18n.h>

static gboolean
delete_providers_cb (gpointer data)
{
  RtProviders *providers = data;

  if (!rt_providers_delete (providers))
    return G_SOURCE_CONTINUE;
  g_free (providers);
  return G_SOURCE_REMOVE;
}

/* At once, or after the callback of the node from which it was closed. */
static void
delete_providers (RtNode *self)
{
  RtProviders *providers = g_memdup2 (&self->providers, sizeof self->providers);

  self->providers = (RtProviders) { 0 };
  if (delete_providers_cb (providers) == G_SOURCE_CONTINUE)
    g_idle_add (delete_providers_cb, providers);
}

static void
fetch_instance_name (RtNode *self)
{
  g_autofree WCHAR *wide = NULL;
  g_autofree char *name = NULL;
  ULONG size = 0;

  if (FAILED (DrtGetInstanceNameSize (self->drt, &size)))
    return;
  wide = g_malloc0 (size);
  if (FAILED (DrtGetInstanceName (self->drt, size, wide)))
    return;
  name = drt_wide_to_utf8 (wide);
  rt_node_set_instance_name (self, name);
}

static gboolean
tick_cb (gpointer data)
{
  RtNode *self = RT_NODE (data);
  DrtCounters counters;

  if (SUCCEEDED (drt_get_counters (self->drt, &counters)))
    rt_node_feed_counters (self, &counters, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static void
journal (RtNode *self, const char *kind, RtSeverity severity, const char *text)
{
  rt_node_append_event (self, rt_event_new (g_get_real_time (), kind, severity, text, NULL));
}

/* Keys that are not the person's do not follow into another mesh. */
static void
forget_transient (RtNode *self)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->registrations)); i > 0; i--)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (G_LIST_MODEL (self->registrations), i - 1);

      if (!rt_registration_get_persistent (registration))
        g_list_store_remove (self->registrations, i - 1);
    }
}

/**
 * rt_node_open:
 * @settings: (nullable): what to open it with, copied; %NULL for the node's own
 * @error: DRT_ERROR with the code of DrtOpen(), or of the function that creates
 *   the transport or the resolver; the message is a sentence for the person
 *
 * Opens the node, after closing it where it was open, and registers its keys.
 * Whether there is a mesh shows in its state, later.
 *
 * Returns: whether it is open now
 */
gboolean
rt_node_open (RtNode *self, RtMeshSettings *settings, GError **error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *opened = NULL;
  g_autoptr(GError) local_error = NULL;
  HRESULT hr;

  g_return_val_if_fail (RT_IS_NODE (self), FALSE);

  rt_node_close (self);
  if (settings != NULL)
    rt_node_set_settings (self, settings);
  if (!rt_mesh_settings_get_loopback_only (self->settings))
    forget_transient (self);

  hr = rt_mesh_settings_check_all (self->settings, NULL, &sentence);
  if (SUCCEEDED (hr))
    hr = rt_providers_open (&self->providers, self->settings, &self->drt);
  if (FAILED (hr))
    {
      const char *words = sentence != NULL ? sentence : drt_hresult_to_sentence (hr);

      delete_providers (self);
      journal (self, "open", RT_SEVERITY_ERROR, words);
      local_error = g_error_new_literal (DRT_ERROR, hr, words);
      rt_node_set_open_error (self, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  rt_node_set_open_error (self, NULL);
  rt_node_begin (self);
  fetch_instance_name (self);
  drt_observe (self->drt, &rt_node_observer, self);
  opened = g_strdup_printf (_("The node was opened on UDP port %u"), self->providers.port);
  journal (self, "open", RT_SEVERITY_INFO, opened);
  rt_node_register_all (self);
  self->tick = g_timeout_add_seconds (1, tick_cb, self);
  g_source_set_name_by_id (self->tick, "[roundtable] counters");
  return TRUE;
}

/**
 * rt_node_close:
 *
 * Leaves the mesh: our keys are revoked there, and stay here, offline.
 */
void
rt_node_close (RtNode *self)
{
  HDRT drt;

  g_return_if_fail (RT_IS_NODE (self));

  if (self->drt == NULL)
    return;
  g_clear_handle_id (&self->tick, g_source_remove);
  tick_cb (self);
  drt = g_steal_pointer (&self->drt);
  drt_observe (drt, NULL, NULL);
  DrtClose (drt);
  delete_providers (self);
  rt_node_end (self);
  journal (self, "close", RT_SEVERITY_INFO, _("The node was closed"));
}

/**
 * rt_node_set_revoke_list:
 * @root: of the mesh the list is of
 *
 * Who was revoked just now is refused by a running node of that mesh at once.
 */
gboolean
rt_node_set_revoke_list (RtNode *self, PCCERT_CONTEXT root, DrtRevokeList *list)
{
  PCCERT_CONTEXT own;

  g_return_val_if_fail (RT_IS_NODE (self), FALSE);

  own = rt_providers_get_certificate (self->settings, RT_MESH_ROOT);
  if (self->drt == NULL || self->providers.security_provider != RT_SECURITY_PROVIDER_DERIVED_KEY
      || own == NULL || !drt_certificate_equal (own, root))
    return FALSE;
  drt_derived_key_provider_set_revoked (self->providers.security, list);
  return TRUE;
}
