/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-cost-group.h"

#include <glib/gi18n.h>

#include "rt-security-words.h"

typedef struct
{
  AdwActionRow *row;
  GtkWidget *spinner;
  GtkWidget *button;
} Line;

struct _RtCostGroup
{
  AdwPreferencesGroup parent_instance;

  RtComparison *comparison;
  Line lines[RT_COMPARISON_MODES];
};

G_DEFINE_FINAL_TYPE (RtCostGroup, rt_cost_group, ADW_TYPE_PREFERENCES_GROUP)

static char *
describe (const RtCost *cost)
{
  g_autofree char *size = g_format_size ((guint64) cost->bytes);

  /* Translators: of one search: CPU time in milliseconds, an amount of bytes, time until it is found in milliseconds */
  return g_strdup_printf (_("%.2f ms CPU · %s · found after %.1f ms"), cost->cpu / 1000, size, cost->latency / 1000);
}

static char *
dup_subtitle (RtCostGroup *self, RtSecurityMode mode)
{
  const RtCost *cost = rt_comparison_get_cost (self->comparison, mode);

  switch (rt_comparison_get_state (self->comparison, mode))
    {
    case RT_COMPARISON_WAITING:   return g_strdup (_("Waiting for the demo mesh"));
    case RT_COMPARISON_MEASURING: return g_strdup (_("Measuring"));
    case RT_COMPARISON_FAILED:    return g_strdup (rt_comparison_get_message (self->comparison, mode));
    case RT_COMPARISON_UNKNOWN:
    case RT_COMPARISON_MEASURED:
    default:                      return cost != NULL ? describe (cost) : g_strdup (_("Not measured yet"));
    }
}

static void
update (RtCostGroup *self)
{
  for (guint i = 0; i < RT_COMPARISON_MODES; i++)
    {
      Line *line = &self->lines[i];
      RtComparisonState state = rt_comparison_get_state (self->comparison, (RtSecurityMode) i);
      gboolean busy = state == RT_COMPARISON_WAITING || state == RT_COMPARISON_MEASURING;
      g_autofree char *subtitle = dup_subtitle (self, (RtSecurityMode) i);

      adw_action_row_set_subtitle (line->row, subtitle);
      gtk_widget_set_visible (line->spinner, busy);
      gtk_widget_set_visible (line->button, !busy);
      gtk_widget_set_sensitive (line->button, rt_comparison_can_measure (self->comparison, (RtSecurityMode) i));
    }
}

static void
clicked_cb (GtkButton *button, gpointer data)
{
  RtCostGroup *self = RT_COST_GROUP (data);

  for (guint i = 0; i < RT_COMPARISON_MODES; i++)
    if (self->lines[i].button == GTK_WIDGET (button))
      rt_comparison_measure (self->comparison, (RtSecurityMode) i);
}

static void
rt_cost_group_dispose (GObject *object)
{
  g_clear_object (&RT_COST_GROUP (object)->comparison);
  G_OBJECT_CLASS (rt_cost_group_parent_class)->dispose (object);
}

static void
rt_cost_group_class_init (RtCostGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rt_cost_group_dispose;
}

static void
create_line (RtCostGroup *self, RtSecurityMode mode)
{
  Line *line = &self->lines[mode];
  const char *name = rt_security_mode_to_name (mode);
  /* Translators: for a screen reader: measure what a search costs in this security mode */
  g_autofree char *label = g_strdup_printf (_("Measure “%s”"), name);

  line->row = ADW_ACTION_ROW (adw_action_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line->row), name);
  adw_action_row_set_subtitle_lines (line->row, 0);
  gtk_widget_add_css_class (GTK_WIDGET (line->row), "numeric");
  line->spinner = adw_spinner_new ();
  adw_action_row_add_suffix (line->row, line->spinner);
  line->button = gtk_button_new_with_label (_("Measure"));
  gtk_widget_set_valign (line->button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (line->button, _("In this mesh, or in a demo mesh in this mode"));
  /* Three buttons called “Measure” would tell nothing to who only hears them. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (line->button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (line->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (line->button, "clicked", G_CALLBACK (clicked_cb), self);
  adw_action_row_add_suffix (line->row, line->button);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (line->row));
}

static void
rt_cost_group_init (RtCostGroup *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);
  g_autofree char *description = g_strdup_printf (
    _("Of %d searches for known keys, each: CPU time of a node in a thread of its own, and bytes it sends and receives, "
      "both less what it does in the same time without a search. What the nodes it asks spend is not in it."),
    RT_COMPARISON_SEARCHES);

  adw_preferences_group_set_title (group, _("Cost of a Search"));
  adw_preferences_group_set_description (group, description);
  for (guint i = 0; i < RT_COMPARISON_MODES; i++)
    create_line (self, (RtSecurityMode) i);
}

void
rt_cost_group_set_comparison (RtCostGroup *self, RtComparison *comparison)
{
  g_return_if_fail (RT_IS_COST_GROUP (self));

  if (!g_set_object (&self->comparison, comparison))
    return;
  g_signal_connect_object (comparison, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
