/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <net/if.h>
#include <string.h>

#include "drt-certificate.h"
#include "drt-security.h"

/* Nodes with real certificates, in every mode: members find one another's payload,
 * others do not; and what drt.h promises of keys that derive from certificates. */

#define WAIT_MS      20000
#define PAYLOAD_SIZE 5000        /* several fragments of an AUTHORITY */

typedef struct
{
  const char *name;
  DrtKeyAlgorithm algorithm;
  DRT_SECURITY_MODE mode;
  gboolean beneath;              /* an authority beneath the root issued the certificates */
} MeshCase;

static const MeshCase mesh_cases[] = {
  { "ed25519/resolve", DRT_KEY_ALGORITHM_ED25519, DRT_SECURE_RESOLVE, FALSE },
  { "ed25519/membership", DRT_KEY_ALGORITHM_ED25519, DRT_SECURE_MEMBERSHIP, FALSE },
  { "ed25519/confidential", DRT_KEY_ALGORITHM_ED25519, DRT_SECURE_CONFIDENTIALPAYLOAD, FALSE },
  { "p256/resolve", DRT_KEY_ALGORITHM_P256, DRT_SECURE_RESOLVE, TRUE },
  { "p256/membership", DRT_KEY_ALGORITHM_P256, DRT_SECURE_MEMBERSHIP, TRUE },
  { "p256/confidential", DRT_KEY_ALGORITHM_P256, DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE },
  { "rsa1024/resolve", DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_RESOLVE, TRUE },
  { "rsa1024/membership", DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_MEMBERSHIP, TRUE },
  { "rsa1024/confidential", DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_CONFIDENTIALPAYLOAD, TRUE },
};

typedef struct
{
  Spy *spy;
  PCCERT_CONTEXT certificate;
  DRT_SECURITY_PROVIDER *provider;
  BYTE key[32];
  HDRT_REGISTRATION_CONTEXT registration;
} Peer;

/* --- Certificates --- */

static PCCERT_CONTEXT
make_authority (DrtKeyAlgorithm algorithm)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT authority = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "mesh", .algorithm = algorithm }, &error);

  g_assert_no_error (error);
  return authority;
}

static PCCERT_CONTEXT
issue (PCCERT_CONTEXT  issuer,
       const char     *name,
       DrtKeyAlgorithm algorithm,
       gboolean        authority)
{
  const DrtCertificateRequest request = { .name = name, .algorithm = algorithm, .authority = authority };
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_issue (issuer, &request, &error);

  g_assert_no_error (error);
  return certificate;
}

/* --- Peers --- */

/* Takes the reference to @certificate. */
static void
peer_open (Peer              *peer,
           PCCERT_CONTEXT     root,
           PCCERT_CONTEXT     certificate,
           DRT_SECURITY_MODE  mode,
           const Peer        *bootstrap)
{
  g_autofree char *at = bootstrap != NULL ? g_strdup_printf ("[::1]:%u", bootstrap->spy->port) : NULL;

  peer->spy = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), at);
  peer->certificate = certificate;
  assert_hr (DrtCreateDerivedKeySecurityProvider (root, certificate, &peer->provider), S_OK);
  assert_hr (DrtCreateDerivedKey (certificate, &(DRT_DATA) { sizeof peer->key, peer->key }), S_OK);
  peer->spy->settings.pSecurityProvider = peer->provider;
  peer->spy->settings.eSecurityMode = mode;
  assert_hr (spy_open (peer->spy), S_OK);
}

static HRESULT
peer_register (Peer                      *peer,
               BYTE                      *key,
               PCCERT_CONTEXT             certificate,
               BYTE                       content,
               HDRT_REGISTRATION_CONTEXT *registration)
{
  BYTE payload[PAYLOAD_SIZE];
  DRT_REGISTRATION description = { { 32, key }, { sizeof payload, payload } };

  memset (payload, content, sizeof payload);
  return DrtRegisterKey (peer->spy->drt, &description, (PVOID) certificate, registration);
}

