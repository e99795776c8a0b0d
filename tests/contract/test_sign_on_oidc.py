# SPDX-License-Identifier: Apache-2.0
"""Signing in at an identity provider, and all that a provider, or somebody between, may do wrong."""
import contextlib
import hashlib
import hmac
import os
import sqlite3
import threading
import time
import urllib.parse

import openapi
import provider as oidc
import pytest
from harness import SITE, Collector, wait_until

PUBLIC = "https://ready.example.org"
BEGIN = "/v1/session/oidc"
BACK = "/v1/session/oidc/callback"
PASSWORD = "correct horse battery"
ROLE = ("--role", "viewer", "--site", SITE)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return {"first": oidc.Key(folder, "first"), "second": oidc.Key(folder, "second"),
            "curve": oidc.Key(folder, "curve", "ES256")}


class Behind(Collector):
    """A collector with an identity provider."""

    def __init__(self, folder, issuer, more=()):
        secret = os.path.join(folder, "secret")
        with open(secret, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write(oidc.SECRET + "\n")
        super().__init__(folder, web=False, arguments=[
            "--oidc-issuer", issuer, "--oidc-client-id", oidc.CLIENT,
            "--oidc-client-secret-file", secret, "--public-url", PUBLIC, *more])
        told = self.command("person", "add", "rosa", "--name", "Rosa", *ROLE)
        self.code = told.split("/invitation#")[1].split()[0]

    def await_person(self, login="rosa", name="rosa@example.org"):
        self.command("person", "sign-on", login, "--name", name)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, keys):
    """One collector and its provider for all tests that leave them as they were."""
    folder = tmp_path_factory.mktemp("collector")
    provider = oidc.Provider(keys["first"])
    try:
        with Behind(str(folder), provider.issuer) as collector:
            collector.provider = provider
            yield collector
    finally:
        provider.stop()


@pytest.fixture
def behind(shared, keys):
    provider = shared.provider
    shared.await_person()
    yield shared
    provider.keys, provider.key = [keys["first"]], keys["first"]
    provider.claims, provider.head = {}, {}
    provider.make_token = lambda head, claims: oidc.token(head, claims, provider.key.sign)
    provider.answers, provider.waits, provider.is_code_good_twice = {}, {}, False


class Trip:
    """A browser on its way to the provider and back."""

    def __init__(self, collector, following=None):
        path = BEGIN + (f"?next={urllib.parse.quote(following)}" if following else "")
        self.collector = collector
        answer = collector.request("GET", path)
        assert answer.status == 303, answer.body
        self.url = answer.headers["location"]
        self.cookie, *self.attributes = answer.headers["set-cookie"].split("; ")

    def end(self, back, cookie=None):
        answer = self.collector.request("GET", f"{BACK}?{urllib.parse.urlencode(back)}",
                                        Cookie=cookie or self.cookie)
        if answer.status == 303:
            return answer
        assert answer.type.startswith("text/html") and "trs_" not in str(answer.headers)
        return answer


def sign_in(collector, subject="u-1", **claims):
    trip = Trip(collector)
    claims = {"email": "rosa@example.org", "email_verified": True, **claims}
    return trip.end(collector.provider.approve(trip.url, subject, **claims))


def refused(answer, status, words):
    assert answer.status == status, answer.body
    assert words in answer.body.decode()


def session_of(collector, answer):
    cookies = [value for name, value in answer.all if name.lower() == "set-cookie"]
    session = next(value for value in cookies if value.startswith("__Host-testready="))
    assert "SameSite=Strict" in session and "HttpOnly" in session and "Secure" in session
    return collector.request("GET", "/v1/session", Cookie=session.split(";")[0]).json


# --- as it should be ----------------------------------------------------------------------------

