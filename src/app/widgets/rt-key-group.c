/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gi18n.h>

#include "rt-key-group.h"
#include "rt-problem-row.h"
#include "rt-state-look.h"
#include "rt-validity.h"

struct _RtKeyGroup
{
  AdwPreferencesGroup parent_instance;

  AdwToggleGroup *source_group;
  AdwEntryRow *hex_row;
  AdwEntryRow *text_row;
  AdwActionRow *certificate_row;
  GtkWidget *choose_button;
  AdwActionRow *result_row;
  GtkLabel *count;
  GtkWidget *regenerate_button;
  RtProblemRow *problem;

  RtKeyText hex;          /* what hex_row holds */
  DrtKey random_key;
  gboolean with_random;
  gboolean with_certificate;
  RtCertificateFile *certificate; /* NULL: none chosen */
  gboolean accused;       /* an unfinished key is an error by now */

  HRESULT refusal;        /* why the key cannot be used though it is one */
  char *refusal_sentence;
  char *refusal_action;

  GCancellable *paste;
};

G_DEFINE_FINAL_TYPE (RtKeyGroup, rt_key_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  PROP_0,
  PROP_WITH_RANDOM,
  PROP_WITH_CERTIFICATE,
  N_PROPS
};

enum
{
  CHANGED,
  ACTIVATED,
  REFUSAL_ACTION,
  CHOOSE_CERTIFICATE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char *
get_text (AdwEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static GtkWidget *
get_field (RtKeyGroup *self)
{
  switch (rt_key_group_get_source (self))
    {
    case RT_KEY_SOURCE_HEX:
      return GTK_WIDGET (self->hex_row);
    case RT_KEY_SOURCE_TEXT:
      return GTK_WIDGET (self->text_row);
    case RT_KEY_SOURCE_CERTIFICATE:
      return GTK_WIDGET (self->certificate_row);
    case RT_KEY_SOURCE_RANDOM:
    default:
      return GTK_WIDGET (self->result_row);
    }
}

/* Why there is no key, though a certificate may have been chosen. */
static void
update_certificate_problem (RtKeyGroup *self)
{
  const GError *error = self->certificate != NULL ? rt_certificate_file_get_error (self->certificate) : NULL;

  if (error != NULL)
    rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, DRT_E_INVALID_CERT_CHAIN, error->message);
  else if (self->certificate != NULL)
    rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, DRT_E_INVALID_CERT_CHAIN,
                        _("The key of this certificate is of no kind that a mesh uses."));
  else if (self->accused)
    rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, E_INVALIDARG, _("Choose the file of a certificate."));
}

/* The problem of the moment, if there is one. */
static void
update_problem (RtKeyGroup *self)
{
  g_autofree char *sentence = NULL;
  DrtKey key;

  rt_problem_row_clear (self->problem);
  g_object_set (self->problem, "field", get_field (self), NULL);

  if (self->refusal_sentence != NULL)
    {
      rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, self->refusal, self->refusal_sentence);
      rt_problem_row_set_action (self->problem, self->refusal_action);
      return;
    }
  if (rt_key_group_get_key (self, &key))
    return;

  if (rt_key_group_get_source (self) == RT_KEY_SOURCE_CERTIFICATE)
    {
      update_certificate_problem (self);
      return;
    }

  if (rt_key_group_get_source (self) == RT_KEY_SOURCE_TEXT)
    {
      if (self->accused)
        rt_problem_row_set (self->problem, RT_PROBLEM_ERROR, E_INVALIDARG,
                            _("Type the text the key is the SHA-256 of."));
      return;
    }

  /* An empty field needs no comment before one has tried to go on. */
  if (self->hex.state == RT_KEY_TEXT_EMPTY && !self->accused)
    return;

  sentence = rt_key_text_to_sentence (&self->hex);
  rt_problem_row_set (self->problem,
                      rt_key_text_is_unfinished (&self->hex) && !self->accused
                        ? RT_PROBLEM_HINT : RT_PROBLEM_ERROR,
                      rt_key_text_to_hresult (&self->hex),
                      sentence);
}

