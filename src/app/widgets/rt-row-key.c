/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-key-label.h"
#include "rt-row-key.h"

static RtKeyLabel *
find_key_label (GtkWidget *widget)
{
  if (RT_IS_KEY_LABEL (widget))
    return RT_KEY_LABEL (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      RtKeyLabel *label = find_key_label (child);

      if (label != NULL)
        return label;
    }
  return NULL;
}

/* The rows of GTK's list widgets are private; they are known by their CSS name. */
static GtkWidget *
find_row (GtkWidget *view,
          GtkWidget *widget)
{
  while (widget != NULL && widget != view)
    {
      if (g_strcmp0 (gtk_widget_get_css_name (widget), "row") == 0)
        return widget;
      widget = gtk_widget_get_parent (widget);
    }
  return NULL;
}

static const char *
get_key (GtkWidget *row)
{
  RtKeyLabel *label = row != NULL ? find_key_label (row) : NULL;

  return label != NULL ? rt_key_label_get_key_text (label) : NULL;
}

/**
 * rt_row_key_at:
 * @view: a column view or list view
 * @x: a point in it
 * @y: a point in it
 *
 * Returns: (nullable): the key of the row there, valid until the row is used for
 *   another one
 */
const char *
rt_row_key_at (GtkWidget *view,
               double     x,
               double     y)
{
  return get_key (find_row (view, gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT)));
}

/**
 * rt_row_key_focused:
 * @view: a column view or list view
 * @row: (out) (optional): the row
 *
 * Returns: (nullable): the key of the row that has the focus, valid until the
 *   row is used for another one
 */
const char *
rt_row_key_focused (GtkWidget  *view,
                    GtkWidget **row)
{
  GtkRoot *root = gtk_widget_get_root (view);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *found = NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, view))
    found = find_row (view, focus);
  if (row != NULL)
    *row = found;
  return get_key (found);
}

/* Who opens the context menu of a view. */
typedef struct
{
  RtRowMenuFunc func;
  gpointer data;
} Opener;

static void
free_opener (gpointer  opener,
             GClosure *closure)
{
  g_free (opener);
}

static void
open_menu (Opener     *opener,
           GtkGesture *gesture,
           double      x,
           double      y)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  const char *key_text = rt_row_key_at (view, x, y);

  if (key_text != NULL && opener->func (opener->data, view, key_text, x, y))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
pressed_cb (GtkGesture *gesture,
            int         n_press,
            double      x,
            double      y,
            Opener     *opener)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));

  if (event != NULL && gdk_event_triggers_context_menu (event))
    open_menu (opener, gesture, x, y);
}

static void
long_pressed_cb (GtkGesture *gesture,
                 double      x,
                 double      y,
                 Opener     *opener)
{
  open_menu (opener, gesture, x, y);
}

/**
 * rt_row_key_add_menu:
 * @view: a column view or list view
 * @func: opens a context menu
 * @data: passed to @func; must outlive @view
 *
 * Opens a context menu where the secondary button or a long press asks for it.
 */
void
rt_row_key_add_menu (GtkWidget     *view,
                     RtRowMenuFunc  func,
                     gpointer       data)
{
  const Opener opener = { func, data };
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect_data (click, "pressed", G_CALLBACK (pressed_cb),
                         g_memdup2 (&opener, sizeof opener), free_opener, 0);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_data (press, "pressed", G_CALLBACK (long_pressed_cb),
                         g_memdup2 (&opener, sizeof opener), free_opener, 0);
  gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (press));
}
