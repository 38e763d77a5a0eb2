/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-parser.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <string.h>

#include "drt-alloc.h"

/*
 * Files are found out by content: PEM, where there is a "-----BEGIN", else DER,
 * whose first elements tell certificate, PKCS#12 and PKCS#7 apart.
 */

#define PEM_BEGIN "-----BEGIN "
#define PEM_END   "-----END "

static gboolean
no_memory (GError **error)
{
  drt_certificate_set_no_memory (error);
  return FALSE;
}

gboolean
drt_certificate_parser_init (DrtCertificateParser *parser,
                             const char           *passphrase,
                             GError              **error)
{
  *parser = (DrtCertificateParser) { .passphrase = passphrase };
  parser->x509s = sk_X509_new_null ();
  parser->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) EVP_PKEY_free);
  return parser->x509s != NULL || no_memory (error);
}

void
drt_certificate_parser_clear (DrtCertificateParser *parser)
{
  drt_x509_stack_free (parser->x509s);
  g_ptr_array_unref (parser->keys);
}

static gboolean
not_a_certificate (GError    **error,
                   const char *message)
{
  drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE, "%s", message);
  return FALSE;
}

static gboolean
truncated (GError **error)
{
  drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_TRUNCATED, "The end is missing");
  return FALSE;
}

/* The same certificate twice, as in a bundle put together by hand, is one. */
gboolean
drt_certificate_parser_add (DrtCertificateParser *parser,
                            X509                 *x509,
                            GError              **error)
{
  for (int i = 0; i < sk_X509_num (parser->x509s); i++)
    if (X509_cmp (sk_X509_value (parser->x509s, i), x509) == 0)
      return TRUE;
  if (sk_X509_num (parser->x509s) >= DRT_CHAIN_MAX)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_TOO_MANY, "There are more than %d certificates", DRT_CHAIN_MAX);
      return FALSE;
    }
  if (sk_X509_push (parser->x509s, x509) == 0)
    return no_memory (error);
  X509_up_ref (x509);
  return TRUE;
}

gboolean
drt_certificate_parser_add_key (DrtCertificateParser *parser,
                                EVP_PKEY             *key,
                                GError              **error)
{
  if (key == NULL)
    return not_a_certificate (error, "The private key cannot be read");
  g_ptr_array_add (parser->keys, key);
  return TRUE;
}

/* --- DER --- */

/* Whether @bytes begin a structure that would go on behind their end. */
static gboolean
is_cut (const guint8 *bytes,
        gsize         length)
{
  const guint8 *at = bytes;
  long size = 0;
  int tag, class;
  int result = ASN1_get_object (&at, &size, &tag, &class, length);
  gboolean cut;

  cut = (result & 0x80) != 0 && ERR_GET_REASON (ERR_peek_last_error ()) == ASN1_R_TOO_LONG && tag == V_ASN1_SEQUENCE &&
        at < bytes + length && (*at == 0x30 || *at == 0x02 || *at == 0x06);
  ERR_clear_error ();
  return cut || length < 2;
}

static gboolean
read_x509 (DrtCertificateParser *parser,
           const guint8         *bytes,
           gsize                 length,
           GError              **error)
{
  const guint8 *end = bytes;
  g_autoptr (X509) x509 = d2i_X509_AUX (NULL, &end, length);

  if (x509 == NULL)
    return is_cut (bytes, length) ? truncated (error) : not_a_certificate (error, "This is no X.509 certificate");
  return drt_certificate_parser_add (parser, x509, error);
}

gboolean
drt_certificate_parser_read_pkcs7 (DrtCertificateParser *parser,
                                   const guint8         *bytes,
                                   gsize                 length,
                                   GError              **error)
{
  const guint8 *end = bytes;
  PKCS7 *pkcs7 = d2i_PKCS7 (NULL, &end, length);
  STACK_OF (X509) *x509s = NULL;
  gboolean added = TRUE;

  if (pkcs7 == NULL)
    return is_cut (bytes, length) ? truncated (error) : not_a_certificate (error, "This is no PKCS#7 structure");
  if (PKCS7_type_is_signed (pkcs7) && pkcs7->d.sign != NULL)
    x509s = pkcs7->d.sign->cert;
  for (int i = 0; added && i < sk_X509_num (x509s); i++)
    added = drt_certificate_parser_add (parser, sk_X509_value (x509s, i), error);
  PKCS7_free (pkcs7);
  return added;
}

/* How the first element within the outer one begins; 0: there is none. */
static guint8
first_element (const guint8 *bytes,
               gsize         length)
{
  const guint8 *at = bytes;
  long size = 0;
  int tag = 0, class;
  int result = ASN1_get_object (&at, &size, &tag, &class, length);

  ERR_clear_error ();
  return (result & 0x80) == 0 && tag == V_ASN1_SEQUENCE && at < bytes + length ? *at : 0;
}

