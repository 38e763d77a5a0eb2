/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "wire-testing.h"
#include "wire-vectors.h"

#include <string.h>

/*
 * Illegal values, each made from a vector of wire-vectors.h by one change, and
 * the reason to be given; and what is unusual but legal.
 */

typedef struct
{
  const char *what;
  const char *vector;
  gsize at;            /* where to change */
  gsize remove;        /* how many bytes go */
  const char *insert;  /* what comes in their place */
  DrtDecodeResult expected;
} Change;

#define TO_THE_END 100000

static GByteArray *
changed (const Change *change)
{
  GByteArray *bytes = wire_bytes (change->vector);
  GByteArray *result = g_byte_array_new ();
  g_autoptr(GByteArray) insert = wire_bytes (change->insert);
  gsize tail = MIN (change->at + change->remove, bytes->len);

  g_assert_cmpuint (change->at, <=, bytes->len);
  g_byte_array_append (result, bytes->data, (guint) change->at);
  g_byte_array_append (result, insert->data, insert->len);
  g_byte_array_append (result, bytes->data + tail, (guint) (bytes->len - tail));
  g_byte_array_unref (bytes);

  return result;
}

static void
check (const Change *changes, guint n_changes)
{
  for (guint i = 0; i < n_changes; i++)
    {
      g_autoptr(GByteArray) bytes = changed (&changes[i]);
      g_autofree guint8 *exact = wire_exact_copy (bytes->data, bytes->len);
      DrtMessage message;
      DrtDecodeResult result = drt_message_decode (exact, bytes->len, &message);

      if (result != changes[i].expected)
        g_error ("%s: %s instead of %s", changes[i].what, drt_decode_result_to_string (result),
                 drt_decode_result_to_string (changes[i].expected));
    }
}

#define CHECK(changes) check (changes, G_N_ELEMENTS (changes))

static void
test_header (void)
{
  static const Change changes[] = {
    { "nothing at all", ACK_PLAIN, 0, TO_THE_END, "", DRT_DECODE_TRUNCATED },
    { "half a header", ACK_PLAIN, 11, TO_THE_END, "", DRT_DECODE_TRUNCATED },
    { "header alone", ACK_PLAIN, 12, TO_THE_END, "", DRT_DECODE_MISSING_FIELD },
    { "other FieldID", ACK_PLAIN, 1, 1, "18", DRT_DECODE_BAD_HEADER },
    { "FieldID in the wrong byte order", ACK_PLAIN, 0, 2, "1000", DRT_DECODE_BAD_HEADER },
    { "Length 11", ACK_PLAIN, 3, 1, "0b", DRT_DECODE_BAD_HEADER },
    { "Length 13", ACK_PLAIN, 3, 1, "0d", DRT_DECODE_BAD_HEADER },
    { "Length without its head", ACK_PLAIN, 3, 1, "08", DRT_DECODE_BAD_HEADER },
    { "Identifier 0x52", ACK_PLAIN, 4, 1, "52", DRT_DECODE_BAD_HEADER },
    { "type 0", ACK_PLAIN, 7, 1, "00", DRT_DECODE_BAD_TYPE },
    { "type 5", ACK_PLAIN, 7, 1, "05", DRT_DECODE_BAD_TYPE },
    { "type 6", ACK_PLAIN, 7, 1, "06", DRT_DECODE_BAD_TYPE },
    { "type 10", ACK_PLAIN, 7, 1, "0a", DRT_DECODE_BAD_TYPE },
    { "type 12", ACK_PLAIN, 7, 1, "0c", DRT_DECODE_BAD_TYPE },
    { "type 255", ACK_PLAIN, 7, 1, "ff", DRT_DECODE_BAD_TYPE },
    { "any version", ACK_PLAIN, 5, 2, "ffff", DRT_DECODE_OK },
    { "MessageID 0", ACK_PLAIN, 8, 4, "00000000", DRT_DECODE_OK },
  };

  CHECK (changes);
}

