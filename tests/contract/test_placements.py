# SPDX-License-Identifier: Apache-2.0
"""Devices are moved, retired and restored, at once or on a day, and that is taken back."""
import datetime
import json
import sqlite3
import time

import harness
import openapi
import pytest
from harness import SITE, SITE_INVENTORY, SITE_NO_WINDOW

POST = "/v1/devices/{id}/placements"
DELETE = "/v1/devices/{id}/placements/{number}"


@pytest.fixture
def device(collector):
    device = collector.enroll(collector.enrollment_key())
    assert device.report()["state"] == "ready"
    return device


def shown(collector, device):
    path = f"/v1/devices/{device.id}"
    answer = collector.get(path)
    openapi.check("GET", path, answer)
    return answer.json


def place(collector, device, body, version=None, status=200, **headers):
    version = version or shown(collector, device)["place_version"]
    path = f"/v1/devices/{device.id}/placements"
    answer = collector.post(path, body, collector.token, If_Match=f'"{version}"', **headers)
    openapi.check("POST", path, answer)
    assert answer.status == status, answer.body
    return answer.json


def take_back(collector, device, number, status=200):
    path = f"/v1/devices/{device.id}/placements/{number}"
    version = shown(collector, device)["place_version"]
    answer = collector.request("DELETE", path, key=collector.token, If_Match=f'"{version}"')
    openapi.check("DELETE", path, answer)
    assert answer.status == status, answer.body
    return answer.json


def states(collector, site=SITE):
    told = collector.get(f"/v1/sites/{site}").json["states"]
    return {state: n for state, n in told.items() if n}


def tomorrow(days=2):
    return str(datetime.date.today() + datetime.timedelta(days=days))


def due_now(collector, device):
    """The day of what is planned has come."""
    with sqlite3.connect(collector.store, timeout=60) as store:
        store.execute("UPDATE placement SET due_ms = 1 WHERE device_id = ?", (device.id,))


# --- moving -------------------------------------------------------------------------------


def test_a_device_moves_counts_once_and_an_undo_puts_it_back(collector, device):
    before = shown(collector, device)
    made = place(collector, device, {"kind": "move", "site": SITE_NO_WINDOW, "room": "12"})
    assert (made["number"], made["status"], made["can_take_back"]) == (1, "done", True)
    assert made["from"]["site"]["code"] == SITE
    assert made["to"] == {"site": {"code": SITE_NO_WINDOW, "name": "Zoë Elementary"}, "room": "12",
                          "role": "student", "expected": True}
    moved = shown(collector, device)
    assert (moved["site"]["code"], moved["room"], moved["state"]) == (SITE_NO_WINDOW, "12", "unknown")
    assert states(collector) == {} and states(collector, SITE_NO_WINDOW) == {"unknown": 1}
    # The key is the same, and what is known of the report is judged by the new site.
    assert device.report()["state"] == "unknown" and device.heartbeat()["state"] == "unknown"
    back = take_back(collector, device, 1)
    assert (back["status"], back["can_take_back"]) == ("undone", False)
    after = shown(collector, device)
    for member in ("site", "room", "role", "expected", "state", "profile"):
        assert after[member] == before[member], member
    assert states(collector) == {"ready": 1} and states(collector, SITE_NO_WINDOW) == {}
    assert device.report()["state"] == "ready"
    assert "before" in take_back(collector, device, 1, 409)["detail"]
    assert collector.command("check") != ""


