#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates in the real window: each kind of bad chain with exactly its reasons,
files that are none, passphrases, a mesh of members, and who is refused there."""

import json
import pathlib
import re
import sys

from session import check, check_equal, check_quiet, main, wait_for
from window import INTERACTIVE, Role, State, Window

GENERATOR, CASES = map(pathlib.Path, sys.argv[4:6])
PASSPHRASE = "käse und brot"
SECRET = "open sesame"

TITLE = "Certificate"
UNLOCK = "Unlock the Certificate"


def prepare(session):
    session.certificates = session.directory / "certificates"
    code, _, problem = session.run(sys.executable, GENERATOR, session.certificates)
    check_equal(code, 0, f"exit status of the generator ({problem})")
    cases = json.loads(CASES.read_text())["cases"]
    session.reasons = {reason for case in cases for _depth, reason in case["verdicts"]}
    return cases


def certificate(session, name):
    return str(session.certificates / name)


def start(session, *arguments, **settings):
    session.forget()
    session.write_settings(first_run_done="true", **settings)
    session.app = session.start(session.roundtable, *arguments)
    session.window = Window(session.app)


def close_window(session):
    session.window.press("ctrl+q")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)


def open_file(session, name):
    code, _, problem = session.run(session.roundtable, "--certificate", certificate(session, name))
    check_equal(code, 0, f"exit status of --certificate ({problem})")


def close_dialog(window, title=TITLE, role=Role.DIALOG):
    window.wait_focused()
    window.press("Escape")
    window.wait_gone(title, role)


def dialog(window):
    return window.wait(TITLE, Role.DIALOG)


def shown(session):
    """The reasons that the dialog shows, with their technical names."""
    labels = [node.name for node in dialog(session.window).below() if node.role == Role.LABEL]
    words = [re.fullmatch(r"([a-z0-9-]+)(, X509_V_ERR_\w+ \(\d+\))?", label) for label in labels]
    return sorted(word[1] for word in words if word and word[1] in session.reasons)


def check_names(node, where):
    nameless = [child.place() for child in node.below()
                if child.has(State.SHOWING) and not child.is_labelled()
                and (child.role in INTERACTIVE or child.role == Role.LIST
                     or (child.role == Role.LIST_ITEM and child.has(State.FOCUSABLE)))]
    check_equal(nameless, [], f"without a name {where}")


def starts_with_a_file(session):
    """Roundtable does not run yet."""
    cases = prepare(session)
    session.cases = {}
    for case in cases:
        # Of each set of reasons one: the model's test looks at every case
        if case.get("root") == "root.pem" and "passphrase" not in case["name"] and not {"key", "profile", "revoked", "passphrase", "credential"} & set(case):
            session.cases.setdefault(frozenset(reason for _depth, reason in case["verdicts"]), case)
    root = certificate(session, "root.pem")
    start(session, "--certificate", certificate(session, "good-middle.pem"),
          security_provider="'derived-key'", root_certificate=f"'{root}'")
    window = session.window
    window.wait("This certificate is accepted", Role.LABEL)
    window.wait(contains="Checked against the root", role=Role.LABEL)
    check_equal(shown(session), [], "reasons against a good one")
    items = [node.name for node in dialog(window).below() if node.role == Role.LIST_ITEM and "Good" in node.name]
    check_equal(len(items), 3, f"certificates: {items}")
    check("root" in items[0] and items[2].startswith("Member"), f"the root is first: {items}")
    check_names(dialog(window), "in the dialog")
    close_dialog(window)


def every_kind(session):
    window = session.window
    check(len(session.cases) >= 18, f"kinds of bad chains: {len(session.cases)}")
    for case in session.cases.values():
        open_file(session, case["file"])
        window.wait(case["file"], Role.LABEL)
        expected = sorted(reason for _depth, reason in case["verdicts"])
        check_equal(shown(session), expected, f"reasons against {case['file']}")
        faults = [reason for reason in expected if reason != "expires-soon"]
        if faults and case["certificates"] > 0:
            window.wait(contains=f"not accepted: {len(faults)} reason", role=Role.LABEL)
            window.wait(contains=case["code"], role=Role.LABEL)
        close_dialog(window)


def no_file(session):
    window = session.window
    open_file(session, "is-not-there.pem")
    window.wait("This file could not be read", Role.LABEL)
    window.wait(contains="No such file", role=Role.LABEL)
    close_dialog(window)
    open_file(session, "garbage.pem")
    window.wait("Problem: Not a certificate", Role.LIST_ITEM)
    check(not window.find("Certificate chain", Role.LIST), "there is no empty chain")
    close_dialog(window)


def by_keyboard(session):
    """From the chain into a certificate and back."""
    window = session.window
    open_file(session, "unknown-root-expired.pem")
    window.wait(contains="not accepted: 2 reasons", role=Role.LABEL)
    row = window.wait_focused(role=Role.LIST_ITEM)
    check("root" in row.name and row.name.endswith("Problem"), f"the first certificate has the focus: {row}")
    window.press("Down")
    row = window.wait_focused(role=Role.LIST_ITEM)
    check(row.name.startswith("Problem: ") and row.description, f"then what is wrong with it, in words: {row}")
    copy = window.walk_to(row.name.replace("Problem: ", "Copy “") + "”", Role.BUTTON)
    copy.activate()
    window.wait("Copied", Role.LABEL)
    # All around, and nowhere does the focus get lost
    window.walk_to("Mesh authority (root), Other mesh: Problem", Role.LIST_ITEM)
    window.walk_to(copy.name, Role.BUTTON)
    window.press("Down")
    row = window.wait_focused(role=Role.LIST_ITEM)
    check(row.name.startswith("Member"), f"then the member: {row}")
    window.press("Return")
    window.wait("Fingerprint (SHA-256)", Role.LABEL)
    for fact in ("Subject", "Issuer", "Serial Number", "From", "Until", "Algorithm", "Signed With", "Key Derived from It"):
        check(window.find(fact, Role.LABEL), f"it says its {fact}")
    window.wait("Problem: Expired", Role.LIST_ITEM)
    check_names(dialog(window), "in the details")
    window.walk_to("Copy as Text (PEM)", Role.BUTTON, key="shift+Tab")
    window.press("Return")
    window.wait("Copied", Role.LABEL)
    # Escape first dismisses the toast while there is one
    window.wait_gone("Copied", Role.LABEL)
    window.press("Escape")
    window.wait("Certificate chain", Role.LIST)
    close_dialog(window)


def asks_for_passphrase(session):
    window = session.window
    name = "good-pkcs12.p12"
    open_file(session, name)
    window.wait(UNLOCK, Role.ALERT)
    window.wait_focused("Passphrase", Role.TEXT)
    check_names(window.find(UNLOCK, Role.ALERT), "where the passphrase is asked for")
    window.write("wrong")
    window.press("Return")
    window.wait(contains="That was not the passphrase")
    window.wait_focused("Passphrase", Role.TEXT)
    window.find("Passphrase", Role.TEXT).set_text(PASSPHRASE)
    window.press("Return")
    window.wait("This certificate is accepted", Role.LABEL)
    close_dialog(window)


def passphrase_not_known(session):
    """Who cannot unlock it is told what it is, and may try again."""
    window = session.window
    name = "good-pkcs12.p12"
    open_file(session, name)
    window.wait(UNLOCK, Role.ALERT)
    window.wait_focused("Passphrase", Role.TEXT)
    window.press("Escape")
    dialog(window)
    check_equal(shown(session), ["wrong-passphrase"], "reasons")
    window.walk_to("Enter Passphrase…", Role.BUTTON)
    window.press("Return")
    window.wait(UNLOCK, Role.ALERT)
    window.wait_focused("Passphrase", Role.TEXT)
    window.find("Passphrase", Role.TEXT).set_text(PASSPHRASE)
    window.press("Return")
    window.wait("This certificate is accepted", Role.LABEL)
    close_dialog(window)
    close_window(session)


def no_root(session):
    start(session)
    open_file(session, "good-with-root.pem")
    session.window.wait(contains="no root is known", role=Role.LABEL)
    session.window.wait(contains="No root certificate is chosen", role=Role.LABEL)
    close_dialog(session.window)
    close_window(session)


def drt(session, *arguments):
    code, _, problem = session.run(session.drt, "cert", *arguments)
    check_equal(code, 0, f"exit status of drt cert ({problem})")


def make_mesh(session, name):
    """An authority, its root, and members with their keys; nobody's key is protected."""
    directory = session.directory / name
    directory.mkdir()
    drt(session, "authority", name, "--out", directory / "authority.pem", "--root", directory / "root.pem")
    for member in ("seed", "guest"):
        drt(session, "issue", member, "--authority", directory / "authority.pem", "--out", directory / f"{member}.pem")
    return directory


