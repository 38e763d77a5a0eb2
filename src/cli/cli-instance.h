/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "drt-observe.h"

#include "cli-capture.h"
#include "cli-registration.h"
#include "cli-settings.h"

/* An open node with all it stands on. */

typedef struct
{
  HDRT_TRANSPORT transport;
  DRT_SECURITY_PROVIDER *security;
  gboolean derived;            /* it is the one of derived keys */
  DRT_BOOTSTRAP_PROVIDER *bootstrap;
  gboolean lan;                /* it is the resolver of the local network */
  HDRT drt;
  guint16 port;                /* the bound one */
  CliCapture *capture;         /* borrowed, or NULL */
  guint capture_node;
} CliInstance;

gboolean cli_instance_open     (CliInstance *instance, const CliSettings *settings);
gboolean cli_instance_register (CliInstance *instance, const CliRegistration *registration);
void     cli_instance_close    (CliInstance *instance);

/* For the callbacks of the command's observer: what goes into the capture file, if there is one. */
void     cli_instance_capture_status  (CliInstance *instance, const DrtObservedStatus *status);
void     cli_instance_capture_message (CliInstance *instance, const DrtObservedMessage *message);
