/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-neighbour-text.h"
#include "rt-ring-drawing.h"
#include "rt-ring-private.h"

#define MINIMAL_SIZE 240
#define NATURAL_SIZE 560

struct _RtRing
{
  GtkWidget parent_instance;

  RtRingItems *items;
  RtNode *node;
  GObject *selected;
  GObject *hovered;

  RtRingLayout *layout;     /* of the last size and items */
  RtRingDrawing *drawing;   /* of the layout, the style and the leaf set shown */
};

enum {
  PROP_0,
  PROP_NODE,
  PROP_SELECTED,
  PROP_HOVERED,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

enum {
  SIGNAL_ACTIVATE,
  SIGNAL_MENU,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtRing, rt_ring, GTK_TYPE_WIDGET)

static const DrtKey *
key_of (GObject *object)
{
  if (RT_IS_REGISTRATION (object))
    return rt_registration_get_key (RT_REGISTRATION (object));
  if (RT_IS_NEIGHBOUR (object))
    return rt_neighbour_get_key (RT_NEIGHBOUR (object));
  return NULL;
}

static int
find_item (RtRing  *self,
           GObject *object)
{
  return object != NULL ? rt_ring_items_find (self->items, key_of (object)) : -1;
}

/* The place of @object in the layout, which is only of use while it is of the
 * present items. */
static const RtRingPlace *
find_place (RtRing  *self,
            GObject *object)
{
  int item = find_item (self, object);
  int place = item >= 0 && self->layout != NULL ? rt_ring_layout_find (self->layout, (guint) item) : -1;

  return place >= 0 ? &self->layout->places[place] : NULL;
}

/**
 * rt_ring_get_object_at:
 * @self: a ring
 * @x: a point of it
 * @y: a point of it
 * @reach: how far outside a mark still counts
 *
 * Returns: (nullable): what is there
 */
GObject *
rt_ring_get_object_at (RtRing *self,
                       double  x,
                       double  y,
                       double  reach)
{
  int place;

  if (self->layout == NULL)
    return NULL;
  place = rt_ring_layout_hit (self->layout, x, y, reach);
  return place >= 0 ? rt_ring_items_get (self->items, self->layout->places[place].node)->object : NULL;
}

/**
 * rt_ring_set_hovered:
 * @self: a ring
 * @hovered: (nullable): what the pointer is on
 *
 * Sets it.
 */
void
rt_ring_set_hovered (RtRing  *self,
                     GObject *hovered)
{
  if (!g_set_object (&self->hovered, hovered))
    return;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), hovered != NULL ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOVERED]);
}

static void
drop_drawing (RtRing *self)
{
  g_clear_pointer (&self->drawing, rt_ring_drawing_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* What a screen reader finds here: the ring, and in it what is selected. */
static void
update_accessible (RtRing *self)
{
  guint size = rt_ring_items_get_size (self->items);
  int index = find_item (self, self->selected);
  g_autofree char *text = NULL;

  if (index >= 0)
    text = rt_ring_items_to_sentence (self->items, (guint) index);
  else
    text = g_strdup_printf (ngettext ("Ring with %u key, none selected",
                                      "Ring with %u keys, none selected", size), size);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _("The key space as a circle. Left and Right walk along it."),
                                  -1);
}

static void
items_changed_cb (RtRing *self)
{
  g_clear_pointer (&self->layout, rt_ring_layout_free);
  drop_drawing (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  if (self->hovered != NULL && find_item (self, self->hovered) < 0)
    rt_ring_set_hovered (self, NULL);
  if (self->selected != NULL && find_item (self, self->selected) < 0)
    rt_ring_set_selected (self, NULL);
  update_accessible (self);
}

/* As high as it is wide, where there is a choice. */
static GtkSizeRequestMode
rt_ring_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
rt_ring_measure (GtkWidget      *widget,
                 GtkOrientation  orientation,
                 int             for_size,
                 int            *minimum,
                 int            *natural,
                 int            *minimum_baseline,
                 int            *natural_baseline)
{
  *minimum = MINIMAL_SIZE;
  *natural = for_size > 0 ? CLAMP (for_size, MINIMAL_SIZE, NATURAL_SIZE) : NATURAL_SIZE;
}

static void
rt_ring_size_allocate (GtkWidget *widget,
                       int        width,
                       int        height,
                       int        baseline)
{
  RtRing *self = RT_RING (widget);
  g_autofree RtRingNode *nodes = rt_ring_items_to_nodes (self->items);

  g_clear_pointer (&self->layout, rt_ring_layout_free);
  self->layout = rt_ring_layout (nodes, rt_ring_items_get_size (self->items), RT_RING_WHOLE, width, height);
  drop_drawing (self);
}

static void
snapshot_halo (RtRing             *self,
               GtkSnapshot        *snapshot,
               const RtRingColors *colors,
               GObject            *object,
               float               width)
{
  const RtRingPlace *place = find_place (self, object);

  if (place != NULL)
    rt_ring_drawing_snapshot_halo (self->layout, place,
                                   rt_ring_items_get (self->items, place->node)->kind,
                                   snapshot, &colors->foreground, width);
}

static void
rt_ring_snapshot (GtkWidget   *widget,
                  GtkSnapshot *snapshot)
{
  RtRing *self = RT_RING (widget);
  RtRingColors colors;

  if (self->layout == NULL)
    return;
  if (self->drawing == NULL)
    self->drawing = rt_ring_drawing_new (widget, self->items, self->layout,
                                         rt_ring_items_get_center (self->items, self->selected));
  rt_ring_drawing_get_colors (widget, &colors);
  rt_ring_drawing_snapshot (self->drawing, snapshot, &colors);
  if (self->hovered != self->selected)
    snapshot_halo (self, snapshot, &colors, self->hovered, 1);
  snapshot_halo (self, snapshot, &colors, self->selected, 2.5f);
}

static gboolean
rt_ring_query_tooltip (GtkWidget  *widget,
                       int         x,
                       int         y,
                       gboolean    keyboard,
                       GtkTooltip *tooltip)
{
  RtRing *self = RT_RING (widget);
  GObject *object = keyboard ? self->selected : rt_ring_get_object_at (self, x, y, RT_RING_REACH);
  const RtRingPlace *place = find_place (self, object);
  g_autofree char *text = NULL;
  int reach;

  if (place == NULL)
    return FALSE;
  if (RT_IS_NEIGHBOUR (object))
    text = g_strdup_printf ("%s\n%s · %s\n%s",
                            rt_neighbour_get_key_text (RT_NEIGHBOUR (object)),
                            rt_neighbour_get_role (RT_NEIGHBOUR (object)),
                            rt_neighbour_state_to_string (rt_neighbour_get_state (RT_NEIGHBOUR (object))),
                            rt_neighbour_get_address (RT_NEIGHBOUR (object)));
  else
    text = g_strdup_printf ("%s\n%s · %s",
                            rt_registration_get_key_text (RT_REGISTRATION (object)), _("Your key"),
                            rt_registration_state_to_string (rt_registration_get_state (RT_REGISTRATION (object))));
  gtk_tooltip_set_text (tooltip, text);
  reach = (int) self->layout->point_radius + RT_RING_REACH;
  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle) { (int) place->x - reach, (int) place->y - reach,
                                                       2 * reach, 2 * reach });
  return TRUE;
}