def start_node(session, mesh, member, *arguments):
    node = session.start(session.drt, "node", "--mode", "membership", "--root", mesh / "root.pem",
                         "--cert", mesh / member, "--scope", "loopback", "--json", *arguments)
    opened = wait_for(lambda: next((line for line in node.lines() if line.get("event") == "open"), None), "the node is open")
    return opened["endpoints"][0]


def joins_members(session):
    """The node's certificate is locked, so that opening it asks."""
    session.mesh = make_mesh(session, "reading-room")
    phrase = session.directory / "phrase"
    phrase.write_text(SECRET + "\n")
    drt(session, "issue", "window", "--authority", session.mesh / "authority.pem", "--out", session.mesh / "window.p12",
        "--out-passphrase-file", phrase)
    seed = start_node(session, session.mesh, "seed.pem", "--register", "certificate=seed")
    start(session, security_provider="'derived-key'", security_mode="'membership'", open_at_start="true",
          root_certificate=f"'{session.mesh / 'root.pem'}'", local_certificate=f"'{session.mesh / 'window.p12'}'",
          bootstrap_kind="'list'", bootstrap_list=f"['{seed}']")
    window = session.window
    window.wait(UNLOCK, Role.ALERT)
    window.wait_focused("Passphrase", Role.TEXT)
    window.write(SECRET)
    window.press("Return")
    window.wait("Active", Role.BUTTON, seconds=20)
    window.wait(contains="profile 2.0", role=Role.LABEL)


