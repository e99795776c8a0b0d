# SPDX-License-Identifier: Apache-2.0
"""Braille displays, switches and embossers, plugged in one by one and with whatever else may be."""
import json
import os

import pytest
from machines import facts_of_devices

BRAILLE = "05410901A101150025017501950109028102C0"
KEYS = "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe"
USB = "/devices/pci0000:00/0000:00:14.0/usb1"


def usb_device(port, usb_id, maker="", product="", interface=None):
    """A USB device, and the interface of it that matters."""
    vendor, model = (part.lstrip("0") for part in usb_id.split(":"))
    path = f"{USB}/{port}"
    yield [f"P: {path}", "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_device",
           f"E: PRODUCT={vendor}/{model}/100", f"A: idVendor={usb_id[:4]}\\n",
           f"A: idProduct={usb_id[5:]}\\n", f"A: manufacturer={maker}\\n",
           f"A: product={product}\\n"]
    if interface:
        yield [f"P: {path}/{port}:1.0", "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_interface",
               f"E: INTERFACE={interface}", f"E: PRODUCT={vendor}/{model}/100"]


def hid(parent, hid_id, name, descriptor=BRAILLE, number=1):
    return [f"P: {parent}/{hid_id}.{number:04}", "E: SUBSYSTEM=hid",
            f"E: HID_ID={hid_id[:4]}:0000{hid_id[5:9]}:0000{hid_id[10:]}", f"E: HID_NAME={name}",
            f"H: report_descriptor={descriptor}"]


def keyboard(number, product, name, kind="KEYBOARD"):
    keys = KEYS if kind == "KEYBOARD" else "ffff0000 0 0 0 0"
    return [f"P: /devices/platform/k{number}/input/input{number}", "E: SUBSYSTEM=input",
            f"E: PRODUCT={product}", f'E: NAME="{name}"', "E: PROP=0", "E: EV=120017",
            f"E: KEY={keys}", "E: REL=3", "E: ID_INPUT=1", f"E: ID_INPUT_{kind}=1"]


ADAPTER = ["P: /devices/pci0000:00/bluetooth/hci0", "E: SUBSYSTEM=bluetooth", "E: DEVTYPE=host"]
LINK = ["P: /devices/pci0000:00/bluetooth/hci0/hci0:12", "E: SUBSYSTEM=bluetooth",
        "E: DEVTYPE=link"]


@pytest.fixture
def bluez(tmp_path, monkeypatch):
    """What BlueZ says, in place of the helper that asks it; without a call it says an error."""
    folder = tmp_path / "helpers"
    folder.mkdir()
    monkeypatch.setenv("TESTREADY_HELPERS", str(folder))

    def says(*lines):
        text = "\n".join(json.dumps(line) for line in lines)
        (folder / "bluez").write_text(f"#!/bin/sh\ncat <<'E'\n{text}\nE\n")
        os.chmod(folder / "bluez", 0o755)
    says({"error": "BlueZ does not run"})
    return says


def remote(name, connected=True, **more):
    return {"name": name, "connected": connected, "paired": True, "uuids": [], **more}


END = {"end": True}


def displays(blocks, tmp_path):
    return facts_of_devices([list(b) for b in blocks], tmp_path)["braille"]["displays"]


def test_a_display_over_bluetooth_is_possible_by_its_name(bluez, tmp_path):
    bluez(remote("Maria's Focus 40 BT"), remote("focus 14"), remote("My Focus"),
          remote("APH Mantis 1", connected=False), remote("Focus", **{"class": 0x240404}), END)
    expected = {"driver": "FreedomScientific", "models": "Freedom Scientific Focus",
                "connection": "bluetooth", "certainty": "possible", "usb_id": ""}
    assert displays([ADAPTER, LINK], tmp_path) == [expected, expected]


def test_a_display_that_says_so_itself_is_not_told_of_twice(bluez, tmp_path):
    bluez(remote("NLS eReader H 1"), END)
    found = displays([ADAPTER, LINK, hid("/devices/virtual/misc/uhid", "0005:1C71:CE01",
                                         "Maria's NLS eReader H 1")], tmp_path)
    assert found == [{"driver": "HID", "models": "NLS eReader H 1", "connection": "bluetooth",
                      "certainty": "certain", "usb_id": ""}]


