/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "model-testing.h"
#include "rt-key-store.h"
#include "rt-registration-private.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *directory;
  char *path;
  RtKeyStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("roundtable-keys-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->path = g_build_filename (fixture->directory, "a", "b", "keys.json", NULL);
  fixture->store = rt_key_store_new (fixture->path);
}

static void
remove_recursively (const char *path)
{
  g_autoptr(GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_recursively (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->store);
  remove_recursively (fixture->directory);
  g_free (fixture->path);
  g_free (fixture->directory);
}

static RtRegistration *
create (guint8 first, const char *payload, gsize size, const char *name)
{
  g_autoptr(GBytes) bytes = g_bytes_new (payload, size);
  DrtKey key = test_key (first, 7);

  return rt_registration_new (&key, bytes, name);
}

static void
write_file (Fixture *fixture, const char *contents)
{
  g_autofree char *directory = g_path_get_dirname (fixture->path);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (fixture->path, contents, -1, NULL));
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GListStore) list = g_list_store_new (RT_TYPE_REGISTRATION);
  g_autoptr(RtRegistration) named = create (1, "text", 4, "A “name”");
  g_autoptr(RtRegistration) binary = create (2, "\0\xff\n", 3, NULL);
  g_autoptr(RtRegistration) transient = create (3, "x", 1, "Demo");
  g_autoptr(GPtrArray) loaded = NULL;
  g_autoptr(GError) error = NULL;
  GStatBuf info;

  rt_registration_set_persistent (transient, FALSE);
  g_list_store_append (list, named);
  g_list_store_append (list, transient);
  g_list_store_append (list, binary);
  g_assert_true (rt_key_store_save (fixture->store, G_LIST_MODEL (list), &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  loaded = rt_key_store_load (fixture->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (loaded->len, ==, 2);
  g_assert_cmpstr (rt_registration_get_name (loaded->pdata[0]), ==, "A “name”");
  g_assert_null (rt_registration_get_name (loaded->pdata[1]));
  g_assert_true (drt_key_equal (rt_registration_get_key (loaded->pdata[1]), rt_registration_get_key (binary)));
  g_assert_true (g_bytes_equal (rt_registration_get_payload (loaded->pdata[1]), rt_registration_get_payload (binary)));
}

static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) loaded = rt_key_store_load (fixture->store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (loaded->len, ==, 0);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = {
    "", "{", "[]", "{}", "null", "{\"keys\":{}}", "{\"keys\":[1]}", "{\"keys\":[{}]}",
    "{\"version\":2,\"keys\":[]}",
    "{\"keys\":[{\"key\":\"12\",\"payload\":\"eA==\"}]}",
    "{\"keys\":[{\"key\":12,\"payload\":\"eA==\"}]}",
    "{\"keys\":[{\"key\":\"0000000000000000000000000000000000000000000000000000000000000001\",\"payload\":\"\"}]}",
    "{\"keys\":[{\"key\":\"0000000000000000000000000000000000000000000000000000000000000001\",\"payload\":\"eA==\"},"
    "{\"key\":\"0000000000000000000000000000000000000000000000000000000000000001\",\"payload\":\"eA==\"}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) loaded = NULL;
      g_autofree char *aside = g_strdup_printf ("%s.damaged-%u", fixture->path, i + 1);
      g_autofree char *kept = NULL;

      write_file (fixture, contents[i]);
      loaded = rt_key_store_load (fixture->store, &error);
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, aside));
      g_assert_cmpuint (loaded->len, ==, 0);

      /* Nothing is lost: not this one, and none of those before it. */
      g_assert_true (g_file_get_contents (aside, &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, contents[i]);
      g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    }
}

/* A directory in its place can be neither read nor replaced, but moved. */
static void
test_directory (Fixture *fixture, gconstpointer data)
{
  g_autoptr(GListStore) list = g_list_store_new (RT_TYPE_REGISTRATION);
  g_autoptr(GPtrArray) loaded = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->path, 0700), ==, 0);
  loaded = rt_key_store_load (fixture->store, &error);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (rt_key_store_save (fixture->store, G_LIST_MODEL (list), &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_REGULAR));
}

/* Where nothing can be written, a sentence says so, and the keys stay. */
static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *parent = g_build_filename (fixture->directory, "a", NULL);
  g_autoptr(GListStore) list = g_list_store_new (RT_TYPE_REGISTRATION);
  g_autoptr(RtRegistration) registration = create (1, "x", 1, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (parent, "a file where a directory should be", -1, NULL));
  g_list_store_append (list, registration);
  g_assert_false (rt_key_store_save (fixture->store, G_LIST_MODEL (list), &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, !=, "");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
}

/* A key that derives from a certificate remembers where that is; one that is gone costs no other key. */
static void
test_certificate (Fixture *fixture, gconstpointer data)
{
  DrtCertificateRequest request = { .name = "alice", .days = 90, .algorithm = DRT_KEY_ALGORITHM_ED25519, .authority = TRUE };
  g_autofree char *path = g_build_filename (fixture->directory, "alice.pem", NULL);
  g_autoptr(GListStore) list = g_list_store_new (RT_TYPE_REGISTRATION);
  g_autoptr(RtRegistration) derived = create (1, "x", 1, NULL);
  g_autoptr(RtRegistration) plain = create (2, "y", 1, NULL);
  g_autoptr(RtCertificateFile) file = NULL;
  g_autoptr(GPtrArray) loaded = NULL;
  g_autoptr(GPtrArray) without = NULL;
  g_autoptr(GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_new_authority (&request, &error);
  char *pem = drt_certificate_to_pem (certificate, DRT_CERTIFICATE_WITH_KEY, NULL, &error);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_no_error (error);
  g_assert_true (drt_secret_file_write (path, pem, strlen (pem), NULL));
  drt_secret_free (pem);
  drt_certificate_unref (certificate);
  file = rt_certificate_file_new (path, RT_CERTIFICATE_FILE_CERTIFICATE);
  rt_registration_set_certificate (derived, file);
  g_assert_cmpint (ABS (rt_registration_get_expires (derived) - now - 90 * 86400), <, 2 * 3600);
  g_list_store_append (list, derived);
  g_list_store_append (list, plain);
  g_assert_true (rt_key_store_save (fixture->store, G_LIST_MODEL (list), &error));

  loaded = rt_key_store_load (fixture->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (loaded->len, ==, 2);
  g_assert_cmpstr (rt_certificate_file_get_path (rt_registration_get_certificate (loaded->pdata[0])), ==, path);
  g_assert_cmpint (rt_registration_get_expires (loaded->pdata[0]), ==, rt_registration_get_expires (derived));
  g_assert_null (rt_registration_get_certificate (loaded->pdata[1]));

  g_assert_cmpint (g_remove (path), ==, 0);
  without = rt_key_store_load (fixture->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (without->len, ==, 2);
  g_assert_cmpint (rt_registration_get_expires (without->pdata[0]), ==, 0);
}

#define ADD(name, func) g_test_add ("/model/key-store/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round-trip", test_round_trip);
  ADD ("no-file", test_no_file);
  ADD ("damaged", test_damaged);
  ADD ("directory", test_directory);
  ADD ("unwritable", test_unwritable);
  ADD ("certificate", test_certificate);
  return g_test_run ();
}
