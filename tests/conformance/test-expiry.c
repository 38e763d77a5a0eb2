/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>

#include "drt-certificate.h"
#include "drt-clock.h"
#include "drt-observe.h"

/* What a node tells while the certificate of a registered key comes to its end, and of
 * those whom it refuses; the time of day is the test's. */

#define WAIT_MS 20000
#define DAY     G_TIME_SPAN_DAY

typedef struct
{
  Spy *spy;
  PCCERT_CONTEXT root;
  PCCERT_CONTEXT certificate;
  DRT_SECURITY_PROVIDER *provider;
  BYTE key[32];
  HDRT_REGISTRATION_CONTEXT registration;
  GAsyncQueue *told;             /* of DrtObservedEvent, those of interest */
} Node;

/* --- Time --- */

static gint offset;   /* atomic, in days */

static gint64
get_time_of_day (gpointer data)
{
  return g_get_real_time () + g_atomic_int_get (&offset) * DAY;
}

static void
set_days_gone (gint days)
{
  g_atomic_int_set (&offset, days);
}

/* --- Nodes --- */

static void
event_cb (gpointer                data,
          const DrtObservedEvent *event)
{
  Node *node = data;

  if (event->kind != DRT_OBSERVED_EVENT_KEY_EXPIRES && event->kind != DRT_OBSERVED_EVENT_KEY_EXPIRED &&
      event->kind != DRT_OBSERVED_EVENT_MEMBER_REFUSED)
    return;
  if (event->kind == DRT_OBSERVED_EVENT_MEMBER_REFUSED)
    g_assert_true (event->has_endpoint && FAILED (event->hr) && (event->credential != NULL) == (event->credential_size > 0));
  g_async_queue_push (node->told, g_memdup2 (event, sizeof *event));
}

static void
node_open (Node              *node,
           PCCERT_CONTEXT     root,
           guint              days,
           DRT_SECURITY_MODE  mode,
           const Node        *bootstrap)
{
  static const DrtObserver observer = { .event = event_cb };
  g_autofree char *at = bootstrap != NULL ? g_strdup_printf ("[::1]:%u", bootstrap->spy->port) : NULL;
  const DrtCertificateRequest request = { .name = "a node", .days = days, .algorithm = DRT_KEY_ALGORITHM_ED25519 };

  node->told = g_async_queue_new_full (g_free);
  node->root = drt_certificate_ref (root);
  node->certificate = drt_certificate_issue (root, &request, NULL);
  g_assert_nonnull (node->certificate);
  assert_hr (DrtCreateDerivedKey (node->certificate, &(DRT_DATA) { sizeof node->key, node->key }), S_OK);
  assert_hr (DrtCreateDerivedKeySecurityProvider (root, node->certificate, &node->provider), S_OK);
  node->spy = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), at);
  node->spy->settings.pSecurityProvider = node->provider;
  node->spy->settings.eSecurityMode = mode;
  assert_hr (spy_open (node->spy), S_OK);
  assert_hr (drt_observe (node->spy->drt, &observer, node), S_OK);
}

static void
node_register (Node *node)
{
  BYTE payload[] = { 1 };
  DRT_REGISTRATION description = { { sizeof node->key, node->key }, { sizeof payload, payload } };

  assert_hr (DrtRegisterKey (node->spy->drt, &description, (PVOID) node->certificate, &node->registration), S_OK);
}

static void
node_close (Node *node)
{
  drt_observe (node->spy->drt, NULL, NULL);
  spy_free (node->spy);
  DrtDeleteDerivedKeySecurityProvider (node->provider);
  drt_certificate_unref (node->certificate);
  drt_certificate_unref (node->root);
  g_async_queue_unref (node->told);
}

static PCCERT_CONTEXT
make_root (void)
{
  const DrtCertificateRequest request = { .name = "a mesh", .algorithm = DRT_KEY_ALGORITHM_ED25519 };
  PCCERT_CONTEXT root = drt_certificate_new_authority (&request, NULL);

  g_assert_nonnull (root);
  return root;
}

/* The node has its turn now, whatever it waits for. */
static void
wake (Node *node)
{
  BYTE payload[] = { 2 };

  assert_hr (DrtUpdateKey (node->registration, &(DRT_DATA) { sizeof payload, payload }), S_OK);
}

static void
assert_told (Node                *node,
             DrtObservedEventKind kind,
             int                  code)
{
  g_autofree DrtObservedEvent *event = g_async_queue_timeout_pop (node->told, WAIT_MS * 1000);

  g_assert_nonnull (event);
  g_assert_cmpint (event->kind, ==, kind);
  g_assert_cmpint (event->code, ==, code);
  g_assert_true (event->has_key);
  g_assert_cmpmem (event->key.b, DRT_KEY_SIZE, node->key, sizeof node->key);
}

/* So many events of @type are there, the others gone. */
static guint
count_events (Node           *node,
              DRT_EVENT_TYPE  type)
{
  guint n = 0;
  ULONG size;

  while (DrtGetEventDataSize (node->spy->drt, &size) == S_OK)
    {
      g_autofree DRT_EVENT_DATA *data = g_malloc (size);

      assert_hr (DrtGetEventData (node->spy->drt, size, data), S_OK);
      if (data->type != type)
        continue;
      n++;
      g_assert_cmpint (data->registrationStateChange.state, ==, DRT_REGISTRATION_STATE_UNRESOLVEABLE);
      g_assert_cmpmem (data->registrationStateChange.localKey.pb, data->registrationStateChange.localKey.cb, node->key, sizeof node->key);
    }
  return n;
}

