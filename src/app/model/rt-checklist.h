/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-node.h"

G_BEGIN_DECLS

/* What stands between the node and the mesh, as questions with an answer and one
 * next step each. */
typedef enum
{
  RT_CHECK_ADDRESS,
  RT_CHECK_PORT,
  RT_CHECK_BOOTSTRAP,
  RT_CHECK_ERROR,
  RT_N_CHECKS
} RtCheckKind;

typedef enum
{
  RT_CHECK_UNKNOWN,
  RT_CHECK_WAITING,
  RT_CHECK_GOOD,
  RT_CHECK_BAD,
} RtCheckResult;

typedef struct
{
  RtCheckResult result;
  char *words;       /* the answer, a sentence */
  char *next_step;   /* what to do, a sentence; NULL where nothing is to do */
  HRESULT code;      /* shown beside it when it is a failure */
} RtCheck;

void        rt_check_init    (RtCheck *check, RtCheckKind kind, RtNode *node);
void        rt_check_clear   (RtCheck *check);
const char *rt_check_kind_to_title     (RtCheckKind kind);
const char *rt_check_result_to_string  (RtCheckResult result);

G_END_DECLS
