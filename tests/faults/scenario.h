/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "odd-bootstrap.h"
#include "odd-provider.h"
#include "virtual-host.h"

/*
 * One life of a small mesh through drt.h: three nodes join, publish, find, change
 * and withdraw keys, and close.  At one point, or from one point on, a send, a
 * receive, a callback of a provider or an allocation fails.
 */

G_BEGIN_DECLS

#define SCENARIO_NODES 3

typedef enum
{
  FAULT_SEND,
  FAULT_RECEIVE,
  FAULT_PROVIDER,
  FAULT_ALLOCATION,
  N_FAULTS
} FaultKind;

typedef struct
{
  DRT_SECURITY_MODE mode;
  gboolean dressed;        /* the providers return something where the null provider returns nothing */
  FaultKind kind;
  guint at;                /* from 1; 0: nothing fails */
  gboolean from_then_on;
  int error;               /* of a send or receive: VIRTUAL_HOST_LOST or an errno */
  gboolean fatal;          /* of a bootstrap provider */
} FaultPlan;

typedef struct
{
  guint n_points[N_FAULTS];
  guint n_injected;
  gboolean succeeded;      /* all that was published was found, as it was */
  gboolean faulted;        /* some node is DRT_FAULTED */
} FaultOutcome;

void scenario_run (const FaultPlan *plan, FaultOutcome *outcome);

G_END_DECLS
