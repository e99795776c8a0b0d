# SPDX-License-Identifier: Apache-2.0
"""What a page costs as the fleet grows, and what the collector needs for it.

    tests/bench/bench_pages.py [--build build/default] [--rounds 20] [--seconds 1] [--big]

is the part of `make bench` alone. --big has a million devices as well, which takes ten minutes
and 5 GB below /tmp.
"""
import glob
import os
import sqlite3
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench_ingest  # noqa: E402
import turns  # noqa: E402

SITES = 10000
# `make bench PART=pages BIG=1 HUGE=1`: five million as well, which takes 15 minutes and 9 GB.
HUGE = os.environ.get("HUGE")
CONNECTIONS = 64
# What a page would have to ask if no counts were kept.
GROUP_BY = "SELECT site_code, state, count(*) FROM device WHERE is_expected = 1 GROUP BY 1, 2"


def cpu_ms(pid):
    """What all threads of a process have used."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e6


def memory_mib(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in file if line.endswith("kB\n")}
    return sizes["Pss"] / 1024, sizes["Anonymous"] / 1024


def a_site(fleet):
    """One in the middle that has something to do, and its first fix."""
    rows = fleet.collector.pages("/v1/sites?limit=500", "sites")
    for row in rows[len(rows) // 2:]:
        if row["states"]["not_ready"]:
            fixes = fleet.collector.get(f"/v1/sites/{row['code']}").json["fixes"]
            return row["code"], fixes[0]["id"]
    sys.exit("bench: no site has anything to do")


def pages(code, fix):
    site = f"/v1/sites/{code}"
    return {
        "overview of 10,000 sites": "/v1/overview?limit=100",
        "site page with its work list": site,
        "list of a site's devices": f"{site}/devices?expected=true&limit=100",
        "devices that a fix is for": f"{site}/devices?expected=true&fix={fix}&limit=100",
    }


class Looker:
    """Looks at pages; something was reported before each, so that none is as it was."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.pid = fleet.collector.process.pid
        self.connection = fleet.collector.connect()

    def look(self, path):
        self.fleet.load(self.fleet.changed, 1, 0.02)
        before, begun = cpu_ms(self.pid), time.monotonic()
        answer = self.fleet.collector.request("GET", path, key=self.fleet.collector.token,
                                              connection=self.connection)
        took = (time.monotonic() - begun) * 1000
        if answer.status != 200:
            sys.exit(f"bench: {path}: {answer.status} {answer.body}")
        return cpu_ms(self.pid) - before, took


def bench_size(fleet, rounds):
    """CPU and time in ms of each page, and of the question that would need no counts."""
    looker, costs = Looker(fleet), {}
    for what, path in pages(*a_site(fleet)).items():
        runs = [looker.look(path) for _ in range(rounds)]
        costs[what] = [statistics.median(run[i] for run in runs) for i in (0, 1)]
    with sqlite3.connect(f"file:{fleet.collector.store}?mode=ro", uri=True) as db:
        times = []
        for _ in range(3):
            begun = time.monotonic()
            db.execute(GROUP_BY).fetchall()
            times.append((time.monotonic() - begun) * 1000)
    return costs, statistics.median(times)


def shown_count(n):
    return f"{n // 1000000} M" if n >= 1000000 else f"{n // 1000} k"


def bench_while_read(table, fleet, rounds, seconds):
    """Reports at half the top rate, alone and while somebody looks at all sites without a pause."""
    top = statistics.median(fleet.load(fleet.changed, CONNECTIONS, seconds)["per_second"]
                            for _ in range(3))
    rate = ["--rate", str(int(top / 2))]

    def alone():
        return fleet.load(fleet.changed, CONNECTIONS, 2 * seconds, *rate)

    def beside():
        is_over, n = threading.Event(), [0]

        def read():
            while not is_over.is_set():
                n[0] += len(fleet.collector.pages("/v1/sites?limit=500&sort=risk", "sites"))

        reader = threading.Thread(target=read)
        reader.start()
        try:
            run = alone()
        finally:
            is_over.set()
            reader.join()
        if n[0] < SITES:
            sys.exit("bench: no page was read meanwhile")
        return run

    busy, calm = turns.in_turns(rounds, beside, alone)
    p99 = [[run["p99_ms"] for run in side] for side in (busy, calm)]
    table.add("p99 of a report while 10,000 sites are read, at half the top rate",
              f"{turns.shown(p99[0], ',.1f')} ms", f"alone {turns.shown(p99[1], ',.1f')} ms",
              f"{turns.ratio(*p99):.2f}", "≤ 2")


def bench_memory(table, fleet, devices, seconds):
    fleet.load(fleet.changed, 1000, 3 * seconds)
    pss, anonymous = memory_mib(fleet.collector.process.pid)
    table.add(f"collector's memory, {shown_count(devices)} devices, after 1,000 connections",
              f"{pss:.0f} MiB PSS, {anonymous:.0f} of it its own", "", "", "≤ 150 MiB")


def bench_pages(table, build, rounds=20, seconds=1.0, big=False):
    sizes = [10000, 100000] + ([1000000] if big else []) + ([5000000] if HUGE else [])
    costs, questions = [], []
    for devices in sizes:
        with tempfile.TemporaryDirectory() as folder, \
                bench_ingest.Fleet(folder, build, devices=devices, sites=SITES) as fleet:
            cost, question = bench_size(fleet, rounds)
            costs.append(cost)
            questions.append(question)
            if devices == sizes[-1]:
                bench_while_read(table, fleet, 5, seconds)
                bench_memory(table, fleet, devices, seconds)
    called = ", ".join(map(shown_count, sizes))
    for what in costs[0]:
        cpu = [cost[what][0] for cost in costs]
        table.add(f"{what}, CPU at {called} devices", ", ".join(f"{ms:.1f}" for ms in cpu) + " ms",
                  "GROUP BY of all devices " + ", ".join(f"{ms:,.0f}" for ms in questions) + " ms",
                  f"{cpu[-1] / cpu[0]:.2f}", "≤ 1.2, ≤ 20 ms")
        table.add("… until it is there", ", ".join(f"{cost[what][1]:.1f}" for cost in costs) + " ms",
                  "", "", "")


if __name__ == "__main__":
    turns.alone(bench_pages, rounds=20, seconds=1.0)
