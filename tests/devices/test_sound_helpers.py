# SPDX-License-Identifier: Apache-2.0
"""The helpers that ask ALSA and BlueZ, and what the agent makes of hanging, closed or absent ones."""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from test_sound import AGENT, BUILD, HERE, ROOT, facts_of

sys.path.insert(0, os.path.join(ROOT, "tests"))
import stopwatch  # noqa: E402

HELPERS = os.path.join(ROOT, BUILD, "helper")
SEVERAL = "/devices/pci0000:00/0000:00:1f.3/sound"
HEADSET, HANDS_FREE, SINK = ("0000%s-0000-1000-8000-00805f9b34fb" % x
                             for x in ("1108", "111e", "110b"))


def said_by(name, *arguments, **more):
    """(lines, reason, seconds) of the real helper @name."""
    done, seconds = stopwatch.run([os.path.join(HELPERS, name), *arguments], **more)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and lines
    last = lines.pop()
    assert last == {"end": True} or "error" in last
    return lines, last.get("error"), seconds


# --- ALSA --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    """The variables that put a sound card under a program; see alsa_card.c."""
    library = str(tmp_path_factory.mktemp("card") / "alsa_card.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library,
                    os.path.join(HERE, "alsa_card.c"), "-ldl"], check=True)
    return {**os.environ, "LD_PRELOAD": library}


def test_a_card_is_asked_for_its_sockets_and_its_volume(card):
    lines, error, _ = said_by("alsa", "0", env=card)
    assert error is None
    assert sorted(lines, key=json.dumps) == [
        {"card": 0, "jack": "Dock Mic Jack"},
        {"card": 0, "jack": "Headphone Jack", "plugged": True},
        {"card": 0, "jack": "Mic Jack", "plugged": False},
        {"card": 0, "mixer": "Headphone", "muted": True, "volume_percent": 23},
        {"card": 0, "mixer": "Master", "muted": False, "volume_percent": 74},
        {"card": 0, "mixer": "Speaker", "muted": False}]


def test_a_card_that_cannot_be_opened_does_not_silence_the_others(card):
    lines, error, _ = said_by("alsa", "7", "0", env=card)
    assert error is None and len(lines) == 7
    assert [x for x in lines if x["card"] == 7] == [{"card": 7,
                                                     "why_not": "it has no control device"}]


def test_a_card_with_more_sockets_than_can_be_right_tells_of_none(card):
    """And not of all but one."""
    lines, _, _ = said_by("alsa", "0", env={**card, "ALSA_CARD_JACKS": "61"})
    assert len([x for x in lines if "jack" in x]) == 64
    lines, error, _ = said_by("alsa", "0", env={**card, "ALSA_CARD_JACKS": "62"})
    assert error is None
    assert lines == [{"card": 0, "why_not": "it tells of more sockets than can be right"}]


def test_nobodys_configuration_of_alsa_is_read(card, tmp_path):
    for name in (".asoundrc", "asound.conf"):
        (tmp_path / name).write_text("ctl.card { type shm }\nno such {{{ syntax\n")
    lines, error, _ = said_by("alsa", "0", env={**card, "HOME": str(tmp_path), "ALSA_CONFIG_PATH":
                                                str(tmp_path / "asound.conf")})
    assert error is None and len(lines) == 6


def cards(*numbers):
    for number in numbers:
        yield [f"P: {SEVERAL}/card{number}", "E: SUBSYSTEM=sound", f"A: id=Card{number}\\n"]
        yield [f"P: {SEVERAL}/card{number}/pcmC{number}D0p", "E: SUBSYSTEM=sound"]


def agent_with(folder, helper, blocks, **more):
    """The audio facts with the script or program @helper as alsa."""
    helpers = folder / "helpers"
    helpers.mkdir(exist_ok=True)
    if helper.startswith("#!"):
        (helpers / "alsa").write_text(helper)
        (helpers / "alsa").chmod(0o755)
    else:
        shutil.copy(helper, helpers / "alsa")
    return facts_of(folder, blocks, "audio", **more)["audio"]