static void
test_fields (void)
{
  static const Change changes[] = {
    { "Length 3", ACK_PLAIN, 14, 2, "0003", DRT_DECODE_BAD_LENGTH },
    { "Length 0", ACK_PLAIN, 14, 2, "0000", DRT_DECODE_BAD_LENGTH },
    { "Length without its head", ACK_PLAIN, 14, 2, "0004", DRT_DECODE_BAD_LENGTH },
    { "Length one too many", ACK_PLAIN, 14, 2, "0009", DRT_DECODE_BAD_LENGTH },
    { "Length past the end", INQUIRE_FULL, 78, 2, "ffff", DRT_DECODE_TRUNCATED },
    { "unknown field", ACK_PLAIN, 20, 0, "00ff 0004", DRT_DECODE_UNKNOWN_FIELD },
    { "field of another message", ACK_PLAIN, 20, 0, "0093 0014" NONCE, DRT_DECODE_UNKNOWN_FIELD },
    { "field twice", ACK_NOT_FOUND, 26, 0, "0000 0040 0006 0001", DRT_DECODE_UNKNOWN_FIELD },
    { "one byte after the end", ACK_PLAIN, 20, 0, "00", DRT_DECODE_UNKNOWN_FIELD },
    { "four zero bytes after the end", ACK_PLAIN, 20, 0, "00000000", DRT_DECODE_UNKNOWN_FIELD },
    { "padding at the end", ACK_NOT_FOUND, 26, 0, "0000", DRT_DECODE_OK },
    { "one byte of padding", ACK_NOT_FOUND, 26, 0, "00", DRT_DECODE_OK },
    { "padding that is not zero", ACK_NOT_FOUND, 26, 0, "abcd", DRT_DECODE_OK },
    { "more than padding", ACK_NOT_FOUND, 26, 0, "000000", DRT_DECODE_UNKNOWN_FIELD },
    { "inner padding that is not zero", SOLICIT_ENTRY, 70, 2, "ffff", DRT_DECODE_OK },
    { "inner padding left out", SOLICIT_ENTRY, 70, 2, "", DRT_DECODE_MISSING_FIELD },
  };

  CHECK (changes);
}

static void
test_solicit (void)
{
  static const Change changes[] = {
    { "no nonce", SOLICIT_BARE, 12, TO_THE_END, "", DRT_DECODE_MISSING_FIELD },
    { "nonce of 16", SOLICIT_BARE, 14, 2, "0014", DRT_DECODE_BAD_LENGTH },
    { "nonce before entry", SOLICIT_BARE, 36, 0, "009a 003a" ENTRY_1, DRT_DECODE_UNKNOWN_FIELD },
    { "sealed entry", SOLICIT_ENTRY, 12, 2, "00a1", DRT_DECODE_MISSING_FIELD },
    { "controls before the nonce", SOLICIT_BARE, 12, 0, "0044 0008 01020304", DRT_DECODE_OK },
    { "controls before the entry", SOLICIT_ENTRY, 12, 0, "0044 0006 0102 0000", DRT_DECODE_OK },
    { "controls after the entry", SOLICIT_ENTRY, 72, 0, "0044 0004", DRT_DECODE_OK },
    { "controls after the nonce", SOLICIT_ENTRY, 96, 0, "0044 0005 ff", DRT_DECODE_OK },
    { "controls past the end", SOLICIT_ENTRY, 96, 0, "0044 0006 ff", DRT_DECODE_TRUNCATED },
    { "no key identifier", SOLICIT_MEMBER, 116, TO_THE_END, "", DRT_DECODE_MISSING_FIELD },
    { "signature first", SOLICIT_MEMBER, 96, 2, "00a5", DRT_DECODE_UNKNOWN_FIELD },
    { "controls after the proof", SOLICIT_MEMBER, 123, 0, "00 0044 0004", DRT_DECODE_UNKNOWN_FIELD },
    { "controls before the proof", SOLICIT_MEMBER, 96, 0, "0044 0004", DRT_DECODE_OK },
    { "proof before the nonce", SOLICIT_MEMBER, 72, 24, "", DRT_DECODE_MISSING_FIELD },
    { "controls of Length 2", SOLICIT_ENTRY, 72, 0, "0044 0002", DRT_DECODE_BAD_LENGTH },
  };

  CHECK (changes);
}

static void
test_entry (void)
{
  /* In SOLICIT_ENTRY: Length at 14, Port at 50, Flags at 52, Address Count at 53. */
  static const Change changes[] = {
    { "port 1023", SOLICIT_ENTRY, 50, 2, "03ff", DRT_DECODE_BAD_VALUE },
    { "port 0", SOLICIT_ENTRY, 50, 2, "0000", DRT_DECODE_BAD_VALUE },
    { "port 1024", SOLICIT_ENTRY, 50, 2, "0400", DRT_DECODE_OK },
    { "flags", SOLICIT_ENTRY, 52, 1, "ff", DRT_DECODE_OK },
    { "no address", SOLICIT_ENTRY, 53, 17, "00", DRT_DECODE_BAD_VALUE },
    { "no address, Length to match", SOLICIT_ENTRY, 14, 56,
      "002a" KEY_1 "03 04 1f90 00 00", DRT_DECODE_BAD_VALUE },
    { "21 addresses", SOLICIT_ENTRY, 53, 1, "15", DRT_DECODE_BAD_VALUE },
    { "255 addresses", SOLICIT_ENTRY, 53, 1, "ff", DRT_DECODE_BAD_VALUE },
    { "20 addresses, 1 there", SOLICIT_ENTRY, 53, 1, "14", DRT_DECODE_BAD_LENGTH },
    { "2 addresses, 1 there", SOLICIT_ENTRY, 53, 1, "02", DRT_DECODE_BAD_LENGTH },
    { "Length one too few", SOLICIT_ENTRY, 14, 2, "0039", DRT_DECODE_BAD_LENGTH },
    { "Length with padding", SOLICIT_ENTRY, 14, 2, "003c", DRT_DECODE_BAD_LENGTH },
    { "Length without its head", SOLICIT_ENTRY, 14, 2, "0036", DRT_DECODE_BAD_LENGTH },
    { "empty", SOLICIT_ENTRY, 14, 58, "0004", DRT_DECODE_BAD_LENGTH },
  };

  CHECK (changes);
}

