/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-traffic-graph.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "rt-traffic-layout.h"

struct _RtTrafficGraph
{
  GtkWidget parent_instance;

  RtTraffic *traffic;
  char *reading;
  int chosen;             /* age of the chosen second, -1 none */
  gboolean by_key;        /* chosen with the keyboard: stays at its second */
};

G_DEFINE_FINAL_TYPE (RtTrafficGraph, rt_traffic_graph, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TRAFFIC,
  PROP_READING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
n_samples (RtTrafficGraph *self)
{
  return self->traffic != NULL ? rt_traffic_get_n_samples (self->traffic) : 0;
}

static char *
describe (RtTrafficGraph *self, guint age)
{
  const RtTrafficSample *sample = self->traffic != NULL ? rt_traffic_get_sample (self->traffic, age) : NULL;

  if (sample == NULL)
    return g_strdup (_("No traffic yet"));
  if (age == 0)
    /* Translators: messages received and sent in the last second */
    return g_strdup_printf (_("Now: %u in, %u out"), sample->messages_in, sample->messages_out);
  return g_strdup_printf (_("%u s ago: %u in, %u out"), age, sample->messages_in, sample->messages_out);
}

static void
update_reading (RtTrafficGraph *self, gboolean announce)
{
  g_autofree char *reading = describe (self, (guint) MAX (self->chosen, 0));

  if (announce)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), reading, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  if (g_set_str (&self->reading, reading))
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reading, -1);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READING]);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
choose (RtTrafficGraph *self, int age, gboolean by_key)
{
  int last = (int) n_samples (self) - 1;

  self->chosen = MIN (age, last);
  self->by_key = by_key && self->chosen >= 0;
  update_reading (self, self->by_key);
}

static void
traffic_changed_cb (RtTrafficGraph *self)
{
  int last = (int) n_samples (self) - 1;

  /* The second chosen with the keyboard moves on with the graph. */
  if (self->by_key && self->chosen >= 0 && self->chosen < last)
    self->chosen++;
  self->chosen = MIN (self->chosen, last);
  update_reading (self, FALSE);
}

static PangoLayout *
create_label (RtTrafficGraph *self, const char *text)
{
  PangoLayout *label = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.82));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (label, attributes);
  pango_attr_list_unref (attributes);
  return label;
}

static void
compute_layout (RtTrafficGraph *self, RtTrafficLayout *layout)
{
  guint maximum = self->traffic != NULL ? rt_traffic_get_maximum (self->traffic) : 0;
  guint step;
  g_autofree char *widest = g_strdup_printf ("%u", rt_traffic_round_maximum (maximum, &step));
  g_autoptr(PangoLayout) label = create_label (self, widest);
  int width, height;

  pango_layout_get_pixel_size (label, &width, &height);
  rt_traffic_layout_init (layout, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                          (float) gtk_widget_get_height (GTK_WIDGET (self)),
                          (float) width, (float) height, RT_TRAFFIC_SAMPLES, maximum);
}

typedef enum
{
  ALIGN_START,
  ALIGN_CENTRE,
  ALIGN_END,
} Align;

static void
draw_label (RtTrafficGraph *self, GtkSnapshot *snapshot, const char *text, float x, float y, Align align, const GdkRGBA *colour)
{
  g_autoptr(PangoLayout) label = create_label (self, text);
  int width, height;

  pango_layout_get_pixel_size (label, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x - (float) width * (float) align / 2, y));
  gtk_snapshot_append_layout (snapshot, label, colour);
  gtk_snapshot_restore (snapshot);
}

static void
draw_axes (RtTrafficGraph *self, GtkSnapshot *snapshot, const RtTrafficLayout *layout, const GdkRGBA *text)
{
  GdkRGBA faint = *text, dimmed = *text;
  float bottom = layout->top + layout->height;

  faint.alpha *= 0.15f;
  dimmed.alpha *= 0.65f;
  for (guint64 value = 0; value <= layout->maximum; value += layout->step)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, value);
      float y = rt_traffic_layout_y (layout, (guint) value);

      gtk_snapshot_append_color (snapshot, &faint,
                                 &GRAPHENE_RECT_INIT (layout->left, floorf (y), layout->width, 1));
      draw_label (self, snapshot, number, layout->left - 6, y - layout->top, ALIGN_END, &dimmed);
    }
  for (guint age = 0; age < layout->n_seconds; age += 15)
    {
      g_autofree char *label = age == 0 ? g_strdup (_("now")) : g_strdup_printf (_("−%u s"), age);

      draw_label (self, snapshot, label, rt_traffic_layout_x (layout, age), bottom + 5,
                  age == 0 ? ALIGN_END : ALIGN_CENTRE, &dimmed);
    }
}

