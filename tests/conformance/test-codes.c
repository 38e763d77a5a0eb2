/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "codes.h"

#include <string.h>

/* Every function of drt.h with every code its page documents, and the tables that
 * provoke them: no code is documented and untried, none is tried and undocumented. */

typedef struct
{
  const char *function;
  const char *codes;             /* by name; "": it returns nothing */
} Documented;

static const Documented documented[] = {
  { "DrtCreateIpv6UdpTransport", "S_OK E_OUTOFMEMORY DRT_E_INVALID_PORT DRT_E_INVALID_TRANSPORT_PROVIDER DRT_E_INVALID_SCOPE "
                                 "DRT_E_TRANSPORT_UNEXPECTED" },
  { "DrtDeleteIpv6UdpTransport", "S_OK DRT_E_INVALID_TRANSPORT_PROVIDER DRT_E_TRANSPORT_EXECUTING_CALLBACK "
                                 "DRT_E_TRANSPORT_STILL_BOUND DRT_E_TRANSPORTPROVIDER_IN_USE" },
  { "DrtCreatePnrpBootstrapResolver", "S_OK E_INVALIDARG E_OUTOFMEMORY DRT_S_RETRY" },
  { "DrtDeletePnrpBootstrapResolver", "" },
  { "DrtCreateDnsBootstrapResolver", "S_OK E_INVALIDARG E_OUTOFMEMORY" },
  { "DrtDeleteDnsBootstrapResolver", "" },
  { "DrtCreateNullSecurityProvider", "S_OK E_INVALIDARG E_OUTOFMEMORY" },
  { "DrtDeleteNullSecurityProvider", "" },
  { "DrtCreateDerivedKeySecurityProvider", "S_OK E_INVALIDARG E_OUTOFMEMORY DRT_E_CAPABILITY_MISMATCH DRT_E_INVALID_CERT_CHAIN" },
  { "DrtDeleteDerivedKeySecurityProvider", "" },
  { "DrtCreateDerivedKey", "S_OK E_INVALIDARG DRT_E_CAPABILITY_MISMATCH" },
  { "DrtOpen", "S_OK E_INVALIDARG DRT_E_INVALID_SETTINGS DRT_E_INVALID_KEY_SIZE DRT_E_INVALID_MAX_ADDRESSES "
               "DRT_E_INVALID_TRANSPORT_PROVIDER DRT_E_INVALID_SECURITY_MODE DRT_E_INVALID_SECURITY_PROVIDER "
               "DRT_E_INVALID_BOOTSTRAP_PROVIDER DRT_E_INVALID_INSTANCE_PREFIX E_OUTOFMEMORY DRT_E_BOOTSTRAPPROVIDER_IN_USE "
               "DRT_E_SECURITYPROVIDER_IN_USE DRT_E_TRANSPORTPROVIDER_IN_USE DRT_E_INVALID_CERT_CHAIN "
               "DRT_E_CAPABILITY_MISMATCH DRT_E_TRANSPORT_SHUTTING_DOWN DRT_E_TRANSPORT_ALREADY_BOUND DRT_S_RETRY "
               "DRT_E_TRANSPORT_INVALID_ARGUMENT DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED E_FAIL" },
  { "DrtClose", "S_OK E_HANDLE" },
  { "DrtGetEventDataSize", "S_OK E_INVALIDARG E_HANDLE DRT_E_NO_MORE E_UNEXPECTED" },
  { "DrtGetEventData", "S_OK E_INVALIDARG E_HANDLE DRT_E_INSUFFICIENT_BUFFER DRT_E_NO_MORE E_UNEXPECTED" },
  { "DrtRegisterKey", "S_OK E_INVALIDARG E_HANDLE DRT_E_INVALID_KEY_SIZE DRT_E_FAULTED DRT_E_DUPLICATE_KEY "
                      "DRT_E_INVALID_CERT_CHAIN DRT_E_CAPABILITY_MISMATCH DRT_E_INVALID_KEY DRT_E_TRANSPORT_NO_DEST_ADDRESSES "
                      "DRT_E_TRANSPORT_SHUTTING_DOWN DRT_E_INVALID_TRANSPORT_PROVIDER DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED "
                      "DRT_E_TRANSPORT_NOT_BOUND DRT_E_SECURITYPROVIDER_NOT_ATTACHED E_OUTOFMEMORY E_UNEXPECTED E_FAIL" },
  { "DrtUpdateKey", "S_OK E_INVALIDARG E_HANDLE E_OUTOFMEMORY" },
  { "DrtUnregisterKey", "" },
  { "DrtStartSearch", "S_OK E_HANDLE E_INVALIDARG DRT_E_INVALID_KEY_SIZE DRT_E_INVALID_SEARCH_INFO "
                      "DRT_E_INVALID_MAX_ENDPOINTS DRT_E_INVALID_SEARCH_RANGE DRT_E_FAULTED E_OUTOFMEMORY E_UNEXPECTED E_FAIL" },
  { "DrtContinueSearch", "S_OK E_HANDLE E_UNEXPECTED" },
  { "DrtGetSearchResultSize", "S_OK E_INVALIDARG E_HANDLE DRT_E_FAULTED DRT_E_SEARCH_IN_PROGRESS DRT_E_NO_MORE DRT_E_TIMEOUT" },
  { "DrtGetSearchResult", "S_OK E_INVALIDARG E_HANDLE DRT_E_FAULTED DRT_E_INSUFFICIENT_BUFFER DRT_E_SEARCH_IN_PROGRESS "
                          "DRT_E_NO_MORE DRT_E_TIMEOUT" },
  { "DrtGetSearchPathSize", "S_OK E_INVALIDARG E_HANDLE" },
  { "DrtGetSearchPath", "S_OK E_INVALIDARG E_HANDLE DRT_E_INSUFFICIENT_BUFFER" },
  { "DrtEndSearch", "S_OK E_HANDLE E_UNEXPECTED" },
  { "DrtGetInstanceNameSize", "S_OK E_INVALIDARG E_HANDLE" },
  { "DrtGetInstanceName", "S_OK E_INVALIDARG E_HANDLE DRT_E_INSUFFICIENT_BUFFER" },
};