static void
test_keys (void)
{
  /* In ADVERTISE_TWO: Length at 22, NumEntries at 24, ArrayLength at 26,
   * ElementFieldType at 28, EntryLength at 30. */
  static const Change changes[] = {
    { "NumEntries 1", ADVERTISE_TWO, 24, 2, "0001", DRT_DECODE_BAD_LENGTH },
    { "NumEntries 3", ADVERTISE_TWO, 24, 2, "0003", DRT_DECODE_BAD_LENGTH },
    { "NumEntries 0x8000", ADVERTISE_TWO, 24, 2, "8000", DRT_DECODE_BAD_LENGTH },
    { "NumEntries 0x0802: the same modulo 2^16 bytes", ADVERTISE_TWO, 24, 2, "0802", DRT_DECODE_BAD_LENGTH },
    { "ArrayLength without its head", ADVERTISE_TWO, 26, 2, "0040", DRT_DECODE_BAD_LENGTH },
    { "ArrayLength too long", ADVERTISE_TWO, 26, 2, "004c", DRT_DECODE_BAD_LENGTH },
    { "elements of another type", ADVERTISE_TWO, 28, 2, "009d", DRT_DECODE_BAD_VALUE },
    { "EntryLength 31", ADVERTISE_TWO, 30, 2, "001f", DRT_DECODE_BAD_LENGTH },
    { "EntryLength 0", ADVERTISE_TWO, 30, 2, "0000", DRT_DECODE_BAD_LENGTH },
    { "Length one too few", ADVERTISE_TWO, 22, 2, "004b", DRT_DECODE_BAD_LENGTH },
    { "half an array head", ADVERTISE_EMPTY, 22, 10, "0008 0000 0008", DRT_DECODE_BAD_LENGTH },
    { "one key counted, two there", ADVERTISE_TWO, 24, 4, "0001 0028", DRT_DECODE_BAD_LENGTH },
    { "one key where two are counted", ADVERTISE_TWO, 22, 2, "002c", DRT_DECODE_BAD_LENGTH },
    { "no list", ADVERTISE_EMPTY, 20, 12, "", DRT_DECODE_MISSING_FIELD },
    { "no acked", ADVERTISE_EMPTY, 12, 8, "", DRT_DECODE_MISSING_FIELD },
    { "no nonce", ADVERTISE_EMPTY, 32, 24, "", DRT_DECODE_MISSING_FIELD },
    { "list before acked", ADVERTISE_EMPTY, 12, 20, "0060 000c 0000 0008 0030 0020" ACKED, DRT_DECODE_MISSING_FIELD },
  };

  CHECK (changes);
}

static void
test_request (void)
{
  static const Change changes[] = {
    { "FLAGS without SPLIT_CONTROLS", REQUEST_MEMBER, 20, 8, "", DRT_DECODE_MISSING_FIELD },
    { "SPLIT_CONTROLS without FLAGS", REQUEST_MEMBER, 12, 8, "", DRT_DECODE_MISSING_FIELD },
    { "reserved flags", REQUEST_MEMBER, 16, 4, "ffffffff", DRT_DECODE_OK },
    { "Size one too many", REQUEST_MEMBER, 24, 2, "005c", DRT_DECODE_BAD_LENGTH },
    { "Size without the last byte", REQUEST_MEMBER, 24, 2, "005a", DRT_DECODE_TRUNCATED },
    { "Size 0", REQUEST_MEMBER, 24, 2, "0000", DRT_DECODE_BAD_LENGTH },
    { "Size 0, nothing there", REQUEST_MEMBER, 24, TO_THE_END, "0000 0000", DRT_DECODE_BAD_LENGTH },
    { "nothing there", REQUEST_MEMBER, 28, TO_THE_END, "", DRT_DECODE_BAD_LENGTH },
    { "padding after the whole", REQUEST_MEMBER, 119, 0, "00", DRT_DECODE_OK },
    { "more than padding after the whole", REQUEST_MEMBER, 119, 0, "0000", DRT_DECODE_BAD_LENGTH },
    { "Offset no multiple of 1188", REQUEST_FRAGMENT, 26, 2, "04a3", DRT_DECODE_BAD_VALUE },
    { "Offset beyond Size", REQUEST_FRAGMENT, 26, 2, "0948", DRT_DECODE_BAD_LENGTH },
    { "fragment too short", REQUEST_FRAGMENT, 24, 2, "04a8", DRT_DECODE_BAD_LENGTH },
    { "fragment too long", REQUEST_FRAGMENT, 24, 2, "04a6", DRT_DECODE_BAD_LENGTH },
    { "first fragment of 3 bytes", REQUEST_FRAGMENT, 26, 2, "0000", DRT_DECODE_BAD_LENGTH },
    { "Size above 0x91E4", REQUEST_FRAGMENT, 24, 2, "91e5", DRT_DECODE_BAD_VALUE },
    { "no list", REQUEST_RESOLVE, 32, TO_THE_END, "", DRT_DECODE_MISSING_FIELD },
    { "no nonce", REQUEST_RESOLVE, 12, 20, "", DRT_DECODE_MISSING_FIELD },
    { "nonce of 20", REQUEST_RESOLVE, 14, 2, "0018", DRT_DECODE_BAD_LENGTH },
    { "bad list inside a whole", REQUEST_MEMBER, 52, 2, "0002", DRT_DECODE_BAD_LENGTH },
    { "credential alone", REQUEST_RESOLVE, 76, 0, "0080 0004", DRT_DECODE_MISSING_FIELD },
    { "no credential", REQUEST_RESOLVE, 76, 0, "00a5 0004 00a6 0004", DRT_DECODE_UNKNOWN_FIELD },
    { "empty proof", REQUEST_RESOLVE, 76, 0, "0080 0004 00a5 0004 00a6 0004", DRT_DECODE_OK },
  };

  CHECK (changes);
}

