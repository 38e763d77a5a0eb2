# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests in networks of their own share: hosts, links, processes that end
with the test, waiting for lines, and TAP.

A host is a network namespace without a name: it is gone when the test is.  A test
program is called with the path of drt:

    def joins(network): ...

    main("lan", [("a node joins", joins)], deadline=60)
"""

import ctypes
import json
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

SPEED = 2   # what "at once" may take here, in seconds

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class Failure(Exception):
    """Something was not as it must be; says what."""


def check(condition, what):
    if not condition:
        raise Failure(what)


def check_equal(actual, expected, what):
    if actual != expected:
        raise Failure(f"{what}: {actual!r}, not {expected!r}")


class Process:
    """A process whose lines of output are waited for, each with its time."""
    stdin = subprocess.DEVNULL

    def __init__(self, network, host, command, environment=None):
        self.name = " ".join(command)
        self.lines = queue.Queue()
        self.read = []
        self.errors = tempfile.TemporaryFile(dir=network.directory)
        self.popen = subprocess.Popen(command, stdin=self.stdin, stdout=subprocess.PIPE,
                                      stderr=self.errors,
                                      preexec_fn=lambda: host.enter_for_child(), text=True,
                                      env={**os.environ, **(environment or {})})
        self.reader = threading.Thread(target=self.take_lines, daemon=True)
        self.reader.start()

    def take_lines(self):
        for line in self.popen.stdout:
            self.lines.put((time.monotonic(), line.rstrip("\n")))
        self.lines.put((time.monotonic(), None))

    def wait_line(self, test, what, seconds):
        """The first line from here on that test() accepts, and when it came."""
        end = time.monotonic() + seconds
        while True:
            try:
                at, line = self.lines.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise Failure(f"{self.name}: after {seconds} s still not: {what}\n{self.tail()}") from None
            if line is None:
                raise Failure(f"{self.name} ended before: {what}\n{self.tail()}")
            self.read.append(line)
            if test(line):
                return line, at

    def tail(self):
        self.errors.seek(0)
        return "\n".join(self.read[-12:]) + "\n" + self.errors.read().decode()[-2000:]

    def send(self, number):
        self.popen.send_signal(number)

    def end(self, number=signal.SIGTERM, seconds=10):
        """Its exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise Failure(f"{self.name} did not end") from None
        finally:
            self.reader.join()
            self.popen.stdout.close()
            self.last_words = self.tail()
            self.errors.close()
        return self.popen.returncode


class Node(Process):
    """A drt node; its facts as they come."""

    def wait(self, event, seconds=20, accept=lambda fact: True, **members):
        fact, _ = self.wait_at(event, seconds, accept, **members)
        return fact

    def wait_at(self, event, seconds=20, accept=lambda fact: True, **members):
        """The next fact of a kind with these members, and when it came."""

        def is_it(line):
            fact = json.loads(line)
            return (fact["event"] == event and all(fact.get(name) == value for name, value in members.items())
                    and accept(fact))

        line, at = self.wait_line(is_it, f"{event} {members or ''}", seconds)
        return json.loads(line), at

    def end(self, number=signal.SIGTERM, seconds=10):
        code = super().end(number, seconds)
        check_equal(code, -number if number == signal.SIGKILL else 0, f"exit code of {self.name}\n{self.last_words}\n")
        return code

    def open(self):
        self.port = self.wait("open")["port"]
        return self


class Host:
    """A computer: a network namespace, entered by the processes started on it."""

    def __init__(self, network, name):
        self.network = network
        self.name = name
        self.namespace = network.new_namespace()
        self.run("ip", "link", "set", "lo", "up")

    def enter_for_child(self):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setns(self.namespace, os.CLONE_NEWNET)

    def start(self, *command, kind=Process, environment=None):
        process = kind(self.network, self, [str(word) for word in command], environment)
        self.network.processes.append(process)
        return process

    def run(self, *command, text=None, seconds=30, environment=None):
        """Run a command to its end; what it printed."""
        done = subprocess.run([str(word) for word in command], input=text, text=True, capture_output=True, check=False,
                              timeout=seconds, preexec_fn=lambda: self.enter_for_child(),
                              env={**os.environ, **(environment or {})})
        if done.returncode != 0:
            raise Failure(f"{' '.join(map(str, command))}: {done.returncode} {done.stdout}{done.stderr}")
        return done.stdout

    def node(self, *options, environment=None):
        return self.start(self.network.drt, "node", "--json", *options, kind=Node, environment=environment).open()

    def address(self, verb, address, *options):
        self.run("ip", "-6", "address", verb, f"{address}/64", "dev", "eth0", *options)

    def search(self, key, *options, environment=None):
        """Search for a key with a node of its own; the facts."""
        output = self.run(self.network.drt, "search", key, "--json", *options, environment=environment)
        return [json.loads(line) for line in output.splitlines()]


