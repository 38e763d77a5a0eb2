/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-letter.h"

#include "drt-bytes.h"

DrtLetter *
drt_letter_new (const DrtEntry        *to,
                const DrtEndpoint     *at,
                const DrtFloodContent *content)
{
  g_autoptr (DrtLetter) letter = g_new0 (DrtLetter, 1);

  letter->to = drt_entry_copy (to);
  letter->at = *at;
  letter->no_ack = content->no_ack;
  letter->n_flooded = MIN (content->n_flooded, DRT_MAX_PATH);
  if (letter->n_flooded > 0)
    memcpy (letter->flooded, content->flooded, letter->n_flooded * sizeof *letter->flooded);
  if (content->entry != NULL)
    letter->entry = drt_entry_copy (content->entry);
  if (DRT_SPAN_PRESENT (content->revoke_cpa))
    {
      letter->revoke_cpa = drt_bytes_try_new (content->revoke_cpa.data, content->revoke_cpa.length);
      if (letter->revoke_cpa == NULL)
        return NULL;
    }
  return g_steal_pointer (&letter);
}

void
drt_letter_free (DrtLetter *letter)
{
  if (letter == NULL)
    return;
  drt_entry_free (letter->to);
  drt_entry_free (letter->entry);
  g_clear_pointer (&letter->revoke_cpa, g_bytes_unref);
  g_free (letter);
}

void
drt_letter_get_content (const DrtLetter *letter,
                        DrtFloodContent *content)
{
  *content = (DrtFloodContent) {
    .entry = letter->entry, .flooded = letter->flooded, .n_flooded = letter->n_flooded, .no_ack = letter->no_ack,
  };
  if (letter->revoke_cpa != NULL)
    content->revoke_cpa.data = g_bytes_get_data (letter->revoke_cpa, &content->revoke_cpa.length);
}
