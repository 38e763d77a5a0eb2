/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scenario.h"

#include <errno.h>
#include <malloc.h>

/* A failure at every point of one full scenario, once and from then on: see
 * scenario.c for the codes that are expected of each call. */

typedef struct
{
  const char *name;
  FaultPlan plan;
  gboolean recovers;   /* a single one of these is made good: all is found in the end */
  guint least;         /* points there are at least */
} Case;

static const Case cases[] = {
  { "send/lost", { .kind = FAULT_SEND, .error = VIRTUAL_HOST_LOST }, TRUE, 20 },
  { "send/refused", { .kind = FAULT_SEND, .error = EPERM }, TRUE, 20 },
  { "send/unreachable", { .kind = FAULT_SEND, .error = ENETUNREACH }, TRUE, 20 },
  { "send/full", { .kind = FAULT_SEND, .error = EAGAIN }, TRUE, 20 },
  { "send/interrupted", { .kind = FAULT_SEND, .error = EINTR }, TRUE, 20 },
  { "receive/lost", { .kind = FAULT_RECEIVE, .error = VIRTUAL_HOST_LOST }, TRUE, 20 },
  { "receive/refused", { .kind = FAULT_RECEIVE, .error = ECONNREFUSED }, TRUE, 20 },
  { "receive/no-memory", { .kind = FAULT_RECEIVE, .error = ENOMEM }, TRUE, 20 },
  { "receive/useless", { .kind = FAULT_RECEIVE, .error = EBADF }, FALSE, 20 },
  { "provider/resolve", { .kind = FAULT_PROVIDER }, TRUE, 15 },
  { "provider/membership", { .kind = FAULT_PROVIDER, .mode = DRT_SECURE_MEMBERSHIP, .dressed = TRUE }, TRUE, 30 },
  { "provider/confidential", { .kind = FAULT_PROVIDER, .mode = DRT_SECURE_CONFIDENTIALPAYLOAD, .dressed = TRUE }, TRUE, 40 },
  { "provider/fatal", { .kind = FAULT_PROVIDER, .fatal = TRUE }, FALSE, 15 },
  { "allocation/resolve", { .kind = FAULT_ALLOCATION }, TRUE, 30 },
  { "allocation/confidential", { .kind = FAULT_ALLOCATION, .mode = DRT_SECURE_CONFIDENTIALPAYLOAD, .dressed = TRUE }, TRUE, 30 },
};

static void
test_case (gconstpointer data)
{
  const Case *fault = data;
  FaultPlan plan = fault->plan;
  FaultOutcome outcome;
  guint n = 0, n_worked = 0;

  scenario_run (&plan, &outcome);
  g_assert_true (outcome.succeeded && !outcome.faulted);

  do
    {
      plan.at++;
      plan.from_then_on = FALSE;
      scenario_run (&plan, &outcome);
      n += outcome.n_injected;
      n_worked += outcome.succeeded;
      if (outcome.n_injected == 0)
        break;
      if (fault->recovers && (!outcome.succeeded || outcome.faulted))
        g_error ("It does not recover from a failure at point %u", plan.at);
      /* A fault is told and then answered; that it is there, not that it is hidden. */
      if (!outcome.succeeded)
        g_assert_true (outcome.faulted || plan.kind == FAULT_PROVIDER);

      /* No system interrupts every attempt for ever. */
      plan.from_then_on = plan.error != EINTR;
      scenario_run (&plan, &outcome);
    }
  while (TRUE);
  g_test_message ("%u points, after %u of them all went well", n, n_worked - 1);
  g_assert_cmpuint (n, >=, fault->least);
}

/* Nothing stays of a node when it is closed, not even where a leak checker still
 * sees somebody point. */
static void
test_nothing_stays (void)
{
  FaultPlan plan = { 0 };
  FaultOutcome outcome;
  gsize before;

  for (guint i = 0; i < 3; i++)
    scenario_run (&plan, &outcome);
  before = mallinfo2 ().uordblks;
  for (guint i = 0; i < 20; i++)
    scenario_run (&plan, &outcome);
  /* Less than the smallest structure of a node for each run. */
  g_assert_cmpuint (mallinfo2 ().uordblks, <, before + 20 * 512);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/faults/nothing-stays", test_nothing_stays);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/faults/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