/* --- Expiry --- */

static void
test_expiry (void)
{
  PCCERT_CONTEXT root = make_root ();
  Node node = { 0 };
  guint n = 0;

  set_days_gone (0);
  drt_clock_set (get_time_of_day, NULL);
  node_open (&node, root, 33, DRT_SECURE_RESOLVE, NULL);
  node_register (&node);
  /* Nothing for now; then thirty days before, and every day. */
  wake (&node);
  g_assert_null (g_async_queue_timeout_pop (node.told, 200 * 1000));
  set_days_gone (3);
  wake (&node);
  assert_told (&node, DRT_OBSERVED_EVENT_KEY_EXPIRES, 30);
  wake (&node);
  g_assert_null (g_async_queue_timeout_pop (node.told, 200 * 1000));
  set_days_gone (4);
  wake (&node);
  assert_told (&node, DRT_OBSERVED_EVENT_KEY_EXPIRES, 29);
  /* A host that slept for three weeks is told how things stand, once. */
  set_days_gone (25);
  wake (&node);
  assert_told (&node, DRT_OBSERVED_EVENT_KEY_EXPIRES, 8);
  g_assert_cmpuint (count_events (&node, DRT_EVENT_REGISTRATION_STATE_CHANGED), ==, 0);

  set_days_gone (33);
  wake (&node);
  assert_told (&node, DRT_OBSERVED_EVENT_KEY_EXPIRED, 0);
  for (guint i = 0; i < 5; i++)
    {
      wake (&node);
      g_usleep (20 * 1000);
      n += count_events (&node, DRT_EVENT_REGISTRATION_STATE_CHANGED);
    }
  g_assert_cmpuint (n, ==, 1);
  g_assert_null (g_async_queue_timeout_pop (node.told, 200 * 1000));
  node_close (&node);
  drt_certificate_unref (root);
  drt_clock_set (NULL, NULL);
}

/* A clock that ran ahead of the end and is set right: the end comes once more. */
static void
test_clock_set_back (void)
{
  PCCERT_CONTEXT root = make_root ();
  Node node = { 0 };

  set_days_gone (0);
  drt_clock_set (get_time_of_day, NULL);
  node_open (&node, root, 40, DRT_SECURE_RESOLVE, NULL);
  node_register (&node);
  set_days_gone (1000);
  wake (&node);
  assert_told (&node, DRT_OBSERVED_EVENT_KEY_EXPIRED, 0);
  set_days_gone (0);
  wake (&node);
  g_assert_null (g_async_queue_timeout_pop (node.told, 200 * 1000));
  set_days_gone (20);
  wake (&node);
  assert_told (&node, DRT_OBSERVED_EVENT_KEY_EXPIRES, 20);
  set_days_gone (40);
  wake (&node);
  assert_told (&node, DRT_OBSERVED_EVENT_KEY_EXPIRED, 0);
  node_close (&node);
  drt_certificate_unref (root);
  drt_clock_set (NULL, NULL);
}

/* Registered when the end is near: told at once. */
static void
test_near_end (void)
{
  PCCERT_CONTEXT root = make_root ();
  Node node = { 0 };

  set_days_gone (0);
  drt_clock_set (get_time_of_day, NULL);
  node_open (&node, root, 7, DRT_SECURE_RESOLVE, NULL);
  node_register (&node);
  assert_told (&node, DRT_OBSERVED_EVENT_KEY_EXPIRES, 7);
  /* Taken back, it is nobody's concern. */
  DrtUnregisterKey (node.registration);
  set_days_gone (8);
  g_assert_null (g_async_queue_timeout_pop (node.told, 300 * 1000));
  node_close (&node);
  drt_certificate_unref (root);
  drt_clock_set (NULL, NULL);
}

/* --- Refusals --- */

/* A node of another mesh that comes along is told of, with the credential it showed; and
 * no more than eight times in a second. */
static void
test_refused (void)
{
  PCCERT_CONTEXT root = make_root (), other = make_root ();
  Node node = { 0 }, strangers[2] = { { 0 }, { 0 } };
  g_autofree DrtObservedEvent *event = NULL;

  node_open (&node, root, 0, DRT_SECURE_MEMBERSHIP, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    node_open (&strangers[i], other, 0, DRT_SECURE_MEMBERSHIP, &node);
  event = g_async_queue_timeout_pop (node.told, WAIT_MS * 1000);
  g_assert_nonnull (event);
  g_assert_cmpint (event->kind, ==, DRT_OBSERVED_EVENT_MEMBER_REFUSED);
  assert_hr (event->hr, DRT_E_INVALID_CERT_CHAIN);
  g_assert_cmpuint (event->credential_size, >, 100);
  g_assert_cmpuint (event->endpoint.port, >, 0);
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_assert_cmpint (spy_wait_status (strangers[i].spy, NULL), ==, DRT_ALONE);
      node_close (&strangers[i]);
    }
  node_close (&node);
  drt_certificate_unref (root);
  drt_certificate_unref (other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expiry/days", test_expiry);
  g_test_add_func ("/expiry/near-end", test_near_end);
  g_test_add_func ("/expiry/clock-set-back", test_clock_set_back);
  g_test_add_func ("/expiry/refused", test_refused);
  return g_test_run ();
}
