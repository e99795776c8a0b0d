# SPDX-License-Identifier: Apache-2.0
"""What the collector takes in: reports and heartbeats, each on disk before it is answered.

    tests/bench/bench_ingest.py [--build build/default] [--rounds 5] [--seconds 1] [--big]

is the part of `make bench` alone. --big has 1, 1,000 and 10,000 connections as well, for which there
is no budget, and 10,000 on which nothing happens.
"""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import resource
import socket
import sqlite3
import statistics
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
import certificates  # noqa: E402
import filled  # noqa: E402
import turns  # noqa: E402

harness = turns.harness

DEVICES = 20000
SITES = 200
IDLE = 10000
SLOW_DISK = os.path.join("fault", "slow_disk.so")


def write_report(path, **facts):
    report = harness.report_body("@DEVICE@", sequence="@SEQUENCE@", facts=harness.facts(**facts),
                                 device=harness.names(host_name="@DEVICE@"))
    write(path, report)


def write(path, body):
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(body, separators=(",", ":")).replace('"@SEQUENCE@"', "@SEQUENCE@"))


def next_boot(path):
    """A device that goes on under a boot of before another would be taken for two."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r'("boot_id": ?")[^"]*', lambda found: found[1] + harness.boot_id(), text)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Fleet:
    """A store with devices and a collector that serves them; a context manager."""

    def __init__(self, folder, build, devices=DEVICES, sites=SITES, environment=(), name="a",
                 is_tls=False):
        self.folder, self.build = os.path.join(folder, name), build
        os.mkdir(self.folder)
        self.environment = dict(environment)
        self.keys = os.path.join(self.folder, "keys")
        filled.fill(os.path.join(self.folder, "store.db"), devices, sites=sites, keys=self.keys,
                    build=build)
        arguments = ["--no-rate-limit"]
        if is_tls:
            self.certificate = certificates.make_certificate(pathlib.Path(self.folder), "bench",
                                                             "localhost")
            arguments += ["--tls-cert", self.certificate[0], "--tls-key", self.certificate[1]]
        self.collector = harness.Collector(self.folder, build=build, web=False, fill=False,
                                           arguments=arguments)
        self.same, self.changed, self.beat = (os.path.join(self.folder, name)
                                              for name in ("same", "changed", "beat"))
        write_report(self.same)
        # As a device's free room on the disk is another each time.
        write_report(self.changed, disk__free_bytes="@SEQUENCE@")
        digest = hashlib.sha256(harness.canonical(harness.READY).encode()).hexdigest()
        write(self.beat, harness.heartbeat_body("@DEVICE@", digest, sequence="@SEQUENCE@"))

    def __enter__(self):
        before = dict(os.environ)
        os.environ.update(self.environment)
        try:
            self.collector.start()
        finally:
            os.environ.clear()
            os.environ.update(before)
        self.n_conflicts = self.conflicts()
        try:
            # A store that nobody judged before is judged when it is served for the first time.
            harness.wait_until(lambda: self.left() == 0, 600)
        except BaseException:
            self.collector.stop()
            raise
        return self

    def left(self):
        with sqlite3.connect(f"file:{self.collector.store}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM rejudge").fetchone()[0]

    def __exit__(self, *_):
        self.collector.stop()
        if self.conflicts() > self.n_conflicts:
            sys.exit("bench: devices came into conflict, so what was measured is something else")

    def conflicts(self):
        with sqlite3.connect(f"file:{self.collector.store}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM conflict").fetchone()[0]

    @property
    def url(self):
        return self.collector.url

    def load(self, template, connections, seconds, *options, url=None):
        next_boot(template)
        url = url or self.url
        if url.startswith("https:"):
            options = ["--tls", *options]
        return turns.run_json(os.path.join(self.build, "bench/load"), *options, turns.port_of(url),
                              str(connections), str(seconds), template, self.keys)

    def warm(self, connections):
        """The first report of a device is another than those that follow."""
        self.load(self.same, connections, 0.3)


class Bench:
    def __init__(self, table, fleet, rounds, seconds):
        self.table, self.fleet, self.rounds, self.seconds = table, fleet, rounds, seconds

    def add(self, what, template, connections, against, *options, budget="", p99=None):
        """A row: @against is a limit program and what it is called, and, for a slow one, what
        it is told as well."""
        limit, words = against
        path = ["--path", "/v1/heartbeats"] if template == self.fleet.beat else []
        # Ten thousand connections take their time to be made, and to have their turn.
        is_many = connections >= 10000
        rounds = min(self.rounds, 2) if is_many else self.rounds
        seconds = max(self.seconds, 2) if is_many else self.seconds
        # Where all of them shake hands first, nobody is answered for as long as that takes.
        options += ("--least", str(max(connections, min(3 * connections, 3000))))
        ours, theirs = turns.in_turns(
            rounds,
            lambda: self.fleet.load(template, connections, seconds, *path, *options),
            lambda: self.fleet.load(template, connections, seconds, *path, *options,
                                    url=limit.url))
        rates = [[run["per_second"] for run in side] for side in (ours, theirs)]
        for side, its in (("us", rates[0]), (words, rates[1])):
            if not min(its):
                self.table.add(what, "not measured", f"{side}: nobody was answered", "", "")
                return
        refused = sum(run["refused"] for run in ours)
        share = refused / max(refused + sum(run["answered"] for run in ours), 1)
        note = f", {share:.1%} told to come back" if refused else ""
        self.table.add(what, f"{turns.shown(rates[0])} /s{note}",
                       f"{words} {turns.shown(rates[1])} /s", f"{turns.ratio(*rates):.2f}", budget)
        if p99:
            self.table.add("… p99 of one",
                           f"{statistics.median(run['p99_ms'] for run in ours):.1f} ms",
                           f"there {statistics.median(run['p99_ms'] for run in theirs):.1f} ms",
                           "", p99)


def bench_connections(bench, limit, counts, protocol=""):
    """Reports whose facts are as before: on connections that stay, then each on a new one."""
    fleet, bare = bench.fleet, (limit, "bare microhttpd + jansson")
    for n in counts:
        fleet.warm(n)
        bench.add(f"reports, facts as before, {n:,} connections{protocol}", fleet.same, n, bare,
                  budget="≥ 1.2" if n in (64, 256) else "", p99="≤ 20 ms" if n == 64 else " ")
    for n in counts if len(counts) > 2 else counts[:1]:
        bench.add(f"… {n:,}, a new connection each{protocol}", fleet.same, n, bare, "--once",
                  p99=" ")


def bench_tls(bench, build, folder, counts):
    with Fleet(folder, build, name="tls", is_tls=True) as fleet:
        secure = Bench(bench.table, fleet, bench.rounds, bench.seconds)
        with turns.Limit(build, "bare_report", "2", *fleet.certificate) as parse:
            bench_connections(secure, parse, counts, ", TLS")
        with turns.Limit(build, "bare_report", "2", "empty", *fleet.certificate) as empty:
            secure.add("heartbeats, 64 connections, TLS", fleet.beat, 64,
                       (empty, "bare microhttpd, 204"), budget="≥ 0.5")
            secure.add("… 64, a new connection each, TLS: connections made", fleet.beat, 64,
                       (empty, "bare microhttpd, 204"), "--once")


@contextlib.contextmanager
def idle_connections(url, n):
    """@n connections on which nothing happens, for less than the time after which they are cut."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    idle = []
    try:
        for _ in range(n):
            idle.append(socket.create_connection(("127.0.0.1", int(turns.port_of(url)))))
        yield
    finally:
        for connection in idle:
            connection.close()


