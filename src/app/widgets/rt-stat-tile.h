/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * One number and what it counts.  Properties: title; value, "–" while unknown;
 * detail, a few words under it, may be empty.
 */
#define RT_TYPE_STAT_TILE (rt_stat_tile_get_type ())
G_DECLARE_FINAL_TYPE (RtStatTile, rt_stat_tile, RT, STAT_TILE, AdwBin)

void rt_stat_tile_set (RtStatTile *self, const char *value, const char *detail);

G_END_DECLS
