/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-join.h"

#include <drt-chain.h>
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "rt-data-directory.h"

#define INVITATION_FILE "invitation"
#define KEY_FILE        "key.pem"
#define REQUEST_FILE    "request.pem"
#define MAX_FILE_SIZE   (64 * 1024)

struct _RtJoin
{
  GObject parent_instance;

  char *directory;
  DrtInvitation *invitation;
  char *request;
};

G_DEFINE_FINAL_TYPE (RtJoin, rt_join, G_TYPE_OBJECT)

void
rt_joined_free (RtJoined *self)
{
  g_free (self->certificate);
  g_free (self->root);
  g_free (self);
}

static void
rt_join_finalize (GObject *object)
{
  RtJoin *self = RT_JOIN (object);

  g_clear_pointer (&self->invitation, drt_invitation_free);
  g_free (self->directory);
  g_free (self->request);
  G_OBJECT_CLASS (rt_join_parent_class)->finalize (object);
}

static void
rt_join_class_init (RtJoinClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_join_finalize;
}

static void
rt_join_init (RtJoin *self)
{
}

static const char *const files[] = { INVITATION_FILE, KEY_FILE, REQUEST_FILE, NULL };

/* The algorithm of the authority's key is that of its members: it decides the profile. */
static char *
make_request (const DrtInvitation *invitation, const char *name, char **key_pem, GError **error)
{
  g_autoptr(DrtCertificateInfo) root = drt_certificate_get_info (invitation->root);
  DrtCertificateRequest request = {
    .name = name,
    .algorithm = root->algorithm == DRT_KEY_ALGORITHM_OTHER ? DRT_KEY_ALGORITHM_ED25519 : root->algorithm,
  };

  return drt_certificate_request_new (&request, key_pem, error);
}

static char *
make_own_directory (const char *path, const DrtInvitation *invitation, GError **error)
{
  g_autofree char *all = rt_data_directory_get (path, "joins");
  g_autofree char *mesh = rt_data_directory_short_name (invitation->fingerprint);
  g_autofree char *name = NULL;
  g_autofree char *template = NULL;

  if (!rt_data_directory_make (all, error))
    return NULL;
  name = g_strconcat (mesh, "-XXXXXX", NULL);
  template = g_build_filename (all, name, NULL);
  if (g_mkdtemp_full (template, 0700) == NULL)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   _("The directory %s could not be made: %s."), template, g_strerror (code));
      return NULL;
    }
  return g_steal_pointer (&template);
}

/**
 * rt_join_new:
 * @path: (nullable): directory of all that wait
 * @name: of the member to be
 *
 * Makes a key and a request for it, and keeps them.
 *
 * Returns: (transfer full) (nullable)
 */
RtJoin *
rt_join_new (const char *path, const DrtInvitation *invitation, const char *name, GError **error)
{
  g_autoptr(RtJoin) self = g_object_new (RT_TYPE_JOIN, NULL);
  g_autofree char *link = drt_invitation_to_link (invitation, error);
  char *key_pem = NULL;
  gboolean kept = FALSE;

  if (link == NULL)
    return NULL;
  self->invitation = drt_invitation_parse (link, error);
  if (self->invitation == NULL)
    return NULL;
  self->request = make_request (invitation, name, &key_pem, error);
  if (self->request != NULL)
    self->directory = make_own_directory (path, invitation, error);
  if (self->directory != NULL)
    {
      kept = rt_data_directory_write_text (self->directory, KEY_FILE, key_pem, error)
             && rt_data_directory_write_text (self->directory, REQUEST_FILE, self->request, error)
             && rt_data_directory_write_text (self->directory, INVITATION_FILE, link, error);
      if (!kept)
        rt_data_directory_remove (self->directory, files);
    }
  drt_secret_free (key_pem);
  return kept ? g_steal_pointer (&self) : NULL;
}

/* Bounded, since what lies in a directory is not always what was put there. */
static char *
read_text (const char *directory, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  if (length > MAX_FILE_SIZE || strlen (text) != length)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s is not what was stored there."), path);
      return NULL;
    }
  return g_steal_pointer (&text);
}

/** rt_join_load: (transfer full) (nullable): one that waits, from its directory */
RtJoin *
rt_join_load (const char *directory, GError **error)
{
  g_autoptr(RtJoin) self = g_object_new (RT_TYPE_JOIN, NULL);
  g_autofree char *link = read_text (directory, INVITATION_FILE, error);

  if (link == NULL)
    return NULL;
  self->directory = g_strdup (directory);
  self->invitation = drt_invitation_parse (link, error);
  self->request = self->invitation != NULL ? read_text (directory, REQUEST_FILE, error) : NULL;
  return self->request != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * rt_join_list:
 *
 * Returns: (transfer full): of RtJoin: those that wait; what cannot be read is left
 *   alone, and said in a debug message
 */
GListStore *
rt_join_list (const char *path)
{
  GListStore *list = g_list_store_new (RT_TYPE_JOIN);
  g_autofree char *all = rt_data_directory_get (path, "joins");
  g_autoptr(GDir) directory = g_dir_open (all, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *own = g_build_filename (all, name, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(RtJoin) join = rt_join_load (own, &error);

      if (join != NULL)
        g_list_store_append (list, join);
      else
        g_debug ("%s: %s", own, error->message);
    }
  return list;
}

const DrtInvitation *
rt_join_get_invitation (RtJoin *self)
{
  g_return_val_if_fail (RT_IS_JOIN (self), NULL);
  return self->invitation;
}

/** rt_join_get_request: (transfer none): PEM, for the authority */
const char *
rt_join_get_request (RtJoin *self)
{
  g_return_val_if_fail (RT_IS_JOIN (self), NULL);
  return self->request;
}

/** rt_join_forget: its key and its request are deleted */
void
rt_join_forget (RtJoin *self)
{
  g_return_if_fail (RT_IS_JOIN (self));
  rt_data_directory_remove (self->directory, files);
}

/* It may come without its issuers; the root at least we know. */
static gboolean
check_chain (PCCERT_CONTEXT root, PCCERT_CONTEXT certificate, GError **error)
{
  DrtChainQuery query = { .root = root };
  g_autoptr(DrtChainReport) report = drt_chain_check (certificate, &query);

  if (report->hr == S_OK)
    return TRUE;
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);
      g_autofree char *sentence = NULL;

      if (!drt_chain_reason_is_fault (verdict->reason))
        continue;
      sentence = drt_chain_verdict_describe (report, verdict);
      g_set_error_literal (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE, sentence);
      return FALSE;
    }
  g_set_error_literal (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE,
                       _("This certificate is none of the mesh."));
  return FALSE;
}

