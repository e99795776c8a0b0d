# SPDX-License-Identifier: Apache-2.0
"""Somebody whom a trusted proxy names is signed in; whoever else names somebody is not heard."""
import contextlib

import openapi
import pytest
from harness import SITE

FIELD = "X-Remote-User"
BEHIND = ("--trusted-proxy", "127.0.0.1", "--login-header", FIELD)


@pytest.fixture
def behind(new_collector):
    collector = new_collector(arguments=BEHIND)
    collector.command("person", "add", "rosa", "--name", "Rosa", "--role", "viewer", "--site", SITE)
    return collector.start()


def sign_in(collector, login, **fields):
    answer = collector.request("POST", "/v1/session/proxy", X_Remote_User=login, **fields)
    openapi.check("POST", "/v1/session/proxy", answer)
    return answer


def cookie(answer):
    return answer.headers["set-cookie"].split(";")[0]


def test_whom_the_proxy_names_is_signed_in_without_a_password(behind):
    answer = sign_in(behind, "Rosa")
    assert answer.status == 200, answer.body
    session = behind.request("GET", "/v1/session", Cookie=cookie(answer)).json
    assert session["who"] == "Rosa (rosa)"
    ended = behind.request("DELETE", "/v1/session", Cookie=cookie(answer),
                           X_CSRF_Token=answer.json["csrf_token"])
    assert ended.status == 200


def test_a_change_in_that_session_needs_its_token_as_any_other(behind):
    answer = sign_in(behind, "rosa")
    assert behind.request("DELETE", "/v1/session", Cookie=cookie(answer)).status == 403


def test_who_has_no_account_is_told_so_and_gets_none(behind):
    answer = sign_in(behind, "ada")
    assert answer.status == 403
    assert "'ada'" in answer.json["detail"] and "no account" in answer.json["detail"]
    assert '"ada"' not in behind.command("person", "list", "--json")
    assert sign_in(behind, "").status == 403


def test_a_disabled_account_stays_out(behind):
    behind.command("person", "disable", "rosa")
    answer = sign_in(behind, "rosa")
    assert answer.status == 403 and "disabled" in answer.json["detail"]
    assert "set-cookie" not in answer.headers


def test_without_the_field_nobody_is_signed_in(behind):
    assert behind.request("POST", "/v1/session/proxy").status == 401


def test_another_site_signs_nobody_in(behind):
    assert sign_in(behind, "rosa", Origin="https://elsewhere.example.org").status == 403


def test_two_logins_are_none(behind):
    with contextlib.closing(behind.connect()) as connection:
        connection.putrequest("POST", "/v1/session/proxy")
        for login in ("rosa", "ada"):
            connection.putheader(FIELD, login)
        connection.endheaders()
        assert connection.getresponse().status == 400


def test_the_page_is_told_which_ways_there_are(behind):
    assert behind.request("GET", "/v1/session/ways").json["proxy"] is False
    ways = behind.request("GET", "/v1/session/ways", X_Remote_User="rosa")
    openapi.check("GET", "/v1/session/ways", ways)
    assert ways.json == {"password": True, "oidc": False, "proxy": True}


def test_from_anywhere_else_the_field_is_ignored_and_that_is_logged(new_collector):
    collector = new_collector(arguments=("--trusted-proxy", "192.0.2.1", "--login-header", FIELD))
    collector.command("person", "add", "rosa", "--name", "Rosa", "--role", "viewer", "--site", SITE)
    collector.start()
    assert sign_in(collector, "rosa").status == 401
    assert sign_in(collector, "rosa", X_Forwarded_For="192.0.2.1").status == 401
    assert f"the field {FIELD} of 127.0.0.1 was ignored" in collector.log()
    assert "rosa" not in collector.log()


@pytest.mark.parametrize("words, why", [
    (("--login-header", FIELD), "--trusted-proxy"),
    (("--login-header", "Cookie", *BEHIND[:2]), "no name for it"),
    (("--login-header", "X-", *BEHIND[:2]), "no name for it"),
    (("--login-header", "X_Remote_User", *BEHIND[:2]), "no name for it"),
    (("--login-header", "X-Forwarded-For", *BEHIND[:2]), "something else"),
    (("--login-header", "X-" + "a" * 63, *BEHIND[:2]), "no name for it"),
])
def test_a_field_that_cannot_be_it_is_refused_at_the_start(new_collector, words, why):
    collector = new_collector()
    done = collector.run("serve", "--store", collector.store, "--listen", "127.0.0.1:0",
                         "--admin-token-file", collector.token_file, *words, check=False)
    assert done.returncode != 0 and why in done.stderr
