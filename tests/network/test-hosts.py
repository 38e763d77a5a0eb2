#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mesh of 24 hosts that lose datagrams, die, are cut off and come back.

test-hosts.py HOST-NODE.  The hosts hang on two switches with a cable between them.
After the end of each fault every key of a living node has to be found from every
living node within a minute; the times are printed.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from network import Host, Network, Node, check, why_not

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

# pylint: disable=wrong-import-position
from tap import Test, main, skip_all  # noqa: E402

N_HOSTS = 24
PORT = 4000
LOSS = 5                # percent of the datagrams that reach a host
AGAIN = 60              # seconds after the end of a fault
MAINTENANCE = 15        # seconds between two, [MC-DRT] §3.1.2
BOOTSTRAP = (1, 13)     # one on each switch

RULES = f"""
table inet loss {{
  chain input {{
    type filter hook input priority 0
    meta l4proto udp counter
    meta l4proto udp numgen random mod 100 < {LOSS} counter drop
  }}
}}
"""


def name_of(number):
    return f"host-{number}"


def address_of(number):
    return f"fd00::{number:x}"


def mac_of(number):
    return f"02:00:00:00:00:{number:02x}"


class Searcher(Node):
    """The node of a host, which searches for what it is told."""
    stdin = subprocess.PIPE

    def ask(self, names):
        self.popen.stdin.write("".join(f"{name}\n" for name in names))
        self.popen.stdin.flush()
        self.n_asked = len(names)

    def answers(self):
        """Which of those asked for it found; and which not."""
        facts = [self.wait("search", seconds=30) for _ in range(self.n_asked)]
        return {fact["name"] for fact in facts if fact["found"]}, {fact["name"] for fact in facts if not fact["found"]}


    def knows(self, names):
        """Which of these are in its cache."""
        self.popen.stdin.write("".join(f"?{name}\n" for name in names))
        self.popen.stdin.flush()
        return {fact["name"] for fact in [self.wait("cached") for _ in names] if fact["cached"]}


class Mesh:
    def __init__(self, network):
        self.network = network
        self.switch = Host(network, "switch")
        self.hosts = {number: Host(network, name_of(number)) for number in range(1, N_HOSTS + 1)}
        self.nodes = {}
        self.plug_together()
        for number in self.hosts:
            self.start(number)
        for node in self.nodes.values():
            node.wait("status", seconds=AGAIN, status="ACTIVE")

    def plug_together(self):
        lines = [f"link add {bridge} up type bridge mcast_snooping 0" for bridge in ("br0", "br1")]
        lines += ["link add trunk0 type veth peer name trunk1", "link set trunk0 up master br0", "link set trunk1 up master br1"]
        for number, host in self.hosts.items():
            lines += [f"link add p{number} type veth peer name eth0 address {mac_of(number)} "
                      f"netns /proc/{os.getpid()}/fd/{host.namespace}",
                      f"link set p{number} up master br{2 * (number - 1) // N_HOSTS}"]
        self.switch.run("ip", "-batch", "-", text="\n".join(lines) + "\n")
        # The kernel keeps the neighbours it learned of in one table for all namespaces, and no more than 1024
        neighbours = [f"neighbour add {address_of(number)} lladdr {mac_of(number)} dev eth0 nud permanent" for number in self.hosts]
        for number, host in self.hosts.items():
            lines = ["link set eth0 up", f"address add {address_of(number)}/64 dev eth0 nodad",
                     *(line for other, line in enumerate(neighbours, 1) if other != number)]
            host.run("ip", "-batch", "-", text="\n".join(lines) + "\n")

    def start(self, number):
        bootstrap = [f"[{address_of(other)}]:{PORT}" for other in BOOTSTRAP if other != number]
        self.nodes[number] = self.hosts[number].start(self.network.drt, name_of(number), PORT, *bootstrap, kind=Searcher)
        self.nodes[number].open()

    def kill(self, number):
        node = self.nodes.pop(number)
        self.network.processes.remove(node)
        node.end(signal.SIGKILL)

    def plug(self, name, state):
        self.switch.run("ip", "link", "set", name, state)

    def search(self, wanted):
        """All at once: {number: names}."""
        wanted = {number: names for number, names in wanted.items() if names}
        for number, names in wanted.items():
            self.nodes[number].ask(sorted(names))
        return {number: self.nodes[number].answers() for number in wanted}

    def check_found(self, what):
        """Every key of a living node from every living node, in time from now."""
        begin = last = time.monotonic()
        missing = {number: {name_of(other) for other in self.nodes if other != number} for number in self.nodes}
        n_searches = n_failed = 0
        while any(missing.values()):
            for number, (found, failed) in self.search(missing).items():
                missing[number] -= found
                n_searches += len(found) + len(failed)
                n_failed += len(failed)
            last = time.monotonic()
            check(last - begin < AGAIN or not any(missing.values()), f"{what}: after {AGAIN} s still not found: {missing}")
            if any(missing.values()):
                time.sleep(0.2)   # nobody is told when the others have mended
        print(f"# {what}: all found after {last - begin:.2f} s, {n_searches} searches, {n_failed} without result", flush=True)

    def wait_lost(self, pairs):
        """Until none of {number: names} is found or in a cache any more.  A search
        drops who does not answer it, which is faster than waiting for maintenance."""
        begin = time.monotonic()
        while (any(found for found, _ in self.search(pairs).values())
               or any(self.nodes[number].knows(names) for number, names in pairs.items())):
            check(time.monotonic() - begin < AGAIN, "what is cut off is not forgotten")
        print(f"# forgotten after {time.monotonic() - begin:.2f} s", flush=True)