def test_a_card_that_hangs_silences_itself_alone(card, tmp_path):
    """Card 1 never answers; card 0 has something in its headphone jack."""
    helper = ("#!/bin/sh\nLD_PRELOAD=%s exec %s/alsa \"$@\"\n" % (card["LD_PRELOAD"], HELPERS))
    audio = agent_with(tmp_path, helper, list(cards(0, 1)))
    assert audio["headphones"] == "present"
    assert "Headphone Jack" in audio["headphones_evidence"]
    assert audio["muted"] is True and audio["volume_percent"] == 74
    assert "Card1" in audio["jacks"]["unknown"] and "within" in audio["jacks"]["unknown"]


@pytest.mark.parametrize("node", ["N: snd/controlC0=41", None], ids=["no ALSA", "no node"])
def test_a_node_that_is_no_sound_card_is_unknown_with_its_reason(node, tmp_path):
    blocks = list(cards(0))
    if node:
        blocks.append([f"P: {SEVERAL}/card0/controlC0", node, "E: SUBSYSTEM=sound",
                       "E: DEVNAME=/dev/snd/controlC0"])
    audio = agent_with(tmp_path, os.path.join(HELPERS, "alsa"), blocks)
    for fact in ("jacks", "headphones", "muted", "volume_percent"):
        assert "control device" in audio[fact]["unknown"]


@pytest.mark.parametrize("script, reason", [
    ("#!/bin/sh\nsleep 1000\n", "within"), ("#!/bin/sh\nexit 3\n", "had said all"),
    ("#!/bin/sh\necho '{\"card\":40,\"jack\":\"x\"}'; echo '{\"end\":true}'\n", "as it should"),
    ("#!/bin/sh\necho '{\"card\":0,\"jack\":7}'; echo '{\"end\":true}'\n", "as it should"),
    ("#!/bin/sh\necho '{\"card\":0,\"mixer\":\"Master\",\"volume_percent\":101}';"
     "echo '{\"end\":true}'\n", "as it should")])
def test_an_answer_that_cannot_be_right_is_none(script, reason, tmp_path):
    audio = agent_with(tmp_path, script, list(cards(0)))
    for fact in ("jacks", "headphones", "muted"):
        assert reason in audio[fact]["unknown"]


def test_without_a_sound_card_alsa_is_not_asked(tmp_path):
    audio = agent_with(tmp_path, f"#!/bin/sh\ntouch {tmp_path}/asked\n", [])
    assert audio["jacks"] == [] and audio["headphones"] == "absent"
    assert not (tmp_path / "asked").exists()


# --- BlueZ -------------------------------------------------------------------------------------


@contextlib.contextmanager
def bus(folder, *arguments):
    """A message bus of our own on the socket below the root @folder."""
    path = os.path.join(folder, "run/dbus/system_bus_socket")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address",
                               "--address=unix:path=" + path], stdout=subprocess.PIPE)
    try:
        assert daemon.stdout.readline(), "dbus-daemon ended; it says above why"
        yield path
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
        daemon.stdout.close()


@contextlib.contextmanager
def bluez(path, devices):
    """BlueZ with @devices: (name, connected, paired, class, uuids)."""
    dbus = pytest.importorskip("dbus")
    pytest.importorskip("dbusmock")
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + path}
    mock = subprocess.Popen(["/usr/bin/python3", "-m", "dbusmock", "--system", "--template",
                             "bluez5"], env=environment, stdout=subprocess.DEVNULL)
    connection = dbus.bus.BusConnection("unix:path=" + path)
    try:
        deadline = time.monotonic() + 60
        while not connection.name_has_owner("org.bluez"):
            assert mock.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        manager = dbus.Interface(connection.get_object("org.bluez", "/org/bluez"),
                                 "org.bluez.Mock")
        manager.AddAdapter("hci0", "lab-1")
        for i, (name, connected, paired, class_, uuids) in enumerate(devices):
            at = manager.AddDevice("hci0", f"11:22:33:44:55:{i:02X}", name)
            device = connection.get_object("org.bluez", at)
            properties = {"Connected": dbus.Boolean(connected), "Paired": dbus.Boolean(paired),
                          "UUIDs": dbus.Array(uuids, signature="s"), "Icon": "audio-card",
                          "Class": dbus.UInt32(class_)}
            dbus.Interface(device, "org.freedesktop.DBus.Mock").UpdateProperties(
                "org.bluez.Device1", properties)
        yield
    finally:
        connection.close()
        mock.terminate()
        mock.wait()