static void
rt_ring_css_changed (GtkWidget         *widget,
                     GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (rt_ring_parent_class)->css_changed (widget, change);

  drop_drawing (RT_RING (widget));
}

static void
rt_ring_system_setting_changed (GtkWidget        *widget,
                                GtkSystemSetting  setting)
{
  GTK_WIDGET_CLASS (rt_ring_parent_class)->system_setting_changed (widget, setting);

  drop_drawing (RT_RING (widget));
}

static void
rt_ring_get_property (GObject    *object,
                      guint       id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  RtRing *self = RT_RING (object);

  switch (id)
    {
    case PROP_NODE:
      g_value_set_object (value, self->node);
      break;
    case PROP_SELECTED:
      g_value_set_object (value, self->selected);
      break;
    case PROP_HOVERED:
      g_value_set_object (value, self->hovered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_ring_set_property (GObject      *object,
                      guint         id,
                      const GValue *value,
                      GParamSpec   *pspec)
{
  RtRing *self = RT_RING (object);

  switch (id)
    {
    case PROP_NODE:
      rt_ring_set_node (self, g_value_get_object (value));
      break;
    case PROP_SELECTED:
      rt_ring_set_selected (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_ring_dispose (GObject *object)
{
  RtRing *self = RT_RING (object);

  g_clear_object (&self->items);
  g_clear_object (&self->node);
  g_clear_object (&self->selected);
  g_clear_object (&self->hovered);
  g_clear_pointer (&self->layout, rt_ring_layout_free);
  g_clear_pointer (&self->drawing, rt_ring_drawing_free);

  G_OBJECT_CLASS (rt_ring_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *klass)
{
  props[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_SELECTED] =
    g_param_spec_object ("selected", NULL, NULL, G_TYPE_OBJECT,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_HOVERED] =
    g_param_spec_object ("hovered", NULL, NULL, G_TYPE_OBJECT,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (klass, N_PROPS, props);
}

static void
rt_ring_class_init (RtRingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rt_ring_get_property;
  object_class->set_property = rt_ring_set_property;
  object_class->dispose = rt_ring_dispose;
  widget_class->get_request_mode = rt_ring_get_request_mode;
  widget_class->measure = rt_ring_measure;
  widget_class->size_allocate = rt_ring_size_allocate;
  widget_class->snapshot = rt_ring_snapshot;
  widget_class->query_tooltip = rt_ring_query_tooltip;
  widget_class->css_changed = rt_ring_css_changed;
  widget_class->system_setting_changed = rt_ring_system_setting_changed;

  install_properties (object_class);
  signals[SIGNAL_ACTIVATE] =
    g_signal_new ("activate", RT_TYPE_RING, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MENU] =
    g_signal_new ("menu", RT_TYPE_RING, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_OBJECT, G_TYPE_DOUBLE, G_TYPE_DOUBLE);

  rt_ring_input_add_bindings (widget_class);
  gtk_widget_class_set_css_name (widget_class, "ring");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
rt_ring_init (RtRing *self)
{
  AdwStyleManager *manager = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  self->items = rt_ring_items_new ();
  g_signal_connect_object (self->items, "changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  rt_ring_input_add_controllers (self);
  update_accessible (self);
}

/**
 * rt_ring_new:
 *
 * Returns: (transfer floating): the ring of no node yet
 */
GtkWidget *
rt_ring_new (void)
{
  return g_object_new (RT_TYPE_RING, NULL);
}

/**
 * rt_ring_get_node:
 * @self: a ring
 *
 * Returns: (nullable): whose keys it shows
 */
RtNode *
rt_ring_get_node (RtRing *self)
{
  g_return_val_if_fail (RT_IS_RING (self), NULL);

  return self->node;
}

/**
 * rt_ring_set_node:
 * @self: a ring
 * @node: (nullable): whose keys to show
 *
 * Sets the node.
 */
void
rt_ring_set_node (RtRing *self,
                  RtNode *node)
{
  g_return_if_fail (RT_IS_RING (self));

  if (!g_set_object (&self->node, node))
    return;
  rt_ring_items_set_node (self->items, node);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NODE]);
}

/**
 * rt_ring_get_selected:
 * @self: a ring
 *
 * Returns: (nullable): the selected RtRegistration or RtNeighbour
 */
GObject *
rt_ring_get_selected (RtRing *self)
{
  g_return_val_if_fail (RT_IS_RING (self), NULL);

  return self->selected;
}

/**
 * rt_ring_set_selected:
 * @self: a ring
 * @selected: (nullable): an RtRegistration or RtNeighbour
 *
 * Selects something on the ring.
 */
void
rt_ring_set_selected (RtRing  *self,
                      GObject *selected)
{
  g_return_if_fail (RT_IS_RING (self));
  g_return_if_fail (selected == NULL || RT_IS_REGISTRATION (selected) || RT_IS_NEIGHBOUR (selected));

  if (!g_set_object (&self->selected, selected))
    return;
  drop_drawing (self);
  update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

/**
 * rt_ring_get_hovered:
 * @self: a ring
 *
 * Returns: (nullable): the RtRegistration or RtNeighbour the pointer is on
 */
GObject *
rt_ring_get_hovered (RtRing *self)
{
  g_return_val_if_fail (RT_IS_RING (self), NULL);

  return self->hovered;
}

/**
 * rt_ring_get_items:
 * @self: a ring
 *
 * Returns: what is on it
 */
RtRingItems *
rt_ring_get_items (RtRing *self)
{
  g_return_val_if_fail (RT_IS_RING (self), NULL);

  return self->items;
}

/* Goes to an item by its place in the clockwise order, which goes round, and
 * tells a screen reader where it has come. */
static void
select_index (RtRing *self,
              int     index)
{
  int n = (int) rt_ring_items_get_size (self->items);
  g_autofree char *text = NULL;

  if (n == 0)
    return;
  index = (index + n) % n;
  rt_ring_set_selected (self, rt_ring_items_get (self->items, (guint) index)->object);
  text = rt_ring_items_to_sentence (self->items, (guint) index);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/**
 * rt_ring_walk:
 * @self: a ring
 * @step: 1 clockwise, -1 counter-clockwise
 *
 * Selects the next item.
 */
void
rt_ring_walk (RtRing *self,
              int     step)
{
  int index = find_item (self, self->selected);

  if (index < 0)
    index = step > 0 ? -1 : 0;
  select_index (self, index + step);
}

/**
 * rt_ring_jump:
 * @self: a ring
 * @index: in clockwise order from key 0; -1 the last one
 *
 * Selects an item.
 */
void
rt_ring_jump (RtRing *self,
              int     index)
{
  select_index (self, index);
}

/**
 * rt_ring_activate:
 * @self: a ring
 *
 * Emits `activate`.
 *
 * Returns: whether anything is selected
 */
gboolean
rt_ring_activate (RtRing *self)
{
  if (self->selected == NULL)
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_ACTIVATE], 0);
  return TRUE;
}

/**
 * rt_ring_open_menu:
 * @self: a ring
 * @at: (nullable): where, or %NULL at the mark
 *
 * Emits `menu` for what is selected.
 *
 * Returns: whether anything is
 */
gboolean
rt_ring_open_menu (RtRing                 *self,
                   const graphene_point_t *at)
{
  const RtRingPlace *place = find_place (self, self->selected);

  if (place == NULL)
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_MENU], 0, self->selected,
                 at != NULL ? (double) at->x : place->x, at != NULL ? (double) at->y : place->y);
  return TRUE;
}
