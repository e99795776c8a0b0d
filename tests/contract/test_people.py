# SPDX-License-Identifier: Apache-2.0
"""Accounts over the API: who sees and changes whom, and that it holds at once."""
import csv
import datetime
import io
import json
import re
import sqlite3

import openapi
import pytest
from harness import LEA, SITE, SITE_INVENTORY
from people import PASSWORD, accept, grant, set_up

OTHER = [{"code": "9900001", "name": "Elsewhere", "lea": {"code": "99", "name": "Other"}}]


@pytest.fixture
def admin(collector):
    collector.command("site", "import", collector.write("other.json", json.dumps({"sites": OTHER})))
    return set_up(collector)


@pytest.fixture
def coordinator(collector, admin):
    _, code = admin.add("lea", [grant("lea_coordinator", "lea", LEA["code"])])
    return accept(collector, code, "lea")


def logins(browser, query=""):
    return [person["login"] for person in browser.get("/v1/people" + query).json["people"]]


def test_an_account_is_made_listed_and_shown(admin):
    person, _ = admin.add("rosa", [grant("viewer", "site", SITE), grant("viewer", "lea", "99")])
    assert (person["state"], person["is_disabled"], person["used_at"]) == ("invited", False, None)
    assert person["created_by"] == "Ada Kim (ada)" and person["may_change"]
    shown = admin.get(f"/v1/people/{person['id']}").json
    assert {key: person[key] for key in shown if key != "as_of"} == {
        key: shown[key] for key in shown if key != "as_of"}
    assert sorted(g["code"] for g in shown["grants"]) == [SITE, "99"]
    assert logins(admin) == ["ada", "rosa"]
    assert admin.get("/v1/people/" + "0" * 32).status == 404
    assert admin.get("/v1/people/x").status == 404


def test_a_login_is_taken_once_whatever_its_case(admin):
    admin.add("rosa", [grant("viewer", "state")])
    again = admin.ask("POST", "/v1/people", {"login": "ROSA", "name": "R",
                                             "grants": [grant("viewer", "state")]})
    assert again.status == 409


@pytest.mark.parametrize("change", [
    {"login": "a"}, {"login": "a b"}, {"login": "-a"}, {"name": ""}, {"name": "x" * 121},
    {"grants": []}, {"grants": [grant("admin", "site", SITE)]}, {"grants": [grant("boss", "state")]},
    {"grants": [grant("viewer", "state", SITE)]}, {"grants": [grant("viewer", "site")]},
    {"grants": [grant("viewer", "site", "nowhere")]}, {"grants": [grant("viewer", "lea", "nowhere")]},
    {"grants": [grant("viewer", "site", "a,b")]}, {"grants": "all"}, {"password": PASSWORD},
    {"grants": [{**grant("viewer", "state"), "until": "2027-01-01"}]}])
def test_what_is_wrong_with_an_account_is_refused(admin, change):
    body = {"login": "rosa", "name": "Rosa", "grants": [grant("viewer", "state")], **change}
    answer = admin.ask("POST", "/v1/people", body)
    assert answer.status == 400, answer.body
    assert logins(admin) == ["ada"]


def test_an_account_has_64_roles_at_most(admin):
    def grants(n):
        return [grant("viewer", "site", f"c{i}") for i in range(n)]

    def pointer(n):
        answer = admin.ask("POST", "/v1/people", {"login": "rosa", "name": "R", "grants": grants(n)})
        assert answer.status == 400
        return answer.json.get("pointer"), answer.json["detail"]

    assert "no site" in pointer(64)[1]
    assert pointer(65)[0] == "/grants"


def test_the_body_of_an_account_has_16_kib_at_most(collector):
    def status(size):
        body = b'{"login":"rosa","name":"' + b" " * (size - 26) + b'"}'
        assert len(body) == size
        return collector.post("/v1/people", body, collector.token).status

    assert [status(16383), status(16384), status(16385)] == [400, 400, 413]


def test_nobody_gives_more_than_they_have(coordinator):
    def status(*grants):
        return coordinator.ask("POST", "/v1/people", {"login": "new", "name": "N",
                                                      "grants": list(grants)}).status

    assert status(grant("admin", "state")) == 403
    assert status(grant("viewer", "state")) == 403
    assert status(grant("viewer", "lea", "99")) == 403
    assert status(grant("viewer", "site", "9900001")) == 403
    assert status(grant("viewer", "site", "nowhere")) == 403
    assert status(grant("viewer", "site", SITE), grant("viewer", "site", "9900001")) == 403
    assert status(grant("lea_coordinator", "lea", LEA["code"])) == 200


