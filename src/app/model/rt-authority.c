/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-authority.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rt-authority-members.h"
#include "rt-data-directory.h"

#define CERTIFICATE_FILE "certificate.pem"
#define KEY_FILE         "authority.pem"
#define MEMBERS_FILE     "members.json"
#define REVOKED_FILE     "revoked.pem"

struct _RtAuthority
{
  GObject parent_instance;

  char *directory;
  PCCERT_CONTEXT certificate;    /* without its private key */
  PCCERT_CONTEXT unlocked;       /* with it; NULL while locked */
  DrtCertificateInfo *info;
  GListStore *members;           /* RtMember, in the order in which they came */
  DrtRevokeList *revoked;        /* NULL: nobody is */
};

G_DEFINE_FINAL_TYPE (RtAuthority, rt_authority, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_FINGERPRINT,
  PROP_LOCKED,
  PROP_REVOKE_LIST,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
rt_authority_finalize (GObject *object)
{
  RtAuthority *self = RT_AUTHORITY (object);

  g_clear_pointer (&self->unlocked, drt_certificate_unref);
  g_clear_pointer (&self->certificate, drt_certificate_unref);
  g_clear_pointer (&self->info, drt_certificate_info_free);
  g_clear_pointer (&self->revoked, drt_revoke_list_unref);
  g_clear_object (&self->members);
  g_free (self->directory);
  G_OBJECT_CLASS (rt_authority_parent_class)->finalize (object);
}

static void
rt_authority_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtAuthority *self = RT_AUTHORITY (object);

  switch (id)
    {
    case PROP_NAME:        g_value_set_string (value, self->info->subject); break;
    case PROP_FINGERPRINT: g_value_set_string (value, self->info->fingerprint); break;
    case PROP_LOCKED:      g_value_set_boolean (value, self->unlocked == NULL); break;
    case PROP_REVOKE_LIST: g_value_set_pointer (value, self->revoked); break;
    default:               G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_authority_class_init (RtAuthorityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = rt_authority_finalize;
  object_class->get_property = rt_authority_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_FINGERPRINT] = g_param_spec_string ("fingerprint", NULL, NULL, NULL, flags);
  properties[PROP_LOCKED] = g_param_spec_boolean ("locked", NULL, NULL, TRUE, flags);
  properties[PROP_REVOKE_LIST] = g_param_spec_pointer ("revoke-list", NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_authority_init (RtAuthority *self)
{
  self->members = g_list_store_new (RT_TYPE_MEMBER);
}

static char *
path_of (RtAuthority *self, const char *name)
{
  return g_build_filename (self->directory, name, NULL);
}

static gboolean
load_members (RtAuthority *self, GError **error)
{
  g_autofree char *path = path_of (self, MEMBERS_FILE);
  g_autoptr(GPtrArray) members = rt_authority_members_read (path, error);

  if (members == NULL)
    return FALSE;
  g_list_store_splice (self->members, 0, 0, members->pdata, members->len);
  return TRUE;
}

static gboolean
load_revoked (RtAuthority *self, GError **error)
{
  g_autofree char *path = path_of (self, REVOKED_FILE);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  self->revoked = drt_revoke_list_load (path, error);
  return self->revoked != NULL;
}

/** rt_authority_is_in: whether the directory is that of an authority */
gboolean
rt_authority_is_in (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, CERTIFICATE_FILE, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * rt_authority_load:
 * @directory: of the authority
 * @error: a sentence for the person
 *
 * Returns: (transfer full) (nullable): the authority, locked
 */
RtAuthority *
rt_authority_load (const char *directory, GError **error)
{
  g_autoptr(RtAuthority) self = g_object_new (RT_TYPE_AUTHORITY, NULL);
  g_autofree char *path = NULL;

  self->directory = g_strdup (directory);
  path = path_of (self, CERTIFICATE_FILE);
  self->certificate = drt_certificate_load (path, NULL, error);
  if (self->certificate == NULL)
    return NULL;
  self->info = drt_certificate_get_info (self->certificate);
  if (!self->info->is_authority)
    {
      g_set_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_NOT_AN_AUTHORITY,
                   _("%s is no certificate of an authority."), path);
      return NULL;
    }
  if (!load_members (self, error) || !load_revoked (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* The file with the key first: a directory without a certificate is no authority. */
static gboolean
write_certificate (RtAuthority *self, const char *text, const char *passphrase, GError **error)
{
  char *secret = drt_certificate_to_pem (self->unlocked, DRT_CERTIFICATE_WITH_KEY, passphrase, error);
  gboolean written = secret != NULL
                     && rt_data_directory_write_text (self->directory, KEY_FILE, secret, error)
                     && rt_data_directory_write_text (self->directory, CERTIFICATE_FILE, text, error);

  drt_secret_free (secret);
  return written;
}

static const char *const files[] = { KEY_FILE, CERTIFICATE_FILE, MEMBERS_FILE, NULL };

static gboolean
fill_directory (RtAuthority *self, const char *text, const char *passphrase, GError **error)
{
  g_autofree char *members = path_of (self, MEMBERS_FILE);

  if (!rt_data_directory_make (self->directory, error))
    return FALSE;
  if (write_certificate (self, text, passphrase, error)
      && rt_authority_members_write (members, G_LIST_MODEL (self->members), error))
    return TRUE;
  rt_data_directory_remove (self->directory, files);
  return FALSE;
}

/**
 * rt_authority_store_in:
 * @parent: directory of all authorities; made where it is missing
 * @authority: with its private key
 * @passphrase: its key is encrypted with
 *
 * Returns: (transfer full) (nullable): the authority, unlocked
 */
RtAuthority *
rt_authority_store_in (const char *parent, PCCERT_CONTEXT authority, const char *passphrase, GError **error)
{
  g_autoptr(RtAuthority) self = g_object_new (RT_TYPE_AUTHORITY, NULL);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  self->unlocked = drt_certificate_ref (authority);
  self->info = drt_certificate_get_info (authority);
  name = rt_data_directory_short_name (self->info->fingerprint);
  self->directory = g_build_filename (parent, name, NULL);
  if (rt_authority_is_in (self->directory))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("The authority “%s” is here already."), self->info->subject);
      return NULL;
    }
  text = drt_certificate_to_pem (authority, DRT_CERTIFICATE_ALONE, NULL, error);
  if (text == NULL)
    return NULL;
  self->certificate = drt_certificate_parse ((const guint8 *) text, strlen (text), NULL, error);
  if (self->certificate == NULL || !fill_directory (self, text, passphrase, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * rt_authority_unlock:
 * @unlocked: what is in the file rt_authority_dup_key_path(), decrypted
 * @error: DRT_CERTIFICATE_ERROR_KEY_MISMATCH: it is another's
 *
 * Keeps its private key in memory, until rt_authority_lock().
 */
gboolean
rt_authority_unlock (RtAuthority *self, PCCERT_CONTEXT unlocked, GError **error)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), FALSE);

  if (self->unlocked != NULL)
    return TRUE;
  if (!drt_certificate_has_private_key (unlocked) || !drt_certificate_equal (unlocked, self->certificate))
    {
      g_set_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_KEY_MISMATCH,
                   _("This is not the private key of “%s”."), self->info->subject);
      return FALSE;
    }
  self->unlocked = drt_certificate_ref (unlocked);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
  return TRUE;
}

/** rt_authority_lock: its private key leaves the memory */
void
rt_authority_lock (RtAuthority *self)
{
  g_return_if_fail (RT_IS_AUTHORITY (self));

  if (self->unlocked == NULL)
    return;
  g_clear_pointer (&self->unlocked, drt_certificate_unref);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCKED]);
}

static gboolean
check_unlocked (RtAuthority *self, GError **error)
{
  if (self->unlocked != NULL)
    return TRUE;
  g_set_error_literal (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_PASSPHRASE_NEEDED,
                       _("The authority is locked: its passphrase is needed."));
  return FALSE;
}

static gboolean
write_members (RtAuthority *self, GError **error)
{
  g_autofree char *path = path_of (self, MEMBERS_FILE);

  return rt_authority_members_write (path, G_LIST_MODEL (self->members), error);
}

static RtMember *
find_by_key (RtAuthority *self, PCCERT_CONTEXT certificate)
{
  g_autoptr(DrtCertificateInfo) info = drt_certificate_get_info (certificate);
  g_autofree char *key_text = drt_key_to_string (&info->key);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->members)); i++)
    {
      g_autoptr(RtMember) member = g_list_model_get_item (G_LIST_MODEL (self->members), i);

      if (g_str_equal (rt_member_get_key_text (member), key_text))
        return member;  /* the list keeps it alive */
    }
  return NULL;
}