def why_no_switch():
    """Why the kernel has no bridge, or nothing that drops at random, or None.  This
    process has a network of its own by now."""
    for command, text in ((["ip", "link", "add", "probe0", "type", "bridge"], None), (["nft", "-f", "-"], RULES)):
        probe = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        if probe.returncode != 0:
            return f"{' '.join(command)} fails here ({probe.stderr.strip().splitlines()[:1]})"
    return None


class Hosts(Test):
    """The mesh, which goes on from case to case."""

    def __init__(self, host_node):
        reason = why_not(["nft"]) or why_no_switch()
        if reason is not None:
            skip_all(f"hosts: {reason}")
        super().__init__()
        self.network = Network(host_node)
        self.closers += [self.network.close, self.network.clear]
        self.mesh = None


def starts(test):
    test.mesh = Mesh(test.network)
    test.mesh.check_found("start")


def loses(test):
    """From here on each host loses some of what is sent to it."""
    for host in test.mesh.hosts.values():
        host.run("nft", "-f", "-", text=RULES)
    test.mesh.check_found(f"{LOSS} % lost")


def dies(test):
    """A quarter goes without a word, one of those that everybody begins with among them."""
    dead = [1, 2, 3, 10, 16, 24]
    for number in dead:
        test.mesh.kill(number)
    test.mesh.check_found(f"{len(dead)} killed")
    test.mesh.wait_lost({number: {name_of(other) for other in dead} for number in test.mesh.nodes})
    for number in dead:
        test.mesh.start(number)
    test.mesh.check_found(f"{len(dead)} started again")


def is_unplugged(test):
    """Three hosts lose their cable, and know it."""
    off = [5, 13, 20]
    for number in off:
        test.mesh.plug(f"p{number}", "down")
    for number in off:
        test.mesh.nodes[number].wait("status", status="NO_NETWORK")
    test.mesh.wait_lost({number: {name_of(other) for other in off} for number in test.mesh.nodes if number not in off})
    for number in off:
        test.mesh.plug(f"p{number}", "up")
    test.mesh.check_found(f"{len(off)} reconnected")


def is_cut_in_two(test):
    """The cable between the switches is out, and nobody is told."""
    halves = [[number for number in test.mesh.nodes if (number > N_HOSTS // 2) is upper] for upper in (False, True)]
    test.mesh.plug("trunk0", "down")
    test.mesh.wait_lost({number: {name_of(other) for other in halves[1 - which]}
                         for which, half in enumerate(halves) for number in half})
    time.sleep(MAINTENANCE + 1)   # whatever was under way has ended, and each was looked for once more
    test.mesh.plug("trunk0", "up")
    test.mesh.check_found("the halves reconnected")


def lost_some(test):
    """That the losses were there."""
    total = dropped = 0
    for host in test.mesh.hosts.values():
        counters = [int(count) for count in re.findall(r"counter packets (\d+)", host.run("nft", "list", "table", "inet", "loss"))]
        total += counters[0]
        dropped += counters[1]
    print(f"# {dropped} of {total} datagrams lost", flush=True)
    check(total > 10000 and LOSS / 200 < dropped / total < LOSS / 50, f"{dropped} of {total} datagrams were lost")


def leaves(test):
    """Whoever is told to end does so without a fault."""
    for number, node in test.mesh.nodes.items():
        test.network.processes.remove(node)
        code = node.end()
        check(code == 0, f"{name_of(number)} ended with {code}")


sys.exit(main([
    ("24 hosts find each other", starts),
    ("datagrams are lost", loses),
    ("hosts die and are started again", dies),
    ("hosts are unplugged", is_unplugged),
    ("the net is cut in two", is_cut_in_two),
    ("as many were lost as said", lost_some),
    ("all leave", leaves),
], deadline=280, test=Hosts(os.path.abspath(sys.argv[1]))))
