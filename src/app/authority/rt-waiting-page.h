/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-join.h"
#include "rt-node.h"

G_BEGIN_DECLS

/* An accepted invitation: its request, and what to do with the certificate. */
#define RT_TYPE_WAITING_PAGE (rt_waiting_page_get_type ())
G_DECLARE_FINAL_TYPE (RtWaitingPage, rt_waiting_page, RT, WAITING_PAGE, AdwNavigationPage)

AdwNavigationPage *rt_waiting_page_new (RtJoin *join, RtNode *node);

G_END_DECLS
