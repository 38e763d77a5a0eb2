/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-endpoint.h"
#include "drt.h"
#include "fuzz.h"

#include <string.h>

/* A CPA as the null provider unpacks it: what it says, packed again, is the same
 * bytes.  The first byte says which of the optional parts come with it. */

#define WITH_NONCE   0x01
#define WITH_PAYLOAD 0x02
#define NO_ADDRESSES 0x04
#define NONCE_SIZE   16

static DRT_SECURITY_PROVIDER *provider;

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  fuzz_check (DrtCreateNullSecurityProvider (&provider) == S_OK);
  return 0;
}

static void
pack_again (const DRT_DATA      *cpa,
            BYTE                 major,
            BYTE                 minor,
            DWORD                flags,
            const DRT_DATA      *key,
            SOCKET_ADDRESS_LIST *addresses)
{
  /* Where it lies: after flags, versions and the key with its length. */
  gsize n_nonce = (gsize) cpa->pb[39] << 8 | cpa->pb[40];
  DRT_DATA nonce = { n_nonce, cpa->pb + 41 };
  DRT_DATA again, classifier, secured, chain;

  fuzz_check (provider->SecureAndPackPayload (provider->pvContext, NULL, major, minor, flags, key, NULL, addresses,
                                              n_nonce > 0 ? &nonce : NULL, &again, &classifier, &secured,
                                              &chain) == S_OK);
  fuzz_check (again.cb == cpa->cb && memcmp (again.pb, cpa->pb, cpa->cb) == 0);
  provider->FreeData (provider->pvContext, again.pb);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  guint8 with = fuzz_u8 (&input);
  gsize n_nonce = 0, n_payload = 0, n_cpa;
  g_autofree guint8 *nonce_bytes = with & WITH_NONCE ? fuzz_dup (&input, NONCE_SIZE, &n_nonce) : NULL;
  g_autofree guint8 *payload_bytes = with & WITH_PAYLOAD ? fuzz_dup (&input, fuzz_u8 (&input), &n_payload) : NULL;
  g_autofree guint8 *cpa_bytes = fuzz_dup (&input, G_MAXUINT16, &n_cpa);
  DRT_DATA cpa = { n_cpa, cpa_bytes }, nonce = { n_nonce, nonce_bytes }, secured = { n_payload, payload_bytes };
  DRT_DATA key, payload = { 0 };
  CERT_PUBLIC_KEY_INFO *public_key;
  SOCKET_ADDRESS_LIST *addresses = NULL;
  BYTE major, minor;
  DWORD flags;

  if (FAILED (provider->ValidateAndUnpackPayload (provider->pvContext, &cpa, NULL, NULL, with & WITH_NONCE ? &nonce : NULL,
                                                  with & WITH_PAYLOAD ? &secured : NULL, &major, &minor, &key,
                                                  with & WITH_PAYLOAD ? &payload : NULL, &public_key,
                                                  with & NO_ADDRESSES ? NULL : &addresses, &flags)))
    {
      fuzz_check (key.pb == NULL && payload.pb == NULL && addresses == NULL);
      return 0;
    }

  fuzz_check (key.cb == 32 && public_key == NULL && payload.cb == n_payload);
  fuzz_check (n_payload == 0 || memcmp (payload.pb, payload_bytes, n_payload) == 0);
  for (int i = 0; addresses != NULL && i < addresses->iAddressCount; i++)
    {
      DrtEndpoint endpoint;

      fuzz_check (drt_endpoint_from_sockaddr (&endpoint, addresses->Address[i].lpSockaddr,
                                              addresses->Address[i].iSockaddrLength));
    }
  if (addresses != NULL)
    pack_again (&cpa, major, minor, flags, &key, addresses);
  provider->FreeData (provider->pvContext, key.pb);
  provider->FreeData (provider->pvContext, payload.pb);
  provider->FreeData (provider->pvContext, addresses);
  return 0;
}