class Network:
    """Everything that a test makes, and that goes with it."""

    def __init__(self, drt):
        self.drt = drt
        self.processes = []
        self.namespaces = []
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="drt-network-"))
        self.own = os.open("/proc/self/ns/net", os.O_RDONLY)

    def new_namespace(self):
        os.unshare(os.CLONE_NEWNET)
        namespace = os.open("/proc/self/ns/net", os.O_RDONLY)
        os.setns(self.own, os.CLONE_NEWNET)
        self.namespaces.append(namespace)
        return namespace

    def link(self, one, other):
        """A cable between two hosts, eth0 of both."""
        one.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns",
                f"/proc/{os.getpid()}/fd/{other.namespace}")
        one.run("ip", "link", "set", "eth0", "up")
        other.run("ip", "link", "set", "eth0", "up")

    def end(self, process):
        self.processes.remove(process)
        return process.end()

    def clear(self):
        """End what a case left running; says what did not end well."""
        problems = []
        while self.processes:
            process = self.processes.pop()
            try:
                process.end()
            except Failure as failure:
                problems.append(str(failure))
        while self.namespaces:
            os.close(self.namespaces.pop())
        return "; ".join(problems) or None

    def close(self):
        os.close(self.own)
        shutil.rmtree(self.directory)


def why_not(programs):
    """Why there can be no networks here, or None.  Without privileges they are made
    in a user namespace, where the system allows that."""
    for program in ("ip", *programs):
        if shutil.which(program) is None:
            return f"there is no program {program}"
    if not hasattr(os, "unshare"):
        return "Python is older than 3.12"
    user, group = os.getuid(), os.getgid()
    for flags in (os.CLONE_NEWNET, os.CLONE_NEWUSER | os.CLONE_NEWNET):
        try:
            os.unshare(flags)
            break
        except OSError as error:
            problem = error
    else:
        return f"no network namespaces may be made here ({problem.strerror})"
    if flags & os.CLONE_NEWUSER:
        pathlib.Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        pathlib.Path("/proc/self/gid_map").write_text(f"0 {group} 1", encoding="ascii")
        pathlib.Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="ascii")
    probe = subprocess.run(["ip", "link", "add", "probe", "type", "veth"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        return f"no virtual links may be made here ({probe.stderr.strip()})"
    return None


def over(_number, _frame):
    raise Failure("the time of this test program is over")


def run_case(network, case):
    """How it went, or None for well."""
    try:
        problem = case(network)
    except Failure as failure:
        problem = str(failure)
    except Exception:   # so that the other cases still run
        problem = traceback.format_exc()
    return network.clear() if problem is None else (network.clear() or "") + problem


def main(name, cases, deadline, programs=()):
    """Run the cases, in order."""
    reason = why_not(programs)
    if reason is not None:
        print(f"1..0 # SKIP {name}: {reason}")
        return
    signal.signal(signal.SIGALRM, over)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    signal.setitimer(signal.ITIMER_REAL, deadline)
    network = Network(os.path.abspath(sys.argv[1]))
    failed = 0
    print(f"1..{len(cases)}", flush=True)
    try:
        for number, (title, case) in enumerate(cases, 1):
            problem = run_case(network, case)
            failed += problem is not None
            print(f"{'not ok' if problem else 'ok'} {number} - {title}", flush=True)
            for line in (problem or "").splitlines():
                print(f"# {line}", flush=True)
    finally:
        network.clear()
        network.close()
    sys.exit(1 if failed else 0)
