/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "security-testing.h"

#include <arpa/inet.h>
#include <string.h>

#include "drt-clock.h"
#include "drt-endpoint.h"
#include "drt-profile-2.h"

const BYTE testing_nonce[DRT_NONCE_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

static const char *const signed_texts[] = { "what the specification signs", "the binding" };
static const char *const sealed_texts[] = { "a route entry", "a longer text that takes more than one block of the cipher" };

static gint64 now;

static gint64
get_now (gpointer data)
{
  return now;
}

void
testing_set_time (double seconds)
{
  now = (gint64) (seconds * G_USEC_PER_SEC);
  drt_clock_set (get_now, NULL);
}

double
testing_get_time (void)
{
  return (double) now / G_USEC_PER_SEC;
}

/* The system's again. */
void
testing_unset_time (void)
{
  drt_clock_set (NULL, NULL);
}

void
assert_hr_at (const char *where,
              const char *what,
              HRESULT     actual,
              HRESULT     expected)
{
  if (actual != expected)
    g_error ("%s: %s is %s, not %s", where, what, drt_hresult_to_name (actual), drt_hresult_to_name (expected));
}

/* --- Certificates --- */

PCCERT_CONTEXT
testing_authority (const char      *name,
                   DrtKeyAlgorithm  algorithm)
{
  g_autoptr (GError) error = NULL;
  const DrtCertificateRequest request = { .name = name, .algorithm = algorithm, .authority = TRUE };
  PCCERT_CONTEXT certificate = drt_certificate_new_authority (&request, &error);

  g_assert_no_error (error);
  return certificate;
}

PCCERT_CONTEXT
testing_issue (PCCERT_CONTEXT   authority,
               const char      *name,
               DrtKeyAlgorithm  algorithm,
               guint            days)
{
  g_autoptr (GError) error = NULL;
  const DrtCertificateRequest request = { .name = name, .algorithm = algorithm, .days = days };
  PCCERT_CONTEXT certificate = drt_certificate_issue (authority, &request, &error);

  g_assert_no_error (error);
  return certificate;
}

/* --- Members --- */

static DRT_DATA
data_of (gconstpointer bytes,
         gsize         length)
{
  return (DRT_DATA) { length, (BYTE *) bytes };
}

/* Takes the reference to @certificate. */
void
member_open (Member            *member,
             PCCERT_CONTEXT     root,
             PCCERT_CONTEXT     certificate,
             DRT_SECURITY_MODE  mode)
{
  BYTE payload[] = { 1 };
  DRT_DATA key = { sizeof member->key.b, member->key.b };
  DRT_REGISTRATION registration = { key, { sizeof payload, payload } };

  member->certificate = certificate;
  assert_hr (DrtCreateDerivedKey (certificate, &key), S_OK);
  assert_hr (DrtCreateDerivedKeySecurityProvider (root, certificate, &member->provider), S_OK);
  assert_hr (member->provider->Attach (member->provider->pvContext), S_OK);
  assert_hr (drt_security_provider_set_mode (member->provider, mode), S_OK);
  assert_hr (member->provider->RegisterKey (member->provider->pvContext, &registration, (PVOID) certificate), S_OK);
}

void
member_open_known (Member            *member,
                   PCCERT_CONTEXT     root,
                   const DRT_DATA    *pem,
                   DRT_SECURITY_MODE  mode,
                   const guint8      *agreement_key,
                   gint64             made)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_parse (pem->pb, pem->cb, NULL, &error);

  g_assert_no_error (error);
  member_open (member, root, certificate, mode);
  drt_profile_2_set_agreement (member->provider->pvContext, agreement_key, made);
}

void
member_close (Member *member)
{
  DRT_DATA key = { sizeof member->key.b, member->key.b };

  assert_hr (member->provider->UnregisterKey (member->provider->pvContext, &key, (PVOID) member->certificate), S_OK);
  member->provider->Detach (member->provider->pvContext);
  DrtDeleteDerivedKeySecurityProvider (member->provider);
  drt_certificate_unref (member->certificate);
}

