/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "odd-bootstrap.h"

#include <string.h>

static HRESULT
may_fail (OddBootstrap *self,
          const char   *function)
{
  return self->fail != NULL ? self->fail (self->data, function) : S_OK;
}

static HRESULT
attach (const PVOID context)
{
  OddBootstrap *self = context;
  HRESULT hr = may_fail (self, "bootstrap Attach");

  if (SUCCEEDED (hr))
    self->attached = TRUE;
  return hr;
}

static void
detach (const PVOID context)
{
  OddBootstrap *self = context;

  g_assert (self->attached && !self->resolving);
  self->attached = FALSE;
}

static HRESULT
init_resolve (const PVOID context, BOOL split, ULONG timeout, ULONG max_results, DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve, BOOL *fatal)
{
  OddBootstrap *self = context;
  HRESULT hr;

  /* One at a time, of a node that is open. */
  g_assert (self->attached && !self->resolving);
  hr = may_fail (self, "InitResolve");
  *fatal = FAILED (hr) && self->fatal;
  if (FAILED (hr))
    return hr;
  *resolve = self;
  self->resolving = TRUE;
  return S_OK;
}

static void
tell_ports (OddBootstrap                   *self,
            PVOID                           ticket,
            DRT_BOOTSTRAP_RESOLVE_CALLBACK  callback)
{
  SOCKADDR_IN6 names[ODD_BOOTSTRAP_MAX] = { 0 };
  g_autofree SOCKET_ADDRESS_LIST *list = g_malloc0 (SIZEOF_SOCKET_ADDRESS_LIST (ODD_BOOTSTRAP_MAX));

  list->iAddressCount = (INT) self->n_ports;
  for (guint i = 0; i < self->n_ports; i++)
    {
      names[i].sin6_family = AF_INET6;
      names[i].sin6_addr = in6addr_loopback;
      names[i].sin6_port = g_htons (self->ports[i]);
      list->Address[i] = (SOCKET_ADDRESS) { (SOCKADDR *) &names[i], sizeof names[i] };
    }
  callback (S_OK, ticket, list, FALSE);
}

static HRESULT
issue_resolve (const PVOID context, const PVOID callback_context, DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
               DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve, BOOL *fatal)
{
  OddBootstrap *self = context;
  HRESULT hr;

  g_assert (self->resolving && resolve == self);
  hr = may_fail (self, "IssueResolve");
  *fatal = FAILED (hr) && self->fatal;
  if (FAILED (hr))
    return hr;
  self->ticket = callback_context;
  self->callback = callback;
  tell_ports (self, callback_context, callback);
  callback (DRT_E_NO_MORE, callback_context, NULL, FALSE);
  return S_OK;
}

static void
end_resolve (const PVOID context, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve)
{
  OddBootstrap *self = context;

  g_assert (self->attached && self->resolving && resolve == self);
  self->resolving = FALSE;
}

static HRESULT
register_addresses (const PVOID context, const SOCKET_ADDRESS_LIST *addresses)
{
  OddBootstrap *self = context;

  g_assert (self->attached);
  return may_fail (self, "Register");
}

static void
unregister_addresses (const PVOID context)
{
  OddBootstrap *self = context;

  g_assert (self->attached);
}

void
odd_bootstrap_init (OddBootstrap    *self,
                    OddProviderFail  fail,
                    gpointer         data)
{
  *self = (OddBootstrap) {
    .table = {
      .pvContext = self,
      .Attach = attach,
      .Detach = detach,
      .InitResolve = init_resolve,
      .IssueResolve = issue_resolve,
      .EndResolve = end_resolve,
      .Register = register_addresses,
      .Unregister = unregister_addresses,
    },
    .fail = fail,
    .data = data,
  };
}

/* Somebody on ::1. */
void
odd_bootstrap_add (OddBootstrap *self,
                   guint16       port)
{
  if (self->n_ports < ODD_BOOTSTRAP_MAX)
    self->ports[self->n_ports++] = port;
}

/* To the last ticket there was, of use or not. */
void
odd_bootstrap_tell (OddBootstrap *self,
                    guint         what)
{
  SOCKADDR_IN6 name = { .sin6_family = what % 16 == 1 ? AF_INET : AF_INET6, .sin6_addr = in6addr_loopback, .sin6_port = g_htons ((guint16) (what * 257)) };
  SOCKET_ADDRESS_LIST list = { 1, { { (SOCKADDR *) &name, sizeof name } } };

  if (self->callback == NULL)
    return;
  switch (what % 8)
    {
    case 0:
      self->callback (E_FAIL, self->ticket, NULL, what > 240);
      break;
    case 1:
      self->callback (S_OK, self->ticket, &list, FALSE);
      break;
    case 2:
      list.Address[0].lpSockaddr = NULL;
      self->callback (S_OK, self->ticket, &list, FALSE);
      break;
    case 3:
      list.Address[0].iSockaddrLength = (INT) what - 128;
      self->callback (S_OK, self->ticket, &list, FALSE);
      break;
    case 4:
      list.iAddressCount = -1;
      self->callback (S_OK, self->ticket, &list, FALSE);
      break;
    case 5:
      self->callback (S_OK, self->ticket, NULL, FALSE);
      break;
    case 6:
      tell_ports (self, self->ticket, self->callback);
      break;
    default:
      self->callback (DRT_E_NO_MORE, self->ticket, NULL, what > 240);
      break;
    }
}

void
odd_bootstrap_clear (OddBootstrap *self)
{
  g_assert (!self->attached && !self->resolving);
}
