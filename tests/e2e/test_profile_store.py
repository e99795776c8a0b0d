# SPDX-License-Identifier: Apache-2.0
"""What sites are judged by, beside a collector that serves: published, waived, judged again."""
import hashlib
import json
import os
import re
import signal
import sqlite3

import harness
import pytest
from harness import SITE, wait_until

DEVICES = 5000
REQUIREMENT = "memory.size"


def profile(at_least):
    """The example profile that wants so much memory."""
    with open(harness.PROFILE, encoding="utf-8") as file:
        made = json.load(file)
    for requirement in made["requirements"]:
        if requirement["id"] == REQUIREMENT:
            requirement["check"] = {"fact": "memory.total_mib", "at_least": at_least}
    return json.dumps(made)


def query(collector, sql, *values):
    with sqlite3.connect(f"file:{collector.store}?mode=ro", uri=True, timeout=60) as db:
        return db.execute(sql, values).fetchall()


def number(collector, sql, *values):
    return query(collector, sql, *values)[0][0]


def version_of(collector):
    return json.loads(collector.command("profile", "list", "--json"))["profiles"][0]["version"]


def is_idle(collector):
    return number(collector, "SELECT count(*) FROM rejudge") == 0


def publish(collector, at_least, *more):
    path = collector.write(f"profile-{at_least}.json", profile(at_least))
    return collector.command("profile", "publish", path, *more)


def multiply(collector, device_id, n):
    """As many devices as @n that are like one but for their free room, so that each is judged."""
    body = harness.facts()
    with sqlite3.connect(collector.store) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(device)")]
        row = dict(zip(columns, db.execute("SELECT * FROM device WHERE id = ?",
                                           (device_id,)).fetchone()))
        for i in range(1, n):
            body["disk"]["free_bytes"] = 10 ** 11 + i
            text = harness.canonical(body)
            row["id"] = hashlib.sha256(str(i).encode()).hexdigest()[:32]
            row["facts_hash"] = hashlib.sha256(text.encode()).hexdigest()
            row["key_hash"] = None
            db.execute(f"INSERT INTO device ({','.join(columns)}) VALUES "
                       f"({','.join('?' * len(columns))})", [row[name] for name in columns])
            # As a version stored them that did not pack them.
            db.execute("INSERT INTO device_facts (device_id, body) VALUES (?, ?)",
                       (row["id"], text))
        db.execute("UPDATE site_count SET ready = ? WHERE site_code = ?", (n, SITE))
        db.execute("UPDATE site_pattern SET n = ? WHERE site_code = ?", (n, SITE))


def numbers_are_rows(collector):
    counts = collector.get(f"/v1/sites/{SITE}").json["states"]
    rows = dict(query(collector, "SELECT state, count(*) FROM device WHERE site_code = ? "
                      "GROUP BY state", SITE))
    assert {state: n for state, n in counts.items() if n} == rows
    assert query(collector, "SELECT site_code, room, state, profile_version, results, count(*) "
                 "FROM device WHERE is_expected = 1 GROUP BY 1, 2, 3, 4, 5 EXCEPT SELECT "
                 "site_code, room, state, profile_version, results, n FROM site_pattern") == []


@pytest.fixture
def fleet(new_collector):
    """A collector that is stopped, with a school of many."""
    collector = new_collector(web=False)
    with collector:
        device = collector.enroll(collector.enrollment_key())
        device.report()
    multiply(collector, device.id, DEVICES)
    return collector, device


def start_on_a_slow_disk(collector, monkeypatch):
    """Each commit takes a fifth of a second: judging all is seen to be under way for some seconds."""
    with monkeypatch.context() as slow:
        slow.setenv("LD_PRELOAD", os.path.abspath(os.path.join(harness.BUILD, "fault/slow_disk.so")))
        slow.setenv("SYNC_MS", "200")
        collector.start()


def kill_in_the_middle(collector, at_least):
    """Publish, and kill the collector while it judges."""
    told = publish(collector, at_least)
    version = version_of(collector)
    assert f"{DEVICES} devices are to be judged again" in told
    wait_until(lambda: number(collector, "SELECT count(*) FROM device WHERE profile_version = ?",
                              version) > 0)
    collector.stop(signal.SIGKILL)
    done = number(collector, "SELECT count(*) FROM device WHERE profile_version = ?", version)
    assert 0 < done < DEVICES


def failed_since_publishing(collector):
    """Of each device that came to a fail since the last publishing: when, and how often."""
    return query(collector, "SELECT device_id, max(at_ms), count(*) FROM transition WHERE "
                 "requirement = ? AND new_result = 'fail' AND at_ms >= (SELECT "
                 "max(published_ms) FROM publication) GROUP BY 1", REQUIREMENT)


def test_a_collector_that_is_killed_goes_on_judging_where_it_was(fleet, monkeypatch):
    collector, device = fleet
    start_on_a_slow_disk(collector, monkeypatch)
    kill_in_the_middle(collector, 16384)
    left = json.loads(collector.command("profile", "list", "--json"))["profiles"][0]["judging"]
    assert left["sites_left"] == 1 and 0 < left["devices_left"] < DEVICES
    assert "still to be judged again" in collector.command("profile", "list")
    before = {device_id: at_ms for device_id, at_ms, _ in failed_since_publishing(collector)}

    with collector:
        wait_until(lambda: is_idle(collector))
        version = version_of(collector)
        assert number(collector, "SELECT count(*) FROM device WHERE site_code = ? AND "
                      "profile_version = ? AND state = 'not_ready'", SITE, version) == DEVICES
        # Each came to its fail once, and those that were done before were left alone.
        history = failed_since_publishing(collector)
        assert len(history) == DEVICES
        assert {count for _, _, count in history} == {1}
        assert all(at_ms == before[device_id] for device_id, at_ms, _ in history
                   if device_id in before)
        numbers_are_rows(collector)
        assert device.report()["state"] == "not_ready"
        numbers_are_rows(collector)
    log = collector.log()
    assert re.search(r"judging \d+ devices again, sites: 1", log)
    assert re.search(r"judged \d+ devices again in \d+ s", log)


