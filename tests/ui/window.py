# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as somebody has it who does not see it and has no mouse: it is read
over the accessibility bus and driven by keys."""

import math
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

from session import Failure, check, wait_for  # noqa: E402

Role = Atspi.Role
State = Atspi.StateType

ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE = "org.a11y.atspi.Accessible"
TIMEOUT = 5000

# What a person can act on or write into
INTERACTIVE = {int(role) for role in (
    Role.BUTTON, Role.TOGGLE_BUTTON, Role.CHECK_BOX, Role.RADIO_BUTTON, Role.SWITCH, Role.ENTRY, Role.PASSWORD_TEXT,
    Role.TEXT, Role.COMBO_BOX, Role.SPIN_BUTTON, Role.SLIDER, Role.LINK, Role.PAGE_TAB, Role.MENU_ITEM,
    Role.CHECK_MENU_ITEM, Role.RADIO_MENU_ITEM)}


def connect():
    """The accessibility bus of this session."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    (address,) = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None,
                                   Gio.DBusCallFlags.NONE, 20000, None).unpack()
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


class Node:
    """One accessible object, as it was when it was read."""

    def __init__(self, window, path, role, name, description, states):
        self.window = window
        self.path = path
        self.role = role
        self.name = name
        self.description = description
        self.states = states[0] | states[1] << 32
        self.parent = None
        self.children = []

    def has(self, state):
        return bool(self.states >> int(state) & 1)

    def __str__(self):
        name = self.name if len(self.name) < 80 else f"{self.name[:80]}…"
        return f"{Role(self.role).value_nick} “{name}”"

    def place(self):
        """Where it is, in words."""
        named = []
        node = self
        while node.parent is not None:
            if node.name or node is self:
                named.append(str(node))
            node = node.parent
        return " in ".join(named)

    def below(self):
        """It and all in it, from the top down."""
        yield self
        for child in self.children:
            yield from child.below()

    def is_labelled(self):
        """Whether it has a name, or something else is told to be its name: so the
        toolkit names the items of menus."""
        if self.name.strip():
            return True
        (relations,) = self.window.call(self.path, ACCESSIBLE, "GetRelationSet")
        return any(kind == Atspi.RelationType.LABELLED_BY for kind, _targets in relations)

    def text(self):
        """What is written in it."""
        interface = "org.a11y.atspi.Text"
        count = self.window.get_property(self.path, interface, "CharacterCount")
        return self.window.call(self.path, interface, "GetText", GLib.Variant("(ii)", (0, count)))[0]

    def set_text(self, text):
        """As dictation writes: all at once."""
        check(self.window.call(self.path, "org.a11y.atspi.EditableText", "SetTextContents",
                               GLib.Variant("(s)", (text,)))[0], f"{self} can be written into")

    def activate(self):
        """As an assistive technology presses it."""
        check(self.window.call(self.path, "org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (0,)))[0],
              f"{self} can be activated")


class Window:
    """The window of one process."""

    def __init__(self, process, title="Roundtable"):
        self.process = process
        self.bus = connect()
        self.name = wait_for(self._find_name, "the application is on the accessibility bus", 20)
        wait_for(self._is_shown, "the window is shown", 20)
        self.identifier = wait_for(lambda: self._find_identifier(title), "the window is on the display")
        self.take_focus()

    def call(self, path, interface, method, parameters=None, name=None):
        return self.bus.call_sync(name or self.name, path, interface, method, parameters, None,
                                  Gio.DBusCallFlags.NONE, TIMEOUT, None).unpack()

    def get_property(self, path, interface, name):
        return self.call(path, "org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (interface, name)))[0]

    def _find_name(self):
        if self.process.has_ended():
            raise Failure(f"it ended, exit status {self.process.process.returncode}")
        try:
            (applications,) = self.call(ROOT, ACCESSIBLE, "GetChildren", name="org.a11y.atspi.Registry")
            for name, _path in applications:
                (pid,) = self.call("/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                                   GLib.Variant("(s)", (name,)), name="org.freedesktop.DBus")
                if pid in self.process.pids():
                    return name
        except GLib.Error:
            pass  # one of them ended just now
        return None

    def _is_shown(self):
        try:
            return self.find(role=Role.FRAME)
        except GLib.Error:
            return None  # it is on the bus, and does not answer yet

    def _find_identifier(self, title):
        # Where the pointer is at first a tooltip may open, which is a window of the same name
        subprocess.run(["xdotool", "mousemove", "1599", "1199"], check=True, timeout=10)
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"],
                               capture_output=True, text=True, check=False, timeout=10).stdout.split()
        return max(found, key=self._area) if found else None

    def _area(self, identifier):
        try:
            return math.prod(self.size(identifier))
        except subprocess.CalledProcessError:
            return 0  # it has gone

    def take_focus(self):
        """There is no window manager that would give it.  The pointer is out of the way."""
        subprocess.run(["xdotool", "mousemove", "1599", "1199"], check=True, timeout=10)
        # A window that is known by name may not be on the screen yet.
        wait_for(lambda: subprocess.run(["xdotool", "windowfocus", "--sync", self.identifier], check=False,
                                        capture_output=True, timeout=10).returncode == 0,
                 "the window takes the focus")

    def size(self, identifier=None):
        output = subprocess.run(["xdotool", "getwindowgeometry", "--shell", identifier or self.identifier],
                                capture_output=True, text=True, check=True, timeout=10).stdout
        geometry = dict(line.split("=") for line in output.split())
        return int(geometry["WIDTH"]), int(geometry["HEIGHT"])

    def resize(self, width, height):
        subprocess.run(["xdotool", "windowsize", self.identifier, str(width), str(height)], check=True, timeout=10)
        wait_for(lambda: self.size() == (width, height), f"the window is {width} × {height}")

    @staticmethod
    def press(*keys):
        """Keys by their names, one after the other."""
        subprocess.run(["xdotool", "key", "--clearmodifiers", "--delay", "15", *keys], check=True, timeout=20)

    @staticmethod
    def write(text):
        subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "4", text], check=True, timeout=60)

    def _get_items(self):
        """All that the application ever told somebody and that is still there."""
        (items,) = self.call("/org/a11y/atspi/cache", "org.a11y.atspi.Cache", "GetItems")
        nodes = {}
        children = {}
        for (_, path), _, (_, parent), index, count, _, name, role, description, states in items:
            nodes[path] = Node(self, path, role, name, description, states), count
            children.setdefault(parent, []).append((index, path))
        return nodes, {parent: [path for _, path in sorted(paths)] for parent, paths in children.items()}

    def _link(self, nodes, children):
        """Hang together what is there; returns whether something is new and not yet read."""
        complete = True
        todo = [ROOT]
        while todo:
            node, count = nodes[todo.pop()]
            paths = children.get(node.path, [])
            if len(paths) != count:
                # Some of them are new, or not shown any more
                try:
                    paths = [path for _name, path in self.call(node.path, ACCESSIBLE, "GetChildren")[0]]
                except GLib.Error:
                    paths = []  # it went away meanwhile
            complete = complete and all(path in nodes for path in paths)
            for path in paths:
                if path in nodes and nodes[path][0].parent is None and path != ROOT:
                    nodes[path][0].parent = node
                    node.children.append(nodes[path][0])
                    todo.append(path)
        return complete

    def read(self):
        """The tree as it is now."""
        for _ in range(60):
            nodes, children = self._get_items()
            if self._link(nodes, children):
                break
        return nodes[ROOT][0]

    def nodes(self):
        """All that is shown, from the top down."""
        todo = [self.read()]
        while todo:
            node = todo.pop()
            if node.has(State.SHOWING) or node.role == Role.FRAME or node.parent is None:
                yield node
                todo += reversed(node.children)

    def find_all(self, name=None, role=None, contains=None):
        return [node for node in self.nodes()
                if (name is None or node.name == name)
                and (role is None or node.role == role)
                and (contains is None or contains in node.name or contains in node.description)]

    def find(self, name=None, role=None, contains=None):
        found = self.find_all(name, role, contains)
        return found[0] if found else None

    def wait(self, name=None, role=None, contains=None, seconds=10):
        what = f"there is “{name or contains or ''}”" + (f" ({role.value_nick})" if role else "")
        return wait_for(lambda: self.find(name, role, contains), what, seconds)

    def wait_gone(self, name=None, role=None, contains=None, seconds=10):
        what = f"“{name or contains or ''}” has gone" + (f" ({role.value_nick})" if role else "")
        wait_for(lambda: not self.find(name, role, contains), what, seconds)

    def focused(self):
        found = [node for node in self.nodes() if node.has(State.FOCUSED)]
        return found[-1] if found else None

    def wait_focused(self, name=None, role=None, seconds=10):
        def look():
            node = self.focused()
            return node if node and name in (None, node.name) and role in (None, node.role) else None
        try:
            return wait_for(look, f"“{name or ''}” has the focus", seconds)
        except Failure as failure:
            raise Failure(f"{failure}; it is at {self.focused()}") from None

    def walk_to(self, name, role=None, key="Tab", limit=40):
        """Press a key until something has the focus, as a person does, who waits for a dialog to have come or gone."""
        try:
            self.wait_focused(seconds=2)
        except Failure:
            pass  # the key finds a place
        seen = []
        for _ in range(limit):
            node = self.focused()
            if node and node.name == name and role in (None, node.role):
                return node
            seen.append(str(node))
            self.press(key)
            self._wait_moved(node)
        raise Failure(f"{key} does not come to “{name}”; it came by {', '.join(seen)}")

    def _wait_moved(self, before):
        def moved():
            now = self.focused()
            return now and (before is None or now.path != before.path)
        try:
            wait_for(moved, "the focus moves", 1)
        except Failure:
            pass  # a place that takes the key itself

    def latency(self):
        """Seconds that the main loop takes to answer one question."""
        begin = time.monotonic()
        self.get_property(ROOT, ACCESSIBLE, "Name")
        return time.monotonic() - begin

    def dump(self):
        """The tree as text: what a failed test shows."""
        lines = []

        def add(node, depth):
            if not node.has(State.SHOWING) and node.parent is not None and node.role != Role.FRAME:
                return
            if node.name or node.role in INTERACTIVE or node.has(State.FOCUSABLE):
                marks = "".join(mark for state, mark in ((State.FOCUSED, "*"), (State.FOCUSABLE, "+"), (State.CHECKED, "x"))
                                if node.has(state))
                lines.append(f"{'  ' * depth}{node} {marks} {node.description}")
                depth += 1
            for child in node.children:
                add(child, depth)
        add(self.read(), 0)
        return "\n".join(lines)
