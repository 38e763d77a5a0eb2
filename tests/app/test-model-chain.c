/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <json-glib/json-glib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include <drt-glib.h>

#include "../certificates/certificate-testing.h"
#include "rt-chain.h"
#include "rt-validity.h"

/* Every case of the certificate tests as the dialog shows it, the files that
 * settings name, and what is wrong with those settings. */

static char *directory;

static char *
get_path (JsonObject *test, const char *member)
{
  const char *name = json_object_get_string_member_with_default (test, member, NULL);

  return name != NULL ? g_build_filename (directory, name, NULL) : NULL;
}

static RtMeshSettings *
create_settings (const char *root, const char *revoked)
{
  RtMeshSettings *settings = rt_mesh_settings_new ();

  g_object_set (settings, "security-provider", RT_SECURITY_PROVIDER_DERIVED_KEY,
                "root-certificate", root != NULL ? root : "", "revoke-list", revoked != NULL ? revoked : "", NULL);
  return settings;
}

static void
append_verdicts (GString *text, guint depth, GListModel *verdicts)
{
  for (guint i = 0; i < g_list_model_get_n_items (verdicts); i++)
    {
      g_autoptr(RtVerdict) verdict = g_list_model_get_item (verdicts, i);
      const char *id = drt_chain_reason_id (rt_verdict_get_reason (verdict));

      g_assert_true (g_str_has_prefix (rt_verdict_get_technical (verdict), id));
      g_assert_cmpstr (rt_verdict_get_title (verdict), !=, "");
      g_assert_cmpstr (rt_verdict_get_sentence (verdict), !=, "");
      g_assert_cmpstr (rt_verdict_get_remedy (verdict), !=, "");
      g_string_append_printf (text, "%u %s\n", depth, id);
    }
}

/* What the dialog shows, the member first. */
static char *
shown_verdicts (RtChain *chain)
{
  GListModel *certificates = rt_chain_get_certificates (chain);
  guint n_certificates = g_list_model_get_n_items (certificates);
  GString *text = g_string_new (NULL);

  for (guint depth = 0; depth < n_certificates; depth++)
    {
      g_autoptr(RtCertificate) certificate = g_list_model_get_item (certificates, n_certificates - 1 - depth);

      append_verdicts (text, depth, rt_certificate_get_verdicts (certificate));
    }
  append_verdicts (text, 0, rt_chain_get_problems (chain));
  return g_string_free_and_steal (text);
}

static char *
expected_verdicts (JsonObject *test, guint *n_faults)
{
  JsonArray *verdicts = json_object_get_array_member (test, "verdicts");
  GString *text = g_string_new (NULL);

  *n_faults = 0;
  for (guint i = 0; i < json_array_get_length (verdicts); i++)
    {
      JsonArray *verdict = json_array_get_array_element (verdicts, i);
      const char *id = json_array_get_string_element (verdict, 1);

      *n_faults += !g_str_equal (id, "expires-soon");
      g_string_append_printf (text, "%d %s\n", (int) json_array_get_int_element (verdict, 0), id);
    }
  return g_string_free_and_steal (text);
}

static RtChain *
create_chain (JsonObject *test, RtMeshSettings *settings)
{
  g_autofree char *path = get_path (test, "file");
  const char *passphrase = json_object_get_string_member_with_default (test, "passphrase", NULL);
  g_autoptr(RtCertificateFile) file = NULL;
  g_autoptr(GBytes) credential = NULL;
  char *contents;
  gsize length;

  if (json_object_get_boolean_member_with_default (test, "credential", FALSE))
    {
      g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
      credential = g_bytes_new_take (contents, length);
      return rt_chain_new_for_credential (credential, "[::1]:4000", settings);
    }
  file = rt_certificate_file_new (path, RT_CERTIFICATE_FILE_CERTIFICATE);
  if (passphrase != NULL)
    rt_certificate_file_unlock (file, passphrase, NULL);
  return rt_chain_new_for_file (file, settings);
}

