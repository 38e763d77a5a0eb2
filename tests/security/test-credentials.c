/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "security-testing.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "drt-certificate-private.h"

/* Credentials of profile 2.0 that a stranger puts together of what he has seen, or a
 * member of what he can sign: who is refused, and at what cost. */

#define HEAD_SIZE 108            /* bytes before the first certificate */
#define COUNT_AT  3
#define LABEL_SIZE 16

typedef struct
{
  Mesh mesh;
  Proof proof;                   /* Alice's */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  mesh_open (&fixture->mesh, DRT_KEY_ALGORITHM_ED25519, DRT_SECURE_MEMBERSHIP);
  assert_hr (member_prove (&fixture->mesh.alice, &fixture->proof), S_OK);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  proof_clear (&fixture->proof);
  mesh_close (&fixture->mesh);
}

/* --- Putting them together --- */

static void
put_certificate (GByteArray   *credential,
                 const guint8 *der,
                 gsize         length)
{
  const guint8 size[] = { length >> 8, length & 0xff };

  g_byte_array_append (credential, size, sizeof size);
  g_byte_array_append (credential, der, length);
  credential->data[COUNT_AT]++;
}

static void
put_x509 (GByteArray *credential,
          X509       *x509)
{
  guint8 *der = NULL;
  int length = i2d_X509 (x509, &der);

  g_assert_cmpint (length, >, 0);
  put_certificate (credential, der, length);
  OPENSSL_free (der);
}

/* The head of Alice's, and no certificate yet. */
static GByteArray *
begin_like (const Fixture *fixture)
{
  GByteArray *credential = g_byte_array_new ();

  g_byte_array_append (credential, fixture->proof.credential.pb, HEAD_SIZE);
  credential->data[COUNT_AT] = 0;
  return credential;
}

/* With Alice's agreement key, signed with the Ed25519 key of the first certificate. */
static void
sign_agreement (GByteArray *credential,
                EVP_PKEY   *key)
{
  guint8 what[LABEL_SIZE + 3 + 32 + 32 + 8] = "DRT 2.0 agree", *spki = NULL;
  int n_spki = i2d_PUBKEY (key, &spki);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  size_t n_signature = 64;

  memcpy (what + LABEL_SIZE, credential->data, 3);
  g_assert_true (EVP_Digest (spki, n_spki, what + LABEL_SIZE + 3, NULL, EVP_sha256 (), NULL) == 1);
  memcpy (what + LABEL_SIZE + 3 + 32, credential->data + COUNT_AT + 1, 32 + 8);
  g_assert_true (EVP_DigestSignInit (context, NULL, NULL, NULL, key) == 1 &&
                 EVP_DigestSign (context, credential->data + COUNT_AT + 1 + 32 + 8, &n_signature, what, sizeof what) == 1);
  EVP_MD_CTX_free (context);
  OPENSSL_free (spki);
}

static X509 *
x509_of (PCCERT_CONTEXT certificate)
{
  return drt_certificate_get_x509 (certificate);
}

static EVP_PKEY *
key_of (PCCERT_CONTEXT certificate)
{
  return drt_certificate_get_private_key (certificate);
}

/* A certificate by whoever has @issuer_key: authorities are made elsewhere. */
static X509 *
sign_certificate (const char *name,
                  EVP_PKEY   *key,
                  X509       *issuer,
                  EVP_PKEY   *issuer_key)
{
  static long serial = 1000;
  X509 *x509 = X509_new ();
  X509_NAME *subject = X509_NAME_new ();

  g_assert_true (X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guint8 *) name, -1, -1, 0) == 1);
  X509_set_version (x509, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (x509), ++serial);
  X509_set1_notBefore (x509, X509_get0_notBefore (issuer));
  X509_set1_notAfter (x509, X509_get0_notAfter (issuer));
  X509_set_subject_name (x509, subject);
  X509_set_issuer_name (x509, X509_get_subject_name (issuer));
  g_assert_true (X509_set_pubkey (x509, key) == 1);
  g_assert_cmpint (X509_sign (x509, issuer_key, EVP_PKEY_is_a (issuer_key, "RSA") ? EVP_sha256 () : NULL), >, 0);
  X509_NAME_free (subject);
  return x509;
}

