/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include <drt-glib.h>

#include "rt-key-group.h"
#include "rt-search-options.h"
#include "rt-search-page.h"
#include "rt-search-row.h"
#include "rt-search-view.h"

struct _RtSearchPage
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  RtKeyGroup *key_group;
  AdwToggleGroup *kind_group;
  RtSearchOptions *options;
  GtkDropDown *timeout;
  GtkStringList *timeout_texts;
  GtkStack *stack;
  RtSearchView *view;
  GtkWidget *history_group;
  GtkListBox *history;

  RtNode *node;
  GSignalGroup *node_signals;
  GtkFilter *history_filter;     /* all but the one that is shown */
  GtkFilterListModel *earlier;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (RtSearchPage, rt_search_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_NODE,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const guint timeouts[] = { 1, 2, 5, 10, 30, 60 };   /* seconds */
static const guint DEFAULT_TIMEOUT = 2;                    /* index of 5 s */

static GtkOrientation
orientation_closure (gpointer self,
                     gboolean narrow)
{
  return narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;
}

static gboolean
is_nearest_closure (gpointer    self,
                    const char *name)
{
  return g_strcmp0 (name, "nearest") == 0;
}

static gboolean
is_open (RtSearchPage *self)
{
  RtNodeState state = self->node != NULL ? rt_node_get_state (self->node) : RT_NODE_CLOSED;

  return state != RT_NODE_CLOSED && state != RT_NODE_FAULTED;
}

static void
update (RtSearchPage *self)
{
  const char *name;
  DrtKey key;

  if (rt_search_view_get_search (self->view) != NULL)
    name = "search";
  else
    name = is_open (self) ? "empty" : "closed";

  gtk_stack_set_visible_child_name (self->stack, name);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->key_group),
                                         is_open (self) || g_str_equal (name, "closed")
                                           ? NULL : _("The node is closed: open it to search."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "search.search",
                                 is_open (self) && rt_key_group_get_key (self->key_group, &key));
}

static void
update_history (RtSearchPage *self)
{
  gtk_widget_set_visible (self->history_group,
                          g_list_model_get_n_items (G_LIST_MODEL (self->earlier)) > 0);
}

static gboolean
is_earlier (gpointer item,
            gpointer data)
{
  RtSearchPage *self = data;

  return item != rt_search_view_get_search (self->view);
}

static void
show_search (RtSearchPage *self,
             RtSearch     *search)
{
  rt_search_view_set_search (self->view, search);
  gtk_filter_changed (self->history_filter, GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

static RtSearchKind
get_kind (RtSearchPage *self)
{
  return g_strcmp0 (adw_toggle_group_get_active_name (self->kind_group), "nearest") == 0
    ? RT_SEARCH_NEAREST : RT_SEARCH_EXACT;
}

static guint
get_timeout_ms (RtSearchPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->timeout);

  return 1000 * timeouts[selected < G_N_ELEMENTS (timeouts) ? selected : DEFAULT_TIMEOUT];
}

/* Begins a search, or says at the key why it cannot begin. */
static void
begin (RtSearchPage *self,
       const DrtKey *key,
       RtSearchKind  kind)
{
  g_autoptr (GError) error = NULL;
  RtSearchScope scope;
  RtSearch *search;

  if (kind == RT_SEARCH_NEAREST && !rt_search_options_get_scope (self->options, key, &scope))
    return;
  search = rt_node_search (self->node, key, kind, kind == RT_SEARCH_NEAREST ? &scope : NULL, get_timeout_ms (self), &error);
  if (search == NULL)
    {
      rt_key_group_set_refusal (self->key_group,
                                error->domain == DRT_ERROR ? error->code : E_FAIL, error->message, NULL);
      return;
    }

  show_search (self, search);
}

static void
search_typed (RtSearchPage *self)
{
  DrtKey key;

  if (!rt_key_group_get_key (self->key_group, &key))
    {
      rt_key_group_reveal_problem (self->key_group);
      gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
      return;
    }

  if (is_open (self))
    begin (self, &key, get_kind (self));
}

static void
key_changed_cb (RtSearchPage *self)
{
  update (self);
}

static void
activated_cb (RtSearchPage *self)
{
  search_typed (self);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  search_typed (RT_SEARCH_PAGE (widget));
}

static void
search_again_cb (RtSearchPage *self,
                 RtSearchKind  kind)
{
  RtSearch *search = rt_search_view_get_search (self->view);

  if (search != NULL)
    rt_search_page_search (self, rt_search_get_target_text (search), kind);
}

static void
history_activated_cb (RtSearchPage  *self,
                      GtkListBoxRow *row)
{
  g_autoptr (RtSearch) search = g_object_ref (rt_search_row_get_search (RT_SEARCH_ROW (row)));

  show_search (self, search);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
}

static GtkWidget *
create_history_row (gpointer item,
                    gpointer data)
{
  return rt_search_row_new (RT_SEARCH (item));
}

static void
set_node (RtSearchPage *self,
          RtNode       *node)
{
  if (!g_set_object (&self->node, node))
    return;

  g_signal_group_set_target (self->node_signals, node);
  gtk_filter_list_model_set_model (self->earlier, node != NULL ? rt_node_get_searches (node) : NULL);
  show_search (self, NULL);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NODE]);
}

