/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-neighbour-menu.h"
#include "rt-neighbours-page-private.h"
#include "rt-row-key.h"

static RtNeighbour *
find_neighbour (RtNeighboursPage *self,
                const char       *key_text)
{
  DrtKey key;

  if (self->node == NULL || key_text == NULL || !drt_key_parse (key_text, &key))
    return NULL;
  return rt_node_find_neighbour (self->node, &key);
}

static RtNeighbour *
find_focused (RtNeighboursPage  *self,
              GtkWidget        **row)
{
  return find_neighbour (self, rt_row_key_focused (rt_neighbours_page_get_view (self), row));
}

static void
popup_menu (RtNeighboursPage *self,
            RtNeighbour      *neighbour,
            GtkWidget        *origin,
            double            x,
            double            y)
{
  g_autoptr (GMenuModel) menu = rt_neighbour_menu_new (neighbour);
  graphene_point_t point = GRAPHENE_POINT_INIT ((float) x, (float) y);

  rt_neighbours_page_select (self, neighbour);
  if (gtk_widget_compute_point (origin, GTK_WIDGET (self), &point, &point))
    rt_context_menu_popup (GTK_WIDGET (self), menu, &(GdkRectangle) { (int) point.x, (int) point.y, 1, 1 });
}

static gboolean
open_menu_cb (gpointer    data,
              GtkWidget  *view,
              const char *key_text,
              double      x,
              double      y)
{
  RtNeighboursPage *self = RT_NEIGHBOURS_PAGE (data);
  RtNeighbour *neighbour = find_neighbour (self, key_text);

  if (neighbour != NULL)
    popup_menu (self, neighbour, view, x, y);
  return neighbour != NULL;
}

static gboolean
menu_key_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   data)
{
  RtNeighboursPage *self = RT_NEIGHBOURS_PAGE (widget);
  GtkWidget *row;
  RtNeighbour *neighbour = find_focused (self, &row);

  if (neighbour == NULL)
    return FALSE;
  popup_menu (self, neighbour, row, 24, gtk_widget_get_height (row) / 2.0);
  return TRUE;
}

static gboolean
copy_key_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   data)
{
  RtNeighboursPage *self = RT_NEIGHBOURS_PAGE (widget);
  RtNeighbour *neighbour = find_focused (self, NULL);

  return neighbour != NULL &&
         gtk_widget_activate_action (widget, "win.copy-text", "s", rt_neighbour_get_key_text (neighbour));
}

static gboolean
find_key_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   data)
{
  return rt_neighbours_page_focus_search (RT_NEIGHBOURS_PAGE (widget));
}

/**
 * rt_neighbours_page_add_bindings:
 * @klass: RtNeighboursPage's
 *
 * Adds the keys.
 */
void
rt_neighbours_page_add_bindings (GtkWidgetClass *klass)
{
  gtk_widget_class_add_binding (klass, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_c, GDK_CONTROL_MASK, copy_key_cb, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_f, GDK_CONTROL_MASK, find_key_cb, NULL);
}

/**
 * rt_neighbours_page_add_menus:
 * @self: a page
 *
 * Gives the rows their menu.
 */
void
rt_neighbours_page_add_menus (RtNeighboursPage *self)
{
  rt_row_key_add_menu (GTK_WIDGET (self->table), open_menu_cb, self);
  rt_row_key_add_menu (GTK_WIDGET (self->rows), open_menu_cb, self);
}