def test_somebody_awaited_signs_in_and_goes_on_where_they_were(behind):
    trip = Trip(behind, "/sites?sort=risk")
    back = behind.provider.approve(trip.url, email="Rosa@Example.org", email_verified=True)
    answer = trip.end(back)
    assert answer.status == 303 and answer.headers["location"] == "/sites?sort=risk"
    assert session_of(behind, answer)["who"] == "Rosa (rosa)"


def test_the_way_there_is_as_the_standard_wants_it(behind):
    trip = Trip(behind)
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(trip.url).query))
    assert trip.url.startswith(behind.provider.issuer + "/authorize?")
    assert asked["redirect_uri"] == PUBLIC + BACK
    assert len(asked["code_challenge"]) == 43 and len(asked["nonce"]) == 64
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(trip.attributes)
    other = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(Trip(behind).url).query))
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_the_page_is_told_that_there_is_a_provider(behind):
    ways = behind.request("GET", "/v1/session/ways")
    openapi.check("GET", "/v1/session/ways", ways)
    assert ways.json == {"password": True, "oidc": True, "proxy": False}


def test_afterwards_the_subject_counts_and_not_the_name(behind):
    assert sign_in(behind).status == 303
    assert sign_in(behind, email=None).status == 303
    refused(sign_in(behind, "u-2"), 403, "no account here is yours")


def test_elliptic_curves_and_keys_that_change_are_understood(behind, keys):
    provider = behind.provider
    assert sign_in(behind).status == 303
    for name in ("second", "curve"):
        provider.keys, provider.key = [keys[name]], keys[name]
        assert sign_in(behind).status == 303
    provider.key = keys["first"]
    refused(sign_in(behind), 502, "cannot be trusted")


def test_a_key_that_another_takes_the_name_of_is_asked_for_anew(behind, tmp_path):
    assert sign_in(behind).status == 303
    provider = behind.provider
    provider.key = oidc.Key(tmp_path, "first")
    refused(sign_in(behind), 502, "cannot be trusted")
    provider.keys = [provider.key]
    assert sign_in(behind).status == 303


@pytest.mark.parametrize("following", [
    "//elsewhere.example.org", "https://elsewhere.example.org", "/\\elsewhere.example.org", "sites",
    "/v1/session", "/a\nb", "/" + "a" * 512])
def test_nobody_is_sent_elsewhere(behind, following):
    answer = behind.request("GET", f"{BEGIN}?next={urllib.parse.quote(following, safe='')}")
    assert answer.status == 400 and "location" not in answer.headers


# --- who it is ----------------------------------------------------------------------------------

@pytest.mark.parametrize("claims", [
    {"email_verified": False}, {"email_verified": None}, {"email_verified": "true"},
    {"email": "ada@example.org"}, {"email": None}, {"email": None, "name": "rosa@example.org"}])
def test_only_a_name_that_the_provider_vouches_for_is_known(behind, claims):
    refused(sign_in(behind, "u-9", **claims), 403, "no account here is yours")


def test_a_disabled_account_stays_out(behind):
    assert sign_in(behind).status == 303
    behind.command("person", "disable", "rosa")
    refused(sign_in(behind), 403, "disabled")
    behind.command("person", "enable", "rosa")


def test_an_admin_says_who_an_account_is_and_is_told_what_is_wrong(behind):
    account = next(person for person in behind.get("/v1/people").json["people"]
                   if person["login"] == "rosa")
    path = f"/v1/people/{account['id']}/sign-on"

    def put(body, key=behind.token, where=path):
        answer = behind.request("PUT", where, body, key=key, Content_Type="application/json")
        openapi.check("PUT", where, answer)
        return answer

    def sign_on():
        return behind.get(f"/v1/people/{account['id']}").json["sign_on"]

    assert sign_on() == {"awaits": "rosa@example.org", "bound_at": None}
    assert sign_in(behind).status == 303
    assert sign_on() == {"awaits": None, "bound_at": behind.provider.issuer}
    assert put('{"name": null}').json == {"name": None}
    assert sign_on() == {"awaits": None, "bound_at": None}
    refused(sign_in(behind), 403, "no account here is yours")
    assert put('{"name": "Rosa@Example.org"}').json == {"name": "Rosa@Example.org"}
    assert sign_in(behind).status == 303
    for body, pointer in (('{"name": "a b"}', "/name"), ('{"name": ""}', "/name"), ("{}", "/name"),
                          ('{"name": 7}', "/name"), ('{"name": "a", "b": 1}', None), ("[", None)):
        answer = put(body)
        assert answer.status == 400 and answer.json.get("pointer") == pointer, answer.body
    assert put('{"name": "a"}', where=path.replace(account["id"], "0" * 32)).status == 404
    assert put('{"name": "a"}', key=None).status == 401


