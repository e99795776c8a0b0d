# SPDX-License-Identifier: Apache-2.0
"""Every number equals the rows of its link."""
import urllib.parse

import harness
import pytest
from harness import SITE, SITE_INVENTORY, SITE_NO_WINDOW
from waivers import waive, wait_until_judged

READY = "ready,ready_with_warnings"
FRESH = "ready,ready_with_warnings,not_ready,unknown"


def rows(collector, code, **query):
    path = f"/v1/sites/{code}/devices?limit=2&{urllib.parse.urlencode(query)}"
    return collector.pages(path, "devices")


def check_site(collector, code):
    site = collector.get(f"/v1/sites/{code}").json

    def count(**query):
        return len(rows(collector, code, **query))

    assert site["expected"] == count(expected="true")
    assert site["unexpected"] == count(expected="false")
    assert site["ready"] == count(state=READY, expected="true")
    assert site["fresh"] == count(state=FRESH, expected="true")
    assert sum(site["states"].values()) == site["expected"]
    for state, number in site["states"].items():
        assert number == count(state=state, expected="true"), state
    tiles = site["tiles"]
    assert tiles["ready"] == count(state=READY, expected="true")
    assert tiles["needs_work"] == count(state="not_ready", expected="true")
    assert tiles["unknown_or_stale"] == count(state="unknown,stale,never_seen,conflict",
                                              expected="true")
    assert tiles["waived"] == count(state=READY, expected="true", waived="true")
    assert tiles["ready"] - tiles["waived"] == count(state=READY, expected="true", waived="false")
    if site["profile"]:
        assert site["browser_current"] == count(passes="browser.version", expected="true")
        assert site["browser_expected"] - site["browser_current"] == count(requirement="browser.version",
                                                                  expected="true")
    for fix in site["fixes"]:
        found = rows(collector, code, fix=fix["id"], expected="true")
        assert fix["devices"] == len(found), fix["id"]
        assert fix["rooms"] == sorted({row["room"] for row in found}), fix["id"]
        assert fix["minutes"] == fix["devices"] * fix["minutes_each"]
        for room in fix["rooms"]:
            assert len(rows(collector, code, fix=fix["id"], expected="true", room=room)) == \
                sum(row["room"] == room for row in found)
    for room in site["rooms"]:
        assert room["expected"] == count(room=room["room"], expected="true"), room
        assert room["ready"] == count(room=room["room"], expected="true", state=READY), room
    assert sum(room["expected"] for room in site["rooms"]) == site["expected"]
    return site


def check_all(collector):
    sites = {code: check_site(collector, code) for code in (SITE, SITE_INVENTORY, SITE_NO_WINDOW)}
    overview = collector.get("/v1/overview").json
    totals = overview["totals"]
    assert totals["sites"] == 3
    for name in ("expected", "ready", "fresh", "unexpected"):
        assert totals[name] == sum(site[name] for site in sites.values()), name
    for summary in overview["sites"]:
        shown = sites[summary["code"]]
        assert summary == {name: shown[name] for name in summary}
    return sites


REPORTS = [
    harness.facts(),
    harness.facts(browser__installs=[]),
    harness.facts(browser__installs=harness.OLD_BROWSER, memory__total_mib=512),
    harness.facts(browser__installs=harness.UNKNOWN),
    harness.facts(audio__headphones="absent"),
    harness.facts(display=harness.UNKNOWN, audio__headphones="absent"),
    harness.facts(input__keyboards=[], input__pointers=[]),
]


@pytest.fixture
def filled(collector):
    key = collector.enrollment_key(SITE)
    collector.devices = [collector.enroll(key, host_name=f"free-{i}") for i in range(9)]
    key = collector.enrollment_key(SITE_INVENTORY)
    for host in ("lab-1", "lab-2", "lab-4", "lab-5", "visitor"):
        collector.devices.append(collector.enroll(key, host_name=host))
    collector.devices.append(collector.enroll(key, role="ta", host_name="office-1"))
    collector.devices.append(collector.enroll(collector.enrollment_key(SITE_NO_WINDOW)))
    return collector


def test_numbers_equal_rows_before_any_report(collector):
    sites = check_all(collector)
    assert sites[SITE_INVENTORY]["expected"] == 6
    assert sites[SITE_INVENTORY]["states"]["never_seen"] == 6


def test_numbers_equal_rows_through_every_change(filled):
    for turn in range(3):
        for i, device in enumerate(filled.devices):
            if i % 4 != turn:
                device.report(REPORTS[(i + turn) % len(REPORTS)])
        sites = check_all(filled)
    assert sites[SITE]["fixes"] and sites[SITE_INVENTORY]["fixes"]
    assert sites[SITE_INVENTORY]["unexpected"] == 1


def test_numbers_equal_rows_after_the_requirements_change(filled):
    for i, device in enumerate(filled.devices):
        device.report(REPORTS[i % len(REPORTS)])
    with open(harness.PROFILE, encoding="utf-8") as file:
        text = file.read().replace('"at_least": 1792', '"at_least": 16384')
    filled.command("profile", "publish", filled.write("stricter.json", text), "--wait")
    sites = check_all(filled)
    assert sites[SITE]["ready"] == 0
    assert "replace-device" in {fix["id"] for fix in sites[SITE]["fixes"]}


def test_numbers_equal_rows_when_something_is_waived(filled):
    for i, device in enumerate(filled.devices):
        device.report(REPORTS[i % len(REPORTS)])
    for requirement, scope, code in (("memory.size", "state", None),
                                     ("audio.headphones", "lea", harness.LEA["code"]),
                                     ("browser.version", "site", SITE)):
        answer = waive(filled, requirement, scope, code)
        assert answer["reach"]["sites"] > 0
    wait_until_judged(filled)
    sites = check_all(filled)
    assert sites[SITE]["tiles"]["waived"] > 0 and sites[SITE_INVENTORY]["tiles"]["waived"] > 0
    check_effects(filled, sites)


def check_effects(collector, sites):
    """The number of a waiver is the devices on which it, and not a longer one, counts."""
    for row in collector.pages("/v1/waivers?limit=1", "waivers"):
        codes = [row["code"]] if row["scope"] == "site" else [SITE, SITE_INVENTORY]
        found = [device for code in codes if sites[code]["profile"]
                 for device in rows(collector, code, waives=row["requirement"], expected="true")]
        assert row["devices"] == len(found), row
        for device in found:
            shown = collector.get(f"/v1/devices/{device['id']}").json["results"]
            result = next(line for line in shown if line["id"] == row["requirement"])
            assert result["waiver"]["id"] == row["id"]


def test_a_fix_is_of_all_requirements_that_have_it(filled):
    """replace-device mends memory, disk and architecture: a device needs it once."""
    device = filled.devices[0]
    device.report(harness.facts(memory__total_mib=512, disk__total_bytes=1000))
    fixes = {fix["id"]: fix for fix in check_site(filled, SITE)["fixes"]}
    assert fixes["replace-device"]["devices"] == 1
    assert sorted(fixes["replace-device"]["requirements"]) == ["disk.size", "memory.size"]
    found = rows(filled, SITE, fix="replace-device")
    assert [row["id"] for row in found] == [device.id]