/* What is issued is written down before it is handed out: what nobody wrote down nobody can revoke. */
static PCCERT_CONTEXT
record (RtAuthority *self, PCCERT_CONTEXT certificate, GError **error)
{
  RtMember *member = find_by_key (self, certificate);

  if (member != NULL && rt_member_get_revoked_at (member) != 0)
    {
      g_set_error (error, DRT_CERTIFICATE_ERROR, DRT_CERTIFICATE_ERROR_UNSUITABLE,
                   _("The key of “%s” was revoked: a new certificate needs a new key."), rt_member_get_name (member));
      drt_certificate_unref (certificate);
      return NULL;
    }
  if (member != NULL)
    rt_member_add_certificate (member, certificate);
  else
    {
      g_autoptr(RtMember) added = rt_member_new (certificate);

      g_list_store_append (self->members, added);
    }
  if (write_members (self, error))
    return certificate;
  rt_authority_take_back (self, certificate);
  drt_certificate_unref (certificate);
  return NULL;
}

/**
 * rt_authority_take_back:
 * @certificate: issued last to its member, and never handed out
 *
 * As if it had not been issued.
 */
void
rt_authority_take_back (RtAuthority *self, PCCERT_CONTEXT certificate)
{
  RtMember *member;
  guint position;

  g_return_if_fail (RT_IS_AUTHORITY (self));

  member = find_by_key (self, certificate);
  if (member == NULL || !drt_certificate_equal (rt_member_get_certificate (member, 0), certificate))
    return;
  if (rt_member_get_n_certificates (member) > 1)
    rt_member_drop_certificate (member);
  else if (g_list_store_find (self->members, member, &position))
    g_list_store_remove (self->members, position);
  write_members (self, NULL);
}

