/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-member.h"

DrtMember *
drt_member_new (void)
{
  DrtMember *self = g_new0 (DrtMember, 1);

  g_ref_count_init (&self->refs);
  return self;
}

DrtMember *
drt_member_ref (DrtMember *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
drt_member_unref (DrtMember *self)
{
  if (self == NULL || !g_ref_count_dec (&self->refs))
    return;
  drt_public_key_unref (self->public_key);
  g_free (self);
}
