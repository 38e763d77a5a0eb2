/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-certificate-private.h"
#include "drt-profile-1-credential.h"
#include "drt-profile-1-crypto.h"
#include "drt-public-key.h"
#include "profile-1-testing.h"
#include "profile-1-vectors.h"

#include <openssl/rsa.h>
#include <string.h>

/* The structures and the algorithms of profile 1.0, against vectors that know
 * nothing of them; test-profile-1-provider.c is about the whole. */

static void
test_public_key (void)
{
  g_auto (DRT_DATA) rsa_key = bytes_from_hex (MEMBER_RSA_KEY);
  g_auto (DRT_DATA) structure = bytes_from_hex (MEMBER_PUBLIC_KEY);
  guint8 bytes[DRT_PROFILE_1_PUBLIC_KEY_SIZE];
  const guint8 *decoded;

  g_assert_cmpuint (rsa_key.cb, ==, DRT_PROFILE_1_RSA_KEY_SIZE);
  drt_profile_1_public_key_encode (bytes, rsa_key.pb);
  assert_bytes (bytes, sizeof bytes, MEMBER_PUBLIC_KEY);

  decoded = drt_profile_1_public_key_decode (structure.pb, structure.cb);
  g_assert_nonnull (decoded);
  g_assert_cmpmem (decoded, DRT_PROFILE_1_RSA_KEY_SIZE, rsa_key.pb, rsa_key.cb);
}

static gboolean
refuses_public_key (const guint8 *bytes,
                    gsize         length,
                    gpointer      user_data)
{
  return drt_profile_1_public_key_decode (bytes, length) == NULL;
}

/* All but the reserved byte and the modulus, of which nothing is known here. */
static void
test_public_key_changed (void)
{
  g_auto (DRT_DATA) structure = bytes_from_hex (MEMBER_PUBLIC_KEY);
  g_autofree gboolean *may_change = g_new0 (gboolean, structure.cb);

  may_change[5] = TRUE;
  for (gsize i = 6 + 20 + 2 + 7; i < structure.cb - 5; i++)
    may_change[i] = TRUE;
  assert_refuses (&structure, may_change, refuses_public_key, NULL);
}

static void
test_derived_key (void)
{
  g_autoptr (X509) certificate = certificate_from_hex (MEMBER_CERTIFICATE);
  g_autoptr (DrtPublicKey) key = drt_public_key_new_for_certificate (certificate);

  g_assert_nonnull (key);
  assert_bytes (key->derived.b, sizeof key->derived.b, MEMBER_KEY);
}

static void
test_signature (void)
{
  g_autoptr (EVP_PKEY) key = private_key_from_hex (MEMBER_PRIVATE);
  g_auto (DRT_DATA) structure = bytes_from_hex (SIGNATURE);
  g_auto (DRT_DATA) other = bytes_from_hex (SIGNATURE_SHA256);
  g_auto (DRT_DATA) text_1 = bytes_from_hex (TEXT_1);
  g_auto (DRT_DATA) text_2 = bytes_from_hex (TEXT_2);
  const DRT_DATA texts[] = { text_1, text_2 }, exchanged[] = { text_2, text_1 };
  guint8 data[DRT_PROFILE_1_RSA_SIZE], bytes[DRT_PROFILE_1_SIGNATURE_SIZE];
  const guint8 *decoded;

  g_assert_true (drt_profile_1_sign (key, texts, 2, data));
  drt_profile_1_signature_encode (bytes, data);
  assert_bytes (bytes, sizeof bytes, SIGNATURE);

  decoded = drt_profile_1_signature_decode (structure.pb, structure.cb);
  g_assert_nonnull (decoded);
  g_assert_true (drt_profile_1_verify (key, texts, 2, decoded));
  g_assert_false (drt_profile_1_verify (key, exchanged, 2, decoded));
  g_assert_false (drt_profile_1_verify (key, texts, 1, decoded));
  decoded = drt_profile_1_signature_decode (other.pb, other.cb);
  g_assert_false (drt_profile_1_verify (key, texts, 2, decoded));
}

static gboolean
refuses_signature (const guint8 *bytes,
                   gsize         length,
                   gpointer      user_data)
{
  const guint8 *data = drt_profile_1_signature_decode (bytes, length);
  g_auto (DRT_DATA) text_1 = bytes_from_hex (TEXT_1);
  g_auto (DRT_DATA) text_2 = bytes_from_hex (TEXT_2);
  const DRT_DATA texts[] = { text_1, text_2 };

  return data == NULL || !drt_profile_1_verify (user_data, texts, 2, data);
}

