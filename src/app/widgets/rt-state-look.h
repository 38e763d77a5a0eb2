/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rt-types.h"

/*
 * How the states of keys and searches look: an icon of its own shape each, a
 * style class, and what they mean in a sentence.
 */

G_BEGIN_DECLS

const char *rt_registration_state_to_icon        (RtRegistrationState state);
const char *rt_registration_state_to_style       (RtRegistrationState state);
const char *rt_registration_state_to_explanation (RtRegistrationState state);

const char *rt_search_state_to_icon              (RtSearchState state);
const char *rt_search_state_to_style             (RtSearchState state);

/* DRT_ADDRESS_FLAGS of a node that was asked. */
const char *rt_verdict_to_icon                   (guint flags);
const char *rt_verdict_to_style                  (guint flags);
char       *rt_verdict_to_explanation            (guint flags);

/* The image shows @icon in the colour of @style, which may be NULL for none. */
void        rt_image_set_look                    (GtkImage *image, const char *icon, const char *style);

/* Wraps a technical name without hyphens, which would look like a part of it. */
void        rt_label_forbid_hyphens              (GtkLabel *label);

/* Wraps the subtitle of a row without hyphens, which would look like a part of it. */
void        rt_action_row_forbid_hyphens         (GtkWidget *row);

G_END_DECLS