static gboolean
read_der (DrtCertificateParser *parser,
          const guint8         *bytes,
          gsize                 length,
          GError              **error)
{
  if (is_cut (bytes, length))
    return truncated (error);
  switch (first_element (bytes, length))
    {
    case 0x30:     /* the part of a certificate that is signed */
      return read_x509 (parser, bytes, length, error);
    case 0x02:     /* the version of PKCS#12 */
      return drt_certificate_parser_read_pkcs12 (parser, bytes, length, error);
    case 0x06:     /* the type of PKCS#7 */
      return drt_certificate_parser_read_pkcs7 (parser, bytes, length, error);
    default:
      return not_a_certificate (error, "This is neither a certificate nor a file of certificates");
    }
}

/* --- PEM --- */

gboolean
drt_certificate_parser_bears (DrtCertificateParser *parser,
                              const ASN1_INTEGER   *iterations)
{
  gint64 n = 1;

  /* Once where nothing is said */
  if (iterations != NULL && (ASN1_INTEGER_get_int64 (&n, iterations) != 1 || n < 0 || n > DRT_PASSPHRASE_ITERATIONS_MAX))
    return FALSE;
  parser->iterations += n;
  return parser->iterations <= DRT_PASSPHRASE_ITERATIONS_MAX;
}

/* The work of scrypt is the product of its numbers, each of which may be large. */
static gboolean
bears_scrypt (DrtCertificateParser *parser,
              const SCRYPT_PARAMS  *scrypt)
{
  const ASN1_INTEGER *factors[] = { scrypt->costParameter, scrypt->blockSize, scrypt->parallelizationParameter };
  gint64 product = 1, factor;

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      if (ASN1_INTEGER_get_int64 (&factor, factors[i]) != 1 || factor < 1 || factor > DRT_PASSPHRASE_ITERATIONS_MAX ||
          product > DRT_PASSPHRASE_ITERATIONS_MAX / factor)
        return FALSE;
      product *= factor;
    }
  parser->iterations += product;
  return parser->iterations <= DRT_PASSPHRASE_ITERATIONS_MAX;
}

static gboolean
bears_key_function (DrtCertificateParser *parser,
                    const X509_ALGOR     *function)
{
  gboolean bears = FALSE;

  if (function->parameter == NULL)
    return FALSE;
  if (OBJ_obj2nid (function->algorithm) == NID_id_pbkdf2)
    {
      PBKDF2PARAM *pbkdf2 = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), function->parameter);

      bears = pbkdf2 != NULL && drt_certificate_parser_bears (parser, pbkdf2->iter);
      PBKDF2PARAM_free (pbkdf2);
    }
  else if (OBJ_obj2nid (function->algorithm) == NID_id_scrypt)
    {
      SCRYPT_PARAMS *scrypt = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (SCRYPT_PARAMS), function->parameter);

      bears = scrypt != NULL && bears_scrypt (parser, scrypt);
      SCRYPT_PARAMS_free (scrypt);
    }
  return bears;
}

gboolean
drt_certificate_parser_bears_algorithm (DrtCertificateParser *parser,
                                        const X509_ALGOR     *algorithm)
{
  gboolean bears = FALSE;

  if (algorithm == NULL || algorithm->parameter == NULL)
    return TRUE;
  if (OBJ_obj2nid (algorithm->algorithm) == NID_pbes2)
    {
      PBE2PARAM *pbes2 = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);

      bears = pbes2 != NULL && bears_key_function (parser, pbes2->keyfunc);
      PBE2PARAM_free (pbes2);
    }
  else
    {
      PBEPARAM *pbe = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBEPARAM), algorithm->parameter);

      bears = pbe != NULL && drt_certificate_parser_bears (parser, pbe->iter);
      PBEPARAM_free (pbe);
    }
  ERR_clear_error ();
  return bears;
}

/* OpenSSL leaves out the ciphers of former times, RC2 above all. */
static gboolean
is_unsupported (void)
{
  gboolean unsupported = FALSE;
  gulong code;

  while ((code = ERR_get_error ()) != 0)
    unsupported |= ERR_GET_REASON (code) == ERR_R_UNSUPPORTED ||
                   (ERR_GET_LIB (code) == ERR_LIB_EVP && ERR_GET_REASON (code) == EVP_R_UNKNOWN_PBE_ALGORITHM);
  return unsupported;
}

gboolean
drt_certificate_parser_not_decrypted (DrtCertificateParser *parser,
                                      const char           *what,
                                      GError              **error)
{
  if (is_unsupported ())
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE,
                               "The %s is encrypted in an old way that is not safe any more: have it exported again, with AES", what);
  else if (parser->passphrase == NULL)
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED, "The %s is protected by a passphrase, and none was given", what);
  else
    drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE, "The passphrase does not open the %s", what);
  return FALSE;
}

