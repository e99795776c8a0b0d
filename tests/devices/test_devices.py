# SPDX-License-Identifier: Apache-2.0
"""What the agent says of recorded machines, and that it always says it in the published layout.

NAME.umockdev stands in for /sys and /dev, NAME.root for the rest, NAME.eventN.ioctl for the
switches of an input device; NAME.expected.json has the facts that must be said. README.md tells
what each machine is and how to add one.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile

import jsonschema
import machines
import pytest
from machines import AGENT, HERE, ROOT, facts_of, facts_of_devices

MACHINES = machines.names()
# Real machines that their owners published; not part of the project, used where they are at hand.
RECORDINGS = os.path.join(machines.SHARED, "recordings")
RECORDINGS_ALL = "TESTREADY_ALL_RECORDINGS" in os.environ
TYPES = {"object", "list", "text", "word", "integer", "boolean"}


def facts_of_machine(name, root):
    return facts_of([*machines.command(name), AGENT, "facts", "--root", root])


def prepare_root(name, folder):
    return machines.prepare_root(name, os.path.join(folder, "root"))


def differences(expected, actual, path):
    """What of @expected is not in @actual; a reason has to have the expected words in it."""
    if isinstance(expected, dict) and set(expected) == {"unknown"}:
        reason = actual.get("unknown") if isinstance(actual, dict) else None
        return [] if reason and expected["unknown"] in reason else [f"{path}: {actual!r}"]
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [d for key in expected
                for d in differences(expected[key], actual.get(key), f"{path}.{key}")]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [d for i, (e, a) in enumerate(zip(expected, actual))
                for d in differences(e, a, f"{path}[{i}]")]
    return [] if expected == actual else [f"{path}: expected {expected!r}, got {actual!r}"]


@pytest.fixture(scope="session")
def schema():
    with open(os.path.join(ROOT, "docs/schema/report-1.json"), encoding="utf-8") as f:
        whole = json.load(f)
    jsonschema.Draft202012Validator.check_schema(whole)
    return {**whole["$defs"]["facts"], "$defs": whole["$defs"]}


def check_schema(facts, schema):
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(facts))
    assert not errors, jsonschema.exceptions.best_match(errors).message


@pytest.mark.parametrize("name", MACHINES)
def test_the_agent_says_of_a_machine_what_is_expected(name, tmp_path, schema):
    expected = expected_of(name)
    facts = facts_of_machine(name, prepare_root(name, tmp_path))
    check_schema(facts, schema)
    assert differences(expected, facts, "facts") == []


# What one machine has and another has not: a list with and without items, yes and no.
BOTH = """os.updates_staged os.restart_required browser.installs audio.cards audio.jacks
audio.headphones audio.microphone printer.printers printer.queues braille.displays
braille.embossers input.keyboards input.pointers input.touchscreens input.switches display.screens
power.batteries network.interfaces speech.engines speech.dispatcher speech.screen_readers
software.libraries software.web_browsers software.fonts software.running""".split()
# What every device has: it is told by one machine, and not known of another.
KNOWN_OR_NOT = """memory.total_mib cpu.mhz clock.time_zone clock.synchronised power.source
audio.volume_percent""".split()
# Always that of the machine that runs the tests, by statvfs(3).
OF_THIS_MACHINE = {"disk"}


def expected_of(name):
    with open(os.path.join(HERE, name + ".expected.json"), encoding="utf-8") as f:
        return json.load(f)


def is_unknown(value):
    return isinstance(value, dict) and set(value) == {"unknown"}


def expected_values(path):
    """The fact @path of every machine that expects something of it."""
    probe, name = path.split(".")
    facts = [expected_of(machine).get(probe, {}) for machine in MACHINES]
    return [f if is_unknown(f) else f[name] for f in facts if is_unknown(f) or name in f]


@pytest.mark.parametrize("path", BOTH)
def test_one_machine_has_it_and_another_has_it_not(path):
    values = [value for value in expected_values(path) if not is_unknown(value)]
    assert any(value not in ([], False, "absent") for value in values), values
    assert any(value in ([], False, "absent") for value in values), values


@pytest.mark.parametrize("path", KNOWN_OR_NOT)
def test_one_machine_tells_it_and_of_another_it_is_not_known(path):
    unknown = [is_unknown(value) for value in expected_values(path)]
    assert True in unknown and False in unknown


def test_every_probe_has_a_machine_with_it_and_one_without():
    probes = {path.split(".")[0] for path in listed()}
    assert {path.split(".")[0] for path in BOTH + KNOWN_OR_NOT} | OF_THIS_MACHINE == probes


def test_no_name_of_a_person_is_told(tmp_path):
    """The browser of a teacher is in the teacher's home folder."""
    root = prepare_root("ta-printer-embosser", tmp_path)
    assert os.path.isdir(os.path.join(root, "home/teacher"))
    assert "teacher" not in json.dumps(facts_of_machine("ta-printer-embosser", root))
    root = prepare_root("teacher-laptop", tmp_path / "bluetooth")
    assert "Ana" not in json.dumps(facts_of_machine("teacher-laptop", root))


