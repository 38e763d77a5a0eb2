/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-lan-name.h"

#include <string.h>

static void
test_subtype (void)
{
  g_autofree char *subtype = drt_lan_name_to_subtype ("0.Example");
  g_autofree char *again = drt_lan_name_to_subtype ("0.Example");
  g_autofree char *other = drt_lan_name_to_subtype ("0.example");

  /* The first half of what sha256sum says. */
  g_assert_cmpstr (subtype, ==, "_13e28feb2b0a088d77930c6ccc008971._sub._drt._udp");
  g_assert_cmpstr (subtype, ==, again);
  g_assert_cmpstr (subtype, !=, other);
  g_assert_cmpuint (strchr (subtype, '.') - subtype, <=, 63);
}

/* A label has 63 bytes, whatever the name is, and stays text. */
static void
test_instance (void)
{
  static const char *const pieces[] = { "n", "\303\244", "\342\202\254", "\360\237\215\272" };
  g_autofree char *plain = drt_lan_name_to_instance ("0.Example", 0xab);
  g_autofree char *control = drt_lan_name_to_instance ("a\nb\177", 0xffffffff);

  g_assert_cmpstr (plain, ==, "0.Example #000000ab");
  g_assert_cmpstr (control, ==, "a b  #ffffffff");
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (guint n = 1; n <= 137; n++)
      {
        g_autoptr (GString) name = g_string_new (NULL);
        g_autofree char *instance = NULL, *text = NULL;

        for (guint j = 0; j < n; j++)
          g_string_append (name, pieces[i]);
        instance = drt_lan_name_to_instance (name->str, 7);
        text = drt_lan_name_to_text (name->str);
        g_assert_true (g_utf8_validate (instance, -1, NULL));
        g_assert_cmpuint (strlen (instance), <=, 63);
        g_assert_cmpuint (strlen (instance), >=, MIN (name->len + 10, 63 - 3));
        g_assert_true (g_str_has_suffix (instance, " #00000007"));
        g_assert_true (g_utf8_validate (text, -1, NULL));
        g_assert_cmpuint (strlen (text), <=, 255);
        g_assert_true (g_str_has_prefix (text, "peer="));
        g_assert_true (g_str_has_prefix (name->str, text + strlen ("peer=")));
      }
}

static void
test_cloud (void)
{
  static const struct { const char *cloud; const char *interface; } good[] = {
    { NULL, NULL }, { "", NULL }, { "Global_", NULL }, { "SiteLocal_fec0::%1/10", NULL }, { "AllLinkLocal_", NULL },
    { "LinkLocal_", NULL }, { "LinkLocal_ff00::%12/8", "12" }, { "LinkLocal_ff00::%eth0/8", "eth0" },
    { "LinkLocal_%lo", "lo" },
  };
  static const char *const bad[] = { "Global", "global_", "Example_", "LinkLocal", "LinkLocal_%", "LinkLocal_ff00::%/8", "_" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *interface = NULL;

      g_assert_true (drt_lan_cloud_parse (good[i].cloud, &interface));
      g_assert_cmpstr (interface, ==, good[i].interface);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *interface = NULL;

      g_assert_false (drt_lan_cloud_parse (bad[i], &interface));
    }
  g_assert_cmpuint (drt_lan_interface_to_index ("12"), ==, 12);
  g_assert_cmpuint (drt_lan_interface_to_index ("lo"), >, 0);
  g_assert_cmpuint (drt_lan_interface_to_index ("no such thing"), ==, 0);
  g_assert_cmpuint (drt_lan_interface_to_index ("0"), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan-name/subtype", test_subtype);
  g_test_add_func ("/lan-name/instance", test_instance);
  g_test_add_func ("/lan-name/cloud", test_cloud);
  return g_test_run ();
}
