/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-alloc.h"
#include "drt-profile-1-credential.h"
#include "profile-1-testing.h"
#include "profile-1-vectors.h"
#include "security-testing.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <string.h>

/* Profile 1.0 through the table of drt.h: the vectors once more, and what is accepted. */

typedef struct
{
  PCCERT_CONTEXT root;
  PCCERT_CONTEXT certificate;       /* the vectors' member, with the authority above it */
  DRT_SECURITY_PROVIDER *member;
  DRT_SECURITY_PROVIDER *other;     /* of the vectors' other certificate */
  PCCERT_CONTEXT other_certificate;
  SOCKADDR_IN6 addresses[2];
  SOCKET_ADDRESS_LIST *list;
} Fixture;

/* Certificates and perhaps a private key as a PEM file would have them. */
static PCCERT_CONTEXT
load (const char *first,
      const char *second,
      const char *private_key)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  g_autoptr (X509) one = certificate_from_hex (first);
  g_autoptr (X509) two = second != NULL ? certificate_from_hex (second) : NULL;
  g_autoptr (EVP_PKEY) key = private_key != NULL ? private_key_from_hex (private_key) : NULL;
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate;
  char *text;
  long length;

  g_assert_cmpint (PEM_write_bio_X509 (bio, one), ==, 1);
  if (two != NULL)
    g_assert_cmpint (PEM_write_bio_X509 (bio, two), ==, 1);
  if (key != NULL)
    g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL), ==, 1);
  length = BIO_get_mem_data (bio, &text);
  certificate = drt_certificate_parse ((const guint8 *) text, length, NULL, &error);
  g_assert_no_error (error);
  return certificate;
}

static DRT_SECURITY_PROVIDER *
open_provider (Fixture        *fixture,
               PCCERT_CONTEXT  certificate)
{
  guint8 key_bytes[DRT_KEY_SIZE], payload[] = { 1 };
  DRT_REGISTRATION registration = { { sizeof key_bytes, key_bytes }, { sizeof payload, payload } };
  DRT_SECURITY_PROVIDER *provider;

  assert_hr (DrtCreateDerivedKeySecurityProvider (fixture->root, certificate, &provider), S_OK);
  g_assert_cmpint (drt_security_provider_get_profile (provider), ==, DRT_PROFILE_1_0);
  assert_hr (provider->Attach (provider->pvContext), S_OK);
  assert_hr (DrtCreateDerivedKey (certificate, &registration.key), S_OK);
  assert_hr (provider->RegisterKey (provider->pvContext, &registration, (PVOID) certificate), S_OK);
  return provider;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->root = load (ROOT_CERTIFICATE, NULL, NULL);
  fixture->certificate = load (MEMBER_CERTIFICATE, MIDDLE_CERTIFICATE, MEMBER_PRIVATE);
  fixture->other_certificate = load (OTHER_CERTIFICATE, NULL, OTHER_PRIVATE);
  fixture->member = open_provider (fixture, fixture->certificate);
  fixture->other = open_provider (fixture, fixture->other_certificate);
  fixture->list = g_malloc0 (SIZEOF_SOCKET_ADDRESS_LIST (20));
  for (guint i = 0; i < 2; i++)
    {
      fixture->addresses[i] = (SOCKADDR_IN6) { .sin6_family = AF_INET6, .sin6_port = htons (i == 0 ? 4000 : 65535) };
      inet_pton (AF_INET6, i == 0 ? "2001:db8::1" : "fd00::2", &fixture->addresses[i].sin6_addr);
    }
  for (guint i = 0; i < 20; i++)
    fixture->list->Address[i] = (SOCKET_ADDRESS) { (SOCKADDR *) &fixture->addresses[i % 2], sizeof (SOCKADDR_IN6) };
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  DrtDeleteDerivedKeySecurityProvider (fixture->member);
  DrtDeleteDerivedKeySecurityProvider (fixture->other);
  drt_certificate_unref (fixture->other_certificate);
  drt_certificate_unref (fixture->certificate);
  drt_certificate_unref (fixture->root);
  g_free (fixture->list);
}