/* What is published under @key; 0: nothing is. */
static BYTE
peer_search (Peer       *peer,
             const BYTE *key,
             ULONG       timeout)
{
  HANDLE event = drt_event_new ();
  HDRT_SEARCH_CONTEXT search;
  DRT_DATA wanted = { 32, (BYTE *) key };
  BYTE content = 0;
  ULONG size;

  assert_hr (DrtStartSearch (peer->spy->drt, &wanted, NULL, timeout, event, NULL, &search), S_OK);
  g_assert_true (drt_event_wait (event, WAIT_MS));
  if (DrtGetSearchResultSize (search, &size) == S_OK)
    {
      g_autofree DRT_SEARCH_RESULT *result = g_malloc (size);

      assert_hr (DrtGetSearchResult (search, size, result), S_OK);
      g_assert_cmpuint (result->registration.appData.cb, ==, PAYLOAD_SIZE);
      content = result->registration.appData.pb[0];
      for (guint i = 1; i < PAYLOAD_SIZE; i++)
        g_assert_cmpuint (result->registration.appData.pb[i], ==, content);
    }
  assert_hr (DrtEndSearch (search), S_OK);
  drt_event_free (event);
  return content;
}

/* Searches until it is found: its announcement may still be under way. */
static void
peer_find (Peer       *peer,
           const BYTE *key,
           BYTE        content)
{
  gint64 end = g_get_monotonic_time () + WAIT_MS * 1000;

  while (peer_search (peer, key, WAIT_MS) != content)
    g_assert_cmpint (g_get_monotonic_time (), <, end);
}

static void
peer_close (Peer *peer)
{
  DrtClose (peer->spy->drt);
  peer->spy->drt = NULL;
  DrtDeleteDerivedKeySecurityProvider (peer->provider);
  spy_free (peer->spy);
  drt_certificate_unref (peer->certificate);
}

/* --- Tests --- */

static void
assert_counters (Peer           *peer,
                 const MeshCase *mesh)
{
  DrtSecurityCounters counters;

  drt_derived_key_provider_get_counters (peer->provider, &counters);
  g_assert_cmpuint (counters.signatures_made, >, 0);
  g_assert_cmpuint (counters.signatures_checked, >, 0);
  g_assert_cmpuint (counters.chains_checked, >, 0);
  if (mesh->mode == DRT_SECURE_CONFIDENTIALPAYLOAD)
    {
      g_assert_cmpuint (counters.agreements, >, 0);
      g_assert_cmpuint (counters.buffers_sealed, >, 0);
      g_assert_cmpuint (counters.buffers_opened, >, 0);
    }
  else
    g_assert_cmpuint (counters.buffers_sealed, ==, 0);
}

static void
test_mesh (gconstpointer data)
{
  const MeshCase *mesh = data;
  PCCERT_CONTEXT root = make_authority (mesh->algorithm);
  PCCERT_CONTEXT issuer = mesh->beneath ? issue (root, "beneath", mesh->algorithm, TRUE) : drt_certificate_ref (root);
  PCCERT_CONTEXT more = issue (issuer, "another key", mesh->algorithm, FALSE);
  HDRT_REGISTRATION_CONTEXT more_registration;
  BYTE more_key[32];
  Peer first, second;

  peer_open (&first, root, issue (issuer, "first", mesh->algorithm, FALSE), mesh->mode, NULL);
  assert_hr (peer_register (&first, first.key, NULL, 1, &first.registration), S_OK);
  peer_open (&second, root, issue (issuer, "second", mesh->algorithm, FALSE), mesh->mode, &first);
  g_assert_cmpint (spy_wait_status (second.spy, NULL), ==, DRT_ACTIVE);
  assert_hr (peer_register (&second, second.key, second.certificate, 2, &second.registration), S_OK);

  /* A certificate of its own for another key; nobody needs it any longer. */
  assert_hr (DrtCreateDerivedKey (more, &(DRT_DATA) { sizeof more_key, more_key }), S_OK);
  assert_hr (peer_register (&second, more_key, more, 3, &more_registration), S_OK);
  drt_certificate_unref (more);

  peer_find (&second, first.key, 1);
  peer_find (&first, second.key, 2);
  peer_find (&first, more_key, 3);
  DrtUnregisterKey (more_registration);
  DrtUnregisterKey (first.registration);
  assert_counters (&first, mesh);
  assert_counters (&second, mesh);
  peer_close (&second);
  peer_close (&first);
  drt_certificate_unref (issuer);
  drt_certificate_unref (root);
}

