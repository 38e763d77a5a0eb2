/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-chain.h"

#include "cli-options.h"

static char *
format_time (gint64      time,
             const char *format)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);

  /* A certificate may name times of which no calendar knows. */
  return date != NULL ? g_date_time_format (date, format) : g_strdup_printf ("%" G_GINT64_FORMAT, time);
}

/**
 * cli_time_to_text:
 * @time: seconds since 1970-01-01 UTC
 *
 * Returns: (transfer full): as ISO 8601 has it
 */
char *
cli_time_to_text (gint64 time)
{
  return format_time (time, "%Y-%m-%dT%H:%M:%SZ");
}

char *
cli_date_to_text (gint64 time)
{
  return format_time (time, "%Y-%m-%d");
}

/**
 * cli_profile_to_text:
 *
 * Returns: (nullable): "1.0", "2.0"; %NULL: none
 */
const char *
cli_profile_to_text (DrtProfile profile)
{
  switch (profile)
    {
    case DRT_PROFILE_1_0:
      return "1.0";
    case DRT_PROFILE_2_0:
      return "2.0";
    default:
      return NULL;
    }
}

static void
add_time (JsonBuilder *builder,
          const char  *name,
          gint64       time)
{
  g_autofree char *text = cli_time_to_text (time);

  cli_json_add_string (builder, name, text);
}

static const char *
algorithm_to_text (DrtKeyAlgorithm algorithm)
{
  static const char *const names[] = {
    [DRT_KEY_ALGORITHM_ED25519] = "ed25519",
    [DRT_KEY_ALGORITHM_P256] = "p256",
    [DRT_KEY_ALGORITHM_RSA1024] = "rsa1024",
  };

  return (guint) algorithm < G_N_ELEMENTS (names) ? names[algorithm] : "other";
}

void
cli_json_add_certificate (JsonBuilder              *builder,
                          const DrtCertificateInfo *info)
{
  cli_json_add_string (builder, "subject", info->subject);
  cli_json_add_string (builder, "issuer", info->issuer);
  cli_json_add_string (builder, "subject_full", info->subject_full);
  cli_json_add_string (builder, "issuer_full", info->issuer_full);
  cli_json_add_string (builder, "serial", info->serial);
  add_time (builder, "not_before", info->not_before);
  add_time (builder, "not_after", info->not_after);
  cli_json_add_string (builder, "algorithm", algorithm_to_text (info->algorithm));
  cli_json_add_string (builder, "key_name", info->key_name);
  cli_json_add_string (builder, "signature", info->signature_name);
  cli_json_add_string (builder, "fingerprint", info->fingerprint);
  cli_json_add_string (builder, "key_usage", info->key_usage);
  cli_json_add_bool (builder, "is_authority", info->is_authority);
  cli_json_add_int (builder, "path_length", info->path_length);
  cli_json_add_bool (builder, "is_self_signed", info->is_self_signed);
  cli_json_add_string (builder, "profile", cli_profile_to_text (info->profile));
  if (info->profile != DRT_PROFILE_NONE)
    cli_json_add_key (builder, "key", &info->key);
  else
    cli_json_add_string (builder, "key", NULL);
}

void
cli_json_add_reasons (JsonBuilder          *builder,
                      const DrtChainReport *report)
{
  json_builder_set_member_name (builder, "reasons");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);
      g_autofree char *sentence = drt_chain_verdict_describe (report, verdict);

      json_builder_begin_object (builder);
      cli_json_add_int (builder, "depth", verdict->depth);
      cli_json_add_string (builder, "id", drt_chain_reason_id (verdict->reason));
      cli_json_add_bool (builder, "fault", drt_chain_reason_is_fault (verdict->reason));
      cli_json_add_string (builder, "title", drt_chain_verdict_title (report, verdict));
      cli_json_add_string (builder, "sentence", sentence);
      cli_json_add_string (builder, "remedy", drt_chain_verdict_remedy (report, verdict));
      cli_json_add_int (builder, "openssl_code", verdict->openssl_code);
      cli_json_add_string (builder, "openssl", drt_chain_openssl_name (verdict->openssl_code));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
cli_json_add_chain (JsonBuilder          *builder,
                    const DrtChainReport *report)
{
  cli_json_add_bool (builder, "good", report->hr == S_OK);
  cli_json_add_code (builder, report->hr);
  json_builder_set_member_name (builder, "certificates");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->certificates->len; i++)
    {
      g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (report->certificates->pdata[i]);

      json_builder_begin_object (builder);
      cli_json_add_int (builder, "depth", i);
      cli_json_add_certificate (builder, info);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  cli_json_add_reasons (builder, report);
}

