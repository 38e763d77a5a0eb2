/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-options.h"

#include <net/if.h>
#include <string.h>
#include <sys/random.h>

#include "cli-output.h"
#include "cli-secret.h"

#define FIRST_PORT 1024   /* [MC-DRT] §2.1 */

/* Edits that turn one word into the other: how far a typing error is from what
 * was meant. */
static guint
edit_distance (const char *a,
               const char *b)
{
  gsize length = strlen (b);
  g_autofree guint *row = g_new (guint, length + 1);

  for (gsize j = 0; j <= length; j++)
    row[j] = j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i + 1;
      for (gsize j = 0; j < length; j++)
        {
          guint above = row[j + 1];

          row[j + 1] = MIN (MIN (above, row[j]) + 1, diagonal + (a[i] != b[j]));
          diagonal = above;
        }
    }
  return row[length];
}

/**
 * cli_suggest:
 * @word: what was typed
 * @candidates: what there is, ended by %NULL
 *
 * Returns: (nullable): the candidate that was probably meant
 */
const char *
cli_suggest (const char        *word,
             const char *const *candidates)
{
  const char *best = NULL;
  guint best_distance = 3;

  /* The command line is anybody's: no table of the product of two long words. */
  if (strlen (word) > 64)
    return NULL;
  for (; *candidates != NULL; candidates++)
    {
      guint distance = edit_distance (word, *candidates);

      if (g_str_has_prefix (*candidates, word) && strlen (word) >= 2)
        distance = MIN (distance, 2);
      if (distance < best_distance && distance < strlen (*candidates))
        {
          best = *candidates;
          best_distance = distance;
        }
    }
  return best;
}

static void
report_parse_error (const GOptionEntry *entries,
                    const GError       *error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *option = strstr (error->message, "--");
  const char *meant;

  if (!g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION) || option == NULL)
    {
      cli_usage_error ("%s", error->message);
      return;
    }

  for (; entries->long_name != NULL; entries++)
    g_ptr_array_add (names, g_strconcat ("--", entries->long_name, NULL));
  g_ptr_array_add (names, g_strdup ("--help"));
  g_ptr_array_add (names, NULL);

  {
    g_autofree char *word = g_strndup (option, strcspn (option, "= "));

    meant = cli_suggest (word, (const char *const *) names->pdata);
    if (meant != NULL)
      cli_usage_error ("there is no option “%s”; did you mean “%s”?", word, meant);
    else
      cli_usage_error ("there is no option “%s”", word);
  }
}

/**
 * cli_options_parse:
 * @command: the command
 * @entries: its options
 * @details: what --help says after the options, before the exit codes
 * @argv: (inout): its words, left with those that are no options
 *
 * Reads the options; --help ends the process here.
 *
 * Returns: %FALSE after telling what is wrong
 */
gboolean
cli_options_parse (const CliCommand   *command,
                   const GOptionEntry *entries,
                   const char         *details,
                   char             ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = g_strconcat (command->summary, ".", NULL);
  g_autofree char *description = g_strconcat (details, "\n", cli_exit_codes (), NULL);

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_context_set_translate_func (context, NULL, NULL, NULL);
  g_option_context_add_main_entries (context, entries, NULL);

  if (g_option_context_parse_strv (context, argv, &error))
    return TRUE;
  report_parse_error (entries, error);
  return FALSE;
}

/**
 * cli_random_key:
 *
 * A key from the system's generator.
 */
void
cli_random_key (DrtKey *key)
{
  /* No more than 256 bytes: never interrupted, never short. */
  if (getrandom (key->b, sizeof key->b, 0) != sizeof key->b)
    g_error ("The system gives no random numbers");
}

static gboolean
refuse_hex_key (const char *text,
                char      **problem)
{
  gsize length = strlen (text);

  if (strspn (text, "0123456789abcdefABCDEF") < length)
    *problem = g_strdup_printf ("“%.80s” is no key: write 64 hexadecimal digits, text:WORDS, cert:FILE or random", text);
  else if (length % 2 != 0)
    *problem = g_strdup_printf ("a key has 64 hexadecimal digits, not %" G_GSIZE_FORMAT, length);
  else
    *problem = g_strdup_printf ("a key has 32 bytes (64 hexadecimal digits), not %" G_GSIZE_FORMAT " (DRT_E_INVALID_KEY_SIZE)",
                                length / 2);
  return FALSE;
}