def cpu_of_one_us(fleet, seconds):
    """The processor time of the collector for a report that comes alone."""
    def cpu_ticks():
        with open(f"/proc/{fleet.collector.process.pid}/stat", encoding="ascii") as file:
            return sum(map(int, file.read().rpartition(")")[2].split()[11:13]))

    before = cpu_ticks()
    run = fleet.load(fleet.same, 1, seconds, "--rate", "200")
    return (cpu_ticks() - before) * 1e6 / os.sysconf("SC_CLK_TCK") / max(run["answered"], 1)


def bench_idle(bench):
    def beside():
        with idle_connections(bench.fleet.url, IDLE):
            return cpu_of_one_us(bench.fleet, 2)

    busy, alone = turns.in_turns(min(bench.rounds, 3), beside,
                                 lambda: cpu_of_one_us(bench.fleet, 2))
    bench.table.add(f"CPU of a report beside {IDLE:,} connections that do nothing",
                    f"{turns.shown(busy)} µs", f"alone {turns.shown(alone)} µs",
                    f"{turns.ratio(busy, alone):.2f}", "≤ 2")


def bench_rates(bench, build, folder, big):
    fleet = bench.fleet
    counts = [1, 64, 256, 1000, 10000] if big else [64, 256]
    with turns.Limit(build, "bare_report", "2") as parse:
        bench_connections(bench, parse, counts)
        for n in counts:
            bench.add(f"reports, facts changed, {n:,} connections", fleet.changed, n,
                      (parse, "bare microhttpd + jansson"),
                      budget="≥ 1.2" if n in (64, 256) else "", p99="≤ 20 ms" if n == 64 else None)
    bench_tls(bench, build, folder, counts)
    if big:
        bench_idle(bench)
    for words, one in (("what has queued", []), ("each report", ["one"])):
        with turns.Limit(build, "bare_store", os.path.join(folder, "bare" + "".join(one)), "2",
                         *one) as store:
            bench.add("reports, facts as before, 64 connections", fleet.same, 64,
                      (store, f"bare microhttpd + SQLite, {words} a commit"))
    fleet.warm(256)
    with turns.Limit(build, "bare_report", "2", "empty") as empty:
        for n in (64, 256):
            bench.add(f"heartbeats, {n} connections", fleet.beat, n,
                      (empty, "bare microhttpd, 204"), budget="≥ 0.5")


