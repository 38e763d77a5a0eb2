/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "security-testing.h"

#include <string.h>

#include "drt-alloc.h"

/* Profile 2.0: what one member makes another accepts, and nothing else. */

#define TOLERANCE 300            /* seconds */
#define HOUR      3600

typedef struct
{
  const char *name;
  DrtKeyAlgorithm algorithm;
} Suite;

static const Suite suites[] = {
  { "ed25519", DRT_KEY_ALGORITHM_ED25519 },
  { "p256", DRT_KEY_ALGORITHM_P256 },
};

/* Alice's, Bob's and their common mesh; and one of each thing that Alice sends. */
typedef struct
{
  Mesh mesh;
  Proof proof;
  Certified certified;           /* with a payload */
  Certified revoke;
  Sealed sealed;                 /* for Bob, who knows her */
  Proof bobs;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  const Suite *suite = data;

  mesh_open (&fixture->mesh, suite->algorithm, DRT_SECURE_CONFIDENTIALPAYLOAD);
  assert_hr (member_prove (&fixture->mesh.alice, &fixture->proof), S_OK);
  assert_hr (member_prove (&fixture->mesh.bob, &fixture->bobs), S_OK);
  assert_hr (member_certify (&fixture->mesh.alice, 0, "payload", &fixture->certified), S_OK);
  assert_hr (member_certify (&fixture->mesh.alice, DRT_PAYLOAD_REVOKED, NULL, &fixture->revoke), S_OK);
  assert_hr (member_seal (&fixture->mesh.alice, &fixture->bobs.credential, &fixture->sealed), S_OK);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  proof_clear (&fixture->proof);
  proof_clear (&fixture->bobs);
  certified_clear (&fixture->certified);
  certified_clear (&fixture->revoke);
  sealed_clear (&fixture->sealed);
  mesh_close (&fixture->mesh);
}

/* --- What is good --- */

static void
test_good (Fixture       *fixture,
           gconstpointer  data)
{
  Member *alice = &fixture->mesh.alice, *bob = &fixture->mesh.bob;
  Certified bare = fixture->revoke;

  assert_hr (member_unseal (bob, &fixture->sealed), DRT_E_INVALID_MESSAGE);
  assert_hr (member_accept_proof (bob, &fixture->proof), S_OK);
  assert_hr (member_accept_proof (alice, &fixture->proof), S_OK);
  assert_hr (member_accept_certified (bob, &fixture->certified, testing_nonce), S_OK);
  assert_hr (member_accept_certified (bob, &fixture->certified, NULL), S_OK);
  assert_hr (member_accept_certified (bob, &fixture->revoke, testing_nonce), S_OK);
  bare.chain = (DRT_DATA) { 0 };
  assert_hr (member_accept_certified (bob, &bare, testing_nonce), S_OK);
  assert_hr (member_unseal (bob, &fixture->sealed), S_OK);
  assert_hr (member_unseal (alice, &fixture->sealed), DRT_E_INVALID_MESSAGE);
}

/* --- What is changed --- */

typedef HRESULT (*Accept) (Fixture *fixture);

static HRESULT
accept_proof (Fixture *fixture)
{
  return member_accept_proof (&fixture->mesh.bob, &fixture->proof);
}

static HRESULT
accept_certified (Fixture *fixture)
{
  return member_accept_certified (&fixture->mesh.bob, &fixture->certified, testing_nonce);
}

static HRESULT
accept_revoke (Fixture *fixture)
{
  return member_accept_certified (&fixture->mesh.bob, &fixture->revoke, NULL);
}

static HRESULT
accept_sealed (Fixture *fixture)
{
  return member_unseal (&fixture->mesh.bob, &fixture->sealed);
}