# --- what comes back ----------------------------------------------------------------------------

def test_a_sign_in_counts_once_even_if_the_provider_takes_its_code_again(behind):
    behind.provider.is_code_good_twice = True
    trip = Trip(behind)
    back = behind.provider.approve(trip.url, email="rosa@example.org", email_verified=True)
    assert trip.end(back).status == 303
    refused(trip.end(back), 400, "used before")


def test_a_code_that_the_provider_knows_no_more_signs_nobody_in(behind):
    trip = Trip(behind)
    back = behind.provider.approve(trip.url)
    behind.provider.codes.clear()
    refused(trip.end(back), 400, "Begin again")


def test_what_another_browser_began_ends_nowhere(behind):
    mine, other = Trip(behind), Trip(behind)
    back = behind.provider.approve(other.url, email="rosa@example.org", email_verified=True)
    asked = len(behind.provider.asked)
    refused(mine.end(back), 400, "not begun in this browser")
    refused(mine.end(back, cookie="a=b"), 400, "not begun in this browser")
    assert len(behind.provider.asked) == asked  # nor is the provider asked about it


@pytest.mark.parametrize("change", [
    {"state": None}, {"state": "1.2./"}, {"code": None}, {"code": ""}, {"code": "a" * 2049},
    {"iss": "https://elsewhere.example.org"}])
def test_half_of_what_should_come_back_is_nothing(behind, change):
    trip = Trip(behind)
    back = {**behind.provider.approve(trip.url), **change}
    refused(trip.end({name: value for name, value in back.items() if value is not None}), 400,
            "Begin again")


def test_a_state_that_was_changed_is_none(behind):
    trip = Trip(behind, "/sites")
    back = behind.provider.approve(trip.url)
    at, _, rest = back["state"].partition(".")
    for state in (f"{int(at) + 1}.{rest}", back["state"].replace("/sites", "/other")):
        refused(trip.end({**back, "state": state}), 400, "Begin again")


def test_somebody_who_gave_up_at_the_provider_is_told_what_to_do(behind):
    trip = Trip(behind)
    state = behind.provider.approve(trip.url)["state"]
    refused(trip.end({"state": state, "error": "access_denied", "error_description": "<b>x"}), 403,
            "did not let you in")
    assert b"<b>" not in trip.end({"state": state, "error": "<b>"}).body


# --- tokens -------------------------------------------------------------------------------------

class FromNow(int):
    """Seconds from when the test runs, which is long after it is collected."""


@pytest.mark.parametrize("claims", [
    {"aud": "another"}, {"aud": [oidc.CLIENT, "another"]}, {"aud": []}, {"aud": None},
    {"azp": "another"}, {"iss": "https://elsewhere.example.org"}, {"iss": None},
    {"nonce": "0" * 64}, {"nonce": None}, {"exp": None}, {"iat": None}, {"exp": "soon"},
    {"exp": FromNow(-120)}, {"iat": FromNow(600)},
    {"iat": FromNow(-3600)}, {"nbf": FromNow(600)}, {"sub": None}, {"sub": ""},
    {"sub": 7}, {"sub": "a" * 256}])