static void
test_flood (void)
{
  static const Change changes[] = {
    { "no controls", FLOOD_FULL, 12, 8, "", DRT_DECODE_MISSING_FIELD },
    { "controls of Length 8", FLOOD_FULL, 14, 2, "0008", DRT_DECODE_BAD_LENGTH },
    { "controls of Length 6", FLOOD_FULL, 14, 2, "0006", DRT_DECODE_BAD_LENGTH },
    { "reserved flags and padding", FLOOD_FULL, 16, 4, "fffeffff", DRT_DECODE_OK },
    { "no validate key", FLOOD_FULL, 20, 36, "", DRT_DECODE_MISSING_FIELD },
    { "target key instead", FLOOD_FULL, 20, 2, "0038", DRT_DECODE_MISSING_FIELD },
    { "entry unpadded at the end", FLOOD_ENTRY, 114, 2, "", DRT_DECODE_OK },
    { "nothing but the key", FLOOD_ENTRY, 56, TO_THE_END, "", DRT_DECODE_OK },
    { "sealed entry without keytoken", FLOOD_SEALED, 56, 16, "", DRT_DECODE_BAD_LENGTH },
    { "sealed entry's own id without keytoken", FLOOD_SEALED, 56, 18, "00a1", DRT_DECODE_UNKNOWN_FIELD },
    { "sealed CPA without keytoken", FLOOD_SEALED, 56, 8, "", DRT_DECODE_UNKNOWN_FIELD },
    { "sealed list without keytoken", FLOOD_SEALED, 56, 24, "", DRT_DECODE_UNKNOWN_FIELD },
    { "sealed entry under its own id", FLOOD_SEALED, 72, 2, "00a1", DRT_DECODE_OK },
    { "sealed CPA under the id of the clear one", FLOOD_SEALED, 64, 2, "009c", DRT_DECODE_OK },
    { "clear list with keytoken", FLOOD_SEALED, 80, TO_THE_END, "009e 000c 0000 0008 009d 0012", DRT_DECODE_UNKNOWN_FIELD },
    { "entry before CPA", FLOOD_SEALED, 64, 8, "009a 0004 00a2 0004", DRT_DECODE_UNKNOWN_FIELD },
    { "empty list", FLOOD_FULL, 144, TO_THE_END, "009e 000c 0000 0008 009d 0012", DRT_DECODE_OK },
    { "port 0 in the list", FLOOD_FULL, 156, 2, "0000", DRT_DECODE_OK },
    { "EntryLength 16", FLOOD_FULL, 154, 2, "0010", DRT_DECODE_BAD_LENGTH },
    { "list of keys", FLOOD_FULL, 152, 2, "0030", DRT_DECODE_BAD_VALUE },
    { "key list", FLOOD_FULL, 144, 2, "0060", DRT_DECODE_UNKNOWN_FIELD },
    { "no key identifier", FLOOD_MEMBER, 136, TO_THE_END, "", DRT_DECODE_MISSING_FIELD },
    { "no signature", FLOOD_MEMBER, 128, 8, "", DRT_DECODE_MISSING_FIELD },
    { "proof before the entry", FLOOD_ENTRY, 56, 0, PROOF "00", DRT_DECODE_UNKNOWN_FIELD },
    { "empty proof", FLOOD_ENTRY, 116, 0, "0080 0004 00a5 0004 00a6 0004", DRT_DECODE_OK },
    { "empty keytoken", FLOOD_ENTRY, 56, TO_THE_END, "009f 0004", DRT_DECODE_OK },
  };

  CHECK (changes);
}

