/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-passphrase-group.h"
#include "rt-problem-row.h"

/* What is shorter can be found by trying, where somebody has the file. */
#define SHORT_PASSPHRASE 12

struct _RtPassphraseGroup
{
  AdwPreferencesGroup parent_instance;

  AdwPasswordEntryRow *first_row;
  AdwPasswordEntryRow *second_row;
  RtProblemRow *problem;
  AdwSwitchRow *remember_row;

  gboolean with_remember;
  gboolean accused;       /* a missing passphrase is an error by now */
};

G_DEFINE_FINAL_TYPE (RtPassphraseGroup, rt_passphrase_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  PROP_0,
  PROP_WITH_REMEMBER,
  N_PROPS
};

enum
{
  CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *
get_text (AdwPasswordEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static void
update_problem (RtPassphraseGroup *self)
{
  const char *first = get_text (self->first_row);
  const char *second = get_text (self->second_row);

  if (*first == '\0' && self->accused)
    rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, S_OK, _("Choose a passphrase: the private key is encrypted with it."));
  else if (!g_str_equal (first, second) && (self->accused || !g_str_has_prefix (first, second)))
    rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, S_OK, _("The two are not the same."));
  else if (*first != '\0' && g_utf8_strlen (first, -1) < SHORT_PASSPHRASE)
    rt_problem_row_set (self->problem, RT_PROBLEM_HINT, S_OK, _("Short: a few words that do not belong together are hard to find by trying."));
  else
    rt_problem_row_clear (self->problem);
}

static void
changed_cb (RtPassphraseGroup *self)
{
  self->accused = FALSE;
  update_problem (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
activated_cb (RtPassphraseGroup *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
leave_cb (RtPassphraseGroup *self)
{
  if (*get_text (self->second_row) != '\0')
    self->accused = TRUE;
  update_problem (self);
}

static gboolean
rt_passphrase_group_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_PASSPHRASE_GROUP (widget)->first_row));
}

static void
rt_passphrase_group_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_PASSPHRASE_GROUP);
  G_OBJECT_CLASS (rt_passphrase_group_parent_class)->dispose (object);
}

static void
rt_passphrase_group_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_WITH_REMEMBER: g_value_set_boolean (value, RT_PASSPHRASE_GROUP (object)->with_remember); break;
    default:                 G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_passphrase_group_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_WITH_REMEMBER: RT_PASSPHRASE_GROUP (object)->with_remember = g_value_get_boolean (value); break;
    default:                 G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rt_passphrase_group_class_init (RtPassphraseGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_passphrase_group_dispose;
  object_class->get_property = rt_passphrase_group_get_property;
  object_class->set_property = rt_passphrase_group_set_property;
  widget_class->grab_focus = rt_passphrase_group_grab_focus;

  properties[PROP_WITH_REMEMBER] =
    g_param_spec_boolean ("with-remember", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = g_signal_new ("changed", RT_TYPE_PASSPHRASE_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", RT_TYPE_PASSPHRASE_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-passphrase-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RtPassphraseGroup, first_row);
  gtk_widget_class_bind_template_child (widget_class, RtPassphraseGroup, second_row);
  gtk_widget_class_bind_template_child (widget_class, RtPassphraseGroup, problem);
  gtk_widget_class_bind_template_child (widget_class, RtPassphraseGroup, remember_row);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, leave_cb);
}

static void
rt_passphrase_group_init (RtPassphraseGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_passphrase_group_get_passphrase:
 *
 * Returns: (transfer none) (nullable): it, when it was typed twice alike; lives in
 *   the entry, so that it is not copied about
 */
const char *
rt_passphrase_group_get_passphrase (RtPassphraseGroup *self)
{
  const char *first;

  g_return_val_if_fail (RT_IS_PASSPHRASE_GROUP (self), NULL);

  first = get_text (self->first_row);
  return *first != '\0' && g_str_equal (first, get_text (self->second_row)) ? first : NULL;
}

/** rt_passphrase_group_get_remember: whether the keyring shall keep it */
gboolean
rt_passphrase_group_get_remember (RtPassphraseGroup *self)
{
  g_return_val_if_fail (RT_IS_PASSPHRASE_GROUP (self), FALSE);
  return self->with_remember && adw_switch_row_get_active (self->remember_row);
}

/** rt_passphrase_group_clear: forgets what was typed */
void
rt_passphrase_group_clear (RtPassphraseGroup *self)
{
  g_return_if_fail (RT_IS_PASSPHRASE_GROUP (self));

  gtk_editable_set_text (GTK_EDITABLE (self->first_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->second_row), "");
}

/** rt_passphrase_group_reveal_problem: the person wants to go on: what is missing is an error now */
void
rt_passphrase_group_reveal_problem (RtPassphraseGroup *self)
{
  g_return_if_fail (RT_IS_PASSPHRASE_GROUP (self));

  self->accused = TRUE;
  update_problem (self);
}