static void
test_case (gconstpointer data)
{
  JsonObject *test = (JsonObject *) data;
  g_autofree char *root = get_path (test, "root");
  g_autofree char *revoked = get_path (test, "revoked");
  g_autoptr(RtMeshSettings) settings = create_settings (root, revoked);
  guint n_certificates = (guint) json_object_get_int_member (test, "certificates");
  guint n_faults = 0;
  g_autofree char *expected = expected_verdicts (test, &n_faults);
  g_autofree char *count = g_strdup_printf (": %u reason", n_faults);
  g_autoptr(RtChain) chain = NULL;
  g_autofree char *shown = NULL;

  chain = create_chain (test, settings);
  shown = shown_verdicts (chain);
  g_assert_cmpstr (shown, ==, expected);
  g_assert_cmpuint (g_list_model_get_n_items (rt_chain_get_certificates (chain)), ==, n_certificates);
  g_assert_cmpstr (drt_hresult_to_name (rt_chain_get_hresult (chain)), ==, json_object_get_string_member (test, "code"));
  g_assert_cmpint (rt_chain_get_trust (chain) == RT_TRUST_BAD, ==, n_faults > 0);
  g_assert_cmpint (rt_chain_get_first_fault (chain) != NULL, ==, n_faults > 0);
  g_assert_cmpint (rt_chain_is_root_known (chain), ==, root != NULL);
  if (n_faults > 0 && n_certificates > 0)
    g_assert_nonnull (strstr (rt_chain_get_summary (chain), count));
}

static char *
dup_path (const char *name)
{
  return g_build_filename (directory, name, NULL);
}

static void
test_missing (void)
{
  g_autofree char *path = dup_path ("is-not-there.pem");
  g_autoptr(RtCertificateFile) file = rt_certificate_file_new (path, RT_CERTIFICATE_FILE_CERTIFICATE);
  g_autoptr(RtChain) chain = rt_chain_new_for_file (file, NULL);

  g_assert_error (rt_certificate_file_get_error (file), DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_FILE);
  g_assert_false (rt_certificate_file_is_locked (file));
  g_assert_false (rt_certificate_file_keep (file, NULL));
  g_assert_nonnull (rt_chain_get_failure (chain));
  g_assert_cmpint (rt_chain_get_trust (chain), ==, RT_TRUST_BAD);
}

