# SPDX-License-Identifier: Apache-2.0
"""Enrolment keys over the API: made for a site, used, and revoked."""
import openapi
import pytest
from harness import LEA, SITE, SITE_INVENTORY
from people import accept, grant, set_up

PATH = "/v1/enrollment-keys"


def post(collector, body, key=None):
    answer = collector.post(PATH, body, key or collector.token)
    openapi.check("POST", PATH, answer)
    return answer


def make(collector, **changes):
    answer = post(collector, {"site": SITE, **changes})
    assert answer.status == 200, answer.body
    return answer.json


def listed(collector, query=""):
    answer = collector.get(PATH + query)
    openapi.check("GET", PATH, answer)
    assert answer.status == 200, answer.body
    return answer.json


def test_a_device_enrols_with_a_key_until_it_is_revoked(collector):
    made = make(collector, uses=5)
    assert (made["state"], made["uses_left"]) == ("good", 5)
    device = collector.enroll(made["key"])
    assert [row["uses_left"] for row in listed(collector)["enrollment_keys"]] == [4]
    path = f"{PATH}/{made['id']}"
    gone = collector.request("DELETE", path, key=collector.token)
    openapi.check("DELETE", path, gone)
    assert gone.json["state"] == "revoked" and "key" not in gone.json
    assert collector.request("DELETE", path, key=collector.token).status == 409
    with pytest.raises(AssertionError):
        collector.enroll(made["key"])
    assert device.report()["state"]
    assert listed(collector)["enrollment_keys"] == []
    assert [row["id"] for row in listed(collector, "?state=all")["enrollment_keys"]] == [made["id"]]
    assert made["key"] not in collector.log()


@pytest.mark.parametrize("body, pointer", [
    ({}, "/site"), ({"site": ""}, "/site"), ({"site": "x" * 33}, "/site"), ({"site": "no"}, "/site"),
    ({"site": SITE, "days": 0}, "/days"), ({"site": SITE, "days": 367}, "/days"),
    ({"site": SITE, "days": "7"}, "/days"), ({"site": SITE, "uses": 0}, "/uses"),
    ({"site": SITE, "uses": 1000001}, "/uses"), ({"site": SITE, "key": "tre_"}, ""),
])
def test_what_a_key_cannot_be_is_refused_with_its_place(collector, body, pointer):
    answer = post(collector, body)
    assert (answer.status, answer.json["pointer"]) == (400, pointer), answer.body


def test_the_largest_numbers_are_taken_and_a_body_has_its_limit(collector):
    assert make(collector, days=366, uses=1000000)["uses_left"] == 1000000
    assert make(collector, days=1)["uses_left"] is None
    made = [entry["after"]["uses_left"] for entry in collector.get("/v1/audit?limit=2").json["entries"]]
    assert made == ["unlimited", 1000000]
    body = f'{{"site":"{SITE}"}}'
    assert post(collector, body + " " * (1024 - len(body))).status == 200
    assert post(collector, body + " " * (1025 - len(body))).status == 413


def test_lists_go_on_where_they_ended_and_are_of_one_site(collector):
    ids = [make(collector, site=site)["id"] for site in (SITE, SITE_INVENTORY) * 3]
    page, seen = listed(collector, "?limit=4"), []
    while True:
        seen += [row["id"] for row in page["enrollment_keys"]]
        if not page["next_cursor"]:
            break
        page = listed(collector, "?limit=4&cursor=" + page["next_cursor"])
    assert sorted(seen) == sorted(ids)
    rows = listed(collector, f"?site={SITE}")["enrollment_keys"]
    assert sorted(row["id"] for row in rows) == sorted(ids[::2])
    assert collector.get(PATH + "?state=none").status == 400
    for wrong in ("x", "0" * 11, "0" * 12, "0" * 13, "A" * 12):
        assert collector.request("DELETE", f"{PATH}/{wrong}", key=collector.token).status == 404


def test_a_technician_of_a_site_has_the_keys_of_that_site(collector):
    admin = set_up(collector)
    other = make(collector, site=SITE_INVENTORY)["id"]
    _, code = admin.add("tech", grants=[grant("tech_coordinator", "site", SITE)])
    tech = accept(collector, code, "tech")
    own = tech.ask("POST", PATH, {"site": SITE})
    assert own.status == 200
    there, nowhere = (tech.ask("POST", PATH, {"site": site}) for site in (SITE_INVENTORY, "12"))
    assert there.status == nowhere.status == 400
    assert there.json["detail"].replace(SITE_INVENTORY, "12") == nowhere.json["detail"]
    rows = tech.get(PATH).json["enrollment_keys"]
    assert [row["id"] for row in rows] == [own.json["id"]]
    assert tech.ask("DELETE", f"{PATH}/{other}").status == 404
    assert tech.ask("DELETE", f"{PATH}/{own.json['id']}").status == 200
    _, code = admin.add("eye", grants=[grant("viewer", "lea", LEA["code"])])
    assert accept(collector, code, "eye").get(PATH).status == 403
