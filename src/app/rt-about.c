/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-about.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/** rt_about_present: @parent: (nullable): the window it belongs to */
void
rt_about_present (GtkWidget *parent)
{
  static const char *const developers[] = { "The Roundtable developers", NULL };
  AdwDialog *dialog = adw_about_dialog_new ();

  g_object_set (dialog,
                "application-icon", APP_ID,
                "application-name", _("Roundtable"),
                "developer-name", _("The Roundtable developers"),
                "developers", developers,
                "version", APP_VERSION,
                "comments", _("Takes a seat in a distributed routing table, the ring of computers that find each other "
                              "by keys and without a server, and shows what goes on there."),
                "website", "https://github.com/roundtable-drt/roundtable",
                "issue-url", "https://github.com/roundtable-drt/roundtable/issues",
                "copyright", _("© The Roundtable developers"),
                "license-type", GTK_LICENSE_GPL_3_0,
                /* Translators: your name, to be shown under "Translated by" */
                "translator-credits", _("translator-credits"),
                NULL);
  adw_about_dialog_add_legal_section (ADW_ABOUT_DIALOG (dialog), "libdrt", NULL, GTK_LICENSE_LGPL_2_1, NULL);
  adw_dialog_present (dialog, parent);
}