static gboolean
rt_search_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_SEARCH_PAGE (widget)->key_group));
}

static void
rt_search_page_dispose (GObject *object)
{
  RtSearchPage *self = RT_SEARCH_PAGE (object);

  g_clear_object (&self->node_signals);
  if (self->earlier != NULL)
    g_signal_handlers_disconnect_by_func (self->earlier, update_history, self);
  g_clear_object (&self->earlier);
  g_clear_object (&self->history_filter);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (rt_search_page_parent_class)->dispose (object);
}

static void
rt_search_page_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  RtSearchPage *self = RT_SEARCH_PAGE (object);

  switch (property_id)
    {
    case PROP_NODE:
      g_value_set_object (value, self->node);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_search_page_set_property (GObject      *object,
                             guint         property_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  RtSearchPage *self = RT_SEARCH_PAGE (object);

  switch (property_id)
    {
    case PROP_NODE:
      set_node (self, g_value_get_object (value));
      break;
    case PROP_NARROW:
      if (self->narrow != g_value_get_boolean (value))
        {
          self->narrow = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_search_page_class_init (RtSearchPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rt_search_page_dispose;
  object_class->get_property = rt_search_page_get_property;
  object_class->set_property = rt_search_page_set_property;
  widget_class->grab_focus = rt_search_page_grab_focus;

  properties[PROP_NODE] =
    g_param_spec_object ("node", NULL, NULL, RT_TYPE_NODE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RT_TYPE_KEY_GROUP);
  g_type_ensure (RT_TYPE_SEARCH_OPTIONS);
  g_type_ensure (RT_TYPE_SEARCH_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/pages/rt-search-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, key_group);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, kind_group);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, options);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, timeout);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, timeout_texts);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, view);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, history_group);
  gtk_widget_class_bind_template_child (widget_class, RtSearchPage, history);
  gtk_widget_class_bind_template_callback (widget_class, orientation_closure);
  gtk_widget_class_bind_template_callback (widget_class, is_nearest_closure);
  gtk_widget_class_bind_template_callback (widget_class, key_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, history_activated_cb);

  gtk_widget_class_install_action (widget_class, "search.search", NULL, search_action);
}

static void
rt_search_page_init (RtSearchPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < G_N_ELEMENTS (timeouts); i++)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u second", "%u seconds", timeouts[i]), timeouts[i]);

      gtk_string_list_append (self->timeout_texts, text);
    }
  gtk_drop_down_set_selected (self->timeout, DEFAULT_TIMEOUT);

  self->node_signals = g_signal_group_new (RT_TYPE_NODE);
  g_signal_group_connect_swapped (self->node_signals, "notify::state", G_CALLBACK (update), self);

  self->history_filter = GTK_FILTER (gtk_custom_filter_new (is_earlier, self, NULL));
  self->earlier = gtk_filter_list_model_new (NULL, g_object_ref (self->history_filter));
  g_signal_connect_swapped (self->earlier, "items-changed", G_CALLBACK (update_history), self);
  gtk_list_box_bind_model (self->history, G_LIST_MODEL (self->earlier), create_history_row, NULL, NULL);

  update_history (self);
  update (self);
}

/**
 * rt_search_page_search:
 * @self: a search page
 * @key_text: digits of a key
 * @kind: exact or nearest
 *
 * Puts the key into the field and searches for it.
 */
void
rt_search_page_search (RtSearchPage *self,
                       const char   *key_text,
                       RtSearchKind  kind)
{
  DrtKey key;

  g_return_if_fail (RT_IS_SEARCH_PAGE (self));

  rt_key_group_set_hex (self->key_group, key_text);
  adw_toggle_group_set_active_name (self->kind_group, kind == RT_SEARCH_NEAREST ? "nearest" : "exact");

  if (is_open (self) && rt_key_group_get_key (self->key_group, &key))
    begin (self, &key, kind);
}

/**
 * rt_search_page_focus_entry:
 * @self: a search page
 *
 * Where one types the key.
 */
void
rt_search_page_focus_entry (RtSearchPage *self)
{
  g_return_if_fail (RT_IS_SEARCH_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->key_group));
}
