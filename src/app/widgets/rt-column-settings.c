/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-column-settings.h"

struct _RtColumnSettings
{
  GObject parent_instance;

  GtkColumnView *view;        /* owns us, through its page */
  GSettings *settings;
  char *hidden_key;
  char *sort_key;
  char *descending_key;
  GSimpleActionGroup *actions;
  GMenu *menu;
  gboolean applying;          /* the view follows the settings, not they it */
};

G_DEFINE_FINAL_TYPE (RtColumnSettings, rt_column_settings, G_TYPE_OBJECT)

static GtkColumnViewColumn *
get_column (RtColumnSettings *self,
            guint             position)
{
  g_autoptr (GtkColumnViewColumn) column =
    g_list_model_get_item (gtk_column_view_get_columns (self->view), position);

  /* The view holds it. */
  return column;
}

static GtkColumnViewColumn *
find_column (RtColumnSettings *self,
             const char       *id)
{
  GtkColumnViewColumn *column;

  for (guint i = 0; (column = get_column (self, i)) != NULL; i++)
    if (g_strcmp0 (gtk_column_view_column_get_id (column), id) == 0)
      return column;
  return NULL;
}

static void
apply_hidden (RtColumnSettings *self)
{
  g_auto (GStrv) hidden = g_settings_get_strv (self->settings, self->hidden_key);
  GtkColumnViewColumn *column;

  self->applying = TRUE;
  for (guint i = 1; (column = get_column (self, i)) != NULL; i++)
    {
      const char *id = gtk_column_view_column_get_id (column);

      gtk_column_view_column_set_visible (column, !g_strv_contains ((const char * const *) hidden, id));
    }
  self->applying = FALSE;
}

static void
apply_sort (RtColumnSettings *self)
{
  GtkColumnViewSorter *sorter = GTK_COLUMN_VIEW_SORTER (gtk_column_view_get_sorter (self->view));
  g_autofree char *id = g_settings_get_string (self->settings, self->sort_key);
  GtkSortType order = g_settings_get_boolean (self->settings, self->descending_key)
                      ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING;
  GtkColumnViewColumn *column = find_column (self, id);

  /* An identifier of another version of the program. */
  if (column == NULL)
    column = get_column (self, 0);
  if (gtk_column_view_sorter_get_primary_sort_column (sorter) == column &&
      gtk_column_view_sorter_get_primary_sort_order (sorter) == order)
    return;

  self->applying = TRUE;
  gtk_column_view_sort_by_column (self->view, column, order);
  self->applying = FALSE;
}

static void
setting_changed_cb (RtColumnSettings *self,
                    const char       *key)
{
  if (self->applying)
    return;
  if (g_str_equal (key, self->hidden_key))
    apply_hidden (self);
  else if (g_str_equal (key, self->sort_key) || g_str_equal (key, self->descending_key))
    apply_sort (self);
}

static void
visible_changed_cb (RtColumnSettings *self)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) hidden = NULL;
  GtkColumnViewColumn *column;

  if (self->applying)
    return;
  builder = g_strv_builder_new ();
  for (guint i = 1; (column = get_column (self, i)) != NULL; i++)
    if (!gtk_column_view_column_get_visible (column))
      g_strv_builder_add (builder, gtk_column_view_column_get_id (column));
  hidden = g_strv_builder_end (builder);

  self->applying = TRUE;
  g_settings_set_strv (self->settings, self->hidden_key, (const char * const *) hidden);
  self->applying = FALSE;
}

static void
sorter_changed_cb (RtColumnSettings    *self,
                   GtkSorterChange      change,
                   GtkColumnViewSorter *sorter)
{
  GtkColumnViewColumn *column = gtk_column_view_sorter_get_primary_sort_column (sorter);

  if (self->applying || column == NULL)
    return;
  self->applying = TRUE;
  g_settings_set_string (self->settings, self->sort_key, gtk_column_view_column_get_id (column));
  g_settings_set_boolean (self->settings, self->descending_key,
                          gtk_column_view_sorter_get_primary_sort_order (sorter) == GTK_SORT_DESCENDING);
  self->applying = FALSE;
}

static void
reset_cb (GSimpleAction    *action,
          GVariant         *parameter,
          RtColumnSettings *self)
{
  g_settings_reset (self->settings, self->hidden_key);
  g_settings_reset (self->settings, self->sort_key);
  g_settings_reset (self->settings, self->descending_key);
}

