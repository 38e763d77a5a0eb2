/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "odd-bootstrap.h"
#include "odd-provider.h"
#include "virtual-host.h"

#include "drt-glib.h"
#include "drt-observe.h"
#include "fuzz.h"

#include <errno.h>
#include <string.h>

/* The functions of drt.h in any order, with handles that are alive, stale, of
 * another kind or made up, from outside and from inside of the providers'
 * callbacks; datagrams lost, memory short.  Every code must be one that drt.h
 * names, and every argument may be freed right after the call. */

#define N_SLOTS     3
#define N_HANDLES   4096
#define MAX_STEPS   200
#define MAX_DEPTH   4     /* of calls from within callbacks */

/* What one node is made of. */
typedef struct
{
  gboolean used;
  HDRT_TRANSPORT transport;
  USHORT port;
  OddProvider provider;
  OddBootstrap bootstrap;
  HANDLE event;
  HDRT node;
} Slot;

static struct
{
  FuzzInput *input;
  guint depth;
  Slot slots[N_SLOTS];
  PVOID handles[N_HANDLES];    /* all there have been, of any kind */
  guint n_handles;
  guint alloc_after;           /* 0: never */
  guint send_after;
  guint receive_after;
  guint fail_after;
  gboolean observed;
} self;

static void step (void);

/* --- What must be --- */

static void
check_code (const char *function,
            HRESULT     hr,
            guint       n,
            const HRESULT *codes)
{
  for (guint i = 0; i < n; i++)
    if (codes[i] == hr)
      return;
  g_printerr ("%s returned %s (0x%08X)\n", function, drt_hresult_to_name (hr), (guint) hr);
  fuzz_fail (function, "one of the documented codes");
}

#define CHECK_CODE(function, hr, ...) \
  G_STMT_START { \
    const HRESULT codes[] = { S_OK, E_INVALIDARG, E_HANDLE, __VA_ARGS__ }; \
    check_code (function, hr, G_N_ELEMENTS (codes), codes); \
  } G_STMT_END

/* --- Handles --- */

static void
remember (PVOID handle)
{
  if (handle == NULL)
    return;
  fuzz_check (self.n_handles < N_HANDLES);
  self.handles[self.n_handles++] = handle;
}

static PVOID
any_handle (void)
{
  guint choice = fuzz_u8 (self.input);
  guint n = MIN (self.n_handles, 250);

  if (choice == 255)
    return NULL;
  if (choice == 254)
    return (PVOID) (gsize) fuzz_u32 (self.input);
  return n > 0 ? self.handles[self.n_handles - 1 - choice % n] : NULL;
}

/* Mostly that of an open node. */
static HDRT
any_node (void)
{
  guint choice = fuzz_u8 (self.input);

  return choice < 230 ? self.slots[choice % N_SLOTS].node : any_handle ();
}

/* --- Failures --- */

/* The first byte after the function's name counts down to it. */
static gboolean
is_due (guint *after)
{
  return *after > 0 && --*after == 0;
}

static gboolean
no_memory (gpointer data,
           gsize    size)
{
  return is_due (&self.alloc_after);
}

static int
send_fails (gpointer      data,
            const guint8 *bytes,
            gsize         length)
{
  static const int errors[] = { VIRTUAL_HOST_LOST, ENETUNREACH, EPERM, EAGAIN, ENOBUFS, EINTR };

  return is_due (&self.send_after) ? errors[length % G_N_ELEMENTS (errors)] : 0;
}

static int
receive_fails (gpointer      data,
               const guint8 *bytes,
               gsize         length)
{
  static const int errors[] = { VIRTUAL_HOST_LOST, VIRTUAL_HOST_LOST, ECONNREFUSED, EBADF, ENOMEM };

  return is_due (&self.receive_after) ? errors[length % G_N_ELEMENTS (errors)] : 0;
}

/* A callback of a provider: it may fail, and it may call. */
static HRESULT
in_callback (gpointer    data,
             const char *function)
{
  guint choice;

  if (self.input->left == 0)
    return S_OK;
  if (is_due (&self.fail_after))
    return E_FAIL;
  if (self.depth >= MAX_DEPTH)
    return S_OK;
  choice = *self.input->at;
  if (choice < 250)
    return S_OK;
  fuzz_u8 (self.input);
  self.depth++;
  step ();
  self.depth--;
  return S_OK;
}

