/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-authority-store.h"

#include <glib/gi18n.h>

struct _RtAuthorityStore
{
  GObject parent_instance;

  char *path;
  GListStore *authorities;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RtAuthorityStore, rt_authority_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return RT_TYPE_AUTHORITY;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (RT_AUTHORITY_STORE (model)->authorities));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (RT_AUTHORITY_STORE (model)->authorities), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
rt_authority_store_finalize (GObject *object)
{
  RtAuthorityStore *self = RT_AUTHORITY_STORE (object);

  g_clear_object (&self->authorities);
  g_free (self->path);
  G_OBJECT_CLASS (rt_authority_store_parent_class)->finalize (object);
}

static void
rt_authority_store_class_init (RtAuthorityStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_authority_store_finalize;
}

static void
rt_authority_store_init (RtAuthorityStore *self)
{
  self->authorities = g_list_store_new (RT_TYPE_AUTHORITY);
  g_signal_connect_object (self->authorities, "items-changed", G_CALLBACK (g_list_model_items_changed), self,
                           G_CONNECT_SWAPPED);
}

/**
 * rt_authority_store_new:
 * @path: (nullable): the directory; %NULL for the person's own,
 *   $XDG_DATA_HOME/roundtable/authorities
 *
 * Returns: (transfer full): empty until rt_authority_store_load()
 */
RtAuthorityStore *
rt_authority_store_new (const char *path)
{
  RtAuthorityStore *self = g_object_new (RT_TYPE_AUTHORITY_STORE, NULL);

  if (path != NULL)
    self->path = g_strdup (path);
  else
    self->path = g_build_filename (g_get_user_data_dir (), "roundtable", "authorities", NULL);
  return self;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  int order = g_utf8_collate (rt_authority_get_name ((RtAuthority *) a), rt_authority_get_name ((RtAuthority *) b));

  return order != 0 ? order : g_strcmp0 (rt_authority_get_fingerprint ((RtAuthority *) a),
                                         rt_authority_get_fingerprint ((RtAuthority *) b));
}

/**
 * rt_authority_store_load:
 *
 * Reads what is in the directory.
 *
 * Returns: (transfer full) (nullable): which of them could not be read and why,
 *   sentences for the person; they are left as they are
 */
char *
rt_authority_store_load (RtAuthorityStore *self)
{
  g_autoptr(GString) problems = g_string_new (NULL);
  g_autoptr(GDir) directory = NULL;
  const char *name;

  g_return_val_if_fail (RT_IS_AUTHORITY_STORE (self), NULL);

  g_list_store_remove_all (self->authorities);
  directory = g_dir_open (self->path, 0, NULL);
  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->path, name, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(RtAuthority) authority = NULL;

      if (!rt_authority_is_in (path))
        continue;
      authority = rt_authority_load (path, &error);
      if (authority != NULL)
        g_list_store_insert_sorted (self->authorities, authority, compare, NULL);
      else
        g_string_append_printf (problems, "%s%s: %s", problems->len > 0 ? "\n" : "", path, error->message);
    }
  return problems->len > 0 ? g_strdup (problems->str) : NULL;
}

/* Deriving a key from a passphrase takes its time, so an authority is stored in a thread. */
typedef struct
{
  char *parent;
  char *name;
  guint days;
  DrtKeyAlgorithm algorithm;
  char *path;                 /* of a backup; NULL: a new one is made */
  char *file_passphrase;
  char *passphrase;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->parent);
  g_free (job->name);
  g_free (job->path);
  drt_secret_free (job->file_passphrase);
  drt_secret_free (job->passphrase);
  g_free (job);
}

