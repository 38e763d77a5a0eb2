/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lab-mesh.h"

G_BEGIN_DECLS

#define LAB_SEARCH_TIMEOUT  (30 * G_USEC_PER_SEC)
/* A new key is to be found by everybody after this time, and not before. */
#define LAB_SETTLING_TIME   (2 * G_USEC_PER_SEC)

/**
 * LabTally:
 *
 * What searches came to.  One counts when its publisher lived all the while;
 * who is gone before his own search ends is not counted either.
 */
typedef struct
{
  guint started;
  guint under_way;
  guint abandoned;       /* not counted */
  guint counted;
  guint found;           /* with the right payload */
  guint wrong;           /* with another payload */
  guint missed;          /* the rest of the counted */
  guint64 lookups;       /* LOOKUPs that those found sent, without retransmissions */
  guint lookups_max;
  GArray *times;         /* of gint64: until found, microseconds of virtual time */
} LabTally;

void     lab_tally_init        (LabTally *tally);
void     lab_tally_clear       (LabTally *tally);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LabTally, lab_tally_clear)

double   lab_tally_get_success  (const LabTally *tally);   /* 0 .. 1 of the counted; 1 for none */
double   lab_tally_get_lookups  (const LabTally *tally);   /* mean */
double   lab_tally_get_time     (LabTally *tally, double quantile);   /* seconds */

/* @from looks for @to's key; the tally hears of the end. */
void     lab_search_start      (LabNode *from, LabNode *to, LabTally *tally);
/* Between two nodes that chance names, both old enough to know and be known. */
gboolean lab_search_any        (LabMesh *mesh, LabTally *tally);
void     lab_searches_asked    (LabNode *node, const guint8 id[4], const guint8 target[DRT_KEY_SIZE]);
/* All that @node has under way comes to nothing. */
void     lab_searches_abandon  (LabNode *node);
/* So many, @interval microseconds apart, and on until the last has ended. */
gboolean lab_searches_run      (LabMesh *mesh, guint n, gint64 interval, LabTally *tally);

G_END_DECLS
