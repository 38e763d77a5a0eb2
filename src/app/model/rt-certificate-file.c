/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-certificate-file.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rt-data-directory.h"

/* Of the id, before the name of a kept file. */
#define ID_DIGITS 16

struct _RtCertificateFile
{
  GObject parent_instance;

  RtCertificateFileKind kind;
  char *path;
  char *name;
  char *id;
  guint8 *bytes;              /* as they were read; may hold a private key */
  gsize length;
  PCCERT_CONTEXT certificate;
  DrtRevokeList *revoke_list;
  GError *error;
};

G_DEFINE_FINAL_TYPE (RtCertificateFile, rt_certificate_file, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_LOCKED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
forget_bytes (RtCertificateFile *self)
{
  if (self->bytes != NULL)
    explicit_bzero (self->bytes, self->length);
  g_clear_pointer (&self->bytes, g_free);
  self->length = 0;
}

static void
rt_certificate_file_finalize (GObject *object)
{
  RtCertificateFile *self = RT_CERTIFICATE_FILE (object);

  forget_bytes (self);
  g_free (self->path);
  g_free (self->name);
  g_free (self->id);
  g_clear_pointer (&self->certificate, drt_certificate_unref);
  g_clear_pointer (&self->revoke_list, drt_revoke_list_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (rt_certificate_file_parent_class)->finalize (object);
}

static void
rt_certificate_file_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_LOCKED)
    g_value_set_boolean (value, rt_certificate_file_is_locked (RT_CERTIFICATE_FILE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
rt_certificate_file_class_init (RtCertificateFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rt_certificate_file_finalize;
  object_class->get_property = rt_certificate_file_get_property;

  properties[PROP_LOCKED] = g_param_spec_boolean ("locked", NULL, NULL, FALSE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_certificate_file_init (RtCertificateFile *self)
{
}

static gboolean
read_bytes (RtCertificateFile *self, GError **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (self->path);
  g_autoptr(GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree guint8 *buffer = NULL;
  gsize length = 0;
  gboolean read;

  if (stream == NULL)
    return FALSE;
  /* One byte more shows that it is too long. */
  buffer = g_malloc (DRT_CERTIFICATE_FILE_MAX + 1);
  read = g_input_stream_read_all (G_INPUT_STREAM (stream), buffer, DRT_CERTIFICATE_FILE_MAX + 1, &length, NULL, error);
  if (read && length > DRT_CERTIFICATE_FILE_MAX)
    {
      g_set_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_A_CERTIFICATE,
                   _("This file is larger than any certificate: it has more than %d bytes."), DRT_CERTIFICATE_FILE_MAX);
      read = FALSE;
    }
  if (read)
    {
      self->bytes = g_memdup2 (buffer, MAX (length, 1));
      self->length = length;
      self->id = g_compute_checksum_for_data (G_CHECKSUM_SHA256, self->bytes, length);
    }
  explicit_bzero (buffer, length);
  return read;
}

static void
load (RtCertificateFile *self)
{
  g_autoptr(GError) error = NULL;

  if (!read_bytes (self, &error))
    {
      if (error->domain == DRT_CERTIFICATE_ERROR)
        self->error = g_steal_pointer (&error);
      else
        self->error = g_error_new_literal (DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_FILE, error->message);
      return;
    }
  if (self->kind == RT_CERTIFICATE_FILE_REVOKE_LIST)
    self->revoke_list = drt_revoke_list_parse (self->bytes, self->length, &self->error);
  else
    self->certificate = drt_certificate_parse (self->bytes, self->length, NULL, &self->error);
}

static char *
dup_directory (void)
{
  return rt_data_directory_get (NULL, "certificates");
}

static gboolean
is_kept (const char *path)
{
  g_autofree char *directory = dup_directory ();
  g_autofree char *parent = g_path_get_dirname (path);

  return g_str_equal (directory, parent);
}

/* Without what rt_certificate_file_keep() put before it. */
static char *
dup_name (const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  return g_strdup (is_kept (path) && strlen (name) > ID_DIGITS + 1 ? name + ID_DIGITS + 1 : name);
}

static RtCertificateFile *
create (const char *path, RtCertificateFileKind kind)
{
  RtCertificateFile *self = g_object_new (RT_TYPE_CERTIFICATE_FILE, NULL);

  self->path = g_strdup (path);
  self->name = dup_name (path);
  self->kind = kind;
  return self;
}

/**
 * rt_certificate_file_new:
 * @path: of a file that may not be there
 *
 * Reads it at once: for what Roundtable keeps itself.
 */
RtCertificateFile *
rt_certificate_file_new (const char *path, RtCertificateFileKind kind)
{
  RtCertificateFile *self = create (path, kind);

  load (self);
  return self;
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  load (data);
  g_task_return_pointer (task, g_object_ref (data), g_object_unref);
}

/** rt_certificate_file_load_async: for what somebody else keeps, maybe far away */
void
rt_certificate_file_load_async (const char *path, RtCertificateFileKind kind, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, rt_certificate_file_load_async);
  g_task_set_task_data (task, create (path, kind), g_object_unref);
  g_task_run_in_thread (task, load_thread);
}

/** rt_certificate_file_load_finish: (transfer full): NULL only when it was cancelled */
RtCertificateFile *
rt_certificate_file_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

const char *
rt_certificate_file_get_path (RtCertificateFile *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), NULL);
  return self->path;
}

const char *
rt_certificate_file_get_name (RtCertificateFile *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), NULL);
  return self->name;
}

