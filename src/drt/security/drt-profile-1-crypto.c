/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-1-crypto.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

/* [MC-DRT] §2.2.3.1.3.1 names RSASSA-PKCS1-v1_5 without its hash; see PROFILE-1.0.md 5. */
#define SIGNATURE_HASH "SHA1"

/* OpenSSL keeps the errors of a thread until somebody asks; what a stranger sent is none of ours. */
static gboolean
result (gboolean good)
{
  if (!good)
    ERR_clear_error ();
  return good;
}

gboolean
drt_profile_1_sign (EVP_PKEY       *own,
                    const DRT_DATA *buffers,
                    guint           n_buffers,
                    guint8          signature[DRT_PROFILE_1_RSA_SIZE])
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  gsize length = DRT_PROFILE_1_RSA_SIZE;

  if (context == NULL || EVP_DigestSignInit_ex (context, NULL, SIGNATURE_HASH, NULL, NULL, own, NULL) != 1)
    return result (FALSE);
  for (guint i = 0; i < n_buffers; i++)
    if (EVP_DigestSignUpdate (context, buffers[i].pb, buffers[i].cb) != 1)
      return result (FALSE);
  return result (EVP_DigestSignFinal (context, signature, &length) == 1 && length == DRT_PROFILE_1_RSA_SIZE);
}

gboolean
drt_profile_1_verify (EVP_PKEY       *theirs,
                      const DRT_DATA *buffers,
                      guint           n_buffers,
                      const guint8    signature[DRT_PROFILE_1_RSA_SIZE])
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();

  if (context == NULL || EVP_DigestVerifyInit_ex (context, NULL, SIGNATURE_HASH, NULL, NULL, theirs, NULL) != 1)
    return result (FALSE);
  for (guint i = 0; i < n_buffers; i++)
    if (EVP_DigestVerifyUpdate (context, buffers[i].pb, buffers[i].cb) != 1)
      return result (FALSE);
  return result (EVP_DigestVerifyFinal (context, signature, DRT_PROFILE_1_RSA_SIZE) == 1);
}

gboolean
drt_profile_1_session_new (DrtProfile1Session *session)
{
  return result (RAND_bytes (session->iv, sizeof session->iv) == 1 &&
                 RAND_priv_bytes (session->key, sizeof session->key) == 1);
}

void
drt_profile_1_session_clear (DrtProfile1Session *session)
{
  OPENSSL_cleanse (session, sizeof *session);
}

/* PKCS#1 v1.5 encryption, as Windows has it of old. */
static EVP_PKEY_CTX *
new_context (EVP_PKEY *key,
             int      (*init) (EVP_PKEY_CTX *context))
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, key, NULL);

  if (context == NULL || init (context) != 1 || EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PADDING) != 1)
    return NULL;
  return g_steal_pointer (&context);
}

gboolean
drt_profile_1_session_wrap (const DrtProfile1Session *session,
                            EVP_PKEY                 *theirs,
                            guint8                    token[DRT_PROFILE_1_RSA_SIZE])
{
  g_autoptr (EVP_PKEY_CTX) context = new_context (theirs, EVP_PKEY_encrypt_init);
  guint8 clear[DRT_PROFILE_1_KEYTOKEN_SIZE];
  gsize length = DRT_PROFILE_1_RSA_SIZE;
  gboolean good;

  drt_profile_1_keytoken_encode (clear, session->iv, session->key);
  good = context != NULL && EVP_PKEY_encrypt (context, token, &length, clear, sizeof clear) == 1 &&
         length == DRT_PROFILE_1_RSA_SIZE;
  OPENSSL_cleanse (clear, sizeof clear);
  return result (good);
}

/**
 * drt_profile_1_session_unwrap:
 * @session: (out): clear it with drt_profile_1_session_clear()
 * @own: a private key
 * @token: a keytoken as it came
 * @length: its size
 *
 * A padding that is wrong must not be told from one that is right, else a
 * stranger could have us decrypt a token he has seen (Bleichenbacher): OpenSSL
 * then gives bytes that follow from key and token, which fail at the keytoken's
 * constant like any others.  Where OpenSSL cannot do that, nothing is opened.
 *
 * Returns: %FALSE when it is not a keytoken for @own
 */
gboolean
drt_profile_1_session_unwrap (DrtProfile1Session *session,
                              EVP_PKEY           *own,
                              const guint8       *token,
                              gsize               length)
{
  g_autoptr (EVP_PKEY_CTX) context = NULL;
  guint8 clear[DRT_PROFILE_1_RSA_SIZE];
  const guint8 *iv, *key;
  gsize n_clear = sizeof clear;
  gboolean good;

  if (length != DRT_PROFILE_1_RSA_SIZE)
    return FALSE;
  context = new_context (own, EVP_PKEY_decrypt_init);
  good = context != NULL && EVP_PKEY_CTX_ctrl_str (context, "rsa_pkcs1_implicit_rejection", "1") == 1 &&
         EVP_PKEY_decrypt (context, clear, &n_clear, token, length) == 1 &&
         drt_profile_1_keytoken_decode (clear, n_clear, &iv, &key);
  if (good)
    {
      memcpy (session->iv, iv, sizeof session->iv);
      memcpy (session->key, key, sizeof session->key);
    }
  OPENSSL_cleanse (clear, sizeof clear);
  return result (good);
}

/**
 * drt_profile_1_encrypt:
 * @session: its key and its IV are those of every buffer of a message
 * @clear: what to encrypt
 * @length: its size
 * @encrypted: (out): room for @length + DRT_PROFILE_1_PADDING_MAX
 * @n_encrypted: (out): bytes written there
 */
gboolean
drt_profile_1_encrypt (const DrtProfile1Session *session,
                       const guint8             *clear,
                       gsize                     length,
                       guint8                   *encrypted,
                       gsize                    *n_encrypted)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int n = 0, n_last = 0;

  if (length > G_MAXINT - DRT_PROFILE_1_PADDING_MAX || context == NULL ||
      EVP_EncryptInit_ex2 (context, EVP_aes_256_cbc (), session->key, session->iv, NULL) != 1 ||
      EVP_EncryptUpdate (context, encrypted, &n, clear, (int) length) != 1 ||
      EVP_EncryptFinal_ex (context, encrypted + n, &n_last) != 1)
    return result (FALSE);

  *n_encrypted = (gsize) (n + n_last);
  return TRUE;
}

/**
 * drt_profile_1_decrypt:
 * @session: of the message
 * @encrypted: what came
 * @length: its size
 * @clear: (out): room for @length
 * @n_clear: (out): bytes written there, less than @length
 */
gboolean
drt_profile_1_decrypt (const DrtProfile1Session *session,
                       const guint8             *encrypted,
                       gsize                     length,
                       guint8                   *clear,
                       gsize                    *n_clear)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int n = 0, n_last = 0;

  if (length == 0 || length > G_MAXINT || context == NULL ||
      EVP_DecryptInit_ex2 (context, EVP_aes_256_cbc (), session->key, session->iv, NULL) != 1 ||
      EVP_DecryptUpdate (context, clear, &n, encrypted, (int) length) != 1 ||
      EVP_DecryptFinal_ex (context, clear + n, &n_last) != 1)
    return result (FALSE);

  *n_clear = (gsize) (n + n_last);
  return TRUE;
}
