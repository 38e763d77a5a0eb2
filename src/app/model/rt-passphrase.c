/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-passphrase.h"

#include <drt-certificate.h>
#include <glib/gi18n.h>
#include <libsecret/secret.h>

static const SecretSchema schema = {
  .name = APP_ID,
  .flags = SECRET_SCHEMA_NONE,
  .attributes = { { "file", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

void
rt_passphrase_lookup_async (const char *id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  secret_password_lookup (&schema, cancellable, callback, data, "file", id, NULL);
}

char *
rt_passphrase_lookup_finish (GAsyncResult *result, GError **error)
{
  char *found = secret_password_lookup_finish (result, error);
  /* Into memory that is freed as the secrets of the library are. */
  char *passphrase = g_strdup (found);

  secret_password_free (found);
  return passphrase;
}

void
rt_passphrase_store_async (const char *id, const char *name, const char *passphrase, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data)
{
  /* Translators: in the keyring: what the passphrase is for; the name of a file */
  g_autofree char *label = g_strdup_printf (_("Roundtable: passphrase of “%s”"), name);

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, passphrase, cancellable, callback, data, "file", id, NULL);
}

gboolean
rt_passphrase_store_finish (GAsyncResult *result, GError **error)
{
  return secret_password_store_finish (result, error);
}

void
rt_passphrase_forget (const char *id)
{
  secret_password_clear (&schema, NULL, NULL, NULL, "file", id, NULL);
}