def link(*names):
    return [[f"P: /devices/virtual/bluetooth/{name}", "E: SUBSYSTEM=bluetooth"] for name in names]


def agent_by(folder, *links):
    helpers = folder / "helpers"
    helpers.mkdir(exist_ok=True)
    shutil.copy(os.path.join(HELPERS, "bluez"), helpers)
    return facts_of(folder, link(*links), "audio")["audio"]


UUIDS = [HEADSET, HANDS_FREE, SINK]


def test_a_headset_that_is_connected_is_told_and_its_address_is_not(tmp_path):
    with bus(tmp_path / "root") as path, bluez(path, [
            ("Maria's SVEN SEB-B270MV", True, True, 0x240404, UUIDS)]):
        lines, error, _ = said_by("bluez", path)
        audio = agent_by(tmp_path, "hci0", "hci0:12")
    assert error is None
    assert lines == [{"name": "Maria's SVEN SEB-B270MV", "connected": True, "paired": True,
                      "uuids": ["1108", "111e", "110b"], "icon": "audio-card", "class": 0x240404}]
    assert audio["cards"] == [{"name": "SVEN SEB-B270MV", "bus": "bluetooth",
                               "form_factor": "headset", "usb_id": "", "playback": True,
                               "capture": True}]
    assert audio["headphones"] == "present" and audio["microphone"] == "present"
    assert audio["headphones_evidence"] == "SVEN SEB-B270MV is connected by Bluetooth"
    assert "Bluetooth" in audio["muted"]["unknown"]


def test_headphones_that_are_paired_and_lie_in_a_drawer_are_not_there(tmp_path):
    with bus(tmp_path / "root") as path, bluez(path, [("UFO", False, True, 0x240418, UUIDS)]):
        lines, _, _ = said_by("bluez", path)
        audio = agent_by(tmp_path, "hci0")
    assert len(lines) == 1 and lines[0]["paired"] is True and lines[0]["connected"] is False
    assert audio["cards"] == [] and audio["headphones"] == "absent"


def test_what_is_merely_near_by_is_not_told(tmp_path):
    with bus(tmp_path / "root") as path, bluez(path, [("Somebody's", False, False, 0x240404,
                                                       UUIDS)]):
        lines, error, _ = said_by("bluez", path)
    assert lines == [] and error is None


def test_a_room_full_of_devices_hides_none_that_is_connected(tmp_path):
    near = [("Somebody's", False, False, 0, [])] * 300
    with bus(tmp_path / "root") as path, bluez(path, near[:255] + [
            ("UFO", True, True, 0x240418, [SINK])] + near[255:]):
        lines, error, _ = said_by("bluez", path)
    assert error is None and [x["name"] for x in lines] == ["UFO"]


def test_a_device_with_more_services_than_can_be_right_is_not_without_sound(tmp_path):
    """What of them is left out may be the headset."""
    services = ["0000%04x-0000-1000-8000-00805f9b34fb" % x for x in range(0x1800, 0x1840)]
    with bus(tmp_path / "root") as path, bluez(path, [("UFO", True, True, 0,
                                                       [*services, HEADSET])]):
        audio = agent_by(tmp_path, "hci0", "hci0:12")
    assert "as it should" in audio["headphones"]["unknown"]


