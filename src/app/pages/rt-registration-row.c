/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-key-actions.h"
#include "rt-leaf-fill.h"
#include "rt-payload.h"
#include "rt-registration-row.h"
#include "rt-state-look.h"
#include "rt-validity.h"

#define PREVIEW_CHARACTERS 60

struct _RtRegistrationRow
{
  AdwActionRow parent_instance;

  GtkImage *state_icon;
  RtLeafFill *leaf_fill;
  GtkMenuButton *menu_button;

  RtNode *node;
  RtRegistration *registration;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (RtRegistrationRow, rt_registration_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_0,
  PROP_NODE,
  PROP_REGISTRATION,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
title_closure (gpointer    self,
               const char *name,
               const char *key_short)
{
  return g_strdup (name != NULL && *name != '\0' ? name : key_short);
}

static char *
leaves_closure (gpointer self,
                guint    n_below,
                guint    n_above)
{
  /* Translators: leaves below a key + leaves above it */
  return g_strdup_printf (_("%u + %u"), n_below, n_above);
}

static char *
leaves_tooltip_closure (gpointer self,
                        guint    n_below,
                        guint    n_above)
{
  return g_strdup_printf (_("Leaf set: %u below and %u above, of 5 each"), n_below, n_above);
}

static char *
state_closure (gpointer            self,
               RtRegistrationState state)
{
  return g_strdup (rt_registration_state_to_string (state));
}

static int
subtitle_lines_closure (gpointer self,
                        gboolean narrow)
{
  return narrow ? 3 : 2;
}

/* Key, size and payload; where there is no room beside it, on a second line
 * the state and the leaf set. */
static char *
subtitle_closure (gpointer             self,
                  const char          *name,
                  const char          *key_short,
                  GBytes              *payload,
                  RtRegistrationState  state,
                  guint                n_below,
                  guint                n_above,
                  gint64               expires,
                  gboolean             narrow)
{
  g_autofree char *validity = expires != 0 ? rt_validity_describe (expires, g_get_real_time () / G_USEC_PER_SEC) : NULL;
  gulong size = payload != NULL ? (gulong) g_bytes_get_size (payload) : 0;
  g_autofree char *preview = payload != NULL ? rt_payload_to_preview (payload, narrow ? 20 : PREVIEW_CHARACTERS) : g_strdup ("");
  g_autofree char *size_text = g_strdup_printf (ngettext ("%lu byte", "%lu bytes", size), size);
  GString *text = g_string_new (NULL);

  if (narrow)
    /* Translators: state of a key; leaves below + above it */
    g_string_append_printf (text, _("%s · leaves %u + %u"),
                            rt_registration_state_to_string (state), n_below, n_above);
  else if (name != NULL && *name != '\0')
    g_string_append (text, key_short);

  if (text->len > 0)
    g_string_append (text, narrow ? "\n" : " · ");
  g_string_append (text, size_text);
  if (*preview != '\0')
    g_string_append_printf (text, " · %s", preview);
  if (validity != NULL)
    g_string_append_printf (text, "\n%s", validity);

  return g_string_free (text, FALSE);
}

static void
update_look (RtRegistrationRow *self)
{
  RtRegistrationState state = rt_registration_get_state (self->registration);
  gboolean going = state == RT_REGISTRATION_REVOKING;

  rt_image_set_look (self->state_icon,
                     rt_registration_state_to_icon (state), rt_registration_state_to_style (state));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->state_icon), rt_registration_state_to_explanation (state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  rt_registration_state_to_string (state), -1);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "registration.unregister", !going);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "registration.change-payload", !going);
}

static void
update_leaves (RtRegistrationRow *self)
{
  rt_leaf_fill_set (self->leaf_fill,
                    rt_registration_get_n_below (self->registration),
                    rt_registration_get_n_above (self->registration));
}

static void
menu_cb (RtRegistrationRow *self)
{
  gtk_menu_button_popup (self->menu_button);
}

static void
menu_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  menu_cb (RT_REGISTRATION_ROW (widget));
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  RtRegistrationRow *self = RT_REGISTRATION_ROW (widget);

  rt_key_actions_show_details (widget, self->node, self->registration);
}

static void
copy_key_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  rt_key_actions_copy_key (widget, RT_REGISTRATION_ROW (widget)->registration);
}

