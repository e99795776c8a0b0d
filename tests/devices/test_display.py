# SPDX-License-Identifier: Apache-2.0
"""Screens: what is connected, and what their EDID says, be it damaged or that of a real screen."""
import glob
import math
import os
import re

import machines
import pytest
from machines import facts_of_devices

CARD = "/devices/pci0000:00/0000:00:02.0/drm/card0"
EDIDS = sorted(glob.glob(os.path.join(machines.SHARED, "other/*edid*.txt")))


def screens(connectors, folder):
    """The fact of a card with @connectors, each a name and its attributes."""
    blocks = [[f"P: {CARD}", "E: SUBSYSTEM=drm"]]
    for name, attributes in connectors:
        blocks.append([f"P: {CARD}/card0-{name}", "E: SUBSYSTEM=drm", *attributes])
    return facts_of_devices(blocks, folder)["display"]["screens"]


def connected(edid=b"", modes=""):
    return ["A: status=connected\\n", "A: enabled=enabled\\n",
            *([f"A: modes={modes}\\n"] if modes else []),
            *([f"H: edid={edid.hex().upper()}"] if edid else [])]


def timing(width, height, mm=(310, 174)):
    """A detailed timing of an EDID (VESA E-EDID 1.4, table 3.21)."""
    return bytes([0x02, 0x3a, width & 255, 0, width >> 8 << 4, height & 255, 0, height >> 8 << 4,
                  0, 0, 0, 0, mm[0] & 255, mm[1] & 255, mm[0] >> 8 << 4 | mm[1] >> 8, 0, 0, 0])


def edid(descriptor):
    block = bytearray(128)
    block[:8] = b"\0\xff\xff\xff\xff\xff\xff\0"
    block[54:72] = descriptor
    block[127] = -sum(block) & 255
    return bytes(block)


@pytest.mark.parametrize("connectors, expected", [
    ([], None), (["disconnected"], []), (["connected", "disconnected"], ["DP-0"])])
def test_a_driver_without_connectors_does_not_say_that_there_is_no_screen(
        connectors, expected, tmp_path):
    found = screens([(f"DP-{i}", [f"A: status={status}\\n", "A: enabled=enabled\\n"])
                     for i, status in enumerate(connectors)], tmp_path)
    if expected is None:
        assert "graphics driver" in found["unknown"]
    else:
        assert [s["connector"] for s in found] == expected


def test_a_connector_that_does_not_tell_leaves_open_which_screens_there_are(tmp_path):
    found = screens([("eDP-1", connected()), ("HDMI-A-1", [])], tmp_path)
    assert found == {"unknown": "HDMI-A-1 does not tell whether a screen is connected"}


def test_whether_a_screen_shows_a_picture_is_not_guessed(tmp_path):
    found, = screens([("DP-1", ["A: status=connected\\n"])], tmp_path)
    assert "unknown" in found["enabled"]


def test_a_way_to_copy_the_picture_is_no_screen(tmp_path):
    found = screens([("Writeback-1", connected()), ("DP-1", ["A: status=disconnected\\n"])],
                    tmp_path)
    assert found == []
    assert "graphics driver" in screens([("Writeback-1", connected())], tmp_path)["unknown"]


@pytest.mark.parametrize("connector, internal", [
    ("eDP-1", True), ("LVDS-1", True), ("DSI-1", True), ("DP-1", False), ("HDMI-A-1", False),
    ("VGA-1", False), ("DVI-D-1", False), ("Virtual-1", False)])
def test_what_is_built_in_is_told_by_the_connector(connector, internal, tmp_path):
    found, = screens([(connector, connected(edid(timing(1366, 768))))], tmp_path)
    assert found["internal"] is internal
    assert (found["width_px"], found["height_px"], found["diagonal_in"]) == (1366, 768, 14)


@pytest.mark.parametrize("broken, why", [
    (edid(timing(1366, 768))[:90], "cut off after 90 bytes"),
    (edid(timing(1366, 768))[:-1] + b"\x01", "wrong checksum"),
    (b"\0" * 128, "no EDID"),
    (b"A" * 40000, "than 32768 bytes"),
    (edid(bytes(18)), "names no native mode"),
    (edid(timing(0, 768)), "names no native mode")],
    ids=["cut", "checksum", "zeros", "huge", "no timing", "no width"])
def test_an_edid_that_is_damaged_says_nothing_and_why(broken, why, tmp_path):
    # The list of modes is the kernel's own then, so it is not the screen's either.
    found, = screens([("eDP-1", connected(broken, "1024x768"))], tmp_path)
    for fact in ("name", "width_px", "height_px", "diagonal_in"):
        assert why in found[fact]["unknown"]


@pytest.mark.parametrize("connector, width", [("eDP-1", 1024), ("VGA-1", None)])
def test_only_a_panel_without_edid_has_the_one_mode_of_the_kernel(connector, width, tmp_path):
    found, = screens([(connector, connected(modes="1024x768"))], tmp_path)
    assert found["width_px"] == width or (not width and "no EDID" in found["width_px"]["unknown"])
    assert "no EDID" in found["diagonal_in"]["unknown"]


def read_decoded(path):
    """The bytes of an EDID, and its native mode, size and name as edid-decode prints them."""
    with open(path, encoding="utf-8", errors="replace") as f:
        text = f.read()
    lines = re.search(r"edid-decode \(hex\):\n\n((?:(?:[0-9a-f]{2} ?)+\n|\n)+)", text).group(1)
    first = re.search(r"DTD 1: +(\d+)x(\d+)(i?) .*\((\d+) mm x (\d+) mm\)", text)
    name = re.search(r"Display Product Name: '(.*)'", text)
    width, height, width_mm, height_mm = (int(first.group(i)) for i in (1, 2, 4, 5))
    return bytes.fromhex(lines), {
        "name": name.group(1) if name else "", "width_px": width, "height_px": height,
        "diagonal_in": math.floor(math.hypot(width_mm, height_mm) / 25.4 + 0.5)}


@pytest.mark.skipif(not EDIDS, reason="the EDIDs of real screens are not here")
def test_real_screens_are_what_edid_decode_says(tmp_path):
    decoded = [read_decoded(path) for path in EDIDS]
    found = screens([(f"DP-{i}", connected(raw)) for i, (raw, _) in enumerate(decoded)], tmp_path)
    assert [{key: screen[key] for key in decoded[0][1]} for screen in found] == \
        [expected for _, expected in decoded]
