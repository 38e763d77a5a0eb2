/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-fact-row.h"
#include "rt-neighbour-text.h"

struct _RtFactRow
{
  AdwPreferencesRow parent_instance;

  char *value;
  GtkWidget *title;
  GtkWidget *label;
  GtkWidget *button;
};

enum {
  PROP_0,
  PROP_VALUE,
  PROP_MONOSPACE,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtFactRow, rt_fact_row, ADW_TYPE_PREFERENCES_ROW)

static void
rt_fact_row_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  RtFactRow *self = RT_FACT_ROW (object);

  switch (id)
    {
    case PROP_VALUE:
      g_value_set_string (value, self->value);
      break;
    case PROP_MONOSPACE:
      g_value_set_boolean (value, rt_fact_row_get_monospace (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_fact_row_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  RtFactRow *self = RT_FACT_ROW (object);

  switch (id)
    {
    case PROP_VALUE:
      rt_fact_row_set_value (self, g_value_get_string (value));
      break;
    case PROP_MONOSPACE:
      rt_fact_row_set_monospace (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_fact_row_finalize (GObject *object)
{
  g_free (RT_FACT_ROW (object)->value);

  G_OBJECT_CLASS (rt_fact_row_parent_class)->finalize (object);
}

/* The button is named after the fact it copies: a list of buttons that are all
 * called "Copy" tells nothing to who only hears them. */
static void
title_changed_cb (RtFactRow *self)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
  /* Translators: the title of a fact, such as "Address" */
  g_autofree char *label = g_strdup_printf (_("Copy “%s”"), title);

  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
rt_fact_row_class_init (RtFactRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rt_fact_row_get_property;
  object_class->set_property = rt_fact_row_set_property;
  object_class->finalize = rt_fact_row_finalize;

  props[PROP_VALUE] =
    g_param_spec_string ("value", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_MONOSPACE] =
    g_param_spec_boolean ("monospace", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

/* AdwActionRow would do, but its subtitle breaks a key with a hyphen, which
 * then looks as if it belonged to the key. */
static GtkWidget *
create_labels (RtFactRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  self->title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_widget_add_css_class (self->title, "caption");
  gtk_widget_add_css_class (self->title, "dimmed");
  gtk_box_append (GTK_BOX (box), self->title);

  self->label = gtk_label_new (RT_TEXT_UNKNOWN);
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (self->label), attributes);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (self->label), TRUE);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->label),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title, NULL, -1);
  gtk_box_append (GTK_BOX (box), self->label);

  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

static void
rt_fact_row_init (RtFactRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_add_css_class (GTK_WIDGET (self), "fact");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_box_append (GTK_BOX (box), create_labels (self));

  self->button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->button, _("Copy"));
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_set_visible (self->button, FALSE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "win.copy-text");
  gtk_box_append (GTK_BOX (box), self->button);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title, NULL, -1);
  g_signal_connect (self, "notify::title", G_CALLBACK (title_changed_cb), NULL);
}

/**
 * rt_fact_row_new:
 *
 * Returns: (transfer floating): a row without title and value
 */
GtkWidget *
rt_fact_row_new (void)
{
  return g_object_new (RT_TYPE_FACT_ROW, NULL);
}

/**
 * rt_fact_row_get_value:
 * @self: a fact row
 *
 * Returns: (nullable): the value
 */
const char *
rt_fact_row_get_value (RtFactRow *self)
{
  g_return_val_if_fail (RT_IS_FACT_ROW (self), NULL);

  return self->value;
}

/**
 * rt_fact_row_set_value:
 * @self: a fact row
 * @value: (nullable): the value; %NULL or empty is shown as unknown
 *
 * Sets the value.
 */
void
rt_fact_row_set_value (RtFactRow  *self,
                       const char *value)
{
  gboolean known;

  g_return_if_fail (RT_IS_FACT_ROW (self));

  /* Setting the same text again would end a selection in it. */
  if (!g_set_str (&self->value, value))
    return;
  known = value != NULL && *value != '\0' && !g_str_equal (value, RT_TEXT_UNKNOWN);
  gtk_label_set_label (GTK_LABEL (self->label), known ? value : RT_TEXT_UNKNOWN);
  gtk_widget_set_visible (self->button, known);
  if (known)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s", value);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VALUE]);
}

/**
 * rt_fact_row_get_monospace:
 * @self: a fact row
 *
 * Returns: whether the value is written in a monospaced font
 */
gboolean
rt_fact_row_get_monospace (RtFactRow *self)
{
  g_return_val_if_fail (RT_IS_FACT_ROW (self), FALSE);

  return gtk_widget_has_css_class (self->label, "monospace");
}

/**
 * rt_fact_row_set_monospace:
 * @self: a fact row
 * @monospace: whether to write the value in a monospaced font
 *
 * Chooses the font of the value.
 */
void
rt_fact_row_set_monospace (RtFactRow *self,
                           gboolean   monospace)
{
  g_return_if_fail (RT_IS_FACT_ROW (self));

  if (rt_fact_row_get_monospace (self) == !!monospace)
    return;
  if (monospace)
    gtk_widget_add_css_class (self->label, "monospace");
  else
    gtk_widget_remove_css_class (self->label, "monospace");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MONOSPACE]);
}

/**
 * rt_fact_row_show_as:
 * @self: a fact row
 * @text: the value as it is read more easily
 *
 * Shows the value in other words than are copied; until it changes.
 */
void
rt_fact_row_show_as (RtFactRow  *self,
                     const char *text)
{
  g_return_if_fail (RT_IS_FACT_ROW (self));

  gtk_label_set_label (GTK_LABEL (self->label), text);
}
