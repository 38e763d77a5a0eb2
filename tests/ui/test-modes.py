#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo mesh in each security mode: who may search, a key that derives from a
certificate, and what a search costs."""

import json
import sys

from session import check, check_equal, check_quiet, main, wait_for
from window import Role, Window

PAYLOAD = "proved by a certificate"
MODES = (("Resolve", "r"), ("Membership", "m"), ("Confidential", "c"))


def becomes_active(session):
    session.window.wait("Active", Role.LABEL, seconds=25)
    session.wait_status("the demo key is registered", lambda status: status["keys-registered"] == 1, 20)


def joins_by_membership(session):
    session.app = session.start(session.roundtable)
    session.window = Window(session.app)
    window = session.window
    window.walk_to("Security of the Demo Mesh", Role.TOGGLE_BUTTON)
    window.press("space")
    window.wait("Security of the Demo Mesh", Role.MENU)
    window.press("m")
    becomes_active(session)
    window.wait(contains="Membership: only members get an answer", role=Role.LABEL)


def refuses_text(session):
    window = session.window
    window.press("ctrl+n")
    window.wait("Register a Key", Role.DIALOG)
    window.wait("Key That Derives from It")
    window.wait(contains="registered here already")
    window.find("Random", Role.RADIO_BUTTON).activate()
    window.wait(contains="every key derives from a certificate")
    window.wait(contains="DRT_E_INVALID_KEY")
    window.press("Escape")
    window.wait_gone("Register a Key", Role.DIALOG)


def registers_certificate(session):
    """The demo's own key makes room for it: there is one certificate."""
    window = session.window
    window.press("alt+4")
    window.wait("Registered keys", Role.LIST)
    window.walk_to("Demo", Role.LIST_ITEM)
    window.press("Delete")
    window.wait_gone("Demo", Role.LIST_ITEM)
    window.press("ctrl+n")
    window.wait("Register a Key", Role.DIALOG)
    key = wait_for(lambda: next((node.name for node in window.find_all(role=Role.LABEL)
                                 if len(node.name) == 64 and all(digit in "0123456789abcdef" for digit in node.name)), None),
                   "the derived key is shown at once")
    window.walk_to("Payload", Role.TEXT)
    window.write(PAYLOAD)
    window.walk_to("Register", Role.BUTTON, key="shift+Tab")
    window.press("Return")
    window.wait_gone("Register a Key", Role.DIALOG)
    session.wait_status("it is registered", lambda status: status["keys-registered"] == 1, 20)
    window.wait(contains="Valid until", role=Role.LABEL)
    session.key = key
    if session.keys_file.exists():
        check_equal(json.loads(session.keys_file.read_text())["keys"], [], "keys of a demo that are stored")


def answers_no_stranger(session):
    _, status = session.status()
    code, _, _ = session.run(session.drt, "search", session.key, "--bootstrap", status["addresses"][0], "--timeout", "3", "--json")
    check(code != 0, "somebody without a certificate does not find the key")


def measures(session):
    window = session.window
    window.press("alt+1")
    for mode, _ in MODES:
        button = window.wait(f"Measure “{mode}”", Role.BUTTON)
        before = len(window.find_all(contains="ms CPU", role=Role.LABEL))
        button.activate()
        wait_for(lambda: len(window.find_all(contains="ms CPU", role=Role.LABEL)) > before, f"{mode} is measured", 40)
    costs = [float(node.name.split()[0]) for node in window.find_all(contains="ms CPU", role=Role.LABEL)]
    check_equal(len(costs), 3, "modes that were measured")
    check(all(cost > 0 for cost in costs), f"each took some time: {costs}")
    print(f"# milliseconds of CPU time: {costs}", flush=True)
    window.wait(contains="Confidential: as membership, and encrypted", role=Role.LABEL)


def ends(session):
    session.window.press("ctrl+q")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)
    check("PRIVATE KEY" not in session.app.output(), "no key is in the log")


sys.exit(main([
    ("the demo mesh starts in membership mode from the first page", joins_by_membership),
    ("a key that derives from no certificate is refused at its field", refuses_text),
    ("a key that derives from the certificate is registered", registers_certificate),
    ("who is no member does not find it", answers_no_stranger),
    ("searches are measured in the three modes, side by side", measures),
    ("the end", ends),
], deadline=110))