def test_a_role_without_that_right_sees_and_changes_nobody(collector, admin):
    _, code = admin.add("tech", [grant("tech_coordinator", "lea", LEA["code"])])
    tech = accept(collector, code, "tech")
    assert tech.get("/v1/people").status == 403
    assert tech.get("/v1/people/review").status == 403
    assert tech.ask("POST", "/v1/people", {"login": "new", "name": "N", "grants": [
        grant("viewer", "site", SITE)]}).status == 403


def test_a_coordinator_knows_of_those_in_their_lea_and_of_nobody_else(admin, coordinator):
    away, _ = admin.add("away", [grant("viewer", "site", "9900001")])
    state, _ = admin.add("state", [grant("viewer", "state")])
    both, _ = admin.add("both", [grant("viewer", "site", "9900001"), grant("viewer", "site", SITE)])
    here, _ = admin.add("here", [grant("site_coordinator", "site", SITE)])
    assert logins(coordinator) == ["both", "here", "lea"]
    for hidden in (away, state):
        path = f"/v1/people/{hidden['id']}"
        assert coordinator.get(path).status == 404
        assert coordinator.change(hidden, name="X").status == 404
        assert coordinator.ask("POST", path + "/invitation").status == 404
        assert coordinator.ask("POST", path + "/renewal").status == 404
    shown = coordinator.get(f"/v1/people/{both['id']}").json
    assert shown["grants"] == [grant("viewer", "site", SITE)] and not shown["may_change"]
    assert coordinator.change(shown, version=both["version"], name="X").status == 403
    assert coordinator.ask("POST", f"/v1/people/{both['id']}/invitation").status == 403
    assert coordinator.change(here, name="New Name").json["name"] == "New Name"


def test_no_filter_and_no_version_tells_of_a_role_elsewhere(admin, coordinator):
    """Whoever is listed by a filter has a role here that fits, so what fits elsewhere is not told."""
    here = grant("viewer", "site", SITE)
    for login, others in {"a": [], "b": [grant("viewer", "state")],
                          "c": [grant("lea_coordinator", "lea", "99")],
                          "d": [grant("site_coordinator", "site", "9900001")],
                          "e": [grant("admin", "state")],
                          "f": [grant("site_coordinator", "site", SITE)]}.items():
        admin.add(f"p{login}", [here, *others])
    everybody = coordinator.get("/v1/people").json["people"]
    for person in everybody:
        assert person["may_change"] == (person["version"] is not None)
    for name, values in {"role": ["admin", "lea_coordinator", "site_coordinator", "viewer"],
                         "scope": ["state", "lea", "site"],
                         "code": ["99", "9900001", SITE, LEA["code"]]}.items():
        for value in values:
            fitting = [person["login"] for person in everybody
                       if any(g[name] == value for g in person["grants"])]
            assert logins(coordinator, f"?{name}={value}") == fitting, (name, value)
    reasons = {person["login"]: "wide_scope" in person["reasons"]
               for person in coordinator.get("/v1/people/review").json["people"]}
    assert reasons == {"lea": True, **dict.fromkeys(["pa", "pb", "pc", "pd", "pe", "pf"], False)}
    assert sum("wide_scope" in person["reasons"]
               for person in admin.get("/v1/people/review").json["people"]) == 5


def test_a_change_holds_at_once_for_a_session_that_is_open(collector, admin):
    person, code = admin.add("lea", [grant("lea_coordinator", "lea", LEA["code"])])
    browser = accept(collector, code, "lea")
    assert browser.get("/v1/people").status == 200
    less = admin.change(person, grants=[grant("viewer", "site", SITE)])
    assert less.status == 200, less.body
    assert browser.get("/v1/people").status == 403
    assert browser.get("/v1/session").json["grants"] == [grant("viewer", "site", SITE)]
    assert admin.change(less.json, is_disabled=True).json["state"] == "disabled"
    assert browser.get("/v1/session").status == 401
    assert browser.sign_in("lea").status == 403
    assert browser.sign_in("lea", "wrong" * 4).status == 401
    assert admin.ask("POST", f"/v1/people/{person['id']}/invitation").status == 409


