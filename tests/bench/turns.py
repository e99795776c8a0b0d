# SPDX-License-Identifier: Apache-2.0
"""What the parts of the benchmark share: sides that take turns, and how figures are shown."""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import harness  # noqa: E402


def spread(values):
    return (max(values) - min(values)) / 2


def shown(values, form=",.0f"):
    return f"{statistics.median(values):{form}} ± {spread(values):{form}}"


def ratio(ours, theirs):
    """The median of the ratios of neighbouring runs: what slows both does not count."""
    if not all(theirs):
        raise ValueError("the side that is compared with has done nothing")
    return statistics.median(a / b for a, b in zip(ours, theirs))


def in_turns(rounds, *sides):
    """What each of @sides gives, A B A B …: a list for each."""
    runs = [[side() for side in sides] for _ in range(rounds)]
    return [list(side) for side in zip(*runs)]


def run_json(*command):
    return json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout)


def port_of(url):
    return re.search(r":(\d+)$", url).group(1)


class Limit:
    """A limit program that serves; a context manager."""

    def __init__(self, build, name, *arguments):
        self.command = [os.path.join(build, "bench/limit", name), *arguments]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Printer:
    """In place of the table, for a part that runs alone."""

    def __init__(self):
        self.rows = []

    def add(self, *row):
        self.rows.append(row)
        print(*row, sep="  ", flush=True)


def alone(bench, **defaults):
    """Run one part: its options are --build, --big and @defaults."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=harness.BUILD)
    parser.add_argument("--big", action="store_true")
    for name, value in defaults.items():
        parser.add_argument("--" + name, type=type(value), default=value)
    bench(Printer(), **vars(parser.parse_args()))
