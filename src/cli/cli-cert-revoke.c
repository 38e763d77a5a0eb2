/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-cert.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli-output.h"

/* A list is only good against certificates of the authority that signed it. */
static gboolean
check_issuer (const char    *path,
              PCCERT_CONTEXT authority,
              PCCERT_CONTEXT certificate)
{
  g_autoptr (DrtCertificateInfo) issuer = drt_certificate_get_info (authority);
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (certificate);

  if (info->is_self_signed)
    {
      cli_warn ("“%s”: “%s” signed itself: nobody but its users can revoke it, by no longer using it", path, info->subject);
      return FALSE;
    }
  if (g_str_equal (info->issuer_full, issuer->subject_full))
    return TRUE;
  cli_warn ("“%s”: “%s” was issued by “%s”: only that authority can revoke it, and this is “%s”", path, info->subject, info->issuer,
            issuer->subject);
  return FALSE;
}

static void
tell_revoked (PCCERT_CONTEXT certificate,
              DrtRevokeList *list,
              const char    *path,
              gboolean       news,
              gboolean       json)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (certificate);
  guint size = drt_revoke_list_get_size (list);

  if (json)
    {
      JsonBuilder *builder = cli_json_begin ("revoked");

      cli_json_add_string (builder, "file", path);
      cli_json_add_string (builder, "subject", info->subject);
      cli_json_add_string (builder, "serial", info->serial);
      cli_json_add_bool (builder, "new", news);
      cli_json_add_int (builder, "size", size);
      cli_json_end (builder);
      return;
    }
  cli_print ("%s “%s” (serial %s); %s has %u certificate%s\n", news ? "Revoked" : "Already revoked:", info->subject, info->serial,
             path, size, size == 1 ? "" : "s");
}

/* Adds the certificates to the list one by one, and writes it once. */
static int
extend_list (PCCERT_CONTEXT authority,
             const char    *path,
             GPtrArray     *certificates,
             char         **names,
             gboolean       json)
{
  g_autoptr (DrtRevokeList) list = NULL;
  g_autoptr (GArray) news = g_array_new (FALSE, FALSE, sizeof (gboolean));
  g_autofree char *pem = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS) && (list = cli_revoke_list_load (path)) == NULL)
    return CLI_EXIT_FILE;
  for (guint i = 0; i < certificates->len; i++)
    {
      gboolean is_new = list == NULL || !drt_revoke_list_contains (list, certificates->pdata[i]);
      g_autoptr (GError) error = NULL;
      DrtRevokeList *longer;

      g_array_append_val (news, is_new);
      if (!is_new)
        continue;
      longer = drt_revoke_list_add (list, authority, certificates->pdata[i], &error);
      if (longer == NULL)
        {
          cli_cert_report (names[i], error);
          return CLI_EXIT_FILE;
        }
      g_clear_pointer (&list, drt_revoke_list_unref);
      list = longer;
    }

  pem = drt_revoke_list_to_pem (list);
  if (strlen (pem) > DRT_CERTIFICATE_FILE_MAX)
    {
      cli_warn ("“%s” would have more than %d bytes, and nobody could read it: the mesh needs a new authority",
                path, DRT_CERTIFICATE_FILE_MAX);
      return CLI_EXIT_FILE;
    }
  if (!cli_cert_write_public (path, pem))
    return CLI_EXIT_FILE;
  for (guint i = 0; i < certificates->len; i++)
    tell_revoked (certificates->pdata[i], list, path, g_array_index (news, gboolean, i), json);
  return CLI_EXIT_SUCCESS;
}

static GPtrArray *
load_certificates (char         **names,
                   PCCERT_CONTEXT authority)
{
  g_autoptr (GPtrArray) certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_certificate_unref);

  for (guint i = 0; names[i] != NULL; i++)
    {
      PCCERT_CONTEXT certificate = cli_certificate_load_public (names[i]);

      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (certificates, (gpointer) certificate);
      if (!check_issuer (names[i], authority, certificate))
        return NULL;
    }
  return g_steal_pointer (&certificates);
}

/* Nobody else adds to the same list meanwhile: what one wrote the other would forget. */
static int
run_revoke (const char *authority_path,
            const char *passphrase_file,
            const char *path,
            char      **names,
            gboolean    json)
{
  int lock = open (authority_path, O_RDONLY | O_CLOEXEC);
  PCCERT_CONTEXT authority = cli_authority_load (authority_path, passphrase_file);
  g_autoptr (GPtrArray) certificates = authority != NULL ? load_certificates (names, authority) : NULL;
  int result = CLI_EXIT_FILE;

  if (certificates != NULL)
    {
      if (lock >= 0)
        flock (lock, LOCK_EX);
      result = extend_list (authority, path, certificates, names, json);
    }
  if (lock >= 0)
    close (lock);
  if (authority != NULL)
    drt_certificate_unref (authority);
  return result;
}

static int
cli_cert_revoke_run (char **argv)
{
  g_autofree char *authority = NULL, *crl = NULL, *passphrase_file = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "authority", 'A', 0, G_OPTION_ARG_FILENAME, &authority, "The authority that issued it, with its private key", "FILE" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file, "Its first line opens the authority", "FILE" },
    { "crl", 0, 0, G_OPTION_ARG_FILENAME, &crl, "The revoke list to add to; made if there is none", "FILE" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &json, "Print one JSON object per line", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = g_strdupv (argv);

  if (!cli_options_parse (&cli_cert_revoke, entries,
                          "The list (an X.509 CRL) is replaced as a whole, or left as it is. Every node needs it: --crl FILE.\n", &words))
    return CLI_EXIT_USAGE;
  if (words[1] == NULL)
    return cli_usage_error ("give the FILE of a certificate");
  if (authority == NULL)
    return cli_usage_error ("name the authority that issued it with --authority FILE");
  if (crl == NULL)
    return cli_usage_error ("name the revoke list with --crl FILE");
  return run_revoke (authority, passphrase_file, crl, words + 1, json);
}

const CliCommand cli_cert_revoke = {
  "revoke", "FILE…", "Put certificates on a revoke list", cli_cert_revoke_run,
};