def test_who_has_no_role_has_their_own_account_and_nothing_else(collector, admin):
    person, code = admin.add("rosa", [grant("viewer", "site", SITE)])
    rosa = accept(collector, code, "rosa")
    assert admin.change(person, grants=[]).status == 200
    for (method, path), operation in openapi.operations().items():
        if openapi.access_of(operation) in ("staff:mend_self", "anybody", "device", "enrollment"):
            continue
        path = re.sub(r"\{[a-z_]+\}", "0" * 32, path)
        answer = rosa.ask(method, path, None if method == "GET" else {})
        assert answer.status == 403, (method, path)
    session = rosa.get("/v1/session").json
    assert (session["grants"], session["may"]) == ([], ["mend_self"])
    changed = rosa.ask("PUT", "/v1/session/password", {"old": PASSWORD, "new": "another horse"})
    assert changed.status == 200, changed.body
    assert rosa.ask("DELETE", "/v1/session").status == 200
    assert rosa.sign_in("rosa", "another horse").status == 200
    assert rosa.ask("DELETE", "/v1/sessions").json["ended"] == 1


def test_a_change_of_what_was_changed_meanwhile_is_refused(admin):
    person, _ = admin.add("rosa", [grant("viewer", "state")])
    path = f"/v1/people/{person['id']}"
    assert admin.change(person, name="First").status == 200
    assert admin.change(person, name="Second").status == 412
    assert admin.ask("PATCH", path, {"name": "Third"}).status == 428
    assert admin.ask("PATCH", path, {"name": "Third"}, If_Match="*").status == 428
    assert admin.change(admin.get(path).json, login="other").status == 400
    assert admin.get(path).json["name"] == "First"


def test_the_last_admin_stays_one(collector, admin):
    ada = next(p for p in admin.get("/v1/people").json["people"] if p["login"] == "ada")
    other, code = admin.add("bo", [grant("admin", "state")])
    # Who never signed in could not give anything back.
    assert admin.change(ada, is_disabled=True).status == 409
    assert admin.change(ada, grants=[grant("viewer", "state")]).status == 409
    accept(collector, code, "bo")
    assert admin.change(ada, grants=[grant("viewer", "state")]).status == 200
    assert admin.get(f"/v1/people/{other['id']}").status == 403


def test_an_account_that_was_not_renewed_waits_for_it(collector, admin):
    person, code = admin.add("rosa", [grant("viewer", "site", SITE)])
    rosa = accept(collector, code, "rosa")
    with sqlite3.connect(collector.store) as store:
        store.execute("UPDATE account SET good_until = '2020-06-30' WHERE login = 'rosa'")
    assert rosa.get("/v1/session").status == 401
    refused = rosa.sign_in("rosa")
    assert refused.status == 403 and "1 July" in refused.json["detail"]
    assert logins(admin, "?state=expired") == ["rosa"]
    assert admin.ask("POST", f"/v1/people/{person['id']}/renewal").json["state"] == "active"
    assert rosa.sign_in("rosa").status == 200


@pytest.mark.parametrize("days, told", [(43, None), (42, 42), (0, 0)])
def test_in_the_last_six_weeks_somebody_is_told_that_their_account_ends(collector, admin, days,
                                                                        told):
    # A day is over once it is over everywhere.
    today = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=12)).date()
    with sqlite3.connect(collector.store) as store:
        store.execute("UPDATE account SET good_until = ?",
                      [str(today + datetime.timedelta(days=days))])
    assert admin.get("/v1/session").json["account"]["ends_in_days"] == told


def test_lists_are_filtered_and_come_in_parts(admin):
    for i in range(5):
        admin.add(f"p{i}", [grant("viewer", "site", (SITE, SITE_INVENTORY)[i % 2])])
    assert logins(admin, f"?code={SITE}") == ["p0", "p2", "p4"]
    assert logins(admin, "?role=admin") == ["ada"]
    assert logins(admin, "?scope=site&state=invited&role=viewer") == [f"p{i}" for i in range(5)]
    assert admin.get("/v1/people?state=asleep").status == 400
    assert admin.get("/v1/people?role=boss").status == 400
    seen, cursor = [], ""
    while cursor is not None:
        part = admin.get("/v1/people?limit=2" + (f"&cursor={cursor}" if cursor else "")).json
        assert len(part["people"]) <= 2
        seen += [person["login"] for person in part["people"]]
        cursor = part["next_cursor"]
    assert seen == ["ada", "p0", "p1", "p2", "p3", "p4"]


def test_the_review_says_why_somebody_should_look(collector, admin):
    person, code = admin.add("rosa", [grant("viewer", "site", SITE)])
    review = {p["login"]: p["reasons"] for p in admin.get("/v1/people/review").json["people"]}
    assert review == {"ada": ["wide_scope", "no_second_factor"],
                      "rosa": ["never_signed_in", "no_second_factor"]}
    accept(collector, code, "rosa")
    with sqlite3.connect(collector.store) as store:
        store.execute("UPDATE account SET used_ms = used_ms - ? WHERE login = 'rosa'",
                      (91 * 86400000,))
    review = {p["login"]: p["reasons"] for p in admin.get("/v1/people/review").json["people"]}
    assert review["rosa"] == ["unused", "no_second_factor"]
    assert admin.change(person, is_disabled=True).status == 200
    assert [p["login"] for p in admin.get("/v1/people/review").json["people"]] == ["ada"]


