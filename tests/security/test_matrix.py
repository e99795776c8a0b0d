# SPDX-License-Identifier: Apache-2.0
"""Every route for everybody at every place: who gets in, what they see, and that nothing else is.

What is allowed is told here a second time, from the documents and not from the code: ACTIONS
from docs/decisions/0024 and the table of who may, ROUTES from docs/openapi.yaml.
"""
import json
import os
import re
import subprocess

import harness
import pytest
from world import ACCOUNTS, MISSING, N_DEVICES, PLACES, SITES, Somebody, code_at, covers

READ = {"see", "mend_self"}
ACTIONS = {
    "admin": READ | {"mend_inventory", "mend_devices", "propose_waiver", "waive", "see_keys", "give_keys",
                     "see_people", "give_roles", "see_audit", "mend_sites", "publish", "operate"},
    "lea_coordinator": READ | {"mend_inventory", "mend_devices", "propose_waiver", "waive",
                               "see_keys", "give_keys",
                               "see_people", "give_roles", "see_audit"},
    "tech_coordinator": READ | {"mend_inventory", "mend_devices", "propose_waiver", "see_keys",
                                "give_keys"},
    "site_coordinator": READ | {"mend_inventory", "propose_waiver"},
    "viewer": READ,
    None: {"mend_self"},  # one's own account needs no role
}
# By which action somebody knows that a thing is there.
SEES = {"device": "see", "unplaced": "see", "placed": "see", "waiver": "see",
        "proposal": "propose_waiver", "conflict": "see", "settled": "see", "site": "see",
        "lea": "see", "key": "see_keys", "person": "see_people", "token": "see_people"}
NOBODYS = "0" * 32


def may(who, action, place):
    return who.role is not None and action in ACTIONS[who.role] and covers(who.place, place)


def knows(who, action, kind, place):
    """Whether a thing of @kind at @place is shown to @who, where @action is what they ask with."""
    if who.role is None or action not in ACTIONS[who.role]:
        return False
    if kind == "proposal":  # in a list of those who see more than that
        return may(who, SEES[kind], place)
    if covers(who.place, place):
        return True
    # What holds for all, or for the LEA around, is for everybody there to see.
    return kind in ("waiver", "lea") and action == "see" and covers(place, who.place)


# --- the routes -----------------------------------------------------------------------
# Each is a function of the matrix and the route, with what it needs. A route that is not
# here makes the test fail: say how it is filled, and who may.


def anybody(body=None, status=200):
    return lambda matrix, route: matrix.anybody(route, body, status)


def by_key(kind, body):
    return lambda matrix, route: matrix.by_key(route, kind, body)


def alike(action, session, token=None, body=None, renew=False):
    """About whoever asks: what a session gets, and a token that an account or nobody owns."""
    return lambda matrix, route: matrix.alike(route, action, session, token or session, body, renew)


def listing(action, filters=(), check=None):
    """A list; @filters name what is at a place, of which what is foreign is like what is not there."""
    return lambda matrix, route: matrix.listing(route, action, filters, check)


def thing(action, kind, body=None, statuses=(200,), places=("A1", "A2", "B1")):
    return lambda matrix, route: matrix.thing(route, action, kind, body, statuses, places)


def making(action, body, places, refused, by_token=True):
    """@refused: how a place that is not there is; not @by_token: only in a session."""
    return lambda matrix, route: matrix.making(route, action, body, places, refused, by_token)


def deciding(places):
    """For all who may propose by its route; who gives and declines is decided where it is for."""
    body = {"decision": "decline", "reason": "y"}
    return lambda matrix, route: matrix.thing(route, "waive", "proposal", body, (200,), places,
                                              "propose_waiver")


def previewing(path="/v1/inventory/imports", file="inventory_file", action="mend_inventory"):
    return lambda matrix, route: matrix.previewing(route, path, file, action)


def report(device, _world):
    return device.body(fingerprint=device.machine)


def heartbeat(device, _world):
    device.sequence += 1
    return harness.heartbeat_body(device.id, "0" * 64, sequence=device.sequence, boot=device.boot,
                                  fingerprint=device.machine)


