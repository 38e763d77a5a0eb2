/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-verdict.h"

struct _RtVerdict
{
  GObject parent_instance;

  DrtChainReason reason;
  const char *title;
  const char *remedy;
  char *sentence;
  char *technical;
};

G_DEFINE_FINAL_TYPE (RtVerdict, rt_verdict, G_TYPE_OBJECT)

static void
rt_verdict_finalize (GObject *object)
{
  RtVerdict *self = RT_VERDICT (object);

  g_free (self->sentence);
  g_free (self->technical);
  G_OBJECT_CLASS (rt_verdict_parent_class)->finalize (object);
}

static void
rt_verdict_class_init (RtVerdictClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_verdict_finalize;
}

static void
rt_verdict_init (RtVerdict *self)
{
}

RtVerdict *
rt_verdict_new (const DrtChainReport *report, const DrtChainVerdict *verdict)
{
  RtVerdict *self = g_object_new (RT_TYPE_VERDICT, NULL);
  const char *id = drt_chain_reason_id (verdict->reason);
  const char *name = drt_chain_openssl_name (verdict->openssl_code);

  self->reason = verdict->reason;
  self->title = drt_chain_verdict_title (report, verdict);
  self->remedy = drt_chain_verdict_remedy (report, verdict);
  self->sentence = drt_chain_verdict_describe (report, verdict);
  self->technical = name != NULL ? g_strdup_printf ("%s, %s (%d)", id, name, verdict->openssl_code) : g_strdup (id);
  return self;
}

DrtChainReason
rt_verdict_get_reason (RtVerdict *self)
{
  g_return_val_if_fail (RT_IS_VERDICT (self), DRT_REASON_N);
  return self->reason;
}

gboolean
rt_verdict_is_fault (RtVerdict *self)
{
  g_return_val_if_fail (RT_IS_VERDICT (self), TRUE);
  return drt_chain_reason_is_fault (self->reason);
}

const char *
rt_verdict_get_title (RtVerdict *self)
{
  g_return_val_if_fail (RT_IS_VERDICT (self), NULL);
  return self->title;
}

const char *
rt_verdict_get_sentence (RtVerdict *self)
{
  g_return_val_if_fail (RT_IS_VERDICT (self), NULL);
  return self->sentence;
}

const char *
rt_verdict_get_remedy (RtVerdict *self)
{
  g_return_val_if_fail (RT_IS_VERDICT (self), NULL);
  return self->remedy;
}

const char *
rt_verdict_get_technical (RtVerdict *self)
{
  g_return_val_if_fail (RT_IS_VERDICT (self), NULL);
  return self->technical;
}