static void
test_signature_changed (void)
{
  g_autoptr (EVP_PKEY) key = private_key_from_hex (MEMBER_PRIVATE);
  g_auto (DRT_DATA) structure = bytes_from_hex (SIGNATURE);

  assert_refuses (&structure, NULL, refuses_signature, key);
}

static void
check_cpa (const char *hex,
           guint8      flags,
           guint       n_addresses)
{
  g_autoptr (EVP_PKEY) private_key = private_key_from_hex (MEMBER_PRIVATE);
  g_auto (DRT_DATA) expected = bytes_from_hex (hex);
  g_autofree guint8 *bytes = g_malloc (DRT_PROFILE_1_CPA_SIZE (n_addresses));
  guint8 signature[DRT_PROFILE_1_RSA_SIZE];
  DRT_DATA covered[2];
  DrtProfile1Cpa cpa;
  guint n_covered;

  g_assert_cmpuint (expected.cb, ==, DRT_PROFILE_1_CPA_SIZE (n_addresses));
  g_assert_true (drt_profile_1_cpa_decode (expected.pb, expected.cb, &cpa));
  g_assert_cmpuint (cpa.flags, ==, flags);
  g_assert_cmpuint (cpa.protocol_major, ==, 6);
  g_assert_cmpuint (cpa.protocol_minor, ==, 0x65);
  assert_bytes (cpa.key, DRT_KEY_SIZE, MEMBER_KEY);
  assert_bytes (cpa.nonce, DRT_NONCE_SIZE, NONCE);
  assert_bytes (cpa.rsa_key, DRT_PROFILE_1_RSA_KEY_SIZE, MEMBER_RSA_KEY);
  g_assert_cmpuint (cpa.addresses.n_endpoints, ==, n_addresses);
  if (n_addresses >= 2)
    assert_bytes (cpa.addresses.endpoints, 2 * DRT_WIRE_ENDPOINT_SIZE, ADDRESSES);
  n_covered = drt_profile_1_cpa_get_covered (expected.pb, expected.cb, covered);
  g_assert_true (drt_profile_1_verify (private_key, covered, n_covered, cpa.signature));

  /* The same again. */
  drt_profile_1_cpa_encode (bytes, &cpa);
  n_covered = drt_profile_1_cpa_get_covered (bytes, expected.cb, covered);
  g_assert_true (drt_profile_1_sign (private_key, covered, n_covered, signature));
  drt_profile_1_cpa_set_signature (bytes, signature);
  g_assert_cmpmem (bytes, expected.cb, expected.pb, expected.cb);
}

static void
test_cpa (void)
{
  check_cpa (CPA, 0, 2);
  check_cpa (CPA_NO_ADDRESSES, 0, 0);
  check_cpa (CPA_20_ADDRESSES, 0, 20);
  check_cpa (CPA_REVOKE, DRT_PAYLOAD_REVOKED, 2);
}

/* 14: what is signed could be keys in a REQUEST. */
static void
test_cpa_addresses (void)
{
  g_auto (DRT_DATA) fourteen = bytes_from_hex (CPA_14_ADDRESSES);
  g_auto (DRT_DATA) too_many = bytes_from_hex (CPA_21_ADDRESSES);
  DrtProfile1Cpa cpa;

  g_assert_false (drt_profile_1_cpa_decode (fourteen.pb, fourteen.cb, &cpa));
  g_assert_false (drt_profile_1_cpa_decode (too_many.pb, too_many.cb, &cpa));
  for (guint n = 0; n <= 256; n++)
    g_assert_cmpint (drt_profile_1_cpa_takes (n), ==, n <= 20 && n != 14);
}

static void
test_certificates (void)
{
  static const char *good[] = { ROOT_CERTIFICATE, MIDDLE_CERTIFICATE, MEMBER_CERTIFICATE, OTHER_CERTIFICATE };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (X509) certificate = certificate_from_hex (good[i]);

      g_assert_true (drt_certificate_is_of_profile_1 (certificate));
    }
  for (guint i = 0; i < G_N_ELEMENTS (sound_certificates); i++)
    {
      g_autoptr (X509) certificate = certificate_from_hex (sound_certificates[i].hex);

      g_test_message ("%s", sound_certificates[i].name);
      g_assert_true (drt_certificate_is_of_profile_1 (certificate));
    }
  for (guint i = 0; i < G_N_ELEMENTS (unsound_certificates); i++)
    {
      g_autoptr (X509) certificate = certificate_from_hex (unsound_certificates[i].hex);

      g_test_message ("%s", unsound_certificates[i].name);
      g_assert_false (drt_certificate_is_of_profile_1 (certificate));
    }
}

static GPtrArray *
make_chain (guint n)
{
  GPtrArray *chain = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (chain, certificate_from_hex (i == 0 ? MEMBER_CERTIFICATE : MIDDLE_CERTIFICATE));
  return chain;
}

