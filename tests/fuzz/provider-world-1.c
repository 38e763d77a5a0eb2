/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "profile-1-testing.h"
#include "profile-1-vectors.h"
#include "provider-world.h"

#include <openssl/pem.h>

#include "fuzz.h"

static PCCERT_CONTEXT
load (const char *first,
      const char *second,
      const char *private_key)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  X509 *one = certificate_from_hex (first), *two = second != NULL ? certificate_from_hex (second) : NULL;
  EVP_PKEY *key = private_key != NULL ? private_key_from_hex (private_key) : NULL;
  PCCERT_CONTEXT certificate;
  char *text;
  long length;

  fuzz_check (PEM_write_bio_X509 (bio, one) == 1);
  fuzz_check (two == NULL || PEM_write_bio_X509 (bio, two) == 1);
  fuzz_check (key == NULL || PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL) == 1);
  length = BIO_get_mem_data (bio, &text);
  certificate = drt_certificate_parse ((const guint8 *) text, length, NULL, NULL);
  fuzz_check (certificate != NULL);
  EVP_PKEY_free (key);
  X509_free (two);
  X509_free (one);
  BIO_free_all (bio);
  return certificate;
}

void
provider_world_open_1 (ProviderWorld *world)
{
  PCCERT_CONTEXT root = load (ROOT_CERTIFICATE, NULL, NULL);
  PCCERT_CONTEXT certificate = load (MEMBER_CERTIFICATE, MIDDLE_CERTIFICATE, MEMBER_PRIVATE);
  BYTE payload[] = { 1 };
  DRT_REGISTRATION registration = { { sizeof world->key, world->key }, { sizeof payload, payload } };

  fuzz_check (DrtCreateDerivedKeySecurityProvider (root, certificate, &world->provider) == S_OK);
  fuzz_check (world->provider->Attach (world->provider->pvContext) == S_OK);
  fuzz_check (DrtCreateDerivedKey (certificate, &registration.key) == S_OK);
  fuzz_check (world->provider->RegisterKey (world->provider->pvContext, &registration, NULL) == S_OK);
  fuzz_check (world->provider->GetSerializedCredential (world->provider->pvContext, &world->credential) == S_OK);
  drt_certificate_unref (certificate);
  drt_certificate_unref (root);
}
