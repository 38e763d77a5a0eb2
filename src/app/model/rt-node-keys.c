/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-node-private.h"

#include <drt-glib.h>

#include "rt-registration-private.h"
#include "rt-search-private.h"

/**
 * rt_node_find_registration:
 *
 * Returns: (transfer none) (nullable): our key that equals @key
 */
RtRegistration *
rt_node_find_registration (RtNode *self, const DrtKey *key)
{
  guint n_items;

  g_return_val_if_fail (RT_IS_NODE (self), NULL);

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->registrations));
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (G_LIST_MODEL (self->registrations), i);

      if (drt_key_equal (rt_registration_get_key (registration), key))
        return registration;  /* the list keeps it alive */
    }
  return NULL;
}

/** rt_node_find_neighbour: (transfer none) (nullable): the route entry of @key */
RtNeighbour *
rt_node_find_neighbour (RtNode *self, const DrtKey *key)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return rt_neighbour_list_find (self->neighbours, key);
}

/* The node's own certificate may have been unlocked only after the key was read. */
static PCCERT_CONTEXT
find_certificate (RtNode *self, RtRegistration *registration)
{
  RtCertificateFile *own = rt_mesh_settings_get_file (self->settings, RT_MESH_LOCAL);
  RtCertificateFile *file = rt_registration_get_certificate (registration);

  if (file == NULL)
    return NULL;
  if (own != NULL && rt_certificate_file_get_certificate (file) == NULL
      && g_str_equal (rt_certificate_file_get_path (own), rt_certificate_file_get_path (file)))
    rt_registration_set_certificate (registration, own);
  return rt_certificate_file_get_certificate (rt_registration_get_certificate (registration));
}

/* What the provider is told of the key: its certificate, which the registration keeps alive. */
static gpointer
find_context (RtNode *self, RtRegistration *registration)
{
  if (self->providers.security_provider != RT_SECURITY_PROVIDER_DERIVED_KEY)
    return NULL;
  return (gpointer) find_certificate (self, registration);
}

/* With the running node; the observer may tell of the key before this returns. */
static HRESULT
register_with_drt (RtNode *self, RtRegistration *registration)
{
  GBytes *payload = rt_registration_get_payload (registration);
  DrtKey key = *rt_registration_get_key (registration);
  HDRT_REGISTRATION_CONTEXT handle = NULL;
  DRT_REGISTRATION request = {
    .key = { .cb = DRT_KEY_SIZE, .pb = key.b },
    .appData = {
      .cb = (ULONG) g_bytes_get_size (payload),
      .pb = (BYTE *) g_bytes_get_data (payload, NULL),
    },
  };
  HRESULT hr;

  rt_registration_set_state (registration, RT_REGISTRATION_REGISTERING);
  self->registering = registration;
  hr = DrtRegisterKey (self->drt, &request, find_context (self, registration), &handle);
  self->registering = NULL;
  if (SUCCEEDED (hr))
    {
      rt_registration_set_handle (registration, handle);
      rt_registration_take_error (registration, NULL);
    }
  return hr;
}

static gboolean
is_running (RtNode *self)
{
  return self->drt != NULL && self->state != RT_NODE_FAULTED;
}

/* A key whose revoke is still under way gives way to its successor. */
static void
forget_revoking (RtNode *self, const DrtKey *key)
{
  RtRegistration *old = rt_node_find_registration (self, key);
  guint position;

  if (old != NULL && rt_registration_get_state (old) == RT_REGISTRATION_REVOKING
      && g_list_store_find (self->registrations, old, &position))
    g_list_store_remove (self->registrations, position);
}

static RtRegistration *
register_key (RtNode *self, const DrtKey *key, RtCertificateFile *file, GBytes *payload, const char *name, GError **error)
{
  g_autoptr(RtRegistration) registration = NULL;
  HRESULT hr = S_OK;

  if (g_bytes_get_size (payload) < 1 || g_bytes_get_size (payload) > DRT_MAX_PAYLOAD_SIZE)
    {
      drt_set_error (error, E_INVALIDARG);
      return NULL;
    }
  forget_revoking (self, key);
  if (rt_node_find_registration (self, key) != NULL)
    {
      drt_set_error (error, DRT_E_DUPLICATE_KEY);
      return NULL;
    }

  registration = rt_registration_new (key, payload, name);
  rt_registration_set_certificate (registration, file);
  if (is_running (self))
    hr = register_with_drt (self, registration);
  if (FAILED (hr))
    {
      drt_set_error (error, hr);
      return NULL;
    }
  g_list_store_append (self->registrations, registration);
  rt_node_update_nearness (self);
  return registration;
}

