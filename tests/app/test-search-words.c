/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <drt-glib.h>

#include "rt-search-words.h"

static void
test_duration (void)
{
  const struct { gint64 duration; const char *words; } cases[] = {
    { 0, "0.0 ms" },
    { 450, "0.5 ms" },
    { 9900, "9.9 ms" },
    { 34000, "34 ms" },
    { 999000, "999 ms" },
    { 1000000, "1.0 s" },
    { 5020000, "5.0 s" },
    { 61000000, "61.0 s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = rt_search_words_duration (cases[i].duration);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_outcome (void)
{
  const struct { RtSearchState state; gboolean exact; const char *words; } cases[] = {
    { RT_SEARCH_RUNNING, FALSE, "Searching…" },
    { RT_SEARCH_FOUND, TRUE, "Found in 34 ms" },
    { RT_SEARCH_FOUND, FALSE, "Nearest key found in 34 ms" },
    { RT_SEARCH_NOT_FOUND, FALSE, "Not found, after 34 ms" },
    { RT_SEARCH_TIMED_OUT, FALSE, "No answer in 34 ms" },
    { RT_SEARCH_CANCELLED, FALSE, "Cancelled after 34 ms" },
    { RT_SEARCH_FAILED, FALSE, "The search failed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = rt_search_words_outcome (cases[i].state, 34000, cases[i].exact);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

/* Whatever happens, there is something to say about it. */
static void
test_advice (void)
{
  g_autoptr (GError) error = NULL;

  drt_set_error (&error, DRT_E_FAULTED);

  for (RtSearchState state = RT_SEARCH_RUNNING; state <= RT_SEARCH_FAILED; state++)
    {
      for (RtSearchKind kind = RT_SEARCH_EXACT; kind <= RT_SEARCH_NEAREST; kind++)
        {
          g_autofree char *exact = rt_search_words_advice (state, kind, error, TRUE);
          g_autofree char *near = rt_search_words_advice (state, kind, error, FALSE);

          g_assert_cmpstr (exact, !=, "");
          g_assert_cmpstr (near, !=, "");
        }
    }
}

/* A failure names its code. */
static void
test_advice_failed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "No luck");
  g_autofree char *words = NULL;
  g_autofree char *foreign_words = NULL;
  g_autofree char *none = NULL;

  drt_set_error (&error, DRT_E_FAULTED);
  words = rt_search_words_advice (RT_SEARCH_FAILED, RT_SEARCH_EXACT, error, FALSE);
  g_assert_true (g_str_has_prefix (words, drt_hresult_to_sentence (DRT_E_FAULTED)));
  g_assert_true (g_str_has_suffix (words, "DRT_E_FAULTED 0x8062210A"));

  foreign_words = rt_search_words_advice (RT_SEARCH_FAILED, RT_SEARCH_EXACT, foreign, FALSE);
  g_assert_cmpstr (foreign_words, ==, "No luck");

  none = rt_search_words_advice (RT_SEARCH_FAILED, RT_SEARCH_EXACT, NULL, FALSE);
  g_assert_cmpstr (none, ==, "");
}

static void
test_path (void)
{
  g_autofree char *one = rt_search_words_path (RT_SEARCH_RUNNING, 1);
  g_autofree char *many = rt_search_words_path (RT_SEARCH_CANCELLED, 4);
  g_autofree char *running = rt_search_words_path (RT_SEARCH_RUNNING, 0);
  g_autofree char *known = rt_search_words_path (RT_SEARCH_FOUND, 0);
  g_autofree char *cancelled = rt_search_words_path (RT_SEARCH_CANCELLED, 0);

  g_assert_cmpstr (one, ==, "1 node was asked.");
  g_assert_cmpstr (many, ==, "4 nodes were asked, in this order.");
  g_assert_cmpstr (running, !=, known);
  g_assert_cmpstr (cancelled, !=, known);
  g_assert_cmpstr (cancelled, !=, running);
}

static void
test_summary (void)
{
  g_autofree char *running = rt_search_words_summary (RT_SEARCH_EXACT, RT_SEARCH_RUNNING, 34000, 1);
  g_autofree char *found = rt_search_words_summary (RT_SEARCH_NEAREST, RT_SEARCH_FOUND, 34000, 3);

  g_assert_cmpstr (running, ==, "Exact · Searching · 1 node asked");
  g_assert_cmpstr (found, ==, "Nearest · Found · 34 ms · 3 nodes asked");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search-words/duration", test_duration);
  g_test_add_func ("/search-words/outcome", test_outcome);
  g_test_add_func ("/search-words/advice", test_advice);
  g_test_add_func ("/search-words/advice-failed", test_advice_failed);
  g_test_add_func ("/search-words/path", test_path);
  g_test_add_func ("/search-words/summary", test_summary);

  return g_test_run ();
}