void
mesh_open (Mesh              *mesh,
           DrtKeyAlgorithm    algorithm,
           DRT_SECURITY_MODE  mode)
{
  testing_set_time (g_get_real_time () / G_USEC_PER_SEC);
  mesh->algorithm = algorithm;
  mesh->root = testing_authority ("the mesh", algorithm);
  member_open (&mesh->alice, mesh->root, testing_issue (mesh->root, "alice", algorithm, 100), mode);
  member_open (&mesh->bob, mesh->root, testing_issue (mesh->root, "bob", algorithm, 100), mode);
}

void
mesh_close (Mesh *mesh)
{
  member_close (&mesh->bob);
  member_close (&mesh->alice);
  drt_certificate_unref (mesh->root);
  testing_unset_time ();
}

DrtSecurityCounters
member_count (Member *member)
{
  DrtSecurityCounters counters;

  drt_derived_key_provider_get_counters (member->provider, &counters);
  return counters;
}

DRT_DATA
testing_from_hex (const char *hex)
{
  gsize length = strlen (hex) / 2;
  DRT_DATA data = { length, g_malloc (MAX (length, 1)) };

  for (gsize i = 0; i < length; i++)
    data.pb[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]);
  return data;
}

void
testing_clear (DRT_DATA *data)
{
  g_free (data->pb);
  *data = (DRT_DATA) { 0 };
}

/* --- Proofs --- */

static void
put_signed (DRT_DATA data[2])
{
  for (guint i = 0; i < G_N_ELEMENTS (signed_texts); i++)
    data[i] = data_of (signed_texts[i], strlen (signed_texts[i]));
}

HRESULT
member_prove (Member *member,
              Proof  *proof)
{
  const DRT_SECURITY_PROVIDER *table = member->provider;
  DRT_DATA what[2];
  HRESULT hr;

  memset (proof, 0, sizeof *proof);
  put_signed (what);
  hr = table->GetSerializedCredential (table->pvContext, &proof->credential);
  return FAILED (hr) ? hr : table->SignData (table->pvContext, 2, what, &proof->identifier, &proof->signature);
}

void
proof_clear (Proof *proof)
{
  testing_clear (&proof->credential);
  testing_clear (&proof->identifier);
  testing_clear (&proof->signature);
}

HRESULT
member_accept_proof (Member      *member,
                     const Proof *proof)
{
  const DRT_SECURITY_PROVIDER *table = member->provider;
  Proof copy = *proof;
  DRT_DATA what[2];
  HRESULT hr;

  put_signed (what);
  hr = table->ValidateRemoteCredential (table->pvContext, &copy.credential);
  return FAILED (hr) ? hr : table->VerifyData (table->pvContext, 2, what, &copy.credential, &copy.identifier, &copy.signature);
}

/* --- CPAs --- */

HRESULT
member_certify (Member     *member,
                DWORD       flags,
                const char *payload,
                Certified  *certified)
{
  const DRT_SECURITY_PROVIDER *table = member->provider;
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons (4000) };
  SOCKET_ADDRESS_LIST list = { 1, { { (struct sockaddr *) &address, sizeof address } } };
  DRT_DATA key = data_of (member->key.b, sizeof member->key.b);
  DRT_DATA nonce = data_of (testing_nonce, sizeof testing_nonce);
  DRT_DATA clear = data_of (payload, payload != NULL ? strlen (payload) : 0);

  inet_pton (AF_INET6, "2001:db8::1", &address.sin6_addr);
  return table->SecureAndPackPayload (table->pvContext, (PVOID) member->certificate, 3, 4, flags, &key,
                                      payload != NULL ? &clear : NULL, &list, &nonce,
                                      &certified->cpa, &certified->classifier, &certified->payload, &certified->chain);
}

void
certified_clear (Certified *certified)
{
  testing_clear (&certified->cpa);
  testing_clear (&certified->classifier);
  testing_clear (&certified->payload);
  testing_clear (&certified->chain);
}

