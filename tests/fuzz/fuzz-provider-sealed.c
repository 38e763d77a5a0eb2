/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz.h"
#include "provider-world.h"

#include <string.h>

/* A keytoken and sealed buffers as the derived key provider opens them: whatever they
 * are, they get no longer, and what does not open is left as it was. */

#define MAX_BUFFERS 4

static ProviderWorld worlds[2];

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  provider_world_open_2 (&worlds[1]);
  provider_world_open_1 (&worlds[0]);
  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes,
                        gsize         length)
{
  FuzzInput input = { bytes, length };
  const DRT_SECURITY_PROVIDER *provider = worlds[fuzz_flip (&input)].provider;
  guint n = fuzz_below (&input, MAX_BUFFERS + 1);
  gsize n_token;
  g_autofree guint8 *token_bytes = fuzz_dup (&input, fuzz_u16 (&input), &n_token);
  DRT_DATA token = { n_token, token_bytes }, buffers[MAX_BUFFERS], before[MAX_BUFFERS];
  HRESULT hr;

  for (guint i = 0; i < n; i++)
    {
      gsize size;

      buffers[i].pb = fuzz_dup (&input, fuzz_u16 (&input), &size);
      buffers[i].cb = size;
      before[i] = (DRT_DATA) { size, g_memdup2 (buffers[i].pb, size) };
    }
  hr = provider->DecryptData (provider->pvContext, &token, NULL, n, buffers);
  for (guint i = 0; i < n; i++)
    {
      fuzz_check (buffers[i].cb <= before[i].cb);
      fuzz_check (SUCCEEDED (hr) || buffers[i].cb == before[i].cb);
      fuzz_check (SUCCEEDED (hr) || before[i].cb == 0 || memcmp (buffers[i].pb, before[i].pb, before[i].cb) == 0);
      g_free (buffers[i].pb);
      g_free (before[i].pb);
    }
  return 0;
}