static void
add_actions (RtColumnSettings *self)
{
  g_autoptr (GAction) sort = g_settings_create_action (self->settings, self->sort_key);
  g_autoptr (GAction) descending = g_settings_create_action (self->settings, self->descending_key);
  g_autoptr (GSimpleAction) reset = g_simple_action_new ("reset", NULL);
  GtkColumnViewColumn *column;

  for (guint i = 1; (column = get_column (self, i)) != NULL; i++)
    {
      g_autofree char *name = g_strconcat ("show-", gtk_column_view_column_get_id (column), NULL);
      g_autoptr (GPropertyAction) action = g_property_action_new (name, column, "visible");

      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
      g_signal_connect_object (column, "notify::visible", G_CALLBACK (visible_changed_cb), self, G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (reset, "activate", G_CALLBACK (reset_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self->actions), sort);
  g_action_map_add_action (G_ACTION_MAP (self->actions), descending);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (reset));
}

static void
build_menu (RtColumnSettings *self)
{
  g_autoptr (GMenu) columns = g_menu_new ();
  g_autoptr (GMenu) sort = g_menu_new ();
  g_autoptr (GMenu) order = g_menu_new ();
  g_autoptr (GMenu) sorts = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();
  g_autofree char *sort_action = g_strconcat ("columns.", self->sort_key, NULL);
  g_autofree char *descending_action = g_strconcat ("columns.", self->descending_key, NULL);
  GtkColumnViewColumn *column;

  for (guint i = 0; (column = get_column (self, i)) != NULL; i++)
    {
      const char *id = gtk_column_view_column_get_id (column);
      const char *title = gtk_column_view_column_get_title (column);
      g_autofree char *show_action = g_strconcat ("columns.show-", id, NULL);
      g_autoptr (GMenuItem) item = g_menu_item_new (title, NULL);

      g_menu_item_set_action_and_target (item, sort_action, "s", id);
      g_menu_append_item (sorts, item);
      if (i > 0)
        g_menu_append (columns, title, show_action);
    }
  g_menu_append (order, _("_Descending"), descending_action);
  g_menu_append_section (sort, NULL, G_MENU_MODEL (sorts));
  g_menu_append_section (sort, NULL, G_MENU_MODEL (order));
  g_menu_append_submenu (last, _("_Sort By"), G_MENU_MODEL (sort));
  g_menu_append (last, _("_Reset to Default"), "columns.reset");
  g_menu_append_section (self->menu, _("Columns"), G_MENU_MODEL (columns));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (last));
}

static void
rt_column_settings_finalize (GObject *object)
{
  RtColumnSettings *self = RT_COLUMN_SETTINGS (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->actions);
  g_clear_object (&self->menu);
  g_free (self->hidden_key);
  g_free (self->sort_key);
  g_free (self->descending_key);
  g_clear_weak_pointer (&self->view);

  G_OBJECT_CLASS (rt_column_settings_parent_class)->finalize (object);
}

static void
rt_column_settings_class_init (RtColumnSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_column_settings_finalize;
}

static void
rt_column_settings_init (RtColumnSettings *self)
{
  self->actions = g_simple_action_group_new ();
  self->menu = g_menu_new ();
}

/**
 * rt_column_settings_new:
 * @view: a column view, complete; every column has an identifier and a title
 * @settings: where to remember
 * @hidden_key: key of type `as`: identifiers of hidden columns
 * @sort_key: key of type `s`: identifier of the column sorted by
 * @descending_key: key of type `b`
 *
 * Makes @view as @settings say, and @settings follow @view.
 *
 * Returns: (transfer full): what does so as long as it lives
 */
RtColumnSettings *
rt_column_settings_new (GtkColumnView *view,
                        GSettings     *settings,
                        const char    *hidden_key,
                        const char    *sort_key,
                        const char    *descending_key)
{
  RtColumnSettings *self = g_object_new (RT_TYPE_COLUMN_SETTINGS, NULL);
  GtkColumnViewColumn *column;

  g_set_weak_pointer (&self->view, view);
  self->settings = g_object_ref (settings);
  self->hidden_key = g_strdup (hidden_key);
  self->sort_key = g_strdup (sort_key);
  self->descending_key = g_strdup (descending_key);

  apply_hidden (self);
  apply_sort (self);
  add_actions (self);
  build_menu (self);
  for (guint i = 0; (column = get_column (self, i)) != NULL; i++)
    gtk_column_view_column_set_header_menu (column, G_MENU_MODEL (self->menu));

  g_signal_connect_object (settings, "changed", G_CALLBACK (setting_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_column_view_get_sorter (view), "changed",
                           G_CALLBACK (sorter_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * rt_column_settings_get_actions:
 * @self: column settings
 *
 * Returns: the actions of the menu, to be inserted as "columns"
 */
GActionGroup *
rt_column_settings_get_actions (RtColumnSettings *self)
{
  g_return_val_if_fail (RT_IS_COLUMN_SETTINGS (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

/**
 * rt_column_settings_get_menu:
 * @self: column settings
 *
 * Returns: the menu
 */
GMenuModel *
rt_column_settings_get_menu (RtColumnSettings *self)
{
  g_return_val_if_fail (RT_IS_COLUMN_SETTINGS (self), NULL);

  return G_MENU_MODEL (self->menu);
}

void
rt_column_view_name_list (GtkColumnView *view)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (view));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      gtk_accessible_update_relation (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_RELATION_LABELLED_BY, view, NULL, -1);
}
