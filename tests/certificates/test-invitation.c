/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-invitation.h"

#include <string.h>

#define N_MUTATIONS 20000

/* Links that invite to a mesh: what is written is read, and nothing else is. */

static PCCERT_CONTEXT
new_authority (const char     *name,
               DrtKeyAlgorithm algorithm)
{
  const DrtCertificateRequest request = { .name = name, .algorithm = algorithm };
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT authority = drt_certificate_new_authority (&request, &error);

  g_assert_no_error (error);
  return authority;
}

static char *
new_link (PCCERT_CONTEXT     root,
          const char        *name,
          const char *const *bootstrap,
          gint64             expires)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DrtInvitation) invitation = drt_invitation_new (name, root, DRT_SECURE_CONFIDENTIALPAYLOAD, 6, 101, bootstrap, expires, &error);
  char *link;

  g_assert_no_error (error);
  link = drt_invitation_to_link (invitation, &error);
  g_assert_no_error (error);
  return link;
}

static void
assert_refused (const char *link,
                int         code)
{
  g_autoptr (GError) error = NULL;
  DrtInvitation *invitation = drt_invitation_parse (link, &error);

  if (invitation != NULL)
    g_error ("taken: %s", link);
  if (!g_error_matches (error, DRT_INVITATION_ERROR, code))
    g_error ("%s: code %d instead of %d: %s", link, error->code, code, error->message);
}

