/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-neighbour-menu.h"
#include "rt-neighbour-text.h"

static void
append (GMenu      *section,
        const char *label,
        const char *action,
        const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", target);
  g_menu_append_item (section, item);
}

/**
 * rt_neighbour_menu_new:
 * @neighbour: whom it is about
 *
 * Returns: (transfer full): what can be done with @neighbour
 */
GMenuModel *
rt_neighbour_menu_new (RtNeighbour *neighbour)
{
  const char *key = rt_neighbour_get_key_text (neighbour);
  const char *address = rt_neighbour_get_address (neighbour);
  g_autofree char *row = rt_neighbour_to_row (neighbour);
  g_autoptr (GMenu) copy = g_menu_new ();
  g_autoptr (GMenu) ask = g_menu_new ();
  g_autoptr (GMenu) drop = g_menu_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  append (copy, _("_Copy Key"), "win.copy-text", key);
  if (address != NULL)
    append (copy, _("Copy _Address"), "win.copy-text", address);
  append (copy, _("Copy _Row"), "win.copy-text", row);
  append (ask, _("_Inquire"), "win.inquire", key);
  append (ask, _("_Look Up This Key"), "win.search-key", key);
  append (drop, _("_Drop from Cache"), "win.drop", key);

  g_menu_append_section (menu, NULL, G_MENU_MODEL (copy));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (ask));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (drop));
  return G_MENU_MODEL (g_steal_pointer (&menu));
}

/**
 * rt_registration_menu_new:
 * @registration: which key it is about
 *
 * Returns: (transfer full): what can be done with @registration beside its page
 */
GMenuModel *
rt_registration_menu_new (RtRegistration *registration)
{
  const char *key = rt_registration_get_key_text (registration);
  g_autoptr (GMenu) menu = g_menu_new ();

  append (menu, _("_Copy Key"), "win.copy-text", key);
  append (menu, _("_Look Up This Key"), "win.search-key", key);
  append (menu, _("Show in _Keys"), "win.show-page", "keys");
  return G_MENU_MODEL (g_steal_pointer (&menu));
}

/* The focus goes back to where it was, not to the first widget of the parent. */
static void
restore_focus (GtkWidget *popover)
{
  GtkWidget *origin = g_object_get_data (G_OBJECT (popover), "origin");

  if (origin != NULL && gtk_widget_get_mapped (origin))
    gtk_widget_grab_focus (origin);
}

/* The popover must outlive the activation of its item, which comes after
 * "closed". */
static gboolean
unparent_cb (gpointer data)
{
  restore_focus (GTK_WIDGET (data));
  gtk_widget_unparent (GTK_WIDGET (data));
  return G_SOURCE_REMOVE;
}

static void
closed_cb (GtkPopover *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_cb, g_object_ref (popover), g_object_unref);
}

static void
remember_focus (GtkWidget *popover,
                GtkWidget *parent)
{
  GtkRoot *root = gtk_widget_get_root (parent);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL)
    g_object_set_data_full (G_OBJECT (popover), "origin", g_object_ref (focus), g_object_unref);
}

static void
parent_destroyed_cb (GtkPopover *popover)
{
  if (gtk_widget_get_parent (GTK_WIDGET (popover)) != NULL)
    gtk_widget_unparent (GTK_WIDGET (popover));
}

/**
 * rt_context_menu_popup:
 * @parent: the widget it is opened on; must outlive the menu or lay it out
 * @menu: what it offers
 * @pointing_to: where, in coordinates of @parent
 *
 * Opens a context menu.
 */
void
rt_context_menu_popup (GtkWidget          *parent,
                       GMenuModel         *menu,
                       const GdkRectangle *pointing_to)
{
  GtkWidget *popover = gtk_popover_menu_new_from_model (menu);

  remember_focus (popover, parent);
  gtk_widget_set_parent (popover, parent);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), pointing_to);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  g_signal_connect_object (parent, "destroy", G_CALLBACK (parent_destroyed_cb), popover, G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (popover));
}
