/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-2.h"

#include <string.h>

/* Agreement keys of our own: made when they are first asked for, anew after a day,
 * and good for two (PROFILE-2.0.md 3); and what X25519 gives with others' (8). */

static void
clear_agreement (DrtAgreement *agreement)
{
  EVP_PKEY_free (agreement->key);
  *agreement = (DrtAgreement) { 0 };
}

void
drt_profile_2_clear_agreements (DrtProfile2 *data)
{
  for (guint i = 0; i < G_N_ELEMENTS (data->agreements); i++)
    clear_agreement (&data->agreements[i]);
}

static gboolean
is_good (const DrtAgreement *agreement,
         gint64              now)
{
  return agreement->key != NULL && now < agreement->made + DRT_PROFILE_2_AGREEMENT_LIFE;
}

/* A clock that was set back leaves a key of the future, which nobody takes. */
static gboolean
is_to_be_renewed (const DrtAgreement *agreement,
                  gint64              now)
{
  return agreement->key == NULL || now >= agreement->made + DRT_PROFILE_2_AGREEMENT_RENEW ||
         now + DRT_PROFILE_2_TOLERANCE < agreement->made;
}

static gboolean
make (DrtAgreement *agreement,
      gint64        now)
{
  size_t size = sizeof agreement->public_key;

  *agreement = (DrtAgreement) { .key = EVP_PKEY_Q_keygen (NULL, NULL, "X25519"), .made = now };
  if (agreement->key != NULL &&
      EVP_PKEY_get_raw_public_key (agreement->key, agreement->public_key, &size) == 1 &&
      size == sizeof agreement->public_key)
    return TRUE;
  clear_agreement (agreement);
  return FALSE;
}

/* For tests, which know the answer: @private_key instead of one made at random. */
void
drt_profile_2_set_agreement (DrtDerivedKeyProvider *self,
                             const guint8           private_key[DRT_AGREEMENT_KEY_SIZE],
                             gint64                 made)
{
  DrtAgreement *agreement = &((DrtProfile2 *) self->profile_data)->agreements[0];
  size_t size = sizeof agreement->public_key;

  clear_agreement (agreement);
  agreement->key = EVP_PKEY_new_raw_private_key_ex (NULL, "X25519", NULL, private_key, DRT_AGREEMENT_KEY_SIZE);
  agreement->made = made;
  g_assert (EVP_PKEY_get_raw_public_key (agreement->key, agreement->public_key, &size) == 1);
}

/* With the key goes what was agreed upon with it. */
static void
forget_agreement (DrtProfile2  *data,
                  DrtAgreement *agreement)
{
  GList *next;

  for (GList *l = drt_lru_peek (data->secrets); agreement->key != NULL && l != NULL; l = next)
    {
      DrtLruEntry *entry = l->data;

      next = l->next;
      if (memcmp (entry->key + DRT_AGREEMENT_KEY_SIZE, agreement->public_key, DRT_AGREEMENT_KEY_SIZE) == 0)
        drt_lru_remove (data->secrets, entry);
    }
  clear_agreement (agreement);
}

const DrtAgreement *
drt_profile_2_get_agreement (DrtDerivedKeyProvider *self)
{
  DrtProfile2 *data = self->profile_data;
  gint64 now = drt_profile_2_now ();
  DrtAgreement made;

  if (!is_to_be_renewed (&data->agreements[0], now))
    return &data->agreements[0];
  if (!make (&made, now))
    return NULL;
  forget_agreement (data, &data->agreements[1]);
  data->agreements[1] = data->agreements[0];
  data->agreements[0] = made;
  return &data->agreements[0];
}

/* The one of ours with this public key, as long as it is good; NULL: none. */
const DrtAgreement *
drt_profile_2_find_agreement (DrtDerivedKeyProvider *self,
                              const guint8          *public_key)
{
  DrtProfile2 *data = self->profile_data;
  gint64 now = drt_profile_2_now ();

  for (guint i = 0; i < G_N_ELEMENTS (data->agreements); i++)
    if (is_good (&data->agreements[i], now) &&
        memcmp (data->agreements[i].public_key, public_key, DRT_AGREEMENT_KEY_SIZE) == 0)
      return &data->agreements[i];
  return NULL;
}

/* OpenSSL refuses a public key of small order, with which every secret is the same. */
static guint8 *
agree (EVP_PKEY     *own,
       const guint8 *others)
{
  g_autoptr (EVP_PKEY) peer = EVP_PKEY_new_raw_public_key_ex (NULL, "X25519", NULL, others, DRT_AGREEMENT_KEY_SIZE);
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, own, NULL);
  size_t size = DRT_AGREEMENT_KEY_SIZE;
  guint8 *secret;

  if (peer == NULL || context == NULL || EVP_PKEY_derive_init (context) != 1 ||
      EVP_PKEY_derive_set_peer (context, peer) != 1)
    return NULL;
  secret = OPENSSL_zalloc (DRT_AGREEMENT_KEY_SIZE);
  if (secret != NULL && (EVP_PKEY_derive (context, secret, &size) != 1 || size != DRT_AGREEMENT_KEY_SIZE))
    {
      OPENSSL_clear_free (secret, DRT_AGREEMENT_KEY_SIZE);
      secret = NULL;
    }
  return secret;
}

/* 32 bytes, valid until the next call; NULL: there is no secret with this key. */
const guint8 *
drt_profile_2_get_secret (DrtDerivedKeyProvider *self,
                          const DrtAgreement    *own,
                          const guint8          *others)
{
  DrtProfile2 *data = self->profile_data;
  guint8 pair[2 * DRT_AGREEMENT_KEY_SIZE];
  guint8 *secret;

  /* The table hashes the first bytes, and our own are always the same. */
  memcpy (pair, others, DRT_AGREEMENT_KEY_SIZE);
  memcpy (pair + DRT_AGREEMENT_KEY_SIZE, own->public_key, DRT_AGREEMENT_KEY_SIZE);
  secret = drt_lru_find (data->secrets, pair);
  if (secret != NULL)
    return secret;

  self->counters.agreements++;
  secret = agree (own->key, others);
  if (secret != NULL)
    drt_lru_insert (data->secrets, pair, secret, DRT_AGREEMENT_KEY_SIZE);
  return secret;
}
