/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-output.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Written as it is: drt speaks UTF-8 whatever the locale, as payloads do. */
static void
write_out (const char *text)
{
  static gboolean failed;

  if (failed)
    return;
  if (fputs (text, stdout) < 0 || fflush (stdout) != 0)
    {
      /* Nobody reads any more, or the disk is full.  A running node ends as it does when asked to. */
      failed = TRUE;
      if (errno != EPIPE)
        cli_warn ("the output cannot be written: %s", g_strerror (errno));
      raise (SIGTERM);
    }
}

/**
 * cli_print:
 *
 * Writes to the standard output, at once.
 */
void
cli_print (const char *format,
           ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  write_out (text);
}

/**
 * cli_print_timed:
 *
 * Writes a line of what goes on, which begins with the time.
 */
void
cli_print_timed (const char *format,
                 ...)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S");
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  cli_print ("%s  %s\n", time, text);
}

/**
 * cli_warn:
 *
 * Writes a line to the standard error, after the name of the command.
 */
void
cli_warn (const char *format,
          ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  fprintf (stderr, "%s: %s\n", g_get_prgname (), text);
}

/**
 * cli_explain:
 *
 * Writes to the standard error what belongs to the warning before.
 */
void
cli_explain (const char *format,
             ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  fprintf (stderr, "%s\n", text);
}

/**
 * cli_usage_error:
 *
 * Says what is wrong with the command line, and where help is.
 *
 * Returns: %CLI_EXIT_USAGE
 */
int
cli_usage_error (const char *format,
                 ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  fprintf (stderr, "%s: %s.\nTry “%s --help”.\n", g_get_prgname (), text, g_get_prgname ());
  return CLI_EXIT_USAGE;
}

/**
 * cli_code_to_name:
 *
 * Returns: the name of a code, also of one that libdrt does not know
 */
const char *
cli_code_to_name (HRESULT hr)
{
  const char *name = drt_hresult_to_name (hr);

  return name != NULL ? name : "unknown code";
}

/**
 * cli_report_code:
 * @what: what could not be done
 * @hr: why
 * @advice: (nullable): what to do about it
 *
 * An error of libdrt on the standard error: name, number, sentence, advice.
 */
void
cli_report_code (const char *what,
                 HRESULT     hr,
                 const char *advice)
{
  fprintf (stderr, "%s: %s: %s (0x%08X)\n", g_get_prgname (), what, cli_code_to_name (hr), (guint32) hr);
  fprintf (stderr, "  %s\n", drt_hresult_to_sentence (hr));
  if (advice != NULL)
    fprintf (stderr, "  %s\n", advice);
}

/**
 * cli_exit_codes:
 *
 * Returns: the table of exit codes, as each --help ends with it
 */
const char *
cli_exit_codes (void)
{
  return
    "Exit codes:\n"
    "  0    done; found; a node or mesh was ended by Ctrl+C, SIGTERM or SIGHUP\n"
    "  1    not found: nobody publishes the key; no such code; a certificate or an invitation is not good\n"
    "  2    wrong command line\n"
    "  3    the node could not be opened, or a key not registered; the chain of its certificate is not good\n"
    "  4    timed out: no mesh was reached, or the search did not end\n"
    "  5    the node faulted while it ran\n"
    "  6    a file of certificates, keys or a passphrase could not be read, used or written\n"
    "  130  a search or a scenario was interrupted\n";
}

/**
 * cli_json_begin:
 * @event: what kind of line this is
 *
 * Returns: an open object, for cli_json_end()
 */
JsonBuilder *
cli_json_begin (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  cli_json_add_string (builder, "event", event);
  return builder;
}

