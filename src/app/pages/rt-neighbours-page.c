/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "rt-application.h"
#include "rt-certificate-actions.h"
#include "rt-key-label.h"
#include "rt-neighbour-cells.h"
#include "rt-neighbour-details.h"
#include "rt-neighbours-page-private.h"
#include "rt-node-placeholder.h"
#include "rt-time-label.h"

enum {
  PROP_0,
  PROP_NODE,
  PROP_SELECTED_NEIGHBOUR,
  PROP_NARROW,
  PROP_SHOW_DETAILS,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtNeighboursPage, rt_neighbours_page, ADW_TYPE_BIN)

/* Which property a column is sorted by, where it is not called as the column. */
static const char *
get_sort_property (const char *column)
{
  static const struct { const char *column; const char *property; } others[] = {
    { "key", "key-text" },
    { "role", "leaf-position" },
    { "age", "added" },
    { "version", "protocol-version" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_equal (column, others[i].column))
      return others[i].property;
  return column;
}

static gboolean
passes_quick_filter (gpointer item,
                     gpointer data)
{
  RtNeighboursPage *self = data;
  const char *name = adw_toggle_group_get_active_name (self->quick);
  gboolean leaf = rt_neighbour_get_leaf_position (RT_NEIGHBOUR (item)) != 0;

  if (g_strcmp0 (name, "leaf") == 0)
    return leaf;
  if (g_strcmp0 (name, "cache") == 0)
    return !leaf;
  return TRUE;
}

static gboolean
is_filtering (RtNeighboursPage *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0' ||
         g_strcmp0 (adw_toggle_group_get_active_name (self->quick), "all") != 0;
}

static char *
describe_count (RtNeighboursPage *self,
                guint             n_matches,
                guint             n_all)
{
  if (is_filtering (self))
    /* Translators: matches of all neighbours, such as "5 of 16" */
    return g_strdup_printf (_("%u of %u"), n_matches, n_all);
  return g_strdup_printf (ngettext ("%u neighbour", "%u neighbours", n_all), n_all);
}

static guint
count_all (RtNeighboursPage *self)
{
  return self->node != NULL ? g_list_model_get_n_items (rt_node_get_neighbours (self->node)) : 0;
}

static void
update_presentation (RtNeighboursPage *self)
{
  guint n_all = count_all (self);
  guint n_matches = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  g_autofree char *count = describe_count (self, n_matches, n_all);

  gtk_stack_set_visible_child_name (self->stack, n_all > 0 ? "neighbours" : "empty");
  gtk_stack_set_visible_child_name (self->matches, n_matches == 0 ? "no-results"
                                                   : self->narrow ? "rows" : "table");
  gtk_label_set_label (self->count, count);
  gtk_widget_set_visible (GTK_WIDGET (self->count), !self->narrow || is_filtering (self));
}

/**
 * rt_neighbours_page_get_view:
 * @self: a page
 *
 * Returns: the table or list that is shown
 */
GtkWidget *
rt_neighbours_page_get_view (RtNeighboursPage *self)
{
  return self->narrow ? GTK_WIDGET (self->rows) : GTK_WIDGET (self->table);
}

static guint
find_position (RtNeighboursPage *self,
               RtNeighbour      *neighbour)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RtNeighbour) item = g_list_model_get_item (model, i);

      if (item == neighbour)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
set_selected (RtNeighboursPage *self,
              RtNeighbour      *neighbour)
{
  if (!g_set_object (&self->selected, neighbour))
    return;
  gtk_stack_set_visible_child_name (self->details_stack, neighbour != NULL ? "details" : "none");
  if (neighbour == NULL)
    adw_bottom_sheet_set_open (self->sheet, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED_NEIGHBOUR]);
}

/* Who comes here from what is selected on another page goes on with it, but not
 * who came for the search or is still in the sidebar. */
static gboolean
wants_focus (RtNeighboursPage *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)) &&
         !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->entry));
}

