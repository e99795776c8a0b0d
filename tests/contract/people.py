# SPDX-License-Identifier: Apache-2.0
"""People with accounts, for tests: whoever makes the first one, invites others and signs in.

    admin = set_up(collector)
    person, code = admin.add("rosa", grants=[grant("viewer", "site", SITE)])
    rosa = accept(collector, code, "rosa")
    rosa.get("/v1/sites")
"""
import harness
import openapi

PASSWORD = "correct horse battery"
COOKIE = "__Host-testready"


def grant(role, scope, code=None):
    return {"role": role, "scope": scope, "code": code}


def setup_code(collector):
    """What `serve` printed behind its address: it is there before the address is told."""
    line = collector.process.stdout.readline()
    assert line.startswith("no account yet"), line
    return line.split()[-1]


class Browser:
    """A browser: it keeps the cookie, and sends what the pages send."""

    def __init__(self, collector):
        self.collector = collector
        self.cookie = ""
        self.csrf = ""

    def ask(self, method, path, body=None, **fields):
        if self.cookie:
            fields.setdefault("Cookie", f"{COOKIE}={self.cookie}")
        if self.csrf and method != "GET":
            fields.setdefault("X_CSRF_Token", self.csrf)
        if body is not None:
            fields.setdefault("Content_Type", "application/json")
            body = harness.json.dumps(body)
        answer = self.collector.request(method, path, body, **{k: v for k, v in fields.items() if v})
        openapi.check(method, path, answer)
        return answer

    def get(self, path, **fields):
        return self.ask("GET", path, **fields)

    def sign_in(self, login, password=PASSWORD, **said):
        answer = self.ask("POST", "/v1/session", {"login": login, "password": password, **said})
        if answer.status == 200:
            name, _, rest = answer.headers["set-cookie"].partition("=")
            assert name == COOKIE
            self.cookie, _, self.attributes = rest.partition("; ")
            self.csrf = answer.json["csrf_token"]
        return answer

    def add(self, login, grants, name="A Person"):
        answer = self.ask("POST", "/v1/people", {"login": login, "name": name, "grants": grants})
        assert answer.status == 200, answer.body
        return answer.json, answer.json["invitation"]["code"]

    def change(self, person, version=None, **changes):
        return self.ask("PATCH", f"/v1/people/{person['id']}", changes,
                        If_Match=f'"{version or person["version"]}"')


def set_up(collector, login="ada"):
    """The first admin, signed in."""
    browser = Browser(collector)
    answer = browser.ask("POST", "/v1/setup", {"code": setup_code(collector), "login": login,
                                               "name": "Ada Kim", "password": PASSWORD})
    assert answer.status == 200, answer.body
    assert browser.sign_in(login).status == 200
    return browser


def accept(collector, code, login, password=PASSWORD):
    """Whoever has an invitation, signed in with the password that they chose."""
    browser = Browser(collector)
    answer = browser.ask("POST", "/v1/invitation", {"code": code, "password": password})
    assert (answer.status, answer.json.get("login")) == (200, login), answer.body
    assert browser.sign_in(login, password).status == 200
    return browser
