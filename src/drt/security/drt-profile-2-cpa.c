/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-2.h"

#include <string.h>

#include "drt-alloc.h"
#include "drt-cursor.h"
#include "drt-writer.h"

/* Encoded CPAs (PROFILE-2.0.md 6). */

#define LABEL                "DRT 2.0 address"

/* Bytes of a SubjectPublicKeyInfo. */
#define SPKI_ED25519         44
#define SPKI_P256            91
#define SPKI_P256_COMPRESSED 59

static gsize
get_size (const DrtCpaContent *content,
          gsize                n_spki)
{
  return 1 + 2 + 1 + 1 + 8 + 2 + DRT_KEY_SIZE + 1 + content->nonce.length +
         1 + (DRT_SPAN_PRESENT (content->payload) ? DRT_PROFILE_2_HASH_SIZE : 0) +
         2 + n_spki + 1 + content->addresses.n_endpoints * DRT_WIRE_ENDPOINT_SIZE + DRT_PROFILE_2_SIGNATURE_SIZE;
}

static gboolean
hash_payload (DrtDerivedKeyProvider *self,
              DrtSpan                payload,
              guint8                 hash[DRT_PROFILE_2_HASH_SIZE])
{
  return EVP_Digest (payload.data, payload.length, hash, NULL, self->sha256, NULL) == 1;
}

/* Everything but the signature. */
static gboolean
write_cpa (DrtDerivedKeyProvider *self,
           DrtIdentity           *identity,
           const DrtCpaContent   *content,
           DrtWriter             *writer)
{
  guint8 time[sizeof (guint64)], hash[DRT_PROFILE_2_HASH_SIZE];
  gsize n_spki;
  const guint8 *spki = g_bytes_get_data (identity->public_key->spki, &n_spki);
  gboolean has_payload = DRT_SPAN_PRESENT (content->payload);

  if (has_payload && !hash_payload (self, content->payload, hash))
    return FALSE;
  drt_profile_2_put_time (time, drt_profile_2_now ());
  drt_writer_u8 (writer, content->flags);
  drt_writer_u8 (writer, DRT_PROFILE_2_MAJOR);
  drt_writer_u8 (writer, DRT_PROFILE_2_MINOR);
  drt_writer_u8 (writer, drt_profile_2_suite_of (identity->public_key));
  drt_writer_u8 (writer, self->mode);
  drt_writer_put (writer, time, sizeof time);
  drt_writer_u8 (writer, content->major);
  drt_writer_u8 (writer, content->minor);
  drt_writer_put (writer, content->key.b, DRT_KEY_SIZE);
  drt_writer_u8 (writer, content->nonce.length);
  drt_writer_put (writer, content->nonce.data, content->nonce.length);
  drt_writer_u8 (writer, has_payload);
  drt_writer_put (writer, hash, has_payload ? sizeof hash : 0);
  drt_writer_u16 (writer, n_spki);
  drt_writer_put (writer, spki, n_spki);
  drt_writer_u8 (writer, content->addresses.n_endpoints);
  drt_writer_put (writer, content->addresses.endpoints, content->addresses.n_endpoints * DRT_WIRE_ENDPOINT_SIZE);
  return !writer->failed;
}

static HRESULT
sign (DrtDerivedKeyProvider *self,
      DrtIdentity           *identity,
      DrtWriter             *writer)
{
  guint8 signature[DRT_PROFILE_2_SIGNATURE_SIZE];
  DrtSigned what;
  HRESULT hr;

  if (!drt_signed_init (&what, LABEL, writer->offset))
    return E_OUTOFMEMORY;
  drt_signed_put (&what, writer->bytes, writer->offset);
  hr = drt_profile_2_make_signature (self, identity, &what, signature);
  drt_signed_clear (&what);
  if (SUCCEEDED (hr))
    drt_writer_put (writer, signature, sizeof signature);
  return hr;
}

