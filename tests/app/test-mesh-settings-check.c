/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-mesh-settings.h"

/* Asserts that @property is refused with @hr, in words; or accepted, with S_OK. */
static void
assert_check (RtMeshSettings *settings,
              const char     *property,
              HRESULT         hr)
{
  g_autofree char *sentence = NULL;
  const char *first = NULL;

  g_assert_cmphex ((guint32) rt_mesh_settings_check (settings, property, &sentence), ==, (guint32) hr);
  g_assert_cmphex ((guint32) rt_mesh_settings_check (settings, property, NULL), ==, (guint32) hr);

  if (hr == S_OK)
    {
      g_assert_null (sentence);
      return;
    }

  g_assert_nonnull (sentence);
  g_assert_cmpstr (sentence, !=, "");
  g_assert_cmphex ((guint32) rt_mesh_settings_check_all (settings, &first, NULL), ==, (guint32) hr);
  g_assert_cmpstr (first, ==, property);
}

static void
test_defaults (void)
{
  g_autoptr (RtMeshSettings) settings = rt_mesh_settings_new ();
  g_autofree char *sentence = NULL;

  g_assert_cmpint (rt_mesh_settings_check_all (settings, NULL, &sentence), ==, S_OK);
  g_assert_null (sentence);
}

static void
test_numbers (void)
{
  const struct { const char *property; guint value; HRESULT hr; } cases[] = {
    { "max-addresses", 0, DRT_E_INVALID_MAX_ADDRESSES },
    { "max-addresses", 1, S_OK },
    { "max-addresses", 20, S_OK },
    { "max-addresses", 21, DRT_E_INVALID_MAX_ADDRESSES },
    { "max-addresses", G_MAXUINT, DRT_E_INVALID_MAX_ADDRESSES },
    { "port", 0, S_OK },
    { "port", 1, DRT_E_INVALID_PORT },
    { "port", 1023, DRT_E_INVALID_PORT },
    { "port", 1024, S_OK },
    { "port", 65535, S_OK },
    { "port", 65536, DRT_E_INVALID_PORT },
    { "port", G_MAXUINT, DRT_E_INVALID_PORT },
    { "protocol-major", 0, S_OK },
    { "protocol-major", 255, S_OK },
    { "protocol-major", 256, E_INVALIDARG },
    { "protocol-minor", 255, S_OK },
    { "protocol-minor", 256, E_INVALIDARG },
    { "locality-threshold", 0, S_OK },
    { "locality-threshold", 65535, S_OK },
    { "locality-threshold", 65536, E_INVALIDARG },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RtMeshSettings) settings = rt_mesh_settings_new ();

      g_test_message ("%s = %u", cases[i].property, cases[i].value);
      g_object_set (settings, cases[i].property, cases[i].value, NULL);
      assert_check (settings, cases[i].property, cases[i].hr);
    }
}

/* Counted in characters, not in bytes. */
static void
test_prefix (void)
{
  const struct { gsize length; HRESULT hr; } cases[] = {
    { 0, S_OK },
    { 128, S_OK },
    { 129, DRT_E_INVALID_INSTANCE_PREFIX },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RtMeshSettings) settings = rt_mesh_settings_new ();
      g_autoptr (GString) wide = g_string_new (NULL);

      for (gsize n = 0; n < cases[i].length; n++)
        g_string_append (wide, "ö");

      g_object_set (settings, "instance-prefix", wide->str, NULL);
      assert_check (settings, "instance-prefix", cases[i].hr);
    }
}

