/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "drt-endpoint.h"

#include <string.h>

static void
test_text (void)
{
  static const struct { const char *text; const char *shown; guint16 port; } good[] = {
    { "[::1]:1", "[::1]:1", 1 },
    { "[::]:65535", "[::]:65535", 65535 },
    { "[2001:DB8:0:0:0:0:0:1]:3540", "[2001:db8::1]:3540", 3540 },
    { "[fe80::1]:1024", "[fe80::1]:1024", 1024 },
    { "[1111:2222:3333:4444:5555:6666:255.255.255.255]:65535",
      "[1111:2222:3333:4444:5555:6666:ffff:ffff]:65535", 65535 },
  };
  static const char *const bad[] = {
    "", "[", "[]", "[]:1", "[::1]", "[::1]:", "[::1]:0", "[::1]:65536", "[::1]:99999999999999999999",
    "[::1]:-1", "[::1]:+1", "[::1]: 1", "[::1]:1 ", " [::1]:1", "[::1]:1x", "[::1]:0x10", "[::1] :1",
    "::1:1024", "::1", "127.0.0.1:1024", "[127.0.0.1]:1024", "[localhost]:1024", "localhost:1024",
    "[fe80::1%1]:1024", "[fe80::1%lo]:1024", "[1:2:3:4:5:6:7:8:9]:1024", "[::1:1024",
    "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:1024",
    "[0000:0000:0000:0000:0000:0000:255.255.255.2555]:1024",  /* 46 characters: one too long for any address */
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      char text[DRT_ENDPOINT_TEXT_SIZE];
      g_autofree char *string = NULL;
      DrtEndpoint endpoint;

      g_assert_true (drt_endpoint_parse (good[i].text, &endpoint));
      g_assert_cmpuint (endpoint.port, ==, good[i].port);
      drt_endpoint_format (&endpoint, text);
      g_assert_cmpstr (text, ==, good[i].shown);
      string = drt_endpoint_to_string (&endpoint);
      g_assert_cmpstr (string, ==, good[i].shown);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      DrtEndpoint endpoint = { .port = 7 };

      if (drt_endpoint_parse (bad[i], &endpoint))
        g_error ("accepted: '%s'", bad[i]);
      g_assert_cmpuint (endpoint.port, ==, 7);
    }
}

/* The longest text there is fits. */
static void
test_longest (void)
{
  DrtEndpoint endpoint = { .port = 65535 };
  char text[DRT_ENDPOINT_TEXT_SIZE];
  DrtEndpoint again;

  memset (&endpoint.address, 0xff, sizeof endpoint.address);
  drt_endpoint_format (&endpoint, text);
  g_assert_cmpstr (text, ==, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
  g_assert_true (drt_endpoint_parse (text, &again));
  g_assert_true (drt_endpoint_equal (&endpoint, &again));
}

static void
test_equality (void)
{
  DrtEndpoint a, same, other_port, other_address;

  g_assert_true (drt_endpoint_parse ("[2001:db8::1]:4000", &a));
  g_assert_true (drt_endpoint_parse ("[2001:db8:0::1]:4000", &same));
  g_assert_true (drt_endpoint_parse ("[2001:db8::1]:4001", &other_port));
  g_assert_true (drt_endpoint_parse ("[2001:db8::2]:4000", &other_address));

  g_assert_true (drt_endpoint_equal (&a, &same));
  g_assert_cmpuint (drt_endpoint_hash (&a), ==, drt_endpoint_hash (&same));
  g_assert_false (drt_endpoint_equal (&a, &other_port));
  g_assert_false (drt_endpoint_equal (&a, &other_address));
  g_assert_cmpuint (drt_endpoint_hash (&a), !=, drt_endpoint_hash (&other_port));
  g_assert_cmpuint (drt_endpoint_hash (&a), !=, drt_endpoint_hash (&other_address));
}

static void
test_sockaddr (void)
{
  struct sockaddr_in6 in6;
  struct sockaddr_in in4 = { .sin_family = AF_INET, .sin_port = g_htons (4000) };
  DrtEndpoint endpoint, again;

  memset (&in6, 0xaa, sizeof in6);
  g_assert_true (drt_endpoint_parse ("[2001:db8::1]:4660", &endpoint));
  drt_endpoint_to_sockaddr (&endpoint, &in6);
  g_assert_cmpint (in6.sin6_family, ==, AF_INET6);
  g_assert_cmphex (in6.sin6_port, ==, g_htons (0x1234));
  g_assert_cmpuint (in6.sin6_scope_id, ==, 0);
  g_assert_cmpuint (in6.sin6_flowinfo, ==, 0);

  in6.sin6_scope_id = 3;  /* the zone is left behind */
  g_assert_true (drt_endpoint_from_sockaddr (&again, (struct sockaddr *) &in6, sizeof in6));
  g_assert_true (drt_endpoint_equal (&endpoint, &again));

  g_assert_false (drt_endpoint_from_sockaddr (&again, (struct sockaddr *) &in6, sizeof in6 - 1));
  g_assert_false (drt_endpoint_from_sockaddr (&again, (struct sockaddr *) &in4, sizeof in4));
  g_assert_false (drt_endpoint_from_sockaddr (&again, (struct sockaddr *) &in6, 0));
  g_assert_false (drt_endpoint_from_sockaddr (&again, NULL, 0));
  g_assert_true (drt_endpoint_equal (&endpoint, &again));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoint/text", test_text);
  g_test_add_func ("/endpoint/longest", test_longest);
  g_test_add_func ("/endpoint/equality", test_equality);
  g_test_add_func ("/endpoint/sockaddr", test_sockaddr);

  return g_test_run ();
}
