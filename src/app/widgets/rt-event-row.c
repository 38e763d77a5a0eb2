/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-event-row.h"

#include <glib/gi18n.h>

struct _RtEventRow
{
  AdwActionRow parent_instance;

  RtEvent *event;             /* NULL: there is nothing behind it */
};

G_DEFINE_FINAL_TYPE (RtEventRow, rt_event_row, ADW_TYPE_ACTION_ROW)

static void
rt_event_row_finalize (GObject *object)
{
  g_clear_object (&RT_EVENT_ROW (object)->event);
  G_OBJECT_CLASS (rt_event_row_parent_class)->finalize (object);
}

static void
rt_event_row_class_init (RtEventRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_event_row_finalize;
}

static void
rt_event_row_init (RtEventRow *self)
{
}

static const char *
severity_to_icon (RtSeverity severity)
{
  switch (severity)
    {
    case RT_SEVERITY_WARNING: return "dialog-warning-symbolic";
    case RT_SEVERITY_ERROR:   return "dialog-error-symbolic";
    case RT_SEVERITY_INFO:
    default:                  return "dialog-information-symbolic";
    }
}

static const char *
severity_to_style (RtSeverity severity)
{
  switch (severity)
    {
    case RT_SEVERITY_WARNING: return "warning";
    case RT_SEVERITY_ERROR:   return "error";
    case RT_SEVERITY_INFO:
    default:                  return "dimmed";
    }
}

static char *
format_full_time (RtEvent *event)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_local_usec (rt_event_get_time (event));

  return date != NULL ? g_date_time_format (date, "%c") : g_strdup ("–");
}

/* To the certificates behind it; a text that can be selected would take the click. */
static void
make_activatable (RtEventRow *self, RtEvent *event)
{
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  self->event = g_object_ref (event);
  adw_preferences_row_set_title_selectable (ADW_PREFERENCES_ROW (self), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), arrow);
}

/** rt_event_row_get_event: (nullable): what activating it asks for */
RtEvent *
rt_event_row_get_event (RtEventRow *self)
{
  g_return_val_if_fail (RT_IS_EVENT_ROW (self), NULL);
  return self->event;
}

/** rt_event_row_new: an event never changes, and neither does its row */
GtkWidget *
rt_event_row_new (RtEvent *event)
{
  RtEventRow *self = g_object_new (RT_TYPE_EVENT_ROW, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (severity_to_icon (rt_event_get_severity (event)));
  GtkWidget *time = gtk_label_new (rt_event_get_time_text (event));
  g_autofree char *full_time = format_full_time (event);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), rt_event_get_text (event));
  adw_preferences_row_set_title_selectable (ADW_PREFERENCES_ROW (self), TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self), rt_event_is_about_certificate (event));

  gtk_widget_add_css_class (icon, severity_to_style (rt_event_get_severity (event)));
  gtk_widget_set_tooltip_text (icon, rt_severity_to_string (rt_event_get_severity (event)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rt_severity_to_string (rt_event_get_severity (event)), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), icon);

  gtk_widget_add_css_class (time, "numeric");
  gtk_widget_add_css_class (time, "dimmed");
  gtk_widget_set_tooltip_text (time, full_time);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), time);
  if (rt_event_is_about_certificate (event))
    make_activatable (self, event);
  return GTK_WIDGET (self);
}
