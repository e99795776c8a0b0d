# SPDX-License-Identifier: Apache-2.0
"""Proposed waivers over the API: who makes and decides them, and that they change nothing."""
import json
import re
import sqlite3

import harness
import people
import pytest
from harness import SITE
from waivers import body, last_day, revoke, wait_until_judged


@pytest.fixture
def weak(collector):
    device = collector.enroll(collector.enrollment_key())
    device.report(harness.facts(memory__total_mib=512))
    return device


@pytest.fixture
def team(collector):
    """Who proposes and who gives, each signed in."""
    admin = people.set_up(collector)
    grants = {"tech": people.grant("tech_coordinator", "site", SITE),
              "other": people.grant("site_coordinator", "site", SITE),
              "lea": people.grant("lea_coordinator", "lea", harness.LEA["code"]),
              "viewer": people.grant("viewer", "site", SITE)}
    return {login: people.accept(collector, admin.add(login, [grants[login]], login.title())[1], login)
            for login in grants}


def ask(who, method, path, said=None, status=200):
    answer = who.ask(method, path, said)
    assert answer.status == status, answer.body
    return answer.json


def propose(who, **changes):
    return ask(who, "POST", "/v1/waivers", body(**changes))


def decide(person, row, decision, status=200, **more):
    return ask(person, "POST", f"/v1/waivers/{row['id']}/decision",
               {"decision": decision, **more}, status)


def listed(who, state="proposed"):
    return ask(who, "GET", f"/v1/waivers?state={state}")


def state_of(collector, device):
    return collector.get(f"/v1/devices/{device.id}").json["state"]


def test_what_is_proposed_counts_once_it_is_given_and_until_it_is_revoked(collector, weak, team):
    row = propose(team["tech"])
    assert row["state"] == "proposed" and row["reach"] == {"sites": 0, "devices": 0, "too_short": 0}
    assert row["proposed_by"].startswith("Tech") and row["may"] == ["withdraw"]
    log = collector.log()  # it names nobody: whose account it is, is an id
    assert re.search(r"a waiver: .* account=[0-9a-f]{32}$", log, re.M) and "Tech" not in log
    assert state_of(collector, weak) == "not_ready"
    shown = listed(team["lea"])
    assert shown["waiting"] == 1
    assert [(one["fails"], one["would_be_ready"], one["may"]) for one in shown["waivers"]] \
        == [(1, 1, ["give", "decline"])]
    given = decide(team["lea"], row, "give")
    assert given["state"] == "active" and given["reach"]["devices"] == 1
    wait_until_judged(collector)
    assert state_of(collector, weak) == "ready_with_warnings"
    assert listed(team["lea"])["waiting"] == 0
    revoke(collector, row["id"])
    wait_until_judged(collector)
    assert state_of(collector, weak) == "not_ready"
    acts = [entry["act"] for entry in collector.get("/v1/audit?object=" + row["id"]).json["entries"]]
    assert acts == ["waiver_revoked", "waiver_given", "waiver_proposed"]


def test_nobody_decides_who_may_not(team):
    row = propose(team["tech"])
    for name in ("tech", "other"):
        decide(team[name], row, "give", 403)
        decide(team[name], row, "decline", 403, reason="x")
        assert team[name].ask("DELETE", f"/v1/waivers/{row['id']}").status == 403
    decide(team["other"], row, "withdraw", 403)
    decide(team["viewer"], row, "withdraw", 403)
    decide(team["lea"], row, "withdraw", 403)
    assert ask(team["lea"], "DELETE", f"/v1/waivers/{row['id']}", status=409)
    assert decide(team["tech"], row, "withdraw")["state"] == "withdrawn"
    decide(team["lea"], row, "give", 409)
    decide(team["lea"], {"id": "0" * 32}, "give", 404)
    decide(team["lea"], {"id": "x"}, "give", 404)


def test_a_viewer_reads_what_is_given_and_not_what_somebody_proposes(collector, weak, team):
    assert state_of(collector, weak) == "not_ready"
    propose(team["tech"], reason="Only for those who decide.")
    row = propose(team["lea"], requirement="audio.headphones")
    seen = listed(team["viewer"], "all")["waivers"]
    assert [one["id"] for one in seen] == [row["id"]]
    assert listed(team["viewer"])["waivers"] == [] and listed(team["viewer"])["waiting"] == 0
    assert len(listed(team["other"])["waivers"]) == 1


def test_one_may_say_what_it_is_to_be(team):
    assert propose(team["lea"], **{"as": "proposal"})["state"] in ("proposed", "moot")
    ask(team["tech"], "POST", "/v1/waivers", body("audio.headphones", **{"as": "waiver"}), 403)
    ask(team["tech"], "POST", "/v1/waivers", body(**{"as": "yes"}), 400)
    assert propose(team["lea"], **{"as": "waiver"})["state"] == "active"


def test_what_is_declined_says_why_and_can_be_opened_again(team):
    row = propose(team["tech"])
    assert "reason" in decide(team["lea"], row, "decline", 400)["pointer"]
    told = decide(team["lea"], row, "decline", reason="<b>Memory is there.</b>")
    assert told["state"] == "declined" and told["decline_reason"] == "<b>Memory is there.</b>"
    assert listed(team["tech"], "declined")["waivers"][0]["decided_by"].startswith("Lea")
    decide(team["lea"], row, "decline", 409, reason="again")
    assert decide(team["lea"], row, "reopen")["state"] in ("proposed", "moot")
    assert ask(team["other"], "POST", "/v1/waivers", body(), 409)["detail"].startswith("Tech")


def test_it_is_given_until_another_day(team):
    row = propose(team["tech"], until=str(harness.sites()["sites"][0]["window"]["last"]))
    decide(team["lea"], row, "give", 400, until="2020-01-01")
    given = decide(team["lea"], row, "give", until=last_day(), who="B. Boss")
    assert (given["until"], given["who"]) == (last_day(), "B. Boss")


def test_who_lost_their_role_gives_nothing_by_a_session_that_goes_on(collector, team):
    row = propose(team["tech"])
    with sqlite3.connect(collector.store) as store:
        store.execute("UPDATE account_grant SET role = 'viewer' WHERE role = 'lea_coordinator'")
    decide(team["lea"], row, "give", 403)


def test_nothing_fails_makes_it_moot_and_not_in_the_way(collector, weak, team):
    row = propose(team["tech"])
    weak.report(harness.facts())
    shown = listed(team["lea"])
    assert (shown["waivers"], shown["waiting"]) == ([], 0)
    moot = listed(team["lea"], "moot")["waivers"]
    assert [(one["id"], one["moot"], one["state"]) for one in moot] \
        == [(row["id"], "nothing_fails", "moot")]


def test_the_commands_do_the_same(collector, weak):
    def run(*args):
        return collector.run("waiver", *args, "--store", collector.store).stdout

    said = run("propose", "--profile", "example", "--requirement", "memory.size", "--site", SITE,
               "--until", last_day(), "--reason", "r", "--who", "w")
    assert "It changes nothing until" in said
    row, = json.loads(run("list", "--proposed", "--json"))["waivers"]
    assert run("list") == "None.\n" and "not given" in run("list", "--proposed")
    assert row["status"] == "proposed" and row["proposed_by"].endswith("(command line)")
    assert "1 device is to be judged again" in run("give", row["id"], "--who", "Boss")
    wait_until_judged(collector)
    assert state_of(collector, weak) == "ready_with_warnings"
    refused = collector.run("waiver", "decline", row["id"], "--reason", "x", "--store",
                            collector.store, check=False)
    assert refused.returncode == 1 and "given already" in refused.stderr
