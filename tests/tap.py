# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests in Python share: cases told as TAP, and checks that say what is wrong."""

import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback


class Failure(Exception):
    """Something was not as it must be; says what."""


def check(condition, what):
    if not condition:
        raise Failure(what)


def check_equal(actual, expected, what):
    if actual != expected:
        raise Failure(f"{what}: {actual!r}, not {expected!r}")


def note(text):
    for line in str(text).rstrip().split("\n"):
        print(f"# {line[:1000]}", flush=True)


def skip_all(reason):
    print(f"1..0 # SKIP {reason}", flush=True)
    sys.exit(0)


class Test:
    """A directory of its own, and what is to be ended at the end."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="roundtable-test."))
        self.closers = []

    def close(self):
        for closer in reversed(self.closers):
            closer()
        shutil.rmtree(self.directory, ignore_errors=True)


def over(_number, _frame):
    raise Failure("the time of this test program is over")


def main(cases, deadline, test=None):
    """Run the cases in their order; each takes the Test.

    A case builds on those before it: after the first that fails, the others are
    not tried.  A case that returns a text was skipped for that reason.
    """
    signal.signal(signal.SIGALRM, over)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    signal.setitimer(signal.ITIMER_REAL, deadline)
    test = test or Test()
    failed = False
    try:
        print(f"1..{len(cases)}", flush=True)
        for number, (name, case) in enumerate(cases, 1):
            begin = time.monotonic()
            try:
                reason = "a case before it failed" if failed else case(test)
            except Exception as failure:  # pylint: disable=broad-exception-caught
                failed = True
                print(f"not ok {number} - {name}", flush=True)
                note(failure if isinstance(failure, Failure) else "".join(traceback.format_exception(failure)))
            else:
                print(f"ok {number} - {name}" + (f" # SKIP {reason}" if reason else ""), flush=True)
                note(f"{time.monotonic() - begin:.1f} s")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        test.close()
    return 1 if failed else 0
