# SPDX-License-Identifier: Apache-2.0
"""One disk, copied to a lab: with the real agent and the real collector.

Each machine has a folder of its own with what its maker wrote into it; the state
folder of the first, identity and key and numbers, is copied to all of them.
"""
import json
import os
import shutil

import harness
import pytest
from harness import collector  # noqa: F401  a fixture
from lab import Machine

MACHINES = 30


@pytest.fixture
def first(tmp_path, collector):
    machine = Machine(tmp_path, 1)
    key = collector.enrollment_key()
    machine.configure(collector.url, key)
    machine.run("enroll")
    assert machine.report().returncode == 0
    return machine


def states(collector):
    return {state: n for state, n in
            collector.get(f"/v1/sites/{harness.SITE}").json["states"].items() if n}


def conflicts(collector, *more):
    return json.loads(collector.command("conflict", "list", "--json", *more))["conflicts"]


def test_thirty_machines_with_one_disk_are_thirty_devices_and_no_conflict(tmp_path, collector,
                                                                         first):
    machines = [first]
    for number in range(2, MACHINES + 1):
        copy = Machine(tmp_path, number, disk=first)
        shutil.copytree(os.path.join(first.root, "etc/testready"),
                        os.path.join(copy.root, "etc/testready"))
        machines.append(copy)
    for machine in machines:
        assert machine.report().returncode == 0
    for machine in reversed(machines):
        assert machine.report().returncode == 0

    assert len({machine.device_id for machine in machines}) == MACHINES
    assert sum(states(collector).values()) == MACHINES
    assert "conflict" not in states(collector) and "never_seen" not in states(collector)
    assert conflicts(collector) == []
    # Each says which one its disk was, and the one that it was is untouched.
    original = collector.get(f"/v1/devices/{first.device_id}").json
    assert original["names"]["serial"] == "SERIAL1"


@pytest.fixture
def twins(tmp_path, collector, first):
    """Two machines that nothing tells apart, with one key, as virtual machines are copied."""
    twin = Machine(tmp_path, 2, disk=first, like=first)
    for machine in (first, twin, first, twin):
        # What is the same is not sent again; a change is.
        machine.write("etc/os-release", f"ID=ubuntu\nPRETTY_NAME={os.urandom(4).hex()}")
        machine.report()
    return first, twin


def test_two_machines_that_are_alike_with_one_key_are_one_conflict(collector, twins):
    found, = conflicts(collector)
    assert found["device"]["id"] == twins[0].device_id == twins[1].device_id
    assert "used by two machines that are alike" in found["explanation"]
    assert states(collector) == {"conflict": 1}
    site = collector.get(f"/v1/sites/{harness.SITE}").json
    assert site["ready"] == 0


@pytest.mark.parametrize("resolution", ["two_devices", "repaired", "ignore"])
def test_a_conflict_is_resolved_and_the_resolution_taken_back(collector, twins, resolution):
    found, = conflicts(collector)
    before = states(collector)
    collector.command("conflict", "resolve", found["id"], "--as", resolution)
    assert conflicts(collector) == []
    assert "conflict" not in states(collector)

    collector.command("conflict", "undo", found["id"])
    again, = conflicts(collector)
    assert again["id"] == found["id"]
    assert states(collector) == before


def test_told_that_they_are_two_both_enrol_and_both_count(collector, twins):
    found, = conflicts(collector)
    collector.command("conflict", "resolve", found["id"], "--as", "two_devices")
    for machine in twins:
        machine.report()
        machine.report()
    assert twins[0].device_id != twins[1].device_id
    assert conflicts(collector) == []
    assert sum(states(collector).values()) == 2 and "conflict" not in states(collector)
