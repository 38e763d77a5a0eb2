/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include <drt-glib.h>

#include "rt-column-settings.h"
#include "rt-search-result-row.h"
#include "rt-search-view.h"
#include "rt-search-words.h"
#include "rt-state-look.h"

struct _RtSearchView
{
  AdwBin parent_instance;

  GtkWidget *spinner;
  GtkImage *state_icon;
  GtkWidget *nearest_button;
  GtkWidget *again_button;
  GtkWidget *cancel_button;
  GtkWidget *nearest_row;      /* the same where it is narrow */
  GtkWidget *again_row;
  GtkWidget *cancel_row;
  GtkWidget *results_group;
  GtkListBox *results_list;
  AdwPreferencesGroup *path_group;
  GtkStack *path_stack;
  GtkColumnView *path_view;
  GtkListBox *path_list;

  RtSearch *search;
  GSignalGroup *signals;
  GSignalGroup *hop_signals;
  GSignalGroup *result_signals;
  gboolean narrow;
  gboolean found_exact;
};

G_DEFINE_FINAL_TYPE (RtSearchView, rt_search_view, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_SEARCH,
  PROP_NARROW,
  PROP_FOUND_EXACT,
  N_PROPS
};

enum
{
  SEARCH_AGAIN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static char *
heading_closure (gpointer      self,
                 RtSearchKind  kind,
                 const char   *target_short)
{
  if (target_short == NULL)
    return g_strdup ("");

  /* Translators: the first and last digits of a key */
  return kind == RT_SEARCH_NEAREST
    ? g_strdup_printf (_("Search for the Key Nearest to %s"), target_short)
    : g_strdup_printf (_("Search for %s"), target_short);
}

static char *
state_closure (gpointer      self,
               RtSearchState state,
               gint64        duration,
               gboolean      found_exact)
{
  return rt_search_words_outcome (state, duration, found_exact);
}

static char *
advice_closure (gpointer       self,
                RtSearchState  state,
                RtSearchKind   kind,
                const GError  *error,
                gboolean       found_exact)
{
  return rt_search_words_advice (state, kind, error, found_exact);
}

static char *
number_closure (gpointer item,
                guint    position)
{
  return g_strdup_printf ("%u", position + 1);
}

static char *
hop_key_closure (gpointer    item,
                 const char *key_text)
{
  return key_text != NULL ? g_strdup_printf (_("Asked as %s"), key_text) : NULL;
}

static char *
verdict_closure (gpointer item,
                 guint    flags)
{
  return rt_verdict_to_explanation (flags);
}

static char *
verdict_icon_closure (gpointer item,
                      guint    flags)
{
  return g_strdup (rt_verdict_to_icon (flags));
}

static char **
verdict_style_closure (gpointer item,
                       guint    flags)
{
  const char *classes[] = { rt_verdict_to_style (flags), NULL };

  return g_strdupv ((char **) classes);
}

static char *
nearness_closure (gpointer item,
                  int      nearness)
{
  return g_strdup_printf ("%d", nearness);
}

static char *
latency_closure (gpointer item,
                 gboolean answered,
                 guint    latency_ms)
{
  return answered ? g_strdup_printf (_("%u\u00a0ms"), latency_ms) : g_strdup ("–");
}

/* A hop where there is no room for columns. */
static GtkWidget *
create_hop_row (gpointer item,
                gpointer data)
{
  RtHop *hop = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();
  g_autofree char *tooltip = rt_verdict_to_explanation (rt_hop_get_flags (hop));
  g_autofree char *subtitle = rt_search_words_hop (hop);

  rt_image_set_look (GTK_IMAGE (icon), rt_verdict_to_icon (rt_hop_get_flags (hop)),
                     rt_verdict_to_style (rt_hop_get_flags (hop)));
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), rt_hop_get_address (hop));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_widget_set_tooltip_text (row, tooltip);
  gtk_widget_add_css_class (row, "numeric");

  return row;
}

static GtkWidget *
create_result_row (gpointer item,
                   gpointer data)
{
  return rt_search_result_row_new (RT_SEARCH_RESULT (item));
}

static void
set_found_exact (RtSearchView *self,
                 gboolean      found_exact)
{
  if (self->found_exact == found_exact)
    return;

  self->found_exact = found_exact;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOUND_EXACT]);
}