static void
test_derived_key (Fixture       *fixture,
                  gconstpointer  data)
{
  guint8 bytes[DRT_KEY_SIZE];
  DRT_DATA key = { sizeof bytes, bytes };

  assert_hr (DrtCreateDerivedKey (fixture->certificate, &key), S_OK);
  assert_bytes (bytes, sizeof bytes, MEMBER_KEY);
}

static void
test_credential (Fixture       *fixture,
                 gconstpointer  data)
{
  g_auto (DRT_DATA) credential = { 0 };

  assert_hr (fixture->member->GetSerializedCredential (fixture->member->pvContext, &credential), S_OK);
  assert_bytes (credential.pb, credential.cb, CREDENTIAL);
  assert_hr (fixture->other->ValidateRemoteCredential (fixture->other->pvContext, &credential), S_OK);
}

static void
test_signature (Fixture       *fixture,
                gconstpointer  data)
{
  g_auto (DRT_DATA) identifier = { 0 };
  g_auto (DRT_DATA) signature = { 0 };
  g_auto (DRT_DATA) credential = bytes_from_hex (CREDENTIAL);
  g_auto (DRT_DATA) text_1 = bytes_from_hex (TEXT_1);
  g_auto (DRT_DATA) text_2 = bytes_from_hex (TEXT_2);
  DRT_DATA texts[] = { text_1, text_2 };

  assert_hr (fixture->member->SignData (fixture->member->pvContext, 2, texts, &identifier, &signature), S_OK);
  assert_bytes (signature.pb, signature.cb, SIGNATURE);
  assert_bytes (identifier.pb, identifier.cb, MEMBER_PUBLIC_KEY);
  assert_hr (fixture->other->VerifyData (fixture->other->pvContext, 2, texts, &credential, &identifier, &signature), S_OK);
}

static HRESULT
pack (Fixture  *fixture,
      DWORD     flags,
      guint     n_addresses,
      DRT_DATA *cpa)
{
  g_auto (DRT_DATA) key = bytes_from_hex (MEMBER_KEY);
  g_auto (DRT_DATA) nonce = bytes_from_hex (NONCE);
  DRT_DATA classifier, chain;
  HRESULT hr;

  fixture->list->iAddressCount = n_addresses;
  hr = fixture->member->SecureAndPackPayload (fixture->member->pvContext, (PVOID) fixture->certificate, 6, 0x65, flags, &key,
                                              NULL, fixture->list, &nonce, cpa, &classifier, NULL, &chain);
  if (hr == S_OK)
    assert_bytes (chain.pb, chain.cb, CREDENTIAL);
  bytes_clear (&chain);
  return hr;
}

static void
test_cpa (Fixture       *fixture,
          gconstpointer  data)
{
  static const struct
  {
    DWORD flags;
    guint n_addresses;
    const char *hex;
  } cases[] = {
    { 0, 2, CPA }, { 0, 0, CPA_NO_ADDRESSES }, { 0, 20, CPA_20_ADDRESSES }, { DRT_PAYLOAD_REVOKED, 2, CPA_REVOKE },
  };
  g_auto (DRT_DATA) fourteen = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (DRT_DATA) cpa = { 0 };

      assert_hr (pack (fixture, cases[i].flags, cases[i].n_addresses, &cpa), S_OK);
      assert_bytes (cpa.pb, cpa.cb, cases[i].hex);
    }
  assert_hr (pack (fixture, 0, 14, &fourteen), E_INVALIDARG);
}

/* What another makes of a CPA; everything it gives is freed. */
static HRESULT
unpack (Fixture      *fixture,
        const guint8 *bytes,
        gsize         length,
        const char   *credential_hex,
        const char   *nonce_hex)
{
  const DRT_SECURITY_PROVIDER *other = fixture->other;
  g_auto (DRT_DATA) credential = bytes_from_hex (credential_hex != NULL ? credential_hex : "");
  g_auto (DRT_DATA) nonce = bytes_from_hex (nonce_hex != NULL ? nonce_hex : "");
  DRT_DATA cpa = { length, (BYTE *) bytes }, key, payload;
  CERT_PUBLIC_KEY_INFO *info;
  SOCKET_ADDRESS_LIST *list;
  BYTE major, minor;
  DWORD flags;
  HRESULT hr = other->ValidateAndUnpackPayload (other->pvContext, &cpa, credential_hex != NULL ? &credential : NULL, NULL,
                                                nonce_hex != NULL ? &nonce : NULL, NULL, &major, &minor, &key, &payload,
                                                &info, &list, &flags);

  if (FAILED (hr))
    return hr;
  assert_bytes (key.pb, key.cb, MEMBER_KEY);
  g_assert_cmpstr (info->Algorithm.pszObjId, ==, "1.2.840.113549.1.1.1");
  assert_bytes (info->Algorithm.Parameters.pbData, info->Algorithm.Parameters.cbData, "0500");
  assert_bytes (info->PublicKey.pbData, info->PublicKey.cbData, MEMBER_RSA_KEY);
  other->FreeData (other->pvContext, key.pb);
  other->FreeData (other->pvContext, info);
  other->FreeData (other->pvContext, list);
  return hr;
}

