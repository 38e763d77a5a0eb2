/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <drt-observe.h>
#include <gio/gio.h>

/* What tests of models share: lists are followed by what they say of their
 * changes, and notifications are counted. */

typedef struct
{
  GListModel *model;
  GPtrArray *mirror;        /* what the signals add up to */
  guint n_signals;
  guint n_added;
  guint n_removed;
  gulong handler;
} ListWatch;

void list_watch_init   (ListWatch *watch, GListModel *model);
void list_watch_clear  (ListWatch *watch);
void list_watch_expect (ListWatch *watch, guint n_signals, guint n_removed, guint n_added);

typedef struct
{
  GObject *object;
  guint n_notifies;
  gulong handler;
} NotifyWatch;

/* property: NULL for all of them */
void notify_watch_init   (NotifyWatch *watch, gpointer object, const char *property);
void notify_watch_clear  (NotifyWatch *watch);
void notify_watch_expect (NotifyWatch *watch, guint n_notifies);

/* The key whose most significant byte is first and second; all others are zero. */
DrtKey test_key (guint8 first, guint8 second);

/* An entry with one address, heard from just now. */
typedef struct
{
  DrtObservedEntry entry;
  DrtEndpoint address;
} TestEntry;

void test_entry_init (TestEntry *entry, const DrtKey *key);
