/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "security-testing.h"

#include <stdio.h>
#include <string.h>

/* What the library makes of profile 2.0 and of what others made of it: a command a
 * line, an answer a line, bytes in hexadecimal, "-" for what is not there. */

#define MAX_WORDS 8

static Member member;
static PCCERT_CONTEXT root;

static guint64
number_of (const DRT_DATA *word)
{
  guint64 number = 0;

  for (ULONG i = 0; i < word->cb; i++)
    number = number << 8 | word->pb[i];
  return number;
}

static void
say (const DRT_DATA *data,
     guint           n)
{
  for (guint i = 0; i < n; i++)
    {
      for (ULONG j = 0; j < data[i].cb; j++)
        printf ("%02x", data[i].pb[j]);
      fputs (data[i].cb == 0 ? "- " : " ", stdout);
      g_free (data[i].pb);
    }
  puts ("");
}

static gboolean
failed (HRESULT hr)
{
  if (FAILED (hr))
    puts ("bad");
  return FAILED (hr);
}

static void
close_member (void)
{
  if (root == NULL)
    return;
  member_close (&member);
  drt_certificate_unref (root);
  root = NULL;
}

/* open ROOT PEM AGREEMENT MADE NOW MODE: from now on; its derived key */
static void
do_open (DRT_DATA *words)
{
  DRT_DATA key;

  close_member ();
  testing_set_time (number_of (&words[4]) / 1000.0);
  root = drt_certificate_parse (words[0].pb, words[0].cb, NULL, NULL);
  g_assert_nonnull (root);
  member_open_known (&member, root, &words[1], number_of (&words[5]), words[2].pb, number_of (&words[3]));
  key = (DRT_DATA) { DRT_KEY_SIZE, g_memdup2 (member.key.b, DRT_KEY_SIZE) };
  say (&key, 1);
}

/* credential: ours */
static void
do_credential (const DRT_SECURITY_PROVIDER *table)
{
  DRT_DATA credential;

  if (!failed (table->GetSerializedCredential (table->pvContext, &credential)))
    say (&credential, 1);
}

/* check CREDENTIAL: good, bad */
static void
do_check (const DRT_SECURITY_PROVIDER *table,
          DRT_DATA                    *words)
{
  if (!failed (table->ValidateRemoteCredential (table->pvContext, &words[0])))
    puts ("good");
}

/* sign BUFFER BUFFER: key identifier, signature */
static void
do_sign (const DRT_SECURITY_PROVIDER *table,
         DRT_DATA                    *words)
{
  DRT_DATA made[2];

  if (!failed (table->SignData (table->pvContext, 2, words, &made[0], &made[1])))
    say (made, 2);
}

/* verify BUFFER BUFFER CREDENTIAL IDENTIFIER SIGNATURE: good, bad */
static void
do_verify (const DRT_SECURITY_PROVIDER *table,
           DRT_DATA                    *words)
{
  if (!failed (table->VerifyData (table->pvContext, 2, words, &words[2], &words[3], &words[4])))
    puts ("good");
}

/* pack FLAGS NONCE PAYLOAD: CPA, payload, chain */
static void
do_pack (const DRT_SECURITY_PROVIDER *table,
         DRT_DATA                    *words)
{
  DRT_DATA key = { DRT_KEY_SIZE, member.key.b }, classifier, made[3];

  if (!failed (table->SecureAndPackPayload (table->pvContext, NULL, 6, 0x65, number_of (&words[0]), &key,
                                            words[2].cb > 0 ? &words[2] : NULL, NULL, words[1].cb > 0 ? &words[1] : NULL,
                                            &made[0], &classifier, &made[1], &made[2])))
    say (made, 3);
}

/* unpack CPA CHAIN NONCE PAYLOAD: key, payload */
static void
do_unpack (const DRT_SECURITY_PROVIDER *table,
           DRT_DATA                    *words)
{
  DRT_DATA made[2];
  CERT_PUBLIC_KEY_INFO *info;
  BYTE major, minor;
  DWORD flags;

  if (failed (table->ValidateAndUnpackPayload (table->pvContext, &words[0], words[1].cb > 0 ? &words[1] : NULL, NULL,
                                               words[2].cb > 0 ? &words[2] : NULL, words[3].cb > 0 ? &words[3] : NULL,
                                               &major, &minor, &made[0], &made[1], &info, NULL, &flags)))
    return;
  table->FreeData (table->pvContext, info);
  say (made, 2);
}

/* seal CREDENTIAL BUFFER BUFFER: keytoken, sealed, sealed */
static void
do_seal (const DRT_SECURITY_PROVIDER *table,
         DRT_DATA                    *words)
{
  DRT_DATA made[3];

  if (!failed (table->EncryptData (table->pvContext, &words[0], 2, &words[1], &made[1], &made[0])))
    say (made, 3);
}

/* unseal KEYTOKEN SEALED SEALED: both */
static void
do_unseal (const DRT_SECURITY_PROVIDER *table,
           DRT_DATA                    *words)
{
  if (failed (table->DecryptData (table->pvContext, &words[0], NULL, 2, &words[1])))
    return;
  say (&words[1], 2);
  words[1].pb = words[2].pb = NULL;
}

static void
run (char *line)
{
  g_auto (GStrv) texts = g_strsplit (g_strstrip (line), " ", MAX_WORDS);
  const DRT_SECURITY_PROVIDER *table = member.provider;
  DRT_DATA words[MAX_WORDS] = { 0 };
  const char *verb = texts[0];

  for (guint i = 0; verb != NULL && texts[i + 1] != NULL; i++)
    words[i] = testing_from_hex (strcmp (texts[i + 1], "-") == 0 ? "" : texts[i + 1]);
  if (strcmp (verb, "open") == 0)
    do_open (words);
  else if (strcmp (verb, "credential") == 0)
    do_credential (table);
  else if (strcmp (verb, "check") == 0)
    do_check (table, words);
  else if (strcmp (verb, "sign") == 0)
    do_sign (table, words);
  else if (strcmp (verb, "verify") == 0)
    do_verify (table, words);
  else if (strcmp (verb, "pack") == 0)
    do_pack (table, words);
  else if (strcmp (verb, "unpack") == 0)
    do_unpack (table, words);
  else if (strcmp (verb, "seal") == 0)
    do_seal (table, words);
  else if (strcmp (verb, "unseal") == 0)
    do_unseal (table, words);
  else
    g_error ("there is no %s", verb);
  fflush (stdout);
  for (guint i = 0; i < MAX_WORDS; i++)
    g_free (words[i].pb);
}

int
main (void)
{
  size_t size = 0;
  char *read = NULL;

  while (getline (&read, &size, stdin) > 0)
    run (read);
  free (read);
  close_member ();
  return 0;
}
