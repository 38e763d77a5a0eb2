/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>
#include <net/if.h>
#include <string.h>

#include <drt-glib.h>

#include "rt-application.h"
#include "rt-bootstrap-group.h"
#include "rt-mesh-settings-dialog.h"
#include "rt-number-row.h"
#include "rt-problem-row.h"
#include "rt-security-group.h"
#include "rt-window.h"

struct _RtMeshSettingsDialog
{
  AdwDialog parent_instance;

  AdwBanner *banner;
  AdwPreferencesPage *page;
  RtProblemRow *refusal;             /* of the node, not of a field */
  RtBootstrapGroup *bootstrap_group;
  RtSecurityGroup *security_group;
  RtNumberRow *port_row;
  AdwComboRow *scope_row;
  AdwComboRow *link_row;
  RtNumberRow *max_addresses_row;
  AdwEntryRow *prefix_row;
  GtkLabel *prefix_count;
  RtNumberRow *locality_row;
  RtNumberRow *major_row;
  RtNumberRow *minor_row;

  RtProblemRow *port_problem;
  RtProblemRow *scope_problem;
  RtProblemRow *link_problem;
  RtProblemRow *max_addresses_problem;
  RtProblemRow *prefix_problem;
  RtProblemRow *locality_problem;
  RtProblemRow *major_problem;
  RtProblemRow *minor_problem;

  RtNode *node;
  gboolean registers_own_key;
  RtMeshSettings *settings;          /* edited here, nobody else's */
};

G_DEFINE_FINAL_TYPE (RtMeshSettingsDialog, rt_mesh_settings_dialog, ADW_TYPE_DIALOG)

static void
show_problem (RtMeshSettingsDialog *self,
              const char           *property,
              RtProblemRow         *row)
{
  g_autofree char *sentence = NULL;
  HRESULT hr = rt_mesh_settings_check (self->settings, property, &sentence);

  if (SUCCEEDED (hr))
    rt_problem_row_clear (row);
  else
    rt_problem_row_set (row, RT_PROBLEM_ERROR, hr, sentence);
}

static void
update_prefix_count (RtMeshSettingsDialog *self)
{
  const char *prefix = gtk_editable_get_text (GTK_EDITABLE (self->prefix_row));
  /* Translators: characters typed of characters allowed */
  g_autofree char *text = g_strdup_printf (_("%ld of %u"), g_utf8_strlen (prefix, -1),
                                           (guint) DRT_MAX_INSTANCE_PREFIX_LEN);

  gtk_label_set_label (self->prefix_count, text);
}

/* All of it, as one value may make another one wrong or right. */
static void
check (RtMeshSettingsDialog *self)
{
  rt_problem_row_clear (self->refusal);
  show_problem (self, "port", self->port_problem);
  show_problem (self, "scope", self->scope_problem);
  show_problem (self, "scope-link", self->link_problem);
  show_problem (self, "max-addresses", self->max_addresses_problem);
  show_problem (self, "instance-prefix", self->prefix_problem);
  show_problem (self, "locality-threshold", self->locality_problem);
  show_problem (self, "protocol-major", self->major_problem);
  show_problem (self, "protocol-minor", self->minor_problem);

  update_prefix_count (self);
  gtk_widget_set_visible (GTK_WIDGET (self->link_row),
                          rt_mesh_settings_get_scope (self->settings) != RT_SCOPE_GLOBAL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "mesh-settings.apply",
                                 SUCCEEDED (rt_mesh_settings_check_all (self->settings, NULL, NULL)));
}

static void
update_banner (RtMeshSettingsDialog *self)
{
  if (self->registers_own_key)
    adw_banner_set_title (self->banner, _("Applied, the mesh starts: its node opens and registers the key of its certificate, so that others can join"));
  else
    adw_banner_set_title (self->banner,
                          rt_node_get_state (self->node) == RT_NODE_CLOSED
                            ? _("The node opens when you apply the settings")
                            : _("The node will be reopened when you apply the settings"));
}

/* A key that is registered already does as well. */
static void
register_own_key (RtMeshSettingsDialog *self, GtkWidget *window)
{
  RtCertificateFile *file = rt_mesh_settings_get_file (rt_node_get_settings (self->node), RT_MESH_LOCAL);
  g_autoptr (GBytes) payload = g_bytes_new (g_get_host_name (), strlen (g_get_host_name ()));
  g_autoptr (GError) error = NULL;

  if (!self->registers_own_key || file == NULL || rt_mesh_settings_get_security_provider (self->settings) != RT_SECURITY_PROVIDER_DERIVED_KEY)
    return;
  if (rt_node_register_certificate (self->node, file, payload, _("This Computer"), &error) != NULL
      || g_error_matches (error, DRT_ERROR, DRT_E_DUPLICATE_KEY))
    gtk_widget_activate_action (window, "win.toast", "s", _("Mesh started: others can join it now"));
  else
    gtk_widget_activate_action (window, "win.toast", "s", error->message);
}

