/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-chain.h"

#include <openssl/x509_vfy.h>
#include <time.h>

/*
 * What a verdict is called, what it means and what to do.  The sentences are
 * for people who have never heard of a certificate chain; they name the
 * certificate, and who has to do something.
 */

#define MAX_NAME_SHOWN 80

typedef struct
{
  const char *id;
  const char *title;
  const char *remedy;
} DrtReasonWords;

static const DrtReasonWords reasons[DRT_REASON_N] = {
  [DRT_REASON_EXPIRED] = { "expired", "Expired",
    "Its owner asks the authority that issued it to renew it, and uses the new one from then on; the key stays the same." },
  [DRT_REASON_NOT_YET_VALID] = { "not-yet-valid", "Not yet valid",
    "Check the date and time of this computer. If they are right, wait until that day, or ask the authority for a certificate that is valid now." },
  [DRT_REASON_SELF_SIGNED] = { "self-signed", "Signed by itself",
    "Its owner asks the mesh authority for a certificate that the authority signs, and uses that one." },
  [DRT_REASON_UNKNOWN_ROOT] = { "unknown-root", "Unknown authority",
    "Check that the right authority is chosen for this mesh. If it is, the certificate belongs to another mesh: its owner asks the authority of this one for a certificate." },
  [DRT_REASON_ISSUER_MISSING] = { "issuer-missing", "Issuer missing",
    "Its owner gets the issuer’s certificate from the authority and puts it into the same file; if nobody has it, the certificate belongs to another mesh." },
  [DRT_REASON_ISSUER_NOT_AUTHORITY] = { "issuer-not-authority", "Issuer is no authority",
    "Do not trust what it has issued. Who holds such a certificate asks the mesh authority for one that the authority signs." },
  [DRT_REASON_PATH_TOO_LONG] = { "path-too-long", "Too many authorities in between",
    "The member asks an authority nearer to the root for a certificate, or the root authority issues one that allows more beneath it." },
  [DRT_REASON_BAD_SIGNATURE] = { "bad-signature", "Wrong signature",
    "Do not trust it. Its owner sends the original file again; if that has the same fault, the authority issues a new certificate." },
  [DRT_REASON_WEAK_SIGNATURE] = { "weak-signature", "Weak signature",
    "The authority issues the certificate anew with a modern signature, Ed25519 or SHA-256." },
  [DRT_REASON_WEAK_KEY] = { "weak-key", "Weak key",
    "Its owner makes a new key, Ed25519 or P-256, and has the authority issue a certificate for it." },
  [DRT_REASON_KEY_USAGE] = { "key-usage", "Not meant for this",
    "The authority issues a certificate that permits it; those made by Roundtable do." },
  [DRT_REASON_UNKNOWN_EXTENSION] = { "unknown-extension", "Unknown condition",
    "The authority issues a certificate without that condition." },
  [DRT_REASON_REVOKED] = { "revoked", "Revoked",
    "Do not trust it. If it is yours, ask the authority why, and for a new certificate with a new key." },
  [DRT_REASON_TOO_MANY] = { "too-many", "Too many certificates",
    "Whoever made the file leaves out the certificates that do not lead from the member to the root." },
  [DRT_REASON_KEY_NOT_DERIVED] = { "key-not-derived", "Key of another certificate",
    "Register the key that derives from this certificate, or choose the certificate this key derives from." },
  [DRT_REASON_WRONG_PROFILE] = { "wrong-profile", "Wrong security profile",
    "Its owner asks the authority of this mesh for a certificate with a key of the mesh’s profile; if the mesh is meant to speak the other profile, choose an authority of that one." },
  [DRT_REASON_NOT_A_CERTIFICATE] = { "not-a-certificate", "Not a certificate",
    "Choose another file: one that ends in .pem, .crt, .p12 or .pfx, as the authority gave it out." },
  [DRT_REASON_TRUNCATED] = { "truncated", "Cut off",
    "Copy or download the file again, whole; if it stays like this, ask who sent it." },
  [DRT_REASON_WRONG_PASSPHRASE] = { "wrong-passphrase", "Wrong passphrase",
    "Type the passphrase again, minding capitals and the keyboard’s language; if it is lost, its owner asks the authority for a new certificate." },
  [DRT_REASON_KEY_MISMATCH] = { "key-mismatch", "Private key of another certificate",
    "Put the certificate and the private key that were made together into one file; if the key is lost, ask the authority for a new certificate." },
  [DRT_REASON_EXPIRES_SOON] = { "expires-soon", "Expires soon",
    "It is good until then. Its owner asks the authority that issued it to renew it in time." },
};

