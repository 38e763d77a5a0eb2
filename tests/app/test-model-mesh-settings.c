/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>

#include "model-testing.h"
#include "rt-mesh-settings.h"

/* Settings of their own, forgotten at the end. */
static GSettings *
create_settings (void)
{
  g_autoptr(GSettingsBackend) backend = g_memory_settings_backend_new ();

  return g_settings_new_with_backend ("io.github.roundtable_drt.Roundtable", backend);
}

static void
test_defaults (void)
{
  g_autoptr(GSettings) settings = create_settings ();
  RtMeshSettings *fresh = rt_mesh_settings_new ();
  RtMeshSettings *loaded = rt_mesh_settings_new ();

  /* What the schema and the object call the default is the same. */
  rt_mesh_settings_load (loaded, settings);
  g_assert_true (rt_mesh_settings_equal (fresh, loaded));
  g_assert_cmpint (rt_mesh_settings_check_all (loaded, NULL, NULL), ==, S_OK);
  g_assert_finalize_object (fresh);
  g_assert_finalize_object (loaded);
}

static void
test_round_trip (void)
{
  static const char *const list[] = { "[2001:db8::1]:4000", "seed.example:5000", NULL };
  g_autoptr(GSettings) settings = create_settings ();
  RtMeshSettings *saved = rt_mesh_settings_new ();
  RtMeshSettings *loaded = rt_mesh_settings_new ();
  RtMeshSettings *copy;

  g_object_set (saved,
                "instance-prefix", "Tafelrunde",
                "protocol-major", 7, "protocol-minor", 8,
                "max-addresses", 20, "port", 4242,
                "scope", RT_SCOPE_LINK_LOCAL, "scope-link", "lo",
                "locality-threshold", 17,
                "security-mode", RT_SECURITY_CONFIDENTIAL_PAYLOAD,
                "bootstrap-kind", RT_BOOTSTRAP_LIST,
                "bootstrap-host", "seed.example", "bootstrap-port", 5555,
                "bootstrap-list", list,
                "bootstrap-name", "0.Reading room",
                NULL);
  rt_mesh_settings_save (saved, settings);
  rt_mesh_settings_load (loaded, settings);
  g_assert_true (rt_mesh_settings_equal (saved, loaded));
  copy = rt_mesh_settings_copy (saved);
  g_assert_true (rt_mesh_settings_equal (saved, copy));
  g_object_set (copy, "loopback-only", TRUE, NULL);
  g_assert_false (rt_mesh_settings_equal (saved, copy));

  /* The demo is no setting. */
  rt_mesh_settings_save (copy, settings);
  rt_mesh_settings_load (loaded, settings);
  g_assert_false (rt_mesh_settings_get_loopback_only (loaded));
  g_assert_finalize_object (saved);
  g_assert_finalize_object (loaded);
  g_assert_finalize_object (copy);
}

static void
test_notifies (void)
{
  static const char *const list[] = { "[::1]:4000", NULL };
  RtMeshSettings *settings = rt_mesh_settings_new ();
  NotifyWatch watch;

  notify_watch_init (&watch, settings, NULL);
  g_object_set (settings, "port", 0, "instance-prefix", "Roundtable", "bootstrap-list", NULL, NULL);
  notify_watch_expect (&watch, 0);
  g_object_set (settings, "port", 5000, NULL);
  g_object_set (settings, "port", 5000, NULL);
  notify_watch_expect (&watch, 1);
  g_object_set (settings, "bootstrap-list", list, NULL);
  g_object_set (settings, "bootstrap-list", list, NULL);
  notify_watch_expect (&watch, 1);
  g_object_set (settings, "bootstrap-host", NULL, NULL);
  notify_watch_expect (&watch, 0);
  g_assert_cmpstr (rt_mesh_settings_get_bootstrap_host (settings), ==, "");
  notify_watch_clear (&watch);
  g_assert_finalize_object (settings);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/mesh-settings/defaults", test_defaults);
  g_test_add_func ("/model/mesh-settings/round-trip", test_round_trip);
  g_test_add_func ("/model/mesh-settings/notifies", test_notifies);
  return g_test_run ();
}
