/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-derived-key.h"
#include "drt-glib.h"
#include "drt-instance.h"
#include "drt-library-thread.h"
#include "drt-transport-handle.h"

#include <unistd.h>

static gboolean
security_is_complete (const DRT_SECURITY_PROVIDER *provider)
{
  return provider != NULL && provider->Attach != NULL && provider->Detach != NULL &&
         provider->RegisterKey != NULL && provider->UnregisterKey != NULL &&
         provider->ValidateAndUnpackPayload != NULL && provider->SecureAndPackPayload != NULL &&
         provider->FreeData != NULL && provider->EncryptData != NULL && provider->DecryptData != NULL &&
         provider->GetSerializedCredential != NULL && provider->ValidateRemoteCredential != NULL &&
         provider->SignData != NULL && provider->VerifyData != NULL;
}

static gboolean
bootstrap_is_complete (const DRT_BOOTSTRAP_PROVIDER *provider)
{
  return provider != NULL && provider->Attach != NULL && provider->Detach != NULL &&
         provider->InitResolve != NULL && provider->IssueResolve != NULL && provider->EndResolve != NULL &&
         provider->Register != NULL && provider->Unregister != NULL;
}

/* In the order drt.h promises. */
static HRESULT
check_settings (const DRT_SETTINGS *settings)
{
  if (settings == NULL || settings->dwSize != sizeof (DRT_SETTINGS))
    return DRT_E_INVALID_SETTINGS;
  if (settings->cbKey != DRT_KEY_SIZE)
    return DRT_E_INVALID_KEY_SIZE;
  if (settings->ulMaxRoutingAddresses < DRT_MIN_ROUTING_ADDRESSES ||
      settings->ulMaxRoutingAddresses > DRT_MAX_ROUTING_ADDRESSES)
    return DRT_E_INVALID_MAX_ADDRESSES;
  if (settings->hTransport == NULL)
    return DRT_E_INVALID_TRANSPORT_PROVIDER;
  if ((int) settings->eSecurityMode < DRT_SECURE_RESOLVE || settings->eSecurityMode > DRT_SECURE_CONFIDENTIALPAYLOAD)
    return DRT_E_INVALID_SECURITY_MODE;
  if (!security_is_complete (settings->pSecurityProvider))
    return DRT_E_INVALID_SECURITY_PROVIDER;
  if (!bootstrap_is_complete (settings->pBootstrapProvider))
    return DRT_E_INVALID_BOOTSTRAP_PROVIDER;
  if (settings->pwzDrtInstancePrefix != NULL &&
      wcsnlen (settings->pwzDrtInstancePrefix, DRT_MAX_INSTANCE_PREFIX_LEN + 1) > DRT_MAX_INSTANCE_PREFIX_LEN)
    return DRT_E_INVALID_INSTANCE_PREFIX;
  return S_OK;
}

/* Prefix, process and a number that is never used twice. */
static HRESULT
make_name (DrtInstance *self,
           PCWSTR       prefix)
{
  static int last_number;
  const gsize n_characters = DRT_MAX_INSTANCE_PREFIX_LEN + sizeof ".2147483647.2147483647";
  int n;

  self->name = drt_try_alloc (n_characters * sizeof (WCHAR));
  if (self->name == NULL)
    return E_OUTOFMEMORY;
  n = swprintf (self->name, n_characters, L"%ls.%d.%d", prefix != NULL ? prefix : L"DRT",
                (int) getpid (), g_atomic_int_add (&last_number, 1) + 1);
  if (n < 0)
    return E_FAIL;
  self->name_size = (n + 1) * sizeof (WCHAR);
  return S_OK;
}

/* With a longer one a REQUEST of ten keys would be longer than [MC-DRT] §2.2.2.3 lets it be. */
#define CREDENTIAL_MAX (32 * 1024)

/* In the modes 1 and 2 a node must be able to say who it is. */
static HRESULT
check_credential (const DRT_SECURITY_PROVIDER *provider,
                  DRT_SECURITY_MODE            mode)
{
  DRT_DATA credential = { 0 };
  HRESULT hr;

  if (mode == DRT_SECURE_RESOLVE)
    return S_OK;
  hr = provider->GetSerializedCredential (provider->pvContext, &credential);
  if (SUCCEEDED (hr) && credential.cb > CREDENTIAL_MAX)
    hr = DRT_E_CAPABILITY_MISMATCH;
  if (credential.pb != NULL)
    provider->FreeData (provider->pvContext, credential.pb);
  return hr;
}

/* Attaches security provider, transport, bootstrap provider; all or none. */
static HRESULT
attach_all (DrtInstance       *self,
            DRT_SECURITY_MODE  mode)
{
  HRESULT hr = self->security->Attach (self->security->pvContext);

  if (FAILED (hr))
    return hr;
  hr = drt_security_provider_set_mode (self->security, mode);
  if (SUCCEEDED (hr))
    hr = check_credential (self->security, mode);
  if (SUCCEEDED (hr))
    hr = drt_udp_transport_attach (self->transport);
  if (SUCCEEDED (hr))
    {
      hr = self->bootstrap->Attach (self->bootstrap->pvContext);
      if (FAILED (hr))
        drt_udp_transport_move (self->transport, DRT_UDP_IDLE);
    }
  if (FAILED (hr))
    self->security->Detach (self->security->pvContext);
  return hr;
}

