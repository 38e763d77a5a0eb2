/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "drt-glib.h"
#include "drt-observe.h"

/*
 * A node for the tests of drt.h, with a transport on ::1, the null security
 * provider and the resolver that finds nobody; before each call of a provider the
 * test may put in its word.
 */

G_BEGIN_DECLS

typedef struct _Spy Spy;

typedef enum
{
  CALL_NONE,
  CALL_SECURITY_ATTACH,
  CALL_SECURITY_DETACH,
  CALL_REGISTER_KEY,
  CALL_UNREGISTER_KEY,
  CALL_PACK,
  CALL_CREDENTIAL,
  CALL_BOOTSTRAP_ATTACH,
  CALL_BOOTSTRAP_DETACH,
  CALL_INIT_RESOLVE,
  CALL_ISSUE_RESOLVE,
  CALL_END_RESOLVE,
  CALL_REGISTER,
  CALL_UNREGISTER,
  N_CALLS,
} Call;

/* What the provider answers; S_OK: what the real one does. */
typedef HRESULT (*SpyHook) (Spy *spy);

struct _Spy
{
  DRT_SETTINGS settings;
  USHORT port;
  HANDLE event;
  HDRT drt;

  DRT_SECURITY_PROVIDER security;     /* what the node is given */
  DRT_SECURITY_PROVIDER *null;        /* what does the work */
  DRT_BOOTSTRAP_PROVIDER bootstrap;
  DRT_BOOTSTRAP_PROVIDER *list;

  SpyHook hooks[N_CALLS];
  int n_calls[N_CALLS];               /* atomic */
  int n_split_resolves;               /* atomic: those with fSplitDetect */
  int in_bootstrap;                   /* atomic: a call of the bootstrap provider is under way */
  gboolean fatal;                     /* a hook's failure of a resolve is fatal */
  gpointer data;                      /* for hooks */
  HRESULT seen;
};

Spy  *spy_new         (void);
Spy  *spy_new_with    (DRT_SCOPE scope, ULONG scope_id, const char *bootstrap);
void  spy_free        (Spy *spy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Spy, spy_free)

HRESULT    spy_open        (Spy *spy);
HRESULT    spy_register    (Spy *spy, guint8 first_byte, HDRT_REGISTRATION_CONTEXT *handle);
DRT_STATUS spy_wait_status (Spy *spy, HRESULT *hr);
int        spy_count       (Spy *spy, Call call);
void       spy_key         (guint8 first_byte, BYTE key[32]);

/* Fails with both codes by name. */
#define assert_hr(actual, expected) assert_hr_at (G_STRLOC, #actual, (actual), (expected))
void assert_hr_at (const char *where, const char *what, HRESULT actual, HRESULT expected);

G_END_DECLS
