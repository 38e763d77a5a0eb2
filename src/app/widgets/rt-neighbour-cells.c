/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <drt-endpoint.h>
#include <glib/gi18n.h>
#include <string.h>

#include "model/rt-neighbour.h"
#include "rt-neighbour-cells.h"
#include "rt-neighbour-text.h"

/* Closures of the UI file.  They are called for list items, not for the page. */

static char *
state_icon (gpointer         object,
            RtNeighbourState state)
{
  return g_strdup (rt_neighbour_state_icon (state));
}

static char **
state_classes (gpointer         object,
               RtNeighbourState state)
{
  const char *classes[] = { rt_neighbour_state_style (state), NULL };

  return g_strdupv ((char **) classes);
}

static char *
state_words (gpointer         object,
             RtNeighbourState state)
{
  return g_strdup (rt_neighbour_state_to_string (state));
}

/* Also with the minus that keyboards have. */
static char *
role_words (gpointer    object,
            const char *role)
{
  g_auto (GStrv) parts = g_strsplit (role, "−", -1);
  g_autofree char *typed = g_strjoinv ("-", parts);

  return g_strjoin ("\n", role, typed, NULL);
}

static int
state_order (gpointer         object,
             RtNeighbourState state)
{
  return (int) state;
}

/* From the leaf that is farthest below to the one farthest above, then the rest. */
static int
role_order (gpointer object,
            int      leaf_position)
{
  return leaf_position != 0 ? leaf_position : G_MAXINT;
}

static gint64
unknown_last (gpointer object,
              gint64   value)
{
  return value >= 0 ? value : G_MAXINT64;
}

static char *
round_trip_text (gpointer object,
                 gint64   round_trip)
{
  return rt_text_round_trip (round_trip);
}

static char *
bits_text (gpointer object,
           guint    bits)
{
  return g_strdup_printf (ngettext ("%u bit", "%u bits", bits), bits);
}

static char *
number_text (gpointer object,
             guint    number)
{
  return g_strdup_printf ("%u", number);
}

static char *
row_label (gpointer          object,
           const char       *key,
           const char       *role,
           RtNeighbourState  state)
{
  /* Translators: a neighbour for a screen reader: key, role, state */
  return g_strdup_printf (_("Key %s, %s, %s"), key, role, rt_neighbour_state_to_string (state));
}

/* What is pasted often has spaces around it. */
static char *
trimmed (gpointer    object,
         const char *text)
{
  return g_strstrip (g_strdup (text));
}

static GtkOrientation
toolbar_orientation (gpointer object,
                     gboolean narrow)
{
  return narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;
}

/**
 * rt_neighbour_compare_addresses:
 * @a: an RtNeighbour
 * @b: an RtNeighbour
 * @data: unused
 *
 * Orders by address, then by port, as numbers.
 *
 * Returns: a #GtkOrdering
 */
int
rt_neighbour_compare_addresses (gconstpointer a,
                                gconstpointer b,
                                gpointer      data)
{
  const char *text_a = rt_neighbour_get_address ((RtNeighbour *) a);
  const char *text_b = rt_neighbour_get_address ((RtNeighbour *) b);
  DrtEndpoint p, q;
  int order;

  if (text_a == NULL || text_b == NULL ||
      !drt_endpoint_parse (text_a, &p) || !drt_endpoint_parse (text_b, &q))
    return gtk_ordering_from_cmpfunc (g_strcmp0 (text_a, text_b));
  order = memcmp (&p.address, &q.address, sizeof p.address);
  return gtk_ordering_from_cmpfunc (order != 0 ? order : (int) p.port - (int) q.port);
}

/**
 * rt_neighbour_compare_versions:
 * @a: an RtNeighbour
 * @b: an RtNeighbour
 * @data: unused
 *
 * Orders by protocol version: 6.9 is before 6.10.
 *
 * Returns: a #GtkOrdering
 */
int
rt_neighbour_compare_versions (gconstpointer a,
                               gconstpointer b,
                               gpointer      data)
{
  unsigned int major_a = 0, minor_a = 0, major_b = 0, minor_b = 0;

  sscanf (rt_neighbour_get_protocol_version ((RtNeighbour *) a), "%u.%u", &major_a, &minor_a);
  sscanf (rt_neighbour_get_protocol_version ((RtNeighbour *) b), "%u.%u", &major_b, &minor_b);
  if (major_a != major_b)
    return major_a < major_b ? GTK_ORDERING_SMALLER : GTK_ORDERING_LARGER;
  return gtk_ordering_from_cmpfunc (minor_a < minor_b ? -1 : minor_a > minor_b);
}

/**
 * rt_neighbour_cells_bind:
 * @klass: class of a widget whose template shows neighbours
 *
 * Gives the template the functions that turn facts into cells.
 */
void
rt_neighbour_cells_bind (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, state_icon);
  gtk_widget_class_bind_template_callback (klass, state_classes);
  gtk_widget_class_bind_template_callback (klass, state_words);
  gtk_widget_class_bind_template_callback (klass, role_words);
  gtk_widget_class_bind_template_callback (klass, role_order);
  gtk_widget_class_bind_template_callback (klass, unknown_last);
  gtk_widget_class_bind_template_callback (klass, round_trip_text);
  gtk_widget_class_bind_template_callback (klass, bits_text);
  gtk_widget_class_bind_template_callback (klass, number_text);
  gtk_widget_class_bind_template_callback (klass, row_label);
  gtk_widget_class_bind_template_callback (klass, toolbar_orientation);
  gtk_widget_class_bind_template_callback (klass, trimmed);
  gtk_widget_class_bind_template_callback (klass, state_order);
}
