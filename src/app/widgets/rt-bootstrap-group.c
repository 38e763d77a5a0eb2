/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-bootstrap-group.h"
#include "rt-number-row.h"
#include "rt-problem-row.h"

#define MAX_ENDPOINTS 32

struct _RtBootstrapGroup
{
  AdwPreferencesGroup parent_instance;

  AdwComboRow *kind_row;
  AdwEntryRow *host_row;
  RtNumberRow *port_row;
  AdwEntryRow *name_row;
  GtkWidget *add_row;
  RtProblemRow *host_problem;
  RtProblemRow *port_problem;
  RtProblemRow *name_problem;
  RtProblemRow *list_problem;

  GPtrArray *endpoint_rows;   /* AdwEntryRow, as they are shown */
  RtMeshSettings *settings;
};

G_DEFINE_FINAL_TYPE (RtBootstrapGroup, rt_bootstrap_group, ADW_TYPE_PREFERENCES_GROUP)

static void
show_problem (RtBootstrapGroup *self,
              const char       *property,
              RtProblemRow     *row)
{
  g_autofree char *sentence = NULL;
  HRESULT hr = rt_mesh_settings_check (self->settings, property, &sentence);

  if (SUCCEEDED (hr))
    rt_problem_row_clear (row);
  else
    rt_problem_row_set (row, RT_PROBLEM_ERROR, hr, sentence);
}

static const char *
get_endpoint (AdwEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

/* Which of several endpoints is meant by the problem below them. */
static void
mark_endpoints (RtBootstrapGroup *self)
{
  g_autoptr (RtMeshSettings) probe = rt_mesh_settings_copy (self->settings);

  for (guint i = 0; i < self->endpoint_rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->endpoint_rows, i);
      const char *list[] = { get_endpoint (ADW_ENTRY_ROW (row)), NULL };

      g_object_set (probe, "bootstrap-list", list, NULL);
      if (FAILED (rt_mesh_settings_check (probe, "bootstrap-list", NULL)))
        gtk_widget_add_css_class (row, "error");
      else
        gtk_widget_remove_css_class (row, "error");
    }
}

static void
update (RtBootstrapGroup *self)
{
  RtBootstrapKind kind = rt_mesh_settings_get_bootstrap_kind (self->settings);

  gtk_widget_set_visible (GTK_WIDGET (self->host_row), kind == RT_BOOTSTRAP_DNS);
  gtk_widget_set_visible (GTK_WIDGET (self->port_row), kind == RT_BOOTSTRAP_DNS);
  gtk_widget_set_visible (GTK_WIDGET (self->name_row), kind == RT_BOOTSTRAP_LAN);
  gtk_widget_set_visible (self->add_row, kind == RT_BOOTSTRAP_LIST);
  gtk_widget_set_sensitive (self->add_row, self->endpoint_rows->len < MAX_ENDPOINTS);
  for (guint i = 0; i < self->endpoint_rows->len; i++)
    gtk_widget_set_visible (g_ptr_array_index (self->endpoint_rows, i), kind == RT_BOOTSTRAP_LIST);

  show_problem (self, "bootstrap-host", self->host_problem);
  show_problem (self, "bootstrap-port", self->port_problem);
  show_problem (self, "bootstrap-name", self->name_problem);
  show_problem (self, "bootstrap-list", self->list_problem);
  mark_endpoints (self);
}

static void
store_endpoints (RtBootstrapGroup *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; i < self->endpoint_rows->len; i++)
    {
      g_autofree char *endpoint = g_strstrip (g_strdup (get_endpoint (g_ptr_array_index (self->endpoint_rows, i))));

      g_strv_builder_add (builder, endpoint);
    }

  list = g_strv_builder_end (builder);
  g_object_set (self->settings, "bootstrap-list", list, NULL);
  update (self);
}

static void
remove_cb (GtkButton *button,
           GtkWidget *row)
{
  RtBootstrapGroup *self = RT_BOOTSTRAP_GROUP (gtk_widget_get_ancestor (row, RT_TYPE_BOOTSTRAP_GROUP));
  guint index;

  if (!g_ptr_array_find (self->endpoint_rows, row, &index))
    return;

  g_ptr_array_remove_index (self->endpoint_rows, index);
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
  store_endpoints (self);
  gtk_widget_grab_focus (self->add_row);
}