static GskPath *
build_path (const RtTrafficPoint *points, guint n_points, const RtTrafficLayout *layout, gboolean closed)
{
  GskPathBuilder *builder = gsk_path_builder_new ();
  float bottom = layout->top + layout->height;

  gsk_path_builder_move_to (builder, points[0].x, points[0].y);
  for (guint i = 1; i < n_points; i++)
    gsk_path_builder_line_to (builder, points[i].x, points[i].y);
  if (closed)
    {
      gsk_path_builder_line_to (builder, points[n_points - 1].x, bottom);
      gsk_path_builder_line_to (builder, points[0].x, bottom);
      gsk_path_builder_close (builder);
    }
  return gsk_path_builder_free_to_path (builder);
}

/* In: a filled area under a line.  Out: a dashed line.  Told apart without colour. */
static void
draw_line (GtkSnapshot *snapshot, const RtTrafficLayout *layout, const guint *values, guint n_values,
           gboolean in, const GdkRGBA *colour)
{
  static const float dashes[] = { 5, 3 };
  RtTrafficPoint points[RT_TRAFFIC_SAMPLES];
  g_autoptr(GskPath) line = NULL;
  GskStroke *stroke = gsk_stroke_new (2);

  rt_traffic_layout_line (layout, values, n_values, points);
  gsk_stroke_set_line_join (stroke, GSK_LINE_JOIN_ROUND);
  if (in)
    {
      g_autoptr(GskPath) area = build_path (points, n_values, layout, TRUE);
      GdkRGBA fill = *colour;

      fill.alpha *= 0.18f;
      gtk_snapshot_append_fill (snapshot, area, GSK_FILL_RULE_WINDING, &fill);
    }
  else
    gsk_stroke_set_dash (stroke, dashes, G_N_ELEMENTS (dashes));
  line = build_path (points, n_values, layout, FALSE);
  gtk_snapshot_append_stroke (snapshot, line, stroke, colour);
  gsk_stroke_free (stroke);
}

static void
draw_dot (GtkSnapshot *snapshot, float x, float y, const GdkRGBA *colour)
{
  GskPathBuilder *builder = gsk_path_builder_new ();
  g_autoptr(GskPath) path = NULL;

  gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT (x, y), 4);
  path = gsk_path_builder_free_to_path (builder);
  gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_WINDING, colour);
}

static void
draw_chosen (RtTrafficGraph *self, GtkSnapshot *snapshot, const RtTrafficLayout *layout,
             const GdkRGBA *text, const GdkRGBA *accent)
{
  const RtTrafficSample *sample = self->chosen >= 0 ? rt_traffic_get_sample (self->traffic, (guint) self->chosen) : NULL;
  GdkRGBA line = *text;
  float x;

  if (sample == NULL)
    return;
  x = rt_traffic_layout_x (layout, (guint) self->chosen);
  line.alpha *= 0.5f;
  gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT (floorf (x), layout->top, 1, layout->height));
  draw_dot (snapshot, x, rt_traffic_layout_y (layout, sample->messages_in), accent);
  draw_dot (snapshot, x, rt_traffic_layout_y (layout, sample->messages_out), text);
}

static void
get_accent (GdkRGBA *accent)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  adw_accent_color_to_standalone_rgba (adw_style_manager_get_accent_color (manager),
                                       adw_style_manager_get_dark (manager), accent);
}

static void
rt_traffic_graph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RtTrafficGraph *self = RT_TRAFFIC_GRAPH (widget);
  guint in[RT_TRAFFIC_SAMPLES], out[RT_TRAFFIC_SAMPLES];
  guint n_values = n_samples (self);
  RtTrafficLayout layout;
  GdkRGBA text, accent;

  compute_layout (self, &layout);
  gtk_widget_get_color (widget, &text);
  get_accent (&accent);
  draw_axes (self, snapshot, &layout, &text);
  if (n_values == 0)
    return;
  for (guint i = 0; i < n_values; i++)
    {
      const RtTrafficSample *sample = rt_traffic_get_sample (self->traffic, i);

      in[i] = sample->messages_in;
      out[i] = sample->messages_out;
    }
  draw_line (snapshot, &layout, in, n_values, TRUE, &accent);
  draw_line (snapshot, &layout, out, n_values, FALSE, &text);
  draw_chosen (self, snapshot, &layout, &text, &accent);
}

