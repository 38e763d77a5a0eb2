/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <drt-glib.h>
#include <glib/gi18n.h>

#include "rt-node-placeholder.h"

/* What is said in one state of the node. */
typedef struct
{
  const char *icon;         /* NULL: a spinner */
  const char *title;
  const char *description;  /* NULL: the fault in words */
  const char *button;       /* NULL: none */
  const char *action;
  gboolean suggested;
} Look;

static const Look looks[] = {
  [RT_NODE_CLOSED] = {
    "network-offline-symbolic", N_("Node Closed"),
    N_("Open the node to join the mesh and meet its neighbours."),
    N_("_Open Node"), "win.open-node", TRUE,
  },
  [RT_NODE_OPENING] = {
    NULL, N_("Joining the Mesh"),
    N_("The node asks the nodes it was told of for more."),
    NULL, NULL, FALSE,
  },
  [RT_NODE_ACTIVE] = {
    "system-users-symbolic", N_("Nobody Known Yet"),
    N_("Neighbours appear here as soon as they have answered."),
    NULL, NULL, FALSE,
  },
  [RT_NODE_ALONE] = {
    "system-users-symbolic", N_("Nobody Else Here"),
    N_("No other node of this mesh has answered. Start another node, or check in the mesh settings where this one looks for others."),
    N_("_Mesh Settings…"), "win.mesh-settings", FALSE,
  },
  [RT_NODE_NO_NETWORK] = {
    "network-no-route-symbolic", N_("No Network"),
    N_("This computer has no IPv6 address in the scope of the mesh. Connect to a network, or choose another scope in the mesh settings."),
    N_("_Mesh Settings…"), "win.mesh-settings", FALSE,
  },
  [RT_NODE_FAULTED] = {
    "dialog-error-symbolic", N_("Node Faulted"), NULL,
    N_("_Mesh Settings…"), "win.mesh-settings", FALSE,
  },
};

struct _RtNodePlaceholder
{
  AdwBin parent_instance;

  RtNode *node;
  AdwStatusPage *page;
  GtkButton *button;
};

enum {
  PROP_0,
  PROP_NODE,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtNodePlaceholder, rt_node_placeholder, ADW_TYPE_BIN)

static char *
describe_fault (HRESULT fault)
{
  const char *name = drt_hresult_to_name (fault);

  return g_strdup_printf ("%s\n%s (0x%08X)", drt_hresult_to_sentence (fault),
                          name != NULL ? name : "HRESULT", (guint) fault);
}

static void
update (RtNodePlaceholder *self)
{
  RtNodeState state = self->node != NULL ? rt_node_get_state (self->node) : RT_NODE_CLOSED;
  const Look *look = &looks[state];
  g_autoptr (GdkPaintable) spinner = NULL;

  if (look->icon == NULL)
    spinner = GDK_PAINTABLE (adw_spinner_paintable_new (GTK_WIDGET (self->page)));
  adw_status_page_set_icon_name (self->page, look->icon);
  if (spinner != NULL)
    adw_status_page_set_paintable (self->page, spinner);
  adw_status_page_set_title (self->page, _(look->title));
  if (look->description != NULL)
    {
      adw_status_page_set_description (self->page, _(look->description));
    }
  else
    {
      g_autofree char *text = describe_fault (rt_node_get_fault (self->node));
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      adw_status_page_set_description (self->page, escaped);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->button), look->button != NULL);
  if (look->button == NULL)
    return;
  gtk_button_set_label (self->button, _(look->button));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), look->action);
  if (look->suggested)
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "suggested-action");
}

static void
rt_node_placeholder_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_NODE:
      g_value_set_object (value, RT_NODE_PLACEHOLDER (object)->node);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_node_placeholder_set_property (GObject      *object,
                                  guint         id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_NODE:
      rt_node_placeholder_set_node (RT_NODE_PLACEHOLDER (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_node_placeholder_dispose (GObject *object)
{
  RtNodePlaceholder *self = RT_NODE_PLACEHOLDER (object);

  if (self->node != NULL)
    g_signal_handlers_disconnect_by_func (self->node, update, self);
  g_clear_object (&self->node);
  /* The bin must let go of its child before the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_NODE_PLACEHOLDER);

  G_OBJECT_CLASS (rt_node_placeholder_parent_class)->dispose (object);
}

static void
rt_node_placeholder_class_init (RtNodePlaceholderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rt_node_placeholder_get_property;
  object_class->set_property = rt_node_placeholder_set_property;
  object_class->dispose = rt_node_placeholder_dispose;

  props[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/roundtable_drt/Roundtable/widgets/rt-node-placeholder.ui");
  gtk_widget_class_bind_template_child (widget_class, RtNodePlaceholder, page);
  gtk_widget_class_bind_template_child (widget_class, RtNodePlaceholder, button);
}

static void
rt_node_placeholder_init (RtNodePlaceholder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * rt_node_placeholder_new:
 *
 * Returns: (transfer floating): the placeholder of no node yet
 */
GtkWidget *
rt_node_placeholder_new (void)
{
  return g_object_new (RT_TYPE_NODE_PLACEHOLDER, NULL);
}

/**
 * rt_node_placeholder_get_node:
 * @self: a placeholder
 *
 * Returns: (nullable): whose state it tells
 */
RtNode *
rt_node_placeholder_get_node (RtNodePlaceholder *self)
{
  g_return_val_if_fail (RT_IS_NODE_PLACEHOLDER (self), NULL);

  return self->node;
}

/**
 * rt_node_placeholder_set_node:
 * @self: a placeholder
 * @node: (nullable): whose state to tell
 *
 * Sets the node.
 */
void
rt_node_placeholder_set_node (RtNodePlaceholder *self,
                              RtNode            *node)
{
  g_return_if_fail (RT_IS_NODE_PLACEHOLDER (self));

  if (self->node == node)
    return;
  if (self->node != NULL)
    g_signal_handlers_disconnect_by_func (self->node, update, self);
  g_set_object (&self->node, node);
  if (node != NULL)
    {
      g_signal_connect_object (node, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (node, "notify::fault", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    }
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NODE]);
}