static void
update_result (RtKeyGroup *self)
{
  RtKeySource source = rt_key_group_get_source (self);
  DrtKey key;

  gtk_widget_set_visible (GTK_WIDGET (self->hex_row), source == RT_KEY_SOURCE_HEX);
  gtk_widget_set_visible (GTK_WIDGET (self->text_row), source == RT_KEY_SOURCE_TEXT);
  gtk_widget_set_visible (GTK_WIDGET (self->certificate_row), source == RT_KEY_SOURCE_CERTIFICATE);
  gtk_widget_set_visible (GTK_WIDGET (self->result_row), source != RT_KEY_SOURCE_HEX);
  gtk_widget_set_visible (self->regenerate_button, source == RT_KEY_SOURCE_RANDOM);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->result_row),
                                 source == RT_KEY_SOURCE_TEXT ? _("Key, the SHA-256 of the Text")
                                 : source == RT_KEY_SOURCE_CERTIFICATE ? _("Key That Derives from It") : _("Random Key"));

  if (source != RT_KEY_SOURCE_HEX && rt_key_group_get_key (self, &key))
    {
      char digits[DRT_KEY_HEX_LENGTH + 1];

      drt_key_format (&key, digits);
      adw_action_row_set_subtitle (self->result_row, digits);
    }
  else
    {
      adw_action_row_set_subtitle (self->result_row, "–");
    }
}

static void
update_count (RtKeyGroup *self)
{
  /* Translators: digits typed of digits needed */
  g_autofree char *text = g_strdup_printf (_("%u of %u"), self->hex.n_digits, (guint) DRT_KEY_HEX_LENGTH);

  gtk_label_set_label (self->count, text);
}

/* Another key than before: what was said about the last one is past. */
static void
key_changed (RtKeyGroup *self)
{
  self->refusal = S_OK;
  g_clear_pointer (&self->refusal_sentence, g_free);
  g_clear_pointer (&self->refusal_action, g_free);
  self->accused = FALSE;

  rt_key_text_parse (get_text (self->hex_row), &self->hex);
  update_count (self);
  update_result (self);
  update_problem (self);

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
changed_cb (RtKeyGroup *self)
{
  key_changed (self);
}

static void
source_changed_cb (RtKeyGroup *self)
{
  key_changed (self);
}

static void
activated_cb (RtKeyGroup *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
leave_cb (RtKeyGroup *self)
{
  if (self->hex.state != RT_KEY_TEXT_TOO_SHORT || self->accused)
    return;

  self->accused = TRUE;
  update_problem (self);
}

static void
regenerate_cb (RtKeyGroup *self)
{
  rt_key_text_random (&self->random_key);
  key_changed (self);
}

static void
refusal_action_cb (RtKeyGroup *self)
{
  g_signal_emit (self, signals[REFUSAL_ACTION], 0);
}

static void
show_certificate (RtKeyGroup *self)
{
  PCCERT_CONTEXT certificate = self->certificate != NULL ? rt_certificate_file_get_certificate (self->certificate) : NULL;
  g_autoptr (DrtCertificateInfo) info = certificate != NULL ? drt_certificate_get_info (certificate) : NULL;
  g_autofree char *validity = info != NULL ? rt_validity_describe (info->not_after, g_get_real_time () / G_USEC_PER_SEC) : NULL;
  g_autofree char *text = NULL;
  g_autofree char *subtitle = NULL;

  if (info != NULL)
    text = g_strdup_printf ("%s\n%s", info->subject, validity);
  else
    text = g_strdup (self->certificate != NULL ? rt_certificate_file_get_name (self->certificate) : _("None chosen"));
  subtitle = g_markup_escape_text (text, -1);
  adw_action_row_set_subtitle (self->certificate_row, subtitle);
}

static void
set_certificate (RtKeyGroup        *self,
                 RtCertificateFile *file)
{
  g_set_object (&self->certificate, file);
  show_certificate (self);
  key_changed (self);
}

/* The chooser is a dialog, which is not for us to open. */
static void
choose_cb (RtKeyGroup *self)
{
  g_signal_emit (self, signals[CHOOSE_CERTIFICATE], 0);
}

static void
pasted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  RtKeyGroup *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = RT_KEY_GROUP (user_data);
  if (text == NULL)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }

  gtk_editable_set_text (GTK_EDITABLE (self->hex_row), g_strstrip (text));
  gtk_widget_grab_focus (GTK_WIDGET (self->hex_row));
  gtk_editable_set_position (GTK_EDITABLE (self->hex_row), -1);
}

static void
paste_cb (RtKeyGroup *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));

  g_cancellable_cancel (self->paste);
  g_clear_object (&self->paste);
  self->paste = g_cancellable_new ();

  gdk_clipboard_read_text_async (clipboard, self->paste, pasted_cb, self);
}

static gboolean
rt_key_group_grab_focus (GtkWidget *widget)
{
  RtKeyGroup *self = RT_KEY_GROUP (widget);
  GtkWidget *field = get_field (self);

  if (rt_key_group_get_source (self) == RT_KEY_SOURCE_RANDOM)
    return gtk_widget_grab_focus (self->regenerate_button);
  if (rt_key_group_get_source (self) == RT_KEY_SOURCE_CERTIFICATE)
    return gtk_widget_grab_focus (self->choose_button);

  /* Taking the focus again would select what is being mended there. */
  if (gtk_widget_get_state_flags (field) & GTK_STATE_FLAG_FOCUS_WITHIN)
    return TRUE;

  return gtk_widget_grab_focus (field);
}

