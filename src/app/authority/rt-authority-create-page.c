/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rt-authority-create-page.h"

#include <glib/gi18n.h>

#include "rt-authority-unlock.h"
#include "rt-passphrase-group.h"
#include "rt-problem-row.h"

#define DAYS_OF_YEARS(years) ((guint) ((years) * 365.25))

struct _RtAuthorityCreatePage
{
  AdwNavigationPage parent_instance;

  GtkWidget *spinner;
  AdwPreferencesPage *page;
  AdwPreferencesGroup *new_group;
  AdwEntryRow *name_row;
  AdwSpinRow *years_row;
  AdwComboRow *algorithm_row;
  AdwPreferencesGroup *backup_group;
  AdwPasswordEntryRow *file_row;
  RtPassphraseGroup *passphrase_group;
  RtProblemRow *problem;

  RtAuthorityStore *store;
  char *backup;               /* NULL: a new one is made */
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (RtAuthorityCreatePage, rt_authority_create_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
dup_name (RtAuthorityCreatePage *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
}

static void
changed_cb (RtAuthorityCreatePage *self)
{
  g_autofree char *name = dup_name (self);
  gboolean complete = !self->busy && (self->backup != NULL || *name != '\0')
                      && rt_passphrase_group_get_passphrase (self->passphrase_group) != NULL;

  rt_problem_row_clear (self->problem);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "authority-create.create", complete);
}

static void
set_busy (RtAuthorityCreatePage *self, gboolean busy)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  self->busy = busy;
  /* What is insensitive must not keep the focus. */
  if (busy && root != NULL)
    gtk_root_set_focus (root, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->page), !busy);
  gtk_widget_set_visible (self->spinner, busy);
  adw_navigation_page_set_can_pop (ADW_NAVIGATION_PAGE (self), !busy);
  changed_cb (self);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(RtAuthorityCreatePage) self = RT_AUTHORITY_CREATE_PAGE (data);
  g_autoptr(GError) error = NULL;
  RtAuthority *authority = rt_authority_store_finish (RT_AUTHORITY_STORE (source), result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  /* The dialog is gone, and with it the wish to go on. */
  if (root == NULL)
    {
      if (authority != NULL)
        rt_authority_lock (authority);
      return;
    }
  set_busy (self, FALSE);
  if (authority == NULL)
    {
      rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, S_OK, error->message);
      gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
      return;
    }
  if (rt_passphrase_group_get_remember (self->passphrase_group))
    rt_authority_remember_passphrase (GTK_WIDGET (root), authority,
                                      rt_passphrase_group_get_passphrase (self->passphrase_group));
  rt_passphrase_group_clear (self->passphrase_group);
  g_signal_emit (self, signals[CREATED], 0, authority);
}

/* The rows of the list are in the order of the enumeration. */
static void
create (RtAuthorityCreatePage *self, const char *passphrase)
{
  g_autofree char *name = dup_name (self);
  const char *file_passphrase = gtk_editable_get_text (GTK_EDITABLE (self->file_row));

  if (self->backup != NULL)
    rt_authority_store_import_async (self->store, self->backup, *file_passphrase != '\0' ? file_passphrase : NULL, passphrase,
                                     created_cb, g_object_ref (self));
  else
    rt_authority_store_create_async (self->store, name, DAYS_OF_YEARS (adw_spin_row_get_value (self->years_row)),
                                     (DrtKeyAlgorithm) adw_combo_row_get_selected (self->algorithm_row), passphrase,
                                     created_cb, g_object_ref (self));
  set_busy (self, TRUE);
}

static void
create_now (RtAuthorityCreatePage *self)
{
  const char *passphrase = rt_passphrase_group_get_passphrase (self->passphrase_group);

  if (passphrase == NULL)
    {
      rt_passphrase_group_reveal_problem (self->passphrase_group);
      gtk_widget_grab_focus (GTK_WIDGET (self->passphrase_group));
    }
  else if (!self->busy)
    create (self, passphrase);
}

static void
create_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  create_now (RT_AUTHORITY_CREATE_PAGE (widget));
}

static void
activated_cb (RtAuthorityCreatePage *self)
{
  g_autofree char *name = dup_name (self);

  if (self->backup == NULL && *name == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  else
    create_now (self);
}

static void
rt_authority_create_page_shown (AdwNavigationPage *page)
{
  RtAuthorityCreatePage *self = RT_AUTHORITY_CREATE_PAGE (page);

  gtk_widget_grab_focus (self->backup != NULL ? GTK_WIDGET (self->file_row) : GTK_WIDGET (self->name_row));
}

static void
rt_authority_create_page_dispose (GObject *object)
{
  RtAuthorityCreatePage *self = RT_AUTHORITY_CREATE_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_AUTHORITY_CREATE_PAGE);
  g_clear_object (&self->store);
  g_clear_pointer (&self->backup, g_free);
  G_OBJECT_CLASS (rt_authority_create_page_parent_class)->dispose (object);
}

static void
rt_authority_create_page_class_init (RtAuthorityCreatePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_authority_create_page_dispose;
  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = rt_authority_create_page_shown;

  signals[CREATED] = g_signal_new ("created", RT_TYPE_AUTHORITY_CREATE_PAGE, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 1, RT_TYPE_AUTHORITY);

  g_type_ensure (RT_TYPE_PASSPHRASE_GROUP);
  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/authority/rt-authority-create-page.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, RtAuthorityCreatePage, name)
  BIND (spinner);
  BIND (page);
  BIND (new_group);
  BIND (name_row);
  BIND (years_row);
  BIND (algorithm_row);
  BIND (backup_group);
  BIND (file_row);
  BIND (passphrase_group);
  BIND (problem);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_install_action (widget_class, "authority-create.create", NULL, create_action);
}

static void
rt_authority_create_page_init (RtAuthorityCreatePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rt_authority_create_page_new:
 * @backup: (nullable): a file to import instead of making a new authority
 *
 * Returns: (transfer floating)
 */
AdwNavigationPage *
rt_authority_create_page_new (RtAuthorityStore *store, const char *backup)
{
  RtAuthorityCreatePage *self = g_object_new (RT_TYPE_AUTHORITY_CREATE_PAGE, NULL);

  self->store = g_object_ref (store);
  self->backup = g_strdup (backup);
  if (backup != NULL)
    {
      g_autofree char *name = g_path_get_basename (backup);

      adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Import a Backup"));
      adw_preferences_group_set_description (self->backup_group, name);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->new_group), backup == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->backup_group), backup != NULL);
  changed_cb (self);
  return ADW_NAVIGATION_PAGE (self);
}