const char *
rt_certificate_file_get_id (RtCertificateFile *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), NULL);
  return self->id;
}

PCCERT_CONTEXT
rt_certificate_file_get_certificate (RtCertificateFile *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), NULL);
  return self->certificate;
}

DrtRevokeList *
rt_certificate_file_get_revoke_list (RtCertificateFile *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), NULL);
  return self->revoke_list;
}

gboolean
rt_certificate_file_is_locked (RtCertificateFile *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), FALSE);
  return g_error_matches (self->error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED)
         || g_error_matches (self->error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE);
}

const GError *
rt_certificate_file_get_error (RtCertificateFile *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), NULL);
  return self->error;
}

static gboolean
take_certificate (RtCertificateFile *self, PCCERT_CONTEXT certificate)
{
  g_clear_pointer (&self->certificate, drt_certificate_unref);
  self->certificate = certificate;
  g_clear_error (&self->error);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
  return TRUE;
}

/**
 * rt_certificate_file_unlock:
 * @error: DRT_CERTIFICATE_ERROR; with DRT_CERTIFICATE_ERROR_WRONG_PASSPHRASE it is
 *   still locked
 *
 * Returns: whether it has a certificate now
 */
gboolean
rt_certificate_file_unlock (RtCertificateFile *self, const char *passphrase, GError **error)
{
  PCCERT_CONTEXT certificate;

  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), FALSE);

  if (!rt_certificate_file_is_locked (self))
    return self->certificate != NULL;
  certificate = drt_certificate_parse (self->bytes, self->length, passphrase, error);
  return certificate != NULL && take_certificate (self, certificate);
}

typedef struct
{
  char *passphrase;
  guint8 *bytes;
  gsize length;
} Unlocking;

static void
unlocking_free (gpointer data)
{
  Unlocking *unlocking = data;

  explicit_bzero (unlocking->bytes, unlocking->length);
  g_free (unlocking->bytes);
  drt_secret_free (unlocking->passphrase);
  g_free (unlocking);
}

static void
unlock_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Unlocking *unlocking = data;
  GError *error = NULL;
  PCCERT_CONTEXT certificate = drt_certificate_parse (unlocking->bytes, unlocking->length, unlocking->passphrase, &error);

  if (certificate == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, (gpointer) certificate, (GDestroyNotify) drt_certificate_unref);
}

/** rt_certificate_file_unlock_async: the work that a passphrase is to cost does not stop the window */
void
rt_certificate_file_unlock_async (RtCertificateFile *self, const char *passphrase, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, data);
  Unlocking *unlocking = g_new0 (Unlocking, 1);

  g_return_if_fail (RT_IS_CERTIFICATE_FILE (self));

  unlocking->passphrase = g_strdup (passphrase);
  unlocking->bytes = g_memdup2 (self->bytes, MAX (self->length, 1));
  unlocking->length = self->length;
  g_task_set_source_tag (task, rt_certificate_file_unlock_async);
  g_task_set_task_data (task, unlocking, unlocking_free);
  g_task_run_in_thread (task, unlock_thread);
}

gboolean
rt_certificate_file_unlock_finish (RtCertificateFile *self, GAsyncResult *result, GError **error)
{
  PCCERT_CONTEXT certificate;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  certificate = g_task_propagate_pointer (G_TASK (result), error);
  return certificate != NULL && take_certificate (self, certificate);
}

/**
 * rt_certificate_file_keep:
 *
 * What was chosen may lie on a stick, or behind a portal that forgets it; so what
 * is used is a copy of our own, under a name made of its content, which only its
 * owner reads.
 */
gboolean
rt_certificate_file_keep (RtCertificateFile *self, GError **error)
{
  g_autofree char *directory = dup_directory ();
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), FALSE);

  if (is_kept (self->path))
    return TRUE;
  if (self->bytes == NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }
  name = g_strdup_printf ("%.*s-%s", ID_DIGITS, self->id, self->name);
  path = g_build_filename (directory, name, NULL);
  if (!rt_data_directory_make (directory, error) || !drt_secret_file_write (path, self->bytes, self->length, error))
    return FALSE;
  g_free (self->path);
  self->path = g_steal_pointer (&path);
  return TRUE;
}

/** rt_certificate_file_check: (transfer full): free with drt_chain_report_free() */
DrtChainReport *
rt_certificate_file_check (RtCertificateFile *self, const DrtChainQuery *query)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (self), NULL);

  if (self->certificate != NULL)
    return drt_chain_check (self->certificate, query);
  return drt_chain_check_bytes (self->bytes, self->length, NULL, query);
}
