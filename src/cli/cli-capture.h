/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-observe.h"

/*
 * Every message of some nodes as a capture file (pcapng) that Wireshark reads.
 *
 * A node sees datagrams without their IPv6 and UDP headers; these are made up
 * from its own addresses.  A node is an interface of the file, each datagram says
 * whether it came or went, and one that was dropped has the reason as its comment.
 * What goes from one of the nodes to another is written once, as it leaves.
 */

typedef struct _CliCapture CliCapture;

CliCapture *cli_capture_new        (const char *path, char **problem);
guint       cli_capture_add_node   (CliCapture *self, guint16 port);
void        cli_capture_set_status (CliCapture *self, guint node, const DrtObservedStatus *status);
void        cli_capture_message    (CliCapture *self, guint node, const DrtObservedMessage *message);
guint       cli_capture_get_count  (CliCapture *self);
void        cli_capture_free       (CliCapture *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliCapture, cli_capture_free)
