/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-private.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "drt-certificate-text.h"

/* What a certificate says, for people. */

/* --- Names --- */

static gboolean
turns_direction (gunichar c)
{
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

gboolean
drt_certificate_text_is_plain (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_iscntrl (c) || turns_direction (c) || c == 0x2028 || c == 0x2029)
        return FALSE;
    }
  return TRUE;
}

/* Names of profile 1.0 end with a zero character; one in the middle would hide the rest. */
static char *
dup_value (const ASN1_STRING *value)
{
  guint8 *bytes = NULL;
  int length = ASN1_STRING_to_UTF8 (&bytes, value);
  char *text = NULL;

  if (length < 0)
    {
      ERR_clear_error ();
      return NULL;
    }
  if (length > 0 && bytes[length - 1] == '\0')
    length--;
  if (length > 0 && memchr (bytes, '\0', length) == NULL)
    text = g_strndup ((const char *) bytes, length);
  OPENSSL_free (bytes);
  return text;
}

char *
drt_certificate_dup_common_name (const X509_NAME *name)
{
  int last = -1;
  g_autofree char *text = NULL;

  for (int i = -1; (i = X509_NAME_get_index_by_NID (name, NID_commonName, i)) >= 0;)
    last = i;
  if (last >= 0)
    text = dup_value (X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, last)));
  return text != NULL && drt_certificate_text_is_plain (text) ? g_steal_pointer (&text) : NULL;
}

/* The zero character at the end of a value of profile 1.0, which RFC 2253 writes
 * as \00; a backslash before it belongs to a pair of them. */
static void
remove_terminators (char *text)
{
  char *to = text;

  for (const char *from = text; *from != '\0';)
    {
      if (g_str_has_prefix (from, "\\00") && (from[3] == '\0' || from[3] == ',' || from[3] == '+'))
        {
          from += 3;
          continue;
        }
      if (*from == '\\' && from[1] != '\0')
        *to++ = *from++;
      *to++ = *from++;
    }
  *to = '\0';
}

/* RFC 2253, but letters of other alphabets stay as they are unless they cannot be shown. */
static char *
dup_full_name (const X509_NAME *name)
{
  gulong flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
  char *text = NULL;

  for (guint attempt = 0; attempt < 2; attempt++)
    {
      g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
      char *bytes = NULL;
      long length;

      g_free (text);
      text = NULL;
      if (bio == NULL || X509_NAME_print_ex (bio, name, 0, flags) < 0)
        break;
      length = BIO_get_mem_data (bio, &bytes);
      text = g_strndup (bytes, length);
      remove_terminators (text);
      if (drt_certificate_text_is_plain (text))
        return text;
      flags |= ASN1_STRFLGS_ESC_MSB;
    }
  ERR_clear_error ();
  g_free (text);
  return g_strdup ("");
}

static char *
dup_name (const X509_NAME *name)
{
  char *common = drt_certificate_dup_common_name (name);

  return common != NULL ? common : dup_full_name (name);
}

/* --- Numbers --- */

static char *
dup_serial (X509 *x509)
{
  BIGNUM *number = ASN1_INTEGER_to_BN (X509_get0_serialNumber (x509), NULL);
  char *digits = number != NULL ? BN_bn2hex (number) : NULL;
  char *serial = g_strdup (digits != NULL ? digits : "");

  OPENSSL_free (digits);
  BN_free (number);
  return serial;
}

static char *
dup_fingerprint (X509 *x509)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint length = 0;
  GString *text = g_string_new (NULL);

  if (X509_digest (x509, EVP_sha256 (), digest, &length) != 1)
    length = 0;
  for (guint i = 0; i < length; i++)
    g_string_append_printf (text, i > 0 ? ":%02X" : "%02X", digest[i]);
  return g_string_free_and_steal (text);
}

/* --- Algorithms --- */

static char *
dup_key_name (EVP_PKEY *key)
{
  char group[64];
  const char *type = key != NULL ? EVP_PKEY_get0_type_name (key) : NULL;

  if (type == NULL)
    return g_strdup ("Unknown");
  if (EVP_PKEY_is_a (key, "ED25519"))
    return g_strdup ("Ed25519");
  if (EVP_PKEY_is_a (key, "ED448"))
    return g_strdup ("Ed448");
  if (EVP_PKEY_is_a (key, "EC"))
    {
      if (EVP_PKEY_get_group_name (key, group, sizeof group, NULL) != 1)
        return g_strdup_printf ("Elliptic curve, %d bits", EVP_PKEY_get_bits (key));
      return g_strdup_printf ("Elliptic curve, %s", strcmp (group, SN_X9_62_prime256v1) == 0 ? "P-256" : group);
    }
  return g_strdup_printf ("%s, %d bits", type, EVP_PKEY_get_bits (key));
}

