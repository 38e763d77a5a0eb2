#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Wireshark dissector against the hand-made vectors, the codec and hostile bytes.

test-dissector.py DISSECTOR WIRE-ORACLE DRT
"""

import hashlib
import pathlib
import random
import struct
import subprocess
import sys

import expected
from tshark import ERRORS, Shark, check, check_equal, packet, uncovered, unreachable, verdicts, write_pcap
from tap import main, note

DISSECTOR, ORACLE = sys.argv[1:3]
ALL_DRT = ("-d", "udp.port==4000,drt")
N_MUTATIONS = 6000
SEED = 20
FRAGMENT = 1188

CONTAINERS = {"drt.header", "drt.field", "drt.endpoint", "drt.buffer", "drt.body", "drt.public_key", "drt.key"}


def message(number, fields, identifier=0xa1b2c3d4):
    return bytes.fromhex("0010000c510102") + bytes([number]) + struct.pack(">I", identifier) + fields


def authority(size, offset, fragment, identifier=0xa1b2c3d4, acked=0x0badcafe):
    return message(0x08, bytes.fromhex("00180008") + struct.pack(">I", acked)
                   + bytes.fromhex("00980008") + struct.pack(">HH", size, offset) + fragment, identifier)


def field(number, data):
    return struct.pack(">HH", number, 4 + len(data)) + data + bytes(-len(data) % 4)


def listing(tree):
    """Names and values of what is shown, in order."""
    found = []
    for element in tree.iter("field"):
        name = element.get("name")
        if name.startswith("drt.") and not name.startswith("drt.expert") and name not in CONTAINERS:
            found.append((name.removeprefix("drt."), element.get("show")))
    return found


def check_listing(tree, wanted, what):
    found = listing(tree)
    for number, (one, other) in enumerate(zip(found, wanted)):
        check_equal(one, other, f"{what}, field {number}")
    check_equal(len(found), len(wanted), f"{what}: number of fields")
    check_equal(uncovered(tree), [], f"{what}: bytes that no field shows")


def shows_vectors(shark):
    lines = subprocess.run([ORACLE, "vectors"], capture_output=True, text=True, check=True).stdout.splitlines()
    shark.vectors = {name: bytes.fromhex(text) for name, text in (line.split(" ", 1) for line in lines)}
    check_equal(set(shark.vectors), {*expected.MESSAGES, *expected.BUFFERS}, "vectors")
    names = list(shark.vectors)
    whole = [shark.vectors[name] if name in expected.MESSAGES
             else authority(len(shark.vectors[name]), 0, shark.vectors[name]) for name in names]
    # Each from an address of its own: none answers another, none goes with another's fragments
    capture = write_pcap(shark.directory / "vectors.pcap",
                         [packet(data, (0, 5000 + number)) for number, data in enumerate(whole)])
    trees = shark.trees(capture)
    for name, data, tree in zip(names, whole, trees):
        check(tree is not None, f"{name} is found to be DRT")
        if name in expected.MESSAGES:
            wanted = expected.MESSAGES[name]
        else:
            wanted = [*expected.header("0x08"), *expected.ACKED, *expected.split(len(shark.vectors[name]), 0),
                      *expected.BUFFERS[name]]
        check_listing(tree, wanted, name)
    check_equal(shark.fields(capture, "_ws.expert.message"), [[[]]] * len(names), "expert infos")
    shark.whole = whole


def names_everything(shark):
    """A line for each message, the key as people write it."""
    lines = shark.run(shark.directory / "vectors.pcap", "-T", "fields", "-e", "_ws.col.info").splitlines()
    for number, line in ((0, "SOLICIT no key"),
                         (1, "SOLICIT key 1f1e1d1c1b1a… at [2001:db8::1]:8080"),
                         (3, "ADVERTISE 2 keys"),
                         (7, "FLOOD revoke sealed, entry 1f1e1d1c1b1a… at [2001:db8::1]:8080, to 3f3e3d3c3b3a…, no ACK wanted"),
                         (15, "ACK not my key"),
                         (16, "LOOKUP key 1f1e1d1c1b1a…, nearest, application, of 3f3e3d3c3b3a…, 1 on the path")):
        check_equal(lines[number], line, f"information on packet {number + 1}")
    for text, count in (("drt.type == 4", 5), (f'drt.key == "{expected.KEY_2}"', 11), ("drt.flags.n == 1", 3),
                        ("drt.lookup.criteria == 8", 1), ("drt.endpoint.port == 8082", 1), ("drt.id == 0xa1b2c3d4", 25)):
        found = shark.run(shark.directory / "vectors.pcap", "-Y", text).count("\n")
        check_equal(found, count, f"packets with {text}")


def puts_fragments_together(shark):
    payload = bytes(range(256)) * 20
    buffer = field(0x0040, b"\0\0") + field(0x005a, payload)
    pieces = [(offset, buffer[offset:offset + FRAGMENT]) for offset in range(0, len(buffer), FRAGMENT)]
    check_equal(len(pieces), 5, "fragments")
    other = bytes.fromhex("00980008") + struct.pack(">HH", len(buffer) - 4, FRAGMENT)
    inquire = shark.vectors["INQUIRE_FULL"]

    def fragments(order, source, start, identifier):
        return [(start + number / 1000, packet(authority(len(buffer), pieces[i][0], pieces[i][1], identifier, 0xa1b2c3d4), source))
                for number, i in enumerate(order)]

    packets = [
        (0.0, packet(inquire, (1, 4000), (0, 5000))),
        *fragments([3, 0, 4, 1, 2], (0, 5000), 0.01, 1),           # packets 2 to 6: in any order
        *fragments([0, 1, 1, 3, 4], (0, 5001), 0.1, 1),            # 7 to 11: one twice, one lost
        *fragments([2], (2, 5001), 0.2, 1),                        # 12: the lost one, but from somebody else
        *fragments([0, 1, 2, 3], (0, 5002), 0.3, 1),               # 13 to 16
        *fragments([4], (0, 5002), 1.5, 1),                        # 17: later than a second
        *fragments([0, 1], (0, 5003), 1.6, 1),                     # 18, 19
        (1.7, packet(message(0x08, bytes.fromhex("001800080badcafe") + other + pieces[1][1], 1), (0, 5003))),  # 20: another size
        *fragments([2, 3, 4], (0, 5003), 1.8, 1),                  # 21 to 23
    ]
    capture = write_pcap(shark.directory / "fragments.pcap", packets)
    rows = shark.fields(capture, "drt.reassembled_in", "drt.reassembled_size", "drt.payload", "drt.expert.bad_fragment",
                        "drt.answered_in", "drt.answer_to", "drt.time")
    check_equal([number for number, row in enumerate(rows, 1) if row[1]], [6], "packets where one is complete")
    check_equal(rows[5][1], [str(len(buffer))], "size put together")
    check_equal(rows[5][2], [payload.hex()], "payload put together")
    check_equal([row[0] for row in rows[1:5]], [["6"]] * 4, "where the others point to")
    check_equal([number for number, row in enumerate(rows, 1) if row[3]], [20], "packets that do not fit")
    check_equal(rows[0][4], ["2"], "where the INQUIRE is answered")
    check_equal([row[5] for row in rows[1:6]], [["1"]] * 5, "what the fragments answer")
    check_equal(rows[1][6], ["0.010000000"], "time of the answer")
    check_equal([error for _, errors in verdicts(shark, capture) for error in errors], [], "errors")
    tree = shark.trees(capture)[5]
    check_equal(listing(tree)[-4:-2], [("field.length", "5124"), ("payload", ":".join(f"{byte:02x}" for byte in payload))],
                "end of the buffer")


def puts_requests_together(shark):
    """A REQUEST for so many keys that it comes in two."""
    keys = [bytes([number]) * 32 for number in range(40)]
    body = (bytes.fromhex("00930014") + bytes(16) + field(0x0060, struct.pack(">HHHH", 40, 8 + 40 * 32, 0x30, 32) + b"".join(keys))
            + bytes.fromhex("0080000400a5000400a60004"))

    def fragment(offset):
        return message(0x03, field(0x0040, b"\0\0") + bytes.fromhex("00980008") + struct.pack(">HH", len(body), offset)
                       + body[offset:offset + FRAGMENT])

    ack = message(0x09, bytes.fromhex("00180008a1b2c3d4"), 7)
    capture = write_pcap(shark.directory / "request.pcap",
                         [packet(fragment(0)), packet(fragment(FRAGMENT)), packet(ack, (1, 4000), (0, 5000))])
    rows = shark.fields(capture, "drt.reassembled_in", "drt.reassembled_size", "drt.id_array.key", "_ws.expert.message",
                        "drt.answer_to")
    check_equal(rows[0], [["2"], [], [], [], []], "the first fragment")
    check_equal(rows[1], [[], [str(len(body))], [key.hex() for key in keys], [], []], "the second fragment")
    check_equal(rows[2][4], ["2"], "what is acknowledged")


def follows_requests(shark):
    """Who answers what, and what is sent again."""
    flood = shark.vectors["FLOOD_ENTRY"]
    ack = message(0x09, bytes.fromhex("00180008a1b2c3d4"), 7)
    lookup, whole = shark.vectors["LOOKUP_BARE"], authority(8, 0, field(0x0040, b"\0\1"), 8, 0xa1b2c3d4)
    here, there, elsewhere = (0, 5000), (1, 4000), (2, 4000)
    lost = packet(flood, here, elsewhere)
    capture = write_pcap(shark.directory / "requests.pcap", [
        (0.0, packet(flood, here, there)),
        (0.5, packet(ack, elsewhere, here)),      # to a request of nobody's
        (1.0, packet(flood, here, there)),
        (1.25, packet(ack, there, here)),
        (2.0, packet(lookup, there, here)),
        (2.125, packet(whole, here, there)),
        (3.0, lost),
        (3.1, unreachable(lost, elsewhere, here)),   # it comes back, and is not sent again
        (99.0, packet(flood, here, there)),       # so much later the same number is another request
    ])
    rows = shark.fields(capture, "drt.answered_in", "drt.answer_to", "drt.time", "drt.retransmission_of",
                        "drt.expert.retransmission")
    check_equal([row[:4] for row in rows], [
        [["4"], [], [], []],
        [[], [], [], []],
        [["4"], [], [], ["1"]],
        [[], ["3"], ["0.250000000"], []],
        [["6"], [], [], []],
        [[], ["5"], ["0.125000000"], []],
        [[], [], [], []],
        [[], [], [], []],
        [[], [], [], []],
    ], "requests and answers")
    check_equal([bool(row[4]) for row in rows].count(True), 1, "retransmissions")
    check_equal(verdicts(shark, capture)[7], ("ipv6:icmpv6:ipv6:udp:drt", []), "what comes back")


def der(tag, data):
    length = bytes([len(data)]) if len(data) < 128 else bytes([0x81, len(data)])
    return bytes([tag]) + length + data


def knows_derived_keys(shark):
    """Profile 1.0 of §2.2.3.1: a CPA, a signature, a key identifier, and a keytoken in the clear."""
    rsa = der(0x30, der(0x02, b"\0" + bytes([0xc1]) * 128) + der(0x02, b"\1\0\1"))
    check_equal(len(rsa), 140, "an RSAPublicKey of 1024 bits")
    public_key = bytes([20]) + struct.pack("<HH", 2, 140) + b"\0" + b"1.2.840.113549.1.1.1" + b"\5\0" + rsa
    key = hashlib.sha256(rsa).digest()
    signature = struct.pack("<H", 130) + bytes(range(128))
    address = bytes.fromhex("20010db8000000000000000000000001")
    cpa = (b"\0" + signature + bytes([6, 101, 1, 0]) + struct.pack("<H", 32) + key + struct.pack("<H", 16) + bytes(16)
           + public_key + struct.pack("<HH", 1, 18) + struct.pack(">H", 8080) + address)
    keytoken = struct.pack("<H", 16) + bytes(6) + b"\xaa" * 16 + bytes.fromhex("4b44424d0100000020000000") + b"\xbb" * 32
    buffer = field(0x0040, b"\0\0") + field(0x009b, cpa)
    sealed = field(0x0040, b"\0\0") + field(0x009f, keytoken) + field(0x00a4, b"sealed")
    inquire = message(0x07, field(0x0040, b"\0\x10") + field(0x0039, bytes(32)) + field(0x0093, bytes(16))
                      + field(0x0080, b"x") + field(0x00a5, signature) + field(0x00a6, public_key))
    capture = write_pcap(shark.directory / "derived.pcap", [
        packet(authority(len(buffer), 0, buffer)), packet(inquire), packet(authority(len(sealed), 0, sealed))])
    shark.derived = [authority(len(buffer), 0, buffer), inquire, authority(len(sealed), 0, sealed)]
    whole, proof, token = map(listing, shark.trees(capture))
    shown_signature = ":".join(f"{byte:02x}" for byte in range(128))
    shown_key = [("public_key.sizes", "14:02:00:8c:00:00"), ("public_key.algorithm", "1.2.840.113549.1.1.1"),
                 ("public_key.parameters", "05:00"), ("public_key.data", ":".join(f"{byte:02x}" for byte in rsa))]
    check_equal(whole[whole.index(("cpa.flags", "0x00")):], [
        ("cpa.flags", "0x00"), ("cpa.flags.revoked", "False"),
        ("signature.length", "130"), ("signature", shown_signature),
        ("cpa.major", "6"), ("cpa.minor", "101"), ("cpa.profile.major", "1"), ("cpa.profile.minor", "0"),
        ("cpa.key_length", "32"), ("cpa.key", key[::-1].hex()),
        ("cpa.nonce_length", "16"), ("cpa.nonce", ":".join(["00"] * 16)), *shown_key,
        ("cpa.count", "1"), ("cpa.entry_size", "18"), ("endpoint.port", "8080"), ("endpoint.address", "2001:db8::1"),
        *([("padding", ":".join(["00"] * (-len(cpa) % 4)))] if len(cpa) % 4 else []),
    ], "CPA")
    check(("signature.length", "130") in proof and ("signature", shown_signature) in proof, f"the signature: {proof}")
    check([item for item in proof if item[0].startswith("public_key")] == shown_key, f"the key identifier: {proof}")
    check_equal(token[token.index(("keytoken.iv_length", "16")):][:5], [
        ("keytoken.iv_length", "16"), ("padding", "00:00:00:00:00:00"), ("keytoken.iv", ":".join(["aa"] * 16)),
        ("keytoken.constant", "4b:44:42:4d:01:00:00:00:20:00:00:00"), ("keytoken.key", ":".join(["bb"] * 32))], "keytoken")
    check(("encrypted", "73:65:61:6c:65:64") in token, f"what the keytoken seals: {token}")


def leaves_others_alone(shark):
    """Only what looks like DRT is taken for it; a port can be told."""
    dns = bytes.fromhex("1234010000010000000000000377777707657861 6d706c6503636f6d00001c0001".replace(" ", ""))
    vector = shark.vectors["LOOKUP_FULL"]
    strangers = [dns, b"", b"\0", vector[:11], b"\1" + vector[1:], vector[:4] + b"\x52" + vector[5:],
                 vector[:7] + b"\x05" + vector[8:], vector[:14] + b"\0\3" + vector[16:], vector[:14] + b"\xff\0" + vector[16:],
                 vector[:12] + b"\0\x40" + vector[14:]]
    capture = write_pcap(shark.directory / "strangers.pcap",
                         [packet(data, (0, 5000 + i), (1, 6000 + i)) for i, data in enumerate(strangers)])
    for number, (protocols, _) in enumerate(verdicts(shark, capture)):
        check("drt" not in protocols, f"stranger {number} is not DRT: {protocols}")
    # Between two that spoke DRT everything is, also what is malformed
    capture = write_pcap(shark.directory / "known.pcap", [packet(data) for data in (vector, vector[:40], vector)])
    check_equal([(protocols.endswith(":drt"), errors) for protocols, errors in verdicts(shark, capture)],
                [(True, []), (True, ["truncated"]), (True, [])], "a conversation")
    capture = write_pcap(shark.directory / "port.pcap", [packet(b"garbage", (0, 5000), (1, 4321))])
    for options in (("-d", "udp.port==4321,drt"), ("-o", "drt.ports:4000,4300-4400")):
        check_equal(verdicts(shark, capture, *options), [("ipv6:udp:drt", ["truncated"])], f"with {options}")


def takes_cut_captures(shark):
    """A snapshot length is no fault of the message's."""
    for limit in (52, 60, 61, 100, 130, 250):
        capture = write_pcap(shark.directory / "cut.pcap",
                             [packet(data, (0, 5000 + number)) for number, data in enumerate(shark.whole)], limit)
        for number, (_, errors) in enumerate(verdicts(shark, capture, *ALL_DRT)):
            check_equal([error for error in errors if limit >= 60 or error != "truncated"], [],
                        f"errors of packet {number + 1} cut to {limit} bytes")


