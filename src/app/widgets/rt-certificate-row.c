/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-certificate-row.h"

#include <glib/gi18n.h>

#include "rt-state-look.h"
#include "rt-verdict-row.h"

/* Deeper ones stand below one another, or nothing would be left of a narrow row. */
#define MAX_LEVEL 3
#define INDENT 18

struct _RtCertificateRow
{
  AdwActionRow parent_instance;

  RtCertificate *certificate;
};

G_DEFINE_FINAL_TYPE (RtCertificateRow, rt_certificate_row, ADW_TYPE_ACTION_ROW)

static void
rt_certificate_row_finalize (GObject *object)
{
  g_clear_object (&RT_CERTIFICATE_ROW (object)->certificate);
  G_OBJECT_CLASS (rt_certificate_row_parent_class)->finalize (object);
}

static void
rt_certificate_row_class_init (RtCertificateRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_certificate_row_finalize;
}

static void
rt_certificate_row_init (RtCertificateRow *self)
{
}

static GtkWidget *
create_branch (guint level)
{
  GtkWidget *image = gtk_image_new_from_icon_name ("rt-branch-symbolic");

  gtk_widget_add_css_class (image, "dimmed");
  gtk_widget_set_margin_start (image, (int) (MIN (level, MAX_LEVEL) - 1) * INDENT);
  gtk_accessible_update_state (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  return image;
}

static GtkWidget *
create_trust (RtTrust trust)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *label = gtk_label_new (rt_trust_to_string (trust));

  rt_image_set_look (GTK_IMAGE (image), rt_trust_to_icon (trust), rt_trust_to_style (trust));
  gtk_widget_add_css_class (label, rt_trust_to_style (trust));
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

/** rt_certificate_row_new: (transfer floating): a certificate never changes, and neither does its row */
GtkWidget *
rt_certificate_row_new (RtCertificate *certificate, guint level)
{
  RtCertificateRow *self = g_object_new (RT_TYPE_CERTIFICATE_ROW, NULL);
  AdwActionRow *row = ADW_ACTION_ROW (self);
  const DrtCertificateInfo *info = rt_certificate_get_info (certificate);
  const char *place = rt_certificate_place_to_string (rt_certificate_get_place (certificate));
  RtTrust trust = rt_certificate_get_trust (certificate);
  g_autofree char *validity = rt_certificate_dup_validity (certificate, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *subtitle = g_strdup_printf ("%s\n%s", place, validity);
  /* Translators: said by a screen reader: what the certificate is, whose, whether it is good: “Member, alice: Problem” */
  g_autofree char *name = g_strdup_printf (_("%s, %s: %s"), place, info->subject, rt_trust_to_string (trust));

  self->certificate = g_object_ref (certificate);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), info->subject);
  adw_action_row_set_subtitle (row, subtitle);
  if (level > 0)
    adw_action_row_add_prefix (row, create_branch (level));
  adw_action_row_add_suffix (row, create_trust (trust));
  adw_action_row_add_suffix (row, gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  /* The row's own title is less than what there is to hear. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, validity, -1);
  return GTK_WIDGET (self);
}

RtCertificate *
rt_certificate_row_get_certificate (RtCertificateRow *self)
{
  g_return_val_if_fail (RT_IS_CERTIFICATE_ROW (self), NULL);
  return self->certificate;
}