static PCCERT_CONTEXT
read_backup (const Job *job, GError **error)
{
  PCCERT_CONTEXT certificate = drt_certificate_load (job->path, job->file_passphrase, error);
  g_autoptr(DrtCertificateInfo) info = certificate != NULL ? drt_certificate_get_info (certificate) : NULL;

  if (certificate == NULL)
    return NULL;
  if (!info->is_authority)
    g_set_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY,
                 _("This is the certificate of a member, “%s”, not of an authority."), info->subject);
  else if (!drt_certificate_has_private_key (certificate))
    g_set_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NO_PRIVATE_KEY,
                 _("The file has no private key: with the certificate alone nothing can be issued."));
  else
    return certificate;
  drt_certificate_unref (certificate);
  return NULL;
}

static void
job_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  DrtCertificateRequest request = { .name = job->name, .days = job->days, .algorithm = job->algorithm, .authority = TRUE };
  GError *error = NULL;
  PCCERT_CONTEXT certificate = job->path != NULL ? read_backup (job, &error) : drt_certificate_new_authority (&request, &error);
  RtAuthority *authority = NULL;

  if (certificate != NULL)
    {
      authority = rt_authority_store_in (job->parent, certificate, job->passphrase, &error);
      drt_certificate_unref (certificate);
    }
  if (authority != NULL)
    g_task_return_pointer (task, authority, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
run (RtAuthorityStore *self, Job *job, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, data);

  job->parent = g_strdup (self->path);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, job_thread);
}

/**
 * rt_authority_store_create_async:
 * @name: of the authority
 * @days: of validity; 0: 10 years
 * @passphrase: its private key is encrypted with
 *
 * Makes an authority and stores it.
 */
void
rt_authority_store_create_async (RtAuthorityStore *self, const char *name, guint days, DrtKeyAlgorithm algorithm,
                                 const char *passphrase, GAsyncReadyCallback callback, gpointer data)
{
  Job *job;

  g_return_if_fail (RT_IS_AUTHORITY_STORE (self));
  g_return_if_fail (passphrase != NULL && *passphrase != '\0');

  job = g_new0 (Job, 1);
  job->name = g_strdup (name);
  job->days = days;
  job->algorithm = algorithm;
  job->passphrase = g_strdup (passphrase);
  run (self, job, callback, data);
}

/**
 * rt_authority_store_import_async:
 * @path: a backup: PKCS#12 or PEM with the private key
 * @file_passphrase: (nullable): of that file
 * @passphrase: the key is encrypted with here
 *
 * Stores an authority that was made before; of its members nothing is known.
 */
void
rt_authority_store_import_async (RtAuthorityStore *self, const char *path, const char *file_passphrase,
                                 const char *passphrase, GAsyncReadyCallback callback, gpointer data)
{
  Job *job;

  g_return_if_fail (RT_IS_AUTHORITY_STORE (self));
  g_return_if_fail (passphrase != NULL && *passphrase != '\0');

  job = g_new0 (Job, 1);
  job->path = g_strdup (path);
  job->file_passphrase = g_strdup (file_passphrase);
  job->passphrase = g_strdup (passphrase);
  run (self, job, callback, data);
}

/** rt_authority_store_finish: (transfer none) (nullable): the authority, in the list and unlocked */
RtAuthority *
rt_authority_store_finish (RtAuthorityStore *self, GAsyncResult *result, GError **error)
{
  g_autoptr(RtAuthority) authority = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  authority = g_task_propagate_pointer (G_TASK (result), error);
  if (authority == NULL)
    return NULL;
  g_list_store_insert_sorted (self->authorities, authority, compare, NULL);
  return authority;  /* the list keeps it alive */
}

/** rt_authority_store_find: (transfer none) (nullable): the authority of this fingerprint */
RtAuthority *
rt_authority_store_find (RtAuthorityStore *self, const char *fingerprint)
{
  g_return_val_if_fail (RT_IS_AUTHORITY_STORE (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->authorities)); i++)
    {
      g_autoptr(RtAuthority) authority = g_list_model_get_item (G_LIST_MODEL (self->authorities), i);

      if (g_strcmp0 (rt_authority_get_fingerprint (authority), fingerprint) == 0)
        return authority;  /* the list keeps it alive */
    }
  return NULL;
}
