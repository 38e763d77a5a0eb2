/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "spy.h"

#include <arpa/inet.h>
#include <string.h>

/* The null security provider, through its table. */

typedef struct
{
  DRT_SECURITY_PROVIDER *table;
  BYTE key[32];
  BYTE nonce[16];
  SOCKADDR_IN6 addresses[2];
  SOCKET_ADDRESS_LIST *list;
  DRT_DATA cpa;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  assert_hr (DrtCreateNullSecurityProvider (&fixture->table), S_OK);
  for (guint i = 0; i < 32; i++)
    fixture->key[i] = i;
  memset (fixture->nonce, 0x5a, 16);
  fixture->list = g_malloc0 (SIZEOF_SOCKET_ADDRESS_LIST (2));
  fixture->list->iAddressCount = 2;
  for (guint i = 0; i < 2; i++)
    {
      fixture->addresses[i] = (SOCKADDR_IN6) { .sin6_family = AF_INET6, .sin6_port = g_htons (4000 + i) };
      inet_pton (AF_INET6, i == 0 ? "2001:db8::1" : "fd00::2", &fixture->addresses[i].sin6_addr);
      fixture->list->Address[i] = (SOCKET_ADDRESS) { (SOCKADDR *) &fixture->addresses[i], sizeof (SOCKADDR_IN6) };
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  fixture->table->FreeData (fixture->table->pvContext, fixture->cpa.pb);
  DrtDeleteNullSecurityProvider (fixture->table);
  g_free (fixture->list);
}

static HRESULT
pack (Fixture  *fixture,
      DWORD     flags,
      DRT_DATA *payload,
      DRT_DATA *secured)
{
  DRT_DATA key = { 32, fixture->key }, nonce = { 16, fixture->nonce }, classifier, chain;

  fixture->table->FreeData (fixture->table->pvContext, fixture->cpa.pb);
  return fixture->table->SecureAndPackPayload (fixture->table->pvContext, NULL, 6, 0x65, flags, &key, payload,
                                               fixture->list, &nonce, &fixture->cpa, &classifier, secured, &chain);
}

static HRESULT
unpack (Fixture             *fixture,
        DRT_DATA            *cpa,
        DRT_DATA            *nonce,
        DRT_DATA            *secured,
        DRT_DATA            *key,
        DRT_DATA            *payload,
        SOCKET_ADDRESS_LIST **list,
        DWORD               *flags)
{
  CERT_PUBLIC_KEY_INFO *public_key;
  BYTE major = 0, minor = 0;
  HRESULT hr = fixture->table->ValidateAndUnpackPayload (fixture->table->pvContext, cpa, NULL, NULL, nonce, secured,
                                                         &major, &minor, key, payload, &public_key, list, flags);

  if (SUCCEEDED (hr))
    {
      g_assert_cmpuint (major, ==, 6);
      g_assert_cmpuint (minor, ==, 0x65);
    }
  g_assert_null (public_key);
  return hr;
}

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  BYTE bytes[] = "payload";
  DRT_DATA payload = { sizeof bytes, bytes }, secured, key, unpacked, nonce = { 16, fixture->nonce };
  SOCKET_ADDRESS_LIST *list;
  DWORD flags;
  const DRT_SECURITY_PROVIDER *table = fixture->table;

  assert_hr (pack (fixture, DRT_PAYLOAD_REVOKED, &payload, &secured), S_OK);
  assert_hr (unpack (fixture, &fixture->cpa, &nonce, &secured, &key, &unpacked, &list, &flags), S_OK);
  g_assert_cmpuint (flags, ==, DRT_PAYLOAD_REVOKED);
  g_assert_cmpmem (key.pb, key.cb, fixture->key, 32);
  g_assert_cmpmem (unpacked.pb, unpacked.cb, bytes, sizeof bytes);
  g_assert_cmpint (list->iAddressCount, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const SOCKADDR_IN6 *address = (const SOCKADDR_IN6 *) list->Address[i].lpSockaddr;

      g_assert_cmpint (address->sin6_port, ==, fixture->addresses[i].sin6_port);
      g_assert_cmpmem (&address->sin6_addr, 16, &fixture->addresses[i].sin6_addr, 16);
    }
  table->FreeData (table->pvContext, key.pb);
  table->FreeData (table->pvContext, unpacked.pb);
  table->FreeData (table->pvContext, list);
  table->FreeData (table->pvContext, secured.pb);
  table->FreeData (table->pvContext, NULL);
}

/* By hand, as the file that defines it says. */
static void
test_bytes (Fixture       *fixture,
            gconstpointer  data)
{
  GByteArray *expected = g_byte_array_new ();
  const guint8 head[] = { 0, 6, 0x65, 0, 1, 0, 32 };
  const guint8 tail[] = {
    2, 0x0f, 0xa0, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    0x0f, 0xa1, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
  };

  g_byte_array_append (expected, head, sizeof head);
  g_byte_array_append (expected, fixture->key, 32);
  g_byte_array_append (expected, (const guint8 *) "\0\x10", 2);
  g_byte_array_append (expected, fixture->nonce, 16);
  g_byte_array_append (expected, tail, sizeof tail);
  assert_hr (pack (fixture, 0, NULL, NULL), S_OK);
  g_assert_cmpmem (fixture->cpa.pb, fixture->cpa.cb, expected->data, expected->len);
  g_byte_array_unref (expected);
}

