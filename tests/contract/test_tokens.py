# SPDX-License-Identifier: Apache-2.0
"""API tokens: made, shown once, good for what they say and no longer than they say."""
import json
import pathlib

import harness
import openapi
import pytest
from harness import SITE, SITE_INVENTORY
from people import accept, grant, set_up

DISTRICT = harness.LEA["code"]
NOBODY = "0" * 32


def wanted(**changes):
    body = {"name": "nightly export", "role": "viewer", "scope": "site", "code": SITE, "days": 30}
    body.update(changes)
    return {key: value for key, value in body.items() if value is not ...}


def post(collector, body, key=None):
    answer = collector.post("/v1/tokens", body, key or collector.token)
    openapi.check("POST", "/v1/tokens", answer)
    return answer


def make(collector, **changes):
    answer = post(collector, wanted(**changes))
    assert answer.status == 200, answer.body
    return answer.json


def revoke(collector, token_id, key=None):
    answer = collector.request("DELETE", f"/v1/tokens/{token_id}", key=key or collector.token)
    openapi.check("DELETE", f"/v1/tokens/{token_id}", answer)
    return answer


def listed(collector, query="", key=None):
    answer = collector.request("GET", "/v1/tokens" + query, key=key or collector.token)
    openapi.check("GET", "/v1/tokens", answer)
    assert answer.status == 200, answer.body
    return answer.json


def test_a_token_is_good_for_its_site_until_it_is_revoked(collector):
    made = make(collector)
    key = made.pop("token")
    assert (made["state"], made["owner"], made["created_by"]) == ("good", None, "the admin token")
    assert collector.request("GET", f"/v1/sites/{SITE}", key=key).status == 200
    assert collector.request("GET", f"/v1/sites/{SITE_INVENTORY}", key=key).status == 404
    assert collector.request("GET", "/v1/tokens", key=key).status == 403
    assert collector.post("/v1/tokens", wanted(), key).status == 403

    gone = revoke(collector, made["id"])
    assert gone.json["state"] == "revoked" and gone.json["revoked_by"] == "the admin token"
    assert collector.request("GET", f"/v1/sites/{SITE}", key=key).status == 401
    assert revoke(collector, made["id"]).status == 409
    assert revoke(collector, NOBODY).status == 404
    assert revoke(collector, "x").status == 404
    assert listed(collector)["tokens"] == []
    assert [row["id"] for row in listed(collector, "?state=all")["tokens"]] == [made["id"]]


def test_a_token_is_nowhere_but_in_the_answer_that_made_it(collector):
    key = make(collector)["token"]
    assert key not in json.dumps(listed(collector))
    assert key not in collector.log()
    for path in pathlib.Path(collector.folder).glob("*.db*"):
        assert key.encode() not in path.read_bytes()


def test_that_a_token_was_used_is_told(collector):
    made = make(collector)
    assert listed(collector)["tokens"][0]["used_at"] is None
    assert collector.request("GET", f"/v1/sites/{SITE}", key=made["token"]).status == 200
    harness.wait_until(lambda: listed(collector)["tokens"][0]["used_at"])


def test_a_coordinator_gives_tokens_no_more_than_they_have(collector):
    admin = set_up(collector)
    _, code = admin.add("rosa", [grant("lea_coordinator", "lea", DISTRICT)])
    rosa = accept(collector, code, "rosa")

    def status(body):
        return rosa.ask("POST", "/v1/tokens", body).status

    assert status(wanted()) == 200
    assert status(wanted(role="lea_coordinator", scope="lea", code=DISTRICT)) == 200
    refused = rosa.ask("POST", "/v1/tokens", wanted(role="admin", scope="state", code=...))
    assert refused.status == 403 and "above your own roles" in refused.json["detail"]
    assert status(wanted(role="viewer", scope="state", code=...)) == 403
    assert status(wanted(code="99")) == 403
    everybodys = make(collector, scope="state", code=...)
    seen = rosa.get("/v1/tokens").json["tokens"]
    assert everybodys["id"] not in [row["id"] for row in seen]
    assert rosa.ask("DELETE", f"/v1/tokens/{everybodys['id']}").status == 404


@pytest.mark.parametrize("changes, pointer, says", [
    ({"name": ""}, "/name", "empty"), ({"name": "x" * 101}, "/name", "100"),
    ({"name": ...}, "/name", "which program"), ({"role": "boss"}, "/role", "boss"),
    ({"role": ...}, "/role", "role"), ({"scope": "county"}, "/scope", "county"),
    ({"scope": "state"}, "/code", "no code"), ({"code": ...}, "/code", "code of the LEA"),
    ({"code": "x" * 33}, "/code", "32"), ({"code": "nothing"}, None, "nothing"),
    ({"days": 0}, "/days", "1"), ({"days": 367}, "/days", "366"), ({"days": "1"}, "/days", "string"),
    ({"days": ...}, "/days", "days"), ({"scope": "lea"}, None, SITE),
    ({"role": "site_coordinator", "scope": "state", "code": ...}, None, "site_coordinator"),
    ({"admin": True}, "", "admin"),
])
def test_what_a_token_cannot_be_is_refused_with_its_place(collector, changes, pointer, says):
    answer = post(collector, wanted(**changes))
    assert answer.status == 400, answer.body
    assert answer.json.get("pointer") == pointer and says in answer.json["detail"]


def test_the_longest_and_the_shortest_token_are_made(collector):
    assert make(collector, days=1, name="x")["name"] == "x"
    assert make(collector, days=366, name="x" * 100)["name"] == "x" * 100


def test_lists_of_tokens_go_on_where_they_ended(collector):
    names = [make(collector, name=f"program {i}")["name"] for i in range(5)]
    page, seen = listed(collector, "?limit=2"), []
    while True:
        seen += [row["name"] for row in page["tokens"]]
        if not page["next_cursor"]:
            break
        page = listed(collector, "?limit=2&cursor=" + page["next_cursor"])
    assert seen == names
    assert collector.get("/v1/tokens?state=revoked").status == 400
    assert collector.get("/v1/tokens?cursor=zz").status == 400


def test_a_body_is_refused_above_its_limit_only(collector):
    body = json.dumps(wanted())
    longest = body + " " * (4096 - len(body))
    assert collector.post("/v1/tokens", longest, collector.token).status == 200
    assert collector.post("/v1/tokens", longest + " ", collector.token).status == 413