/* A list that has no size yet must not be scrolled: it loses its rows. */
static gboolean
scroll_cb (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       data)
{
  RtNeighboursPage *self = RT_NEIGHBOURS_PAGE (widget);
  GtkWidget *view = rt_neighbours_page_get_view (self);
  guint position = gtk_single_selection_get_selected (self->selection);
  gboolean focus = self->scroll_focus && wants_focus (self);
  GtkListScrollFlags flags = focus ? GTK_LIST_SCROLL_FOCUS : GTK_LIST_SCROLL_NONE;

  if (gtk_widget_get_height (view) == 0)
    return G_SOURCE_CONTINUE;
  self->scroll_tick = 0;
  self->scroll_focus = FALSE;
  if (position == GTK_INVALID_LIST_POSITION)
    return G_SOURCE_REMOVE;
  if (self->narrow)
    gtk_list_view_scroll_to (self->rows, position, flags, NULL);
  else
    gtk_column_view_scroll_to (self->table, position, NULL, flags, NULL);
  if (focus)
    gtk_widget_grab_focus (view);
  return G_SOURCE_REMOVE;
}

/* Shows in the table what is selected, as far as the filter lets it through. */
static void
show_selected (RtNeighboursPage *self,
               gboolean          scroll)
{
  guint position = self->selected != NULL ? find_position (self, self->selected) : GTK_INVALID_LIST_POSITION;

  if (gtk_single_selection_get_selected (self->selection) != position)
    gtk_single_selection_set_selected (self->selection, position);
  if (scroll && position != GTK_INVALID_LIST_POSITION && self->scroll_tick == 0)
    self->scroll_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, NULL, NULL);
}

/**
 * rt_neighbours_page_select:
 * @self: a page
 * @neighbour: (nullable): a neighbour
 *
 * Selects it and scrolls to it.
 */
