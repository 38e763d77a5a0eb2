/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <errno.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "certificate-testing.h"
#include "drt-certificate-private.h"
#include "drt-chain.h"

/* Writing and reading; openssl reads what was written as well. */

#define PASSPHRASE "käse und brot"

typedef struct
{
  char *directory;
  PCCERT_CONTEXT root;
  PCCERT_CONTEXT member;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  DrtKeyAlgorithm algorithm = GPOINTER_TO_INT (data);

  fixture->directory = certificate_testing_directory ();
  fixture->root = certificate_testing_authority (algorithm);
  fixture->member = certificate_testing_issue (fixture->root, "alice", algorithm, FALSE);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  drt_certificate_unref (fixture->member);
  drt_certificate_unref (fixture->root);
  certificate_testing_remove (fixture->directory);
}

static char *
path_of (Fixture    *fixture,
         const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

static char *
to_pem (PCCERT_CONTEXT      certificate,
        DrtCertificateParts parts,
        const char         *passphrase)
{
  g_autoptr (GError) error = NULL;
  char *text = drt_certificate_to_pem (certificate, parts, passphrase, &error);

  g_assert_no_error (error);
  return text;
}

static void
assert_parsed (const void    *bytes,
               gsize          length,
               const char    *passphrase,
               PCCERT_CONTEXT wanted,
               gboolean       with_key,
               guint          n_chain)
{
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT read = drt_certificate_parse (bytes, length, passphrase, &error);
  g_autoptr (GPtrArray) chain = NULL;

  g_assert_no_error (error);
  g_assert_true (drt_certificate_equal (read, wanted));
  g_assert_true (drt_certificate_has_private_key (read) == with_key);
  g_assert_true (!with_key || EVP_PKEY_eq (drt_certificate_get_private_key (read), drt_certificate_get_private_key (wanted)) == 1);
  chain = drt_certificate_get_chain (read);
  g_assert_cmpuint (chain->len, ==, n_chain);
  drt_certificate_unref (read);
}

static void
assert_unreadable (const void         *bytes,
                   gsize               length,
                   const char         *passphrase,
                   DrtCertificateError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (drt_certificate_parse (bytes, length, passphrase, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, (int) code);
}

/* openssl with these words; what it says. */
static char *
openssl (const char *first,
         ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int status;
  va_list rest;

  g_ptr_array_add (words, (char *) "openssl");
  va_start (rest, first);
  for (const char *word = first; word != NULL; word = va_arg (rest, const char *))
    g_ptr_array_add (words, (char *) word);
  va_end (rest);
  g_ptr_array_add (words, NULL);
  g_spawn_sync (NULL, (char **) words->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return out;
}

static void
test_pem (Fixture      *fixture,
          gconstpointer data)
{
  const DrtCertificateParts all = DRT_CERTIFICATE_WITH_CHAIN | DRT_CERTIFICATE_WITH_KEY;
  g_autofree char *alone = to_pem (fixture->member, DRT_CERTIFICATE_ALONE, NULL);
  g_autofree char *chain = to_pem (fixture->member, DRT_CERTIFICATE_WITH_CHAIN, NULL);
  char *open = to_pem (fixture->member, all, NULL);
  char *empty = to_pem (fixture->member, all, "");
  char *closed = to_pem (fixture->member, all, PASSPHRASE);

  g_assert_null (strstr (alone, "PRIVATE"));
  g_assert_null (strstr (chain, "PRIVATE"));
  g_assert_nonnull (strstr (open, "-----BEGIN PRIVATE KEY-----"));
  g_assert_nonnull (strstr (empty, "-----BEGIN PRIVATE KEY-----"));
  g_assert_nonnull (strstr (closed, "-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  assert_parsed (alone, strlen (alone), NULL, fixture->member, FALSE, 1);
  assert_parsed (chain, strlen (chain), NULL, fixture->member, FALSE, 2);
  assert_parsed (open, strlen (open), NULL, fixture->member, TRUE, 2);
  assert_parsed (open, strlen (open), "not needed", fixture->member, TRUE, 2);
  assert_parsed (closed, strlen (closed), PASSPHRASE, fixture->member, TRUE, 2);
  assert_unreadable (closed, strlen (closed), "kase und brot", DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
  assert_unreadable (closed, strlen (closed), "", DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
  assert_unreadable (closed, strlen (closed), NULL, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED);
  drt_secret_free (open);
  drt_secret_free (empty);
  drt_secret_free (closed);
}

static void
test_pkcs12 (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = drt_certificate_to_pkcs12 (fixture->member, PASSPHRASE, &error);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (file, &length);

  g_assert_no_error (error);
  assert_parsed (bytes, length, PASSPHRASE, fixture->member, TRUE, 2);
  assert_unreadable (bytes, length, "wrong", DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
  assert_unreadable (bytes, length, NULL, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED);
  assert_unreadable (bytes, length - 1, PASSPHRASE, DRT_CERTIFICATE_ERROR_TRUNCATED);
  g_assert_null (drt_certificate_to_pkcs12 (fixture->member, NULL, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED);
  g_clear_error (&error);
  g_assert_null (drt_certificate_to_pkcs12 (fixture->member, "", &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED);
}

/* What the openssl command makes of our files. */
static void
test_openssl (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *pem_path = path_of (fixture, "member.pem"), *p12_path = path_of (fixture, "member.p12");
  g_autofree char *request_path = path_of (fixture, "request.pem"), *out = NULL;
  char *closed = to_pem (fixture->member, DRT_CERTIFICATE_WITH_CHAIN | DRT_CERTIFICATE_WITH_KEY, PASSPHRASE), *key;
  g_autoptr (GBytes) file = drt_certificate_to_pkcs12 (fixture->member, PASSPHRASE, NULL);
  g_autofree char *request = drt_certificate_request_new (&(DrtCertificateRequest) { .name = "alice", .algorithm = GPOINTER_TO_INT (data) }, &key, NULL);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (fixture->member);
  g_autofree char *fingerprint = NULL, *serial = NULL;

  g_assert_true (drt_secret_file_write (pem_path, closed, strlen (closed), NULL));
  g_assert_true (drt_secret_file_write (p12_path, g_bytes_get_data (file, NULL), g_bytes_get_size (file), NULL));
  g_assert_true (drt_secret_file_write (request_path, request, strlen (request), NULL));
  g_free (openssl ("pkey", "-in", pem_path, "-passin", "pass:" PASSPHRASE, "-noout", NULL));
  g_free (openssl ("pkcs12", "-in", p12_path, "-passin", "pass:" PASSPHRASE, "-noout", NULL));
  g_free (openssl ("req", "-in", request_path, "-verify", "-noout", NULL));
  out = openssl ("x509", "-in", pem_path, "-noout", "-fingerprint", "-sha256", "-serial", NULL);
  fingerprint = g_strdup_printf ("=%s\n", info->fingerprint);
  serial = g_strdup_printf ("=%s\n", info->serial);
  g_assert_nonnull (strstr (out, fingerprint));
  g_assert_nonnull (strstr (out, serial));
  drt_secret_free (closed);
  drt_secret_free (key);
}

/* A PKCS#12 file of the openssl command's, made with @options; NULL: it cannot make one. */
static char *
export_pkcs12 (Fixture    *fixture,
               const char *option,
               gsize      *length)
{
  g_autofree char *key_path = path_of (fixture, "key.pem"), *path = path_of (fixture, "file.p12");
  char *text = to_pem (fixture->member, DRT_CERTIFICATE_WITH_KEY, NULL), *bytes = NULL;
  const char *const command[] = { "openssl", "pkcs12", "-export", "-in", key_path, "-out", path, "-passout", "pass:" PASSPHRASE, option, NULL };
  int status;

  g_assert_true (drt_secret_file_write (key_path, text, strlen (text), NULL));
  drt_secret_free (text);
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL));
  if (g_spawn_check_wait_status (status, NULL))
    g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return bytes;
}

static void
test_others_pkcs12 (Fixture      *fixture,
                    gconstpointer data)
{
  static const char *const options[] = { NULL, "-nomac" };
  gsize length;

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *bytes = export_pkcs12 (fixture, options[i], &length);

      g_assert_nonnull (bytes);
      assert_parsed (bytes, length, PASSPHRASE, fixture->member, TRUE, 1);
      for (guint j = 0; j < 20; j++)     /* padding that happens to be right does not open it */
        {
          g_autofree char *wrong = g_strdup_printf ("wrong %u", j);

          assert_unreadable (bytes, length, wrong, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
        }
      assert_unreadable (bytes, length, NULL, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED);
    }
}

/* RC2, which OpenSSL leaves out: not the passphrase's fault. */
static void
test_old_cipher (Fixture      *fixture,
                 gconstpointer data)
{
  gsize length;
  g_autofree char *bytes = export_pkcs12 (fixture, "-legacy", &length);
  g_autoptr (DrtChainReport) report = NULL;

  if (bytes == NULL)
    {
      g_test_skip ("openssl has no RC2 here");
      return;
    }
  report = drt_chain_check_bytes ((const guint8 *) bytes, length, PASSPHRASE, NULL);
  g_assert_true (drt_chain_report_has (report, 0, DRT_REASON_NOT_A_CERTIFICATE));
  g_assert_nonnull (strstr (report->trouble, "AES"));
  assert_unreadable (bytes, length, "wrong", DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
}

/* No bit of a certificate can be changed unnoticed. */
static void
test_changes (Fixture      *fixture,
              gconstpointer data)
{
  gsize length = fixture->member->cbCertEncoded;
  g_autofree guint8 *bytes = g_memdup2 (fixture->member->pbCertEncoded, length);
  const DrtChainQuery query = { .root = fixture->root };

  for (gsize bit = 0; bit < 8 * length; bit++)
    {
      g_autoptr (DrtChainReport) report = NULL;

      bytes[bit / 8] ^= 1 << bit % 8;
      report = drt_chain_check_bytes (bytes, length, NULL, &query);
      g_assert_true (FAILED (report->hr));
      g_assert_cmpuint (report->verdicts->len, >, 0);
      bytes[bit / 8] ^= 1 << bit % 8;
    }
  {
    g_autoptr (DrtChainReport) report = drt_chain_check_bytes (bytes, length, NULL, &query);

    g_assert_cmpint (report->hr, ==, S_OK);
  }
}

/* --- Files of secrets --- */

static guint
count_files (const char *directory)
{
  g_autoptr (GDir) files = g_dir_open (directory, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (files) != NULL)
    n++;
  return n;
}

static void
assert_content (const char *path,
                const char *wanted)
{
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, wanted);
}

static mode_t
mode_of (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return status.st_mode & 07777;
}

/* Whatever was there before, and whatever the umask. */
static void
test_modes (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *path = path_of (fixture, "secret"), *other = path_of (fixture, "other");
  mode_t masks[] = { 0, 022, 0777 };

  for (guint i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      mode_t before = umask (masks[i]);
      gboolean written;

      g_unlink (path);
      written = drt_secret_file_write (path, "one", 3, NULL);
      umask (before);
      g_assert_true (written);
      g_assert_cmpint (mode_of (path), ==, 0600);
    }
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_true (drt_secret_file_write (path, "two", 3, NULL));
  g_assert_cmpint (mode_of (path), ==, 0600);
  assert_content (path, "two");

  /* A link is replaced, not followed: what it led to stays as it is */
  g_assert_true (g_file_set_contents (other, "theirs", -1, NULL));
  g_unlink (path);
  g_assert_cmpint (symlink (other, path), ==, 0);
  g_assert_true (drt_secret_file_write (path, "three", 5, NULL));
  assert_content (other, "theirs");
  assert_content (path, "three");
  g_assert_cmpuint (count_files (fixture->directory), ==, 2);
}

static void
assert_not_written (const char *path,
                    const void *bytes,
                    gsize       length,
                    int         number)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (drt_secret_file_write (path, bytes, length, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, g_strerror (number)));
}

static void
test_failures (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *path = path_of (fixture, "secret"), *nowhere = path_of (fixture, "not/here");
  g_autofree char *directory = path_of (fixture, "directory"), *large = g_strnfill (100000, 'x');
  struct rlimit before, small = { 50000, 50000 };

  g_assert_true (drt_secret_file_write (path, "old", 3, NULL));
  assert_not_written (nowhere, "new", 3, ENOENT);
  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  assert_not_written (directory, "new", 3, EISDIR);
  g_assert_cmpint (g_rmdir (directory), ==, 0);

  /* No room: the first write goes through in part, the second not */
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small.rlim_max = before.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  assert_not_written (path, large, strlen (large), EFBIG);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, SIG_DFL);
  assert_content (path, "old");
  g_assert_cmpuint (count_files (fixture->directory), ==, 1);

  g_assert_true (drt_secret_file_write (path, large, strlen (large), NULL));
  assert_content (path, large);
  g_assert_true (drt_secret_file_write (path, "", 0, NULL));
  assert_content (path, "");
}

static void
test_load (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *path = path_of (fixture, "large"), *missing = path_of (fixture, "missing");
  g_autofree char *spaces = g_strnfill (DRT_CERTIFICATE_FILE_MAX + 1, ' ');
  g_autofree char *alone = to_pem (fixture->member, DRT_CERTIFICATE_ALONE, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DrtChainReport) report = NULL;
  PCCERT_CONTEXT read;

  g_assert_null (drt_certificate_load (missing, NULL, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_FILE);
  g_clear_error (&error);
  g_assert_null (drt_certificate_load (fixture->directory, NULL, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_FILE);
  g_clear_error (&error);
  g_assert_null (drt_certificate_load ("/dev/zero", NULL, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE);
  g_clear_error (&error);
  report = drt_chain_check_file (missing, NULL, NULL);
  g_assert_cmpint (report->hr, ==, DRT_E_INVALID_CERT_CHAIN);
  g_assert_nonnull (strstr (report->trouble, g_strerror (ENOENT)));

  /* As large as may be, and a byte more */
  memcpy (spaces, alone, strlen (alone));
  g_assert_true (g_file_set_contents (path, spaces, DRT_CERTIFICATE_FILE_MAX, NULL));
  read = drt_certificate_load (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (drt_certificate_equal (read, fixture->member));
  drt_certificate_unref (read);
  g_assert_true (g_file_set_contents (path, spaces, DRT_CERTIFICATE_FILE_MAX + 1, NULL));
  g_assert_null (drt_certificate_load (path, NULL, &error));
  g_assert_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE);
}

/* Every beginning of a file says something, and never that it is good. */
static void
test_beginnings (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *chain = to_pem (fixture->member, DRT_CERTIFICATE_WITH_CHAIN, NULL);
  gsize first = strstr (chain, "-----END") - chain;

  for (gsize length = 0; length < first; length += 7)
    {
      g_autoptr (DrtChainReport) report = drt_chain_check_bytes ((const guint8 *) chain, length, NULL, NULL);

      g_assert_cmpint (report->hr, ==, DRT_E_INVALID_CERT_CHAIN);
      if (length > strlen ("-----BEGIN "))
        g_assert_true (drt_chain_report_has (report, 0, DRT_REASON_TRUNCATED));
    }
  for (gsize length = 0; length < fixture->member->cbCertEncoded; length++)
    {
      g_autoptr (DrtChainReport) report = drt_chain_check_bytes (fixture->member->pbCertEncoded, length, NULL, NULL);

      g_assert_cmpint (report->hr, ==, DRT_E_INVALID_CERT_CHAIN);
      if (length > 4)
        g_assert_true (drt_chain_report_has (report, 0, DRT_REASON_TRUNCATED));
    }
}

#define ADD(path, algorithm, function) \
  g_test_add (path, Fixture, GINT_TO_POINTER (algorithm), set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/files/pem/ed25519", DRT_KEY_ALGORITHM_ED25519, test_pem);
  ADD ("/files/pem/p256", DRT_KEY_ALGORITHM_P256, test_pem);
  ADD ("/files/pem/rsa1024", DRT_KEY_ALGORITHM_RSA1024, test_pem);
  ADD ("/files/pkcs12/ed25519", DRT_KEY_ALGORITHM_ED25519, test_pkcs12);
  ADD ("/files/pkcs12/rsa1024", DRT_KEY_ALGORITHM_RSA1024, test_pkcs12);
  ADD ("/files/openssl/ed25519", DRT_KEY_ALGORITHM_ED25519, test_openssl);
  ADD ("/files/openssl/p256", DRT_KEY_ALGORITHM_P256, test_openssl);
  ADD ("/files/openssl/rsa1024", DRT_KEY_ALGORITHM_RSA1024, test_openssl);
  ADD ("/files/pkcs12/others", DRT_KEY_ALGORITHM_P256, test_others_pkcs12);
  ADD ("/files/pkcs12/old-cipher", DRT_KEY_ALGORITHM_P256, test_old_cipher);
  ADD ("/files/changes/ed25519", DRT_KEY_ALGORITHM_ED25519, test_changes);
  ADD ("/files/changes/p256", DRT_KEY_ALGORITHM_P256, test_changes);
  ADD ("/files/changes/rsa1024", DRT_KEY_ALGORITHM_RSA1024, test_changes);
  ADD ("/files/secret/modes", DRT_KEY_ALGORITHM_ED25519, test_modes);
  ADD ("/files/secret/failures", DRT_KEY_ALGORITHM_ED25519, test_failures);
  ADD ("/files/load", DRT_KEY_ALGORITHM_ED25519, test_load);
  ADD ("/files/beginnings", DRT_KEY_ALGORITHM_ED25519, test_beginnings);
  return g_test_run ();
}
