# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the window share: a home of their own, processes that end
with the test, waiting for conditions, and TAP.

A test program runs in build-aux/headless, which gives it a display and a session
bus.  It is called with the paths of roundtable and drt:

    def opens(session): ...

    main("window", [("the window opens", opens)], deadline=60)
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import gi

gi.require_version("GLib", "2.0")
from gi.repository import GLib  # noqa: E402


class Failure(Exception):
    """Something was not as it must be; says what."""


def check(condition, what):
    if not condition:
        raise Failure(what)


def check_equal(actual, expected, what):
    if actual != expected:
        raise Failure(f"{what}: {actual!r}, not {expected!r}")


class Deadline:
    """The time by which all is over, whatever happens."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds
        signal.signal(signal.SIGALRM, self.over)
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
        signal.setitimer(signal.ITIMER_REAL, seconds)

    @staticmethod
    def over(_number, _frame):
        raise Failure("the time of this test program is over")


def wait_for(condition, what, seconds=10):
    """Run the main loop until condition() is true, which is returned.

    It is looked at after every event of the loop, and every 50 ms because not
    everything here is told by one.
    """
    context = GLib.MainContext.default()
    end = time.monotonic() + seconds
    source = GLib.timeout_source_new(50)
    source.set_callback(lambda *_: True)
    source.attach(context)
    try:
        while True:
            result = condition()
            if result:
                return result
            if time.monotonic() > end:
                raise Failure(f"after {seconds} s still not: {what}")
            context.iteration(True)
    finally:
        source.destroy()


def is_alive(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


def children_of(pid):
    """Process ids of the children of a process."""
    children = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            children.append(int(stat.parent.name))
    return children


class Process:
    """A program in the background; its output goes to a file."""

    def __init__(self, session, arguments, wrapper=(), **environment):
        self.name = pathlib.Path(arguments[0]).name
        self.log = session.directory / f"{self.name}-{len(session.processes)}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([*wrapper, *arguments], stdin=subprocess.PIPE, stdout=log, stderr=log,
                                            env={**session.environment, **environment})
        self.pid = self.process.pid
        session.processes.append(self)

    def pids(self):
        """Its process id, and where it was started by another program its children's."""
        return [self.pid, *children_of(self.pid)]

    def output(self):
        return self.log.read_text(errors="replace")

    def lines(self):
        """The JSON objects of its output so far."""
        found = []
        for line in self.output().split("\n")[:-1]:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def has_ended(self):
        return self.process.poll() is not None

    def wait_ended(self, seconds=10):
        wait_for(self.has_ended, f"{self.name} has ended", seconds)
        return self.process.returncode

    def stop(self):
        """For the end of a test: asks, and after three seconds no longer asks."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdin.close()


class Session:
    """A home directory of its own, and all that was started in it."""

    def __init__(self, roundtable, drt):
        self.roundtable = roundtable
        self.drt = drt
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="roundtable-ui."))
        self.processes = []
        self.environment = {
            **os.environ,
            "GSETTINGS_BACKEND": "keyfile",
            "LC_ALL": "C.UTF-8",
            "GTK_A11Y": "atspi",
            **{f"XDG_{name}_HOME": str(self.directory / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
        }

    @property
    def settings_file(self):
        return self.directory / "config" / "glib-2.0" / "settings" / "keyfile"

    @property
    def keys_file(self):
        return self.directory / "data" / "roundtable" / "keys.json"

    def write_settings(self, **values):
        """Settings as they are found at the start; names with _ for -."""
        lines = ["[io/github/roundtable_drt/Roundtable]"]
        lines += [f"{name.replace('_', '-')}={value}" for name, value in values.items()]
        self.settings_file.parent.mkdir(parents=True, exist_ok=True)
        self.settings_file.write_text("\n".join(lines) + "\n")

    def forget(self):
        """Back to the first start."""
        for name in ("config", "data", "state", "cache"):
            shutil.rmtree(self.directory / name, ignore_errors=True)

    def start(self, *arguments, wrapper=(), **environment):
        return Process(self, [str(argument) for argument in arguments], wrapper, **environment)

    def run(self, *arguments, seconds=20, wrapper=()):
        """Run a program to its end: (exit status, standard output, standard error)."""
        done = subprocess.run([*wrapper, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=seconds, env=self.environment, check=False)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def status(self):
        """(exit status, object) of roundtable --status --json, at any time after the
        window was there."""
        code, output, problem = self.run(self.roundtable, "--status", "--json")
        try:
            return code, json.loads(output)
        except ValueError:
            raise Failure(f"--status --json said “{output}” and “{problem}”, exit status {code}") from None

    def wait_status(self, what, condition, seconds=10):
        """The object of --status --json for which condition is true."""
        def look():
            _code, status = self.status()
            return status if condition(status) else None
        return wait_for(look, what, seconds)

    def close(self):
        for process in reversed(self.processes):
            process.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def check_quiet(process):
    """That no library complained about how it is used."""
    complaints = [line for line in process.output().split("\n") if re.search(r"-(CRITICAL|WARNING|ERROR) \*\*:", line)]
    check_equal(complaints, [], f"complaints of libraries in {process.name}")


def diagnose(session, failure):
    if isinstance(failure, Failure):
        text = str(failure)
    else:
        text = "".join(traceback.format_exception(failure))
    for process in session.processes:
        output = process.output()
        if output:
            text += f"\noutput of {process.name} ({process.pid}):\n{output[-4000:]}"
    window = getattr(session, "window", None)
    if window is not None and not window.process.has_ended():
        try:
            text += f"\nthe window:\n{window.dump()}"
        except Exception as problem:  # pylint: disable=broad-exception-caught
            text += f"\nthe window cannot be read: {problem}"
    for line in text.rstrip().split("\n"):
        print(f"# {line}", flush=True)


def main(cases, deadline):
    """Run the cases in their order; each takes the Session.

    A case builds on those before it: after the first that fails, the others are
    not tried.  A case that returns a text was skipped for that reason.
    """
    Deadline(deadline)
    session = Session(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    failed = False
    try:
        print(f"1..{len(cases)}", flush=True)
        for number, (name, case) in enumerate(cases, 1):
            begin = time.monotonic()
            try:
                reason = None if not failed else "a case before it failed"
                reason = reason or case(session)
            except Exception as failure:  # pylint: disable=broad-exception-caught
                failed = True
                print(f"not ok {number} - {name}", flush=True)
                diagnose(session, failure)
            else:
                print(f"ok {number} - {name}" + (f" # SKIP {reason}" if reason else ""), flush=True)
                print(f"# {time.monotonic() - begin:.1f} s", flush=True)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        session.close()
    return 1 if failed else 0
