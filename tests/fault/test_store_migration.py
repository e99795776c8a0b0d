# SPDX-License-Identifier: Apache-2.0
"""A store of an older layout on a disk that fails: it is as it was, or it is migrated."""
import glob
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile

import pytest

import harness
from memory import tmp_path_in_memory  # noqa: F401 (a fixture)

DISK = os.path.abspath(os.path.join(harness.BUILD, "fault/disk.so"))
COLLECTOR = os.path.join(harness.BUILD, "testready-collector")
SCRIPTS = sorted(glob.glob(os.path.join(harness.ROOT, "collector/store/sql/*.sql")))
APPLICATION_ID = 0x54726479
N_DEVICES = 20

# What every layout has had; the first one has the facts in the device's row.
ROWS = """
INSERT INTO lea (code, name) VALUES ('00', 'Valley');
INSERT INTO site (code, name, lea_code, zone) VALUES ('0001', 'Lincoln', '00', 'UTC');
INSERT INTO site_count (site_code, never_seen) VALUES ('0001', {n});
INSERT INTO site_pattern (site_code, room, state, profile_version, results, n)
  VALUES ('0001', '', 'never_seen', '', '', {n});
"""
DEVICE = """
INSERT INTO device (id, site_code, role, room, is_expected, asset_tag, serial, host_name, model,
  key_hash, enrolled_ms, seen_ms, agent_version, state, since_ms, profile_id, profile_version,
  results, browser_result, facts_hash, facts) VALUES (printf('%032x', ?1), '0001', 'student', '',
  1, '', '', 'host-' || ?1, '', 'k' || ?1, 1, NULL, '', 'never_seen', 1, '', '', '', 'unknown', '',
  ?2)
"""


def make_old(path):
    """A store of the first layout."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE schema_version (number BIGINT PRIMARY KEY, name TEXT NOT NULL)")
    with open(SCRIPTS[0], encoding="utf-8") as file:
        db.executescript(file.read())
    db.execute("INSERT INTO schema_version VALUES (1, 'initial')")
    db.executescript(ROWS.format(n=N_DEVICES))
    for i in range(N_DEVICES):
        db.execute(DEVICE, (i, '{"memory":{"total_mib":%d}}' % i))
        db.execute("INSERT INTO report VALUES (printf('%032x', ?), 'b', 1, 1, 1, 'ready')", (i,))
    db.close()


def dump(path):
    with sqlite3.connect(path) as db:
        lines = sorted(db.iterdump())
    db.close()
    return lines


def layout(path):
    with sqlite3.connect(path) as db:
        number = db.execute("SELECT max(number) FROM schema_version").fetchone()[0]
    db.close()
    return number


def run(store, fault=None):
    env = dict(os.environ)
    if fault:
        env.update(LD_PRELOAD=DISK, DISK_FAULT=fault, DISK_UNDER=os.path.dirname(store))
    return subprocess.run([COLLECTOR, "profile", "list", "--store", store], env=env, check=False,
                          capture_output=True, text=True, timeout=60)


@pytest.fixture
def old(tmp_path):
    path = str(tmp_path / "old.db")
    make_old(path)
    return path


@pytest.fixture
def migrated(tmp_path, old):
    """What a migration that nothing disturbs makes of it."""
    path = str(tmp_path / "migrated.db")
    shutil.copy(old, path)
    done = run(path)
    assert done.returncode == 0, done.stderr
    return dump(path)


@pytest.mark.parametrize("fault", ["kill", "ENOSPC", "EIO"])
def test_a_disk_that_fails_at_every_step_leaves_the_old_store_or_the_new(tmp_path, old, migrated,
                                                                         fault):
    assert os.path.exists(DISK)
    newest, step, n_runs, n_copies, before = len(SCRIPTS), 1, 0, 0, dump(old)
    while True:
        folder = str(tmp_path / f"step-{step}")
        os.mkdir(folder)
        store = os.path.join(folder, "store.db")
        shutil.copy(old, store)
        done = run(store, f"{fault}:{step}")
        n_runs += 1
        if fault != "kill" and done.returncode != 0:
            assert done.returncode == 3 and done.stderr, step
        # What there is under the copy's name is a whole copy, and of what was.
        copy = f"{store}.before-{newest:04}"
        if os.path.exists(copy):
            n_copies += 1
            assert dump(copy) == before, step
        again = run(store)
        assert again.returncode == 0, (step, again.stderr)
        assert dump(store) == migrated, step
        assert dump(copy) == before, step
        shutil.rmtree(folder)
        if done.returncode == 0:
            break
        # Each of the first, which are the copy's and the first statements; then here and there.
        step += 1 if step < 40 else 1 + step // 20
    print(f"{fault} at {n_runs} of {step} steps of a migration: opened again and migrated "
          f"{n_runs} times, with a whole copy {n_copies} times")
    assert step > 100 and 0 < n_copies < n_runs


def test_a_store_that_has_no_room_for_its_copy_stays_as_it_was(old):
    before, said = dump(old), []
    for step in range(1, 60):
        done = run(old, f"ENOSPC:{step}")
        assert done.returncode == 3, done.stderr
        assert layout(old) == 1 and dump(old) == before, step
        said.append(done.stderr)
    copying = [text for text in said if "copying the store before its layout changes" in text]
    assert len(copying) > 40
    assert all(re.search("the disk is full|No space left|cannot be opened", text)
               for text in said), said


def test_a_newer_layout_is_refused(old):
    with sqlite3.connect(old) as db:
        db.execute("INSERT INTO schema_version VALUES (9999, 'x')")
    db.close()
    before = dump(old)
    done = run(old)
    assert done.returncode == 3 and "use the newer version" in done.stderr
    assert dump(old) == before


def test_a_store_of_another_program_is_refused_and_left_alone(old):
    with sqlite3.connect(old) as db:
        db.execute("PRAGMA application_id = 7")
    db.close()
    done = run(old)
    assert done.returncode == 3 and "not a Testready store" in done.stderr
    assert layout(old) == 1


def test_a_read_only_disk_is_told(old):
    for fault in ("EROFS:1", "EROFS:2"):
        done = run(old, fault)
        assert done.returncode == 3 and done.stderr.startswith("testready-collector profile list: ")
        assert layout(old) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_store_of_another_owner_is_told():
    # Not below pytest's folder, which nobody else may enter.
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        store = os.path.join(folder, "old.db")
        make_old(store)
        for mode in (0o600, 0o644):
            os.chmod(store, mode)
            done = subprocess.run([COLLECTOR, "profile", "list", "--store", store], user=65534,
                                  check=False, capture_output=True, text=True)
            assert done.returncode == 3
            assert "it belongs to root; run this as that user" in done.stderr, done.stderr
            assert layout(store) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("side", ["", "-wal", "-shm"])
def test_a_file_that_its_owner_may_not_use_or_that_stayed_somebody_elses_is_named(side):
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "old.db")
        make_old(store)
        for name in ("", "-wal", "-shm"):
            with open(store + name, "ab"):
                os.chown(store + name, 65534, 65534)
        os.chown(folder, 65534, 65534)
        for owner, said in ((65534, "its mode is 0200; chmod it to 0600"),
                            (0, "it belongs to root; run this as that user")):
            os.chown(store + side, owner, owner)
            os.chmod(store + side, 0o200)
            done = subprocess.run([COLLECTOR, "check", "--store", store], user=65534, check=False,
                                  capture_output=True, text=True)
            assert done.returncode == 3
            assert f"{store + side}: permission denied: {said}" in done.stderr, done.stderr
