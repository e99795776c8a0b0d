# SPDX-License-Identifier: Apache-2.0
"""LEAs, sites and rooms over the API: all that is wrong, what would change, and loading exactly that."""
import openapi
import pytest
from harness import SITE, SITE_NO_WINDOW
from people import accept, grant, set_up

SITES = "/v1/sites/imports"
ROOMS = "/v1/rooms/imports"
HEADER = "lea_code,lea_name,site_code,site_name,zone,coordinator_name,coordinator_email,tracks\r\n"
NEW = "0199001,Example,01990010000101,Adams,America/Los_Angeles,Bo Ruiz,bo@example.org,B; A\r\n"


def send(asker, path, text, id=None, key=None):
    path = f"{path}/{id}/commit" if id else path
    fields = {"X_CSRF_Token": asker.csrf, "Cookie": f"__Host-testready={asker.cookie}"}
    if key:
        fields["Idempotency_Key"] = key
    answer = asker.collector.request("POST", path, text, Content_Type="text/csv", **fields)
    openapi.check("POST", path, answer)
    return answer


def preview(asker, path, text):
    answer = send(asker, path, text)
    assert answer.status == 200, answer.body
    assert not answer.json["is_loaded"]
    return answer.json


def load(asker, path, text):
    answer = send(asker, path, text, preview(asker, path, text)["id"])
    assert answer.status == 200 and answer.json["is_loaded"], answer.body
    return answer.json


@pytest.fixture
def admin(collector):
    return set_up(collector)


def test_what_the_preview_shows_is_loaded_and_nothing_before(collector, admin):
    before = {site["code"] for site in collector.get("/v1/sites").json["sites"]}
    told = preview(admin, SITES, HEADER + NEW)
    assert told["changes"] == {"new": 1, "changed": 0, "unchanged": 0, "not_in_file": len(before)}
    assert told["n_sites"] == 1 and told["sites"][0]["new"] == 1
    row = told["rows"][0]
    assert (row["change"], row["site"], row["before"]) == ("new", "01990010000101", None)
    assert row["after"]["lea_code"] == "0199001" and row["after"]["tracks"] == "A; B"
    assert "first" not in row["after"]
    assert {site["code"] for site in collector.get("/v1/sites").json["sites"]} == before
    assert preview(admin, SITES, HEADER + NEW)["id"] == told["id"]

    done = send(admin, SITES, HEADER + NEW, told["id"], key="once")
    assert done.status == 200 and done.json["is_loaded"]
    assert send(admin, SITES, HEADER + NEW, told["id"], key="once").json["is_loaded"]
    assert {site["code"] for site in collector.get("/v1/sites").json["sites"]} \
        == before | {"01990010000101"}
    assert admin.get("/v1/audit?limit=1").json["entries"][0]["act"] == "sites_imported"
    told = preview(admin, SITES, HEADER + NEW)
    assert told["changes"]["unchanged"] == 1 and told["rows"] == []


def test_what_changes_is_shown_before_and_after(collector, admin):
    load(admin, SITES, HEADER + NEW)
    told = preview(admin, SITES, HEADER + NEW.replace("Bo Ruiz", "Cy Tran"))
    assert told["changes"]["changed"] == 1
    row = told["rows"][0]
    assert row["before"]["coordinator_name"] == "Bo Ruiz"
    assert row["after"]["coordinator_name"] == "Cy Tran"
    assert {name for name in row["after"] if row["before"][name] != row["after"][name]} \
        == {"coordinator_name"}


def test_a_profile_that_is_not_published_is_told_and_no_mistake(collector, admin):
    header = HEADER.strip() + ",programme,window_track,first,last,profile\r\n"
    row = NEW.strip() + ",CAASPP,,2027-04-05,2027-04-23,"
    other = row.replace("01990010000101", "01990010000102")
    text = header + row + "not-yet\r\n" + other + "not-yet\r\n"
    told = preview(admin, SITES, text)
    assert told["problems"] == [] and told["changes"]["new"] == 2 and told["id"]
    assert [wrong["line"] for wrong in told["warnings"]] == [2]
    assert "no profile 'not-yet' is published yet" in told["warnings"][0]["text"]
    assert "unknown until it is" in told["warnings"][0]["text"]
    assert load(admin, SITES, text)["warnings"] == told["warnings"]
    published = collector.get("/v1/profiles").json["profiles"][0]["id"]
    assert preview(admin, SITES, header + row + published + "\r\n")["warnings"] == []


