# SPDX-License-Identifier: GPL-3.0-or-later
"""tshark with the dissector, and capture files made here."""

import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

# pylint: disable=wrong-import-position
from tap import Test, check, check_equal, skip_all  # noqa: E402

NOBODY = 65534
ADDRESSES = [bytes.fromhex(f"fd00{'0' * 26}{i:02x}") for i in range(1, 4)]

DRT = "proto[@name='drt']"

# What a receiver has to drop, as the codec calls it
ERRORS = ("truncated", "bad_header", "bad_type", "missing_field", "unknown_field", "bad_length", "bad_value")


class Shark(Test):
    """A directory that tshark may read.

    Wireshark loads no script named on the command line for root, who therefore
    becomes nobody.
    """

    def __init__(self, dissector):
        if shutil.which("tshark") is None:
            skip_all("tshark is not installed")
        super().__init__()
        self.directory.chmod(0o755)
        self.dissector = self.directory / "drt.lua"
        shutil.copy(dissector, self.dissector)
        self.dissector.chmod(0o644)
        self.identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        self.check_identity()

    def check_identity(self):
        """That who runs tshark can be had, and reads what is here."""
        try:
            reads = subprocess.run(["test", "-r", str(self.dissector)], check=False, **self.identity).returncode == 0
        except OSError as error:
            reads, problem = False, error.strerror
        else:
            problem = f"{self.directory} is not open to all"
        if not reads:
            self.close()
            skip_all(f"tshark cannot be run as an ordinary user: {problem}")

    def run(self, capture, *arguments):
        """Its standard output; two passes, so that a request knows its answer."""
        home = str(self.directory / "home")
        done = subprocess.run(
            ["tshark", "-X", f"lua_script:{self.dissector}", "-2", "-r", str(capture), *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120,
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "WIRESHARK_PLUGIN_DIR": home, "LC_ALL": "C.UTF-8"},
            **self.identity)
        problems = done.stderr.decode(errors="replace")
        output = done.stdout.decode(errors="replace")
        check_equal(done.returncode, 0, f"exit status of tshark ({problems})")
        for text in (problems, output):
            check(not re.search(r"Lua:|Lua Error", text), f"an error in the dissector: {text[:4000]}")
        return output

    def fields(self, capture, *names, options=()):
        """For each packet the values of these fields, each a list."""
        arguments = [argument for name in names for argument in ("-e", name)]
        output = self.run(capture, *options, "-T", "fields", "-E", "separator=\t", "-E", "aggregator=|", *arguments)
        rows = [line.split("\t") for line in output.split("\n")[:-1]]
        return [[[] if value == "" else value.split("|") for value in row] for row in rows]

    def packets(self, capture, *options):
        """For each packet its element, all there is to see in it."""
        return list(ElementTree.fromstring(self.run(capture, *options, "-T", "pdml")).iter("packet"))

    def trees(self, capture, *options):
        """For each packet the element of the protocol drt, or None."""
        return [element.find(DRT) for element in self.packets(capture, *options)]


def verdicts(shark, capture, *options):
    """For each packet (protocols, names of the errors)."""
    rows = shark.fields(capture, "frame.protocols", *(f"drt.expert.{name}" for name in ERRORS), options=options)
    return [(row[0][0], [name for name, found in zip(ERRORS, row[1:]) if found]) for row in rows]


def leaves(element):
    """Fields without fields of their own, in the datagram itself."""
    inner = [field for field in element.findall("field") if field.get("size") != "0"]
    if any(field.get("name") == "drt.fragment" for field in inner):
        # Then what was put together has bytes of its own
        inner = [field for field in inner if field.get("name") not in ("drt.buffer", "drt.body")]
    if not inner:
        yield element
    for field in inner:
        yield from leaves(field)


def uncovered(tree, undecoded=False):
    """The bytes of a datagram that no field shows; undecoded ones count as shown or not."""
    begin, size = int(tree.get("pos")), int(tree.get("size"))
    missing = set(range(begin, begin + size))
    for leaf in leaves(tree):
        if leaf is not tree and (undecoded or leaf.get("name") != "drt.undecoded"):
            position = int(leaf.get("pos"))
            missing -= set(range(position, position + int(leaf.get("size"))))
    return sorted(missing)


def checksum(data):
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff or 0xffff


def packet(payload, source=(0, 5000), destination=(1, 4000)):
    """An IPv6 packet: (index of the address, port) each."""
    from_address, to_address = ADDRESSES[source[0]], ADDRESSES[destination[0]]
    udp = struct.pack(">HHHH", source[1], destination[1], 8 + len(payload), 0) + payload
    pseudo = from_address + to_address + struct.pack(">II", len(udp), 17)
    udp = udp[:6] + struct.pack(">H", checksum(pseudo + udp)) + udp[8:]
    return struct.pack(">IHBB", 0x60000000, len(udp), 17, 64) + from_address + to_address + udp


def unreachable(lost, source, destination):
    """What says that nobody listens at a port, with the packet that it could not take."""
    from_address, to_address = ADDRESSES[source[0]], ADDRESSES[destination[0]]
    body = struct.pack(">BBHI", 1, 4, 0, 0) + lost
    body = body[:2] + struct.pack(">H", checksum(from_address + to_address + struct.pack(">II", len(body), 58) + body)) + body[4:]
    return struct.pack(">IHBB", 0x60000000, len(body), 58, 64) + from_address + to_address + body


def write_pcap(path, packets, limit=65535):
    """Packets, or (seconds, packet); longer ones are cut, as by a snapshot length."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 229))
        for number, item in enumerate(packets):
            when, data = item if isinstance(item, tuple) else (number / 1000, item)
            kept = data[:limit]
            file.write(struct.pack("<IIII", int(when), round(when % 1 * 1e6), len(kept), len(data)) + kept)
    path.chmod(0o644)
    return path
