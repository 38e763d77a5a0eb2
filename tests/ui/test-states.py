#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The four states of a node, made to happen in networks of their own: the window
says each within a second, and what to do."""

import shutil
import socket
import sys

from session import check, check_equal, check_quiet, main, wait_for
from window import Role, State, Window

ADDRESS = "fd00:5eed::1"

# By name, as the state is called in the status and in the window
LABELS = {"active": "Active", "alone": "Alone", "no-network": "No network", "faulted": "Faulted", "closed": "Closed"}


def find_namespace(session):
    """How a program gets a network of its own here; None where it may not have one."""
    for wrapper in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        try:
            if session.run("true", wrapper=wrapper)[0] == 0:
                return wrapper
        except OSError:
            return None
    return None


def open_window(session, wrapper=(), environment=None, **settings):
    """An application that opens its node with these settings."""
    session.forget()
    session.write_settings(first_run_done="true", open_at_start="true", **settings)
    session.app = session.start(session.roundtable, wrapper=wrapper, **(environment or {}))
    session.window = Window(session.app)


def close_window(session):
    session.window.press("ctrl+w")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)


def shows(session, state, seconds=20):
    """That the node gets into a state and the window then says so."""
    status = session.wait_status(f"the node is {state}", lambda status: status["state"] == state, seconds)
    session.window.wait(LABELS[state], Role.BUTTON, seconds=1)
    return status


def within(session, *command):
    """Run a command in the network of the application."""
    namespaces = ["--net"] if session.namespace == ["unshare", "--net"] else ["--user", "--preserve-credentials", "--net"]
    code, _, problem = session.run("nsenter", "--target", session.app.pid, *namespaces, *command)
    check_equal(code, 0, f"{' '.join(command)} ({problem.strip()})")


def no_network(session):
    session.namespace = find_namespace(session)
    if session.namespace is None:
        return "no network namespaces here"
    open_window(session, session.namespace)
    shows(session, "no-network")
    session.window.wait(contains="This computer has no IPv6 address that the mesh could use.")
    session.window.wait(contains="Connect to a network with IPv6")
    check_equal(session.status()[0], 1, "exit status of --status")
    return None


def network_comes(session):
    if session.namespace is None:
        return "no network namespaces here"
    within(session, "ip", "link", "set", "lo", "up")
    within(session, "ip", "-6", "address", "add", f"{ADDRESS}/128", "dev", "lo", "nodad")
    status = shows(session, "alone", 5)
    check_equal(status["addresses"], [f"[{ADDRESS}]:{status['port']}"], "addresses")
    session.window.wait(contains=f"Start another node and give it this address: [{ADDRESS}]")
    close_window(session)
    return None


def nobody_answers(session):
    """A socket that never answers stands for a node behind a firewall."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as silent:
        silent.bind(("::", 0))
        own = own_address()
        if own is None:
            return "no IPv6 address here"
        endpoint = f"[{own}]:{silent.getsockname()[1]}"
        open_window(session, bootstrap_kind="'list'", bootstrap_list=f"['{endpoint}']")
        shows(session, "alone")
        session.window.wait(contains="but no node answers there")
        session.window.wait(contains="that no firewall stops UDP")
        close_window(session)
    return None


def own_address():
    """A global address of this computer, without asking anybody; None: there is none."""
    with open("/proc/net/if_inet6", encoding="ascii") as addresses:
        for line in addresses:
            digits, _index, _length, scope, *_ = line.split()
            if scope == "00":
                return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits))
    return None


def name_does_not_resolve(session):
    if own_address() is None:
        return "no IPv6 address here"
    open_window(session, bootstrap_kind="'dns'", bootstrap_host="'nowhere.invalid'", bootstrap_port="5000")
    status = shows(session, "alone", 30)
    check(status["bootstrap"]["name"].startswith("HRESULT_FROM_WIN32"), f"the bootstrap failed: {status['bootstrap']}")
    session.window.wait(contains="Check the host name in the mesh settings")
    session.window.wait(contains=status["bootstrap"]["code"])
    close_window(session)
    return None


def nobody_by_that_name(session):
    """Without a bus there is no Avahi; and no real network is told of the name."""
    if own_address() is None:
        return "no IPv6 address here"
    open_window(session, environment={"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"},
                bootstrap_kind="'lan'", bootstrap_name="'0.Reading room'")
    shows(session, "alone", 30)
    session.window.wait(contains="No address was found to begin with")
    session.window.wait(contains="check that Avahi runs on both computers")
    session.window.press("ctrl+comma")
    session.window.wait("Mesh Settings", Role.DIALOG)
    check_equal(session.window.wait("Name in the Local Network", Role.TEXT).text(), "0.Reading room", "the name")
    session.window.press("Escape")
    session.window.wait_gone("Mesh Settings", Role.DIALOG)
    close_window(session)
    return None


def socket_fails(session):
    fault = session.directory / "socket-fault"
    # The list of what is preloaded is parted at spaces, which a build directory may have.
    library = shutil.copy(sys.argv[3], session.directory)
    open_window(session, environment={
        "LD_PRELOAD": str(library),
        "RT_TEST_SOCKET_FAULT": str(fault),
        "ASAN_OPTIONS": session.environment.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0",
    })
    status = session.wait_status("the node is open", lambda status: status["port"] != 0)
    fault.touch()
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"wakes it", ("::1", status["port"]))
    status = shows(session, "faulted", 5)
    check_equal(status["fault"]["name"], "DRT_E_TRANSPORT_UNEXPECTED", "fault")
    session.window.wait(contains="Close the node, mend the cause, and open it again")
    session.window.wait(contains="DRT_E_TRANSPORT_UNEXPECTED, 0x")


def opens_after_a_fault(session):
    window = session.window
    (session.directory / "socket-fault").unlink()
    for state in (False, True):
        window.walk_to("Node open", Role.CHECK_BOX)
        window.press("space")
        wait_for(lambda: window.find("Node open", Role.CHECK_BOX).has(State.CHECKED) == state, f"the switch is {state}")
    session.wait_status("the node is open again", lambda status: status["state"] in ("alone", "no-network") and status["port"])
    check_equal(session.status()[1]["fault"], None, "fault")
    close_window(session)


sys.exit(main([
    ("no IPv6 address", no_network),
    ("an address comes", network_comes),
    ("nobody answers", nobody_answers),
    ("a host name that does not resolve", name_does_not_resolve),
    ("nobody of that name in the local network", nobody_by_that_name),
    ("the socket fails", socket_fails),
    ("closed and opened after the fault", opens_after_a_fault),
], deadline=110))