static void
rt_traffic_graph_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                          int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 110;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 400 : 160;
}

static void
motion_cb (RtTrafficGraph *self, double x, double y)
{
  RtTrafficLayout layout;

  compute_layout (self, &layout);
  choose (self, rt_traffic_layout_pick (&layout, n_samples (self), (float) x), FALSE);
}

static void
leave_cb (RtTrafficGraph *self)
{
  if (!self->by_key)
    choose (self, -1, FALSE);
}

/* To the left is older, as it is drawn. */
static gboolean
key_pressed_cb (RtTrafficGraph *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  int last = (int) n_samples (self) - 1;
  int from = self->chosen >= 0 ? self->chosen : -1;

  if (last < 0 || (modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      choose (self, MIN (from + 1, last), TRUE);
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      choose (self, MAX (from - 1, 0), TRUE);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
      choose (self, last, TRUE);
      return GDK_EVENT_STOP;
    case GDK_KEY_End:
      choose (self, 0, TRUE);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (self->chosen < 0)
        return GDK_EVENT_PROPAGATE;
      choose (self, -1, FALSE);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
focus_leave_cb (RtTrafficGraph *self)
{
  choose (self, -1, FALSE);
}

static void
rt_traffic_graph_finalize (GObject *object)
{
  RtTrafficGraph *self = RT_TRAFFIC_GRAPH (object);

  g_clear_object (&self->traffic);
  g_free (self->reading);
  G_OBJECT_CLASS (rt_traffic_graph_parent_class)->finalize (object);
}

static void
rt_traffic_graph_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtTrafficGraph *self = RT_TRAFFIC_GRAPH (object);

  switch (id)
    {
    case PROP_TRAFFIC: g_value_set_object (value, self->traffic); break;
    case PROP_READING: g_value_set_string (value, self->reading); break;
    default:           G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_traffic_graph_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RtTrafficGraph *self = RT_TRAFFIC_GRAPH (object);

  switch (id)
    {
    case PROP_TRAFFIC: rt_traffic_graph_set_traffic (self, g_value_get_object (value)); break;
    default:           G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_traffic_graph_class_init (RtTrafficGraphClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = rt_traffic_graph_finalize;
  object_class->get_property = rt_traffic_graph_get_property;
  object_class->set_property = rt_traffic_graph_set_property;
  widget_class->snapshot = rt_traffic_graph_snapshot;
  widget_class->measure = rt_traffic_graph_measure;

  properties[PROP_TRAFFIC] = g_param_spec_object ("traffic", NULL, NULL, RT_TYPE_TRAFFIC,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_READING] = g_param_spec_string ("reading", NULL, NULL, NULL,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "trafficgraph");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rt_traffic_graph_init (RtTrafficGraph *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->chosen = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Messages per second in the last minute; the arrow keys read single seconds"), -1);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::accent-color",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  update_reading (self, FALSE);
}

/**
 * rt_traffic_graph_set_traffic:
 * @traffic: (nullable): what to show
 */
void
rt_traffic_graph_set_traffic (RtTrafficGraph *self, RtTraffic *traffic)
{
  g_return_if_fail (RT_IS_TRAFFIC_GRAPH (self));

  if (self->traffic == traffic)
    return;
  if (self->traffic != NULL)
    g_signal_handlers_disconnect_by_data (self->traffic, self);
  g_set_object (&self->traffic, traffic);
  if (traffic != NULL)
    g_signal_connect_object (traffic, "changed", G_CALLBACK (traffic_changed_cb), self, G_CONNECT_SWAPPED);
  choose (self, -1, FALSE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRAFFIC]);
}

const char *
rt_traffic_graph_get_reading (RtTrafficGraph *self)
{
  g_return_val_if_fail (RT_IS_TRAFFIC_GRAPH (self), NULL);
  return self->reading;
}
