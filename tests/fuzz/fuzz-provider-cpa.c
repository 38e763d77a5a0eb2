/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-endpoint.h"
#include "fuzz.h"
#include "provider-world.h"

#include <string.h>

/* CPAs as the derived key provider unpacks them.  The first byte says of which profile
 * and what comes with it. */

#define PROFILE_2       0x01
#define WITH_NONCE      0x02
#define WITH_PAYLOAD    0x04
#define WITH_CREDENTIAL 0x08
#define NO_ADDRESSES    0x10
#define NONCE_SIZE      16

static ProviderWorld worlds[2];

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  provider_world_open_2 (&worlds[1]);
  provider_world_open_1 (&worlds[0]);
  return 0;
}

static void
check_addresses (const SOCKET_ADDRESS_LIST *addresses)
{
  fuzz_check (addresses->iAddressCount >= 0 && addresses->iAddressCount <= DRT_MAX_ROUTING_ADDRESSES);
  for (int i = 0; i < addresses->iAddressCount; i++)
    {
      DrtEndpoint endpoint;

      fuzz_check (drt_endpoint_from_sockaddr (&endpoint, addresses->Address[i].lpSockaddr,
                                              addresses->Address[i].iSockaddrLength));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  guint8 with = fuzz_u8 (&input);
  ProviderWorld *world = &worlds[with & PROFILE_2 ? 1 : 0];
  const DRT_SECURITY_PROVIDER *provider = world->provider;
  gsize n_nonce = 0, n_payload = 0, n_cpa;
  g_autofree guint8 *nonce_bytes = with & WITH_NONCE ? fuzz_dup (&input, NONCE_SIZE, &n_nonce) : NULL;
  g_autofree guint8 *payload_bytes = with & WITH_PAYLOAD ? fuzz_dup (&input, fuzz_u16 (&input), &n_payload) : NULL;
  g_autofree guint8 *cpa_bytes = fuzz_dup (&input, G_MAXUINT16, &n_cpa);
  DRT_DATA cpa = { n_cpa, cpa_bytes }, nonce = { n_nonce, nonce_bytes }, secured = { n_payload, payload_bytes };
  DRT_DATA key, payload;
  CERT_PUBLIC_KEY_INFO *public_key;
  SOCKET_ADDRESS_LIST *addresses = NULL;
  BYTE major, minor;
  DWORD flags;

  if (FAILED (provider->ValidateAndUnpackPayload (provider->pvContext, &cpa, with & WITH_CREDENTIAL ? &world->credential : NULL,
                                                  NULL, with & WITH_NONCE ? &nonce : NULL, with & WITH_PAYLOAD ? &secured : NULL,
                                                  &major, &minor, &key, &payload, &public_key,
                                                  with & NO_ADDRESSES ? NULL : &addresses, &flags)))
    {
      fuzz_check (key.pb == NULL && payload.pb == NULL && public_key == NULL && addresses == NULL);
      return 0;
    }

  fuzz_check (key.cb == 32 && public_key != NULL && flags <= DRT_PAYLOAD_REVOKED && payload.cb == n_payload);
  fuzz_check (n_payload == 0 || memcmp (payload.pb, payload_bytes, n_payload) == 0);
  fuzz_check (memcmp (key.pb, world->key, sizeof world->key) == 0 || (flags & DRT_PAYLOAD_REVOKED) != 0 || !(with & PROFILE_2));
  if (addresses != NULL)
    check_addresses (addresses);
  provider->FreeData (provider->pvContext, key.pb);
  provider->FreeData (provider->pvContext, payload.pb);
  provider->FreeData (provider->pvContext, public_key);
  provider->FreeData (provider->pvContext, addresses);
  return 0;
}
