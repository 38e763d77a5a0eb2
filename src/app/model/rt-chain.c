/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rt-chain.h"

#include <glib/gi18n.h>

struct _RtChain
{
  GObject parent_instance;

  HRESULT hr;
  char *source;
  char *summary;
  char *against;
  char *failure;
  gboolean root_known;
  guint n_faults;
  GListStore *certificates;
  GListStore *verdicts;
  GListStore *problems;
};

G_DEFINE_FINAL_TYPE (RtChain, rt_chain, G_TYPE_OBJECT)

static void
rt_chain_finalize (GObject *object)
{
  RtChain *self = RT_CHAIN (object);

  g_free (self->source);
  g_free (self->summary);
  g_free (self->against);
  g_free (self->failure);
  g_object_unref (self->certificates);
  g_object_unref (self->verdicts);
  g_object_unref (self->problems);
  G_OBJECT_CLASS (rt_chain_parent_class)->finalize (object);
}

static void
rt_chain_class_init (RtChainClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_chain_finalize;
}

static void
rt_chain_init (RtChain *self)
{
  self->certificates = g_list_store_new (RT_TYPE_CERTIFICATE);
  self->verdicts = g_list_store_new (RT_TYPE_VERDICT);
  self->problems = g_list_store_new (RT_TYPE_VERDICT);
}

static void
add_verdict (RtChain *self, const DrtChainReport *report, const DrtChainVerdict *found)
{
  g_autoptr(RtVerdict) verdict = rt_verdict_new (report, found);

  g_list_store_append (self->verdicts, verdict);
  if (found->depth >= report->certificates->len)
    g_list_store_append (self->problems, verdict);
  if (rt_verdict_is_fault (verdict))
    self->n_faults++;
}

/* report: (transfer full) */
static void
take_report (RtChain *self, DrtChainReport *report)
{
  for (guint i = 0; i < report->verdicts->len; i++)
    add_verdict (self, report, &g_array_index (report->verdicts, DrtChainVerdict, i));
  for (guint depth = report->certificates->len; depth > 0; depth--)
    {
      g_autoptr(RtCertificate) certificate = rt_certificate_new_in_chain (report, depth - 1);

      g_list_store_append (self->certificates, certificate);
    }
  self->hr = report->hr;
  drt_chain_report_free (report);
}

static char *
summarize (RtChain *self)
{
  guint n_certificates = g_list_model_get_n_items (G_LIST_MODEL (self->certificates));
  guint n_warnings = g_list_model_get_n_items (G_LIST_MODEL (self->verdicts)) - self->n_faults;

  if (self->failure != NULL)
    return g_strdup (_("This file could not be read"));
  if (n_certificates == 0)
    return g_strdup (_("There is no certificate to be seen"));
  if (self->n_faults > 0)
    return g_strdup_printf (ngettext ("This certificate is not accepted: %u reason",
                                      "This certificate is not accepted: %u reasons", self->n_faults), self->n_faults);
  if (!self->root_known)
    return g_strdup (_("This certificate is sound, but no root is known"));
  if (n_warnings > 0)
    return g_strdup (_("This certificate is accepted, but not for long"));
  return g_strdup (_("This certificate is accepted"));
}

static char *
describe_root (PCCERT_CONTEXT root)
{
  g_autoptr(DrtCertificateInfo) info = NULL;

  if (root == NULL)
    return g_strdup (_("No root certificate is chosen in the mesh settings, so nobody can say whether this one belongs to your mesh. "
                       "All else was checked."));
  info = drt_certificate_get_info (root);
  /* Translators: the name of a certificate */
  return g_strdup_printf (_("Checked against the root “%s”"), info->subject);
}

static RtChain *
create (const char *source, PCCERT_CONTEXT root)
{
  RtChain *self = g_object_new (RT_TYPE_CHAIN, NULL);

  self->source = g_strdup (source);
  self->root_known = root != NULL;
  self->against = describe_root (root);
  return self;
}

static PCCERT_CONTEXT
find_root (RtMeshSettings *settings)
{
  RtCertificateFile *file = settings != NULL ? rt_mesh_settings_get_file (settings, RT_MESH_ROOT) : NULL;

  return file != NULL ? rt_certificate_file_get_certificate (file) : NULL;
}