def test_a_line_of_the_inventory_there_becomes_the_device_and_waits_again(collector):
    device = collector.enroll(collector.enrollment_key(), host_name="h", serial="SN-0")
    device.report()
    before = states(collector, SITE_INVENTORY)
    with sqlite3.connect(collector.store) as store:
        line = store.execute("SELECT id, serial, room, asset_tag FROM device WHERE site_code = ? AND "
                             "serial <> '' ORDER BY id", (SITE_INVENTORY,)).fetchone()
        store.execute("UPDATE device SET serial = ?, contents_digest = '' WHERE id = ?",
                      (line[1], device.id))
    place(collector, device, {"kind": "move", "site": SITE_INVENTORY})
    after = states(collector, SITE_INVENTORY)
    assert sum(after.values()) == sum(before.values())
    assert after["never_seen"] == before["never_seen"] - 1
    assert collector.get(f"/v1/devices/{line[0]}").status == 404
    told = shown(collector, device)
    assert told["room"] == line[2] and told["expected"] is True
    take_back(collector, device, 1)
    assert states(collector, SITE_INVENTORY) == before
    assert collector.get(f"/v1/devices/{line[0]}").status == 200


def test_one_machine_does_not_count_twice(collector, device):
    twin = collector.enroll(collector.enrollment_key(SITE_NO_WINDOW), serial="same")
    with sqlite3.connect(collector.store) as store:
        store.execute("UPDATE device SET serial = 'same' WHERE id = ?", (device.id,))
    said = place(collector, device, {"kind": "move", "site": SITE_NO_WINDOW}, status=409)
    assert twin.id in said["detail"] and "'same'" in said["detail"] and "Retire" in said["detail"]


def test_a_plan_shows_waits_for_its_day_and_can_be_cancelled(collector, device):
    made = place(collector, device, {"kind": "move", "site": SITE_NO_WINDOW, "on": tomorrow()})
    assert (made["status"], made["on"], made["done_at"]) == ("planned", tomorrow(), None)
    assert made["to"]["room"] is None and made["can_take_back"]
    assert shown(collector, device)["site"]["code"] == SITE
    said = place(collector, device, {"kind": "retire", "reason": "sold", "on": tomorrow()}, status=409)
    assert "placement 1" in said["detail"]
    assert take_back(collector, device, 1)["status"] == "cancelled"
    made = place(collector, device, {"kind": "retire", "reason": "sold", "on": tomorrow()})
    assert made["number"] == 2 and made["reason"] == "sold"


@pytest.mark.parametrize("body, words", [
    ({"kind": "move", "room": "1", "on": "2020-01-01"}, "has begun"),
    ({"kind": "move", "room": "1", "on": "1970-01-01"}, "has begun"),
    ({"kind": "move", "room": "1", "on": "9999-01-01"}, "400 days"),
    ({"kind": "move"}, "site, room or role"),
    ({"kind": "move", "room": "x" * 129}, "room"),
    ({"kind": "move", "site": "0"}, "'0'"),
    ({"kind": "move", "role": "teacher"}, "teacher"),
    ({"kind": "move", "reason": "lost"}, "reason"),
    ({"kind": "retire"}, "reason"),
    ({"kind": "retire", "reason": "other"}, "note"),
    ({"kind": "retire", "reason": "eaten"}, "eaten"),
    ({"kind": "restore", "on": "2030-01-01"}, "on"),
    ({"kind": "destroy"}, "destroy"),
    ({}, "kind"),
])
def test_what_makes_no_sense_is_refused_and_says_why(collector, device, body, words):
    said = place(collector, device, body, status=400)
    assert words in said["detail"], said
    assert shown(collector, device)["placements"] == []


def test_a_plan_is_done_when_its_day_comes_or_says_why_not(collector, device):
    other = collector.enroll(collector.enrollment_key(), host_name="other")
    other.report()
    place(collector, device, {"kind": "move", "site": SITE_NO_WINDOW, "on": tomorrow()})
    place(collector, other, {"kind": "retire", "reason": "sold", "on": tomorrow()})
    place(collector, other, {"kind": "move", "site": SITE_NO_WINDOW})
    for one in (device, other):
        due_now(collector, one)
    collector.stop()
    collector.start()
    harness.wait_until(lambda: shown(collector, device)["site"]["code"] == SITE_NO_WINDOW)
    done, = shown(collector, device)["placements"]
    assert done["status"] == "done" and done["to"]["room"] == "" and done["can_take_back"]
    failed = shown(collector, other)["placements"][1]
    assert failed["status"] == "failed" and "moved to another site" in failed["why"]
    acts = [row["act"] for row in collector.get("/v1/audit?limit=20").json["entries"]]
    assert acts.count("device_planned") == 2 and "device_plan_failed" in acts