static void
change_payload_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  RtRegistrationRow *self = RT_REGISTRATION_ROW (widget);

  rt_key_actions_change_payload (widget, self->node, self->registration);
}

static void
rename_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  rt_key_actions_rename (widget, RT_REGISTRATION_ROW (widget)->registration);
}

static void
unregister_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  RtRegistrationRow *self = RT_REGISTRATION_ROW (widget);

  rt_key_actions_unregister (widget, self->node, self->registration);
}

static void
rt_registration_row_activate (AdwActionRow *row)
{
  details_action (GTK_WIDGET (row), NULL, NULL);
}

static void
rt_registration_row_constructed (GObject *object)
{
  RtRegistrationRow *self = RT_REGISTRATION_ROW (object);

  G_OBJECT_CLASS (rt_registration_row_parent_class)->constructed (object);

  g_signal_connect_object (self->registration, "notify::state", G_CALLBACK (update_look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->registration, "notify::n-below", G_CALLBACK (update_leaves), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->registration, "notify::n-above", G_CALLBACK (update_leaves), self, G_CONNECT_SWAPPED);
  update_look (self);
  update_leaves (self);
}

static void
rt_registration_row_dispose (GObject *object)
{
  RtRegistrationRow *self = RT_REGISTRATION_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_REGISTRATION_ROW);
  g_clear_object (&self->node);
  g_clear_object (&self->registration);

  G_OBJECT_CLASS (rt_registration_row_parent_class)->dispose (object);
}

static void
rt_registration_row_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  RtRegistrationRow *self = RT_REGISTRATION_ROW (object);

  switch (property_id)
    {
    case PROP_NODE:
      g_value_set_object (value, self->node);
      break;
    case PROP_REGISTRATION:
      g_value_set_object (value, self->registration);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_registration_row_set_property (GObject      *object,
                                  guint         property_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  RtRegistrationRow *self = RT_REGISTRATION_ROW (object);

  switch (property_id)
    {
    case PROP_NODE:
      self->node = g_value_dup_object (value);
      break;
    case PROP_REGISTRATION:
      self->registration = g_value_dup_object (value);
      break;
    case PROP_NARROW:
      if (self->narrow != g_value_get_boolean (value))
        {
          self->narrow = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "registration.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "registration.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "registration.copy-key", NULL, copy_key_action);
  gtk_widget_class_install_action (widget_class, "registration.change-payload", NULL, change_payload_action);
  gtk_widget_class_install_action (widget_class, "registration.rename", NULL, rename_action);
  gtk_widget_class_install_action (widget_class, "registration.unregister", NULL, unregister_action);
}

static void
rt_registration_row_class_init (RtRegistrationRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = rt_registration_row_constructed;
  object_class->dispose = rt_registration_row_dispose;
  object_class->get_property = rt_registration_row_get_property;
  object_class->set_property = rt_registration_row_set_property;
  ADW_ACTION_ROW_CLASS (klass)->activate = rt_registration_row_activate;

  properties[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_REGISTRATION] =
    g_param_spec_object ("registration", NULL, NULL, RT_TYPE_REGISTRATION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RT_TYPE_LEAF_FILL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/pages/rt-registration-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RtRegistrationRow, state_icon);
  gtk_widget_class_bind_template_child (widget_class, RtRegistrationRow, leaf_fill);
  gtk_widget_class_bind_template_child (widget_class, RtRegistrationRow, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, title_closure);
  gtk_widget_class_bind_template_callback (widget_class, subtitle_closure);
  gtk_widget_class_bind_template_callback (widget_class, subtitle_lines_closure);
  gtk_widget_class_bind_template_callback (widget_class, leaves_closure);
  gtk_widget_class_bind_template_callback (widget_class, leaves_tooltip_closure);
  gtk_widget_class_bind_template_callback (widget_class, state_closure);
  gtk_widget_class_bind_template_callback (widget_class, menu_cb);

  install_actions (widget_class);
}

static void
rt_registration_row_init (RtRegistrationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_registration_row_new:
 * @node: the node
 * @registration: a key of it
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
rt_registration_row_new (RtNode         *node,
                         RtRegistration *registration)
{
  return g_object_new (RT_TYPE_REGISTRATION_ROW, "node", node, "registration", registration, NULL);
}
