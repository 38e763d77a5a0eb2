/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "model/rt-neighbour.h"
#include "model/rt-registration.h"

/* Context menus.  Each item carries the key it is about as its target, so that
 * it acts on what it was opened on, wherever that has moved since. */

G_BEGIN_DECLS

GMenuModel *rt_neighbour_menu_new        (RtNeighbour        *neighbour);
GMenuModel *rt_registration_menu_new     (RtRegistration     *registration);
void        rt_context_menu_popup        (GtkWidget          *parent,
                                          GMenuModel         *menu,
                                          const GdkRectangle *pointing_to);

G_END_DECLS
