#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run test programs and folders of tests; print what failed and one closing line.

    tests/run.py --build build/default [--verbose] TEST...

A TEST is a program of unit tests (cmocka), a folder of pytest files, or a folder
of browser tests for Node's runner. One more runs at a time than there are processors, since
they wait for disks and for each other's ends half of the time; in the order in which they are
named, so the longest come first. What failed is told again at the end, since often only the end of
a log is kept. The exit status is 0 if everything that was asked for ran and passed.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import failures

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


FIGURES = {"security": "matrix"}  # what the lines to be told begin with, if not with the folder's name


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def add(self, name, result, seconds, verbose):
        (passed, failed, skipped), output, notes, why = result
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        skips = f", {skipped} skipped" if skipped else ""
        for note in notes:
            print("  " + note, flush=True)
        print(f"  {name}: {passed} passed, {failed} failed{skips} ({seconds:.1f} s)", flush=True)
        if failed or verbose:
            print(output, flush=True)
        if failed and not why:  # it said so by its exit status alone
            why = [("what it printed last", output.splitlines()[-failures.LINES:])]
        self.failures += [(name, test, lines) for test, lines in why]


def run(command, env):
    return subprocess.run(command, cwd=ROOT, env=env, text=True, errors="replace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run_unit(program, env, _verbose):
    done = run([program], env)
    passed = len(re.findall(r"^\[       OK \]", done.stdout, re.M))
    failed = len(set(re.findall(r"^\[  FAILED  \] (\w+)$", done.stdout, re.M)))
    # A crash ends the program before it could say so.
    if done.returncode != 0 and failed == 0:
        failed = 1
    if passed + failed == 0:
        failed = 1
    why = failures.of_unit(done.stdout)
    # ASan and a signal say nothing that cmocka could pass on.
    if done.returncode < 0:
        why.append(("ended by a signal", [signal.strsignal(-done.returncode)]))
    return (passed, failed, 0), done.stdout, [], why


def run_pytest(folder, env, verbose):
    report = os.path.join(env["TESTREADY_BUILD"], "junit-" + folder.replace("/", "-") + ".xml")
    if os.path.exists(report):
        os.remove(report)
    done = run([sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider",
                "-o", "junit_logging=system-out", "--junit-xml=" + report, folder], env)
    if not os.path.exists(report):
        return (0, 1, 0), done.stdout, [], []
    suite = ET.parse(report).getroot().find("testsuite")
    total, skipped = int(suite.get("tests")), int(suite.get("skipped"))
    failed = int(suite.get("failures")) + int(suite.get("errors"))
    if done.returncode != 0 and failed == 0:
        failed = 1
    name = os.path.basename(folder)
    output = done.stdout if failed or not verbose else told(suite)
    notes = figures(suite, FIGURES.get(name, name))
    return (max(total - failed - skipped, 0), failed, skipped), output, notes, failures.of_pytest(suite)


def figures(suite, name):
    """What tests have to say also when they pass: lines that begin with a name, mostly their folder's."""
    return [line for case in suite.iter("testcase")
            for line in (case.findtext("system-out") or "").splitlines() if line.startswith(name + ": ")]


def told(suite):
    """A line for each test: its sentence, and what it printed."""
    lines = []
    for case in suite.iter("testcase"):
        name = re.sub(r"^test_", "", case.get("name")).replace("_", " ")
        printed = [line for line in (case.findtext("system-out") or "").splitlines()
                   if line and not line.startswith("---")]
        word = "skipped" if case.find("skipped") is not None else "passed"
        lines.append(f"  {word}  " + ": ".join([name, "; ".join(printed)] if printed else [name]))
    return "\n".join(lines)


def run_node(folder, env, _verbose):
    files = sorted(glob.glob(os.path.join(ROOT, folder, "*.test.mjs")))
    done = run(["node", "--test", "--test-reporter=tap", *files], env)

    def count(word):
        found = re.findall(rf"^# {word} (\d+)$", done.stdout, re.M)
        return int(found[-1]) if found else 0

    failed = count("fail") + count("cancelled")
    if done.returncode != 0 and failed == 0:
        failed = 1
    return (count("pass"), failed, count("skipped")), done.stdout, [], failures.of_node(done.stdout)


def runner_for(test):
    if not os.path.isdir(os.path.join(ROOT, test)):
        return run_unit
    if glob.glob(os.path.join(ROOT, test, "*.test.mjs")):
        return run_node
    return run_pytest


def timed(test, env, verbose):
    start = time.monotonic()
    try:
        result = runner_for(test)(test, env, verbose)
    except OSError as error:
        result = (0, 1, 0), str(error), [], []
    return test, result, time.monotonic() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("tests", nargs="+")
    args = parser.parse_args()
    build = os.path.join(ROOT, args.build)
    env = dict(os.environ, TESTREADY_BUILD=build, PYTHONDONTWRITEBYTECODE="1",
               PYTHONPATH=os.path.join(ROOT, "tests"), LC_ALL="C.UTF-8")
    tally = Tally()
    with concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        runs = [pool.submit(timed, test, env, args.verbose) for test in args.tests]
        for done in concurrent.futures.as_completed(runs):
            test, result, seconds = done.result()
            tally.add(test, result, seconds, args.verbose)
    skips = f", {tally.skipped} skipped" if tally.skipped else ""
    for line in failures.section(tally.failures):
        print(line)
    print(f"{tally.passed} passed, {tally.failed} failed{skips}")
    return 0 if tally.failed == 0 and tally.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
