/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "model/rt-registration.h"

G_BEGIN_DECLS

/**
 * RtRegistrationCard:
 *
 * What the ring tells in a picture about a key of ours, in words: its facts and
 * its leaf set, whose members can be selected.
 *
 * Properties: `registration`, %NULL for none.
 */
#define RT_TYPE_REGISTRATION_CARD (rt_registration_card_get_type ())
G_DECLARE_FINAL_TYPE (RtRegistrationCard, rt_registration_card, RT, REGISTRATION_CARD, AdwBin)

GtkWidget      *rt_registration_card_new              (void);
RtRegistration *rt_registration_card_get_registration (RtRegistrationCard *self);
void            rt_registration_card_set_registration (RtRegistrationCard *self,
                                                       RtRegistration     *registration);

G_END_DECLS
