# SPDX-License-Identifier: Apache-2.0
"""Roles of many people from a CSV file: all that is wrong, what would change, all or nothing."""
import openapi
import pytest
from harness import LEA, SITE, SITE_INVENTORY
from people import accept, grant, set_up

PATH = "/v1/people/import"
HEADER = "login,name,role,scope,code\r\n"


def send(asker, text, query="", content_type="text/csv"):
    fields = {"X_CSRF_Token": asker.csrf, "Cookie": f"__Host-testready={asker.cookie}"}
    body = text if isinstance(text, bytes) else text.encode()
    answer = asker.collector.request("POST", PATH + query, body, Content_Type=content_type, **fields)
    openapi.check("POST", PATH + query, answer)
    return answer


def check(asker, text):
    answer = send(asker, text, "?validate=true")
    assert answer.status == 200, answer.body
    assert not answer.json["is_loaded"]
    return answer.json


@pytest.fixture
def admin(collector):
    return set_up(collector)


def row(login, role="viewer", scope="site", code=SITE, name="A Person"):
    return f"{login},{name},{role},{scope},{code}\r\n"


def test_a_file_makes_changes_and_leaves_people(collector, admin):
    admin.add("rosa", grants=[grant("viewer", "site", SITE)], name="Rosa Diaz")
    admin.add("same", grants=[grant("viewer", "site", SITE)])
    text = HEADER + row("rosa", "site_coordinator", name="Rosa Diaz") + row("new") + row("same") \
        + row("new", "viewer", "site", SITE_INVENTORY)
    told = check(admin, text)
    changes = {person["login"]: person for person in told["people"]}
    assert {login: person["change"] for login, person in changes.items()} \
        == {"rosa": "changed", "new": "made", "same": "unchanged"}
    assert changes["rosa"]["before"] == [{"role": "viewer", "scope": "site", "code": SITE}]
    assert changes["rosa"]["after"] == [{"role": "site_coordinator", "scope": "site", "code": SITE}]
    assert changes["new"]["before"] is None and changes["new"]["invitation"] is None
    assert len(changes["new"]["after"]) == 2
    assert (told["made"], told["changed"], told["unchanged"]) == (1, 1, 1)
    assert [p["login"] for p in admin.get("/v1/people").json["people"]] == ["ada", "rosa", "same"]

    loaded = send(admin, text)
    assert loaded.status == 200 and loaded.json["is_loaded"]
    invitation = [p for p in loaded.json["people"] if p["login"] == "new"][0]["invitation"]
    new = accept(collector, invitation, "new")
    assert {g["code"] for g in new.get("/v1/session").json["grants"]} == {SITE, SITE_INVENTORY}
    again = check(admin, text)
    assert (again["made"], again["changed"], again["unchanged"]) == (0, 0, 3)


def test_everything_that_is_wrong_is_told_with_its_place_and_nothing_is_stored(admin):
    text = HEADER + row("ok") + row("Not A Login") + row("boss", "boss") + row("x1", "viewer", "county") \
        + row("x2", "viewer", "state", SITE) + row("x3", code="99") + row("ok") + row("ok", "site_coordinator", name="B") \
        + row("x4", name="=1+1") + "short,row\r\n" + row("x5", name="") + row("x6", "site_coordinator", "state", "")
    told = check(admin, text)
    places = [(p["line"], p["column"]) for p in told["problems"]]
    assert places == [(3, 1), (4, 15), (5, 20), (6, 26), (8, 13), (9, 4), (10, 4), (11, 1),
                      (12, 4), (13, 36)], told["problems"]
    assert told["people"] == [] and told["n_problems"] == len(places)
    refused = send(admin, text)
    assert refused.status == 400 and refused.json["detail"].startswith("Line 3, column 1: ")
    assert [p["login"] for p in admin.get("/v1/people").json["people"]] == ["ada"]
    unknown = check(admin, HEADER + row("x3", code="99"))["problems"]
    assert [(p["line"], p["column"]) for p in unknown] == [(2, 25)] and "99" in unknown[0]["text"]


