/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include <drt-glib.h>

#include "rt-key-text.h"
#include "rt-problem-row.h"
#include "rt-search-options.h"

struct _RtSearchOptions
{
  AdwPreferencesGroup parent_instance;

  AdwExpanderRow *expander;
  AdwSpinRow *count;
  GtkEditable *lowest;
  GtkEditable *highest;
  RtProblemRow *problem;
  AdwSwitchRow *any;
  AdwSwitchRow *own;
};

G_DEFINE_FINAL_TYPE (RtSearchOptions, rt_search_options, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* An empty field is the end of the ring, which @key holds already. */
static gboolean
read_key (RtSearchOptions *self,
          GtkEditable     *field,
          DrtKey          *key)
{
  const char *typed = gtk_editable_get_text (field);
  g_autofree char *sentence = NULL;
  RtKeyText text;

  if (*typed == '\0')
    return TRUE;
  rt_key_text_parse (typed, &text);
  if (text.state == RT_KEY_TEXT_VALID)
    {
      *key = text.key;
      return TRUE;
    }
  sentence = rt_key_text_to_sentence (&text);
  rt_problem_row_set (self->problem, rt_key_text_is_unfinished (&text) ? RT_PROBLEM_HINT : RT_PROBLEM_ERROR,
                      rt_key_text_to_hresult (&text), sentence);
  adw_expander_row_set_expanded (self->expander, TRUE);
  return FALSE;
}

static void
update (RtSearchOptions *self)
{
  gboolean any = adw_switch_row_get_active (self->any);
  guint n = (guint) adw_spin_row_get_value (self->count);
  gboolean bounded = *gtk_editable_get_text (self->lowest) != '\0' || *gtk_editable_get_text (self->highest) != '\0';
  g_autofree char *number = any ? g_strdup (_("Any key"))
                                : g_strdup_printf (ngettext ("The nearest key", "The %u nearest keys", n), n);
  g_autofree char *summary = g_strdup_printf (bounded ? _("%s of a range") : _("%s of the whole ring"), number);

  /* One key is all that any key can be. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->count), !any);
  adw_expander_row_set_subtitle (self->expander, summary);
}

static void
changed_cb (RtSearchOptions *self)
{
  update (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
rt_search_options_class_init (RtSearchOptionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-search-options.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSearchOptions, expander);
  gtk_widget_class_bind_template_child (widget_class, RtSearchOptions, count);
  gtk_widget_class_bind_template_child (widget_class, RtSearchOptions, lowest);
  gtk_widget_class_bind_template_child (widget_class, RtSearchOptions, highest);
  gtk_widget_class_bind_template_child (widget_class, RtSearchOptions, problem);
  gtk_widget_class_bind_template_child (widget_class, RtSearchOptions, any);
  gtk_widget_class_bind_template_child (widget_class, RtSearchOptions, own);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
rt_search_options_init (RtSearchOptions *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * rt_search_options_get_scope:
 * @target: the key searched for
 * @scope: (out): what the rows say
 *
 * Says at its rows what is wrong with them, if anything is.
 *
 * Returns: whether there can be a search with it
 */
gboolean
rt_search_options_get_scope (RtSearchOptions *self,
                             const DrtKey    *target,
                             RtSearchScope   *scope)
{
  g_return_val_if_fail (RT_IS_SEARCH_OPTIONS (self), FALSE);

  rt_search_scope_init (scope);
  scope->any = adw_switch_row_get_active (self->any);
  scope->own = adw_switch_row_get_active (self->own);
  scope->count = scope->any ? 1 : (guint) adw_spin_row_get_value (self->count);
  rt_problem_row_clear (self->problem);
  if (!read_key (self, self->lowest, &scope->lowest) || !read_key (self, self->highest, &scope->highest))
    return FALSE;
  if (drt_key_compare (&scope->lowest, target) <= 0 && drt_key_compare (target, &scope->highest) <= 0)
    return TRUE;
  rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, DRT_E_INVALID_SEARCH_RANGE,
                      _("The key searched for must lie in the range, which does not go across the end of the ring."));
  adw_expander_row_set_expanded (self->expander, TRUE);
  return FALSE;
}
