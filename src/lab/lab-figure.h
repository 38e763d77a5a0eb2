/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What there is to say of a measured value and the number to reach. */
typedef enum
{
  LAB_GOAL_NONE,
  LAB_GOAL_AT_MOST,
  LAB_GOAL_AT_LEAST,
} LabGoal;

typedef struct
{
  const char *scenario;
  const char *bench;      /* what is measured: "stable/success" */
  double value;
  const char *unit;
  guint nodes;
  guint32 seed;
  LabGoal goal;
  double to_reach;
} LabFigure;

typedef void (*LabReport) (const LabFigure *figure, gpointer data);

gboolean lab_figure_is_met (const LabFigure *figure);   /* TRUE also where there is no goal */

G_END_DECLS
