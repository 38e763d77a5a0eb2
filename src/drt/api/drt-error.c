/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-glib.h"

#include <string.h>

/* A code, how it is called and what it means for a person.  A sentence tells
 * what is wrong and what to do next. */
typedef struct
{
  HRESULT hr;
  const char *name;
  const char *sentence;
} DrtCode;

#define CODE(symbol, sentence) { symbol, #symbol, sentence }

static const DrtCode codes[] = {
  CODE (S_OK, "It worked."),
  CODE (S_FALSE, "It worked, but nothing had to be done."),
  CODE (DRT_S_RETRY, "Not done yet: a second attempt may work, try again."),

  CODE (E_INVALIDARG, "An argument is missing or out of its range: check what was given."),
  CODE (E_OUTOFMEMORY, "There is not enough memory: close other programs and try again."),
  CODE (E_HANDLE, "The handle is not, or no longer, valid: open the node, key or search anew."),
  CODE (E_UNEXPECTED, "This cannot be done in the present state, for example because the node is being closed: try again once that is over."),
  CODE (E_FAIL, "An unexpected error: close the node and open it again."),

  CODE (DRT_E_TIMEOUT, "No answer came in time: try again, or allow more time."),
  CODE (DRT_E_INVALID_KEY_SIZE, "The key does not have 32 bytes: give 64 hexadecimal digits."),
  CODE (DRT_E_INVALID_CERT_CHAIN, "The certificate chain is not valid: see its details for every reason, and obtain a certificate from the authority of this mesh."),
  CODE (DRT_E_INVALID_MESSAGE, "A message is malformed or not authentic and was not believed: check that all nodes use the same security provider."),
  CODE (DRT_E_NO_MORE, "There is nothing more: nothing was found, or all of it has been fetched."),
  CODE (DRT_E_INVALID_MAX_ADDRESSES, "The number of addresses to publish is not between 1 and 20: choose one that is."),
  CODE (DRT_E_SEARCH_IN_PROGRESS, "The search is still running: wait for its next result."),
  CODE (DRT_E_INVALID_KEY, "The key is not the one that belongs to the certificate: use the key derived from it."),
  CODE (DRT_E_INVALID_MAX_ENDPOINTS, "The number of results asked for is 0, or more than 1 where any match will do: ask for 1."),
  CODE (DRT_E_INVALID_SEARCH_RANGE, "The range of the search is upside down or does not contain the key sought: correct its ends."),

  CODE (DRT_E_INVALID_PORT, "The port is missing or below 1024: choose one between 1024 and 65535, or 0 for any."),
  CODE (DRT_E_INVALID_TRANSPORT_PROVIDER, "There is no such transport: create one, and give it to one node only."),
  CODE (DRT_E_INVALID_SECURITY_PROVIDER, "The security provider is missing or incomplete: choose one."),
  CODE (DRT_E_STILL_IN_USE, "It is still in use: end what uses it first."),
  CODE (DRT_E_INVALID_BOOTSTRAP_PROVIDER, "The bootstrap provider is missing or incomplete: choose one."),
  CODE (DRT_E_INVALID_ADDRESS, "The address is missing or malformed: write it as host:port or [address]:port."),
  CODE (DRT_E_INVALID_SCOPE, "The address scope is none of global, site-local and link-local: choose one of them."),
  CODE (DRT_E_TRANSPORT_SHUTTING_DOWN, "The transport is being closed: create a new one."),
  CODE (DRT_E_NO_ADDRESSES_AVAILABLE, "No other node is known: check the bootstrap."),
  CODE (DRT_E_DUPLICATE_KEY, "This key is already registered here: change its payload, or unregister it first."),
  CODE (DRT_E_TRANSPORTPROVIDER_IN_USE, "The transport serves another node: close that one, or create a transport of its own."),
  CODE (DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED, "The transport is no longer attached to a node: create a new one."),
  CODE (DRT_E_SECURITYPROVIDER_IN_USE, "The security provider serves another node: close that one, or create a provider of its own."),
  CODE (DRT_E_SECURITYPROVIDER_NOT_ATTACHED, "The security provider is not attached to a node: close the node and open it again."),
  CODE (DRT_E_BOOTSTRAPPROVIDER_IN_USE, "The bootstrap provider serves another node: close that one, or create a provider of its own."),
  CODE (DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED, "The bootstrap provider is not attached to a node: close the node and open it again."),

  CODE (DRT_E_TRANSPORT_ALREADY_BOUND, "The transport has served a node before: create a new one for each opening."),
  CODE (DRT_E_TRANSPORT_NOT_BOUND, "The transport has no port any more: close the node and open it with a new transport."),
  CODE (DRT_E_TRANSPORT_UNEXPECTED, "The system refused the network socket for an unexpected reason: check its network, then try again."),
  CODE (DRT_E_TRANSPORT_INVALID_ARGUMENT, "The transport is for a network interface that does not exist: choose another interface."),
  CODE (DRT_E_TRANSPORT_NO_DEST_ADDRESSES, "The network interface of this node is gone and with it every address: connect it again, or open the node on another one."),
  CODE (DRT_E_TRANSPORT_EXECUTING_CALLBACK, "The transport is at work in this very call: delete it afterwards."),
  CODE (DRT_E_TRANSPORT_ALREADY_EXISTS_FOR_SCOPE, "There is a transport for this scope already: use that one, or delete it first."),
  CODE (DRT_E_INVALID_SETTINGS, "The settings are missing or of the wrong size: fill in a DRT_SETTINGS with its dwSize."),
  CODE (DRT_E_INVALID_SEARCH_INFO, "The description of the search has the wrong size: fill in a DRT_SEARCH_INFO with its dwSize."),
  CODE (DRT_E_FAULTED, "The node has failed and does nothing more: close it, mend the cause, and open it again."),
  CODE (DRT_E_TRANSPORT_STILL_BOUND, "A node is open on this transport: close the node first."),
  CODE (DRT_E_INSUFFICIENT_BUFFER, "The buffer is too small: ask for the size and provide that many bytes."),
  CODE (DRT_E_INVALID_INSTANCE_PREFIX, "The instance name is too long: use at most 128 characters."),
  CODE (DRT_E_INVALID_SECURITY_MODE, "The security mode is none of resolve, membership and confidential payload: choose one of them."),
  CODE (DRT_E_CAPABILITY_MISMATCH, "The security provider cannot do what this mode asks for: choose another provider or mode, or give it a certificate."),

  { DRT_HR_ACCESS_DENIED, "HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED)", "The system does not permit it: check the permissions of the program, or choose another port." },
  { DRT_HR_NOT_SUPPORTED, "HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED)", "This version cannot do that: bootstrap by host name or address instead." },
  { DRT_HR_TOO_MANY_OPEN_FILES, "HRESULT_FROM_WIN32(WSAEMFILE)", "The program has too many files open: close some, or raise the limit." },
  { DRT_HR_ADDRESS_FAMILY, "HRESULT_FROM_WIN32(WSAEAFNOSUPPORT)", "There is no IPv6 address: the host has none, or only IPv4; use a host that has one." },
  { DRT_HR_ADDRESS_IN_USE, "HRESULT_FROM_WIN32(WSAEADDRINUSE)", "Another program uses this port: choose another one, or 0 for any." },
  { DRT_HR_ADDRESS_NOT_AVAILABLE, "HRESULT_FROM_WIN32(WSAEADDRNOTAVAIL)", "This host does not have the address: choose another interface." },
  { DRT_HR_NETWORK_DOWN, "HRESULT_FROM_WIN32(WSAENETDOWN)", "The network is down: connect it and try again." },
  { DRT_HR_NO_BUFFERS, "HRESULT_FROM_WIN32(WSAENOBUFS)", "The system has no room for network buffers: try again in a moment." },
  { DRT_HR_HOST_NOT_FOUND, "HRESULT_FROM_WIN32(WSAHOST_NOT_FOUND)", "The host name does not exist: check how it is written." },
  { DRT_HR_TRY_AGAIN, "HRESULT_FROM_WIN32(WSATRY_AGAIN)", "The host name could not be looked up for now: check the network connection; it is tried again." },
  { DRT_HR_NO_RECOVERY, "HRESULT_FROM_WIN32(WSANO_RECOVERY)", "The host name could not be looked up: check how it is written and the name server." },
  { DRT_HR_NO_DATA, "HRESULT_FROM_WIN32(WSANO_DATA)", "The host name exists but has no address: use another host." },
};

