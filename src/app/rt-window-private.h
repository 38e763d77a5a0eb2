/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rt-demo.h"
#include "rt-window.h"

G_BEGIN_DECLS

/* RtWindow in two files: rt-window.c has what it shows, rt-window-actions.c what
 * a person can do. */

struct _RtWindow
{
  AdwApplicationWindow parent_instance;

  RtNode *node;
  RtDemo *demo;
  GSettings *settings;
  gboolean unlocking;        /* a passphrase is being asked for, to open the node */
  AdwDialog *problem;        /* borrowed: that the node could not be opened */

  GtkStack *root_stack;
  AdwToastOverlay *toast_overlay;
  AdwNavigationSplitView *split_view;
  AdwNavigationPage *content_page;
  GtkLabel *content_title;
  GtkWidget *content_state;
  GtkImage *content_state_icon;
  GtkLabel *content_state_label;
  AdwBanner *unstored_banner;
  AdwBanner *banner;
  GtkStack *page_stack;
  GtkImage *state_icon;
  GtkLabel *state_label;
  GtkWidget *state_time;
  GtkListBox *page_list;
};

typedef struct
{
  const char *name;
  const char *title;
  const char *icon;
} RtWindowPage;

#define RT_WINDOW_N_PAGES 5

extern const RtWindowPage rt_window_pages[RT_WINDOW_N_PAGES];

/* rt-window.c */
GtkWidget *rt_window_get_page         (RtWindow *self, const char *name);

/* rt-window-actions.c */
void       rt_window_install_actions  (GtkWidgetClass *widget_class);
void       rt_window_init_actions     (RtWindow *self);
void       rt_window_update_actions   (RtWindow *self);

G_END_DECLS