#define OTHER_NONCE "000102030405060708090a0b0c0d0e0f"

static void
test_cpa_accepted (Fixture       *fixture,
                   gconstpointer  data)
{
  g_auto (DRT_DATA) cpa = bytes_from_hex (CPA);
  g_auto (DRT_DATA) revoke = bytes_from_hex (CPA_REVOKE);
  g_auto (DRT_DATA) fourteen = bytes_from_hex (CPA_14_ADDRESSES);

  assert_hr (unpack (fixture, cpa.pb, cpa.cb, CREDENTIAL, NONCE), S_OK);
  assert_hr (unpack (fixture, cpa.pb, cpa.cb, CREDENTIAL, NULL), S_OK);
  assert_hr (unpack (fixture, cpa.pb, cpa.cb, CREDENTIAL, OTHER_NONCE), DRT_E_INVALID_MESSAGE);
  assert_hr (unpack (fixture, cpa.pb, cpa.cb, CREDENTIAL_OTHER, NONCE), DRT_E_INVALID_MESSAGE);
  assert_hr (unpack (fixture, cpa.pb, cpa.cb, NULL, NONCE), DRT_E_INVALID_MESSAGE);
  assert_hr (unpack (fixture, revoke.pb, revoke.cb, NULL, NULL), S_OK);
  assert_hr (unpack (fixture, revoke.pb, revoke.cb, CREDENTIAL, NONCE), S_OK);
  assert_hr (unpack (fixture, fourteen.pb, fourteen.cb, CREDENTIAL, NONCE), DRT_E_INVALID_MESSAGE);

  /* Nobody makes a revoke of a CPA, or the reverse. */
  cpa.pb[0] = DRT_PAYLOAD_REVOKED;
  revoke.pb[0] = 0;
  assert_hr (unpack (fixture, cpa.pb, cpa.cb, NULL, NULL), DRT_E_INVALID_MESSAGE);
  assert_hr (unpack (fixture, cpa.pb, cpa.cb, CREDENTIAL, NONCE), DRT_E_INVALID_MESSAGE);
  assert_hr (unpack (fixture, revoke.pb, revoke.cb, CREDENTIAL, NONCE), DRT_E_INVALID_MESSAGE);
}

static gboolean
refuses_cpa (const guint8 *bytes,
             gsize         length,
             gpointer      user_data)
{
  return FAILED (unpack (user_data, bytes, length, CREDENTIAL, NONCE));
}

static gboolean
refuses_revoke (const guint8 *bytes,
                gsize         length,
                gpointer      user_data)
{
  return FAILED (unpack (user_data, bytes, length, NULL, NULL));
}

/* Inside a CPA the reserved byte of its PUBLIC_KEY is signed as well. */
static void
test_cpa_changed (Fixture       *fixture,
                  gconstpointer  data)
{
  g_auto (DRT_DATA) cpa = bytes_from_hex (CPA);
  g_auto (DRT_DATA) revoke = bytes_from_hex (CPA_REVOKE);

  assert_refuses (&cpa, NULL, refuses_cpa, fixture);
  assert_refuses (&revoke, NULL, refuses_revoke, fixture);
}

static gboolean
refuses_credential (const guint8 *bytes,
                    gsize         length,
                    gpointer      user_data)
{
  Fixture *fixture = user_data;
  DRT_DATA credential = { length, (BYTE *) bytes };

  return FAILED (fixture->other->ValidateRemoteCredential (fixture->other->pvContext, &credential));
}