def test_a_token_that_is_not_for_this_sign_in_signs_nobody_in(behind, claims):
    behind.provider.claims = {
        name: int(time.time()) + value if isinstance(value, FromNow) else value
        for name, value in claims.items()}
    refused(sign_in(behind), 502, "cannot be trusted")


def test_the_right_claims_in_other_shapes_are_right(behind):
    behind.provider.claims = {"aud": [oidc.CLIENT], "azp": oidc.CLIENT,
                              "exp": time.time() + 60.5, "extra": {"a": [1]}}
    assert sign_in(behind).status == 303


def test_a_token_of_another_sign_in_of_the_same_browser_is_not_of_this(behind):
    kept = []
    make = behind.provider.make_token
    behind.provider.make_token = lambda head, claims: kept.append(make(head, claims)) or kept[0]
    assert sign_in(behind).status == 303
    refused(sign_in(behind), 502, "cannot be trusted")


def none(head, claims, _):
    return oidc.token({**head, "alg": "none"}, claims, lambda _: b"")


def with_public_key(head, claims, key):
    """HS256 with what everybody knows: the oldest trick."""
    def sign(text):
        return hmac.new(key.public_der, text, hashlib.sha256).digest()
    return oidc.token({**head, "alg": "HS256"}, claims, sign)


def changed(head, claims, key):
    parts = oidc.token(head, {**claims, "sub": "u-9"}, key.sign).split(".")
    return ".".join((parts[0], oidc.encode(claims), parts[2]))


def another_algorithm(head, claims, key):
    return oidc.token({**head, "alg": "RS512"}, claims, key.sign)


def with_own_key(head, claims, key):
    return oidc.token({**head, "jwk": key.jwk, "kid": "own"}, claims, key.sign)


def critical(head, claims, key):
    return oidc.token({**head, "crit": ["b64"], "b64": False}, claims, key.sign)


@pytest.mark.parametrize("make", [
    none, with_public_key, changed, another_algorithm, with_own_key, critical,
    lambda head, claims, key: "a.b", lambda head, claims, key: "",
    lambda head, claims, key: oidc.token(head, claims, lambda _: b"\0" * 256),
    lambda head, claims, key: oidc.token(head, [1], key.sign),
    lambda head, claims, key: oidc.token({**head, "kid": "missing"}, claims, key.sign),
    lambda head, claims, key: oidc.token(head, {**claims, "pad": "a" * 16000}, key.sign)])
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(behind, keys, make):
    behind.provider.make_token = lambda head, claims: make(head, claims, keys["first"])
    refused(sign_in(behind), 502, "cannot be trusted")


# --- a second factor ----------------------------------------------------------------------------

@pytest.fixture
def careful(behind):
    """Rosa has a second factor here."""
    def write(secret):
        with contextlib.closing(sqlite3.connect(behind.store, timeout=60)) as store, store:
            store.execute("UPDATE account SET totp_secret = ? WHERE login = 'rosa'", (secret,))

    write("sealed")
    yield behind
    write("")


@pytest.mark.parametrize("claims, status", [
    ({}, 403), ({"amr": ["pwd"]}, 403), ({"amr": "mfa"}, 403), ({"acr": "mfa"}, 403),
    ({"amr": ["pwd", "mfa"]}, 303)])
def test_an_account_with_a_second_factor_needs_one_at_the_provider(careful, claims, status):
    answer = sign_in(careful, **claims)
    assert answer.status == status
    if status == 403:
        refused(answer, 403, "did not say that it asked you for one")


# --- the provider -------------------------------------------------------------------------------

@pytest.mark.parametrize("answer", [
    (200, b"x" * (64 * 1024 + 1)), (200, b"not JSON"), (200, {}), (302, b"http://127.0.0.1:9/"),
    (200, {"id_token": ["a"]}), (500, b"")])