static void
test_inquire (void)
{
  static const Change changes[] = {
    { "no flags", INQUIRE_BARE, 12, 8, "", DRT_DECODE_MISSING_FIELD },
    { "flags of Length 8", INQUIRE_BARE, 14, 2, "0008", DRT_DECODE_BAD_LENGTH },
    { "all flags", INQUIRE_BARE, 16, 4, "ffffffff", DRT_DECODE_OK },
    { "A without nonce", INQUIRE_FULL, 76 - 20, 20, "", DRT_DECODE_OK },
    { "nonce without A", INQUIRE_FULL, 16, 2, "0000", DRT_DECODE_OK },
    { "nonce twice", INQUIRE_FULL, 56, 0, "0093 0014" NONCE, DRT_DECODE_UNKNOWN_FIELD },
    { "nonce after the proof", INQUIRE_BARE, 56, 0, "0080 0004 00a5 0004 00a6 0004 0093 0014" NONCE, DRT_DECODE_UNKNOWN_FIELD },
    { "key of 31 bytes", INQUIRE_BARE, 22, 2, "0023", DRT_DECODE_BAD_LENGTH },
    { "no key", INQUIRE_BARE, 20, TO_THE_END, "", DRT_DECODE_MISSING_FIELD },
    { "signature missing", INQUIRE_FULL, 88, 8, "", DRT_DECODE_MISSING_FIELD },
    { "key identifier missing", INQUIRE_FULL, 96, TO_THE_END, "", DRT_DECODE_MISSING_FIELD },
    { "key identifier before signature", INQUIRE_FULL, 88, TO_THE_END, "00a6 0004 00a5 0004", DRT_DECODE_MISSING_FIELD },
    { "keytoken", INQUIRE_BARE, 56, 0, "009f 0005 01", DRT_DECODE_UNKNOWN_FIELD },
  };

  CHECK (changes);
}

static void
test_authority (void)
{
  static const Change changes[] = {
    { "no acked", AUTHORITY_WHOLE, 12, 8, "", DRT_DECODE_MISSING_FIELD },
    { "no SPLIT_CONTROLS", AUTHORITY_WHOLE, 20, 8, "", DRT_DECODE_MISSING_FIELD },
    { "SPLIT_CONTROLS of Length 4", AUTHORITY_WHOLE, 22, 2, "0004", DRT_DECODE_BAD_LENGTH },
    { "nothing there", AUTHORITY_WHOLE, 28, TO_THE_END, "", DRT_DECODE_BAD_LENGTH },
    { "Size 0", AUTHORITY_WHOLE, 24, TO_THE_END, "0000 0000", DRT_DECODE_BAD_LENGTH },
    { "Size too small", AUTHORITY_WHOLE, 24, 2, "0007", DRT_DECODE_BAD_LENGTH },
    { "first fragment too short", AUTHORITY_WHOLE, 24, 2, "0009", DRT_DECODE_BAD_LENGTH },
    { "Size above 0x91E4", AUTHORITY_LAST, 24, 2, "91e5", DRT_DECODE_BAD_VALUE },
    { "last of the longest too short", AUTHORITY_LAST, 24, TO_THE_END, "91e4 8fdc 01", DRT_DECODE_BAD_LENGTH },
    { "Offset no multiple of 1188", AUTHORITY_LAST, 26, 2, "0001", DRT_DECODE_BAD_VALUE },
    { "Offset at the end", AUTHORITY_LAST, 24, 2, "04a4", DRT_DECODE_BAD_LENGTH },
    { "Offset beyond Size", AUTHORITY_LAST, 26, 2, "0948", DRT_DECODE_BAD_LENGTH },
  };

  CHECK (changes);
}

/* The longest there may be, every fragment of it, and one byte more. */
static void
test_authority_longest (void)
{
  guint8 bytes[28 + DRT_FRAGMENT_SIZE + 1];
  DrtMessage message;

  memset (bytes, 0x5a, sizeof bytes);
  for (guint offset = 0; offset < DRT_REASSEMBLED_MAX; offset += DRT_FRAGMENT_SIZE)
    {
      guint length = MIN (DRT_FRAGMENT_SIZE, DRT_REASSEMBLED_MAX - offset);
      g_autofree char *hex = g_strdup_printf (HEADER ("08") ACKED "0098 0008 91e4 %04x", offset);
      g_autoptr(GByteArray) head = wire_bytes (hex);

      memcpy (bytes, head->data, head->len);
      g_assert_cmpint (drt_message_decode (bytes, 28 + length, &message), ==, DRT_DECODE_OK);
      g_assert_cmpuint (message.authority.fragment.length, ==, length);
      g_assert_cmpint (drt_message_decode (bytes, 28 + length + 1, &message), ==, DRT_DECODE_BAD_LENGTH);
      g_assert_cmpint (drt_message_decode (bytes, 28 + length - 1, &message), ==, DRT_DECODE_BAD_LENGTH);
    }
}