/* --- Nodes --- */

static void
fill_addresses (guint what)
{
  g_array_set_size (virtual_host.addresses, 0);
  virtual_host.no_addresses_known = what == 255;
  if (what % 8 != 7)
    virtual_host_add_address (0, TRUE);
  for (guint i = 0; i < what / 8 % 6; i++)
    virtual_host_add_address ((guint8) (what / 48 + i), FALSE);
}

static void
open_slot (Slot *slot)
{
  guint odd = fuzz_u8 (self.input), mode = fuzz_u8 (self.input);
  g_autofree WCHAR *prefix = odd == 249 ? g_new0 (WCHAR, 200) : NULL;
  DRT_SETTINGS settings = {
    .dwSize = odd == 255 ? 3 : sizeof settings,
    .cbKey = odd == 254 ? 20 : 32,
    .bProtocolMajorVersion = 6,
    .ulMaxRoutingAddresses = odd == 253 ? 21 : 1 + odd % 20,
    .eSecurityMode = odd == 252 ? 3 : mode % 3,
    .pwzDrtInstancePrefix = prefix,
  };
  HRESULT hr;

  if (slot->used)
    return;
  for (guint i = 0; prefix != NULL && i < 199; i++)
    prefix[i] = L'x';
  slot->port = 0;
  hr = DrtCreateIpv6UdpTransport (odd == 251 ? DRT_LINK_LOCAL_SCOPE : DRT_GLOBAL_SCOPE, odd == 250 ? 7 : 0, 5, &slot->port,
                                  &slot->transport);
  CHECK_CODE ("DrtCreateIpv6UdpTransport", hr, E_OUTOFMEMORY);
  if (FAILED (hr))
    return;
  remember (slot->transport);
  /* Ours, not the library's. */
  self.alloc_after = 0;
  fuzz_check (odd_provider_init (&slot->provider, in_callback, slot) == S_OK);
  slot->provider.dress = mode < 128 ? 0 : mode;
  odd_bootstrap_init (&slot->bootstrap, in_callback, slot);
  for (guint i = 0; i < N_SLOTS; i++)
    if (&self.slots[i] != slot && self.slots[i].used)
      odd_bootstrap_add (&slot->bootstrap, self.slots[i].port);
  slot->event = odd % 4 == 0 ? NULL : drt_event_new ();
  slot->used = TRUE;

  settings.hTransport = odd == 248 ? any_handle () : slot->transport;
  settings.pSecurityProvider = odd == 247 ? NULL : &slot->provider.table;
  settings.pBootstrapProvider = odd == 246 ? NULL : &slot->bootstrap.table;
  hr = drt_open_in_context (odd == 245 ? NULL : &settings, slot->event, slot, virtual_host.context, &slot->node);
  CHECK_CODE ("DrtOpen", hr, E_FAIL, E_OUTOFMEMORY, DRT_E_INVALID_SETTINGS, DRT_E_INVALID_KEY_SIZE, DRT_E_INVALID_MAX_ADDRESSES,
              DRT_E_INVALID_TRANSPORT_PROVIDER, DRT_E_INVALID_SECURITY_MODE, DRT_E_INVALID_SECURITY_PROVIDER,
              DRT_E_INVALID_BOOTSTRAP_PROVIDER, DRT_E_INVALID_INSTANCE_PREFIX, DRT_E_TRANSPORT_INVALID_ARGUMENT,
              DRT_E_TRANSPORTPROVIDER_IN_USE, DRT_E_TRANSPORT_ALREADY_BOUND, DRT_E_TRANSPORT_SHUTTING_DOWN,
              DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED);
  fuzz_check (SUCCEEDED (hr) == (slot->node != NULL));
  remember (slot->node);
}