/* All of the certificates is signed, and around them is nothing that may be otherwise. */
static void
test_credential_changed (Fixture       *fixture,
                         gconstpointer  data)
{
  g_auto (DRT_DATA) credential = bytes_from_hex (CREDENTIAL);

  assert_refuses (&credential, NULL, refuses_credential, fixture);
}

/* A credential of these certificates, and whether the vectors' member has signed with it. */
static HRESULT
verify_with (Fixture    *fixture,
             const char *first,
             const char *second,
             const char *third)
{
  const char *const certificates[] = { first, second, third };
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
  g_autoptr (GBytes) bytes = NULL;
  g_auto (DRT_DATA) identifier = bytes_from_hex (MEMBER_PUBLIC_KEY);
  g_auto (DRT_DATA) signature = bytes_from_hex (SIGNATURE);
  g_auto (DRT_DATA) text_1 = bytes_from_hex (TEXT_1);
  g_auto (DRT_DATA) text_2 = bytes_from_hex (TEXT_2);
  DRT_DATA texts[] = { text_1, text_2 }, credential;

  for (guint i = 0; i < G_N_ELEMENTS (certificates); i++)
    if (certificates[i] != NULL)
      g_ptr_array_add (chain, certificate_from_hex (certificates[i]));
  bytes = drt_profile_1_credential_encode (chain);
  credential = (DRT_DATA) { g_bytes_get_size (bytes), (BYTE *) g_bytes_get_data (bytes, NULL) };
  return fixture->other->VerifyData (fixture->other->pvContext, 2, texts, &credential, &identifier, &signature);
}