def enrolment(_device, world):
    return {"agent_version": "0.1.0", "role": "student", "device": harness.names("ynew"),
            "fingerprint": world.machine()}


def sum_of_devices(who, answer):
    """Numbers are of the sites that somebody sees: each site has another number of devices."""
    count = sum(n for site, n in N_DEVICES.items() if covers(who.place, site))
    told = answer.json
    if "totals" in told:
        assert told["totals"]["expected"] == count, (who.name, told["totals"])
    elif "total" in told:
        assert told["total"] == count, (who.name, told["total"])
    for row in told.get("waivers", []):
        # Each device has too little memory; those in conflict count for no waiver.
        assert (row["devices"] or 0) <= count, (who.name, row)
    for row in told.get("profiles", []):
        assert row["sites"] == sum(covers(who.place, site) for site in SITES), (who.name, row)


SCOPES = ("A1", "A2", "B1", "A", "B", "state", "missing")
SITE_PLACES = ("A1", "A2", "B1", "missing")
SITE_FILTER = ("site", lambda place: code_of(place, "site"))

ROUTES = {
    "POST /v1/enroll": by_key("enrolment", enrolment),
    "POST /v1/reports": by_key("device", report),
    "POST /v1/heartbeats": by_key("device", heartbeat),
    "GET /v1/profile": by_key("device", None),
    "POST /v1/device-key": by_key("device", None),
    "POST /v1/setup": anybody({}, 400),
    "POST /v1/invitation": anybody({}, 400),
    "POST /v1/session": anybody({}, 400),
    "GET /v1/session/ways": anybody(),
    "POST /v1/session/proxy": anybody(None, 401),
    "GET /v1/session/oidc": anybody(None, 404),
    "GET /v1/session/oidc/callback": anybody(None, 404),
    "GET /v1/session": alike("mend_self", 200),
    "DELETE /v1/session": alike("mend_self", 200, renew=True),
    "DELETE /v1/sessions": alike("mend_self", 200, renew=True),
    "PUT /v1/session/password": alike("mend_self", 400, 403, {}),
    "POST /v1/session/second-factor": alike("mend_self", 400, 403, {}),
    "PUT /v1/session/second-factor": alike("mend_self", 400, 403, {}),
    "DELETE /v1/session/second-factor": alike("mend_self", 400, 403, {}),
    "GET /v1/people": listing("see_people", [("code", lambda place: code_of(place, "site"))]),
    "GET /v1/people.csv": listing("see_people", [("code", lambda place: code_of(place, "site"))]),
    "GET /v1/people/review": listing("see_people"),
    "GET /v1/people/template.csv": listing("give_roles"),
    "POST /v1/people/import": making("give_roles", "people_file", SCOPES, 400),
    "POST /v1/people/renewal": making("give_roles", "renewal_body", ("A", "B", "missing"), 400),
    "GET /v1/people/:id": thing("see_people", "person"),
    "POST /v1/people": making("give_roles", "person_body", SCOPES, 403),
    "PATCH /v1/people/:id": thing("give_roles", "person", {"name": "Y other"}),
    "POST /v1/people/:id/invitation": thing("give_roles", "person"),
    "POST /v1/people/:id/renewal": thing("give_roles", "person"),
    "PUT /v1/people/:id/sign-on": thing("give_roles", "person", {"name": None}),
    "DELETE /v1/people/:id/second-factor": thing("give_roles", "person"),
    "GET /v1/overview": listing("see", check=sum_of_devices),
    "GET /v1/sites": listing("see"),
    "GET /v1/sites/:code": thing("see", "site"),
    "GET /v1/sites/:code/devices": thing("see", "site"),
    "GET /v1/sites/:code/devices.csv": thing("see", "site"),
    "GET /v1/sites/:code/devices.json": thing("see", "site"),
    "GET /v1/session/oidc": anybody(status=404),
    "GET /v1/session/oidc/callback": anybody(status=404),
    "GET /v1/inventory": listing("see"),
    "GET /v1/inventory.csv": listing("see"),
    "GET /v1/inventory/template.csv": listing("see"),
    "POST /v1/inventory/imports": previewing(),
    "POST /v1/inventory/imports/:id/commit": previewing(),
    "GET /v1/leas": listing("see"),
    "GET /v1/leas.csv": listing("see"),
    "GET /v1/leas/:code": thing("see", "lea", places=("A", "B")),
    "PATCH /v1/leas/:code": thing("mend_inventory", "lea", {"coordinator": {"name": "Y"}},
                                  places=("A", "B")),
    "PATCH /v1/sites/:code": thing("mend_inventory", "site", {"contacts": {"technology": None}}),
    "GET /v1/sites/template.csv": listing("see"),
    "POST /v1/sites/imports": previewing("/v1/sites/imports", "site_file", "mend_sites"),
    "POST /v1/sites/imports/:id/commit": previewing("/v1/sites/imports", "site_file", "mend_sites"),
    "GET /v1/rooms/template.csv": listing("see"),
    "POST /v1/rooms/imports": previewing("/v1/rooms/imports", "room_file"),
    "POST /v1/rooms/imports/:id/commit": previewing("/v1/rooms/imports", "room_file"),
    "GET /v1/sites/:code/inventory": thing("see", "site"),
    "GET /v1/sites/:code/inventory.csv": thing("see", "site"),
    "GET /v1/devices": listing("see", [SITE_FILTER], sum_of_devices),
    "GET /v1/devices.csv": listing("see", [SITE_FILTER]),
    "GET /v1/devices.json": listing("see", [SITE_FILTER]),
    "GET /v1/devices/:id": thing("see", "device"),
    "POST /v1/devices/:id/placements": thing("mend_inventory", "unplaced",
                                             {"kind": "move", "room": "Yroom"}),
    "DELETE /v1/devices/:id/placements/:number": thing("mend_inventory", "placed"),
    "GET /v1/conflicts": listing("see"),
    "GET /v1/conflicts/:id": thing("see", "conflict"),
    "POST /v1/conflicts/:id/resolution": thing("mend_devices", "conflict", {"resolution": "ignore"}),
    "DELETE /v1/conflicts/:id/resolution": thing("mend_devices", "settled"),
    "GET /v1/profiles": listing("see", check=sum_of_devices),
    "GET /v1/profiles/:id": listing("see", [SITE_FILTER]),
    "GET /v1/profiles/:id/versions": listing("see"),
    "GET /v1/waivers": listing("see", check=sum_of_devices),
    "POST /v1/waivers": making("propose_waiver", "waiver_body", SCOPES, 400),
    "POST /v1/waivers/:id/decision": deciding(("A1", "A2", "B1", "A", "B")),
    "DELETE /v1/waivers/:id": thing("waive", "waiver", places=("A1", "A2", "B1", "A", "B", "state")),
    "GET /v1/tokens": listing("see_people"),
    "POST /v1/tokens": making("give_roles", "token_body", SCOPES, 403, by_token=False),
    "DELETE /v1/tokens/:id": thing("give_roles", "token", places=("A1", "A2", "B1", "A", "state")),
    "GET /v1/enrollment-keys": listing("see_keys", [SITE_FILTER]),
    "POST /v1/enrollment-keys": making("give_keys", "key_body", SITE_PLACES, 400),
    "DELETE /v1/enrollment-keys/:id": thing("give_keys", "key"),
    "GET /v1/audit": listing("see_audit", [("object", lambda place: code_of(place, "site"))]),
    "GET /v1/audit.csv": listing("see_audit"),
    "GET /v1/openapi.json": anybody(),
    "GET /healthz": anybody(),
    "GET /readyz": anybody(),
    "GET /metrics": listing("operate"),
}