/* Only from outside: what a node still uses must stay. */
static void
dispose_slot (Slot *slot)
{
  HRESULT hr;

  if (!slot->used)
    return;
  DrtClose (slot->node);
  DrtClose (slot->node);
  slot->node = NULL;
  /* Another node may have been opened on it. */
  hr = DrtDeleteIpv6UdpTransport (slot->transport);
  CHECK_CODE ("DrtDeleteIpv6UdpTransport", hr, DRT_E_INVALID_TRANSPORT_PROVIDER, DRT_E_TRANSPORT_STILL_BOUND);
  odd_bootstrap_clear (&slot->bootstrap);
  odd_provider_clear (&slot->provider);
  drt_event_free (slot->event);
  slot->used = FALSE;
}

static void
transport_verb (void)
{
  USHORT port = fuzz_u16 (self.input);
  HDRT_TRANSPORT transport = NULL;
  HRESULT hr;

  if (fuzz_flip (self.input))
    {
      hr = DrtDeleteIpv6UdpTransport (any_handle ());
      CHECK_CODE ("DrtDeleteIpv6UdpTransport", hr, DRT_E_INVALID_TRANSPORT_PROVIDER, DRT_E_TRANSPORT_STILL_BOUND,
                  DRT_E_TRANSPORTPROVIDER_IN_USE, DRT_E_TRANSPORT_EXECUTING_CALLBACK);
      return;
    }
  hr = DrtCreateIpv6UdpTransport (fuzz_below (self.input, 5), fuzz_below (self.input, 3), 0, port == 1 ? NULL : &port,
                                  port == 2 ? NULL : &transport);
  CHECK_CODE ("DrtCreateIpv6UdpTransport", hr, E_OUTOFMEMORY, DRT_E_INVALID_PORT, DRT_E_INVALID_TRANSPORT_PROVIDER,
              DRT_E_INVALID_SCOPE, HRESULT_FROM_WIN32 (10048));
  /* Deleted at once, or never used: nobody else knows it. */
  if (SUCCEEDED (hr))
    {
      remember (transport);
      fuzz_check (DrtDeleteIpv6UdpTransport (transport) == S_OK);
    }
}

static void
resolver_verb (void)
{
  gsize length;
  g_autofree guint8 *bytes = fuzz_dup (self.input, fuzz_u8 (self.input), &length);
  g_autofree char *text = g_strndup ((const char *) bytes, length);
  g_autofree WCHAR *wide = drt_wide_from_utf8 (text);
  PCWSTR list[] = { wide, wide };
  DRT_BOOTSTRAP_PROVIDER *dns = NULL, *named = NULL;
  HRESULT hr;

  hr = DrtCreateDnsBootstrapResolver (fuzz_u16 (self.input), wide, &dns);
  CHECK_CODE ("DrtCreateDnsBootstrapResolver", hr, E_OUTOFMEMORY);
  DrtDeleteDnsBootstrapResolver (dns);
  hr = DrtCreateListBootstrapResolver (fuzz_below (self.input, 3), list, &named);
  CHECK_CODE ("DrtCreateListBootstrapResolver", hr, E_OUTOFMEMORY);
  DrtDeleteListBootstrapResolver (named);
}

/* --- Keys --- */

/* 32 bytes mostly, in a block of their own. */
static DRT_DATA
make_key (void)
{
  guint choice = fuzz_u8 (self.input);
  DRT_DATA key = { choice >= 250 ? choice - 250 : 32, g_malloc0 (32) };

  key.pb[31] = (BYTE) ((choice & 15) * 17);
  return key;
}

static DRT_DATA
make_payload (void)
{
  static const ULONG sizes[] = { 1, 2, 100, DRT_MAX_PAYLOAD_SIZE, DRT_MAX_PAYLOAD_SIZE + 1, 0 };
  ULONG size = sizes[fuzz_below (self.input, G_N_ELEMENTS (sizes))];

  return (DRT_DATA) { size, g_malloc0 (MAX (size, 1)) };
}