static void
assert_nothing (const DRT_DATA             *key,
                const DRT_DATA             *payload,
                const CERT_PUBLIC_KEY_INFO *info,
                const SOCKET_ADDRESS_LIST  *list)
{
  g_assert_null (key->pb);
  g_assert_null (payload->pb);
  g_assert_null (info);
  g_assert_null (list);
}

HRESULT
member_accept_certified (Member          *member,
                         const Certified *certified,
                         const BYTE      *nonce)
{
  const DRT_SECURITY_PROVIDER *table = member->provider;
  Certified copy = *certified;
  DRT_DATA nonce_data = data_of (nonce, DRT_NONCE_SIZE), key, payload;
  CERT_PUBLIC_KEY_INFO *info;
  SOCKET_ADDRESS_LIST *list;
  DrtEndpoint endpoint;
  BYTE major, minor;
  DWORD flags;
  HRESULT hr;

  hr = table->ValidateAndUnpackPayload (table->pvContext, &copy.cpa, copy.chain.pb != NULL ? &copy.chain : NULL, NULL,
                                        nonce != NULL ? &nonce_data : NULL, copy.payload.pb != NULL ? &copy.payload : NULL,
                                        &major, &minor, &key, &payload, &info, &list, &flags);
  if (FAILED (hr))
    {
      assert_nothing (&key, &payload, info, list);
      return hr;
    }
  g_assert_cmpuint (major, ==, 3);
  g_assert_cmpuint (minor, ==, 4);
  g_assert_cmpuint (flags, <=, DRT_PAYLOAD_REVOKED);
  g_assert_cmpmem (payload.pb, payload.cb, copy.payload.pb, copy.payload.cb);
  g_assert_cmpint (list->iAddressCount, ==, 1);
  g_assert_true (drt_endpoint_from_sockaddr (&endpoint, list->Address[0].lpSockaddr, list->Address[0].iSockaddrLength));
  g_assert_cmpuint (endpoint.port, ==, 4000);
  g_assert_cmpuint (info->PublicKey.cbData, >, 0);
  g_assert_cmpuint (strlen (info->Algorithm.pszObjId), >, 0);
  table->FreeData (table->pvContext, key.pb);
  table->FreeData (table->pvContext, payload.pb);
  table->FreeData (table->pvContext, info);
  table->FreeData (table->pvContext, list);
  return hr;
}

/* --- Sealed buffers --- */

HRESULT
member_seal (Member         *member,
             const DRT_DATA *credential,
             Sealed         *sealed)
{
  const DRT_SECURITY_PROVIDER *table = member->provider;
  DRT_DATA clear[2];

  for (guint i = 0; i < G_N_ELEMENTS (clear); i++)
    clear[i] = data_of (sealed_texts[i], strlen (sealed_texts[i]));
  return table->EncryptData (table->pvContext, credential, 2, clear, sealed->buffers, &sealed->token);
}

void
sealed_clear (Sealed *sealed)
{
  testing_clear (&sealed->token);
  testing_clear (&sealed->buffers[0]);
  testing_clear (&sealed->buffers[1]);
}

HRESULT
member_unseal (Member       *member,
               const Sealed *sealed)
{
  const DRT_SECURITY_PROVIDER *table = member->provider;
  DRT_DATA token = sealed->token, copies[2];
  HRESULT hr;

  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    copies[i] = data_of (g_memdup2 (sealed->buffers[i].pb, sealed->buffers[i].cb), sealed->buffers[i].cb);
  hr = table->DecryptData (table->pvContext, &token, (PVOID) member->certificate, 2, copies);
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      if (SUCCEEDED (hr))
        g_assert_cmpmem (copies[i].pb, copies[i].cb, sealed_texts[i], strlen (sealed_texts[i]));
      else
        g_assert_cmpmem (copies[i].pb, copies[i].cb, sealed->buffers[i].pb, sealed->buffers[i].cb);
      testing_clear (&copies[i]);
    }
  return hr;
}
