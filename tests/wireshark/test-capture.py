#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What drt captures of a mesh, dissected: all of it, and as the nodes counted it.

test-capture.py DISSECTOR WIRE-ORACLE DRT
"""

import collections
import json
import random
import signal
import socket
import struct
import subprocess
import sys
import time

from tshark import DRT as DRT_TREE, ERRORS, Shark, check, check_equal, uncovered
from tap import main, note

DISSECTOR, ORACLE, DRT = sys.argv[1:4]
TYPES = (0x01, 0x02, 0x03, 0x04, 0x07, 0x08, 0x09, 0x0b)
PAYLOAD = "".join(chr(ord("a") + number % 26) for number in range(5120))
N_HOSTILE = 400


class Drt:
    """drt in the background, told about in JSON."""

    def __init__(self, shark, *arguments):
        self.process = subprocess.Popen([DRT, *arguments, "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        shark.closers.append(self.kill)

    def wait(self, event, condition=lambda _: True):
        """The next line of this kind for which condition is true."""
        for line in self.process.stdout:
            fact = json.loads(line)
            if fact["event"] == event and condition(fact):
                return fact
        raise AssertionError(f"drt ended before it said {event}")

    def leave(self):
        self.process.send_signal(signal.SIGINT)
        messages = self.wait("messages")
        self.process.stdout.read()
        check_equal(self.process.wait(), 0, "exit status of drt")
        return messages

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def search(shark, mode, bootstrap, capture):
    done = subprocess.run([DRT, "search", "text:big", "--mode", mode, "--provider", "null", "--bootstrap", bootstrap, "--capture", capture, "--json"],
                          capture_output=True, text=True, check=False, timeout=60)
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    check_equal(done.returncode, 0, f"exit status of the search ({done.stderr})")
    check_equal([fact["payload"] for fact in facts if fact["event"] == "result"], [PAYLOAD], "what it found")
    return [fact for fact in facts if fact["event"] == "hop"]


def check_whole(shark, capture, what):
    """Every datagram is DRT, without an error, and no byte of it is left out."""
    packets = shark.packets(capture, "-o", "udp.check_checksum:TRUE")
    check(len(packets) > 20, f"{what}: {len(packets)} packets")
    experts = collections.Counter()
    for number, packet in enumerate(packets, 1):
        tree = packet.find(DRT_TREE)
        check(tree is not None, f"{what}: packet {number} is DRT")
        check_equal(uncovered(tree), [], f"{what}: bytes of packet {number} that no field shows")
        experts.update(field.get("show") for field in packet.iter("field") if field.get("name") == "_ws.expert.message")
    # The revokes of a closing node go twice
    check(set(experts) <= {"Sent again"}, f"{what}: expert infos {experts}")


def check_counts(shark, capture, messages):
    """By type and direction as the node itself counted, up to when it was asked."""
    rows = shark.fields(capture, "frame.packet_flags_direction", "drt.type", "frame.time_epoch")
    rows = rows[:messages["captured"]]
    for direction, name in (("0x00000001", "in_by_type"), ("0x00000002", "out_by_type")):
        found = collections.Counter(int(row[1][0], 16) for row in rows if row[0] == [direction])
        check_equal([found[number] for number in range(12)], messages[name], name)
    times = [float(row[2][0]) for row in rows]
    check_equal(times, sorted(times), "the order of time")
    check_equal(len(rows), messages["in"] + messages["out"], "messages")


def check_payload(shark, capture, what):
    rows = shark.fields(capture, "drt.payload", "drt.reassembled_size", "drt.split.size")
    found = [row for row in rows if PAYLOAD.encode().hex() in row[0]]
    check(found, f"{what}: the payload is there")
    for row in found:
        check_equal(row[1], row[2], f"{what}: size put together")


def mesh_is_captured(mode):
    def case(shark):
        files = {name: shark.directory / f"{mode}-{name}.pcapng" for name in ("mesh", "node", "search")}
        mesh = Drt(shark, "mesh", "--nodes", "6", "--mode", mode, "--provider", "null", "--capture", files["mesh"])
        endpoints = [mesh.wait("node")["endpoint"] for _ in range(6)]
        mesh.wait("ready")
        node = Drt(shark, "node", "--bootstrap", endpoints[0], "--register", f"text:big={PAYLOAD}", "--mode", mode, "--provider", "null",
                   "--capture", files["node"])
        port = node.wait("open")["port"]
        node.wait("announced")
        hops = search(shark, mode, endpoints[1], files["search"])
        # One that joins through the node: it has to answer a SOLICIT
        search(shark, mode, f"[::1]:{port}", shark.directory / "second.pcapng")
        messages = node.leave()
        mesh.process.send_signal(signal.SIGINT)
        mesh.process.stdout.read()
        check_equal(mesh.process.wait(), 0, "exit status of the mesh")

        for file in files.values():
            file.chmod(0o644)
        for name, file in files.items():
            check_whole(shark, file, name)
        check_counts(shark, files["node"], messages)
        for number in TYPES:
            check(messages["in_by_type"][number] + messages["out_by_type"][number] > 0, f"type {number} was seen by the node")
        check_payload(shark, files["node"], "node")
        check_payload(shark, files["search"], "search")
        asked = shark.fields(files["search"], "drt.answered_in", "drt.lookup.reason",
                             options=("-Y", "drt.type == 0x0b && drt.lookup.reason == 0"))
        check(len(asked) <= len(hops), f"{len(asked)} LOOKUPs for {len(hops)} hops")
        check(all(row[0] for row in asked), f"each LOOKUP is answered: {asked}")
        check_each_once(shark, files["mesh"])
        note(f"{messages['in']} in, {messages['out']} out")
    return case


def check_each_once(shark, capture):
    """In the file of many nodes no datagram stands twice."""
    rows = shark.fields(capture, "udp.srcport", "udp.dstport", "drt.id", "drt.type", "drt.split.offset", "frame.time_epoch")
    counts = collections.Counter(tuple(map(tuple, row)) for row in rows)
    twice = [row for row, count in counts.items() if count > 1]
    # Of a closing node the revokes go twice at the same time
    check_equal([row for row in twice if row[3] != ("0x04",)], [], "datagrams that stand twice")


def hostile_ones_are_marked(shark):
    """What the node drops as malformed is an error here, and the other way round."""
    capture = shark.directory / "hostile.pcapng"
    node = Drt(shark, "node", "--scope", "loopback", "--register", "random", "--capture", capture)
    port = node.wait("open")["port"]
    vectors = subprocess.run([ORACLE, "vectors"], capture_output=True, text=True, check=True).stdout.splitlines()
    vectors = [bytes.fromhex(line.split(" ", 1)[1]) for line in vectors if not line.startswith("BUFFER")]
    chance = random.Random(7)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sender:
        sender.connect(("::1", port))
        for number in range(N_HOSTILE):
            data = bytearray(chance.choice(vectors))
            data[5:7] = bytes([6, 101])
            for _ in range(chance.randrange(3)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            if chance.randrange(4) == 0:
                del data[chance.randrange(1, len(data)):]
            sender.send(data)
            # Not more at once than its socket has room for
            if number % 50 == 49:
                while count_inbound(capture, port) <= number:
                    time.sleep(0.01)
    messages = node.leave()
    check(messages["dropped"] > N_HOSTILE // 2, f"{messages['dropped']} were dropped")
    capture.chmod(0o644)
    rows = shark.fields(capture, "frame.comment", "frame.protocols", "drt.type", *(f"drt.expert.{name}" for name in ERRORS),
                        options=("-d", f"udp.port=={port},drt", "-Y", "frame.packet_flags_direction == 1"))
    check_equal(len(rows), N_HOSTILE, "datagrams that came")
    counts = collections.Counter()
    for number, row in enumerate(rows, 1):
        comment, error = "".join(row[0]), any(row[3:])
        counts[comment] += 1
        check(row[1][0].endswith(":drt"), f"datagram {number} is shown as DRT")
        # Of an AUTHORITY that answers nothing the node does not look into the buffer
        if row[2] != ["0x08"] or comment != "dropped: unexpected":
            check_equal(error, comment == "dropped: malformed", f"datagram {number} ({comment}) is an error")
    note(dict(counts))
    check(counts["dropped: malformed"] > 50, f"verdicts {counts}")


def count_inbound(capture, port):
    """How many datagrams to this port are in a file that is still being written."""
    data, place, count = capture.read_bytes(), 0, 0
    while place + 12 <= len(data):
        kind, size = struct.unpack_from("=II", data, place)
        # A packet block: 28 bytes, the IPv6 header, and the second port of UDP
        if kind == 6 and place + 72 <= len(data):
            count += struct.unpack_from(">H", data, place + 70)[0] == port
        place += size
    return count


sys.exit(main([
    ("a mesh in mode resolve", mesh_is_captured("resolve")),
    ("a mesh in mode membership", mesh_is_captured("membership")),
    ("a mesh in mode confidential", mesh_is_captured("confidential")),
    ("hostile datagrams", hostile_ones_are_marked),
], deadline=150, test=Shark(DISSECTOR)))
