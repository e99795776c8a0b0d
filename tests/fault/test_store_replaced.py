# SPDX-License-Identifier: Apache-2.0
"""backup, restore and compact that are killed at any step: one whole store or the other."""
import glob
import os
import shutil
import signal
import sqlite3
import subprocess

import pytest

import harness
from memory import tmp_path_in_memory  # noqa: F401 (a fixture)

DISK = os.path.abspath(os.path.join(harness.BUILD, "fault/disk.so"))
COLLECTOR = os.path.join(harness.BUILD, "testready-collector")


@pytest.fixture
def stores(tmp_path):
    """Two stores with another number of sites each, the second with a log that is not in it."""
    for name in ("one", "two"):
        os.mkdir(tmp_path / name)
    one = harness.Collector(tmp_path / "one", web=False)
    two = harness.Collector(tmp_path / "two", web=False)
    with two:
        two.enroll(two.enrollment_key(harness.SITE_NO_WINDOW))
    return one.store, two.store


def devices(path):
    """How many devices a store has, which opens and is whole."""
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        n = db.execute("SELECT count(*) FROM device").fetchone()[0]
    db.close()
    return n


def run(arguments, fault, folder):
    env = dict(os.environ)
    if fault:
        env.update(LD_PRELOAD=DISK, DISK_FAULT=fault, DISK_UNDER=folder)
    return subprocess.run([COLLECTOR, *arguments], env=env, check=False, capture_output=True,
                          text=True, timeout=60)


@pytest.mark.parametrize("fault", ["kill", "ENOSPC", "EIO"])
@pytest.mark.parametrize("command", ["backup", "restore", "compact"])
def test_a_disk_that_fails_at_every_step_leaves_one_store_or_the_other(tmp_path, stores, command,
                                                                       fault):
    assert os.path.exists(DISK)
    one, two = stores
    old, new = devices(one), devices(two) if command != "compact" else devices(one)
    assert command == "compact" or old != new
    folder = str(tmp_path / "here")
    place = os.path.join(folder, "store.db")
    arguments = {"backup": ["backup", place, "--force", "--store", two],
                 "restore": ["restore", two, "--force", "--store", place],
                 "compact": ["compact", "--store", place]}[command]
    step, n = 1, {"old": 0, "new": 0}
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        shutil.copy(one, place)
        done = run(arguments, f"{fault}:{step}", folder)
        found = devices(place)
        assert found in (old, new), step
        n["new" if done.returncode == 0 else "old"] += 1
        if done.returncode == 0:
            assert found == new
        elif fault != "kill":
            assert done.returncode == 3 and done.stderr, step
            assert fault != "ENOSPC" or not glob.glob(place + ".part*"), step
        # What was left half done is in nobody's way.
        for side in ("-wal", "-shm"):
            assert not os.path.exists(place + side)
        again = run(arguments, None, folder)
        assert again.returncode == 0, (step, again.stderr)
        assert devices(place) == new
        assert not os.path.exists(place + ".part")
        if done.returncode == 0:
            break
        step += 1 if step < 20 else 1 + step // 10
    print(f"{command}, {fault} at {n['old'] + n['new']} of {step} steps: one whole store or the other")
    assert step > 30


def test_a_collector_that_was_killed_is_restored_over_and_its_log_is_kept(tmp_path, stores,
                                                                          new_collector):
    one, _ = stores
    os.mkdir(tmp_path / "three")
    collector = new_collector(tmp_path / "three", web=False).start()
    collector.enroll(collector.enrollment_key(harness.SITE_NO_WINDOW))
    collector.stop(signal.SIGKILL)
    n = devices(one)
    assert os.path.getsize(collector.store + "-wal") > 0
    said = collector.command("restore", one, "--force")
    kept = said.split("what was there is now ")[1].strip()
    assert devices(collector.store) == n and devices(kept) == n + 1