static void
register_verb (void)
{
  DRT_REGISTRATION *registration = g_new (DRT_REGISTRATION, 1);
  HDRT_REGISTRATION_CONTEXT handle = NULL;
  DRT_REGISTRATION own = { make_key (), make_payload () };
  guint odd = fuzz_u8 (self.input);
  HRESULT hr;

  *registration = own;
  if (odd == 255)
    registration->key.pb = NULL;
  hr = DrtRegisterKey (any_node (), odd == 254 ? NULL : registration, &self, odd == 253 ? NULL : &handle);
  CHECK_CODE ("DrtRegisterKey", hr, E_FAIL, DRT_E_SECURITYPROVIDER_NOT_ATTACHED, E_OUTOFMEMORY, DRT_E_INVALID_KEY_SIZE, DRT_E_FAULTED, DRT_E_DUPLICATE_KEY,
              DRT_E_TRANSPORT_NO_DEST_ADDRESSES, E_UNEXPECTED, DRT_E_TRANSPORT_SHUTTING_DOWN, DRT_E_TRANSPORT_NOT_BOUND,
              DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED, DRT_E_INVALID_TRANSPORT_PROVIDER);
  fuzz_check (SUCCEEDED (hr) == (handle != NULL));
  remember (handle);
  g_free (own.key.pb);
  g_free (own.appData.pb);
  g_free (registration);
}

static void
key_verb (void)
{
  DRT_DATA payload = make_payload ();
  PVOID handle = any_handle ();
  HRESULT hr;

  if (fuzz_u8 (self.input) % 4 == 0)
    DrtUnregisterKey (handle);
  else
    {
      hr = DrtUpdateKey (handle, &payload);
      CHECK_CODE ("DrtUpdateKey", hr, E_OUTOFMEMORY);
    }
  g_free (payload.pb);
}

/* --- Searches --- */

static void
start_search (void)
{
  DRT_DATA key = make_key (), low = make_key (), high = make_key ();
  guint what = fuzz_u8 (self.input), odd = fuzz_u8 (self.input);
  DRT_SEARCH_INFO info = {
    .dwSize = odd == 255 ? 1 : sizeof info,
    .fIterative = (what & 1) != 0,
    .fAllowCurrentInstanceMatch = (what & 2) != 0,
    .fAnyMatchInRange = (what & 4) != 0,
    .cMaxEndpoints = odd % 8 == 0 ? 10 : odd == 254 ? 0 : 1,
  };
  Slot *slot = &self.slots[fuzz_below (self.input, N_SLOTS)];
  HDRT_SEARCH_CONTEXT handle = NULL;
  HRESULT hr;

  if (what & 8)
    {
      memset (low.pb, 0, 32);
      memset (high.pb, 0xff, 32);
    }
  if (what & 16)
    {
      info.pMinimumKey = &low;
      info.pMaximumKey = odd == 253 ? NULL : &high;
    }
  hr = DrtStartSearch (any_node (), odd == 252 ? NULL : &key, what & 32 ? NULL : &info, fuzz_u8 (self.input) * 100,
                       slot->used ? slot->event : NULL, &self, odd == 251 ? NULL : &handle);
  CHECK_CODE ("DrtStartSearch", hr, E_OUTOFMEMORY, E_UNEXPECTED, DRT_E_INVALID_KEY_SIZE, DRT_E_INVALID_SEARCH_INFO,
              DRT_E_INVALID_MAX_ENDPOINTS, DRT_E_INVALID_SEARCH_RANGE, DRT_E_FAULTED);
  fuzz_check (SUCCEEDED (hr) == (handle != NULL));
  remember (handle);
  g_free (key.pb);
  g_free (low.pb);
  g_free (high.pb);
}

/* A buffer of the size named, sometimes a little less. */
static gpointer
make_buffer (ULONG *size)
{
  guint odd = fuzz_u8 (self.input);

  if (odd >= 240)
    *size -= MIN (*size, odd - 240);
  return g_malloc (MAX (*size, 1));
}

