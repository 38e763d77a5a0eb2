/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-neighbour-details.h"
#include "rt-neighbour-menu.h"
#include "rt-node-placeholder.h"
#include "rt-registration-card.h"
#include "rt-ring-page.h"
#include "rt-ring-swatch.h"
#include "rt-ring.h"

struct _RtRingPage
{
  AdwBin parent_instance;

  RtNode *node;
  RtNeighbour *selected;
  gboolean narrow;
  gboolean begun;    /* something was selected once */

  GtkStack *stack;
  AdwMultiLayoutView *layouts;
  RtRing *ring;
  GtkLabel *own_count;
  GtkLabel *leaf_count;
  GtkLabel *cache_count;
  GtkLabel *quiet_count;
  GtkStack *facts;
  RtNeighbourDetails *details;
  RtRegistrationCard *card;
};

enum {
  PROP_0,
  PROP_NODE,
  PROP_SELECTED_NEIGHBOUR,
  PROP_NARROW,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtRingPage, rt_ring_page, ADW_TYPE_BIN)

static void
take_label (GtkLabel *label,
            char     *text)
{
  gtk_label_set_label (label, text);
  g_free (text);
}

static void
update_legend (RtRingPage *self)
{
  RtRingItems *items = rt_ring_get_items (self->ring);
  guint n[RT_RING_CACHE + 1] = { 0 }, n_quiet = 0;

  for (guint i = 0; i < rt_ring_items_get_size (items); i++)
    {
      const RtRingItem *item = rt_ring_items_get (items, i);

      n[item->kind]++;
      n_quiet += item->kind != RT_RING_OWN && item->quiet ? 1 : 0;
    }
  take_label (self->own_count,
              g_strdup_printf (ngettext ("%u key of yours", "%u keys of yours", n[RT_RING_OWN]),
                               n[RT_RING_OWN]));
  take_label (self->leaf_count,
              g_strdup_printf (ngettext ("%u leaf", "%u leaves", n[RT_RING_LEAF]), n[RT_RING_LEAF]));
  take_label (self->cache_count,
              g_strdup_printf (ngettext ("%u other in the cache", "%u others in the cache", n[RT_RING_CACHE]),
                               n[RT_RING_CACHE]));
  take_label (self->quiet_count,
              g_strdup_printf (ngettext ("%u not answering", "%u not answering", n_quiet), n_quiet));
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->quiet_count)), n_quiet > 0);
}

static void
update_stack (RtRingPage *self)
{
  gboolean open = self->node != NULL && rt_node_get_state (self->node) != RT_NODE_CLOSED;

  gtk_stack_set_visible_child_name (self->stack,
    open && rt_ring_items_get_size (rt_ring_get_items (self->ring)) > 0 ? "ring" : "empty");
}

/* The card is about what is selected; while nothing is, about what the pointer
 * is on. */
static void
update_facts (RtRingPage *self)
{
  GObject *object = rt_ring_get_selected (self->ring);

  if (object == NULL)
    object = rt_ring_get_hovered (self->ring);
  if (RT_IS_NEIGHBOUR (object))
    {
      rt_neighbour_details_set_neighbour (self->details, RT_NEIGHBOUR (object));
      gtk_stack_set_visible_child_name (self->facts, "neighbour");
    }
  else if (RT_IS_REGISTRATION (object))
    {
      rt_registration_card_set_registration (self->card, RT_REGISTRATION (object));
      gtk_stack_set_visible_child_name (self->facts, "registration");
    }
  else
    {
      gtk_stack_set_visible_child_name (self->facts, "none");
    }
}

/* Begins with a key of ours: its leaf set is what a ring is about. */
static void
select_first (RtRingPage *self)
{
  g_autoptr (GObject) first = NULL;

  if (self->begun || self->node == NULL || rt_ring_get_selected (self->ring) != NULL)
    return;
  first = g_list_model_get_item (rt_node_get_registrations (self->node), 0);
  if (first != NULL)
    rt_ring_set_selected (self->ring, first);
}

