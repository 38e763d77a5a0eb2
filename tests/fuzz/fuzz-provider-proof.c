/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz.h"
#include "provider-world.h"

/* A credential, a key identifier and a signature as the derived key provider takes
 * them, and what it seals for whoever has that credential.  Signed are the two texts of
 * the vectors. */

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
seal (const DRT_SECURITY_PROVIDER *provider,
      const DRT_DATA              *credential,
      gboolean                     is_good)
{
  BYTE text[] = "a route entry";
  DRT_DATA clear[] = { { sizeof text, text }, { 0, NULL } }, sealed[2], token;

  if (FAILED (provider->EncryptData (provider->pvContext, credential, 2, clear, sealed, &token)))
    {
      fuzz_check (!is_good && sealed[0].pb == NULL && sealed[1].pb == NULL && token.pb == NULL);
      return;
    }
  fuzz_check (is_good && sealed[0].cb >= sizeof text && token.cb > 0);
  provider->FreeData (provider->pvContext, sealed[0].pb);
  provider->FreeData (provider->pvContext, sealed[1].pb);
  provider->FreeData (provider->pvContext, token.pb);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  gboolean is_2 = fuzz_flip (&input);
  const DRT_SECURITY_PROVIDER *provider = worlds[is_2].provider;
  BYTE first[] = "what the specification signs", second[] = "\002the binding";
  DRT_DATA buffers[] = { { sizeof first - 1, first }, { sizeof second - 1, second } };
  gsize n_credential, n_identifier, n_signature;
  g_autofree guint8 *credential_bytes = fuzz_dup (&input, fuzz_u16 (&input), &n_credential);
  g_autofree guint8 *identifier_bytes = fuzz_dup (&input, fuzz_u16 (&input), &n_identifier);
  g_autofree guint8 *signature_bytes = fuzz_dup (&input, G_MAXUINT16, &n_signature);
  DRT_DATA credential = { n_credential, credential_bytes }, identifier = { n_identifier, identifier_bytes };
  DRT_DATA signature = { n_signature, signature_bytes };
  HRESULT member = provider->ValidateRemoteCredential (provider->pvContext, &credential);
  HRESULT hr = provider->VerifyData (provider->pvContext, 2, buffers, &credential, &identifier, &signature);

  fuzz_check (SUCCEEDED (member) || FAILED (hr));
  /* Asked again, the answer is the same. */
  fuzz_check (provider->ValidateRemoteCredential (provider->pvContext, &credential) == member);
  seal (provider, &credential, SUCCEEDED (member));
  return 0;
}
