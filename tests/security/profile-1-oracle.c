/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-profile-1-credential.h"
#include "drt-profile-1-crypto.h"
#include "profile-1-testing.h"

#include <stdio.h>
#include <string.h>

/* What the library makes of profile 1.0 and of what others made of it: a command a
 * line, an answer a line, bytes in hexadecimal. */

#define MAX_WORDS 8

static void
print_bytes (const guint8 *bytes,
             gsize         length,
             const char   *end)
{
  for (gsize i = 0; i < length; i++)
    printf ("%02x", bytes[i]);
  fputs (end, stdout);
}

static void
print_session (const DrtProfile1Session *session,
               const char               *end)
{
  print_bytes (session->iv, sizeof session->iv, " ");
  print_bytes (session->key, sizeof session->key, end);
}

/* sign KEY DATA: a SIGNATURE */
static void
do_sign (EVP_PKEY *key,
         DRT_DATA *data)
{
  guint8 signature[DRT_PROFILE_1_RSA_SIZE], bytes[DRT_PROFILE_1_SIGNATURE_SIZE];

  g_assert_true (drt_profile_1_sign (key, data, 1, signature));
  drt_profile_1_signature_encode (bytes, signature);
  print_bytes (bytes, sizeof bytes, "\n");
}

/* verify KEY SIGNATURE DATA: good, bad */
static void
do_verify (EVP_PKEY *key,
           DRT_DATA *words)
{
  const guint8 *signature = drt_profile_1_signature_decode (words[0].pb, words[0].cb);

  puts (signature != NULL && drt_profile_1_verify (key, &words[1], 1, signature) ? "good" : "bad");
}

/* wrap KEY: a fresh IV, key, and their token */
static void
do_wrap (EVP_PKEY *key)
{
  guint8 token[DRT_PROFILE_1_RSA_SIZE];
  DrtProfile1Session session;

  g_assert_true (drt_profile_1_session_new (&session));
  g_assert_true (drt_profile_1_session_wrap (&session, key, token));
  print_session (&session, " ");
  print_bytes (token, sizeof token, "\n");
}

/* unwrap KEY TOKEN: its IV and key, or bad */
static void
do_unwrap (EVP_PKEY *key,
           DRT_DATA *token)
{
  DrtProfile1Session session;

  if (drt_profile_1_session_unwrap (&session, key, token->pb, token->cb))
    print_session (&session, "\n");
  else
    puts ("bad");
}

/* encrypt IV KEY DATA, decrypt IV KEY DATA: the buffer, or bad */
static void
do_buffer (gboolean  decrypt,
           DRT_DATA *words)
{
  g_autofree guint8 *bytes = g_malloc (words[2].cb + DRT_PROFILE_1_PADDING_MAX);
  DrtProfile1Session session;
  gsize length;

  memcpy (session.iv, words[0].pb, sizeof session.iv);
  memcpy (session.key, words[1].pb, sizeof session.key);
  if ((decrypt ? drt_profile_1_decrypt : drt_profile_1_encrypt) (&session, words[2].pb, words[2].cb, bytes, &length))
    print_bytes (bytes, length, "\n");
  else
    puts ("bad");
}

/* credential CERTIFICATE...: the credential, or bad */
static void
do_credential (DRT_DATA *words,
               guint     n)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
  g_autoptr (GBytes) credential = NULL;

  for (guint i = 0; i < n; i++)
    {
      const unsigned char *at = words[i].pb;

      g_ptr_array_add (chain, d2i_X509 (NULL, &at, words[i].cb));
    }
  credential = drt_profile_1_credential_encode (chain);
  if (credential != NULL)
    print_bytes (g_bytes_get_data (credential, NULL), g_bytes_get_size (credential), "\n");
  else
    puts ("bad");
}

/* check CREDENTIAL: good, bad */
static void
do_check (DRT_DATA *credential)
{
  puts (drt_profile_1_credential_is_sound (credential->pb, credential->cb) ? "good" : "bad");
}

static void
run (char *line)
{
  g_auto (GStrv) texts = g_strsplit (g_strstrip (line), " ", MAX_WORDS);
  guint n = g_strv_length (texts) - 1;
  const char *verb = texts[0];
  DRT_DATA words[MAX_WORDS];
  EVP_PKEY *key = NULL;

  for (guint i = 0; i < n; i++)
    words[i] = bytes_from_hex (texts[i + 1]);
  if (strcmp (verb, "sign") == 0 || strcmp (verb, "verify") == 0 || g_str_has_suffix (verb, "wrap"))
    key = private_key_from_hex (texts[1]);

  if (strcmp (verb, "sign") == 0)
    do_sign (key, &words[1]);
  else if (strcmp (verb, "verify") == 0)
    do_verify (key, &words[1]);
  else if (strcmp (verb, "wrap") == 0)
    do_wrap (key);
  else if (strcmp (verb, "unwrap") == 0)
    do_unwrap (key, &words[1]);
  else if (strcmp (verb, "credential") == 0)
    do_credential (words, n);
  else if (strcmp (verb, "check") == 0)
    do_check (&words[0]);
  else
    do_buffer (strcmp (verb, "decrypt") == 0, words);

  EVP_PKEY_free (key);
  for (guint i = 0; i < n; i++)
    bytes_clear (&words[i]);
}

int
main (void)
{
  char *line = NULL;
  size_t size = 0;

  while (getline (&line, &size, stdin) > 0)
    {
      run (line);
      fflush (stdout);
    }
  free (line);
  return 0;
}
