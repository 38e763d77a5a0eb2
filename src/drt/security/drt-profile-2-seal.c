/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-2.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

#include "drt-alloc.h"
#include "drt-clock.h"
#include "drt-member-cache.h"

/* Keytokens and sealed buffers (PROFILE-2.0.md 8). */

#define LABEL         "DRT 2.0 seal"
#define VERSION       0x01
#define KEY_SIZE      32      /* AES-256 */
#define IV_START_SIZE 8
#define IV_SIZE       (IV_START_SIZE + 4)
#define MAX_BUFFERS   G_MAXUINT8

/* Where what lies in a keytoken. */
#define SENDER        4
#define RECEIVER      (SENDER + DRT_AGREEMENT_KEY_SIZE)
#define SALT          (RECEIVER + DRT_AGREEMENT_KEY_SIZE)

/* Of one message. */
typedef struct
{
  guint8 key[KEY_SIZE];
  guint8 iv_start[IV_START_SIZE];
} MessageKey;

static gboolean
derive (DrtProfile2  *data,
        const guint8 *secret,
        const guint8 *token,
        MessageKey   *key)
{
  guint8 info[DRT_PROFILE_2_LABEL_SIZE + 2 * DRT_AGREEMENT_KEY_SIZE] = LABEL;
  gboolean derived;
  const OSSL_PARAM params[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, (char *) "SHA256", 0),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, (guint8 *) secret, DRT_AGREEMENT_KEY_SIZE),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, (guint8 *) token + SALT, DRT_PROFILE_2_SALT_SIZE),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, info, sizeof info),
    OSSL_PARAM_construct_end (),
  };

  G_STATIC_ASSERT (sizeof *key == KEY_SIZE + IV_START_SIZE);
  memcpy (info + DRT_PROFILE_2_LABEL_SIZE, token + SENDER, 2 * DRT_AGREEMENT_KEY_SIZE);
  derived = EVP_KDF_derive (data->hkdf, (guint8 *) key, sizeof *key, params) == 1;
  /* Its copy of the secret is not to outlive the agreement key. */
  EVP_KDF_CTX_reset (data->hkdf);
  return derived;
}

static void
make_iv (const MessageKey *key,
         guint32           i,
         guint8            iv[IV_SIZE])
{
  guint32 number = GUINT32_TO_BE (i);

  memcpy (iv, key->iv_start, IV_START_SIZE);
  memcpy (iv + IV_START_SIZE, &number, sizeof number);
}

static gboolean
seal_one (DrtProfile2      *data,
          const MessageKey *key,
          const guint8     *token,
          guint             i,
          const DRT_DATA   *clear,
          guint8           *sealed)
{
  EVP_CIPHER_CTX *cipher = data->cipher;
  guint8 iv[IV_SIZE];
  int n;

  make_iv (key, i, iv);
  return EVP_EncryptInit_ex2 (cipher, data->aes, key->key, iv, NULL) == 1 &&
         EVP_EncryptUpdate (cipher, NULL, &n, token, DRT_PROFILE_2_KEYTOKEN_SIZE) == 1 &&
         (clear->cb == 0 || EVP_EncryptUpdate (cipher, sealed, &n, clear->pb, clear->cb) == 1) &&
         EVP_EncryptFinal_ex (cipher, sealed + clear->cb, &n) == 1 &&
         EVP_CIPHER_CTX_ctrl (cipher, EVP_CTRL_AEAD_GET_TAG, DRT_PROFILE_2_TAG_SIZE, sealed + clear->cb) == 1;
}

static gboolean
open_one (DrtProfile2      *data,
          const MessageKey *key,
          const guint8     *token,
          guint             i,
          const DRT_DATA   *sealed,
          guint8           *clear)
{
  EVP_CIPHER_CTX *cipher = data->cipher;
  gsize size = sealed->cb - DRT_PROFILE_2_TAG_SIZE;
  guint8 iv[IV_SIZE];
  int n;

  make_iv (key, i, iv);
  return EVP_DecryptInit_ex2 (cipher, data->aes, key->key, iv, NULL) == 1 &&
         EVP_DecryptUpdate (cipher, NULL, &n, token, DRT_PROFILE_2_KEYTOKEN_SIZE) == 1 &&
         (size == 0 || EVP_DecryptUpdate (cipher, clear, &n, sealed->pb, size) == 1) &&
         EVP_CIPHER_CTX_ctrl (cipher, EVP_CTRL_AEAD_SET_TAG, DRT_PROFILE_2_TAG_SIZE, sealed->pb + size) == 1 &&
         EVP_DecryptFinal_ex (cipher, clear + size, &n) == 1;
}

/* The expanded key stays in a context until it is reset. */
static void
forget (DrtProfile2 *data,
        MessageKey  *key)
{
  EVP_CIPHER_CTX_reset (data->cipher);
  OPENSSL_cleanse (key, sizeof *key);
}

/* --- Sealing --- */