static void
assert_refused (Fixture    *fixture,
                Accept      accept,
                const char *how,
                gsize       at)
{
  HRESULT hr = accept (fixture);

  if (hr != DRT_E_INVALID_MESSAGE && hr != DRT_E_INVALID_CERT_CHAIN && hr != DRT_E_INVALID_KEY &&
      hr != DRT_E_CAPABILITY_MISMATCH)
    g_error ("%s at %" G_GSIZE_FORMAT ": %s", how, at, drt_hresult_to_name (hr));
}

/* Each byte of @data changed in one bit and in all, @data without its end, and with
 * more. */
static void
assert_nothing_else (Fixture  *fixture,
                     Accept    accept,
                     DRT_DATA *data)
{
  DRT_DATA good = *data;
  g_autofree BYTE *longer = g_malloc0 (good.cb + 1);

  assert_hr (accept (fixture), S_OK);
  for (ULONG i = 0; i < good.cb; i++)
    for (guint bits = 0; bits < 2; bits++)
      {
        BYTE mask = bits == 0 ? 1 << (i % 8) : 0xff;

        data->pb[i] ^= mask;
        assert_refused (fixture, accept, "changed", i);
        data->pb[i] ^= mask;
      }
  for (ULONG n = 0; n < good.cb; n++)
    {
      /* Of just that size, so that a checker sees who reads beyond. */
      g_autofree BYTE *shorter = g_malloc (MAX (n, 1));

      memcpy (shorter, good.pb, n);
      *data = (DRT_DATA) { n, shorter };
      assert_refused (fixture, accept, "truncated", n);
    }
  memcpy (longer, good.pb, good.cb);
  *data = (DRT_DATA) { good.cb + 1, longer };
  assert_refused (fixture, accept, "extended", good.cb);
  *data = good;
  assert_hr (accept (fixture), S_OK);
}

static void
test_changed_proof (Fixture       *fixture,
                    gconstpointer  data)
{
  assert_nothing_else (fixture, accept_proof, &fixture->proof.credential);
  assert_nothing_else (fixture, accept_proof, &fixture->proof.identifier);
  assert_nothing_else (fixture, accept_proof, &fixture->proof.signature);
}

static void
test_changed_cpa (Fixture       *fixture,
                  gconstpointer  data)
{
  assert_nothing_else (fixture, accept_certified, &fixture->certified.cpa);
  assert_nothing_else (fixture, accept_certified, &fixture->certified.payload);
  assert_nothing_else (fixture, accept_certified, &fixture->certified.chain);

  assert_nothing_else (fixture, accept_revoke, &fixture->revoke.cpa);
  testing_clear (&fixture->revoke.chain);
  assert_nothing_else (fixture, accept_revoke, &fixture->revoke.cpa);
}

static void
test_changed_sealed (Fixture       *fixture,
                     gconstpointer  data)
{
  DRT_DATA swap;

  assert_hr (accept_proof (fixture), S_OK);
  assert_nothing_else (fixture, accept_sealed, &fixture->sealed.token);
  assert_nothing_else (fixture, accept_sealed, &fixture->sealed.buffers[0]);
  assert_nothing_else (fixture, accept_sealed, &fixture->sealed.buffers[1]);
  swap = fixture->sealed.buffers[0];
  fixture->sealed.buffers[0] = fixture->sealed.buffers[1];
  fixture->sealed.buffers[1] = swap;
  assert_hr (accept_sealed (fixture), DRT_E_INVALID_MESSAGE);
}