def test_print_queues_that_may_be_there_are_not_an_empty_list():
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        os.mkdir(os.path.join(root, "run"), 0)
        user = 65534 if os.geteuid() == 0 else None
        closed = facts_of([AGENT, "facts", "--root", root], user=user)["printer"]
        os.chmod(os.path.join(root, "run"), 0o755)
        empty = facts_of([AGENT, "facts", "--root", root], user=user)["printer"]
    assert "unknown" in closed["queues"]
    assert empty["queues"] == []


def test_more_usb_devices_than_can_be_right_are_unknown(tmp_path, schema):
    facts = facts_of_devices([[f"P: /devices/pci0000:00/usb1/1-{i}", "E: SUBSYSTEM=usb",
                               "E: DEVTYPE=usb_device", f"E: PRODUCT=46d/{i:x}/100"]
                              for i in range(1100)], tmp_path)
    check_schema(facts, schema)
    assert "1024 usb devices" in facts["braille"]["unknown"]
    assert "1024 usb devices" in facts["printer"]["unknown"]
    assert "total_mib" in facts["memory"]


def test_a_keyboard_that_a_program_made_up_is_told_as_such_whatever_bus_it_claims(tmp_path):
    facts = facts_of_devices([
        [f"P: /devices/virtual/input/input{number}", "E: SUBSYSTEM=input", f"E: PRODUCT={bus}/1/1/1",
         'E: NAME="Keyboard"', "E: ID_INPUT=1", "E: ID_INPUT_KEYBOARD=1"]
        for number, bus in enumerate(("3", "5", "11", "0"))]
        + [["P: /devices/virtual/misc/uhid/0005:046D:B342.0001/input/input9", "E: SUBSYSTEM=input",
            "E: PRODUCT=5/46d/b342/111", 'E: NAME="Keyboard K380"', "E: ID_INPUT=1",
            "E: ID_INPUT_KEYBOARD=1"]], tmp_path)
    assert [keyboard["bus"] for keyboard in facts["input"]["keyboards"]] == \
        ["virtual"] * 4 + ["bluetooth"]


def test_a_report_of_many_long_names_still_fits(tmp_path, schema):
    facts = facts_of_devices([[f"P: /devices/platform/k{i}/input/input{i}", "E: SUBSYSTEM=input",
                               f"E: PRODUCT=3/46d/{i:x}/100", 'E: NAME="' + "\u202e\\" * 300 + '"',
                               "E: ID_INPUT=1", "E: ID_INPUT_KEYBOARD=1", "E: ID_INPUT_MOUSE=1",
                               "E: ID_INPUT_TOUCHSCREEN=1"] for i in range(64)], tmp_path)
    check_schema(facts, schema)
    assert len(json.dumps(facts)) < 256 * 1024
    assert "more to say than fits" in facts["input"]["unknown"]
    assert "total_mib" in facts["memory"]


def test_a_jack_that_may_not_be_read_leaves_headphones_unknown(tmp_path):
    """umockdev gives the node, but not its switches."""
    facts = facts_of_devices([
        ["P: /devices/pci0000:00/0000:00:1f.3/sound/card0", "E: SUBSYSTEM=sound", "A: id=PCH\\n"],
        ["P: /devices/pci0000:00/0000:00:1f.3/sound/card0/pcmC0D0p", "N: snd/pcmC0D0p",
         "E: SUBSYSTEM=sound"],
        ["P: /devices/pci0000:00/0000:00:1f.3/sound/card0/input9", "E: SUBSYSTEM=input",
         'E: NAME="Headphone"', 'E: PHYS="ALSA"', "E: EV=21", "E: SW=4"]], tmp_path)
    assert "the state of the jack" in facts["audio"]["headphones"]["unknown"]


def test_a_microphone_that_calls_itself_one_of_a_headset_is_no_headphones(tmp_path):
    usb = "/devices/pci0000:00/0000:00:14.0/usb1/1-2"
    facts = facts_of_devices([
        [f"P: {usb}", "E: SUBSYSTEM=usb", "E: DEVTYPE=usb_device", "E: PRODUCT=46d/a44/100",
         "A: product=Headset Microphone\\n"],
        [f"P: {usb}/1-2:1.0/sound/card0", "E: SUBSYSTEM=sound", "A: id=Mic\\n"],
        [f"P: {usb}/1-2:1.0/sound/card0/pcmC0D0c", "N: snd/pcmC0D0c", "E: SUBSYSTEM=sound"]],
        tmp_path)
    card, = facts["audio"]["cards"]
    assert card["form_factor"] == "headset" and card["playback"] is False
    assert facts["audio"]["microphone"] == "present"
    assert facts["audio"]["headphones"] != "present"


@pytest.mark.parametrize("bus, name, told", [
    ("5", "Maria's Magic Mouse", "Magic Mouse"), ("5", "Mar\u00eda\u2019s Mouse", "Mouse"),
    ("5", "Joe\u2019s dad's Mouse", "Mouse"), ("5", "MX Master 3", "MX Master 3"),
    ("3", "Kid's Mouse", "Kid's Mouse")])
