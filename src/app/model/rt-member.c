/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-member.h"

#include <drt-chain.h>
#include <glib/gi18n.h>

#include "rt-types.h"

struct _RtMember
{
  GObject parent_instance;

  GPtrArray *certificates;      /* CERT_CONTEXT, the last one issued first */
  DrtCertificateInfo *info;     /* of that one */
  char *key_text;
  char *key_short;
  gint64 revoked_at;
};

G_DEFINE_FINAL_TYPE (RtMember, rt_member, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (RtMemberState, rt_member_state,
                    G_DEFINE_ENUM_VALUE (RT_MEMBER_VALID, "valid"),
                    G_DEFINE_ENUM_VALUE (RT_MEMBER_EXPIRES_SOON, "expires-soon"),
                    G_DEFINE_ENUM_VALUE (RT_MEMBER_EXPIRED, "expired"),
                    G_DEFINE_ENUM_VALUE (RT_MEMBER_REVOKED, "revoked"))

enum
{
  PROP_0,
  PROP_NAME,
  PROP_KEY_TEXT,
  PROP_KEY_SHORT,
  PROP_SERIAL,
  PROP_NOT_AFTER,
  PROP_REVOKED_AT,
  PROP_N_CERTIFICATES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/** rt_member_state_to_string: a word for the person */
const char *
rt_member_state_to_string (RtMemberState state)
{
  switch (state)
    {
    case RT_MEMBER_VALID:        return C_("state of a certificate", "Valid");
    case RT_MEMBER_EXPIRES_SOON: return C_("state of a certificate", "Expires Soon");
    case RT_MEMBER_EXPIRED:      return C_("state of a certificate", "Expired");
    case RT_MEMBER_REVOKED:      return C_("state of a certificate", "Revoked");
    default:                     return "–";
    }
}

static void
rt_member_finalize (GObject *object)
{
  RtMember *self = RT_MEMBER (object);

  g_ptr_array_unref (self->certificates);
  g_clear_pointer (&self->info, drt_certificate_info_free);
  g_free (self->key_text);
  g_free (self->key_short);
  G_OBJECT_CLASS (rt_member_parent_class)->finalize (object);
}

static void
rt_member_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtMember *self = RT_MEMBER (object);

  switch (id)
    {
    case PROP_NAME:           g_value_set_string (value, rt_member_get_name (self)); break;
    case PROP_KEY_TEXT:       g_value_set_string (value, self->key_text); break;
    case PROP_KEY_SHORT:      g_value_set_string (value, self->key_short); break;
    case PROP_SERIAL:         g_value_set_string (value, rt_member_get_serial (self)); break;
    case PROP_NOT_AFTER:      g_value_set_int64 (value, rt_member_get_not_after (self)); break;
    case PROP_REVOKED_AT:     g_value_set_int64 (value, self->revoked_at); break;
    case PROP_N_CERTIFICATES: g_value_set_uint (value, self->certificates->len); break;
    default:                  G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_member_class_init (RtMemberClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = rt_member_finalize;
  object_class->get_property = rt_member_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_KEY_TEXT] = g_param_spec_string ("key-text", NULL, NULL, NULL, flags);
  properties[PROP_KEY_SHORT] = g_param_spec_string ("key-short", NULL, NULL, NULL, flags);
  properties[PROP_SERIAL] = g_param_spec_string ("serial", NULL, NULL, NULL, flags);
  properties[PROP_NOT_AFTER] = g_param_spec_int64 ("not-after", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_REVOKED_AT] = g_param_spec_int64 ("revoked-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_N_CERTIFICATES] = g_param_spec_uint ("n-certificates", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_member_init (RtMember *self)
{
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_certificate_unref);
}

static void
read_newest (RtMember *self)
{
  g_clear_pointer (&self->info, drt_certificate_info_free);
  g_clear_pointer (&self->key_text, g_free);
  g_clear_pointer (&self->key_short, g_free);
  if (self->certificates->len > 0)
    {
      self->info = drt_certificate_get_info (g_ptr_array_index (self->certificates, 0));
      self->key_text = drt_key_to_string (&self->info->key);
      self->key_short = rt_key_shorten (&self->info->key);
    }
  for (guint i = 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

/** rt_member_new: @certificate: (transfer none): the first one issued */
RtMember *
rt_member_new (PCCERT_CONTEXT certificate)
{
  RtMember *self = g_object_new (RT_TYPE_MEMBER, NULL);

  rt_member_add_certificate (self, certificate);
  return self;
}

/** rt_member_add_certificate: the one issued last, of the same key */
void
rt_member_add_certificate (RtMember *self, PCCERT_CONTEXT certificate)
{
  g_return_if_fail (RT_IS_MEMBER (self));
  g_return_if_fail (certificate != NULL);

  g_ptr_array_insert (self->certificates, 0, (gpointer) drt_certificate_ref (certificate));
  read_newest (self);
}

/** rt_member_drop_certificate: the last one added, that could not be stored */
void
rt_member_drop_certificate (RtMember *self)
{
  g_return_if_fail (RT_IS_MEMBER (self));
  g_return_if_fail (self->certificates->len > 1);

  g_ptr_array_remove_index (self->certificates, 0);
  read_newest (self);
}

/** rt_member_set_revoked_at: @time: seconds since 1970, 0: it is not revoked */
void
rt_member_set_revoked_at (RtMember *self, gint64 time)
{
  g_return_if_fail (RT_IS_MEMBER (self));

  if (self->revoked_at == time)
    return;
  self->revoked_at = time;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVOKED_AT]);
}

const char *
rt_member_get_name (RtMember *self)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), NULL);
  return self->info->subject;
}

const char *
rt_member_get_key_text (RtMember *self)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), NULL);
  return self->key_text;
}

const char *
rt_member_get_key_short (RtMember *self)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), NULL);
  return self->key_short;
}

const char *
rt_member_get_serial (RtMember *self)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), NULL);
  return self->info->serial;
}

gint64
rt_member_get_not_after (RtMember *self)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), 0);
  return self->info->not_after;
}

gint64
rt_member_get_revoked_at (RtMember *self)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), 0);
  return self->revoked_at;
}

guint
rt_member_get_n_certificates (RtMember *self)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), 0);
  return self->certificates->len;
}

PCCERT_CONTEXT
rt_member_get_certificate (RtMember *self, guint index)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), NULL);
  g_return_val_if_fail (index < self->certificates->len, NULL);
  return g_ptr_array_index (self->certificates, index);
}

RtMemberState
rt_member_get_state (RtMember *self, gint64 now)
{
  g_return_val_if_fail (RT_IS_MEMBER (self), RT_MEMBER_VALID);

  if (self->revoked_at != 0)
    return RT_MEMBER_REVOKED;
  if (now > self->info->not_after)
    return RT_MEMBER_EXPIRED;
  if (now > self->info->not_after - (gint64) DRT_EXPIRES_SOON_DAYS * 24 * 60 * 60)
    return RT_MEMBER_EXPIRES_SOON;
  return RT_MEMBER_VALID;
}