/* Other buffers, fewer, more, or the same bytes divided differently. */
static void
test_other_buffers (Fixture       *fixture,
                    gconstpointer  data)
{
  const DRT_SECURITY_PROVIDER *alice = fixture->mesh.alice.provider, *bob = fixture->mesh.bob.provider;
  BYTE bytes[] = "abcdef";
  DRT_DATA good[] = { { 3, bytes }, { 3, bytes + 3 } }, uneven[] = { { 2, bytes }, { 4, bytes + 2 } };
  DRT_DATA swapped[] = { good[1], good[0] }, more[] = { good[0], good[1], { 0, NULL } }, whole = { 6, bytes };
  Proof *proof = &fixture->proof;

#define VERIFY(n, data) bob->VerifyData (bob->pvContext, n, data, &proof->credential, &proof->identifier, &proof->signature)
  testing_clear (&proof->identifier);
  testing_clear (&proof->signature);
  assert_hr (alice->SignData (alice->pvContext, 2, good, &proof->identifier, &proof->signature), S_OK);
  assert_hr (VERIFY (2, good), S_OK);
  assert_hr (VERIFY (1, good), DRT_E_INVALID_MESSAGE);
  assert_hr (VERIFY (0, NULL), DRT_E_INVALID_MESSAGE);
  assert_hr (VERIFY (2, uneven), DRT_E_INVALID_MESSAGE);
  assert_hr (VERIFY (2, swapped), DRT_E_INVALID_MESSAGE);
  assert_hr (VERIFY (3, more), DRT_E_INVALID_MESSAGE);
  assert_hr (VERIFY (1, &whole), DRT_E_INVALID_MESSAGE);
#undef VERIFY
}

/* --- Whose it is --- */

static void
test_of_another (Fixture       *fixture,
                 gconstpointer  data)
{
  Member *alice = &fixture->mesh.alice, *bob = &fixture->mesh.bob;
  Proof mixed = fixture->proof;
  Certified others = fixture->certified;
  const gsize agreement_at = 4, agreement_size = 32 + 8 + 64;
  DrtSecurityCounters before;

  assert_hr (member_accept_proof (bob, &fixture->proof), S_OK);
  assert_hr (member_accept_proof (alice, &fixture->bobs), S_OK);
  mixed.credential = fixture->bobs.credential;
  assert_hr (member_accept_proof (bob, &mixed), DRT_E_INVALID_MESSAGE);
  mixed.identifier = fixture->bobs.identifier;
  assert_hr (member_accept_proof (bob, &mixed), DRT_E_INVALID_MESSAGE);
  others.chain = fixture->bobs.credential;
  assert_hr (member_accept_certified (bob, &others, testing_nonce), DRT_E_INVALID_KEY);

  /* Bob's agreement key in Alice's credential: two signatures find that out. */
  before = member_count (bob);
  memcpy (fixture->proof.credential.pb + agreement_at, fixture->bobs.credential.pb + agreement_at, agreement_size);
  assert_hr (member_accept_proof (bob, &fixture->proof), DRT_E_INVALID_MESSAGE);
  g_assert_cmpuint (member_count (bob).signatures_checked, ==, before.signatures_checked + 2);
  g_assert_cmpuint (member_count (bob).chains_checked, ==, before.chains_checked);
}

static void
test_without (Fixture       *fixture,
              gconstpointer  data)
{
  Member *bob = &fixture->mesh.bob;
  Certified bare = fixture->certified;
  BYTE other_nonce[DRT_NONCE_SIZE] = { 0 };
  Sealed sealed;

  bare.chain = (DRT_DATA) { 0 };
  assert_hr (member_accept_certified (bob, &bare, testing_nonce), DRT_E_INVALID_MESSAGE);
  bare = fixture->certified;
  bare.payload = (DRT_DATA) { 0 };
  assert_hr (member_accept_certified (bob, &bare, testing_nonce), DRT_E_INVALID_MESSAGE);
  bare = fixture->revoke;
  bare.payload = fixture->certified.payload;
  assert_hr (member_accept_certified (bob, &bare, testing_nonce), DRT_E_INVALID_MESSAGE);
  assert_hr (member_accept_certified (bob, &fixture->certified, other_nonce), DRT_E_INVALID_MESSAGE);
  assert_hr (member_seal (bob, &(DRT_DATA) { 0 }, &sealed), DRT_E_INVALID_MESSAGE);
  g_assert_null (sealed.token.pb);
}

