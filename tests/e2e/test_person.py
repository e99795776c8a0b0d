# SPDX-License-Identifier: Apache-2.0
"""Accounts on the command line of the collector's machine, beside a collector that serves."""
import json
import sqlite3

import pytest
from harness import LEA, SITE

PASSWORD = "correct horse battery"
ROLE = ("--role", "viewer", "--site", SITE)


@pytest.fixture
def idle(new_collector):
    return new_collector()


def run(collector, *words, status=0):
    done = collector.run("person", *words, "--store", collector.store, check=False)
    assert done.returncode == status, (words, done.stdout, done.stderr)
    return done.stdout if status == 0 else done.stderr


def code(told):
    line = next(line for line in told.splitlines() if line.startswith("/invitation#"))
    return line.removeprefix("/invitation#")


def people(collector, *words):
    told = json.loads(run(collector, "list", "--json", *words))["people"]
    return {person["login"]: person for person in told}


def status(collector, path, body):
    return collector.post(path, body, None).status


def test_somebody_added_here_chooses_a_password_and_signs_in(collector):
    told = run(collector, "add", "Ada", "--name", "Ada Kim", "--admin")
    assert people(collector)["ada"]["state"] == "invited"
    assert status(collector, "/v1/invitation", {"code": code(told), "password": PASSWORD}) == 200
    assert status(collector, "/v1/session", {"login": "ada", "password": PASSWORD}) == 200
    assert people(collector)["ada"]["state"] == "active"
    assert "ada  Ada Kim  active  until" in run(collector, "list")
    assert people(collector)["ada"]["created_by"].endswith("(command line)")


def test_an_invitation_here_helps_who_forgot_the_password(collector):
    first = code(run(collector, "add", "rosa", "--name", "Rosa", *ROLE))
    second = code(run(collector, "invite", "ROSA"))
    assert status(collector, "/v1/invitation", {"code": first, "password": PASSWORD}) == 403
    assert status(collector, "/v1/invitation", {"code": second, "password": PASSWORD}) == 200


def test_an_account_is_disabled_and_enabled(collector):
    made = code(run(collector, "add", "rosa", "--name", "Rosa", *ROLE))
    asked = {"login": "rosa", "password": PASSWORD}
    assert status(collector, "/v1/invitation", {"code": made, "password": PASSWORD}) == 200
    run(collector, "disable", "rosa")
    assert status(collector, "/v1/session", asked) == 403
    assert list(people(collector, "--state", "disabled")) == ["rosa"]
    assert "disabled" in run(collector, "invite", "rosa", status=1)
    run(collector, "enable", "rosa")
    assert status(collector, "/v1/session", asked) == 200


def test_roles_are_given_and_taken(idle):
    run(idle, "add", "rosa", "--name", "Rosa", *ROLE)
    run(idle, "grant", "rosa", "--role", "tech_coordinator", "--lea", LEA["code"])
    assert [g["role"] for g in people(idle)["rosa"]["grants"]] == ["tech_coordinator", "viewer"]
    run(idle, "ungrant", "rosa", *ROLE)
    assert "does not have" in run(idle, "ungrant", "rosa", *ROLE, status=1)
    assert people(idle)["rosa"]["grants"] == [
        {"role": "tech_coordinator", "scope": "lea", "code": LEA["code"]}]
    assert list(people(idle, "--role", "viewer")) == []
    assert list(people(idle, "--code", LEA["code"])) == ["rosa"]


def test_the_list_says_whom_an_account_awaits_and_why_to_look_at_it(idle):
    run(idle, "add", "rosa", "--name", "Rosa", *ROLE)
    run(idle, "sign-on", "rosa", "--name", "rosa@example.org")
    assert "\n  single sign-on: awaits rosa@example.org\n" in run(idle, "list")
    assert "\n  look at it: never_signed_in, no_second_factor\n" in run(idle, "list", "--review")
    assert "look at it" not in run(idle, "list")
    assert run(idle, "list", "--role", "admin") == "None.\n"


def test_renewal_is_of_one_account_or_of_all_of_an_lea(idle):
    for login, role in (("a", ROLE), ("b", ("--role", "lea_coordinator", "--lea", LEA["code"])),
                        ("c", ("--role", "viewer", "--state")), ("d", ROLE)):
        run(idle, "add", login * 2, "--name", login, *role)
    run(idle, "disable", "dd")
    with sqlite3.connect(idle.store) as store:
        store.execute("UPDATE account SET good_until = '2020-06-30'")
    assert run(idle, "renew", "--all-of-lea", LEA["code"]) == "Renewed 2 accounts.\n"
    assert list(people(idle, "--state", "expired")) == ["cc"]
    run(idle, "renew", "cc")
    assert list(people(idle, "--state", "expired")) == []
    assert people(idle)["dd"]["good_until"] == "2020-06-30"


def test_the_last_admin_is_not_disabled_here_either(idle):
    run(idle, "add", "ada", "--name", "Ada", "--admin")
    assert "last admin" in run(idle, "disable", "ada", status=1)
    assert "last admin" in run(idle, "ungrant", "ada", "--role", "admin", "--state", status=1)


@pytest.mark.parametrize("words, why", [
    (("add", "rosa", "--name", "Rosa"), "give --role"),
    (("add", "rosa", *ROLE), "--name"),
    (("add", "rosa", "--name", "Rosa", *ROLE, "--state"), "one of --state"),
    (("add", "rosa", "--name", "Rosa", "--role", "boss", "--state"), "no role 'boss'"),
    (("renew",), "LOGIN or --all-of-lea"),
    (("renew", "rosa", "--all-of-lea", "1"), "LOGIN or --all-of-lea"),
    (("disable",), "LOGIN"),
    (("list", "--state", "asleep"), "state is active, invited, expired or disabled, not 'asleep'"),
    (("list", "--role", "king"), "site_coordinator or viewer, not 'king'"),
    (("add", "rosa", "--name", "Rosa Diaz", "--admin", "--site", SITE), "--admin is a role of the whole state"),
    (("add", "rosa", "--name", "Rosa Diaz", "--admin", "--lea", "0199001"), "leave out --role"),
    (("add", "rosa", "--name", "Rosa Diaz", "--admin", "--role", "viewer", "--state"), "leave out --role"),
])
def test_a_wrong_line_is_told_and_changes_nothing(idle, words, why):
    assert why in run(idle, *words, status=3)
    assert people(idle) == {}


@pytest.mark.parametrize("words, why", [
    (("add", "r o", "--name", "Rosa", *ROLE), "A login is made of"),
    (("add", "rosa", "--name", " ", *ROLE), "person's name"),
    (("add", "rosa", "--name", "R", "--role", "viewer", "--site", "nowhere"), "no site"),
    (("add", "rosa", "--name", "R", "--role", "admin", "--site", SITE), None),
    (("disable", "nobody"), "no account 'nobody'"),
    (("renew", "--all-of-lea", "nowhere"), "no LEA"),
])
def test_what_cannot_be_is_refused_and_changes_nothing(idle, words, why):
    told = run(idle, *words, status=1 if why else 3)
    assert why is None or why in told
    assert people(idle) == {}
