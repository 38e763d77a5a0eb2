/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-observe.h>

#include "rt-registration.h"

G_BEGIN_DECLS

typedef RtNeighbour *(*RtFindNeighbourFunc) (gpointer data, const DrtKey *key);

RtRegistration *rt_registration_new            (const DrtKey *key, GBytes *payload, const char *name);
void            rt_registration_set_state      (RtRegistration *self, RtRegistrationState state);
void            rt_registration_set_payload    (RtRegistration *self, GBytes *payload);
void            rt_registration_set_certificate (RtRegistration *self, RtCertificateFile *file);
void            rt_registration_set_persistent (RtRegistration *self, gboolean persistent);
void            rt_registration_take_error     (RtRegistration *self, GError *error);
void            rt_registration_observe        (RtRegistration *self, const DrtObservedKey *observed,
                                                guint n_neighbours, RtFindNeighbourFunc find, gpointer data);
void            rt_registration_set_n_neighbours (RtRegistration *self, guint n_neighbours);
void            rt_registration_clear_leaves   (RtRegistration *self);
void            rt_registration_neighbour_changed (RtRegistration *self, const DrtKey *key, RtNeighbour *neighbour);

HDRT_REGISTRATION_CONTEXT rt_registration_get_handle (RtRegistration *self);
void            rt_registration_set_handle     (RtRegistration *self, HDRT_REGISTRATION_CONTEXT handle);

G_END_DECLS