void
cli_json_add_invitation (JsonBuilder         *builder,
                         const DrtInvitation *invitation)
{
  g_autofree char *protocol = g_strdup_printf ("%u.%u", invitation->protocol_major, invitation->protocol_minor);

  cli_json_add_string (builder, "name", invitation->name);
  cli_json_add_string (builder, "fingerprint", invitation->fingerprint);
  cli_json_add_string (builder, "mode", cli_mode_to_name (invitation->mode));
  cli_json_add_string (builder, "profile", cli_profile_to_text (invitation->profile));
  cli_json_add_string (builder, "protocol", protocol);
  json_builder_set_member_name (builder, "nodes");
  json_builder_begin_array (builder);
  for (guint i = 0; invitation->bootstrap[i] != NULL; i++)
    json_builder_add_string_value (builder, invitation->bootstrap[i]);
  json_builder_end_array (builder);
  if (invitation->expires != 0)
    add_time (builder, "expires", invitation->expires);
  else
    cli_json_add_string (builder, "expires", NULL);
}

static void
append_verdict (GString               *text,
                const DrtChainReport  *report,
                const DrtChainVerdict *verdict,
                const char            *indent)
{
  g_autofree char *sentence = drt_chain_verdict_describe (report, verdict);
  const char *openssl = drt_chain_openssl_name (verdict->openssl_code);

  g_string_append_printf (text, "%s     %s%s\n", indent,
                          drt_chain_reason_is_fault (verdict->reason) ? "" : "Warning: ", sentence);
  g_string_append_printf (text, "%s     → %s\n", indent, drt_chain_verdict_remedy (report, verdict));
  g_string_append_printf (text, "%s       (%s%s%s)\n", indent, drt_chain_reason_id (verdict->reason),
                          openssl != NULL ? ", " : "", openssl != NULL ? openssl : "");
}

static gboolean
has_fault_at (const DrtChainReport *report,
              guint                 depth)
{
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);

      if (verdict->depth == depth && drt_chain_reason_is_fault (verdict->reason))
        return TRUE;
    }
  return FALSE;
}

static void
append_verdicts (GString              *text,
                 const DrtChainReport *report,
                 guint                 depth,
                 const char           *indent)
{
  for (guint i = 0; i < report->verdicts->len; i++)
    {
      const DrtChainVerdict *verdict = &g_array_index (report->verdicts, DrtChainVerdict, i);

      if (verdict->depth == depth)
        append_verdict (text, report, verdict, indent);
    }
}

static void
append_certificate (GString              *text,
                    const DrtChainReport *report,
                    guint                 depth,
                    const char           *indent)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (report->certificates->pdata[depth]);
  g_autofree char *from = cli_date_to_text (info->not_before);
  g_autofree char *to = cli_date_to_text (info->not_after);

  g_string_append_printf (text, "%s%s %2u  %s\n", indent, has_fault_at (report, depth) ? "✗" : "✓", depth, info->subject);
  g_string_append_printf (text, "%s     issued by %s; %s to %s; %s\n", indent,
                          info->is_self_signed ? "itself" : info->issuer, from, to, info->key_name);
  append_verdicts (text, report, depth, indent);
}

/**
 * cli_chain_to_text:
 * @indent: what each line begins with
 *
 * Returns: (transfer full): every certificate, the member's first, with every
 *   reason against it
 */
char *
cli_chain_to_text (const DrtChainReport *report,
                   const char           *indent)
{
  GString *text = g_string_new (NULL);
  guint n = report->certificates->len;
  guint end = n;

  if (n == 0)
    g_string_append_printf (text, "%s✗     unreadable\n", indent);
  for (guint depth = 0; depth < n; depth++)
    append_certificate (text, report, depth, indent);
  /* What could not be read, or is missing above the last. */
  for (guint i = 0; i < report->verdicts->len; i++)
    end = MAX (end, g_array_index (report->verdicts, DrtChainVerdict, i).depth + 1);
  for (guint depth = n; depth < end; depth++)
    append_verdicts (text, report, depth, indent);
  return g_string_free_and_steal (text);
}

char *
cli_reasons_to_words (const DrtChainReport *report)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < report->verdicts->len; i++)
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "",
                            drt_chain_reason_id (g_array_index (report->verdicts, DrtChainVerdict, i).reason));
  return g_string_free_and_steal (words);
}