/* Somebody of another mesh: neither learns that the other is there. */
static void
test_stranger (gconstpointer data)
{
  const DRT_SECURITY_MODE mode = GPOINTER_TO_INT (data);
  PCCERT_CONTEXT roots[] = { make_authority (DRT_KEY_ALGORITHM_ED25519), make_authority (DRT_KEY_ALGORITHM_ED25519) };
  DrtCounters counters;
  Peer member, stranger;

  peer_open (&member, roots[0], issue (roots[0], "member", DRT_KEY_ALGORITHM_ED25519, FALSE), mode, NULL);
  assert_hr (peer_register (&member, member.key, NULL, 1, &member.registration), S_OK);
  peer_open (&stranger, roots[1], issue (roots[1], "stranger", DRT_KEY_ALGORITHM_ED25519, FALSE), mode, &member);
  g_assert_cmpint (spy_wait_status (stranger.spy, NULL), ==, DRT_ALONE);
  assert_hr (drt_get_counters (stranger.spy->drt, &counters), S_OK);
  g_assert_cmpuint (counters.n_entries, ==, 0);
  g_assert_cmpuint (counters.messages_in, ==, 0);
  assert_hr (drt_get_counters (member.spy->drt, &counters), S_OK);
  g_assert_cmpuint (counters.n_entries, ==, 0);
  g_assert_cmpuint (counters.dropped[DRT_DROP_NO_MEMBER], >, 0);
  peer_close (&stranger);
  peer_close (&member);
  drt_certificate_unref (roots[0]);
  drt_certificate_unref (roots[1]);
}

