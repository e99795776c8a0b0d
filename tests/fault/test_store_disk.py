# SPDX-License-Identifier: Apache-2.0
"""The disk of a collector that serves: full, slow, held by somebody else. Nothing is lost."""
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

import pytest

import harness
import loaded

CONNECTIONS = 32


@pytest.fixture
def small_disk():
    """A disk of 4 MiB; where nobody may mount one, a folder whose files may not grow."""
    folder = tempfile.mkdtemp()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", folder],
                             check=False, capture_output=True).returncode == 0
    yield SmallDisk(folder, mounted)
    if mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)
    shutil.rmtree(folder, ignore_errors=True)


class SmallDisk:
    def __init__(self, folder, is_mounted):
        self.folder, self.is_mounted = folder, is_mounted
        self.filler = os.path.join(folder, "filler")

    def fill(self, collector):
        """All but a few pages."""
        if not self.is_mounted:
            size = os.path.getsize(collector.store + "-wal") + 8192
            resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, (size, -1))
            return
        room = os.statvfs(self.folder)
        with open(self.filler, "wb") as file:
            file.write(bytes(max(0, room.f_bavail * room.f_frsize - 40960)))

    def free(self, collector):
        if self.is_mounted:
            os.unlink(self.filler)
        else:
            resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, (-1, -1))


def send(device, acknowledged):
    """Facts that say which report they are of."""
    number = device.sequence + 1
    answer = device.send(device.body(harness.facts(disk__free_bytes=number)))
    if answer.status == 200:
        acknowledged[device.id] = number
    return answer


def assert_acknowledged_is_there(collector, acknowledged):
    for device, number in acknowledged.items():
        facts = collector.get(f"/v1/devices/{device}").json["facts"]
        assert facts["disk"]["free_bytes"] == number


def test_a_full_disk_is_503_and_is_over_when_there_is_room(small_disk, new_collector):
    collector = new_collector(small_disk.folder, web=False).start()
    key = collector.enrollment_key()
    devices = [collector.enroll(key, host_name=f"host-{i}") for i in range(20)]
    acknowledged, refused = {}, []
    for device in devices:
        assert send(device, acknowledged).status == 200
    small_disk.fill(collector)
    for _ in range(20):
        refused += [answer for answer in (send(device, acknowledged) for device in devices)
                    if answer.status != 200]
        if len(refused) > 40:
            break
    assert len(refused) > 40, "the disk is not full"
    for answer in refused:
        assert answer.status == 503 and int(answer.headers["retry-after"]) > 0
        assert answer.type == "application/problem+json"
    # What is there is still shown, and is what was acknowledged.
    assert_acknowledged_is_there(collector, acknowledged)
    small_disk.free(collector)
    for device in devices:
        assert send(device, acknowledged).status == 200
    assert collector.get("/readyz").status == 200
    assert_acknowledged_is_there(collector, acknowledged)
    assert collector.log().count("the store cannot be written") == 1
    assert collector.log().count("the store can be written again") == 1
    loaded.assert_counts_equal_rows(collector)
    assert collector.stop() == 0
    with collector:
        assert_acknowledged_is_there(collector, acknowledged)
    print(f"{len(refused)} reports were answered with 503, {len(devices)} devices have what was "
          f"acknowledged{'' if small_disk.is_mounted else ' (no mount: by a limit)'}")


def test_a_backup_that_has_no_room_leaves_nothing_behind(small_disk):
    if not small_disk.is_mounted:
        pytest.skip("needs to mount a small disk")
    with tempfile.TemporaryDirectory() as elsewhere, \
            harness.Collector(elsewhere, web=False) as collector:
        small_disk.fill(collector)
        copy = os.path.join(small_disk.folder, "copy.db")
        done = collector.run("backup", copy, "--store", collector.store, check=False)
        assert done.returncode == 3
        assert "the disk is full" in done.stderr or "No space left" in done.stderr, done.stderr
        assert os.listdir(small_disk.folder) == ["filler"]


