/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "profile-2-vectors.h"
#include "provider-world.h"
#include "security-testing.h"

#include <string.h>

#include "fuzz.h"

void
provider_world_open_2 (ProviderWorld *world)
{
  DRT_DATA der = testing_from_hex (ROOT_CERTIFICATE), pem = testing_from_hex (ED25519_PEM);
  DRT_DATA agreement = testing_from_hex (ED25519_AGREEMENT_PRIVATE), peer = testing_from_hex (PEER_CREDENTIAL);
  PCCERT_CONTEXT root;
  Member member;

  testing_set_time (NOW / 1000.0);
  root = drt_certificate_parse (der.pb, der.cb, NULL, NULL);
  fuzz_check (root != NULL);
  member_open_known (&member, root, &pem, DRT_SECURE_CONFIDENTIALPAYLOAD, agreement.pb, MADE);
  world->provider = member.provider;
  memcpy (world->key, member.key.b, sizeof world->key);
  fuzz_check (world->provider->GetSerializedCredential (world->provider->pvContext, &world->credential) == S_OK);
  /* Who sealed the vectors. */
  fuzz_check (world->provider->ValidateRemoteCredential (world->provider->pvContext, &peer) == S_OK);
  drt_certificate_unref (member.certificate);
  drt_certificate_unref (root);
  testing_clear (&peer);
  testing_clear (&agreement);
  testing_clear (&pem);
  testing_clear (&der);
}
