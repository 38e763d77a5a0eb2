#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input and faults: each gets a clear message, and keys, settings and the
window stay."""

import json
import os
import pathlib
import signal
import socket
import sys
import time

from session import check, check_equal, check_quiet, main, wait_for
from window import Role, State, Window

KEY = "ab" * 32
FLOOD_SECONDS = 10
FLOOD_RATE = 10000      # datagrams a second
SLOW = 0.5               # seconds: what is answered later feels stuck

STORED = {"version": 1, "keys": [{"key": KEY, "name": "kept", "payload": "a2VwdA=="}]}

# Datagrams of garbage at a port, so many a second
FLOOD = """
import os, random, socket, sys, time
port, rate, seconds = map(int, sys.argv[1:])
sender = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
sender.connect(("::1", port))
garbage = [random.randbytes(random.randrange(0, 1200)) for _ in range(64)]
garbage += [bytes.fromhex("00100065") + b[:60] for b in garbage[:32]]
begin = time.monotonic()
sent = 0
while (now := time.monotonic() - begin) < seconds:
    while sent < rate * now:
        try:
            sender.send(garbage[sent % len(garbage)])
        except OSError:
            pass
        sent += 1
    time.sleep(0.001)
print(sent)
"""


def open_window(session, *arguments, wrapper=()):
    session.app = session.start(session.roundtable, *arguments, wrapper=wrapper)
    session.window = Window(session.app)


def close_window(session):
    session.window.press("ctrl+w")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)


def store_keys(session):
    session.keys_file.parent.mkdir(parents=True)
    session.keys_file.write_text(json.dumps(STORED))


def dismiss(window, heading):
    """Read a message and close it."""
    alert = window.wait(heading, Role.ALERT)
    words = [node.name for node in alert.below() if node.role == Role.LABEL]
    window.wait_focused()
    window.press("Escape")
    window.wait_gone(heading, Role.ALERT)
    return " ".join(words)


def refuses_port(session, port, code):
    """A node that cannot be opened, with what is stored kept."""
    session.forget()
    session.write_settings(first_run_done="true", open_at_start="true", port=port)
    store_keys(session)
    open_window(session)
    words = dismiss(session.window, "The Node Could Not Be Opened")
    check(code in words, f"{code} is named: {words}")
    session.window.wait("Closed", Role.BUTTON)
    session.window.wait(contains="Choose another port in the mesh settings")
    check_equal(session.status()[1]["keys"], 1, "keys")
    close_window(session)
    check(f"port={port}" in session.settings_file.read_text(), "the setting is still there")
    check_equal(json.loads(session.keys_file.read_text()), STORED, "the keys are still there")


def occupied_port(session):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        other.bind(("::", 0))
        refuses_port(session, other.getsockname()[1], "WSAEADDRINUSE")


def reserved_port(session):
    refuses_port(session, 80, "DRT_E_INVALID_PORT")


def check_damaged(session, path, contents):
    kept = list(path.parent.glob(f"{path.name}.damaged-*"))
    check_equal(len(kept), 1, f"files kept of {path.name}")
    if contents is None:
        check(kept[0].is_dir(), "it is what was there")
    else:
        check_equal(kept[0].read_bytes(), contents, "it is what was there")
    return str(kept[0])


def damaged_settings(session):
    session.forget()
    session.write_settings()
    garbage = b"\xff\xfe no key file \x00 at all"
    session.settings_file.write_bytes(garbage)
    open_window(session)
    words = dismiss(session.window, "A File Could Not Be Used")
    check("The settings could not be read" in words, f"it says which: {words}")
    check(check_damaged(session, session.settings_file, garbage) in words, f"it says where it was kept: {words}")
    session.window.wait("Try the Demo Mesh", Role.BUTTON)
    close_window(session)


def unwritable_settings(session):
    """A file in the place of their directory: nobody can write there, whoever runs this."""
    session.forget()
    config = session.directory / "config"
    config.touch()
    open_window(session, "--demo")
    window = session.window
    window.wait("Active", Role.BUTTON, seconds=20)
    window.wait(contains="Settings cannot be stored here", role=Role.LABEL)
    window.press("alt+4")
    window.wait("Registered keys", Role.LIST)
    check(window.find("Roundtable", Role.FRAME).has(State.SENSITIVE), "the window can be used")
    window.press("ctrl+w")
    check_equal(session.app.wait_ended(), 0, "exit status")
    config.unlink()


def damaged_keys(session, directory):
    session.forget()
    session.keys_file.parent.mkdir(parents=True)
    garbage = None
    if directory:
        # What nobody can read as a file, whoever runs this
        session.keys_file.mkdir()
        (session.keys_file / "something").touch()
    else:
        garbage = b'{"version": 1, "keys": [{"key": "zz'
        session.keys_file.write_bytes(garbage)
    open_window(session, "--demo")
    words = dismiss(session.window, "A File Could Not Be Used")
    check("The file of your keys cannot be used" in words, f"it says which: {words}")
    check(check_damaged(session, session.keys_file, garbage) in words, f"it says where it was kept: {words}")
    session.window.wait("Active", Role.BUTTON, seconds=20)


def garbage_keys(session):
    damaged_keys(session, False)
    close_window(session)


def unreadable_keys(session):
    damaged_keys(session, True)  # and goes on with this window


def fill(window, field, text, code):
    """Write into a field of the settings what they cannot be."""
    window.walk_to(field, Role.TEXT)
    window.press("ctrl+a")
    window.write(text)
    window.wait(contains=code, role=Role.LABEL)
    check(not window.find("Apply", Role.BUTTON).has(State.SENSITIVE), f"Apply waits while {field} is wrong")


def bad_settings(session):
    window = session.window
    window.press("ctrl+comma")
    window.wait("Mesh Settings", Role.DIALOG)
    fill(window, "UDP Port (0 for Any)", "80", "DRT_E_INVALID_PORT")
    fill(window, "Maximum Addresses (1–20)", "21", "DRT_E_INVALID_MAX_ADDRESSES")
    fill(window, "Instance Prefix", "p" * 129, "DRT_E_INVALID_INSTANCE_PREFIX")
    window.press("Escape")
    window.wait_gone("Mesh Settings", Role.DIALOG)
    window.wait("Active", Role.BUTTON)


def bad_keys(session):
    window = session.window
    window.press("ctrl+n")
    window.wait("Register a Key", Role.DIALOG)
    window.find("Hex", Role.RADIO_BUTTON).activate()
    window.walk_to("64 Hexadecimal Digits", Role.TEXT)
    window.write("ab" * 31)
    window.press("Return")
    window.wait(contains="DRT_E_INVALID_KEY_SIZE", role=Role.LABEL)
    window.write("c")
    check_equal(window.find("64 Hexadecimal Digits", Role.TEXT).text(), "ab" * 31 + "c", "Enter selected nothing")
    window.press("ctrl+a")
    window.write(KEY)
    window.wait_gone(contains="DRT_E_INVALID_KEY_SIZE", role=Role.LABEL)
    window.press("Return")
    window.wait(contains="at least one byte of payload", role=Role.LABEL)


def bad_payloads(session):
    window = session.window
    payload = window.find("Payload", Role.TEXT)
    payload.set_text("x" * 5121)
    window.wait("5121 of 5120 bytes", Role.LABEL)
    window.wait(contains="E_INVALIDARG", role=Role.LABEL)
    check(not window.find("Register", Role.BUTTON).has(State.SENSITIVE), "Register waits")
    payload.set_text("x" * 5120)
    window.wait("5120 of 5120 bytes", Role.LABEL)
    window.walk_to("Name (Optional, Only for You)", Role.TEXT)
    window.press("Return")
    window.wait_gone("Register a Key", Role.DIALOG)
    session.wait_status("the key is registered", lambda status: status["keys-registered"] == 2)


def flood(session):
    window = session.window
    _, before = session.status()
    sender = session.start(sys.executable, "-c", FLOOD, before["port"], FLOOD_RATE, FLOOD_SECONDS)
    begin = time.monotonic()
    slowest = 0
    while time.monotonic() < begin + FLOOD_SECONDS:
        time.sleep(0.02)  # so that it is the flood that is measured, and not the questions
        slowest = max(slowest, window.latency())
    check_equal(sender.wait_ended(), 0, f"exit status of the flood ({sender.output()})")
    check(int(sender.output()) >= 0.9 * FLOOD_RATE * FLOOD_SECONDS, f"the flood was one: {sender.output()}")
    print(f"# answered within {slowest * 1000:.0f} ms")
    check(slowest < SLOW, f"the window answers within {slowest:.2f} s")
    code, after = session.status()
    check_equal((code, after["state"], after["keys-registered"]), (0, "active", 2), "status after the flood")
    check(after["errors"] > before["errors"] + 1000, f"the garbage is counted: {after['errors']}")
    check_equal(window.find_all(role=Role.ALERT), [], "messages to the person")


def killed_neighbour(session):
    window = session.window
    _, status = session.status()
    neighbour = session.start(session.drt, "node", "--bootstrap", status["addresses"][0], "--register", "text:short-lived=x", "--json")
    n_before = status["neighbours"]
    session.wait_status("the neighbour has come", lambda status: status["neighbours"] > n_before, 20)
    os.kill(neighbour.pid, signal.SIGKILL)
    session.wait_status("the neighbour has gone", lambda status: status["neighbours"] <= n_before, 60)
    check_equal(session.status()[0], 0, "exit status of --status")
    check_equal(window.find_all(role=Role.ALERT), [], "messages to the person")
    close_window(session)
    keys = json.loads(session.keys_file.read_text())["keys"]
    check_equal([key["key"] for key in keys], [KEY], "the keys are stored")


def fill_up(directory):
    try:
        with open(directory / "filler", "wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass
    except OSError:
        pass  # now it is full


def full_disk(session):
    """A small file system for the keys alone."""
    session.forget()
    store_keys(session)
    directory = session.keys_file.parent
    script = 'mount -t tmpfs -o size=64k none "$1" && cp "$2" "$1/keys.json" && shift 2 && exec "$@"'
    original = session.directory / "original.json"
    original.write_text(json.dumps(STORED))
    wrapper = ["unshare", "--mount", "--", "sh", "-c", script, "sh", str(directory), str(original)]
    if session.run("true", wrapper=wrapper)[0] != 0:
        return "no mount namespaces here"
    open_window(session, "--demo", wrapper=wrapper)
    window = session.window
    session.wait_status("the keys are registered", lambda status: status["keys-registered"] == 2)
    inside = pathlib.Path(f"/proc/{session.app.pid}/root{directory}")
    fill_up(inside)
    window.press("ctrl+n")
    window.wait_focused("Text", Role.TEXT)
    window.write("no room")
    window.walk_to("Payload", Role.TEXT)
    window.write("no room either")
    window.walk_to("Name (Optional, Only for You)", Role.TEXT)
    window.press("Return")
    words = dismiss(window, "Something Could Not Be Stored")
    check("could not be stored" in words and "kept until the application ends" in words, f"it says so: {words}")
    session.wait_status("the keys are registered", lambda status: status["keys-registered"] == 3)
    stored = json.loads((inside / "keys.json").read_text())
    check_equal(stored, STORED, "what was stored before is still there")
    (inside / "filler").unlink()
    window.press("alt+4")
    window.walk_to("kept", Role.LIST_ITEM)
    window.press("Delete")
    wait_for(lambda: len(json.loads((inside / "keys.json").read_text())["keys"]) == 1, "with room again the new key is stored")
    close_window(session)
    return None


sys.exit(main([
    ("an occupied port", occupied_port),
    ("a reserved port", reserved_port),
    ("damaged settings", damaged_settings),
    ("settings that cannot be stored", unwritable_settings),
    ("damaged keys", garbage_keys),
    ("unreadable keys", unreadable_keys),
    ("port 80, 21 addresses and a prefix of 129 characters", bad_settings),
    ("a key of 31 bytes, an empty payload", bad_keys),
    ("a payload of 5121 bytes", bad_payloads),
    ("garbage at 10,000 datagrams a second", flood),
    ("a neighbour is killed", killed_neighbour),
    ("a full disk", full_disk),
], deadline=170))
