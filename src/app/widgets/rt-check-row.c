/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-check-row.h"

#include <drt-glib.h>
#include <glib/gi18n.h>

struct _RtCheckRow
{
  AdwPreferencesRow parent_instance;

  RtCheckKind kind;
  GtkImage *icon;
  GtkLabel *result;
  GtkLabel *words;
  GtkWidget *next_step_box;
  GtkLabel *next_step;
  GtkWidget *code_box;
  GtkLabel *code;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (RtCheckRow, rt_check_row, ADW_TYPE_PREFERENCES_ROW)

static void
rt_check_row_class_init (RtCheckRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RtCheckRow, icon);
  gtk_widget_class_bind_template_child (widget_class, RtCheckRow, result);
  gtk_widget_class_bind_template_child (widget_class, RtCheckRow, words);
  gtk_widget_class_bind_template_child (widget_class, RtCheckRow, next_step_box);
  gtk_widget_class_bind_template_child (widget_class, RtCheckRow, next_step);
  gtk_widget_class_bind_template_child (widget_class, RtCheckRow, code_box);
  gtk_widget_class_bind_template_child (widget_class, RtCheckRow, code);
  gtk_widget_class_bind_template_child (widget_class, RtCheckRow, copy);
}

static void
rt_check_row_init (RtCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rt_check_row_new (RtCheckKind kind)
{
  RtCheckRow *self = g_object_new (RT_TYPE_CHECK_ROW, NULL);

  self->kind = kind;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), rt_check_kind_to_title (kind));
  return GTK_WIDGET (self);
}

static void
show_result (RtCheckRow *self, RtCheckResult result)
{
  static const char *const icons[] = {
    [RT_CHECK_UNKNOWN] = "radio-symbolic",
    [RT_CHECK_WAITING] = "content-loading-symbolic",
    [RT_CHECK_GOOD] = "object-select-symbolic",
    [RT_CHECK_BAD] = "dialog-warning-symbolic",
  };
  static const char *const styles[] = {
    [RT_CHECK_UNKNOWN] = "dimmed",
    [RT_CHECK_WAITING] = "accent",
    [RT_CHECK_GOOD] = "success",
    [RT_CHECK_BAD] = "warning",
  };

  gtk_image_set_from_icon_name (self->icon, icons[result]);
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->icon), styles[i]);
      gtk_widget_remove_css_class (GTK_WIDGET (self->result), styles[i]);
    }
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), styles[result]);
  gtk_widget_add_css_class (GTK_WIDGET (self->result), styles[result]);
  gtk_label_set_label (self->result, rt_check_result_to_string (result));
}

static void
show_code (RtCheckRow *self, HRESULT code)
{
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->code_box, FAILED (code));
  if (!FAILED (code))
    return;
  text = g_strdup_printf ("%s, 0x%08X", drt_hresult_to_name (code), (guint) code);
  gtk_label_set_label (self->code, text);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->copy), "s", text);
}

/** rt_check_row_update: looks at the node again */
void
rt_check_row_update (RtCheckRow *self, RtNode *node)
{
  RtCheck check;

  rt_check_init (&check, self->kind, node);
  show_result (self, check.result);
  gtk_label_set_label (self->words, check.words);
  gtk_widget_set_visible (self->next_step_box, check.next_step != NULL);
  gtk_label_set_label (self->next_step, check.next_step != NULL ? check.next_step : "");
  show_code (self, check.code);
  rt_check_clear (&check);
}
