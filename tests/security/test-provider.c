/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "security-testing.h"

#include <string.h>

#include "drt-alloc.h"
#include "drt-certificate-private.h"
#include "drt-lru.h"
#include "drt-member-cache.h"

/* What the derived key provider does whatever the profile: which certificates it
 * takes, what it remembers and how much of it, and that threads do not disturb one
 * another. */

#define N_THREADS 4
#define N_CALLS   40

/* --- Creation --- */

static HRESULT
create (PCCERT_CONTEXT root,
        PCCERT_CONTEXT local,
        DrtProfile     profile)
{
  DRT_SECURITY_PROVIDER *provider = (gpointer) &create;
  HRESULT hr = drt_derived_key_provider_new (root, local, profile, NULL, &provider);

  if (SUCCEEDED (hr))
    DrtDeleteDerivedKeySecurityProvider (provider);
  else
    g_assert_null (provider);
  return hr;
}

static void
test_create (void)
{
  PCCERT_CONTEXT root = testing_authority ("root", DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT other = testing_authority ("other", DRT_KEY_ALGORITHM_P256);
  PCCERT_CONTEXT weak = testing_authority ("weak", DRT_KEY_ALGORITHM_RSA1024);
  PCCERT_CONTEXT local = testing_issue (root, "local", DRT_KEY_ALGORITHM_P256, 0);
  PCCERT_CONTEXT weak_local = testing_issue (weak, "weak", DRT_KEY_ALGORITHM_RSA1024, 0);
  g_autofree char *pem = drt_certificate_to_pem (local, DRT_CERTIFICATE_ALONE, NULL, NULL);
  PCCERT_CONTEXT keyless = drt_certificate_parse ((guint8 *) pem, strlen (pem), NULL, NULL);
  DRT_SECURITY_PROVIDER *null;

  assert_hr (create (root, local, DRT_PROFILE_2_0), S_OK);
  assert_hr (create (root, NULL, DRT_PROFILE_2_0), S_OK);
  assert_hr (create (weak, weak_local, DRT_PROFILE_1_0), S_OK);
  assert_hr (create (NULL, local, DRT_PROFILE_2_0), E_INVALIDARG);
  assert_hr (create (root, local, DRT_PROFILE_NONE), DRT_E_CAPABILITY_MISMATCH);
  assert_hr (create (root, local, DRT_PROFILE_1_0), DRT_E_CAPABILITY_MISMATCH);
  assert_hr (create (weak, weak_local, DRT_PROFILE_2_0), DRT_E_CAPABILITY_MISMATCH);
  assert_hr (create (root, keyless, DRT_PROFILE_2_0), DRT_E_CAPABILITY_MISMATCH);
  /* Of another mesh; no authority; the authority itself. */
  assert_hr (create (other, local, DRT_PROFILE_2_0), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (create (local, NULL, DRT_PROFILE_2_0), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (create (root, root, DRT_PROFILE_2_0), DRT_E_INVALID_CERT_CHAIN);
  testing_set_time (g_get_real_time () / G_USEC_PER_SEC + 20 * 366 * DAY_SECONDS);
  assert_hr (create (root, NULL, DRT_PROFILE_2_0), DRT_E_INVALID_CERT_CHAIN);
  testing_unset_time ();

  assert_hr (DrtCreateNullSecurityProvider (&null), S_OK);
  g_assert_cmpint (drt_security_provider_get_profile (null), ==, DRT_PROFILE_NONE);
  g_assert_false (drt_security_provider_binds (null));
  assert_hr (drt_security_provider_set_mode (null, DRT_SECURE_CONFIDENTIALPAYLOAD), S_OK);
  g_assert_cmpint (drt_security_provider_get_expiry (null, NULL), ==, G_MAXINT64);
  DrtDeleteNullSecurityProvider (null);

  drt_certificate_unref (keyless);
  drt_certificate_unref (weak_local);
  drt_certificate_unref (local);
  drt_certificate_unref (weak);
  drt_certificate_unref (other);
  drt_certificate_unref (root);
}

/* Each allocation that can fail does; whatever had been made is freed. */
static void
test_create_without_memory (void)
{
  PCCERT_CONTEXT root = testing_authority ("root", DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT local = testing_issue (root, "local", DRT_KEY_ALGORITHM_P256, 0);
  guint n = 0;
  HRESULT hr;

  do
    {
      drt_alloc_fail (n++);
      hr = create (root, local, DRT_PROFILE_2_0);
      drt_alloc_fail (-1);
      if (FAILED (hr))
        assert_hr (hr, E_OUTOFMEMORY);
    }
  while (FAILED (hr));
  g_assert_cmpuint (n, >, 2);
  drt_certificate_unref (local);
  drt_certificate_unref (root);
}

/* The bytes that are hashed, once more. */
static void
test_derived_key (void)
{
  static const DrtKeyAlgorithm algorithms[] = { DRT_KEY_ALGORITHM_ED25519, DRT_KEY_ALGORITHM_P256, DRT_KEY_ALGORITHM_RSA1024 };

  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      PCCERT_CONTEXT root = testing_authority ("root", algorithms[i]);
      const unsigned char *at = root->pbCertEncoded;
      g_autoptr (X509) x509 = d2i_X509 (NULL, &at, root->cbCertEncoded);
      g_autoptr (DrtPublicKey) key = drt_public_key_new_for_certificate (x509);
      g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
      GBytes *hashed = algorithms[i] == DRT_KEY_ALGORITHM_RSA1024 ? key->bits : key->spki;
      DrtKey derived, expected;
      gsize size = sizeof expected.b;

      g_checksum_update (sum, g_bytes_get_data (hashed, NULL), g_bytes_get_size (hashed));
      g_checksum_get_digest (sum, expected.b, &size);
      assert_hr (DrtCreateDerivedKey (root, &(DRT_DATA) { DRT_KEY_SIZE, derived.b }), S_OK);
      g_assert_true (drt_key_equal (&derived, &expected));
      g_assert_true (drt_key_equal (&key->derived, &expected));
      drt_certificate_unref (root);
    }
}

/* One profile's bytes are nothing to the other. */
static void
test_profiles_apart (void)
{
  static const DrtKeyAlgorithm algorithms[] = { DRT_KEY_ALGORITHM_RSA1024, DRT_KEY_ALGORITHM_ED25519 };
  Mesh meshes[2];

  for (guint i = 0; i < 2; i++)
    mesh_open (&meshes[i], algorithms[i], DRT_SECURE_CONFIDENTIALPAYLOAD);
  for (guint i = 0; i < 2; i++)
    {
      Member *ours = &meshes[i].alice, *theirs = &meshes[!i].alice;
      Proof proof, own;
      Certified certified;
      Sealed sealed;

      assert_hr (member_prove (ours, &own), S_OK);
      assert_hr (member_accept_proof (&meshes[i].bob, &own), S_OK);
      assert_hr (member_prove (theirs, &proof), S_OK);
      g_assert_true (FAILED (member_accept_proof (ours, &proof)));
      /* With a credential that is good here, what is theirs is not. */
      proof_clear (&(Proof) { proof.credential });
      proof.credential = own.credential;
      assert_hr (member_accept_proof (ours, &proof), DRT_E_INVALID_MESSAGE);
      proof.credential = (DRT_DATA) { 0 };

      assert_hr (member_certify (theirs, 0, NULL, &certified), S_OK);
      g_assert_true (FAILED (member_accept_certified (ours, &certified, testing_nonce)));
      g_assert_true (FAILED (member_seal (theirs, &own.credential, &sealed)));
      assert_hr (member_seal (ours, &own.credential, &sealed), S_OK);
      g_assert_true (FAILED (member_unseal (theirs, &sealed)));
      sealed_clear (&sealed);
      certified_clear (&certified);
      proof_clear (&proof);
      proof_clear (&own);
    }
  mesh_close (&meshes[1]);
  mesh_close (&meshes[0]);
}

/* --- Nodes one after the other --- */

/* What one node registered last is nothing to the next: it may have a renewed certificate. */
static void
test_detached (void)
{
  PCCERT_CONTEXT root = testing_authority ("root", DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT former = testing_issue (root, "a member", DRT_KEY_ALGORITHM_ED25519, 10);
  PCCERT_CONTEXT renewed = drt_certificate_renew (root, former, 20, NULL);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (renewed);
  BYTE key[DRT_KEY_SIZE], payload[] = { 1 };
  DRT_REGISTRATION registration = { { sizeof key, key }, { sizeof payload, payload } };
  DRT_SECURITY_PROVIDER *provider;

  assert_hr (DrtCreateDerivedKey (former, &registration.key), S_OK);
  assert_hr (DrtCreateDerivedKeySecurityProvider (root, NULL, &provider), S_OK);
  assert_hr (provider->Attach (provider->pvContext), S_OK);
  assert_hr (provider->RegisterKey (provider->pvContext, &registration, (PVOID) former), S_OK);
  provider->Detach (provider->pvContext);
  assert_hr (provider->RegisterKey (provider->pvContext, &registration, (PVOID) renewed), DRT_E_SECURITYPROVIDER_NOT_ATTACHED);

  assert_hr (provider->Attach (provider->pvContext), S_OK);
  assert_hr (provider->RegisterKey (provider->pvContext, &registration, (PVOID) renewed), S_OK);
  g_assert_cmpint (drt_security_provider_get_expiry (provider, (PVOID) renewed), ==, info->not_after);
  provider->Detach (provider->pvContext);
  DrtDeleteDerivedKeySecurityProvider (provider);
  drt_certificate_unref (renewed);
  drt_certificate_unref (former);
  drt_certificate_unref (root);
}

/* --- What is remembered --- */

static void
value_removed (gpointer value,
               gpointer data)
{
  ++*(guint *) data;
}

static void
make_key (guint32 number,
          guint8  key[32])
{
  memset (key, 0, 32);
  memcpy (key, &number, sizeof number);
}

static void
test_lru (void)
{
  guint n_removed = 0;
  DrtLru *lru = drt_lru_new (32, 10, 100, value_removed, &n_removed);
  guint8 key[32];

  for (guint i = 0; i < 10; i++)
    {
      make_key (i, key);
      drt_lru_insert (lru, key, GUINT_TO_POINTER (i + 1), 1);
    }
  make_key (0, key);
  g_assert_true (drt_lru_find (lru, key) == GUINT_TO_POINTER (1));
  make_key (10, key);
  drt_lru_insert (lru, key, GUINT_TO_POINTER (11), 1);
  g_assert_cmpuint (drt_lru_length (lru), ==, 10);
  g_assert_cmpuint (n_removed, ==, 1);
  make_key (1, key);
  g_assert_null (drt_lru_find (lru, key));
  make_key (0, key);
  g_assert_nonnull (drt_lru_find (lru, key));

  /* The weight counts as well: what weighs 95 leaves room for five of one. */
  make_key (11, key);
  drt_lru_insert (lru, key, GUINT_TO_POINTER (12), 95);
  g_assert_cmpuint (drt_lru_length (lru), ==, 6);
  drt_lru_clear (lru);
  g_assert_cmpuint (n_removed, ==, 12);
  drt_lru_free (lru);
}

static DrtMember *
make_member (guint32 key,
             guint32 agreement)
{
  DrtMember *member = drt_member_new ();

  make_key (key, member->key.b);
  make_key (agreement, member->agreement_key);
  member->expires = 100;
  return member;
}

static void
add_member (DrtMemberCache *cache,
            guint32         digest,
            guint32         key,
            guint32         agreement,
            gsize           size)
{
  g_autoptr (DrtMember) member = make_member (key, agreement);
  guint8 bytes[32];

  make_key (digest, bytes);
  drt_member_cache_add (cache, bytes, member, size);
}

static gboolean
has_member (DrtMemberCache *cache,
            guint32         digest,
            gint64          now)
{
  guint8 bytes[32];
  HRESULT refusal;

  make_key (digest, bytes);
  return drt_member_cache_find (cache, bytes, now, &refusal) != NULL;
}

static gboolean
knows_agreement (DrtMemberCache *cache,
                 guint32         agreement,
                 gint64          now)
{
  guint8 bytes[32];

  make_key (agreement, bytes);
  return drt_member_cache_knows_agreement_key (cache, bytes, now);
}

static void
test_cache (void)
{
  DrtMemberCache *cache = drt_member_cache_new ();
  guint8 digest[32];
  HRESULT refusal;

  /* However many there are: so many, and those lately asked for. */
  for (guint i = 0; i < 3 * DRT_MEMBER_CACHE_MAX; i++)
    add_member (cache, i, i, i, 500);
  g_assert_false (has_member (cache, 2 * DRT_MEMBER_CACHE_MAX - 1, 0));
  g_assert_true (has_member (cache, 2 * DRT_MEMBER_CACHE_MAX, 0));
  g_assert_false (knows_agreement (cache, 2 * DRT_MEMBER_CACHE_MAX - 1, 0));
  g_assert_true (knows_agreement (cache, 2 * DRT_MEMBER_CACHE_MAX, 99));
  g_assert_false (knows_agreement (cache, 2 * DRT_MEMBER_CACHE_MAX, 100));
  g_assert_false (has_member (cache, 2 * DRT_MEMBER_CACHE_MAX, 100));
  g_assert_false (knows_agreement (cache, 2 * DRT_MEMBER_CACHE_MAX, 0));

  /* One who makes one credential after the other drives out nobody but himself. */
  for (guint i = 0; i < 5000; i++)
    add_member (cache, 10000 + i, 7, 20000, 500);
  g_assert_true (has_member (cache, 3 * DRT_MEMBER_CACHE_MAX - 1, 0));
  g_assert_true (has_member (cache, 2 * DRT_MEMBER_CACHE_MAX + 10, 0));
  g_assert_true (has_member (cache, 14999, 0));
  g_assert_false (has_member (cache, 14999 - DRT_MEMBER_CACHE_PER_KEY, 0));
  g_assert_true (knows_agreement (cache, 20000, 0));

  /* Refusals have a room of their own. */
  for (guint i = 0; i < 3 * DRT_REFUSAL_CACHE_MAX; i++)
    {
      make_key (50000 + i, digest);
      drt_member_cache_refuse (cache, digest, 0, DRT_E_INVALID_CERT_CHAIN);
    }
  g_assert_true (has_member (cache, 14999, 0));
  g_assert_null (drt_member_cache_find (cache, digest, DRT_REFUSAL_SECONDS * G_USEC_PER_SEC - 1, &refusal));
  assert_hr (refusal, DRT_E_INVALID_CERT_CHAIN);
  g_assert_null (drt_member_cache_find (cache, digest, DRT_REFUSAL_SECONDS * G_USEC_PER_SEC, &refusal));
  assert_hr (refusal, S_OK);

  drt_member_cache_clear (cache);
  g_assert_false (has_member (cache, 14999, 0));
  g_assert_false (knows_agreement (cache, 20000, 0));
  drt_member_cache_free (cache);
}

/* --- Threads --- */

typedef struct
{
  Mesh *mesh;
  int stop;                      /* atomic */
} Race;

/* Registers, asks and exchanges, as a program may at any time. */
static gpointer
run_program (gpointer data)
{
  Race *race = data;
  const DRT_SECURITY_PROVIDER *table = race->mesh->alice.provider;

  while (!g_atomic_int_get (&race->stop))
    {
      PCCERT_CONTEXT certificate = testing_issue (race->mesh->root, "one more", race->mesh->algorithm, 0);
      BYTE key[DRT_KEY_SIZE], payload[] = { 1 };
      DRT_REGISTRATION registration = { { sizeof key, key }, { sizeof payload, payload } };

      assert_hr (DrtCreateDerivedKey (certificate, &registration.key), S_OK);
      assert_hr (table->RegisterKey (table->pvContext, &registration, (PVOID) certificate), S_OK);
      g_assert_cmpint (drt_security_provider_get_expiry (race->mesh->alice.provider, (PVOID) certificate), <, G_MAXINT64);
      drt_derived_key_provider_set_revoked (race->mesh->alice.provider, NULL);
      g_assert_cmpuint (member_count (&race->mesh->alice).refusals, ==, 0);
      assert_hr (table->UnregisterKey (table->pvContext, &registration.key, (PVOID) certificate), S_OK);
      drt_certificate_unref (certificate);
    }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[N_THREADS];
  Race race = { 0 };
  Mesh mesh;
  Proof proof;

  mesh_open (&mesh, DRT_KEY_ALGORITHM_ED25519, DRT_SECURE_CONFIDENTIALPAYLOAD);
  assert_hr (member_prove (&mesh.bob, &proof), S_OK);
  race.mesh = &mesh;
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("program", run_program, &race);
  for (guint i = 0; i < N_CALLS; i++)
    {
      Certified certified;
      Sealed sealed;

      assert_hr (member_accept_proof (&mesh.alice, &proof), S_OK);
      assert_hr (member_certify (&mesh.alice, 0, "payload", &certified), S_OK);
      assert_hr (member_accept_certified (&mesh.alice, &certified, testing_nonce), S_OK);
      assert_hr (member_seal (&mesh.alice, &proof.credential, &sealed), S_OK);
      certified_clear (&certified);
      sealed_clear (&sealed);
    }
  g_atomic_int_set (&race.stop, TRUE);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  proof_clear (&proof);
  mesh_close (&mesh);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/provider/create", test_create);
  g_test_add_func ("/provider/create-without-memory", test_create_without_memory);
  g_test_add_func ("/provider/derived-key", test_derived_key);
  g_test_add_func ("/provider/profiles-apart", test_profiles_apart);
  g_test_add_func ("/provider/detached", test_detached);
  g_test_add_func ("/provider/lru", test_lru);
  g_test_add_func ("/provider/cache", test_cache);
  g_test_add_func ("/provider/threads", test_threads);
  return g_test_run ();
}
