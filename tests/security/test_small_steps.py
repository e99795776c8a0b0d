# SPDX-License-Identifier: Apache-2.0
"""What somebody with some rights gets by steps that are each allowed: moves, plans and proposals."""
import datetime

import pytest
from world import MISSING, SITES

WAITS = ("proposed", "moot")  # the latter where nothing fails meanwhile


def place(who, device, body):
    version = who.ask("GET", f"/v1/devices/{device}").json.get("place_version", "0" * 16)
    return who.ask("POST", f"/v1/devices/{device}/placements", body, If_Match=f'"{version}"')


def in_days(days):
    return str(datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days))


@pytest.mark.parametrize("body", [{}, {"on": in_days(3)}])
def test_a_school_of_another_lea_takes_no_device_and_is_told_like_none(world, body):
    who = world.sign_in("tech_of_lea")
    device = world.make("unplaced", "A1")["id"]
    before = world.root.ask("GET", f"/v1/devices/{device}").json
    told = []
    for code in (SITES["B1"], MISSING["site"]):
        answer = place(who, device, {"kind": "move", "site": code, **body})
        assert answer.status in (400, 403, 404, 409), answer.body
        told.append(answer.body.decode().replace(code, "CODE"))
    assert told[0] == told[1]
    after = world.root.ask("GET", f"/v1/devices/{device}").json
    assert (after["site"], after["place_version"]) == (before["site"], before["place_version"])


def test_a_room_is_all_that_a_site_coordinator_changes_of_a_device(world):
    who = world.sign_in("site_coordinator")
    device = world.make("unplaced", "A1")["id"]
    for body in ({"kind": "move", "site": SITES["A2"]}, {"kind": "move", "role": "spare"},
                 {"kind": "retire", "reason": "lost"}, {"kind": "restore"}):
        answer = place(who, device, body)
        assert answer.status in (400, 403, 404, 409), (body, answer.body)
    assert place(who, device, {"kind": "move", "room": "7"}).status == 200


def test_a_device_that_left_is_not_fetched_back_by_those_whom_it_left(world):
    """Taking a move back changes both places."""
    device = world.make("unplaced", "A1")["id"]
    assert place(world.root, device, {"kind": "move", "site": SITES["B1"]}).status == 200
    moved = world.root.ask("GET", f"/v1/devices/{device}").json
    for name in ("tech_of_lea", "lea_coordinator", "site_coordinator"):
        who = world.sign_in(name)
        for number in (1, 2):
            answer = who.ask("DELETE", f"/v1/devices/{device}/placements/{number}",
                             If_Match=f'"{moved["place_version"]}"')
            assert answer.status in (403, 404), (name, answer.body)
    assert world.root.ask("GET", f"/v1/devices/{device}").json["site"] == moved["site"]


def test_nobody_gives_what_they_propose(world):
    """Neither by deciding it, nor by asking for it given, nor for a place that is not theirs."""
    who = world.sign_in("tech_coordinator")
    made = who.ask("POST", "/v1/waivers", world.waiver_body("A1", "Yproposed"))
    assert made.status == 200, made.body
    assert made.json["state"] in WAITS and "give" not in made.json["may"]
    path = f"/v1/waivers/{made.json['id']}"
    for decision in ({"decision": "give"}, {"decision": "give", "until": in_days(1)},
                     {"decision": "decline", "reason": "x"}):
        assert who.ask("POST", f"{path}/decision", decision).status == 403
    assert who.ask("DELETE", path).status in (403, 404)
    for member in ("state", "decided_by", "proposed_by", "may"):
        body = {**world.waiver_body("A1", "Yother"), member: "active"}
        assert who.ask("POST", "/v1/waivers", body).status == 400, member
    for elsewhere in ("A2", "B1", "A", "state"):
        answer = who.ask("POST", "/v1/waivers", world.waiver_body(elsewhere, "Yelse"))
        assert answer.status in (400, 403), (elsewhere, answer.body)
    waivers = world.root.ask("GET", "/v1/waivers?limit=500&state=all").json["waivers"]
    assert next(row for row in waivers if row["id"] == made.json["id"])["state"] in WAITS
    assert not any("Yelse" in row["reason"] or "Yother" in row["reason"] for row in waivers)


def test_who_lost_a_role_decides_nothing_that_waited_for_them(world):
    proposer, decider = world.sign_in("tech_coordinator"), world.sign_in("lea_coordinator")
    made = proposer.ask("POST", "/v1/waivers", world.waiver_body("A1", "Ylate"))
    account = world.accounts["lea_coordinator"]
    shown = world.root.ask("GET", f"/v1/people/{account}").json
    for is_disabled, status in ((True, 401), (False, 401)):
        changed = world.root.ask("PATCH", f"/v1/people/{account}", {"is_disabled": is_disabled},
                                 If_Match=f'"{shown["version"]}"')
        assert changed.status == 200, changed.body
        shown = world.root.ask("GET", f"/v1/people/{account}").json
        answer = decider.ask("POST", f"/v1/waivers/{made.json['id']}/decision",
                             {"decision": "give"})
        assert answer.status == status, answer.body
