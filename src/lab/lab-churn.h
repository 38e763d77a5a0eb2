/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lab-search.h"

G_BEGIN_DECLS

/**
 * LabChurn:
 *
 * Sessions of exponential length: whoever dies, without a word, is replaced at
 * once by a new node with a new key.  Those who lived before are as likely to
 * die in the next minute as any: such a session has no age.
 */
typedef struct
{
  LabMesh *mesh;
  LabSchedule *deaths;
  double mean;           /* microseconds */
  guint n_deaths;
} LabChurn;

void     lab_churn_init    (LabChurn *churn, LabMesh *mesh, gint64 mean);
void     lab_churn_clear   (LabChurn *churn);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LabChurn, lab_churn_clear)

/* For @time, with searches by chance every @search_interval, which are begun but
 * not waited for; FALSE: stopped. */
gboolean lab_churn_run     (LabChurn *churn, gint64 time, gint64 search_interval, LabTally *tally);

G_END_DECLS
