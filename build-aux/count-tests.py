#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count-tests.py LOGS STATUS: prints "N passed, N failed, N skipped".

LOGS is meson's log directory after a run of "meson test" that ended with
STATUS. Test cases are counted, not programs. The exit status is 0 only if a
test passed, none failed and meson agrees.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

GOOD = {"OK", "EXPECTEDFAIL", "SKIP", "IGNORED"}


def count_cases(report):
    """Count (passed, failed, skipped) cases, and programs with a failed one.

    meson writes one <testsuite> for each program that reports its cases, and
    one for all the programs that do not.
    """
    passed = failed = skipped = programs = 0
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        bad = 0
        for case in suite.findall("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                bad += 1
            elif case.find("skipped") is not None:
                skipped += 1
            else:
                passed += 1
        failed += bad
        # A case's class is its program's suite, or the project for a program without cases
        reports_cases = "." in suite.get("name", "")
        programs += min(bad, 1) if reports_cases else bad
    return passed, failed, skipped, programs


def count_bad_programs(log):
    with open(log, encoding="utf-8") as lines:
        return sum(json.loads(line)["result"] not in GOOD for line in lines if line.strip())


def main():
    logs = pathlib.Path(sys.argv[1])
    status = int(sys.argv[2])
    try:
        passed, failed, skipped, programs = count_cases(logs / "testlog.junit.xml")
        # A program that crashed or never ended after its cases passed
        failed += max(0, count_bad_programs(logs / "testlog.json") - programs)
    except OSError:
        passed = failed = skipped = 0
    if status != 0 and failed == 0 and passed + skipped > 0:
        failed = 1
    if passed + failed + skipped == 0:
        print("no test was run", file=sys.stderr)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if status == 0 and passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
