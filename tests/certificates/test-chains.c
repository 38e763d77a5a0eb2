/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "certificate-testing.h"
#include "drt-chain.h"
#include "drt-glib.h"

/* Every case of cases.json: what the check says of it, and what openssl verify
 * does, whose word is asked for each plain X.509 case. */

static char *directory;

typedef struct
{
  JsonObject *json;
  const char *name;
} Case;

static const char *
get_string (const Case *test,
            const char *member)
{
  return json_object_get_string_member_with_default (test->json, member, NULL);
}

static char *
get_path (const Case *test,
          const char *member)
{
  const char *name = get_string (test, member);

  return name != NULL ? g_build_filename (directory, name, NULL) : NULL;
}

/* --- What is expected --- */

static char *
expected_verdicts (const Case *test)
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

static char *
list_verdicts (const DrtChainReport *report)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);

      g_string_append_printf (text, "%u %s\n", verdict->depth, drt_chain_reason_id (verdict->reason));
    }
  return g_string_free_and_steal (text);
}

/* Sentences that a person can read; what they say is looked at in test-words. */
static void
check_words (const DrtChainReport *report)
{
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);
      g_autofree char *sentence = drt_chain_verdict_describe (report, verdict);

      g_test_message ("%u %s (%s): %s", verdict->depth, drt_chain_reason_title (verdict->reason),
                      verdict->openssl_code != 0 ? drt_chain_openssl_name (verdict->openssl_code) : "-", sentence);
      g_assert_true (g_str_has_suffix (sentence, "."));
      g_assert_true (g_unichar_isupper (g_utf8_get_char (sentence)) || g_str_has_prefix (sentence, "“"));
      g_assert_null (strstr (sentence, "(null)"));
      g_assert_null (strstr (sentence, ".."));
      g_assert_null (strstr (sentence, "  "));
      if (verdict->depth < report->certificates->len)
        {
          g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (g_ptr_array_index (report->certificates, verdict->depth));

          g_assert_nonnull (strstr (sentence, info->subject));
        }
      g_assert_true (verdict->openssl_code == 0 || drt_chain_openssl_name (verdict->openssl_code) != NULL);
    }
}

/* --- What openssl says --- */

static GPtrArray *
verify_command (const Case *test)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  const char *root = get_string (test, "root");
  g_autofree char *root_path = get_path (test, "root");
  g_autofree char *path = get_path (test, "file");
  g_autofree char *revoked = get_path (test, "revoked");
  const char *purpose = get_string (test, "purpose");
  const char *const first[] = { "openssl", "verify", "-no-CApath", "-no-CAstore", "-check_ss_sig", "-CAfile", root_path, "-untrusted", path, NULL };

  for (guint i = 0; first[i] != NULL; i++)
    g_ptr_array_add (words, g_strdup (first[i]));
  g_ptr_array_add (words, g_strdup ("-purpose"));
  g_ptr_array_add (words, g_strdup (purpose != NULL ? purpose : "smimesign"));
  /* What is too weak: as profile 2.0 has it, and nothing in 1.0 */
  g_ptr_array_add (words, g_strdup ("-auth_level"));
  g_ptr_array_add (words, g_strdup (g_str_has_prefix (root, "old-") ? "0" : "2"));
  if (json_object_get_boolean_member_with_default (test->json, "partial", FALSE))
    g_ptr_array_add (words, g_strdup ("-partial_chain"));
  if (revoked != NULL)
    {
      g_ptr_array_add (words, g_strdup ("-crl_check_all"));
      g_ptr_array_add (words, g_strdup ("-CRLfile"));
      g_ptr_array_add (words, g_strdup (revoked));
    }
  g_ptr_array_add (words, g_strdup (path));
  g_ptr_array_add (words, NULL);
  return words;
}

/* Whether one of the faults openssl names, "error N at DEPTH depth lookup", is one of ours. */
static gboolean
is_among (const DrtChainReport *report,
          const char           *said)
{
  int code, depth;

  for (const char *error = said; (error = strstr (error, "error ")) != NULL; error++)
    {
      if (sscanf (error, "error %d at %d depth", &code, &depth) != 2)
        continue;
      for (guint i = 0; i < report->verdicts->len; i++)
        {
          const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);

          if (verdict->openssl_code == code && (int) verdict->depth == depth)
            return TRUE;
        }
    }
  return FALSE;
}

static void
check_openssl (const Case           *test,
               const DrtChainReport *report)
{
  const char *expected = get_string (test, "openssl");
  const char *other = get_string (test, "openssl_says");
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL, *said = NULL;
  int status;

  if (expected == NULL)
    return;
  words = verify_command (test);
  g_spawn_sync (NULL, (char **) words->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &said, &status, &error);
  g_assert_no_error (error);
  g_test_message ("openssl verify: %s%s", out, said);
  g_assert_cmpstr (g_spawn_check_wait_status (status, NULL) ? "good" : "bad", ==, expected);
  g_assert_cmpstr (report->hr == S_OK ? "good" : "bad", ==, expected);
  if (report->hr == S_OK)
    return;
  /* The same certificate for the same reason, or else the table says what it stumbles over first */
  if (other != NULL)
    g_assert_nonnull (strstr (said, other));
  else
    g_assert_true (is_among (report, said));
}