static const DrtCode *
find_code (HRESULT hr)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].hr == hr)
      return &codes[i];
  return NULL;
}

G_DEFINE_QUARK (drt-error-quark, drt_error)

/**
 * drt_hresult_to_name:
 * @hr: a code
 *
 * Returns: (nullable): how it is written in a program, "DRT_E_FAULTED"; NULL for a
 *   code libdrt does not know
 */
const char *
drt_hresult_to_name (HRESULT hr)
{
  const DrtCode *code = find_code (hr);

  return code != NULL ? code->name : NULL;
}

/**
 * drt_hresult_to_sentence:
 * @hr: a code
 *
 * Returns: what it means and what to do next, one sentence in English; for a
 *   code libdrt does not know one that says so
 */
const char *
drt_hresult_to_sentence (HRESULT hr)
{
  const DrtCode *code = find_code (hr);

  if (code != NULL)
    return code->sentence;
  if (SUCCEEDED (hr))
    return "It worked.";
  return "A code of the system or of a provider: look it up by its number.";
}

/**
 * drt_hresult_from_name:
 * @name: as drt_hresult_to_name() gives it
 * @hr: (out): its code
 *
 * Returns: FALSE when there is no such name
 */
gboolean
drt_hresult_from_name (const char *name,
                       HRESULT    *hr)
{
  if (name == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (strcmp (codes[i].name, name) == 0)
      {
        if (hr != NULL)
          *hr = codes[i].hr;
        return TRUE;
      }
  return FALSE;
}

/**
 * drt_set_error:
 * @error: (out) (nullable)
 * @hr: a code
 *
 * Sets @error, of the domain DRT_ERROR and with @hr as its code, unless @hr is a
 * success.
 *
 * Returns: TRUE for a success, so that it can be returned at once
 */
gboolean
drt_set_error (GError **error,
               HRESULT  hr)
{
  const char *name = drt_hresult_to_name (hr);

  if (SUCCEEDED (hr))
    return TRUE;
  if (name != NULL)
    g_set_error (error, DRT_ERROR, hr, "%s (%s)", drt_hresult_to_sentence (hr), name);
  else
    g_set_error (error, DRT_ERROR, hr, "%s (0x%08X)", drt_hresult_to_sentence (hr), (guint) hr);
  return FALSE;
}