/* A file without an end is not read to its end. */
static void
test_endless (void)
{
  g_autoptr(RtCertificateFile) file = rt_certificate_file_new ("/dev/zero", RT_CERTIFICATE_FILE_CERTIFICATE);

  g_assert_nonnull (rt_certificate_file_get_error (file));
  g_assert_null (rt_certificate_file_get_id (file));
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_passphrase (void)
{
  g_autofree char *path = dup_path ("good-pkcs12.p12");
  g_autoptr(RtCertificateFile) file = rt_certificate_file_new (path, RT_CERTIFICATE_FILE_CERTIFICATE);
  g_autoptr(GError) error = NULL;
  guint n_notified = 0;

  g_signal_connect_swapped (file, "notify::locked", G_CALLBACK (count_cb), &n_notified);
  g_assert_true (rt_certificate_file_is_locked (file));
  g_assert_false (rt_certificate_file_unlock (file, "brot und käse", &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
  g_assert_true (rt_certificate_file_is_locked (file));
  g_assert_null (rt_certificate_file_get_certificate (file));
  g_assert_cmpuint (n_notified, ==, 0);
  g_assert_true (rt_certificate_file_unlock (file, "käse und brot", NULL));
  g_assert_false (rt_certificate_file_is_locked (file));
  g_assert_nonnull (rt_certificate_file_get_certificate (file));
  g_assert_cmpuint (n_notified, ==, 1);
}

/* What is kept is the same, is its owner's alone, and has the name it had. */
static void
test_keep (void)
{
  g_autofree char *path = dup_path ("good-with-key.pem");
  g_autoptr(RtCertificateFile) file = rt_certificate_file_new (path, RT_CERTIFICATE_FILE_CERTIFICATE);
  g_autoptr(RtCertificateFile) again = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *parent = NULL;
  struct stat status;

  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_true (rt_certificate_file_keep (file, NULL));
  kept = g_strdup (rt_certificate_file_get_path (file));
  g_assert_true (g_str_has_prefix (kept, g_get_user_data_dir ()));
  g_assert_cmpint (g_stat (kept, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  parent = g_path_get_dirname (kept);
  g_assert_cmpint (g_stat (parent, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);

  again = rt_certificate_file_new (kept, RT_CERTIFICATE_FILE_CERTIFICATE);
  g_assert_cmpstr (rt_certificate_file_get_id (again), ==, rt_certificate_file_get_id (file));
  g_assert_cmpstr (rt_certificate_file_get_name (again), ==, "good-with-key.pem");
  g_assert_true (rt_certificate_file_keep (again, NULL));
  g_assert_cmpstr (rt_certificate_file_get_path (again), ==, kept);
  g_unlink (kept);
  g_rmdir (parent);
}

typedef struct
{
  const char *root;
  const char *local;
  RtSecurityMode mode;
  const char *property;       /* the first that is wrong; NULL: none */
  HRESULT hr;
} Settings;

static void
test_settings (void)
{
  static const Settings cases[] = {
    { NULL, NULL, RT_SECURITY_RESOLVE, "root-certificate", E_INVALIDARG },
    { "root.pem", NULL, RT_SECURITY_RESOLVE, NULL, S_OK },
    { "root.pem", NULL, RT_SECURITY_MEMBERSHIP, "security-mode", DRT_E_CAPABILITY_MISMATCH },
    { "root.pem", NULL, RT_SECURITY_CONFIDENTIAL_PAYLOAD, "security-mode", DRT_E_CAPABILITY_MISMATCH },
    { "root.pem", "good-with-key.pem", RT_SECURITY_MEMBERSHIP, NULL, S_OK },
    { "root.pem", "good-with-key.pem", RT_SECURITY_CONFIDENTIAL_PAYLOAD, NULL, S_OK },
    { "root.pem", "good-pkcs12-open.p12", RT_SECURITY_MEMBERSHIP, NULL, S_OK },
    { "root.pem", "good-ed25519.pem", RT_SECURITY_MEMBERSHIP, "local-certificate", DRT_E_CAPABILITY_MISMATCH },
    { "root.pem", "good-pkcs12.p12", RT_SECURITY_MEMBERSHIP, "local-certificate", DRT_E_INVALID_CERT_CHAIN },
    { "root.pem", "expired.pem", RT_SECURITY_RESOLVE, "local-certificate", DRT_E_INVALID_CERT_CHAIN },
    { "root.pem", "old-good.pem", RT_SECURITY_MEMBERSHIP, "local-certificate", DRT_E_INVALID_CERT_CHAIN },
    { "old-root.pem", "old-ed25519-member.pem", RT_SECURITY_MEMBERSHIP, "local-certificate", DRT_E_CAPABILITY_MISMATCH },
    { "root.pem", "garbage.pem", RT_SECURITY_RESOLVE, "local-certificate", DRT_E_INVALID_CERT_CHAIN },
    { "garbage.pem", NULL, RT_SECURITY_RESOLVE, "root-certificate", DRT_E_INVALID_CERT_CHAIN },
    { "good-ed25519.pem", NULL, RT_SECURITY_RESOLVE, "root-certificate", DRT_E_INVALID_CERT_CHAIN },
    { "root-gone.pem", NULL, RT_SECURITY_RESOLVE, "root-certificate", DRT_E_INVALID_CERT_CHAIN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Settings *test = &cases[i];
      g_autofree char *root = test->root != NULL ? dup_path (test->root) : NULL;
      g_autofree char *local = test->local != NULL ? dup_path (test->local) : g_strdup ("");
      g_autoptr(RtMeshSettings) settings = create_settings (root, NULL);
      g_autofree char *sentence = NULL;
      const char *property = NULL;

      g_test_message ("root %s, local %s, mode %d", test->root, test->local, test->mode);
      g_object_set (settings, "local-certificate", local, "security-mode", test->mode, NULL);
      g_assert_cmphex ((guint32) rt_mesh_settings_check_all (settings, &property, &sentence), ==, (guint32) test->hr);
      g_assert_cmpstr (property, ==, test->property);
      g_assert_cmpint (sentence != NULL, ==, test->property != NULL);

      /* The null provider asks for none of it. */
      g_object_set (settings, "security-provider", RT_SECURITY_PROVIDER_NULL, NULL);
      g_assert_cmpint (rt_mesh_settings_check_all (settings, NULL, NULL), ==, S_OK);
    }
}

/* A copy is unlocked with what it was copied from. */
static void
test_copy (void)
{
  g_autofree char *root = dup_path ("root.pem");
  g_autofree char *local = dup_path ("good-pkcs12.p12");
  g_autoptr(RtMeshSettings) settings = create_settings (root, NULL);
  g_autoptr(RtMeshSettings) copy = NULL;

  g_object_set (settings, "local-certificate", local, "security-mode", RT_SECURITY_MEMBERSHIP, NULL);
  copy = rt_mesh_settings_copy (settings);
  g_assert_true (rt_mesh_settings_equal (settings, copy));
  g_assert_cmpint (rt_mesh_settings_get_profile (copy), ==, DRT_PROFILE_2_0);
  g_assert_true (rt_certificate_file_unlock (rt_mesh_settings_get_file (settings, RT_MESH_LOCAL), "käse und brot", NULL));
  g_assert_cmpint (rt_mesh_settings_check_all (copy, NULL, NULL), ==, S_OK);
  rt_mesh_settings_set_file (copy, RT_MESH_LOCAL, NULL);
  g_assert_false (rt_mesh_settings_equal (settings, copy));
}

static void
test_dates (void)
{
  const gint64 now = 1700000000, day = 24 * 60 * 60;
  g_autofree char *soon = rt_validity_moment (now + 3 * day, now);
  g_autofree char *long_ago = rt_validity_moment (now - 800 * day, now);
  g_autofree char *minute = rt_validity_moment (now + 60, now);

  g_assert_true (g_str_has_suffix (soon, ", in 3 days"));
  g_assert_true (g_str_has_suffix (long_ago, ", 2 years ago"));
  g_assert_true (g_str_has_suffix (minute, ", in 1 minute"));
}

static void
add_cases (JsonArray *cases)
{
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *test = json_array_get_object_element (cases, i);
      g_autofree char *path = g_strconcat ("/chain/case/", json_object_get_string_member (test, "name"), NULL);

      /* Who looks at a file asks for no key of the ring, and for the root's profile. */
      if (!json_object_has_member (test, "key") && !json_object_has_member (test, "profile"))
        g_test_add_data_func (path, test, test_case);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  int result;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_assert_cmpint (argc, ==, 3);     /* generate.py, cases.json */
  directory = certificate_testing_generate (argv[1]);
  g_assert_true (json_parser_load_from_file (parser, argv[2], NULL));

  g_test_add_func ("/chain/missing", test_missing);
  g_test_add_func ("/chain/endless", test_endless);
  g_test_add_func ("/chain/passphrase", test_passphrase);
  g_test_add_func ("/chain/keep", test_keep);
  g_test_add_func ("/chain/settings", test_settings);
  g_test_add_func ("/chain/copy", test_copy);
  g_test_add_func ("/chain/dates", test_dates);
  add_cases (json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "cases"));
  result = g_test_run ();
  /* It went with the directories of the isolated tests. */
  g_free (directory);
  return result;
}