/* A member's key is of the authority's kind, so that the mesh has one profile. */
static DrtKeyAlgorithm
algorithm_of_members (RtAuthority *self)
{
  return self->info->algorithm == DRT_KEY_ALGORITHM_OTHER ? DRT_KEY_ALGORITHM_ED25519 : self->info->algorithm;
}

/**
 * rt_authority_issue:
 * @name: of the member
 * @days: of validity; 0: a year
 *
 * Makes a key for a member and a certificate of it, which is in the list then.
 *
 * Returns: (transfer full) (nullable): the certificate, with its private key,
 *   which is kept nowhere else
 */
PCCERT_CONTEXT
rt_authority_issue (RtAuthority *self, const char *name, guint days, GError **error)
{
  DrtCertificateRequest request;
  PCCERT_CONTEXT certificate;

  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);

  if (!check_unlocked (self, error))
    return NULL;
  request = (DrtCertificateRequest) { .name = name, .days = days, .algorithm = algorithm_of_members (self) };
  certificate = drt_certificate_issue (self->unlocked, &request, error);
  return certificate != NULL ? record (self, certificate, error) : NULL;
}

/**
 * rt_authority_issue_request:
 * @request_pem: a member's request (PKCS#10), whose private key stays with the member
 *
 * Returns: (transfer full) (nullable): the certificate
 */
PCCERT_CONTEXT
rt_authority_issue_request (RtAuthority *self, const char *request_pem, guint days, GError **error)
{
  PCCERT_CONTEXT certificate;

  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);

  if (!check_unlocked (self, error))
    return NULL;
  certificate = drt_certificate_issue_request (self->unlocked, request_pem, days, error);
  return certificate != NULL ? record (self, certificate, error) : NULL;
}

/**
 * rt_authority_renew:
 *
 * The same name and key for another time.
 *
 * Returns: (transfer full) (nullable): the new certificate; its private key is
 *   where the member has it
 */
PCCERT_CONTEXT
rt_authority_renew (RtAuthority *self, RtMember *member, guint days, GError **error)
{
  PCCERT_CONTEXT certificate;

  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  g_return_val_if_fail (RT_IS_MEMBER (member), NULL);

  if (!check_unlocked (self, error))
    return NULL;
  certificate = drt_certificate_renew (self->unlocked, rt_member_get_certificate (member, 0), days, error);
  return certificate != NULL ? record (self, certificate, error) : NULL;
}