/* --- The check --- */

static DrtProfile
get_profile (const Case *test)
{
  const char *profile = get_string (test, "profile");

  if (profile == NULL)
    return DRT_PROFILE_NONE;
  return strcmp (profile, "1.0") == 0 ? DRT_PROFILE_1_0 : DRT_PROFILE_2_0;
}

static void
get_key (const Case *test,
         DrtKey     *key)
{
  g_autofree char *path = get_path (test, "key"), *digits = NULL;

  g_assert_true (g_file_get_contents (path, &digits, NULL, NULL));
  for (guint i = 0; i < DRT_KEY_SIZE; i++)
    key->b[i] = g_ascii_xdigit_value (digits[2 * i]) << 4 | g_ascii_xdigit_value (digits[2 * i + 1]);
}

static DrtChainReport *
check (const Case          *test,
       const DrtChainQuery *query)
{
  g_autofree char *path = get_path (test, "file");
  g_autofree char *bytes = NULL;
  gsize length;

  if (!json_object_get_boolean_member_with_default (test->json, "credential", FALSE))
    return drt_chain_check_file (path, get_string (test, "passphrase"), query);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  return drt_chain_check_credential ((const guint8 *) bytes, length, query);
}

/* Whoever asks only whether, gets the same answer. */
static void
check_brief (const Case           *test,
             DrtChainQuery         query,
             const DrtChainReport *whole)
{
  g_autoptr (DrtChainReport) report = NULL;

  query.brief = TRUE;
  report = check (test, &query);
  g_assert_true (FAILED (report->hr) == FAILED (whole->hr));
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);

      g_assert_true (drt_chain_report_has (whole, verdict->depth, verdict->reason));
    }
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  DrtChainQuery query = { .profile = get_profile (test) };
  g_autofree char *root = get_path (test, "root"), *revoked = get_path (test, "revoked");
  g_autofree char *found = NULL, *expected = expected_verdicts (test);
  g_autoptr (DrtChainReport) report = NULL;
  g_autoptr (GError) error = NULL;
  DrtKey key;

  if (root != NULL)
    query.root = drt_certificate_load (root, NULL, &error);
  g_assert_no_error (error);
  if (revoked != NULL)
    query.revoked = drt_revoke_list_load (revoked, &error);
  g_assert_no_error (error);
  if (get_string (test, "key") != NULL)
    {
      get_key (test, &key);
      query.key = &key;
    }

  report = check (test, &query);
  found = list_verdicts (report);
  check_words (report);
  g_assert_cmpstr (found, ==, expected);
  g_assert_cmpuint (report->certificates->len, ==, json_object_get_int_member (test->json, "certificates"));
  g_assert_cmpstr (drt_hresult_to_name (report->hr), ==, get_string (test, "code"));
  check_openssl (test, report);
  check_brief (test, query, report);

  drt_certificate_unref (query.root);
  drt_revoke_list_unref (query.revoked);
}

/* --- The table --- */

/* Each reason has to be in the table by itself, or it has not been looked at. */
static void
test_complete (gconstpointer data)
{
  JsonArray *cases = (JsonArray *) data;
  gboolean alone[DRT_REASON_N] = { FALSE }, seen[DRT_REASON_N] = { FALSE };
  guint n_bad = 0, n_two = 0;

  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *object = json_array_get_object_element (cases, i);
      JsonArray *verdicts = json_object_get_array_member (object, "verdicts");
      guint n = json_array_get_length (verdicts);

      n_bad += strcmp (json_object_get_string_member (object, "code"), "S_OK") != 0;
      n_two += n >= 2;
      for (guint j = 0; j < n; j++)
        for (guint reason = 0; reason < DRT_REASON_N; reason++)
          if (strcmp (json_array_get_string_element (json_array_get_array_element (verdicts, j), 1), drt_chain_reason_id (reason)) == 0)
            {
              seen[reason] = TRUE;
              alone[reason] |= n == 1;
            }
    }
  for (guint reason = 0; reason < DRT_REASON_N; reason++)
    {
      g_test_message ("%s", drt_chain_reason_id (reason));
      g_assert_true (seen[reason]);
      /* A key below the profile's measure is always one of no profile, too */
      g_assert_true (alone[reason] || reason == DRT_REASON_WEAK_KEY);
    }
  g_assert_cmpuint (n_bad, >=, 24);
  g_assert_cmpuint (n_two, >=, 8);
}

static JsonArray *
load_cases (JsonParser *parser,
            const char *path)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "cases");
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *cases;
  g_autofree Case *tests = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);     /* generate.py, cases.json */
  directory = certificate_testing_generate (argv[1]);
  cases = load_cases (parser, argv[2]);
  tests = g_new0 (Case, json_array_get_length (cases));

  g_test_add_data_func ("/chains/complete", cases, test_complete);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      g_autofree char *path = NULL;

      tests[i].json = json_array_get_object_element (cases, i);
      tests[i].name = json_object_get_string_member (tests[i].json, "name");
      path = g_strconcat ("/chains/", tests[i].name, NULL);
      g_test_add_data_func (path, &tests[i], test_case);
    }
  result = g_test_run ();
  certificate_testing_remove (directory);
  return result;
}
