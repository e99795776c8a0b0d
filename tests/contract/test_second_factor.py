# SPDX-License-Identifier: Apache-2.0
"""Signing in with a second factor: set up, asked for, lost, taken away; and guessing."""
import base64
import contextlib
import hashlib
import hmac
import os
import sqlite3
import time

import pytest
from harness import SITE
from people import PASSWORD, Browser, accept, grant, set_up

FACTOR = "/v1/session/second-factor"


def code_of(secret, steps=0):
    """What a phone shows (RFC 6238), or showed or will show, a step being 30 seconds."""
    counter = (int(time.time()) // 30 + steps).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff) % 10**6:06}"


@pytest.fixture
def admin(collector):
    return set_up(collector)


def turn_on(browser):
    """
    The secret and the recovery codes. That of the next step is left to sign in with, and good now;
    one of the step before would be too old where a step ends in the middle of the test.
    """
    begun = browser.ask("POST", FACTOR, {"password": PASSWORD})
    assert begun.status == 200, begun.body
    secret = begun.json["secret"]
    assert f"secret={secret}&" in begun.json["uri"]
    done = browser.ask("PUT", FACTOR, {"code": code_of(secret)})
    assert done.status == 200, done.body
    return secret, done.json["recovery_codes"]


def test_once_it_is_on_a_code_lets_in_and_only_once(collector, admin):
    assert not admin.get("/v1/session").json["account"]["has_second_factor"]
    secret, _ = turn_on(admin)
    assert admin.get("/v1/session").json["account"]["has_second_factor"]
    assert admin.ask("POST", FACTOR, {"password": PASSWORD}).status == 409
    other = Browser(collector)
    assert other.sign_in("ada").json["type"].endswith(":second-factor-needed")
    code = code_of(secret, 1)
    assert other.sign_in("ada", code=f"{code[:3]} {code[3:]}").status == 200
    again = Browser(collector).sign_in("ada", code=code)
    assert again.status == 401 and "used before" in again.json["detail"]
    assert Browser(collector).sign_in("ada", "wrong" * 4, code=code_of(secret, 1)).status == 401


def test_a_recovery_code_lets_in_once(collector, admin):
    _, codes = turn_on(admin)
    assert len(set(codes)) == 10
    assert Browser(collector).sign_in("ada", code=codes[3].upper()).status == 200
    assert Browser(collector).sign_in("ada", code=codes[3]).status == 401
    assert Browser(collector).sign_in("ada", code=codes[4].replace("-", "")).status == 200


def test_neither_secret_nor_codes_are_in_the_store_and_its_key_is_beside_it(collector, admin):
    secret, codes = turn_on(admin)
    key = os.stat(collector.store + ".key")
    assert (key.st_mode & 0o777, key.st_size) == (0o600, 32)
    for name in os.listdir(collector.folder):
        with open(os.path.join(collector.folder, name), "rb") as file:
            content = file.read()
        for plain in (secret.encode(), base64.b32decode(secret), *map(str.encode, codes)):
            assert plain not in content, name


def test_a_session_that_was_left_open_begins_none(collector, admin):
    """Whoever finds it open could else keep its owner out with a phone of their own."""
    refused = admin.ask("POST", FACTOR, {"password": "wrong" * 4})
    assert (refused.status, refused.json["pointer"]) == (403, "/password")
    for body in ({}, {"password": 1}, {"password": PASSWORD, "code": "1"}):
        assert admin.ask("POST", FACTOR, body).status == 400, body
    assert admin.ask("PUT", FACTOR, {"code": "123456"}).status == 404
    # Guesses count like those of who signs in.
    with contextlib.closing(sqlite3.connect(collector.store)) as db:
        count = "SELECT failures FROM sign_in_failure WHERE kind = 'account'"
        assert db.execute(count).fetchall() == [(1,)]


def test_it_is_taken_away_with_the_password_and_nothing_else(collector, admin):
    turn_on(admin)
    refused = admin.ask("DELETE", FACTOR, {"password": "wrong" * 4})
    assert (refused.status, refused.json["pointer"]) == (403, "/password")
    assert admin.ask("DELETE", FACTOR, {"password": PASSWORD, "code": "1"}).status == 400
    assert admin.ask("DELETE", FACTOR, {"password": PASSWORD}).status == 200
    assert admin.ask("DELETE", FACTOR, {"password": PASSWORD}).status == 404
    assert Browser(collector).sign_in("ada").status == 200


@pytest.mark.parametrize("body, status", [
    ({"code": "12345"}, 400), ({"code": "abcdef"}, 400), ({"code": 123456}, 400), ({}, 400),
    ({"code": "1" * 65}, 400), ({"code": "000000", "on": True}, 400),
])
def test_what_is_no_code_turns_nothing_on(admin, body, status):
    assert admin.ask("PUT", FACTOR, {"code": "123456"}).status == 404
    assert admin.ask("POST", FACTOR, {"password": PASSWORD}).status == 200
    assert admin.ask("PUT", FACTOR, body).status == status
    assert not admin.get("/v1/session").json["account"]["has_second_factor"]


def test_a_token_sets_up_nothing(collector, admin):
    made = admin.ask("POST", "/v1/tokens", {"name": "x", "role": "admin", "scope": "state",
                                            "days": 1})
    assert made.json["owner"] == "ada" and made.json["created_by"] == "Ada Kim (ada)"
    for method in ("POST", "PUT", "DELETE"):
        for key in (made.json["token"], collector.token):
            answer = collector.request(method, FACTOR, "{}", key, Content_Type="application/json")
            assert answer.status == 403, (method, answer.body)
    assert collector.post("/v1/tokens", {}, made.json["token"]).status == 403


def test_a_token_ends_with_its_owner(collector, admin):
    person, code = admin.add("rosa", grants=[grant("lea_coordinator", "lea", "1964733")])
    rosa = accept(collector, code, "rosa")
    key = rosa.ask("POST", "/v1/tokens", {"name": "x", "role": "viewer", "scope": "site",
                                          "code": SITE, "days": 1}).json["token"]
    assert collector.request("GET", f"/v1/sites/{SITE}", key=key).status == 200
    version = admin.get(f"/v1/people/{person['id']}").json["version"]
    assert admin.change(person, version=version, is_disabled=True).status == 200
    assert collector.request("GET", f"/v1/sites/{SITE}", key=key).status == 401


def test_an_admin_takes_away_anothers(collector, admin):
    person, code = admin.add("rosa", grants=[grant("viewer", "site", SITE)])
    rosa = accept(collector, code, "rosa")
    path = f"/v1/people/{person['id']}/second-factor"
    assert admin.ask("DELETE", path).status == 404
    turn_on(rosa)
    assert rosa.ask("DELETE", path).status == 403
    assert Browser(collector).sign_in("rosa").status == 401
    assert admin.ask("DELETE", path).status == 200
    assert Browser(collector).sign_in("rosa").status == 200
    assert admin.ask("DELETE", "/v1/people/x/second-factor").status == 404


def test_a_lost_key_is_told_to_everybody_whom_it_concerns(collector, admin):
    """No other is made in its place: those sealed with it would be lost for good."""
    secret, codes = turn_on(admin)
    os.rename(collector.store + ".key", collector.store + ".away")
    collector.stop()
    collector.start()
    assert f"{collector.store}.key is not there" in collector.log()
    assert "person second-factor" in collector.log() and "ada" not in collector.log()
    other = Browser(collector)
    refused = other.sign_in("ada", code=code_of(secret))
    assert refused.status == 401 and "recovery codes" in refused.json["detail"]
    assert other.sign_in("ada", code=codes[0]).status == 200
    _, code = other.add("rosa", grants=[grant("viewer", "site", SITE)])
    rosa = accept(collector, code, "rosa")
    assert rosa.ask("POST", FACTOR, {"password": PASSWORD}).status == 409
    assert not os.path.exists(collector.store + ".key")
    told = collector.run("person", "second-factor", "--store", collector.store, check=False)
    assert told.returncode == 1 and told.stdout.startswith("ada\n\nThe second factors of these 1")
    os.rename(collector.store + ".away", collector.store + ".key")
    assert Browser(collector).sign_in("ada", code=code_of(secret, 1)).status == 200
    assert "can be checked" in collector.command("person", "second-factor")
    os.unlink(collector.store + ".key")
    assert "taken away" in collector.command("person", "second-factor", "--take-away-lost")
    assert Browser(collector).sign_in("ada").status == 200
    turn_on(rosa)
    assert "Taken away" in collector.command("person", "second-factor", "rosa", "--take-away")
    assert Browser(collector).sign_in("rosa").status == 200


def test_guessing_is_answered_with_when_to_come_back(collector, admin):
    del admin
    answers = [Browser(collector).sign_in("eve", "wrong" * 4) for _ in range(6)]
    assert [answer.status for answer in answers] == [401] * 5 + [429]
    assert 25 <= int(answers[-1].headers["retry-after"]) <= 30


def test_guesses_do_not_keep_out_who_signed_in_from_there(collector, admin):
    del admin
    for _ in range(8):
        assert Browser(collector).sign_in("ada", "wrong" * 4).status == 401
    assert Browser(collector).sign_in("ada").status == 200
