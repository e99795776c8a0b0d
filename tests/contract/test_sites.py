# SPDX-License-Identifier: Apache-2.0
"""What people say of a site: contacts, tracks, rooms, name; and LEAs."""
import json

import openapi
import pytest
from harness import LEA, SITE, SITE_NO_WINDOW
from people import accept, grant, set_up

BO = {"name": "Bo Ruiz", "email": "bo@example.org", "phone": "+1 510 555 0101"}


def site(asker, code=SITE):
    answer = asker.get(f"/v1/sites/{code}")
    openapi.check("GET", f"/v1/sites/{code}", answer)
    return answer


def patch(asker, body, code=SITE, version=None):
    fields = {"X_CSRF_Token": asker.csrf, "Cookie": f"__Host-testready={asker.cookie}",
              "If_Match": f'"{version or site(asker, code).json.get("version", "0" * 16)}"'}
    path = f"/v1/sites/{code}"
    answer = asker.collector.request("PATCH", path, json.dumps(body),
                                     Content_Type="application/json", **fields)
    openapi.check("PATCH", path, answer)
    return answer


@pytest.fixture
def admin(collector):
    return set_up(collector)


@pytest.fixture
def rosa(collector, admin):
    code = admin.add("rosa", grants=[grant("site_coordinator", "site", SITE)])[1]
    return accept(collector, code, "rosa")


def test_contacts_are_of_the_site_until_they_are_changed(admin):
    assert site(admin).json["contacts"] \
        == {"lea_coordinator": None, "coordinator": None, "technology": None}
    told = patch(admin, {"contacts": {"coordinator": BO}}).json
    assert told["contacts"]["coordinator"] == BO and told["contacts"]["technology"] is None
    assert patch(admin, {"contacts": {"coordinator": {"name": "Cy"}}}).json["contacts"] \
        ["coordinator"] == {"name": "Cy", "email": "", "phone": ""}
    assert patch(admin, {"contacts": {"coordinator": None}}).json["contacts"]["coordinator"] is None
    entry = admin.get("/v1/audit?limit=1").json["entries"][0]
    assert (entry["act"], entry["object"], set(entry["after"])) \
        == ("site_changed", SITE, {"coordinator"})


def test_declared_rooms_stand_beside_those_that_devices_name(collector, admin):
    device = collector.enroll(collector.enrollment_key(SITE))
    device.report()
    told = patch(admin, {"tracks": ["B", "A"],
                         "rooms": [{"room": "101", "track": "A", "seats": 30}, {"room": "9"}]})
    assert told.json["tracks"] == ["A", "B"]
    rooms = {room["room"]: room for room in told.json["rooms"]}
    assert rooms["101"] == {"room": "101", "expected": 0, "ready": 0, "declared": True,
                            "track": "A", "seats": 30}
    assert rooms["9"]["seats"] is None
    assert [room["room"] for room in told.json["rooms"] if not room["declared"]] == [""]
    told = patch(admin, {"rooms": []})
    assert [room["room"] for room in told.json["rooms"]] == [""]


def test_a_track_in_use_stays(admin):
    assert patch(admin, {"rooms": [{"room": "1", "track": "A"}]}).status == 400
    assert patch(admin, {"tracks": ["A"], "rooms": [{"room": "1", "track": "A"}]}).status == 200
    answer = patch(admin, {"tracks": ["B"]})
    assert answer.status == 400 and "room '1'" in answer.json["detail"]
    assert patch(admin, {"tracks": ["B"], "rooms": []}).json["tracks"] == ["B"]


@pytest.mark.parametrize("body, pointer", [
    ({"zone": "Mars/Base"}, "/zone"), ({"lea": "1.96E+13"}, "/lea"), ({"students": 1}, ""),
    ({"name": " x"}, "/name"), ({"contacts": {"principal": None}}, "/contacts"),
    ({"contacts": {"coordinator": {"email": "x"}}}, "/contacts/coordinator/email"),
    ({"tracks": ["A", "A"]}, "/tracks"), ({"tracks": ["A;B"]}, "/tracks/0"),
    ({"rooms": [{"room": ""}]}, "/rooms/0/room"), ({"rooms": [{"room": "1", "seats": -1}]},
                                                   "/rooms/0/seats"),
    ({"rooms": [{"room": "1"}, {"room": "1"}]}, "/rooms"), ({"rooms": [{"room": "1"}] * 501},
                                                            "/rooms")])
def test_what_is_wrong_is_told_with_its_place(admin, body, pointer):
    before = site(admin).json["version"]
    answer = patch(admin, body)
    assert answer.status == 400 and answer.json.get("pointer", "") == pointer, answer.body
    assert site(admin).json["version"] == before


def test_nobodys_change_is_lost(admin):
    version = site(admin).json["version"]
    assert patch(admin, {"tracks": ["A"]}, version=version).status == 200
    assert patch(admin, {"tracks": ["B"]}, version=version).status == 412
    path = f"/v1/sites/{SITE}"
    answer = admin.collector.request("PATCH", path, "{}", Content_Type="application/json",
                                     key=admin.collector.token)
    assert answer.status == 428


def test_who_coordinates_a_site_changes_what_is_theirs(rosa):
    assert patch(rosa, {"contacts": {"technology": BO}, "rooms": [{"room": "1"}]}).status == 200
    for body in ({"name": "x"}, {"zone": "UTC"}, {"lea": "1"}):
        assert patch(rosa, body).status == 403
    assert patch(rosa, {}, SITE_NO_WINDOW).status == 404
    assert site(rosa, SITE_NO_WINDOW).status == 404


def test_a_site_gets_another_name_zone_and_lea(collector, admin):
    text = "lea_code,lea_name,site_code,site_name\r\n77,Other,7700,New\r\n"
    collector.command("site", "import", collector.write("s.csv", text))
    told = patch(admin, {"name": "Lincoln", "zone": "America/Denver", "lea": "77"}).json
    assert (told["name"], told["zone"], told["lea"]) \
        == ("Lincoln", "America/Denver", {"code": "77", "name": "Other"})
    assert patch(admin, {"lea": "78"}).status == 400


def test_leas_are_listed_with_what_one_sees(admin, rosa):
    def leas(asker, query=""):
        answer = asker.get(f"/v1/leas{query}")
        openapi.check("GET", "/v1/leas", answer)
        return answer.json["leas"]

    assert [(lea["code"], lea["sites"]) for lea in leas(admin)] == [(LEA["code"], 3)]
    assert [(lea["code"], lea["sites"]) for lea in leas(rosa)] == [(LEA["code"], 1)]
    assert leas(admin, "?name=EXAMPLE&code=19") and not leas(admin, "?name=nobody")
    assert not leas(admin, "?code=9")
    answer = rosa.get(f"/v1/leas/{LEA['code']}")
    openapi.check("GET", "/v1/leas/{code}", answer)
    assert answer.json["sites"] == 1 and answer.json["coordinator"] is None
    assert rosa.get("/v1/leas/000").status == 404
    table = admin.collector.get("/v1/leas.csv").body.decode().splitlines()
    assert table[0] == "lea_code,lea_name,sites,expected,ready" and len(table) == 2


def test_leas_come_in_parts(collector, admin):
    text = "lea_code,lea_name,site_code,site_name\r\n"
    text += "".join(f"88{n:02},L{n},88{n:02}01,S\r\n" for n in range(5))
    collector.command("site", "import", collector.write("s.csv", text))
    codes = [lea["code"] for lea in collector.pages("/v1/leas?limit=2", "leas")]
    assert codes == sorted([LEA["code"]] + [f"88{n:02}" for n in range(5)])