# --- retiring -------------------------------------------------------------------------------


def test_a_retired_device_counts_nowhere_and_is_noticed_when_it_reports(collector, device):
    made = place(collector, device, {"kind": "retire", "reason": "other", "note": "given\nto Zoë"})
    assert (made["kind"], made["reason"]) == ("retire", "other")
    told = shown(collector, device)
    assert told["state"] == "retired" and told["heard_since_retired"] is None
    assert states(collector) == {}
    listed = collector.get(f"/v1/devices?site={SITE}&state=retired").json["devices"]
    assert [row["id"] for row in listed] == [device.id]
    time.sleep(0.01)  # another millisecond: what was seen then was seen after
    assert device.report(harness.facts(memory__total_mib=9000))["state"] == "retired"
    assert shown(collector, device)["heard_since_retired"]
    assert states(collector) == {}
    assert "retired" in place(collector, device, {"kind": "move", "room": "1"}, status=409)["detail"]
    place(collector, device, {"kind": "restore"})
    assert states(collector) == {"ready": 1}
    assert [row["status"] for row in shown(collector, device)["placements"]] == ["done", "done"]
    assert "after" in take_back(collector, device, 1, 409)["detail"]
    take_back(collector, device, 2)
    assert shown(collector, device)["state"] == "retired"
    take_back(collector, device, 1)
    assert states(collector) == {"ready": 1}


def test_who_did_not_see_what_holds_changes_nothing(collector, device):
    path = f"/v1/devices/{device.id}/placements"
    version = shown(collector, device)["place_version"]
    answer = collector.post(path, {"kind": "move", "room": "1"}, collector.token)
    openapi.check("POST", path, answer)
    assert answer.status == 428 and "place_version" in answer.json["detail"]
    key = {"Idempotency_Key": "a" * 16}
    first = place(collector, device, {"kind": "move", "room": "1"}, version, **key)
    # Its answer was lost: the same again is answered as before, though the version is another.
    again = place(collector, device, {"kind": "move", "room": "1"}, version, **key)
    assert {**first, "as_of": again["as_of"]} == again
    assert len(shown(collector, device)["placements"]) == 1
    said = place(collector, device, {"kind": "move", "room": "2"}, version, 412)
    assert "Look at it again" in said["detail"]
    answer = collector.request("DELETE", f"{path}/1", key=collector.token, If_Match=f'"{version}"')
    assert answer.status == 412


def test_placements_that_are_not_there_are_404(collector, device):
    for number in ("2", "0", "01", "x", "9" * 12):
        assert take_back(collector, device, number, 404)["status"] == 404
    nobody = type("Nobody", (), {"id": "0" * 32})
    place(collector, nobody, {"kind": "restore"}, "0" * 16, 404)


def test_an_inventory_that_lists_a_retired_device_waits_for_it_and_it_comes_back_once(collector):
    device = collector.enroll(collector.enrollment_key(SITE_INVENTORY), serial="SNR")
    device.report()
    place(collector, device, {"kind": "retire", "reason": "broken"})
    file = collector.write("inventory.csv", "site_code,serial,host_name,room\r\n"
                           f"{SITE_INVENTORY},SNR,back,7\r\n")
    collector.command("site", "import", file)
    assert states(collector, SITE_INVENTORY) == {"never_seen": 1}
    assert shown(collector, device)["state"] == "retired"
    place(collector, device, {"kind": "restore"})
    told = shown(collector, device)
    assert told["room"] == "7" and told["expected"] is True
    assert sum(states(collector, SITE_INVENTORY).values()) == 1
    json.dumps(told)