EVP_PKEY *
drt_certificate_parser_decrypt (DrtCertificateParser *parser,
                                const X509_SIG       *encrypted,
                                GError              **error)
{
  const X509_ALGOR *algorithm;
  PKCS8_PRIV_KEY_INFO *info;
  EVP_PKEY *key;

  X509_SIG_get0 (encrypted, &algorithm, NULL);
  if (parser->passphrase == NULL)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED, "The private key is protected by a passphrase, and none was given");
      return NULL;
    }
  if (!drt_certificate_parser_bears_algorithm (parser, algorithm))
    {
      not_a_certificate (error, "The passphrase is meant to be worked on without end");
      return NULL;
    }
  info = PKCS8_decrypt (encrypted, parser->passphrase, strlen (parser->passphrase));
  if (info == NULL)
    {
      drt_certificate_parser_not_decrypted (parser, "private key", error);
      return NULL;
    }
  key = EVP_PKCS82PKEY (info);
  PKCS8_PRIV_KEY_INFO_free (info);
  if (key == NULL)
    not_a_certificate (error, "The private key cannot be read");
  return key;
}

static gboolean
read_pkcs8 (DrtCertificateParser *parser,
            const guint8         *bytes,
            gsize                 length,
            GError              **error)
{
  const guint8 *end = bytes;
  X509_SIG *encrypted = d2i_X509_SIG (NULL, &end, length);
  EVP_PKEY *key;

  if (encrypted == NULL)
    return is_cut (bytes, length) ? truncated (error) : not_a_certificate (error, "The private key cannot be read");
  key = drt_certificate_parser_decrypt (parser, encrypted, error);
  X509_SIG_free (encrypted);
  return key != NULL && drt_certificate_parser_add_key (parser, key, error);
}

static int
passphrase_cb (char *buffer,
               int   size,
               int   writing,
               void *data)
{
  const DrtCertificateParser *parser = data;
  gsize length = parser->passphrase != NULL ? strlen (parser->passphrase) : 0;

  if (parser->passphrase == NULL || length > (gsize) size)
    return -1;
  memcpy (buffer, parser->passphrase, length);
  return length;
}

/* The form of before PKCS#8, whose header may name a cipher. */
static gboolean
read_key (DrtCertificateParser *parser,
          char                 *header,
          guint8               *bytes,
          long                  length,
          GError              **error)
{
  EVP_CIPHER_INFO cipher = { 0 };
  const guint8 *end = bytes;
  gboolean encrypted;
  EVP_PKEY *key;

  if (PEM_get_EVP_CIPHER_INFO (header, &cipher) != 1)
    return not_a_certificate (error, "The private key is under an unknown cipher");
  encrypted = cipher.cipher != NULL;
  if (encrypted && parser->passphrase == NULL)
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED, "The private key is protected by a passphrase, and none was given");
      return FALSE;
    }
  if (PEM_do_header (&cipher, bytes, &length, passphrase_cb, parser) != 1)
    return encrypted ? drt_certificate_parser_not_decrypted (parser, "private key", error) : not_a_certificate (error, "The private key cannot be read");
  key = d2i_AutoPrivateKey (NULL, &end, length);
  if (key != NULL)
    return drt_certificate_parser_add_key (parser, key, error);
  /* One wrong passphrase in 256 seems to be right */
  ERR_clear_error ();
  if (encrypted)
    return drt_certificate_parser_not_decrypted (parser, "private key", error);
  return is_cut (bytes, length) ? truncated (error) : not_a_certificate (error, "The private key cannot be read");
}

static gboolean
read_block (DrtCertificateParser *parser,
            const char           *name,
            char                 *header,
            guint8               *bytes,
            long                  length,
            GError              **error)
{
  if (strcmp (name, PEM_STRING_X509) == 0 || strcmp (name, PEM_STRING_X509_OLD) == 0 ||
      strcmp (name, PEM_STRING_X509_TRUSTED) == 0)
    return read_x509 (parser, bytes, length, error);
  if (strcmp (name, PEM_STRING_PKCS7) == 0 || strcmp (name, PEM_STRING_PKCS7_SIGNED) == 0 ||
      strcmp (name, PEM_STRING_CMS) == 0)
    return drt_certificate_parser_read_pkcs7 (parser, bytes, length, error);
  if (parser->public_only)
    return TRUE;
  if (strcmp (name, PEM_STRING_PKCS8) == 0)
    return read_pkcs8 (parser, bytes, length, error);
  if (g_str_has_suffix (name, "PRIVATE KEY"))
    return read_key (parser, header, bytes, length, error);
  return TRUE;     /* curves, revoke lists, requests: not for us */
}

