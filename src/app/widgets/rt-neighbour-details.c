/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>
#include <string.h>

#include "rt-clock.h"
#include "rt-fact-row.h"
#include "rt-neighbour-details.h"
#include "rt-neighbour-text.h"

struct _RtNeighbourDetails
{
  AdwBin parent_instance;

  RtNeighbour *neighbour;
  gint64 now;
  gboolean linked;

  GtkActionable *inquire;
  GtkActionable *look_up;
  GtkActionable *drop;
};

enum {
  PROP_0,
  PROP_NEIGHBOUR,
  PROP_NOW,
  PROP_LINKED,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtNeighbourDetails, rt_neighbour_details, ADW_TYPE_BIN)

/* Closures of the UI file. */

static char *
state_icon (RtNeighbourDetails *self,
            RtNeighbourState    state)
{
  return g_strdup (rt_neighbour_state_icon (state));
}

static char **
state_classes (RtNeighbourDetails *self,
               RtNeighbourState    state)
{
  const char *classes[] = { rt_neighbour_state_style (state), NULL };

  return g_strdupv ((char **) classes);
}

static char *
state_text (RtNeighbourDetails *self,
            RtNeighbourState    state)
{
  return g_strdup (rt_neighbour_state_to_string (state));
}

static char *
summary (RtNeighbourDetails *self,
         RtNeighbourState    state,
         const char         *role)
{
  /* Translators: state and role of a neighbour, such as "Reachable · Leaf −2" */
  return g_strdup_printf (_("%s · %s"), rt_neighbour_state_to_string (state), role);
}

static char *
addresses_title (RtNeighbourDetails *self,
                 const char         *addresses)
{
  guint n = 1;

  for (const char *p = addresses; p != NULL && (p = strchr (p, '\n')) != NULL; p++)
    n++;
  return g_strdup (ngettext ("Address", "Addresses", n));
}

static gboolean
is_leaf (RtNeighbourDetails *self,
         int                 leaf_position)
{
  return leaf_position != 0;
}

static char *
nearness_text (RtNeighbourDetails *self,
               guint               nearness)
{
  return g_strdup_printf (ngettext ("%u leading bit shared with your nearest key",
                                    "%u leading bits shared with your nearest key", nearness),
                          nearness);
}

static char *
number_text (RtNeighbourDetails *self,
             guint               number)
{
  return g_strdup_printf ("%u", number);
}

static char *
round_trip_text (RtNeighbourDetails *self,
                 gint64              round_trip)
{
  return rt_text_round_trip (round_trip);
}

static char *
ago_text (RtNeighbourDetails *self,
          gint64              time,
          gint64              now)
{
  return rt_text_ago (time > 0 ? MAX (now - time, 0) : -1);
}

static char *
origin_text (RtNeighbourDetails *self,
             const char         *message,
             const char         *endpoint)
{
  if (endpoint == NULL || *endpoint == '\0')
    return g_strdup (message);
  /* Translators: a kind of message, and the address it came from */
  return g_strdup_printf (_("%s from %s"), message, endpoint);
}

static void
tick (GtkWidget *widget,
      gint64     now)
{
  RtNeighbourDetails *self = RT_NEIGHBOUR_DETAILS (widget);

  self->now = now;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NOW]);
}

