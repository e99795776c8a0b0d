# SPDX-License-Identifier: Apache-2.0
"""What judging costs: facts at hand, all devices of a store again, and reports meanwhile.

    tests/bench/bench_judge.py [--build build/default] [--devices 50000] [--rounds 4] [--seconds 3]

is the part of `make bench` alone; --devices 1000000 takes a quarter of an hour and 5 GB below /tmp.
"""
import argparse
import glob
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import filled  # noqa: E402
import harness  # noqa: E402

CONNECTIONS = 64
SITES = 100


def spread(values):
    return (max(values) - min(values)) / 2


def shown(values, form=".2f"):
    return f"{statistics.median(values):{form}} ± {spread(values):{form}}"


def run_json(*command):
    return json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout)


def next_profile(folder):
    """The example, which asks for another version of the browser."""
    with open(harness.PROFILE, encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(folder, "next.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace('"14.0.."', '"15.0.."'))
    return path


def bench_facts(table, build, rounds):
    profiles = sorted(glob.glob(os.path.join(harness.ROOT, "packaging/profiles/*.json")))
    with tempfile.TemporaryDirectory() as folder:
        facts = os.path.join(folder, "facts.json")
        with open(facts, "w", encoding="utf-8") as file:
            json.dump(harness.READY, file)
        runs = [run_json(os.path.join(build, "bench/judge"), "facts", "0.2", facts, *profiles)
                for _ in range(rounds)]
    parse = [run["parse"] for run in runs]
    for i, profile in enumerate(runs[0]["profiles"]):
        pure = [run["profiles"][i]["judge"] for run in runs]
        both = [run["profiles"][i]["both"] for run in runs]
        ratio = statistics.median(p / b for p, b in zip(parse, both))
        table.add(f"judge by {profile['id']}, {profile['requirements']} requirements",
                  f"{shown(pure, ',.0f')} /s", f"parse and judge {statistics.median(both):,.0f} /s, "
                  f"jansson parses {statistics.median(parse):,.0f} /s", f"{ratio:.2f}", "")


def bench_again(table, build, devices, rounds, distinct):
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store.db")
        filled.fill(store, devices, sites=SITES, distinct=distinct, build=build)
        run = run_json(os.path.join(build, "bench/judge"), "store", str(rounds), store,
                       harness.PROFILE, next_profile(folder))
    judge, parse = ([cost["cpu_s"] for cost in run[side]] for side in ("judge", "parse"))
    wall = statistics.median(cost["wall_s"] for cost in run["judge"])
    ratio = statistics.median(j / p for j, p in zip(judge, parse))
    table.add(f"judge {run['devices']:,} again, {distinct} % with facts of their own, CPU",
              f"{shown(judge)} s (took {wall:.1f} s)",
              f"jansson parses all their facts {shown(parse)} s", f"{ratio:.2f}",
              "≤ 2" if distinct < 100 else "")


class Reporting:
    """A collector whose fleet is judged again, or not, while some of it report."""

    def __init__(self, folder, build, devices, seconds):
        self.folder, self.build, self.seconds = folder, build, seconds
        self.store = os.path.join(folder, "store.db")
        self.keys = os.path.join(folder, "keys")
        filled.fill(self.store, devices, sites=SITES, distinct=100, keys=self.keys, build=build)
        self.template = os.path.join(folder, "template")
        report = harness.report_body("@DEVICE@", facts=harness.facts())
        report["sequence"] = "@SEQUENCE@"
        with open(self.template, "w", encoding="utf-8") as file:
            file.write(json.dumps(report, separators=(",", ":")).replace('"@SEQUENCE@"',
                                                                         "@SEQUENCE@"))
        self.profiles = [next_profile(folder), harness.PROFILE]
        self.collector = harness.Collector(folder, build=build, web=False, fill=False,
                                           arguments=["--no-rate-limit"])

    def left(self):
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM rejudge").fetchone()[0]

    def load(self):
        port = re.search(r":(\d+)$", self.collector.url).group(1)
        run = run_json(os.path.join(self.build, "bench/load"), port, str(CONNECTIONS),
                       str(self.seconds), self.template, self.keys)
        if run["refused"] or not run["answered"]:
            sys.exit(f"bench: {run['refused']} reports were refused")
        return run

    def wait(self):
        while self.left() > 0:
            time.sleep(0.2)

    def meanwhile(self):
        """The run, while devices are judged again from its beginning to its end."""
        self.collector.command("profile", "publish", self.profiles[0])
        self.profiles.reverse()
        run = self.load()
        if self.left() == 0:
            sys.exit("bench: judging was over before the reports were; name more --devices")
        self.wait()
        return run


def bench_meanwhile(table, build, devices, rounds, seconds):
    calm, busy = [], []
    with tempfile.TemporaryDirectory() as folder:
        reporting = Reporting(folder, build, devices, seconds)
        with reporting.collector:
            reporting.load()  # each device's first report is another than those that follow
            for _ in range(rounds):
                calm.append(reporting.load())
                busy.append(reporting.meanwhile())
    rates = [[run["per_second"] for run in side] for side in (busy, calm)]
    ratio = statistics.median(b / c for b, c in zip(*rates))
    table.add(f"reports while devices are judged again, {CONNECTIONS} connections",
              f"{shown(rates[0], ',.0f')} /s", f"reports alone {shown(rates[1], ',.0f')} /s",
              f"{ratio:.2f}", "≥ 0.7")
    table.add("… p99 of a report",
              f"{statistics.median(run['p99_ms'] for run in busy):.1f} ms",
              f"alone {statistics.median(run['p99_ms'] for run in calm):.1f} ms", "", "")


def bench_judge(table, build, devices, rounds, seconds):
    bench_facts(table, build, rounds)
    for distinct in (30, 100):
        bench_again(table, build, devices, rounds, distinct)
    bench_meanwhile(table, build, devices, rounds, seconds)


class Printer:
    @staticmethod
    def add(*row):
        print(*row, sep="  ", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=harness.BUILD)
    parser.add_argument("--devices", type=int, default=50000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=3)
    args = parser.parse_args()
    bench_judge(Printer, args.build, args.devices, args.rounds, args.seconds)


if __name__ == "__main__":
    main()
