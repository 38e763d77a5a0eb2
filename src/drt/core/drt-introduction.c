/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-node-private.h"

/* In confidential mode nothing can be sealed for whom we have no credential of, or one
 * that has run out: it is asked for first, with an INQUIRE that wants the chain and the
 * CPA that proves whose it is.  What a resolve has to ask waits in the resolve
 * (drt-resolve-lookup.c), FLOODs wait here. */

#define INTRODUCTIONS_MAX 64
#define LETTERS_MAX       8    /* for one of them */

void
drt_introduction_free (DrtIntroduction *self)
{
  drt_entry_free (self->with);
  g_ptr_array_unref (self->letters);
  g_free (self);
}

static DrtIntroduction *
find_with (DrtNode         *node,
           const DrtLetter *letter)
{
  for (guint i = 0; i < node->introductions->len; i++)
    {
      DrtIntroduction *self = g_ptr_array_index (node->introductions, i);

      if (drt_key_equal (&self->with->key, &letter->to->key) && drt_entry_has_endpoint (self->with, &letter->at))
        return self;
    }
  return NULL;
}

/**
 * drt_introduce:
 * @node: a node in confidential mode
 * @now: the time
 * @letter: (transfer full): what is to be sent when the credential of its receiver is
 *   known
 *
 * Asks for the credential, unless that is under way.
 */
void
drt_introduce (DrtNode   *node,
               gint64     now,
               DrtLetter *letter)
{
  DrtIntroduction *self = find_with (node, letter);

  letter->introduced = TRUE;
  if (self == NULL && node->introductions->len < INTRODUCTIONS_MAX)
    {
      self = g_new0 (DrtIntroduction, 1);
      self->with = drt_entry_copy (letter->to);
      self->letters = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_letter_free);
      self->inquire_id = drt_inquire_send (node, now, self->with, DRT_INQUIRE_FLAG_A | DRT_INQUIRE_FLAG_C, self->nonce,
                                           DRT_PENDING_INQUIRE_SEAL, NULL);
      if (self->inquire_id != 0)
        g_ptr_array_add (node->introductions, self);
      else
        g_clear_pointer (&self, drt_introduction_free);
    }
  if (self != NULL && self->letters->len < LETTERS_MAX)
    g_ptr_array_add (self->letters, letter);
  else
    drt_letter_free (letter);
}

static DrtIntroduction *
steal (DrtNode *node,
       guint32  inquire_id)
{
  for (guint i = 0; i < node->introductions->len; i++)
    if (((DrtIntroduction *) g_ptr_array_index (node->introductions, i))->inquire_id == inquire_id)
      return g_ptr_array_steal_index_fast (node->introductions, i);
  return NULL;
}

void
drt_introduction_answered (DrtNode                  *node,
                           gint64                    now,
                           const DrtPending         *request,
                           const DrtAuthorityBuffer *answer)
{
  DrtIntroduction *self = steal (node, request->id);
  DrtCpa cpa;
  HRESULT hr;

  if (self == NULL)
    return;
  hr = drt_cpa_check (node, self->with, answer, self->nonce, &cpa);
  drt_cpa_clear (&cpa);
  if (SUCCEEDED (hr))
    {
      drt_node_keep_credential (node, &self->with->key, &request->to, answer->credential);
      while (self->letters->len > 0)
        drt_flood_send_letter (node, now, g_ptr_array_steal_index (self->letters, 0));
    }
  else if (answer->flags & DRT_AUTHORITY_FLAG_N)
    {
      drt_routes_remove_at (node, now, &self->with->key, &request->to, DRT_E_INVALID_KEY);
    }
  else
    {
      drt_node_drop (node, DRT_DROP_INVALID_CPA);
    }
  drt_introduction_free (self);
}

/* As a FLOOD that was not acknowledged, when one was waiting (§3.2.6.3). */
void
drt_introduction_unanswered (DrtNode          *node,
                             gint64            now,
                             const DrtPending *request)
{
  DrtIntroduction *self = steal (node, request->id);
  gboolean wants_ack = FALSE;

  if (self == NULL)
    return;
  for (guint i = 0; i < self->letters->len; i++)
    wants_ack = wants_ack || !((DrtLetter *) g_ptr_array_index (self->letters, i))->no_ack;
  if (wants_ack)
    drt_routes_remove_at (node, now, &self->with->key, &request->to, DRT_E_TIMEOUT);
  drt_introduction_free (self);
}
