# SPDX-License-Identifier: Apache-2.0
"""Heartbeats, profiles, keys and conflicts over the API, each answer as documented."""
import hashlib
import json

import harness
import openapi
import pytest
from harness import SITE, SITE_NO_WINDOW

ONE = harness.fingerprint(board_serial="1", disk_serial="1", mac="1")
OTHER = harness.fingerprint(board_serial="2", disk_serial="2", mac="2")


def checked(method, path, answer):
    openapi.check(method, path, answer)
    return answer


def delete(collector, path):
    return checked("DELETE", path, collector.request("DELETE", path, key=collector.token))


def resolve(collector, conflict_id, resolution):
    path = f"/v1/conflicts/{conflict_id}/resolution"
    return checked("POST", path, collector.post(path, {"resolution": resolution}, collector.token))


def conflicts(collector, query=""):
    path = "/v1/conflicts" + query
    answer = checked("GET", path, collector.get(path))
    assert answer.status == 200
    return answer.json["conflicts"]


def states(collector):
    return collector.get(f"/v1/sites/{SITE}").json["states"]


@pytest.fixture
def device(collector):
    return collector.enroll(collector.enrollment_key(), said={"fingerprint": ONE})


def clash(device):
    """Two machines report with the key of @device."""
    device.report(fingerprint=ONE)
    assert device.report(fingerprint=OTHER)["state"] == "conflict"


# --- what devices call ----------------------------------------------------------------


def test_enrolling_tells_what_a_device_needs_to_know(collector):
    said = {"fingerprint": ONE, "request_id": "a" * 32, "previous_device_id": "b" * 32}
    body = {"agent_version": "0.1.0", "role": "student", "device": harness.names(), **said}
    key = collector.enrollment_key()
    first = checked("POST", "/v1/enroll", collector.post("/v1/enroll", body, key))
    again = checked("POST", "/v1/enroll", collector.post("/v1/enroll", body, key))
    assert first.status == again.status == 200
    assert first.json["device_id"] == again.json["device_id"]
    assert first.json["device_key"] != again.json["device_key"]
    assert first.json["next"] == {"period_s": 86400, "spread_s": 60}
    assert first.json["collector_key"] == collector.command("key", "show").strip()


def test_a_heartbeat_is_answered_like_a_report(collector, device):
    reported = device.report()
    openapi.check_schema({"$ref": "#/components/schemas/ReportAnswer"}, reported)
    assert reported["send_report"] is False
    beat = device.heartbeat()
    openapi.check_schema({"$ref": "#/components/schemas/ReportAnswer"}, beat)
    assert beat["send_report"] is False
    assert beat["state"] == "ready"
    assert beat["profile"]["id"] == "example"
    assert device.heartbeat(harness.facts(memory__total_mib=512))["send_report"] is True


def test_a_device_without_a_window_is_told_that_nothing_judges_it(collector):
    device = collector.enroll(collector.enrollment_key(SITE_NO_WINDOW))
    assert device.report()["profile"] is None
    answer = checked("GET", "/v1/profile", collector.request("GET", "/v1/profile", key=device.key))
    assert answer.status == 404


@pytest.mark.parametrize("change, pointer", [
    ({"facts_hash": "x"}, "/facts_hash"), ({"heartbeat": 2}, "/heartbeat"),
    ({"sequence": 0}, "/sequence"), ({"fingerprint": [{}]}, "/fingerprint"),
    ({"facts": {}}, ""),
])
def test_a_wrong_heartbeat_is_refused_at_its_place(collector, device, change, pointer):
    body = harness.heartbeat_body(device.id, "0" * 64)
    body.update(change)
    answer = checked("POST", "/v1/heartbeats", collector.post("/v1/heartbeats", body, device.key))
    assert answer.status == 400
    assert answer.json["pointer"] == pointer


def test_a_heartbeat_for_another_device_is_refused(collector, device):
    other = collector.enroll(collector.enrollment_key())
    body = harness.heartbeat_body(other.id, "0" * 64)
    answer = checked("POST", "/v1/heartbeats", collector.post("/v1/heartbeats", body, device.key))
    assert answer.status == 403


@pytest.mark.parametrize("change, pointer", [
    ({"request_id": "x"}, "/request_id"), ({"previous_device_id": 7}, "/previous_device_id"),
    ({"fingerprint": {}}, "/fingerprint"),
    ({"fingerprint": ONE + ONE}, "/fingerprint"),
])
def test_a_wrong_enrolment_is_refused_at_its_place(collector, change, pointer):
    body = {"agent_version": "0.1.0", "role": "student", "device": harness.names(), **change}
    answer = collector.post("/v1/enroll", body, collector.enrollment_key())
    checked("POST", "/v1/enroll", answer)
    assert answer.status == 400
    assert answer.json["pointer"].startswith(pointer)