/* Where OpenSSL finds no further block: none is there, or a part of one is. */
static gboolean
explain_end (const char *text,
             GError    **error)
{
  int reason = ERR_GET_REASON (ERR_peek_last_error ());
  const char *last = NULL;

  ERR_clear_error ();
  if (reason == PEM_R_NO_START_LINE)
    {
      for (const char *at = text; (at = strstr (at, PEM_BEGIN)) != NULL; at++)
        last = at;
      if (last == NULL || strstr (last, PEM_END) != NULL)
        return TRUE;
      return truncated (error);
    }
  for (const char *at = text; (at = strstr (at, PEM_BEGIN)) != NULL; at++)
    last = at;
  if (last != NULL && strstr (last, PEM_END) == NULL)
    return truncated (error);
  return not_a_certificate (error, "The text between the marks is damaged");
}

static gboolean
read_pem (DrtCertificateParser *parser,
          const guint8         *bytes,
          gsize                 length,
          GError              **error)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (bytes, length);
  char *name, *header;
  guint8 *data;
  long size;
  gboolean read = TRUE;

  if (bio == NULL)
    return no_memory (error);
  while (read && PEM_read_bio (bio, &name, &header, &data, &size) == 1)
    {
      read = read_block (parser, name, header, data, size, error);
      OPENSSL_free (name);
      OPENSSL_free (header);
      OPENSSL_clear_free (data, size);
    }
  if (read)
    {
      g_autofree char *text = drt_try_malloc (length + 1);

      if (text == NULL)
        return no_memory (error);
      memcpy (text, bytes, length);
      text[length] = '\0';
      read = explain_end (text, error);
      OPENSSL_cleanse (text, length);
    }
  return read;
}

gboolean
drt_certificate_parser_read (DrtCertificateParser *parser,
                             const guint8         *bytes,
                             gsize                 length,
                             GError              **error)
{
  gboolean read;

  if (length == 0)
    return not_a_certificate (error, "There is nothing in it");
  if (length > DRT_CERTIFICATE_FILE_MAX)
    return not_a_certificate (error, "It is far too large for certificates");
  ERR_clear_error ();
  if (memmem (bytes, length, PEM_BEGIN, strlen (PEM_BEGIN)) != NULL)
    read = read_pem (parser, bytes, length, error);
  else
    read = read_der (parser, bytes, length, error);
  ERR_clear_error ();
  return read;
}

/* --- What belongs together --- */

/* The first certificate one of the keys belongs to. */
static X509 *
find_keyed (DrtCertificateParser *parser,
            EVP_PKEY            **key)
{
  for (int i = 0; i < sk_X509_num (parser->x509s); i++)
    for (guint j = 0; j < parser->keys->len; j++)
      {
        EVP_PKEY *candidate = g_ptr_array_index (parser->keys, j);
        EVP_PKEY *public_key = X509_get0_pubkey (sk_X509_value (parser->x509s, i));

        if (public_key != NULL && EVP_PKEY_eq (public_key, candidate) == 1)
          {
            *key = candidate;
            return sk_X509_value (parser->x509s, i);
          }
      }
  return NULL;
}

/* The first certificate that issued none of the others. */
static X509 *
find_last (STACK_OF (X509) *x509s)
{
  for (int i = 0; i < sk_X509_num (x509s); i++)
    {
      gboolean issued = FALSE;

      for (int j = 0; !issued && j < sk_X509_num (x509s); j++)
        issued = i != j && drt_certificate_names_issuer (sk_X509_value (x509s, j), sk_X509_value (x509s, i));
      if (!issued)
        return sk_X509_value (x509s, i);
    }
  return sk_X509_value (x509s, 0);
}

PCCERT_CONTEXT
drt_certificate_parser_finish (DrtCertificateParser *parser,
                               gboolean             *mismatch,
                               GError              **error)
{
  EVP_PKEY *key = NULL;
  X509 *x509;
  PCCERT_CONTEXT certificate;

  if (mismatch != NULL)
    *mismatch = FALSE;
  if (sk_X509_num (parser->x509s) == 0)
    {
      not_a_certificate (error, parser->keys->len > 0 ? "There is a private key, but no certificate" : "There is no certificate in it");
      return NULL;
    }
  x509 = find_keyed (parser, &key);
  ERR_clear_error ();
  if (x509 == NULL && parser->keys->len > 0)
    {
      if (mismatch == NULL)
        {
          drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_KEY_MISMATCH, "The private key does not belong to the certificate");
          return NULL;
        }
      *mismatch = TRUE;
    }
  if (x509 == NULL)
    x509 = find_last (parser->x509s);
  certificate = drt_certificate_new (x509, key, parser->x509s);
  if (certificate == NULL)
    no_memory (error);
  return certificate;
}
