/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-certificate-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Texts and files that hold a secret. */

/**
 * drt_secret_free:
 * @secret: (nullable): a text
 */
void
drt_secret_free (char *secret)
{
  if (secret == NULL)
    return;
  OPENSSL_cleanse (secret, strlen (secret));
  g_free (secret);
}

static gboolean
write_all (int         file,
           const char *bytes,
           gsize       length)
{
  while (length > 0)
    {
      gssize written = write (file, bytes, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      bytes += written;
      length -= written;
    }
  return TRUE;
}

/* So that the new name is there after a power cut as well; not every file system can. */
static void
sync_directory (const char *path)
{
  int directory = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (directory < 0)
    return;
  fsync (directory);
  close (directory);
}

static gboolean
write_and_rename (int         file,
                  const char *temporary,
                  const char *path,
                  const void *bytes,
                  gsize       length)
{
  gboolean written = fchmod (file, S_IRUSR | S_IWUSR) == 0 && write_all (file, bytes, length) && fsync (file) == 0;
  int saved = errno;

  if (close (file) != 0 && written)
    {
      written = FALSE;
      saved = errno;
    }
  if (written && g_rename (temporary, path) != 0)
    {
      written = FALSE;
      saved = errno;
    }
  if (!written)
    g_unlink (temporary);
  errno = saved;
  return written;
}

/**
 * drt_secret_file_write:
 * @path: a file, which need not be there
 * @bytes: (array length=length): its content to be
 * @length: bytes
 * @error: (nullable)
 *
 * The bytes are written beside @path into a file nobody else can read, which then
 * takes its place.  When that fails nothing is left of it and @path is as it was.
 *
 * Returns: FALSE when it failed
 */
gboolean
drt_secret_file_write (const char *path,
                       const void *bytes,
                       gsize       length,
                       GError    **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *temporary = g_build_filename (directory, ".secret-XXXXXX", NULL);
  int file = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);

  if (file < 0 || !write_and_rename (file, temporary, path, bytes, length))
    {
      drt_certificate_set_error (error, DRT_CERTIFICATE_ERROR_FILE, "“%s” cannot be written: %s", path, g_strerror (errno));
      return FALSE;
    }
  sync_directory (directory);
  return TRUE;
}