/* What Bob says when Alice's message comes with @credential. */
static HRESULT
accept_with (Fixture    *fixture,
             GByteArray *credential)
{
  Proof proof = fixture->proof;

  proof.credential = (DRT_DATA) { credential->len, credential->data };
  return member_accept_proof (&fixture->mesh.bob, &proof);
}

/* --- The same certificate in other bytes --- */

/* One certificate written in another way than DER has it: its length in more bytes than
 * needed. */
static GByteArray *
reencode (const guint8 *der,
          gsize         length,
          guint         n_zeros)
{
  GByteArray *bytes = g_byte_array_new ();
  const guint8 head[] = { der[0], 0x80 | (2 + n_zeros) };
  const guint8 zero = 0;

  g_assert_cmpuint (der[1], ==, 0x82);
  g_byte_array_append (bytes, head, sizeof head);
  for (guint i = 0; i < n_zeros; i++)
    g_byte_array_append (bytes, &zero, 1);
  g_byte_array_append (bytes, der + 2, length - 2);
  return bytes;
}

/* Else who has copied a credential would have a new one, and a chain to be checked, in each datagram,
 * and drive the true one out of what is remembered. */
static void
test_other_encoding (Fixture       *fixture,
                     gconstpointer  data)
{
  const guint8 *der = fixture->proof.credential.pb + HEAD_SIZE + 2;
  gsize length = fixture->proof.credential.cb - HEAD_SIZE - 2;
  const guint8 indefinite[] = { 0x30, 0x80 }, end[] = { 0, 0 };
  g_autoptr (GByteArray) same = begin_like (fixture), endless = begin_like (fixture), bytes = g_byte_array_new ();

  for (guint n = 1; n <= 16; n++)
    {
      g_autoptr (GByteArray) credential = begin_like (fixture);
      g_autoptr (GByteArray) longer = reencode (der, length, n);

      put_certificate (credential, longer->data, longer->len);
      assert_hr (accept_with (fixture, credential), DRT_E_INVALID_CERT_CHAIN);
    }
  g_byte_array_append (bytes, indefinite, sizeof indefinite);
  g_byte_array_append (bytes, der + 4, length - 4);
  g_byte_array_append (bytes, end, sizeof end);
  put_certificate (endless, bytes->data, bytes->len);
  assert_hr (accept_with (fixture, endless), DRT_E_INVALID_CERT_CHAIN);
  g_assert_cmpuint (member_count (&fixture->mesh.bob).signatures_checked, ==, 0);

  put_certificate (same, der, length);
  assert_hr (accept_with (fixture, same), S_OK);
}

/* --- What a member signs himself --- */

/* Alice, who is no authority, issues all the same: to a key with which a signature takes long. */
static void
test_slow_key (Fixture       *fixture,
               gconstpointer  data)
{
  Member *alice = &fixture->mesh.alice, *bob = &fixture->mesh.bob;
  g_autoptr (GByteArray) credential = begin_like (fixture);
  g_autoptr (EVP_PKEY) slow = EVP_PKEY_Q_keygen (NULL, NULL, "RSA", (size_t) 2048);
  g_autoptr (EVP_PKEY) key = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
  g_autoptr (X509) between = sign_certificate ("between", slow, x509_of (alice->certificate), key_of (alice->certificate));
  g_autoptr (X509) first = sign_certificate ("first", key, between, slow);

  put_x509 (credential, first);
  put_x509 (credential, between);
  put_x509 (credential, x509_of (alice->certificate));
  sign_agreement (credential, key);
  assert_hr (accept_with (fixture, credential), DRT_E_INVALID_CERT_CHAIN);
  /* The root's and Alice's. */
  g_assert_cmpuint (member_count (bob).signatures_checked, ==, 2);
}

