# SPDX-License-Identifier: Apache-2.0
"""backup, restore, check and compact: the real commands beside a real collector."""
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading
import time

import harness
import pytest


def collector_of(folder):
    os.makedirs(folder, exist_ok=True)
    return harness.Collector(folder, web=False)


def site_numbers(collector):
    """What a coordinator sees: every number of every site."""
    answer = collector.get("/v1/sites?limit=500").json
    return {site["code"]: {name: site[name] for name in ("expected", "states")}
            for site in answer["sites"]}


def report_some(collector, n=6):
    key = collector.enrollment_key()
    for i in range(n):
        device = collector.enroll(key, host_name=f"host-{i}")
        device.report(harness.facts(memory__total_mib=512) if i % 2 else None)
    return key


def damage(path, page, n_pages=1):
    with open(path, "r+b") as file:
        file.seek(page * 4096)
        file.write(b"\x5a" * 4096 * n_pages)


class Reporting(threading.Thread):
    """Devices that report one after the other until told to stop; what was acknowledged."""

    def __init__(self, collector, key):
        super().__init__()
        self.device = collector.enroll(key, host_name="busy")
        self.acknowledged, self.times_ms = [], []
        self.is_over = threading.Event()
        self.start()

    def run(self):
        while not self.is_over.is_set():
            began = time.monotonic()
            self.device.report(harness.facts(memory__total_mib=4096 + self.device.sequence))
            self.times_ms.append((time.monotonic() - began) * 1000)
            self.acknowledged.append(self.device.sequence)

    def stop(self):
        self.is_over.set()
        self.join()


def test_a_backup_under_load_restores_elsewhere_to_the_same_counts(tmp_path):
    with collector_of(tmp_path / "here") as collector:
        key = report_some(collector)
        load = Reporting(collector, key)
        harness.wait_until(lambda: len(load.acknowledged) > 20)
        n_before = len(load.acknowledged)
        copy = str(tmp_path / "copy.db")
        said = collector.command("backup", copy)
        load.stop()
        numbers = site_numbers(collector)
        assert stat.S_IMODE(os.stat(copy).st_mode) == 0o600
        assert sorted(os.listdir(tmp_path)) == ["copy.db", "here"]
    there = harness.Collector(tmp_path / "here", web=False, fill=False)
    there.store = str(tmp_path / "there.db")
    restored = there.command("restore", copy)
    assert re.search(r": (.* bytes)\n", said).group(1) == re.search(r": (.* bytes)\n", restored).group(1)
    checked = there.run("check", "--store", there.store)
    assert checked.stdout.endswith("0 things wrong\n") and checked.returncode == 0
    with there:
        # The states of the devices do not change any more, so the numbers are the same.
        assert site_numbers(there) == numbers
        # What was acknowledged before the backup began is in it, and what was not comes again.
        load.device.collector = there
        load.device.report()
    print(f"{len(load.acknowledged)} reports, {n_before} before it began; {said.strip()}")


def test_a_backup_says_what_it_has_and_does_not_replace_a_file(collector, tmp_path):
    report_some(collector, 2)
    copy = str(tmp_path / "copy.db")
    said = collector.command("backup", copy)
    assert re.fullmatch(rf"wrote and checked {copy}: 8 devices at 3 sites, 1 of them ready; "
                        rf"layout \d+, {os.path.getsize(copy)} bytes\n", said)
    again = collector.run("backup", copy, "--store", collector.store, check=False)
    assert again.returncode == 3 and "--force" in again.stderr
    assert collector.command("backup", copy, "--force").startswith("wrote and checked")


@pytest.mark.parametrize("arguments, says", [
    (["backup"], "name the file"),
    (["backup", "."], "not a file"),
    (["backup", "/nowhere/copy.db"], "No such file or directory"),
    (["backup", "{store}", "--force"], "this is the store itself"),
    (["restore"], "name the backup"),
    (["restore", "/nowhere/copy.db"], "there is a store"),
    (["restore", "/nowhere/copy.db", "--force"], "has it open; stop the collector"),
    (["compact"], "has it open; stop the collector"),
])
def test_what_cannot_be_done_is_told(collector, arguments, says):
    arguments = [argument.format(store=collector.store) for argument in arguments]
    done = collector.run(*arguments, "--store", collector.store, check=False)
    assert done.returncode == 3 and says in done.stderr, done.stderr
    assert collector.get("/readyz").status == 200


def test_a_store_is_restored_only_where_none_is_served_and_the_old_one_is_kept(tmp_path,
                                                                               new_collector):
    collector = new_collector(web=False).start()
    report_some(collector, 2)
    copy = str(tmp_path / "copy.db")
    collector.command("backup", copy)
    report_some(collector, 3)
    refused = collector.run("restore", copy, "--force", "--store", collector.store, check=False)
    assert f"process {collector.process.pid} has it open" in refused.stderr
    # Also where the collector ended without closing it.
    collector.stop(signal.SIGKILL)
    refused = collector.run("restore", copy, "--store", collector.store, check=False)
    assert refused.returncode == 3 and "--force" in refused.stderr
    said = collector.command("restore", copy, "--force")
    kept = re.search(r"what was there is now (\S+)", said).group(1)
    with sqlite3.connect(kept) as db:
        assert db.execute("SELECT count(*) FROM device WHERE enrolled_ms > 0").fetchone() == (5,)
    with collector:
        assert len(collector.pages(f"/v1/sites/{harness.SITE}/devices?limit=500", "devices")) == 2
        report_some(collector, 1)