def rate(tmp_path, monkeypatch, new_collector, sync_ms, seconds=1.5):
    """Reports a second on a disk whose syncs take so long, and that all of them are there."""
    folder = str(tmp_path / f"sync-{sync_ms}")
    os.mkdir(folder)
    collector = new_collector(folder, web=False)
    # Each enrolment commits alone, which is not what is looked at here.
    with collector:
        keys = loaded.enroll_all(collector, folder, CONNECTIONS)
    monkeypatch.setenv("SYNC_MS", str(sync_ms))
    monkeypatch.setenv("LD_PRELOAD", loaded.SLOW_DISK)
    collector.start()
    monkeypatch.delenv("LD_PRELOAD")
    said, newest, n = loaded.Load(collector, folder, keys, seconds).finish()
    assert said["refused"] == 0 and len(newest) == CONNECTIONS
    loaded.kill(collector)
    with collector:
        loaded.assert_newest_are_there(collector, newest)
        loaded.assert_counts_equal_rows(collector)
    return n / seconds


def test_on_a_slow_disk_transactions_are_larger_and_nothing_is_lost(tmp_path, monkeypatch,
                                                                    new_collector):
    assert os.path.exists(loaded.SLOW_DISK)
    rates = {ms: rate(tmp_path, monkeypatch, new_collector, ms) for ms in (0.001, 2, 10, 200)}
    fast = rates.pop(0.001)
    print("reports a second with syncs of " +
          ", ".join(f"{ms} ms more: {n:.0f} ({n / fast:.2f} of {fast:.0f})"
                    for ms, n in rates.items()))
    # One by one there could not be more than five a second.
    assert rates[200] > 5 * 4


# --- somebody else writes -------------------------------------------------------------

class Holder:
    """Another process that holds the write lock for so many seconds."""

    def __init__(self, store):
        self.db = sqlite3.connect(store, isolation_level=None, timeout=60, check_same_thread=False)

    def __enter__(self):
        self.db.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, *_):
        self.db.execute("ROLLBACK")
        self.db.close()


def test_a_store_that_is_held_for_a_moment_keeps_reports_waiting(tmp_path):
    with harness.Collector(tmp_path, web=False) as collector:
        device = collector.enroll(collector.enrollment_key())
        acknowledged, answers = {}, []
        with Holder(collector.store):
            sender = threading.Thread(
                target=lambda: answers.append(send(device, acknowledged).status))
            sender.start()
            # It waits, while what only reads is answered.
            assert collector.get(f"/v1/sites/{harness.SITE}").status == 200
            sender.join(0.5)
            assert sender.is_alive()
        sender.join(60)
        assert answers == [200]
        assert_acknowledged_is_there(collector, acknowledged)


def test_a_store_that_is_held_for_long_is_503_until_it_is_let_go(tmp_path):
    with harness.Collector(tmp_path, web=False) as collector:
        device = collector.enroll(collector.enrollment_key())
        acknowledged = {}
        with Holder(collector.store):
            began = time.monotonic()
            answer = send(device, acknowledged)
            waited = time.monotonic() - began
            assert answer.status == 503 and int(answer.headers["retry-after"]) > 0
            assert not acknowledged
        assert send(device, acknowledged).status == 200
        assert_acknowledged_is_there(collector, acknowledged)
        assert "another program is writing to it" in collector.log()
    print(f"503 after {waited:.1f} s, 200 as soon as it was let go")


def test_a_command_says_who_is_in_the_way(tmp_path):
    collector = harness.Collector(tmp_path, web=False)
    with Holder(collector.store):
        done = collector.run("profile", "list", "--store", collector.store, check=False)
    assert done.returncode == 3 and "another program is writing to it; try again" in done.stderr
    assert json.loads(collector.command("profile", "list", "--json"))["profiles"]
