/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-instance.h"

#include "cli-output.h"

#define LOCALITY_THRESHOLD 300   /* a moderate preference for near nodes, as in the Windows SDK's sample */
#define MAX_ADDRESSES      4     /* as many as a node has at most, [MC-DRT] §3.1.4.1 */

static gboolean
report_transport (const CliSettings *settings,
                  HRESULT            hr)
{
  g_autofree char *what = settings->port == 0
    ? g_strdup ("no UDP port could be opened")
    : g_strdup_printf ("UDP port %u could not be opened", settings->port);

  cli_report_code (what, hr,
                   settings->port == 0
                   ? "Check that this system has IPv6 switched on."
                   : "Choose another one with --port, or leave --port out for any free one.");
  return FALSE;
}

/* DRT_S_RETRY: there is no Avahi, but it may come. */
static HRESULT
create_lan (CliInstance       *instance,
            const CliSettings *settings)
{
  g_autofree WCHAR *name = drt_wide_from_utf8 (settings->lan);
  HRESULT hr = DrtCreatePnrpBootstrapResolver (settings->publish, name, NULL, NULL, &instance->bootstrap);

  instance->lan = instance->bootstrap != NULL;
  if (hr == DRT_S_RETRY)
    cli_warn ("Avahi does not run on this system: nobody is found by name until it does");
  return hr;
}

static HRESULT
create_list (CliInstance *instance,
             char       **endpoints)
{
  g_autoptr (GPtrArray) wide = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; endpoints != NULL && endpoints[i] != NULL; i++)
    g_ptr_array_add (wide, drt_wide_from_utf8 (endpoints[i]));
  return DrtCreateListBootstrapResolver (wide->len, (const PCWSTR *) wide->pdata, &instance->bootstrap);
}

static HRESULT
create_security (CliInstance          *instance,
                 const CliCredentials *credentials)
{
  g_autoptr (DrtCertificateInfo) info = NULL;

  instance->derived = credentials->derived;
  if (!credentials->derived)
    return DrtCreateNullSecurityProvider (&instance->security);
  info = drt_certificate_get_info (credentials->root);
  return drt_derived_key_provider_new (credentials->root, credentials->local, info->profile, credentials->revoked, &instance->security);
}

static HRESULT
open_drt (CliInstance       *instance,
          const CliSettings *settings)
{
  DRT_SETTINGS drt_settings = {
    .dwSize = sizeof drt_settings,
    .cbKey = DRT_KEY_SIZE,
    .bProtocolMajorVersion = settings->protocol_major,
    .bProtocolMinorVersion = settings->protocol_minor,
    .ulMaxRoutingAddresses = MAX_ADDRESSES,
    .pwzDrtInstancePrefix = (PWSTR) L"drt",
    .hTransport = instance->transport,
    .pSecurityProvider = instance->security,
    .pBootstrapProvider = instance->bootstrap,
    .eSecurityMode = settings->mode,
  };

  return drt_open_in_context (&drt_settings, NULL, NULL, NULL, &instance->drt);
}

/**
 * cli_instance_open:
 * @instance: (out): closed with cli_instance_close() in any case
 * @settings: what to open it with
 *
 * Opens a node on the thread-default main context.
 *
 * Returns: %FALSE after telling why it could not be opened
 */
gboolean
cli_instance_open (CliInstance       *instance,
                   const CliSettings *settings)
{
  HRESULT hr;

  *instance = (CliInstance) { .port = settings->port, .capture = settings->capture };

  hr = DrtCreateIpv6UdpTransport (settings->scope.scope, settings->scope.interface, LOCALITY_THRESHOLD,
                                  &instance->port, &instance->transport);
  if (FAILED (hr))
    return report_transport (settings, hr);
  if (instance->capture != NULL)
    instance->capture_node = cli_capture_add_node (instance->capture, instance->port);

  hr = create_security (instance, &settings->credentials);
  if (SUCCEEDED (hr))
    hr = settings->lan != NULL ? create_lan (instance, settings) : create_list (instance, settings->bootstrap);
  if (SUCCEEDED (hr))
    hr = open_drt (instance, settings);
  if (FAILED (hr))
    {
      cli_report_code ("the node could not be opened", hr, NULL);
      return FALSE;
    }
  return TRUE;
}

/**
 * cli_instance_register:
 *
 * Publishes a key.
 *
 * Returns: %FALSE after telling why that is not possible
 */
gboolean
cli_instance_register (CliInstance           *instance,
                       const CliRegistration *registration)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (registration->payload, &length);
  DRT_REGISTRATION drt_registration = {
    .key = { DRT_KEY_SIZE, (BYTE *) registration->key.b },
    .appData = { length, (BYTE *) bytes },
  };
  HDRT_REGISTRATION_CONTEXT handle;   /* DrtClose() ends it with the node */
  HRESULT hr = DrtRegisterKey (instance->drt, &drt_registration, (PVOID) registration->certificate, &handle);

  if (FAILED (hr))
    {
      char key[DRT_KEY_HEX_LENGTH + 1];
      g_autofree char *what = NULL;

      drt_key_format (&registration->key, key);
      what = g_strdup_printf ("key %s could not be registered", key);
      cli_report_code (what, hr, hr == DRT_E_DUPLICATE_KEY ? "Give each --register another key." : NULL);
      return FALSE;
    }
  return TRUE;
}

void
cli_instance_capture_status (CliInstance             *instance,
                             const DrtObservedStatus *status)
{
  if (instance->capture != NULL)
    cli_capture_set_status (instance->capture, instance->capture_node, status);
}

void
cli_instance_capture_message (CliInstance              *instance,
                              const DrtObservedMessage *message)
{
  if (instance->capture != NULL)
    cli_capture_message (instance->capture, instance->capture_node, message);
}

static void
last_message_cb (gpointer                  data,
                 const DrtObservedMessage *message)
{
  cli_instance_capture_message (data, message);
}

/**
 * cli_instance_close:
 *
 * Leaves the mesh, revoking all keys, and frees everything.  Not to be called
 * from a callback of libdrt.
 */
void
cli_instance_close (CliInstance *instance)
{
  static const DrtObserver last_messages = { .message = last_message_cb };

  if (instance->drt != NULL)
    {
      /* The command hears no more; the capture file still gets the revokes. */
      drt_observe (instance->drt, instance->capture != NULL ? &last_messages : NULL, instance);
      DrtClose (instance->drt);
    }
  if (instance->lan)
    DrtDeletePnrpBootstrapResolver (instance->bootstrap);
  else if (instance->bootstrap != NULL)
    DrtDeleteListBootstrapResolver (instance->bootstrap);
  if (instance->security != NULL && instance->derived)
    DrtDeleteDerivedKeySecurityProvider (instance->security);
  else if (instance->security != NULL)
    DrtDeleteNullSecurityProvider (instance->security);
  if (instance->transport != NULL)
    DrtDeleteIpv6UdpTransport (instance->transport);
  *instance = (CliInstance) { 0 };
}
