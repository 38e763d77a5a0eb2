/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-refusal.h"

#include "cli-chain.h"
#include "cli-output.h"

/**
 * cli_refusal_is:
 *
 * A new entry whose node only did not answer is nobody who was refused.
 */
gboolean
cli_refusal_is (const DrtObservedEvent *event)
{
  switch (event->kind)
    {
    case DRT_OBSERVED_EVENT_MEMBER_REFUSED:
    case DRT_OBSERVED_EVENT_KEY_EXPIRES:
    case DRT_OBSERVED_EVENT_KEY_EXPIRED:
      return TRUE;
    case DRT_OBSERVED_EVENT_ENTRY_REFUSED:
      return event->hr != DRT_E_TIMEOUT;
    default:
      return FALSE;
    }
}

static DrtChainReport *
check_credential (const DrtObservedEvent *event,
                  const CliCredentials   *credentials)
{
  DrtChainQuery query = { .root = credentials->root, .revoked = credentials->revoked };

  if (event->credential == NULL || !credentials->derived)
    return NULL;
  return drt_chain_check_credential (event->credential, event->credential_size, &query);
}

static const char *
event_name (DrtObservedEventKind kind)
{
  switch (kind)
    {
    case DRT_OBSERVED_EVENT_MEMBER_REFUSED:
      return "member-refused";
    case DRT_OBSERVED_EVENT_KEY_EXPIRES:
      return "key-expires";
    case DRT_OBSERVED_EVENT_KEY_EXPIRED:
      return "key-expired";
    default:
      return "entry-refused";
    }
}

/**
 * cli_refusal_tell:
 *
 * As a JSON object.
 */
void
cli_refusal_tell (const DrtObservedEvent *event,
                  const CliCredentials   *credentials)
{
  JsonBuilder *builder = cli_json_begin (event_name (event->kind));
  g_autoptr (DrtChainReport) report = NULL;

  if (event->has_key)
    cli_json_add_key (builder, "key", &event->key);
  if (event->kind == DRT_OBSERVED_EVENT_KEY_EXPIRES)
    cli_json_add_int (builder, "days", event->code);
  if (event->has_remote_key)
    cli_json_add_key (builder, "remote_key", &event->remote_key);
  if (event->has_endpoint)
    cli_json_add_endpoint (builder, "endpoint", &event->endpoint);
  if (event->kind == DRT_OBSERVED_EVENT_MEMBER_REFUSED || event->kind == DRT_OBSERVED_EVENT_ENTRY_REFUSED)
    {
      cli_json_add_code (builder, event->hr);
      report = check_credential (event, credentials);
      cli_json_add_bool (builder, "has_credential", event->credential != NULL);
      if (report != NULL)
        cli_json_add_reasons (builder, report);
    }
  cli_json_end (builder);
}

static void
append_report (GString              *text,
               const DrtChainReport *report)
{
  g_autofree char *chain = NULL;

  /* The chain is good, but the proof is not: of another message, too old, from a clock that is off; or
   * what it was made for is an address that is not one of ours, as ::1 of a node in global scope. */
  if (report->hr == S_OK)
    {
      g_string_append (text, "; its certificates are good, its proof is not. Are both clocks right, and was it sent to an address this node told?");
      return;
    }
  chain = g_strchomp (cli_chain_to_text (report, "            "));
  g_string_append_printf (text, "\n%s", chain);
}

static char *
refused_to_text (const DrtObservedEvent *event,
                 const CliCredentials   *credentials)
{
  GString *text = g_string_new ("Refused");
  g_autoptr (DrtChainReport) report = check_credential (event, credentials);
  char endpoint[DRT_ENDPOINT_TEXT_SIZE];
  char key[DRT_KEY_HEX_LENGTH + 1];

  if (event->has_endpoint)
    {
      drt_endpoint_format (&event->endpoint, endpoint);
      g_string_append_printf (text, " %s", endpoint);
    }
  if (event->has_remote_key)
    {
      drt_key_format (&event->remote_key, key);
      g_string_append_printf (text, " with key %.12s…", key);
    }
  g_string_append_printf (text, ": %s (0x%08X)", cli_code_to_name (event->hr), (guint32) event->hr);
  if (event->credential == NULL && event->kind == DRT_OBSERVED_EVENT_MEMBER_REFUSED)
    g_string_append (text, ", no proof of membership came");
  if (report != NULL)
    append_report (text, report);
  return g_string_free_and_steal (text);
}

/**
 * cli_refusal_to_text:
 *
 * Returns: (transfer full): a line, and the chain beneath it where one came
 */
char *
cli_refusal_to_text (const DrtObservedEvent *event,
                     const CliCredentials   *credentials)
{
  char key[DRT_KEY_HEX_LENGTH + 1];

  drt_key_format (&event->key, key);
  switch (event->kind)
    {
    case DRT_OBSERVED_EVENT_KEY_EXPIRES:
      return g_strdup_printf ("Key %.12s…: its certificate expires in %d day%s; ask the mesh authority to renew it", key,
                              event->code, event->code == 1 ? "" : "s");
    case DRT_OBSERVED_EVENT_KEY_EXPIRED:
      return g_strdup_printf ("Key %.12s…: its certificate has expired, nobody accepts it any more", key);
    default:
      return refused_to_text (event, credentials);
    }
}