def bench_slow_disk(bench, build, folder):
    for ms, budget in ((2, "≥ 0.6"), (10, "≥ 0.2")):
        environment = {"LD_PRELOAD": os.path.abspath(os.path.join(build, SLOW_DISK)),
                       "SYNC_MS": str(ms)}
        with Fleet(folder, build, environment=environment, name=f"slow{ms}") as slow:
            slow.warm(64)
            for words, template in (("as before", "same"), ("changed", "changed")):
                ours, theirs = turns.in_turns(
                    bench.rounds,
                    lambda: slow.load(getattr(slow, template), 64, bench.seconds),
                    lambda: bench.fleet.load(getattr(bench.fleet, template), 64, bench.seconds))
                rates = [[run["per_second"] for run in side] for side in (ours, theirs)]
                bench.table.add(f"reports, facts {words}, 64 connections, fsync + {ms} ms",
                                f"{turns.shown(rates[0])} /s",
                                f"this disk {turns.shown(rates[1])} /s",
                                f"{turns.ratio(*rates):.2f}", budget)


def bench_half(bench):
    """At half the top rate, evenly."""
    fleet = bench.fleet
    for words, template in (("as before", fleet.same), ("changed", fleet.changed)):
        top = statistics.median(fleet.load(template, 64, bench.seconds)["per_second"]
                                for _ in range(3))
        runs = [fleet.load(template, 64, 2 * bench.seconds, "--rate", str(int(top / 2)))
                for _ in range(bench.rounds)]
        bench.table.add(f"p99 of a report, facts {words}, at half the top rate",
                        f"{turns.shown([run['p99_ms'] for run in runs], ',.1f')} ms",
                        f"{statistics.median(run['per_second'] for run in runs):,.0f} /s of "
                        f"{top:,.0f} /s", "", "≤ 50 ms")


def bench_ingest(table, build, rounds=5, seconds=1.0, big=False):
    with tempfile.TemporaryDirectory() as folder, Fleet(folder, build) as fleet:
        bench = Bench(table, fleet, rounds, seconds)
        bench_rates(bench, build, folder, big)
        bench_slow_disk(bench, build, folder)
        bench_half(bench)


if __name__ == "__main__":
    turns.alone(bench_ingest, rounds=5, seconds=1.0)
