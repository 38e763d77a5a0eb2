#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What "meson install" leaves behind is all there, and runs from there.

test-install.py ROUNDTABLE DRT MESON BUILD PREFIX LIBDIR SOURCE VERSION: ROUNDTABLE
and DRT are where they get installed.  They are installed below a temporary
directory, which then takes the place of the prefix, for the programs of this test
alone.
"""

import configparser
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "ui"))

# pylint: disable=wrong-import-position
from session import check, check_equal, check_quiet, children_of, main  # noqa: E402
from window import Role, Window  # noqa: E402

APP_ID = "io.github.roundtable_drt.Roundtable"
MESON, BUILD, PREFIX, LIBDIR, SOURCE, VERSION = sys.argv[3:9]

# In a mount namespace the installed tree lies over the prefix
OVER_PREFIX = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


def installs(session):
    destination = session.directory / "destination"
    code, output, problem = session.run(MESON, "install", "--no-rebuild", "--quiet", "-C", BUILD, "--destdir", destination,
                                        seconds=60)
    check_equal(code, 0, f"exit status of meson install ({output}{problem})")
    session.installed = pathlib.Path(f"{destination}{PREFIX}")
    schemas = session.installed / "share/glib-2.0/schemas"
    # With a destination meson leaves this to whoever makes the package
    code, _, problem = session.run("glib-compile-schemas", "--strict", schemas)
    check_equal(code, 0, f"exit status of glib-compile-schemas ({problem})")


def has_files(session):
    installed = session.installed
    libdir = pathlib.Path(LIBDIR).relative_to(PREFIX)
    for name in ("bin/roundtable", "bin/drt", f"{libdir}/libdrt.so", f"{libdir}/pkgconfig/libdrt.pc",
                 f"{libdir}/wireshark/plugins/drt.lua", "include/drt/drt.h",
                 f"share/metainfo/{APP_ID}.metainfo.xml", f"share/glib-2.0/schemas/{APP_ID}.gschema.xml",
                 f"share/icons/hicolor/scalable/apps/{APP_ID}.svg",
                 f"share/icons/hicolor/symbolic/apps/{APP_ID}-symbolic.svg", "share/man/man1/drt.1"):
        check((installed / name).is_file(), f"there is {name}")
    for program in ("roundtable", "drt"):
        check(os.access(installed / "bin" / program, os.X_OK), f"{program} can be executed")


def read_ini(path):
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def has_launchers(session):
    desktop_file = session.installed / f"share/applications/{APP_ID}.desktop"
    code, output, _ = session.run("desktop-file-validate", desktop_file)
    check_equal((code, output), (0, ""), "desktop-file-validate")
    entry = read_ini(desktop_file)["Desktop Entry"]
    check_equal((entry["Exec"], entry["Icon"], entry["DBusActivatable"]), ("roundtable %u", APP_ID, "true"), "desktop entry")
    service = read_ini(session.installed / f"share/dbus-1/services/{APP_ID}.service")["D-BUS Service"]
    check_equal(service["Name"], APP_ID, "name of the service")
    check_equal(service["Exec"], f"{PREFIX}/bin/roundtable --gapplication-service", "what the service executes")


def finds_prefix(session):
    """From here on programs see the installed tree at its place."""
    data = f"{PREFIX}/share:/usr/local/share:/usr/share"
    session.environment["XDG_DATA_DIRS"] = data
    for name in ("GSETTINGS_SCHEMA_DIR", "LD_LIBRARY_PATH"):
        session.environment.pop(name, None)
    for unshare in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        session.wrapper = [*unshare, "sh", "-c", OVER_PREFIX, "sh", str(session.installed), PREFIX]
        if pathlib.Path(PREFIX).is_dir() and session.run("true", wrapper=session.wrapper)[0] == 0:
            return None
    session.wrapper = None
    return "no mount namespaces here"


def tells_versions(session):
    if session.wrapper is None:
        return "no mount namespaces here"
    for program, words in ((session.drt, f"drt {VERSION}"), (session.roundtable, f"Roundtable {VERSION}")):
        code, output, problem = session.run(program, "--version", wrapper=session.wrapper)
        check_equal((code, output.split("\n")[0]), (0, words), f"{program} --version ({problem})")
    code, output, _ = session.run(session.roundtable, "--status", "--json", wrapper=session.wrapper)
    check_equal((code, json.loads(output)), (2, {"state": "not-running"}), "status when it does not run")
    return None


def runs(session):
    if session.wrapper is None:
        return "no mount namespaces here"
    session.app = session.start(session.roundtable, "--demo", wrapper=session.wrapper)
    session.window = Window(session.app)
    session.window.wait("Active", Role.BUTTON, seconds=20)
    check_equal(os.readlink(f"/proc/{session.app.pid}/exe"), str(session.roundtable), "the program")
    maps = pathlib.Path(f"/proc/{session.app.pid}/maps").read_text(encoding="utf-8")
    check(f"{LIBDIR}/libdrt.so" in maps, "its library is the installed one")
    programs = [os.readlink(f"/proc/{pid}/exe") for pid in children_of(session.app.pid)]
    check(str(session.drt) in programs, f"its demo mesh is the installed one: {programs}")
    code, output, problem = session.run(session.roundtable, "--status", "--json", wrapper=session.wrapper)
    check_equal((code, json.loads(output)["state"]), (0, "active"), f"status ({problem})")
    session.window.press("ctrl+q")
    check_equal(session.app.wait_ended(), 0, "exit status")
    check_quiet(session.app)
    return None


def is_activated(session):
    """A session bus that finds the service file starts it when it is asked for."""
    if session.wrapper is None:
        return "no mount namespaces here"
    script = f"""
      gdbus call --session --timeout 20 --dest {APP_ID} --object-path /{APP_ID.replace(".", "/")} \\
        --method org.freedesktop.Application.Activate '{{}}' >/dev/null || exit 1
      {PREFIX}/bin/roundtable --status --json; echo "exit status $?"
      gdbus call --session --timeout 20 --dest {APP_ID} --object-path /{APP_ID.replace(".", "/")} \\
        --method org.freedesktop.Application.ActivateAction quit '[]' '{{}}' >/dev/null
    """
    activation = session.start("dbus-run-session", "--", "sh", "-c", script, wrapper=session.wrapper, GTK_A11Y="none")
    check_equal(activation.wait_ended(40), 0, "exit status")
    output = activation.output()
    # The bus says something as well
    check('"state":"closed"' in output and "exit status 1\n" in output, f"it was started: {output}")
    return None


def compiles(session):
    """A program of somebody else, by pkg-config alone."""
    if session.wrapper is None:
        return "no mount namespaces here"
    program = session.directory / "two-nodes"
    script = (f'flags=$(pkg-config --cflags --libs libdrt) && cc -std=c11 $RT_TEST_CFLAGS -o "$1" "$2" $flags "-Wl,-rpath,{LIBDIR}" && "$1"')
    session.environment["PKG_CONFIG_PATH"] = f"{LIBDIR}/pkgconfig"
    code, output, problem = session.run("sh", "-c", script, "sh", program, f"{SOURCE}/tests/example/two-nodes.c",
                                        wrapper=session.wrapper, seconds=40)
    check_equal(code, 0, f"exit status ({output}{problem})")
    check("Hello, mesh" in output, f"it found the key: {output}")
    return None


sys.exit(main([
    ("meson install", installs),
    ("files", has_files),
    ("desktop entry and service", has_launchers),
    ("in its prefix", finds_prefix),
    ("versions and status", tells_versions),
    ("the window", runs),
    ("activation over D-Bus", is_activated),
    ("a program with the library", compiles),
], deadline=110))
