/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-checklist.h"

#include <drt-glib.h>
#include <glib/gi18n.h>

/** rt_check_kind_to_title: the question, translated */
const char *
rt_check_kind_to_title (RtCheckKind kind)
{
  switch (kind)
    {
    case RT_CHECK_ADDRESS:   return _("IPv6 address");
    case RT_CHECK_PORT:      return _("UDP port");
    case RT_CHECK_BOOTSTRAP: return _("Bootstrap");
    case RT_CHECK_ERROR:     return _("Last error");
    case RT_N_CHECKS:
    default:                 return "–";
    }
}

/** rt_check_result_to_string: what its icon says, translated */
const char *
rt_check_result_to_string (RtCheckResult result)
{
  switch (result)
    {
    case RT_CHECK_WAITING: return C_("check", "Waiting");
    case RT_CHECK_GOOD:    return C_("check", "Good");
    case RT_CHECK_BAD:     return C_("check", "Problem");
    case RT_CHECK_UNKNOWN:
    default:               return C_("check", "Not known");
    }
}

static void
set (RtCheck *check, RtCheckResult result, const char *words, const char *next_step)
{
  check->result = result;
  check->words = g_strdup (words);
  check->next_step = g_strdup (next_step);
}

static void
check_address (RtCheck *check, RtNode *node)
{
  const char *const *endpoints = rt_node_get_endpoints (node);
  guint n_endpoints = g_strv_length ((char **) endpoints);

  if (rt_node_get_state (node) == RT_NODE_CLOSED)
    set (check, RT_CHECK_UNKNOWN, _("Looked for when the node opens"), NULL);
  else if (n_endpoints == 0)
    set (check, RT_CHECK_BAD, _("This computer has none that fits the scope of the mesh"),
         _("Connect to a network with IPv6, or choose another scope in the mesh settings"));
  else
    {
      check->result = RT_CHECK_GOOD;
      check->words = g_strdup_printf (ngettext ("%u address: others reach this node at %s",
                                                "%u addresses: others reach this node at %s", n_endpoints),
                                      n_endpoints, endpoints[0]);
    }
}

static void
check_port (RtCheck *check, RtNode *node)
{
  const GError *error = rt_node_get_open_error (node);

  if (rt_node_get_port (node) != 0)
    {
      check->result = RT_CHECK_GOOD;
      check->words = g_strdup_printf (_("Port %u is bound"), rt_node_get_port (node));
    }
  else if (error != NULL && (error->code == DRT_E_INVALID_PORT || error->code == DRT_HR_ADDRESS_IN_USE
                             || error->code == DRT_HR_ACCESS_DENIED))
    {
      set (check, RT_CHECK_BAD, error->message, _("Choose another port in the mesh settings; 0 takes any free one"));
      check->code = error->code;
    }
  else
    set (check, RT_CHECK_UNKNOWN, _("Bound when the node opens"), NULL);
}

static void
check_bootstrap_failed (RtCheck *check, RtNode *node, HRESULT hr)
{
  check->result = RT_CHECK_BAD;
  check->code = hr;
  check->words = g_strdup (drt_hresult_to_sentence (hr));
  if (hr == DRT_E_NO_MORE)
    {
      g_free (check->words);
      check->words = g_strdup (_("No address was found to begin with"));
    }
  switch (rt_mesh_settings_get_bootstrap_kind (rt_node_get_settings (node)))
    {
    case RT_BOOTSTRAP_DNS:
      check->next_step = g_strdup (_("Check the host name in the mesh settings, and that this computer can look names up"));
      break;
    case RT_BOOTSTRAP_LAN:
      check->next_step = g_strdup (_("Start another node with the same name, and check that Avahi runs on both computers"));
      break;
    case RT_BOOTSTRAP_NONE:
    case RT_BOOTSTRAP_LIST:
    default:
      check->next_step = g_strdup (_("Check the addresses in the mesh settings"));
    }
}