static void
rt_key_group_constructed (GObject *object)
{
  RtKeyGroup *self = RT_KEY_GROUP (object);

  G_OBJECT_CLASS (rt_key_group_parent_class)->constructed (object);

  if (self->with_random)
    {
      AdwToggle *toggle = adw_toggle_new ();

      adw_toggle_set_name (toggle, "random");
      adw_toggle_set_label (toggle, C_("how a key is given", "Ra_ndom"));
      adw_toggle_set_use_underline (toggle, TRUE);
      adw_toggle_set_tooltip (toggle, _("A new key nobody has chosen before"));
      adw_toggle_group_add (self->source_group, toggle);
    }

  if (self->with_certificate)
    {
      AdwToggle *toggle = adw_toggle_new ();

      adw_toggle_set_name (toggle, "certificate");
      adw_toggle_set_label (toggle, C_("how a key is given", "_Certificate"));
      adw_toggle_set_use_underline (toggle, TRUE);
      adw_toggle_set_tooltip (toggle, _("The key that derives from a certificate"));
      adw_toggle_group_add (self->source_group, toggle);
    }

  key_changed (self);
}

static void
rt_key_group_dispose (GObject *object)
{
  RtKeyGroup *self = RT_KEY_GROUP (object);

  g_cancellable_cancel (self->paste);
  g_clear_object (&self->paste);
  g_clear_object (&self->certificate);
  gtk_widget_dispose_template (GTK_WIDGET (self), RT_TYPE_KEY_GROUP);

  G_OBJECT_CLASS (rt_key_group_parent_class)->dispose (object);
}

static void
rt_key_group_finalize (GObject *object)
{
  RtKeyGroup *self = RT_KEY_GROUP (object);

  g_free (self->refusal_sentence);
  g_free (self->refusal_action);

  G_OBJECT_CLASS (rt_key_group_parent_class)->finalize (object);
}

static void
rt_key_group_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  RtKeyGroup *self = RT_KEY_GROUP (object);

  switch (property_id)
    {
    case PROP_WITH_RANDOM:
      g_value_set_boolean (value, self->with_random);
      break;
    case PROP_WITH_CERTIFICATE:
      g_value_set_boolean (value, self->with_certificate);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_key_group_set_property (GObject      *object,
                           guint         property_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  RtKeyGroup *self = RT_KEY_GROUP (object);

  switch (property_id)
    {
    case PROP_WITH_RANDOM:
      self->with_random = g_value_get_boolean (value);
      break;
    case PROP_WITH_CERTIFICATE:
      self->with_certificate = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
rt_key_group_class_init (RtKeyGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = rt_key_group_constructed;
  object_class->dispose = rt_key_group_dispose;
  object_class->finalize = rt_key_group_finalize;
  object_class->get_property = rt_key_group_get_property;
  object_class->set_property = rt_key_group_set_property;
  widget_class->grab_focus = rt_key_group_grab_focus;

  properties[PROP_WITH_RANDOM] =
    g_param_spec_boolean ("with-random", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WITH_CERTIFICATE] =
    g_param_spec_boolean ("with-certificate", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = g_signal_new ("changed", RT_TYPE_KEY_GROUP, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", RT_TYPE_KEY_GROUP, G_SIGNAL_RUN_LAST,
                                     0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REFUSAL_ACTION] = g_signal_new ("refusal-action", RT_TYPE_KEY_GROUP, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  signals[CHOOSE_CERTIFICATE] = g_signal_new ("choose-certificate", RT_TYPE_KEY_GROUP, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (RT_TYPE_PROBLEM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/roundtable_drt/Roundtable/widgets/rt-key-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, source_group);
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, hex_row);
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, text_row);
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, choose_button);
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, result_row);
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, count);
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, regenerate_button);
  gtk_widget_class_bind_template_child (widget_class, RtKeyGroup, problem);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, source_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, leave_cb);
  gtk_widget_class_bind_template_callback (widget_class, regenerate_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_cb);
  gtk_widget_class_bind_template_callback (widget_class, refusal_action_cb);
}

static void
rt_key_group_init (RtKeyGroup *self)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  rt_key_text_random (&self->random_key);
  gtk_widget_init_template (GTK_WIDGET (self));

  pango_attr_list_insert (attributes, pango_attr_family_new ("monospace"));
  adw_entry_row_set_attributes (self->hex_row, attributes);
  rt_action_row_forbid_hyphens (GTK_WIDGET (self->result_row));
  rt_action_row_forbid_hyphens (GTK_WIDGET (self->certificate_row));
}

