/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-state-look.h"
#include "rt-verdict-row.h"

struct _RtVerdictRow
{
  AdwPreferencesRow parent_instance;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *sentence;
  GtkWidget *remedy_box;
  GtkLabel *remedy;
  GtkLabel *technical;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (RtVerdictRow, rt_verdict_row, ADW_TYPE_PREFERENCES_ROW)

const char *
rt_trust_to_icon (RtTrust trust)
{
  switch (trust)
    {
    case RT_TRUST_GOOD:    return "object-select-symbolic";
    case RT_TRUST_WARNING: return "dialog-warning-symbolic";
    case RT_TRUST_BAD:
    default:               return "dialog-error-symbolic";
    }
}

const char *
rt_trust_to_style (RtTrust trust)
{
  switch (trust)
    {
    case RT_TRUST_GOOD:    return "success";
    case RT_TRUST_WARNING: return "warning";
    case RT_TRUST_BAD:
    default:               return "error";
    }
}

static void
rt_verdict_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_VERDICT_ROW);
  G_OBJECT_CLASS (rt_verdict_row_parent_class)->dispose (object);
}

static void
rt_verdict_row_class_init (RtVerdictRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_verdict_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/roundtable_drt/Roundtable/widgets/rt-verdict-row.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtVerdictRow, name)
  BIND (icon);
  BIND (title);
  BIND (sentence);
  BIND (remedy_box);
  BIND (remedy);
  BIND (technical);
  BIND (copy);
#undef BIND
}

static void
rt_verdict_row_init (RtVerdictRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  rt_label_forbid_hyphens (self->technical);
}

/* As somebody would paste it into a mail to the mesh's authority. */
static char *
describe (RtVerdict *verdict)
{
  return g_strdup_printf ("%s\n%s\n%s\n(%s)", rt_verdict_get_title (verdict), rt_verdict_get_sentence (verdict),
                          rt_verdict_get_remedy (verdict), rt_verdict_get_technical (verdict));
}

/** rt_verdict_row_new: (transfer floating): a verdict never changes, and neither does its row */
GtkWidget *
rt_verdict_row_new (RtVerdict *verdict)
{
  RtVerdictRow *self = g_object_new (RT_TYPE_VERDICT_ROW, NULL);
  RtTrust trust = rt_verdict_is_fault (verdict) ? RT_TRUST_BAD : RT_TRUST_WARNING;
  const char *title = rt_verdict_get_title (verdict);
  g_autofree char *all = describe (verdict);
  /* Translators: the title of a reason against a certificate, such as “Expired” */
  g_autofree char *copy = g_strdup_printf (_("Copy “%s”"), title);
  /* Translators: said by a screen reader: “Problem” or “Warning”, then which */
  g_autofree char *name = g_strdup_printf (_("%s: %s"), rt_trust_to_string (trust), title);
  g_autofree char *words = g_strdup_printf ("%s %s", rt_verdict_get_sentence (verdict), rt_verdict_get_remedy (verdict));

  rt_image_set_look (self->icon, rt_trust_to_icon (trust), rt_trust_to_style (trust));
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->sentence, rt_verdict_get_sentence (verdict));
  gtk_label_set_label (self->remedy, rt_verdict_get_remedy (verdict));
  gtk_label_set_label (self->technical, rt_verdict_get_technical (verdict));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy), GTK_ACCESSIBLE_PROPERTY_LABEL, copy, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->copy), "s", all);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->copy), "win.copy-text");
  return GTK_WIDGET (self);
}
