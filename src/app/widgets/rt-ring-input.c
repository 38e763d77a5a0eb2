/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-ring-private.h"

/* Fingers are thicker than pointers. */
#define REACH_TOUCH 16

static gboolean
walk_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   data)
{
  rt_ring_walk (RT_RING (widget), g_variant_get_int32 (args));
  return TRUE;
}

static gboolean
jump_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   data)
{
  rt_ring_jump (RT_RING (widget), g_variant_get_int32 (args));
  return TRUE;
}

static gboolean
activate_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   data)
{
  return rt_ring_activate (RT_RING (widget));
}

static gboolean
unselect_cb (GtkWidget *widget,
             GVariant  *args,
             gpointer   data)
{
  if (rt_ring_get_selected (RT_RING (widget)) == NULL)
    return FALSE;
  rt_ring_set_selected (RT_RING (widget), NULL);
  return TRUE;
}

static gboolean
menu_cb (GtkWidget *widget,
         GVariant  *args,
         gpointer   data)
{
  return rt_ring_open_menu (RT_RING (widget), NULL);
}

static void
motion_cb (RtRing *self,
           double  x,
           double  y)
{
  rt_ring_set_hovered (self, rt_ring_get_object_at (self, x, y, RT_RING_REACH));
}

static void
leave_cb (RtRing *self)
{
  rt_ring_set_hovered (self, NULL);
}

static gboolean
is_touch (GtkGesture *gesture)
{
  GdkDevice *device = gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (gesture));

  return device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN;
}

static void
pressed_cb (RtRing     *self,
            int         n_press,
            double      x,
            double      y,
            GtkGesture *gesture)
{
  GObject *object = rt_ring_get_object_at (self, x, y, is_touch (gesture) ? REACH_TOUCH : RT_RING_REACH);
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  rt_ring_set_selected (self, object);
  if (object == NULL)
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  if (event != NULL && gdk_event_triggers_context_menu (event))
    rt_ring_open_menu (self, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  else if (n_press == 2 && gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_PRIMARY)
    rt_ring_activate (self);
}

static void
long_pressed_cb (RtRing     *self,
                 double      x,
                 double      y,
                 GtkGesture *gesture)
{
  GObject *object = rt_ring_get_object_at (self, x, y, REACH_TOUCH);

  if (object == NULL)
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  rt_ring_set_selected (self, object);
  rt_ring_open_menu (self, &GRAPHENE_POINT_INIT ((float) x, (float) y));
}

/**
 * rt_ring_input_add_bindings:
 * @klass: RtRing's
 *
 * Adds the keys.
 */
void
rt_ring_input_add_bindings (GtkWidgetClass *klass)
{
  static const struct { guint keyval; GtkShortcutFunc func; int argument; } bindings[] = {
    { GDK_KEY_Left, walk_cb, -1 },
    { GDK_KEY_KP_Left, walk_cb, -1 },
    { GDK_KEY_Right, walk_cb, 1 },
    { GDK_KEY_KP_Right, walk_cb, 1 },
    { GDK_KEY_Home, jump_cb, 0 },
    { GDK_KEY_KP_Home, jump_cb, 0 },
    { GDK_KEY_End, jump_cb, -1 },
    { GDK_KEY_KP_End, jump_cb, -1 },
    { GDK_KEY_Return, activate_cb, 0 },
    { GDK_KEY_KP_Enter, activate_cb, 0 },
    { GDK_KEY_Escape, unselect_cb, 0 },
    { GDK_KEY_Menu, menu_cb, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    gtk_widget_class_add_binding (klass, bindings[i].keyval, 0, bindings[i].func, "i", bindings[i].argument);
  gtk_widget_class_add_binding (klass, GDK_KEY_F10, GDK_SHIFT_MASK, menu_cb, "i", 0);
}

/**
 * rt_ring_input_add_controllers:
 * @self: a ring
 *
 * Adds what listens to the pointer and to fingers.
 */
void
rt_ring_input_add_controllers (RtRing *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_swapped (press, "pressed", G_CALLBACK (long_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (press));
}