/**
 * drt_chain_reason_id:
 * @reason: a reason
 *
 * Returns: its name for programs, which does not change
 */
const char *
drt_chain_reason_id (DrtChainReason reason)
{
  return (guint) reason < DRT_REASON_N ? reasons[reason].id : "unknown";
}

/**
 * drt_chain_reason_title:
 * @reason: a reason
 *
 * Returns: a few words for a heading, in English
 */
const char *
drt_chain_reason_title (DrtChainReason reason)
{
  return (guint) reason < DRT_REASON_N ? reasons[reason].title : "Unknown";
}

/**
 * drt_chain_reason_remedy:
 * @reason: a reason
 *
 * Returns: what to do and who does it, in English
 */
const char *
drt_chain_reason_remedy (DrtChainReason reason)
{
  return (guint) reason < DRT_REASON_N ? reasons[reason].remedy : "Ask the authority of the mesh.";
}

/* Nobody sends his root along, so that whoever belongs to another mesh ends with
 * an issuer that is not there: it is the authority that is not ours, not a file
 * that lacks something. */
static DrtChainReason
reason_for_people (const DrtChainReport  *report,
                   const DrtChainVerdict *verdict)
{
  return report->from_stranger && verdict->reason == DRT_REASON_ISSUER_MISSING ? DRT_REASON_UNKNOWN_ROOT : verdict->reason;
}

/**
 * drt_chain_verdict_title:
 * @report: a report
 * @verdict: one of its verdicts
 *
 * Returns: a few words for a heading, in English
 */
const char *
drt_chain_verdict_title (const DrtChainReport  *report,
                         const DrtChainVerdict *verdict)
{
  return drt_chain_reason_title (reason_for_people (report, verdict));
}

/**
 * drt_chain_verdict_remedy:
 * @report: a report
 * @verdict: one of its verdicts
 *
 * Returns: what to do and who does it, in English
 */
const char *
drt_chain_verdict_remedy (const DrtChainReport  *report,
                          const DrtChainVerdict *verdict)
{
  return drt_chain_reason_remedy (reason_for_people (report, verdict));
}

gboolean
drt_chain_reason_is_fault (DrtChainReason reason)
{
  return reason != DRT_REASON_EXPIRES_SOON;
}

/* --- OpenSSL's names --- */

#define CODE(name) { name, #name }

static const struct
{
  int code;
  const char *name;
} codes[] = {
  CODE (X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY),
  CODE (X509_V_ERR_CERT_SIGNATURE_FAILURE),
  CODE (X509_V_ERR_CERT_NOT_YET_VALID),
  CODE (X509_V_ERR_CERT_HAS_EXPIRED),
  CODE (X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD),
  CODE (X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD),
  CODE (X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT),
  CODE (X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN),
  CODE (X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
  CODE (X509_V_ERR_CERT_CHAIN_TOO_LONG),
  CODE (X509_V_ERR_CERT_REVOKED),
  CODE (X509_V_ERR_INVALID_CA),
  CODE (X509_V_ERR_PATH_LENGTH_EXCEEDED),
  CODE (X509_V_ERR_INVALID_PURPOSE),
  CODE (X509_V_ERR_AKID_SKID_MISMATCH),
  CODE (X509_V_ERR_KEYUSAGE_NO_CERTSIGN),
  CODE (X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE),
  CODE (X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION),
  CODE (X509_V_ERR_INVALID_EXTENSION),
  CODE (X509_V_ERR_EE_KEY_TOO_SMALL),
  CODE (X509_V_ERR_CA_KEY_TOO_SMALL),
  CODE (X509_V_ERR_CA_MD_TOO_WEAK),
};

/**
 * drt_chain_openssl_name:
 * @code: of a #DrtChainVerdict
 *
 * Returns: (nullable): how OpenSSL calls it
 */
const char *
drt_chain_openssl_name (int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].code == code)
      return codes[i].name;
  return NULL;
}

