/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-profile-1-format.h"

#include "drt-cursor.h"
#include "drt-writer.h"

/* Offset of what every signature of a CPA covers. */
#define CPA_BODY (1 + DRT_PROFILE_1_SIGNATURE_SIZE)

/* rsaEncryption as the ancestor protocol writes it: as text, without a NUL. */
static const char rsa_id[] = "1.2.840.113549.1.1.1";
#define RSA_ID_SIZE (sizeof rsa_id - 1)

/* Its parameters: an ASN.1 NULL. */
static const guint8 rsa_parameters[] = { 0x05, 0x00 };

/* The start of DER's RSAPublicKey of 140 bytes: a sequence of 137, a modulus of
 * 129 whose first byte is the sign.  And its end: an exponent of 3 bytes. */
static const guint8 rsa_key_start[] = { 0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00 };
static const guint8 rsa_key_end[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };

/* The constant of a keytoken: "KDBM", version 1, 32 bytes of key. */
static const guint8 key_blob[12] = { 0x4b, 0x44, 0x42, 0x4d, 0x01, 0, 0, 0, 0x20, 0, 0, 0 };

static void
put_u16 (DrtWriter *writer,
         guint16    value)
{
  guint16 swapped = GUINT16_TO_LE (value);

  drt_writer_put (writer, &swapped, sizeof swapped);
}

static guint16
get_u16 (DrtCursor *cursor)
{
  guint16 value = drt_cursor_u16 (cursor);

  return GUINT16_SWAP_LE_BE (value);
}

static gboolean
get_constant (DrtCursor    *cursor,
              const void   *constant,
              gsize         length)
{
  const guint8 *bytes = drt_cursor_take (cursor, length);

  return bytes != NULL && memcmp (bytes, constant, length) == 0;
}

/* Whether the whole structure was there and nothing else. */
static gboolean
is_complete (const DrtCursor *cursor)
{
  return drt_cursor_ok (cursor) && drt_cursor_remaining (cursor) == 0;
}

/* --- SIGNATURE, §2.2.3.1.3.1 --- */

void
drt_profile_1_signature_encode (guint8       bytes[DRT_PROFILE_1_SIGNATURE_SIZE],
                                const guint8 data[DRT_PROFILE_1_RSA_SIZE])
{
  DrtWriter writer;

  drt_writer_init (&writer, bytes, DRT_PROFILE_1_SIGNATURE_SIZE);
  put_u16 (&writer, DRT_PROFILE_1_SIGNATURE_SIZE);
  drt_writer_put (&writer, data, DRT_PROFILE_1_RSA_SIZE);
}

static const guint8 *
get_signature (DrtCursor *cursor)
{
  if (get_u16 (cursor) != DRT_PROFILE_1_SIGNATURE_SIZE)
    return NULL;
  return drt_cursor_take (cursor, DRT_PROFILE_1_RSA_SIZE);
}

const guint8 *
drt_profile_1_signature_decode (const guint8 *bytes,
                                gsize         length)
{
  DrtCursor cursor;
  const guint8 *data;

  drt_cursor_init (&cursor, bytes, length);
  data = get_signature (&cursor);
  return is_complete (&cursor) ? data : NULL;
}

/* --- PUBLIC_KEY, §2.2.3.1.5.1.1 --- */

static void
put_public_key (DrtWriter    *writer,
                const guint8 *rsa_key)
{
  drt_writer_u8 (writer, RSA_ID_SIZE);
  put_u16 (writer, sizeof rsa_parameters);
  put_u16 (writer, DRT_PROFILE_1_RSA_KEY_SIZE);
  drt_writer_u8 (writer, 0);
  drt_writer_put (writer, rsa_id, RSA_ID_SIZE);
  drt_writer_put (writer, rsa_parameters, sizeof rsa_parameters);
  drt_writer_put (writer, rsa_key, DRT_PROFILE_1_RSA_KEY_SIZE);
}

void
drt_profile_1_public_key_encode (guint8       bytes[DRT_PROFILE_1_PUBLIC_KEY_SIZE],
                                 const guint8 rsa_key[DRT_PROFILE_1_RSA_KEY_SIZE])
{
  DrtWriter writer;

  drt_writer_init (&writer, bytes, DRT_PROFILE_1_PUBLIC_KEY_SIZE);
  put_public_key (&writer, rsa_key);
}