void
rt_neighbours_page_select (RtNeighboursPage *self,
                           RtNeighbour      *neighbour)
{
  if (self->selected == neighbour)
    return;
  set_selected (self, neighbour);
  show_selected (self, gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
selection_changed_cb (RtNeighboursPage *self)
{
  RtNeighbour *item = gtk_single_selection_get_selected_item (self->selection);

  /* What the filter took away stays selected: its details do not vanish
   * because one looks for something else. */
  if (item != NULL || (self->selected != NULL &&
                       find_position (self, self->selected) != GTK_INVALID_LIST_POSITION))
    set_selected (self, item);
}

static void
matches_changed_cb (RtNeighboursPage *self)
{
  if (self->selected != NULL && gtk_single_selection_get_selected_item (self->selection) == NULL)
    show_selected (self, FALSE);
  update_presentation (self);
}

static void
neighbours_changed_cb (RtNeighboursPage *self)
{
  if (self->selected != NULL &&
      rt_node_find_neighbour (self->node, rt_neighbour_get_key (self->selected)) != self->selected)
    rt_neighbours_page_select (self, NULL);
  update_presentation (self);
}

static void
quick_changed_cb (RtNeighboursPage *self)
{
  gtk_filter_changed (GTK_FILTER (self->quick_filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_presentation (self);
}

static void
search_changed_cb (RtNeighboursPage *self)
{
  update_presentation (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), gtk_label_get_label (self->count),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
}

static void
stop_search_cb (RtNeighboursPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_grab_focus (rt_neighbours_page_get_view (self));
}

static void
show_all_cb (RtNeighboursPage *self)
{
  adw_toggle_group_set_active_name (self->quick, "all");
  stop_search_cb (self);
}

static void
row_activated_cb (RtNeighboursPage *self,
                  guint             position)
{
  gtk_single_selection_set_selected (self->selection, position);
  if (self->narrow)
    adw_bottom_sheet_set_open (self->sheet, TRUE);
  else
    g_object_set (self, "show-details", TRUE, NULL);
}

static void
rt_neighbours_page_map (GtkWidget *widget)
{
  RtNeighboursPage *self = RT_NEIGHBOURS_PAGE (widget);

  GTK_WIDGET_CLASS (rt_neighbours_page_parent_class)->map (widget);

  show_selected (self, TRUE);
  self->scroll_focus = self->scroll_tick != 0;
}

static void
refusals_changed_cb (RtNeighboursPage *self)
{
  guint n_refused = self->node != NULL ? g_list_model_get_n_items (rt_node_get_refusals (self->node)) : 0;
  g_autofree char *title = g_strdup_printf (ngettext ("%u node was refused", "%u nodes were refused", n_refused), n_refused);

  if (n_refused > 0)
    adw_banner_set_title (self->refused, title);
  adw_banner_set_revealed (self->refused, n_refused > 0);
}

static void
show_refused_cb (RtNeighboursPage *self)
{
  rt_certificate_actions_show_refusals (GTK_WIDGET (self), self->node);
}

static void
set_node (RtNeighboursPage *self,
          RtNode           *node)
{
  if (self->node == node)
    return;
  if (self->node != NULL)
    {
      g_signal_handlers_disconnect_by_func (rt_node_get_neighbours (self->node), neighbours_changed_cb, self);
      g_signal_handlers_disconnect_by_func (rt_node_get_refusals (self->node), refusals_changed_cb, self);
    }
  g_set_object (&self->node, node);
  rt_neighbours_page_select (self, NULL);
  if (node != NULL)
    {
      g_signal_connect_object (rt_node_get_neighbours (node), "items-changed",
                               G_CALLBACK (neighbours_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (rt_node_get_refusals (node), "items-changed",
                               G_CALLBACK (refusals_changed_cb), self, G_CONNECT_SWAPPED);
    }
  refusals_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NODE]);
  rt_live_order_set_model (self->order, node != NULL ? rt_node_get_neighbours (node) : NULL);
  update_presentation (self);
}

/* Only the view that is shown has rows to keep. */
static void
update_views (RtNeighboursPage *self)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);

  gtk_column_view_set_model (self->table, self->narrow ? NULL : model);
  gtk_list_view_set_model (self->rows, self->narrow ? model : NULL);
}

static void
set_narrow (RtNeighboursPage *self,
            gboolean          narrow)
{
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  adw_bottom_sheet_set_open (self->sheet, FALSE);
  adw_multi_layout_view_set_layout_name (self->layouts, narrow ? "narrow" : "wide");
  update_views (self);
  update_presentation (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
rt_neighbours_page_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  RtNeighboursPage *self = RT_NEIGHBOURS_PAGE (object);

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
    case PROP_SHOW_DETAILS:
      g_value_set_boolean (value, self->show_details);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_neighbours_page_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  RtNeighboursPage *self = RT_NEIGHBOURS_PAGE (object);

  switch (id)
    {
    case PROP_NODE:
      set_node (self, g_value_get_object (value));
      break;
    case PROP_SELECTED_NEIGHBOUR:
      rt_neighbours_page_select (self, g_value_get_object (value));
      break;
    case PROP_NARROW:
      set_narrow (self, g_value_get_boolean (value));
      break;
    case PROP_SHOW_DETAILS:
      if (self->show_details != g_value_get_boolean (value))
        {
          self->show_details = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_neighbours_page_dispose (GObject *object)
{
  RtNeighboursPage *self = RT_NEIGHBOURS_PAGE (object);

  if (self->node != NULL)
    {
      g_signal_handlers_disconnect_by_func (rt_node_get_neighbours (self->node), neighbours_changed_cb, self);
      g_signal_handlers_disconnect_by_func (rt_node_get_refusals (self->node), refusals_changed_cb, self);
    }
  g_clear_object (&self->node);
  g_clear_object (&self->selected);
  g_clear_object (&self->columns);
  g_clear_object (&self->order);
  /* Models and widgets that go one after the other tell of it. */
  if (self->selection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->selection, self);
      g_signal_handlers_disconnect_by_data (self->quick, self);
      g_signal_handlers_disconnect_by_data (self->entry, self);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_NEIGHBOURS_PAGE);

  G_OBJECT_CLASS (rt_neighbours_page_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *klass)
{
  props[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_SELECTED_NEIGHBOUR] =
    g_param_spec_object ("selected-neighbour", NULL, NULL, RT_TYPE_NEIGHBOUR,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_SHOW_DETAILS] =
    g_param_spec_boolean ("show-details", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (klass, N_PROPS, props);
}

static void
bind_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (klass,
    "/io/github/roundtable_drt/Roundtable/pages/rt-neighbours-page.ui");
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, refused);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, stack);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, layouts);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, sheet);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, quick);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, entry);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, count);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, view_button);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, matches);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, details_stack);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, table);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, rows);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, selection);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, filtered);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, filter);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, quick_filter);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, address_sorter);
  gtk_widget_class_bind_template_child (klass, RtNeighboursPage, version_sorter);
  rt_neighbour_cells_bind (klass);
  gtk_widget_class_bind_template_callback (klass, show_refused_cb);
  gtk_widget_class_bind_template_callback (klass, selection_changed_cb);
  gtk_widget_class_bind_template_callback (klass, matches_changed_cb);
  gtk_widget_class_bind_template_callback (klass, quick_changed_cb);
  gtk_widget_class_bind_template_callback (klass, search_changed_cb);
  gtk_widget_class_bind_template_callback (klass, stop_search_cb);
  gtk_widget_class_bind_template_callback (klass, show_all_cb);
  gtk_widget_class_bind_template_callback (klass, row_activated_cb);
}