def test_reports_are_answered_while_devices_are_judged(fleet, monkeypatch):
    collector, device = fleet
    start_on_a_slow_disk(collector, monkeypatch)
    publish(collector, 16384)
    answers = 0
    while answers < 5 and not is_idle(collector):
        assert device.report()["state"] == "not_ready"
        answers += 1
    assert answers > 0
    # The rest on a disk as it is.
    assert collector.stop() == 0
    with collector:
        wait_until(lambda: is_idle(collector))
        numbers_are_rows(collector)


def test_judging_here_and_now_works_beside_a_collector_that_serves(fleet):
    collector, device = fleet
    with collector:
        told = publish(collector, 16384, "--wait")
        assert "nothing waits any more" in told
        assert is_idle(collector)
        assert collector.get(f"/v1/sites/{SITE}").json["states"]["not_ready"] == DEVICES
        assert device.report()["state"] == "not_ready"
        numbers_are_rows(collector)


def test_a_waiver_is_given_and_revoked_beside_a_collector_that_serves(collector):
    device = collector.enroll(collector.enrollment_key())
    assert device.report(harness.facts(memory__total_mib=512))["state"] == "not_ready"
    # Whatever day it is, it is before the season's end.
    sites = harness.sites(0, 0)
    until = sites["sites"][0]["window"]["last"]
    collector.command("site", "import", collector.write("today.json", json.dumps(sites)))
    told = collector.command("waiver", "add", "--profile", "example", "--requirement", REQUIREMENT,
                             "--site", SITE, "--until", until, "--reason", "It is ordered.",
                             "--who", "A. Coordinator")
    waiver = re.search(r"waiver ([0-9a-f]{32})", told)[1]
    assert "1 site is judged otherwise from now on: 1 device is to be judged again" in told
    wait_until(lambda: is_idle(collector))
    # Only a report or the page tells; nobody has to report for it.
    assert collector.get(f"/v1/devices/{device.id}").json["state"] == "ready_with_warnings"
    assert "It is ordered." in collector.command("profile", "export", "example", "--site", SITE)
    assert "A. Coordinator" not in collector.command("profile", "export", "example", "--site", SITE)
    assert "It is ordered." not in collector.command("profile", "export", "example")
    assert "A. Coordinator" in collector.command("waiver", "list")
    collector.command("waiver", "revoke", waiver, "--who", "B. Boss", "--wait")
    assert collector.get(f"/v1/devices/{device.id}").json["state"] == "not_ready"
    assert collector.command("waiver", "list") == "None.\n"
    assert "B. Boss" in collector.command("waiver", "list", "--all")
    again = collector.run("waiver", "revoke", waiver, "--who", "x", "--store", collector.store,
                          check=False)
    assert again.returncode == 1 and "already, by B. Boss" in again.stderr


def supplement(scope, code, **requirement):
    return json.dumps({"supplement_to": "example", "scope": {scope: code}, "title": "More",
                       "source": "the board", "requirements": [requirement]})


def test_what_an_lea_asks_is_published_and_withdrawn(collector):
    device = collector.enroll(collector.enrollment_key())
    assert device.report(harness.facts(audio__headphones="absent"))["state"] == \
        "ready_with_warnings"
    path = collector.write("lea.json", supplement(
        "lea", harness.LEA["code"], tightens="audio.headphones", severity="required",
        source="the board"))
    told = collector.command("profile", "publish", path, "--wait")
    assert f"supplement of LEA {harness.LEA['code']}" in told
    assert collector.get(f"/v1/devices/{device.id}").json["state"] == "not_ready"
    assert "1 supplement," in collector.command("profile", "list")
    collector.command("profile", "withdraw", "example", "--lea", harness.LEA["code"], "--wait")
    assert collector.get(f"/v1/devices/{device.id}").json["state"] == "ready_with_warnings"
    assert "0 supplements," in collector.command("profile", "list")


def headphones(scope, code):
    return supplement(scope, code, tightens="audio.headphones", severity="required", source="s")


@pytest.mark.parametrize("text,told", [
    pytest.param(headphones("lea", "none"), "no LEA has the code 'none'", id="lea"),
    pytest.param(headphones("site", "none"), "no site has the code 'none'", id="site"),
    pytest.param(supplement("lea", harness.LEA["code"], tightens="no.such", severity="required",
                            source="s"), "no.such", id="requirement"),
    pytest.param(profile("much"), "got string", id="profile"),
    pytest.param("{", "p.json:1:", id="json"),
])
def test_what_is_refused_changes_nothing(collector, text, told):
    before = collector.command("profile", "list", "--json")
    done = collector.run("profile", "publish", collector.write("p.json", text), "--store",
                         collector.store, check=False)
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.endswith("Nothing was published.\n")
    assert collector.command("profile", "list", "--json") == before


def test_what_is_exported_is_what_was_published(collector):
    with open(harness.PROFILE, encoding="utf-8") as file:
        published = file.read()
    first = version_of(collector)
    assert collector.command("profile", "export", "example") == published
    publish(collector, 16384)
    assert collector.command("profile", "export", "example") == profile(16384) + "\n"
    assert collector.command("profile", "export", "example", "--version", first[:8]) == published
    # Published again, it holds again.
    collector.command("profile", "publish",
                      collector.write("again.json", published))
    assert version_of(collector) == first
    assert collector.command("profile", "export", "example", "--site", SITE) == published