static DrtChainQuery
query_for (RtMeshSettings *settings)
{
  RtCertificateFile *revoked = settings != NULL ? rt_mesh_settings_get_file (settings, RT_MESH_REVOKED) : NULL;

  return (DrtChainQuery) {
    .root = find_root (settings),
    .revoked = revoked != NULL ? rt_certificate_file_get_revoke_list (revoked) : NULL,
  };
}

static RtChain *
finish (RtChain *self, DrtChainReport *report)
{
  if (report != NULL)
    take_report (self, report);
  self->summary = summarize (self);
  return self;
}

/* Where even the bytes are missing there is nothing to report on. */
static RtChain *
check_file (RtCertificateFile *file, const DrtChainQuery *query)
{
  RtChain *self = create (rt_certificate_file_get_name (file), query->root);
  const GError *error = rt_certificate_file_get_error (file);

  if (rt_certificate_file_get_id (file) != NULL)
    return finish (self, rt_certificate_file_check (file, query));
  self->failure = g_strdup (error->message);
  self->hr = E_FAIL;
  return finish (self, NULL);
}

RtChain *
rt_chain_new_for_file (RtCertificateFile *file, RtMeshSettings *settings)
{
  DrtChainQuery query = query_for (settings);

  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (file), NULL);
  return check_file (file, &query);
}

RtChain *
rt_chain_new_for_certificate (PCCERT_CONTEXT certificate, const char *source, RtMeshSettings *settings)
{
  DrtChainQuery query = query_for (settings);

  g_return_val_if_fail (certificate != NULL, NULL);
  return finish (create (source, query.root), drt_chain_check (certificate, &query));
}

RtChain *
rt_chain_new_for_root (RtCertificateFile *file)
{
  DrtChainQuery query = { .root = rt_certificate_file_get_certificate (file) };

  g_return_val_if_fail (RT_IS_CERTIFICATE_FILE (file), NULL);
  return check_file (file, &query);
}

RtChain *
rt_chain_new_for_credential (GBytes *credential, const char *source, RtMeshSettings *settings)
{
  DrtChainQuery query = query_for (settings);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (credential, &length);

  return finish (create (source, query.root), drt_chain_check_credential (bytes, length, &query));
}

RtTrust
rt_chain_get_trust (RtChain *self)
{
  g_return_val_if_fail (RT_IS_CHAIN (self), RT_TRUST_BAD);

  if (self->n_faults > 0 || self->failure != NULL)
    return RT_TRUST_BAD;
  if (!self->root_known || g_list_model_get_n_items (G_LIST_MODEL (self->verdicts)) > 0)
    return RT_TRUST_WARNING;
  return RT_TRUST_GOOD;
}

/* Borrowed: the list holds it. */
RtVerdict *
rt_chain_get_first_fault (RtChain *self)
{
  guint n_verdicts;

  g_return_val_if_fail (RT_IS_CHAIN (self), NULL);

  n_verdicts = g_list_model_get_n_items (G_LIST_MODEL (self->verdicts));
  for (guint i = 0; i < n_verdicts; i++)
    {
      g_autoptr(RtVerdict) verdict = g_list_model_get_item (G_LIST_MODEL (self->verdicts), i);

      if (rt_verdict_is_fault (verdict))
        return verdict;
    }
  return NULL;
}

GListModel *
rt_chain_get_certificates (RtChain *self)
{
  g_return_val_if_fail (RT_IS_CHAIN (self), NULL);
  return G_LIST_MODEL (self->certificates);
}

GListModel *
rt_chain_get_verdicts (RtChain *self)
{
  g_return_val_if_fail (RT_IS_CHAIN (self), NULL);
  return G_LIST_MODEL (self->verdicts);
}

GListModel *
rt_chain_get_problems (RtChain *self)
{
  g_return_val_if_fail (RT_IS_CHAIN (self), NULL);
  return G_LIST_MODEL (self->problems);
}

#define GETTER(type, name, member, fallback)             \
  type rt_chain_##name (RtChain *self)                   \
  {                                                      \
    g_return_val_if_fail (RT_IS_CHAIN (self), fallback); \
    return self->member;                                 \
  }

GETTER (HRESULT, get_hresult, hr, E_FAIL)
GETTER (const char *, get_summary, summary, NULL)
GETTER (const char *, get_against, against, NULL)
GETTER (const char *, get_source, source, NULL)
GETTER (const char *, get_failure, failure, NULL)
GETTER (gboolean, is_root_known, root_known, FALSE)
