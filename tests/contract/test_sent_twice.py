# SPDX-License-Identifier: Apache-2.0
"""A request that makes something and is sent again with its Idempotency-Key makes nothing more."""
import concurrent.futures
import json
import signal

import openapi
import people
import pytest
import waivers
from harness import LEA, SITE, SITE_NO_WINDOW

PERSON = {"login": "rosa", "name": "Rosa Diaz", "grants": [people.grant("viewer", "site", SITE)]}
TOKEN = {"name": "nightly", "role": "viewer", "scope": "site", "code": SITE, "days": 30}
FILE = "login,name,role,scope,code\nrosa,Rosa Diaz,viewer,site," + SITE + "\n"

# path, body, the list that counts what was made, and the member that is shown once
MAKES = [
    ("/v1/people", PERSON, ("/v1/people", "people"), "invitation"),
    ("/v1/tokens", TOKEN, ("/v1/tokens", "tokens"), "token"),
    ("/v1/enrollment-keys", {"site": SITE}, ("/v1/enrollment-keys", "enrollment_keys"), "key"),
    ("/v1/waivers", waivers.body(), ("/v1/waivers", "waivers"), None),
]


def send(collector, path, body, key, token=None, **fields):
    if isinstance(body, str):
        fields["Content_Type"] = "text/csv"
        answer = collector.request("POST", path, body, token or collector.token,
                                   Idempotency_Key=key, **fields)
    else:
        answer = collector.post(path, body, token or collector.token, Idempotency_Key=key, **fields)
    openapi.check("POST", path, answer)
    return answer


def count(collector, where):
    return len(collector.get(where[0]).json[where[1]])


@pytest.mark.parametrize("path, body, where, secret", MAKES)
def test_the_same_again_is_answered_as_before_and_made_once(collector, path, body, where, secret):
    before = count(collector, where)
    first = send(collector, path, body, "!a-key~")
    again = send(collector, path, body, "!a-key~")
    assert (first.status, again.status) == (200, 200), (first.body, again.body)
    assert count(collector, where) == before + 1
    once, twice = first.json, again.json
    if secret:
        shown = once.pop(secret)
        assert twice.pop("not_repeated") == secret
        assert (shown if secret != "invitation" else shown["code"]) not in again.body.decode()
    once.pop("as_of"), twice.pop("as_of")
    assert once == twice
    assert again.headers["cache-control"] == "no-store"


def test_something_else_with_the_key_is_refused_and_changes_nothing(collector):
    assert send(collector, "/v1/tokens", TOKEN, "k").status == 200
    other = send(collector, "/v1/tokens", dict(TOKEN, name="weekly"), "k")
    assert (other.status, other.json["type"]) == (422, "urn:testready:problem:idempotency-mismatch")
    assert count(collector, ("/v1/tokens", "tokens")) == 1
    # The key is the route's: elsewhere it is another one.
    assert send(collector, "/v1/enrollment-keys", {"site": SITE}, "k").status == 200


def test_an_invitation_of_somebody_else_is_something_else(collector):
    ids = [send(collector, "/v1/people", dict(PERSON, login=login), login).json["id"]
           for login in ("rosa", "omar")]
    assert send(collector, f"/v1/people/{ids[0]}/invitation", None, "k").status == 200
    again = send(collector, f"/v1/people/{ids[0]}/invitation", None, "k")
    assert again.json["not_repeated"] == "invitation"
    assert send(collector, f"/v1/people/{ids[1]}/invitation", None, "k").status == 422


def test_keys_of_others_are_other_keys(collector):
    tokens = [send(collector, "/v1/tokens", dict(TOKEN, role="lea_coordinator", scope="lea", code=LEA["code"]),
                   f"{i}").json["token"] for i in range(2)]
    made = [send(collector, "/v1/enrollment-keys", {"site": SITE}, "k", token) for token in tokens]
    assert [answer.status for answer in made] == [200, 200], made[0].body
    assert made[0].json["id"] != made[1].json["id"]


def test_a_person_is_the_same_after_signing_in_again(collector):
    admin = people.set_up(collector)
    first = admin.ask("POST", "/v1/tokens", TOKEN, Idempotency_Key="k")
    assert admin.sign_in("ada").status == 200
    again = admin.ask("POST", "/v1/tokens", TOKEN, Idempotency_Key="k")
    assert again.json["id"] == first.json["id"] and again.json["not_repeated"] == "token"


def test_what_was_refused_is_not_remembered(collector):
    nobody = dict(TOKEN, code="nothing")
    assert send(collector, "/v1/tokens", nobody, "k").status == 400
    assert send(collector, "/v1/tokens", TOKEN, "k").status == 200


def test_a_file_of_people_is_loaded_once_and_its_invitations_are_told_once(collector):
    path = "/v1/people/import"
    looked = send(collector, path + "?validate=true", FILE, "k")
    assert looked.json["is_loaded"] is False and "not_repeated" not in looked.json
    first, again = send(collector, path, FILE, "k"), send(collector, path, FILE, "k")
    assert (first.status, again.status) == (200, 200), again.body
    code = first.json["people"][0]["invitation"]
    assert code.startswith("tri_") and code not in again.body.decode()
    assert again.json["not_repeated"] == "invitation" and again.json["made"] == 1
    # The same file without the key, or with another, finds that there is nothing to do.
    assert send(collector, path, FILE, "other").json["unchanged"] == 1


@pytest.mark.parametrize("key, status", [
    ("x", 200), ("x" * 64, 200), ("x" * 65, 400), ("", 400), ("a b", 400), ("\xe9", 400),
])
def test_a_key_is_1_to_64_visible_characters(collector, key, status):
    answer = send(collector, "/v1/enrollment-keys", {"site": SITE}, key)
    assert answer.status == status, answer.body
    if status == 400:
        assert "Idempotency-Key" in answer.json["detail"]


def test_at_the_same_time_it_is_made_once(collector):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: send(collector, "/v1/waivers", waivers.body(), "k"), range(16)))
    assert {answer.status for answer in made} == {200}
    assert len({answer.json["id"] for answer in made}) == 1
    assert count(collector, ("/v1/waivers", "waivers")) == 1


def test_only_one_who_asks_at_the_same_time_gets_the_secret(collector):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: send(collector, "/v1/tokens", TOKEN, "k"), range(16)))
    assert sum("token" in answer.json for answer in made) == 1
    assert count(collector, ("/v1/tokens", "tokens")) == 1


def test_it_is_made_once_although_the_collector_was_killed(collector):
    before = count(collector, ("/v1/audit", "entries"))
    first = send(collector, "/v1/enrollment-keys", {"site": SITE_NO_WINDOW}, "k").json
    collector.stop(signal.SIGKILL)
    collector.start()
    again = send(collector, "/v1/enrollment-keys", {"site": SITE_NO_WINDOW}, "k").json
    assert again["id"] == first["id"] and json.dumps(again).find(first["key"]) < 0
    assert count(collector, ("/v1/audit", "entries")) == before + 1
