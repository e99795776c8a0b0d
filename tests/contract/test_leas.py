# SPDX-License-Identifier: Apache-2.0
"""What people say of an LEA: its coordinator, its name, its time zone."""
import json

import openapi
import pytest
from harness import LEA, SITE
from people import accept, grant, set_up

BO = {"name": "Bo Ruiz", "email": "bo@example.org", "phone": "+1 510 555 0101"}
PATH = f"/v1/leas/{LEA['code']}"


def lea(asker, path=PATH):
    answer = asker.get(path)
    openapi.check("GET", "/v1/leas/{code}", answer)
    return answer


def patch(asker, body, version=None, path=PATH):
    fields = {"X_CSRF_Token": asker.csrf, "Cookie": f"__Host-testready={asker.cookie}",
              "If_Match": f'"{version or lea(asker).json.get("version", "0" * 16)}"'}
    answer = asker.collector.request("PATCH", path, json.dumps(body),
                                     Content_Type="application/json", **fields)
    openapi.check("PATCH", "/v1/leas/{code}", answer)
    return answer


@pytest.fixture
def admin(collector):
    return set_up(collector)


@pytest.fixture
def tess(collector, admin):
    code = admin.add("tess", grants=[grant("tech_coordinator", "lea", LEA["code"])])[1]
    return accept(collector, code, "tess")


@pytest.fixture
def rosa(collector, admin):
    code = admin.add("rosa", grants=[grant("site_coordinator", "site", SITE)])[1]
    return accept(collector, code, "rosa")


def test_an_admin_changes_all_of_it_and_it_is_in_the_log(admin):
    zone = lea(admin).json["zone"]
    told = patch(admin, {"name": "Other", "zone": "America/Denver", "coordinator": BO}).json
    assert (told["name"], told["zone"], told["coordinator"]) == ("Other", "America/Denver", BO)
    assert admin.get(f"/v1/sites/{SITE}").json["contacts"]["lea_coordinator"] == BO
    entry = admin.get("/v1/audit?limit=1").json["entries"][0]
    assert (entry["act"], entry["object"], entry["after"]["name"]) \
        == ("lea_changed", LEA["code"], "Other")
    assert entry["before"]["zone"] == zone
    assert patch(admin, {"coordinator": None}).json["coordinator"] is None


def test_sites_with_its_time_zone_have_the_new_one(admin):
    before = admin.get(f"/v1/sites/{SITE}").json["zone"]
    assert before == lea(admin).json["zone"]
    assert patch(admin, {"zone": "America/Denver"}).status == 200
    assert admin.get(f"/v1/sites/{SITE}").json["zone"] == "America/Denver"


def test_who_has_all_of_it_changes_its_coordinator_and_nothing_else(tess):
    assert lea(tess).json["may_change"]
    assert patch(tess, {"coordinator": BO}).json["coordinator"] == BO
    for body in ({"name": "x"}, {"zone": "UTC"}):
        assert patch(tess, body).status == 403
    assert patch(tess, {}, "0" * 16, "/v1/leas/000").status == 404


def test_who_has_a_site_of_it_reads_it_and_changes_nothing(rosa):
    assert not lea(rosa).json["may_change"]
    assert patch(rosa, {"coordinator": BO}).status == 403
    assert lea(rosa).json["coordinator"] is None


def test_nobodys_change_is_lost(admin):
    version = lea(admin).json["version"]
    assert patch(admin, {"coordinator": BO}, version).status == 200
    assert patch(admin, {"name": "Other"}, version).status == 412
    assert lea(admin).json["name"] == LEA["name"]
    answer = admin.collector.request("PATCH", PATH, "{}", Content_Type="application/json",
                                     key=admin.collector.token)
    assert answer.status == 428


@pytest.mark.parametrize("body, pointer", [
    ({"zone": "Mars/Base"}, "/zone"), ({"name": ""}, "/name"), ({"name": " x"}, "/name"),
    ({"students": 1}, ""), ({"name": 1}, "/name"), ({"name": "x" * 256}, "/name"),
    ({"coordinator": {"email": "x"}}, "/coordinator/email"), ({"coordinator": "Bo"}, "/coordinator"),
    ({"coordinator": {"name": "x", "role": "y"}}, "/coordinator")])
def test_what_is_wrong_is_told_with_its_place(admin, body, pointer):
    before = lea(admin).json["version"]
    answer = patch(admin, body)
    assert answer.status == 400 and answer.json.get("pointer", "") == pointer, answer.body
    assert lea(admin).json["version"] == before
