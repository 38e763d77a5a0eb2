/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-bench-units.h"

#include <time.h>

#define N_REPEATS   1       /* each round: a loop would be faster than a node is, whose caches are full of other things */
#define SIGNED_SIZE 256      /* bytes, about what a LOOKUP has */
#define SEALED_SIZE 256      /* bytes of a buffer, about what a CPA has */
#define N_BUFFERS   2        /* CPA and payload, or path and route entry */

struct _CliBenchUnits
{
  const CliBenchProvider *kind;
  DRT_SECURITY_PROVIDER *own;
  DRT_SECURITY_PROVIDER *other;
  guint8 bytes[MAX (SIGNED_SIZE, SEALED_SIZE)];
  DRT_DATA signed_data;
  DRT_DATA clear[N_BUFFERS];
  DRT_DATA credential;               /* of own */
  DRT_DATA other_credential;
  DRT_DATA key_identifier;
  DRT_DATA signature;                /* by own */
  DRT_DATA sealed[N_BUFFERS];        /* by the other for own */
  DRT_DATA keytoken;
};

double
cli_bench_cpu_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static void
clear_data (DRT_SECURITY_PROVIDER *provider,
            DRT_DATA              *data)
{
  provider->FreeData (provider->pvContext, data->pb);
  *data = (DRT_DATA) { 0 };
}

static HRESULT
sign (CliBenchUnits *units)
{
  clear_data (units->own, &units->key_identifier);
  clear_data (units->own, &units->signature);
  return units->own->SignData (units->own->pvContext, 1, &units->signed_data, &units->key_identifier, &units->signature);
}

static HRESULT
check (CliBenchUnits *units)
{
  return units->other->VerifyData (units->other->pvContext, 1, &units->signed_data, &units->credential,
                                   &units->key_identifier, &units->signature);
}

static HRESULT
seal (CliBenchUnits *units)
{
  for (guint i = 0; i < N_BUFFERS; i++)
    clear_data (units->other, &units->sealed[i]);
  clear_data (units->other, &units->keytoken);
  return units->other->EncryptData (units->other->pvContext, &units->credential, N_BUFFERS, units->clear, units->sealed,
                                    &units->keytoken);
}

/* Works in place, so on copies, as a node does it. */
static HRESULT
open_sealed (CliBenchUnits *units)
{
  DRT_DATA copies[N_BUFFERS];
  HRESULT hr;

  for (guint i = 0; i < N_BUFFERS; i++)
    copies[i] = (DRT_DATA) { units->sealed[i].cb, g_memdup2 (units->sealed[i].pb, units->sealed[i].cb) };
  hr = units->own->DecryptData (units->own->pvContext, &units->keytoken, NULL, N_BUFFERS, copies);
  for (guint i = 0; i < N_BUFFERS; i++)
    g_free (copies[i].pb);
  return hr;
}

static gboolean
measure (CliBenchUnits *units,
         HRESULT      (*run) (CliBenchUnits *units),
         guint          n_each,
         double        *cost)
{
  double begin = cli_bench_cpu_time ();

  for (guint i = 0; i < N_REPEATS; i++)
    if (FAILED (run (units)))
      return FALSE;
  *cost = (cli_bench_cpu_time () - begin) / (N_REPEATS * n_each);
  return TRUE;
}

gboolean
cli_bench_units_measure (CliBenchUnits *units,
                         GArray        *costs)
{
  CliBenchUnitCosts cost;

  if (!measure (units, sign, 1, &cost.sign) || !measure (units, check, 1, &cost.check) ||
      !measure (units, seal, N_BUFFERS, &cost.seal) || !measure (units, open_sealed, N_BUFFERS, &cost.open))
    return FALSE;
  g_array_append_val (costs, cost);
  return TRUE;
}

CliBenchUnits *
cli_bench_units_new (const CliBenchCertificates *certificates)
{
  CliBenchUnits *units = g_new0 (CliBenchUnits, 1);

  units->kind = certificates->provider;
  units->signed_data = (DRT_DATA) { SIGNED_SIZE, units->bytes };
  for (guint i = 0; i < N_BUFFERS; i++)
    units->clear[i] = (DRT_DATA) { SEALED_SIZE, units->bytes };

  if (FAILED (cli_bench_provider_new (certificates, 0, &units->own)) ||
      FAILED (cli_bench_provider_new (certificates, 1, &units->other)) ||
      FAILED (units->own->GetSerializedCredential (units->own->pvContext, &units->credential)) ||
      FAILED (units->other->GetSerializedCredential (units->other->pvContext, &units->other_credential)) ||
      /* Each knows the other, so that no chain is checked below. */
      FAILED (units->other->ValidateRemoteCredential (units->other->pvContext, &units->credential)) ||
      FAILED (units->own->ValidateRemoteCredential (units->own->pvContext, &units->other_credential)))
    g_clear_pointer (&units, cli_bench_units_free);
  return units;
}

void
cli_bench_units_free (CliBenchUnits *units)
{
  if (units->own != NULL)
    {
      clear_data (units->own, &units->credential);
      clear_data (units->own, &units->key_identifier);
      clear_data (units->own, &units->signature);
      cli_bench_provider_free (units->kind, units->own);
    }
  if (units->other != NULL)
    {
      clear_data (units->other, &units->other_credential);
      clear_data (units->other, &units->keytoken);
      for (guint i = 0; i < N_BUFFERS; i++)
        clear_data (units->other, &units->sealed[i]);
      cli_bench_provider_free (units->kind, units->other);
    }
  g_free (units);
}
