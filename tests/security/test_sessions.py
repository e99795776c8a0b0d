# SPDX-License-Identifier: Apache-2.0
"""Attacks on sessions and passwords: fixation, forged requests, floods of guesses, timing."""
import os
import statistics
import time

import people
import pytest
from people import COOKIE, PASSWORD, Browser
from world import Somebody


@pytest.fixture
def ada(world):
    return world.sign_in("admin")


def status(world, method, path, body=None, **fields):
    return Somebody(world, "x", "nothing").ask(method, path, body, **fields).status


def test_a_cookie_that_was_there_before_the_sign_in_is_not_kept(world):
    for planted in ("trs_" + "A" * 43, world.sign_in("viewer").cookie):
        victim = Browser(world.collector)
        victim.cookie = planted
        assert victim.sign_in("yadmin").status == 200
        assert victim.cookie != planted
        assert status(world, "GET", "/v1/session", Cookie=f"{COOKIE}={planted}") == 401


def test_a_sign_in_that_fails_gives_no_cookie_and_ends_no_session(world, ada):
    refused = ada.ask("POST", "/v1/session", {"login": "yadmin", "password": "x" * 12})
    assert refused.status in (401, 403) and "set-cookie" not in refused.headers
    assert ada.ask("GET", "/v1/session").status == 200


def test_a_session_that_ended_is_not_let_in_again(world):
    for path in ("/v1/session", "/v1/sessions"):
        session = world.sign_in("viewer")
        assert session.ask("DELETE", path).status == 200
        assert session.ask("GET", "/v1/session").status == 401


CHANGES = [("DELETE", "/v1/sessions", None), ("POST", "/v1/people", {}),
           ("POST", "/v1/session/second-factor", None), ("PUT", "/v1/session/password", {}),
           ("POST", "/v1/waivers", {}), ("POST", "/v1/enrollment-keys", {})]


@pytest.mark.parametrize("method, path, body", CHANGES)
def test_a_page_elsewhere_changes_nothing_with_the_cookie_of_who_looks_at_it(world, ada, method,
                                                                             path, body):
    other = world.sign_in("viewer")
    own = world.collector.address
    cookie = f"{COOKIE}={ada.cookie}"
    for fields in ({}, {"X_CSRF_Token": other.csrf}, {"X_CSRF_Token": ""},
                   {"X_CSRF_Token": ada.csrf, "Origin": "https://evil.example"},
                   {"X_CSRF_Token": ada.csrf, "Origin": "null"},
                   {"X_CSRF_Token": ada.csrf, "Origin": f"http://{own}@evil.example"},
                   {"X_CSRF_Token": ada.csrf, "Origin": f"http://evil.example/{own}"},
                   {"X_CSRF_Token": ada.csrf, "Origin": f"http://{own}.evil.example"}):
        assert status(world, method, path, body, Cookie=cookie, **fields) == 403, fields
    assert ada.ask("GET", "/v1/session").status == 200


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain",
                                          "multipart/form-data; boundary=x", "", "text/csv"])
def test_what_a_form_of_a_page_can_send_is_no_request(world, content_type):
    answer = world.collector.request("POST", "/v1/session", '{"login":"yadmin","password":"x"}',
                                     Content_Type=content_type)
    assert answer.status == 415


def test_no_page_elsewhere_may_read_what_is_answered(world, ada):
    for method in ("GET", "OPTIONS"):
        answer = ada.ask(method, "/v1/overview", Origin="https://evil.example",
                         Access_Control_Request_Method="GET")
        assert not any(name.startswith("access-control") for name in answer.headers)


def test_the_cookie_is_for_this_host_alone_and_for_no_script(world):
    browser = Browser(world.collector)
    assert browser.sign_in("yviewer").status == 200
    assert COOKIE.startswith("__Host-")
    attributes = set(browser.attributes.split("; "))
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} == attributes


@pytest.mark.parametrize("how", ["X_Forwarded_For", None])
def test_a_flood_of_wrong_passwords_does_not_keep_the_owner_out(world, how):
    name = {"X_Forwarded_For": "viewer", None: "site_coordinator"}[how]
    stranger = Somebody(world, "x", "nothing")
    with world.store() as store:  # from elsewhere, where this account never was
        store.execute("INSERT OR REPLACE INTO sign_in_failure VALUES ('account', ?, 1000, ?), "
                      "('pair', ? || ' 203.0.113.9', 1000, ?)",
                      (f"y{name}", int(time.time() * 1000), f"y{name}", int(time.time() * 1000)))
    for number in range(6):
        fields = {how: f"203.0.113.{number}"} if how else {}
        refused = stranger.ask("POST", "/v1/session", {"login": f"y{name}", "password": "w" * 12},
                               **fields)
        assert refused.status == 401
    assert Browser(world.collector).sign_in(f"y{name}").status == 200


def test_who_guesses_waits_and_forges_no_other_address(world):
    """Nobody of that login ever signed in from here, so that each guess counts."""
    stranger = Somebody(world, "x", "nothing")
    said = [stranger.ask("POST", "/v1/session", {"login": "nobodys", "password": f"{n:012}"},
                         X_Forwarded_For=f"203.0.113.{n}", Forwarded=f"for=203.0.113.{n}")
            for n in range(7)]
    assert [answer.status for answer in said] == [401] * 5 + [429] * 2
    assert int(said[-1].headers["retry-after"]) > 0


def test_a_proxys_word_from_anybody_signs_nobody_in(world):
    for field in ("X_Remote_User", "Remote_User", "X_Forwarded_User", "X_Auth_Request_User"):
        assert status(world, "POST", "/v1/session/proxy", **{field: "yadmin"}) == 401
        assert status(world, "GET", "/v1/session", **{field: "yadmin"}) == 401


def work_ns(pid):
    """Processor time of all threads of a process, which other work on the machine does not lengthen."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total


def sign_in_work(world, login):
    pid = world.collector.process.pid
    before = work_ns(pid)
    answer = Somebody(world, "x", "nothing").ask(
        "POST", "/v1/session", {"login": login, "password": "w" * 12})
    after = work_ns(pid)
    assert answer.status == 401
    with world.store() as store:
        store.execute("DELETE FROM sign_in_failure")
    return after - before


def test_a_login_that_is_not_there_takes_as_long_as_a_wrong_password(world):
    """By turns, so that what the collector does besides hits both."""
    known, unknown = [], []
    for number in range(15):
        known.append(sign_in_work(world, "yadmin" if number % 2 else "yviewer"))
        unknown.append(sign_in_work(world, f"nobody{number}"))
    ratio = statistics.median(unknown) / statistics.median(known)
    print(f"security: an unknown login takes {ratio:.2f} times as long as a wrong password")
    assert 0.7 <= ratio <= 1.4


def test_a_password_that_is_right_is_nowhere_but_in_the_sign_in(world, ada):
    """Neither the password nor its hash is in what is told of an account."""
    told = ada.ask("GET", "/v1/people?limit=500").body + ada.ask("GET", "/v1/audit?limit=500").body
    assert PASSWORD.encode() not in told and b"argon2" not in told
    assert people.COOKIE.encode() not in told
