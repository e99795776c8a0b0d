# SPDX-License-Identifier: Apache-2.0
"""Batteries and mains, by what supplies of real machines and odd ones say of themselves."""
import glob
import os
import re

import machines
import pytest
from machines import facts_of_devices

UPOWER = sorted(glob.glob(os.path.join(machines.SHARED, "other/*upower*.txt")))


def supply(name, **properties):
    return [f"P: /devices/acpi/{name}/power_supply/{name}", "E: SUBSYSTEM=power_supply"] + \
        [f"E: POWER_SUPPLY_{key}={value}" for key, value in properties.items()]


def power(folder, *supplies):
    return facts_of_devices(supplies, folder)["power"]


def battery(folder, **properties):
    found, = power(folder, supply("BAT0", TYPE="Battery", **properties))["batteries"]
    return found


@pytest.mark.parametrize("online, source", [("1", "mains"), ("0", "battery"), (None, None)])
def test_mains_that_do_not_say_whether_they_are_plugged_in_say_nothing(online, source, tmp_path):
    mains = supply("AC", TYPE="Mains", **({"ONLINE": online} if online else {}))
    facts = power(tmp_path, mains, supply("BAT0", TYPE="Battery", STATUS="Full"))
    assert facts["source"] == source or (not source and "unknown" in facts["source"])


@pytest.mark.parametrize("properties, percent", [
    ({"CAPACITY": 61, "ENERGY_NOW": 1, "ENERGY_FULL": 100}, 61),
    ({"ENERGY_NOW": 24645000, "ENERGY_FULL": 54000000}, 45),
    ({"CHARGE_NOW": 2999, "CHARGE_FULL": 3000}, 99),
    ({"CHARGE_NOW": 0, "CHARGE_FULL": 3000}, 0),
    ({"ENERGY_NOW": 10, "CHARGE_FULL": 20}, None),
    ({"ENERGY_NOW": 10, "ENERGY_FULL": 0}, None),
    ({"ENERGY_NOW": -5, "ENERGY_FULL": 100}, None),
    ({"ENERGY_NOW": 10, "ENERGY_FULL": "many"}, None),
    ({"ENERGY_NOW": 9223372036854775807, "ENERGY_FULL": 9223372036854775807}, None),
    ({"CAPACITY": 130}, None)])
def test_a_charge_that_is_not_told_is_that_of_what_is_left(properties, percent, tmp_path):
    found = battery(tmp_path, STATUS="Discharging", **properties)["percent"]
    assert found == percent or (percent is None and "unknown" in found)


def test_a_battery_that_does_not_know_says_0_and_unknown(tmp_path):
    found = battery(tmp_path, STATUS="Unknown", CAPACITY=0)
    assert "no status" in found["percent"]["unknown"]
    assert "unknown" in found["status"]
    assert battery(tmp_path, STATUS="Unknown", CAPACITY=99)["percent"] == 99
    assert battery(tmp_path, STATUS="Discharging", CAPACITY=0)["percent"] == 0


def test_the_battery_of_a_mouse_is_not_the_devices(tmp_path):
    facts = power(tmp_path, supply("hidpp_battery_0", TYPE="Battery", SCOPE="Device", CAPACITY=5,
                                   STATUS="Discharging"))
    assert facts == {"batteries": [], "source": "mains"}
    facts = power(tmp_path, supply("BAT0", TYPE="Battery", SCOPE="System", CAPACITY=5,
                                   STATUS="Discharging"))
    assert [b["percent"] for b in facts["batteries"]] == [5] and facts["source"] == "battery"


def number(text, name):
    """A value of `upower -i`, which writes numbers as the language has them."""
    found = re.search(rf"^ +{name}: +([\d,.]+)", text, re.M)
    return float(found.group(1).replace(",", "."))


@pytest.mark.skipif(not UPOWER, reason="what upower says of real batteries is not here")
@pytest.mark.parametrize("path", UPOWER, ids=[os.path.basename(p) for p in UPOWER])
def test_real_batteries_are_as_full_and_as_worn_as_upower_says(path, tmp_path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    state = re.search(r"state: +(\S+)", text).group(1)
    energy = {key: round(number(text, name) * 1e6) for key, name in (
        ("ENERGY_NOW", "energy"), ("ENERGY_FULL", "energy-full"),
        ("ENERGY_FULL_DESIGN", "energy-full-design"))}
    status = {"fully-charged": "Full"}.get(state, state.capitalize())
    found = battery(tmp_path, STATUS=status, CAPACITY=int(number(text, "percentage")), **energy)
    assert found["status"] == status.lower()
    assert found["percent"] == number(text, "percentage")
    # upower calls it capacity.
    worn = 100 * energy["ENERGY_FULL"] // energy["ENERGY_FULL_DESIGN"]
    assert found["health_percent"] == worn
    assert "N/A" in text or worn == int(number(text, "capacity"))
