/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-key-label.h"
#include "rt-neighbour-text.h"

struct _RtKeyLabel
{
  GtkWidget parent_instance;

  char *key_text;
  gboolean copyable;
  GtkWidget *label;
  GtkWidget *button;
};

enum {
  PROP_0,
  PROP_KEY_TEXT,
  PROP_COPYABLE,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtKeyLabel, rt_key_label, GTK_TYPE_WIDGET)

static void
update_button (RtKeyLabel *self)
{
  gboolean empty = self->key_text == NULL || *self->key_text == '\0';

  gtk_widget_set_visible (self->button, self->copyable && !empty);
  if (!empty)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s", self->key_text);
}

static void
rt_key_label_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  RtKeyLabel *self = RT_KEY_LABEL (object);

  switch (id)
    {
    case PROP_KEY_TEXT:
      g_value_set_string (value, self->key_text);
      break;
    case PROP_COPYABLE:
      g_value_set_boolean (value, self->copyable);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_key_label_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  RtKeyLabel *self = RT_KEY_LABEL (object);

  switch (id)
    {
    case PROP_KEY_TEXT:
      rt_key_label_set_key_text (self, g_value_get_string (value));
      break;
    case PROP_COPYABLE:
      rt_key_label_set_copyable (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_key_label_dispose (GObject *object)
{
  RtKeyLabel *self = RT_KEY_LABEL (object);

  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->button, gtk_widget_unparent);

  G_OBJECT_CLASS (rt_key_label_parent_class)->dispose (object);
}

static void
rt_key_label_finalize (GObject *object)
{
  g_free (RT_KEY_LABEL (object)->key_text);

  G_OBJECT_CLASS (rt_key_label_parent_class)->finalize (object);
}

static void
rt_key_label_class_init (RtKeyLabelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rt_key_label_get_property;
  object_class->set_property = rt_key_label_set_property;
  object_class->dispose = rt_key_label_dispose;
  object_class->finalize = rt_key_label_finalize;

  props[PROP_KEY_TEXT] =
    g_param_spec_string ("key-text", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_COPYABLE] =
    g_param_spec_boolean ("copyable", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "keylabel");
}

static void
rt_key_label_init (RtKeyLabel *self)
{
  self->label = gtk_label_new (RT_TEXT_UNKNOWN);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "monospace");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));

  /* Not in the focus chain: in a table of keys it would double every step.
   * Every row with a key copies it with Ctrl+C and from its menu. */
  self->button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  gtk_widget_set_focusable (self->button, FALSE);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (self->button, 3);
  gtk_widget_set_tooltip_text (self->button, _("Copy Key"));
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "copy");
  gtk_widget_set_visible (self->button, FALSE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), "win.copy-text");
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  self->copyable = TRUE;
}

/**
 * rt_key_label_new:
 *
 * Returns: (transfer floating): a label for no key yet
 */
GtkWidget *
rt_key_label_new (void)
{
  return g_object_new (RT_TYPE_KEY_LABEL, NULL);
}

/**
 * rt_key_label_get_key_text:
 * @self: a key label
 *
 * Returns: (nullable): the whole key
 */
const char *
rt_key_label_get_key_text (RtKeyLabel *self)
{
  g_return_val_if_fail (RT_IS_KEY_LABEL (self), NULL);

  return self->key_text;
}

/**
 * rt_key_label_set_key_text:
 * @self: a key label
 * @key_text: (nullable): the whole key, 64 hexadecimal digits
 *
 * Sets the key shown.
 */
void
rt_key_label_set_key_text (RtKeyLabel *self,
                           const char *key_text)
{
  g_autofree char *shortened = NULL;

  g_return_if_fail (RT_IS_KEY_LABEL (self));

  if (!g_set_str (&self->key_text, key_text))
    return;
  shortened = rt_text_shorten_key (key_text);
  gtk_label_set_label (GTK_LABEL (self->label), shortened);
  gtk_widget_set_tooltip_text (self->label, key_text);
  update_button (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KEY_TEXT]);
}

/**
 * rt_key_label_get_copyable:
 * @self: a key label
 *
 * Returns: whether it has a copy button
 */
gboolean
rt_key_label_get_copyable (RtKeyLabel *self)
{
  g_return_val_if_fail (RT_IS_KEY_LABEL (self), FALSE);

  return self->copyable;
}

/**
 * rt_key_label_set_copyable:
 * @self: a key label
 * @copyable: whether it has a copy button
 *
 * Gives or takes the copy button.
 */
void
rt_key_label_set_copyable (RtKeyLabel *self,
                           gboolean    copyable)
{
  g_return_if_fail (RT_IS_KEY_LABEL (self));

  copyable = !!copyable;
  if (self->copyable == copyable)
    return;
  self->copyable = copyable;
  update_button (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COPYABLE]);
}
