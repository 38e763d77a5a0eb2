/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-clock.h"
#include "rt-neighbour-text.h"
#include "rt-time-label.h"

struct _RtTimeLabel
{
  AdwBin parent_instance;

  gint64 time;
  gboolean span;
  GtkLabel *label;
};

enum {
  PROP_0,
  PROP_TIME,
  PROP_SPAN,
  PROP_XALIGN,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtTimeLabel, rt_time_label, ADW_TYPE_BIN)

static void
update (GtkWidget *widget,
        gint64     now)
{
  RtTimeLabel *self = RT_TIME_LABEL (widget);
  gint64 span = self->time > 0 ? MAX (now - self->time, 0) : -1;
  g_autofree char *text = self->span ? rt_text_span (span) : rt_text_ago (span);

  gtk_label_set_label (self->label, text);
}

static void
rt_time_label_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  RtTimeLabel *self = RT_TIME_LABEL (object);

  switch (id)
    {
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_SPAN:
      g_value_set_boolean (value, self->span);
      break;
    case PROP_XALIGN:
      g_value_set_float (value, gtk_label_get_xalign (self->label));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_time_label_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  RtTimeLabel *self = RT_TIME_LABEL (object);

  switch (id)
    {
    case PROP_TIME:
      rt_time_label_set_time (self, g_value_get_int64 (value));
      break;
    case PROP_SPAN:
      rt_time_label_set_span (self, g_value_get_boolean (value));
      break;
    case PROP_XALIGN:
      gtk_label_set_xalign (self->label, g_value_get_float (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_time_label_class_init (RtTimeLabelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rt_time_label_get_property;
  object_class->set_property = rt_time_label_set_property;

  props[PROP_TIME] =
    g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_SPAN] =
    g_param_spec_boolean ("span", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_XALIGN] =
    g_param_spec_float ("xalign", NULL, NULL, 0, 1, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
rt_time_label_init (RtTimeLabel *self)
{
  self->label = GTK_LABEL (gtk_label_new (RT_TEXT_UNKNOWN));
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
  rt_clock_follow (GTK_WIDGET (self), update);
}

/**
 * rt_time_label_new:
 *
 * Returns: (transfer floating): a label for no time yet
 */
GtkWidget *
rt_time_label_new (void)
{
  return g_object_new (RT_TYPE_TIME_LABEL, NULL);
}

/**
 * rt_time_label_get_time:
 * @self: a time label
 *
 * Returns: the time, monotonic µs; 0 or less unknown
 */
gint64
rt_time_label_get_time (RtTimeLabel *self)
{
  g_return_val_if_fail (RT_IS_TIME_LABEL (self), 0);

  return self->time;
}

/**
 * rt_time_label_set_time:
 * @self: a time label
 * @time: monotonic µs; 0 or less unknown
 *
 * Sets the time it tells the distance to.
 */
void
rt_time_label_set_time (RtTimeLabel *self,
                        gint64       time)
{
  g_return_if_fail (RT_IS_TIME_LABEL (self));

  if (self->time == time)
    return;
  self->time = time;
  update (GTK_WIDGET (self), g_get_monotonic_time ());
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TIME]);
}

/**
 * rt_time_label_get_span:
 * @self: a time label
 *
 * Returns: whether it says "3 s" instead of "3 s ago"
 */
gboolean
rt_time_label_get_span (RtTimeLabel *self)
{
  g_return_val_if_fail (RT_IS_TIME_LABEL (self), FALSE);

  return self->span;
}

/**
 * rt_time_label_set_span:
 * @self: a time label
 * @span: whether to say "3 s" instead of "3 s ago"
 *
 * Chooses between a span of time and a time.
 */
void
rt_time_label_set_span (RtTimeLabel *self,
                        gboolean     span)
{
  g_return_if_fail (RT_IS_TIME_LABEL (self));

  span = !!span;
  if (self->span == span)
    return;
  self->span = span;
  update (GTK_WIDGET (self), g_get_monotonic_time ());
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SPAN]);
}
