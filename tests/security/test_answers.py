# SPDX-License-Identifier: Apache-2.0
"""What is in answers besides what was asked for: fields for browsers, formulas, forged heads."""
import http.client
import json

import harness
import openapi
import pytest
from people import COOKIE
from world import CALCULATES, PLACES, SITES, Somebody, cells

FORMULAS = ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0",
            "\uff1d1", " =1"]


def reading_routes(world):
    document = world.collector.request("GET", "/v1/openapi.json").json
    ids = {"/v1/sites/": SITES["A1"], "/v1/leas/": PLACES["A"][1],
           "/v1/devices/": world.devices["A1"][0].id,
           "/v1/people/": world.accounts["viewer"], "/v1/profiles/": "example"}
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        for start, name in ids.items():
            if path.startswith(start):
                path = path.replace("{code}", name).replace("{id}", name)
        yield path.replace("{id}", next(m for k, _, m in world.marks if k == "conflict"))


def test_no_answer_with_data_is_kept_by_a_browser_or_a_proxy(world):
    staff, device = world.sign_in("admin"), world.devices["A1"][0]
    open_to_all = {"/healthz", "/readyz", "/v1/openapi.json",
                   *(f"/v1/{what}/template.csv" for what in ("people", "inventory", "sites", "rooms"))}
    for path in reading_routes(world):
        who = Somebody(world, "x", "key", key=device.key) if path == "/v1/profile" else staff
        answer = who.ask("GET", path)
        # No identity provider is set up here.
        assert answer.status == (404 if "/oidc" in path else 200), (path, answer.body)
        if path not in open_to_all:
            assert answer.headers["cache-control"] == "no-store", path
        again = who.ask("GET", path, If_None_Match=answer.headers.get("etag", '"none"'))
        if again.status == 304 and path not in open_to_all:
            assert again.headers["cache-control"] == "no-store", path


def test_what_is_refused_or_changed_is_not_kept_either(world):
    staff = world.sign_in("admin")
    for method, path in (("GET", "/v1/devices/" + "0" * 32), ("GET", "/v1/sites?limit=x"),
                         ("POST", "/v1/waivers"), ("DELETE", "/v1/tokens/" + "0" * 32)):
        answer = staff.ask(method, path, {} if method == "POST" else None)
        assert answer.status >= 400 and answer.headers["cache-control"] == "no-store", path
    assert Somebody(world, "x", "nothing").ask("GET", "/v1/sites").headers["cache-control"] \
        == "no-store"


def test_no_answer_is_framed_guessed_at_or_told_of_elsewhere(world):
    staff = world.sign_in("viewer")
    for path in ("/", "/sites/x", "/icon.svg", "/v1/overview", "/v1/devices.csv", "/v1/nothing",
                 "/healthz", "/v1/session"):
        headers = staff.ask("GET", path).headers
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy, path
        assert "unsafe" not in policy and "base-uri 'none'" in policy, path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "server" not in headers and "x-powered-by" not in headers, path


def test_no_cell_of_a_file_is_a_formula(world):
    """Whatever devices and people are called; a spreadsheet calculates what begins so."""
    site = SITES["B2"]
    for number, formula in enumerate(FORMULAS):
        device = world.collector.enroll(world.key_of("B2"), host_name=formula.strip() or "x",
                                        serial=formula.strip(), asset_tag=formula.strip(),
                                        model=formula.strip())
        device.report()
        world.made("/v1/waivers", {**world.waiver_body("B2", "x"), "reason": formula.strip(),
                                   "who": formula.strip()})
        world.made("/v1/people", {**world.person_body("B2", f"f{number}"), "name": formula.strip()})
        world.made("/v1/tokens", world.token_body("B2", formula.strip()))
    world.settle()
    seen = 0
    for path in ("/v1/audit.csv", "/v1/devices.csv", f"/v1/sites/{site}/devices.csv"):
        answer = world.root.ask("GET", path)
        assert answer.headers["content-disposition"].startswith("attachment")
        for cell in cells(answer):
            seen += any(formula.strip() in cell for formula in FORMULAS)
            assert cell[:1] not in CALCULATES, (path, cell)
    assert seen > 10