static HRESULT
make_token (DrtDerivedKeyProvider *self,
            const DrtMember       *member,
            guint                  n_buffers,
            DRT_DATA              *keytoken,
            MessageKey            *key)
{
  const DrtAgreement *own = drt_profile_2_get_agreement (self);
  const guint8 *secret;
  guint8 *token = drt_try_alloc (DRT_PROFILE_2_KEYTOKEN_SIZE);

  if (token == NULL)
    return E_OUTOFMEMORY;
  *keytoken = (DRT_DATA) { DRT_PROFILE_2_KEYTOKEN_SIZE, token };
  secret = own != NULL ? drt_profile_2_get_secret (self, own, member->agreement_key) : NULL;
  if (secret == NULL)
    return DRT_E_INVALID_MESSAGE;
  token[0] = DRT_PROFILE_2_MAJOR;
  token[1] = DRT_PROFILE_2_MINOR;
  token[2] = VERSION;
  token[3] = n_buffers;
  memcpy (token + SENDER, own->public_key, DRT_AGREEMENT_KEY_SIZE);
  memcpy (token + RECEIVER, member->agreement_key, DRT_AGREEMENT_KEY_SIZE);
  if (RAND_bytes (token + SALT, DRT_PROFILE_2_SALT_SIZE) != 1 || !derive (self->profile_data, secret, token, key))
    return E_FAIL;
  return S_OK;
}

HRESULT
drt_profile_2_seal (DrtDerivedKeyProvider *self,
                    DrtSpan                credential,
                    guint                  n_buffers,
                    const DRT_DATA        *buffers,
                    DRT_DATA              *sealed,
                    DRT_DATA              *keytoken)
{
  DrtProfile2 *data = self->profile_data;
  g_autoptr (DrtMember) member = NULL;
  MessageKey key;
  HRESULT hr;

  if (n_buffers > MAX_BUFFERS)
    return E_INVALIDARG;
  hr = drt_derived_key_provider_find_member (self, credential, &member);
  if (SUCCEEDED (hr))
    hr = make_token (self, member, n_buffers, keytoken, &key);
  if (FAILED (hr))
    return hr;

  for (guint i = 0; i < n_buffers && SUCCEEDED (hr); i++)
    {
      gsize size = (gsize) buffers[i].cb + DRT_PROFILE_2_TAG_SIZE;

      sealed[i].pb = size <= G_MAXINT ? drt_try_malloc (size) : NULL;
      if (sealed[i].pb == NULL)
        hr = E_OUTOFMEMORY;
      else if (!seal_one (data, &key, keytoken->pb, i, &buffers[i], sealed[i].pb))
        hr = E_FAIL;
      sealed[i].cb = size;
    }
  forget (data, &key);
  return hr;
}

/* --- Opening --- */

/* All of them at @memory, one after the other. */
static gboolean
open_all (DrtProfile2      *data,
          const MessageKey *key,
          const guint8     *token,
          guint             n_buffers,
          const DRT_DATA   *buffers,
          guint8           *memory)
{
  for (guint i = 0; i < n_buffers; i++)
    {
      if (!open_one (data, key, token, i, &buffers[i], memory))
        return FALSE;
      memory += buffers[i].cb - DRT_PROFILE_2_TAG_SIZE;
    }
  return TRUE;
}

static void
give_back (guint         n_buffers,
           DRT_DATA     *buffers,
           const guint8 *memory)
{
  for (guint i = 0; i < n_buffers; i++)
    {
      buffers[i].cb -= DRT_PROFILE_2_TAG_SIZE;
      memcpy (buffers[i].pb, memory, buffers[i].cb);
      memory += buffers[i].cb;
    }
}

/* Lengths and constants; the sum of what there is to open at @total. */
static gboolean
is_well_formed (DrtSpan         keytoken,
                guint           n_buffers,
                const DRT_DATA *buffers,
                gsize          *total)
{
  const guint8 *token = keytoken.data;

  *total = 0;
  if (keytoken.length != DRT_PROFILE_2_KEYTOKEN_SIZE || token[0] != DRT_PROFILE_2_MAJOR ||
      token[1] != DRT_PROFILE_2_MINOR || token[2] != VERSION || token[3] != n_buffers)
    return FALSE;
  for (guint i = 0; i < n_buffers; i++)
    {
      if (buffers[i].pb == NULL || buffers[i].cb < DRT_PROFILE_2_TAG_SIZE || buffers[i].cb > G_MAXINT)
        return FALSE;
      *total += buffers[i].cb;
    }
  return TRUE;
}

HRESULT
drt_profile_2_unseal (DrtDerivedKeyProvider *self,
                      DrtIdentity           *identity,
                      DrtSpan                keytoken,
                      guint                  n_buffers,
                      DRT_DATA              *buffers)
{
  DrtProfile2 *data = self->profile_data;
  const DrtAgreement *own;
  const guint8 *secret;
  guint8 *memory;
  MessageKey key;
  gsize total;
  gboolean opened;

  if (!is_well_formed (keytoken, n_buffers, buffers, &total))
    return DRT_E_INVALID_MESSAGE;
  own = drt_profile_2_find_agreement (self, keytoken.data + RECEIVER);
  if (own == NULL || !drt_member_cache_knows_agreement_key (self->members, keytoken.data + SENDER, drt_clock_now ()))
    return DRT_E_INVALID_MESSAGE;
  secret = drt_profile_2_get_secret (self, own, keytoken.data + SENDER);
  if (secret == NULL || !derive (data, secret, keytoken.data, &key))
    return DRT_E_INVALID_MESSAGE;

  memory = drt_try_malloc (total);
  if (memory == NULL)
    {
      forget (data, &key);
      return E_OUTOFMEMORY;
    }
  opened = open_all (data, &key, keytoken.data, n_buffers, buffers, memory);
  if (opened)
    give_back (n_buffers, buffers, memory);
  forget (data, &key);
  OPENSSL_cleanse (memory, total);
  g_free (memory);
  return opened ? S_OK : DRT_E_INVALID_MESSAGE;
}
