# SPDX-License-Identifier: Apache-2.0
"""An identity provider that does what a test tells it to, also what none should."""
import base64
import hashlib
import json
import re
import subprocess
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLIENT = "testready"
SECRET = "s3cret/with+signs"


def encode(data):
    if isinstance(data, (dict, list)):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, capture_output=True, check=True).stdout


class Key:
    """A key pair: "RS256" or "ES256"."""

    def __init__(self, folder, kid, algorithm="RS256", bits=2048):
        self.kid, self.algorithm = kid, algorithm
        self.path = str(folder / f"{kid}.pem")
        kind = (["RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}"] if algorithm == "RS256" else
                ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        openssl("genpkey", "-algorithm", *kind, "-out", self.path)
        self.public_der = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")
        if algorithm == "RS256":
            modulus = openssl("rsa", "-in", self.path, "-noout", "-modulus").split(b"=")[1].strip()
            self.jwk = {"kty": "RSA", "n": encode(bytes.fromhex(modulus.decode())), "e": "AQAB"}
        else:
            point = self.public_der[-64:]
            self.jwk = {"kty": "EC", "crv": "P-256", "x": encode(point[:32]), "y": encode(point[32:])}
        self.jwk.update(kid=kid, use="sig", alg=algorithm)

    def sign(self, text):
        signature = openssl("dgst", "-sha256", "-sign", self.path, data=text)
        if self.algorithm == "RS256":
            return signature
        numbers = re.findall(r"INTEGER\s+:([0-9A-F]+)",
                             openssl("asn1parse", "-inform", "DER", data=signature).decode())
        return b"".join(bytes.fromhex(number.rjust(64, "0")) for number in numbers)


def token(head, claims, sign):
    text = f"{encode(head)}.{encode(claims)}"
    return f"{text}.{encode(sign(text.encode()))}"


class Provider:
    """Each member that a test changes is what the provider does from then on."""

    def __init__(self, key):
        self.keys, self.key = [key], key
        self.claims, self.head = {}, {}   # besides what is right
        self.make_token = lambda head, claims: token(head, claims, self.key.sign)
        self.document, self.answers = {}, {}  # besides what is right; path → (status, bytes)
        self.waits = {}                   # path → an event that its answer waits for
        self.is_code_good_twice = False
        self.access_token, self.asked_with = "an-access.token", []
        self.person = {}                  # what it says of whoever signed in, besides in tokens
        self.codes, self.asked = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (Handler,), {"of": self}))
        self.server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def stop(self):
        for wait in self.waits.values():
            wait.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def discovery(self):
        return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"], **self.document}

    def approve(self, url, subject="u-1", **claims):
        """Somebody signs in at @url: what the browser is sent back with."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = (asked, {"sub": subject, **claims})
        return {"code": code, "state": asked["state"]}

    def exchange(self, form, authorization):
        user, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        unquote = urllib.parse.unquote_plus
        if (unquote(user), unquote(password)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked, claims = self.codes.get(form["code"], (None, None))
        if asked is None:
            return 400, {"error": "invalid_grant"}
        if not self.is_code_good_twice:
            del self.codes[form["code"]]
        assert form["redirect_uri"] == asked["redirect_uri"]
        challenge = encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300,
                  "nonce": asked["nonce"], **claims, **self.claims}
        head = {"alg": self.key.algorithm, "kid": self.key.kid, **self.head}
        claims = {name: value for name, value in claims.items() if value is not None}
        head = {name: value for name, value in head.items() if value is not None}
        return 200, {"id_token": self.make_token(head, claims), "access_token": self.access_token,
                     "token_type": "Bearer"}


class Handler(BaseHTTPRequestHandler):
    of = None

    def log_message(self, *_):
        pass

    def answer(self, make):
        provider = self.of
        provider.asked.append(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        if self.path in provider.waits:
            provider.waits[self.path].wait(60)
        status, data = provider.answers.get(self.path) or make(body)
        if not isinstance(data, bytes):
            data = json.dumps(data).encode()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", data.decode())
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            pass  # who asked has had enough

    def do_GET(self):
        provider = self.of
        made = {"/.well-known/openid-configuration": provider.discovery,
                "/keys": lambda: {"keys": [key.jwk for key in provider.keys]},
                "/me": lambda: provider.person}.get(self.path)
        if self.path == "/me":
            provider.asked_with.append(self.headers.get("Authorization"))
        self.answer(lambda _: (200, made()) if made else (404, {}))

    def do_POST(self):
        self.answer(lambda body: self.of.exchange(dict(urllib.parse.parse_qsl(body)),
                                                  self.headers.get("Authorization", "")))
