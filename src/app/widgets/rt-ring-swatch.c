/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>

#include "rt-ring-drawing.h"
#include "rt-ring-swatch.h"

#define SIZE 18
#define POINT_RADIUS 6

struct _RtRingSwatch
{
  GtkWidget parent_instance;

  RtRingKind kind;
  gboolean quiet;
};

enum {
  PROP_0,
  PROP_KIND,
  PROP_QUIET,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtRingSwatch, rt_ring_swatch, GTK_TYPE_WIDGET)

static void
rt_ring_swatch_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
rt_ring_swatch_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  RtRingSwatch *self = RT_RING_SWATCH (widget);
  RtRingColors colors;

  rt_ring_drawing_get_colors (widget, &colors);
  rt_ring_drawing_mark (snapshot, &colors, self->kind, self->quiet,
                        gtk_widget_get_width (widget) / 2.0f,
                        gtk_widget_get_height (widget) / 2.0f, POINT_RADIUS);
}

static void
rt_ring_swatch_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  RtRingSwatch *self = RT_RING_SWATCH (object);

  switch (id)
    {
    case PROP_KIND:
      g_value_set_uint (value, self->kind);
      break;
    case PROP_QUIET:
      g_value_set_boolean (value, self->quiet);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_ring_swatch_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  RtRingSwatch *self = RT_RING_SWATCH (object);

  switch (id)
    {
    case PROP_KIND:
      self->kind = (RtRingKind) g_value_get_uint (value);
      break;
    case PROP_QUIET:
      self->quiet = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
rt_ring_swatch_class_init (RtRingSwatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rt_ring_swatch_get_property;
  object_class->set_property = rt_ring_swatch_set_property;
  widget_class->measure = rt_ring_swatch_measure;
  widget_class->snapshot = rt_ring_swatch_snapshot;

  props[PROP_KIND] =
    g_param_spec_uint ("kind", NULL, NULL, RT_RING_OWN, RT_RING_CACHE, RT_RING_OWN,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_QUIET] =
    g_param_spec_boolean ("quiet", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /* The word beside it says the same. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
rt_ring_swatch_init (RtRingSwatch *self)
{
  AdwStyleManager *manager = adw_style_manager_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));

  g_signal_connect_object (manager, "notify", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * rt_ring_swatch_new:
 *
 * Returns: (transfer floating): the mark of a key of ours
 */
GtkWidget *
rt_ring_swatch_new (void)
{
  return g_object_new (RT_TYPE_RING_SWATCH, NULL);
}