def test_the_owner_of_a_bluetooth_mouse_is_not_told(bus, name, told, tmp_path):
    facts = facts_of_devices([["P: /devices/virtual/input/input7", "E: SUBSYSTEM=input",
                               f"E: PRODUCT={bus}/5ac/30d/0", f'E: NAME="{name}"', "E: ID_INPUT=1",
                               "E: ID_INPUT_MOUSE=1"]], tmp_path)
    assert [pointer["name"] for pointer in facts["input"]["pointers"]] == [told]


HOSTILE = {
    "fifo": lambda path: os.mkfifo(path),
    "loop": lambda path: os.symlink(os.path.basename(path), path),
    "folder": lambda path: os.mkdir(path),
    "gigabyte": lambda path: os.close(make_sparse(path)),
    "one_line_of_a_megabyte": lambda path: write(path, b"A" * (1 << 20)),
    "zeros": lambda path: write(path, bytes(60000)),
    "no_utf8": lambda path: write(path, b"ID=\xff\xfe\n[App]\nName=\xc3\x28\nVersion=\x80\n"),
}
READ = ["etc/os-release", "usr/lib/os-release", "proc/meminfo", "proc/cpuinfo",
        "proc/self/mountinfo", "proc/asound/pcm", "proc/1/comm", "etc/ld.so.cache",
        "opt/CASecureBrowser/application.ini", "opt/CASecureBrowser/CASecureBrowser",
        "opt/CASecureBrowser/CASecureBrowser.sh", "opt/CASecureBrowser/dependentlibs.list",
        "opt/CASecureBrowser/libxul.so", "usr/share/applications/x.desktop",
        "usr/share/xsessions/x.desktop", "proc/sys/dev/parport/parport0/autoprobe",
        "etc/apt/apt.conf.d/50x", "etc/apt/apt.conf", "etc/dnf/automatic.conf", "etc/localtime",
        "etc/timezone", "etc/dconf/profile/user", "etc/fonts/local.conf", "proc/2/comm",
        "proc/2/stat", "usr/share/fonts/verdana.ttf", "usr/lib/espeak-ng-data/lang/en",
        "usr/share/RHVoice/voices/x/voice.info", "usr/lib/libc.so.6"]


def make_sparse(path):
    fd = os.open(path, os.O_CREAT | os.O_WRONLY)
    os.ftruncate(fd, 1 << 30)
    return fd


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_none_makes_a_fact_unknown_and_holds_nobody(kind, tmp_path, schema):
    for path in READ:
        full = os.path.join(tmp_path, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        HOSTILE[kind](full)
    facts = facts_of([AGENT, "facts", "--root", str(tmp_path)], timeout=60)
    check_schema(facts, schema)
    assert "unknown" in facts["memory"] or "unknown" in facts["memory"]["total_mib"]


def listed():
    lines = subprocess.run([AGENT, "facts", "--list"], check=True, capture_output=True,
                           text=True).stdout.splitlines()
    return {path: (type_, summary) for path, type_, summary in (l.split("\t") for l in lines)}


def schema_paths(schema, before=""):
    """Every fact of the schema, named as `facts --list` names it."""
    for name, value in schema["properties"].items():
        inner = value["oneOf"][1]
        is_list = inner.get("type") == "array"
        item = inner["items"] if is_list else inner
        yield before + name, value["description"]
        if "properties" in item:
            yield from schema_paths(item, f"{before}{name}{'[]' if is_list else ''}.")


def test_the_schema_has_the_facts_that_the_agent_lists(schema):
    assert dict(schema_paths(schema)) == {path: s for path, (_, s) in listed().items()}


def test_the_page_of_facts_has_the_facts_that_the_agent_lists():
    with open(os.path.join(ROOT, "docs/facts.md"), encoding="utf-8") as f:
        rows = re.findall(r"^\| `(\S+)` \| (\w+) \| (.*) \|$", f.read(), re.M)
    facts = {path: value for path, value in listed().items() if "." in path}
    assert {type_ for type_, _ in facts.values()} <= TYPES
    assert {path: (type_, summary) for path, type_, summary in rows} == facts


def recordings():
    found = sorted(glob.glob(os.path.join(RECORDINGS, "*.umockdev")))
    # A whole machine takes umockdev some seconds: one of them and the small ones for each run.
    return found if RECORDINGS_ALL else found[:1] + [p for p in found if os.path.getsize(p) < 20000]


@pytest.mark.skipif(not recordings(), reason="the recordings of real machines are not here")
@pytest.mark.parametrize("path", recordings(), ids=[os.path.basename(p) for p in recordings()])
def test_a_real_machine_is_no_braille_station(path, schema):
    facts = facts_of(["umockdev-run", "-d", path, "--", AGENT, "facts"], timeout=120)
    check_schema(facts, schema)
    assert facts["braille"] == {"displays": [], "embossers": []}
    assert all(c["usb_id"] for c in facts["audio"]["cards"] if c["bus"] == "usb")
