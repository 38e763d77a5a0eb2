#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mesh authority from its making to a revoked member, two persons on one
computer: links, QR code, requests and certificates go from hand to hand as files."""

import json
import stat
import subprocess
import sys
import time

from gi.repository import GLib

from session import Failure, check, check_equal, check_quiet, main, wait_for
from window import Role, State, Window

PASSPHRASE = "correct horse battery staple"
FILE_PASSPHRASE = "a passphrase for the file"
NAME = "Chess Club"
INVALID = "roundtable://join?v=1&name=nothing"


def start(session, *arguments):
    session.app = session.start(session.roundtable, *arguments)
    session.window = Window(session.app)


def menu(window, mnemonic):
    window.press("F10")
    window.wait("Main Menu", Role.MENU)
    window.press(mnemonic)


def write_field(window, name, text):
    window.walk_to(name, Role.TEXT)
    window.press("ctrl+a")
    window.write(text)


def press_button(window, name):
    """A button as an assistive technology presses it; a row that is one has no
    action there, and is walked to."""
    try:
        window.wait(name, Role.BUTTON).activate()
    except GLib.Error:
        window.walk_to(name, Role.BUTTON)
        window.press("Return")


def save_as(session, path):
    """What the file chooser is told: it is a window of its own, without a portal."""
    window = session.window
    window.wait("Name:", Role.TEXT).set_text(str(path))
    press_button(window, "Save")
    wait_for(path.exists, f"{path.name} was written")
    window.wait_gone("Create Folder")
    window.take_focus()


def choose(session, title, path):
    """A file that was saved before is in the chooser's list of recent ones."""
    window = session.window
    window.wait(title, Role.DIALOG)
    chooser = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"],
                             capture_output=True, text=True, check=True, timeout=10).stdout.split()[-1]
    label = window.wait(path.name, Role.LABEL)
    x, y, width, height = window.call(label.path, "org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (1,)))[0]
    subprocess.run(["xdotool", "mousemove", "--window", chooser, str(x + width // 2), str(y + height // 2),
                    "click", "--repeat", "2", "--delay", "60", "1"], check=True, timeout=10)
    window.wait_gone(title, Role.DIALOG)
    window.take_focus()


def create(session):
    start(session)
    window = session.window
    # From the first page: who wants members wants an authority
    window.walk_to("Start a New Mesh…", Role.BUTTON)
    window.press("Return")
    window.wait("Who May Be in the Mesh?", Role.ALERT)
    window.press("Return")
    window.wait("No Authority Yet", Role.LABEL)
    press_button(window, "Create an Authority…")
    window.wait_focused("Name of the Authority", Role.TEXT)
    window.write(NAME)
    write_field(window, "Passphrase", PASSPHRASE)
    write_field(window, "Repeat Passphrase", PASSPHRASE)
    window.press("Return")
    window.wait("Invite Somebody…", Role.BUTTON, seconds=20)
    authorities = session.directory / "data" / "roundtable" / "authorities"
    (directory,) = authorities.iterdir()
    session.authority = directory
    check("ENCRYPTED PRIVATE KEY" in (directory / "authority.pem").read_text(), "the private key is encrypted")


def invite(session):
    """The QR code holds the link; the fingerprint is that of the certificate."""
    window = session.window
    press_button(window, "Invite Somebody…")
    window.wait("QR code of the invitation")
    write_field(window, "Addresses of Nodes, Separated by Spaces", "[2001:db8::1]:4711")
    link = wait_for(lambda: next((node.name for node in window.find_all(role=Role.LABEL)
                                  if node.name.startswith("roundtable:") and "4711" in node.name), None), "the link is shown")
    session.link = link
    window.walk_to("Save QR Code", Role.TOGGLE_BUTTON, key="shift+Tab")
    window.press("space")
    window.wait("Save QR Code", Role.MENU)
    window.press("p")
    png = session.directory / "code.png"
    save_as(session, png)
    read = subprocess.run(["zbarimg", "--quiet", "--raw", "--set", "*.enable=0", "--set", "qrcode.enable=1", str(png)],
                          capture_output=True, text=True, check=False, timeout=30)
    check_equal(read.stdout.strip(), link, "what zbarimg reads in the picture")
    code, output, problem = session.run("openssl", "x509", "-in", session.authority / "certificate.pem", "-noout",
                                        "-fingerprint", "-sha256")
    check_equal(code, 0, f"openssl reads the certificate ({problem})")
    fingerprint = output.strip().split("=")[1].replace(":", "")
    shown = [node.text() for node in window.find_all("Of the Authority", Role.LABEL)]
    check(any("".join(text.split()) == fingerprint for text in shown), f"the fingerprint {fingerprint} is shown: {shown}")


def issue(session):
    window = session.window
    window.press("alt+Left")
    window.wait("Issue a Certificate", Role.TOGGLE_BUTTON)
    window.wait("Issue a Certificate", Role.TOGGLE_BUTTON)
    window.walk_to("Issue a Certificate", Role.TOGGLE_BUTTON)
    window.press("space")
    window.wait(role=Role.MENU)
    window.press("Return")
    window.wait_focused("Name of the Member", Role.TEXT)
    window.write("alice")
    write_field(window, "Passphrase", FILE_PASSPHRASE)
    write_field(window, "Repeat Passphrase", FILE_PASSPHRASE)
    window.press("Return")
    path = session.directory / "alice.p12"
    save_as(session, path)
    check_equal(stat.S_IMODE(path.stat().st_mode), 0o600, "mode of the file with the key")
    window.wait("alice", Role.LIST_ITEM)
    code, _, problem = session.run("openssl", "pkcs12", "-in", path, "-passin", f"pass:{FILE_PASSPHRASE}", "-noout")
    check_equal(code, 0, f"openssl opens the PKCS#12 file ({problem})")


def revoke(session):
    window = session.window
    window.walk_to("alice", Role.LIST_ITEM)
    window.press("Return")
    press_button(window, "Revoke…")
    window.wait("Revoke “alice”?", Role.ALERT)
    press_button(window, "Revoke")
    window.wait("Revoked", Role.LABEL)
    window.wait_focused("State", Role.LIST_ITEM)
    code, output, problem = session.run("openssl", "crl", "-in", session.authority / "revoked.pem", "-noout", "-text")
    check_equal(code, 0, f"openssl reads the revoke list ({problem})")
    members = json.loads((session.authority / "members.json").read_text())["members"]
    check(members[0]["revoked"] > time.time() - 600, "members.json says when")
    check("Serial Number" in output, "the list has the certificate")


def no_secrets(session):
    """All that is kept is for its owner alone, and no passphrase is in any log."""
    for path in (session.directory / "data" / "roundtable").rglob("*"):
        check_equal(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, f"what others may do to {path}")
    window = session.window
    # Escape first dismisses the toast while there is one
    window.wait_gone("Dismiss", Role.BUTTON)
    window.press("alt+Left")
    window.wait_focused("Invite Somebody…")
    window.press("alt+Left")
    window.walk_to(NAME, Role.LIST_ITEM)
    window.press("Escape")
    window.wait_gone("Mesh Authority", Role.DIALOG)
    window.press("ctrl+q")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)
    for process in session.processes:
        check(PASSPHRASE not in process.output() and FILE_PASSPHRASE not in process.output(), "a log holds a passphrase")
        check("PRIVATE KEY" not in process.output(), "a log holds a key")


def wrong_link(session):
    code, _, problem = session.run(session.roundtable, "nonsense")
    check_equal(code, 1, "exit status with what is no link")
    check("link of an invitation" in problem, f"it says why: {problem}")
    start(session, INVALID)
    window = session.window
    window.wait("Accept an Invitation", Role.LABEL)
    window.wait(contains="invitation is", role=Role.LABEL)
    check(not window.find("Compare First"), "there is nothing to compare")
    check(not window.find("Accept", Role.BUTTON).has(State.SENSITIVE), "it cannot be accepted")
    window.press("Escape")


def accept(session):
    """A second start hands the link to the window that is there."""
    window = session.window
    window.wait_gone("Accept an Invitation", Role.LABEL)
    code, _, problem = session.run(session.roundtable, session.link)
    check_equal(code, 0, f"exit status with a link ({problem})")
    window.take_focus()
    window.wait("Compare First", Role.LABEL)
    window.wait("You", Role.LABEL)
    write_field(window, "Your Name in the Mesh", "bob")
    window.walk_to("It Is the Same", key="shift+Tab")
    window.press("space")
    press_button(window, "Accept")
    window.wait("1. Send the Request", Role.LABEL)
    (waiting,) = (session.directory / "data" / "roundtable" / "joins").iterdir()
    session.request = waiting / "request.pem"
    press_button(window, "Save Request…")
    session.file = session.directory / "bob.pem"
    save_as(session, session.file)
    check_equal(session.file.read_text(), session.request.read_text(), "what was saved")
    check("PRIVATE" not in session.file.read_text(), "the request holds no key")


def join(session):
    """The authority answers with the command line; the mesh settings become those of the invitation."""
    window = session.window
    secret = session.directory / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    code, _, problem = session.run(session.drt, "cert", "issue", "--authority", session.authority / "authority.pem",
                                   "--passphrase-file", secret, "--request", session.request, "--out", session.file, "--force")
    if code != 0:
        raise Failure(f"drt cert issue: {problem}")
    press_button(window, "I Have My Certificate…")
    choose(session, "Choose Your Certificate", session.file)
    wait_for(lambda: "local-certificate" in session.settings_file.read_text(), "the settings name the certificate", 20)
    settings = session.settings_file.read_text()
    check("security-provider='derived-key'" in settings, f"the provider is the derived key's: {settings}")
    check("[2001:db8::1]:4711" in settings, "the node of the invitation is in the settings")
    joins = session.directory / "data" / "roundtable" / "joins"
    wait_for(lambda: not list(joins.iterdir()), "the invitation has done its work")
    for path in (session.directory / "data" / "roundtable" / "certificates").iterdir():
        check_equal(stat.S_IMODE(path.stat().st_mode), 0o600, f"mode of {path.name}")


def starts_mesh(session):
    """Nobody else is in it: its first node registers its own key, or it would answer nobody."""
    window = session.window
    window.take_focus()
    menu(window, "t")
    window.wait(NAME, Role.LIST_ITEM)
    window.walk_to(NAME, Role.LIST_ITEM)
    window.press("Return")
    press_button(window, "Start Its Mesh Here…")
    window.wait_focused("Passphrase", Role.TEXT)
    window.write(PASSPHRASE)
    window.press("Return")
    window.wait("Mesh Settings", Role.DIALOG, seconds=20)
    window.wait(contains="registers the key of its certificate")
    window.walk_to("Apply", Role.BUTTON, key="shift+Tab")
    window.press("Return")
    window.wait_gone("Mesh Settings", Role.DIALOG)
    window.wait(contains="others can join it now")
    window.wait(contains="was registered", role=Role.LIST_ITEM)
    keys = json.loads(session.keys_file.read_text())["keys"]
    check_equal(len(keys), 1, f"keys that are kept for the next time: {keys}")


def ends(session):
    session.window.take_focus()
    session.window.press("ctrl+q")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)


sys.exit(main([
    ("an authority is made", create),
    ("somebody is invited; the QR code holds the link", invite),
    ("a certificate is issued as PKCS#12", issue),
    ("it is revoked", revoke),
    ("nothing of it is for others, and no log holds a secret", no_secrets),
    ("a wrong link says so", wrong_link),
    ("a link is accepted, and a request saved", accept),
    ("the certificate joins the mesh", join),
    ("its mesh is started, with a key that answers", starts_mesh),
    ("the end", ends),
], deadline=140))