/* @value: %NULL is null. */
void
cli_json_add_string (JsonBuilder *builder,
                     const char  *name,
                     const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
cli_json_add_int (JsonBuilder *builder,
                  const char  *name,
                  gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
cli_json_add_double (JsonBuilder *builder,
                     const char  *name,
                     double       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

void
cli_json_add_bool (JsonBuilder *builder,
                   const char  *name,
                   gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
cli_json_add_key (JsonBuilder  *builder,
                  const char   *name,
                  const DrtKey *key)
{
  char text[DRT_KEY_HEX_LENGTH + 1];

  drt_key_format (key, text);
  cli_json_add_string (builder, name, text);
}

void
cli_json_add_endpoint (JsonBuilder       *builder,
                       const char        *name,
                       const DrtEndpoint *endpoint)
{
  char text[DRT_ENDPOINT_TEXT_SIZE];

  drt_endpoint_format (endpoint, text);
  cli_json_add_string (builder, name, text);
}

static gboolean
is_printable (const guint8 *bytes,
              gsize         length)
{
  const char *text = (const char *) bytes;

  if (!g_utf8_validate_len (text, length, NULL))
    return FALSE;
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static char *
bytes_to_hex (const guint8 *bytes,
              gsize         length)
{
  GString *text = g_string_sized_new (2 * length + 1);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free_and_steal (text);
}

/* "payload" where it is text, else "payload_hex". */
void
cli_json_add_payload (JsonBuilder  *builder,
                      const guint8 *bytes,
                      gsize         length)
{
  gboolean printable = is_printable (bytes, length);
  g_autofree char *text = printable ? g_strndup ((const char *) bytes, length) : bytes_to_hex (bytes, length);

  cli_json_add_string (builder, printable ? "payload" : "payload_hex", text);
}

/* "code", "number" and "sentence". */
void
cli_json_add_code (JsonBuilder *builder,
                   HRESULT      hr)
{
  g_autofree char *number = g_strdup_printf ("0x%08X", (guint32) hr);

  cli_json_add_string (builder, "code", drt_hresult_to_name (hr));
  cli_json_add_string (builder, "number", number);
  cli_json_add_string (builder, "sentence", drt_hresult_to_sentence (hr));
}

/**
 * cli_json_end:
 * @builder: (transfer full): from cli_json_begin()
 *
 * Closes the object and writes it as one line.
 */
void
cli_json_end (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  line = json_generator_to_data (generator, NULL);
  cli_print ("%s\n", line);
  g_object_unref (builder);
}

/**
 * cli_status_to_name:
 *
 * Returns: as programs read it: the name of drt.h without its prefix
 */
const char *
cli_status_to_name (DRT_STATUS status)
{
  switch (status)
    {
    case DRT_ACTIVE:
      return "ACTIVE";
    case DRT_ALONE:
      return "ALONE";
    case DRT_NO_NETWORK:
      return "NO_NETWORK";
    case DRT_FAULTED:
      return "FAULTED";
    default:
      return "UNKNOWN";
    }
}

/**
 * cli_status_to_words:
 *
 * Returns: as people read it
 */
const char *
cli_status_to_words (DRT_STATUS status)
{
  switch (status)
    {
    case DRT_ACTIVE:
      return "Active";
    case DRT_ALONE:
      return "Alone";
    case DRT_NO_NETWORK:
      return "No network";
    case DRT_FAULTED:
      return "Faulted";
    default:
      return "Unknown";
    }
}

/**
 * cli_payload_to_text:
 *
 * Returns: (transfer full): the bytes as text in quotes if that can be printed,
 *   else in hexadecimal
 */
char *
cli_payload_to_text (const guint8 *bytes,
                     gsize         length)
{
  if (is_printable (bytes, length))
    return g_strdup_printf ("“%.*s”", (int) length, (const char *) bytes);

  {
    g_autofree char *hex = bytes_to_hex (bytes, length);

    return g_strdup_printf ("%s (hexadecimal, %" G_GSIZE_FORMAT " bytes)", hex, length);
  }
}

/**
 * cli_flags_to_words:
 * @flags: DRT_ADDRESS_FLAGS
 *
 * Returns: (transfer full): the verdict on an asked node
 */
char *
cli_flags_to_words (guint32 flags)
{
  static const struct
  {
    guint32 flag;
    const char *words;
  } table[] = {
    { DRT_ADDRESS_FLAG_ACCEPTED, "accepted" },
    { DRT_ADDRESS_FLAG_REJECTED, "rejected: no nearer" },
    { DRT_ADDRESS_FLAG_UNREACHABLE, "unreachable" },
    { DRT_ADDRESS_FLAG_LOOP, "loop: named a node asked before" },
    { DRT_ADDRESS_FLAG_TOO_BUSY, "too busy" },
    { DRT_ADDRESS_FLAG_BAD_VALIDATE_ID, "wrong key: does not publish the one expected" },
    { DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID, "thinks the key is not registered" },
    { DRT_ADDRESS_FLAG_INQUIRE, "asked to prove its key" },
  };
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (flags & table[i].flag)
      g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", table[i].words);
  if (words->len == 0)
    g_string_append (words, "not answered yet");
  return g_string_free_and_steal (words);
}
