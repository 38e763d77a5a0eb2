/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-message.h"

G_BEGIN_DECLS

/* A signature is accepted from 300 s before the receiver's clock to 300 s after it
 * (PROFILE-2.0.md 1): what was signed ahead of time can come back for so long. */
#define DRT_REPLAY_TIME (600 * G_USEC_PER_SEC)
#define DRT_REPLAY_MAX  16384

/* What a signed message is known by: the same bytes, signed by the same key. */
typedef struct
{
  guint8 digest[16];
} DrtReplayId;

typedef struct _DrtReplayed DrtReplayed;

/**
 * DrtReplay:
 *
 * Where signed messages came from.  Bounded: when it is full the oldest is
 * forgotten.  Only messages that were verified belong in it.
 */
typedef struct
{
  GHashTable *by_id;             /* of DrtReplayed; NULL while there is none */
  DrtReplayed *oldest;
  DrtReplayed *newest;
} DrtReplay;

void     drt_replay_init              (DrtReplay *self);
void     drt_replay_clear             (DrtReplay *self);
void     drt_replay_identify          (DrtReplayId *id, const DrtSpan *signed_bytes, const DrtSpan *key_identifier);
gboolean drt_replay_is_from_elsewhere (DrtReplay *self, gint64 now, const DrtReplayId *id, const DrtEndpoint *from);
void     drt_replay_remember          (DrtReplay *self, gint64 now, const DrtReplayId *id, const DrtEndpoint *from);
guint    drt_replay_get_size          (const DrtReplay *self);

G_END_DECLS