@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "evil.example:80",
                                  "", "a b", "x" * 300, "127.0.0.1\tevil"])
def test_a_host_that_somebody_made_up_is_in_no_answer(world, host):
    connection = world.collector.connect()
    for path in ("/v1/session", "/sites/1", "/v1/nothing"):
        connection.putrequest("GET", path, skip_host=True)
        connection.putheader("Host", host)
        connection.endheaders()
        answer = harness.Answer(connection.getresponse())
        everything = answer.body.decode() + json.dumps(answer.headers)
        assert "evil" not in everything and "x" * 300 not in everything
        if answer.headers.get("connection") == "close":
            connection.close()
            connection = world.collector.connect()
    connection.close()


def test_a_forwarded_head_from_anybody_changes_neither_network_nor_scheme(world):
    made = Somebody(world, "root", "token", key=world.collector.token)
    answer = made.ask("POST", "/v1/enrollment-keys", {"site": SITES["A1"]},
                      X_Forwarded_For="203.0.113.77", Forwarded="for=203.0.113.77;proto=https",
                      X_Forwarded_Proto="https", X_Forwarded_Host="evil.example",
                      X_Real_IP="203.0.113.77", X_Original_URL="/v1/people",
                      X_HTTP_Method_Override="DELETE")
    assert answer.status == 200 and "strict-transport-security" not in answer.headers
    newest = made.ask("GET", "/v1/audit?limit=1").json["entries"][0]
    assert (newest["act"], newest["network"]) == ("key_made", "127.0.0.1")


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/%2f%2fevil.example",
                                  "/?next=//evil.example", "/sign-in?return=https://evil.example",
                                  "/sites/..;/", "/%0d%0aLocation:%20//evil.example", "/sites//evil",
                                  "/?next=%0d%0aSet-Cookie:%20a=b"])
def test_no_address_leads_elsewhere(world, path):
    answer = Somebody(world, "x", "nothing").ask("GET", path)
    assert answer.status not in range(300, 400)
    assert not {"location", "refresh", "set-cookie"} & set(answer.headers)


# --- JSON ------------------------------------------------------------------------------

BODIES = {
    "/v1/people": lambda world: world.person_body("A1", "jsonperson"),
    "/v1/tokens": lambda world: world.token_body("A1", "jsontoken"),
    "/v1/waivers": lambda world: world.waiver_body("A1", "jsonwaiver"),
    "/v1/enrollment-keys": lambda world: {"site": SITES["A1"], "days": 3},
    "/v1/session": lambda world: {"login": "yadmin", "password": "w" * 12},
    "/v1/setup": lambda world: {"code": "tri_" + "A" * 43, "login": "eve", "name": "Eve",
                                "password": "w" * 12},
    "/v1/invitation": lambda world: {"code": "tri_" + "A" * 43, "password": "w" * 12},
}


def spoilt(good):
    """Each way in which two readers could take the same text for different things."""
    text = json.dumps(good)
    first = next(iter(good))
    yield "a name twice", text[:-1] + f', "{first}": {json.dumps(good[first])}}}'
    yield "an unknown name", json.dumps({**good, "is_admin": True})
    yield "__proto__", json.dumps({**good, "__proto__": {"role": "admin"}})
    yield "deep", json.dumps(good)[:-1] + ', "x": ' + "[" * 5000 + "]" * 5000 + "}"
    yield "huge", json.dumps({**good, first: 0}).replace(": 0", ": 1e999", 1)
    yield "long", json.dumps({**good, first: 0}).replace(": 0", ": " + "9" * 400, 1)
    yield "a list", json.dumps([good])
    yield "twice", text + text
    yield "not UTF-8", text.encode()[:-1] + b', "\xff": 1}'
    yield "a NUL", text.replace('"', '"\\u0000', 1)
    yield "a surrogate", json.dumps({**good, first: "\ud800"})
    yield "a comment", "/* x */" + text
    yield "nothing", ""
    yield "NaN", json.dumps({**good, first: float("nan")})
    yield "in another case", json.dumps({**good, first.upper(): good[first]})