static void
test_credential (void)
{
  g_autoptr (GPtrArray) chain = make_chain (2);
  g_autoptr (GBytes) credential = drt_profile_1_credential_encode (chain);
  gsize length;
  const guint8 *bytes;

  g_assert_nonnull (credential);
  bytes = g_bytes_get_data (credential, &length);
  assert_bytes (bytes, length, CREDENTIAL);
  g_assert_true (drt_profile_1_credential_is_sound (bytes, length));

  for (guint i = 0; i < G_N_ELEMENTS (unsound_credentials); i++)
    {
      g_auto (DRT_DATA) unsound = bytes_from_hex (unsound_credentials[i].hex);

      g_test_message ("%s", unsound_credentials[i].name);
      g_assert_false (drt_profile_1_credential_is_sound (unsound.pb, unsound.cb));
    }
}

static void
test_credential_sizes (void)
{
  for (guint n = 0; n <= DRT_CHAIN_MAX + 1; n++)
    {
      g_autoptr (GPtrArray) chain = make_chain (n);
      g_autoptr (GBytes) credential = drt_profile_1_credential_encode (chain);

      g_assert_cmpint (credential != NULL, ==, n >= 1 && n <= DRT_CHAIN_MAX);
      if (credential != NULL)
        g_assert_true (drt_profile_1_credential_is_sound (g_bytes_get_data (credential, NULL),
                                                          g_bytes_get_size (credential)));
    }
}

static void
test_keytoken (void)
{
  g_autoptr (EVP_PKEY) key = private_key_from_hex (MEMBER_PRIVATE);
  g_autoptr (EVP_PKEY) other = private_key_from_hex (OTHER_PRIVATE);
  g_auto (DRT_DATA) iv = bytes_from_hex (SESSION_IV);
  g_auto (DRT_DATA) session_key = bytes_from_hex (SESSION_KEY);
  g_auto (DRT_DATA) token = bytes_from_hex (TOKEN);
  g_auto (DRT_DATA) odd = bytes_from_hex (TOKEN_ODD_PADDING);
  guint8 clear[DRT_PROFILE_1_KEYTOKEN_SIZE], wrapped[2][DRT_PROFILE_1_RSA_SIZE];
  DrtProfile1Session session;

  drt_profile_1_keytoken_encode (clear, iv.pb, session_key.pb);
  assert_bytes (clear, sizeof clear, TOKEN_CLEAR);
  for (guint i = 0; i < 2; i++)
    {
      const DRT_DATA *from = i == 0 ? &token : &odd;

      memset (&session, 0, sizeof session);
      g_assert_true (drt_profile_1_session_unwrap (&session, key, from->pb, from->cb));
      assert_bytes (session.iv, sizeof session.iv, SESSION_IV);
      assert_bytes (session.key, sizeof session.key, SESSION_KEY);
      g_assert_false (drt_profile_1_session_unwrap (&session, other, from->pb, from->cb));
    }

  /* Each time another, and what it says is the same. */
  for (guint i = 0; i < 2; i++)
    {
      DrtProfile1Session again;

      g_assert_true (drt_profile_1_session_wrap (&session, key, wrapped[i]));
      g_assert_true (drt_profile_1_session_unwrap (&again, key, wrapped[i], sizeof wrapped[i]));
      g_assert_cmpmem (&again, sizeof again, &session, sizeof session);
    }
  g_assert_cmpint (memcmp (wrapped[0], wrapped[1], sizeof wrapped[0]), !=, 0);
}

static gboolean
refuses_token (const guint8 *bytes,
               gsize         length,
               gpointer      user_data)
{
  DrtProfile1Session session;

  return !drt_profile_1_session_unwrap (&session, user_data, bytes, length);
}

static void
test_keytoken_changed (void)
{
  g_autoptr (EVP_PKEY) key = private_key_from_hex (MEMBER_PRIVATE);
  g_auto (DRT_DATA) token = bytes_from_hex (TOKEN);

  assert_refuses (&token, NULL, refuses_token, key);
  for (guint i = 0; i < G_N_ELEMENTS (unsound_tokens); i++)
    {
      g_auto (DRT_DATA) unsound = bytes_from_hex (unsound_tokens[i].hex);

      g_test_message ("%s", unsound_tokens[i].name);
      g_assert_true (refuses_token (unsound.pb, unsound.cb, key));
    }
}