def test_a_device_gets_its_profile_once(collector, device):
    first = checked("GET", "/v1/profile", collector.request("GET", "/v1/profile", key=device.key))
    with open(harness.PROFILE, encoding="utf-8") as file:
        assert first.json == json.load(file)
    version = device.report()["profile"]["version"]
    assert first.headers["etag"] == f'"{version}"'
    assert version == hashlib.sha256(harness.canonical(first.json).encode()).hexdigest()
    again = collector.request("GET", "/v1/profile", key=device.key, If_None_Match=f'"{version}"')
    assert checked("GET", "/v1/profile", again).status == 304


def test_a_device_changes_its_key(collector, device):
    answer = collector.request("POST", "/v1/device-key", key=device.key)
    checked("POST", "/v1/device-key", answer)
    assert answer.status == 200
    old, device.key = device.key, answer.json["device_key"]
    assert collector.request("GET", "/v1/profile", key=old).status == 200
    device.report()
    assert collector.request("GET", "/v1/profile", key=old).status == 401
    assert collector.request("GET", "/v1/profile", key=device.key).status == 200


# --- what staff see and decide -----------------------------------------------------------


def test_a_conflict_is_shown_resolved_and_undone(collector, device):
    assert conflicts(collector) == []
    clash(device)
    assert states(collector)["conflict"] == 1 and states(collector)["ready"] == 0
    row, = conflicts(collector)
    assert row["kind"] == "fingerprint" and row["device"]["id"] == device.id
    assert "One key is used by two machines" in row["explanation"]
    shown = checked("GET", "/v1/conflicts/x", collector.get(f"/v1/conflicts/{row['id']}")).json
    assert shown["changes"] == ["board_serial", "disk_serial", "mac"]
    assert [len(machine["fingerprint"]) for machine in shown["machines"]] == [3, 3]
    told = checked("GET", "/v1/devices/x", collector.get(f"/v1/devices/{device.id}")).json
    assert told["conflict"] == row["id"] and told["notes"]

    done = resolve(collector, row["id"], "repaired")
    assert done.status == 200 and done.json["resolution"] == "repaired"
    assert done.json["resolved_by"] == "the admin token"
    assert states(collector)["conflict"] == 0 and states(collector)["ready"] == 1
    assert conflicts(collector) == [] and len(conflicts(collector, "?state=resolved")) == 1
    assert resolve(collector, row["id"], "ignore").status == 409

    back = delete(collector, f"/v1/conflicts/{row['id']}/resolution")
    assert back.status == 200 and back.json["state"] == "open"
    assert [act["act"] for act in back.json["history"]] == ["repaired", "undo"]
    assert states(collector)["conflict"] == 1
    assert delete(collector, f"/v1/conflicts/{row['id']}/resolution").status == 409


def test_two_devices_are_two_after_they_enrolled_again(collector, device):
    clash(device)
    row, = conflicts(collector)
    assert resolve(collector, row["id"], "two_devices").status == 200
    assert device.send(device.body(fingerprint=ONE)).status == 401
    key = collector.enrollment_key()
    pair = [collector.enroll(key, said={"fingerprint": who, "previous_device_id": device.id})
            for who in (ONE, OTHER)]
    for new, who in zip(pair, (ONE, OTHER)):
        assert new.id != device.id
        assert new.report(fingerprint=who)["state"] == "ready"
        told = collector.get(f"/v1/devices/{new.id}").json
        assert told["previous_device"] == device.id
    assert states(collector)["ready"] == 2
    # The undo brings the old one back for whoever still has its key.
    assert delete(collector, f"/v1/conflicts/{row['id']}/resolution").status == 200
    assert device.send(device.body(fingerprint=ONE)).json["state"] == "conflict"
    assert states(collector)["ready"] == 2 and states(collector)["conflict"] == 1


@pytest.mark.parametrize("body, status", [
    ({"resolution": "merge"}, 400), ({}, 400), ({"resolution": ""}, 400), ("[", 400),
    ({"resolution": "ignore"}, 404),
])
def test_what_is_no_resolution_is_refused(collector, body, status):
    path = f"/v1/conflicts/{'0' * 32}/resolution"
    assert checked("POST", path, collector.post(path, body, collector.token)).status == status


def test_an_id_that_is_none_is_not_found(collector):
    for wrong in ("x", "0" * 33):
        assert delete(collector, f"/v1/conflicts/{wrong}/resolution").status == 404
        path = f"/v1/conflicts/{wrong}"
        assert checked("GET", path, collector.get(path)).status == 404


def test_conflicts_come_in_pages(collector):
    key = collector.enrollment_key()
    for _ in range(5):
        clash(collector.enroll(key))
    seen = collector.pages("/v1/conflicts?limit=2", "conflicts")
    assert len({row["id"] for row in seen}) == 5
    assert [row["opened_at"] for row in seen] == sorted((row["opened_at"] for row in seen),
                                                        reverse=True)
    for query in ("?state=x", "?cursor=x", "?limit=0"):
        path = "/v1/conflicts" + query
        assert checked("GET", path, collector.get(path)).status == 400