/* The library's answer, at the field that caused it where there is one. */
static void
show_refusal (RtMeshSettingsDialog *self,
              const GError         *error)
{
  HRESULT hr = error->domain == DRT_ERROR ? error->code : S_OK;
  RtProblemRow *row = self->refusal;
  GtkWidget *field = GTK_WIDGET (self->page);

  switch (hr)
    {
    case DRT_E_INVALID_PORT:
    case HRESULT_FROM_WIN32 (10048):   /* WSAEADDRINUSE: the port is occupied */
    case HRESULT_FROM_WIN32 (10013):   /* WSAEACCES */
      row = self->port_problem;
      field = GTK_WIDGET (self->port_row);
      break;

    case DRT_E_INVALID_SCOPE:
      row = self->scope_problem;
      field = GTK_WIDGET (self->scope_row);
      break;

    case DRT_E_INVALID_MAX_ADDRESSES:
      row = self->max_addresses_problem;
      field = GTK_WIDGET (self->max_addresses_row);
      break;

    case DRT_E_INVALID_INSTANCE_PREFIX:
      row = self->prefix_problem;
      field = GTK_WIDGET (self->prefix_row);
      break;

    default:
      if (rt_security_group_show_refusal (self->security_group, hr, error->message))
        row = NULL;
      break;
    }

  if (row != NULL)
    rt_problem_row_set (row, RT_PROBLEM_ERROR, hr, error->message);
  if (row == self->refusal)
    adw_preferences_page_scroll_to_top (self->page);
  else if (row != NULL)
    gtk_widget_grab_focus (field);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
apply_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  RtMeshSettingsDialog *self = RT_MESH_SETTINGS_DIALOG (widget);
  GApplication *application = g_application_get_default ();
  GtkRoot *window = gtk_widget_get_root (widget);
  g_autoptr (GError) error = NULL;

  if (RT_IS_WINDOW (window))
    rt_window_show_first_start (RT_WINDOW (window), FALSE);

  if (!rt_mesh_settings_keep_files (self->settings, &error) || !rt_node_open (self->node, self->settings, &error))
    {
      show_refusal (self, error);
      return;
    }

  /* Only what a node opens with is worth being kept. */
  if (RT_IS_APPLICATION (application))
    rt_mesh_settings_save (self->settings, rt_application_get_settings (RT_APPLICATION (application)));

  register_own_key (self, GTK_WIDGET (window));
  adw_dialog_close (ADW_DIALOG (self));
}

static void
port_cb (RtMeshSettingsDialog *self)
{
  g_object_set (self->settings, "port", rt_number_row_get_value (self->port_row), NULL);
}

static void
max_addresses_cb (RtMeshSettingsDialog *self)
{
  g_object_set (self->settings, "max-addresses", rt_number_row_get_value (self->max_addresses_row), NULL);
}

static void
locality_cb (RtMeshSettingsDialog *self)
{
  g_object_set (self->settings, "locality-threshold", rt_number_row_get_value (self->locality_row), NULL);
}

static void
major_cb (RtMeshSettingsDialog *self)
{
  g_object_set (self->settings, "protocol-major", rt_number_row_get_value (self->major_row), NULL);
}

static void
minor_cb (RtMeshSettingsDialog *self)
{
  g_object_set (self->settings, "protocol-minor", rt_number_row_get_value (self->minor_row), NULL);
}

static void
prefix_cb (RtMeshSettingsDialog *self)
{
  g_object_set (self->settings, "instance-prefix", gtk_editable_get_text (GTK_EDITABLE (self->prefix_row)), NULL);
}

/* The rows of the lists are in the order of the enumerations. */
static void
scope_cb (RtMeshSettingsDialog *self)
{
  g_object_set (self->settings, "scope", RT_SCOPE_GLOBAL + (int) adw_combo_row_get_selected (self->scope_row), NULL);
}

static void
link_cb (RtMeshSettingsDialog *self)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (self->link_row);
  gboolean any = adw_combo_row_get_selected (self->link_row) == 0;

  if (item != NULL)
    g_object_set (self->settings, "scope-link", any ? "" : gtk_string_object_get_string (item), NULL);
}

/* The interfaces of this computer, and the one chosen should it be missing now. */
static void
fill_links (RtMeshSettingsDialog *self)
{
  const char *chosen = rt_mesh_settings_get_scope_link (self->settings);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  struct if_nameindex *links = if_nameindex ();
  guint selected = 0, n = 1;

  gtk_string_list_append (list, _("The first that fits"));
  for (struct if_nameindex *link = links; link != NULL && link->if_index != 0; link++)
    {
      gtk_string_list_append (list, link->if_name);
      if (g_strcmp0 (link->if_name, chosen) == 0)
        selected = n;
      n++;
    }
  if (links != NULL)
    if_freenameindex (links);

  if (selected == 0 && chosen != NULL && *chosen != '\0')
    {
      gtk_string_list_append (list, chosen);
      selected = n;
    }

  adw_combo_row_set_model (self->link_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->link_row, selected);
}

