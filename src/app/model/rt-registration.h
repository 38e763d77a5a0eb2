/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "rt-certificate-file.h"
#include "rt-leaf.h"

G_BEGIN_DECLS

/* A key of ours: published while the node is open, remembered while it is not. */
#define RT_TYPE_REGISTRATION (rt_registration_get_type ())
G_DECLARE_FINAL_TYPE (RtRegistration, rt_registration, RT, REGISTRATION, GObject)

const DrtKey        *rt_registration_get_key          (RtRegistration *self);
const char          *rt_registration_get_key_text     (RtRegistration *self);
const char          *rt_registration_get_key_short    (RtRegistration *self);
const char          *rt_registration_get_name         (RtRegistration *self);
const char          *rt_registration_get_title        (RtRegistration *self);
void                 rt_registration_set_name         (RtRegistration *self, const char *name);
RtRegistrationState  rt_registration_get_state        (RtRegistration *self);
GBytes              *rt_registration_get_payload      (RtRegistration *self);
guint                rt_registration_get_payload_size (RtRegistration *self);
const GError        *rt_registration_get_error        (RtRegistration *self);
GListModel          *rt_registration_get_leaves       (RtRegistration *self);
guint                rt_registration_get_n_below      (RtRegistration *self);
guint                rt_registration_get_n_above      (RtRegistration *self);
double               rt_registration_get_turn         (RtRegistration *self);
gboolean             rt_registration_get_persistent   (RtRegistration *self);
/* The certificate its key derives from; NULL: from none. */
RtCertificateFile   *rt_registration_get_certificate  (RtRegistration *self);
/* Seconds since 1970; 0: never, or not known. */
gint64               rt_registration_get_expires      (RtRegistration *self);

G_END_DECLS
