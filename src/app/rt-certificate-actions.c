/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-certificate-actions.h"

#include <adwaita.h>
#include <drt-glib.h>
#include <glib/gi18n.h>

#include "rt-certificate-dialog.h"
#include "rt-refusals-dialog.h"

void
rt_certificate_actions_show_refusals (GtkWidget *origin, RtNode *node)
{
  adw_dialog_present (rt_refusals_dialog_new (node), origin);
}

static void
explain (GtkWidget *origin, const char *heading, const char *body)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _("_Close"));
  adw_dialog_present (dialog, origin);
}

/* Its certificates, or why there are none to be shown. */
void
rt_certificate_actions_show_refusal (GtkWidget *origin, RtNode *node, RtRefusal *refusal)
{
  GBytes *credential = rt_refusal_get_credential (refusal);
  g_autoptr(RtChain) chain = NULL;
  g_autofree char *body = NULL;

  if (credential != NULL)
    {
      chain = rt_chain_new_for_credential (credential, rt_refusal_get_endpoint (refusal), rt_node_get_settings (node));
      adw_dialog_present (rt_certificate_dialog_new (chain), origin);
      return;
    }
  body = g_strdup_printf (_("%s was refused: %s\n\nThere are no certificates to be shown: it sent none, or it was too long ago.\n\n%s 0x%08X"),
                          rt_refusal_get_endpoint (refusal), rt_refusal_get_sentence (refusal),
                          drt_hresult_to_name (rt_refusal_get_hresult (refusal)), (guint32) rt_refusal_get_hresult (refusal));
  explain (origin, rt_refusal_get_title (refusal), body);
}

static gboolean
derives_from (RtCertificateFile *file, const char *key_text)
{
  PCCERT_CONTEXT certificate = file != NULL ? rt_certificate_file_get_certificate (file) : NULL;
  g_autoptr(DrtCertificateInfo) info = certificate != NULL ? drt_certificate_get_info (certificate) : NULL;
  g_autofree char *derived = info != NULL ? drt_key_to_string (&info->key) : NULL;

  return derived != NULL && g_strcmp0 (derived, key_text) == 0;
}

/* What the key of an event derives from: the node's own certificate, or that of
 * a registered key. */
static RtCertificateFile *
find_file (RtNode *node, const char *key_text)
{
  RtCertificateFile *local = rt_mesh_settings_get_file (rt_node_get_settings (node), RT_MESH_LOCAL);
  RtRegistration *registration;
  DrtKey key;

  if (derives_from (local, key_text))
    return local;
  if (key_text == NULL || !drt_key_parse (key_text, &key))
    return NULL;
  registration = rt_node_find_registration (node, &key);
  return registration != NULL ? rt_registration_get_certificate (registration) : NULL;
}

void
rt_certificate_actions_show_event (GtkWidget *origin, RtNode *node, RtEvent *event)
{
  RtCertificateFile *file = find_file (node, rt_event_get_key_text (event));

  if (rt_event_get_refusal (event) != NULL)
    rt_certificate_actions_show_refusal (origin, node, rt_event_get_refusal (event));
  else if (file != NULL)
    adw_dialog_present (rt_certificate_dialog_new_for_file (file, rt_node_get_settings (node)), origin);
  else
    explain (origin, _("The Certificate of This Key"), rt_event_get_text (event));
}