/* Windows may send the root along, and a set has no order; what does not lead to the root is nobody's. */
static void
test_credential_shapes (Fixture       *fixture,
                        gconstpointer  data)
{
  assert_hr (verify_with (fixture, MEMBER_CERTIFICATE, MIDDLE_CERTIFICATE, NULL), S_OK);
  assert_hr (verify_with (fixture, MEMBER_CERTIFICATE, MIDDLE_CERTIFICATE, ROOT_CERTIFICATE), S_OK);
  assert_hr (verify_with (fixture, ROOT_CERTIFICATE, MIDDLE_CERTIFICATE, MEMBER_CERTIFICATE), S_OK);
  assert_hr (verify_with (fixture, MEMBER_CERTIFICATE, NULL, NULL), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (verify_with (fixture, MEMBER_CERTIFICATE, ROOT_CERTIFICATE, NULL), DRT_E_INVALID_CERT_CHAIN);
  assert_hr (verify_with (fixture, OTHER_CERTIFICATE, NULL, NULL), DRT_E_INVALID_MESSAGE);
  assert_hr (verify_with (fixture, MIDDLE_CERTIFICATE, NULL, NULL), DRT_E_INVALID_CERT_CHAIN);
}

typedef struct
{
  Fixture *fixture;
  DRT_DATA identifier;
  DRT_DATA signature;
  DRT_DATA *changed;
} ProofCheck;

static gboolean
refuses_proof (const guint8 *bytes,
               gsize         length,
               gpointer      user_data)
{
  ProofCheck *check = user_data;
  const DRT_SECURITY_PROVIDER *other = check->fixture->other;
  DRT_DATA whole = *check->changed;
  g_auto (DRT_DATA) credential = bytes_from_hex (CREDENTIAL);
  g_auto (DRT_DATA) text_1 = bytes_from_hex (TEXT_1);
  g_auto (DRT_DATA) text_2 = bytes_from_hex (TEXT_2);
  DRT_DATA texts[] = { text_1, text_2 };
  HRESULT hr;

  *check->changed = (DRT_DATA) { length, (BYTE *) bytes };
  hr = other->VerifyData (other->pvContext, 2, texts, &credential, &check->identifier, &check->signature);
  *check->changed = whole;
  return FAILED (hr);
}

static void
test_proof_changed (Fixture       *fixture,
                    gconstpointer  data)
{
  g_auto (DRT_DATA) identifier = bytes_from_hex (MEMBER_PUBLIC_KEY);
  g_auto (DRT_DATA) other = bytes_from_hex (OTHER_PUBLIC_KEY);
  g_auto (DRT_DATA) signature = bytes_from_hex (SIGNATURE);
  g_autofree gboolean *reserved = g_new0 (gboolean, identifier.cb);
  ProofCheck check = { fixture, identifier, signature, NULL };

  reserved[5] = TRUE;
  check.changed = &check.signature;
  assert_refuses (&signature, NULL, refuses_proof, &check);
  check.changed = &check.identifier;
  assert_refuses (&identifier, reserved, refuses_proof, &check);
  g_assert_true (refuses_proof (other.pb, other.cb, &check));
}

/* The authority's key proves nothing about messages. */
static void
test_authority_is_no_member (Fixture       *fixture,
                             gconstpointer  data)
{
  g_auto (DRT_DATA) chain = bytes_from_hex (CREDENTIAL);
  g_autoptr (X509) middle = certificate_from_hex (MIDDLE_CERTIFICATE);
  const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr (middle);
  g_auto (DRT_DATA) identifier = bytes_from_hex (MEMBER_PUBLIC_KEY);
  g_auto (DRT_DATA) signature = bytes_from_hex (SIGNATURE);
  ProofCheck check = { fixture, identifier, signature, &check.identifier };

  memcpy (identifier.pb + identifier.cb - ASN1_STRING_length (bits), ASN1_STRING_get0_data (bits), ASN1_STRING_length (bits));
  g_assert_true (refuses_proof (identifier.pb, identifier.cb, &check));
}

static HRESULT
decrypt (DRT_SECURITY_PROVIDER *provider,
         PCCERT_CONTEXT         key_context,
         const char            *token_hex,
         const char            *sealed_hex,
         const char            *clear_hex)
{
  g_auto (DRT_DATA) token = bytes_from_hex (token_hex);
  g_auto (DRT_DATA) first = bytes_from_hex (sealed_hex);
  g_auto (DRT_DATA) second = bytes_from_hex (sealed_hex);
  DRT_DATA buffers[] = { first, second };
  HRESULT hr = provider->DecryptData (provider->pvContext, &token, (PVOID) key_context, 2, buffers);

  for (guint i = 0; i < 2; i++)
    assert_bytes (buffers[i].pb, buffers[i].cb, SUCCEEDED (hr) ? clear_hex : sealed_hex);
  return hr;
}

static void
test_buffers (Fixture       *fixture,
              gconstpointer  data)
{
  g_auto (DRT_DATA) token = bytes_from_hex (TOKEN);

  for (guint i = 0; i < G_N_ELEMENTS (sealed_vectors); i++)
    {
      const char *sealed = sealed_vectors[i].sealed, *clear = sealed_vectors[i].clear;

      assert_hr (decrypt (fixture->member, fixture->certificate, TOKEN, sealed, clear), S_OK);
      assert_hr (decrypt (fixture->member, NULL, TOKEN, sealed, clear), S_OK);
      assert_hr (decrypt (fixture->other, fixture->other_certificate, TOKEN, sealed, clear), DRT_E_INVALID_MESSAGE);
      assert_hr (decrypt (fixture->other, NULL, TOKEN, sealed, clear), DRT_E_INVALID_MESSAGE);
    }
  assert_hr (decrypt (fixture->member, NULL, TOKEN, "00", ""), DRT_E_INVALID_MESSAGE);
  /* An answer may have nothing to seal but a keytoken. */
  assert_hr (fixture->member->DecryptData (fixture->member->pvContext, &token, NULL, 0, NULL), S_OK);
  assert_hr (fixture->other->DecryptData (fixture->other->pvContext, &token, NULL, 0, NULL), DRT_E_INVALID_MESSAGE);
  for (guint i = 0; i < G_N_ELEMENTS (unsound_tokens); i++)
    assert_hr (decrypt (fixture->member, NULL, unsound_tokens[i].hex, sealed_vectors[1].sealed, ""), DRT_E_INVALID_MESSAGE);
}

/* The key context chooses whose private key opens; NULL is the local certificate. */
static void
test_key_context (Fixture       *fixture,
                  gconstpointer  data)
{
  const DRT_SECURITY_PROVIDER *member = fixture->member, *other = fixture->other;
  guint8 key_bytes[DRT_KEY_SIZE], payload[] = { 1 }, text[] = "for one of two keys";
  DRT_REGISTRATION registration = { { sizeof key_bytes, key_bytes }, { sizeof payload, payload } };
  g_auto (DRT_DATA) credential = bytes_from_hex (CREDENTIAL_OTHER);
  g_auto (DRT_DATA) sealed = { 0 };
  g_auto (DRT_DATA) token = { 0 };
  DRT_DATA clear = { sizeof text, text };

  /* The member has two keys now, its own and the other's. */
  assert_hr (DrtCreateDerivedKey (fixture->other_certificate, &registration.key), S_OK);
  assert_hr (member->RegisterKey (member->pvContext, &registration, (PVOID) fixture->other_certificate), S_OK);
  assert_hr (other->EncryptData (other->pvContext, &credential, 1, &clear, &sealed, &token), S_OK);
  assert_hr (member->DecryptData (member->pvContext, &token, NULL, 1, &sealed), DRT_E_INVALID_MESSAGE);
  assert_hr (member->DecryptData (member->pvContext, &token, (PVOID) fixture->certificate, 1, &sealed), DRT_E_INVALID_MESSAGE);
  assert_hr (member->DecryptData (member->pvContext, &token, (PVOID) fixture->other_certificate, 1, &sealed), S_OK);
  g_assert_cmpmem (sealed.pb, sealed.cb, text, sizeof text);
}

/* What the provider says it did. */
static void
test_counters (Fixture       *fixture,
               gconstpointer  data)
{
  g_auto (DRT_DATA) credential = bytes_from_hex (CREDENTIAL);
  g_auto (DRT_DATA) bad = bytes_from_hex (unsound_credentials[0].hex);
  DrtSecurityCounters counters;

  for (guint i = 0; i < 3; i++)
    {
      assert_hr (fixture->other->ValidateRemoteCredential (fixture->other->pvContext, &credential), S_OK);
      g_assert_true (FAILED (fixture->other->ValidateRemoteCredential (fixture->other->pvContext, &bad)));
    }
  drt_derived_key_provider_get_counters (fixture->other, &counters);
  g_assert_cmpuint (counters.chains_checked, ==, 1);
  g_assert_cmpuint (counters.chains_remembered, ==, 2);
  g_assert_cmpuint (counters.refusals, ==, 3);
}

/* Two members that were made by the library. */
static void
test_round_trip (void)
{
  Mesh mesh;
  Proof proof;
  Certified certified;
  Sealed sealed;

  mesh_open (&mesh, DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_CONFIDENTIALPAYLOAD);
  assert_hr (member_prove (&mesh.alice, &proof), S_OK);
  assert_hr (member_accept_proof (&mesh.bob, &proof), S_OK);
  for (guint i = 0; i < 4; i++)
    {
      assert_hr (member_certify (&mesh.alice, i & 1, i & 2 ? "payload" : NULL, &certified), S_OK);
      assert_hr (member_accept_certified (&mesh.bob, &certified, testing_nonce), S_OK);
      certified_clear (&certified);
    }
  assert_hr (member_seal (&mesh.bob, &proof.credential, &sealed), S_OK);
  assert_hr (member_unseal (&mesh.alice, &sealed), S_OK);
  assert_hr (member_unseal (&mesh.bob, &sealed), DRT_E_INVALID_MESSAGE);
  sealed_clear (&sealed);
  proof_clear (&proof);
  mesh_close (&mesh);
}

/* A node of one profile refuses the other's bytes. */
static void
test_other_profile (void)
{
  Mesh old, modern;
  Mesh *meshes[] = { &old, &modern };

  mesh_open (&modern, DRT_KEY_ALGORITHM_P256, DRT_SECURE_CONFIDENTIALPAYLOAD);
  mesh_open (&old, DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_CONFIDENTIALPAYLOAD);
  for (guint i = 0; i < 2; i++)
    {
      Mesh *from = meshes[i], *to = meshes[1 - i];
      DRT_SECURITY_PROVIDER *provider;
      Certified certified;
      Proof proof;

      assert_hr (member_prove (&from->alice, &proof), S_OK);
      g_assert_true (FAILED (member_accept_proof (&to->alice, &proof)));
      proof_clear (&proof);
      assert_hr (member_certify (&from->alice, 0, NULL, &certified), S_OK);
      g_assert_true (FAILED (member_accept_certified (&to->alice, &certified, testing_nonce)));
      certified_clear (&certified);
      g_assert_true (FAILED (DrtCreateDerivedKeySecurityProvider (from->root, to->alice.certificate, &provider)));
      assert_hr (drt_derived_key_provider_new (from->root, NULL, i == 0 ? DRT_PROFILE_2_0 : DRT_PROFILE_1_0, NULL, &provider),
                 DRT_E_CAPABILITY_MISMATCH);
    }
  mesh_close (&old);
  mesh_close (&modern);
}

/* Its certificate expires: nothing it sends is accepted any more, and it does not send. */
static void
test_expired (void)
{
  Mesh mesh;
  Proof proof, later;
  Certified certified;

  mesh_open (&mesh, DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_MEMBERSHIP);
  assert_hr (member_prove (&mesh.alice, &proof), S_OK);
  assert_hr (member_certify (&mesh.alice, 0, NULL, &certified), S_OK);
  assert_hr (member_accept_proof (&mesh.bob, &proof), S_OK);
  testing_set_time (testing_get_time () + 101.0 * DAY_SECONDS);
  g_assert_true (FAILED (member_accept_proof (&mesh.bob, &proof)));
  g_assert_true (FAILED (member_accept_certified (&mesh.bob, &certified, testing_nonce)));
  assert_hr (member_prove (&mesh.alice, &later), DRT_E_INVALID_CERT_CHAIN);
  certified_clear (&certified);
  proof_clear (&proof);
  mesh_close (&mesh);
}

/* --- Without memory --- */

typedef struct
{
  Mesh mesh;
  Proof proof;
  Certified certified;
  Sealed sealed;
} Made;

static HRESULT
prove (Made *made)
{
  proof_clear (&made->proof);
  return member_prove (&made->mesh.alice, &made->proof);
}

static HRESULT
accept_proof (Made *made)
{
  return member_accept_proof (&made->mesh.bob, &made->proof);
}

static HRESULT
certify (Made *made)
{
  certified_clear (&made->certified);
  return member_certify (&made->mesh.alice, 0, "payload", &made->certified);
}

static HRESULT
accept_certified (Made *made)
{
  return member_accept_certified (&made->mesh.bob, &made->certified, testing_nonce);
}

static HRESULT
seal (Made *made)
{
  sealed_clear (&made->sealed);
  return member_seal (&made->mesh.bob, &made->proof.credential, &made->sealed);
}

static HRESULT
unseal (Made *made)
{
  return member_unseal (&made->mesh.alice, &made->sealed);
}

/* Each allocation fails once: the caller is told, and nothing stays. */
static void
test_memory (void)
{
  HRESULT (*const calls[]) (Made *made) = { prove, accept_proof, certify, accept_certified, seal, unseal };
  Made made = { 0 };

  mesh_open (&made.mesh, DRT_KEY_ALGORITHM_RSA1024, DRT_SECURE_CONFIDENTIALPAYLOAD);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      HRESULT hr = E_OUTOFMEMORY;

      for (int n = 0; hr == E_OUTOFMEMORY; n++)
        {
          drt_alloc_fail (n);
          hr = calls[i] (&made);
          drt_alloc_fail (-1);
        }
      assert_hr (hr, S_OK);
    }
  sealed_clear (&made.sealed);
  certified_clear (&made.certified);
  proof_clear (&made.proof);
  mesh_close (&made.mesh);
}

#define ADD(path, test) g_test_add ("/profile-1/provider/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("derived-key", test_derived_key);
  ADD ("credential", test_credential);
  ADD ("credential/shapes", test_credential_shapes);
  ADD ("credential/changed", test_credential_changed);
  ADD ("signature", test_signature);
  ADD ("proof/changed", test_proof_changed);
  ADD ("proof/authority", test_authority_is_no_member);
  ADD ("cpa", test_cpa);
  ADD ("cpa/accepted", test_cpa_accepted);
  ADD ("cpa/changed", test_cpa_changed);
  ADD ("buffers", test_buffers);
  ADD ("key-context", test_key_context);
  ADD ("counters", test_counters);
  g_test_add_func ("/profile-1/round-trip", test_round_trip);
  g_test_add_func ("/profile-1/other-profile", test_other_profile);
  g_test_add_func ("/profile-1/expired", test_expired);
  g_test_add_func ("/profile-1/memory", test_memory);

  return g_test_run ();
}