@pytest.mark.parametrize("path", sorted(BODIES))
def test_json_that_can_be_read_in_two_ways_is_refused(world, path):
    good = BODIES[path](world)
    before = world.dump()
    for how, text in spoilt(good):
        body = text if isinstance(text, bytes) else text.encode()
        key = None if path in ("/v1/session", "/v1/setup", "/v1/invitation") else world.collector.token
        answer = world.collector.request("POST", path, body, key, Content_Type="application/json")
        openapi.check("POST", path, answer)
        assert answer.status in (400, 413), (how, answer.status, answer.body)
    assert world.dump() == before


def taking_json(world):
    """(method, path, a name that its body has) of every route that takes JSON, also the newest."""
    document = world.collector.request("GET", "/v1/openapi.json").json

    def names(schema):
        while "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].split("/")[-1]]
        parts = [schema, *schema.get("oneOf", []), *schema.get("anyOf", []), *schema.get("allOf", [])]
        return [name for part in parts
                for name in (part.get("properties") or (names(part) if "$ref" in part else ()))]

    for path, methods in document["paths"].items():
        for method, told in methods.items():
            body = told.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                path_to = path.replace("{code}", SITES["A1"]).replace("{id}", "0" * 32)
                yield method.upper(), path_to, names(body["schema"])[0]


def test_a_name_that_comes_twice_is_refused_by_every_route_that_takes_json(world):
    """Of two readers one would take the first and one the last."""
    staff, device = world.sign_in("admin"), world.devices["A1"][0].key
    keys = {"/v1/enroll": world.key_of("A1"), "/v1/reports": device, "/v1/heartbeats": device}
    routes = list(taking_json(world))
    assert len(routes) > 15
    for method, path, name in routes:
        who = Somebody(world, "x", "key", key=keys[path]) if path in keys else staff
        fields = {"Authorization": f"Bearer {who.key}"} if who.key else {
            "Cookie": f"{COOKIE}={who.cookie}", "X_CSRF_Token": who.csrf}
        body = f'{{"{name}": null, "{name}": null}}'.encode()
        answer = world.collector.request(method, path, body, Content_Type="application/json",
                                         If_Match=f'"{"0" * 16}"', **fields)
        assert answer.status == 400, (method, path, answer.body)
        assert "duplicate" in answer.json["detail"], (method, path, answer.body)


def test_a_number_that_is_too_large_for_a_column_is_refused(world):
    for days in (2**31, 2**63, -2**63 - 1, 1.5, 1e308, -1, True, "7"):
        for path, body in (("/v1/tokens", world.token_body("A1", "n")),
                           ("/v1/enrollment-keys", {"site": SITES["A1"]})):
            answer = world.root.ask("POST", path, {**body, "days": days})
            assert answer.status == 400, (path, days, answer.body)
    for limit in ("0", "-1", "501", "99999999999999999999", "1e2", "0x10", "+1", "%31%30%30%30"):
        assert world.root.ask("GET", f"/v1/sites?limit={limit}").status == 400, limit


def test_a_head_that_two_programs_could_read_differently_is_refused(world):
    """Two lengths, a length and chunks: what follows could be somebody else's request."""
    for lines in ("Content-Length: 2\r\nContent-Length: 3", "Content-Length: 2\r\n"
                  "Transfer-Encoding: chunked", "Transfer-Encoding: xchunked",
                  "Content-Length : 2", "Authorization: Bearer x\r\nAuthorization: Bearer y"):
        connection = world.collector.connect()
        connection.connect()
        connection.sock.sendall(f"POST /v1/session HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n{{}}".encode())
        response = http.client.HTTPResponse(connection.sock, method="POST")
        response.begin()
        assert response.status >= 400, lines
        connection.close()