static void
rt_neighbour_details_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  RtNeighbourDetails *self = RT_NEIGHBOUR_DETAILS (object);

  switch (id)
    {
    case PROP_NEIGHBOUR:
      g_value_set_object (value, self->neighbour);
      break;
    case PROP_NOW:
      g_value_set_int64 (value, self->now);
      break;
    case PROP_LINKED:
      g_value_set_boolean (value, self->linked);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_neighbour_details_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  RtNeighbourDetails *self = RT_NEIGHBOUR_DETAILS (object);

  switch (id)
    {
    case PROP_NEIGHBOUR:
      rt_neighbour_details_set_neighbour (self, g_value_get_object (value));
      break;
    case PROP_LINKED:
      self->linked = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_neighbour_details_dispose (GObject *object)
{
  RtNeighbourDetails *self = RT_NEIGHBOUR_DETAILS (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_NEIGHBOUR_DETAILS);
  g_clear_object (&self->neighbour);

  G_OBJECT_CLASS (rt_neighbour_details_parent_class)->dispose (object);
}

static void
rt_neighbour_details_class_init (RtNeighbourDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rt_neighbour_details_get_property;
  object_class->set_property = rt_neighbour_details_set_property;
  object_class->dispose = rt_neighbour_details_dispose;

  props[PROP_NEIGHBOUR] =
    g_param_spec_object ("neighbour", NULL, NULL, RT_TYPE_NEIGHBOUR,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_NOW] =
    g_param_spec_int64 ("now", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_LINKED] =
    g_param_spec_boolean ("linked", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (RT_TYPE_FACT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/roundtable_drt/Roundtable/widgets/rt-neighbour-details.ui");
  gtk_widget_class_bind_template_child (widget_class, RtNeighbourDetails, inquire);
  gtk_widget_class_bind_template_child (widget_class, RtNeighbourDetails, look_up);
  gtk_widget_class_bind_template_child (widget_class, RtNeighbourDetails, drop);
  gtk_widget_class_bind_template_callback (widget_class, state_icon);
  gtk_widget_class_bind_template_callback (widget_class, state_classes);
  gtk_widget_class_bind_template_callback (widget_class, state_text);
  gtk_widget_class_bind_template_callback (widget_class, summary);
  gtk_widget_class_bind_template_callback (widget_class, addresses_title);
  gtk_widget_class_bind_template_callback (widget_class, is_leaf);
  gtk_widget_class_bind_template_callback (widget_class, nearness_text);
  gtk_widget_class_bind_template_callback (widget_class, number_text);
  gtk_widget_class_bind_template_callback (widget_class, round_trip_text);
  gtk_widget_class_bind_template_callback (widget_class, ago_text);
  gtk_widget_class_bind_template_callback (widget_class, origin_text);
}

static void
rt_neighbour_details_init (RtNeighbourDetails *self)
{
  self->now = g_get_monotonic_time ();
  gtk_widget_init_template (GTK_WIDGET (self));
  rt_clock_follow (GTK_WIDGET (self), tick);
}

/**
 * rt_neighbour_details_new:
 *
 * Returns: (transfer floating): the details of nobody yet
 */
GtkWidget *
rt_neighbour_details_new (void)
{
  return g_object_new (RT_TYPE_NEIGHBOUR_DETAILS, NULL);
}

/**
 * rt_neighbour_details_get_neighbour:
 * @self: details
 *
 * Returns: (nullable): whom they are about
 */
RtNeighbour *
rt_neighbour_details_get_neighbour (RtNeighbourDetails *self)
{
  g_return_val_if_fail (RT_IS_NEIGHBOUR_DETAILS (self), NULL);

  return self->neighbour;
}

/**
 * rt_neighbour_details_set_neighbour:
 * @self: details
 * @neighbour: (nullable): whom they are to be about
 *
 * Shows the facts of @neighbour.  With %NULL the last ones stay: the widget is
 * to be hidden then.
 */
void
rt_neighbour_details_set_neighbour (RtNeighbourDetails *self,
                                    RtNeighbour        *neighbour)
{
  g_return_if_fail (RT_IS_NEIGHBOUR_DETAILS (self));

  if (!g_set_object (&self->neighbour, neighbour))
    return;
  if (neighbour != NULL)
    {
      const char *key = rt_neighbour_get_key_text (neighbour);

      gtk_actionable_set_action_target (self->inquire, "s", key);
      gtk_actionable_set_action_target (self->look_up, "s", key);
      gtk_actionable_set_action_target (self->drop, "s", key);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NEIGHBOUR]);
}