static void
detach_all (DrtInstance *self)
{
  self->bootstrap->Detach (self->bootstrap->pvContext);
  drt_udp_transport_move (self->transport, DRT_UDP_IDLE);
  self->security->Detach (self->security->pvContext);
}

/* The first command of every node. */
static void
open_node (DrtInstance *self,
           gpointer     data)
{
  DrtEndpoint endpoints[DRT_UDP_MAX_ADDRESSES];
  guint n;

  /* First, so that no change is missed. */
  self->addresses_watched = drt_address_watch_join (self);
  drt_instance_look_at_addresses (self, endpoints, &n);
  drt_bootstrap_run_publish (self, endpoints, n);
  drt_node_open (self->node, g_get_monotonic_time (), endpoints, n);
  self->opened = TRUE;
}

static void
make_node (DrtInstance        *self,
           const DRT_SETTINGS *settings)
{
  const DrtNodeSettings node_settings = {
    .protocol_major = settings->bProtocolMajorVersion,
    .protocol_minor = settings->bProtocolMinorVersion,
    .max_addresses = settings->ulMaxRoutingAddresses,
    .mode = settings->eSecurityMode,
    .security = self->security,
    .binds = drt_security_provider_binds (self->security),
    .locality = drt_udp_transport_get_locality (self->transport),
  };

  self->node = drt_node_new (&node_settings, &drt_instance_host, self);
}

/* Everything is attached: puts the node on its context.  From here on it is
 * another thread's. */
static HRESULT
start (DrtInstance        *self,
       const DRT_SETTINGS *settings,
       GMainContext       *main_context,
       HDRT               *drt)
{
  if (main_context == NULL)
    {
      main_context = drt_library_thread_join ();
      if (main_context == NULL)
        return E_FAIL;
      self->library_thread = TRUE;
    }
  self->handle = drt_handle_new (DRT_HANDLE_INSTANCE, drt_object_ref (self));
  if (self->handle == NULL)
    {
      drt_object_unref (self);
      if (self->library_thread)
        drt_library_thread_leave ();
      return E_OUTOFMEMORY;
    }

  make_node (self, settings);
  self->context = g_main_context_ref (main_context);
  self->source = drt_source_new (self);
  self->status.port = drt_udp_transport_get_port (self->transport);
  drt_udp_transport_move (self->transport, DRT_UDP_BOUND);
  drt_instance_post (self, open_node, NULL, NULL);
  *drt = self->handle;
  g_source_attach (self->source, self->context);
  return S_OK;
}

static HRESULT
prepare (DrtInstance        *self,
         const DRT_SETTINGS *settings,
         HANDLE              event,
         gpointer            user_context)
{
  HRESULT hr;

  self->security = settings->pSecurityProvider;
  self->bootstrap = settings->pBootstrapProvider;
  self->user_context = user_context;
  self->transport = drt_transport_get (settings->hTransport);
  if (self->transport == NULL)
    return DRT_E_INVALID_TRANSPORT_PROVIDER;
  if (!drt_udp_transport_has_interface (self->transport))
    return DRT_E_TRANSPORT_INVALID_ARGUMENT;
  hr = make_name (self, settings->pwzDrtInstancePrefix);
  return FAILED (hr) ? hr : drt_signal_open (event, &self->signal);
}

static HRESULT
open_instance (const DRT_SETTINGS *settings,
               HANDLE              event,
               gpointer            user_context,
               GMainContext       *main_context,
               HDRT               *drt)
{
  DrtInstance *self;
  HRESULT hr, started;

  if (drt == NULL)
    return E_INVALIDARG;
  *drt = NULL;
  hr = check_settings (settings);
  if (FAILED (hr))
    return hr;
  self = drt_instance_new ();
  if (self == NULL)
    return E_OUTOFMEMORY;

  hr = prepare (self, settings, event, user_context);
  if (SUCCEEDED (hr))
    hr = attach_all (self, settings->eSecurityMode);
  if (SUCCEEDED (hr))
    {
      started = start (self, settings, main_context, drt);
      if (FAILED (started))
        {
          detach_all (self);
          hr = started;
        }
    }
  drt_object_unref (self);
  return hr == DRT_S_RETRY || FAILED (hr) ? hr : S_OK;
}

HRESULT
DrtOpen (const DRT_SETTINGS *pSettings,
         HANDLE              hEvent,
         const PVOID         pvContext,
         HDRT               *phDrt)
{
  return open_instance (pSettings, hEvent, pvContext, NULL, phDrt);
}

/**
 * drt_open_in_context:
 * @settings: as for DrtOpen()
 * @event: (nullable): as for DrtOpen()
 * @context: (nullable): comes back in every event
 * @main_context: (nullable): who does the node's work; NULL: the caller's
 *   thread-default one.  Somebody must run it
 * @drt: (out): the node
 *
 * DrtOpen() for a GLib program.
 *
 * Returns: as DrtOpen()
 */
HRESULT
drt_open_in_context (const DRT_SETTINGS *settings,
                     HANDLE              event,
                     const void         *context,
                     GMainContext       *main_context,
                     HDRT               *drt)
{
  g_autoptr (GMainContext) used = main_context != NULL ? g_main_context_ref (main_context)
                                                       : g_main_context_ref_thread_default ();

  return open_instance (settings, event, (gpointer) context, used, drt);
}