/* The rows of the group are one list: those at its end are put back behind. */
static void
keep_last (RtBootstrapGroup *self,
           GtkWidget        *row)
{
  g_object_ref (row);
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_object_unref (row);
}

static GtkWidget *
add_endpoint_row (RtBootstrapGroup *self,
                  const char       *endpoint)
{
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("[Address]:Port or Host:Port"));
  adw_entry_row_set_input_hints (ADW_ENTRY_ROW (row), GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_LOWERCASE);
  gtk_editable_set_text (GTK_EDITABLE (row), endpoint);

  gtk_widget_set_tooltip_text (button, _("Remove Endpoint"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), row, G_CONNECT_DEFAULT);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), button);

  g_ptr_array_add (self->endpoint_rows, row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  keep_last (self, self->add_row);
  keep_last (self, GTK_WIDGET (self->list_problem));

  g_signal_connect_object (row, "changed", G_CALLBACK (store_endpoints), self, G_CONNECT_SWAPPED);

  return row;
}

static void
add_cb (RtBootstrapGroup *self)
{
  GtkWidget *row = add_endpoint_row (self, "");

  store_endpoints (self);
  gtk_widget_grab_focus (row);
}

static void
kind_changed_cb (RtBootstrapGroup *self)
{
  if (self->settings == NULL)
    return;

  g_object_set (self->settings, "bootstrap-kind", (int) adw_combo_row_get_selected (self->kind_row), NULL);

  /* Who chooses a list wants to type into it. */
  if (rt_mesh_settings_get_bootstrap_kind (self->settings) == RT_BOOTSTRAP_LIST && self->endpoint_rows->len == 0)
    add_cb (self);
  update (self);
}

static void
host_changed_cb (RtBootstrapGroup *self)
{
  if (self->settings == NULL)
    return;

  g_object_set (self->settings, "bootstrap-host", gtk_editable_get_text (GTK_EDITABLE (self->host_row)), NULL);
  update (self);
}

static void
port_changed_cb (RtBootstrapGroup *self)
{
  if (self->settings == NULL)
    return;

  g_object_set (self->settings, "bootstrap-port", rt_number_row_get_value (self->port_row), NULL);
  update (self);
}

static void
name_changed_cb (RtBootstrapGroup *self)
{
  if (self->settings == NULL)
    return;

  g_object_set (self->settings, "bootstrap-name", gtk_editable_get_text (GTK_EDITABLE (self->name_row)), NULL);
  update (self);
}

static void
rt_bootstrap_group_dispose (GObject *object)
{
  RtBootstrapGroup *self = RT_BOOTSTRAP_GROUP (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_BOOTSTRAP_GROUP);
  g_clear_pointer (&self->endpoint_rows, g_ptr_array_unref);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (rt_bootstrap_group_parent_class)->dispose (object);
}

static void
rt_bootstrap_group_class_init (RtBootstrapGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_bootstrap_group_dispose;

  g_type_ensure (RT_TYPE_NUMBER_ROW);
  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-bootstrap-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, kind_row);
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, host_row);
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, port_row);
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, name_row);
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, add_row);
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, host_problem);
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, port_problem);
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, name_problem);
  gtk_widget_class_bind_template_child (widget_class, RtBootstrapGroup, list_problem);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, host_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, port_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
}

static void
rt_bootstrap_group_init (RtBootstrapGroup *self)
{
  self->endpoint_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_bootstrap_group_set_settings:
 * @self: a bootstrap group
 * @settings: what it shows and changes; may be set once
 */
void
rt_bootstrap_group_set_settings (RtBootstrapGroup *self,
                                 RtMeshSettings   *settings)
{
  const char *const *list;

  g_return_if_fail (RT_IS_BOOTSTRAP_GROUP (self));
  g_return_if_fail (self->settings == NULL);

  list = rt_mesh_settings_get_bootstrap_list (settings);
  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    add_endpoint_row (self, list[i]);

  adw_combo_row_set_selected (self->kind_row, rt_mesh_settings_get_bootstrap_kind (settings));
  gtk_editable_set_text (GTK_EDITABLE (self->host_row), rt_mesh_settings_get_bootstrap_host (settings));
  rt_number_row_set_value (self->port_row, rt_mesh_settings_get_bootstrap_port (settings));
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), rt_mesh_settings_get_bootstrap_name (settings));

  self->settings = g_object_ref (settings);
  update (self);
}