@pytest.mark.parametrize("devices, lines, expected", [
    ([], [], []),                                       # no adapter: nobody is asked
    ([ADAPTER], [], []),                                # and nothing is connected
    ([ADAPTER, LINK], [], "BlueZ does not run"),
    ([ADAPTER, LINK], [END], []),
    ([ADAPTER, LINK], [remote("Mouse"), END], []),
    ([ADAPTER, LINK], [remote(""), END], "does not say its name"),
    ([ADAPTER], [remote("", connected=False), END], [])])
def test_what_is_connected_and_may_be_a_display_makes_them_unknown(devices, lines, expected, bluez,
                                                                   tmp_path):
    if lines:
        bluez(*lines)
    found = displays([*usb_device("1-1", "0000:0000"), *devices], tmp_path)
    assert found == expected if expected == [] else expected in found["unknown"]


def test_a_display_with_several_interfaces_is_one_and_two_are_two(bluez, tmp_path):
    blocks = []
    for port in ["1-1", "1-2"]:
        blocks += usb_device(port, "1c71:c1ff", "Humanware", "New")
        blocks += [hid(f"{USB}/{port}/{port}:1.{i}", "0003:1C71:C1FF", "New", number=len(blocks) + i)
                   for i in range(2)]
    blocks += usb_device("1-3", "0f4e:0114")
    blocks += [hid(f"{USB}/1-3/1-3:1.0", "0003:0F4E:0114", "Focus")]
    found = displays(blocks, tmp_path)
    assert [d["driver"] for d in found] == ["FreedomScientific", "HID", "HID"]
    assert {d["connection"] for d in found} == {"usb"}


@pytest.mark.parametrize("usb_id, maker, product, certainty", [
    ("16c0:05e1", "bristolbraille.co.uk", "Canute 360", "certain"),
    ("16c0:05e1", "bristolbraille.co.uk", "Another", None),
    ("16c0:05e1", "someone", "Canute 360", None),
    ("0403:6001", "Tivomatic Oy", "x", "possible"), ("0403:6001", "Tivomatic", "x", None),
    ("0403:6001", "FTDI", "FT232R", None), ("10c4:ea60", "Silicon Labs", "CP2102", None)])
def test_a_shared_id_is_a_display_only_in_the_words_of_its_maker(usb_id, maker, product, certainty,
                                                                 bluez, tmp_path):
    found = displays(usb_device("1-1", usb_id, maker, product), tmp_path)
    assert [d["certainty"] for d in found] == ([certainty] if certainty else [])


def test_a_display_on_another_bus_does_not_say_how_it_is_attached(bluez, tmp_path):
    found, = displays([hid("/devices/platform/i2c", "0018:1C71:C1FF", "Built in")], tmp_path)
    assert "unknown" in found["connection"]
    assert found["certainty"] == "certain"


@pytest.mark.parametrize("descriptor", ["", "05", "FEFF", "FE02F00541", "FF" * 4096, "06" * 4095])
def test_a_hostile_descriptor_is_no_display(descriptor, bluez, tmp_path):
    assert displays([hid("/devices/x", "0003:1234:5678", "x", descriptor)], tmp_path) == []


def switches(blocks, tmp_path):
    found = facts_of_devices([list(b) for b in blocks], tmp_path)["input"]
    return found["switches"], [k["name"] for k in found["keyboards"] + found["pointers"]]


@pytest.mark.parametrize("product, kind", [
    ("3/413c/2113/1", "KEYBOARD"), ("3/46d/c077/1", "MOUSE"), ("5/46d/b33b/1", "KEYBOARD"),
    ("3/45e/28e/1", "JOYSTICK"), ("11/1/1/1", "KEYBOARD"), ("18/1234/1/1", "MOUSE")])
def test_what_a_maker_of_keyboards_made_is_no_switch(product, kind, tmp_path):
    assert switches([keyboard(1, product, "one", kind)], tmp_path)[0] == []