@pytest.mark.parametrize("text, says", [
    (b"", "empty"), (HEADER.encode(), "nobody"), (b"login,name\r\n", "no column 'role'"),
    (b"login,login,role,scope,code\r\n", "twice"), (b"login,name,role,scope,code,x\r\n", "'x'"),
    (b"\xff\xfel\x00", "UTF-16"), (HEADER.encode() + b"a\xff,N,viewer,state,\r\n", "UTF-8"),
    (HEADER.encode() + b"abc,\"N,viewer,state,\r\n", "quote"),
])
def test_what_is_no_such_file_is_told(admin, text, says):
    problems = check(admin, text)["problems"]
    assert any(says in problem["text"] for problem in problems), problems


def test_files_of_spreadsheets_are_read(admin):
    text = "\ufeffName,Login,CODE,Scope,Role\r\n\"Kim, \"\"Ada\"\"\",akim,,state,viewer\r\n,,,,\r\n"
    person = check(admin, text)["people"][0]
    assert (person["login"], person["name"]) == ("akim", 'Kim, "Ada"')
    template = admin.collector.request("GET", "/v1/people/template.csv", key=admin.collector.token)
    openapi_type = template.type.split(";")[0]
    assert openapi_type == "text/csv" and template.body.startswith(HEADER.encode())


def test_a_coordinator_imports_for_their_lea_and_nothing_above(collector, admin):
    _, code = admin.add("lea", grants=[grant("lea_coordinator", "lea", LEA["code"])])
    lea = accept(collector, code, "lea")
    assert check(lea, HEADER + row("new"))["made"] == 1
    for bad in (row("new", "viewer", "state", ""), row("new", "admin", "state", ""),
                row("new", code="99"), row("ada")):
        problems = check(lea, HEADER + bad)["problems"]
        assert [problem["line"] for problem in problems] == [2], problems
    assert check(lea, HEADER + row("lea"))["changed"] == 1
    _, code = admin.add("eye", grants=[grant("viewer", "site", SITE)])
    assert send(accept(collector, code, "eye"), HEADER + row("new")).status == 403


def test_the_last_admin_stays_one_and_a_role_that_is_taken_holds_at_once(collector, admin):
    assert "last admin" in check(admin, HEADER + row("ada"))["problems"][0]["text"]
    _, code = admin.add("rosa", grants=[grant("admin", "state")], name="A Person")
    rosa = accept(collector, code, "rosa")
    assert rosa.get("/v1/people").status == 200
    assert send(admin, HEADER + row("rosa")).json["changed"] == 1
    assert rosa.get("/v1/people").status == 403


def test_limits_hold_exactly(admin):
    assert send(admin, HEADER + row("a1"), content_type="application/json").status == 415
    assert send(admin, HEADER, "?validate=maybe").status == 400
    many = HEADER + "".join(row(f"p{i}", name="N") for i in range(5000))
    assert check(admin, many)["made"] == 5000
    over = check(admin, many + row("one-more"))["problems"]
    assert [problem["line"] for problem in over] == [5002] and "5000" in over[0]["text"]
    assert check(admin, HEADER + row("a1", name="x" * 120))["made"] == 1
    assert check(admin, HEADER + row("a1", name="x" * 121))["problems"]
    blank = HEADER + row("a1") + "\r\n" * 2000000
    full = blank[:4 * 1024 * 1024]
    assert check(admin, full)["made"] == 1


@pytest.mark.parametrize("size, key, status", [
    (5 * 1024 * 1024, "own", 413), (16 * 1024 * 1024, "own", 413), (5 * 1024 * 1024, "wrong", 401),
])
def test_a_file_that_is_refused_for_its_size_is_answered_to_who_sends_it_whole(collector, size, key,
                                                                             status):
    """http.client sends all of the body before it looks for an answer."""
    headers = {"Authorization": "Bearer " + (collector.token if key == "own" else "trt_" + "x" * 43),
               "Content-Type": "text/csv"}
    connection = collector.connect()
    connection.request("POST", "/v1/people/import", b"x" * size, headers)
    answer = connection.getresponse()
    assert answer.status == status
    assert answer.read().startswith(b'{"type":"urn:testready:problem:')
    # All of it was read, so that what follows on the connection is a request.
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()
