/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-search-row.h"
#include "rt-search-words.h"
#include "rt-state-look.h"

struct _RtSearchRow
{
  AdwActionRow parent_instance;

  GtkImage *state_icon;

  RtSearch *search;
  guint n_hops;
};

G_DEFINE_FINAL_TYPE (RtSearchRow, rt_search_row, ADW_TYPE_ACTION_ROW)

enum
{
  PROP_0,
  PROP_SEARCH,
  PROP_N_HOPS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
summary_closure (gpointer      self,
                 RtSearchKind  kind,
                 RtSearchState state,
                 gint64        duration,
                 guint         n_hops)
{
  return rt_search_words_summary (kind, state, duration, n_hops);
}

/* The time of day it was begun. */
static char *
time_closure (gpointer self,
              gint64   started)
{
  gint64 ago = g_get_monotonic_time () - started;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local_usec (g_get_real_time () - ago);

  return g_date_time_format (time, "%X");
}

static void
update_look (RtSearchRow *self)
{
  RtSearchState state = rt_search_get_state (self->search);

  rt_image_set_look (self->state_icon, rt_search_state_to_icon (state), rt_search_state_to_style (state));
}

static void
update_hops (RtSearchRow *self)
{
  guint n_hops = g_list_model_get_n_items (rt_search_get_hops (self->search));

  if (self->n_hops == n_hops)
    return;

  self->n_hops = n_hops;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_HOPS]);
}

static void
rt_search_row_constructed (GObject *object)
{
  RtSearchRow *self = RT_SEARCH_ROW (object);

  G_OBJECT_CLASS (rt_search_row_parent_class)->constructed (object);

  g_signal_connect_object (self->search, "notify::state", G_CALLBACK (update_look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rt_search_get_hops (self->search), "items-changed",
                           G_CALLBACK (update_hops), self, G_CONNECT_SWAPPED);
  update_look (self);
  update_hops (self);
}

static void
rt_search_row_dispose (GObject *object)
{
  RtSearchRow *self = RT_SEARCH_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_SEARCH_ROW);
  g_clear_object (&self->search);

  G_OBJECT_CLASS (rt_search_row_parent_class)->dispose (object);
}

static void
rt_search_row_get_property (GObject    *object,
                            guint       property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  RtSearchRow *self = RT_SEARCH_ROW (object);

  switch (property_id)
    {
    case PROP_SEARCH:
      g_value_set_object (value, self->search);
      break;
    case PROP_N_HOPS:
      g_value_set_uint (value, self->n_hops);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_search_row_set_property (GObject      *object,
                            guint         property_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  RtSearchRow *self = RT_SEARCH_ROW (object);

  switch (property_id)
    {
    case PROP_SEARCH:
      self->search = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_search_row_class_init (RtSearchRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = rt_search_row_constructed;
  object_class->dispose = rt_search_row_dispose;
  object_class->get_property = rt_search_row_get_property;
  object_class->set_property = rt_search_row_set_property;

  properties[PROP_SEARCH] =
    g_param_spec_object ("search", NULL, NULL, RT_TYPE_SEARCH,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_HOPS] =
    g_param_spec_uint ("n-hops", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-search-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSearchRow, state_icon);
  gtk_widget_class_bind_template_callback (widget_class, summary_closure);
  gtk_widget_class_bind_template_callback (widget_class, time_closure);
}

static void
rt_search_row_init (RtSearchRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_search_row_new:
 * @search: a search
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
rt_search_row_new (RtSearch *search)
{
  return g_object_new (RT_TYPE_SEARCH_ROW, "search", search, NULL);
}

RtSearch *
rt_search_row_get_search (RtSearchRow *self)
{
  g_return_val_if_fail (RT_IS_SEARCH_ROW (self), NULL);

  return self->search;
}
