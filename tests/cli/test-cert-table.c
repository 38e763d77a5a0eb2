/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "cli-process.h"
#include "cli-scratch.h"

/* drt cert check says of every file of tests/certificates/cases.json what stands
 * there: nothing more and nothing less. */

static char *directory;

typedef struct
{
  JsonObject *json;
} Case;

static const char *
get_string (const Case *test,
            const char *member)
{
  return json_object_get_string_member_with_default (test->json, member, NULL);
}

static void
add_file (GStrvBuilder *arguments,
          const Case   *test,
          const char   *option,
          const char   *member)
{
  const char *name = get_string (test, member);

  if (name == NULL)
    return;
  if (option != NULL)
    g_strv_builder_add (arguments, option);
  g_strv_builder_take (arguments, g_build_filename (directory, name, NULL));
}

/* The file has the bytes as they lie in DRT_DATA.pb, people write the last of them first. */
static char *
read_key (const Case *test)
{
  g_autofree char *path = g_build_filename (directory, get_string (test, "key"), NULL);
  g_autofree char *digits = g_strchomp (cli_scratch_read (path, NULL));
  gsize length = strlen (digits);
  char *key = g_malloc0 (length + 1);

  g_assert_cmpuint (length, ==, 64);
  for (gsize i = 0; i < length; i += 2)
    memcpy (key + i, digits + length - 2 - i, 2);
  return key;
}

static GStrv
command_line (const Case *test)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  const char *passphrase = get_string (test, "passphrase");

  g_strv_builder_add_many (arguments, "cert", "check", "--json", NULL);
  add_file (arguments, test, NULL, "file");
  add_file (arguments, test, "--root", "root");
  add_file (arguments, test, "--crl", "revoked");
  if (get_string (test, "profile") != NULL)
    g_strv_builder_add_many (arguments, "--profile", get_string (test, "profile"), NULL);
  if (passphrase != NULL)
    {
      g_strv_builder_add (arguments, "--passphrase-file");
      g_strv_builder_take (arguments, cli_scratch_write (directory, "passphrase", passphrase, 0600));
    }
  if (get_string (test, "key") != NULL)
    {
      g_strv_builder_add (arguments, "--key");
      g_strv_builder_take (arguments, read_key (test));
    }
  return g_strv_builder_end (arguments);
}

/* "0 expired\n", each with all that belongs to it. */
static char *
list_reasons (JsonObject *chain)
{
  JsonArray *reasons = json_object_get_array_member (chain, "reasons");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (reasons); i++)
    {
      JsonObject *reason = json_array_get_object_element (reasons, i);
      const char *id = json_object_get_string_member (reason, "id");
      gint64 code = json_object_get_int_member (reason, "openssl_code");

      g_string_append_printf (text, "%d %s\n", (int) json_object_get_int_member (reason, "depth"), id);
      g_assert_cmpstr (json_object_get_string_member (reason, "title"), !=, "");
      g_assert_true (g_str_has_suffix (json_object_get_string_member (reason, "sentence"), "."));
      g_assert_true (g_str_has_suffix (json_object_get_string_member (reason, "remedy"), "."));
      g_assert_true (json_object_get_boolean_member (reason, "fault") == !g_str_equal (id, "expires-soon"));
      if (code != 0)
        g_assert_true (g_str_has_prefix (json_object_get_string_member (reason, "openssl"), "X509_V_ERR_"));
      else
        g_assert_true (json_object_get_null_member (reason, "openssl"));
    }
  return g_string_free_and_steal (text);
}

static char *
expected_reasons (const Case *test)
{
  JsonArray *verdicts = json_object_get_array_member (test->json, "verdicts");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (verdicts); i++)
    {
      JsonArray *verdict = json_array_get_array_element (verdicts, i);

      g_string_append_printf (text, "%d %s\n", (int) json_array_get_int_element (verdict, 0), json_array_get_string_element (verdict, 1));
    }
  return g_string_free_and_steal (text);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_auto (GStrv) arguments = command_line (test);
  g_autoptr (CliResult) result = cli_runv ((const char *const *) arguments);
  g_autoptr (JsonObject) chain = cli_result_find (result, "chain");
  g_autofree char *expected = expected_reasons (test);
  gboolean good = g_str_equal (get_string (test, "code"), "S_OK");
  g_autofree char *reasons = NULL;

  g_assert_cmpstr (result->err, ==, "");
  g_assert_nonnull (chain);
  reasons = list_reasons (chain);
  g_assert_cmpstr (reasons, ==, expected);
  g_assert_cmpint (result->status, ==, good ? 0 : 1);
  g_assert_true (json_object_get_boolean_member (chain, "good") == good);
  g_assert_cmpstr (json_object_get_string_member (chain, "code"), ==, get_string (test, "code"));
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (chain, "certificates")), ==,
                   json_object_get_int_member (test->json, "certificates"));
}

/* The text says the same: all ids, and which certificates are marked. */
static void
test_text (gconstpointer data)
{
  const Case *test = data;
  g_auto (GStrv) arguments = command_line (test);
  JsonArray *verdicts = json_object_get_array_member (test->json, "verdicts");
  g_autoptr (CliResult) result = NULL;

  g_free (arguments[2]);
  memmove (&arguments[2], &arguments[3], g_strv_length (arguments) * sizeof *arguments - 2 * sizeof *arguments);
  result = cli_runv ((const char *const *) arguments);
  for (guint i = 0; i < json_array_get_length (verdicts); i++)
    {
      g_autofree char *id = g_strconcat ("(", json_array_get_string_element (json_array_get_array_element (verdicts, i), 1), NULL);

      cli_assert_contains (result->out, id);
    }
  if (result->status == 0)
    g_assert_null (strstr (result->out, "✗"));
  else
    {
      cli_assert_contains (result->out, "✗");
      cli_assert_contains (result->out, "Not good: ");
      cli_assert_contains (result->out, get_string (test, "code"));
    }
}

static void
generate (const char *script)
{
  const char *const command[] = { "python3", script, directory, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree Case *tests = NULL;
  JsonArray *cases;
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);     /* generate.py, cases.json */
  directory = cli_scratch_new ();
  generate (argv[1]);
  json_parser_load_from_file (parser, argv[2], &error);
  g_assert_no_error (error);
  cases = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "cases");
  tests = g_new0 (Case, json_array_get_length (cases));

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *json = json_array_get_object_element (cases, i);
      const char *name = json_object_get_string_member (json, "name");
      g_autofree char *path = g_strconcat ("/cert-table/json/", name, NULL);
      g_autofree char *text_path = g_strconcat ("/cert-table/text/", name, NULL);

      tests[i].json = json;
      /* Of messages: nobody has those as files. */
      if (json_object_get_boolean_member_with_default (json, "credential", FALSE))
        continue;
      g_test_add_data_func (path, &tests[i], test_case);
      g_test_add_data_func (text_path, &tests[i], test_text);
    }
  result = g_test_run ();
  cli_scratch_free (directory);
  return result;
}
