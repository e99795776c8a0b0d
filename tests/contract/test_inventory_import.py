# SPDX-License-Identifier: Apache-2.0
"""Inventories over the API: all that is wrong, what would change, and loading exactly that."""
import openapi
import pytest
from harness import SITE, SITE_INVENTORY, SITE_NO_WINDOW
from people import accept, grant, set_up

PATH = "/v1/inventory/imports"
HEADER = "site_code,serial,host_name,room\r\n"


def send(asker, text, id=None, content_type="text/csv", **more):
    path = f"{PATH}/{id}/commit" if id else PATH
    fields = {"X_CSRF_Token": asker.csrf, "Cookie": f"__Host-testready={asker.cookie}", **more}
    answer = asker.collector.request("POST", path, text, Content_Type=content_type, **fields)
    openapi.check("POST", path, answer)
    return answer


def preview(asker, text):
    answer = send(asker, text)
    assert answer.status == 200, answer.body
    assert not answer.json["is_loaded"]
    return answer.json


def listed(collector, site):
    rows = collector.pages(f"/v1/sites/{site}/devices", "devices")
    return sorted((row["names"]["host_name"], row["expected"]) for row in rows)


def person(admin, role):
    return accept(admin.collector, admin.add("rosa", grants=[role])[1], "rosa")


@pytest.fixture
def admin(collector):
    return set_up(collector)


def test_what_the_preview_shows_is_loaded_and_nothing_before(collector, admin):
    text = HEADER + f"{SITE},S1,new-1,101\r\n{SITE},S2,new-2,\r\n"
    before = listed(collector, SITE)
    told = preview(admin, text)
    assert told["changes"] == {"new": 2, "changed": 0, "unchanged": 0, "removed": 0,
                               "unexpected": 0, "moved": 0}
    assert [(row["change"], row["site"], row["before"], row["after"]["host_name"])
            for row in told["rows"]] == [("new", SITE, None, "new-2"), ("new", SITE, None, "new-1")]
    assert listed(collector, SITE) == before
    assert preview(admin, text)["id"] == told["id"]

    done = send(admin, text, told["id"])
    assert done.status == 200 and done.json["is_loaded"]
    assert listed(collector, SITE) == [("new-1", True), ("new-2", True)]
    assert admin.get("/v1/audit?limit=1").json["entries"][0]["act"] == "inventory_imported"


def test_another_room_is_shown_before_and_after(collector, admin):
    old = HEADER + f"{SITE},S1,new-1,101\r\n{SITE},S2,new-2,\r\n"
    send(admin, old, preview(admin, old)["id"])
    told = preview(admin, HEADER + f"{SITE},S1,new-1,102\r\n")
    rows = {row["change"]: row for row in told["rows"]}
    assert told["changes"]["changed"] == told["changes"]["removed"] == 1
    assert (rows["changed"]["before"]["room"], rows["changed"]["after"]["room"]) == ("101", "102")
    assert rows["removed"]["before"]["host_name"] == "new-2" and rows["removed"]["after"] is None


def test_how_much_changes_is_told_of_each_site_also_past_the_rows_that_are_shown(collector, admin):
    many = "".join(f"{SITE},,h{i},\r\n" for i in range(250))
    told = preview(admin, HEADER + many + f"{SITE_NO_WINDOW},S9,one,\r\n")
    assert len(told["rows"]) == 200 and told["changes"]["new"] == 251 and told["n_sites"] == 2
    assert {site["site"]: site["new"] for site in told["sites"]} == {SITE: 250, SITE_NO_WINDOW: 1}
    assert send(admin, HEADER + many, preview(admin, HEADER + many)["id"]).status == 200
    told = preview(admin, HEADER + f"{SITE},,h0,\r\n")
    assert told["sites"] == [{"site": SITE, "new": 0, "changed": 0, "removed": 249,
                              "unexpected": 0, "moved": 0}]
    assert told["changes"]["unchanged"] == 1


def test_what_changed_since_the_preview_is_a_conflict(collector, admin):
    text = HEADER + f"{SITE},S1,new-1,101\r\n"
    told = preview(admin, text)
    other = HEADER + f"{SITE},S1,new-1,102\r\n"
    assert send(admin, other, told["id"]).status == 409
    assert listed(collector, SITE) == []
    assert send(admin, other, preview(admin, other)["id"]).status == 200
    assert send(admin, text, told["id"]).status == 409
    assert send(admin, text, "0" * 64).status == 409
    assert send(admin, text, "x").status == 404
    rows = collector.pages(f"/v1/sites/{SITE}/devices", "devices")
    assert [row["room"] for row in rows] == ["102"]


