/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "security-testing.h"

#include <string.h>

/* Profile 2.0: what one member makes another accepts, and nothing else. */

static const DrtKeyAlgorithm algorithms[] = { DRT_KEY_ALGORITHM_ED25519, DRT_KEY_ALGORITHM_P256 };

static void
test_round_trip (gconstpointer data)
{
  Mesh mesh;
  Proof proof;
  Certified certified;
  Sealed sealed;

  mesh_open (&mesh, *(const DrtKeyAlgorithm *) data, DRT_SECURE_CONFIDENTIALPAYLOAD);
  assert_hr (member_prove (&mesh.alice, &proof), S_OK);
  assert_hr (member_accept_proof (&mesh.bob, &proof), S_OK);
  assert_hr (member_accept_proof (&mesh.alice, &proof), S_OK);

  for (guint i = 0; i < 4; i++)
    {
      assert_hr (member_certify (&mesh.alice, i & 1, i & 2 ? "payload" : NULL, &certified), S_OK);
      assert_hr (member_accept_certified (&mesh.bob, &certified, testing_nonce), S_OK);
      assert_hr (member_accept_certified (&mesh.bob, &certified, NULL), S_OK);
      certified_clear (&certified);
    }

  /* Bob seals for Alice; she knows him once he has shown his credential. */
  assert_hr (member_seal (&mesh.bob, &proof.credential, &sealed), S_OK);
  assert_hr (member_unseal (&mesh.alice, &sealed), DRT_E_INVALID_MESSAGE);
  proof_clear (&proof);
  assert_hr (member_prove (&mesh.bob, &proof), S_OK);
  assert_hr (member_accept_proof (&mesh.alice, &proof), S_OK);
  assert_hr (member_unseal (&mesh.alice, &sealed), S_OK);
  assert_hr (member_unseal (&mesh.bob, &sealed), DRT_E_INVALID_MESSAGE);
  sealed_clear (&sealed);
  proof_clear (&proof);
  mesh_close (&mesh);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      const char *suite = algorithms[i] == DRT_KEY_ALGORITHM_P256 ? "p256" : "ed25519";
      g_autofree char *path = g_strdup_printf ("/profile-2/%s/round-trip", suite);

      g_test_add_data_func (path, &algorithms[i], test_round_trip);
    }
  return g_test_run ();
}
