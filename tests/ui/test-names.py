#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and dialog, wide and narrow: whatever can be acted on has a name
for somebody who does not see it."""

import sys

from session import check_equal, check_quiet, main
from window import INTERACTIVE, Role, State, Window

PAGES = ("Overview", "Ring", "Neighbours", "Keys", "Search")


def nameless(window):
    """Where the shown things without a name are."""
    return [node.place() for node in window.nodes()
            if (node.role in INTERACTIVE or node.role == Role.LIST or (node.role == Role.LIST_ITEM and node.has(State.FOCUSABLE)))
            and not node.is_labelled()]


def check_names(window, where):
    check_equal(nameless(window), [], f"without a name {where}")


def first_start(session):
    session.app = session.start(session.roundtable)
    session.window = Window(session.app)
    session.window.wait("Try the Demo Mesh", Role.BUTTON)
    check_names(session.window, "at the first start")


def main_menu(session):
    window = session.window
    window.press("F10")
    window.wait("Main Menu", Role.MENU)
    check_names(window, "in the main menu")
    window.press("Escape")
    window.wait_gone("Main Menu", Role.MENU)
    window.walk_to("Try the Demo Mesh", Role.BUTTON)
    window.press("Return")
    window.wait("Active", Role.LABEL, seconds=20)


def show_page(window, page):
    window.press(f"alt+{PAGES.index(page) + 1}")
    window.wait(page, Role.GROUPING)


def pages(session):
    for page in PAGES:
        show_page(session.window, page)
        check_names(session.window, f"on {page}")


def neighbours(session):
    window = session.window
    show_page(window, "Neighbours")
    window.wait(contains="Reachable", role=Role.TABLE_ROW)
    window.press("ctrl+f")
    window.wait_focused("Search Neighbours", Role.ENTRY)
    window.walk_to("Columns and Order", Role.TOGGLE_BUTTON)
    window.press("space")
    window.wait("Columns and Order", Role.MENU)
    check_names(window, "in the menu of columns")
    window.press("Escape")
    window.wait_gone("Columns and Order", Role.MENU)
    window.walk_to("Details", Role.TOGGLE_BUTTON)
    window.press("Tab")
    window.wait_focused(role=Role.TABLE_ROW)
    window.press("Down", "Return")
    window.wait("Look Up This Key", Role.BUTTON)
    check_names(window, "beside the details of a neighbour")
    window.press("Escape")


def search(session):
    window = session.window
    show_page(window, "Search")
    window.press("ctrl+f")
    window.wait_focused("64 Hexadecimal Digits", Role.TEXT)
    window.write("12" * 32)
    window.press("Return")
    window.wait(contains="Not found, after", role=Role.LABEL, seconds=15)
    check_names(window, "beside the result of a search")


def dialog(window, title, keys, role=Role.DIALOG):
    window.press(*keys)
    window.wait(title, role)
    check_names(window, f"in {title}")


def close_dialog(window, title, role=Role.DIALOG):
    window.press("Escape")
    window.wait_gone(title, role)


def register_dialog(session):
    window = session.window
    dialog(window, "Register a Key", ["ctrl+n"])
    for form in ("Random", "Hex"):
        window.find(form, Role.RADIO_BUTTON).activate()
        check_names(window, f"for a {form} key")
    close_dialog(window, "Register a Key")


def settings_dialog(session):
    window = session.window
    dialog(window, "Mesh Settings", ["ctrl+comma"])
    close_dialog(window, "Mesh Settings")


def key_dialogs(session):
    window = session.window
    show_page(window, "Keys")
    window.walk_to("Demo", Role.LIST_ITEM)
    dialog(window, "Demo", ["Return"])
    close_dialog(window, "Demo")
    window.wait_focused("Demo", Role.LIST_ITEM)
    dialog(window, "Rename Key", ["F2"], Role.ALERT)
    close_dialog(window, "Rename Key", Role.ALERT)


def help_dialogs(session):
    window = session.window
    window.press("ctrl+question")
    window.wait("Search Shortcuts")
    check_names(window, "in the shortcuts")
    window.press("Escape")
    window.wait_gone("Search Shortcuts")
    window.take_focus()


def narrow(session):
    window = session.window
    window.resize(360, 640)
    for page in PAGES:
        show_page(window, page)
        check_names(window, f"on {page} at 360 pixels")


def ends(session):
    session.window.press("ctrl+q")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)


sys.exit(main([
    ("first start", first_start),
    ("main menu", main_menu),
    ("pages", pages),
    ("neighbours", neighbours),
    ("search", search),
    ("register a key", register_dialog),
    ("mesh settings", settings_dialog),
    ("a key's dialogs", key_dialogs),
    ("keyboard shortcuts", help_dialogs),
    ("360 pixels", narrow),
    ("the end", ends),
], deadline=80))
