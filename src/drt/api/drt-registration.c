/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-instance.h"

/* How long DrtUnregisterKey() waits for the thread of the context: another thread
 * may hold it up for ever, by waiting for this one. */
#define WITHDRAW_PATIENCE (2 * G_USEC_PER_SEC)

/* A key registered with a node. */
struct _DrtRegistration
{
  DrtObject parent;
  DrtInstance *instance;
  HDRT_REGISTRATION_CONTEXT handle;   /* guarded by the instance's lock; NULL: the provider is still asked */
  DrtKey key;
  gpointer key_context;
};

/* A payload on its way to the core. */
typedef struct
{
  DrtRegistration *registration;
  GBytes *payload;
} DrtPublication;

static void
registration_finalize (gpointer object)
{
  drt_object_unref (((DrtRegistration *) object)->instance);
}

static void
publication_free (gpointer data)
{
  DrtPublication *self = data;

  drt_object_unref (self->registration);
  g_bytes_unref (self->payload);
  g_free (self);
}

/* A reference to @registration and a copy of @data; NULL: no memory. */
static DrtPublication *
publication_new (DrtRegistration *registration,
                 const DRT_DATA  *data)
{
  DrtPublication *self = drt_try_alloc (sizeof (DrtPublication));
  guint8 *copy = drt_try_copy (data->pb, data->cb);

  if (self == NULL || copy == NULL)
    {
      g_free (self);
      g_free (copy);
      return NULL;
    }
  self->registration = drt_object_ref (registration);
  self->payload = g_bytes_new_take (copy, data->cb);
  return self;
}

static void
publish (DrtInstance *self,
         gpointer     data)
{
  DrtPublication *publication = data;
  DrtRegistration *registration = publication->registration;

  if (self->node != NULL &&
      drt_node_register (self->node, g_get_monotonic_time (), &registration->key, publication->payload,
                         registration->key_context))
    drt_expiry_watch (self, &registration->key, registration->key_context);
}

static void
update (DrtInstance *self,
        gpointer     data)
{
  DrtPublication *publication = data;

  if (self->node != NULL)
    drt_node_update (self->node, g_get_monotonic_time (), &publication->registration->key, publication->payload);
}

static void
tell_provider (DrtRegistration *self)
{
  const DRT_SECURITY_PROVIDER *provider = self->instance->security;
  DRT_DATA key = { DRT_KEY_SIZE, self->key.b };

  provider->UnregisterKey (provider->pvContext, &key, self->key_context);
}

/* Takes a key out of the node's table. */
static void
forget (DrtRegistration *self)
{
  DrtInstance *instance = self->instance;

  g_mutex_lock (&instance->lock);
  if (g_hash_table_lookup (instance->registrations, &self->key) == self)
    {
      g_hash_table_steal (instance->registrations, &self->key);
      g_mutex_unlock (&instance->lock);
      drt_object_unref (self);
      return;
    }
  g_mutex_unlock (&instance->lock);
}

static void
withdraw (DrtInstance *self,
          gpointer     data)
{
  DrtRegistration *registration = data;

  if (self->node == NULL)
    return;
  drt_node_unregister (self->node, g_get_monotonic_time (), &registration->key);
  drt_expiry_forget (self, &registration->key);
  tell_provider (registration);
  forget (registration);
  drt_events_push_leaf (self, &registration->key, &registration->key, FALSE);
}

/* All keys, when the node closes: the mesh has been told. */
void
drt_registrations_withdraw (DrtInstance *self)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (drt_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->registrations);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      DrtRegistration *registration = value;

      /* The others are still with the provider: DrtRegisterKey() ends them. */
      if (registration->handle != NULL)
        g_ptr_array_add (all, drt_object_ref (registration));
    }
  g_mutex_unlock (&self->lock);

  g_array_set_size (self->expiries, 0);
  for (guint i = 0; i < all->len; i++)
    {
      DrtRegistration *registration = g_ptr_array_index (all, i);

      drt_object_unref (drt_handle_steal (registration->handle, DRT_HANDLE_REGISTRATION));
      tell_provider (registration);
      forget (registration);
    }
}

/* Takes the key's place in the table, so that nobody else gets it meanwhile. */
static HRESULT
reserve (DrtInstance     *self,
         DrtRegistration *registration)
{
  HRESULT hr = drt_instance_check (self);

  if (FAILED (hr))
    return hr;
  if (!drt_udp_transport_has_interface (self->transport))
    return DRT_E_TRANSPORT_NO_DEST_ADDRESSES;

  g_mutex_lock (&self->lock);
  if (self->refusal != S_OK)
    hr = self->refusal;
  else if (g_hash_table_contains (self->registrations, &registration->key))
    hr = DRT_E_DUPLICATE_KEY;
  else
    g_hash_table_insert (self->registrations, &registration->key, drt_object_ref (registration));
  g_mutex_unlock (&self->lock);
  return hr;
}