static void
items_changed_cb (RtRingPage *self)
{
  select_first (self);
  update_legend (self);
  update_stack (self);
}

static void
ring_selected_cb (RtRingPage *self)
{
  GObject *object = rt_ring_get_selected (self->ring);
  RtNeighbour *neighbour = RT_IS_NEIGHBOUR (object) ? RT_NEIGHBOUR (object) : NULL;

  self->begun |= object != NULL;
  update_facts (self);
  if (g_set_object (&self->selected, neighbour))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED_NEIGHBOUR]);
}

static void
ring_hovered_cb (RtRingPage *self)
{
  update_facts (self);
}

static void
ring_activate_cb (RtRingPage *self)
{
  gboolean own = RT_IS_REGISTRATION (rt_ring_get_selected (self->ring));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-page", "s", own ? "keys" : "neighbours");
}

static void
ring_menu_cb (RtRingPage *self,
              GObject    *object,
              double      x,
              double      y)
{
  graphene_point_t point = GRAPHENE_POINT_INIT ((float) x, (float) y);
  g_autoptr (GMenuModel) menu = NULL;

  if (RT_IS_NEIGHBOUR (object))
    menu = rt_neighbour_menu_new (RT_NEIGHBOUR (object));
  else
    menu = rt_registration_menu_new (RT_REGISTRATION (object));
  if (gtk_widget_compute_point (GTK_WIDGET (self->ring), GTK_WIDGET (self), &point, &point))
    rt_context_menu_popup (GTK_WIDGET (self), menu, &(GdkRectangle) { (int) point.x, (int) point.y, 1, 1 });
}