static void
rt_neighbours_page_class_init (RtNeighboursPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rt_neighbours_page_get_property;
  object_class->set_property = rt_neighbours_page_set_property;
  object_class->dispose = rt_neighbours_page_dispose;
  widget_class->map = rt_neighbours_page_map;

  install_properties (object_class);

  g_type_ensure (RT_TYPE_KEY_LABEL);
  g_type_ensure (RT_TYPE_TIME_LABEL);
  g_type_ensure (RT_TYPE_NODE);
  g_type_ensure (RT_TYPE_NEIGHBOUR);
  g_type_ensure (RT_TYPE_NEIGHBOUR_DETAILS);
  g_type_ensure (RT_TYPE_NODE_PLACEHOLDER);
  bind_template (widget_class);
  rt_neighbours_page_add_bindings (widget_class);
}

static void
init_models (RtNeighboursPage *self)
{
  gtk_custom_filter_set_filter_func (self->quick_filter, passes_quick_filter, self, NULL);
  gtk_custom_sorter_set_sort_func (self->address_sorter, rt_neighbour_compare_addresses, NULL, NULL);
  gtk_custom_sorter_set_sort_func (self->version_sorter, rt_neighbour_compare_versions, NULL, NULL);
}

static void
init_columns (RtNeighboursPage *self)
{
  static const char * const filtered_by[] = { "leaf-position", "role", "state", "addresses-text", NULL };
  GApplication *application = g_application_get_default ();
  g_autoptr (GSettings) settings = NULL;

  /* A test has a page without an application. */
  if (application != NULL)
    settings = g_object_ref (rt_application_get_settings (RT_APPLICATION (application)));
  else
    settings = g_settings_new (APP_ID);
  self->columns = rt_column_settings_new (self->table, settings, "neighbour-columns",
                                          "neighbour-sort", "neighbour-sort-descending");
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns",
                                  rt_column_settings_get_actions (self->columns));
  gtk_menu_button_set_menu_model (self->view_button, rt_column_settings_get_menu (self->columns));
  rt_column_view_name_list (self->table);
  self->order = rt_live_order_new (GTK_WIDGET (self), self->table, self->filter, filtered_by,
                                   get_sort_property);
}

static void
rt_neighbours_page_init (RtNeighboursPage *self)
{
  self->show_details = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  init_models (self);
  init_columns (self);
  update_views (self);
  rt_neighbours_page_add_menus (self);
  update_presentation (self);
}

/**
 * rt_neighbours_page_focus_search:
 * @self: a page
 *
 * Moves the focus into the search entry.
 *
 * Returns: whether there is something to search
 */
gboolean
rt_neighbours_page_focus_search (RtNeighboursPage *self)
{
  g_return_val_if_fail (RT_IS_NEIGHBOURS_PAGE (self), FALSE);

  if (count_all (self) == 0)
    return FALSE;
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
  return gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