static const guint8 *
get_public_key (DrtCursor *cursor)
{
  guint8 id_size = drt_cursor_u8 (cursor);
  guint16 parameters_size = get_u16 (cursor);
  guint16 key_size = get_u16 (cursor);
  const guint8 *key;

  drt_cursor_u8 (cursor);               /* reserved: ignored */
  if (id_size != RSA_ID_SIZE || parameters_size != sizeof rsa_parameters || key_size != DRT_PROFILE_1_RSA_KEY_SIZE ||
      !get_constant (cursor, rsa_id, RSA_ID_SIZE) || !get_constant (cursor, rsa_parameters, sizeof rsa_parameters))
    return NULL;

  key = drt_cursor_take (cursor, DRT_PROFILE_1_RSA_KEY_SIZE);
  if (key == NULL || memcmp (key, rsa_key_start, sizeof rsa_key_start) != 0 ||
      memcmp (key + DRT_PROFILE_1_RSA_KEY_SIZE - sizeof rsa_key_end, rsa_key_end, sizeof rsa_key_end) != 0)
    return NULL;
  return key;
}

const guint8 *
drt_profile_1_public_key_decode (const guint8 *bytes,
                                 gsize         length)
{
  DrtCursor cursor;
  const guint8 *key;

  drt_cursor_init (&cursor, bytes, length);
  key = get_public_key (&cursor);
  return is_complete (&cursor) ? key : NULL;
}

/* --- Encoded CPA, §2.2.3.1.1.1 --- */

/**
 * drt_profile_1_cpa_takes:
 * @n_addresses: how many
 *
 * Returns: whether a CPA may have as many.  A route entry names 20 at most
 *   ([MC-DRT] §2.2.3.3).  With 14 what is signed of a CPA would be as long as 15
 *   keys, and the keys in a REQUEST, which its sender signs, are named by whoever
 *   advertised them: nobody shall have a CPA signed as a list of keys.
 */
gboolean
drt_profile_1_cpa_takes (guint n_addresses)
{
  return n_addresses <= DRT_MAX_ROUTING_ADDRESSES &&
         DRT_PROFILE_1_CPA_BODY_SIZE (n_addresses) % DRT_KEY_SIZE != 0;
}

/**
 * drt_profile_1_cpa_encode:
 * @bytes: room for DRT_PROFILE_1_CPA_SIZE() of the addresses
 * @cpa: what to write
 *
 * Writes all but the signature, whose 128 bytes are left zero.
 */
void
drt_profile_1_cpa_encode (guint8               *bytes,
                          const DrtProfile1Cpa *cpa)
{
  static const guint8 no_signature[DRT_PROFILE_1_RSA_SIZE];
  guint n = cpa->addresses.n_endpoints;
  DrtWriter writer;

  drt_writer_init (&writer, bytes, DRT_PROFILE_1_CPA_SIZE (n));
  drt_writer_u8 (&writer, cpa->flags);
  put_u16 (&writer, DRT_PROFILE_1_SIGNATURE_SIZE);
  drt_writer_put (&writer, no_signature, sizeof no_signature);
  drt_writer_u8 (&writer, cpa->protocol_major);
  drt_writer_u8 (&writer, cpa->protocol_minor);
  drt_writer_u8 (&writer, 1);
  drt_writer_u8 (&writer, 0);
  put_u16 (&writer, DRT_KEY_SIZE);
  drt_writer_put (&writer, cpa->key, DRT_KEY_SIZE);
  put_u16 (&writer, DRT_NONCE_SIZE);
  drt_writer_put (&writer, cpa->nonce, DRT_NONCE_SIZE);
  put_public_key (&writer, cpa->rsa_key);
  put_u16 (&writer, n);
  put_u16 (&writer, DRT_WIRE_ENDPOINT_SIZE);
  drt_writer_put (&writer, cpa->addresses.endpoints, n * DRT_WIRE_ENDPOINT_SIZE);
  g_assert (drt_writer_finish (&writer) == DRT_PROFILE_1_CPA_SIZE (n));
}