static void
fetch_result (PVOID search)
{
  g_autofree DRT_SEARCH_RESULT *result = NULL;
  ULONG size = 77;
  HRESULT hr = DrtGetSearchResultSize (search, &size);

  CHECK_CODE ("DrtGetSearchResultSize", hr, DRT_E_SEARCH_IN_PROGRESS, DRT_E_NO_MORE, DRT_E_TIMEOUT, DRT_E_FAULTED, E_OUTOFMEMORY);
  if (hr != S_OK)
    {
      fuzz_check (size == 0);
      size = sizeof *result;
    }
  result = make_buffer (&size);
  hr = DrtGetSearchResult (search, size, result);
  CHECK_CODE ("DrtGetSearchResult", hr, DRT_E_INSUFFICIENT_BUFFER, DRT_E_SEARCH_IN_PROGRESS, DRT_E_NO_MORE, DRT_E_TIMEOUT, DRT_E_FAULTED, E_OUTOFMEMORY);
  if (hr == S_OK)
    fuzz_check (result->dwSize == sizeof *result && result->registration.key.cb == 32 &&
                result->registration.key.pb == (BYTE *) (result + 1) &&
                size >= sizeof *result + 32 + result->registration.appData.cb);
}

static void
fetch_path (PVOID search)
{
  g_autofree DRT_ADDRESS_LIST *path = NULL;
  ULONG size = 77;
  HRESULT hr = DrtGetSearchPathSize (search, &size);

  CHECK_CODE ("DrtGetSearchPathSize", hr, S_OK);
  path = make_buffer (&size);
  hr = DrtGetSearchPath (search, size, path);
  CHECK_CODE ("DrtGetSearchPath", hr, DRT_E_INSUFFICIENT_BUFFER);
  if (hr != S_OK)
    return;
  for (ULONG i = 0; i < path->AddressCount; i++)
    fuzz_check (path->AddressList[i].nearness >= 0 && path->AddressList[i].nearness <= 256 &&
                path->AddressList[i].flags <= 0xff && path->AddressList[i].socketAddress.ss_family == AF_INET6);
}

static void
search_verb (void)
{
  PVOID search = any_handle ();
  HRESULT hr;

  switch (fuzz_below (self.input, 5))
    {
    case 0:
      fetch_path (search);
      break;
    case 1:
      hr = DrtContinueSearch (search);
      CHECK_CODE ("DrtContinueSearch", hr, E_UNEXPECTED);
      break;
    case 2:
      hr = DrtEndSearch (search);
      CHECK_CODE ("DrtEndSearch", hr, S_OK);
      break;
    default:
      fetch_result (search);
      break;
    }
}

/* --- Events and the rest --- */

static void
fetch_event (void)
{
  g_autofree DRT_EVENT_DATA *event = NULL;
  HDRT node = any_node ();
  ULONG size = 77;
  HRESULT hr = DrtGetEventDataSize (node, &size);

  CHECK_CODE ("DrtGetEventDataSize", hr, DRT_E_NO_MORE, E_UNEXPECTED);
  fuzz_check (hr == S_OK || size == 0);
  event = make_buffer (&size);
  hr = DrtGetEventData (node, size, event);
  CHECK_CODE ("DrtGetEventData", hr, DRT_E_INSUFFICIENT_BUFFER, DRT_E_NO_MORE, E_UNEXPECTED);
  if (hr == S_OK && event->type == DRT_EVENT_LEAFSET_KEY_CHANGED)
    fuzz_check (event->leafsetKeyChange.localKey.cb == 32 && event->leafsetKeyChange.remoteKey.cb == 32);
}

static void
fetch_name (void)
{
  g_autofree WCHAR *name = NULL;
  HDRT node = any_node ();
  ULONG size = 0;
  HRESULT hr = DrtGetInstanceNameSize (node, &size);

  CHECK_CODE ("DrtGetInstanceNameSize", hr, S_OK);
  name = make_buffer (&size);
  hr = DrtGetInstanceName (node, size, name);
  CHECK_CODE ("DrtGetInstanceName", hr, DRT_E_INSUFFICIENT_BUFFER);
  fuzz_check (hr != S_OK || name[size / sizeof (WCHAR) - 1] == L'\0');
}

static void
observe_message (gpointer                  data,
                 const DrtObservedMessage *message)
{
  in_callback (data, "observe");
}