# ---- Against the codec --------------------------------------------------------

def mutate(chance, data, others):
    """One to four changes of the kind that find mistakes."""
    data = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        kind = chance.randrange(8)
        place = chance.randrange(len(data) + 1)
        word = min(place & ~1, max(0, len(data) - 2))
        if kind == 0:
            data[place:place + 1] = bytes([chance.randrange(256)])
        elif kind == 1 and data:
            data[min(place, len(data) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del data[place:]
        elif kind == 3:
            del data[place:place + chance.choice((1, 2, 4, 8, 36))]
        elif kind == 4:
            data[place:place] = chance.randbytes(chance.choice((1, 2, 4, 8, 36)))
        elif kind == 5:
            data[word:word + 2] = chance.choice((b"\0\0", b"\0\1", b"\0\3", b"\0\4", b"\xff\xff", b"\x7f\xff", b"\x91\xe4", b"\x91\xe5"))
        elif kind == 6:
            data[word:word + 2] = struct.pack(">H", chance.choice((0x18, 0x30, 0x39, 0x40, 0x43, 0x44, 0x45, 0x5a, 0x60, 0x80, 0x85, 0x92,
                                                                  0x93, 0x98, 0x9a, 0x9b, 0x9c, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2, 0xa5, 0xa6)))
        else:
            other = chance.choice(others)
            data[place & ~3:] = other[chance.randrange(len(other)) & ~3:]
    return bytes(data)


def agrees_with_codec(shark):
    chance = random.Random(SEED)
    whole = shark.whole + shark.derived
    datagrams = [mutate(chance, chance.choice(whole), whole) for _ in range(N_MUTATIONS)]
    datagrams += [chance.randbytes(chance.randrange(200)) for _ in range(200)]
    datagrams += [data[:length] for data in whole for length in range(len(data))]
    # The same sealed field twice, by both of its ids
    sealed = shark.vectors["FLOOD_SEALED"]
    datagrams += [sealed[:80] + field(number, b"x") + sealed[80:] for number in (0x009a, 0x009c, 0x00a1, 0x00a2)]
    datagrams = [data for data in datagrams if data]   # no dissector is asked about an empty one
    answers = subprocess.run([ORACLE], input="".join(data.hex() + "\n" for data in datagrams), capture_output=True, text=True,
                             check=True).stdout.splitlines()
    check_equal(len(answers), len(datagrams), "answers of the codec")
    # No two of the same sender: fragments stay apart
    packets = [packet(data, (number % 2, 1024 + number // 2 % 60000), (2, 4000)) for number, data in enumerate(datagrams)]
    capture = write_pcap(shark.directory / "mutations.pcap", packets)
    shown = verdicts(shark, capture, *ALL_DRT)
    check_equal(len(shown), len(datagrams), "packets shown")

    counts = dict.fromkeys(("ok", *ERRORS), 0)
    for data, answer, (protocols, errors) in zip(datagrams, answers, shown):
        outer, inner = (result.replace("-", "_") for result in answer.split())
        wanted = [result for result in (outer, inner) if result != "ok"]
        check(protocols == "ipv6:udp:drt", f"{data.hex()} is shown as {protocols}")
        check_equal(errors, wanted, f"errors of {data.hex()}")
        counts[wanted[0] if wanted else "ok"] += 1
    note(", ".join(f"{name}: {count}" for name, count in counts.items()))
    check(min(counts.values()) > 20, f"each verdict is there: {counts}")


def shows_all_bytes(shark):
    """Also of what is malformed every byte is in some field."""
    capture = shark.directory / "mutations.pcap"
    number = 0
    for tree in shark.trees(capture, *ALL_DRT, "-Y", "frame.number % 9 == 0"):
        number += 1
        check(tree is not None, f"packet {9 * number} is DRT")
        missing = uncovered(tree, undecoded=True)
        check_equal(missing, [], f"bytes of packet {9 * number} that no field shows")
    check(number > 600, f"{number} were looked at")


sys.exit(main([
    ("hand-made vectors, field by field", shows_vectors),
    ("lines and filters", names_everything),
    ("fragments", puts_fragments_together),
    ("a REQUEST in fragments", puts_requests_together),
    ("requests and answers", follows_requests),
    ("derived key profile 1.0", knows_derived_keys),
    ("what is not DRT", leaves_others_alone),
    ("captures cut short", takes_cut_captures),
    ("mutated messages, against the codec", agrees_with_codec),
    ("every byte", shows_all_bytes),
], deadline=150, test=Shark(DISSECTOR)))