static void
test_modes (Fixture       *fixture,
            gconstpointer  data)
{
  Member *bob = &fixture->mesh.bob;

  for (DRT_SECURITY_MODE mode = DRT_SECURE_RESOLVE; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++)
    {
      assert_hr (drt_security_provider_set_mode (bob->provider, mode), S_OK);
      assert_hr (member_accept_certified (bob, &fixture->certified, testing_nonce),
                 mode == DRT_SECURE_CONFIDENTIALPAYLOAD ? S_OK : DRT_E_INVALID_MESSAGE);
    }
}

static void
test_other_root (Fixture       *fixture,
                 gconstpointer  data)
{
  Mesh other;

  mesh_open (&other, fixture->mesh.algorithm, DRT_SECURE_CONFIDENTIALPAYLOAD);
  assert_hr (member_accept_proof (&other.bob, &fixture->proof), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (member_accept_certified (&other.bob, &fixture->certified, testing_nonce), DRT_E_INVALID_CERT_CHAIN);
  /* One signature finds that out. */
  g_assert_cmpuint (member_count (&other.bob).signatures_checked, ==, 1);
  g_assert_cmpuint (member_count (&other.bob).chains_checked, ==, 0);
  g_assert_cmpuint (member_count (&other.bob).refusals, ==, 2);
  mesh_close (&other);
  testing_set_time (testing_get_time ());
}

/* --- Time --- */

static void
test_time (Fixture       *fixture,
           gconstpointer  data)
{
  const double now = testing_get_time ();
  const struct
  {
    double offset;
    HRESULT expected;
  } cases[] = {
    { 0, S_OK }, { TOLERANCE, S_OK }, { -TOLERANCE, S_OK }, { TOLERANCE + 0.001, DRT_E_INVALID_MESSAGE },
    { -TOLERANCE - 0.001, DRT_E_INVALID_MESSAGE }, { 30 * (double) DAY_SECONDS, DRT_E_INVALID_MESSAGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      testing_set_time (now + cases[i].offset);
      assert_hr (member_accept_proof (&fixture->mesh.bob, &fixture->proof), cases[i].expected);
      assert_hr (member_accept_certified (&fixture->mesh.bob, &fixture->certified, testing_nonce), cases[i].expected);
      assert_hr (member_accept_certified (&fixture->mesh.bob, &fixture->revoke, NULL), cases[i].expected);
    }
}

/* An agreement key serves for two days and is renewed after one. */
static void
test_agreement (Fixture       *fixture,
                gconstpointer  data)
{
  Member *alice = &fixture->mesh.alice, *bob = &fixture->mesh.bob;
  const double now = testing_get_time ();
  Proof later;
  Sealed sealed;

  assert_hr (member_accept_proof (bob, &fixture->proof), S_OK);
  assert_hr (member_seal (bob, &fixture->proof.credential, &sealed), S_OK);
  assert_hr (member_accept_proof (alice, &fixture->bobs), S_OK);

  testing_set_time (now + 24 * HOUR - 1);
  assert_hr (member_prove (alice, &later), S_OK);
  g_assert_cmpmem (later.credential.pb, later.credential.cb, fixture->proof.credential.pb, fixture->proof.credential.cb);
  proof_clear (&later);

  testing_set_time (now + 24 * HOUR);
  assert_hr (member_prove (alice, &later), S_OK);
  g_assert_cmpint (memcmp (later.credential.pb + 4, fixture->proof.credential.pb + 4, 32), !=, 0);
  assert_hr (member_accept_proof (bob, &later), S_OK);
  proof_clear (&later);
  assert_hr (member_unseal (alice, &sealed), S_OK);
  sealed_clear (&sealed);

  testing_set_time (now + 48 * HOUR - 1);
  assert_hr (member_seal (bob, &fixture->proof.credential, &sealed), S_OK);
  sealed_clear (&sealed);
  assert_hr (member_unseal (bob, &fixture->sealed), S_OK);
  testing_set_time (now + 48 * HOUR);
  assert_hr (member_seal (bob, &fixture->proof.credential, &sealed), DRT_E_INVALID_MESSAGE);
  assert_hr (member_unseal (bob, &fixture->sealed), DRT_E_INVALID_MESSAGE);
}

static void
test_expired_while_remembered (Fixture       *fixture,
                               gconstpointer  data)
{
  const double now = testing_get_time ();
  PCCERT_CONTEXT brief = testing_issue (fixture->mesh.root, "brief", fixture->mesh.algorithm, 1);
  DrtCertificateInfo *info = drt_certificate_get_info (brief);
  Member member;
  Proof proof;

  member_open (&member, fixture->mesh.root, brief, DRT_SECURE_CONFIDENTIALPAYLOAD);
  g_assert_cmpint (drt_security_provider_get_expiry (member.provider, (PVOID) brief), ==, info->not_after);
  g_assert_cmpint (drt_security_provider_get_expiry (member.provider, NULL), ==, info->not_after);
  testing_set_time (info->not_after);
  assert_hr (member_prove (&member, &proof), S_OK);
  assert_hr (member_accept_proof (&fixture->mesh.bob, &proof), S_OK);

  testing_set_time (info->not_after + 1);
  assert_hr (member_accept_proof (&fixture->mesh.bob, &proof), DRT_E_INVALID_CERT_CHAIN);
  proof_clear (&proof);
  assert_hr (member_prove (&member, &proof), DRT_E_INVALID_CERT_CHAIN);
  g_assert_null (proof.credential.pb);
  testing_set_time (now);
  drt_certificate_info_free (info);
  member_close (&member);
}

/* --- What is remembered --- */

static void
test_revoked_while_remembered (Fixture       *fixture,
                               gconstpointer  data)
{
  Member *alice = &fixture->mesh.alice, *bob = &fixture->mesh.bob;
  g_autoptr (GError) error = NULL;
  g_autoptr (DrtRevokeList) list = drt_revoke_list_add (NULL, fixture->mesh.root, alice->certificate, &error);
  Proof proof;
  Certified certified;
  Sealed sealed;

  g_assert_no_error (error);
  assert_hr (member_accept_proof (bob, &fixture->proof), S_OK);
  drt_derived_key_provider_set_revoked (bob->provider, list);
  assert_hr (member_accept_proof (bob, &fixture->proof), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (member_accept_certified (bob, &fixture->certified, testing_nonce), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (member_seal (bob, &fixture->proof.credential, &sealed), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (member_unseal (bob, &fixture->sealed), DRT_E_INVALID_MESSAGE);
  assert_hr (member_accept_proof (bob, &fixture->bobs), S_OK);

  /* Whoever finds himself on it says nothing more. */
  drt_derived_key_provider_set_revoked (alice->provider, list);
  assert_hr (member_prove (alice, &proof), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (member_certify (alice, 0, NULL, &certified), DRT_E_INVALID_CERT_CHAIN);
  g_assert_null (certified.cpa.pb);
  drt_derived_key_provider_set_revoked (alice->provider, NULL);
  drt_derived_key_provider_set_revoked (bob->provider, NULL);
  assert_hr (member_certify (alice, 0, NULL, &certified), S_OK);
  certified_clear (&certified);
  assert_hr (member_accept_proof (bob, &fixture->proof), S_OK);
}

/* Who repeats himself, good or bad, costs a hash and at most one signature. */
static void
test_remembered (Fixture       *fixture,
                 gconstpointer  data)
{
  Member *bob = &fixture->mesh.bob;
  DrtSecurityCounters before, after;
  double now = testing_get_time ();

  assert_hr (member_accept_proof (bob, &fixture->proof), S_OK);
  before = member_count (bob);
  g_assert_cmpuint (before.chains_checked, ==, 1);
  for (guint i = 0; i < 10; i++)
    assert_hr (member_accept_proof (bob, &fixture->proof), S_OK);
  after = member_count (bob);
  g_assert_cmpuint (after.chains_checked, ==, before.chains_checked);
  g_assert_cmpuint (after.chains_remembered, ==, before.chains_remembered + 20);
  g_assert_cmpuint (after.signatures_checked, ==, before.signatures_checked + 10);
  g_assert_cmpuint (after.refusals, ==, 0);

  fixture->proof.credential.pb[fixture->proof.credential.cb - 1] ^= 1;
  assert_hr (member_accept_proof (bob, &fixture->proof), DRT_E_INVALID_CERT_CHAIN);
  before = member_count (bob);
  for (guint i = 0; i < 10; i++)
    assert_hr (member_accept_proof (bob, &fixture->proof), DRT_E_INVALID_CERT_CHAIN);
  after = member_count (bob);
  g_assert_cmpuint (after.chains_checked, ==, before.chains_checked);
  g_assert_cmpuint (after.signatures_checked, ==, before.signatures_checked);
  g_assert_cmpuint (after.refusals, ==, before.refusals + 10);

  /* Not for long. */
  testing_set_time (now + 31);
  assert_hr (member_accept_proof (bob, &fixture->proof), DRT_E_INVALID_CERT_CHAIN);
  g_assert_cmpuint (member_count (bob).signatures_checked, ==, after.signatures_checked + 1);
}

/* --- Without memory --- */

/* Each allocation fails once: that is what the caller is told, and nothing stays. */
static void
assert_memory (Fixture *fixture,
               Accept   call)
{
  guint n = 0;
  HRESULT hr;

  do
    {
      drt_alloc_fail (n++);
      hr = call (fixture);
      drt_alloc_fail (-1);
      if (FAILED (hr))
        assert_hr (hr, E_OUTOFMEMORY);
    }
  while (FAILED (hr));
  g_assert_cmpuint (n, >, 1);
}

static HRESULT
prove_anew (Fixture *fixture)
{
  proof_clear (&fixture->proof);
  return member_prove (&fixture->mesh.alice, &fixture->proof);
}

static HRESULT
certify_anew (Fixture *fixture)
{
  certified_clear (&fixture->certified);
  return member_certify (&fixture->mesh.alice, 0, "payload", &fixture->certified);
}

static HRESULT
seal_anew (Fixture *fixture)
{
  sealed_clear (&fixture->sealed);
  return member_seal (&fixture->mesh.alice, &fixture->bobs.credential, &fixture->sealed);
}

static void
test_memory (Fixture       *fixture,
             gconstpointer  data)
{
  assert_memory (fixture, prove_anew);
  assert_memory (fixture, accept_proof);
  assert_memory (fixture, certify_anew);
  assert_memory (fixture, accept_certified);
  assert_memory (fixture, seal_anew);
  assert_memory (fixture, accept_sealed);
  drt_derived_key_provider_set_revoked (fixture->mesh.bob.provider, NULL);
  assert_memory (fixture, accept_proof);
  g_assert_cmpuint (member_count (&fixture->mesh.bob).refusals, ==, 0);
}

static void
add (const Suite *suite,
     const char  *name,
     void       (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/profile-2/%s/%s", suite->name, name);

  g_test_add (path, Fixture, suite, set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (suites); i++)
    {
      add (&suites[i], "good", test_good);
      add (&suites[i], "changed/proof", test_changed_proof);
      add (&suites[i], "changed/cpa", test_changed_cpa);
      add (&suites[i], "changed/sealed", test_changed_sealed);
      add (&suites[i], "other-buffers", test_other_buffers);
      add (&suites[i], "of-another", test_of_another);
      add (&suites[i], "without", test_without);
      add (&suites[i], "modes", test_modes);
      add (&suites[i], "other-root", test_other_root);
      add (&suites[i], "time", test_time);
      add (&suites[i], "agreement", test_agreement);
      add (&suites[i], "expired-while-remembered", test_expired_while_remembered);
      add (&suites[i], "revoked-while-remembered", test_revoked_while_remembered);
      add (&suites[i], "remembered", test_remembered);
      add (&suites[i], "memory", test_memory);
    }
  return g_test_run ();
}