HRESULT
drt_profile_2_pack_cpa (DrtDerivedKeyProvider *self,
                        DrtIdentity           *identity,
                        const DrtCpaContent   *content,
                        DRT_DATA              *cpa)
{
  gsize size = get_size (content, g_bytes_get_size (identity->public_key->spki));
  DrtWriter writer;
  HRESULT hr = E_FAIL;

  cpa->pb = drt_try_alloc (size);
  if (cpa->pb == NULL)
    return E_OUTOFMEMORY;
  drt_writer_init (&writer, cpa->pb, size);
  if (write_cpa (self, identity, content, &writer))
    hr = sign (self, identity, &writer);
  if (FAILED (hr))
    return hr;
  cpa->cb = drt_writer_finish (&writer);
  g_assert (cpa->cb == size);
  return S_OK;
}

/* --- Unpacking --- */

/* What a CPA has beside its content; the pointers point into it. */
typedef struct
{
  guint8 suite;
  guint8 mode;
  guint64 made;
  const guint8 *payload_hash; /* NULL: no payload */
  DrtSpan spki;
  const guint8 *signature;
  gsize n_signed;             /* bytes before the signature */
} Frame;

static gboolean
parse_head (DrtCursor     *cursor,
            DrtCpaContent *content,
            Frame         *frame)
{
  const guint8 *profile, *time, *key;

  content->flags = drt_cursor_u8 (cursor);
  profile = drt_cursor_take (cursor, 2);
  frame->suite = drt_cursor_u8 (cursor);
  frame->mode = drt_cursor_u8 (cursor);
  time = drt_cursor_take (cursor, sizeof (guint64));
  content->major = drt_cursor_u8 (cursor);
  content->minor = drt_cursor_u8 (cursor);
  key = drt_cursor_take (cursor, DRT_KEY_SIZE);
  if (!drt_cursor_ok (cursor) || content->flags > DRT_PAYLOAD_REVOKED ||
      profile[0] != DRT_PROFILE_2_MAJOR || profile[1] != DRT_PROFILE_2_MINOR ||
      (frame->suite != DRT_SUITE_ED25519 && frame->suite != DRT_SUITE_P256))
    return FALSE;
  frame->made = drt_profile_2_get_time (time);
  drt_key_from_bytes (&content->key, key);
  return TRUE;
}

/* How long a SubjectPublicKeyInfo is: no other key is decoded. */
static gboolean
is_size_of_suite (guint8 suite,
                  gsize  size)
{
  return suite == DRT_SUITE_ED25519 ? size == SPKI_ED25519 : size == SPKI_P256 || size == SPKI_P256_COMPRESSED;
}

static gboolean
parse (DrtSpan        bytes,
       DrtCpaContent *content,
       Frame         *frame)
{
  guint8 has_payload;
  DrtCursor cursor;

  drt_cursor_init (&cursor, bytes.data, bytes.length);
  if (!parse_head (&cursor, content, frame))
    return FALSE;
  content->nonce.length = drt_cursor_u8 (&cursor);
  if (content->nonce.length != 0 && content->nonce.length != DRT_NONCE_SIZE)
    return FALSE;
  content->nonce.data = drt_cursor_take (&cursor, content->nonce.length);
  has_payload = drt_cursor_u8 (&cursor);
  if (has_payload > 1)
    return FALSE;
  frame->payload_hash = has_payload ? drt_cursor_take (&cursor, DRT_PROFILE_2_HASH_SIZE) : NULL;
  frame->spki.length = drt_cursor_u16 (&cursor);
  if (!is_size_of_suite (frame->suite, frame->spki.length))
    return FALSE;
  frame->spki.data = drt_cursor_take (&cursor, frame->spki.length);
  content->addresses.n_endpoints = drt_cursor_u8 (&cursor);
  if (content->addresses.n_endpoints > DRT_MAX_ROUTING_ADDRESSES)
    return FALSE;
  content->addresses.endpoints = drt_cursor_take (&cursor, content->addresses.n_endpoints * DRT_WIRE_ENDPOINT_SIZE);
  frame->n_signed = cursor.offset;
  frame->signature = drt_cursor_take (&cursor, DRT_PROFILE_2_SIGNATURE_SIZE);
  return drt_cursor_ok (&cursor) && drt_cursor_remaining (&cursor) == 0;
}

