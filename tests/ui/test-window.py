#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's way through the window, with keys alone: the demo mesh, its
neighbours, a key that another process finds, and what is left after a restart."""

import json
import os
import signal
import sys

from session import check, check_equal, check_quiet, children_of, is_alive, main, wait_for
from window import Role, State, Window

TEXT = "a key of the test"
PAYLOAD = "carried through the mesh"
NAME = "mine"


def start(session):
    session.app = session.start(session.roundtable, "--demo")
    session.window = Window(session.app)


def mesh_of(session):
    """The child that is the demo mesh."""
    children = [pid for pid in children_of(session.app.pid)
                if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "drt"]
    check_equal(len(children), 1, "processes of the demo mesh")
    return children[0]


def wait_registered(session, keys, seconds=10):
    return session.wait_status(f"{keys} keys are registered",
                               lambda status: (status["keys"], status["keys-registered"]) == (keys, keys), seconds)


def find_from_outside(session):
    """What drt search says of the key: (found, payload)."""
    _, status = session.status()
    code, output, problem = session.run(session.drt, "search", f"text:{TEXT}", "--bootstrap", status["addresses"][0], "--json")
    check(code in (0, 1), f"drt search worked: {problem}")
    results = [json.loads(line) for line in output.splitlines()]
    results = [result for result in results if result["event"] == "result"]
    return (True, results[0]["payload"]) if code == 0 and results else (False, None)


def show_keys(window):
    window.press("alt+4")
    window.wait("Registered keys", Role.LIST)


def becomes_active(session):
    start(session)
    session.window.wait("Active", Role.LABEL, seconds=20)
    window_sentence = "The node is part of the mesh: others answer it, and its keys can be found."
    session.window.wait(window_sentence, Role.LABEL)


def status_agrees(session):
    # One that it was not told of at first it learns of when it synchronises again
    session.wait_status("all 16 neighbours are there", lambda status: status["neighbours"] == 16, 45)
    code, status = session.status()
    check_equal(code, 0, "exit status of --status")
    check_equal(status["state"], "active", "state")
    check_equal(status["demo"], True, "demo")
    check_equal(status["keys"], 1, "keys")
    code, words, _ = session.run(session.roundtable, "--status")
    check_equal(code, 0, "exit status of --status in words")
    check("Active" in words and "Neighbours: 16" in words, f"--status in words says so: {words}")


def pages_by_keyboard(session):
    """The list of pages is one stop for Tab, and its arrows show what they come to."""
    window = session.window
    window.press("alt+1")
    window.walk_to("Overview", Role.LIST_ITEM)
    window.press("Down")
    window.wait("Ring", Role.GROUPING)
    window.wait_focused("Ring", Role.LIST_ITEM)
    window.press("Up")
    window.wait("Overview", Role.GROUPING)
    window.wait_focused("Overview", Role.LIST_ITEM)
    window.press("Tab")
    wait_for(lambda: window.focused() and window.focused().role != Role.LIST_ITEM, "Tab leaves the list")
    check(window.find("Overview", Role.LIST_ITEM).has(State.SELECTED), "the page shown is the page selected")


def lists_neighbours(session):
    window = session.window
    window.press("alt+3")
    window.wait("16 neighbours", Role.LABEL)
    rows = [node for node in window.find_all(role=Role.TABLE_ROW) if node.name.startswith("Key ") and node.description]
    check_equal(len({row.description for row in rows}), 16, "rows of the table with a key of their own")
    for row in rows:
        check(len(row.description) == 64, f"the whole key is told: {row.description}")
        check("Reachable" in row.name, f"its state is told: {row.name}")


def registers_by_keyboard(session):
    window = session.window
    window.press("ctrl+n")
    window.wait("Register a Key", Role.DIALOG)
    window.wait_focused("Text", Role.TEXT)
    window.write(TEXT)
    window.walk_to("Payload", Role.TEXT)
    window.write(PAYLOAD)
    window.wait(f"{len(PAYLOAD)} of 5120 bytes")
    window.walk_to("Name (Optional, Only for You)", Role.TEXT)
    window.write(NAME)
    window.press("Return")
    window.wait_gone("Register a Key", Role.DIALOG)
    show_keys(window)
    window.wait(NAME, Role.LIST_ITEM)
    wait_registered(session, 2)


def refuses_duplicate(session):
    window = session.window
    window.press("ctrl+n")
    window.wait("Register a Key", Role.DIALOG)
    window.wait_focused("Text", Role.TEXT)
    window.write(TEXT)
    window.wait(contains="registered here already")
    window.wait(contains="DRT_E_DUPLICATE_KEY")
    window.press("Escape")
    window.wait_gone("Register a Key", Role.DIALOG)
    check_equal(session.status()[1]["keys"], 2, "keys")


def is_found(session):
    check_equal(find_from_outside(session), (True, PAYLOAD), "what drt search finds")


def has_one_instance(session):
    code, _, problem = session.run(session.roundtable)
    check_equal(code, 0, f"exit status of the second one ({problem})")
    check(not session.app.has_ended(), "the first one goes on")
    check_equal(len(session.window.find_all("Roundtable", Role.FRAME)), 1, "windows")
    code, _, problem = session.run(session.roundtable, "--watch")
    check_equal(code, 1, "exit status of a second one with --watch")
    check("running already" in problem, f"it says why: {problem}")


def unregisters_and_undoes(session):
    window = session.window
    show_keys(window)
    window.walk_to(NAME, Role.LIST_ITEM)
    window.press("Delete")
    window.wait_gone(NAME, Role.LIST_ITEM)
    window.wait(f"Unregistered “{NAME}”")
    wait_registered(session, 1)
    check_equal(find_from_outside(session), (False, None), "what drt search finds after it was unregistered")
    window.walk_to("Undo", Role.BUTTON)
    window.press("space")
    window.wait(NAME, Role.LIST_ITEM)
    wait_registered(session, 2)
    check_equal(find_from_outside(session), (True, PAYLOAD), "what drt search finds after Undo")


def closes_and_opens(session):
    window = session.window
    window.walk_to("Node open", Role.CHECK_BOX)
    window.press("space")
    window.wait("Closed", Role.LABEL)
    code, status = session.status()
    check_equal((code, status["state"]), (1, "closed"), "status of the closed node")
    check_equal((status["keys"], status["keys-registered"]), (2, 0), "keys, and keys registered, of the closed node")
    show_keys(window)
    window.wait(NAME, Role.LIST_ITEM)
    window.walk_to("Node open", Role.CHECK_BOX)
    window.press("space")
    window.wait("Active", Role.LABEL, seconds=20)
    wait_registered(session, 2)
    check_equal(find_from_outside(session), (True, PAYLOAD), "what drt search finds after reopening")


def survives_the_mesh(session):
    window = session.window
    os.kill(mesh_of(session), signal.SIGKILL)
    window.wait("The demo mesh has ended", Role.LABEL)
    window.wait(NAME, Role.LIST_ITEM)
    session.wait_status("the node is alone", lambda status: status["state"] == "alone", 40)
    window.wait("Alone", Role.LABEL, seconds=1)
    check_equal(session.status()[1]["keys"], 2, "keys")
    window.wait(NAME, Role.LIST_ITEM)


def restarts_the_mesh(session):
    window = session.window
    window.walk_to("Restart", Role.BUTTON)
    window.press("space")
    window.wait_gone("The demo mesh has ended", Role.LABEL)
    window.wait("Active", Role.LABEL, seconds=20)
    wait_registered(session, 2)


def ends_the_mesh(session):
    mesh = mesh_of(session)
    show_keys(session.window)
    session.window.resize(900, 700)
    session.window.press("ctrl+w")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)
    wait_for(lambda: not is_alive(mesh), "the demo mesh has ended with the application", 5)
    code, output, _ = session.run(session.roundtable, "--status", "--json")
    check_equal((code, json.loads(output)), (2, {"state": "not-running"}), "status when it does not run")


def remembers(session):
    start(session)
    window = session.window
    wait_for(lambda: window.size() == (900, 700), "the window has its size again")
    window.wait(NAME, Role.LIST_ITEM)  # the page is Keys again, too
    window.wait("Active", Role.LABEL, seconds=20)
    wait_registered(session, 2)
    check_equal(find_from_outside(session), (True, PAYLOAD), "what drt search finds after the restart")


def ends_on_a_signal(session):
    mesh = mesh_of(session)
    os.kill(session.app.pid, signal.SIGTERM)
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)
    wait_for(lambda: not is_alive(mesh), "the demo mesh has ended with the application", 5)


sys.exit(main([
    ("the window opens on the demo mesh and becomes Active", becomes_active),
    ("--status agrees", status_agrees),
    ("the pages are gone through by keyboard", pages_by_keyboard),
    ("the 16 neighbours are listed", lists_neighbours),
    ("a key is registered with the keyboard alone", registers_by_keyboard),
    ("the same key a second time is refused at its field", refuses_duplicate),
    ("drt search in another process finds it with its payload", is_found),
    ("a second roundtable raises the one instance and ends", has_one_instance),
    ("a key is unregistered, and registered again by Undo", unregisters_and_undoes),
    ("the node is closed and opened by its switch and has its keys again", closes_and_opens),
    ("after the mesh was killed the window and the keys stay and the node is Alone", survives_the_mesh),
    ("the mesh is started again from the banner", restarts_the_mesh),
    ("closing the window ends the mesh", ends_the_mesh),
    ("keys, page and window size are there after a restart", remembers),
    ("SIGTERM ends the application and the mesh", ends_on_a_signal),
], deadline=110))
