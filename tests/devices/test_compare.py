# SPDX-License-Identifier: Apache-2.0
"""The comparison with recordings: that it sees a disagreement, and what it says of real machines."""
import copy
import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys

import machines
import pytest

PROGRAM = os.path.join(machines.HERE, "compare")
RECORDINGS = os.path.join(machines.SHARED, "recordings")
EXPECTED = os.path.join(machines.SHARED, "expected.csv")
ARE_ALL = "TESTREADY_ALL_RECORDINGS" in os.environ
# A whole machine takes umockdev a second: for each run the small ones.
SMALL = 20000


def load():
    """The program as a module, without a folder of compiled Python beside it."""
    loader = importlib.machinery.SourceFileLoader("compare", PROGRAM)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


compare = load()

# A laptop with a USB headset, as the CSV and as the agent tell it.
ROW = {
    "file": "recordings/900-made-up.umockdev", "playback_cards": "3", "capture_cards": "2",
    "cards": "card0:pci,ff=internal,play=2,capt=1,PCH ; card1:usb,ff=headset,play=1,capt=1,H ; "
             "card2:pci,ff=none,play=1,capt=0,HDMI ; card29:platform,ff=internal,play=0,capt=0,EC",
    "usb_headset": "yes", "headphone_jack_inputs": "Dock Headphone | Headphone",
    "mic_jack_inputs": "none", "hdmi_dp_jack_inputs": "1",
    "jacks_by_sw_bits": "hdmi_dp=1 headphone=2", "printers": "LaserJet", "braille_display": "no",
    "keyboards": "AT keyboard", "pointing": "Mouse | TouchPad", "touchscreens": "none",
    "batteries": "BAT0(Not charging 80%) | BAT1(Charging ?%)"}


def card(bus, form, playback, capture):
    return {"name": "x", "bus": bus, "form_factor": form, "usb_id": "", "playback": playback,
            "capture": capture}


def named(*names):
    return [{"name": name} for name in names]


def jack(name, *uses):
    return {"name": name, "for": list(uses), "plugged": {"unknown": "no state"}}


FACTS = {
    "audio": {"cards": [card("pci", "hdmi", False, False), card("usb", "headset", True, True),
                        card("pci", "internal", True, True)],
              "jacks": [jack("Headphone", "headphone"), jack("Dock Headphone", "headphone"),
                        jack("HDMI/DP,pcm=3", "line_out", "video")]},
    "printer": {"printers": named("HP LaserJet")},
    "braille": {"displays": [], "embossers": []},
    "input": {"keyboards": named("AT keyboard"), "pointers": named("TouchPad", "Mouse", "Mouse"),
              "touchscreens": []},
    "power": {"batteries": [
        {"name": "BAT1", "status": "charging", "percent": 47},
        {"name": "BAT0", "status": "not_charging", "percent": 80}]},
}
UNKNOWN = {"unknown": "could not look"}


def compared(row=(), **changes):
    """Of ROW and FACTS, with changes: audio__jacks=[]."""
    facts = copy.deepcopy(FACTS)
    for path, value in changes.items():
        probe, _, name = path.partition("__")
        if name:
            facts[probe][name] = value
        else:
            facts[probe] = value
    result = compare.Comparison()
    result.add({**ROW, **dict(row)}, facts)
    return result


def test_facts_that_are_as_expected_agree():
    result = compared()
    assert result.lines == []
    assert result.is_good and list(result.summary())[-1] == "14 of 14 values agree (100.0 %)"


@pytest.mark.parametrize("changes, columns", [
    ({"audio__cards": [card("pci", "hdmi", False, False), card("pci", "internal", True, True)]},
     {"playback_cards", "capture_cards", "cards", "usb_headset"}),
    ({"audio__jacks": FACTS["audio"]["jacks"][:2]}, {"hdmi_dp_jack_inputs", "jacks_by_sw_bits"}),
    ({"audio__jacks": [jack("Headphone", "headphone", "microphone"), *FACTS["audio"]["jacks"][1:]]},
     {"jacks_by_sw_bits"}),
    ({"printer__printers": []}, {"printers"}),
    ({"braille__displays": named("Focus")}, {"braille_display"}),
    ({"input__keyboards": named("AT keyboard", "Buttons")}, {"keyboards"}),
    ({"input__pointers": named("Mouse")}, {"pointing"}),
    ({"input__touchscreens": named("ELAN")}, {"touchscreens"}),
    ({"power__batteries": FACTS["power"]["batteries"][:1]}, {"batteries"}),
    ({"power__batteries": [dict(FACTS["power"]["batteries"][1], percent=81),
                           FACTS["power"]["batteries"][0]]}, {"batteries"}),
    ({"power__batteries": [dict(FACTS["power"]["batteries"][1], status=UNKNOWN),
                           FACTS["power"]["batteries"][0]]}, {"batteries"})])
def test_a_disagreement_is_a_line_and_a_count(changes, columns):
    result = compared(**changes)
    assert {c for c in compare.COLUMNS if result.differ[c]} == columns
    for column in columns:
        assert any(re.match(rf"900-made-up.umockdev: {column}: expected .*, the agent says .*", l)
                   for l in result.lines)
    assert not result.is_good


