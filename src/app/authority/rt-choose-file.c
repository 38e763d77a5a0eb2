/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-choose-file.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *origin;
  RtFileFunc func;
  gpointer data;
  GDestroyNotify destroy;
  gboolean save;
} Choice;

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Choice *choice = data;
  g_autoptr(GFile) file = choice->save
    ? gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL)
    : gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, NULL);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  if (path != NULL)
    choice->func (choice->origin, path, choice->data);
  else if (file != NULL)
    rt_tell_problem (choice->origin, _("Not on This Computer"), _("Choose a place on this computer."));
  g_object_unref (choice->origin);
  if (choice->destroy != NULL)
    choice->destroy (choice->data);
  g_free (choice);
}

static GtkWindow *
get_window (GtkWidget *origin)
{
  GtkRoot *root = gtk_widget_get_root (origin);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static Choice *
choice_new (GtkWidget *origin, RtFileFunc func, gpointer data, GDestroyNotify destroy, gboolean save)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->origin = g_object_ref (origin);
  choice->func = func;
  choice->data = data;
  choice->destroy = destroy;
  choice->save = save;
  return choice;
}

/** rt_choose_file_to_open: @origin: lives until it is over; @data: for @func, freed with @destroy (nullable) */
void
rt_choose_file_to_open (GtkWidget *origin, const char *title, RtFileFunc func, gpointer data, GDestroyNotify destroy)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_open (dialog, get_window (origin), NULL, chosen_cb, choice_new (origin, func, data, destroy, FALSE));
}

/** rt_choose_file_to_save: @name: proposed */
void
rt_choose_file_to_save (GtkWidget *origin, const char *title, const char *name, RtFileFunc func, gpointer data, GDestroyNotify destroy)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, get_window (origin), NULL, chosen_cb, choice_new (origin, func, data, destroy, TRUE));
}

static void
save_text_cb (GtkWidget *origin, const char *path, gpointer data)
{
  g_autoptr(GError) error = NULL;

  if (g_file_set_contents (path, data, -1, &error))
    gtk_widget_activate_action (origin, "win.toast", "s", _("Saved"));
  else
    rt_tell_problem (origin, _("The File Could Not Be Saved"), error->message);
}

void
rt_save_text_as (GtkWidget *origin, const char *title, const char *name, const char *text)
{
  rt_choose_file_to_save (origin, title, name, save_text_cb, g_strdup (text), g_free);
}

/** rt_tell_problem: a message that waits to be read */
void
rt_tell_problem (GtkWidget *origin, const char *heading, const char *body)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _("_Close"));
  adw_dialog_present (dialog, origin);
}

/** rt_file_name: (transfer full): a name for a file after a name a person chose */
char *
rt_file_name (const char *text, const char *suffix)
{
  GString *name = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (g_unichar_isalnum (character) || character == '-' || character == '_')
        g_string_append_unichar (name, character);
      else if (name->len > 0 && name->str[name->len - 1] != '-')
        g_string_append_c (name, '-');
    }
  if (name->len == 0)
    g_string_append (name, "roundtable");
  g_string_append (name, suffix);
  return g_string_free (name, FALSE);
}
