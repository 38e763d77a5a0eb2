# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dissector has to say of each vector of tests/unit/wire-vectors.h, written
by hand from the layouts of [MC-DRT] §2.2: the fields in their order, as filters name
them, without "drt." in front."""

# A key is shown most significant byte first, and travels the other way round
KEY_1 = "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100"
KEY_2 = "3f3e3d3c3b3a393837363534333231302f2e2d2c2b2a29282726252423222120"
ADDRESS_1 = "2001:db8::1"
ADDRESS_2 = "fe80::200:ff:fe00:2"
NONCE = "80:81:82:83:84:85:86:87:88:89:8a:8b:8c:8d:8e:8f"
HASH = "c0:c1:c2:c3:c4:c5:c6:c7:c8:c9:ca:cb:cc:cd:ce:cf:d0:d1:d2:d3"


def field(number, length):
    return [("field.id", number), ("field.length", str(length))]


def header(message_type):
    return [*field("0x0010", 12), ("identifier", "0x51"), ("version.major", "1"), ("version.minor", "2"),
            ("type", message_type), ("id", "0xa1b2c3d4")]


def padding(size):
    return [("padding", ":".join(["00"] * size))]


def array(count, length, element, size):
    return [("array.count", str(count)), ("array.length", str(length)), ("array.type", element),
            ("array.entry_length", str(size))]


def endpoint(port, address):
    return [("endpoint.port", str(port)), ("endpoint.address", address)]


def validate(key):
    return [*field("0x0039", 36), ("validate_key", key)]


ACKED = [*field("0x0018", 8), ("acked", "0x0badcafe")]
HASHED = [*field("0x0092", 24), ("hashed_nonce", HASH)]
NONCED = [*field("0x0093", 20), ("nonce", NONCE)]
ENTRY = [("entry.key", KEY_1), ("entry.major", "3"), ("entry.minor", "4"), ("entry.port", "8080"), ("entry.flags", "0x00")]
ENTRY_1 = [*field("0x009a", 58), *ENTRY, ("entry.count", "1"), ("entry.address", ADDRESS_1), *padding(2)]
ENTRY_2 = [*field("0x009a", 74), *ENTRY, ("entry.count", "2"), ("entry.address", ADDRESS_1), ("entry.address", ADDRESS_2),
           *padding(2)]
TARGET = [*field("0x0038", 36), ("target_key", KEY_1)]
PROOF = [*field("0x0080", 9), ("credential", "63:65:72:74:21"), *padding(3),
         *field("0x00a5", 6), ("signature", "73:69"), *padding(2),
         *field("0x00a6", 7), ("key_identifier", "6b:69:64")]
BODY = [*NONCED, *field("0x0060", 44), *array(1, 40, "0x0030", 32), ("id_array.key", KEY_2)]
NO_FLAGS = [*field("0x0040", 6), ("flags", "0x0000"), *padding(2)]


def inquire_flags(value, a, x, c):
    return [*field("0x0040", 6), ("flags", value), ("flags.a", a), ("flags.x", x), ("flags.c", c), *padding(2)]


def buffer_flags(value, l, b, n):
    return [*field("0x0040", 6), ("flags", value), ("flags.l", l), ("flags.b", b), ("flags.n", n), *padding(2)]


def split(size, offset):
    return [*field("0x0098", 8), ("split.size", str(size)), ("split.offset", str(offset))]


def flood(flags, d):
    return [*field("0x0043", 7), ("flood.flags", flags), ("flood.flags.d", d), ("flood.reserved", "0x00"), *padding(1)]


def lookup(flags, a, precision, criteria, reason):
    return [*field("0x0045", 12), ("lookup.flags", flags), ("lookup.flags.a", a), ("lookup.precision", precision),
            ("lookup.criteria", criteria), ("lookup.reason", reason), ("lookup.reserved", "0x0000")]


MESSAGES = {
    "SOLICIT_BARE": [*header("0x01"), *HASHED],
    "SOLICIT_ENTRY": [*header("0x01"), *ENTRY_1, *HASHED],
    "SOLICIT_MEMBER": [*header("0x01"), *ENTRY_1, *HASHED, *PROOF],
    "ADVERTISE_EMPTY": [*header("0x02"), *ACKED, *field("0x0060", 12), *array(0, 8, "0x0030", 32), *HASHED],
    "ADVERTISE_TWO": [*header("0x02"), *ACKED, *field("0x0060", 76), *array(2, 72, "0x0030", 32),
                      ("id_array.key", KEY_1), ("id_array.key", KEY_2), *HASHED],
    "REQUEST_RESOLVE": [*header("0x03"), *BODY],
    "REQUEST_MEMBER": [*header("0x03"), *NO_FLAGS, *split(91, 0), *BODY, *PROOF],
    "REQUEST_FRAGMENT": [*header("0x03"), *NO_FLAGS, *split(1191, 1188), ("fragment", "f1:f2:f3")],
    "FLOOD_FULL": [*header("0x04"), *flood("0x0001", "True"), *validate(KEY_2),
                   *field("0x009c", 9), ("cpa", "de:ad:be:ef:55"), *padding(3), *ENTRY_2,
                   *field("0x009e", 30), *array(1, 26, "0x009d", 18), *endpoint(8081, ADDRESS_2)],
    "FLOOD_ENTRY": [*header("0x04"), *flood("0x0000", "False"), *validate(KEY_2), *ENTRY_1],
    "FLOOD_MEMBER": [*header("0x04"), *flood("0x0000", "False"), *validate(KEY_2), *ENTRY_1, *PROOF],
    "FLOOD_SEALED_MEMBER": [*header("0x04"), *flood("0x0000", "False"), *validate(KEY_2),
                            *field("0x009f", 7), ("keytoken", "01:02:03"), *padding(1),
                            *field("0x00a2", 5), ("encrypted", "aa"), *padding(3),
                            *field("0x009a", 8), ("encrypted", "11:22:33:44"),
                            *field("0x00a0", 6), ("encrypted", "55:66"), *padding(2), *PROOF],
    "FLOOD_SEALED": [*header("0x04"), *flood("0x0000", "False"), *validate(KEY_2),
                     *field("0x009f", 7), ("keytoken", "01:02:03"), *padding(1),
                     *field("0x00a2", 5), ("encrypted", "aa"), *padding(3),
                     *field("0x009a", 8), ("encrypted", "11:22:33:44"),
                     *field("0x00a0", 6), ("encrypted", "55:66")],
    "INQUIRE_BARE": [*header("0x07"), *inquire_flags("0x0008", "False", "True", "False"), *validate(KEY_1)],
    "INQUIRE_FULL": [*header("0x07"), *inquire_flags("0x001c", "True", "True", "True"), *validate(KEY_1), *NONCED, *PROOF],
    "AUTHORITY_WHOLE": [*header("0x08"), *ACKED, *split(8, 0), *buffer_flags("0x0001", "False", "False", "True")],
    "AUTHORITY_LAST": [*header("0x08"), *ACKED, *split(1191, 1188), ("fragment", "f1:f2:f3")],
    "ACK_PLAIN": [*header("0x09"), *ACKED],
    "ACK_NOT_FOUND": [*header("0x09"), *ACKED, *field("0x0040", 6), ("flags", "0x0001"), ("flags.n", "True")],
    "LOOKUP_BARE": [*header("0x0b"), *lookup("0x0000", "False", "0", "0x02", "0"), *TARGET, *validate(KEY_2),
                    *field("0x009e", 30), *array(1, 26, "0x009d", 18), *endpoint(8081, ADDRESS_1)],
    "LOOKUP_FULL": [*header("0x0b"), *lookup("0x0002", "True", "128", "0x08", "2"), *TARGET, *validate(KEY_2), *ENTRY_1,
                    *field("0x009e", 66), *array(3, 62, "0x009d", 18), *endpoint(8081, ADDRESS_1),
                    *endpoint(8082, ADDRESS_2), *endpoint(65535, ADDRESS_1), *padding(2), *PROOF],
    "LOOKUP_SEALED": [*header("0x0b"), *lookup("0x0000", "False", "0", "0x00", "3"), *TARGET, *validate(KEY_2),
                      *field("0x009f", 5), ("keytoken", "77"), *padding(3),
                      *field("0x00a1", 6), ("encrypted", "88:99"), *padding(2),
                      *field("0x00a0", 7), ("encrypted", "aa:bb:cc"), *padding(1), *PROOF],
}

BUFFERS = {
    "BUFFER_FLAGS": buffer_flags("0x0001", "False", "False", "True"),
    "BUFFER_FULL": [*buffer_flags("0x0208", "True", "True", "False"),
                    *field("0x0080", 7), ("credential", "61:62:63"), *padding(1),
                    *field("0x0085", 18), *array(3, 14, "0x0084", 2), ("classifier", "Hiü"), *padding(2),
                    *field("0x005a", 6), ("payload", "6f:6b"), ("payload.text", "ok"), *padding(2), *ENTRY_1,
                    *field("0x009b", 7), ("cpa", "01:02:03")],
    "BUFFER_SEALED": [*buffer_flags("0x0000", "False", "False", "False"),
                      *field("0x009f", 5), ("keytoken", "77"), *padding(3),
                      *field("0x00a3", 6), ("encrypted", "01:02"), *padding(2),
                      *field("0x00a4", 4),
                      *field("0x00a1", 7), ("encrypted", "07:08:09"), *padding(1),
                      *field("0x00a2", 8), ("encrypted", "0a:0b:0c:0d")],
}