/* The key of a certificate, which needs no private key for that. */
static gboolean
parse_derived_key (const char *path,
                   DrtKey     *key,
                   char      **problem)
{
  PCCERT_CONTEXT certificate = cli_certificate_load_public (path);
  g_autoptr (DrtCertificateInfo) info = NULL;

  if (certificate == NULL)
    {
      *problem = g_strdup_printf ("there is no certificate to derive a key from in “%.300s”", path);
      return FALSE;
    }
  info = drt_certificate_get_info (certificate);
  drt_certificate_unref (certificate);
  if (info->profile == DRT_PROFILE_NONE)
    *problem = g_strdup_printf ("no key derives from the certificate of “%s”: its public key, %s, is fit for no security profile",
                                info->subject, info->key_name);
  else
    *key = info->key;
  return info->profile != DRT_PROFILE_NONE;
}

/**
 * cli_parse_key:
 * @text: 64 hexadecimal digits, the most significant first; `text:` and words
 *   to be hashed; `cert:` and the file of a certificate; or `random`
 * @key: (out): the key
 * @problem: (out): what is wrong with @text
 *
 * Returns: whether @text is a key
 */
gboolean
cli_parse_key (const char *text,
               DrtKey     *key,
               char      **problem)
{
  if (g_str_equal (text, "random"))
    {
      cli_random_key (key);
      return TRUE;
    }
  if (g_str_has_prefix (text, "text:"))
    {
      if (text[strlen ("text:")] == '\0')
        {
          *problem = g_strdup ("“text:” needs words after it");
          return FALSE;
        }
      drt_key_from_text (key, text + strlen ("text:"));
      return TRUE;
    }
  if (g_str_has_prefix (text, CLI_CERTIFICATE_PREFIX))
    return parse_derived_key (text + strlen (CLI_CERTIFICATE_PREFIX), key, problem);
  if (strlen (text) == DRT_KEY_HEX_LENGTH && drt_key_parse (text, key))
    return TRUE;
  return refuse_hex_key (text, problem);
}

/**
 * cli_parse_port:
 * @number: a UDP port, 0 for any
 *
 * Returns: whether a node may use it
 */
gboolean
cli_parse_port (int      number,
                guint16 *port,
                char   **problem)
{
  if (number != 0 && (number < FIRST_PORT || number > G_MAXUINT16))
    {
      *problem = g_strdup_printf ("the port is %d; it must be %d to %d, or 0 for any (DRT_E_INVALID_PORT)",
                                  number, FIRST_PORT, G_MAXUINT16);
      return FALSE;
    }
  *port = number;
  return TRUE;
}

/**
 * cli_parse_endpoint:
 * @text: `HOST:PORT`, `[ADDRESS]:PORT` or `[ADDRESS%INTERFACE]:PORT`
 * @host: (out): the host without brackets and interface
 * @zone: (out) (nullable): the interface
 * @port: (out): 1024 .. 65535
 *
 * Returns: whether @text is one
 */
gboolean
cli_parse_endpoint (const char *text,
                    char      **host,
                    char      **zone,
                    guint16    *port,
                    char      **problem)
{
  const char *colon = strrchr (text, ':');
  gboolean bracketed = text[0] == '[' && colon != NULL && colon > text + 2 && colon[-1] == ']';
  guint64 number;
  char *percent;

  if (colon == NULL || colon == text || (!bracketed && (colon != strchr (text, ':') || text[0] == '[')))
    {
      *problem = g_strdup_printf ("“%.300s” is no HOST:PORT; an IPv6 address goes into brackets: [ADDRESS]:PORT", text);
      return FALSE;
    }
  if (!g_ascii_string_to_unsigned (colon + 1, 10, FIRST_PORT, G_MAXUINT16, &number, NULL))
    {
      *problem = g_strdup_printf ("the port of “%.300s” must be %d to %d", text, FIRST_PORT, G_MAXUINT16);
      return FALSE;
    }

  *port = number;
  *host = bracketed ? g_strndup (text + 1, colon - text - 2) : g_strndup (text, colon - text);
  *zone = NULL;
  percent = strchr (*host, '%');
  if (percent != NULL)
    {
      *zone = g_strdup (percent + 1);
      *percent = '\0';
    }
  return TRUE;
}

