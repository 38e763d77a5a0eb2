/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * RtKeyLabel:
 *
 * A key cut in the middle (`3fa91c…07be`).  The whole key is in the tooltip
 * and one click away, on the copy button that appears where the pointer is.
 *
 * Properties: `key-text`, 64 hexadecimal digits or %NULL; `copyable`, whether
 * there is a copy button.
 */
#define RT_TYPE_KEY_LABEL (rt_key_label_get_type ())
G_DECLARE_FINAL_TYPE (RtKeyLabel, rt_key_label, RT, KEY_LABEL, GtkWidget)

GtkWidget  *rt_key_label_new          (void);
const char *rt_key_label_get_key_text (RtKeyLabel *self);
void        rt_key_label_set_key_text (RtKeyLabel *self,
                                       const char *key_text);
gboolean    rt_key_label_get_copyable (RtKeyLabel *self);
void        rt_key_label_set_copyable (RtKeyLabel *self,
                                       gboolean    copyable);

G_END_DECLS