/* What DrtRegisterKey says of a key and its certificate. */
static void
test_register (void)
{
  PCCERT_CONTEXT root = make_authority (DRT_KEY_ALGORITHM_ED25519), other = make_authority (DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT foreign = issue (other, "foreign", DRT_KEY_ALGORITHM_ED25519, FALSE);
  PCCERT_CONTEXT sibling = issue (root, "sibling", DRT_KEY_ALGORITHM_P256, FALSE);
  g_autofree char *pem = drt_certificate_to_pem (sibling, DRT_CERTIFICATE_ALONE, NULL, NULL);
  PCCERT_CONTEXT keyless = drt_certificate_parse ((guint8 *) pem, strlen (pem), NULL, NULL);
  const CERT_CONTEXT bare = { .pbCertEncoded = sibling->pbCertEncoded, .cbCertEncoded = sibling->cbCertEncoded };
  BYTE foreign_key[32], sibling_key[32];
  HDRT_REGISTRATION_CONTEXT registration;
  Peer peer;

  assert_hr (DrtCreateDerivedKey (foreign, &(DRT_DATA) { 32, foreign_key }), S_OK);
  assert_hr (DrtCreateDerivedKey (sibling, &(DRT_DATA) { 32, sibling_key }), S_OK);
  peer_open (&peer, root, issue (root, "peer", DRT_KEY_ALGORITHM_ED25519, FALSE), DRT_SECURE_MEMBERSHIP, NULL);
  assert_hr (peer_register (&peer, sibling_key, NULL, 1, &registration), DRT_E_INVALID_KEY);
  assert_hr (peer_register (&peer, peer.key, sibling, 1, &registration), DRT_E_INVALID_KEY);
  assert_hr (peer_register (&peer, foreign_key, foreign, 1, &registration), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (peer_register (&peer, sibling_key, &bare, 1, &registration), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (peer_register (&peer, sibling_key, keyless, 1, &registration), DRT_E_CAPABILITY_MISMATCH);
  assert_hr (peer_register (&peer, sibling_key, sibling, 1, &registration), S_OK);
  assert_hr (peer_register (&peer, peer.key, NULL, 1, &registration), S_OK);
  assert_hr (peer_register (&peer, peer.key, NULL, 1, &registration), DRT_E_DUPLICATE_KEY);
  peer_close (&peer);
  drt_certificate_unref (keyless);
  drt_certificate_unref (sibling);
  drt_certificate_unref (foreign);
  drt_certificate_unref (other);
  drt_certificate_unref (root);
}

/* Without a certificate of its own a node may search, and no more. */
static void
test_without_certificate (void)
{
  PCCERT_CONTEXT root = make_authority (DRT_KEY_ALGORITHM_P256);
  DRT_SECURITY_PROVIDER *provider;
  g_autofree char *at = NULL;
  Peer publisher, searcher = { 0 };

  peer_open (&publisher, root, issue (root, "publisher", DRT_KEY_ALGORITHM_P256, FALSE), DRT_SECURE_RESOLVE, NULL);
  assert_hr (peer_register (&publisher, publisher.key, NULL, 7, &publisher.registration), S_OK);
  at = g_strdup_printf ("[::1]:%u", publisher.spy->port);
  searcher.spy = spy_new_with (DRT_GLOBAL_SCOPE, if_nametoindex ("lo"), at);
  assert_hr (DrtCreateDerivedKeySecurityProvider (root, NULL, &provider), S_OK);
  searcher.spy->settings.pSecurityProvider = provider;
  for (DRT_SECURITY_MODE mode = DRT_SECURE_MEMBERSHIP; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++)
    {
      searcher.spy->settings.eSecurityMode = mode;
      assert_hr (spy_open (searcher.spy), DRT_E_CAPABILITY_MISMATCH);
    }
  searcher.spy->settings.eSecurityMode = DRT_SECURE_RESOLVE;
  assert_hr (spy_open (searcher.spy), S_OK);
  g_assert_cmpint (spy_wait_status (searcher.spy, NULL), ==, DRT_ACTIVE);
  assert_hr (spy_register (searcher.spy, 1, NULL), DRT_E_INVALID_KEY);
  peer_find (&searcher, publisher.key, 7);
  spy_free (searcher.spy);
  DrtDeleteDerivedKeySecurityProvider (provider);
  peer_close (&publisher);
  drt_certificate_unref (root);
}

/* A provider is for one node; the other's mode is not touched. */
static void
test_exclusive (void)
{
  PCCERT_CONTEXT root = make_authority (DRT_KEY_ALGORITHM_ED25519);
  Spy *other = spy_new ();
  Peer peer;

  peer_open (&peer, root, issue (root, "peer", DRT_KEY_ALGORITHM_ED25519, FALSE), DRT_SECURE_MEMBERSHIP, NULL);
  other->settings.pSecurityProvider = peer.provider;
  assert_hr (spy_open (other), DRT_E_SECURITYPROVIDER_IN_USE);
  DrtClose (peer.spy->drt);
  assert_hr (spy_open (other), S_OK);
  spy_free (other);
  peer.spy->drt = NULL;
  peer_close (&peer);
  drt_certificate_unref (root);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (mesh_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/derived-key/", mesh_cases[i].name, NULL);

      g_test_add_data_func (path, &mesh_cases[i], test_mesh);
    }
  g_test_add_data_func ("/derived-key/stranger/membership", GINT_TO_POINTER (DRT_SECURE_MEMBERSHIP), test_stranger);
  g_test_add_data_func ("/derived-key/stranger/confidential", GINT_TO_POINTER (DRT_SECURE_CONFIDENTIALPAYLOAD), test_stranger);
  g_test_add_func ("/derived-key/register", test_register);
  g_test_add_func ("/derived-key/without-certificate", test_without_certificate);
  g_test_add_func ("/derived-key/exclusive", test_exclusive);
  return g_test_run ();
}