def test_an_answer_to_the_code_that_is_none_signs_nobody_in(behind, answer):
    behind.provider.answers["/token"] = answer
    done = sign_in(behind)
    assert done.status in (400, 502, 503), done.body
    assert b"Not signed in" in done.body


def test_a_provider_that_is_slow_is_waited_for_and_others_are_served_meanwhile(behind):
    over = behind.provider.waits["/token"] = threading.Event()
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(sign_in(behind)))
    waiting.start()
    while "/token" not in behind.provider.asked[-1:]:
        assert behind.get("/v1/overview").status == 200
    assert behind.get("/v1/overview").status == 200
    over.set()
    waiting.join()
    assert answers[0].status == 303


def test_nothing_that_is_secret_is_in_the_log(behind):
    behind.provider.claims = {"aud": "another"}
    sign_in(behind)
    log = behind.log()
    assert "not for this collector alone" in log
    assert oidc.SECRET not in log and "rosa@" not in log and "code-" not in log and "tro_" not in log


def test_without_a_provider_there_is_no_such_way(collector):
    for path in (BEGIN, BACK):
        answer = collector.request("GET", path)
        openapi.check("GET", path, answer)
        assert answer.status == 404


def discovery(folder, keys, answer=None, document=None, more=()):
    provider = oidc.Provider(keys["first"])
    provider.document = document or {}
    if answer:
        provider.answers["/.well-known/openid-configuration"] = answer
    return provider, Behind(str(folder), provider.issuer, more)


@pytest.fixture(scope="module")
def telling(tmp_path_factory, keys):
    """A provider that names nobody in a token, and is asked: as the standard has it."""
    provider, collector = discovery(tmp_path_factory.mktemp("telling"), keys)
    provider.document = {"userinfo_endpoint": provider.issuer + "/me"}
    try:
        with collector:
            collector.provider = provider
            yield collector
    finally:
        provider.stop()


ROSA = {"sub": "u-1", "email": "rosa@example.org", "email_verified": True}
NAMELESS = {"email": None, "email_verified": None}


def sign_in_nameless(collector, person=None, answer=None):
    collector.await_person()
    collector.provider.person = person or {}
    collector.provider.answers = {"/me": answer} if answer else {}
    collector.provider.asked_with.clear()
    return sign_in(collector, **NAMELESS)


def test_a_provider_that_names_nobody_in_a_token_is_asked_with_the_other(telling):
    assert sign_in_nameless(telling, ROSA).status == 303
    assert telling.provider.asked_with == ["Bearer an-access.token"]
    telling.await_person()
    telling.provider.asked_with.clear()
    assert sign_in(telling).status == 303  # the token has it all
    assert telling.provider.asked_with == []


@pytest.mark.parametrize("person, answer, status", [
    ({**ROSA, "sub": "u-2"}, None, 502), ({"email": "rosa@example.org"}, None, 502),
    ({**ROSA, "email_verified": False}, None, 403), ({"sub": "u-1"}, None, 403),
    (None, (200, b"x" * (64 * 1024 + 1)), 503), (None, (200, b"a.signed.token"), 502),
    (None, (401, b""), 503), (None, (302, b"http://127.0.0.1:9/"), 503)])
def test_what_it_says_of_somebody_else_or_half_says_lets_nobody_in(telling, person, answer, status):
    assert sign_in_nameless(telling, person, answer).status == status


def test_a_token_that_is_no_part_of_a_field_is_sent_to_nobody(telling):
    telling.provider.access_token = "a\r\nX-Injected: b"
    refused(sign_in_nameless(telling, ROSA), 403, "no account here is yours")
    telling.provider.access_token = "an-access.token"
    assert telling.provider.asked_with == []


@pytest.mark.parametrize("how, claims, status", [
    ("always", {}, 303), ("acr:gold", {"acr": "gold"}, 303), ("acr:gold", {"amr": ["mfa"]}, 403)])