static void
test_lookup (void)
{
  /* In LOOKUP_BARE: flags at 16, Precision at 18, criteria at 20, reason at 21,
   * the path at 96. */
  static const Change changes[] = {
    { "criteria 3", LOOKUP_BARE, 20, 1, "03", DRT_DECODE_BAD_VALUE },
    { "criteria 5", LOOKUP_BARE, 20, 1, "05", DRT_DECODE_BAD_VALUE },
    { "criteria 0x0a", LOOKUP_BARE, 20, 1, "0a", DRT_DECODE_BAD_VALUE },
    { "criteria 0x10", LOOKUP_BARE, 20, 1, "10", DRT_DECODE_BAD_VALUE },
    { "criteria 0", LOOKUP_BARE, 20, 1, "00", DRT_DECODE_OK },
    { "criteria 1", LOOKUP_BARE, 20, 1, "01", DRT_DECODE_OK },
    { "criteria 4", LOOKUP_BARE, 20, 1, "04", DRT_DECODE_OK },
    { "criteria 8", LOOKUP_BARE, 20, 1, "08", DRT_DECODE_OK },
    { "reason 4", LOOKUP_BARE, 21, 1, "04", DRT_DECODE_BAD_VALUE },
    { "reason 255", LOOKUP_BARE, 21, 1, "ff", DRT_DECODE_BAD_VALUE },
    { "precision 256", LOOKUP_FULL, 18, 2, "0100", DRT_DECODE_OK },
    { "precision 257", LOOKUP_FULL, 18, 2, "0101", DRT_DECODE_BAD_VALUE },
    { "precision of no meaning", LOOKUP_BARE, 18, 2, "ffff", DRT_DECODE_OK },
    { "reserved bits", LOOKUP_BARE, 16, 2, "fffd", DRT_DECODE_OK },
    { "reserved bytes", LOOKUP_BARE, 22, 2, "ffff", DRT_DECODE_OK },
    { "controls of Length 10", LOOKUP_BARE, 14, 2, "000a", DRT_DECODE_BAD_LENGTH },
    { "no target", LOOKUP_BARE, 24, 36, "", DRT_DECODE_MISSING_FIELD },
    { "no validate key", LOOKUP_BARE, 60, 36, "", DRT_DECODE_MISSING_FIELD },
    { "keys in the wrong order", LOOKUP_BARE, 24, 72, "0039 0024" KEY_2 "0038 0024" KEY_1, DRT_DECODE_MISSING_FIELD },
    { "no path", LOOKUP_FULL, 156, 68, "", DRT_DECODE_MISSING_FIELD },
    { "empty path", LOOKUP_BARE, 96, TO_THE_END, "009e 000c 0000 0008 009d 0012", DRT_DECODE_BAD_VALUE },
    { "path of other length", LOOKUP_BARE, 100, 2, "0002", DRT_DECODE_BAD_LENGTH },
    { "path before entry", LOOKUP_BARE, 126, 0, "0000 009a 003a" ENTRY_1, DRT_DECODE_UNKNOWN_FIELD },
    { "path padded at the end", LOOKUP_BARE, 126, 0, "0000", DRT_DECODE_OK },
    { "path with port 80", LOOKUP_BARE, 108, 2, "0050", DRT_DECODE_OK },
    { "sealed without keytoken", LOOKUP_SEALED, 96, 8, "", DRT_DECODE_OK },
    { "sealed path alone", LOOKUP_SEALED, 96, 16, "", DRT_DECODE_OK },
    { "clear entry, sealed path", LOOKUP_FULL, 156, 68, "00a0 0004", DRT_DECODE_MISSING_FIELD },
    { "sealed entry, clear path", LOOKUP_BARE, 96, 0, "00a1 0004", DRT_DECODE_MISSING_FIELD },
    { "keytoken, clear path", LOOKUP_BARE, 96, 0, "009f 0004", DRT_DECODE_MISSING_FIELD },
    { "keytoken, no path", LOOKUP_SEALED, 112, 8, "", DRT_DECODE_MISSING_FIELD },
    { "entry's port 1023", LOOKUP_FULL, 134, 2, "03ff", DRT_DECODE_BAD_VALUE },
    { "half a proof", LOOKUP_BARE, 126, 0, "0000 0080 0004 00a5 0004", DRT_DECODE_MISSING_FIELD },
    { "empty proof", LOOKUP_BARE, 126, 0, "0000 0080 0004 00a5 0004 00a6 0004", DRT_DECODE_OK },
  };

  CHECK (changes);
}