/* "function code", of a row or of the documentation. */
static char *
name_pair (const char *function,
           HRESULT     code)
{
  return g_strdup_printf ("%s %s", function, drt_hresult_to_name (code));
}

static void
add_rows (GHashTable    *rows,
          const CodeRow *table,
          guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *pair = name_pair (table[i].function, table[i].code);

      g_assert_true ((table[i].provoke != NULL) != (table[i].why_not != NULL));
      if (!g_hash_table_add (rows, g_strdup (pair)))
        g_error ("%s stands in the tables twice", pair);
    }
}

static void
test_complete (void)
{
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer left;

  add_rows (rows, codes_providers, n_codes_providers);
  add_rows (rows, codes_open, n_codes_open);
  add_rows (rows, codes_keys, n_codes_keys);
  add_rows (rows, codes_search, n_codes_search);

  g_assert_cmpuint (G_N_ELEMENTS (documented), ==, 27);
  for (guint i = 0; i < G_N_ELEMENTS (documented); i++)
    {
      g_auto (GStrv) names = g_strsplit (documented[i].codes, " ", -1);

      for (guint j = 0; names[j] != NULL; j++)
        {
          HRESULT code;
          g_autofree char *pair = NULL;

          if (!drt_hresult_from_name (names[j], &code))
            g_error ("%s: no code is called %s", documented[i].function, names[j]);
          pair = name_pair (documented[i].function, code);
          if (!g_hash_table_remove (rows, pair))
            g_error ("%s is documented and not in the tables", pair);
        }
    }
  g_hash_table_iter_init (&iter, rows);
  if (g_hash_table_iter_next (&iter, &left, NULL))
    g_error ("%s is in the tables and not documented", (char *) left);
}

static void
test_row (gconstpointer data)
{
  const CodeRow *row = data;
  g_autoptr (Spy) spy = NULL;

  if (row->provoke == NULL)
    {
      g_test_message ("cannot occur: %s", row->why_not);
      return;
    }
  spy = spy_new ();
  if (row->opened)
    assert_hr (spy_open (spy), S_OK);
  assert_hr_at (G_STRLOC, row->function, row->provoke (spy), row->code);
}

static void
add_tests (const CodeRow *table,
           guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/codes/%s/%s", table[i].function, drt_hresult_to_name (table[i].code));

      g_test_add_data_func (path, &table[i], test_row);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Where a system has Avahi, nothing of ours may appear in its network. */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);

  g_test_add_func ("/codes/complete", test_complete);
  add_tests (codes_providers, n_codes_providers);
  add_tests (codes_open, n_codes_open);
  add_tests (codes_keys, n_codes_keys);
  add_tests (codes_search, n_codes_search);
  return g_test_run ();
}
