/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-invitation.h"

#include <string.h>

#include "drt-clock.h"
#include "drt-endpoint.h"

/*
 * roundtable://join?v=1&name=…&mode=…&profile=…&protocol=6.101&fp=…&root=…[&node=…]…[&expires=…]
 *
 * root is the DER, base64url without padding; fp its SHA-256, 64 hexadecimal
 * digits.  fp says nothing that root does not, but a link in which a character
 * was changed is known by it, and people find it in the link.
 */

#define VERSION     "1"
#define HOST        "join"
#define MIN_PORT    1024           /* [MC-DRT] §2.1 */
#define MAX_HOST    253
#define MAX_EXPIRES G_GINT64_CONSTANT (253402300799)   /* the last second of the year 9999 */

G_DEFINE_QUARK (drt-invitation-error-quark, drt_invitation_error)

static const struct
{
  DRT_SECURITY_MODE mode;
  const char *word;
} modes[] = {
  { DRT_SECURE_RESOLVE, "resolve" },
  { DRT_SECURE_MEMBERSHIP, "membership" },
  { DRT_SECURE_CONFIDENTIALPAYLOAD, "confidential" },
};

static const struct
{
  DrtProfile profile;
  const char *word;
} profiles[] = {
  { DRT_PROFILE_1_0, "1.0" },
  { DRT_PROFILE_2_0, "2.0" },
};

typedef enum
{
  FIELD_VERSION,
  FIELD_NAME,
  FIELD_MODE,
  FIELD_PROFILE,
  FIELD_PROTOCOL,
  FIELD_FINGERPRINT,
  FIELD_ROOT,
  FIELD_EXPIRES,
  N_FIELDS
} Field;

static const char *const field_names[N_FIELDS] = { "v", "name", "mode", "profile", "protocol", "fp", "root", "expires" };

/* A link taken apart. */
typedef struct
{
  char *values[N_FIELDS];
  GPtrArray *nodes;        /* of char *, ended by NULL once complete */
} Fields;

