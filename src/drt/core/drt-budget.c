/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-budget.h"

#define ACCOUNTS_MAX 256   /* the one that has had least goes */

typedef struct
{
  struct in6_addr address;
  guint64 came;
  guint64 sent;
} Account;

void
drt_budget_clear (DrtBudget *budget)
{
  g_clear_pointer (&budget->accounts, g_array_unref);
}

static Account *
find_account (DrtBudget             *budget,
              const struct in6_addr *address)
{
  Account fresh = { .address = *address };
  guint least = 0;

  if (budget->accounts == NULL)
    budget->accounts = g_array_new (FALSE, FALSE, sizeof (Account));
  for (guint i = 0; i < budget->accounts->len; i++)
    {
      Account *account = &g_array_index (budget->accounts, Account, i);

      if (IN6_ARE_ADDR_EQUAL (&account->address, address))
        return account;
      if (account->sent < g_array_index (budget->accounts, Account, least).sent)
        least = i;
    }
  if (budget->accounts->len >= ACCOUNTS_MAX)
    g_array_remove_index_fast (budget->accounts, least);
  g_array_append_val (budget->accounts, fresh);
  return &g_array_index (budget->accounts, Account, budget->accounts->len - 1);
}

/**
 * drt_budget_spend:
 * @budget: of a node
 * @now: the time
 * @to: an address that has not proved to be who it says
 * @came: bytes that have just come from it, or named it
 * @wanted: bytes that would go to it for that
 * @allowance: bytes it may have without any having come
 *
 * Returns: whether they may go; they are then taken as sent
 */
gboolean
drt_budget_spend (DrtBudget         *budget,
                  gint64             now,
                  const DrtEndpoint *to,
                  gsize              came,
                  gsize              wanted,
                  gsize              allowance)
{
  Account *account;

  if (now - budget->since >= DRT_BUDGET_TIME)
    {
      drt_budget_clear (budget);
      budget->since = now;
      budget->total = 0;
    }
  account = find_account (budget, &to->address);
  account->came += came;
  if (account->sent + wanted > DRT_BUDGET_FACTOR * account->came + allowance ||
      budget->total + wanted > DRT_BUDGET_TOTAL)
    return FALSE;
  account->sent += wanted;
  budget->total += wanted;
  return TRUE;
}