def code_of(place, scope):
    return MISSING[scope] if place == "missing" else PLACES[place][1]


def served():
    """What `serve --print-routes` lists: method, path, who and for what."""
    program = os.path.join(harness.BUILD, "testready-collector")
    out = subprocess.run([program, "serve", "--print-routes"], check=True, text=True,
                         capture_output=True).stdout
    return [tuple(line.split()[:3]) for line in out.splitlines()]


class Matrix:
    def __init__(self, world):
        self.world = world
        self.routes = self.asked = self.allowed = self.refused = 0
        self.surprises = []
        self.spare = {}  # (kind, place) → ids of things that nobody changed yet
        self.staff = []
        for name in ACCOUNTS:
            session = world.sign_in(name)
            self.staff += [session, world.token_of(session)]
        world.end_roles("without_roles")
        for who in self.staff:
            if who.name == "without_roles":
                who.role = who.place = None
        device = world.devices["A1"][0]
        self.strangers = [
            Somebody(world, "nobody", "nothing"),
            Somebody(world, "device", "key", key=device.key),
            Somebody(world, "enrolment", "key", key=world.key_of("A1")),
        ]
        world.settle()

    def everybody(self):
        return self.staff + self.strangers

    def ask(self, who, route, path, body, expected, place=None, **fields):
        """Count what came of it: @expected are the statuses that the documents let one expect."""
        answer = who.ask(route[0], path, body, **fields)
        self.asked += 1
        if answer.status < 300 or answer.status not in (401, 403, 404):
            self.allowed += 1
        else:
            self.refused += 1
        if answer.status not in expected:
            self.surprise(who, route, place, f"{answer.status}, not {expected}: {answer.body[:160]}")
        elif answer.status == 401:
            self.check(who, route, place, "www-authenticate" in answer.headers, "tells no way in")
        return answer

    def surprise(self, who, route, place, what):
        self.surprises.append(f"{' '.join(route[:2])} of {place} for {who}: {what}")

    def check(self, who, route, place, holds, what):
        if not holds:
            self.surprise(who, route, place, what)

    def check_sight(self, who, route, action, answer, place=None):
        """Nothing of a place that somebody does not see is in an answer."""
        text = answer.body.decode()
        for kind, at, mark in self.world.marks:
            if mark in text and not knows(who, action, kind, at):
                self.surprise(who, route, place, f"told of the {kind} {mark} at {at}")
                return

    def refuse_strangers(self, route, path, body):
        for who in self.strangers:
            self.ask(who, route, path, body, (401,))

    # --- kinds of routes ---

    def anybody(self, route, body, status):
        for who in self.everybody():
            self.ask(who, route, route[1], body, (status,))

    def by_key(self, route, kind, body):
        device = self.world.devices["A1"][0]
        for who in self.everybody():
            said = body(device, self.world) if body else None
            self.ask(who, route, route[1], said, (200,) if who.name == kind else (401,))

    def alike(self, route, action, session, token, body, renew):
        for at, who in enumerate(self.staff):
            expected = session if who.kind == "session" else token
            allowed = action in ACTIONS[who.role]
            self.ask(who, route, route[1], body, (expected,) if allowed else (403,))
            if allowed and renew:
                for other in (at, at - 1):
                    if self.staff[other].kind == "session" and self.staff[other].name == who.name:
                        self.staff[other] = self.world.sign_in(who.name)
        self.refuse_strangers(route, route[1], body)

    def listing(self, route, action, filters, check):
        path = route[1].replace(":id", "example")
        for who in self.staff:
            allowed = action in ACTIONS[who.role]
            answer = self.ask(who, route, path, None, (200,) if allowed else (403,))
            if not allowed:
                continue
            self.check_sight(who, route, action, answer)
            if check:
                try:
                    check(who, answer)
                except AssertionError as error:
                    self.surprise(who, route, None, str(error))
            for name, value in filters:
                self.filtered(who, route, action, path, name, value)
        self.refuse_strangers(route, path, None)

    def filtered(self, who, route, action, path, name, value):
        """A filter of something foreign is answered as one of something that is not there."""
        def asked(place):
            answer = self.ask(who, route, f"{path}?{name}={value(place)}", None, (200, 400, 404), place)
            return answer, told(answer, value(place))

        _, missing = asked("missing")
        for place in ("A1", "A2", "B1"):
            answer, seen = asked(place)
            if may(who, action, place):
                self.check(who, route, place, answer.status == 200, "its own is refused")
                self.check_sight(who, route, action, answer, place)
            else:
                self.check(who, route, place, seen == missing, f"{seen} is not as {missing}")

    def id_of(self, kind, place):
        if kind in ("site", "lea"):
            return code_of(place, kind)
        if place == "missing":
            return "0" * 12 if kind == "key" else NOBODYS
        made = self.spare.setdefault((kind, place), [])
        if not made:
            made.append(self.world.make(kind, place)["id"])
        return made[-1]

    def thing(self, route, action, kind, body, statuses, places, enters=None):
        """@enters: with which action one gets as far as the thing, where that is not @action."""
        turns = [(who, place) for who in self.staff for place in (*places, "missing")]
        cases = [(who, place, self.expected(who, action, kind, place, statuses, enters))
                 for who, place in turns]
        ids = {(kind, place): self.id_of(kind, place) for place in (*places, "missing")}
        self.world.settle()
        before = self.world.dump()
        sentences = {}
        for who, place, expected in cases:
            if expected == statuses:
                continue
            answer = self.ask_thing(who, route, ids[kind, place], body, expected, place)
            if answer.status == 404:
                sentences.setdefault(str(who), set()).add(told(answer, ids[kind, place]))
        self.refuse_strangers(route, path_to(route, ids[kind, places[0]]), body)
        self.compare(route, before)
        for who, said in sentences.items():
            if len(said) != 1:
                self.surprises.append(f"{route}: {who} can tell what is foreign by {said}")
        self.allowed_things(route, action, kind, body, statuses, cases)

    def allowed_things(self, route, action, kind, body, statuses, cases):
        for who, place, expected in cases:
            if expected != statuses:
                continue
            answer = self.ask_thing(who, route, self.id_of(kind, place), body, expected, place)
            # A site or LEA that was changed is shown as it is to whoever sees it.
            sees = "see" if kind in ("site", "lea") else action
            self.check_sight(who, route, sees, answer, place)
            if route[0] != "GET" and answer.status == 200:
                self.spare.get((kind, place), [None]).pop()

    def ask_thing(self, who, route, thing_id, body, expected, place):
        fields = {}
        if route[0] == "PATCH":
            shown = self.world.root.ask("GET", path_to(route, thing_id))
            fields["If_Match"] = f'"{shown.json.get("version", "0" * 16)}"'
        if "/placements" in route[1]:
            shown = self.world.root.ask("GET", f"/v1/devices/{thing_id}")
            fields["If_Match"] = f'"{shown.json.get("place_version", "0" * 16)}"'
        return self.ask(who, route, path_to(route, thing_id), body, expected, place, **fields)

    @staticmethod
    def expected(who, action, kind, place, statuses, enters=None):
        if (enters or action) not in ACTIONS[who.role]:
            return (403,)
        if place == "missing" or not knows(who, SEES[kind], kind, place):
            return (404,)
        # An LEA is shown to who sees a site of it.
        is_shown = kind == "lea" and action == "see"
        return statuses if may(who, action, place) or is_shown else (403,)

    def making(self, route, action, body, places, refused, by_token):
        def said(place):
            return getattr(self.world, body)(place, f"Ynew{next(self.world.numbers)}")

        self.world.settle()
        before = self.world.dump()
        by_site = any(place in SITES for place in places)
        for who in self.staff:
            missing = None
            for place in reversed(places):
                if action not in ACTIONS[who.role] or (who.kind == "token" and not by_token):
                    self.ask(who, route, route[1], said(place), (403,), place)
                elif place == "missing" or not may(who, action, place):
                    # An admin is told that there is none, who may at every place.
                    statuses = (400,) if who.place == "state" else (refused, 403)
                    answer = self.ask(who, route, route[1], said(place), statuses, place)
                    found = told(answer, code_at(place, by_site))
                    if place == "missing":
                        missing = found
                    elif (place in SITES or not by_site) and found != missing:
                        self.surprise(who, route, place, f"{found} is not as {missing}")
        self.refuse_strangers(route, route[1], said(places[0]))
        self.compare(route, before)
        for who in self.staff:
            for place in places:
                if place != "missing" and may(who, action, place) \
                        and (who.kind == "session" or by_token):
                    self.ask(who, route, route[1], said(place), (200,), place)

    def previewing(self, route, previews, file, action):
        """A file for a site: shown, then loaded by its id; for a foreign one as for none at all."""
        is_commit = ":id" in route[1]
        files = {place: getattr(self.world, file)(place) for place in SITE_PLACES}
        ids = {place: self.world.root.ask("POST", previews, text).json["id"]
               for place, text in files.items()}
        before = self.world.dump()
        for who in self.staff:
            said = {}
            for place in reversed(SITE_PLACES):
                path = path_to(route, ids[place] or "0" * 64)
                if action not in ACTIONS[who.role]:
                    self.ask(who, route, path, files[place], (403,), place)
                elif place == "missing" or not may(who, action, place):
                    answer = self.ask(who, route, path, files[place], (200, 400, 409), place)
                    said[place] = told(answer, code_at(place))
                    self.check(who, route, place, said[place] == said["missing"], "told of")
        self.refuse_strangers(route, path_to(route, "0" * 64), files["A1"])
        self.compare(route, before)
        for who in self.staff:
            for place in SITE_PLACES[:-1]:
                if may(who, action, place):
                    # What was loaded is another change the next time.
                    shown = self.world.root.ask("POST", previews, files[place])
                    answer = self.ask(who, route, path_to(route, shown.json["id"]), files[place],
                                      (200,), place)
                    self.check_sight(who, route, "see", answer, place)
                    self.check(who, route, place, answer.json["is_loaded"] == is_commit,
                               "is loaded" if answer.json["is_loaded"] else "is not loaded")

    def compare(self, route, before):
        """What was refused changed nothing."""
        after = self.world.dump()
        for table, rows in before.items():
            if after[table] != rows:
                self.surprises.append(f"{' '.join(route[:2])}: refused, and changed {table}")


