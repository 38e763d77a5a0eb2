/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-public-key.h"

#include <string.h>

#include "drt-alloc.h"
#include "drt-certificate-private.h"

#define MAX_SPKI_SIZE 1024   /* bytes: more than any key of a profile has */
#define MAX_OID_SIZE  64     /* characters */

static GBytes *
encode_parameters (const X509_ALGOR *algorithm)
{
  const ASN1_OBJECT *object;
  const void *value = NULL;
  unsigned char *der = NULL;
  ASN1_TYPE *type;
  GBytes *bytes;
  int kind, size;

  X509_ALGOR_get0 (&object, &kind, &value, algorithm);
  if (kind == V_ASN1_UNDEF)
    return g_bytes_new (NULL, 0);
  type = ASN1_TYPE_new ();
  if (type == NULL || !ASN1_TYPE_set1 (type, kind, value))
    {
      ASN1_TYPE_free (type);
      return NULL;
    }
  size = i2d_ASN1_TYPE (type, &der);
  ASN1_TYPE_free (type);
  bytes = size > 0 ? g_bytes_new (der, size) : NULL;
  OPENSSL_free (der);
  return bytes;
}

static gboolean
take_apart (DrtPublicKey *self,
            X509_PUBKEY  *public_key)
{
  unsigned char *der = NULL;
  const unsigned char *bits;
  ASN1_OBJECT *object;
  X509_ALGOR *algorithm;
  char oid[MAX_OID_SIZE];
  int n_bits, size;

  self->key = X509_PUBKEY_get (public_key);
  if (self->key == NULL || !X509_PUBKEY_get0_param (&object, &bits, &n_bits, &algorithm, public_key))
    return FALSE;
  self->algorithm = drt_certificate_key_algorithm (self->key);
  size = OBJ_obj2txt (oid, sizeof oid, object, 1);
  if (self->algorithm == DRT_KEY_ALGORITHM_OTHER || size <= 0 || size >= (int) sizeof oid)
    return FALSE;
  self->oid = g_strdup (oid);
  self->bits = g_bytes_new (bits, n_bits);
  self->parameters = encode_parameters (algorithm);

  size = i2d_X509_PUBKEY (public_key, &der);
  if (size > 0)
    self->spki = g_bytes_new (der, size);
  OPENSSL_free (der);
  return self->parameters != NULL && self->spki != NULL && drt_certificate_derive_key (public_key, &self->derived);
}

static DrtPublicKey *
new_for_key (X509_PUBKEY *public_key)
{
  g_autoptr (DrtPublicKey) self = g_new0 (DrtPublicKey, 1);

  g_atomic_ref_count_init (&self->refs);
  return public_key != NULL && take_apart (self, public_key) ? g_steal_pointer (&self) : NULL;
}

DrtPublicKey *
drt_public_key_new_for_certificate (X509 *certificate)
{
  return new_for_key (X509_get_X509_PUBKEY (certificate));
}

DrtPublicKey *
drt_public_key_new_for_spki (const guint8 *der,
                             gsize         length)
{
  const unsigned char *at = der;
  g_autoptr (DrtPublicKey) self = NULL;
  X509_PUBKEY *public_key;

  if (length == 0 || length > MAX_SPKI_SIZE)
    return NULL;
  public_key = d2i_X509_PUBKEY (NULL, &at, length);
  if (public_key != NULL && at == der + length)
    self = new_for_key (public_key);
  X509_PUBKEY_free (public_key);

  /* One key has one encoding, so that it has one place on the ring. */
  if (self != NULL && (g_bytes_get_size (self->spki) != length ||
                       memcmp (g_bytes_get_data (self->spki, NULL), der, length) != 0))
    return NULL;
  return g_steal_pointer (&self);
}

DrtPublicKey *
drt_public_key_ref (DrtPublicKey *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
drt_public_key_unref (DrtPublicKey *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  EVP_PKEY_free (self->key);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_clear_pointer (&self->parameters, g_bytes_unref);
  g_clear_pointer (&self->bits, g_bytes_unref);
  g_free (self->oid);
  g_free (self);
}

CERT_PUBLIC_KEY_INFO *
drt_public_key_to_info (const DrtPublicKey *self)
{
  gsize n_oid = strlen (self->oid) + 1;
  gsize n_parameters = g_bytes_get_size (self->parameters);
  gsize n_bits = g_bytes_get_size (self->bits);
  CERT_PUBLIC_KEY_INFO *info = drt_try_alloc (sizeof *info + n_bits + n_parameters + n_oid);
  BYTE *at;

  if (info == NULL)
    return NULL;
  at = (BYTE *) (info + 1);
  info->PublicKey.cbData = n_bits;
  info->PublicKey.pbData = at;
  memcpy (at, g_bytes_get_data (self->bits, NULL), n_bits);
  at += n_bits;
  if (n_parameters > 0)
    {
      info->Algorithm.Parameters.cbData = n_parameters;
      info->Algorithm.Parameters.pbData = at;
      memcpy (at, g_bytes_get_data (self->parameters, NULL), n_parameters);
      at += n_parameters;
    }
  info->Algorithm.pszObjId = (LPSTR) at;
  memcpy (at, self->oid, n_oid);
  return info;
}
