/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lab-figure.h"

gboolean
lab_figure_is_met (const LabFigure *figure)
{
  switch (figure->goal)
    {
    case LAB_GOAL_AT_MOST:
      return figure->value <= figure->to_reach;
    case LAB_GOAL_AT_LEAST:
      return figure->value >= figure->to_reach;
    case LAB_GOAL_NONE:
    default:
      return TRUE;
    }
}