static gboolean
get_derived_key (RtKeyGroup *self,
                 DrtKey     *key)
{
  PCCERT_CONTEXT certificate = self->certificate != NULL ? rt_certificate_file_get_certificate (self->certificate) : NULL;
  g_autoptr (DrtCertificateInfo) info = certificate != NULL ? drt_certificate_get_info (certificate) : NULL;

  if (info == NULL || info->profile == DRT_PROFILE_NONE)
    return FALSE;
  *key = info->key;
  return TRUE;
}

/**
 * rt_key_group_get_key:
 * @self: a key group
 * @key: (out): the key, when there is one
 *
 * Returns: whether what is in the field makes a key
 */
gboolean
rt_key_group_get_key (RtKeyGroup *self,
                      DrtKey     *key)
{
  g_return_val_if_fail (RT_IS_KEY_GROUP (self), FALSE);

  switch (rt_key_group_get_source (self))
    {
    case RT_KEY_SOURCE_HEX:
      *key = self->hex.key;
      return self->hex.state == RT_KEY_TEXT_VALID;

    case RT_KEY_SOURCE_TEXT:
      if (*get_text (self->text_row) == '\0')
        return FALSE;
      drt_key_from_text (key, get_text (self->text_row));
      return TRUE;

    case RT_KEY_SOURCE_CERTIFICATE:
      return get_derived_key (self, key);

    case RT_KEY_SOURCE_RANDOM:
    default:
      *key = self->random_key;
      return TRUE;
    }
}

/**
 * rt_key_group_set_hex:
 * @self: a key group
 * @hex: digits of a key
 *
 * Puts a key into the field, in place of what was there.
 */
void
rt_key_group_set_hex (RtKeyGroup *self,
                      const char *hex)
{
  g_return_if_fail (RT_IS_KEY_GROUP (self));

  rt_key_group_set_source (self, RT_KEY_SOURCE_HEX);
  gtk_editable_set_text (GTK_EDITABLE (self->hex_row), hex);
}

/**
 * rt_key_group_set_refusal:
 * @self: a key group
 * @code: what libdrt calls it
 * @sentence: (nullable): why this key cannot be used though it is one; %NULL
 *   when it can
 * @action: (nullable): label of a button beside it, whose click is
 *   #RtKeyGroup::refusal-action
 *
 * Holds until the key is changed.
 */
void
rt_key_group_set_refusal (RtKeyGroup *self,
                          HRESULT     code,
                          const char *sentence,
                          const char *action)
{
  g_return_if_fail (RT_IS_KEY_GROUP (self));

  self->refusal = code;
  g_set_str (&self->refusal_sentence, sentence);
  g_set_str (&self->refusal_action, action);
  update_problem (self);
}

/**
 * rt_key_group_reveal_problem:
 * @self: a key group
 *
 * The person wants to go on: what is missing is an error now.
 */
void
rt_key_group_reveal_problem (RtKeyGroup *self)
{
  g_return_if_fail (RT_IS_KEY_GROUP (self));

  self->accused = TRUE;
  update_problem (self);
}

void
rt_key_group_set_certificate (RtKeyGroup        *self,
                                  RtCertificateFile *file)
{
  g_return_if_fail (RT_IS_KEY_GROUP (self));
  set_certificate (self, file);
}

RtCertificateFile *
rt_key_group_get_certificate (RtKeyGroup *self)
{
  DrtKey key;

  g_return_val_if_fail (RT_IS_KEY_GROUP (self), NULL);

  if (rt_key_group_get_source (self) != RT_KEY_SOURCE_CERTIFICATE || !get_derived_key (self, &key))
    return NULL;
  return self->certificate;
}

RtKeySource
rt_key_group_get_source (RtKeyGroup *self)
{
  const char *name;

  g_return_val_if_fail (RT_IS_KEY_GROUP (self), RT_KEY_SOURCE_HEX);

  name = adw_toggle_group_get_active_name (self->source_group);
  if (g_strcmp0 (name, "text") == 0)
    return RT_KEY_SOURCE_TEXT;
  if (g_strcmp0 (name, "random") == 0)
    return RT_KEY_SOURCE_RANDOM;
  if (g_strcmp0 (name, "certificate") == 0)
    return RT_KEY_SOURCE_CERTIFICATE;
  return RT_KEY_SOURCE_HEX;
}

void
rt_key_group_set_source (RtKeyGroup  *self,
                         RtKeySource  source)
{
  static const char *const names[] = { "hex", "text", "random", "certificate" };

  g_return_if_fail (RT_IS_KEY_GROUP (self));

  adw_toggle_group_set_active_name (self->source_group, names[source]);
}
