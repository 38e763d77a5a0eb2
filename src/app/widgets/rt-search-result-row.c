/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-payload.h"
#include "rt-search-result-row.h"
#include "rt-state-look.h"

struct _RtSearchResultRow
{
  AdwPreferencesRow parent_instance;

  GtkImage *match_icon;
  GtkLabel *match_label;
  GtkLabel *size_label;
  GtkLabel *key_label;
  GtkLabel *payload_title;
  GtkLabel *payload_label;
  GtkWidget *copy_payload_button;
};

G_DEFINE_FINAL_TYPE (RtSearchResultRow, rt_search_result_row, ADW_TYPE_PREFERENCES_ROW)

static void
copy_key_cb (RtSearchResultRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy-text", "s", gtk_label_get_text (self->key_label));
}

static void
copy_payload_cb (RtSearchResultRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy-text", "s", gtk_label_get_text (self->payload_label));
}

static void
show_payload (RtSearchResultRow *self,
              GBytes            *payload)
{
  gulong size = payload != NULL ? (gulong) g_bytes_get_size (payload) : 0;
  g_autofree char *size_text = g_strdup_printf (ngettext ("%lu byte", "%lu bytes", size), size);
  g_autofree char *text = payload != NULL ? rt_payload_to_text (payload) : NULL;
  gboolean is_text = text != NULL;

  gtk_label_set_label (self->size_label, size_text);
  gtk_widget_set_visible (self->copy_payload_button, size > 0);

  if (size == 0)
    text = g_strdup ("–");
  else if (!is_text)
    text = rt_payload_to_hex (payload);

  gtk_label_set_label (self->payload_title, size == 0 || is_text ? _("Payload") : _("Payload in Hexadecimal"));
  gtk_label_set_text (self->payload_label, text);
  if (size > 0 && !is_text)
    gtk_widget_add_css_class (GTK_WIDGET (self->payload_label), "monospace");
}

static void
rt_search_result_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RT_TYPE_SEARCH_RESULT_ROW);

  G_OBJECT_CLASS (rt_search_result_row_parent_class)->dispose (object);
}

static void
rt_search_result_row_class_init (RtSearchResultRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_search_result_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-search-result-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSearchResultRow, match_icon);
  gtk_widget_class_bind_template_child (widget_class, RtSearchResultRow, match_label);
  gtk_widget_class_bind_template_child (widget_class, RtSearchResultRow, size_label);
  gtk_widget_class_bind_template_child (widget_class, RtSearchResultRow, key_label);
  gtk_widget_class_bind_template_child (widget_class, RtSearchResultRow, payload_title);
  gtk_widget_class_bind_template_child (widget_class, RtSearchResultRow, payload_label);
  gtk_widget_class_bind_template_child (widget_class, RtSearchResultRow, copy_payload_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_payload_cb);
}

static void
rt_search_result_row_init (RtSearchResultRow *self)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  /* A hyphen where a key is broken would look like a part of it. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (self->key_label, attributes);
  gtk_label_set_attributes (self->payload_label, attributes);
}

/**
 * rt_search_result_row_new:
 * @result: what was found; it never changes
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
rt_search_result_row_new (RtSearchResult *result)
{
  RtSearchResultRow *self = g_object_new (RT_TYPE_SEARCH_RESULT_ROW, NULL);
  gboolean exact = rt_search_result_get_exact (result);

  rt_image_set_look (self->match_icon,
                     exact ? "object-select-symbolic" : "find-location-symbolic",
                     exact ? "success" : "accent");
  gtk_label_set_label (self->match_label, exact ? _("Exactly This Key") : _("The Nearest Key"));
  gtk_label_set_label (self->key_label, rt_search_result_get_key_text (result));
  show_payload (self, rt_search_result_get_payload (result));

  return GTK_WIDGET (self);
}
