# SPDX-License-Identifier: Apache-2.0
"""The key of a device is replaced in time, and no moment of that leaves it without one."""
import datetime
import json
import os

import pytest
from harness import collector  # noqa: F401  a fixture
from lab import Machine


def identity(machine):
    with open(os.path.join(machine.state, "identity.json"), encoding="utf-8") as file:
        return json.load(file)


def set_age(machine, days):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
    said = dict(identity(machine), key_at=at.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    with open(os.path.join(machine.state, "identity.json"), "w", encoding="utf-8") as file:
        json.dump(said, file)


@pytest.fixture
def machine(tmp_path, collector):
    machine = Machine(tmp_path, 1)
    machine.configure(collector.url, collector.enrollment_key())
    machine.run("enroll")
    assert machine.report().returncode == 0
    return machine


def test_a_key_of_a_season_is_replaced_and_the_old_one_ends_once_the_new_one_was_used(
        collector, machine):
    old = identity(machine)
    set_age(machine, 89)
    machine.report()
    assert identity(machine)["device_key"] == old["device_key"]

    set_age(machine, 91)
    machine.report()
    new = identity(machine)
    assert new["device_key"] != old["device_key"] and new["device_id"] == old["device_id"]
    assert new["key_at"] > old["key_at"] and new["enrolled_at"] == old["enrolled_at"]
    # Nobody has used the new one, which may have been lost.
    assert collector.request("GET", "/v1/profile", key=old["device_key"]).status == 200

    assert machine.report().returncode == 0
    assert identity(machine)["device_key"] == new["device_key"]
    assert collector.request("GET", "/v1/profile", key=old["device_key"]).status == 401


def test_a_lost_answer_leaves_the_old_key_in_use(collector, machine):
    set_age(machine, 91)
    old = identity(machine)["device_key"]
    done = collector.post("/v1/device-key", "", old)
    assert done.status == 200 and done.json["device_key"] != old
    # That answer is lost; the device goes on as before, and asks again.
    assert machine.report().returncode == 0
    assert identity(machine)["device_key"] not in (old, done.json["device_key"])
    assert machine.report().returncode == 0


def test_a_clock_that_was_set_back_replaces_no_key(machine):
    set_age(machine, -1000)
    before = identity(machine)["device_key"]
    assert machine.report().returncode == 0
    assert identity(machine)["device_key"] == before


def test_a_key_that_two_machines_may_use_is_kept_for_another_season(tmp_path, collector, machine):
    twin = Machine(tmp_path, 2, disk=machine, like=machine)
    for each in (machine, twin, machine, twin):
        each.write("etc/os-release", f"ID=ubuntu\nPRETTY_NAME={os.urandom(4).hex()}")
        each.report()
    conflict, = json.loads(collector.command("conflict", "list", "--json"))["conflicts"]
    collector.command("conflict", "resolve", conflict["id"], "--as", "ignore")

    set_age(machine, 91)
    before = identity(machine)
    assert "key" not in machine.report().stderr
    assert identity(machine)["device_key"] == before["device_key"]
    assert identity(machine)["key_at"] > before["key_at"]
    assert twin.report().returncode == 0
