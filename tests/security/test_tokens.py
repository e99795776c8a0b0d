# SPDX-License-Identifier: Apache-2.0
"""Tokens and keys that are not good, and ids that somebody guessed."""
import itertools
import json
import string
import time

import pytest
from world import MISSING, PLACES, SITES, Somebody


def bearer(world, key):
    return Somebody(world, "x", "token", key=key)


def reads(world, key):
    return bearer(world, key).ask("GET", "/v1/sites").status


@pytest.fixture
def good(world):
    made = world.make("token", "A1")
    assert reads(world, made["token"]) == 200
    return made


def test_a_token_that_was_revoked_is_not_let_in(world, good):
    assert world.root.ask("DELETE", f"/v1/tokens/{good['id']}").status == 200
    assert reads(world, good["token"]) == 401


def test_a_token_that_is_over_is_not_let_in(world, good):
    with world.store() as store:
        store.execute("UPDATE api_token SET expires_ms = ? WHERE id = ?",
                      (int(time.time() * 1000), good["id"]))
    assert reads(world, good["token"]) == 401


def test_a_token_ends_when_its_owner_is_disabled_and_cannot_be_used_by_another(world):
    session = world.sign_in("tech_of_lea")
    token = world.token_of(session)
    assert token.ask("GET", "/v1/sites").status == 200
    account = world.accounts["tech_of_lea"]
    for is_disabled, status in ((True, 401), (False, 200)):
        shown = world.root.ask("GET", f"/v1/people/{account}").json
        changed = world.root.ask("PATCH", f"/v1/people/{account}", {"is_disabled": is_disabled},
                                 If_Match=f'"{shown["version"]}"')
        assert changed.status == 200, changed.body
        assert token.ask("GET", "/v1/sites").status == status
        assert session.ask("GET", "/v1/sites").status == 401
    with world.store() as store:
        store.execute("UPDATE account SET good_until = '2020-06-30' WHERE id = ?", (account,))
    assert token.ask("GET", "/v1/sites").status == 401


def test_a_token_with_one_byte_changed_is_nobodys(world, good):
    who = Somebody(world, "x", "token")
    alphabet = string.ascii_letters + string.digits + "-_"
    for at, letter in enumerate(good["token"]):
        other = alphabet[(alphabet.index(letter) + 1) % len(alphabet)]
        who.key = good["token"][:at] + other + good["token"][at + 1:]
        assert who.ask("GET", "/v1/sites").status == 401, at
    for key in (good["token"] + "A", good["token"][:-1], good["token"].lower(), "", "*",
                good["token"] + " x", "trt_", "trt_" + "%" * 43, good["token"][4:]):
        who.key = key
        assert who.ask("GET", "/v1/sites").status == 401, key


def test_a_key_is_good_for_its_own_purpose_alone(world, good):
    device, key = world.devices["A1"][0].key, world.key_of("A1")
    for prefix, secret in (("trt_", device), ("trt_", key), ("trd_", key), ("tre_", device),
                           ("trd_", good["token"]), ("tre_", good["token"])):
        who = bearer(world, prefix + secret[4:])
        assert who.ask("GET", "/v1/sites").status == 401
        assert who.ask("GET", "/v1/profile").status == 401
        assert who.ask("POST", "/v1/enroll", {}).status in (400, 401)
    with world.store() as store:
        hashes = [row[0] for row in store.execute("SELECT token_hash FROM api_token")]
    for stored in hashes[:5]:  # who has a copy of the store has no key to it
        assert reads(world, "trt_" + stored[:43]) == 401
        assert reads(world, stored) == 401


def test_a_device_reports_for_itself_alone(world):
    own, other = world.devices["A2"][1], world.devices["B1"][1]
    who = bearer(world, own.key)
    assert who.ask("POST", "/v1/reports", other.body(fingerprint=other.machine)).status == 403
    before = world.root.ask("GET", f"/v1/devices/{other.id}").json["seen_at"]
    assert world.root.ask("GET", f"/v1/devices/{other.id}").json["seen_at"] == before
    assert who.ask("GET", f"/v1/devices/{other.id}").status == 401


PATHS = ["/v1/devices/", "/v1/conflicts/", "/v1/sites/", "/v1/people/", "/v1/tokens/",
         "/v1/waivers/", "/v1/enrollment-keys/"]


def neighbours(name):
    """Ids and codes near one that exists, and ways to write it that a sloppy reader takes."""
    last = int(name[-1], 16)
    yield from (name[:-1] + f"{(last + step) % 16:x}" for step in (1, 15))
    yield from (name.upper() + "0", name[:-1], name + "%00", name + "%20", "%20" + name, name + "'",
                name + "%2e", "*", "%25", "_" * len(name), "..%2f" + name, "0", "-1", "1e1",
                "%27%20OR%201=1--", name + "%0a")


