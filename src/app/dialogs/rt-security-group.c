/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-security-group.h"

#include <drt-glib.h>
#include <glib/gi18n.h>

#include "rt-certificate-file-row.h"
#include "rt-problem-row.h"
#include "rt-state-look.h"

struct _RtSecurityGroup
{
  AdwPreferencesGroup parent_instance;

  AdwComboRow *provider_row;
  GtkImage *provider_icon;
  AdwComboRow *mode_row;
  RtCertificateFileRow *root_row;
  AdwActionRow *profile_row;
  GtkImage *profile_icon;
  RtCertificateFileRow *local_row;
  RtCertificateFileRow *revoked_row;
  RtProblemRow *provider_problem;
  RtProblemRow *mode_problem;
  RtProblemRow *root_problem;
  RtProblemRow *local_problem;
  RtProblemRow *revoked_problem;

  RtMeshSettings *settings;
};

G_DEFINE_FINAL_TYPE (RtSecurityGroup, rt_security_group, ADW_TYPE_PREFERENCES_GROUP)

static HRESULT
show_problem (RtSecurityGroup *self, const char *property, RtProblemRow *row)
{
  g_autofree char *sentence = NULL;
  HRESULT hr = rt_mesh_settings_check (self->settings, property, &sentence);

  if (SUCCEEDED (hr))
    rt_problem_row_clear (row);
  else
    rt_problem_row_set (row, RT_PROBLEM_ERROR, hr, sentence);
  return hr;
}

/* The sentence is the first reason; the others are in the chain. */
static void
show_file_problem (RtSecurityGroup *self, const char *property, RtMeshFile which, RtProblemRow *row)
{
  RtCertificateFile *file = rt_mesh_settings_get_file (self->settings, which);

  if (SUCCEEDED (show_problem (self, property, row)) || file == NULL)
    rt_problem_row_set_action (row, NULL);
  else
    rt_problem_row_set_action (row, rt_certificate_file_is_locked (file) ? _("Unlock…") : _("Show Chain"));
}

static void
show_profile (RtSecurityGroup *self)
{
  DrtProfile profile = rt_mesh_settings_get_profile (self->settings);
  gboolean weak = profile == DRT_PROFILE_1_0;

  adw_action_row_set_subtitle (self->profile_row,
                               profile == DRT_PROFILE_NONE ? _("The root certificate decides") : rt_profile_to_string (profile));
  rt_image_set_look (self->profile_icon, weak ? "channel-insecure-symbolic" : "channel-secure-symbolic",
                     weak ? "warning" : profile == DRT_PROFILE_2_0 ? "success" : "dimmed");
}

static void
update (RtSecurityGroup *self)
{
  gboolean derived = rt_mesh_settings_get_security_provider (self->settings) == RT_SECURITY_PROVIDER_DERIVED_KEY;

  rt_image_set_look (self->provider_icon, derived ? "channel-secure-symbolic" : "channel-insecure-symbolic",
                     derived ? "success" : "warning");
  gtk_widget_set_visible (GTK_WIDGET (self->root_row), derived);
  gtk_widget_set_visible (GTK_WIDGET (self->profile_row), derived);
  gtk_widget_set_visible (GTK_WIDGET (self->local_row), derived);
  gtk_widget_set_visible (GTK_WIDGET (self->revoked_row), derived);
  show_problem (self, "security-provider", self->provider_problem);
  show_problem (self, "security-mode", self->mode_problem);
  show_file_problem (self, "root-certificate", RT_MESH_ROOT, self->root_problem);
  show_file_problem (self, "local-certificate", RT_MESH_LOCAL, self->local_problem);
  show_problem (self, "revoke-list", self->revoked_problem);
  show_profile (self);
}

/* The rows of the lists are in the order of the enumerations. */
static void
provider_changed_cb (RtSecurityGroup *self)
{
  if (self->settings != NULL)
    g_object_set (self->settings, "security-provider", (int) adw_combo_row_get_selected (self->provider_row), NULL);
}

static void
mode_changed_cb (RtSecurityGroup *self)
{
  if (self->settings != NULL)
    g_object_set (self->settings, "security-mode", (int) adw_combo_row_get_selected (self->mode_row), NULL);
}

static void
act (RtSecurityGroup *self, RtMeshFile which, RtCertificateFileRow *row)
{
  RtCertificateFile *file = rt_mesh_settings_get_file (self->settings, which);

  if (file != NULL && rt_certificate_file_is_locked (file))
    rt_certificate_file_row_unlock (row);
  else
    rt_certificate_file_row_show (row);
}

static void
root_action_cb (RtSecurityGroup *self)
{
  act (self, RT_MESH_ROOT, self->root_row);
}

static void
local_action_cb (RtSecurityGroup *self)
{
  act (self, RT_MESH_LOCAL, self->local_row);
}

static void
rt_security_group_dispose (GObject *object)
{
  RtSecurityGroup *self = RT_SECURITY_GROUP (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_SECURITY_GROUP);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (rt_security_group_parent_class)->dispose (object);
}

static void
rt_security_group_class_init (RtSecurityGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_security_group_dispose;

  g_type_ensure (RT_TYPE_CERTIFICATE_FILE_ROW);
  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/dialogs/rt-security-group.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtSecurityGroup, name)
  BIND (provider_row);
  BIND (provider_icon);
  BIND (mode_row);
  BIND (root_row);
  BIND (profile_row);
  BIND (profile_icon);
  BIND (local_row);
  BIND (revoked_row);
  BIND (provider_problem);
  BIND (mode_problem);
  BIND (root_problem);
  BIND (local_problem);
  BIND (revoked_problem);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, provider_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, mode_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, root_action_cb);
  gtk_widget_class_bind_template_callback (widget_class, local_action_cb);
}

static void
rt_security_group_init (RtSecurityGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rt_security_group_set_settings (RtSecurityGroup *self, RtMeshSettings *settings)
{
  g_return_if_fail (RT_IS_SECURITY_GROUP (self));
  g_return_if_fail (self->settings == NULL);

  adw_combo_row_set_selected (self->provider_row, rt_mesh_settings_get_security_provider (settings));
  adw_combo_row_set_selected (self->mode_row, rt_mesh_settings_get_security_mode (settings));
  rt_certificate_file_row_set_settings (self->root_row, settings, RT_MESH_ROOT);
  rt_certificate_file_row_set_settings (self->local_row, settings, RT_MESH_LOCAL);
  rt_certificate_file_row_set_settings (self->revoked_row, settings, RT_MESH_REVOKED);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

gboolean
rt_security_group_show_refusal (RtSecurityGroup *self, HRESULT code, const char *sentence)
{
  RtProblemRow *row;
  GtkWidget *field;

  g_return_val_if_fail (RT_IS_SECURITY_GROUP (self), FALSE);

  switch (code)
    {
    case DRT_E_INVALID_SECURITY_MODE:
    case DRT_E_CAPABILITY_MISMATCH:
      row = self->mode_problem;
      field = GTK_WIDGET (self->mode_row);
      break;
    case DRT_E_INVALID_SECURITY_PROVIDER:
      row = self->provider_problem;
      field = GTK_WIDGET (self->provider_row);
      break;
    case DRT_E_INVALID_CERT_CHAIN:
      row = self->local_problem;
      field = GTK_WIDGET (self->local_row);
      break;
    default:
      return FALSE;
    }
  rt_problem_row_set (row, RT_PROBLEM_ERROR, code, sentence);
  gtk_widget_grab_focus (field);
  return TRUE;
}
