# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the collector under load: every acknowledged report is there, once."""
import json
import os
import random
import re
import signal
import sqlite3
import subprocess

import harness

CONNECTIONS = 32
KILLS = 12
LOAD = os.path.join(harness.BUILD, "bench/load")
SLOW_DISK = os.path.abspath(os.path.join(harness.BUILD, "fault/slow_disk.so"))


def write_template(folder, boot, facts):
    report = harness.report_body("@DEVICE@", sequence="@SEQUENCE@", boot=boot, facts=facts)
    path = os.path.join(folder, "template")
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(report).replace('"@SEQUENCE@"', "@SEQUENCE@"))
    return path


def enroll_all(collector, folder):
    key = collector.enrollment_key()
    path = os.path.join(folder, "keys")
    with open(path, "w", encoding="utf-8") as file:
        for i in range(CONNECTIONS):
            device = collector.enroll(key, host_name=f"load-{i}")
            file.write(f"{device.id} {device.key}\n")
    return path


def count_lines(path):
    if not os.path.exists(path):
        return 0
    with open(path, "rb") as file:
        return file.read().count(b"\n")


def load_until_killed(collector, folder, keys, boot, facts, after):
    """Load the collector, kill it once @after reports were acknowledged; what was acknowledged."""
    acked = os.path.join(folder, f"acked-{boot}")
    port = re.search(r":(\d+)$", collector.url).group(1)
    load = subprocess.Popen([LOAD, port, str(CONNECTIONS), "60", write_template(folder, boot, facts),
                             keys, acked], stdout=subprocess.PIPE, text=True)
    harness.wait_until(lambda: count_lines(acked) >= after, 60)
    collector.stop(signal.SIGKILL)
    said = json.loads(load.communicate(timeout=30)[0])
    assert said["refused"] == 0
    with open(acked, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    return {(device, boot, int(sequence)) for device, sequence in lines}


def stored_reports(collector):
    with sqlite3.connect(collector.store) as db:
        return [tuple(row) for row in db.execute("SELECT device_id, boot_id, sequence FROM report")]


def test_every_acknowledged_report_is_there_once(tmp_path, monkeypatch):
    # With a fast disk a kill rarely falls between an answer and its commit.
    assert os.path.exists(SLOW_DISK)
    monkeypatch.setenv("LD_PRELOAD", SLOW_DISK)
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    print(f"seed {seed}")
    acknowledged = set()
    collector = harness.Collector(tmp_path)
    collector.start()
    keys = enroll_all(collector, str(tmp_path))
    for i in range(KILLS):
        # Facts that change from run to run, so that results and counts change too.
        facts = harness.facts(memory__total_mib=512 if i % 2 else 8192)
        acknowledged |= load_until_killed(collector, str(tmp_path), keys, harness.boot_id(), facts,
                                          chance.randrange(1, 400))
        collector.start()
    stored = stored_reports(collector)
    print(f"{len(acknowledged)} acknowledged, {len(stored)} stored, {KILLS} kills")
    assert len(acknowledged) >= KILLS
    assert len(stored) == len(set(stored)), "a report is there twice"
    assert acknowledged <= set(stored), "an acknowledged report is gone"
    assert_counts_equal_rows(collector)
    assert collector.stop() == 0


def assert_counts_equal_rows(collector):
    site = collector.get(f"/v1/sites/{harness.SITE}").json
    rows = collector.pages(f"/v1/sites/{harness.SITE}/devices?expected=true&limit=500", "devices")
    assert site["expected"] == len(rows) == CONNECTIONS
    for state, count in site["states"].items():
        assert count == sum(row["state"] == state for row in rows), state


def test_a_report_sent_again_after_the_kill_is_one(tmp_path):
    collector = harness.Collector(tmp_path).start()
    device = collector.enroll(collector.enrollment_key())
    body = device.body()
    first = device.send(body)
    collector.stop(signal.SIGKILL)
    collector.start()
    second = device.send(body)
    assert (first.status, first.json) == (second.status, second.json)
    assert len(stored_reports(collector)) == 1
    collector.stop()
