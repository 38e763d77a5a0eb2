/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "certified-mesh.h"

/* What the attacks have in common: messages as somebody would send them, and what the one
 * who is attacked lets out. */

G_BEGIN_DECLS

#define ATTACK_MESSAGE_MAX 8192

/* What a node has sent since attack_watch(). */
typedef struct
{
  VirtualNode *node;             /* of it alone; NULL: of anybody */
  DrtEndpoint to;                /* what went there … */
  guint n_to;
  guint64 bytes_to;
  guint n_all;                   /* … and all together */
  GQueue caught;                 /* of GBytes: what went there, while @catch */
  gboolean catch;
} AttackWatch;

void     attack_watch    (CertifiedMesh *mesh, AttackWatch *watch, VirtualNode *node, const char *to);
void     attack_unwatch  (CertifiedMesh *mesh, AttackWatch *watch);

/* @message with the proof of @as; NULL: without one. */
gsize    attack_encode   (CertifiedNode *as, DrtMessage *message, guint8 bytes[ATTACK_MESSAGE_MAX]);
/* The same, delivered at once. */
gsize    attack_send     (CertifiedMesh *mesh, CertifiedNode *as, DrtMessage *message, const DrtEndpoint *from, CertifiedNode *to);
/* A FLOOD that @key is @at. */
void     attack_flood    (DrtMessage *message, const DrtKey *validate, const DrtKey *key, const DrtEndpoint *at);
void     attack_inquire  (DrtMessage *message, const DrtKey *key, guint16 flags, const guint8 *nonce);
void     attack_lookup   (DrtMessage *message, const DrtKey *target, const DrtKey *validate);
/* A whole AUTHORITY_BUFFER as the answer to @acked. */
void     attack_answer   (CertifiedMesh *mesh, CertifiedNode *to, const DrtEndpoint *from, guint32 acked, const DrtAuthorityBuffer *buffer);

G_END_DECLS
