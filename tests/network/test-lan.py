#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes that find one another by a name in the local network: hosts on a cable,
each with a system bus and an Avahi daemon of its own."""

import signal
import socket
import sys
import time

from network import SPEED, Host, Process, check, check_equal, main

NAME = "0.Meeting place"
OTHER_NAME = "0.meeting place"
KEY, OTHER_KEY = "text:a key", "text:another key"

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""

AVAHI = """[server]
host-name={name}
[publish]
publish-workstation=no
publish-hinfo=no
"""

# Its files have fixed places below /run: each daemon gets a /run of its own.  It
# looks for its user even where it need not become that.
START_AVAHI = """cd "$0" && mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon &&
for file in passwd group; do grep -v ^avahi: /etc/$file >$file.$1; echo "$2" >>$file.$1; mount --bind $file.$1 /etc/$file; done &&
exec avahi-daemon --no-drop-root --no-chroot --no-rlimits --file="$PWD/$1.avahi" 2>&1"""
USER = "avahi:x:0:0:Avahi:/:/usr/sbin/nologin"


class LanHost(Host):
    """A host with a bus, and an Avahi that is there from start_avahi() on."""

    def __init__(self, network, name, number):
        super().__init__(network, name)
        self.number = number
        self.socket = network.directory / f"{name}.bus"
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.socket}"}

    def plugged(self):
        """Addresses that need not be checked for duplicates first."""
        self.run("ip", "link", "set", "eth0", "addrgenmode", "none")
        self.address("add", f"fe80::{self.number}", "nodad")
        self.address("add", self.global_address(), "nodad")

    def global_address(self):
        return f"2001:db8::{self.number}"

    def start_bus(self):
        self.socket.unlink(missing_ok=True)
        configuration = self.network.directory / f"{self.name}.conf"
        configuration.write_text(BUS.format(socket=self.socket), encoding="utf-8")
        self.bus = self.start("dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--nosyslog",
                              "--print-address=1")
        self.bus.wait_line(lambda line: True, "the bus listens", 10)

    def start_avahi(self):
        configuration = self.network.directory / f"{self.name}.avahi"
        configuration.write_text(AVAHI.format(name=self.name), encoding="utf-8")
        self.avahi = self.start("unshare", "--mount", "sh", "-c", START_AVAHI, self.network.directory, self.name, USER,
                                environment=self.environment)
        self.avahi.wait_line(lambda line: "startup complete" in line, "Avahi runs", 20)

    def kill_avahi(self):
        self.avahi.send(signal.SIGKILL)
        self.network.processes.remove(self.avahi)
        self.avahi.end()

    def lan_node(self, *options, name=NAME):
        return self.node("--lan", name, *options, environment=self.environment)


def make_hosts(network):
    """Two on one cable."""
    hosts = LanHost(network, "one", 1), LanHost(network, "two", 2)
    network.link(*hosts)
    for host in hosts:
        host.plugged()
        host.start_bus()
    return hosts


def make_lan(network):
    one, two = make_hosts(network)
    one.start_avahi()
    two.start_avahi()
    return one, two


def check_joins(node):
    begin = time.monotonic()
    node.wait("status", status="ACTIVE")
    return time.monotonic() - begin


def check_alone(node):
    node.wait("bootstrap", addresses=0)
    node.wait("status", status="ALONE")


def by_name(network):
    one, two = make_lan(network)
    first = one.lan_node("--register", KEY)
    check_alone(first)
    second = two.lan_node("--register", OTHER_KEY)
    check_joins(second)
    check_joins(first)
    check_alone(two.lan_node("--register", "random", name=OTHER_NAME))
    facts = [fact["event"] for fact in two.search(KEY, "--lan", NAME, environment=two.environment)]
    check_equal(facts[0], "result", "what a search by name gives first")
    return None


def same_name_on_one_host(network):
    """Of several nodes of the same name, on one host or on two, all are found."""
    one, two = make_lan(network)
    ports = set()
    for key in "a", "b", "c":
        node = one.lan_node("--register", f"text:{key}")
        ports.add(node.port)
        node.wait("status")
    last = two.lan_node("--register", KEY)
    check_joins(last)
    check_equal(last.wait("bootstrap")["addresses"], len(ports), "addresses found")


def link_local(network):
    one, two = make_lan(network)
    first = one.lan_node("--register", KEY, "--link", "eth0")
    check_alone(first)
    check_joins(two.lan_node("--register", OTHER_KEY, "--link", "eth0"))


def moves_and_leaves(network):
    """What is published follows the addresses, and goes with the node."""
    one, two = make_lan(network)
    first = one.lan_node("--register", KEY)
    check_alone(first)
    one.address("add", "2001:db8::11", "nodad")
    one.address("del", one.global_address())
    first.wait("addresses", endpoints=[f"[2001:db8::11]:{first.port}"])
    second = two.lan_node("--register", OTHER_KEY)
    check_joins(second)
    network.end(second)
    network.end(first)
    # Hosts remember for a second more
    last = two.lan_node("--register", OTHER_KEY)
    last.wait("status", status="ALONE")
    last.wait("bootstrap", addresses=0)


def daemon_comes_again(network):
    one, two = make_lan(network)
    first = one.lan_node("--register", KEY)
    check_alone(first)
    one.kill_avahi()
    one.start_avahi()
    second = two.lan_node("--register", OTHER_KEY)
    check_joins(second)
    network.end(second)
    two.kill_avahi()
    check_alone(two.lan_node("--register", OTHER_KEY))


def no_daemon(network):
    """Neither bus nor daemon: said at once, and nobody is found.  Then they come."""
    one, two = make_hosts(network)
    one.start_avahi()
    check_alone(one.lan_node("--register", KEY))
    for missing in "Avahi", "the bus":
        begin = time.monotonic()
        node = two.lan_node("--register", OTHER_KEY)
        check_alone(node)
        check(time.monotonic() - begin < SPEED, f"without {missing} it was alone after {time.monotonic() - begin:.1f} s")
        check("Avahi does not run" in node.tail(), f"without {missing} nothing was said of it")
        if missing == "Avahi":
            two.start_avahi()
            check_joins(node)
            network.end(node)
            two.kill_avahi()
            two.bus.send(signal.SIGKILL)
            network.processes.remove(two.bus)
            two.bus.end()
    two.start_bus()
    two.start_avahi()
    check_joins(node)


def no_answer(network):
    """A bus that takes connections, and nothing more."""
    host = Host(network, "one")
    path = network.directory / "silent"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        begin = time.monotonic()
        node = host.node("--lan", NAME, "--register", KEY, environment={"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={path}"})
        node.wait("status", seconds=5, status="ALONE")
        network.end(node)
        check(time.monotonic() - begin < 5, "it took too long")


def contract(network):
    """What drt.h promises of the provider, called by hand."""
    one, two = make_lan(network)
    check_alone(two.lan_node("--register", KEY))
    one.run(sys.argv[2], NAME, environment=one.environment)


main("lan", [
    ("nodes find one another by name", by_name),
    ("several nodes of one name", same_name_on_one_host),
    ("link-local addresses", link_local),
    ("a node moves and leaves", moves_and_leaves),
    ("the daemon ends and comes again", daemon_comes_again),
    ("there is no daemon, and no bus", no_daemon),
    ("a bus that does not answer", no_answer),
    ("the provider's contract", contract),
], deadline=200, programs=("dbus-daemon", "avahi-daemon", "unshare"))