static void
fields_clear (Fields *fields)
{
  for (guint i = 0; i < N_FIELDS; i++)
    g_free (fields->values[i]);
  g_ptr_array_unref (fields->nodes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fields, fields_clear)

static gboolean G_GNUC_PRINTF (3, 4)
refuse (GError           **error,
        DrtInvitationError code,
        const char        *format,
        ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (DRT_INVITATION_ERROR, code, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* A part of a link in a sentence: a link is anybody's, and sentences are printed to terminals. */
static char *
quote (const char *value)
{
  GString *text = g_string_new ("“");
  guint n = 0;

  for (const char *p = value; *p != '\0' && n < 20; p = g_utf8_next_char (p), n++)
    g_string_append_unichar (text, g_unichar_isprint (g_utf8_get_char (p)) ? g_utf8_get_char (p) : '?');
  g_string_append (text, "”");
  return g_string_free_and_steal (text);
}

static gboolean
refuse_value (GError            **error,
              DrtInvitationError code,
              const char        *format,
              const char        *value)
{
  g_autofree char *quoted = quote (value);
  g_auto (GStrv) parts = g_strsplit (format, "%", 2);

  return refuse (error, code, "%s%s%s", parts[0], quoted, parts[1]);
}

/* What it holds */

/* Joiners belong to the writing of some languages; other characters without a
 * shape, those that turn the direction of a line among them, only deceive. */
static gboolean
check_name (const char *name,
            GError    **error)
{
  if (*name == '\0' || !g_utf8_validate (name, -1, NULL) || g_utf8_strlen (name, -1) > DRT_INVITATION_NAME_MAX)
    return refuse (error, DRT_INVITATION_ERROR_NAME, "The name of a mesh has 1 to %d characters", DRT_INVITATION_NAME_MAX);
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isprint (c) && c != 0x200c && c != 0x200d)
        return refuse (error, DRT_INVITATION_ERROR_NAME, "The name of the mesh has characters that cannot be shown");
    }
  return TRUE;
}

static gboolean
is_host_name (const char *text,
              gsize       length)
{
  if (length == 0 || length > MAX_HOST || text[0] == '-' || text[0] == '.')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("-._", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* A zone names an interface of one computer: to the others it says nothing. */
static gboolean
check_endpoint (const char *text,
                GError    **error)
{
  const char *colon = strrchr (text, ':');
  gboolean valid = FALSE;
  DrtEndpoint endpoint;
  guint64 port;

  if (!g_utf8_validate (text, -1, NULL))
    return refuse (error, DRT_INVITATION_ERROR_ENDPOINT, "A node to join through is no UTF-8");
  if (text[0] == '[')
    valid = drt_endpoint_parse (text, &endpoint) && endpoint.port >= MIN_PORT;
  else if (colon != NULL)
    valid = is_host_name (text, colon - text)
            && g_ascii_string_to_unsigned (colon + 1, 10, MIN_PORT, G_MAXUINT16, &port, NULL);
  return valid || refuse_value (error, DRT_INVITATION_ERROR_ENDPOINT,
                                "% is no node to join through: a host or an IPv6 address in brackets, a colon, and a port from 1024 to 65535",
                                text);
}

static gboolean
check_bootstrap (const char *const *bootstrap,
                 GError           **error)
{
  guint n = bootstrap != NULL ? g_strv_length ((GStrv) bootstrap) : 0;

  if (n > DRT_INVITATION_BOOTSTRAP_MAX)
    return refuse (error, DRT_INVITATION_ERROR_ENDPOINT, "An invitation names at most %d nodes to join through, not %u",
                   DRT_INVITATION_BOOTSTRAP_MAX, n);
  for (guint i = 0; i < n; i++)
    if (!check_endpoint (bootstrap[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
check_root (const DrtCertificateInfo *info,
            GError                  **error)
{
  if (!info->is_authority || !info->is_self_signed)
    return refuse (error, DRT_INVITATION_ERROR_NOT_AN_AUTHORITY,
                   "The certificate of “%s” is not the root of a mesh: %s", info->subject,
                   info->is_authority ? "another authority signed it" : "it may not sign certificates");
  if (info->profile == DRT_PROFILE_NONE)
    return refuse (error, DRT_INVITATION_ERROR_PROFILE,
                   "The root “%s” has a key that no mesh works with: %s", info->subject, info->key_name);
  return TRUE;
}

/* The member of an enumeration, or NULL. */
static const char *
mode_to_word (DRT_SECURITY_MODE mode)
{
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (modes[i].mode == mode)
      return modes[i].word;
  return NULL;
}

static const char *
profile_to_word (DrtProfile profile)
{
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    if (profiles[i].profile == profile)
      return profiles[i].word;
  return NULL;
}

DrtInvitation *
drt_invitation_new (const char        *name,
                    PCCERT_CONTEXT     root,
                    DRT_SECURITY_MODE  mode,
                    guint8             protocol_major,
                    guint8             protocol_minor,
                    const char *const *bootstrap,
                    gint64             expires,
                    GError           **error)
{
  g_autoptr (DrtCertificateInfo) info = NULL;
  g_autoptr (DrtInvitation) invitation = NULL;
  /* Nothing but the certificate goes along, least of all the key of the authority. */
  PCCERT_CONTEXT alone = drt_certificate_parse (root->pbCertEncoded, root->cbCertEncoded, NULL, error);

  if (alone == NULL)
    return NULL;
  invitation = g_new0 (DrtInvitation, 1);
  invitation->root = alone;
  info = drt_certificate_get_info (alone);

  if (!check_name (name, error) || !check_root (info, error) || !check_bootstrap (bootstrap, error))
    return NULL;
  if (mode_to_word (mode) == NULL || expires < 0 || expires > MAX_EXPIRES)
    {
      refuse (error, DRT_INVITATION_ERROR_DAMAGED, "There is no such security mode, or no such time");
      return NULL;
    }

  invitation->name = g_strdup (name);
  invitation->fingerprint = g_strdup (info->fingerprint);
  invitation->mode = mode;
  invitation->profile = info->profile;
  invitation->protocol_major = protocol_major;
  invitation->protocol_minor = protocol_minor;
  invitation->bootstrap = bootstrap != NULL ? g_strdupv ((GStrv) bootstrap) : g_new0 (char *, 1);
  invitation->expires = expires;
  return g_steal_pointer (&invitation);
}

void
drt_invitation_free (DrtInvitation *invitation)
{
  g_free (invitation->name);
  if (invitation->root != NULL)
    drt_certificate_unref (invitation->root);
  g_free (invitation->fingerprint);
  g_strfreev (invitation->bootstrap);
  g_free (invitation);
}

gboolean
drt_invitation_has_expired (const DrtInvitation *invitation,
                            gint64               time)
{
  if (time == 0)
    time = drt_clock_now () / G_USEC_PER_SEC;
  return invitation->expires != 0 && time >= invitation->expires;
}

/* Writing */

static char *
base64url_encode (const guint8 *bytes,
                  gsize         length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/* The digits alone. */
static char *
strip_fingerprint (const char *fingerprint)
{
  GString *digits = g_string_new (NULL);

  for (; *fingerprint != '\0'; fingerprint++)
    if (g_ascii_isxdigit (*fingerprint))
      g_string_append_c (digits, g_ascii_toupper (*fingerprint));
  return g_string_free_and_steal (digits);
}

static void
append_field (GString    *link,
              const char *name,
              const char *value)
{
  g_string_append_printf (link, "&%s=", name);
  g_string_append_uri_escaped (link, value, "[]:", FALSE);
}

char *
drt_invitation_to_link (const DrtInvitation *invitation,
                        GError             **error)
{
  g_autoptr (GString) link = g_string_new (DRT_INVITATION_SCHEME "://" HOST "?" "v=" VERSION);
  g_autofree char *root = base64url_encode (invitation->root->pbCertEncoded, invitation->root->cbCertEncoded);
  g_autofree char *fingerprint = strip_fingerprint (invitation->fingerprint);
  g_autofree char *protocol = g_strdup_printf ("%u.%u", invitation->protocol_major, invitation->protocol_minor);

  append_field (link, field_names[FIELD_NAME], invitation->name);
  append_field (link, field_names[FIELD_MODE], mode_to_word (invitation->mode));
  append_field (link, field_names[FIELD_PROFILE], profile_to_word (invitation->profile));
  append_field (link, field_names[FIELD_PROTOCOL], protocol);
  for (guint i = 0; invitation->bootstrap[i] != NULL; i++)
    append_field (link, "node", invitation->bootstrap[i]);
  if (invitation->expires != 0)
    {
      g_autofree char *expires = g_strdup_printf ("%" G_GINT64_FORMAT, invitation->expires);

      append_field (link, field_names[FIELD_EXPIRES], expires);
    }
  append_field (link, field_names[FIELD_FINGERPRINT], fingerprint);
  append_field (link, field_names[FIELD_ROOT], root);

  if (link->len > DRT_INVITATION_LINK_MAX)
    {
      refuse (error, DRT_INVITATION_ERROR_TOO_LONG,
              "The link would have %" G_GSIZE_FORMAT " characters, %d are allowed: name fewer nodes, or take a shorter name",
              link->len, DRT_INVITATION_LINK_MAX);
      return NULL;
    }
  return g_string_free_and_steal (g_steal_pointer (&link));
}

/* Reading */

/* Of each text one encoding is right: what is not written as it would be encoded is refused. */
static guint8 *
base64url_decode (const char *text,
                  gsize      *length)
{
  static const char padding[] = "==";
  g_autofree char *standard = NULL;
  g_autofree char *again = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize n = strlen (text);

  if (n == 0 || n % 4 == 1)
    return NULL;
  standard = g_strconcat (text, n % 4 == 0 ? "" : padding + n % 4 - 2, NULL);
  g_strdelimit (g_strdelimit (standard, "-", '+'), "_", '/');
  bytes = g_base64_decode (standard, length);
  again = base64url_encode (bytes, *length);
  return g_str_equal (again, text) ? g_steal_pointer (&bytes) : NULL;
}

static gboolean
take_field (Fields     *fields,
            const char *name,
            char       *value,
            GError    **error)
{
  if (g_str_equal (name, "node"))
    {
      g_ptr_array_add (fields->nodes, value);
      return TRUE;
    }
  for (guint i = 0; i < N_FIELDS; i++)
    if (g_str_equal (name, field_names[i]) && fields->values[i] == NULL)
      {
        fields->values[i] = value;
        return TRUE;
      }
  g_free (value);
  return refuse_value (error, DRT_INVITATION_ERROR_DAMAGED, "The invitation is damaged: the part % is unknown, or there twice", name);
}

static gboolean
check_complete (const Fields *fields,
                GError      **error)
{
  const char *version = fields->values[FIELD_VERSION];

  if (version != NULL && !g_str_equal (version, VERSION))
    return refuse_value (error, DRT_INVITATION_ERROR_VERSION,
                         "The invitation is of version %, and this program reads version " VERSION ": a newer one is needed", version);
  for (guint i = 0; i < N_FIELDS; i++)
    if (fields->values[i] == NULL && i != FIELD_EXPIRES)
      return refuse (error, DRT_INVITATION_ERROR_DAMAGED,
                     "The invitation is damaged: the part “%s” is missing. Was the whole link copied?", field_names[i]);
  return TRUE;
}

/* The version first: a later one may have parts that this knows nothing of. */
static gboolean
split_query (const char *query,
             Fields     *fields,
             GError    **error)
{
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) broken = NULL;
  GUriParamsIter iter;
  char *name, *value;

  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next (&iter, &name, &value, &broken))
    {
      take_field (fields, name, value, unknown == NULL ? &unknown : NULL);
      g_free (name);
    }
  if (broken != NULL)
    return refuse (error, DRT_INVITATION_ERROR_DAMAGED, "The invitation is damaged: a part of the link cannot be read");
  if (unknown != NULL && (fields->values[FIELD_VERSION] == NULL || g_str_equal (fields->values[FIELD_VERSION], VERSION)))
    {
      g_propagate_error (error, g_steal_pointer (&unknown));
      return FALSE;
    }
  g_ptr_array_add (fields->nodes, NULL);
  return check_complete (fields, error);
}

static GUri *
parse_uri (const char *link,
           GError    **error)
{
  g_autoptr (GUri) uri = NULL;
  gsize length = strlen (link);

  if (length > DRT_INVITATION_LINK_MAX)
    {
      refuse (error, DRT_INVITATION_ERROR_TOO_LONG, "An invitation has at most %d characters, and this text has %" G_GSIZE_FORMAT,
              DRT_INVITATION_LINK_MAX, length);
      return NULL;
    }
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (link[i]))
      {
        refuse (error, DRT_INVITATION_ERROR_NOT_AN_INVITATION,
                "This is no invitation: it has spaces, line breaks or other characters that no link has");
        return NULL;
      }

  uri = g_uri_parse (link, G_URI_FLAGS_ENCODED, NULL);
  if (uri != NULL
      && g_str_equal (g_uri_get_scheme (uri), DRT_INVITATION_SCHEME)
      && g_strcmp0 (g_uri_get_host (uri), HOST) == 0
      && g_uri_get_userinfo (uri) == NULL && g_uri_get_port (uri) == -1
      && (*g_uri_get_path (uri) == '\0' || g_str_equal (g_uri_get_path (uri), "/"))
      && g_uri_get_query (uri) != NULL && g_uri_get_fragment (uri) == NULL)
    return g_steal_pointer (&uri);
  refuse (error, DRT_INVITATION_ERROR_NOT_AN_INVITATION,
          "This is no invitation: one begins with " DRT_INVITATION_SCHEME "://" HOST "?");
  return NULL;
}

/* A certificate and nothing else: no PEM, no file of several, no key. */
static PCCERT_CONTEXT
parse_root (const char *text,
            GError    **error)
{
  gsize length = 0;
  g_autofree guint8 *bytes = base64url_decode (text, &length);
  PCCERT_CONTEXT root = bytes != NULL ? drt_certificate_parse (bytes, length, NULL, NULL) : NULL;

  if (root != NULL && root->cbCertEncoded == length && memcmp (root->pbCertEncoded, bytes, length) == 0)
    return root;
  if (root != NULL)
    drt_certificate_unref (root);
  refuse (error, DRT_INVITATION_ERROR_ROOT, "The invitation is damaged: its root certificate cannot be read");
  return NULL;
}

static gboolean
parse_mode (const char        *text,
            DRT_SECURITY_MODE *mode,
            GError           **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (g_str_equal (modes[i].word, text))
      {
        *mode = modes[i].mode;
        return TRUE;
      }
  return refuse_value (error, DRT_INVITATION_ERROR_DAMAGED, "The invitation is damaged: there is no security mode %", text);
}

static gboolean
parse_protocol (const char *text,
                guint8     *major,
                guint8     *minor,
                GError    **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 3);
  guint64 numbers[2];

  if (g_strv_length (parts) != 2
      || !g_ascii_string_to_unsigned (parts[0], 10, 0, G_MAXUINT8, &numbers[0], NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXUINT8, &numbers[1], NULL))
    return refuse_value (error, DRT_INVITATION_ERROR_DAMAGED, "The invitation is damaged: % is no protocol version", text);
  *major = numbers[0];
  *minor = numbers[1];
  return TRUE;
}

static gboolean
parse_expires (const char *text,
               gint64     *expires,
               GError    **error)
{
  guint64 number = 0;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, MAX_EXPIRES, &number, NULL))
    return refuse_value (error, DRT_INVITATION_ERROR_DAMAGED, "The invitation is damaged: % is no time", text);
  *expires = number;
  return TRUE;
}

/* That root and words agree. */
static gboolean
check_agreement (const DrtInvitation *invitation,
                 const Fields        *fields,
                 GError             **error)
{
  g_autofree char *fingerprint = strip_fingerprint (invitation->fingerprint);
  const char *profile = profile_to_word (invitation->profile);

  if (g_ascii_strcasecmp (fingerprint, fields->values[FIELD_FINGERPRINT]) != 0)
    return refuse (error, DRT_INVITATION_ERROR_FINGERPRINT,
                   "The fingerprint in the invitation is not that of the root certificate in it: "
                   "the link was damaged or tampered with; ask for it again");
  if (!g_str_equal (profile, fields->values[FIELD_PROFILE]))
    return refuse_value (error, DRT_INVITATION_ERROR_PROFILE, "The invitation says security profile %, but its root is fit for another",
                         fields->values[FIELD_PROFILE]);
  return TRUE;
}

DrtInvitation *
drt_invitation_parse (const char *link,
                      GError    **error)
{
  g_autofree char *stripped = g_strstrip (g_strndup (link, 4 * DRT_INVITATION_LINK_MAX));
  g_autoptr (GUri) uri = parse_uri (stripped, error);
  g_autoptr (DrtInvitation) invitation = NULL;
  g_auto (Fields) fields = { .nodes = g_ptr_array_new_with_free_func (g_free) };
  DRT_SECURITY_MODE mode;
  PCCERT_CONTEXT root;
  guint8 major, minor;
  gint64 expires;

  if (uri == NULL || !split_query (g_uri_get_query (uri), &fields, error)
      || !parse_mode (fields.values[FIELD_MODE], &mode, error)
      || !parse_protocol (fields.values[FIELD_PROTOCOL], &major, &minor, error)
      || !parse_expires (fields.values[FIELD_EXPIRES], &expires, error)
      || (root = parse_root (fields.values[FIELD_ROOT], error)) == NULL)
    return NULL;

  invitation = drt_invitation_new (fields.values[FIELD_NAME], root, mode, major, minor,
                                   (const char *const *) fields.nodes->pdata, expires, error);
  drt_certificate_unref (root);
  if (invitation == NULL || !check_agreement (invitation, &fields, error))
    return NULL;
  return g_steal_pointer (&invitation);
}

char *
drt_fingerprint_to_groups (const char *fingerprint,
                           gboolean    lines)
{
  g_autofree char *digits = strip_fingerprint (fingerprint);
  gsize length = strlen (digits);
  GString *groups = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (groups, lines && i == length / 2 ? '\n' : ' ');
      g_string_append_c (groups, digits[i]);
    }
  return g_string_free_and_steal (groups);
}