static void
test_round_trip (gconstpointer data)
{
  static const char *const nodes[] = {
    "[2001:db8::1]:5000", "[::1]:1024", "host.example:65535", "a:4000", "b-c.d_e:4000", "192.0.2.1:4000", "[ff02::1]:4000", "x:4001", NULL
  };
  DrtKeyAlgorithm algorithm = GPOINTER_TO_INT (data);
  PCCERT_CONTEXT root = new_authority ("Root of the reading room", algorithm);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (root);
  g_autofree char *link = new_link (root, "Lesesaal & Café, 読書室 = 100 %", nodes, 1800000000);
  g_autofree char *pasted = g_strconcat ("  ", link, "\n", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (DrtInvitation) invitation = drt_invitation_parse (pasted, &error);

  g_assert_no_error (error);
  g_test_message ("%u characters: %s", (guint) strlen (link), link);
  g_assert_cmpuint (strlen (link), <=, DRT_INVITATION_LINK_MAX);
  g_assert_true (g_str_is_ascii (link));
  g_assert_cmpstr (invitation->name, ==, "Lesesaal & Café, 読書室 = 100 %");
  g_assert_true (drt_certificate_equal (invitation->root, root));
  g_assert_cmpstr (invitation->fingerprint, ==, info->fingerprint);
  g_assert_cmpint (invitation->mode, ==, DRT_SECURE_CONFIDENTIALPAYLOAD);
  g_assert_cmpint (invitation->profile, ==, info->profile);
  g_assert_cmpuint (invitation->protocol_major, ==, 6);
  g_assert_cmpuint (invitation->protocol_minor, ==, 101);
  g_assert_true (g_strv_equal ((const char *const *) invitation->bootstrap, nodes));
  g_assert_cmpint (invitation->expires, ==, 1800000000);
  g_assert_false (drt_invitation_has_expired (invitation, 1799999999));
  g_assert_true (drt_invitation_has_expired (invitation, 1800000000));
  drt_certificate_unref (root);
}

/* The authority's context has the key with it: neither link nor invitation may. */
static void
test_no_secret (void)
{
  PCCERT_CONTEXT root = new_authority ("Root", DRT_KEY_ALGORITHM_ED25519);
  g_autofree char *link = new_link (root, "Mesh", NULL, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (DrtInvitation) made = drt_invitation_new ("Mesh", root, DRT_SECURE_MEMBERSHIP, 6, 101, NULL, 0, &error);
  g_autoptr (DrtInvitation) read = drt_invitation_parse (link, &error);

  g_assert_no_error (error);
  g_assert_true (drt_certificate_has_private_key (root));
  g_assert_false (drt_certificate_has_private_key (made->root));
  g_assert_false (drt_certificate_has_private_key (read->root));
  g_assert_cmpuint (g_strv_length (read->bootstrap), ==, 0);
  g_assert_cmpint (read->expires, ==, 0);
  g_assert_false (drt_invitation_has_expired (read, 0));
  drt_certificate_unref (root);
}

static void
assert_not_made (const char        *name,
                 PCCERT_CONTEXT     root,
                 const char *const *bootstrap,
                 gint64             expires,
                 int                code)
{
  g_autoptr (GError) error = NULL;
  DrtInvitation *invitation = drt_invitation_new (name, root, DRT_SECURE_MEMBERSHIP, 6, 101, bootstrap, expires, &error);

  g_assert_null (invitation);
  g_assert_error (error, DRT_INVITATION_ERROR, code);
}

static void
test_not_made (void)
{
  static const char *const bad_nodes[] = {
    "", ":5000", "host", "host:", "host:80", "host:65536", "host:5000x", "2001:db8::1:5000", "[2001:db8::1]", "[fe80::1%eth0]:5000",
    "[nonsense]:5000", "a b:5000", "-x:5000", "h\xc3\xb6st:5000", "host:5000:5000", "a/b:5000", "\xff:5000",
  };
  const char *const nine[] = { "a:4000", "b:4000", "c:4000", "d:4000", "e:4000", "f:4000", "g:4000", "h:4000", "i:4000", NULL };
  PCCERT_CONTEXT root = new_authority ("Root", DRT_KEY_ALGORITHM_ED25519);
  const DrtCertificateRequest of_member = { .name = "alice", .algorithm = DRT_KEY_ALGORITHM_ED25519 };
  const DrtCertificateRequest of_branch = { .name = "Branch", .algorithm = DRT_KEY_ALGORITHM_ED25519, .authority = TRUE };
  PCCERT_CONTEXT member = drt_certificate_issue (root, &of_member, NULL);
  PCCERT_CONTEXT branch = drt_certificate_issue (root, &of_branch, NULL);
  g_autofree char *longest = g_strnfill (DRT_INVITATION_NAME_MAX, 'n');
  g_autofree char *too_long = g_strnfill (DRT_INVITATION_NAME_MAX + 1, 'n');
  g_autofree char *link = new_link (root, longest, NULL, 0);

  assert_not_made ("", root, NULL, 0, DRT_INVITATION_ERROR_NAME);
  assert_not_made (too_long, root, NULL, 0, DRT_INVITATION_ERROR_NAME);
  assert_not_made ("two\nlines", root, NULL, 0, DRT_INVITATION_ERROR_NAME);
  assert_not_made ("\033[2J", root, NULL, 0, DRT_INVITATION_ERROR_NAME);
  assert_not_made ("turned \342\200\256around", root, NULL, 0, DRT_INVITATION_ERROR_NAME);
  assert_not_made ("\xff", root, NULL, 0, DRT_INVITATION_ERROR_NAME);
  assert_not_made ("Mesh", member, NULL, 0, DRT_INVITATION_ERROR_NOT_AN_AUTHORITY);
  assert_not_made ("Mesh", branch, NULL, 0, DRT_INVITATION_ERROR_NOT_AN_AUTHORITY);
  assert_not_made ("Mesh", root, nine, 0, DRT_INVITATION_ERROR_ENDPOINT);
  assert_not_made ("Mesh", root, NULL, -1, DRT_INVITATION_ERROR_DAMAGED);
  for (guint i = 0; i < G_N_ELEMENTS (bad_nodes); i++)
    {
      const char *const nodes[] = { bad_nodes[i], NULL };

      assert_not_made ("Mesh", root, nodes, 0, DRT_INVITATION_ERROR_ENDPOINT);
    }
  drt_certificate_unref (branch);
  drt_certificate_unref (member);
  drt_certificate_unref (root);
}

/* Names of 64 characters that need nine each, and the longest hosts. */
static void
test_too_long (void)
{
  g_autofree char *host = g_strnfill (200, 'h');
  g_autofree char *node = g_strconcat (host, ":4000", NULL);
  const char *const nodes[] = { node, node, node, node, node, node, node, node, NULL };
  PCCERT_CONTEXT root = new_authority ("Root", DRT_KEY_ALGORITHM_ED25519);
  g_autoptr (GError) error = NULL;
  g_autoptr (DrtInvitation) invitation = drt_invitation_new ("Mesh", root, DRT_SECURE_MEMBERSHIP, 6, 101, nodes, 0, &error);
  g_autofree char *filler = g_strnfill (DRT_INVITATION_LINK_MAX + 1, 'a');
  g_autofree char *huge = g_strnfill (10 * 1024 * 1024, 'a');
  g_autofree char *link = NULL;

  g_assert_no_error (error);
  link = drt_invitation_to_link (invitation, &error);
  g_assert_null (link);
  g_assert_error (error, DRT_INVITATION_ERROR, DRT_INVITATION_ERROR_TOO_LONG);
  assert_refused (filler, DRT_INVITATION_ERROR_TOO_LONG);
  assert_refused (huge, DRT_INVITATION_ERROR_TOO_LONG);
  drt_certificate_unref (root);
}

static char *
replace (const char *link,
         const char *part,
         const char *by)
{
  g_autofree char *pattern = g_regex_escape_string (part, -1);
  g_autofree char *with_value = g_strconcat (pattern, "[^&]*", NULL);
  g_autoptr (GRegex) regex = g_regex_new (with_value, 0, 0, NULL);
  char *replaced = g_regex_replace_literal (regex, link, -1, 0, by, 0, NULL);

  g_assert_nonnull (strstr (link, part));
  return replaced;
}

static void
test_refused (void)
{
  static const struct
  {
    const char *part, *by;
    int code;
  } table[] = {
    { "roundtable://join?v=", "roundtable://leave?v=1", DRT_INVITATION_ERROR_NOT_AN_INVITATION },
    { "roundtable://join?v=", "https://join?v=1", DRT_INVITATION_ERROR_NOT_AN_INVITATION },
    { "roundtable://join?v=", "roundtable://user@join?v=1", DRT_INVITATION_ERROR_NOT_AN_INVITATION },
    { "roundtable://join?v=", "roundtable://join:99?v=1", DRT_INVITATION_ERROR_NOT_AN_INVITATION },
    { "roundtable://join?v=", "roundtable://join/path?v=1", DRT_INVITATION_ERROR_NOT_AN_INVITATION },
    { "roundtable://join?v=", "roundtable:join?v=1", DRT_INVITATION_ERROR_NOT_AN_INVITATION },
    { "roundtable://join?v=", "roundtable://join?v=2", DRT_INVITATION_ERROR_VERSION },
    { "roundtable://join?v=", "roundtable://join?v=", DRT_INVITATION_ERROR_VERSION },
    { "roundtable://join?v=", "roundtable://join?v=01", DRT_INVITATION_ERROR_VERSION },
    { "roundtable://join?v=", "roundtable://join?v=2&later=things", DRT_INVITATION_ERROR_VERSION },
    { "roundtable://join?v=", "roundtable://join?x=1", DRT_INVITATION_ERROR_DAMAGED },
    { "&name=", "&name", DRT_INVITATION_ERROR_DAMAGED },
    { "&name=", "", DRT_INVITATION_ERROR_DAMAGED },
    { "&name=", "&name=", DRT_INVITATION_ERROR_NAME },
    { "&name=", "&name=a&name=b", DRT_INVITATION_ERROR_DAMAGED },
    { "&name=", "&name=%ff", DRT_INVITATION_ERROR_DAMAGED },
    { "&name=", "&name=%00", DRT_INVITATION_ERROR_DAMAGED },
    { "&name=", "&name=%1b%5b2J", DRT_INVITATION_ERROR_NAME },
    { "&name=", "&name=%e2%80%ae", DRT_INVITATION_ERROR_NAME },
    { "&name=", "&name=Mesh&utm=%1b", DRT_INVITATION_ERROR_DAMAGED },
    { "&mode=", "&mode=open", DRT_INVITATION_ERROR_DAMAGED },
    { "&mode=", "&mode=", DRT_INVITATION_ERROR_DAMAGED },
    { "&mode=", "", DRT_INVITATION_ERROR_DAMAGED },
    { "&profile=", "&profile=1.0", DRT_INVITATION_ERROR_PROFILE },
    { "&profile=", "&profile=3.0", DRT_INVITATION_ERROR_PROFILE },
    { "&profile=", "", DRT_INVITATION_ERROR_DAMAGED },
    { "&protocol=", "&protocol=6", DRT_INVITATION_ERROR_DAMAGED },
    { "&protocol=", "&protocol=6.256", DRT_INVITATION_ERROR_DAMAGED },
    { "&protocol=", "&protocol=6.101.1", DRT_INVITATION_ERROR_DAMAGED },
    { "&protocol=", "&protocol=-6.1", DRT_INVITATION_ERROR_DAMAGED },
    { "&node=", "&node=somewhere", DRT_INVITATION_ERROR_ENDPOINT },
    { "&node=", "&node=a:4000&node=a:4000&node=a:4000&node=a:4000&node=a:4000&node=a:4000&node=a:4000&node=a:4000&node=a:4000",
      DRT_INVITATION_ERROR_ENDPOINT },
    { "&expires=", "&expires=0", DRT_INVITATION_ERROR_DAMAGED },
    { "&expires=", "&expires=-1", DRT_INVITATION_ERROR_DAMAGED },
    { "&expires=", "&expires=253402300800", DRT_INVITATION_ERROR_DAMAGED },
    { "&expires=", "&expires=99999999999999999999999", DRT_INVITATION_ERROR_DAMAGED },
    { "&expires=", "&expires=soon", DRT_INVITATION_ERROR_DAMAGED },
    { "&fp=", "", DRT_INVITATION_ERROR_DAMAGED },
    { "&fp=", "&fp=", DRT_INVITATION_ERROR_FINGERPRINT },
    { "&fp=", "&fp=0000000000000000000000000000000000000000000000000000000000000000", DRT_INVITATION_ERROR_FINGERPRINT },
    { "&root=", "", DRT_INVITATION_ERROR_DAMAGED },
    { "&root=", "&root=", DRT_INVITATION_ERROR_ROOT },
    { "&root=", "&root=A", DRT_INVITATION_ERROR_ROOT },
    { "&root=", "&root=AB", DRT_INVITATION_ERROR_ROOT },
    { "&root=", "&root=!!!!", DRT_INVITATION_ERROR_ROOT },
    { "&root=", "&root=MIIB%3d%3d", DRT_INVITATION_ERROR_ROOT },
    { "&root=", "&root=LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t", DRT_INVITATION_ERROR_ROOT },
  };
  static const char *const nodes[] = { "host:4000", NULL };
  PCCERT_CONTEXT root = new_authority ("Root", DRT_KEY_ALGORITHM_ED25519);
  g_autofree char *link = new_link (root, "Mesh", nodes, 1800000000);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *bad = replace (link, table[i].part, table[i].by);

      assert_refused (bad, table[i].code);
    }
  assert_refused ("", DRT_INVITATION_ERROR_NOT_AN_INVITATION);
  assert_refused ("hello", DRT_INVITATION_ERROR_NOT_AN_INVITATION);
  assert_refused ("roundtable://join", DRT_INVITATION_ERROR_NOT_AN_INVITATION);
  assert_refused ("roundtable://join?", DRT_INVITATION_ERROR_DAMAGED);
  assert_refused ("roundtable://join?v=1", DRT_INVITATION_ERROR_DAMAGED);
  assert_refused ("roundtable://join?v=1\n&name=x", DRT_INVITATION_ERROR_NOT_AN_INVITATION);
  drt_certificate_unref (root);
}

static char *
link_with_root (const char    *link,
                PCCERT_CONTEXT root,
                gsize          extra)
{
  g_autofree guint8 *bytes = g_malloc0 (root->cbCertEncoded + extra);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (root);
  g_auto (GStrv) pairs = g_strsplit (info->fingerprint, ":", -1);
  g_autofree char *digits = g_strjoinv ("", pairs);
  g_autofree char *base64 = NULL, *field = NULL, *fp = NULL, *other = NULL;

  memcpy (bytes, root->pbCertEncoded, root->cbCertEncoded);
  base64 = g_base64_encode (bytes, root->cbCertEncoded + extra);
  g_strdelimit (g_strdelimit (base64, "+", '-'), "/", '_');
  base64[strcspn (base64, "=")] = '\0';
  field = g_strconcat ("&root=", base64, NULL);
  fp = g_strconcat ("&fp=", digits, NULL);
  other = replace (link, "&root=", field);
  return replace (other, "&fp=", fp);
}

/* The fingerprint is right, but what it is of is no root, or not all there is. */
static void
test_other_roots (void)
{
  PCCERT_CONTEXT root = new_authority ("Root", DRT_KEY_ALGORITHM_ED25519);
  PCCERT_CONTEXT weak = new_authority ("Root", DRT_KEY_ALGORITHM_RSA1024);
  const DrtCertificateRequest of_member = { .name = "alice", .algorithm = DRT_KEY_ALGORITHM_ED25519 };
  PCCERT_CONTEXT member = drt_certificate_issue (root, &of_member, NULL);
  g_autofree char *link = new_link (root, "Mesh", NULL, 0);
  g_autofree char *same = link_with_root (link, root, 0);
  g_autofree char *longer = link_with_root (link, root, 1);
  g_autofree char *of_a_member = link_with_root (link, member, 0);
  g_autofree char *of_1_0 = link_with_root (link, weak, 0);

  g_assert_cmpstr (same, ==, link);
  assert_refused (longer, DRT_INVITATION_ERROR_ROOT);
  assert_refused (of_a_member, DRT_INVITATION_ERROR_NOT_AN_AUTHORITY);
  assert_refused (of_1_0, DRT_INVITATION_ERROR_PROFILE);
  drt_certificate_unref (member);
  drt_certificate_unref (weak);
  drt_certificate_unref (root);
}

static void
mutate_once (GString *link)
{
  static const char *const pieces[] = {
    "&", "=", "%", "%00", "%ff", "%e2%80%ae", "v=", "v=1", "&v=2", "&name=", "&root=", "&fp=", "&node=", "&node=a:4000", "&expires=1", "#", "?", "/",
    "@", "::", "[", "]", "-", "_", "=", "A", "roundtable://", "join", "\n", "\t", "\033", "\xff", "MIIB", ".", "+",
  };
  gsize at = g_test_rand_int_range (0, link->len + 1);
  gsize wanted = g_test_rand_int_range (1, 40);
  gsize n = MIN (link->len - at, wanted);

  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      if (at < link->len)
        link->str[at] = g_test_rand_int_range (1, 256);
      break;
    case 1:
      g_string_erase (link, at, n);
      break;
    case 2:
      g_string_insert (link, at, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      break;
    case 3:
      g_string_truncate (link, at);
      break;
    case 4:
      {
        g_autofree char *copy = g_strndup (link->str + at, n);

        g_string_insert (link, g_test_rand_int_range (0, link->len + 1), copy);
        break;
      }
    default:
      if (at < link->len)
        link->str[at] ^= 1 << g_test_rand_int_range (0, 7);
      break;
    }
  /* No link has a NUL; a flipped bit can make one. */
  for (gsize i = 0; i < link->len; i++)
    if (link->str[i] == '\0')
      link->str[i] = 'x';
}

static gboolean
is_plain (const char *sentence)
{
  if (*sentence == '\0' || !g_utf8_validate (sentence, -1, NULL))
    return FALSE;
  for (const char *p = sentence; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

/* Whatever is done to a link: it is refused with a sentence that can be shown,
 * or still has the root that it had. */
static void
test_mutations (void)
{
  static const char *const nodes[] = { "host:4000", "[2001:db8::1]:5000", NULL };
  PCCERT_CONTEXT root = new_authority ("Root", DRT_KEY_ALGORITHM_ED25519);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (root);
  g_autofree char *link = new_link (root, "Lesesaal & Café", nodes, 1800000000);
  guint n_taken = 0;

  for (guint i = 0; i < N_MUTATIONS; i++)
    {
      g_autoptr (GString) mutated = g_string_new (link);
      g_autoptr (GError) error = NULL;
      g_autoptr (DrtInvitation) invitation = NULL;

      for (int n = g_test_rand_int_range (1, 4); n > 0; n--)
        mutate_once (mutated);
      invitation = drt_invitation_parse (mutated->str, &error);
      g_assert_true ((invitation != NULL) == (error == NULL));
      if (invitation == NULL)
        {
          g_assert_true (error->domain == DRT_INVITATION_ERROR);
          g_assert_true (is_plain (error->message));
          continue;
        }
      n_taken++;
      g_assert_cmpstr (invitation->fingerprint, ==, info->fingerprint);
      g_assert_true (drt_certificate_equal (invitation->root, root));
      g_assert_true (is_plain (invitation->name));
      g_assert_cmpuint (g_strv_length (invitation->bootstrap), <=, DRT_INVITATION_BOOTSTRAP_MAX);
    }
  g_test_message ("%u of %u changed links were taken", n_taken, N_MUTATIONS);
  g_assert_cmpuint (n_taken, >, 0);
  g_assert_cmpuint (n_taken, <, N_MUTATIONS / 4);
  drt_certificate_unref (root);
}

static void
test_groups (void)
{
  g_autofree char *line = drt_fingerprint_to_groups ("AB:CD:EF:01:23:45:67:89", FALSE);
  g_autofree char *lines = drt_fingerprint_to_groups ("ab cd:ef01 23:45:67:89", TRUE);

  g_assert_cmpstr (line, ==, "ABCD EF01 2345 6789");
  g_assert_cmpstr (lines, ==, "ABCD EF01\n2345 6789");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/invitation/round-trip/ed25519", GINT_TO_POINTER (DRT_KEY_ALGORITHM_ED25519), test_round_trip);
  g_test_add_data_func ("/invitation/round-trip/p256", GINT_TO_POINTER (DRT_KEY_ALGORITHM_P256), test_round_trip);
  g_test_add_data_func ("/invitation/round-trip/rsa1024", GINT_TO_POINTER (DRT_KEY_ALGORITHM_RSA1024), test_round_trip);
  g_test_add_func ("/invitation/no-secret", test_no_secret);
  g_test_add_func ("/invitation/not-made", test_not_made);
  g_test_add_func ("/invitation/too-long", test_too_long);
  g_test_add_func ("/invitation/refused", test_refused);
  g_test_add_func ("/invitation/other-roots", test_other_roots);
  g_test_add_func ("/invitation/mutations", test_mutations);
  g_test_add_func ("/invitation/groups", test_groups);

  return g_test_run ();
}
