/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-derived-key-private.h"

#include <openssl/x509v3.h>

#include "drt-chain-private.h"
#include "drt-clock.h"

/* Chains, our own and others': all are judged by drt_chain_check(), so that the
 * reasons are the same wherever one is refused. */

void
drt_identity_free (DrtIdentity *self)
{
  if (self == NULL)
    return;
  drt_certificate_unref (self->certificate);
  drt_public_key_unref (self->public_key);
  EVP_PKEY_free (self->private_key);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_clear_pointer (&self->looked_at, drt_revoke_list_unref);
  g_clear_pointer (&self->credential, g_bytes_unref);
  g_free (self);
}

static gint64
now_in_seconds (void)
{
  return drt_clock_now () / G_USEC_PER_SEC;
}

static gint64
get_not_after (X509 *x509)
{
  gint64 seconds;

  return drt_certificate_get_time (X509_get0_notAfter (x509), &seconds) ? seconds : 0;
}

/* The root by itself: what every chain is held against must be good, too. */
HRESULT
drt_derived_key_provider_check_root (DrtDerivedKeyProvider *self)
{
  X509 *x509 = drt_certificate_get_x509 (self->root);
  gint64 now = now_in_seconds (), not_before;

  if (drt_certificate_get_profile (self->root) != self->profile->profile)
    return DRT_E_CAPABILITY_MISMATCH;
  if ((X509_get_extension_flags (x509) & EXFLAG_CA) == 0 || !drt_certificate_self_verify (self->root) ||
      !drt_certificate_get_time (X509_get0_notBefore (x509), &not_before) ||
      now < not_before || now > get_not_after (x509))
    return DRT_E_INVALID_CERT_CHAIN;
  return S_OK;
}

/* When the first of the certificates expires, the root among them: seconds. */
static gint64
find_end (DrtDerivedKeyProvider *self,
          const DrtChainReport  *report)
{
  gint64 end = get_not_after (drt_certificate_get_x509 (self->root));

  for (guint i = 0; i < report->certificates->len; i++)
    end = MIN (end, get_not_after (drt_certificate_get_x509 (g_ptr_array_index (report->certificates, i))));
  return end;
}

static gboolean
is_root (DrtDerivedKeyProvider *self,
         PCCERT_CONTEXT         certificate)
{
  return drt_certificate_equal (certificate, self->root);
}

static DrtRevokeList *
get_revoked (DrtDerivedKeyProvider *self)
{
  DrtRevokeList *revoked;

  g_mutex_lock (&self->lock);
  revoked = self->revoked != NULL ? drt_revoke_list_ref (self->revoked) : NULL;
  g_mutex_unlock (&self->lock);
  return revoked;
}

/**
 * drt_derived_key_provider_make_identity:
 * @self: a provider, its lock not held
 * @certificate: of ours
 * @key: (nullable): that must derive from it
 * @identity: (out):
 *
 * Returns: S_OK; DRT_E_INVALID_CERT_CHAIN: the chain is not good, or the
 *   certificate came without all that belongs to one; DRT_E_INVALID_KEY: another key
 *   derives from it; DRT_E_CAPABILITY_MISMATCH: of another profile, or without private key
 */
HRESULT
drt_derived_key_provider_make_identity (DrtDerivedKeyProvider  *self,
                                        PCCERT_CONTEXT          certificate,
                                        const DrtKey           *key,
                                        DrtIdentity           **identity)
{
  g_autoptr (DrtRevokeList) revoked = get_revoked (self);
  const DrtChainQuery query = {
    .root = self->root, .revoked = revoked, .profile = self->profile->profile, .time = now_in_seconds (), .key = key,
  };
  g_autoptr (DrtChainReport) report = NULL;
  g_autoptr (DrtIdentity) made = NULL;

  if (certificate->hCertStore == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  report = drt_chain_check_sender (certificate, &query);
  if (FAILED (report->hr))
    return report->hr;
  if (!drt_certificate_has_private_key (certificate))
    return DRT_E_CAPABILITY_MISMATCH;

  made = g_new0 (DrtIdentity, 1);
  made->certificate = drt_certificate_ref (certificate);
  made->public_key = drt_public_key_new_for_certificate (drt_certificate_get_x509 (certificate));
  made->private_key = drt_certificate_get_private_key (certificate);
  EVP_PKEY_up_ref (made->private_key);
  made->chain = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
  for (guint i = 0; i < report->certificates->len; i++)
    {
      PCCERT_CONTEXT link = g_ptr_array_index (report->certificates, i);
      X509 *x509 = drt_certificate_get_x509 (link);

      if (is_root (self, link))
        break;
      X509_up_ref (x509);
      g_ptr_array_add (made->chain, x509);
    }
  made->not_after = find_end (self, report);
  if (made->chain->len == 0 || made->public_key == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  made->key = made->public_key->derived;
  *identity = g_steal_pointer (&made);
  return S_OK;
}

static gboolean
is_revoked (DrtRevokeList  *list,
            PCCERT_CONTEXT  certificate)
{
  g_autoptr (GPtrArray) chain = drt_certificate_get_chain (certificate);

  for (guint i = 0; i < chain->len; i++)
    if (drt_revoke_list_contains (list, g_ptr_array_index (chain, i)))
      return TRUE;
  return FALSE;
}

/* Whether others still accept an identity that once was good: what nobody accepts
 * is not worth a signature.  Under the lock. */
HRESULT
drt_derived_key_provider_check_identity (DrtDerivedKeyProvider *self,
                                         DrtIdentity           *identity)
{
  if (identity->looked_at != self->revoked)
    {
      g_clear_pointer (&identity->looked_at, drt_revoke_list_unref);
      if (self->revoked != NULL)
        identity->looked_at = drt_revoke_list_ref (self->revoked);
      identity->revoked = self->revoked != NULL && is_revoked (self->revoked, identity->certificate);
    }
  return identity->revoked || now_in_seconds () > identity->not_after ? DRT_E_INVALID_CERT_CHAIN : S_OK;
}

/**
 * drt_derived_key_provider_check_chain:
 * @self: a provider, its lock held
 * @credential: of this provider's profile
 * @member: (inout): gets all but the agreement key
 *
 * Returns: S_OK; DRT_E_INVALID_CERT_CHAIN, or what else drt_chain_check_credential() says
 */
HRESULT
drt_derived_key_provider_check_chain (DrtDerivedKeyProvider *self,
                                      DrtSpan                credential,
                                      DrtMember             *member)
{
  const DrtChainQuery query = {
    .root = self->root, .revoked = self->revoked, .profile = self->profile->profile, .time = now_in_seconds (), .brief = TRUE,
  };
  g_autoptr (DrtChainReport) report = NULL;

  self->counters.chains_checked++;
  report = drt_chain_check_credential (credential.data, credential.length, &query);
  if (FAILED (report->hr))
    return report->hr;
  while (member->n_certificates < report->certificates->len &&
         !is_root (self, g_ptr_array_index (report->certificates, member->n_certificates)))
    member->n_certificates++;
  if (member->n_certificates == 0)
    return DRT_E_INVALID_CERT_CHAIN;
  member->public_key = drt_public_key_new_for_certificate (drt_certificate_get_x509 (g_ptr_array_index (report->certificates, 0)));
  if (member->public_key == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  member->key = member->public_key->derived;
  /* A certificate is good to the end of its last second. */
  member->expires = (find_end (self, report) + 1) * G_USEC_PER_SEC;
  return S_OK;
}