static void
show_settings (RtMeshSettingsDialog *self)
{
  RtMeshSettings *settings = self->settings;

  rt_number_row_set_value (self->port_row, rt_mesh_settings_get_port (settings));
  rt_number_row_set_value (self->max_addresses_row, rt_mesh_settings_get_max_addresses (settings));
  rt_number_row_set_value (self->locality_row, rt_mesh_settings_get_locality_threshold (settings));
  rt_number_row_set_value (self->major_row, rt_mesh_settings_get_protocol_major (settings));
  rt_number_row_set_value (self->minor_row, rt_mesh_settings_get_protocol_minor (settings));
  gtk_editable_set_text (GTK_EDITABLE (self->prefix_row), rt_mesh_settings_get_instance_prefix (settings));
  adw_combo_row_set_selected (self->scope_row, rt_mesh_settings_get_scope (settings) - RT_SCOPE_GLOBAL);
  fill_links (self);
  rt_bootstrap_group_set_settings (self->bootstrap_group, settings);
  rt_security_group_set_settings (self->security_group, settings);
}

static void
follow_fields (RtMeshSettingsDialog *self)
{
  const struct { gpointer row; const char *signal; GCallback callback; } fields[] = {
    { self->port_row, "notify::value", G_CALLBACK (port_cb) },
    { self->max_addresses_row, "notify::value", G_CALLBACK (max_addresses_cb) },
    { self->locality_row, "notify::value", G_CALLBACK (locality_cb) },
    { self->major_row, "notify::value", G_CALLBACK (major_cb) },
    { self->minor_row, "notify::value", G_CALLBACK (minor_cb) },
    { self->prefix_row, "changed", G_CALLBACK (prefix_cb) },
    { self->scope_row, "notify::selected", G_CALLBACK (scope_cb) },
    { self->link_row, "notify::selected", G_CALLBACK (link_cb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_signal_connect_object (fields[i].row, fields[i].signal, fields[i].callback, self, G_CONNECT_SWAPPED);

  g_signal_connect_object (self->settings, "notify", G_CALLBACK (check), self, G_CONNECT_SWAPPED);
}

static void
rt_mesh_settings_dialog_dispose (GObject *object)
{
  RtMeshSettingsDialog *self = RT_MESH_SETTINGS_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_MESH_SETTINGS_DIALOG);
  g_clear_object (&self->node);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (rt_mesh_settings_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/dialogs/rt-mesh-settings-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, page);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, refusal);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, bootstrap_group);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, security_group);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, port_row);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, scope_row);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, link_row);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, max_addresses_row);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, prefix_row);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, prefix_count);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, locality_row);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, major_row);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, minor_row);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, port_problem);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, scope_problem);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, link_problem);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, max_addresses_problem);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, prefix_problem);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, locality_problem);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, major_problem);
  gtk_widget_class_bind_template_child (widget_class, RtMeshSettingsDialog, minor_problem);
}

static void
rt_mesh_settings_dialog_class_init (RtMeshSettingsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_mesh_settings_dialog_dispose;

  g_type_ensure (RT_TYPE_BOOTSTRAP_GROUP);
  g_type_ensure (RT_TYPE_NUMBER_ROW);
  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  g_type_ensure (RT_TYPE_SECURITY_GROUP);
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "mesh-settings.apply", NULL, apply_action);
}

static void
rt_mesh_settings_dialog_init (RtMeshSettingsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_mesh_settings_dialog_new:
 * @node: the node, open or closed
 * @settings: what it shows at first; left as they are
 *
 * Applying stores the settings and opens the node with them, closing it before
 * where it was open.
 *
 * Returns: (transfer floating): the dialog, to be presented
 */
AdwDialog *
rt_mesh_settings_dialog_new (RtNode         *node,
                             RtMeshSettings *settings)
{
  RtMeshSettingsDialog *self = g_object_new (RT_TYPE_MESH_SETTINGS_DIALOG, NULL);

  self->node = g_object_ref (node);
  self->settings = rt_mesh_settings_copy (settings);

  show_settings (self);
  follow_fields (self);
  check (self);

  g_signal_connect_object (node, "notify::state", G_CALLBACK (update_banner), self, G_CONNECT_SWAPPED);
  update_banner (self);

  return ADW_DIALOG (self);
}

void
rt_mesh_settings_dialog_register_own_key (RtMeshSettingsDialog *self)
{
  g_return_if_fail (RT_IS_MESH_SETTINGS_DIALOG (self));

  self->registers_own_key = TRUE;
  update_banner (self);
}
