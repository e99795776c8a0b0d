#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure speed and size as ratios against a limit or a peer of the same run.

    tests/bench/bench.py --build build/default [--seconds 2] [--rounds 5] [--idle-seconds 30]
                         [--judge-devices 50000]

Machines are noisy: the two sides take turns (A B A B …) and medians are compared.
Prints a table and writes build/bench/results.json. It measures; it does not judge.
"""
import argparse
import glob
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import harness  # noqa: E402
from bench_judge import bench_judge  # noqa: E402
from bench_service import bench_service  # noqa: E402

sys.path.insert(0, os.path.join(harness.ROOT, "tests/devices"))
import machines  # noqa: E402

ROOT = harness.ROOT
HERE = os.path.dirname(os.path.abspath(__file__))


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, ours, theirs, ratio, budget):
        self.rows.append({"what": what, "ours": ours, "against": theirs,
                          "ratio": ratio, "budget": budget})
        print(f"{what:<46} {ours:>22}  {theirs:<34} {ratio:>7}  {budget}", flush=True)

    def head(self):
        print(f"{'what':<46} {'ours':>22}  {'against':<34} {'ratio':>7}  budget")


def spread(values):
    return (max(values) - min(values)) / 2


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
            print(f"{'agent facts, ' + name:<46} {'':>22}  {name} is not installed")
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
    bench_peers(table, build, max(rounds // 5, 1))
    own = [os.path.join(build, "testready-agent"), *glob.glob(os.path.join(build, "helper/*"))]
    with tempfile.TemporaryDirectory() as folder:
        for path in own:
            subprocess.run(["strip", "-o", os.path.join(folder, os.path.basename(path)), path],
                           check=True)
        size = sum(entry.stat().st_size for entry in os.scandir(folder))
    table.add("installed agent, own files", f"{size / 1024:.0f} KiB", "", "", "≤ 1 MiB")


def run_load(build, url, connections, seconds, template, keys):
    port = re.search(r":(\d+)$", url).group(1)
    done = subprocess.run([os.path.join(build, "bench/load"), port, str(connections), str(seconds),
                           template, keys], check=True, text=True, capture_output=True)
    return json.loads(done.stdout)


def start_limit(build, *args):
    server = subprocess.Popen([os.path.join(build, "bench/limit/bare_report"), *args],
                              stdout=subprocess.PIPE, text=True)
    return server, server.stdout.readline().split()[-1]


def write_inputs(folder, collector, connections):
    """A template of a report and a key for each connection."""
    site = harness.SITE
    keys = os.path.join(folder, "keys")
    enrollment_key = collector.enrollment_key(site)
    with open(keys, "w", encoding="utf-8") as file:
        for i in range(connections):
            device = collector.enroll(enrollment_key, host_name=f"bench-{i}")
            file.write(f"{device.id} {device.key}\n")
    template = os.path.join(folder, "template")
    report = harness.report_body("@DEVICE@", facts=harness.facts())
    report["sequence"] = "@SEQUENCE@"
    with open(template, "w", encoding="utf-8") as file:
        file.write(json.dumps(report, separators=(",", ":")).replace('"@SEQUENCE@"', "@SEQUENCE@"))
    return template, keys


def bench_ingest(table, build, rounds, seconds):
    for connections in (64, 256):
        with tempfile.TemporaryDirectory() as folder, \
                harness.Collector(folder, build=build,
                                  arguments=["--no-rate-limit"]) as collector:
            template, keys = write_inputs(folder, collector, connections)
            limit, limit_url = start_limit(build, "2")
            ours, theirs, p99 = [], [], []
            for _ in range(rounds):
                run = run_load(build, collector.url, connections, seconds, template, keys)
                if run["refused"]:
                    sys.exit(f"bench: {run['refused']} reports were refused")
                ours.append(run["per_second"])
                p99.append(run["p99_ms"])
                # Each round begins at sequence 1: without a new boot it would be a repetition.
                next_boot(template)
                theirs.append(run_load(build, limit_url, connections, seconds, template,
                                       keys)["per_second"])
            limit.terminate()
            limit.wait()
        a, b = statistics.median(ours), statistics.median(theirs)
        table.add(f"reports on disk, {connections} connections", f"{a:,.0f} ± {spread(ours):,.0f} /s",
                  f"bare microhttpd + jansson {b:,.0f} /s", f"{a / b:.2f}", "≥ 1.2")
        table.add(f"p99 of a report, {connections} connections",
                  f"{statistics.median(p99):.1f} ms", "", "", "≤ 20 ms at 64")


def next_boot(template):
    text = open(template, encoding="utf-8").read()
    text = re.sub(r'("boot_id": ?")[^"]*', lambda m: m.group(1) + harness.boot_id(), text)
    with open(template, "w", encoding="utf-8") as file:
        file.write(text)


def bench_pages(table, build):
    web = os.path.join(build, "web")
    size = sum(os.path.getsize(os.path.join(web, name)) for name in os.listdir(web)
               if name.endswith(".gz") and not name.startswith("openapi"))
    table.add("pages, all that is loaded, compressed", f"{size / 1024:.0f} KiB", "", "", "≤ 300 KiB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--idle-seconds", type=float, default=30)
    parser.add_argument("--judge-devices", type=int, default=50000)
    args = parser.parse_args()
    build = os.path.join(ROOT, args.build)
    table = Table()
    table.head()
    bench_agent(table, build, args.rounds * 3)
    bench_service(table, args.idle_seconds, args.rounds)
    bench_ingest(table, build, args.rounds, args.seconds)
    bench_judge(table, build, args.judge_devices, args.rounds, args.seconds)
    bench_pages(table, build)
    os.makedirs(os.path.join(ROOT, "build/bench"), exist_ok=True)
    with open(os.path.join(ROOT, "build/bench/results.json"), "w", encoding="utf-8") as file:
        json.dump(table.rows, file, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
