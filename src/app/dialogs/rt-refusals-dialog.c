/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-refusals-dialog.h"

#include <glib/gi18n.h>

#include "rt-certificate-actions.h"
#include "rt-time-label.h"

struct _RtRefusalsDialog
{
  AdwDialog parent_instance;

  GtkListBox *list;
  RtNode *node;
};

G_DEFINE_FINAL_TYPE (RtRefusalsDialog, rt_refusals_dialog, ADW_TYPE_DIALOG)

static void
row_activated_cb (RtRefusalsDialog *self, GtkListBoxRow *row)
{
  RtRefusal *refusal = g_object_get_data (G_OBJECT (row), "refusal");

  if (refusal != NULL)
    rt_certificate_actions_show_refusal (GTK_WIDGET (self), self->node, refusal);
}

/* Also told by the refusal when it is counted once more. */
static void
update_row (GtkWidget *row, GParamSpec *pspec, RtRefusal *refusal)
{
  GtkLabel *count = g_object_get_data (G_OBJECT (row), "count");
  RtTimeLabel *last = g_object_get_data (G_OBJECT (row), "last");
  g_autofree char *times = g_strdup_printf (ngettext ("%u time", "%u times", rt_refusal_get_count (refusal)),
                                            rt_refusal_get_count (refusal));
  /* Translators: said by a screen reader: who was refused, why, how often */
  g_autofree char *name = g_strdup_printf (_("%s, %s, %s"), rt_refusal_get_endpoint (refusal), rt_refusal_get_title (refusal), times);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), rt_refusal_get_endpoint (refusal));
  gtk_label_set_label (count, times);
  rt_time_label_set_time (last, rt_refusal_get_last (refusal));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, rt_refusal_get_sentence (refusal), -1);
}

static GtkWidget *
create_times (GtkWidget *row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *count = gtk_label_new (NULL);
  GtkWidget *last = rt_time_label_new ();

  gtk_label_set_xalign (GTK_LABEL (count), 1);
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (last, "numeric");
  gtk_widget_add_css_class (last, "caption");
  gtk_widget_add_css_class (last, "dimmed");
  g_object_set (last, "xalign", 1.0f, NULL);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), count);
  gtk_box_append (GTK_BOX (box), last);
  g_object_set_data (G_OBJECT (row), "count", count);
  g_object_set_data (G_OBJECT (row), "last", last);
  return box;
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  RtRefusal *refusal = RT_REFUSAL (item);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  gtk_widget_add_css_class (icon, "warning");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), rt_refusal_get_title (refusal));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_times (row));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  /* The row's own title is less than what there is to hear. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
  g_object_set_data_full (G_OBJECT (row), "refusal", g_object_ref (refusal), g_object_unref);
  g_signal_connect_object (refusal, "notify", G_CALLBACK (update_row), row, G_CONNECT_SWAPPED);
  update_row (row, NULL, refusal);
  return row;
}

static void
rt_refusals_dialog_dispose (GObject *object)
{
  RtRefusalsDialog *self = RT_REFUSALS_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_REFUSALS_DIALOG);
  g_clear_object (&self->node);
  G_OBJECT_CLASS (rt_refusals_dialog_parent_class)->dispose (object);
}

static void
rt_refusals_dialog_class_init (RtRefusalsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_refusals_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/dialogs/rt-refusals-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RtRefusalsDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
rt_refusals_dialog_init (RtRefusalsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/** rt_refusals_dialog_new: (transfer floating): to be presented */
AdwDialog *
rt_refusals_dialog_new (RtNode *node)
{
  RtRefusalsDialog *self = g_object_new (RT_TYPE_REFUSALS_DIALOG, NULL);

  self->node = g_object_ref (node);
  gtk_list_box_bind_model (self->list, rt_node_get_refusals (node), create_row, NULL, NULL);
  return ADW_DIALOG (self);
}