def refuses_strangers(session):
    window = session.window
    other = make_mesh(session, "another-room")
    _, status = session.status()
    start_node(session, other, "guest.pem", "--bootstrap", status["addresses"][0])
    window.press("alt+3")
    window.wait(contains="node was refused", seconds=20)
    window.walk_to("Show", Role.BUTTON)
    window.press("Return")
    window.wait("Refused nodes", Role.LIST)
    # Its root does not come with it: nobody needs what he has to have
    row = window.wait(contains="Unknown authority", role=Role.LIST_ITEM)
    check("“another-room”, which is not the authority of this mesh" in row.description, f"why, in words: {row}")
    check_equal(window.wait_focused(role=Role.LIST_ITEM).path, row.path, "what has the focus")
    window.press("Return")
    window.wait(contains="This certificate is not accepted", role=Role.LABEL)
    check_equal(shown(session), ["issuer-missing"], "reasons against the stranger")
    close_dialog(window)
    close_dialog(window, "Refused")


def event_leads_there(session):
    window = session.window
    window.press("alt+1")
    row = window.wait(contains="was refused as a member", role=Role.LIST_ITEM)
    window.walk_to(row.name, Role.LIST_ITEM)
    window.press("Return")
    window.wait(contains="This certificate is not accepted", role=Role.LABEL)
    close_dialog(window)


def settings_show_it(session):
    """Applied once more, the files are copies that only their owner reads."""
    window = session.window
    window.press("ctrl+comma")
    window.wait("Mesh Settings", Role.DIALOG)
    check_names(window.find("Mesh Settings", Role.DIALOG), "in the settings")
    window.walk_to("Root Certificate", Role.LIST_ITEM)
    window.press("Return")
    window.wait("This certificate is accepted", Role.LABEL)
    close_dialog(window)
    window.walk_to("Apply", Role.BUTTON, key="shift+Tab")
    window.press("Return")
    window.wait_gone("Mesh Settings", Role.DIALOG)
    window.wait("Active", Role.BUTTON, seconds=20)
    kept = list((session.directory / "data" / "roundtable" / "certificates").iterdir())
    check_equal(sorted(path.name.split("-", 1)[1] for path in kept), ["root.pem", "window.p12"], "what is kept")
    check_equal({path.stat().st_mode & 0o777 for path in kept}, {0o600}, "who reads it")
    check_equal({(kept[0].parent.stat().st_mode & 0o777)}, {0o700}, "who looks into the directory")
    close_window(session)
    check(SECRET not in session.app.output(), "the passphrase is nowhere in the output")
    found = [path for path in session.directory.rglob("*") if path.is_file() and path.name != "phrase"
             and SECRET.encode() in path.read_bytes()]
    check_equal(found, [], "files with the passphrase")


sys.exit(main([
    ("--certificate starts Roundtable", starts_with_a_file),
    ("every kind of bad chain", every_kind),
    ("files that are none", no_file),
    ("a chain by keyboard", by_keyboard),
    ("a passphrase, wrong and right", asks_for_passphrase),
    ("a passphrase that is not known", passphrase_not_known),
    ("no root", no_root),
    ("a mesh of members", joins_members),
    ("a stranger", refuses_strangers),
    ("from an event to the certificates", event_leads_there),
    ("the settings", settings_show_it),
], deadline=150))
