# SPDX-License-Identifier: Apache-2.0
"""What a site's people waived is waived on the device as well, with the reason and the last day,
by the document that the collector composed and signed."""
import json
import os
from datetime import timedelta

import pytest

import harness
from relay import Relay
from test_profile_signed import TODAY, Device, ends, in_words, profile_with

# A waiver ends with the season at the latest, so the window does as well.
LAST = min(TODAY + timedelta(days=90), harness.season_end(TODAY))
pytestmark = pytest.mark.skipif(LAST == TODAY, reason="a window that ends today is judged for today")
REASON = "New laptops come in June – <ordered>"
SENTENCE = "Ready, with warnings, as of {day}, the window's last day: 1 waived."


@pytest.fixture
def device(tmp_path, collector):
    days = (LAST - TODAY).days
    sites = json.dumps(harness.sites(min(30, days - 1), days))
    collector.command("site", "import", collector.write("sites.json", sites))
    with Relay(collector) as relay:
        made = Device(tmp_path, collector, relay)
        made.publish(profile_with("ended", ends(LAST - timedelta(days=1))))
        made.enroll()
        made.report()
        yield made


def waive(collector, until):
    done = collector.run("waiver", "add", "--profile", "example", "--requirement", "os.supported",
                         "--site", harness.SITE, "--until", str(until), "--reason", REASON,
                         "--who", "Pat Doe", "--store", collector.store)
    assert done.returncode == 0, done.stderr


def verdict(device):
    """The first line on the device, which its page agrees with, and its results."""
    device.report()
    row, = device.collector.pages(f"/v1/sites/{harness.SITE}/devices", "devices")
    said = json.loads(device.check("--json").stdout)
    assert row["state"] == said["state"]
    assert said["profile"]["version"] == device.status()["announced"]["version"]
    return device.check().stdout.splitlines()[0], said["results"][0]


def test_what_is_waived_is_told_as_waived_with_its_reason_and_last_day(device, collector):
    line, result = verdict(device)
    assert line.startswith("Not ready") and result["result"] == "fail"
    published = device.status()["kept"]["version"]
    waive(collector, LAST)

    line, result = verdict(device)
    assert line == SENTENCE.format(day=in_words(LAST))
    assert result["result"] == "waived" and result["waiver"]["reason"] == REASON
    assert result["waiver"]["until"] == str(LAST) and result["waiver"]["scope"] == "site"
    assert device.status()["kept"]["version"] != published
    for done in (device.check(), device.check("--explain")):
        told, = [text for text in done.stdout.splitlines() if text.startswith("  waived ")]
        assert REASON in told and in_words(LAST) in told and done.returncode == 0
    # Who gave it is nobody's business on a student's device.
    assert b"Pat Doe" not in device.kept()

    # On a later day it does not count, and without a collector it still does.
    done = device.check("--as-of", str(LAST + timedelta(days=1)))
    assert done.returncode == 1 and done.stdout.startswith("Not ready")
    collector.stop()
    assert device.check().stdout.splitlines()[0] == SENTENCE.format(day=in_words(LAST))


def test_a_waiver_that_ends_before_the_windows_last_day_waives_nothing(device, collector):
    waive(collector, LAST - timedelta(days=1))
    line, result = verdict(device)
    assert line.startswith("Not ready") and result["result"] == "fail"


def test_what_is_not_known_is_not_waived(device, collector):
    # Not one that ended: that fails whatever the system is.
    device.publish(profile_with("older", [{"id": "ubuntu", "version": "20.04", "tier": "full"}]))
    waive(collector, LAST)
    assert verdict(device)[1]["result"] == "waived"
    os.unlink(os.path.join(device.agent.root, "etc/os-release"))
    line, result = verdict(device)
    assert line.startswith("Unknown") and result["result"] == "unknown"
    assert device.check().returncode == 2