def test_check_tells_a_wrong_count_with_its_site_and_mends_it_while_serving(collector):
    report_some(collector, 4)
    assert collector.command("check") == "looked at 10 devices of 3 sites: 0 things wrong\n"
    with sqlite3.connect(collector.store) as db:
        db.execute("UPDATE site_count SET ready = 9 WHERE site_code = ?", (harness.SITE,))
    wrong = collector.run("check", "--store", collector.store, check=False)
    assert wrong.returncode == 1
    assert f"site {harness.SITE}: 9 devices ready are counted, but there are 2" in wrong.stdout
    mended = collector.run("check", "--repair", "--store", collector.store)
    assert f"mending: site {harness.SITE}: 9 devices ready" in mended.stderr
    assert mended.stdout.endswith("0 things wrong\n")
    assert collector.get(f"/v1/sites/{harness.SITE}").json["states"]["ready"] == 2
    assert collector.command("check", "--quick").endswith("0 things wrong\n")


def test_what_no_count_mends_is_still_wrong_after_a_repair(collector):
    with sqlite3.connect(collector.store) as db:
        db.execute("UPDATE test_window SET profile_version = 'gone' WHERE site_code = ?",
                   (harness.SITE,))
    done = collector.run("check", "--repair", "--store", collector.store, check=False)
    assert done.returncode == 1
    assert f"site {harness.SITE}: it is judged by version gone, which is not stored; " in done.stdout


def test_compact_gives_back_what_is_free(new_collector):
    collector = new_collector(web=False)
    with sqlite3.connect(collector.store) as db:
        db.execute("CREATE TABLE junk AS SELECT randomblob(2000000) AS body")
        db.execute("DROP TABLE junk")
    db.close()
    before = os.path.getsize(collector.store)
    assert "are free" in collector.command("compact", "--dry-run")
    said = collector.command("compact")
    after = os.path.getsize(collector.store)
    assert f"{after} bytes, which were {before}" in said and after < before - 1900000
    with collector:
        report_some(collector, 1)


# --- damage -----------------------------------------------------------------------------

def pages(path):
    return os.path.getsize(path) // 4096


def test_a_store_that_is_damaged_anywhere_is_not_served(tmp_path):
    collector = collector_of(tmp_path / "one")
    with collector:
        report_some(collector, 8)
        collector.command("backup", str(tmp_path / "good.db"))
    whole = str(tmp_path / "whole.db")
    shutil.copy(collector.store, whole)
    refused = unused = 0
    for page in range(pages(whole)):
        shutil.copy(whole, collector.store)
        damage(collector.store, page)
        done = collector.run("profile", "list", "--store", collector.store, check=False)
        for side in (".damaged", "-wal", "-shm"):
            if os.path.exists(collector.store + side):
                os.unlink(collector.store + side)
        if done.returncode == 0:
            unused += 1
            continue
        refused += 1
        assert done.returncode == 3
        assert re.search("restore a backup|name another file", done.stderr), done.stderr
    print(f"{refused} of {pages(whole)} pages damaged: refused; {unused} have text only, which "
          "no structure tells from other text")
    assert refused > unused


def test_a_damaged_store_is_refused_at_the_start_and_a_backup_mends_it(tmp_path, new_collector):
    collector = new_collector(web=False)
    with collector:
        report_some(collector, 8)
        numbers = site_numbers(collector)
        collector.command("backup", str(tmp_path / "good.db"))
    damage(collector.store, 3, 20)
    with pytest.raises(AssertionError):
        collector.start()
    assert "the store is damaged" in collector.log() and "restore a backup" in collector.log()
    assert collector.run("check", "--store", collector.store, check=False).returncode == 1
    said = collector.command("restore", str(tmp_path / "good.db"), "--force")
    assert "what was there is now" in said
    with collector:
        assert site_numbers(collector) == numbers


def test_a_collector_stops_when_its_store_is_found_damaged(new_collector):
    collector = new_collector(web=False).start()
    report_some(collector, 8)
    # So that what is damaged is in the file and not in the log.
    with sqlite3.connect(collector.store) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    damage(collector.store, 3, 20)
    found = collector.run("check", "--store", collector.store, check=False)
    assert found.returncode == 1 and "damaged" in found.stderr
    assert collector.process.wait(60) == 3
    assert "the store is damaged" in collector.log()
    collector.stop()
    # Nor does it start again, nor does anything else read from it.
    with pytest.raises(AssertionError):
        collector.start()
    assert collector.run("certify", "--site", harness.SITE, "--window", "lincoln", "--dry-run",
                         "--store", collector.store, check=False).returncode == 3


def test_a_store_that_was_moved_away_takes_no_reports(collector):
    key = collector.enrollment_key()
    device = collector.enroll(key)
    os.rename(collector.store, collector.store + ".away")
    assert device.send(device.body()).status == 503
    assert collector.get("/readyz").status == 503
    os.rename(collector.store + ".away", collector.store)
    device.report()


# --- who may ------------------------------------------------------------------------------

def test_a_backup_is_for_its_owner_alone_also_while_it_is_written(tmp_path):
    collector = collector_of(tmp_path)
    part = str(tmp_path / "copy.db.part")
    # One that somebody made before, for all to read.
    with open(part, "w", encoding="utf-8") as file:
        os.chmod(part, 0o666)
        collector.command("backup", str(tmp_path / "copy.db"))
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
    subprocess.run([collector.program, "check", "--store", str(tmp_path / "copy.db")], check=True,
                   stdout=subprocess.DEVNULL)