/* A path of 22 is the longest, in a message and alone. */
static void
test_longest_path (void)
{
  for (guint n = 21; n <= 24; n++)
    {
      g_autoptr(GString) hex = g_string_new (NULL);
      g_autoptr(GByteArray) bytes = NULL;
      DrtDecodeResult expected = n <= 22 ? DRT_DECODE_OK : DRT_DECODE_BAD_VALUE;
      DrtWireEndpoints list;
      DrtMessage message;

      g_string_append_printf (hex, HEADER ("0b") "0045 000c 0000 0000 02 00 0000" "0038 0024" KEY_1 "0039 0024" KEY_2
                              "009e %04x %04x %04x 009d 0012", 12 + 18 * n, n, 8 + 18 * n);
      for (guint i = 0; i < n; i++)
        g_string_append_printf (hex, "%04x" ADDRESS_1, 4000 + i);
      bytes = wire_bytes (hex->str);

      g_assert_cmpint (drt_message_decode (bytes->data, bytes->len, &message), ==, expected);
      g_assert_cmpint (drt_wire_endpoints_decode (bytes->data + 100, bytes->len - 100, 0, &list), ==, expected);
      g_assert_cmpint (drt_wire_endpoints_decode (bytes->data + 100, bytes->len - 101, 0, &list), ==, DRT_DECODE_BAD_LENGTH);
    }
}

/* Reserved bits are ignored: nothing of them is in what is decoded. */
static void
test_reserved (void)
{
  static const Change flood = { "", FLOOD_FULL, 16, 2, "ffff", DRT_DECODE_OK };
  static const Change inquire = { "", INQUIRE_BARE, 16, 2, "ffff", DRT_DECODE_OK };
  static const Change ack = { "", ACK_NOT_FOUND, 24, 2, "ffff", DRT_DECODE_OK };
  static const Change ack_none = { "", ACK_NOT_FOUND, 24, 2, "fffe", DRT_DECODE_OK };
  static const Change lookup = { "", LOOKUP_BARE, 16, 4, "ffff ffff", DRT_DECODE_OK };
  static const struct { const Change *change; guint flags; } cases[] = {
    { &flood, 0x0001 }, { &inquire, 0x001c }, { &ack, 0x0001 }, { &ack_none, 0 }, { &lookup, 0x0002 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GByteArray) bytes = changed (cases[i].change);
      DrtMessage message;
      guint flags;

      g_assert_cmpint (drt_message_decode (bytes->data, bytes->len, &message), ==, DRT_DECODE_OK);
      flags = message.type == DRT_MESSAGE_FLOOD ? message.flood.flags
              : message.type == DRT_MESSAGE_INQUIRE ? message.inquire.flags
              : message.type == DRT_MESSAGE_ACK ? message.ack.flags
              : message.lookup.flags;
      g_assert_cmphex (flags, ==, cases[i].flags);
      if (message.type == DRT_MESSAGE_LOOKUP)
        g_assert_cmpuint (message.lookup.precision, ==, 0);
    }
}