/* --- Times --- */

static char *
format_date (gint64 seconds)
{
  static const char *const months[] = {
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  };
  time_t time = seconds;
  struct tm parts;

  if (gmtime_r (&time, &parts) == NULL)
    return g_strdup ("a day far off");
  return g_strdup_printf ("%d %s %d", parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900);
}

/* "8 months", of the largest unit there are at least two of, or one of the smaller. */
static char *
format_span (gint64 seconds)
{
  static const struct
  {
    gint64 size;
    gint64 from;     /* of which on it is used */
    const char *one;
    const char *many;
  } units[] = {
    { 31556952, 2 * 31556952, "year", "years" },
    { 2629746, 2 * 2629746, "month", "months" },
    { 86400, 86400, "day", "days" },
    { 3600, 3600, "hour", "hours" },
    { 60, 60, "minute", "minutes" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (seconds >= units[i].from)
      {
        gint64 n = seconds / units[i].size;

        return g_strdup_printf ("%" G_GINT64_FORMAT " %s", n, n == 1 ? units[i].one : units[i].many);
      }
  return g_strdup ("less than a minute");
}

/* "3 March 2026, 8 months ago" */
static char *
format_time (gint64 seconds,
             gint64 now)
{
  g_autofree char *date = format_date (seconds);
  g_autofree char *span = format_span (seconds < now ? now - seconds : seconds - now);

  return seconds < now ? g_strdup_printf ("%s, %s ago", date, span) : g_strdup_printf ("%s, in %s", date, span);
}

/* --- The sentences --- */

static char *
shorten (const char *name)
{
  g_autofree char *start = NULL;

  if (g_utf8_strlen (name, -1) <= MAX_NAME_SHOWN)
    return g_strdup (name);
  start = g_utf8_substring (name, 0, MAX_NAME_SHOWN - 1);
  return g_strconcat (start, "…", NULL);
}

/* The certificate a verdict is about, as a sentence begins with it, and what is said of it. */
typedef struct
{
  const DrtChainReport *report;
  const DrtChainVerdict *verdict;
  DrtCertificateInfo *info;
  char *name;        /* “alice” */
  char *issuer;      /* “Our mesh” */
  char *what;        /* The certificate of “alice” */
  char *below;       /* the certificate of “alice”, of the one it issued */
} DrtVerdictContext;

static DrtCertificateInfo *
get_info (const DrtChainReport *report,
          guint                 depth)
{
  return depth < report->certificates->len ? drt_certificate_get_info (g_ptr_array_index (report->certificates, depth)) : NULL;
}

static void
context_init (DrtVerdictContext     *context,
              const DrtChainReport  *report,
              const DrtChainVerdict *verdict)
{
  g_autoptr (DrtCertificateInfo) below = verdict->depth > 0 ? get_info (report, verdict->depth - 1) : NULL;
  g_autofree char *subject = NULL, *issuer = NULL, *member = NULL;

  *context = (DrtVerdictContext) { .report = report, .verdict = verdict, .info = get_info (report, verdict->depth) };
  if (context->info == NULL)
    return;
  subject = shorten (context->info->subject);
  issuer = shorten (context->info->issuer);
  context->name = g_strdup_printf ("“%s”", subject);
  context->issuer = g_strdup_printf ("“%s”", issuer);
  context->what = g_strdup_printf (context->info->is_authority ? "The certificate of the authority “%s”" : "The certificate of “%s”", subject);
  if (below == NULL)
    return;
  member = shorten (below->subject);
  context->below = g_strdup_printf (below->is_authority ? "the certificate of the authority “%s”" : "the certificate of “%s”", member);
}

static void
context_clear (DrtVerdictContext *context)
{
  drt_certificate_info_free (context->info);
  g_free (context->name);
  g_free (context->issuer);
  g_free (context->what);
  g_free (context->below);
}

static char *
describe_times (const DrtVerdictContext *context)
{
  gint64 now = context->report->time;
  g_autofree char *from = format_time (context->info->not_before, now);
  g_autofree char *until = format_time (context->info->not_after, now);

  switch (context->verdict->openssl_code)
    {
    case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
      return g_strdup_printf ("%s does not say from when on it is valid.", context->what);
    case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
      return g_strdup_printf ("%s does not say until when it is valid.", context->what);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return g_strdup_printf ("%s is valid only from %s.", context->what, from);
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return g_strdup_printf ("%s expired on %s.", context->what, until);
    default:
      return g_strdup_printf ("%s expires on %s.", context->what, until);
    }
}

static char *
describe_path_length (const DrtVerdictContext *context)
{
  int limit = context->info->path_length;

  if (limit == 0)
    return g_strdup_printf ("The authority %s may issue certificates to members only, but there is another authority beneath it in this chain.", context->name);
  return g_strdup_printf ("The authority %s allows no more than %d %s beneath it, but there are more in this chain.",
                          context->name, limit, limit == 1 ? "authority" : "authorities in a row");
}

static char *
describe_usage (const DrtVerdictContext *context)
{
  const char *usage = context->info->key_usage;

  if (context->verdict->openssl_code == X509_V_ERR_INVALID_PURPOSE)
    return g_strdup_printf ("%s is meant for something else than a mesh, such as a web server.", context->what);
  if (context->verdict->depth > 0)
    return g_strdup_printf ("The authority %s may not sign certificates (its key is for: %s), yet it signed %s.",
                            context->name, usage != NULL && *usage != '\0' ? usage : "nothing", context->below);
  return g_strdup_printf ("%s may not be used to sign messages; its key is for: %s.",
                          context->what, usage != NULL && *usage != '\0' ? usage : "nothing");
}

static char *
describe_profile (const DrtVerdictContext *context)
{
  const char *asked = context->report->profile == DRT_PROFILE_1_0 ? "1.0" : "2.0";

  if (context->info->profile == DRT_PROFILE_NONE)
    return g_strdup_printf ("The key of %s (%s) is of a kind that no mesh uses; this one needs a key of security profile %s.",
                            context->name, context->info->key_name, asked);
  if (context->info->profile != context->report->profile)
    return g_strdup_printf ("The key of %s (%s) is one of security profile %s, but profile %s is asked for.",
                            context->name, context->info->key_name, context->info->profile == DRT_PROFILE_1_0 ? "1.0" : "2.0", asked);
  return g_strdup_printf ("%s does not have the form that security profile %s prescribes: a signature with SHA-1, a serial number of 16 bytes, an RSA key with the usual exponent.",
                          context->what, asked);
}

static char *
describe_signature (const DrtVerdictContext *context)
{
  if (context->verdict->openssl_code == X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY)
    return g_strdup_printf ("Whether %s signed the certificate of %s cannot be told, because the issuer’s key cannot be read.",
                            context->issuer, context->name);
  return g_strdup_printf ("The signature on the certificate of %s is wrong: it was changed after %s signed it, or someone else signed it in that name.",
                          context->name, context->issuer);
}

/* Of a report without certificates: what reading said. */
static char *
describe_unreadable (const DrtVerdictContext *context)
{
  const char *trouble = context->report->trouble;

  switch (context->verdict->reason)
    {
    case DRT_REASON_TRUNCATED:
      return g_strdup ("The end is missing: it was cut off, perhaps while it was copied.");
    case DRT_REASON_TOO_MANY:
      return g_strdup_printf ("There are more certificates than a chain may have, which is %d.", DRT_CHAIN_MAX);
    case DRT_REASON_NOT_A_CERTIFICATE:
      if (trouble == NULL)
        return g_strdup ("This is not a certificate.");
      return g_strdup_printf ("No certificate could be read. %s.", trouble);
    default:
      return g_strdup_printf ("%s.", trouble != NULL ? trouble : drt_chain_reason_title (context->verdict->reason));
    }
}

static char *
describe_readable (const DrtVerdictContext *context)
{
  const char *what = context->what, *name = context->name, *issuer = context->issuer;

  switch (context->verdict->reason)
    {
    case DRT_REASON_EXPIRED:
    case DRT_REASON_NOT_YET_VALID:
    case DRT_REASON_EXPIRES_SOON:
      return describe_times (context);
    case DRT_REASON_SELF_SIGNED:
      return g_strdup_printf ("%s was signed with its own key, not by an authority: anybody can make one like it.", what);
    case DRT_REASON_UNKNOWN_ROOT:
      return g_strdup_printf ("The chain ends at the authority %s, which is not the authority of this mesh, whatever its name.", name);
    case DRT_REASON_ISSUER_MISSING:
      if (context->verdict->openssl_code == X509_V_ERR_AKID_SKID_MISMATCH)
        return g_strdup_printf ("%s was issued by %s, but not with the key of the authority of this mesh, which has the same name.", what, issuer);
      if (context->report->from_stranger)
        return g_strdup_printf ("%s was issued by %s, which is not the authority of this mesh.", what, issuer);
      return g_strdup_printf ("%s was issued by %s, whose certificate is missing.", what, issuer);
    case DRT_REASON_ISSUER_NOT_AUTHORITY:
      return g_strdup_printf ("%s issued %s, but is not an authority and may not issue any.", name, context->below);
    case DRT_REASON_PATH_TOO_LONG:
      return describe_path_length (context);
    case DRT_REASON_BAD_SIGNATURE:
      return describe_signature (context);
    case DRT_REASON_WEAK_SIGNATURE:
      return g_strdup_printf ("The signature on the certificate of %s (%s) is too weak: it could be forged.", name, context->info->signature_name);
    case DRT_REASON_WEAK_KEY:
      return g_strdup_printf ("The key of %s (%s) is too weak: it could be broken.", name, context->info->key_name);
    case DRT_REASON_KEY_USAGE:
      return describe_usage (context);
    case DRT_REASON_UNKNOWN_EXTENSION:
      if (context->verdict->openssl_code == X509_V_ERR_INVALID_EXTENSION)
        return g_strdup_printf ("%s has a condition that cannot be read, so that nobody can tell whether it is met.", what);
      return g_strdup_printf ("%s has a condition that this program does not know, so that it cannot tell whether it is met.", what);
    case DRT_REASON_REVOKED:
      return g_strdup_printf ("%s is on the revoke list: %s has declared it invalid.", what, issuer);
    case DRT_REASON_KEY_NOT_DERIVED:
      return g_strdup_printf ("The key is not the one that belongs to the certificate of %s.", name);
    case DRT_REASON_WRONG_PROFILE:
      return describe_profile (context);
    case DRT_REASON_KEY_MISMATCH:
      return g_strdup_printf ("The private key that comes with the certificate of %s is not the one it was made for.", name);
    case DRT_REASON_TOO_MANY:
    case DRT_REASON_NOT_A_CERTIFICATE:
    case DRT_REASON_TRUNCATED:
    case DRT_REASON_WRONG_PASSPHRASE:
    case DRT_REASON_N:
    default:
      return describe_unreadable (context);
    }
}

/**
 * drt_chain_verdict_describe:
 * @report: a report
 * @verdict: one of its verdicts
 *
 * Returns: (transfer full): what it means, one or two sentences in English
 */
char *
drt_chain_verdict_describe (const DrtChainReport  *report,
                            const DrtChainVerdict *verdict)
{
  DrtVerdictContext context;
  char *sentence;

  context_init (&context, report, verdict);
  sentence = context.info != NULL ? describe_readable (&context) : describe_unreadable (&context);
  context_clear (&context);
  return sentence;
}