static gboolean
nonce_matches (const DrtCpaContent *content,
               DrtSpan              nonce)
{
  return !DRT_SPAN_PRESENT (nonce) ||
         (content->nonce.length == nonce.length && CRYPTO_memcmp (content->nonce.data, nonce.data, nonce.length) == 0);
}

/* Payload and CPA belong together, or neither has one. */
static gboolean
payload_matches (DrtDerivedKeyProvider *self,
                 DrtSpan                payload,
                 const Frame           *frame)
{
  guint8 hash[DRT_PROFILE_2_HASH_SIZE];

  if (!DRT_SPAN_PRESENT (payload) || frame->payload_hash == NULL)
    return !DRT_SPAN_PRESENT (payload) && frame->payload_hash == NULL;
  return hash_payload (self, payload, hash) && CRYPTO_memcmp (hash, frame->payload_hash, sizeof hash) == 0;
}

static gboolean
key_derives (DrtDerivedKeyProvider *self,
             const DrtCpaContent   *content,
             const Frame           *frame)
{
  guint8 hash[DRT_PROFILE_2_HASH_SIZE];

  return EVP_Digest (frame->spki.data, frame->spki.length, hash, NULL, self->sha256, NULL) == 1 &&
         memcmp (hash, content->key.b, sizeof hash) == 0;
}

/* The key that is to have signed: the member's, where a credential came; without, a
 * revoke proves all it needs by itself. */
static HRESULT
find_signer (DrtDerivedKeyProvider  *self,
             const DrtCpaContent    *content,
             const Frame            *frame,
             DrtSpan                 credential,
             DrtPublicKey          **signer)
{
  g_autoptr (DrtMember) member = NULL;
  HRESULT hr;

  if (!DRT_SPAN_PRESENT (credential))
    {
      if (content->flags & DRT_PAYLOAD_REVOKED)
        *signer = drt_public_key_new_for_spki (frame->spki.data, frame->spki.length);
      return *signer != NULL ? S_OK : DRT_E_INVALID_MESSAGE;
    }
  hr = drt_derived_key_provider_find_member (self, credential, &member);
  if (FAILED (hr))
    return hr;
  if (!drt_key_equal (&member->key, &content->key))
    return DRT_E_INVALID_KEY;
  *signer = drt_public_key_ref (member->public_key);
  return S_OK;
}

static HRESULT
check_signature (DrtDerivedKeyProvider *self,
                 const DrtPublicKey    *signer,
                 DrtSpan                cpa,
                 const Frame           *frame)
{
  DrtSigned what;
  gboolean good;

  if (frame->suite != drt_profile_2_suite_of (signer))
    return DRT_E_INVALID_MESSAGE;
  if (!drt_signed_init (&what, LABEL, frame->n_signed))
    return E_OUTOFMEMORY;
  drt_signed_put (&what, cpa.data, frame->n_signed);
  good = drt_profile_2_check_signature (self, signer, &what, frame->signature);
  drt_signed_clear (&what);
  return good ? S_OK : DRT_E_INVALID_MESSAGE;
}

HRESULT
drt_profile_2_unpack_cpa (DrtDerivedKeyProvider *self,
                          DrtSpan                cpa,
                          DrtSpan                credential,
                          DrtSpan                nonce,
                          DrtCpaContent         *content)
{
  g_autoptr (DrtPublicKey) signer = NULL;
  Frame frame;
  HRESULT hr;

  if (!parse (cpa, content, &frame) || frame.mode != self->mode || !drt_profile_2_is_timely (frame.made) ||
      !nonce_matches (content, nonce))
    return DRT_E_INVALID_MESSAGE;
  if (!key_derives (self, content, &frame))
    return DRT_E_INVALID_KEY;
  if (!payload_matches (self, content->payload, &frame))
    return DRT_E_INVALID_MESSAGE;
  hr = find_signer (self, content, &frame, credential, &signer);
  if (SUCCEEDED (hr))
    hr = check_signature (self, signer, cpa, &frame);
  if (SUCCEEDED (hr))
    content->public_key = g_steal_pointer (&signer);
  return hr;
}