static void
test_bootstrap_host (void)
{
  g_autoptr (RtMeshSettings) settings = rt_mesh_settings_new ();

  g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_DNS, "bootstrap-port", 5000, "bootstrap-host", "", NULL);
  assert_check (settings, "bootstrap-host", E_INVALIDARG);

  g_object_set (settings, "bootstrap-host", "  ", NULL);
  assert_check (settings, "bootstrap-host", E_INVALIDARG);

  g_object_set (settings, "bootstrap-host", "seed.example.org", NULL);
  assert_check (settings, "bootstrap-host", S_OK);
  assert_check (settings, "bootstrap-port", S_OK);

  g_object_set (settings, "bootstrap-port", 0, NULL);
  assert_check (settings, "bootstrap-port", E_INVALIDARG);
  g_object_set (settings, "bootstrap-port", 1023, NULL);
  assert_check (settings, "bootstrap-port", E_INVALIDARG);

  /* What is not used is not wrong. */
  g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_NONE, "bootstrap-host", "", NULL);
  assert_check (settings, "bootstrap-host", S_OK);
  assert_check (settings, "bootstrap-port", S_OK);
}

static void
test_bootstrap_list (void)
{
  const struct { const char *endpoint; HRESULT hr; } cases[] = {
    { "[::1]:5000", S_OK },
    { "[2001:db8::1]:65535", S_OK },
    { "seed.example.org:1024", S_OK },
    { "", E_INVALIDARG },
    { "seed.example.org", E_INVALIDARG },
    { ":5000", E_INVALIDARG },
    { "seed.example.org:", E_INVALIDARG },
    { "seed.example.org:1023", E_INVALIDARG },
    { "seed.example.org:65536", E_INVALIDARG },
    { "seed.example.org:50x", E_INVALIDARG },
    { "2001:db8::1:5000", E_INVALIDARG },
    { "[::g]:5000", E_INVALIDARG },
    { "[::1]", E_INVALIDARG },
  };
  g_autoptr (RtMeshSettings) settings = rt_mesh_settings_new ();

  g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_LIST, "bootstrap-list", NULL, NULL);
  assert_check (settings, "bootstrap-list", E_INVALIDARG);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *list[] = { "[::1]:6000", cases[i].endpoint, NULL };

      g_test_message ("“%s”", cases[i].endpoint);
      g_object_set (settings, "bootstrap-list", list, NULL);
      assert_check (settings, "bootstrap-list", cases[i].hr);
    }

  g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_NONE, NULL);
  assert_check (settings, "bootstrap-list", S_OK);
}

static void
test_bootstrap_name (void)
{
  g_autoptr (RtMeshSettings) settings = rt_mesh_settings_new ();
  g_autofree char *longest = g_strnfill (137, 'n');
  g_autofree char *too_long = g_strnfill (138, 'n');

  assert_check (settings, "bootstrap-name", S_OK);
  g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_LAN, NULL);
  assert_check (settings, "bootstrap-name", E_INVALIDARG);
  g_object_set (settings, "bootstrap-name", too_long, NULL);
  assert_check (settings, "bootstrap-name", E_INVALIDARG);
  g_object_set (settings, "bootstrap-name", longest, NULL);
  assert_check (settings, "bootstrap-name", S_OK);
}

static void
test_link (void)
{
  g_autoptr (RtMeshSettings) settings = rt_mesh_settings_new ();

  g_object_set (settings, "scope", RT_SCOPE_LINK_LOCAL, "scope-link", "", NULL);
  assert_check (settings, "scope-link", S_OK);

  g_object_set (settings, "scope-link", "no-such-link", NULL);
  assert_check (settings, "scope-link", DRT_E_INVALID_SCOPE);

  g_object_set (settings, "scope", RT_SCOPE_GLOBAL, NULL);
  assert_check (settings, "scope-link", S_OK);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mesh-settings/check/defaults", test_defaults);
  g_test_add_func ("/mesh-settings/check/numbers", test_numbers);
  g_test_add_func ("/mesh-settings/check/prefix", test_prefix);
  g_test_add_func ("/mesh-settings/check/bootstrap-host", test_bootstrap_host);
  g_test_add_func ("/mesh-settings/check/bootstrap-list", test_bootstrap_list);
  g_test_add_func ("/mesh-settings/check/bootstrap-name", test_bootstrap_name);
  g_test_add_func ("/mesh-settings/check/link", test_link);

  return g_test_run ();
}