static void
update_results (RtSearchView *self)
{
  GListModel *results = rt_search_get_results (self->search);
  guint n = g_list_model_get_n_items (results);
  gboolean found_exact = FALSE;

  for (guint i = 0; i < n && !found_exact; i++)
    {
      g_autoptr (RtSearchResult) result = g_list_model_get_item (results, i);

      found_exact = rt_search_result_get_exact (result);
    }

  set_found_exact (self, found_exact);
  gtk_widget_set_visible (self->results_group, n > 0);
}

static void
update_path (RtSearchView *self)
{
  guint n = g_list_model_get_n_items (rt_search_get_hops (self->search));
  g_autofree char *description = rt_search_words_path (rt_search_get_state (self->search), n);

  adw_preferences_group_set_description (self->path_group, description);
  gtk_widget_set_visible (GTK_WIDGET (self->path_stack), n > 0);
}

/* Beside the state where there is room, else below it. */
static void
show_choice (RtSearchView *self,
             GtkWidget    *button,
             GtkWidget    *row,
             gboolean      possible)
{
  gtk_widget_set_visible (button, possible && !self->narrow);
  gtk_widget_set_visible (row, possible && self->narrow);
}

static void
update_state (RtSearchView *self)
{
  RtSearchState state = rt_search_get_state (self->search);
  RtSearchKind kind = rt_search_get_kind (self->search);
  gboolean running = state == RT_SEARCH_RUNNING;

  gtk_widget_set_visible (self->spinner, running);
  gtk_widget_set_visible (GTK_WIDGET (self->state_icon), !running);
  rt_image_set_look (self->state_icon, rt_search_state_to_icon (state), rt_search_state_to_style (state));

  show_choice (self, self->cancel_button, self->cancel_row, running);
  show_choice (self, self->nearest_button, self->nearest_row,
               state == RT_SEARCH_NOT_FOUND && kind == RT_SEARCH_EXACT);
  show_choice (self, self->again_button, self->again_row,
               state == RT_SEARCH_TIMED_OUT || state == RT_SEARCH_CANCELLED || state == RT_SEARCH_FAILED);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "search-view.cancel", running);

  update_path (self);
}

static void
announce_cb (RtSearchView *self)
{
  g_autofree char *outcome = NULL;

  update_state (self);
  if (rt_search_get_state (self->search) == RT_SEARCH_RUNNING)
    return;

  outcome = rt_search_words_outcome (rt_search_get_state (self->search),
                                     rt_search_get_duration (self->search), self->found_exact);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), outcome, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
nearest_cb (RtSearchView *self)
{
  g_signal_emit (self, signals[SEARCH_AGAIN], 0, RT_SEARCH_NEAREST);
}

static void
again_cb (RtSearchView *self)
{
  g_signal_emit (self, signals[SEARCH_AGAIN], 0, rt_search_get_kind (self->search));
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  rt_search_cancel (RT_SEARCH_VIEW (widget)->search);
}

static void
copy_target_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  gtk_widget_activate_action (widget, "win.copy-text", "s",
                              rt_search_get_target_text (RT_SEARCH_VIEW (widget)->search));
}

static void
show_hops (RtSearchView *self)
{
  GListModel *hops = self->search != NULL ? rt_search_get_hops (self->search) : NULL;

  /* Only the form that is seen holds rows. */
  gtk_stack_set_visible_child_name (self->path_stack, self->narrow ? "narrow" : "wide");
  gtk_list_box_bind_model (self->path_list, self->narrow ? hops : NULL, create_hop_row, NULL, NULL);

  if (!self->narrow && hops != NULL)
    {
      g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (hops));

      gtk_column_view_set_model (self->path_view, GTK_SELECTION_MODEL (selection));
    }
  else
    {
      gtk_column_view_set_model (self->path_view, NULL);
    }
}

static void
rt_search_view_dispose (GObject *object)
{
  RtSearchView *self = RT_SEARCH_VIEW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->hop_signals);
  g_clear_object (&self->result_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_SEARCH_VIEW);
  g_clear_object (&self->search);

  G_OBJECT_CLASS (rt_search_view_parent_class)->dispose (object);
}