def path_to(route, thing_id):
    return re.sub(r":\w+", thing_id, route[1].replace(":number", "1"))


def told(answer, name):
    """What an answer says, without the name that was asked for and the time."""
    text = answer.body.decode()
    if answer.type.startswith("text/csv"):
        return answer.status, text
    told_json = json.loads(text)
    told_json.pop("as_of", None)
    text = json.dumps(told_json, sort_keys=True)
    text = re.sub(r"(?i)ynew\d+", "NEW", text)
    return answer.status, text.replace(name, "NAME") if name else text


def test_every_route_is_open_to_whom_the_documents_say_and_to_nobody_else(world):
    routes = served()
    unknown = sorted(f"{method} {path}" for method, path, _ in routes
                     if f"{method} {path}" not in ROUTES)
    assert not unknown, f"say in ROUTES how these are filled and who may: {unknown}"
    matrix = Matrix(world)
    for route in sorted(routes, key=lambda route: route[0] != "GET"):  # before devices are more
        ROUTES[f"{route[0]} {route[1]}"](matrix, route)
        matrix.routes += 1
    print(f"matrix: {matrix.routes} routes, {matrix.asked} combinations, {matrix.allowed} allowed, "
          f"{matrix.refused} refused, {len(matrix.surprises)} surprises")
    assert not matrix.surprises, "\n".join(matrix.surprises[:40])


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_what_the_matrix_knows_is_served(route):
    assert route in {f"{method} {path}" for method, path, _ in served()}


@pytest.mark.parametrize("state", ["proposed", "moot", "declined", "all"])
def test_what_is_proposed_is_told_to_who_may_propose_there(world, state):
    matrix, route = Matrix(world), ("GET", f"/v1/waivers?limit=500&state={state}")
    proposals = [(at, mark) for kind, at, mark in world.marks if kind == "proposal"]
    for who in matrix.staff:
        allowed = "see" in ACTIONS[who.role]
        text = matrix.ask(who, route, route[1], None, (200,) if allowed else (403,)).body.decode()
        for at, mark in proposals:
            if not may(who, "propose_waiver", at):
                matrix.check(who, route, at, mark not in text, f"told of {mark}")
            elif state == "all":
                matrix.check(who, route, at, mark in text, f"not told of {mark}")
    assert not matrix.surprises, "\n".join(matrix.surprises)