@pytest.mark.parametrize("path", PATHS)
def test_guessed_and_neighbouring_ids_tell_nothing(world, path):
    kind = {"/v1/devices/": "device", "/v1/conflicts/": "conflict", "/v1/sites/": "site",
            "/v1/people/": "person", "/v1/tokens/": "token", "/v1/waivers/": "waiver",
            "/v1/enrollment-keys/": "key"}[path]
    name = SITES["B1"] if kind == "site" else next(
        mark for at, place, mark in world.marks
        if at == kind and place == "B1" and not mark.lower().startswith("y"))
    who = world.sign_in("lea_coordinator")
    method = "GET" if path in PATHS[:4] else "DELETE"
    before = world.dump()
    for guess in (name, *neighbours(name)):
        answer = who.ask(method, path + guess)
        assert answer.status in (400, 404), (guess, answer.body)
    assert world.dump()["device"] == before["device"]
    assert {table for table, rows in world.dump().items() if rows != before[table]} <= {"session"}


# What each of them would do, did a text reach a query: all rows, an error, a long wait.
POISON = ["' OR '1'='1", "'; DROP TABLE device; --", '" OR ""="', "1) OR (1=1", "%", "_", "%25%25",
          "*", "\\", "') UNION SELECT token_hash FROM api_token --", "$1", "?", "name DESC",
          "(CASE WHEN 1=1 THEN code ELSE name END)", "\u0000", "randomblob(1000000000)",
          PLACES["B1"][1] + "' OR code='" + PLACES["A1"][1], "a,b", " " + SITES["B1"] + " "]


def lists(world):
    document = world.collector.request("GET", "/v1/openapi.json").json
    for path, methods in document["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", []):
            if "$ref" in parameter:
                parameter = document["components"]["parameters"][parameter["$ref"].split("/")[-1]]
            if parameter["in"] == "query":
                yield path, parameter["name"]


def test_no_parameter_of_a_query_reaches_the_database_as_anything_but_a_text(world):
    # Each account may ask only so often, whatever it asks with.
    coordinator = world.sign_in("lea_coordinator")
    askers = itertools.cycle([coordinator, world.token_of(world.sign_in("viewer_of_lea")),
                              world.sign_in("site_coordinator")])
    foreign = [SITES["B1"], SITES["B2"], "YsiteB", "YleaB", *(d.id for d in world.devices["B1"])]
    n = 0
    before = world.dump()
    for path, name in lists(world):
        path = path.replace("{code}", SITES["A1"]).replace("{id}", "example")
        for poison in POISON:
            text = "".join(f"%{byte:02x}" for byte in poison.encode())
            answer = next(askers).ask("GET", f"{path}?{name}={text}")
            if answer.status == 403:
                answer = coordinator.ask("GET", f"{path}?{name}={text}")
            n += 1
            assert answer.status in (200, 400, 403, 404), (path, name, poison, answer.body)
            assert answer.status != 200 or name not in ("sort", "limit"), (path, name, poison)
            told = answer.body.decode()
            rows = told if answer.status == 200 else ""
            assert not any(mark in rows for mark in foreign), (path, name, poison)
            assert not any(word in told.lower() for word in ("sqlite", "syntax error", "near \""))
            if answer.status == 200 and answer.type == "application/json" and name != "cursor" \
                    and "?" not in path and path in ("/v1/devices", "/v1/people", "/v1/waivers"):
                found = next(v for v in answer.json.values() if isinstance(v, list))
                assert found == [], (path, name, poison)
    after = world.dump()
    assert {t for t in before if before[t] != after[t]} <= {"session"}
    assert n > 500
    assert MISSING["site"] not in json.dumps(after["site"])


def test_an_inventory_takes_nothing_from_a_school_that_is_not_the_importers(world):
    """Serial numbers are printed on devices: whoever lists another school's claims nothing of it."""
    foreign = world.collector.enroll(world.key_of("B1"), host_name="theirs", serial="SN-THEIRS")
    foreign.report()
    head = "site_code,serial,host_name,room\r\n"
    listed = f"{head}{SITES['B1']},SN-THEIRS,theirs,101\r\n"
    shown = world.root.ask("POST", "/v1/inventory/imports", listed).json
    path = "/v1/inventory/imports/{}/commit"
    assert world.root.ask("POST", path.format(shown["id"]), listed).status == 200
    before = world.root.ask("GET", f"/v1/devices/{foreign.id}").json
    who = world.sign_in("site_coordinator")
    claimed = f"{head}{SITES['A1']},SN-THEIRS,ours,101\r\n"
    shown = who.ask("POST", "/v1/inventory/imports", claimed)
    assert foreign.id not in shown.body.decode() and shown.json["changes"]["moved"] == 0
    assert who.ask("POST", path.format(shown.json["id"]), claimed).status == 200
    after = world.root.ask("GET", f"/v1/devices/{foreign.id}").json
    assert (after["expected"], after["state"]) == (before["expected"], before["state"])
    assert before["expected"]
