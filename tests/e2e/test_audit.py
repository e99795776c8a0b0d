# SPDX-License-Identifier: Apache-2.0
"""The log of what people changed: complete, and no byte of it can be changed unseen."""
import csv
import io
import json
import os
import sqlite3

import pytest

import harness
from harness import collector  # noqa: F401  a fixture


def audit(collector, *arguments):
    return json.loads(collector.command("audit", "list", "--json", *arguments))["entries"]


def waive(collector):
    answer = collector.post("/v1/waivers", {
        "profile": "example", "scope": "site", "code": harness.SITE, "requirement": "memory.size",
        "reason": "New memory is ordered.", "who": "A. Coordinator",
        "until": harness.sites()["sites"][0]["window"]["last"]}, collector.token)
    assert answer.status == 200, answer.body
    return answer.json["id"]


def test_what_people_change_is_in_it_and_what_devices_send_is_not(collector):
    collector.enroll(collector.enrollment_key()).report()
    waiver = waive(collector)
    assert collector.request("DELETE", f"/v1/waivers/{waiver}", key=collector.token).status == 200

    newest = audit(collector)
    assert [entry["act"] for entry in newest[:2]] == ["waiver_revoked", "waiver_given"]
    assert newest[0]["object"] == newest[1]["object"] == waiver
    assert newest[0]["who"] == "the admin token" and newest[0]["network"] == "127.0.0.1"
    assert newest[0]["site_code"] == harness.SITE and newest[0]["lea_code"] == harness.LEA["code"]
    acts = {entry["act"] for entry in newest}
    assert {"profile_published", "sites_imported", "inventory_imported"} <= acts
    assert not any("report" in act or "enroll" in act for act in acts)
    told = collector.command("audit", "list")
    assert "waiver_revoked  " + waiver + "  by the admin token from 127.0.0.1" in told


def test_what_changes_nothing_is_not_in_it(collector):
    before = audit(collector)
    collector.fill()
    assert audit(collector) == before


def test_it_is_found_by_kind_and_object_and_day(collector):
    waiver = waive(collector)
    assert [e["object"] for e in audit(collector, "--act", "waiver_given")] == [waiver]
    assert [e["act"] for e in audit(collector, "--object", waiver)] == ["waiver_given"]
    assert audit(collector, "--until", "2020-01-01") == []
    assert audit(collector, "--since", "2999-01-01") == []
    newest = audit(collector, "--limit", "1")[0]
    older = audit(collector, "--limit", "1", "--before", newest["number"])[0]
    assert int(older["number"]) == int(newest["number"]) - 1
    rows = list(csv.DictReader(io.StringIO(collector.command("audit", "list", "--csv"))))
    assert rows[0]["object"] == waiver


@pytest.mark.parametrize("arguments, says", [
    (["--act", "waved"], "no kind of change 'waved'"), (["--limit", "0"], "1 to 500"),
    (["--since", "yesterday"], "yesterday"), (["--before", "x"], "--before")])
def test_a_question_that_makes_no_sense_is_told_so(tmp_path, arguments, says):
    empty = harness.Collector(tmp_path)
    done = empty.run("audit", "list", *arguments, "--store", empty.store, check=False)
    assert done.returncode == 3 and says in done.stderr


COLUMNS = ["at_ms", "who", "account_id", "network", "act", "object", "lea_code", "site_code",
           "before_json", "after_json", "hash"]


def tampered(collector, sql):
    """What audit verify says of a copy of the store in which SQL was run."""
    copy = os.path.join(collector.folder, "copy.db")
    if os.path.exists(copy):
        os.unlink(copy)
    source, target = sqlite3.connect(collector.store), sqlite3.connect(copy)
    source.backup(target)
    target.executescript(sql)
    target.commit()
    source.close()
    target.close()
    return collector.run("audit", "verify", "--store", copy, check=False)


def test_every_changed_byte_and_every_missing_entry_is_found(collector):
    waive(collector)
    done = tampered(collector, "")
    assert done.returncode == 0 and "each as it was written" in done.stdout
    for column in COLUMNS:
        done = tampered(collector, f"UPDATE audit SET {column} = 'x' || substr({column}, 2) || "
                        "'2' WHERE number = 2" if column != "at_ms" else
                        "UPDATE audit SET at_ms = at_ms + 1 WHERE number = 2")
        assert done.returncode == 1, column
        assert "entry 2 of the audit log" in done.stderr, column
    done = tampered(collector, "UPDATE audit SET hash = hash || '2' WHERE number = 2")
    assert done.returncode == 1 and "entry 2 of the audit log" in done.stderr
    done = tampered(collector, "DELETE FROM audit WHERE number = 2")
    assert done.returncode == 1 and "no entry 2" in done.stderr
    done = tampered(collector, "UPDATE audit SET number = number + 100 WHERE number >= 2")
    assert done.returncode == 1 and "no entry 2" in done.stderr
    done = tampered(collector, "UPDATE audit SET number = -1 WHERE number = 1;"
                    "UPDATE audit SET number = 1 WHERE number = 2;"
                    "UPDATE audit SET number = 2 WHERE number = -1")
    assert done.returncode == 1 and "entry 1 of" in done.stderr


def test_a_log_that_was_cut_off_shows_against_a_noted_hash(collector):
    waive(collector)
    noted = collector.command("audit", "verify").splitlines()[1]
    waive_again = tampered(collector, "")
    assert waive_again.returncode == 0
    assert collector.run("audit", "verify", "--noted", noted, "--store", collector.store,
                         check=False).returncode == 0
    cut = "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)"
    assert tampered(collector, cut).returncode == 0  # the log alone cannot tell
    done = collector.run("audit", "verify", "--noted", noted, "--store",
                         os.path.join(collector.folder, "copy.db"), check=False)
    assert done.returncode == 1 and "cut off" in done.stderr
