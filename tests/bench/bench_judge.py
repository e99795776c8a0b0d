# SPDX-License-Identifier: Apache-2.0
"""What judging costs: facts at hand, all devices of a store again, and reports meanwhile.

    tests/bench/bench_judge.py [--build build/default] [--devices 50000] [--rounds 4] [--seconds 3] [--big]

is the part of `make bench` alone; --big has a million devices, a quarter of an hour and 5 GB
below /tmp.
"""
import glob
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import filled  # noqa: E402
import turns  # noqa: E402
from turns import harness, run_json, shown  # noqa: E402

CONNECTIONS = 64
SITES = 100


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
              f"{shown(judge, '.2f')} s (took {wall:.1f} s)",
              f"jansson parses all their facts {shown(parse, '.2f')} s", f"{ratio:.2f}",
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

    def load(self, *options):
        run = run_json(os.path.join(self.build, "bench/load"), *options,
                       turns.port_of(self.collector.url), str(CONNECTIONS), str(self.seconds),
                       self.template, self.keys)
        if run["refused"] or not run["answered"]:
            sys.exit(f"bench: {run['refused']} reports were refused")
        return run

    def wait(self):
        while self.left() > 0:
            time.sleep(0.2)

    def meanwhile(self, *options):
        """The run, while devices are judged again from its beginning to its end."""
        self.collector.command("profile", "publish", self.profiles[0])
        self.profiles.reverse()
        run = self.load(*options)
        if self.left() == 0:
            sys.exit("bench: judging was over before the reports were; name more --devices")
        self.wait()
        return run


def bench_meanwhile(table, build, devices, rounds, seconds):
    with tempfile.TemporaryDirectory() as folder:
        reporting = Reporting(folder, build, devices, seconds)
        with reporting.collector:
            reporting.wait()  # a store that nobody judged before is judged first
            reporting.load()  # each device's first report is another than those that follow
            calm, busy = turns.in_turns(rounds, reporting.load, reporting.meanwhile)
            top = statistics.median(run["per_second"] for run in calm)
            half = ["--rate", str(int(top / 2))]
            even, both = turns.in_turns(rounds, lambda: reporting.load(*half),
                                        lambda: reporting.meanwhile(*half))
    rates = [[run["per_second"] for run in side] for side in (busy, calm)]
    table.add(f"reports while devices are judged again, {CONNECTIONS} connections",
              f"{shown(rates[0], ',.0f')} /s", f"reports alone {shown(rates[1], ',.0f')} /s",
              f"{turns.ratio(*rates):.2f}", "≥ 0.7")
    for words, sides, budget in (("", (busy, calm), ""),
                                 (", at half the top rate", (both, even), "≤ 2")):
        p99 = [[run["p99_ms"] for run in side] for side in sides]
        table.add(f"… p99 of a report{words}", f"{shown(p99[0], ',.1f')} ms",
                  f"alone {shown(p99[1], ',.1f')} ms", f"{turns.ratio(*p99):.2f}", budget)


def bench_judge(table, build, devices, rounds, seconds, big=False):
    bench_facts(table, build, rounds)
    for distinct in (30, 100):
        bench_again(table, build, 1000000 if big else devices, rounds, distinct)
    bench_meanwhile(table, build, devices, rounds, seconds)


if __name__ == "__main__":
    turns.alone(bench_judge, devices=50000, rounds=4, seconds=3.0)
