/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-certificate.h"

#include <glib/gi18n.h>

#include "rt-validity.h"

struct _RtCertificate
{
  GObject parent_instance;

  PCCERT_CONTEXT context;
  DrtCertificateInfo *info;
  RtCertificatePlace place;
  GListStore *verdicts;
};

G_DEFINE_FINAL_TYPE (RtCertificate, rt_certificate, G_TYPE_OBJECT)

static void
rt_certificate_finalize (GObject *object)
{
  RtCertificate *self = RT_CERTIFICATE (object);

  drt_certificate_unref (self->context);
  drt_certificate_info_free (self->info);
  g_object_unref (self->verdicts);
  G_OBJECT_CLASS (rt_certificate_parent_class)->finalize (object);
}

static void
rt_certificate_class_init (RtCertificateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_certificate_finalize;
}

static void
rt_certificate_init (RtCertificate *self)
{
  self->verdicts = g_list_store_new (RT_TYPE_VERDICT);
}

static RtCertificatePlace
find_place (const DrtCertificateInfo *info, guint depth)
{
  if (info->is_self_signed && info->is_authority)
    return RT_CERTIFICATE_ROOT;
  return depth == 0 && !info->is_authority ? RT_CERTIFICATE_MEMBER : RT_CERTIFICATE_BETWEEN;
}

/** rt_certificate_new: by itself: nobody has judged it */
RtCertificate *
rt_certificate_new (PCCERT_CONTEXT context)
{
  RtCertificate *self = g_object_new (RT_TYPE_CERTIFICATE, NULL);

  self->context = drt_certificate_ref (context);
  self->info = drt_certificate_get_info (context);
  self->place = find_place (self->info, 0);
  return self;
}

/** rt_certificate_new_in_chain: @depth: 0 for the member's */
RtCertificate *
rt_certificate_new_in_chain (const DrtChainReport *report, guint depth)
{
  RtCertificate *self = rt_certificate_new (g_ptr_array_index (report->certificates, depth));

  self->place = find_place (self->info, depth);
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *found = &g_array_index (report->verdicts, DrtChainVerdict, i);
      g_autoptr(RtVerdict) verdict = NULL;

      if (found->depth != depth)
        continue;
      verdict = rt_verdict_new (report, found);
      g_list_store_append (self->verdicts, verdict);
    }
  return self;
}

RtTrust
rt_certificate_get_trust (RtCertificate *self)
{
  guint n_verdicts = g_list_model_get_n_items (G_LIST_MODEL (self->verdicts));

  for (guint i = 0; i < n_verdicts; i++)
    {
      g_autoptr(RtVerdict) verdict = g_list_model_get_item (G_LIST_MODEL (self->verdicts), i);

      if (rt_verdict_is_fault (verdict))
        return RT_TRUST_BAD;
    }
  return n_verdicts > 0 ? RT_TRUST_WARNING : RT_TRUST_GOOD;
}

const char *
rt_certificate_place_to_string (RtCertificatePlace place)
{
  switch (place)
    {
    case RT_CERTIFICATE_ROOT:    return _("Mesh authority (root)");
    case RT_CERTIFICATE_BETWEEN: return _("Authority beneath it");
    case RT_CERTIFICATE_MEMBER:
    default:                     return _("Member");
    }
}

const char *
rt_trust_to_string (RtTrust trust)
{
  switch (trust)
    {
    case RT_TRUST_GOOD:    return C_("certificate", "Good");
    case RT_TRUST_WARNING: return C_("certificate", "Warning");
    case RT_TRUST_BAD:
    default:               return C_("certificate", "Problem");
    }
}

const char *
rt_profile_to_string (DrtProfile profile)
{
  switch (profile)
    {
    case DRT_PROFILE_1_0: return _("1.0: compatible, weak");
    case DRT_PROFILE_2_0: return _("2.0");
    case DRT_PROFILE_NONE:
    default:              return _("None: a mesh cannot use its key");
    }
}

char *
rt_certificate_dup_validity (RtCertificate *self, gint64 now)
{
  g_autofree char *from = NULL;

  g_return_val_if_fail (RT_IS_CERTIFICATE (self), NULL);

  if (self->info->not_before <= now)
    return rt_validity_describe (self->info->not_after, now);
  from = rt_validity_moment (self->info->not_before, now);
  return g_strdup_printf (_("Valid from %s"), from);
}

char *
rt_certificate_dup_fingerprint (RtCertificate *self)
{
  GString *text;
  guint n_bytes = 0;

  g_return_val_if_fail (RT_IS_CERTIFICATE (self), NULL);

  text = g_string_new (NULL);
  for (const char *digit = self->info->fingerprint; *digit != '\0'; digit++)
    if (*digit == ':')
      g_string_append_c (text, ++n_bytes % 8 == 0 ? '\n' : ' ');
    else
      g_string_append_c (text, *digit);
  return g_string_free (text, FALSE);
}

char *
rt_certificate_dup_pem (RtCertificate *self, GError **error)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE (self), NULL);
  return drt_certificate_to_pem (self->context, DRT_CERTIFICATE_ALONE, NULL, error);
}

PCCERT_CONTEXT
rt_certificate_get_context (RtCertificate *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE (self), NULL);
  return self->context;
}

const DrtCertificateInfo *
rt_certificate_get_info (RtCertificate *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE (self), NULL);
  return self->info;
}

RtCertificatePlace
rt_certificate_get_place (RtCertificate *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE (self), RT_CERTIFICATE_MEMBER);
  return self->place;
}

GListModel *
rt_certificate_get_verdicts (RtCertificate *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE (self), NULL);
  return G_LIST_MODEL (self->verdicts);
}
