/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-node-state-look.h"

#include <glib/gi18n.h>

const char *
rt_node_state_to_icon (RtNodeState state)
{
  switch (state)
    {
    case RT_NODE_OPENING:    return "content-loading-symbolic";
    case RT_NODE_ACTIVE:     return "rt-state-active-symbolic";
    case RT_NODE_ALONE:      return "rt-state-alone-symbolic";
    case RT_NODE_NO_NETWORK: return "rt-state-no-network-symbolic";
    case RT_NODE_FAULTED:    return "dialog-error-symbolic";
    case RT_NODE_CLOSED:
    default:                 return "rt-state-closed-symbolic";
    }
}

/* Grey is offline, red is a fault. */
const char *
rt_node_state_to_style (RtNodeState state)
{
  switch (state)
    {
    case RT_NODE_OPENING:    return "accent";
    case RT_NODE_ACTIVE:     return "success";
    case RT_NODE_ALONE:      return "warning";
    case RT_NODE_NO_NETWORK: return "warning";
    case RT_NODE_FAULTED:    return "error";
    case RT_NODE_CLOSED:
    default:                 return "dimmed";
    }
}

const char *
rt_node_state_to_explanation (RtNodeState state)
{
  switch (state)
    {
    case RT_NODE_OPENING:
      return _("The node is looking for others. This takes a few seconds.");
    case RT_NODE_ACTIVE:
      return _("The node is part of the mesh: others answer it, and its keys can be found.");
    case RT_NODE_ALONE:
      return _("The node runs, but knows no other node. Nobody can find its keys yet.");
    case RT_NODE_NO_NETWORK:
      return _("This computer has no IPv6 address that the mesh could use. The node goes on as soon as there is one.");
    case RT_NODE_FAULTED:
      return _("Something essential failed and the node has stopped. Close it, mend the cause, and open it again.");
    case RT_NODE_CLOSED:
    default:
      return _("The node is closed. Your keys are kept and are registered again when it opens.");
    }
}

void
rt_image_set_node_state (GtkImage *image, RtNodeState state)
{
  static const char *const styles[] = { "accent", "success", "warning", "error", "dimmed" };

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (image), styles[i]);
  gtk_widget_add_css_class (GTK_WIDGET (image), rt_node_state_to_style (state));
  gtk_image_set_from_icon_name (image, rt_node_state_to_icon (state));
}