/* A padding that is wrong is no error of OpenSSL's: it would be an oracle. */
static void
test_implicit_rejection (void)
{
  g_autoptr (EVP_PKEY) key = private_key_from_hex (MEMBER_PRIVATE);
  guint n_wrong = 0;

  for (guint i = 0; i < G_N_ELEMENTS (unsound_tokens); i++)
    {
      g_auto (DRT_DATA) token = bytes_from_hex (unsound_tokens[i].hex);
      EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (key, NULL);
      guint8 clear[DRT_PROFILE_1_RSA_SIZE];
      gsize length = sizeof clear;

      g_assert_cmpint (EVP_PKEY_decrypt_init (context), ==, 1);
      g_assert_cmpint (EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PADDING), ==, 1);
      g_assert_cmpint (EVP_PKEY_CTX_ctrl_str (context, "rsa_pkcs1_implicit_rejection", "1"), ==, 1);
      g_assert_cmpint (EVP_PKEY_decrypt (context, clear, &length, token.pb, token.cb), ==, 1);
      n_wrong += length != DRT_PROFILE_1_KEYTOKEN_SIZE;
      EVP_PKEY_CTX_free (context);
    }
  g_assert_cmpuint (n_wrong, >, 0);
}

static DrtProfile1Session
get_session (void)
{
  g_auto (DRT_DATA) iv = bytes_from_hex (SESSION_IV);
  g_auto (DRT_DATA) key = bytes_from_hex (SESSION_KEY);
  DrtProfile1Session session;

  memcpy (session.iv, iv.pb, sizeof session.iv);
  memcpy (session.key, key.pb, sizeof session.key);
  return session;
}

static void
test_buffers (void)
{
  DrtProfile1Session session = get_session ();

  for (guint i = 0; i < G_N_ELEMENTS (sealed_vectors); i++)
    {
      g_auto (DRT_DATA) clear = bytes_from_hex (sealed_vectors[i].clear);
      g_auto (DRT_DATA) sealed = bytes_from_hex (sealed_vectors[i].sealed);
      g_autofree guint8 *bytes = g_malloc (clear.cb + DRT_PROFILE_1_PADDING_MAX);
      g_autofree guint8 *opened = g_malloc (sealed.cb);
      gsize length = 0;

      g_assert_true (drt_profile_1_encrypt (&session, clear.pb, clear.cb, bytes, &length));
      g_assert_cmpmem (bytes, length, sealed.pb, sealed.cb);
      g_assert_true (drt_profile_1_decrypt (&session, sealed.pb, sealed.cb, opened, &length));
      g_assert_cmpmem (opened, length, clear.pb, clear.cb);
    }
}

/* AES-CBC protects nothing but the padding: a length that is none of blocks, and an end that is no padding. */
static void
test_buffers_changed (void)
{
  DrtProfile1Session session = get_session ();
  g_auto (DRT_DATA) sealed = bytes_from_hex (sealed_vectors[3].sealed);
  guint8 opened[64];
  gsize length;

  for (gsize n = 0; n < sealed.cb; n++)
    if (n % 16 != 0 || n == 0)
      g_assert_false (drt_profile_1_decrypt (&session, sealed.pb, n, opened, &length));
  /* 15 bytes of padding: their last byte says so, in the block before it each bit of it can be turned. */
  for (guint bit = 0; bit < 8; bit++)
    {
      sealed.pb[sealed.cb - 17] ^= 1 << bit;
      g_assert_false (drt_profile_1_decrypt (&session, sealed.pb, sealed.cb, opened, &length));
      sealed.pb[sealed.cb - 17] ^= 1 << bit;
    }
  g_assert_true (drt_profile_1_decrypt (&session, sealed.pb, sealed.cb, opened, &length));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/profile-1/public-key", test_public_key);
  g_test_add_func ("/profile-1/public-key/changed", test_public_key_changed);
  g_test_add_func ("/profile-1/derived-key", test_derived_key);
  g_test_add_func ("/profile-1/signature", test_signature);
  g_test_add_func ("/profile-1/signature/changed", test_signature_changed);
  g_test_add_func ("/profile-1/cpa", test_cpa);
  g_test_add_func ("/profile-1/cpa/addresses", test_cpa_addresses);
  g_test_add_func ("/profile-1/certificates", test_certificates);
  g_test_add_func ("/profile-1/credential", test_credential);
  g_test_add_func ("/profile-1/credential/sizes", test_credential_sizes);
  g_test_add_func ("/profile-1/keytoken", test_keytoken);
  g_test_add_func ("/profile-1/keytoken/changed", test_keytoken_changed);
  g_test_add_func ("/profile-1/keytoken/implicit-rejection", test_implicit_rejection);
  g_test_add_func ("/profile-1/buffers", test_buffers);
  g_test_add_func ("/profile-1/buffers/changed", test_buffers_changed);

  return g_test_run ();
}
