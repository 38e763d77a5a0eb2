/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "profile-2-vectors.h"
#include "security-testing.h"

#include <string.h>

/* Every structure of profile 2.0 as python3-cryptography made it. */

typedef struct
{
  const char *name;
  gboolean is_deterministic;     /* its signatures are the same each time */
  const char *pem, *key, *agreement, *credential, *signature;
  const char *cpa, *cpa_payload, *cpa_revoke, *cpa_no_nonce, *cpa_no_addresses;
  const char *token, *sealed[3];
} Suite;

#define SUITE(name, is_deterministic, N)                                                        \
  { name, is_deterministic, N##_PEM, N##_KEY, N##_AGREEMENT_PRIVATE, N##_CREDENTIAL,            \
    N##_SIGNATURE, N##_CPA, N##_CPA_PAYLOAD, N##_CPA_REVOKE, N##_CPA_NO_NONCE,                  \
    N##_CPA_NO_ADDRESSES, N##_TOKEN, { N##_SEALED_1, N##_SEALED_2, N##_SEALED_3 } }

static const Suite suites[] = {
  SUITE ("ed25519", TRUE, ED25519),
  SUITE ("p256", FALSE, P256),
};

static const char *const clear_texts[] = { CLEAR_1, CLEAR_2, CLEAR_3 };

typedef struct
{
  const Suite *suite;
  PCCERT_CONTEXT root;
  Member member;                 /* whom the vectors are of */
  Member peer;                   /* who gets what he sends */
} Fixture;

static PCCERT_CONTEXT
open_root (void)
{
  g_autoptr (GError) error = NULL;
  DRT_DATA der = testing_from_hex (ROOT_CERTIFICATE);
  PCCERT_CONTEXT root = drt_certificate_parse (der.pb, der.cb, NULL, &error);

  g_assert_no_error (error);
  testing_clear (&der);
  return root;
}

static void
open_member (Member         *member,
             PCCERT_CONTEXT  root,
             const char     *pem_hex,
             const char     *agreement_hex)
{
  DRT_DATA pem = testing_from_hex (pem_hex), agreement = testing_from_hex (agreement_hex);

  member_open_known (member, root, &pem, DRT_SECURE_CONFIDENTIALPAYLOAD, agreement.pb, MADE);
  testing_clear (&pem);
  testing_clear (&agreement);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->suite = data;
  testing_set_time (NOW / 1000.0);
  fixture->root = open_root ();
  open_member (&fixture->member, fixture->root, fixture->suite->pem, fixture->suite->agreement);
  open_member (&fixture->peer, fixture->root, PEER_PEM, PEER_AGREEMENT_PRIVATE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  member_close (&fixture->peer);
  member_close (&fixture->member);
  drt_certificate_unref (fixture->root);
  testing_unset_time ();
}

/* Where a signature that is never the same stands, only that it is there. */
static void
assert_made (Fixture    *fixture,
             DRT_DATA   *made,
             const char *expected_hex,
             gsize       signature_at)
{
  DRT_DATA expected = testing_from_hex (expected_hex);

  g_assert_cmpuint (made->cb, ==, expected.cb);
  if (!fixture->suite->is_deterministic)
    {
      g_assert_cmpint (memcmp (made->pb + signature_at, expected.pb + signature_at, 64), !=, 0);
      memcpy (made->pb + signature_at, expected.pb + signature_at, 64);
    }
  g_assert_cmpmem (made->pb, made->cb, expected.pb, expected.cb);
  testing_clear (&expected);
}

static void
test_key (Fixture       *fixture,
          gconstpointer  data)
{
  DRT_DATA expected = testing_from_hex (fixture->suite->key);

  g_assert_cmpmem (fixture->member.key.b, DRT_KEY_SIZE, expected.pb, expected.cb);
  testing_clear (&expected);
}

static void
test_credential (Fixture       *fixture,
                 gconstpointer  data)
{
  const DRT_SECURITY_PROVIDER *peer = fixture->peer.provider, *member = fixture->member.provider;
  DRT_DATA expected = testing_from_hex (fixture->suite->credential), made;

  assert_hr (peer->ValidateRemoteCredential (peer->pvContext, &expected), S_OK);
  assert_hr (member->GetSerializedCredential (member->pvContext, &made), S_OK);
  assert_made (fixture, &made, fixture->suite->credential, 44);
  testing_clear (&made);
  testing_clear (&expected);
}

static void
test_signature (Fixture       *fixture,
                gconstpointer  data)
{
  const DRT_SECURITY_PROVIDER *peer = fixture->peer.provider, *member = fixture->member.provider;
  DRT_DATA buffers[] = { testing_from_hex (BUFFER_1), testing_from_hex (BUFFER_2) };
  DRT_DATA credential = testing_from_hex (fixture->suite->credential);
  DRT_DATA expected_identifier = testing_from_hex (fixture->suite->key);
  DRT_DATA expected = testing_from_hex (fixture->suite->signature), identifier, signature;

  assert_hr (peer->VerifyData (peer->pvContext, 2, buffers, &credential, &expected_identifier, &expected), S_OK);
  assert_hr (member->SignData (member->pvContext, 2, buffers, &identifier, &signature), S_OK);
  g_assert_cmpmem (identifier.pb, identifier.cb, expected_identifier.pb, expected_identifier.cb);
  assert_made (fixture, &signature, fixture->suite->signature, 12);
  testing_clear (&identifier);
  testing_clear (&signature);
  testing_clear (&expected);
  testing_clear (&expected_identifier);
  testing_clear (&credential);
  testing_clear (&buffers[0]);
  testing_clear (&buffers[1]);
}

/* --- CPAs --- */

/* What a vector says, and @fixture's member has to say as well. */
static void
assert_cpa (Fixture    *fixture,
            const char *hex,
            gboolean    with_credential,
            gboolean    with_nonce,
            gboolean    with_payload,
            DWORD       expected_flags)
{
  const DRT_SECURITY_PROVIDER *peer = fixture->peer.provider, *member = fixture->member.provider;
  DRT_DATA cpa = testing_from_hex (hex), nonce = testing_from_hex (NONCE), secured = testing_from_hex (PAYLOAD);
  DRT_DATA credential = testing_from_hex (fixture->suite->credential);
  DRT_DATA key, payload, made, classifier, made_payload, chain;
  CERT_PUBLIC_KEY_INFO *info;
  SOCKET_ADDRESS_LIST *list;
  BYTE major, minor;
  DWORD flags;

  assert_hr (peer->ValidateAndUnpackPayload (peer->pvContext, &cpa, with_credential ? &credential : NULL, NULL,
                                             with_nonce ? &nonce : NULL, with_payload ? &secured : NULL, &major, &minor, &key,
                                             &payload, &info, &list, &flags), S_OK);
  g_assert_cmpuint (flags, ==, expected_flags);
  g_assert_cmpuint (major, ==, 6);
  g_assert_cmpuint (minor, ==, 0x65);
  g_assert_cmpmem (key.pb, key.cb, fixture->member.key.b, DRT_KEY_SIZE);
  g_assert_cmpmem (payload.pb, payload.cb, secured.pb, with_payload ? secured.cb : 0);

  assert_hr (member->SecureAndPackPayload (member->pvContext, NULL, major, minor, flags, &key, with_payload ? &payload : NULL,
                                           list, with_nonce ? &nonce : NULL, &made, &classifier, &made_payload, &chain), S_OK);
  assert_made (fixture, &made, hex, made.cb - 64);
  g_assert_cmpuint (classifier.cb, ==, 0);
  g_assert_cmpmem (made_payload.pb, made_payload.cb, payload.pb, payload.cb);
  testing_clear (&made);
  testing_clear (&made_payload);
  testing_clear (&chain);

  testing_clear (&key);
  testing_clear (&payload);
  g_free (info);
  g_free (list);
  testing_clear (&credential);
  testing_clear (&secured);
  testing_clear (&nonce);
  testing_clear (&cpa);
}

static void
test_cpa (Fixture       *fixture,
          gconstpointer  data)
{
  const Suite *suite = fixture->suite;

  assert_cpa (fixture, suite->cpa, TRUE, TRUE, FALSE, 0);
  assert_cpa (fixture, suite->cpa_payload, TRUE, TRUE, TRUE, 0);
  assert_cpa (fixture, suite->cpa_revoke, TRUE, TRUE, FALSE, DRT_PAYLOAD_REVOKED);
  assert_cpa (fixture, suite->cpa_revoke, FALSE, TRUE, FALSE, DRT_PAYLOAD_REVOKED);
  assert_cpa (fixture, suite->cpa_no_nonce, TRUE, FALSE, FALSE, 0);
  assert_cpa (fixture, suite->cpa_no_addresses, TRUE, TRUE, FALSE, 0);
}

static void
test_sealed (Fixture       *fixture,
             gconstpointer  data)
{
  const DRT_SECURITY_PROVIDER *member = fixture->member.provider;
  DRT_DATA token = testing_from_hex (fixture->suite->token), peer = testing_from_hex (PEER_CREDENTIAL);
  DRT_DATA sealed[G_N_ELEMENTS (clear_texts)];

  for (guint i = 0; i < G_N_ELEMENTS (sealed); i++)
    sealed[i] = testing_from_hex (fixture->suite->sealed[i]);
  assert_hr (member->ValidateRemoteCredential (member->pvContext, &peer), S_OK);
  assert_hr (member->DecryptData (member->pvContext, &token, NULL, G_N_ELEMENTS (sealed), sealed), S_OK);
  for (guint i = 0; i < G_N_ELEMENTS (sealed); i++)
    {
      DRT_DATA expected = testing_from_hex (clear_texts[i]);

      g_assert_cmpmem (sealed[i].pb, sealed[i].cb, expected.pb, expected.cb);
      testing_clear (&expected);
      testing_clear (&sealed[i]);
    }
  testing_clear (&token);
  testing_clear (&peer);
}

#define ADD(name, test)                                                             \
  G_STMT_START {                                                                    \
    g_autofree char *whole = g_strconcat (path, name, NULL);                        \
    g_test_add (whole, Fixture, &suites[i], set_up, test, tear_down);               \
  } G_STMT_END

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (suites); i++)
    {
      g_autofree char *path = g_strdup_printf ("/profile-2/vectors/%s/", suites[i].name);

      ADD ("key", test_key);
      ADD ("credential", test_credential);
      ADD ("signature", test_signature);
      ADD ("cpa", test_cpa);
      ADD ("sealed", test_sealed);
    }
  return g_test_run ();
}