def test_what_changed_since_the_preview_is_a_conflict(collector, admin):
    told = preview(admin, SITES, HEADER + NEW)
    other = HEADER + NEW.replace("Adams", "Addams")
    assert send(admin, SITES, other, told["id"]).status == 409
    load(admin, SITES, other)
    assert send(admin, SITES, HEADER + NEW, told["id"]).status == 409
    assert send(admin, SITES, HEADER + NEW, "x").status == 404


def test_everything_that_is_wrong_is_told_with_its_place(collector, admin):
    text = (HEADER + "199001,Example,01990010000101,Adams,America/Los_Angeles,,,\r\n"
            "0199001,Example,1.99E+13,Baker,America/Los_Angeles,,,\r\n"
            "0199001,Example,01990010000303,=Cole,Mars/Base,,no address,\r\n")
    told = preview(admin, SITES, text)
    assert [(wrong["line"], wrong["column"]) for wrong in told["problems"]] \
        == [(2, 1), (3, 17), (4, 32)]
    assert told["n_problems"] == 3 and told["id"] is None and told["rows"] == []
    assert "leading zero" in told["problems"][0]["text"]
    assert "spreadsheet" in told["problems"][1]["text"]
    answer = send(admin, SITES, text, "0" * 64)
    assert answer.status == 400 and "Line 2, column 1" in answer.json["detail"]
    assert collector.get("/v1/sites/01990010000101").status == 404


def test_a_site_of_another_lea_and_a_code_without_its_zero_are_refused(collector, admin):
    load(admin, SITES, HEADER + NEW)
    moved = NEW.replace("0199001,Example", "0199002,Other")
    assert "0199001 Example" in preview(admin, SITES, HEADER + moved)["problems"][0]["text"]
    short = NEW.replace("01990010000101", "1990010000101")
    assert "'01990010000101'" in preview(admin, SITES, HEADER + short)["problems"][0]["text"]


def test_only_an_admin_takes_sites_in(collector, admin):
    lea = collector.get(f"/v1/sites/{SITE}").json["lea"]["code"]
    rosa = accept(collector, admin.add("rosa", grants=[grant("lea_coordinator", "lea", lea)])[1],
                  "rosa")
    assert send(rosa, SITES, HEADER + NEW).status == 403
    assert collector.get("/v1/sites/template.csv").body.startswith(b"lea_code,")
    assert collector.get("/v1/rooms/template.csv").body.startswith(b"site_code,room,")


def test_the_templates_are_files_that_are_taken(collector, admin):
    text = collector.get("/v1/sites/template.csv").body.decode()
    assert preview(admin, SITES, text)["problems"] == []
    load(admin, SITES, text)
    assert load(admin, ROOMS, collector.get("/v1/rooms/template.csv").body.decode())["changes"] \
        == {"new": 2, "changed": 0, "unchanged": 0, "removed": 0}


def test_rooms_of_a_site_are_those_of_the_file(collector, admin):
    text = f"site_code,room,seats\r\n{SITE},101,30\r\n{SITE},102,\r\n"
    assert load(admin, ROOMS, text)["changes"]["new"] == 2
    told = preview(admin, ROOMS, f"site_code,room,seats\r\n{SITE},101,32\r\n")
    assert told["changes"] == {"new": 0, "changed": 1, "unchanged": 0, "removed": 1}
    rows = {row["change"]: row for row in told["rows"]}
    assert (rows["changed"]["before"]["seats"], rows["changed"]["after"]["seats"]) == (30, 32)
    assert rows["removed"]["before"] == {"room": "102", "track": "", "seats": None}
    assert rows["removed"]["after"] is None
    entry = admin.get("/v1/audit?limit=1").json["entries"][0]
    assert (entry["act"], entry["object"]) == ("site_changed", SITE)


def test_a_room_of_no_track_and_of_somebody_elses_site_is_refused(collector, admin):
    rosa = accept(collector, admin.add("rosa", grants=[grant("site_coordinator", "site", SITE)])[1],
                  "rosa")
    text = f"site_code,room,track\r\n{SITE},101,C\r\n{SITE_NO_WINDOW},1,\r\nnowhere,1,\r\n"
    found = {wrong["line"]: wrong["text"] for wrong in preview(rosa, ROOMS, text)["problems"]}
    assert "no track 'C'" in found[2]
    assert found[3].replace(SITE_NO_WINDOW, "nowhere") == found[4]
    load(rosa, ROOMS, f"site_code,room\r\n{SITE},101\r\n")
