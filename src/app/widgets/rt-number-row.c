/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-number-row.h"

#define NO_NUMBER G_MAXUINT

struct _RtNumberRow
{
  AdwEntryRow parent_instance;

  GtkWidget *less;
  GtkWidget *more;

  guint value;
  guint minimum;
  guint maximum;
};

G_DEFINE_FINAL_TYPE (RtNumberRow, rt_number_row, ADW_TYPE_ENTRY_ROW)

enum
{
  PROP_0,
  PROP_VALUE,
  PROP_MINIMUM,
  PROP_MAXIMUM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
parse (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  guint64 value;

  if (!g_ascii_string_to_unsigned (stripped, 10, 0, NO_NUMBER - 1, &value, NULL))
    return NO_NUMBER;

  return (guint) value;
}

static void
changed_cb (RtNumberRow *self)
{
  guint value = parse (gtk_editable_get_text (GTK_EDITABLE (self)));

  gtk_widget_set_sensitive (self->less, value > self->minimum);
  gtk_widget_set_sensitive (self->more, value < self->maximum || value == NO_NUMBER);

  if (self->value == value)
    return;

  self->value = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}

/* To the next number in range. */
static void
step (RtNumberRow *self,
      int          by)
{
  gint64 value = self->value == NO_NUMBER ? self->minimum : (gint64) self->value + by;

  rt_number_row_set_value (self, (guint) CLAMP (value, (gint64) self->minimum, (gint64) self->maximum));
}

static void
less_cb (RtNumberRow *self)
{
  step (self, -1);
}

static void
more_cb (RtNumberRow *self)
{
  step (self, 1);
}

static gboolean
key_pressed_cb (RtNumberRow     *self,
                guint            keyval,
                guint            keycode,
                GdkModifierType  state)
{
  switch (keyval)
    {
    case GDK_KEY_Up:
      step (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Down:
      step (self, -1);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static GtkWidget *
add_button (RtNumberRow *self,
            const char  *icon,
            const char  *tooltip,
            GCallback    callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_focusable (button, FALSE);   /* the arrow keys do the same */
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (self), button);

  return button;
}

static void
rt_number_row_get_property (GObject    *object,
                            guint       property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  RtNumberRow *self = RT_NUMBER_ROW (object);

  switch (property_id)
    {
    case PROP_VALUE:
      g_value_set_uint (value, self->value);
      break;
    case PROP_MINIMUM:
      g_value_set_uint (value, self->minimum);
      break;
    case PROP_MAXIMUM:
      g_value_set_uint (value, self->maximum);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_number_row_set_property (GObject      *object,
                            guint         property_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  RtNumberRow *self = RT_NUMBER_ROW (object);

  switch (property_id)
    {
    case PROP_VALUE:
      rt_number_row_set_value (self, g_value_get_uint (value));
      break;
    case PROP_MINIMUM:
      self->minimum = g_value_get_uint (value);
      break;
    case PROP_MAXIMUM:
      self->maximum = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_number_row_class_init (RtNumberRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rt_number_row_get_property;
  object_class->set_property = rt_number_row_set_property;

  properties[PROP_VALUE] =
    g_param_spec_uint ("value", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MINIMUM] =
    g_param_spec_uint ("minimum", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MAXIMUM] =
    g_param_spec_uint ("maximum", NULL, NULL, 0, G_MAXUINT, G_MAXUINT16,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rt_number_row_init (RtNumberRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->maximum = G_MAXUINT16;
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (self), GTK_INPUT_PURPOSE_DIGITS);
  gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self), "rt-number");

  self->less = add_button (self, "value-decrease-symbolic", _("Less"), G_CALLBACK (less_cb));
  self->more = add_button (self, "value-increase-symbolic", _("More"), G_CALLBACK (more_cb));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);

  g_signal_connect (self, "changed", G_CALLBACK (changed_cb), NULL);
  gtk_editable_set_text (GTK_EDITABLE (self), "0");
}

guint
rt_number_row_get_value (RtNumberRow *self)
{
  g_return_val_if_fail (RT_IS_NUMBER_ROW (self), 0);

  return self->value;
}

void
rt_number_row_set_value (RtNumberRow *self,
                         guint        value)
{
  g_autofree char *text = NULL;

  g_return_if_fail (RT_IS_NUMBER_ROW (self));

  /* Leaves "007" alone that a person is typing. */
  if (self->value == value && value != NO_NUMBER)
    return;

  text = g_strdup_printf ("%u", value);
  gtk_editable_set_text (GTK_EDITABLE (self), text);
}
