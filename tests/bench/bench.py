#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure speed and size as ratios against a limit or a peer of the same run.

    tests/bench/bench.py --build build/default [--seconds 0.5] [--rounds 5] [--idle-seconds N]
                         [--judge-devices N] [--big] [--only PART]

--big has 1, 1,000 and 10,000 connections and a million devices as well, and is not in a hurry: it
looks for 30 seconds whether an idle service wakes up, and judges 50,000 devices while reports come.
The parts are agent, service, ingest, judge, pages, files, fleet and bytes.

Machines are noisy: the two sides take turns (A B A B …) and medians are compared. Prints a table,
and last how many budgets were met; writes build/bench/results.json, of each row the ratio, the
budget and whether it was met, and what could not be measured. Others may use the machine, so that
neither is a failure: the exit status is 1 only where nothing was measured at all.
"""
import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import budget as budgets  # noqa: E402
from bench_ingest import bench_ingest  # noqa: E402
from bench_files import bench_files  # noqa: E402
from bench_judge import bench_judge  # noqa: E402
from bench_pages import bench_pages  # noqa: E402
from bench_season import bench_season  # noqa: E402
from bench_service import bench_service  # noqa: E402
from turns import harness, spread  # noqa: E402

sys.path.insert(0, os.path.join(harness.ROOT, "tests/devices"))
import machines  # noqa: E402

ROOT = harness.ROOT
HERE = os.path.dirname(os.path.abspath(__file__))
FILE_DEVICES = 30000  # to write out; less is over before it is measured


class Table:
    def __init__(self):
        self.rows, self.part = [], None

    def add(self, what, ours, theirs, ratio, budget):
        figure = float(ratio) if ratio else None
        met = budgets.is_met(budget, ours, figure)
        self.rows.append({"part": self.part, "what": what, "ours": ours, "against": theirs,
                          "ratio": figure, "budget": budget.strip() or None, "met": met})
        words = {None: "", True: "met", False: "MISSED"}[met]
        print(f"{what:<74} {ours:>34}  {theirs:<52} {ratio:>6}  {budget.strip():<15} {words}",
              flush=True)

    def head(self):
        print(f"{'what':<74} {'ours':>34}  {'against':<52} {'ratio':>6}  budget")

    def fail(self, why):
        self.rows.append({"part": self.part, "what": "could not be measured", "ours": why,
                          "against": "", "ratio": None, "budget": None, "met": None})
        print(f"{self.part} could not be measured: {why}", flush=True)

    def summary(self):
        met = [row["met"] for row in self.rows]
        failed = [row["part"] for row in self.rows if row["what"] == "could not be measured"]
        words = f", not measured: {', '.join(failed)}" if failed else ""
        return f"{met.count(True)} budgets met, {met.count(False)} missed{words}"


def cost(build, rounds, wrap, command):
    """Ours and @command's cost, in turns and in one go, so that setting up does not count."""
    ours = [os.path.join(build, "testready-agent"), "facts"]
    done = subprocess.run([*wrap, os.path.join(build, "bench/cost"), str(rounds), *ours, "--",
                           *command], check=True, text=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def bench_facts(table, build, rounds, wrap, where):
    ours, theirs = cost(build, rounds, wrap, ["udevadm", "info", "--export-db"])
    a, b = statistics.median(ours["cpu_ms"]), statistics.median(theirs["cpu_ms"])
    table.add(f"agent facts, CPU, {where}", f"{a:.1f} ± {spread(ours['cpu_ms']):.1f} ms",
              f"udevadm --export-db {b:.1f} ms", f"{a / b:.2f}", "≤ 0.5")
    table.add(f"agent facts, peak memory, {where}", f"{ours['peak_kib'] / 1024:.1f} MiB",
              f"udevadm --export-db {theirs['peak_kib'] / 1024:.1f} MiB", "", "≤ 12 MiB")


# Inventory agents of Debian, and what makes each look at a machine once.
PEERS = {
    # It complains of what it may not read, and ends with 1.
    "facter": ["sh", "-c", "facter || :"],
    "fusioninventory": ["fusioninventory-inventory"],
    "lshw": ["lshw", "-quiet"],
    "hwinfo": ["hwinfo", "--short"],
    "inxi": ["inxi", "-F"],
}


def bench_peers(table, build, rounds):
    """What others take for an inventory of this machine. They look at other things as well."""
    for name, command in PEERS.items():
        if not shutil.which(name if command[0] == "sh" else command[0]):
            print(f"{'agent facts, ' + name:<74} {'':>34}  {name} is not installed")
            continue
        ours, theirs = cost(build, rounds, [], command)
        a, b = statistics.median(ours["cpu_ms"]), statistics.median(theirs["cpu_ms"])
        table.add(f"agent facts, CPU, against {name}", f"{a:.1f} ms",
                  f"{name} {b:.0f} ms, {theirs['peak_kib'] / 1024:.0f} MiB", f"{a / b:.3f}", "")


def recorded():
    """(words that make a command run on it, its name) of the recorded machines there are."""
    yield machines.command("laptop-usb-headset"), "a recorded laptop"
    real = os.path.join(os.path.dirname(ROOT),
                        "shared/devices/recordings/032-udev-lenovo-t430s.umockdev")
    if os.path.exists(real):
        yield ["umockdev-run", "-d", real, "--"], "ThinkPad T430s, recorded"


def bench_agent(table, build, rounds):
    bench_facts(table, build, rounds, [], "this machine")
    for wrap, name in recorded():
        bench_facts(table, build, rounds, wrap, name)
    bench_peers(table, build, max(rounds // 3, 1))
    own = [os.path.join(build, "testready-agent"), *glob.glob(os.path.join(build, "helper/*"))]
    with tempfile.TemporaryDirectory() as folder:
        for path in own:
            subprocess.run(["strip", "-o", os.path.join(folder, os.path.basename(path)), path],
                           check=True)
        size = sum(entry.stat().st_size for entry in os.scandir(folder))
    table.add("installed agent, own files", f"{size / 1024:.0f} KiB", "", "", "≤ 1 MiB")


def bench_bytes(table, build, big):
    web = os.path.join(build, "web")
    size = sum(os.path.getsize(os.path.join(web, name)) for name in os.listdir(web)
               if name.endswith(".gz") and not name.startswith("openapi"))
    table.add("pages, all that is loaded, compressed", f"{size / 1024:.0f} KiB", "", "",
              "≤ 300 KiB")
    # Each of them sends 300 reports.
    bench_season(table, build, devices=2000 if big else 500)


def bench_fleet(table, build):
    """By the simulator, of which all is printed; its budget is of the fleet that comes hourly."""
    done = subprocess.run([sys.executable, os.path.join(HERE, "fleet"), "--build", build],
                          check=False, text=True, stdout=subprocess.PIPE)
    print(done.stdout, end="", flush=True)
    for line in done.stdout.splitlines():
        if "hourly" in line:
            what, mean, *peaks, ratio = line.rsplit(maxsplit=5)
            table.add(f"peak of requests, {what.strip()}", f"{max(map(int, peaks))} /s",
                      f"mean {mean} /s", ratio, "≤ 3")
    table.add("what a real collector shows of a small fleet with copies and hostile devices",
              "is not as it must be" if done.returncode else "as it must be", "", "",
              "as it must be")


def measure(parts, table):
    """What of @parts cannot be measured does not take the others with it."""
    for name, part in parts.items():
        table.part, begun = name, time.monotonic()
        try:
            part()
        # sys.exit() as well, by which a part says that what it would measure is something else.
        except (Exception, SystemExit) as error:
            table.fail(str(error) or repr(error))
        print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--idle-seconds", type=float)
    parser.add_argument("--judge-devices", type=int)
    parser.add_argument("--big", action="store_true")
    parser.add_argument("--only")
    args = parser.parse_args()
    build = os.path.join(ROOT, args.build)
    idle_seconds = args.idle_seconds or (30 if args.big else 10)
    judge_devices = args.judge_devices or (50000 if args.big else 10000)
    table = Table()
    parts = {
        "agent": lambda: bench_agent(table, build, args.rounds * 2),
        "service": lambda: bench_service(table, idle_seconds, args.rounds),
        "ingest": lambda: bench_ingest(table, build, args.rounds, args.seconds, args.big),
        "judge": lambda: bench_judge(table, build, judge_devices, args.rounds,
                                     args.seconds, args.big),
        "pages": lambda: bench_pages(table, build, seconds=args.seconds, big=args.big),
        "files": lambda: bench_files(table, build, args.rounds, FILE_DEVICES, args.big),
        "fleet": lambda: bench_fleet(table, build),
        "bytes": lambda: bench_bytes(table, build, args.big),
    }
    if args.only and args.only not in parts:
        parser.error(f"--only is one of {', '.join(parts)}, not '{args.only}'")
    table.head()
    measure({name: part for name, part in parts.items() if args.only in (None, name)}, table)
    os.makedirs(os.path.join(ROOT, "build/bench"), exist_ok=True)
    name = f"results-{args.only}.json" if args.only else "results.json"
    with open(os.path.join(ROOT, "build/bench", name), "w", encoding="utf-8") as file:
        json.dump(table.rows, file, indent=1, ensure_ascii=False)
    print(table.summary())
    return 0 if any(row["what"] != "could not be measured" for row in table.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
