#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses that come and go on a host with a running node ([MC-DRT] §3.1.7.1,
§3.2.7.2), seen from another host."""

import signal
import time

from network import SPEED, Failure, Host, check, check_equal, main

FIRST, SECOND, THIRD = "2001:db8::a1", "2001:db8::a2", "2001:db8::a3"
OTHER = "2001:db8::b1"
KEY = "text:a key of ours"


def make_hosts(network, first_has_address=True):
    """Two hosts on one cable."""
    ours, other = Host(network, "ours"), Host(network, "other")
    network.link(ours, other)
    other.address("add", OTHER, "nodad")
    if first_has_address:
        ours.address("add", FIRST, "nodad")
    return ours, other


def make_mesh(network):
    """On each of two hosts a node with a key, both Active."""
    ours, other = make_hosts(network)
    first = other.node("--register", "random")
    node = ours.node("--register", KEY, "--bootstrap", f"[{OTHER}]:{first.port}")
    node.wait("status", status="ACTIVE")
    first.wait("status", status="ACTIVE")
    return ours, other, node, first


def endpoints(node, *addresses):
    return [f"[{address}]:{node.port}" for address in addresses]


def change(node, addresses, host, *command):
    """Change the addresses; that the node notices and how fast."""
    done = time.monotonic()
    host.address(*command)
    _, at = node.wait_at("addresses", endpoints=endpoints(node, *addresses))
    check(at - done <= SPEED, f"{' '.join(command)} was noticed after {at - done:.3f} s")


def check_found(other, first, node, address):
    """That the key is found from the other host, under this address of its node."""
    end = time.monotonic() + 10
    while True:
        try:
            facts = other.search(KEY, "--bootstrap", f"[{OTHER}]:{first.port}")
        except Failure as failure:
            facts = [{"event": str(failure)}]
        if any(fact["event"] == "result" for fact in facts):
            check_equal([fact["endpoint"] for fact in facts if fact["event"] == "hop"][-1], f"[{address}]:{node.port}",
                        "who answered")
            return
        check(time.monotonic() < end, f"it is not found: {facts}")


def comes_and_goes(network):
    ours, other, node, first = make_mesh(network)
    change(node, [FIRST, SECOND], ours, "add", SECOND, "nodad")
    change(node, [SECOND], ours, "del", FIRST)
    check_found(other, first, node, SECOND)


def replaced(network):
    """One goes in the moment another comes: never without a network."""
    ours, other, node, first = make_mesh(network)
    ours.run("ip", "-6", "-batch", "-", text=f"address del {FIRST}/64 dev eth0\naddress add {THIRD}/64 dev eth0 nodad\n")
    node.wait("addresses", seconds=SPEED, endpoints=endpoints(node, THIRD))
    check(not any("NO_NETWORK" in line for line in node.read), "it had no network")
    check_found(other, first, node, THIRD)


def none_left(network):
    ours, other, node, first = make_mesh(network)
    change(node, [], ours, "del", FIRST)
    node.wait("status", seconds=SPEED, status="NO_NETWORK")
    change(node, [SECOND], ours, "add", SECOND, "nodad")
    node.wait("status", status="ACTIVE")
    check_found(other, first, node, SECOND)


def never_one(network):
    """Opened without a network; later there is one."""
    ours, other = make_hosts(network, False)
    ours.run("ip", "link", "set", "lo", "down")
    first = other.node("--register", "random")
    node = ours.node("--register", KEY, "--bootstrap", f"[{OTHER}]:{first.port}")
    node.wait("status", status="NO_NETWORK")
    change(node, [FIRST], ours, "add", FIRST, "nodad")
    node.wait("status", status="ACTIVE")
    check_found(other, first, node, FIRST)


def unplugged(network):
    ours, other, node, first = make_mesh(network)
    other.run("ip", "link", "set", "eth0", "down")
    node.wait("status", seconds=SPEED, status="NO_NETWORK")
    other.run("ip", "link", "set", "eth0", "up")
    other.address("replace", OTHER, "nodad")
    node.wait("addresses", endpoints=endpoints(node, FIRST))
    node.wait("status", status="ACTIVE")
    check_found(other, first, node, FIRST)


def not_ours(network):
    """A duplicate is never announced; an address that is about to go comes last."""
    ours, _, node, _ = make_mesh(network)
    ours.address("add", OTHER)
    ours.address("add", SECOND)
    node.wait("addresses", endpoints=endpoints(node, FIRST, SECOND))
    check("dadfailed" in ours.run("ip", "-6", "address", "show", "dev", "eth0"), "the duplicate was not noticed by the host")
    change(node, [SECOND, FIRST], ours, "change", FIRST, "preferred_lft", "0", "valid_lft", "forever")
    check(not any(OTHER in line for line in node.read if '"addresses"' in line), "the duplicate was announced")


def too_much_at_once(network):
    """More changes than the kernel keeps for a node that is held up."""
    ours, _, node, _ = make_mesh(network)
    many = "".join(f"address add 2001:db8:1::{i:x}/64 dev eth0 nodad\naddress del 2001:db8:1::{i:x}/64 dev eth0\n"
                   for i in range(1500))
    node.send(signal.SIGSTOP)
    ours.run("ip", "-6", "-batch", "-", text=many)
    ours.address("add", SECOND, "nodad")
    drops = [int(line.split()[8]) for line in ours.run("cat", "/proc/net/netlink").splitlines()[1:]]
    check(any(drops), "the kernel kept all of them")
    node.send(signal.SIGCONT)
    node.wait("addresses", seconds=SPEED, endpoints=endpoints(node, FIRST, SECOND))
    change(node, [FIRST], ours, "del", SECOND)


main("addresses", [
    ("an address comes and another goes", comes_and_goes),
    ("one address takes the place of another", replaced),
    ("the last address goes, and one comes back", none_left),
    ("the first address comes after the node", never_one),
    ("the cable is unplugged and plugged in", unplugged),
    ("duplicates and addresses about to go", not_ours),
    ("more changes than are remembered", too_much_at_once),
], deadline=150)
