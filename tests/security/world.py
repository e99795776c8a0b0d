# SPDX-License-Identifier: Apache-2.0
"""A store of two LEAs with two sites each, things at every place, and somebody for each role.

Everything that is made at a place says so in its name, which `marks` remembers: what an answer
tells of a place is found by looking for them.
"""
import contextlib
import csv
import datetime
import http.client
import io
import itertools
import json
import sqlite3

import harness
import people
import pytest

LEAS = {"A": "1000001", "B": "2000002"}
SITES = {"A1": "10000010000011", "A2": "10000010000012",
         "B1": "20000020000021", "B2": "20000020000022"}
PLACES = {"state": ("state", None), **{name: ("lea", code) for name, code in LEAS.items()},
          **{name: ("site", code) for name, code in SITES.items()}}
MISSING = {"lea": "3000003", "site": "30000030000031"}  # looks like a code and is of nothing
N_DEVICES = {"A1": 1, "A2": 2, "B1": 4, "B2": 8}  # so that each sum says of which sites it is

# Who there is: a role and the place that it is for.
ACCOUNTS = {
    "admin": ("admin", "state"),
    "lea_coordinator": ("lea_coordinator", "A"),
    "tech_coordinator": ("tech_coordinator", "A1"),
    "tech_of_lea": ("tech_coordinator", "A"),
    "site_coordinator": ("site_coordinator", "A1"),
    "viewer": ("viewer", "A1"),
    "viewer_of_lea": ("viewer", "A"),
    "viewer_of_state": ("viewer", "state"),
    "without_roles": (None, None),
}


def covers(place, other):
    """Whether what holds at @place holds at @other: "A" covers "A1", and not the other way."""
    return place == "state" or (other != "state" and other.startswith(place))


def code_at(place, is_site=True):
    return PLACES[place][1] if place in PLACES else MISSING["site" if is_site else "lea"]


def grant_at(role, place):
    return people.grant(role, *PLACES[place])


class Somebody:
    """Who asks: with a session, with a token or key, or with nothing; one connection each."""

    def __init__(self, world, name, kind, role=None, place=None, key=None, cookie=None, csrf=None):
        self.world, self.name, self.kind = world, name, kind
        self.role, self.place = role, place
        self.key, self.cookie, self.csrf = key, cookie, csrf
        self.connection = world.collector.connect()

    def __str__(self):
        return f"{self.name} by {self.kind}"

    def ask(self, method, path, body=None, **fields):
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        if self.key:
            fields["Authorization"] = f"Bearer {self.key}"
        if self.cookie:
            fields["Cookie"] = f"{people.COOKIE}={self.cookie}"
            if method != "GET":
                fields["X-CSRF-Token"] = self.csrf
        if body is not None:
            is_file = isinstance(body, str)
            fields["Content-Type"] = "text/csv" if is_file else "application/json"
            body = body if is_file else json.dumps(body)
        try:
            self.connection.request(method, path, body, fields)
            return harness.Answer(self.connection.getresponse())
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()  # it was closed between two requests
            self.connection.request(method, path, body, fields)
            return harness.Answer(self.connection.getresponse())


