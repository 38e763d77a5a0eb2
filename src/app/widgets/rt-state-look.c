/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-state-look.h"

const char *
rt_registration_state_to_icon (RtRegistrationState state)
{
  switch (state)
    {
    case RT_REGISTRATION_REGISTERING:
    case RT_REGISTRATION_REVOKING:
      return "content-loading-symbolic";
    case RT_REGISTRATION_FILLING:
      return "radio-mixed-symbolic";
    case RT_REGISTRATION_REGISTERED:
      return "object-select-symbolic";
    case RT_REGISTRATION_FAILED:
      return "dialog-error-symbolic";
    case RT_REGISTRATION_UNRESOLVABLE:
      return "dialog-warning-symbolic";
    case RT_REGISTRATION_OFFLINE:
    default:
      return "network-offline-symbolic";
    }
}

/* Grey is offline, red is a fault. */
const char *
rt_registration_state_to_style (RtRegistrationState state)
{
  switch (state)
    {
    case RT_REGISTRATION_REGISTERED:
      return "success";
    case RT_REGISTRATION_FAILED:
      return "error";
    case RT_REGISTRATION_UNRESOLVABLE:
      return "warning";
    case RT_REGISTRATION_REGISTERING:
    case RT_REGISTRATION_FILLING:
      return "accent";
    case RT_REGISTRATION_REVOKING:
    case RT_REGISTRATION_OFFLINE:
    default:
      return "dimmed";
    }
}

const char *
rt_registration_state_to_explanation (RtRegistrationState state)
{
  switch (state)
    {
    case RT_REGISTRATION_OFFLINE:
      return _("The node is closed. The key is registered when it opens.");
    case RT_REGISTRATION_REGISTERING:
      return _("The mesh is being told about this key.");
    case RT_REGISTRATION_FILLING:
      return _("Others can find this key. Not all its neighbours on the ring are known yet.");
    case RT_REGISTRATION_REGISTERED:
      return _("Others can find this key.");
    case RT_REGISTRATION_FAILED:
      return _("The key could not be registered.");
    case RT_REGISTRATION_UNRESOLVABLE:
      return _("The security provider can no longer vouch for this key, so nobody else finds it.");
    case RT_REGISTRATION_REVOKING:
      return _("The mesh is being told that this key is no more.");
    default:
      return "";
    }
}

const char *
rt_search_state_to_icon (RtSearchState state)
{
  switch (state)
    {
    case RT_SEARCH_RUNNING:
      return "content-loading-symbolic";
    case RT_SEARCH_FOUND:
      return "object-select-symbolic";
    case RT_SEARCH_TIMED_OUT:
      return "alarm-symbolic";
    case RT_SEARCH_CANCELLED:
      return "process-stop-symbolic";
    case RT_SEARCH_FAILED:
      return "dialog-error-symbolic";
    case RT_SEARCH_NOT_FOUND:
    default:
      return "action-unavailable-symbolic";
    }
}

const char *
rt_search_state_to_style (RtSearchState state)
{
  switch (state)
    {
    case RT_SEARCH_RUNNING:
      return "accent";
    case RT_SEARCH_FOUND:
      return "success";
    case RT_SEARCH_TIMED_OUT:
      return "warning";
    case RT_SEARCH_FAILED:
      return "error";
    case RT_SEARCH_NOT_FOUND:
    case RT_SEARCH_CANCELLED:
    default:
      return "dimmed";
    }
}

#define FLAGS_FAILED (DRT_ADDRESS_FLAG_UNREACHABLE | DRT_ADDRESS_FLAG_TOO_BUSY | DRT_ADDRESS_FLAG_BAD_VALIDATE_ID)

const char *
rt_verdict_to_icon (guint flags)
{
  if (flags & DRT_ADDRESS_FLAG_ACCEPTED)
    return "object-select-symbolic";
  if (flags & FLAGS_FAILED)
    return "dialog-warning-symbolic";
  if (flags & DRT_ADDRESS_FLAG_LOOP)
    return "view-refresh-symbolic";
  if (flags & (DRT_ADDRESS_FLAG_REJECTED | DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID))
    return "action-unavailable-symbolic";
  if (flags & DRT_ADDRESS_FLAG_INQUIRE)
    return "dialog-password-symbolic";
  return "content-loading-symbolic";
}

const char *
rt_verdict_to_style (guint flags)
{
  if (flags & DRT_ADDRESS_FLAG_ACCEPTED)
    return "success";
  if (flags & FLAGS_FAILED)
    return "warning";
  return "dimmed";
}

/**
 * rt_verdict_to_explanation:
 * @flags: DRT_ADDRESS_FLAGS of a node that was asked
 *
 * Returns: (transfer full): what happened there, a sentence for each flag
 */
char *
rt_verdict_to_explanation (guint flags)
{
  const struct { guint flag; const char *sentence; } sentences[] = {
    { DRT_ADDRESS_FLAG_ACCEPTED, _("Its answer moved the search forward.") },
    { DRT_ADDRESS_FLAG_REJECTED, _("Its answer was no nearer than what was known already.") },
    { DRT_ADDRESS_FLAG_UNREACHABLE, _("It did not answer.") },
    { DRT_ADDRESS_FLAG_LOOP, _("It named a node that had been asked before.") },
    { DRT_ADDRESS_FLAG_TOO_BUSY, _("It said that it was too busy to answer.") },
    { DRT_ADDRESS_FLAG_BAD_VALIDATE_ID, _("It does not publish the key it was asked as.") },
    { DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID, _("It believes that the key is not registered any more.") },
    { DRT_ADDRESS_FLAG_INQUIRE, _("It was asked to prove that it owns its key.") },
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      if ((flags & sentences[i].flag) == 0)
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, sentences[i].sentence);
    }

  if (text->len == 0)
    g_string_append (text, _("It was asked and has not answered yet."));

  return g_string_free (text, FALSE);
}

void
rt_image_set_look (GtkImage   *image,
                   const char *icon,
                   const char *style)
{
  const char *classes[] = { style, NULL };

  gtk_image_set_from_icon_name (image, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (image), classes);
}

static GtkWidget *
find_subtitle (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "subtitle"))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_subtitle (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

void
rt_label_forbid_hyphens (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
}

void
rt_action_row_forbid_hyphens (GtkWidget *row)
{
  GtkWidget *subtitle = find_subtitle (row);

  /* There is no property for it; without the label the hyphens stay. */
  if (subtitle != NULL)
    rt_label_forbid_hyphens (GTK_LABEL (subtitle));
}