static void
rt_ring_page_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  RtRingPage *self = RT_RING_PAGE (object);

  switch (id)
    {
    case PROP_NODE:
      g_value_set_object (value, self->node);
      break;
    case PROP_SELECTED_NEIGHBOUR:
      g_value_set_object (value, self->selected);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_ring_page_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  RtRingPage *self = RT_RING_PAGE (object);

  switch (id)
    {
    case PROP_NODE:
      rt_ring_page_set_node (self, g_value_get_object (value));
      break;
    case PROP_SELECTED_NEIGHBOUR:
      rt_ring_page_set_selected_neighbour (self, g_value_get_object (value));
      break;
    case PROP_NARROW:
      rt_ring_page_set_narrow (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_ring_page_dispose (GObject *object)
{
  RtRingPage *self = RT_RING_PAGE (object);

  if (self->node != NULL)
    g_signal_handlers_disconnect_by_func (self->node, update_stack, self);
  /* The bin must let go of its child before the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_RING_PAGE);
  g_clear_object (&self->selected);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (rt_ring_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (klass,
    "/io/github/roundtable_drt/Roundtable/pages/rt-ring-page.ui");
  gtk_widget_class_bind_template_child (klass, RtRingPage, stack);
  gtk_widget_class_bind_template_child (klass, RtRingPage, layouts);
  gtk_widget_class_bind_template_child (klass, RtRingPage, ring);
  gtk_widget_class_bind_template_child (klass, RtRingPage, own_count);
  gtk_widget_class_bind_template_child (klass, RtRingPage, leaf_count);
  gtk_widget_class_bind_template_child (klass, RtRingPage, cache_count);
  gtk_widget_class_bind_template_child (klass, RtRingPage, quiet_count);
  gtk_widget_class_bind_template_child (klass, RtRingPage, facts);
  gtk_widget_class_bind_template_child (klass, RtRingPage, details);
  gtk_widget_class_bind_template_child (klass, RtRingPage, card);
  gtk_widget_class_bind_template_callback (klass, ring_selected_cb);
  gtk_widget_class_bind_template_callback (klass, ring_hovered_cb);
  gtk_widget_class_bind_template_callback (klass, ring_activate_cb);
  gtk_widget_class_bind_template_callback (klass, ring_menu_cb);
}

static void
rt_ring_page_class_init (RtRingPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rt_ring_page_get_property;
  object_class->set_property = rt_ring_page_set_property;
  object_class->dispose = rt_ring_page_dispose;

  props[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_SELECTED_NEIGHBOUR] =
    g_param_spec_object ("selected-neighbour", NULL, NULL, RT_TYPE_NEIGHBOUR,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (RT_TYPE_NEIGHBOUR_DETAILS);
  g_type_ensure (RT_TYPE_NODE_PLACEHOLDER);
  g_type_ensure (RT_TYPE_REGISTRATION_CARD);
  g_type_ensure (RT_TYPE_RING);
  g_type_ensure (RT_TYPE_RING_SWATCH);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
rt_ring_page_init (RtRingPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (rt_ring_get_items (self->ring), "changed",
                           G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  items_changed_cb (self);
}

/**
 * rt_ring_page_new:
 *
 * Returns: (transfer floating): the page of no node yet
 */
GtkWidget *
rt_ring_page_new (void)
{
  return g_object_new (RT_TYPE_RING_PAGE, NULL);
}

/**
 * rt_ring_page_get_node:
 * @self: a page
 *
 * Returns: (nullable): whose ring it shows
 */
RtNode *
rt_ring_page_get_node (RtRingPage *self)
{
  g_return_val_if_fail (RT_IS_RING_PAGE (self), NULL);

  return self->node;
}

/**
 * rt_ring_page_set_node:
 * @self: a page
 * @node: (nullable): whose ring to show
 *
 * Sets the node.
 */
void
rt_ring_page_set_node (RtRingPage *self,
                       RtNode     *node)
{
  g_return_if_fail (RT_IS_RING_PAGE (self));

  if (self->node == node)
    return;
  if (self->node != NULL)
    g_signal_handlers_disconnect_by_func (self->node, update_stack, self);
  g_set_object (&self->node, node);
  if (node != NULL)
    g_signal_connect_object (node, "notify::state", G_CALLBACK (update_stack), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NODE]);
  items_changed_cb (self);
}

/**
 * rt_ring_page_get_selected_neighbour:
 * @self: a page
 *
 * Returns: (nullable): the neighbour selected; %NULL also when a key of ours is
 */
RtNeighbour *
rt_ring_page_get_selected_neighbour (RtRingPage *self)
{
  g_return_val_if_fail (RT_IS_RING_PAGE (self), NULL);

  return self->selected;
}

/**
 * rt_ring_page_set_selected_neighbour:
 * @self: a page
 * @neighbour: (nullable): one of the neighbours
 *
 * Selects a neighbour on the ring.
 */
void
rt_ring_page_set_selected_neighbour (RtRingPage  *self,
                                     RtNeighbour *neighbour)
{
  g_return_if_fail (RT_IS_RING_PAGE (self));

  if (self->selected != neighbour)
    rt_ring_set_selected (self->ring, (GObject *) neighbour);
}

/**
 * rt_ring_page_get_narrow:
 * @self: a page
 *
 * Returns: whether the facts are below the ring
 */
gboolean
rt_ring_page_get_narrow (RtRingPage *self)
{
  g_return_val_if_fail (RT_IS_RING_PAGE (self), FALSE);

  return self->narrow;
}

/**
 * rt_ring_page_set_narrow:
 * @self: a page
 * @narrow: whether to put the facts below the ring
 *
 * Sets where the facts are.
 */
void
rt_ring_page_set_narrow (RtRingPage *self,
                         gboolean    narrow)
{
  g_return_if_fail (RT_IS_RING_PAGE (self));

  narrow = !!narrow;
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  adw_multi_layout_view_set_layout_name (self->layouts, narrow ? "narrow" : "wide");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}