static const char *
digest_name (int nid)
{
  switch (nid)
    {
    case NID_md5:
      return "MD5";
    case NID_sha1:
      return "SHA-1";
    case NID_sha224:
      return "SHA-224";
    case NID_sha256:
      return "SHA-256";
    case NID_sha384:
      return "SHA-384";
    case NID_sha512:
      return "SHA-512";
    default:
      return nid != NID_undef ? OBJ_nid2sn (nid) : NULL;
    }
}

static char *
dup_signature_name (X509 *x509)
{
  int digest = NID_undef, algorithm = NID_undef;
  const char *with;

  if (X509_get_signature_info (x509, &digest, &algorithm, NULL, NULL) != 1)
    algorithm = X509_get_signature_nid (x509);
  switch (algorithm)
    {
    case NID_ED25519:
      return g_strdup ("Ed25519");
    case NID_ED448:
      return g_strdup ("Ed448");
    case NID_rsaEncryption:
      with = "RSA";
      break;
    case NID_rsassaPss:
      with = "RSA-PSS";
      break;
    case NID_X9_62_id_ecPublicKey:
      with = "ECDSA";
      break;
    default:
      with = algorithm != NID_undef ? OBJ_nid2ln (algorithm) : "Unknown";
    }
  return digest_name (digest) != NULL ? g_strdup_printf ("%s with %s", digest_name (digest), with) : g_strdup (with);
}

static const struct
{
  guint32 bit;
  const char *name;
} usages[] = {
  { KU_DIGITAL_SIGNATURE, "digital signature" },
  { KU_NON_REPUDIATION, "non-repudiation" },
  { KU_KEY_ENCIPHERMENT, "key encipherment" },
  { KU_DATA_ENCIPHERMENT, "data encipherment" },
  { KU_KEY_AGREEMENT, "key agreement" },
  { KU_KEY_CERT_SIGN, "certificate signing" },
  { KU_CRL_SIGN, "revoke list signing" },
  { KU_ENCIPHER_ONLY, "encipher only" },
  { KU_DECIPHER_ONLY, "decipher only" },
};

static char *
dup_key_usage (X509 *x509)
{
  guint32 usage = X509_get_key_usage (x509);
  GString *text;

  if ((X509_get_extension_flags (x509) & EXFLAG_KUSAGE) == 0)
    return NULL;
  text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (usages); i++)
    if (usage & usages[i].bit)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", usages[i].name);
  return g_string_free_and_steal (text);
}

/* --- All of it --- */

static DrtCertificateInfo *
info_new (PCCERT_CONTEXT certificate)
{
  X509 *x509 = drt_certificate_get_x509 (certificate);
  DrtCertificateInfo *info = g_new0 (DrtCertificateInfo, 1);

  info->subject = dup_name (X509_get_subject_name (x509));
  info->issuer = dup_name (X509_get_issuer_name (x509));
  info->subject_full = dup_full_name (X509_get_subject_name (x509));
  info->issuer_full = dup_full_name (X509_get_issuer_name (x509));
  info->serial = dup_serial (x509);
  drt_certificate_get_time (X509_get0_notBefore (x509), &info->not_before);
  drt_certificate_get_time (X509_get0_notAfter (x509), &info->not_after);
  info->algorithm = drt_certificate_key_algorithm (X509_get0_pubkey (x509));
  info->key_name = dup_key_name (X509_get0_pubkey (x509));
  info->signature_name = dup_signature_name (x509);
  info->fingerprint = dup_fingerprint (x509);
  info->key_usage = dup_key_usage (x509);
  info->is_authority = drt_certificate_is_authority (x509);
  info->path_length = X509_get_pathlen (x509);
  info->is_self_signed = drt_certificate_names_issuer (x509, x509) && drt_certificate_self_verify (certificate);
  info->profile = drt_certificate_get_profile (certificate);
  drt_certificate_derive_key (X509_get_X509_PUBKEY (x509), &info->key);
  return info;
}

/**
 * drt_certificate_get_info:
 * @certificate: a certificate
 *
 * Returns: (nullable) (transfer full): what it says; NULL only for a CERT_CONTEXT
 *   the program filled in by itself and not with a certificate
 */
DrtCertificateInfo *
drt_certificate_get_info (PCCERT_CONTEXT certificate)
{
  PCCERT_CONTEXT held = drt_certificate_ref (certificate);
  DrtCertificateInfo *info;

  if (held == NULL)
    return NULL;
  info = info_new (held);
  drt_certificate_unref (held);
  ERR_clear_error ();
  return info;
}

/**
 * drt_certificate_info_free:
 * @info: (nullable)
 */
void
drt_certificate_info_free (DrtCertificateInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->subject);
  g_free (info->issuer);
  g_free (info->subject_full);
  g_free (info->issuer_full);
  g_free (info->serial);
  g_free (info->key_name);
  g_free (info->signature_name);
  g_free (info->fingerprint);
  g_free (info->key_usage);
  g_free (info);
}
