/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-fact-row.h"
#include "rt-registration-card.h"

struct _RtRegistrationCard
{
  AdwBin parent_instance;

  RtRegistration *registration;
  GtkActionable *look_up;
  GtkListBox *leaves;
};

enum {
  PROP_0,
  PROP_REGISTRATION,
  N_PROPS,
};
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RtRegistrationCard, rt_registration_card, ADW_TYPE_BIN)

/* Closures of the UI file. */

static char *
summary (RtRegistrationCard  *self,
         RtRegistrationState  state)
{
  /* Translators: a key registered here, and its state, such as "Registered" */
  return g_strdup_printf (_("Your key · %s"), rt_registration_state_to_string (state));
}

static char *
bytes_text (RtRegistrationCard *self,
            guint               size)
{
  return g_strdup_printf (ngettext ("%u byte", "%u bytes", size), size);
}

static char *
fill_text (RtRegistrationCard *self,
           guint               n_below,
           guint               n_above)
{
  /* Translators: how many leaves a key has on each side, at most 5 and 5 */
  return g_strdup_printf (_("%u of 5 below, %u of 5 above"), n_below, n_above);
}

static GtkWidget *
create_leaf_row (gpointer item,
                 gpointer data)
{
  RtLeaf *leaf = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *position = gtk_label_new (rt_leaf_get_position_text (leaf));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), rt_leaf_get_key_short (leaf));
  gtk_widget_set_tooltip_text (row, rt_leaf_get_key_text (leaf));
  gtk_widget_add_css_class (row, "monospace");
  gtk_widget_add_css_class (position, "numeric");
  gtk_widget_add_css_class (position, "dimmed");
  gtk_label_set_width_chars (GTK_LABEL (position), 2);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), position);
  if (rt_leaf_get_neighbour (leaf) != NULL)
    {
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", rt_leaf_get_key_text (leaf));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.select-neighbour");
    }
  return row;
}

static void
rt_registration_card_get_property (GObject    *object,
                                   guint       id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_REGISTRATION:
      g_value_set_object (value, RT_REGISTRATION_CARD (object)->registration);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_registration_card_set_property (GObject      *object,
                                   guint         id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_REGISTRATION:
      rt_registration_card_set_registration (RT_REGISTRATION_CARD (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_registration_card_dispose (GObject *object)
{
  RtRegistrationCard *self = RT_REGISTRATION_CARD (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_REGISTRATION_CARD);
  g_clear_object (&self->registration);

  G_OBJECT_CLASS (rt_registration_card_parent_class)->dispose (object);
}

static void
rt_registration_card_class_init (RtRegistrationCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = rt_registration_card_get_property;
  object_class->set_property = rt_registration_card_set_property;
  object_class->dispose = rt_registration_card_dispose;

  props[PROP_REGISTRATION] =
    g_param_spec_object ("registration", NULL, NULL, RT_TYPE_REGISTRATION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (RT_TYPE_FACT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
    "/io/github/roundtable_drt/Roundtable/widgets/rt-registration-card.ui");
  gtk_widget_class_bind_template_child (widget_class, RtRegistrationCard, look_up);
  gtk_widget_class_bind_template_child (widget_class, RtRegistrationCard, leaves);
  gtk_widget_class_bind_template_callback (widget_class, summary);
  gtk_widget_class_bind_template_callback (widget_class, bytes_text);
  gtk_widget_class_bind_template_callback (widget_class, fill_text);
}

static void
rt_registration_card_init (RtRegistrationCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_registration_card_new:
 *
 * Returns: (transfer floating): the card of no key yet
 */
GtkWidget *
rt_registration_card_new (void)
{
  return g_object_new (RT_TYPE_REGISTRATION_CARD, NULL);
}

/**
 * rt_registration_card_get_registration:
 * @self: a card
 *
 * Returns: (nullable): which key it is about
 */
RtRegistration *
rt_registration_card_get_registration (RtRegistrationCard *self)
{
  g_return_val_if_fail (RT_IS_REGISTRATION_CARD (self), NULL);

  return self->registration;
}

/**
 * rt_registration_card_set_registration:
 * @self: a card
 * @registration: (nullable): which key it is to be about
 *
 * Sets the key.
 */
void
rt_registration_card_set_registration (RtRegistrationCard *self,
                                       RtRegistration     *registration)
{
  g_return_if_fail (RT_IS_REGISTRATION_CARD (self));

  if (!g_set_object (&self->registration, registration))
    return;
  gtk_list_box_bind_model (self->leaves,
                           registration != NULL ? rt_registration_get_leaves (registration) : NULL,
                           create_leaf_row, NULL, NULL);
  if (registration != NULL)
    gtk_actionable_set_action_target (self->look_up, "s", rt_registration_get_key_text (registration));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REGISTRATION]);
}