/* The first node of a mesh asks nobody, and waits to be asked. */
static void
check_first_node (RtCheck *check, RtNode *node)
{
  const char *endpoint = rt_node_get_endpoint (node);

  check->result = rt_node_get_state (node) == RT_NODE_ACTIVE ? RT_CHECK_GOOD : RT_CHECK_WAITING;
  check->words = g_strdup (_("None: this is the first node of a new mesh"));
  if (endpoint != NULL)
    check->next_step = g_strdup_printf (_("Start another node and give it this address: %s"), endpoint);
}

static void
check_bootstrap (RtCheck *check, RtNode *node)
{
  guint n_addresses = rt_node_get_n_bootstrap_addresses (node);
  HRESULT hr = rt_node_get_bootstrap_result (node);
  RtNodeState state = rt_node_get_state (node);

  if (state == RT_NODE_CLOSED)
    set (check, RT_CHECK_UNKNOWN, _("Asked when the node opens"), NULL);
  else if (state == RT_NODE_FAULTED && (n_addresses > 0 || SUCCEEDED (hr)))
    set (check, RT_CHECK_UNKNOWN, _("Not asked any more: the node has stopped"), NULL);
  else if (rt_mesh_settings_get_bootstrap_kind (rt_node_get_settings (node)) == RT_BOOTSTRAP_NONE)
    check_first_node (check, node);
  else if (state == RT_NODE_NO_NETWORK)
    set (check, RT_CHECK_WAITING, _("Asked as soon as there is a network"), NULL);
  else if (n_addresses == 0 && FAILED (hr))
    check_bootstrap_failed (check, node, hr);
  else if (n_addresses == 0)
    set (check, RT_CHECK_WAITING, _("Asking for nodes of the mesh"), NULL);
  else if (state == RT_NODE_ACTIVE || state == RT_NODE_OPENING)
    {
      check->result = state == RT_NODE_ACTIVE ? RT_CHECK_GOOD : RT_CHECK_WAITING;
      check->words = g_strdup_printf (ngettext ("%u address was found", "%u addresses were found", n_addresses), n_addresses);
    }
  else
    {
      check->result = RT_CHECK_BAD;
      check->words = g_strdup_printf (ngettext ("%u address was found, but no node answers there",
                                                "%u addresses were found, but no node answers there", n_addresses),
                                      n_addresses);
      check->next_step = g_strdup (_("Check that a node of the same protocol version runs there and that no firewall stops UDP"));
    }
}

static void
check_error (RtCheck *check, RtNode *node)
{
  const GError *error = rt_node_get_open_error (node);
  HRESULT fault = rt_node_get_fault (node);

  if (FAILED (fault))
    {
      set (check, RT_CHECK_BAD, drt_hresult_to_sentence (fault), _("Close the node, mend the cause, and open it again"));
      check->code = fault;
    }
  else if (error != NULL)
    {
      set (check, RT_CHECK_BAD, error->message, _("Change the mesh settings, then open the node again"));
      check->code = error->code;
    }
  else
    set (check, RT_CHECK_GOOD, _("None"), NULL);
}

/* The library's sentences end with a full stop; the lines of the list do not. */
static void
trim_full_stop (char *words)
{
  gsize length = words != NULL ? strlen (words) : 0;

  if (length > 0 && words[length - 1] == '.')
    words[length - 1] = '\0';
}

/**
 * rt_check_init:
 * @check: (out caller-allocates): cleared with rt_check_clear()
 */
void
rt_check_init (RtCheck *check, RtCheckKind kind, RtNode *node)
{
  *check = (RtCheck) { 0 };
  switch (kind)
    {
    case RT_CHECK_ADDRESS:   check_address (check, node); break;
    case RT_CHECK_PORT:      check_port (check, node); break;
    case RT_CHECK_BOOTSTRAP: check_bootstrap (check, node); break;
    case RT_CHECK_ERROR:     check_error (check, node); break;
    case RT_N_CHECKS:
    default:                 g_assert_not_reached ();
    }
  trim_full_stop (check->words);
}

void
rt_check_clear (RtCheck *check)
{
  g_clear_pointer (&check->words, g_free);
  g_clear_pointer (&check->next_step, g_free);
}