static void
test_leaf_issues (Fixture       *fixture,
                  gconstpointer  data)
{
  Member *alice = &fixture->mesh.alice;
  g_autoptr (GByteArray) credential = begin_like (fixture);
  g_autoptr (EVP_PKEY) key = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
  g_autoptr (X509) first = sign_certificate ("first", key, x509_of (alice->certificate), key_of (alice->certificate));

  put_x509 (credential, first);
  put_x509 (credential, x509_of (alice->certificate));
  sign_agreement (credential, key);
  assert_hr (accept_with (fixture, credential), DRT_E_INVALID_CERT_CHAIN);
}

/* --- More than the chain --- */

/* What a chain is made of once more, or what it does not need, wherever it stands. */
static void
test_more_than_the_chain (Fixture       *fixture,
                          gconstpointer  data)
{
  X509 *alice = x509_of (fixture->mesh.alice.certificate), *bob = x509_of (fixture->mesh.bob.certificate);
  X509 *root = x509_of (fixture->mesh.root);
  X509 *const chains[][3] = {
    { alice, root }, { alice, alice }, { alice, bob }, { alice, root, root }, { alice, bob, root }, { bob, alice }, { root, alice }, { root }, { bob },
  };

  for (guint i = 0; i < G_N_ELEMENTS (chains); i++)
    {
      g_autoptr (GByteArray) credential = begin_like (fixture);

      for (guint j = 0; j < G_N_ELEMENTS (chains[i]) && chains[i][j] != NULL; j++)
        put_x509 (credential, chains[i][j]);
      g_assert_true (FAILED (accept_with (fixture, credential)));
    }
}