static void
assert_refused (Fixture  *fixture,
                DRT_DATA *cpa,
                DRT_DATA *nonce)
{
  DRT_DATA key = { 1, fixture->key };
  SOCKET_ADDRESS_LIST *list;
  DWORD flags;

  assert_hr (unpack (fixture, cpa, nonce, NULL, &key, NULL, &list, &flags), DRT_E_INVALID_MESSAGE);
  g_assert_null (key.pb);
  g_assert_null (list);
}

/* Cut at every length, one byte too long, and with every byte that matters changed. */
static void
test_malformed (Fixture       *fixture,
                gconstpointer  data)
{
  DRT_DATA nonce = { 16, fixture->nonce };
  g_autofree guint8 *bytes = NULL;
  DRT_DATA cpa;

  assert_hr (pack (fixture, 0, NULL, NULL), S_OK);
  for (gsize length = 0; length < fixture->cpa.cb; length++)
    {
      g_autofree guint8 *cut = g_memdup2 (fixture->cpa.pb, MAX (length, 1));

      cpa = (DRT_DATA) { length, cut };
      assert_refused (fixture, &cpa, &nonce);
    }
  bytes = g_malloc0 (fixture->cpa.cb + 1);
  memcpy (bytes, fixture->cpa.pb, fixture->cpa.cb);
  cpa = (DRT_DATA) { fixture->cpa.cb + 1, bytes };
  assert_refused (fixture, &cpa, &nonce);

  cpa.cb = fixture->cpa.cb;
  for (gsize i = 0; i < cpa.cb; i++)
    {
      gboolean matters = i == 0 || (i >= 3 && i < 7) || (i >= 39 && i < 58);

      if (!matters)
        continue;
      bytes[i] ^= 0x80;
      assert_refused (fixture, &cpa, &nonce);
      bytes[i] ^= 0x80;
    }

  fixture->nonce[15] ^= 1;
  assert_refused (fixture, &fixture->cpa, &nonce);
  nonce.cb = 15;
  assert_refused (fixture, &fixture->cpa, &nonce);
}

static void
test_membership (Fixture       *fixture,
                 gconstpointer  data)
{
  const DRT_SECURITY_PROVIDER *table = fixture->table;
  BYTE bytes[] = { 1, 2, 3 };
  DRT_DATA clear[2] = { { 3, bytes }, { 0, NULL } }, sealed[2], token, credential = { 9, bytes }, identifier, signature;
  DRT_REGISTRATION registration = { { 32, fixture->key }, { 3, bytes } };

  assert_hr (table->RegisterKey (table->pvContext, &registration, NULL), DRT_E_SECURITYPROVIDER_NOT_ATTACHED);
  assert_hr (table->Attach (table->pvContext), S_OK);
  assert_hr (table->Attach (table->pvContext), DRT_E_SECURITYPROVIDER_IN_USE);
  assert_hr (table->RegisterKey (table->pvContext, &registration, NULL), S_OK);
  table->Detach (table->pvContext);

  assert_hr (table->GetSerializedCredential (table->pvContext, &credential), S_OK);
  g_assert_cmpuint (credential.cb, ==, 0);
  assert_hr (table->ValidateRemoteCredential (table->pvContext, &credential), S_OK);
  assert_hr (table->SignData (table->pvContext, 2, clear, &identifier, &signature), S_OK);
  assert_hr (table->VerifyData (table->pvContext, 2, clear, &credential, &identifier, &signature), S_OK);
  assert_hr (table->VerifyData (table->pvContext, 2, clear, &credential, &identifier, &clear[0]), DRT_E_INVALID_MESSAGE);

  assert_hr (table->EncryptData (table->pvContext, &credential, 2, clear, sealed, &token), S_OK);
  g_assert_true (sealed[0].pb != bytes);
  assert_hr (table->DecryptData (table->pvContext, &token, NULL, 2, sealed), S_OK);
  g_assert_cmpmem (sealed[0].pb, sealed[0].cb, bytes, 3);
  g_assert_cmpuint (sealed[1].cb, ==, 0);
  table->FreeData (table->pvContext, sealed[0].pb);
  table->FreeData (table->pvContext, sealed[1].pb);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/null-provider/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/null-provider/bytes", Fixture, NULL, set_up, test_bytes, tear_down);
  g_test_add ("/null-provider/malformed", Fixture, NULL, set_up, test_malformed, tear_down);
  g_test_add ("/null-provider/membership", Fixture, NULL, set_up, test_membership, tear_down);
  return g_test_run ();
}