@pytest.mark.parametrize("class_, uuids, form, headphones", [
    (0x240418, [SINK], "headphone", "present"),
    (0x240414, [SINK], "speaker", "absent"),
    (0x240408, UUIDS, "unknown", None),           # hands-free: it may be a car
    (0x5a020c, [HEADSET], None, "absent"),        # a telephone
    (0x002540, ["00001124-0000-1000-8000-00805f9b34fb"], None, "absent"),  # a keyboard
    (0, [], None, None)])                         # BlueZ knows nothing yet
def test_only_class_and_services_make_a_headset(class_, uuids, form, headphones, tmp_path):
    with bus(tmp_path / "root") as path, bluez(path, [("Thing", True, True, class_, uuids)]):
        audio = agent_by(tmp_path, "hci0", "hci0:1")
    if class_ or uuids:
        assert [c["form_factor"] for c in audio["cards"]] == ([form] if form else [])
    if headphones:
        assert audio["headphones"] == headphones
    else:
        assert "may be a headset" in audio["headphones"]["unknown"]


def test_without_a_bus_what_is_connected_is_unknown_with_its_reason(tmp_path):
    audio = agent_by(tmp_path, "hci0", "hci0:12")
    for fact in ("cards", "headphones", "microphone"):
        assert "may be a headset: the system's message bus" in audio[fact]["unknown"]
    assert agent_by(tmp_path, "hci0")["headphones"] == "absent"


def test_a_bluez_that_does_not_run_is_named(tmp_path):
    with bus(tmp_path / "root") as path:
        lines, error, _ = said_by("bluez", path)
    assert lines == [] and "BlueZ" in error and "not running" in error


@pytest.mark.parametrize("greets", [False, True], ids=["the bus", "BlueZ"])
def test_who_never_answers_holds_nobody_up(greets, tmp_path):
    path = str(tmp_path / "root/run/dbus/system_bus_socket")
    os.makedirs(os.path.dirname(path))
    with contextlib.ExitStack() as stack:
        if greets:
            dbus = pytest.importorskip("dbus")
            stack.enter_context(bus(tmp_path / "root"))
            # It has the name, and nobody reads what it is asked.
            silent = dbus.bus.BusConnection("unix:path=" + path)
            stack.callback(silent.close)
            silent.request_name("org.bluez")
        else:
            silent = stack.enter_context(socket.socket(socket.AF_UNIX))
            silent.bind(path)
            silent.listen()
        lines, error, seconds = said_by("bluez", path)
        audio = agent_by(tmp_path, "hci0", "hci0:12")
    assert lines == [] and seconds < 1
    assert ("in time" if greets else "did not answer") in error
    assert error in audio["headphones"]["unknown"]


# --- what is there whether or not anybody listens ------------------------------------------------


def usb_card(name, form=None):
    path = "/devices/pci0000:00/0000:00:14.0/usb1/1-1"
    yield [f"P: {path}", "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_device", "E: PRODUCT=1234/5678/100",
           f"A: product={name}\\n"]
    yield [f"P: {path}/1-1:1.0/sound/card0", "E: SUBSYSTEM=sound", "A: id=Thing\\n"] + (
        [f"E: SOUND_FORM_FACTOR={form}"] if form else [])
    for way in "pc":
        yield [f"P: {path}/1-1:1.0/sound/card0/pcmC0D0{way}", "E: SUBSYSTEM=sound"]


@pytest.mark.parametrize("name, form, told, headphones", [
    ("USB Headset", None, "headset", "present"),
    ("BlackShark V3 Pro", "headset", "headset", "present"),
    ("USB-C to 3.5mm Headphone Jack Adapter", "headphone", "unknown", "has a socket"),
    ("ThinkPad USB-C Dock Audio", "headset", "unknown", "has a socket"),
    ("USB Headphone Amp", "headphone", "unknown", "has a socket"),
    ("Type-C to 3.5mm Headphone", "headphone", "unknown", "has a socket"),
    ("HiFi DAC Headphone", None, "unknown", "has a socket"),
    ("WD15 Dock", None, "unknown", "has a socket"),
    ("Logitech Wireless Headset", "headset", "headset", "switched on"),
    ("G533 Headset Dongle", "headset", "headset", "switched on"),
    ("AC511 SoundBar", None, "speaker", "does not tell"),
    ("USB Audio", None, "unknown", "may be a headset")])