static void
test_authority_buffer (void)
{
  static const Change changes[] = {
    { "nothing", BUFFER_FLAGS, 0, TO_THE_END, "", DRT_DECODE_MISSING_FIELD },
    { "half a head", BUFFER_FLAGS, 3, TO_THE_END, "", DRT_DECODE_TRUNCATED },
    { "flags unpadded", BUFFER_FLAGS, 6, 2, "", DRT_DECODE_OK },
    { "all flags", BUFFER_FLAGS, 4, 4, "ffffffff", DRT_DECODE_OK },
    { "no flags", BUFFER_FULL, 0, 8, "", DRT_DECODE_MISSING_FIELD },
    { "keytoken, clear forms", BUFFER_FULL, 16, 0, "009f 0004", DRT_DECODE_UNKNOWN_FIELD },
    { "sealed forms, no keytoken", BUFFER_SEALED, 8, 8, "", DRT_DECODE_UNKNOWN_FIELD },
    { "credential after keytoken", BUFFER_SEALED, 16, 0, "0080 0004", DRT_DECODE_UNKNOWN_FIELD },
    { "payload before classifier", BUFFER_FULL, 16, 0, "005a 0004", DRT_DECODE_UNKNOWN_FIELD },
    { "CPA before entry", BUFFER_FULL, 44, 0, "009b 0004", DRT_DECODE_UNKNOWN_FIELD },
    { "CPA padded", BUFFER_FULL, 111, 0, "00", DRT_DECODE_OK },
    { "something after the CPA", BUFFER_FULL, 111, 0, "0000 0000 00", DRT_DECODE_UNKNOWN_FIELD },
    { "classifier of bytes", BUFFER_FULL, 24, 2, "0080", DRT_DECODE_BAD_VALUE },
    { "classifier of single bytes", BUFFER_FULL, 26, 2, "0001", DRT_DECODE_BAD_LENGTH },
    { "classifier too short", BUFFER_FULL, 20, 2, "0002", DRT_DECODE_BAD_LENGTH },
    { "classifier of other ArrayLength", BUFFER_FULL, 22, 2, "0006", DRT_DECODE_BAD_LENGTH },
    { "classifier without array", BUFFER_FULL, 16, 20, "0085 0004", DRT_DECODE_BAD_LENGTH },
    { "empty classifier", BUFFER_FULL, 16, 20, "0085 000c 0000 0008 0084 0002", DRT_DECODE_OK },
    { "credential past the end", BUFFER_FULL, 10, 2, "ffff", DRT_DECODE_TRUNCATED },
    { "entry's port 1023", BUFFER_FULL, 82, 2, "03ff", DRT_DECODE_BAD_VALUE },
    { "no address", BUFFER_FULL, 85, 1, "00", DRT_DECODE_BAD_VALUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr(GByteArray) bytes = changed (&changes[i]);
      g_autofree guint8 *exact = wire_exact_copy (bytes->data, bytes->len);
      DrtAuthorityBuffer buffer;
      DrtDecodeResult result = drt_authority_buffer_decode (exact, bytes->len, &buffer);

      if (result != changes[i].expected)
        g_error ("%s: %s instead of %s", changes[i].what, drt_decode_result_to_string (result),
                 drt_decode_result_to_string (changes[i].expected));
      if (strcmp (changes[i].what, "all flags") == 0)
        g_assert_cmphex (buffer.flags, ==, 0x0209);
    }
}

/* Nothing larger than a UDP datagram is a message, and nothing at all is none. */
static void
test_sizes (void)
{
  g_autofree guint8 *bytes = g_malloc0 (DRT_MESSAGE_MAX + 1);
  g_autoptr(GByteArray) head = wire_bytes (HEADER ("03"));
  DrtAuthorityBuffer buffer;
  DrtRequestBody body;
  DrtWireEndpoints list;
  DrtWireEntry entry;
  DrtMessage message;

  memcpy (bytes, head->data, head->len);
  g_assert_cmpint (drt_message_decode (bytes, DRT_MESSAGE_MAX + 1, &message), ==, DRT_DECODE_BAD_LENGTH);
  g_assert_cmpint (drt_message_decode (bytes, DRT_MESSAGE_MAX, &message), ==, DRT_DECODE_MISSING_FIELD);
  g_assert_cmpint (drt_message_decode (NULL, 0, &message), ==, DRT_DECODE_TRUNCATED);
  g_assert_cmpint (drt_authority_buffer_decode (NULL, 0, &buffer), ==, DRT_DECODE_MISSING_FIELD);
  g_assert_cmpint (drt_request_body_decode (NULL, 0, &body), ==, DRT_DECODE_MISSING_FIELD);
  g_assert_cmpint (drt_wire_entry_decode (NULL, 0, &entry), ==, DRT_DECODE_BAD_LENGTH);
  g_assert_cmpint (drt_wire_endpoints_decode (NULL, 0, 0, &list), ==, DRT_DECODE_BAD_LENGTH);
}

/* A full fragment where only a few bytes are missing. */
static void
test_fragment_beyond (void)
{
  guint8 bytes[28 + DRT_FRAGMENT_SIZE] = { 0, };
  g_autoptr(GByteArray) authority = wire_bytes (AUTHORITY_LAST);
  g_autoptr(GByteArray) request = wire_bytes (REQUEST_FRAGMENT);
  DrtMessage message;

  memcpy (bytes, authority->data, authority->len);
  g_assert_cmpint (drt_message_decode (bytes, sizeof bytes, &message), ==, DRT_DECODE_BAD_LENGTH);
  memcpy (bytes, request->data, request->len);
  g_assert_cmpint (drt_message_decode (bytes, sizeof bytes, &message), ==, DRT_DECODE_BAD_LENGTH);
}

static void
test_names (void)
{
  g_assert_cmpstr (drt_message_type_to_string (DRT_MESSAGE_LOOKUP), ==, "LOOKUP");
  g_assert_cmpstr (drt_message_type_to_string (0x05), ==, "unknown");
  for (guint i = 0; i < DRT_DECODE_N_RESULTS; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpstr (drt_decode_result_to_string (i), !=, drt_decode_result_to_string (j));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message/error/header", test_header);
  g_test_add_func ("/message/error/fields", test_fields);
  g_test_add_func ("/message/error/entry", test_entry);
  g_test_add_func ("/message/error/keys", test_keys);
  g_test_add_func ("/message/error/solicit", test_solicit);
  g_test_add_func ("/message/error/request", test_request);
  g_test_add_func ("/message/error/flood", test_flood);
  g_test_add_func ("/message/error/inquire", test_inquire);
  g_test_add_func ("/message/error/authority", test_authority);
  g_test_add_func ("/message/error/authority-longest", test_authority_longest);
  g_test_add_func ("/message/error/fragment-beyond", test_fragment_beyond);
  g_test_add_func ("/message/error/lookup", test_lookup);
  g_test_add_func ("/message/error/longest-path", test_longest_path);
  g_test_add_func ("/message/error/reserved", test_reserved);
  g_test_add_func ("/message/error/authority-buffer", test_authority_buffer);
  g_test_add_func ("/message/error/sizes", test_sizes);
  g_test_add_func ("/message/error/names", test_names);

  return g_test_run ();
}
