#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What files cost: an inventory taken in and devices written out, beside the sqlite3 shell.

    tests/bench/bench_files.py [--build build/default] [--rounds 5] [--devices 30000] [--big]

is the part of `make bench` alone; --big writes out a million devices and needs 5 GB below /tmp.
The shell takes the same rows from the same file into a table, once without an index and once with the
indexes that the store has on these columns, and writes the same columns of the same store.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import filled  # noqa: E402
import turns  # noqa: E402
from turns import shown  # noqa: E402

ROWS = 100000
SITES = 200
COLUMNS = "site_code, asset_tag, serial, host_name, role, room"
TABLE = """PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE inventory (site_code TEXT, asset_tag TEXT, serial TEXT, host_name TEXT, role TEXT,
                        room TEXT);
"""
INDEXES = """CREATE INDEX by_place ON inventory (site_code, room, host_name);
CREATE INDEX by_tag ON inventory (site_code, asset_tag) WHERE asset_tag <> '';
CREATE INDEX by_serial ON inventory (site_code, serial) WHERE serial <> '';
CREATE INDEX by_host ON inventory (site_code, lower(host_name)) WHERE host_name <> '';
"""
# What a device's row has without looking anything up but its site.
SELECT = """SELECT d.site_code, s.name, s.lea_code, d.id, d.asset_tag, d.serial, d.host_name, d.model,
 d.role, d.room, d.is_expected, d.state, d.since_ms, d.enrolled_ms, d.seen_ms, d.agent_version,
 d.profile_id, d.profile_version, d.results FROM device d JOIN site s ON s.code = d.site_code
 WHERE d.state <> 'retired' ORDER BY d.site_code, d.room, d.host_name, d.id;
"""


def run(command, script=None, out=subprocess.DEVNULL):
    """Seconds of one run."""
    begun = time.monotonic()
    subprocess.run(command, input=(script or "").encode(), stdout=out, check=True)
    return time.monotonic() - begun


def peak_mib(build, *command):
    """Of bench/cost, since a child of this program begins with what Python has."""
    ours, _ = turns.run_json(os.path.join(build, "bench/cost"), "1", *command, "--", "true")
    return ours["peak_kib"] / 1024


class Imports:
    """The same inventory, each time into a store or a database of its own."""

    def __init__(self, folder, build):
        self.folder = folder
        self.build = build
        self.program = os.path.join(build, "testready-collector")
        self.file = os.path.join(folder, "inventory.csv")
        self.sites = os.path.join(folder, "sites.json")
        self.write_files()

    def write_files(self):
        lines = [COLUMNS.replace(" ", "")]
        for i in range(ROWS):
            site, at = divmod(i, ROWS // SITES)
            lines.append(f"1964733{site:07},A-{i:06},SN{i:08},lab-{site}-{at:05},student,"
                         f"{101 + at // 30}")
        with open(self.file, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        with open(self.file + ".few", "w", encoding="utf-8") as file:
            file.write("\n".join(lines[:2]) + "\n")
        lea = {"code": "1964733", "name": "Example Unified"}
        with open(self.sites, "w", encoding="utf-8") as file:
            json.dump({"sites": [{"code": f"1964733{i:07}", "name": f"School {i}", "lea": lea}
                                 for i in range(SITES)]}, file)

    def path(self, name):
        path = os.path.join(self.folder, name)
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(path + suffix):
                os.unlink(path + suffix)
        return path

    def command(self, store, file):
        return [self.program, "site", "import", file, "--store", store]

    def new_store(self):
        store = self.path("store.db")
        run(self.command(store, self.sites))
        return store

    def ours(self):
        store = self.new_store()
        return run(self.command(store, self.file))

    def again(self):
        return run(self.command(os.path.join(self.folder, "store.db"), self.file))

    def peak(self, file):
        return peak_mib(self.build, *self.command(self.new_store(), file))

    def shell(self, indexes):
        return run(["sqlite3", self.path("shell.db")],
                   TABLE + indexes + f".mode csv\n.import --skip 1 {self.file} inventory\n")


def rates(runs, n):
    return [n / seconds for seconds in runs]


def bench_import(table, build, rounds):
    with tempfile.TemporaryDirectory() as folder:
        imports = Imports(folder, build)
        ours, again, alike, bare = turns.in_turns(
            rounds, imports.ours, imports.again, lambda: imports.shell(INDEXES),
            lambda: imports.shell(""))
        whole, few = imports.peak(imports.file), imports.peak(imports.file + ".few")
    for words, side, peer, budget in (
            ("with the store's indexes on these columns", ours, alike, "≥ 0.3"),
            ("without an index", ours, bare, "≥ 0.3")):
        table.add(f"import of {ROWS:,} inventory rows", f"{shown(rates(side, ROWS))} rows/s",
                  f"sqlite3 .import {words} {shown(rates(peer, ROWS))} rows/s",
                  f"{turns.ratio(rates(side, ROWS), rates(peer, ROWS)):.2f}", budget)
    table.add("… the same file again", f"{shown(rates(again, ROWS))} rows/s",
              f"sqlite3 .import without an index {shown(rates(bare, ROWS))} rows/s",
              f"{turns.ratio(rates(again, ROWS), rates(bare, ROWS)):.2f}", "")
    table.add("… memory more than for one row", f"{whole - few:.1f} MiB", "", "", "≤ 32 MiB")


def bench_export(table, build, rounds, devices):
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store.db")
        filled.fill(store, devices, sites=max(devices // 100, 1), build=build)
        program = os.path.join(build, "testready-collector")
        few_site = "19000000000001"

        def export_of(store, *options):
            return [program, "export", "devices", "--store", store, *options]

        with open(os.path.join(folder, "out"), "wb") as out:
            def export(*options):
                out.seek(0)
                return run(export_of(store, *options), out=out)

            def shell(mode):
                out.seek(0)
                return run(["sqlite3", store], f".mode {mode}\n.headers on\n{SELECT}", out)

            for words, options in (("CSV", ()), ("JSON", ("--json",))):
                ours, peer = turns.in_turns(rounds, lambda: export(*options),
                                            lambda: shell(words.lower()))
                table.add(f"export of {devices:,} devices as {words}",
                          f"{shown(rates(ours, devices))} rows/s",
                          f"sqlite3 .mode {words.lower()} {shown(rates(peer, devices))} rows/s",
                          f"{turns.ratio(rates(ours, devices), rates(peer, devices)):.2f}",
                          "≥ 0.3")
                few = peak_mib(build, *export_of(store, *options, "--site", few_site))
                whole = peak_mib(build, *export_of(store, *options))
                table.add("… memory more than for one site", f"{whole - few:.1f} MiB", "", "",
                          "≤ 32 MiB")


def bench_files(table, build, rounds, devices, big=False):
    bench_import(table, build, rounds)
    bench_export(table, build, rounds, 1000000 if big else devices)


if __name__ == "__main__":
    turns.alone(bench_files, rounds=5, devices=30000)
