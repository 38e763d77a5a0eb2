/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-node.h"

G_BEGIN_DECLS

/* The status of the node for programs and scripts: "roundtable --status". */
char *rt_status_to_json      (RtNode *node);
char *rt_status_to_words     (RtNode *node);
int   rt_status_to_exit_code (RtNode *node);

/* Exit codes of --status. */
#define RT_STATUS_ACTIVE      0
#define RT_STATUS_NOT_ACTIVE  1
#define RT_STATUS_NOT_RUNNING 2

G_END_DECLS