@pytest.mark.parametrize("probe", ["audio", "printer", "braille", "input", "power"])
def test_what_the_agent_does_not_know_does_not_agree(probe):
    result = compared(**{probe: UNKNOWN})
    assert sum(result.differ.values()) > 0 and sum(result.agree.values()) < 14
    assert all("the agent says unknown" in line for line in result.lines)


@pytest.mark.parametrize("row, changes, thing", [
    ({"usb_headset": "no"}, {}, "headset"), ({"printers": "none"}, {}, "printer"),
    ({}, {"braille__embossers": [{"make_model": "x"}]}, "embosser"),
    ({}, {"braille__displays": [{"driver": "x"}]}, "braille display")])
def test_what_is_seen_and_not_there_fails_whatever_agrees(row, changes, thing):
    result = compared(row, **changes)
    assert f"the agent sees a {thing} that is not there" in " ".join(result.lines)
    result.agree["cards"] += 10000
    assert result.percent > 99 and not result.is_good


def test_a_value_that_is_overruled_is_no_agreement(monkeypatch):
    monkeypatch.setitem(compare.OVERRULED, ("900", "keyboards"), ("Typewriter", "it is one"))
    result = compared(input__keyboards=named("Typewriter"))
    assert (result.overruled["keyboards"], result.agree["keyboards"]) == (1, 0)
    assert "(overruled: it is one)" in result.lines[0] and result.total == 14
    # The agent says something else again: that is a disagreement.
    assert compared(input__keyboards=named("Piano")).differ["keyboards"] == 1


def test_a_battery_that_does_not_know_is_expected_not_to_say():
    row = {"batteries": "BAT0(Unknown 0%)"}
    unsure = {"name": "BAT0", "status": UNKNOWN, "percent": UNKNOWN}
    assert compared(row, power__batteries=[unsure]).differ["batteries"] == 0
    assert compared(row, power__batteries=[dict(unsure, percent=0)]).differ["batteries"] == 1


def test_98_of_100_are_enough_and_less_is_not():
    result = compare.Comparison()
    result.agree["cards"], result.differ["cards"] = 98, 2
    assert result.is_good
    result.agree["cards"], result.differ["cards"] = 9799, 201
    assert not result.is_good
    assert list(result.summary())[-1] == "9799 of 10000 values agree (97.9 %)"
    assert not compare.Comparison().is_good


def run(folder, *arguments):
    return subprocess.run([PROGRAM, "--recordings", folder, *arguments], capture_output=True,
                          text=True, timeout=1200)


def test_an_agent_that_says_nothing_agrees_with_nothing(tmp_path):
    (tmp_path / "900-made-up.umockdev").write_text("P: /devices/x\nE: SUBSYSTEM=pci\n")
    expected = tmp_path / "expected.csv"
    expected.write_text(",".join(ROW) + "\n" + ",".join(f'"{value}"' for value in ROW.values()))
    done = run(tmp_path, "--expected", expected, "--agent", "/bin/false")
    assert done.returncode == 1
    assert "900-made-up.umockdev: the agent said nothing: exit status 1" in done.stdout
    assert done.stdout.endswith("0 of 14 values agree (0.0 %)\n")
    done = run(tmp_path, "--expected", expected, "901-no-such.umockdev")
    assert done.returncode == 1 and "no recording with a row: 901-no-such" in done.stderr


def test_every_column_is_compared_or_said_not_to_be():
    known = set(compare.COLUMNS) | set(compare.NOT_TOLD) | compare.ABOUT
    if os.path.exists(EXPECTED):
        with open(EXPECTED, encoding="utf-8") as f:
            assert set(f.readline().strip().split(",")) == known
    words = " ".join(subprocess.run([PROGRAM, "--help"], check=True, capture_output=True,
                                    text=True).stdout.split())
    for column, why in compare.NOT_TOLD.items():
        assert f"{column}: {why}" in words


def test_the_page_of_what_is_overruled_has_the_table_of_the_program():
    with open(os.path.join(machines.ROOT, "docs/decisions/"
                           "0012-where-the-recordings-list-is-overruled.md")) as f:
        rows = re.findall(r"^\| ([\d, ]+) .*?\| (`.*?`) \|", f.read(), re.M)
    told = {(file, column) for files, columns in rows for file in re.findall(r"\d+", files)
            for column in re.findall(r"\w+", columns)}
    assert told == set(compare.OVERRULED)


@pytest.mark.skipif(not os.path.isdir(RECORDINGS),
                    reason="the recordings of real machines are not here")
def test_the_agent_agrees_with_what_a_person_noted_of_real_machines():
    small = [] if ARE_ALL else [e.name for e in os.scandir(RECORDINGS)
                                if e.name.endswith(".umockdev") and e.stat().st_size < SMALL]
    # Overruled values are many among the small ones; the whole list has few.
    done = run(RECORDINGS, "--expected", EXPECTED, "--agent", machines.AGENT, *small)
    lines = done.stdout.splitlines()
    assert [l for l in lines if "the agent s" in l and "(overruled" not in l] == []
    assert done.returncode == 0 or not ARE_ALL
