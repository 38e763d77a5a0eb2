/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-stat-tile.h"

struct _RtStatTile
{
  AdwBin parent_instance;

  char *title;
  char *value;
  char *detail;
};

G_DEFINE_FINAL_TYPE (RtStatTile, rt_stat_tile, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_VALUE,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
rt_stat_tile_finalize (GObject *object)
{
  RtStatTile *self = RT_STAT_TILE (object);

  g_free (self->title);
  g_free (self->value);
  g_free (self->detail);
  G_OBJECT_CLASS (rt_stat_tile_parent_class)->finalize (object);
}

static void
rt_stat_tile_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RtStatTile *self = RT_STAT_TILE (object);

  switch (id)
    {
    case PROP_TITLE:  g_value_set_string (value, self->title); break;
    case PROP_VALUE:  g_value_set_string (value, self->value); break;
    case PROP_DETAIL: g_value_set_string (value, self->detail); break;
    default:          G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
update_description (RtStatTile *self)
{
  g_autofree char *text = g_strdup_printf ("%s %s", self->value, self->detail);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, self->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
set_text (RtStatTile *self, char **member, const char *text, guint property)
{
  if (!g_set_str (member, text))
    return;
  update_description (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
rt_stat_tile_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RtStatTile *self = RT_STAT_TILE (object);
  const char *text = g_value_get_string (value);

  switch (id)
    {
    case PROP_TITLE:  set_text (self, &self->title, text != NULL ? text : "", PROP_TITLE); break;
    case PROP_VALUE:  set_text (self, &self->value, text != NULL ? text : "–", PROP_VALUE); break;
    case PROP_DETAIL: set_text (self, &self->detail, text != NULL ? text : "", PROP_DETAIL); break;
    default:          G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_stat_tile_class_init (RtStatTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = rt_stat_tile_finalize;
  object_class->get_property = rt_stat_tile_get_property;
  object_class->set_property = rt_stat_tile_set_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "",
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_VALUE] = g_param_spec_string ("value", NULL, NULL, "–",
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, "",
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-stat-tile.ui");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
rt_stat_tile_init (RtStatTile *self)
{
  self->title = g_strdup ("");
  self->value = g_strdup ("–");
  self->detail = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_stat_tile_set:
 * @value: (nullable): %NULL unknown
 * @detail: (nullable): %NULL none
 */
void
rt_stat_tile_set (RtStatTile *self, const char *value, const char *detail)
{
  g_return_if_fail (RT_IS_STAT_TILE (self));

  set_text (self, &self->value, value != NULL ? value : "–", PROP_VALUE);
  set_text (self, &self->detail, detail != NULL ? detail : "", PROP_DETAIL);
}