/* All that were issued for the key, since each is good until it expires. */
static DrtRevokeList *
list_with (RtAuthority *self, RtMember *member, GError **error)
{
  g_autoptr(DrtRevokeList) list = self->revoked != NULL ? drt_revoke_list_ref (self->revoked) : NULL;

  for (guint i = 0; i < rt_member_get_n_certificates (member); i++)
    {
      DrtRevokeList *next = drt_revoke_list_add (list, self->unlocked, rt_member_get_certificate (member, i), error);

      if (next == NULL)
        return NULL;
      g_clear_pointer (&list, drt_revoke_list_unref);
      list = next;
    }
  return g_steal_pointer (&list);
}

/**
 * rt_authority_revoke:
 *
 * Puts all certificates of the member on the revoke list, and writes it.
 */
gboolean
rt_authority_revoke (RtAuthority *self, RtMember *member, GError **error)
{
  g_autoptr(DrtRevokeList) list = NULL;
  g_autofree char *text = NULL;
  gint64 before;

  g_return_val_if_fail (RT_IS_AUTHORITY (self), FALSE);
  g_return_val_if_fail (RT_IS_MEMBER (member), FALSE);

  if (!check_unlocked (self, error))
    return FALSE;
  list = list_with (self, member, error);
  if (list == NULL)
    return FALSE;
  text = drt_revoke_list_to_pem (list);
  before = rt_member_get_revoked_at (member);
  rt_member_set_revoked_at (member, g_get_real_time () / G_USEC_PER_SEC);
  /* The list of members says it first: revoking again mends a missing revoke list, not the reverse. */
  if (!write_members (self, error) || !rt_data_directory_write_text (self->directory, REVOKED_FILE, text, error))
    {
      rt_member_set_revoked_at (member, before);
      write_members (self, NULL);
      return FALSE;
    }
  g_clear_pointer (&self->revoked, drt_revoke_list_unref);
  self->revoked = g_steal_pointer (&list);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVOKE_LIST]);
  return TRUE;
}

/** rt_authority_get_unlocked: (transfer none) (nullable): with its private key, while unlocked */
PCCERT_CONTEXT
rt_authority_get_unlocked (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return self->unlocked;
}

/** rt_authority_find_member: (transfer none) (nullable): the first member of this name */
RtMember *
rt_authority_find_member (RtAuthority *self, const char *name)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->members)); i++)
    {
      g_autoptr(RtMember) member = g_list_model_get_item (G_LIST_MODEL (self->members), i);

      if (g_strcmp0 (rt_member_get_name (member), name) == 0)
        return member;  /* the list keeps it alive */
    }
  return NULL;
}

const char *
rt_authority_get_directory (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return self->directory;
}

const char *
rt_authority_get_name (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return self->info->subject;
}

const char *
rt_authority_get_fingerprint (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return self->info->fingerprint;
}

gint64
rt_authority_get_not_after (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), 0);
  return self->info->not_after;
}

DrtProfile
rt_authority_get_profile (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), DRT_PROFILE_NONE);
  return self->info->profile;
}

const char *
rt_authority_get_key_name (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return self->info->key_name;
}

/** rt_authority_get_certificate: (transfer none): without its private key */
PCCERT_CONTEXT
rt_authority_get_certificate (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return self->certificate;
}

/** rt_authority_get_members: (transfer none): of RtMember */
GListModel *
rt_authority_get_members (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return G_LIST_MODEL (self->members);
}

/** rt_authority_get_revoke_list: (transfer none) (nullable): %NULL while nobody is revoked */
DrtRevokeList *
rt_authority_get_revoke_list (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return self->revoked;
}

/** rt_authority_dup_certificate_path: (transfer full): the file of its public certificate */
char *
rt_authority_dup_certificate_path (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return path_of (self, CERTIFICATE_FILE);
}

/** rt_authority_dup_key_path: (transfer full): the file of its encrypted private key */
char *
rt_authority_dup_key_path (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return path_of (self, KEY_FILE);
}

/** rt_authority_dup_revoke_list_path: (transfer full): the file of its revoke list, which may not be there */
char *
rt_authority_dup_revoke_list_path (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), NULL);
  return path_of (self, REVOKED_FILE);
}

gboolean
rt_authority_get_locked (RtAuthority *self)
{
  g_return_val_if_fail (RT_IS_AUTHORITY (self), TRUE);
  return self->unlocked == NULL;
}
