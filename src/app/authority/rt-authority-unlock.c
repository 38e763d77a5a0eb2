/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-authority-unlock.h"

#include <glib/gi18n.h>

#include "rt-choose-file.h"
#include "rt-passphrase.h"
#include "rt-unlock.h"

typedef struct
{
  GtkWidget *origin;
  RtAuthority *authority;
  RtUnlockedFunc func;
  gpointer data;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->origin);
  g_object_unref (request->authority);
  g_free (request);
}

/* A file that is still locked was not unlocked by the person's own wish. */
static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *request = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(RtCertificateFile) file = rt_open_certificate_finish (result, &error);
  PCCERT_CONTEXT certificate = file != NULL ? rt_certificate_file_get_certificate (file) : NULL;

  if (file != NULL && certificate == NULL && rt_certificate_file_is_locked (file))
    {
      request_free (request);
      return;
    }
  if (certificate != NULL && rt_authority_unlock (request->authority, certificate, &error))
    request->func (request->origin, request->authority, request->data);
  else
    rt_tell_problem (request->origin, _("The Authority Could Not Be Unlocked"),
                     error != NULL ? error->message : rt_certificate_file_get_error (file)->message);
  request_free (request);
}

void
rt_authority_unlock_then (GtkWidget *origin, RtAuthority *authority, RtUnlockedFunc func, gpointer data)
{
  g_autofree char *path = NULL;
  Request *request;

  if (!rt_authority_get_locked (authority))
    {
      func (origin, authority, data);
      return;
    }
  path = rt_authority_dup_key_path (authority);
  request = g_new0 (Request, 1);
  request->origin = g_object_ref (origin);
  request->authority = g_object_ref (authority);
  request->func = func;
  request->data = data;
  rt_open_certificate_async (origin, path, RT_CERTIFICATE_FILE_CERTIFICATE, NULL, opened_cb, request);
}

/* The authority is stored all the same: its passphrase is asked for next time. */
static void
stored_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkWidget) origin = data;
  g_autoptr(GError) error = NULL;

  if (!rt_passphrase_store_finish (result, &error))
    rt_tell_problem (origin, _("The Passphrase Was Not Kept"), error->message);
}

/** rt_authority_remember_passphrase: in the keyring of the desktop */
void
rt_authority_remember_passphrase (GtkWidget *origin, RtAuthority *authority, const char *passphrase)
{
  g_autofree char *path = rt_authority_dup_key_path (authority);
  g_autoptr(RtCertificateFile) file = rt_certificate_file_new (path, RT_CERTIFICATE_FILE_CERTIFICATE);

  if (rt_certificate_file_get_id (file) != NULL)
    rt_passphrase_store_async (rt_certificate_file_get_id (file), rt_authority_get_name (authority), passphrase, NULL,
                               stored_cb, g_object_ref (origin));
}