static void
rt_search_view_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  RtSearchView *self = RT_SEARCH_VIEW (object);

  switch (property_id)
    {
    case PROP_SEARCH:
      g_value_set_object (value, self->search);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_FOUND_EXACT:
      g_value_set_boolean (value, self->found_exact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_search_view_set_property (GObject      *object,
                             guint         property_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  RtSearchView *self = RT_SEARCH_VIEW (object);

  switch (property_id)
    {
    case PROP_SEARCH:
      rt_search_view_set_search (self, g_value_get_object (value));
      break;
    case PROP_NARROW:
      if (self->narrow != g_value_get_boolean (value))
        {
          self->narrow = g_value_get_boolean (value);
          show_hops (self);
          if (self->search != NULL)
            update_state (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-search-view.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, spinner);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, state_icon);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, nearest_button);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, again_button);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, nearest_row);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, again_row);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, cancel_row);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, results_group);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, results_list);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, path_group);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, path_stack);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, path_view);
  gtk_widget_class_bind_template_child (widget_class, RtSearchView, path_list);
  gtk_widget_class_bind_template_callback (widget_class, heading_closure);
  gtk_widget_class_bind_template_callback (widget_class, state_closure);
  gtk_widget_class_bind_template_callback (widget_class, advice_closure);
  gtk_widget_class_bind_template_callback (widget_class, number_closure);
  gtk_widget_class_bind_template_callback (widget_class, hop_key_closure);
  gtk_widget_class_bind_template_callback (widget_class, verdict_closure);
  gtk_widget_class_bind_template_callback (widget_class, verdict_icon_closure);
  gtk_widget_class_bind_template_callback (widget_class, verdict_style_closure);
  gtk_widget_class_bind_template_callback (widget_class, nearness_closure);
  gtk_widget_class_bind_template_callback (widget_class, latency_closure);
  gtk_widget_class_bind_template_callback (widget_class, nearest_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
}

static void
rt_search_view_class_init (RtSearchViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_search_view_dispose;
  object_class->get_property = rt_search_view_get_property;
  object_class->set_property = rt_search_view_set_property;

  properties[PROP_SEARCH] =
    g_param_spec_object ("search", NULL, NULL, RT_TYPE_SEARCH,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOUND_EXACT] =
    g_param_spec_boolean ("found-exact", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* To be done again, in the kind given (RtSearchKind). */
  signals[SEARCH_AGAIN] = g_signal_new ("search-again", RT_TYPE_SEARCH_VIEW, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 1, RT_TYPE_SEARCH_KIND);

  g_type_ensure (RT_TYPE_HOP);
  g_type_ensure (G_TYPE_STRV);
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "search-view.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "search-view.copy-target", NULL, copy_target_action);
}

static void
rt_search_view_init (RtSearchView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  rt_column_view_name_list (self->path_view);
  self->signals = g_signal_group_new (RT_TYPE_SEARCH);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (announce_cb), self);
  self->hop_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->hop_signals, "items-changed", G_CALLBACK (update_path), self);
  self->result_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->result_signals, "items-changed", G_CALLBACK (update_results), self);
}

RtSearch *
rt_search_view_get_search (RtSearchView *self)
{
  g_return_val_if_fail (RT_IS_SEARCH_VIEW (self), NULL);

  return self->search;
}

/**
 * rt_search_view_set_search:
 * @self: a search view
 * @search: (nullable): the search to show
 */
void
rt_search_view_set_search (RtSearchView *self,
                           RtSearch     *search)
{
  g_return_if_fail (RT_IS_SEARCH_VIEW (self));

  if (!g_set_object (&self->search, search))
    return;

  g_signal_group_set_target (self->signals, search);
  g_signal_group_set_target (self->hop_signals, search != NULL ? rt_search_get_hops (search) : NULL);
  g_signal_group_set_target (self->result_signals, search != NULL ? rt_search_get_results (search) : NULL);

  gtk_list_box_bind_model (self->results_list, search != NULL ? rt_search_get_results (search) : NULL,
                           create_result_row, NULL, NULL);
  show_hops (self);

  if (search != NULL)
    {
      update_results (self);
      update_state (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH]);
}
