/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a core remembers of others for the sake of security: where signed messages came
 * from, and the credentials to seal for. */

#include "core-testing.h"

static void
make_id (DrtReplayId *id,
         guint        number)
{
  static const guint8 who[] = "somebody";
  DrtSpan bytes = { (const guint8 *) &number, sizeof number };
  DrtSpan key = { who, sizeof who };

  drt_replay_identify (id, &bytes, &key);
}

/* Full, it forgets the oldest; and everything in time. */
static void
test_memory_is_bounded (void)
{
  DrtEndpoint here, there;
  DrtReplay replay;
  DrtReplayId id;

  g_assert_true (drt_endpoint_parse ("[2001:db8::1]:4000", &here));
  g_assert_true (drt_endpoint_parse ("[2001:db8::1]:4001", &there));
  drt_replay_init (&replay);
  for (guint i = 0; i < DRT_REPLAY_MAX + 10; i++)
    {
      make_id (&id, i);
      drt_replay_remember (&replay, i, &id, &here);
      drt_replay_remember (&replay, i, &id, &there);   /* it stays where it came from first */
    }
  g_assert_cmpuint (drt_replay_get_size (&replay), ==, DRT_REPLAY_MAX);
  make_id (&id, 9);
  g_assert_false (drt_replay_is_from_elsewhere (&replay, 100, &id, &there));
  make_id (&id, 10);
  g_assert_true (drt_replay_is_from_elsewhere (&replay, 100, &id, &there));
  g_assert_false (drt_replay_is_from_elsewhere (&replay, 100, &id, &here));
  g_assert_true (drt_replay_is_from_elsewhere (&replay, DRT_REPLAY_TIME + 9, &id, &there));
  g_assert_false (drt_replay_is_from_elsewhere (&replay, DRT_REPLAY_TIME + 10, &id, &there));
  g_assert_false (drt_replay_is_from_elsewhere (&replay, DRT_REPLAY_TIME * 2, &id, &there));
  g_assert_cmpuint (drt_replay_get_size (&replay), ==, 0);
  drt_replay_clear (&replay);
}

static void
test_credentials (void)
{
  DrtCredentials known;
  DrtEndpoint here, there;
  guint8 *large = g_malloc0 (DRT_CREDENTIALS_MAX_SIZE / 4);
  DrtSpan span = { large, DRT_CREDENTIALS_MAX_SIZE / 4 };

  g_assert_true (drt_endpoint_parse ("[2001:db8::1]:4000", &here));
  g_assert_true (drt_endpoint_parse ("[2001:db8::2]:4000", &there));
  drt_credentials_init (&known);
  for (guint i = 0; i < 4; i++)
    {
      DrtKey key = core_small_key ((guint8) i);

      large[0] = (guint8) i;
      drt_credentials_keep (&known, &key, &here, span);
      drt_credentials_keep (&known, &key, &here, span);
    }
  g_assert_cmpuint (drt_credentials_count (&known), ==, 4);
  for (guint i = 0; i < 5; i++)
    {
      DrtKey key = core_small_key ((guint8) i), first = core_small_key (0);
      DrtSpan found = drt_credentials_find (&known, &key, &here);

      g_assert_true (DRT_SPAN_PRESENT (found) == (i < 4));
      g_assert_false (DRT_SPAN_PRESENT (drt_credentials_find (&known, &key, &there)));
      if (i < 4)
        g_assert_cmpint (found.data[0], ==, i);
      drt_credentials_find (&known, &first, &here);
    }
  /* One more, and that least used, the second, has to go. */
  DrtKey key = core_small_key (9), second = core_small_key (1), first = core_small_key (0);

  drt_credentials_keep (&known, &key, &there, span);
  g_assert_cmpuint (drt_credentials_count (&known), ==, 4);
  g_assert_false (DRT_SPAN_PRESENT (drt_credentials_find (&known, &second, &here)));
  g_assert_true (DRT_SPAN_PRESENT (drt_credentials_find (&known, &first, &here)));
  drt_credentials_forget (&known, &first, &here);
  drt_credentials_forget (&known, &first, &here);
  g_assert_cmpuint (known.size, ==, 3 * span.length);
  drt_credentials_clear (&known);
  g_assert_cmpuint (known.size, ==, 0);
  g_free (large);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memories/replay", test_memory_is_bounded);
  g_test_add_func ("/memories/credentials", test_credentials);
  return g_test_run ();
}
