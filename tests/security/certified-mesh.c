/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "certified-mesh.h"

#include <string.h>

#include "drt-clock.h"

static gint64
get_time_of_day (gpointer data)
{
  const CertifiedMesh *self = data;

  return self->started + self->mesh->lab->now;
}

static PCCERT_CONTEXT
make (PCCERT_CONTEXT  issuer,
      DrtKeyAlgorithm algorithm,
      const char     *name,
      guint           days,
      gboolean        authority)
{
  const DrtCertificateRequest request = { .name = name, .days = days, .algorithm = algorithm, .authority = authority };
  g_autoptr (GError) error = NULL;
  PCCERT_CONTEXT certificate = issuer == NULL ? drt_certificate_new_authority (&request, &error)
                                              : drt_certificate_issue (issuer, &request, &error);

  g_assert_no_error (error);
  return certificate;
}

PCCERT_CONTEXT
certified_authority (PCCERT_CONTEXT issuer,
                     const char    *name)
{
  return make (issuer, DRT_KEY_ALGORITHM_ED25519, name, 0, TRUE);
}

PCCERT_CONTEXT
certified_issue (PCCERT_CONTEXT issuer,
                 const char    *name,
                 guint          days)
{
  return make (issuer, DRT_KEY_ALGORITHM_ED25519, name, days, FALSE);
}

CertifiedMesh *
certified_mesh_new (DRT_SECURITY_MODE mode,
                    guint             n_authorities)
{
  return certified_mesh_new_of (DRT_KEY_ALGORITHM_ED25519, mode, n_authorities);
}

CertifiedMesh *
certified_mesh_new_of (DrtKeyAlgorithm   algorithm,
                       DRT_SECURITY_MODE mode,
                       guint             n_authorities)
{
  CertifiedMesh *self = g_new0 (CertifiedMesh, 1);

  self->mesh = virtual_mesh_new (17);
  self->mesh->mode = mode;
  self->mesh->binds = algorithm != DRT_KEY_ALGORITHM_RSA1024;
  self->algorithm = algorithm;
  self->started = g_get_real_time () - self->mesh->now;
  drt_clock_set (get_time_of_day, self);
  self->root = make (NULL, algorithm, "the mesh", 0, TRUE);
  self->authorities = g_ptr_array_new_with_free_func ((GDestroyNotify) drt_certificate_unref);
  for (guint i = 0; i < n_authorities; i++)
    {
      g_autofree char *name = g_strdup_printf ("authority %u", i);
      PCCERT_CONTEXT issuer = i > 0 ? g_ptr_array_index (self->authorities, i - 1) : self->root;

      g_ptr_array_add (self->authorities, (gpointer) make (issuer, algorithm, name, 0, TRUE));
    }
  return self;
}

void
certified_mesh_free (CertifiedMesh *self)
{
  virtual_mesh_free (self->mesh);
  for (guint i = 0; i < self->n; i++)
    {
      CertifiedNode *node = &self->nodes[i];
      DRT_DATA key = { DRT_KEY_SIZE, node->key.b };

      node->provider->UnregisterKey (node->provider->pvContext, &key, (PVOID) node->certificate);
      node->provider->Detach (node->provider->pvContext);
      DrtDeleteDerivedKeySecurityProvider (node->provider);
      drt_certificate_unref (node->certificate);
    }
  g_ptr_array_unref (self->authorities);
  drt_certificate_unref (self->root);
  drt_clock_set (NULL, NULL);
  g_free (self);
}

CertifiedNode *
certified_mesh_add_with (CertifiedMesh  *self,
                         PCCERT_CONTEXT  root,
                         PCCERT_CONTEXT  certificate)
{
  CertifiedNode *node = &self->nodes[self->n++];
  DRT_DATA key = { DRT_KEY_SIZE, node->key.b };
  BYTE payload[] = { 1 };
  DRT_REGISTRATION registration = { key, { sizeof payload, payload } };

  g_assert_cmpuint (self->n, <=, CERTIFIED_MAX);
  node->certificate = certificate;
  g_assert_cmpint (DrtCreateDerivedKey (certificate, &key), ==, S_OK);
  g_assert_cmpint (DrtCreateDerivedKeySecurityProvider (root, certificate, &node->provider), ==, S_OK);
  g_assert_true (drt_security_provider_binds (node->provider) == self->mesh->binds);
  g_assert_cmpint (node->provider->Attach (node->provider->pvContext), ==, S_OK);
  g_assert_cmpint (drt_security_provider_set_mode (node->provider, self->mesh->mode), ==, S_OK);
  g_assert_cmpint (node->provider->RegisterKey (node->provider->pvContext, &registration, (PVOID) certificate), ==, S_OK);
  node->node = virtual_mesh_add_with (self->mesh, node->provider);
  if (self->n > 1)
    virtual_node_knows (node->node, self->nodes[0].node);
  return node;
}

CertifiedNode *
certified_mesh_add (CertifiedMesh *self)
{
  PCCERT_CONTEXT issuer = self->authorities->len > 0 ? g_ptr_array_index (self->authorities, self->authorities->len - 1)
                                                     : self->root;
  g_autofree char *name = g_strdup_printf ("member %u", self->n);

  return certified_mesh_add_with (self, self->root, make (issuer, self->algorithm, name, 365, FALSE));
}

void
certified_node_open (CertifiedNode *node,
                     const char    *payload)
{
  g_autoptr (GBytes) bytes = g_bytes_new (payload, strlen (payload));

  virtual_node_open (node->node);
  g_assert_true (drt_node_register (node->node->node, node->node->mesh->now, &node->key, bytes, (gpointer) node->certificate));
}

void
certified_mesh_fill (CertifiedMesh *self,
                     guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      certified_node_open (certified_mesh_add (self), "a member's");
      core_run (self->mesh, SECOND);
    }
  core_run (self->mesh, 20 * SECOND);
}

guint
certified_search (CertifiedNode *from,
                  const DrtKey  *key)
{
  VirtualSearch search;
  guint n_found;

  virtual_search_exact (from->node, key, &search);
  n_found = search.n_found;
  if (n_found > 0)
    g_assert_cmpstr (search.payload, ==, "a member's");
  virtual_search_clear (&search);
  return n_found;
}

DrtSecurityCounters
certified_count (const CertifiedNode *node)
{
  DrtSecurityCounters counters;

  drt_derived_key_provider_get_counters (node->provider, &counters);
  return counters;
}

DrtSecurityCounters
certified_count_all (const CertifiedMesh *self)
{
  DrtSecurityCounters all = { 0 };

  for (guint i = 0; i < self->n; i++)
    {
      DrtSecurityCounters one = certified_count (&self->nodes[i]);

      all.signatures_made += one.signatures_made;
      all.signatures_checked += one.signatures_checked;
      all.chains_checked += one.chains_checked;
      all.chains_remembered += one.chains_remembered;
      all.agreements += one.agreements;
      all.buffers_sealed += one.buffers_sealed;
      all.buffers_opened += one.buffers_opened;
      all.refusals += one.refusals;
    }
  return all;
}
