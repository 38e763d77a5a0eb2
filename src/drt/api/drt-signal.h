/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

#include "drt.h"

/*
 * The library's end of an event HANDLE: a descriptor of its own for the program's
 * eventfd, so that a program that closes its own too early harms only itself.
 */

G_BEGIN_DECLS

#define DRT_NO_SIGNAL (-1)

HRESULT drt_signal_open  (HANDLE event, int *signal);
void    drt_signal_close (int *signal);
void    drt_signal_set   (int signal);
void    drt_signal_clear (int signal);

G_END_DECLS
