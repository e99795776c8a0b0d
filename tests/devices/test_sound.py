# SPDX-License-Identifier: Apache-2.0
"""What the agent says of sound on real machines, as their owners published them.

alsa-info's dumps become cards, streams and sockets, and a helper that says what ALSA said there;
lsusb's become devices with their descriptors. expected.csv has what one reader concluded. None of
it is part of the project: where it is not at hand, this is skipped.
"""
import csv
import glob
import json
import os
import re
import stat
import subprocess

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build/default"))
AGENT = os.path.join(ROOT, BUILD, "testready-agent")
SHARED = os.path.join(os.path.dirname(ROOT), "shared/devices")
ELEMENTS = ["Master", "Headset", "Headphone", "Front Headphone", "PCM", "Speaker"]


def dumps(kind):
    return sorted(glob.glob(os.path.join(SHARED, kind, "*.txt")))


def expected_of(path):
    with open(os.path.join(SHARED, "expected.csv"), encoding="utf-8") as f:
        row, = [row for row in csv.DictReader(f) if row["file"] == os.path.relpath(path, SHARED)]
    return row


def text_of(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def facts_of(folder, blocks, probe, files=(), helper=None, ioctls=()):
    """What the agent, or one @probe, says of @blocks, with @files and a helper of their own."""
    machine, root, helpers = folder / "m.umockdev", folder / "root", folder / "helpers"
    machine.write_text("\n".join("".join(line + "\n" for line in block) for block in blocks))
    root.mkdir(exist_ok=True)
    helpers.mkdir(exist_ok=True)
    for path, text in dict(files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for number, lines in (helper or {}).items():
        (helpers / f"card{number}").write_text("".join(json.dumps(x) + "\n" for x in lines))
    if helper is not None:
        script = helpers / "alsa"
        script.write_text('#!/bin/sh\nfor card; do cat "${0%/*}/card$card"; done\n'
                          "echo '{\"end\":true}'\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    only = ["--probe", probe] if probe else []
    switches = [word for node, path in dict(ioctls).items() for word in ("-i", f"{node}={path}")]
    done = subprocess.run(
        ["umockdev-run", "-d", str(machine), *switches, "--", AGENT, "facts", "--root", str(root),
         *only],
        env={**os.environ, "TESTREADY_HELPERS": str(helpers)}, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return json.loads(done.stdout)


# --- alsa-info ---------------------------------------------------------------------------------


def cards_of(text):
    """number: id, driver, short name"""
    part = text.split("!!Soundcards recognised by ALSA", 1)[1].split("!!PCI Soundcards", 1)[0]
    return {int(number): (id_.strip(), driver, name) for number, id_, driver, name in
            re.findall(r"^ *(\d+) \[(.{15})\]: (.+?) - (.*)$", part, re.M)}


def streams_of(text):
    """(card, device): name, and its directions"""
    streams = {}
    for way, word in (("p", "PLAYBACK"), ("c", "CAPTURE")):
        part = text.split(f"**** List of {word} Hardware Devices ****", 1)[-1].split("\n\n", 1)[0]
        for card, device, name in re.findall(r"^card (\d+): .*, device (\d+): (.*) \[", part, re.M):
            key = int(card), int(device)
            streams[key] = name, streams.get(key, (name, ""))[1] + way
    return streams


def pci_of(text):
    return [f"0000:{address}" for address in
            re.findall(r"^([0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]) .*(?:Audio|Multimedia)", text, re.M)]


def jacks_of(text, id_):
    """The controls of alsactl's state that are sockets."""
    part = re.search(rf"^state\.{re.escape(id_)} {{\n(.*?)^}}", text, re.M | re.S)
    for block in re.findall(r"^\tcontrol\.\d+ {\n(.*?)^\t}", part.group(1) if part else "",
                            re.M | re.S):
        name = re.search(r"^\t\tname '?(.*?)'?$", block, re.M).group(1)
        value = re.search(r"^\t\tvalue (true|false)$", block, re.M)
        if "iface CARD" in block and name.endswith("Jack") and value:
            yield name, value.group(1) == "true"


def mixers_of(text, number):
    """The elements of amixer that the helper tells of."""
    part = re.search(rf"^Card \w+:{number} .*?(?=^!!|\Z)", text, re.M | re.S)
    for name, block in re.findall(r"^Simple mixer control '([^'\n]*)',0\n(.*?)(?=^\S|\Z)",
                                  part.group(0) if part else "", re.M | re.S):
        if name not in ELEMENTS:
            continue
        element = {"card": number, "mixer": name}
        playback = [re.split(r"Capture", line.split("Playback", 1)[1])[0]
                    for line in re.findall(r"^  [A-Z][\w ]*:.*Playback .*\[.*$", block, re.M)]
        percents = [int(p) for line in playback for p in re.findall(r"\[(\d+)%\]", line)]
        states = [s for line in playback for s in re.findall(r"\[(on|off)\]", line)]
        if states:
            element["muted"] = "off" in states
        if percents:
            element["volume_percent"] = min(percents)
        yield element


def path_of(number, card, addresses):
    """Where the kernel puts a card of this driver."""
    id_, driver, _ = card
    if driver == "USB-Audio":
        return f"/devices/pci0000:00/0000:00:14.0/usb1/1-{number + 1}"
    if driver in ("HDA-Intel", "sof-hda-dsp"):
        address = addresses.pop(0) if addresses else f"0000:00:{27 + number:x}.0"
        below = "" if address.startswith("0000:00:") else "/0000:00:01.0"
        path = f"/devices/pci0000:00{below}/{address}"
        return path if driver == "HDA-Intel" else path + "/skl_hda_dsp_generic"
    if driver == "Loopback":
        return "/devices/platform/snd_aloop.0"
    return f"/devices/platform/{id_}"


def input_of(path, shortname, i, jack):
    """The input device that the kernel makes for a jack that is no USB's."""
    name = jack.removesuffix(" Jack")
    words = [("HDMI", 0x140), ("Headphone", 0x4), ("Mic", 0x10), ("Line Out", 0x40), ("SPDIF", 0x40),
             ("Line", 0x2000)]
    bits = next(bits for word, bits in words if word in name)
    return [f"P: {path}/input{i}", "E: SUBSYSTEM=input", f'E: NAME="{shortname} {name}"',
            'E: PHYS="ALSA"', "E: EV=21", f"E: SW={bits:x}"]


def machine_of(text, has_inputs):
    blocks, helper, lines, addresses = [], {}, [], pci_of(text)
    streams = streams_of(text)
    for number, card in cards_of(text).items():
        path = path_of(number, card, addresses)
        parent = [f"P: {path}", "E: SUBSYSTEM=" + ("pci" if "/pci" in path else "platform")]
        if card[1] == "USB-Audio":
            parent = [f"P: {path}", "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_device",
                      "E: PRODUCT=1234/5678/100", f"A: product={card[2]}\\n"]
            blocks.append(parent)
            path += f"/{os.path.basename(path)}:1.0"
        elif card[1] == "HDA-Intel":
            blocks.append(parent + ["E: DRIVER=snd_hda_intel"])
        else:
            blocks.append([parent[0], "E: SUBSYSTEM=platform"])
        sound = f"{path}/sound/card{number}"
        blocks.append([f"P: {sound}", "E: SUBSYSTEM=sound", f"A: id={card[0]}\\n"])
        for (at, device), (name, ways) in streams.items():
            if at != number:
                continue
            lines.append(f"{at:02}-{device:02}: {name} : {name} : playback 1\n")
            blocks += [[f"P: {sound}/pcmC{at}D{device}{way}", "E: SUBSYSTEM=sound"] for way in ways]
        jacks = list(jacks_of(text, card[0]))
        if has_inputs and card[1] != "USB-Audio":
            blocks += [input_of(sound, card[2], 100 * number + i, name)
                       for i, (name, _) in enumerate(jacks) if "Phantom" not in name]
        helper[number] = [{"card": number, "jack": name, "plugged": is_plugged}
                          for name, is_plugged in jacks] + list(mixers_of(text, number))
    return blocks, helper, "".join(lines)


def audio_of(path, folder, has_inputs):
    blocks, helper, streams = machine_of(text_of(path), has_inputs)
    return facts_of(folder, blocks, "audio", {"proc/asound/pcm": streams}, helper)["audio"]


def jacks_expected(row):
    """(name, plugged) of the column "PCH:Mic Jack=false | …", without phantoms."""
    if row["jack_controls"] == "none listed":
        return []
    pairs = [item.split(":", 1)[1].rsplit("=", 1) for item in row["jack_controls"].split(" | ")]
    return sorted({(name.removesuffix(" Jack"), value == "true") for name, value in pairs
                   if "Phantom" not in name})


ALSA = pytest.mark.parametrize("path", dumps("alsa-info") or [None],
                               ids=lambda path: os.path.basename(path or "none"))
SKIP = pytest.mark.skipif(not dumps("alsa-info"), reason="the dumps of real machines are not here")


@SKIP
@ALSA
@pytest.mark.parametrize("has_inputs", [True, False], ids=["switches", "controls"])
def test_a_real_machine_says_whether_headphones_are_plugged_in(path, has_inputs, tmp_path):
    row = expected_of(path)
    audio = audio_of(path, tmp_path, has_inputs)
    plugged = row["headphone_jack_plugged"]
    if plugged == "yes":
        assert audio["headphones"] == "present" and "Headphone" in audio["headphones_evidence"]
    elif plugged.startswith("no jack control"):
        assert "tell" in audio["headphones"]["unknown"] or "say" in audio["headphones"]["unknown"]
    else:
        assert audio["headphones"] == "absent"
    names = {card[2] for card in cards_of(text_of(path)).values()}
    # A socket that is there twice, in front and at the back, is once in the table.
    jacks = sorted({(next((j["name"].removeprefix(name + " ") for name in names
                          if j["name"].startswith(name + " ")), j["name"]).removesuffix(" Jack"),
                     j["plugged"]) for j in audio["jacks"]})
    assert jacks == jacks_expected(row)
    for jack in audio["jacks"]:
        assert ("HDMI" in jack["name"]) == (jack["for"] == ["video"])


@SKIP
@ALSA
def test_the_cards_of_a_real_machine_are_those_with_streams(path, tmp_path):
    text = text_of(path)
    row = expected_of(path)
    assert len(cards_of(text)) == int(row["sound_cards"])
    audio = audio_of(path, tmp_path, True)
    assert len(audio["cards"]) == len({card for card, _ in streams_of(text)})
    # None of these machines has a headset, whatever its USB cards and docks say.
    assert not [c for c in audio["cards"] if c["form_factor"] in ("headset", "headphone")]


@SKIP
@pytest.mark.parametrize("dump, muted, percent", [
    ("053", False, 64),               # Master, of the card that is no HDMI
    ("060", "no sound card plays", "no sound card plays"),
    ("064", "no sound card plays", "no sound card plays"),
    ("073", False, "no volume")])     # the loudspeakers, as nothing is plugged in
def test_the_volume_is_that_of_what_is_listened_with(dump, muted, percent, tmp_path):
    path, = glob.glob(os.path.join(SHARED, "alsa-info", dump + "-*"))
    audio = audio_of(path, tmp_path, True)
    for fact, value in (("muted", muted), ("volume_percent", percent)):
        if isinstance(value, str):
            assert value in audio[fact]["unknown"]
        else:
            assert audio[fact] == value


# --- lsusb -v ----------------------------------------------------------------------------------

WIDTHS = {"b": 1, "bm": 1, "i": 1, "ba": 1, "w": 2, "id": 2, "bcd": 2, "dw": 4}


def descriptor_of(lines):
    """One descriptor: what its fields say, filled up with zeros or cut to its length."""
    data = b""
    for name, value in lines:
        prefix = re.match(r"(bcd|bm|ba|dw|id|b|w|i)[A-Z]", name)
        if not prefix:
            continue
        width = WIDTHS[prefix.group(1)]
        if prefix.group(1) == "bcd":
            number = int(value.replace(".", ""), 16)
        else:
            number = int(value, 16) if value.startswith("0x") else int(float(value))
        data += (number & (1 << 8 * width) - 1).to_bytes(width, "little")
    length = data[0]
    return data[:length].ljust(length, b"\0")


class Device:
    """One device of `lsusb -v`."""

    def __init__(self, text):
        self.vendor, self.product = re.search(r"ID (\w{4}):(\w{4})", text).groups()
        self.id = f"{self.vendor}:{self.product}"
        self.texts = {name: value for name, value in
                      re.findall(r"^ +(iManufacturer|iProduct) +\d+ (\S.*)$", text, re.M)
                      if value != "(error)"}
        self.descriptors = list(self.read(text))

    @staticmethod
    def read(text):
        fields = []
        for line in text.split("Device Status:")[0].splitlines():
            raw = re.match(r" +\*\* UNRECOGNIZED: +((?:[0-9a-f]{2} ?)+)$", line)
            field = re.match(r" +([a-z]{1,3}[A-Z]\w*(?:\(.*?\))?) +(0x[0-9a-f]+|\d+(?:\.\d\d)?)", line)
            if (raw or (field and field.group(1) == "bLength")) and fields:
                yield descriptor_of(fields)
                fields = []
            if raw:
                yield bytes.fromhex(raw.group(1))
            elif field and (fields or field.group(1) == "bLength"):
                fields.append(field.groups())
        if fields:
            yield descriptor_of(fields)

    def interfaces(self):
        return [d for d in self.descriptors if len(d) >= 9 and d[1] == 4]

    def terminals(self, kind):
        return [d[4] | d[5] << 8 for d in self.descriptors
                if len(d) >= 6 and d[1] == 0x24 and d[2] == kind]

    def blocks(self, i):
        path = f"/devices/pci0000:00/0000:00:14.0/usb1/1-{i + 1}"
        yield [f"P: {path}", "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_device",
               f"E: PRODUCT={int(self.vendor, 16):x}/{int(self.product, 16):x}/100",
               f"A: idVendor={self.vendor}\\n", f"A: idProduct={self.product}\\n",
               *(f"A: {name[1:].lower()}={value}\\n" for name, value in self.texts.items()),
               "H: descriptors=" + b"".join(self.descriptors).hex()]
        seen, has_card = set(), False
        for d in self.interfaces():
            if d[2] in seen:
                continue
            seen.add(d[2])
            yield [f"P: {path}/1-{i + 1}:1.{d[2]}", "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_interface",
                   f"A: bInterfaceClass={d[5]:02x}\\n", f"A: bInterfaceSubClass={d[6]:02x}\\n",
                   f"A: bInterfaceProtocol={d[7]:02x}\\n"]
            if d[5:7] == b"\x01\x01" and not has_card:
                has_card = True
                yield from self.card(f"{path}/1-{i + 1}:1.{d[2]}/sound/card{i}", i)

    def card(self, path, i):
        yield [f"P: {path}", "E: SUBSYSTEM=sound", "A: id=Device\\n"]
        ways = "p" * (0x0101 in self.terminals(2)) + "c" * (0x0101 in self.terminals(3))
        for way in ways:
            yield [f"P: {path}/pcmC{i}D0{way}", "E: SUBSYSTEM=sound"]


def devices_of(path):
    parts = re.split(r"^(?=Bus \d+ Device \d+: ID )", text_of(path), flags=re.M)
    return [Device(part) for part in parts if part.startswith("Bus ") and "bLength" in part]


# By id, since the reader of expected.csv took the dock's socket for a headset.
FORMS = {"046d:0a38": "headset", "17ef:30f7": "unknown", "0d8c:0004": "unknown",
         "31e9:0002": "unknown", "328f:1912": "webcam", "1235:8202": "unknown",
         "046d:082d": "webcam", "2d99:a101": "unknown"}
LSUSB = pytest.mark.parametrize("path", dumps("lsusb") or [None],
                                ids=lambda path: os.path.basename(path or "none"))


@pytest.mark.skipif(not dumps("lsusb"), reason="the dumps of real machines are not here")
@LSUSB
def test_real_usb_devices_are_what_they_are(path, tmp_path):
    row = expected_of(path)
    devices = devices_of(path)
    assert row["usb_devices"] == str(len(devices))
    blocks = [block for i, device in enumerate(devices) for block in device.blocks(i)]
    cards = {i: [] for i, device in enumerate(devices)}
    facts = facts_of(tmp_path, blocks, None, helper=cards)
    with_audio = [d.id for d in devices
                  if any(x[5:7] == b"\x01\x01" for x in d.interfaces())]
    found = {card["usb_id"]: card["form_factor"] for card in facts["audio"]["cards"]}
    assert found == {id_: FORMS[id_] for id_ in with_audio}
    assert (facts["audio"]["headphones"] == "present") == ("headset" in found.values())
    assert [p["usb_id"] for p in facts["printer"]["printers"]] == re.findall(
        r"\b[0-9a-f]{4}:[0-9a-f]{4}\b", row["printers"])
    assert facts["braille"] == {"displays": [], "embossers": []}