/**
 * rt_node_register:
 * @key: the key to publish
 * @payload: 1 .. 5120 bytes
 * @name: (nullable): what the person calls it, not published
 * @error: DRT_ERROR with the code of DrtRegisterKey()
 *
 * Publishes a key: now, or as soon as the node is opened.
 *
 * Returns: (transfer none) (nullable): it, in the list of registrations
 */
RtRegistration *
rt_node_register (RtNode *self, const DrtKey *key, GBytes *payload, const char *name, GError **error)
{
  g_return_val_if_fail (RT_IS_NODE (self), NULL);
  return register_key (self, key, NULL, payload, name, error);
}

/**
 * rt_node_register_certificate:
 * @file: unlocked; kept as long as the key is registered
 *
 * As rt_node_register(), for the key that derives from a certificate.
 */
RtRegistration *
rt_node_register_certificate (RtNode *self, RtCertificateFile *file, GBytes *payload, const char *name, GError **error)
{
  PCCERT_CONTEXT certificate;
  g_autoptr(DrtCertificateInfo) info = NULL;

  g_return_val_if_fail (RT_IS_NODE (self), NULL);

  certificate = rt_certificate_file_get_certificate (file);
  info = certificate != NULL ? drt_certificate_get_info (certificate) : NULL;
  if (info == NULL || info->profile == DRT_PROFILE_NONE)
    {
      drt_set_error (error, DRT_E_INVALID_CERT_CHAIN);
      return NULL;
    }
  return register_key (self, &info->key, file, payload, name, error);
}

/** rt_node_register_certificate_transient: as rt_node_register_transient() */
RtRegistration *
rt_node_register_certificate_transient (RtNode *self, RtCertificateFile *file, GBytes *payload, const char *name, GError **error)
{
  RtRegistration *registration = rt_node_register_certificate (self, file, payload, name, error);

  if (registration != NULL)
    rt_registration_set_persistent (registration, FALSE);
  return registration;
}

/**
 * rt_node_register_transient:
 *
 * As rt_node_register(), for a key that the application itself publishes: it is
 * not stored and does not follow into another mesh.
 */
RtRegistration *
rt_node_register_transient (RtNode *self, const DrtKey *key, GBytes *payload, const char *name, GError **error)
{
  RtRegistration *registration = rt_node_register (self, key, payload, name, error);

  if (registration != NULL)
    rt_registration_set_persistent (registration, FALSE);
  return registration;
}

/**
 * rt_node_restore:
 * @registrations: (element-type RtRegistration): keys of an earlier run
 *
 * Puts them into the list, offline, where they are not there yet.
 */
void
rt_node_restore (RtNode *self, GPtrArray *registrations)
{
  g_return_if_fail (RT_IS_NODE (self));

  for (guint i = 0; i < registrations->len; i++)
    {
      RtRegistration *registration = g_ptr_array_index (registrations, i);

      if (rt_node_find_registration (self, rt_registration_get_key (registration)) == NULL)
        g_list_store_append (self->registrations, registration);
    }
}

/**
 * rt_node_update_payload:
 * @payload: 1 .. 5120 bytes
 * @error: DRT_ERROR with the code of DrtUpdateKey()
 *
 * Returns: whether the key has this payload now
 */
gboolean
rt_node_update_payload (RtNode *self, RtRegistration *registration, GBytes *payload, GError **error)
{
  HDRT_REGISTRATION_CONTEXT handle;
  HRESULT hr = S_OK;

  g_return_val_if_fail (RT_IS_NODE (self), FALSE);
  g_return_val_if_fail (RT_IS_REGISTRATION (registration), FALSE);

  handle = rt_registration_get_handle (registration);
  if (g_bytes_get_size (payload) < 1 || g_bytes_get_size (payload) > DRT_MAX_PAYLOAD_SIZE)
    hr = E_INVALIDARG;
  else if (handle != NULL)
    {
      DRT_DATA data = {
        .cb = (ULONG) g_bytes_get_size (payload),
        .pb = (BYTE *) g_bytes_get_data (payload, NULL),
      };

      hr = DrtUpdateKey (handle, &data);
    }
  if (FAILED (hr))
    {
      drt_set_error (error, hr);
      return FALSE;
    }
  rt_registration_set_payload (registration, payload);
  return TRUE;
}

/**
 * rt_node_unregister:
 *
 * Takes a key back.  It leaves the list when the mesh has been told.
 */
