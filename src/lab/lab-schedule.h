/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LabSchedule:
 *
 * Times of things that are counted from 0, one time each: the next deadline of
 * every node, or the hour of its death.  Setting, changing and taking the
 * earliest cost the logarithm of their number; equal times come in the order of
 * the numbers, so that a run follows from its seed.
 */
typedef struct _LabSchedule LabSchedule;

LabSchedule *lab_schedule_new      (void);
void         lab_schedule_free     (LabSchedule *schedule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabSchedule, lab_schedule_free)

/* G_MAXINT64: never, which takes it out. */
void         lab_schedule_set      (LabSchedule *schedule, guint id, gint64 time);
gint64       lab_schedule_get_next (const LabSchedule *schedule, guint *id);

G_END_DECLS
