/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A new passphrase, typed twice.  Properties: with-remember (boolean: whether it
 * asks if the keyring shall keep it).  Signals: changed, activated. */
#define RT_TYPE_PASSPHRASE_GROUP (rt_passphrase_group_get_type ())
G_DECLARE_FINAL_TYPE (RtPassphraseGroup, rt_passphrase_group, RT, PASSPHRASE_GROUP, AdwPreferencesGroup)

const char *rt_passphrase_group_get_passphrase (RtPassphraseGroup *self);
gboolean    rt_passphrase_group_get_remember   (RtPassphraseGroup *self);
void        rt_passphrase_group_clear          (RtPassphraseGroup *self);
void        rt_passphrase_group_reveal_problem (RtPassphraseGroup *self);

G_END_DECLS
