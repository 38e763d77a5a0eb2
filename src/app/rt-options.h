/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-application.h"
#include "rt-window.h"

G_BEGIN_DECLS

/* The command line: what each option does. */
typedef struct _RtOptions RtOptions;

void       rt_options_add_to          (GApplication *application);
int        rt_options_handle_local    (GVariantDict *options, gboolean *ended);
gboolean   rt_options_for_own_process (GVariantDict *options);

/* The options that work on while the application runs. */
RtOptions *rt_options_new             (RtApplication *application, RtWindow *window, GVariantDict *options);
void       rt_options_free            (RtOptions *self);

G_END_DECLS