/**
 * cli_parse_scope:
 * @scope: (nullable): `global`, `site`, `link` or `loopback`
 * @link: (nullable): an interface
 * @result: (out): the scope; as it was when both are %NULL
 *
 * Returns: whether these go together
 */
gboolean
cli_parse_scope (const char *scope,
                 const char *link,
                 CliScope   *result,
                 char      **problem)
{
  if (scope == NULL && link == NULL)
    return TRUE;

  result->interface = 0;
  if (link != NULL && (result->interface = if_nametoindex (link)) == 0)
    {
      *problem = g_strdup_printf ("there is no network interface “%.64s”", link);
      return FALSE;
    }

  if (scope == NULL || g_str_equal (scope, "link"))
    result->scope = DRT_LINK_LOCAL_SCOPE;
  else if (g_str_equal (scope, "global"))
    result->scope = DRT_GLOBAL_SCOPE;
  else if (g_str_equal (scope, "site"))
    result->scope = DRT_SITE_LOCAL_SCOPE;
  else if (g_str_equal (scope, "loopback") && link == NULL)
    {
      result->scope = DRT_GLOBAL_SCOPE;
      result->interface = if_nametoindex ("lo");
    }
  else if (g_str_equal (scope, "loopback"))
    {
      *problem = g_strdup ("--scope loopback and --link exclude each other");
      return FALSE;
    }
  else
    {
      *problem = g_strdup_printf ("the scope is global, site, link or loopback, not “%.64s” (DRT_E_INVALID_SCOPE)", scope);
      return FALSE;
    }
  return TRUE;
}

static const struct
{
  DRT_SECURITY_MODE mode;
  const char *name;
} modes[] = {
  { DRT_SECURE_RESOLVE, "resolve" },
  { DRT_SECURE_MEMBERSHIP, "membership" },
  { DRT_SECURE_CONFIDENTIALPAYLOAD, "confidential" },
};

/**
 * cli_parse_mode:
 * @text: (nullable): `resolve`, `membership` or `confidential`
 * @mode: (out): the mode; as it was when @text is %NULL
 *
 * Returns: whether @text is one
 */
gboolean
cli_parse_mode (const char        *text,
                DRT_SECURITY_MODE *mode,
                char             **problem)
{
  if (text == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (g_str_equal (text, modes[i].name))
      {
        *mode = modes[i].mode;
        return TRUE;
      }
  *problem = g_strdup_printf ("the mode is resolve, membership or confidential, not “%.64s” (DRT_E_INVALID_SECURITY_MODE)", text);
  return FALSE;
}

const char *
cli_mode_to_name (DRT_SECURITY_MODE mode)
{
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (modes[i].mode == mode)
      return modes[i].name;
  return "unknown";
}

/**
 * cli_parse_version:
 * @text: (nullable): `MAJOR.MINOR`, 0 .. 255 each
 * @major: (out): as it was when @text is %NULL
 * @minor: (out): likewise
 *
 * Returns: whether @text is one
 */
gboolean
cli_parse_version (const char *text,
                   guint8     *major,
                   guint8     *minor,
                   char      **problem)
{
  g_auto (GStrv) parts = NULL;
  guint64 numbers[2];

  if (text == NULL)
    return TRUE;

  parts = g_strsplit (text, ".", 3);
  if (g_strv_length (parts) != 2
      || !g_ascii_string_to_unsigned (parts[0], 10, 0, G_MAXUINT8, &numbers[0], NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXUINT8, &numbers[1], NULL))
    {
      *problem = g_strdup_printf ("the protocol version is MAJOR.MINOR, each 0 to 255, not “%.64s”", text);
      return FALSE;
    }
  *major = numbers[0];
  *minor = numbers[1];
  return TRUE;
}