def test_a_commit_whose_answer_was_lost_is_sent_again_and_loads_nothing_twice(collector, admin):
    text = HEADER + f"{SITE},S1,new-1,101\r\n"
    told = preview(admin, text)
    first = send(admin, text, told["id"], Idempotency_Key="k")
    assert first.status == 200 and first.json["is_loaded"]
    entries = admin.get("/v1/audit?limit=1").json["entries"]
    again = send(admin, text, told["id"], Idempotency_Key="k")
    assert again.status == 200 and again.json == first.json
    assert admin.get("/v1/audit?limit=1").json["entries"] == entries
    assert send(admin, text, told["id"]).status == 409
    other = HEADER + f"{SITE},S1,new-1,102\r\n"
    assert send(admin, other, preview(admin, other)["id"], Idempotency_Key="k").status == 422
    assert listed(collector, SITE) == [("new-1", True)]


def test_an_import_is_in_the_audit_log_of_the_place_that_all_of_it_is_in(collector, admin):
    one = HEADER + f"{SITE},S1,new-1,101\r\n"
    assert send(admin, one, preview(admin, one)["id"]).status == 200
    entry = admin.get("/v1/audit?limit=1").json["entries"][0]
    assert (entry["act"], entry["site"]) == ("inventory_imported", SITE)
    both = HEADER + f"{SITE},S1,new-1,102\r\n{SITE_NO_WINDOW},S2,new-2,\r\n"
    assert send(admin, both, preview(admin, both)["id"]).status == 200
    entry = admin.get("/v1/audit?limit=1").json["entries"][0]
    assert entry["site"] is None and entry["lea"] is not None


def test_everything_that_is_wrong_is_told_with_its_place(collector, admin):
    text = "\ufeff" + HEADER + f"{SITE},S1,a,\r\nnowhere,S2,b,\r\n{SITE},S1,c,\r\n{SITE},,,101\r\n"
    told = preview(admin, text.encode())
    assert [(wrong["line"], wrong["column"]) for wrong in told["problems"]] \
        == [(3, 1), (4, len(SITE) + 2), (5, 1)]
    assert told["n_problems"] == 3 and told["id"] is None and told["rows"] == []
    answer = send(admin, text.encode(), "0" * 64)
    assert answer.status == 400 and "Line 3, column 1" in answer.json["detail"]
    assert listed(collector, SITE) == []


def test_what_makers_leave_in_many_machines_is_no_serial_number(collector, admin):
    text = HEADER + f"{SITE},Default string,a,\r\n{SITE},Default string,b,\r\n{SITE},None,,\r\n"
    told = preview(admin, text)
    assert [(wrong["line"], wrong["column"]) for wrong in told["problems"]] == [(4, len(SITE) + 2)]
    assert "'None' is no serial number" in told["problems"][0]["text"]
    assert "asset tag or a host name" in told["problems"][0]["text"]
    text = text[:text.rindex(SITE)]
    assert send(admin, text, preview(admin, text)["id"]).status == 200
    assert preview(admin, text)["changes"]["unchanged"] == 2
    rows = collector.pages(f"/v1/sites/{SITE}/devices", "devices")
    assert [(row["names"]["host_name"], row["names"]["serial"]) for row in rows] \
        == [("a", ""), ("b", "")]


def test_a_file_that_is_none_is_refused(collector, admin):
    assert send(admin, "").status == 400
    assert send(admin, "{}", content_type="application/json").status == 415
    rows = "".join(f"{SITE},,h{i},\r\n" for i in range(20001))
    answer = send(admin, HEADER + rows)
    assert answer.status == 400 and "20000 rows" in answer.json["detail"]


def test_a_site_of_somebody_else_is_not_there_and_keeps_what_it_lists(collector, admin):
    old = HEADER + f"{SITE},S1,new-1,101\r\n"
    assert send(admin, old, preview(admin, old)["id"]).status == 200
    rosa = person(admin, grant("site_coordinator", "site", SITE_NO_WINDOW))
    told = preview(rosa, old)
    unknown = preview(rosa, old.replace(SITE, "nowhere"))
    assert told["problems"][0]["text"].replace(SITE, "nowhere") == unknown["problems"][0]["text"]

    text = HEADER + f"{SITE_NO_WINDOW},S1,mine,\r\n"
    told = preview(rosa, text)
    assert told["changes"]["moved"] == 0
    assert send(rosa, text, told["id"]).status == 200
    assert listed(collector, SITE) == [("new-1", True)]
    assert admin.get(f"/v1/sites/{SITE}/inventory").json["totals"]["twice"] == 1
    # Who may mend both takes it away from the other.
    told = preview(admin, text)
    assert [row["change"] for row in told["rows"]] == ["moved"]
    assert send(admin, text, told["id"]).status == 200
    assert listed(collector, SITE) == []


def test_who_only_looks_makes_no_preview(collector, admin):
    rosa = person(admin, grant("viewer", "site", SITE_INVENTORY))
    assert send(rosa, HEADER).status == 403
    assert collector.get("/v1/inventory/template.csv").body.startswith(b"site_code,")