def test_the_review_is_of_one_reason_and_the_file_has_everybody(collector, admin):
    admin.add("rosa", [grant("viewer", "site", SITE), grant("viewer", "lea", "99")], name="=1+1")
    _, code = admin.add("tia", [grant("viewer", "site", SITE)])
    accept(collector, code, "tia")
    with sqlite3.connect(collector.store) as store:
        store.execute("UPDATE account SET good_until = '2020-06-30' WHERE login = 'tia'")

    def reviewed(reason):
        people = admin.get(f"/v1/people/review?reason={reason}").json["people"]
        return [person["login"] for person in people]

    assert reviewed("wide_scope") == ["ada", "rosa"]
    assert reviewed("never_signed_in") == ["rosa"] and reviewed("ends_soon") == ["tia"]
    assert reviewed("unused") == [] and reviewed("no_second_factor") == ["ada", "rosa", "tia"]
    assert admin.get("/v1/people/review?reason=odd").status == 400
    rows = {row["login"]: row for row in csv.DictReader(io.StringIO(
        collector.get("/v1/people.csv").body.decode()))}
    assert list(rows) == ["ada", "rosa", "tia"] and rows["rosa"]["name"] == "'=1+1"
    assert rows["rosa"]["roles"] == f"viewer of lea 99; viewer of site {SITE}"
    assert rows["rosa"]["look_at"] == "wide_scope; never_signed_in; no_second_factor"
    assert (rows["tia"]["state"], rows["tia"]["second_factor"]) == ("expired", "false")
    some = csv.DictReader(io.StringIO(collector.get("/v1/people.csv?code=99").body.decode()))
    assert [row["login"] for row in some] == ["rosa"]
    assert collector.get("/v1/people.csv?role=boss").status == 400


def test_everything_is_written_down_and_no_secret_is(collector, admin):
    person, code = admin.add("rosa", [grant("viewer", "site", SITE)])
    accept(collector, code, "rosa")
    assert admin.change(person, is_disabled=True).status == 200
    with sqlite3.connect(collector.store) as store:
        rows = store.execute("SELECT who, act, object, lea_code, network, before_json, after_json "
                             "FROM audit ORDER BY number").fetchall()
    rosas = [row for row in rows if row[2] == person["id"]]
    assert [row[1] for row in rosas] == ["account_made", "password_set", "signed_in",
                                         "account_disabled"]
    assert rosas[0][0] == "Ada Kim (ada)" and rosas[1][0] == "A Person (rosa)"
    assert {row[3] for row in rosas} == {LEA["code"]}
    assert {row[4] for row in rosas} == {"127.0.0.1"}
    assert '"is_disabled":false' in rosas[3][5] and '"is_disabled":true' in rosas[3][6]
    assert not any("tri_" in text or "argon2" in text for row in rows for text in row)


def test_everybody_of_an_lea_is_renewed_at_once(collector, admin, coordinator):
    for login, place in [("site", grant("viewer", "site", SITE)),
                         ("other", grant("viewer", "lea", "99")),
                         ("both", grant("admin", "state"))]:
        admin.add(login, [place])
    with sqlite3.connect(collector.store) as db:
        db.execute("UPDATE account SET good_until = '2020-06-30' WHERE login IN ('site', 'other')")
    answer = coordinator.ask("POST", "/v1/people/renewal", {"lea": LEA["code"]})
    assert (answer.status, answer.json) == (200, {"lea": LEA["code"], "renewed": 2}), answer.body
    states = {row["login"]: row["state"] for row in admin.get("/v1/people").json["people"]}
    assert states["site"] != "expired" and states["other"] != states["site"], states
    for code in ("99", "nowhere"):
        refused = coordinator.ask("POST", "/v1/people/renewal", {"lea": code})
        assert (refused.status, refused.json["pointer"]) == (400, "/lea")
        assert f"'{code}' whose people you could renew" in refused.json["detail"]
    assert admin.ask("POST", "/v1/people/renewal", {"lea": "99"}).json["renewed"] == 1
    for body in ({}, {"lea": "x" * 33}, {"lea": LEA["code"], "site": SITE}):
        assert admin.ask("POST", "/v1/people/renewal", body).status == 400
