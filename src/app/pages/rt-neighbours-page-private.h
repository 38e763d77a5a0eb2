/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-column-settings.h"
#include "rt-live-order.h"
#include "rt-neighbours-page.h"
#include "rt-node.h"

/*
 * RtNeighboursPage in two files: rt-neighbours-page.c is the page with its
 * filter, order and selection, rt-neighbours-page-menu.c has its keys and the
 * menu of a row.
 */

G_BEGIN_DECLS

struct _RtNeighboursPage
{
  AdwBin parent_instance;

  RtNode *node;
  RtNeighbour *selected;
  gboolean narrow;
  gboolean show_details;
  guint scroll_tick;       /* until the selected row has been scrolled to */
  gboolean scroll_focus;   /* whether it gets the focus then */

  RtColumnSettings *columns;
  RtLiveOrder *order;

  AdwBanner *refused;
  GtkStack *stack;
  AdwMultiLayoutView *layouts;
  AdwBottomSheet *sheet;
  AdwToggleGroup *quick;
  GtkSearchEntry *entry;
  GtkLabel *count;
  GtkMenuButton *view_button;
  GtkStack *matches;
  GtkStack *details_stack;
  GtkColumnView *table;
  GtkListView *rows;
  GtkSingleSelection *selection;
  GtkFilterListModel *filtered;
  GtkFilter *filter;
  GtkCustomFilter *quick_filter;
  GtkCustomSorter *address_sorter;
  GtkCustomSorter *version_sorter;
};

/* rt-neighbours-page.c */
GtkWidget *rt_neighbours_page_get_view     (RtNeighboursPage *self);
void       rt_neighbours_page_select       (RtNeighboursPage *self,
                                            RtNeighbour      *neighbour);

/* rt-neighbours-page-menu.c */
void       rt_neighbours_page_add_bindings (GtkWidgetClass   *klass);
void       rt_neighbours_page_add_menus    (RtNeighboursPage *self);

G_END_DECLS
