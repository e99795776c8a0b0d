# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the collector under load: every acknowledged report is there, and counted once."""
import os
import random
import sqlite3
import sys
import threading
import time

import harness
import loaded
import pytest

sys.path.insert(0, os.path.join(harness.ROOT, "tests/bench"))
import filled  # noqa: E402

KILLS = int(os.environ.get("KILLS", "50"))
CONNECTIONS = 32


@pytest.fixture(name="collector")
def collector_without_a_rate_limit(new_collector):
    return new_collector(web=False, arguments=["--no-rate-limit"])


@pytest.fixture(name="chance")
def seeded_chance():
    seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    return random.Random(seed)


def test_every_acknowledged_report_is_there_and_counted_once(tmp_path, monkeypatch, collector,
                                                              chance):
    # With a fast disk a kill rarely falls between an answer and its commit.
    assert os.path.exists(loaded.SLOW_DISK)
    monkeypatch.setenv("LD_PRELOAD", loaded.SLOW_DISK)
    collector.start()
    keys = loaded.enroll_all(collector, str(tmp_path), CONNECTIONS)
    n_acknowledged = n_found = 0
    for i in range(KILLS):
        load = loaded.Load(collector, tmp_path, keys)
        load.wait_for(chance.randrange(1, 400))
        loaded.kill(collector)
        said, newest, n = load.finish()
        assert said["refused"] == 0
        collector.start()
        loaded.assert_newest_are_there(collector, newest)
        n_acknowledged += n
        n_found += len(newest)
        if i % 10 == 9:
            loaded.assert_counts_equal_rows(collector)
    loaded.assert_counts_equal_rows(collector)
    assert collector.stop() == 0
    print(f"{KILLS} kills, {n_acknowledged} reports acknowledged; what was acknowledged last, "
          f"{n_found} reports, was there each time")
    assert n_acknowledged >= KILLS


def test_a_report_sent_again_after_the_kill_is_one(collector):
    collector.start()
    device = collector.enroll(collector.enrollment_key())
    body = device.body()
    first = device.send(body)
    before = collector.get(f"/v1/devices/{device.id}").json
    loaded.kill(collector)
    collector.start()
    second = device.send(body)
    after = collector.get(f"/v1/devices/{device.id}").json
    assert (first.status, first.json) == (second.status, second.json)
    before.pop("as_of"), after.pop("as_of")
    assert before == after
    assert collector.stop() == 0


# --- while the fleet is judged again ------------------------------------------------------


def left_to_judge(collector):
    with sqlite3.connect(f"file:{collector.store}?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM rejudge").fetchone()[0]


def versions(collector):
    with sqlite3.connect(f"file:{collector.store}?mode=ro", uri=True) as db:
        return [row[0] for row in db.execute(
            "SELECT DISTINCT profile_version FROM device WHERE facts_hash <> ''")]


@pytest.fixture(name="fleet")
def collector_of_a_fleet(new_collector):
    return new_collector(web=False, fill=False, arguments=["--no-rate-limit"])


def test_a_collector_killed_while_it_judges_again_under_load_comes_to_the_right_counts(
        tmp_path, fleet, chance):
    collector = fleet
    keys = os.path.join(str(tmp_path), "keys")
    filled.fill(collector.store, 4000, sites=8, keys=keys)
    with open(keys, encoding="utf-8") as file:
        lines = file.readlines()[:CONNECTIONS]
    with open(keys, "w", encoding="utf-8") as file:
        file.writelines(lines)
    with open(harness.PROFILE, encoding="utf-8") as file:
        text = file.read()
    profiles = [harness.PROFILE, os.path.join(str(tmp_path), "next.json")]
    with open(profiles[1], "w", encoding="utf-8") as file:
        file.write(text.replace('"14.0.."', '"15.0.."'))
    collector.start()
    n_midway = 0
    for i in range(10):
        load = loaded.Load(collector, tmp_path, keys)
        load.wait_for(1)
        collector.command("profile", "publish", profiles[(i + 1) % 2])
        load.wait_for(loaded.count_lines(load.acked) + chance.randrange(1, 300))
        loaded.kill(collector)
        n_midway += left_to_judge(collector) > 0
        said, newest, _ = load.finish()
        assert said["refused"] == 0
        collector.start()
        loaded.assert_newest_are_there(collector, newest)
    harness.wait_until(lambda: left_to_judge(collector) == 0, 60)
    loaded.assert_counts_equal_rows(collector)
    assert len(versions(collector)) == 1
    assert collector.stop() == 0
    print(f"10 kills, {n_midway} of them before all devices were judged again")
    assert n_midway > 0


# --- while pages are open ------------------------------------------------------------------


class Reader(threading.Thread):
    """Looks at pages again and again; what it gets is whole, or the collector is not there."""

    def __init__(self, collector, paths):
        super().__init__(daemon=True)
        self.collector, self.paths = collector, paths
        self.is_over, self.n_read, self.n_gone, self.wrong = False, 0, 0, []

    def look(self, path):
        try:
            answer = self.collector.get(path)
        except (OSError, harness.http.client.HTTPException):
            self.n_gone += 1
            time.sleep(0.005)  # it is being started
            return
        if answer.status == 503 and "being stopped" in answer.json["detail"]:
            self.n_gone += 1
            return
        if answer.status != 200:
            self.wrong.append((path, answer.status, answer.body))
            return
        self.n_read += 1
        json = answer.json
        counts = json.get("totals", json)
        if "states" in counts and sum(counts["states"].values()) != counts["expected"]:
            self.wrong.append((path, counts))

    def run(self):
        while not self.is_over:
            for path in self.paths:
                self.look(path)


def test_pages_that_are_open_go_on_after_a_restart(tmp_path, collector, chance):
    collector.start()
    loaded.keep_port(collector)
    keys = loaded.enroll_all(collector, str(tmp_path), 8)
    site = f"/v1/sites/{harness.SITE}"
    # Their names, by which lists are in order, are those of their reports from now on.
    assert len(loaded.Load(collector, tmp_path, keys, seconds=0.5, least=80).finish()[1]) == 8
    part = collector.get(f"{site}/devices?limit=3").json
    seen = [row["id"] for row in part["devices"]]
    readers = [Reader(collector, ["/v1/overview", site, f"{site}/devices?expected=true&limit=500"])
               for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(8):
        load = loaded.Load(collector, tmp_path, keys)
        load.wait_for(chance.randrange(1, 200))
        if i % 2:
            loaded.kill(collector)
        else:
            assert collector.stop() == 0
        load.finish()
        collector.start()
    n_read = sum(reader.n_read for reader in readers)
    harness.wait_until(lambda: sum(reader.n_read for reader in readers) > n_read + 20)
    for reader in readers:
        reader.is_over = True
    for reader in readers:
        reader.join(60)
    assert [reader.wrong for reader in readers] == [[], [], []]
    # A list that was begun before goes on where it was.
    while part["next_cursor"]:
        part = collector.get(f"{site}/devices?limit=3&cursor={part['next_cursor']}").json
        seen += [row["id"] for row in part["devices"]]
    rows = collector.pages(f"{site}/devices?limit=500", "devices")
    assert sorted(seen) == sorted(row["id"] for row in rows)
    print(f"{sum(reader.n_read for reader in readers)} pages read, "
          f"{sum(reader.n_gone for reader in readers)} tries while it was away")
    assert collector.stop() == 0