static gboolean
get_addresses (DrtCursor        *cursor,
               DrtWireEndpoints *addresses)
{
  guint n = get_u16 (cursor);

  if (get_u16 (cursor) != DRT_WIRE_ENDPOINT_SIZE || !drt_profile_1_cpa_takes (n))
    return FALSE;
  addresses->n_endpoints = n;
  addresses->endpoints = drt_cursor_take (cursor, n * DRT_WIRE_ENDPOINT_SIZE);
  return drt_cursor_ok (cursor);
}

gboolean
drt_profile_1_cpa_decode (const guint8   *bytes,
                          gsize           length,
                          DrtProfile1Cpa *cpa)
{
  DrtCursor cursor;

  drt_cursor_init (&cursor, bytes, length);
  cpa->flags = drt_cursor_u8 (&cursor);
  cpa->signature = get_signature (&cursor);
  cpa->protocol_major = drt_cursor_u8 (&cursor);
  cpa->protocol_minor = drt_cursor_u8 (&cursor);
  if (cpa->flags > DRT_PAYLOAD_REVOKED || cpa->signature == NULL ||
      drt_cursor_u8 (&cursor) != 1 || drt_cursor_u8 (&cursor) != 0 || get_u16 (&cursor) != DRT_KEY_SIZE)
    return FALSE;

  cpa->key = drt_cursor_take (&cursor, DRT_KEY_SIZE);
  if (get_u16 (&cursor) != DRT_NONCE_SIZE)
    return FALSE;
  cpa->nonce = drt_cursor_take (&cursor, DRT_NONCE_SIZE);
  cpa->rsa_key = get_public_key (&cursor);

  return cpa->rsa_key != NULL && get_addresses (&cursor, &cpa->addresses) && is_complete (&cursor);
}

/**
 * drt_profile_1_cpa_get_covered:
 * @bytes: an encoded CPA
 * @length: its size
 * @covered: (out): what its signature covers
 *
 * All that follows the signature, as §2.2.3.1.1.1 has it; and with flags, for
 * which that section has no place, the flags before it.  Without them anybody
 * could make a revoke of any CPA.
 *
 * Returns: the number of pieces
 */
guint
drt_profile_1_cpa_get_covered (guint8   *bytes,
                               gsize     length,
                               DRT_DATA  covered[2])
{
  guint n = 0;

  g_assert (length > CPA_BODY);
  if (bytes[0] != 0)
    covered[n++] = (DRT_DATA) { 1, bytes };
  covered[n++] = (DRT_DATA) { length - CPA_BODY, bytes + CPA_BODY };
  return n;
}

void
drt_profile_1_cpa_set_signature (guint8       *bytes,
                                 const guint8  data[DRT_PROFILE_1_RSA_SIZE])
{
  drt_profile_1_signature_encode (bytes + 1, data);
}

/* --- Keytoken, §2.2.3.1.2.1 --- */

void
drt_profile_1_keytoken_encode (guint8       bytes[DRT_PROFILE_1_KEYTOKEN_SIZE],
                               const guint8 iv[DRT_PROFILE_1_IV_SIZE],
                               const guint8 key[DRT_PROFILE_1_SESSION_KEY_SIZE])
{
  static const guint8 padding[6];
  DrtWriter writer;

  drt_writer_init (&writer, bytes, DRT_PROFILE_1_KEYTOKEN_SIZE);
  put_u16 (&writer, DRT_PROFILE_1_IV_SIZE);
  drt_writer_put (&writer, padding, sizeof padding);
  drt_writer_put (&writer, iv, DRT_PROFILE_1_IV_SIZE);
  drt_writer_put (&writer, key_blob, sizeof key_blob);
  drt_writer_put (&writer, key, DRT_PROFILE_1_SESSION_KEY_SIZE);
}

gboolean
drt_profile_1_keytoken_decode (const guint8  *bytes,
                               gsize          length,
                               const guint8 **iv,
                               const guint8 **key)
{
  DrtCursor cursor;

  drt_cursor_init (&cursor, bytes, length);
  if (get_u16 (&cursor) != DRT_PROFILE_1_IV_SIZE)
    return FALSE;
  drt_cursor_take (&cursor, 6);         /* padding: ignored */
  *iv = drt_cursor_take (&cursor, DRT_PROFILE_1_IV_SIZE);
  if (!get_constant (&cursor, key_blob, sizeof key_blob))
    return FALSE;
  *key = drt_cursor_take (&cursor, DRT_PROFILE_1_SESSION_KEY_SIZE);
  return is_complete (&cursor);
}
