/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rt-certificate-file.h"
#include "rt-key-text.h"

G_BEGIN_DECLS

/* Where a key comes from. */
typedef enum
{
  RT_KEY_SOURCE_HEX,
  RT_KEY_SOURCE_TEXT,
  RT_KEY_SOURCE_RANDOM,
  RT_KEY_SOURCE_CERTIFICATE,
} RtKeySource;

/* The field in which a person says which key is meant: its digits, a text it is
 * the SHA-256 of, a random one, or a certificate it derives from.  Checked as one
 * types.  Properties: with-random, with-certificate (boolean). */
#define RT_TYPE_KEY_GROUP (rt_key_group_get_type ())
G_DECLARE_FINAL_TYPE (RtKeyGroup, rt_key_group, RT, KEY_GROUP, AdwPreferencesGroup)

gboolean    rt_key_group_get_key        (RtKeyGroup *self, DrtKey *key);
void        rt_key_group_set_hex        (RtKeyGroup *self, const char *hex);
void        rt_key_group_set_refusal    (RtKeyGroup *self, HRESULT code, const char *sentence, const char *action);
void        rt_key_group_reveal_problem (RtKeyGroup *self);
/* After the signal choose-certificate, and for the one to begin with. */
void        rt_key_group_set_certificate (RtKeyGroup *self, RtCertificateFile *file);
/* NULL unless the source is a certificate, and there is one. */
RtCertificateFile *rt_key_group_get_certificate (RtKeyGroup *self);
RtKeySource rt_key_group_get_source     (RtKeyGroup *self);
void        rt_key_group_set_source     (RtKeyGroup *self, RtKeySource source);

G_END_DECLS