def test_how_the_provider_shows_a_second_factor_is_a_setting(tmp_path, keys, how, claims, status):
    provider, collector = discovery(tmp_path, keys, more=("--oidc-second-factor", how))
    collector.provider = provider
    try:
        with collector:
            collector.await_person()
            with contextlib.closing(sqlite3.connect(collector.store, timeout=60)) as store, store:
                store.execute("UPDATE account SET totp_secret = 'sealed' WHERE login = 'rosa'")
            assert sign_in(collector, **claims).status == status
            assert ("acr_values=gold" in Trip(collector).url) == (how == "acr:gold")
    finally:
        provider.stop()


@pytest.mark.parametrize("answer, document", [
    ((200, b"x" * (64 * 1024 + 1)), {}), ((302, b"http://127.0.0.1:9/"), {}), ((200, b"{"), {}),
    (None, {"issuer": "https://elsewhere.example.org"}),
    (None, {"token_endpoint": "http://192.0.2.1/token"}), (None, {"jwks_uri": "file:///etc/passwd"}),
    (None, {"authorization_endpoint": "javascript:alert(1)"})])
def test_a_provider_that_is_not_what_was_configured_is_not_used(tmp_path, keys, answer, document):
    provider, collector = discovery(tmp_path, keys, answer, document)
    try:
        with collector:
            refused(collector.request("GET", BEGIN), 503, "with your password")
    finally:
        provider.stop()


def test_while_the_provider_is_down_passwords_let_in_and_then_it_is_found_again(tmp_path, keys):
    provider, collector = discovery(tmp_path, keys, (500, b""))
    try:
        with collector:
            refused(collector.request("GET", BEGIN), 503, "with your password")
            chosen = {"code": collector.code, "password": PASSWORD}
            assert collector.post("/v1/invitation", chosen, None).status == 200
            signed = collector.post("/v1/session", {"login": "rosa", "password": PASSWORD}, None)
            assert signed.status == 200
            provider.answers.clear()
            wait_until(lambda: collector.request("GET", BEGIN).status == 303)
    finally:
        provider.stop()


@pytest.mark.parametrize("words, why", [
    (("--oidc-issuer", "https://login.example.org"), "--oidc-client-id"),
    (("--oidc-client-id", "x"), "--oidc-issuer"),
    (("--oidc-issuer", "http://login.example.org"), "no address"),
    (("--oidc-issuer", "https://login.example.org?x=y"), "query"),
    (("--public-url", "https://ready.example.org/x"), "path"),
    (("--public-url", "https://"), "no address"),
    (("--oidc-ca", "/nowhere"), "/nowhere"),
    (("--oidc-second-factor", "sometimes"), "none of amr, acr:VALUE"),
    (("--oidc-client-secret-file", "/nowhere"), "/nowhere"),
])
def test_settings_that_cannot_be_are_refused_at_the_start(tmp_path, words, why):
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text("s\n")
    right = {"--oidc-issuer": "https://login.example.org", "--oidc-client-id": "x",
             "--oidc-client-secret-file": str(secret), "--public-url": PUBLIC}
    if why.startswith("--"):
        right = {}
    right.update([words])
    collector = Collector(tmp_path, fill=False)
    done = collector.run("serve", "--store", collector.store, "--listen", "127.0.0.1:0",
                         "--admin-token-file", collector.token_file,
                         *[word for pair in right.items() for word in pair], check=False)
    assert done.returncode != 0 and why in done.stderr, done.stderr


def test_a_secret_that_others_can_read_is_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s\n")
    secret.chmod(0o644)
    collector = Collector(tmp_path, fill=False)
    done = collector.run("serve", "--store", collector.store, "--listen", "127.0.0.1:0",
                         "--admin-token-file", collector.token_file, "--oidc-issuer",
                         "https://login.example.org", "--oidc-client-id", "x", "--public-url", PUBLIC,
                         "--oidc-client-secret-file", str(secret), check=False)
    assert done.returncode != 0 and "chmod o-rwx" in done.stderr
