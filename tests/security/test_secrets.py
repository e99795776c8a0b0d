# SPDX-License-Identifier: Apache-2.0
"""Everything that is secret, used once; then it is looked for wherever it must not be."""
import base64
import os
import re

import harness
import people
import pytest
from world import SITES, Somebody, code_at

SECRET = re.compile(rb"tr[edtsi]_[0-9A-Za-z_-]{43}")


@pytest.fixture(scope="module")
def used(world):
    """Each secret that there is, by what it is: made, used, changed and refused."""
    collector = world.collector
    secrets = {"admin token": collector.token, "password": people.PASSWORD}
    key = world.make("key", "A1")["key"]
    device = world.enroll(key, "ysecret")
    device.report(fingerprint=device.machine)
    secrets.update({"enrolment key": key, "device key": device.key})
    changed = collector.request("POST", "/v1/device-key", key=device.key)
    secrets["next device key"] = changed.json["device_key"]
    secrets["token"] = world.make("token", "A1")["token"]
    person, code = world.browser.add("ysecretive", [people.grant("viewer", "site", code_at("A1"))])
    secrets["invitation"] = code
    browser = people.accept(collector, code, "ysecretive", "another horse battery")
    secrets.update({"cookie": browser.cookie, "CSRF token": browser.csrf,
                    "other password": "another horse battery"})
    again = world.browser.ask("POST", f"/v1/people/{person['id']}/invitation")
    secrets["other invitation"] = again.json["invitation"]["code"]
    # Where somebody's does not open, as those of the world do not, no other is sealed.
    with world.store() as store:
        store.execute("UPDATE account SET totp_secret = '' WHERE totp_secret = 'x'")
    begun = browser.ask("POST", "/v1/session/second-factor", {"password": "another horse battery"})
    assert begun.status == 200, begun.body
    secrets["second factor"] = begun.json["secret"]
    secrets["wrong password"] = "a wrong horse battery"
    people.Browser(collector).sign_in("ysecretive", secrets["wrong password"])
    browser.ask("PUT", "/v1/session/password", {"old": "another horse battery",
                                                "new": "a third horse battery"})
    secrets["third password"] = "a third horse battery"
    misuse(world, secrets)
    return secrets


def misuse(world, secrets):
    """Secrets where they do not belong, as people paste them: in paths, queries and bodies."""
    for secret in secrets.values():
        text = secret.replace(" ", "%20")
        for who in (Somebody(world, "x", "key", key=secret.replace(" ", "")), world.root):
            for path in (f"/v1/sites/{text}", f"/v1/devices?room={text}", f"/v1/{text}",
                         f"/v1/devices/{text}", f"/v1/people?cursor={text}"):
                who.ask("GET", path)
            who.ask("POST", "/v1/enroll", {"key": secret})
            who.ask("POST", "/v1/session", {"login": secret[:60], "password": "x" * 12})
            who.ask("POST", "/v1/invitation", {"code": secret[:60], "password": "x" * 12})


def test_no_secret_is_in_the_log(world, used):
    log = world.collector.log()
    assert len(log.splitlines()) > 20
    assert [name for name, secret in used.items() if secret in log] == []


def test_no_secret_is_in_the_store_or_beside_it(world, used):
    """Files as they are on the disk, with what was deleted and not overwritten yet."""
    token_file = world.collector.token_file
    for name in os.listdir(world.collector.folder):
        path = os.path.join(world.collector.folder, name)
        if path == token_file:
            assert os.stat(path).st_mode & 0o777 == 0o600
            continue
        with open(path, "rb") as file:
            content = file.read()
        plain = {**used, "second factor in bytes": base64.b32decode(used["second factor"])}
        found = [what for what, secret in plain.items()
                 if (secret if isinstance(secret, bytes) else secret.encode()) in content]
        assert found == [], (name, found)


def test_no_secret_is_in_what_is_read(world, used):
    """All that an admin reads, who sees everything, and what the audit log has of it."""
    staff = world.sign_in("admin")
    document = world.collector.request("GET", "/v1/openapi.json").json
    for path, methods in document["paths"].items():
        if "get" not in methods or path == "/v1/session" or "{id}" in path:
            continue
        body = staff.ask("GET", path.replace("{code}", SITES["A1"])).body
        assert [name for name, secret in used.items() if secret.encode() in body] == [], path
        assert not SECRET.search(body) and b"$argon2" not in body, path


def test_no_secret_is_in_the_arguments_of_the_collector(world, used):
    with open(f"/proc/{world.collector.process.pid}/cmdline", "rb") as file:
        arguments = file.read()
    with open(f"/proc/{world.collector.process.pid}/environ", "rb") as file:
        arguments += file.read()
    assert [name for name, secret in used.items() if secret.encode() in arguments] == []


def test_a_copy_of_the_store_lets_nobody_in(world, used, tmp_path):
    """Neither what it is called in the store nor what the copy's files have is a key."""
    del used
    collector = world.collector
    copy = str(tmp_path / "copy.db")
    collector.run("backup", "--store", collector.store, copy)
    with open(copy, "rb") as file:
        content = file.read()
    assert not SECRET.search(content)
    with world.store() as store:
        hashes = [row[0] for table in ("session", "api_token", "invitation")
                  for row in store.execute(f"SELECT token_hash FROM {table}")]
    for digest in hashes:
        for prefix, cookie in (("trt_", False), ("trs_", True)):
            who = Somebody(world, "thief", "copy", key=None if cookie else prefix + digest[:43],
                           cookie=prefix + digest[:43] if cookie else None, csrf=digest)
            assert who.ask("GET", "/v1/sites").status == 401
    assert not os.path.exists(copy + ".key")


def test_what_is_told_of_a_mistake_does_not_repeat_a_secret(world, used):
    for name, secret in used.items():
        if " " in secret or not secret.startswith("tr"):
            continue
        for path in (f"/v1/sites/{secret}", f"/v1/people?role={secret}", f"/v1/{secret}",
                     f"/v1/audit?act={secret}", f"/v1/devices?sort={secret}"):
            answer = world.root.ask("GET", path)
            assert answer.status >= 400, path
            assert secret.encode() not in answer.body, (name, path, answer.body)


def test_the_files_beside_the_store_are_read_by_nobody_else(world, used):
    del used
    for name in os.listdir(world.collector.folder):
        if name.startswith("store.db") or name == "admin-token":
            mode = os.stat(os.path.join(world.collector.folder, name)).st_mode & 0o777
            assert mode & 0o007 == 0, (name, oct(mode))
    assert harness.BUILD