/* Two authorities that have signed one another, and each itself under the root's name. */
static void
test_loop (Fixture       *fixture,
           gconstpointer  data)
{
  PCCERT_CONTEXT one = testing_authority ("root", DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT two = testing_authority ("root", DRT_KEY_ALGORITHM_ED25519);
  g_autoptr (X509) one_by_two = sign_certificate ("root", key_of (one), x509_of (two), key_of (two));
  g_autoptr (X509) two_by_one = sign_certificate ("root", key_of (two), x509_of (one), key_of (one));
  PCCERT_CONTEXT member = testing_issue (one, "alice", DRT_KEY_ALGORITHM_ED25519, 0);
  g_autoptr (GByteArray) credential = begin_like (fixture);

  put_x509 (credential, x509_of (member));
  for (guint i = 0; i < 12; i++)
    put_x509 (credential, i % 2 == 0 ? one_by_two : two_by_one);
  sign_agreement (credential, key_of (member));
  assert_hr (accept_with (fixture, credential), DRT_E_INVALID_CERT_CHAIN);
  g_assert_cmpuint (member_count (&fixture->mesh.bob).signatures_checked, ==, 1);
  drt_certificate_unref (member);
  drt_certificate_unref (two);
  drt_certificate_unref (one);
}

/* An authority of the same name does not revoke what it has not issued. */
static void
test_other_revokes (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT other = testing_authority ("root", DRT_KEY_ALGORITHM_ED25519);
  X509_CRL *crl = X509_CRL_new ();
  X509_REVOKED *entry = X509_REVOKED_new ();
  g_autoptr (DrtRevokeList) list = NULL;
  guint8 *bytes = NULL;
  int length;

  X509_CRL_set_version (crl, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name (crl, X509_get_subject_name (x509_of (fixture->mesh.root)));
  X509_CRL_set1_lastUpdate (crl, X509_get0_notBefore (x509_of (other)));
  X509_CRL_set1_nextUpdate (crl, X509_get0_notAfter (x509_of (other)));
  X509_REVOKED_set_serialNumber (entry, X509_get_serialNumber (x509_of (fixture->mesh.alice.certificate)));
  X509_REVOKED_set_revocationDate (entry, (ASN1_TIME *) X509_get0_notBefore (x509_of (other)));
  g_assert_true (X509_CRL_add0_revoked (crl, entry) == 1);
  g_assert_cmpint (X509_CRL_sign (crl, key_of (other), NULL), >, 0);
  length = i2d_X509_CRL (crl, &bytes);
  list = drt_revoke_list_parse (bytes, length, &error);
  g_assert_no_error (error);
  g_assert_true (drt_revoke_list_contains (list, fixture->mesh.alice.certificate));

  drt_derived_key_provider_set_revoked (fixture->mesh.bob.provider, list);
  assert_hr (member_accept_proof (&fixture->mesh.bob, &fixture->proof), S_OK);
  OPENSSL_free (bytes);
  X509_CRL_free (crl);
  drt_certificate_unref (other);
}

/* --- Clocks --- */

/* A clock that was years ahead when it refused, and is right again. */
static void
test_clock_set_back (Fixture       *fixture,
                     gconstpointer  data)
{
  const double now = testing_get_time ();

  testing_set_time (now + 3 * 365 * DAY_SECONDS);
  g_assert_true (FAILED (member_accept_proof (&fixture->mesh.bob, &fixture->proof)));
  testing_set_time (now);
  assert_hr (member_accept_proof (&fixture->mesh.bob, &fixture->proof), S_OK);
}

/* --- Far ends --- */

#define END_OF_2049 2524607999.0       /* 2049-12-31 23:59:59: X.509 writes times of later in another way */
#define END_OF_9999 253402300799.0     /* the last second it can write */

/* Of @certificate, good until the end of 9999 and signed again; with its key. */
static PCCERT_CONTEXT
make_endless (PCCERT_CONTEXT certificate,
              EVP_PKEY      *issuer_key)
{
  g_autoptr (X509) x509 = X509_dup (x509_of (certificate));

  g_assert_true (ASN1_TIME_set_string_X509 (X509_getm_notAfter (x509), "99991231235959Z") == 1);
  g_assert_cmpint (X509_sign (x509, issuer_key, NULL), >, 0);
  return drt_certificate_new (x509, key_of (certificate), NULL);
}

static void
check_end (PCCERT_CONTEXT root,
           PCCERT_CONTEXT certificate,
           double         end)
{
  Member alice, bob;
  Proof proof;

  testing_set_time (end);
  member_open (&alice, root, drt_certificate_ref (certificate), DRT_SECURE_MEMBERSHIP);
  member_open (&bob, root, drt_certificate_ref (certificate), DRT_SECURE_MEMBERSHIP);
  g_assert_cmpint (drt_security_provider_get_expiry (alice.provider, NULL), ==, (gint64) end);
  assert_hr (member_prove (&alice, &proof), S_OK);
  assert_hr (member_accept_proof (&bob, &proof), S_OK);
  assert_hr (member_accept_proof (&bob, &proof), S_OK);
  testing_set_time (end + 1);
  assert_hr (member_accept_proof (&bob, &proof), DRT_E_INVALID_CERT_CHAIN);
  proof_clear (&proof);
  assert_hr (member_prove (&alice, &proof), DRT_E_INVALID_CERT_CHAIN);
  member_close (&bob);
  member_close (&alice);
}

static void
test_far_ends (Fixture       *fixture,
               gconstpointer  data)
{
  PCCERT_CONTEXT root, member, endless_root, endless;

  testing_set_time (END_OF_2049 - DAY_SECONDS);
  root = testing_authority ("root", DRT_KEY_ALGORITHM_ED25519);
  for (guint over = 0; over < 2; over++)
    {
      testing_set_time (END_OF_2049 - DAY_SECONDS + over);
      member = testing_issue (root, "alice", DRT_KEY_ALGORITHM_ED25519, 1);
      check_end (root, member, END_OF_2049 + over);
      drt_certificate_unref (member);
    }
  member = testing_issue (root, "alice", DRT_KEY_ALGORITHM_ED25519, 1);
  endless_root = make_endless (root, key_of (root));
  endless = make_endless (member, key_of (root));
  check_end (endless_root, endless, END_OF_9999);
  drt_certificate_unref (endless);
  drt_certificate_unref (endless_root);
  drt_certificate_unref (member);
  drt_certificate_unref (root);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add ("/credentials/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("other-encoding", test_other_encoding);
  ADD ("slow-key", test_slow_key);
  ADD ("leaf-issues", test_leaf_issues);
  ADD ("more-than-the-chain", test_more_than_the_chain);
  ADD ("loop", test_loop);
  ADD ("other-revokes", test_other_revokes);
  ADD ("clock-set-back", test_clock_set_back);
  ADD ("far-ends", test_far_ends);
#undef ADD
  return g_test_run ();
}