/* The provider agrees: makes the handle and sends the key on its way, in one
 * step, so that closing finds either both or none. */
static HRESULT
settle (DrtInstance               *self,
        DrtRegistration           *registration,
        DrtPublication            *publication,
        HDRT_REGISTRATION_CONTEXT *handle)
{
  HRESULT hr;

  g_mutex_lock (&self->lock);
  hr = self->refusal;
  if (hr == S_OK)
    {
      registration->handle = drt_handle_new (DRT_HANDLE_REGISTRATION, drt_object_ref (registration));
      if (registration->handle != NULL)
        {
          *handle = registration->handle;
          drt_instance_post_locked (self, publish, publication, publication_free);
          g_mutex_unlock (&self->lock);
          return S_OK;
        }
      hr = E_OUTOFMEMORY;
    }
  g_mutex_unlock (&self->lock);
  if (hr == E_OUTOFMEMORY)
    {
      drt_object_unref (registration);
      tell_provider (registration);
    }
  return hr;
}

static HRESULT
register_key (DrtInstance               *self,
              const DRT_REGISTRATION    *description,
              gpointer                   key_context,
              HDRT_REGISTRATION_CONTEXT *handle)
{
  DrtRegistration *registration = drt_object_new (sizeof (DrtRegistration), registration_finalize);
  DrtPublication *publication;
  HRESULT hr;

  if (registration == NULL)
    return E_OUTOFMEMORY;
  registration->instance = drt_object_ref (self);
  drt_key_from_bytes (&registration->key, description->key.pb);
  registration->key_context = key_context;

  publication = publication_new (registration, &description->appData);
  hr = publication != NULL ? reserve (self, registration) : E_OUTOFMEMORY;
  if (SUCCEEDED (hr))
    {
      hr = self->security->RegisterKey (self->security->pvContext, description, key_context);
      if (SUCCEEDED (hr))
        hr = settle (self, registration, publication, handle);
      if (SUCCEEDED (hr))
        publication = NULL;
      else
        forget (registration);
    }
  if (publication != NULL)
    publication_free (publication);
  drt_object_unref (registration);
  return SUCCEEDED (hr) ? S_OK : hr;
}

HRESULT
DrtRegisterKey (HDRT                       hDrt,
                DRT_REGISTRATION          *pRegistration,
                PVOID                      pvKeyContext,
                HDRT_REGISTRATION_CONTEXT *phKeyRegistration)
{
  DrtInstance *self;
  HRESULT hr;

  if (phKeyRegistration == NULL)
    return E_INVALIDARG;
  *phKeyRegistration = NULL;
  if (pRegistration == NULL || pRegistration->key.pb == NULL || pRegistration->appData.pb == NULL ||
      pRegistration->appData.cb < 1 || pRegistration->appData.cb > DRT_MAX_PAYLOAD_SIZE)
    return E_INVALIDARG;
  if (pRegistration->key.cb != DRT_KEY_SIZE)
    return DRT_E_INVALID_KEY_SIZE;
  self = drt_instance_get (hDrt);
  if (self == NULL)
    return E_HANDLE;

  hr = register_key (self, pRegistration, pvKeyContext, phKeyRegistration);
  drt_object_unref (self);
  return hr;
}

HRESULT
DrtUpdateKey (HDRT_REGISTRATION_CONTEXT hKeyRegistration,
              DRT_DATA                 *pAppData)
{
  DrtRegistration *registration;
  DrtPublication *publication;

  if (pAppData == NULL || pAppData->pb == NULL || pAppData->cb > DRT_MAX_PAYLOAD_SIZE)
    return E_INVALIDARG;
  registration = drt_handle_get (hKeyRegistration, DRT_HANDLE_REGISTRATION);
  if (registration == NULL)
    return E_HANDLE;

  publication = publication_new (registration, pAppData);
  if (publication != NULL)
    drt_instance_post (registration->instance, update, publication, publication_free);
  drt_object_unref (registration);
  return publication != NULL ? S_OK : E_OUTOFMEMORY;
}

void
DrtUnregisterKey (HDRT_REGISTRATION_CONTEXT hKeyRegistration)
{
  DrtRegistration *registration = drt_handle_steal (hKeyRegistration, DRT_HANDLE_REGISTRATION);
  DrtInstance *instance;

  if (registration == NULL)
    return;
  instance = drt_object_ref (registration->instance);
  drt_instance_call (instance, withdraw, registration, drt_object_unref, WITHDRAW_PATIENCE);
  drt_object_unref (instance);
}
