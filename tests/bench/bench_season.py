# SPDX-License-Identifier: Apache-2.0
"""What a device leaves in the store in a season.

    tests/bench/bench_season.py [--build build/default] [--devices 2000] [--days 300] [--changes 12]

is the part of `make bench PART=bytes` alone. tests/bench/season.c says what the devices do.
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import filled  # noqa: E402
import turns  # noqa: E402

harness = turns.harness


def bench_season(table, build, devices=2000, days=300, changes=12, **_):
    collector = os.path.join(build, "testready-collector")
    with tempfile.TemporaryDirectory() as folder:
        store, facts = (os.path.join(folder, name) for name in ("store.db", "facts.json"))
        filled.publish(store, harness.PROFILE, build)
        with open(facts, "w", encoding="utf-8") as file:
            json.dump(harness.READY, file)
        run = turns.run_json(os.path.join(build, "bench/season"), store,
                             filled.profile_id(harness.PROFILE), facts, str(devices), str(days),
                             str(changes))
        grown = os.path.getsize(store)
        subprocess.run([collector, "compact", "--store", store], check=True,
                       stdout=subprocess.DEVNULL)
        compacted = grown - os.path.getsize(store)
    table.add(f"store per device, {days} days, a report a day, {changes} changes",
              f"{run['bytes'] / devices / 1024:.1f} KiB", "after compact "
              f"{(run['bytes'] - compacted) / devices / 1024:.1f} KiB", "", "≤ 12 KiB")


if __name__ == "__main__":
    turns.alone(bench_season, devices=2000, days=300, changes=12)