class World:
    def __init__(self, collector):
        self.collector = collector
        self.numbers = itertools.count(1)
        with open(harness.PROFILE, encoding="utf-8") as file:  # the same is not proposed twice
            self.requirements = itertools.cycle(
                row["id"] for row in json.load(file)["requirements"])
        self.marks = []  # (kind, place, text)
        self.devices = {place: [] for place in SITES}
        self.accounts = {}  # name → id
        self.passwords = {}  # name → login
        self.fill()

    # --- what there is ---

    def fill(self):
        collector = self.collector
        today = datetime.datetime.now(datetime.timezone.utc).date()
        days = [str(today + datetime.timedelta(days=n)) for n in (30, 60)]
        sites = [{"code": code, "name": f"Ysite{name}", "zone": "America/Los_Angeles",
                  "lea": {"code": LEAS[name[0]], "name": f"Ylea{name[0]}"},
                  "window": {"id": f"w{name.lower()}", "programme": "CAASPP", "track": "",
                             "profile": "example", "first": days[0], "last": days[1]}}
                 for name, code in SITES.items()]
        collector.command("site", "import", collector.write("s.json", json.dumps({"sites": sites})))
        collector.command("profile", "publish", harness.PROFILE)
        collector.start()
        self.root = Somebody(self, "root", "token", "admin", "state", key=collector.token)
        self.marks += [("site", name, SITES[name]) for name in SITES]
        self.marks += [("site", name, f"Ysite{name}") for name in SITES]
        self.marks += [("lea", name, f"Ylea{name}") for name in LEAS]
        for place, count in N_DEVICES.items():
            self.enroll_at(place, count)
        self.browser = people.set_up(collector)
        for name, (role, place) in ACCOUNTS.items():
            self.make_account(name, role, place)
        for place in SITES:
            self.make("person", place, also="B1" if place == "A1" else None)
        for place in PLACES:
            self.make("waiver", place)
            self.make("proposal", place)
            self.make("token", place)

    def enroll_at(self, place, count):
        key = self.make("key", place)["key"]
        for number in range(count):
            name = f"ydev{place}n{number}"
            device = self.enroll(key, name)
            device.report(harness.facts(memory__total_mib=512), fingerprint=device.machine)
            self.devices[place].append(device)
            self.marks += [("device", place, device.id), ("device", place, name)]
        self.make("conflict", place, of=self.devices[place][0])

    def machine(self):
        """What a machine that was not seen before is known by."""
        n = next(self.numbers)
        return harness.fingerprint(board_serial=n, disk_serial=n, mac=n)

    def enroll(self, key, name):
        machine = self.machine()
        device = self.collector.enroll(key, host_name=name, said={"fingerprint": machine})
        device.machine = machine
        return device

    def make_account(self, name, role, place):
        grants = [grant_at(role or "viewer", place or "A1")]
        person, code = self.browser.add(f"y{name}", grants, name=f"Yperson {name}")
        people.accept(self.collector, code, f"y{name}")
        self.accounts[name] = person["id"]
        if role:
            self.marks.append(("person", place, f"Yperson {name}"))

    def sign_in(self, name):
        role, place = ACCOUNTS[name]
        browser = people.Browser(self.collector)
        assert browser.sign_in(f"y{name}").status == 200
        return Somebody(self, name, "session", role, place, cookie=browser.cookie,
                        csrf=browser.csrf)

    def token_of(self, session):
        """A token with all that its owner has."""
        role, place = session.role or "viewer", session.place or "A1"
        scope, code = PLACES[place]
        key = "trt_" + f"{next(self.numbers):043}"
        with self.store() as store:  # most roles may make none, yet an admin may have had one
            store.execute(
                "INSERT INTO api_token VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'x', ?, NULL, NULL, '')",
                (f"{next(self.numbers):032x}", sha256(key), f"of {session.name}",
                 self.accounts[session.name], role, scope, code or "", 1, 2**42))
        return Somebody(self, session.name, "token", session.role, session.place, key=key)

    def end_roles(self, name):
        """No command takes the last role away; it is so when what it was for is gone."""
        with self.store() as store:
            store.execute("DELETE FROM account_grant WHERE account_id = ?", (self.accounts[name],))

    # --- things, each made anew; what made() says has its id ---

    def make(self, kind, place, **how):
        made = getattr(self, f"make_{kind}")(place, f"Y{kind}{place}n{next(self.numbers)}", **how)
        self.marks.append((kind, place, made["id"]))
        return made

    def made(self, path, body):
        answer = self.root.ask("POST", path, body)
        assert answer.status == 200, (path, answer.body)
        return answer.json

    def make_key(self, place, _name):
        return self.made("/v1/enrollment-keys", {"site": PLACES[place][1]})

    def make_token(self, place, name):
        self.marks.append(("token", place, name))
        return self.made("/v1/tokens", self.token_body(place, name))

    def make_waiver(self, place, name):
        self.marks.append(("waiver", place, name))
        return self.made("/v1/waivers", self.waiver_body(place, name))

    def make_proposal(self, place, name):
        self.marks.append(("proposal", place, name))
        return self.made("/v1/waivers", {**self.waiver_body(place, name), "as": "proposal"})

    def make_person(self, place, name, also=None):
        self.marks.append(("person", place, name))
        body = self.person_body(place, name)
        if also:  # somebody of two places, of which many know only one
            body["grants"].append(grant_at("viewer", also))
        made = self.made("/v1/people", body)
        with self.store() as store:
            store.execute("UPDATE account SET totp_secret = 'x' WHERE id = ?", (made["id"],))
        return made

    def make_conflict(self, place, _name, of=None):
        device = of or self.enroll(self.key_of(place), f"ydev{place}c")
        self.marks.append(("device", place, device.id))
        device.report(fingerprint=device.machine)
        assert device.report(fingerprint=self.machine())["state"] == "conflict"
        with self.store() as store:
            found = store.execute("SELECT id FROM conflict WHERE device_id = ?", (device.id,))
            return {"id": found.fetchone()[0]}

    def make_settled(self, place, name):
        conflict = self.make_conflict(place, name)
        self.made(f"/v1/conflicts/{conflict['id']}/resolution", {"resolution": "ignore"})
        return conflict

    def make_device(self, place, _name):
        return {"id": self.devices[place][-1].id}

    def make_unplaced(self, place, _name):
        device = self.enroll(self.key_of(place), f"ydev{place}p")
        self.marks.append(("device", place, device.id))
        return {"id": device.id}

    def make_placed(self, place, name):
        made = self.make_unplaced(place, name)
        path = f"/v1/devices/{made['id']}"
        version = self.root.ask("GET", path).json["place_version"]
        answer = self.root.ask("POST", f"{path}/placements", {"kind": "move", "room": "Yroom"},
                               If_Match=f'"{version}"')
        assert answer.status == 200, answer.body
        return made

    def key_of(self, place):
        return self.make_key(place, "")["key"]

    # --- what is sent to make them ---

    @staticmethod
    def scoped(place):
        scope, code = PLACES.get(place) or ("site", MISSING["site"])
        return {"scope": scope, **({"code": code} if code else {})}

    def waiver_body(self, place, name):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        return {"profile": "example", "requirement": next(self.requirements), "reason": f"for {name}",
                "who": f"who {name}", "until": f"{today.year + (today.month > 7)}-07-31",
                **self.scoped(place)}

    def key_body(self, place, _name):
        return {"site": code_at(place)}

    def token_body(self, place, name):
        return {"name": name, "role": "viewer", "days": 3, **self.scoped(place)}

    def person_body(self, place, name):
        scoped = {"code": None, **self.scoped(place)}
        return {"login": name.lower(), "name": f"P {name}", "grants": [{"role": "viewer", **scoped}]}

    def renewal_body(self, place, _name):
        return {"lea": code_at(place, is_site=False)}

    def people_file(self, place, name):
        scope, code = PLACES.get(place) or ("site", MISSING["site"])
        return f"login,name,role,scope,code\r\n{name.lower()},{name},viewer,{scope},{code or ''}\r\n"

    @staticmethod
    def inventory_file(place):
        return f"site_code,serial,host_name,room\r\n{code_at(place)},SN{place},line,101\r\n"

    @staticmethod
    def room_file(place):
        return f"site_code,room,seats\r\n{code_at(place)},Yroom{place},30\r\n"

    @staticmethod
    def site_file(place):
        """Of a site that is not there one that nobody can have: files make sites."""
        zone = "Nowhere/None" if place == "missing" else "America/Los_Angeles"
        lea = MISSING["lea"] if place == "missing" else LEAS[place[0]]
        return (f"lea_code,lea_name,site_code,site_name,zone\r\n"
                f"{lea},Ylea{place[0]},{code_at(place)},Ysite{place},{zone}\r\n")

    # --- the store ---

    @contextlib.contextmanager
    def store(self):
        with contextlib.closing(sqlite3.connect(self.collector.store, timeout=60)) as store:
            with store:
                yield store

    def dump(self):
        """All that is stored, but for when somebody was last there: being refused shows that too."""
        with self.store() as store:
            store.row_factory = sqlite3.Row
            tables = [row[0] for row in store.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            return {table: sorted(([(name, row[name]) for name in row.keys()
                                    if name not in ("used_ms", "seen_ms")]
                                   for row in store.execute(f"SELECT * FROM {table}")), key=repr)
                    for table in tables if table != "site_count"}

    def settle(self):
        """Until nothing is left to be judged again."""
        harness.wait_until(
            lambda: self.root.ask("GET", "/v1/overview").json["totals"]["judging"] == 0)


CALCULATES = set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # a cell that begins so


def cells(answer):
    assert answer.status == 200 and answer.type.startswith("text/csv"), answer.body
    return [cell for row in csv.reader(io.StringIO(answer.body.decode(), newline="")) for cell in row]


def sha256(text):
    return harness.hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One collector for all tests of a file, which leave as they found it what others need."""
    collector = harness.Collector(tmp_path_factory.mktemp("world"), fill=False)
    try:
        yield World(collector)
    finally:
        collector.stop()
