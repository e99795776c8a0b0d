# SPDX-License-Identifier: Apache-2.0
"""Devices are moved, retired and restored from the command line, many at once, and undone."""
import datetime
import json

import pytest
from harness import SITE, SITE_NO_WINDOW


@pytest.fixture
def devices(collector):
    made = [collector.enroll(collector.enrollment_key(), host_name=name, serial=f"SN-{name}")
            for name in ("one", "two")]
    for device in made:
        device.report()
    return [device.id for device in made]


def refused(collector, *arguments):
    done = collector.run("device", *arguments, "--store", collector.store, check=False)
    assert done.returncode == 1 and done.stdout == "", done
    return done.stderr


def shown(collector, device_id):
    return json.loads(collector.command("device", "show", device_id, "--json"))


def test_several_devices_move_together_and_back(collector, devices):
    said = collector.command("device", "move", "--site", SITE_NO_WINDOW, "--room", "12", *devices)
    for device_id in devices:
        assert f"{device_id}  unknown  " in said
    assert f'site {SITE_NO_WINDOW}, room "12", student\n' in said
    assert f'from site {SITE}, room "", student' in said and "move done" in said
    collector.command("device", "undo", *devices)
    assert shown(collector, devices[0])["site"]["code"] == SITE
    said = collector.command("device", "show", devices[0])
    assert "move undone" in said and "ready" in said.splitlines()[0]
    acts = collector.command("audit", "list")
    assert "device_moved" in acts


def test_of_several_all_are_done_or_none(collector, devices):
    collector.command("device", "retire", "--reason", "broken", "--note", "screen", devices[1])
    said = refused(collector, "move", "--room", "3", *devices)
    assert f"device {devices[1]}: The device is retired; restore it first." in said
    assert "Nothing was changed." in said
    assert shown(collector, devices[0])["room"] == ""
    said = collector.command("device", "show", devices[1])
    assert "retired" in said and "broken: screen" in said
    collector.command("device", "restore", devices[1])
    assert shown(collector, devices[1])["state"] == "ready"


def test_a_plan_is_made_and_cancelled(collector, devices):
    day = str(datetime.date.today() + datetime.timedelta(days=3))
    said = collector.command("device", "retire", "--reason", "sold", "--on", day, *devices)
    assert said.count(f"retire planned for {day}") == 2
    assert "cancel that first" in refused(collector, "move", "--room", "1", "--on", day, devices[0])
    assert collector.command("device", "cancel", *devices).count("retire cancelled") == 2
    assert "Nothing is planned" in refused(collector, "cancel", devices[0])
    assert "there is nothing to undo" in refused(collector, "undo", devices[0])
    assert "has begun" in refused(collector, "move", "--room", "1", "--on", "2020-01-01", devices[0])


@pytest.mark.parametrize("arguments", [
    ("move",), ("move", "x"), ("move", "--room", "1"), ("move", "--role", "boss", "x"),
    ("move", "--room", "1", "--on", "soon", "x"), ("retire", "x"),
    ("retire", "--reason", "lost", "--on", "1970-01-01", "x"),
    ("retire", "--reason", "eaten", "x"), ("restore",), ("undo",), ("cancel",), ("show",),
])
def test_a_line_that_makes_no_sense_says_what_would(collector, arguments):
    done = collector.run("device", *arguments, "--store", collector.store, check=False)
    assert done.returncode == 3 and done.stderr.startswith("testready-collector device "), done


def test_what_is_wrong_is_quoted(collector, devices):
    assert "no device has the id 'nobody'" in refused(collector, "restore", "nobody")
    said = refused(collector, "move", "--site", "0000", devices[0])
    assert "'0000'" in said and devices[0] in said
    assert "Say in the note" in refused(collector, "retire", "--reason", "other", devices[0])
