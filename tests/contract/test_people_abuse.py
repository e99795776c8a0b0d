# SPDX-License-Identifier: Apache-2.0
"""What people who may something could try in order to keep it, or to get more of it."""
import http.client
import json
import socket

import pytest
from harness import LEA, SITE
from people import COOKIE, PASSWORD, Browser, accept, grant, set_up

ENDED = "nothing was changed"


@pytest.fixture
def admin(collector):
    return set_up(collector)


@pytest.fixture
def coordinator(collector, admin):
    person, code = admin.add("lea", [grant("lea_coordinator", "lea", LEA["code"])])
    browser = accept(collector, code, "lea")
    browser.person = person
    return browser


class Held:
    """A request whose header the collector has let in, and whose body it waits for."""

    def __init__(self, collector, method, path, body, **fields):
        self.body = json.dumps(body).encode()
        host, _, port = collector.address.rpartition(":")
        self.connection = socket.create_connection((host, int(port)), timeout=30)
        fields = {"Host": collector.address, "Content-Type": "application/json",
                  "Content-Length": len(self.body), "Expect": "100-continue", **fields}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.connection.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
        said = b""
        while b"\r\n\r\n" not in said:
            said += self.connection.recv(1)
        assert said.startswith(b"HTTP/1.1 100 "), said

    def finish(self):
        self.connection.sendall(self.body)
        answer = http.client.HTTPResponse(self.connection)
        answer.begin()
        said = json.loads(answer.read())
        self.connection.close()
        return answer.status, said


def hold(browser, method, path, body):
    return Held(browser.collector, method, path, body,
                **{"Cookie": f"{COOKIE}={browser.cookie}", "X-CSRF-Token": browser.csrf})


def new_person(login):
    return {"login": login, "name": "Later", "grants": [grant("viewer", "site", SITE)]}


def logins(admin):
    return [person["login"] for person in admin.get("/v1/people").json["people"]]


def token_of(browser, role, scope, code=None):
    made = browser.ask("POST", "/v1/tokens", {"name": "t", "role": role, "scope": scope,
                                              "code": code, "days": 1})
    assert made.status == 200, made.body
    return made.json


def test_who_is_disabled_while_their_request_is_on_its_way_changes_nothing(admin, coordinator):
    held = hold(coordinator, "POST", "/v1/people", new_person("later"))
    assert admin.change(coordinator.person, is_disabled=True).status == 200
    status, said = held.finish()
    assert status == 401 and ENDED in said["detail"], said
    assert logins(admin) == ["ada", "lea"]


def test_roles_that_were_taken_meanwhile_are_not_those_of_a_request_on_its_way(admin, coordinator):
    held = hold(coordinator, "POST", "/v1/people", new_person("later"))
    assert admin.change(coordinator.person,
                        grants=[grant("viewer", "lea", LEA["code"])]).status == 200
    assert held.finish()[0] == 403
    assert logins(admin) == ["ada", "lea"]


def test_a_token_that_is_revoked_meanwhile_changes_nothing(collector, admin):
    token = token_of(admin, "lea_coordinator", "lea", LEA["code"])
    held = Held(collector, "POST", "/v1/people", new_person("later"),
                Authorization=f"Bearer {token['token']}")
    assert admin.ask("DELETE", f"/v1/tokens/{token['id']}").status == 200
    status, said = held.finish()
    assert status == 401 and ENDED in said["detail"], said
    assert logins(admin) == ["ada"]


def test_a_token_that_is_nobodys_makes_no_other_either(collector):
    bare = Browser(collector)
    made = bare.ask("POST", "/v1/tokens", {"name": "t", "role": "admin", "scope": "state",
                                           "code": None, "days": 1},
                    Authorization=f"Bearer {collector.token}")
    assert made.status == 200, made.body
    again = bare.ask("POST", "/v1/tokens", {"name": "longer", "role": "admin", "scope": "state",
                                            "code": None, "days": 365},
                     Authorization=f"Bearer {made.json['token']}")
    assert again.status == 403 and "makes no tokens" in again.json["detail"]


def test_nobody_gets_past_their_own_password_by_inviting_themselves(admin, coordinator):
    me = f"/v1/people/{coordinator.person['id']}/invitation"
    token = token_of(coordinator, "lea_coordinator", "lea", LEA["code"])["token"]
    by_token = Browser(coordinator.collector).ask("POST", me, Authorization=f"Bearer {token}")
    for answer in (coordinator.ask("POST", me), by_token):
        assert answer.status == 403 and "own account" in answer.json["detail"], answer.body
    assert admin.ask("POST", me).status == 200


def test_a_link_is_over_once_its_account_may_more_than_when_it_was_made(collector, admin,
                                                                        coordinator):
    person, link = coordinator.add("rosa", [grant("viewer", "site", SITE)])
    assert admin.change(person, grants=[grant("admin", "state")]).status == 200
    used = Browser(collector).ask("POST", "/v1/invitation", {"code": link, "password": PASSWORD})
    assert used.status == 403, used.body


def test_a_link_stays_good_where_its_account_may_as_much_or_less(collector, admin, coordinator):
    person, link = coordinator.add("rosa", [grant("viewer", "site", SITE),
                                            grant("viewer", "lea", LEA["code"])])
    assert admin.change(person, name="Rosa", grants=[grant("viewer", "site", SITE)]).status == 200
    used = Browser(collector).ask("POST", "/v1/invitation", {"code": link, "password": PASSWORD})
    assert used.status == 200, used.body


def test_a_collector_that_dies_leaves_no_core_with_passwords_in_it(collector):
    with open(f"/proc/{collector.process.pid}/limits", encoding="ascii") as file:
        core = next(line for line in file if line.startswith("Max core file size"))
    assert core.split()[4] == "0", core
