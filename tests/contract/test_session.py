# SPDX-License-Identifier: Apache-2.0
"""Setting up, signing in and out, passwords, and what a browser has to send with a change."""
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness import SITE, wait_until
from people import PASSWORD, Browser, accept, grant, set_up, setup_code


@pytest.fixture
def admin(collector):
    return set_up(collector)


def test_the_first_account_is_made_with_the_code_that_was_printed_and_only_once(collector):
    code = setup_code(collector)
    browser = Browser(collector)
    asked = {"code": code, "login": "Ada", "name": "Ada Kim", "password": PASSWORD}
    for wrong in (code[:-1] + ("A" if code[-1] != "A" else "B"), "tri_", "x"):
        refused = browser.ask("POST", "/v1/setup", {**asked, "code": wrong})
        assert (refused.status, refused.json["pointer"]) == (403, "/code")
    assert browser.ask("POST", "/v1/setup", {**asked, "password": "short"}).status == 400
    assert browser.ask("POST", "/v1/setup", {**asked, "login": "a b"}).status == 400
    assert browser.ask("POST", "/v1/setup", {**asked, "role": "admin"}).status == 400
    assert browser.ask("POST", "/v1/setup", asked).json == {"login": "ada"}
    assert browser.ask("POST", "/v1/setup", {**asked, "login": "eve"}).status == 403
    assert code.encode() not in b"".join(row.encode() for row in sqlite_dump(collector))


def sqlite_dump(collector):
    with sqlite3.connect(f"file:{collector.store}?mode=ro", uri=True) as store:
        yield from store.iterdump()


def test_a_code_that_was_printed_at_an_earlier_start_is_good_for_nothing(new_collector):
    collector = new_collector().start()
    old = setup_code(collector)
    collector.stop()
    collector.start()
    browser = Browser(collector)
    asked = {"login": "ada", "name": "Ada", "password": PASSWORD}
    assert browser.ask("POST", "/v1/setup", {**asked, "code": old}).status == 403
    assert browser.ask("POST", "/v1/setup", {**asked, "code": setup_code(collector)}).status == 200


