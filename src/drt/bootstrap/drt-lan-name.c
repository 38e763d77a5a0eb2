/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "drt-lan-name.h"

#include <net/if.h>
#include <string.h>

#define MAX_LABEL  63    /* bytes, RFC 1035 */
#define MAX_STRING 255   /* bytes, of a TXT record */
#define HASH_BYTES 16    /* enough that no two names have the same by chance */

/* The longest beginning of @text of at most @size bytes, without what a terminal
 * or a list would stumble over. */
static char *
shorten (const char *text,
         gsize       size)
{
  GString *result = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);

      if (result->len + g_unichar_to_utf8 (character, NULL) > size)
        break;
      g_string_append_unichar (result, g_unichar_iscntrl (character) ? ' ' : character);
    }
  return g_string_free (result, FALSE);
}

/**
 * drt_lan_name_to_subtype:
 * @name: a peer name, valid UTF-8
 *
 * What is searched for: nodes of other meshes need not answer.  A name may be
 * longer than a label of DNS, and differ from another in case only; its hash
 * does not.
 *
 * Returns: (transfer full): a subtype of DRT_LAN_TYPE
 */
char *
drt_lan_name_to_subtype (const char *name)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

  return g_strdup_printf ("_%.*s._sub." DRT_LAN_TYPE, 2 * HASH_BYTES, hash);
}

/**
 * drt_lan_name_to_instance:
 * @name: a peer name, valid UTF-8
 * @number: tells nodes of the same name apart
 *
 * Returns: (transfer full): a name for one publisher of it, for people to read
 */
char *
drt_lan_name_to_instance (const char *name,
                          guint32     number)
{
  g_autofree char *beginning = shorten (name, MAX_LABEL - strlen (" #01234567"));

  return g_strdup_printf ("%s #%08x", beginning, number);
}

/**
 * drt_lan_name_to_text:
 * @name: a peer name, valid UTF-8
 *
 * Returns: (transfer full): a string for the TXT record: the name, as far as there
 *   is room
 */
char *
drt_lan_name_to_text (const char *name)
{
  g_autofree char *beginning = shorten (name, MAX_STRING - strlen ("peer="));

  return g_strconcat ("peer=", beginning, NULL);
}

/**
 * drt_lan_interface_to_index:
 * @interface: its name, or its index in decimal
 *
 * Returns: the index; 0: there is none of this name now
 */
guint
drt_lan_interface_to_index (const char *interface)
{
  guint64 index;

  if (g_ascii_string_to_unsigned (interface, 10, 1, G_MAXINT, &index, NULL))
    return index;
  return if_nametoindex (interface);
}

/**
 * drt_lan_cloud_parse:
 * @cloud: (nullable): a cloud of PNRP: "Global_", "SiteLocal_…" or "AllLinkLocal_",
 *   which all mean every network of this host, as %NULL and the empty string do;
 *   or "LinkLocal_ff00::%ZONE/8", the network of this interface, by name or number
 * @interface: (out) (nullable): the interface
 *
 * Returns: FALSE: there is no such cloud
 */
gboolean
drt_lan_cloud_parse (const char  *cloud,
                     char       **interface)
{
  const char *zone;

  *interface = NULL;
  if (cloud == NULL || *cloud == '\0' || g_str_equal (cloud, "AllLinkLocal_") ||
      g_str_has_prefix (cloud, "Global_") || g_str_has_prefix (cloud, "SiteLocal_"))
    return TRUE;
  if (!g_str_has_prefix (cloud, "LinkLocal_"))
    return FALSE;

  zone = strchr (cloud, '%');
  if (zone != NULL)
    *interface = g_strndup (zone + 1, strcspn (zone + 1, "/"));
  return zone == NULL || **interface != '\0';
}
