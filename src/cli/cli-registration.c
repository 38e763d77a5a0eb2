/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "cli-registration.h"

#include <string.h>

#include "cli-options.h"
#include "cli-output.h"
#include "cli-secret.h"

#define OWN_CERTIFICATE "certificate"

void
cli_registration_clear (CliRegistration *registration)
{
  g_clear_pointer (&registration->payload, g_bytes_unref);
  if (registration->certificate != NULL)
    drt_certificate_unref (registration->certificate);
  registration->certificate = NULL;
}

/**
 * cli_registration_set_derived:
 *
 * Returns: whether a key derives from @certificate
 */
gboolean
cli_registration_set_derived (CliRegistration *registration,
                              PCCERT_CONTEXT   certificate)
{
  g_autoptr (DrtCertificateInfo) info = drt_certificate_get_info (certificate);

  registration->key = info->key;
  registration->certificate = drt_certificate_ref (certificate);
  return info->profile != DRT_PROFILE_NONE;
}

static int
derive_key (CliRegistration      *registration,
            const char           *key,
            const CliCredentials *credentials,
            const char           *passphrase_file)
{
  PCCERT_CONTEXT certificate;
  int result;

  if (g_str_equal (key, OWN_CERTIFICATE))
    {
      if (credentials->local == NULL)
        return cli_usage_error ("there is no certificate that “%s” could mean: give one with --cert FILE", key);
      cli_registration_set_derived (registration, credentials->local);
      return CLI_EXIT_SUCCESS;
    }
  if (!g_str_has_prefix (key, CLI_CERTIFICATE_PREFIX))
    return cli_usage_error ("“%.80s” cannot be proved: in a mesh of the derived key provider every key derives from a certificate. "
                            "Write certificate=PAYLOAD for this node's, or cert:FILE=PAYLOAD (DRT_E_INVALID_KEY)", key);

  key += strlen (CLI_CERTIFICATE_PREFIX);
  certificate = cli_certificate_load (key, passphrase_file);
  if (certificate == NULL)
    return CLI_EXIT_FILE;
  result = cli_credentials_check (credentials, certificate, key);
  if (result == CLI_EXIT_SUCCESS)
    cli_registration_set_derived (registration, certificate);
  drt_certificate_unref (certificate);
  return result;
}

static int
parse_key (CliRegistration      *registration,
           const char           *key,
           const CliCredentials *credentials,
           const char           *passphrase_file)
{
  g_autofree char *problem = NULL;

  if (credentials->derived)
    return derive_key (registration, key, credentials, passphrase_file);
  if (cli_parse_key (key, &registration->key, &problem))
    return CLI_EXIT_SUCCESS;
  return cli_usage_error ("%s", problem);
}

static int
parse (CliRegistration      *registration,
       const char           *text,
       const CliCredentials *credentials,
       const char           *passphrase_file)
{
  const char *equals = strchr (text, '=');
  g_autofree char *key = equals != NULL ? g_strndup (text, equals - text) : g_strdup (text);
  const char *payload = equals != NULL ? equals + 1 : "drt node";
  gsize length = strlen (payload);
  int result = parse_key (registration, key, credentials, passphrase_file);

  if (result != CLI_EXIT_SUCCESS)
    return result;
  if (length == 0 || length > DRT_MAX_PAYLOAD_SIZE)
    return cli_usage_error ("a payload has 1 to %d bytes, this one has %" G_GSIZE_FORMAT " (E_INVALIDARG)", DRT_MAX_PAYLOAD_SIZE, length);
  registration->payload = g_bytes_new (payload, length);
  return CLI_EXIT_SUCCESS;
}

/**
 * cli_registrations_parse:
 * @texts: (nullable): each a key, and after a `=` its payload; without one the
 *   payload is `drt node`.  A key is as in cli_parse_key(); with the derived key
 *   provider it is `certificate` or `cert:FILE`
 * @registrations: a new array of CliRegistration for them
 *
 * Returns: %CLI_EXIT_SUCCESS, or an exit code after telling what is wrong
 */
int
cli_registrations_parse (char                **texts,
                         const CliCredentials *credentials,
                         const char           *passphrase_file,
                         GArray               *registrations)
{
  g_array_set_clear_func (registrations, (GDestroyNotify) cli_registration_clear);
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      CliRegistration registration = { 0 };
      int result = parse (&registration, texts[i], credentials, passphrase_file);

      g_array_append_val (registrations, registration);
      if (result != CLI_EXIT_SUCCESS)
        return result;
    }
  return CLI_EXIT_SUCCESS;
}
