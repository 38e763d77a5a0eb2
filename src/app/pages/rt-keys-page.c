/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-keys-page.h"
#include "rt-registration-row.h"

struct _RtKeysPage
{
  AdwBin parent_instance;

  GtkStack *stack;
  AdwPreferencesGroup *group;
  GtkListBox *list;

  RtNode *node;
  GListModel *registrations;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (RtKeysPage, rt_keys_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_NODE,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_count (RtKeysPage *self)
{
  guint n = self->registrations != NULL ? g_list_model_get_n_items (self->registrations) : 0;
  g_autofree char *description = NULL;

  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "empty");

  description = g_strdup_printf (ngettext ("%u key is published by this node.",
                                           "%u keys are published by this node.", n), n);
  if (self->node != NULL && rt_node_get_state (self->node) == RT_NODE_CLOSED)
    {
      g_free (description);
      description = g_strdup_printf (ngettext ("%u key is published when the node is open.",
                                               "%u keys are published when the node is open.", n), n);
    }
  adw_preferences_group_set_description (self->group, description);
}

static GtkWidget *
create_row (gpointer item,
            gpointer data)
{
  RtKeysPage *self = data;
  GtkWidget *row = rt_registration_row_new (self->node, RT_REGISTRATION (item));

  g_object_bind_property (self, "narrow", row, "narrow", G_BINDING_SYNC_CREATE);

  return row;
}

static void
set_node (RtKeysPage *self,
          RtNode     *node)
{
  if (self->node == node)
    return;

  if (self->node != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->node, update_count, self);
      g_signal_handlers_disconnect_by_func (self->registrations, update_count, self);
      gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
    }

  g_set_object (&self->node, node);
  g_clear_object (&self->registrations);
  if (node != NULL)
    self->registrations = g_object_ref (rt_node_get_registrations (node));

  if (node != NULL)
    {
      gtk_list_box_bind_model (self->list, self->registrations, create_row, self, NULL);
      g_signal_connect_object (self->registrations, "items-changed", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (node, "notify::state", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
    }
  update_count (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NODE]);
}

static void
rt_keys_page_dispose (GObject *object)
{
  RtKeysPage *self = RT_KEYS_PAGE (object);

  g_clear_object (&self->registrations);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (rt_keys_page_parent_class)->dispose (object);
}

static void
rt_keys_page_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  RtKeysPage *self = RT_KEYS_PAGE (object);

  switch (property_id)
    {
    case PROP_NODE:
      g_value_set_object (value, self->node);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_keys_page_set_property (GObject      *object,
                           guint         property_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  RtKeysPage *self = RT_KEYS_PAGE (object);

  switch (property_id)
    {
    case PROP_NODE:
      set_node (self, g_value_get_object (value));
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
rt_keys_page_class_init (RtKeysPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_keys_page_dispose;
  object_class->get_property = rt_keys_page_get_property;
  object_class->set_property = rt_keys_page_set_property;

  properties[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/pages/rt-keys-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtKeysPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RtKeysPage, group);
  gtk_widget_class_bind_template_child (widget_class, RtKeysPage, list);
}

static void
rt_keys_page_init (RtKeysPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