static void
monitor_verb (void)
{
  static const DrtObserver observer = { .message = observe_message };
  HDRT node = any_node ();
  DrtObservedStatus status;
  DrtCounters counters;
  DrtKey key = { .b[31] = fuzz_u8 (self.input) };

  switch (fuzz_below (self.input, 6))
    {
    case 0:
      drt_observe (node, &observer, NULL);
      break;
    case 1:
      drt_observe (node, NULL, NULL);
      break;
    case 2:
      drt_get_status (node, &status);
      drt_get_counters (node, &counters);
      break;
    case 3:
      drt_inquire_entry (node, &key);
      break;
    case 4:
      drt_drop_entry (node, &key);
      break;
    default:
      drt_bootstrap_now (node);
      break;
    }
}

static void
network_verb (void)
{
  guint what = fuzz_u8 (self.input);
  Slot *slot = &self.slots[fuzz_below (self.input, N_SLOTS)];
  const guint8 *bytes;
  gsize length;

  if (what < 64)
    {
      fill_addresses (fuzz_u8 (self.input));
      return;
    }
  if (what < 96 && slot->used && self.depth == 0)
    {
      odd_bootstrap_tell (&slot->bootstrap, fuzz_u8 (self.input));
      return;
    }
  bytes = fuzz_bytes (self.input, what, &length);
  if (slot->used)
    virtual_host_inject ((guint16) (what * 200), slot->port, bytes, length);
}

static void
failure_verb (void)
{
  guint what = fuzz_u8 (self.input), after = fuzz_u8 (self.input);

  switch (what % 4)
    {
    case 0:
      self.alloc_after = after;
      break;
    case 1:
      self.send_after = after;
      break;
    case 2:
      self.receive_after = after;
      break;
    default:
      self.fail_after = after;
      break;
    }
}

static void
run_verb (void)
{
  HDRT nodes[N_SLOTS];
  guint what = fuzz_u8 (self.input);

  if (self.depth > 1)
    return;
  for (guint i = 0; i < N_SLOTS; i++)
    nodes[i] = self.slots[i].node;
  if (what < 200)
    virtual_host_turn (nodes, N_SLOTS);
  else
    virtual_host_run (nodes, N_SLOTS, (what - 199) * G_USEC_PER_SEC, NULL, NULL);
}

static void
step (void)
{
  guint what = fuzz_below (self.input, 20);

  self.depth++;
  switch (what)
    {
    case 0:
      if (self.depth == 1)
        open_slot (&self.slots[fuzz_below (self.input, N_SLOTS)]);
      break;
    case 1:
      if (fuzz_u8 (self.input) > 128)
        DrtClose (any_node ());
      else if (self.depth == 1)
        dispose_slot (&self.slots[fuzz_below (self.input, N_SLOTS)]);
      break;
    case 2:
      transport_verb ();
      break;
    case 3:
      resolver_verb ();
      break;
    case 4:
    case 5:
      register_verb ();
      break;
    case 6:
      key_verb ();
      break;
    case 7:
    case 8:
      start_search ();
      break;
    case 9:
    case 10:
      search_verb ();
      break;
    case 11:
      fetch_event ();
      break;
    case 12:
      fetch_name ();
      break;
    case 13:
      monitor_verb ();
      break;
    case 14:
      network_verb ();
      break;
    case 15:
      failure_verb ();
      break;
    default:
      run_verb ();
      break;
    }
  self.depth--;
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };

  memset (&self, 0, sizeof self);
  self.input = &input;
  virtual_host_begin (fuzz_u8 (&input));
  virtual_host.allocate = no_memory;
  virtual_host.send = send_fails;
  virtual_host.receive = receive_fails;
  fill_addresses (fuzz_u8 (&input));
  for (guint i = 0; i < 2; i++)
    open_slot (&self.slots[i]);
  for (guint n = 0; input.left > 0 && n < MAX_STEPS; n++)
    step ();

  self.alloc_after = 0;
  for (guint i = 0; i < N_SLOTS; i++)
    dispose_slot (&self.slots[i]);
  for (guint i = 0; i < self.n_handles; i++)
    DrtDeleteIpv6UdpTransport (self.handles[i]);
  virtual_host_end ();
  return 0;
}
