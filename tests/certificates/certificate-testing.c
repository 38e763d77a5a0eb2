/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "certificate-testing.h"

#include <glib/gstdio.h>

char *
certificate_testing_directory (void)
{
  g_autoptr (GError) error = NULL;
  char *directory = g_dir_make_tmp ("drt-certificates-XXXXXX", &error);

  g_assert_no_error (error);
  return directory;
}

char *
certificate_testing_generate (const char *script)
{
  char *directory = certificate_testing_directory ();
  const char *const command[] = { "python3", script, directory, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return directory;
}

void
certificate_testing_remove (char *directory)
{
  g_autoptr (GDir) files = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  g_free (directory);
}

PCCERT_CONTEXT
certificate_testing_authority (DrtKeyAlgorithm algorithm)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT authority = drt_certificate_new_authority (&(DrtCertificateRequest) { .name = "Our mesh", .algorithm = algorithm }, &error);

  g_assert_no_error (error);
  g_assert_nonnull (authority);
  return authority;
}

PCCERT_CONTEXT
certificate_testing_issue (PCCERT_CONTEXT  authority,
                           const char     *name,
                           DrtKeyAlgorithm algorithm,
                           gboolean        is_authority)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_issue (authority, &(DrtCertificateRequest) {
    .name = name, .algorithm = algorithm, .authority = is_authority,
  }, &error);

  g_assert_no_error (error);
  g_assert_nonnull (certificate);
  return certificate;
}