/**
 * rt_joined_new:
 * @root: of the mesh
 * @certificate: a member's, with its private key
 * @data: (nullable): directory of certificates; %NULL for
 *   $XDG_DATA_HOME/roundtable/certificates
 *
 * Keeps the certificate of a member and that of the authority.
 *
 * Returns: (transfer full) (nullable): where
 */
RtJoined *
rt_joined_new (PCCERT_CONTEXT root, PCCERT_CONTEXT certificate, const char *data, GError **error)
{
  g_autofree char *directory = rt_data_directory_get (data, "certificates");
  g_autoptr(DrtCertificateInfo) info = drt_certificate_get_info (certificate);
  g_autofree char *name = rt_data_directory_short_name (info->fingerprint);
  g_autofree char *root_name = g_strconcat (name, "-root.pem", NULL);
  g_autofree char *member_name = g_strconcat (name, "-member.pem", NULL);
  g_autofree char *root_text = NULL;
  g_autoptr(RtJoined) joined = g_new0 (RtJoined, 1);
  char *member;
  gboolean written;

  if (!check_chain (root, certificate, error) || !rt_data_directory_make (directory, error))
    return NULL;
  root_text = drt_certificate_to_pem (root, DRT_CERTIFICATE_ALONE, NULL, error);
  if (root_text == NULL)
    return NULL;
  member = drt_certificate_to_pem (certificate, DRT_CERTIFICATE_WITH_CHAIN | DRT_CERTIFICATE_WITH_KEY, NULL, error);
  if (member == NULL)
    return NULL;
  joined->certificate = g_build_filename (directory, member_name, NULL);
  joined->root = g_build_filename (directory, root_name, NULL);
  written = rt_data_directory_write_text (directory, root_name, root_text, error)
            && rt_data_directory_write_text (directory, member_name, member, error);
  drt_secret_free (member);
  return written ? g_steal_pointer (&joined) : NULL;
}

static PCCERT_CONTEXT
join_key (RtJoin *self, PCCERT_CONTEXT certificate, GError **error)
{
  g_autoptr(GError) local_error = NULL;
  char *key_pem = read_text (self->directory, KEY_FILE, error);
  PCCERT_CONTEXT joined;

  if (key_pem == NULL)
    return NULL;
  joined = drt_certificate_join (certificate, key_pem, &local_error);
  drt_secret_free (key_pem);
  if (g_error_matches (local_error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_KEY_MISMATCH))
    g_set_error_literal (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_KEY_MISMATCH,
                         _("This certificate belongs to another request: its key is not the one made here."));
  else if (joined == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return joined;
}

/**
 * rt_join_complete:
 * @certificate: what the authority has issued: for the request, or with a key of its own
 * @data: (nullable): as in rt_joined_new()
 *
 * Puts certificate and key together and keeps them.  What waited is not needed
 * any more then: see rt_join_forget().
 *
 * Returns: (transfer full) (nullable): where they are
 */
RtJoined *
rt_join_complete (RtJoin *self, PCCERT_CONTEXT certificate, const char *data, GError **error)
{
  PCCERT_CONTEXT own;
  RtJoined *joined;

  g_return_val_if_fail (RT_IS_JOIN (self), NULL);

  own = drt_certificate_has_private_key (certificate) ? drt_certificate_ref (certificate) : join_key (self, certificate, error);
  if (own == NULL)
    return NULL;
  joined = rt_joined_new (self->invitation->root, own, data, error);
  drt_certificate_unref (own);
  return joined;
}

/** rt_joined_apply: @settings: of a mesh, which has these certificates now */
void
rt_joined_apply (const RtJoined *self, RtMeshSettings *settings)
{
  g_object_set (settings,
                "security-provider", RT_SECURITY_PROVIDER_DERIVED_KEY,
                "root-certificate", self->root,
                "local-certificate", self->certificate,
                "revoke-list", "",
                NULL);
}

/** rt_join_apply: @settings: those of the person, which become those of the mesh one was invited to */
void
rt_join_apply (RtJoin *self, const RtJoined *joined, RtMeshSettings *settings)
{
  const DrtInvitation *invitation;

  g_return_if_fail (RT_IS_JOIN (self));

  invitation = self->invitation;
  rt_joined_apply (joined, settings);
  g_object_set (settings,
                "protocol-major", (guint) invitation->protocol_major,
                "protocol-minor", (guint) invitation->protocol_minor,
                "security-mode", (int) invitation->mode,
                NULL);
  if (invitation->bootstrap[0] != NULL)
    g_object_set (settings, "bootstrap-kind", RT_BOOTSTRAP_LIST, "bootstrap-list", invitation->bootstrap, NULL);
}