@pytest.mark.parametrize("jack", [None, False, True], ids=["no jack", "empty", "plugged"])
def test_a_dock_an_adapter_or_a_receiver_is_no_headset(name, form, told, headphones, jack,
                                                       tmp_path):
    """Unless it has a socket that says that one is plugged in."""
    controls = [{"card": 0, "jack": "Headset - Output Jack", "plugged": jack}] * (jack is not None)
    audio = facts_of(tmp_path, list(usb_card(name, form)), "audio", helper={0: controls})["audio"]
    assert audio["cards"][0]["form_factor"] == told
    if jack:
        assert audio["headphones"] == "present"
    elif headphones == "switched on":
        assert headphones in audio["headphones"]["unknown"]
    elif jack is False:
        assert audio["headphones"] == "absent"
    elif headphones == "present":
        assert audio["headphones"] == "present"
    else:
        assert headphones in audio["headphones"]["unknown"]


@pytest.mark.parametrize("name, bits, state, uses, headphones, microphone", [
    ("Headphone", 0x4, 0x4, ["headphone"], "present", "does not tell"),
    ("Headphone", 0x4, 0, ["headphone"], "absent", "does not tell"),
    ("Headphone Mic", 0x4, 0x4, ["headphone", "microphone"], "does not tell", "does not tell"),
    ("Headphone Mic", 0x4, 0, ["headphone", "microphone"], "absent", "does not tell"),
    ("Headset Jack", 0x14, 0x4, ["headphone", "microphone"], "present", "does not tell"),
    ("Headset Jack", 0x14, 0x14, ["headphone", "microphone"], "present", "present"),
    ("soundwire Jack", 0x1d4, 0x4, ["headphone", "microphone", "line_out", "video"], "present",
     "does not tell"),
    ("Line Out", 0x40, 0x40, ["line_out"], "loudspeakers or headphones", "does not tell"),
    ("HDMI/DP,pcm=3", 0x140, 0x140, ["video"], "does not tell", "does not tell")])
def test_a_switch_that_can_be_read_says_what_is_plugged_in(name, bits, state, uses, headphones,
                                                           microphone, tmp_path):
    node = f"{SEVERAL}/card0/input9"
    blocks = list(cards(0)) + [
        [f"P: {SEVERAL}/card0/pcmC0D0c", "E: SUBSYSTEM=sound"],
        [f"P: {node}", "E: SUBSYSTEM=input", f'E: NAME="HDA Intel PCH {name}"', "E: EV=21",
         f"E: SW={bits:x}"],
        [f"P: {node}/event9", "N: input/event9", "E: SUBSYSTEM=input",
         "E: DEVNAME=/dev/input/event9", "E: MAJOR=13", "E: MINOR=73"]]
    ioctl = tmp_path / "event9.ioctl"
    ioctl.write_text("EVIOCGBIT(5) 8 %s\nEVIOCGSW(0) 8 %s\n" % tuple(
        value.to_bytes(8, "little").hex() for value in (bits, state)))
    audio = facts_of(tmp_path, blocks, "audio", helper={0: []},
                     ioctls={"/dev/input/event9": ioctl})["audio"]
    jack, = audio["jacks"]
    assert jack["for"] == uses and jack["plugged"] is (state != 0)
    for fact, expected in (("headphones", headphones), ("microphone", microphone)):
        if expected in ("present", "absent"):
            assert audio[fact] == expected
        else:
            assert expected in audio[fact]["unknown"]
    # All its sockets are input devices, so that the list is complete without ALSA.
    (tmp_path / "helpers/alsa").unlink()
    alone = facts_of(tmp_path, blocks, "audio", ioctls={"/dev/input/event9": ioctl})["audio"]
    assert alone["jacks"] == [jack] and "not installed" in alone["muted"]["unknown"]
    if name == "Headphone Mic" and state:
        assert "something is plugged into" in audio["microphone"]["unknown"]
