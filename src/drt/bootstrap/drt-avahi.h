/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

/*
 * The Avahi daemon, as one user of it sees it: a connection of its own to the
 * system bus, and a thread of its own, in which everything happens.  A daemon
 * that comes late, or again, is noticed.
 */

G_BEGIN_DECLS

#define DRT_AVAHI_ANY_INTERFACE (-1)
#define DRT_AVAHI_ANY_PROTOCOL  (-1)

typedef struct _DrtAvahi DrtAvahi;

typedef enum
{
  DRT_AVAHI_UNKNOWN,    /* being looked for */
  DRT_AVAHI_ABSENT,
  DRT_AVAHI_PRESENT,    /* answers questions, but does not publish yet */
  DRT_AVAHI_RUNNING,
} DrtAvahiState;

/* What its user is told, in the thread. */
typedef struct
{
  void (*state)  (gpointer user, DrtAvahiState state);
  void (*signal) (gpointer user, const char *path, const char *member, GVariant *parameters);
  void (*end)    (gpointer user);   /* nothing more: @user may be freed */
} DrtAvahiUser;

/* An answer; NULL with an error, which is told of by name. */
typedef void (*DrtAvahiFunc) (gpointer data, GVariant *answer, const char *error);

DrtAvahi      *drt_avahi_new       (const DrtAvahiUser *user, gpointer data);
void           drt_avahi_close     (DrtAvahi *self);
DrtAvahi      *drt_avahi_ref       (DrtAvahi *self);
void           drt_avahi_unref     (DrtAvahi *self);
DrtAvahiState  drt_avahi_wait      (DrtAvahi *self, gint64 patience);
void           drt_avahi_post      (DrtAvahi *self, GSourceFunc func, gpointer data, GDestroyNotify destroy);

/* Of the thread. */
DrtAvahiState  drt_avahi_get_state (DrtAvahi *self);
GSource       *drt_avahi_later     (DrtAvahi *self, guint milliseconds, GSourceFunc func, gpointer data);
void           drt_avahi_call      (DrtAvahi *self, const char *path, const char *interface, const char *method,
                                    GVariant *arguments, const char *type, DrtAvahiFunc func, gpointer data);

G_END_DECLS