void
rt_node_unregister (RtNode *self, RtRegistration *registration)
{
  g_autoptr(RtRegistration) held = NULL;
  HDRT_REGISTRATION_CONTEXT handle;
  guint position;

  g_return_if_fail (RT_IS_NODE (self));
  g_return_if_fail (RT_IS_REGISTRATION (registration));

  held = g_object_ref (registration);
  handle = rt_registration_get_handle (registration);
  if (handle != NULL)
    {
      rt_registration_set_state (registration, RT_REGISTRATION_REVOKING);
      rt_registration_set_handle (registration, NULL);
      DrtUnregisterKey (handle);
    }
  else if (g_list_store_find (self->registrations, registration, &position))
    {
      g_list_store_remove (self->registrations, position);
      rt_node_update_nearness (self);
    }
}

/** rt_node_register_all: what is in the list, with the node that has just been opened */
void
rt_node_register_all (RtNode *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->registrations));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (G_LIST_MODEL (self->registrations), i);
      HRESULT hr = register_with_drt (self, registration);

      if (FAILED (hr))
        {
          GError *error = NULL;

          drt_set_error (&error, hr);
          rt_registration_take_error (registration, error);
          rt_registration_set_state (registration, RT_REGISTRATION_FAILED);
        }
    }
}

/** rt_node_registrations_offline: after the node has been closed; revoked keys leave the list */
void
rt_node_registrations_offline (RtNode *self)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->registrations)); i > 0; i--)
    {
      g_autoptr(RtRegistration) registration = g_list_model_get_item (G_LIST_MODEL (self->registrations), i - 1);

      rt_registration_set_handle (registration, NULL);
      rt_registration_clear_leaves (registration);
      if (rt_registration_get_state (registration) == RT_REGISTRATION_REVOKING)
        g_list_store_remove (self->registrations, i - 1);
      else
        {
          rt_registration_take_error (registration, NULL);
          rt_registration_set_state (registration, RT_REGISTRATION_OFFLINE);
        }
    }
}

/** rt_node_add_search: (transfer none): as the newest; the oldest gives way */
void
rt_node_add_search (RtNode *self, RtSearch *search)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->searches));

  if (n_items >= RT_NODE_MAX_SEARCHES)
    {
      g_autoptr(RtSearch) oldest = g_list_model_get_item (G_LIST_MODEL (self->searches), n_items - 1);

      rt_search_cancel (oldest);
      g_list_store_remove (self->searches, n_items - 1);
    }
  g_list_store_insert (self->searches, 0, search);
}

/**
 * rt_node_search:
 * @key: the key sought
 * @scope: (nullable): with RT_SEARCH_NEAREST: where, and how many; NULL: one, of all
 * @timeout_ms: after which it is given up
 * @error: DRT_ERROR with the code of DrtStartSearch(); E_HANDLE while the node is closed
 *
 * Returns: (transfer none) (nullable): the search, first in the list of searches
 */
RtSearch *
rt_node_search (RtNode *self, const DrtKey *key, RtSearchKind kind, const RtSearchScope *scope, guint timeout_ms, GError **error)
{
  g_autoptr(RtSearch) search = NULL;

  g_return_val_if_fail (RT_IS_NODE (self), NULL);

  if (self->drt == NULL)
    {
      drt_set_error (error, E_HANDLE);
      return NULL;
    }
  search = rt_search_new (key, kind);
  if (scope != NULL)
    rt_search_set_scope (search, scope);
  /* Before it starts: the observer tells of it at once. */
  rt_node_add_search (self, search);
  if (!rt_search_start (search, self->drt, timeout_ms, error))
    {
      guint position;

      if (g_list_store_find (self->searches, search, &position))
        g_list_store_remove (self->searches, position);
      return NULL;
    }
  return search;
}

/** rt_node_inquire: asks a neighbour now to prove its key; what it answers changes @neighbour */
void
rt_node_inquire (RtNode *self, RtNeighbour *neighbour)
{
  g_return_if_fail (RT_IS_NODE (self));
  g_return_if_fail (RT_IS_NEIGHBOUR (neighbour));
  if (self->drt != NULL)
    drt_inquire_entry (self->drt, rt_neighbour_get_key (neighbour));
}

/** rt_node_drop: forgets a route entry; it may come back when the mesh names it again */
void
rt_node_drop (RtNode *self, RtNeighbour *neighbour)
{
  g_return_if_fail (RT_IS_NODE (self));
  g_return_if_fail (RT_IS_NEIGHBOUR (neighbour));
  if (self->drt != NULL)
    drt_drop_entry (self->drt, rt_neighbour_get_key (neighbour));
}
