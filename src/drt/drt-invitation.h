/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-certificate.h"

/*
 * Invitations: what somebody needs to know of a mesh to become a member, as a
 * link that a mail, a chat or a QR code carries.
 *
 * There is no secret in it.  A private key that travels in a link lies
 * in every mailbox, chat history and browser on its way, so who is invited makes
 * a key of his own and sends a request (PKCS#10) back, or gets a PKCS#12 file and, by
 * another way, its passphrase.  Whoever reads the link learns that the mesh
 * exists, and cannot take part in it.
 *
 * What the link must not be trusted for is who sent it: anybody can write one,
 * with a root of his own.  Therefore the fingerprint of the root is to be compared over another way.
 */

G_BEGIN_DECLS

#define DRT_INVITATION_SCHEME        "roundtable"
#define DRT_INVITATION_LINK_MAX      1500   /* characters: a QR code of these can still be read from a screen */
#define DRT_INVITATION_NAME_MAX      64     /* characters */
#define DRT_INVITATION_BOOTSTRAP_MAX 8

typedef enum
{
  DRT_INVITATION_ERROR_NOT_AN_INVITATION,
  DRT_INVITATION_ERROR_VERSION,           /* of a later version */
  DRT_INVITATION_ERROR_DAMAGED,           /* a part is missing, twice there or makes no sense */
  DRT_INVITATION_ERROR_TOO_LONG,
  DRT_INVITATION_ERROR_ROOT,              /* what should be the root is no certificate */
  DRT_INVITATION_ERROR_FINGERPRINT,       /* is another certificate's */
  DRT_INVITATION_ERROR_NOT_AN_AUTHORITY,
  DRT_INVITATION_ERROR_PROFILE,           /* the root is fit for none, or for another */
  DRT_INVITATION_ERROR_NAME,
  DRT_INVITATION_ERROR_ENDPOINT,
} DrtInvitationError;

#define DRT_INVITATION_ERROR (drt_invitation_error_quark ())
GQuark         drt_invitation_error_quark (void) DRT_API;

typedef struct
{
  char *name;                 /* of the mesh: 1 to 64 printable characters */
  PCCERT_CONTEXT root;        /* alone: without a key, whatever it came from */
  char *fingerprint;          /* as DrtCertificateInfo has it */
  DRT_SECURITY_MODE mode;
  DrtProfile profile;         /* the root's */
  guint8 protocol_major;
  guint8 protocol_minor;
  GStrv bootstrap;            /* "host:port" or "[address]:port", 0 to 8 */
  gint64 expires;             /* seconds since 1970-01-01 UTC; 0: never */
} DrtInvitation;

/* @bootstrap: (nullable).  @expires: 0 or when it ends. */
DrtInvitation *drt_invitation_new         (const char *name, PCCERT_CONTEXT root, DRT_SECURITY_MODE mode,
                                           guint8 protocol_major, guint8 protocol_minor,
                                           const char *const *bootstrap, gint64 expires, GError **error) DRT_API;
/* One that has expired is read as well: see drt_invitation_has_expired(). */
DrtInvitation *drt_invitation_parse       (const char *link, GError **error) DRT_API;
char          *drt_invitation_to_link     (const DrtInvitation *invitation, GError **error) DRT_API;
/* @time: 0: now. */
gboolean       drt_invitation_has_expired (const DrtInvitation *invitation, gint64 time) DRT_API;
void           drt_invitation_free        (DrtInvitation *invitation) DRT_API;

/* "ABCD EF01 …", to be read aloud and compared; two lines where @lines. */
char          *drt_fingerprint_to_groups  (const char *fingerprint, gboolean lines) DRT_API;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DrtInvitation, drt_invitation_free)

G_END_DECLS