@pytest.mark.parametrize("product, kind", [
    ("3/4d9/2113/1", "KEYBOARD"), ("3/93a/2510/1", "MOUSE"), ("5/1234/1/1", "KEYBOARD"),
    ("3/1234/1/1", "JOYSTICK"), ("3/624/200/1", "KEYBOARD"), ("3/e0f/3/1", "MOUSE")])
def test_what_anyone_else_made_may_be_a_switch(product, kind, tmp_path):
    blocks = [keyboard(1, "3/413c/2113/1", "Dell"), keyboard(2, product, "No\\x1b Name\u202e", kind)]
    why = switches(blocks, tmp_path)[0]["unknown"]
    assert "No" in why and "Dell" not in why and "\u202e" not in why and "\x1b" not in why


@pytest.mark.parametrize("product, name", [
    ("3/5f3/264/1", "x"), ("3/45e/b0a/1", "x"), ("5/45e/b0c/1", "Xbox Adaptive Controller"),
    ("3/1/1/1", "AbleNet Hook+"), ("5/46d/1/1", "Swifty")])
def test_a_switch_that_gives_itself_away_is_listed_and_no_keyboard(product, name, tmp_path):
    found, others = switches([keyboard(1, product, name), keyboard(2, "3/4d9/1/1", "chip")],
                             tmp_path)
    assert [s["name"] for s in found] == [name]
    assert others == ["chip"]


def test_an_eye_tracker_is_found_though_it_is_no_input_device(tmp_path):
    found, _ = switches(usb_device("1-1", "2104:0050", "Tobii AB", "EyeChip"), tmp_path)
    assert found == [{"name": "Tobii AB EyeChip", "bus": "usb", "usb_id": "2104:0050",
                      "wireless": False}]


@pytest.mark.parametrize("product", ["3/624/249/1", "3/46b/ff10/1", "3/557/2419/1"])
def test_the_keyboard_of_a_management_controller_is_nobodys(product, tmp_path):
    blocks = [keyboard(1, product, "Virtual"), keyboard(2, product, "M", "MOUSE")]
    assert switches(blocks, tmp_path) == ([], [])
    # But one behind a switch box is somebody's.
    found, others = switches([*blocks, keyboard(3, "3/624/200/1", "USB_AMIQ")], tmp_path)
    assert "USB_AMIQ" in found["unknown"] and others == ["USB_AMIQ"]


HOSTILE = {"long": "A" * 65536, "bidi": "\u202eevil\u2066\u200f", "controls": "a\\x1b[31m\\x07b",
           "quotes": '"; DROP\\', "spaces": " " * 300, "escapes": "\\\\x41\\\\xff"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_strings_of_a_usb_printer_are_made_fit(text, tmp_path):
    blocks = [*usb_device("1-1", "12f2:0001", text, text, "7/1/2"),
              *usb_device("1-2", "0f4e:0114", text, text)]
    blocks[1].append(f"A: ieee1284_id=MFG:{text};MDL:{text};CLS:PRINTER;")
    facts = facts_of_devices(blocks, tmp_path)
    printer, = facts["printer"]["printers"]
    embosser, = facts["braille"]["embossers"]
    assert printer["kind"] == "embosser" and embosser["certainty"] == "possible"
    assert len(facts["braille"]["displays"]) == 1
    for value in [printer["name"], printer["make_model"], embosser["make_model"]]:
        shown = value if isinstance(value, str) else value["unknown"]
        assert len(shown.encode()) <= 128
        assert not any(c in shown for c in "\u202e\u2066\u200f\x1b\x07")


def test_strings_that_are_not_utf_8_are_made_fit(tmp_path):
    """udev hands on what a device says with its bytes escaped."""
    blocks = list(usb_device("1-1", "12f2:0001", interface="7/1/2"))
    blocks[0] = [line for line in blocks[0] if "manufacturer" not in line and "A: product" not in line]
    blocks[0] += ["E: ID_BUS=usb", "E: ID_VENDOR_ENC=bad\\xff\\xfe", "E: ID_MODEL_ENC=\\xc3\\x28x"]
    printer, = facts_of_devices(blocks, tmp_path)["printer"]["printers"]
    assert "\ufffd" in printer["name"] and "x" in printer["name"]
    assert "bad" in printer["make_model"]