def test_the_address_of_the_set_up_is_told_only_where_it_has_a_page(new_collector, tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html><title>t</title>")
    collector = new_collector()
    collector.web = None
    with collector:
        line = collector.process.stdout.readline()
        assert "no pages (--web DIR)" in line and "/setup" not in line.replace("/v1/setup", "")
    collector.web = str(tmp_path)
    with collector:
        assert f"open {collector.url}/setup and enter" in collector.process.stdout.readline()


def test_who_signed_in_is_told_who_they_are_and_what_they_may(admin):
    session = admin.get("/v1/session").json
    assert session["who"] == "Ada Kim (ada)" and session["account"]["login"] == "ada"
    assert session["grants"] == [grant("admin", "state")]
    assert "give_roles" in session["may"] and session["csrf_token"] == admin.csrf
    assert session["expires_at"] and session["account"]["good_until"].endswith("-06-30")
    for attribute in ("Path=/", "Secure", "HttpOnly", "SameSite=Strict"):
        assert attribute in admin.attributes.split("; ")


def test_a_wrong_password_and_a_login_that_is_not_there_are_told_apart_by_nothing(collector, admin):
    del admin
    answers = [Browser(collector).sign_in(login, "wrong" * 4) for login in ("ada", "nobody", "x y")]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_each_sign_in_gives_another_cookie_and_ends_the_one_before(collector, admin):
    before, old = Browser(collector), admin.cookie
    before.cookie, before.csrf = admin.cookie, admin.csrf
    assert admin.sign_in("ada").status == 200
    assert admin.cookie != old and admin.get("/v1/session").status == 200
    assert before.get("/v1/session").status == 401


def test_a_cookie_that_somebody_made_up_lets_nobody_in(collector, admin):
    stranger = Browser(collector)
    for cookie in ("trs_" + "A" * 43, admin.cookie[:-1], admin.cookie + "A", "", "x"):
        assert stranger.get("/v1/session", Cookie=f"__Host-testready={cookie}").status == 401
    twice = f"__Host-testready={admin.cookie}; __Host-testready={admin.cookie}"
    assert stranger.get("/v1/session", Cookie=twice).status == 401
    assert stranger.get("/v1/session", Cookie=f"testready={admin.cookie}").status == 401
    other = f"a=b; __Host-testready={admin.cookie}; c=d"
    assert stranger.get("/v1/session", Cookie=other).status == 200


def test_a_change_needs_the_token_of_its_session_and_the_same_origin(collector, admin):
    own = f"http://{collector.address}"
    for fields in ({"X_CSRF_Token": None}, {"X_CSRF_Token": "0" * 64}, {"X_CSRF_Token": "x"},
                   {"Origin": "http://evil.example"}, {"Origin": "null"},
                   {"Origin": own + ".evil.example"}):
        assert admin.ask("DELETE", "/v1/sessions", **fields).status == 403
    assert admin.get("/v1/session", Origin="http://evil.example").status == 200
    assert admin.ask("DELETE", "/v1/sessions", Origin=own).json == {"ended": 1}
    assert admin.get("/v1/session").status == 401


def test_a_page_elsewhere_signs_nobody_in(collector, admin):
    del admin
    answer = Browser(collector).ask("POST", "/v1/session", {"login": "ada", "password": PASSWORD},
                                    Origin="https://evil.example")
    assert answer.status == 403


def test_signing_out_ends_the_session_and_takes_the_cookie_away(collector, admin):
    other = Browser(collector)
    assert other.sign_in("ada").status == 200
    answer = admin.ask("DELETE", "/v1/session")
    assert answer.json == {"ended": 1} and "Max-Age=0" in answer.headers["set-cookie"]
    assert admin.get("/v1/session").status == 401
    assert other.get("/v1/session").status == 200


def test_another_password_ends_the_other_sessions_and_not_its_own(collector, admin):
    other = Browser(collector)
    assert other.sign_in("ada").status == 200
    path, new = "/v1/session/password", "another horse battery"
    assert admin.ask("PUT", path, {"old": "x", "new": new}).json["pointer"] == "/old"
    short = admin.ask("PUT", path, {"old": PASSWORD, "new": "short"})
    assert (short.status, short.json["pointer"]) == (400, "/new")
    assert admin.ask("PUT", path, {"old": PASSWORD, "new": new}).status == 200
    assert admin.get("/v1/session").status == 200
    assert other.get("/v1/session").status == 401
    assert other.sign_in("ada").status == 401
    assert other.sign_in("ada", new).status == 200


def test_the_admins_token_has_no_password_and_no_sessions(collector):
    assert collector.get("/v1/session").json["account"] is None
    answer = collector.request("PUT", "/v1/session/password", '{"old":"x","new":"y"}',
                               collector.token, Content_Type="application/json")
    assert answer.status == 403
    assert collector.request("DELETE", "/v1/sessions", key=collector.token).status == 409


def test_a_session_that_was_not_used_or_is_old_is_over(collector, admin):
    def age(column, hours):
        with sqlite3.connect(collector.store) as store:
            store.execute(f"UPDATE session SET {column} = {column} - ?", (hours * 3600000,))

    age("created_ms", 11)
    assert admin.get("/v1/session").status == 200
    age("created_ms", 2)
    assert admin.get("/v1/session").status == 401
    assert admin.sign_in("ada").status == 200
    age("seen_ms", 3)
    assert admin.get("/v1/session").status == 401


def test_that_a_session_was_used_is_noted_to_the_minute(collector, admin):
    def seen():
        with sqlite3.connect(collector.store) as store:
            return store.execute("SELECT seen_ms FROM session").fetchone()[0]

    at_first = seen()
    assert admin.get("/v1/session").status == 200
    with sqlite3.connect(collector.store) as store:
        store.execute("UPDATE session SET seen_ms = seen_ms - 61000")
        store.execute("UPDATE account SET used_ms = NULL")
    assert admin.get("/v1/session").status == 200
    wait_until(lambda: seen() >= at_first)
    with sqlite3.connect(collector.store) as store:
        assert store.execute("SELECT used_ms FROM account").fetchone()[0] % 3600000 == 0


def test_many_who_sign_in_at_once_hold_up_no_device(collector, admin):
    del admin
    device = collector.enroll(collector.enrollment_key(SITE))
    with ThreadPoolExecutor(12) as pool:
        tries = [pool.submit(Browser(collector).sign_in, f"nobody{i}") for i in range(12)]
        device.report()
        # Twelve hashes take two threads most of a second.
        assert not all(one.done() for one in tries)
        assert {one.result().status for one in tries} <= {401, 429, 503}


def test_a_body_is_as_large_as_its_limit_and_no_larger(collector):
    def status(size):
        head = b'{"code":"x","password":"'
        body = head + b" " * (size - len(head) - 2) + b'"}'
        assert len(body) == size
        return collector.request("POST", "/v1/invitation", body,
                                 Content_Type="application/json").status

    assert [status(8191), status(8192), status(8193)] == [400, 400, 413]


def test_a_password_has_12_to_128_characters(collector, admin):
    for length, status in ((11, 400), (12, 200), (128, 200), (129, 400)):
        person, code = admin.add(f"p{length}", [grant("viewer", "site", SITE)])
        password = "".join(chr(0xe0 + i % 59) for i in range(129))
        answer = admin.ask("POST", "/v1/invitation", {"code": code, "password": password[:length]})
        assert answer.status == status, (length, answer.body)
        if status == 200:
            assert Browser(collector).sign_in(person["login"], password[:length]).status == 200


def test_an_invitation_works_once_and_ends_what_was_before(collector, admin):
    person, code = admin.add("rosa", [grant("viewer", "site", SITE)])
    rosa = accept(collector, code, "rosa")
    refused = rosa.ask("POST", "/v1/invitation", {"code": code, "password": PASSWORD})
    assert (refused.status, refused.json["pointer"]) == (403, "/code")
    again = admin.ask("POST", f"/v1/people/{person['id']}/invitation").json["invitation"]["code"]
    newest = admin.ask("POST", f"/v1/people/{person['id']}/invitation").json["invitation"]
    assert newest["path"] == "/invitation#" + newest["code"]
    assert rosa.get("/v1/session").status == 200
    assert rosa.ask("POST", "/v1/invitation", {"code": again, "password": PASSWORD}).status == 403
    accept(collector, newest["code"], "rosa", "another horse battery")
    assert rosa.get("/v1/session").status == 401
