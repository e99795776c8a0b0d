# SPDX-License-Identifier: Apache-2.0
"""agent/data/ against what was found out about hardware, and against its own rules."""
import csv
import glob
import os
import re

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Not part of the project; used where they are at hand.
FACTS = os.path.join(os.path.dirname(ROOT), "shared/facts")
with_facts = pytest.mark.skipif(not os.path.isdir(FACTS), reason="the facts are not here")

GENERIC = "a serial chip of everybody's, and nothing in it names a maker of displays"
# What is known of and not in the data, and why.
NO_DISPLAYS = {
    ("0403:6001", "Cebra", "all models"): GENERIC,
    ("0403:6001", "HIMS", "Sync Braille"): GENERIC,
    ("0403:6001", "HandyTech", "FTDI chip"): GENERIC,
    ("0403:6001", "MDV", "all models"): GENERIC,
    ("0403:6010", "DotPad", "all models"): GENERIC,
    ("10c4:ea60", "BrailleMemo", "Next Touch 40"): GENERIC,
    ("10c4:ea60", "BrailleMemo", "Pocket"): GENERIC,
    ("10c4:ea60", "Seika", "Braille Display"): GENERIC,
    ("10c4:ea80", "Seika", "Note Taker"): GENERIC,
    ("1a86:55d3", "HIMS", "eMotion (legacy)"): GENERIC,
    ("1a86:7523", "Baum", "NLS eReader Zoomax (20 cells)"): "only the hub it is behind, a common "
                                                           "one, speaks for it",
    ("2341:8036", "(NVDA only)",
     "Nattiq nBraille on an Arduino Leonardo id (GENERIC)"): "classrooms have Arduinos",
}
NO_EMBOSSERS = {
    "net_oui": "the agent does not look who is in the network",
    "cups_make_model_exclude": "what is no embosser; see agent/probe/queues.c and its test",
    "cups_device_uri_exclude": "what is no embosser; see agent/probe/queues.c and its test",
    "note": "for people",
}
# The makers of chips, under which nobody's own product is.
CHIP_MAKERS = {"FTDI", "Silicon Labs", "Silicon Laboratories"}


def data(name):
    with open(os.path.join(ROOT, "agent/data", name), encoding="utf-8") as f:
        lines = [line.rstrip("\n") for line in f if line.strip() and line[0] != "#"]
    return list(csv.DictReader(lines, delimiter=";", quoting=csv.QUOTE_NONE))


def facts(name):
    with open(os.path.join(FACTS, name), encoding="utf-8") as f:
        return list(csv.DictReader(f))


def test_no_id_or_name_is_given_twice():
    for name, columns in {"braille_displays.csv": ["usb", "maker", "product"],
                          "braille_bluetooth.csv": ["prefix"], "printer_ports.csv": ["usb"],
                          "embossers.csv": ["usb", "maker", "model"], "receivers.csv": ["usb"],
                          "switches.csv": ["usb", "name"], "input_makers.csv": ["vendor"],
                          "consoles.csv": ["usb"]}.items():
        keys = [tuple(row[c] for c in columns) for row in data(name)]
        assert not [k for k in keys if keys.count(k) > 1], name


def test_ids_are_as_the_agent_writes_them():
    for path in glob.glob(os.path.join(ROOT, "agent/data/*.csv")):
        for row in data(os.path.basename(path)):
            assert re.fullmatch(r"|[0-9a-f]{4}:([0-9a-f]{4}|\*)", row.get("usb") or "")
            assert re.fullmatch(r"|[0-9a-f]{4}", row.get("vendor") or "")


def test_patterns_of_names_are_in_lower_case_as_they_are_compared():
    assert all(row["name"] == row["name"].lower() for row in data("switches.csv"))
    assert all(row["usb"] or len(row["name"]) > 4 for row in data("switches.csv"))


def test_patterns_of_processes_begin_with_a_letter_and_those_of_one_program_stay_together():
    """agent/probe/software.c compares the first letter first, and an item with the one before."""
    rows = data("applications.csv")
    assert all(row["process"][0] not in "*?" for row in rows)
    names = [row["name"] for row in rows]
    runs = [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]
    assert len(runs) == len(set(runs))
    assert all(len({r["kind"] for r in rows if r["name"] == name}) == 1 for name in runs)


def test_a_shared_chip_counts_only_with_the_name_of_a_maker():
    for row in data("braille_displays.csv"):
        assert row["certainty"] in ("certain", "possible")
        assert row["certainty"] == "certain" or row["maker"]
        assert row["maker"] not in CHIP_MAKERS
        assert row["driver"] or row["models"]


def test_an_embosser_is_certain_by_its_own_id_or_by_the_maker_that_publishes_one():
    for row in data("embossers.csv"):
        if row["certainty"] == "certain":
            assert re.fullmatch(r"[0-9a-f]{4}:[0-9a-f]{4}", row["usb"]) or \
                (row["maker"] == "Index Braille" and row["model"])
        # A maker's name alone is one word too few, except that of one who makes nothing else.
        assert row["usb"] or row["model"] or row["maker"] == "Index Braille"


def test_no_maker_of_keyboards_makes_switches_or_displays():
    """Ids of theirs in another list are asked first, so they have to be whole."""
    vendors = {row["vendor"] for row in data("input_makers.csv")}
    assert not any(row["usb"].endswith("*") for row in data("switches.csv"))
    assert {"05f3", "2104"}.isdisjoint(vendors)
    assert {"04d9", "093a", "1c4f", "04b4", "062a", "1bcf"}.isdisjoint(vendors)


@with_facts
def test_every_display_that_is_known_of_is_in_the_data_or_said_not_to_be():
    rows = data("braille_displays.csv")
    absent = set()
    for fact in facts("braille_displays.csv"):
        usb = f"{fact['vendor_id']}:{fact['product_id']}"
        key = (usb, fact["driver"], fact["model"])
        driver = "" if fact["driver"] == "(NVDA only)" else fact["driver"]
        maker, product = fact["require_manufacturer"], fact["require_product"]
        found = [r for r in rows if r["usb"] == usb and r["driver"] == driver
                 and r["maker"] == maker and r["product"] == product]
        if key in NO_DISPLAYS:
            absent.add(key)
            assert not found, key
            continue
        assert len(found) == 1, key
        assert found[0]["certainty"] == ("possible" if fact["generic"] == "yes" else "certain")
        if fact["model"] not in ("all models", "reserved"):
            model = re.sub(r" \((HID|serial) protocol.*\)$", "", fact["model"])
            models = found[0]["models"]
            assert model.split(" (firmware")[0] in models, (key, models)
    assert absent == set(NO_DISPLAYS)


@with_facts
def test_every_bluetooth_name_that_is_known_of_is_in_the_data():
    prefixes = {row["prefix"] for row in data("braille_bluetooth.csv")}
    assert prefixes == {row["name_prefix"] for row in facts("braille_bluetooth_names.csv")}


def has_words(text, words):
    end = "(?![a-z0-9])" if words[-1].isdigit() else "(?![a-z])"
    return re.search(rf"(?<![a-z0-9]){re.escape(words.lower())}{end}", text.lower())


def is_embosser(maker, model, usb=""):
    """The rules of agent/probe/embosser.c for a printer."""
    for row in data("embossers.csv"):
        usb_fits = not row["usb"] or usb == row["usb"] or \
            (row["usb"].endswith("*") and usb.startswith(row["usb"][:-1]))
        maker_fits = not row["maker"] or re.match(
            re.escape(row["maker"].lower()) + "(?![a-z0-9])", maker.lower())
        if usb_fits and maker_fits and (not row["model"] or has_words(model, row["model"])):
            return row["certainty"]
    return None


@with_facts
def test_every_embosser_that_is_known_of_is_in_the_data_or_said_not_to_be():
    rows = data("embossers.csv")
    seen = set()
    for fact in facts("embossers.csv"):
        kind, match = fact["rule_type"], fact["match"]
        seen.add(kind)
        if kind in NO_EMBOSSERS:
            continue
        if kind.startswith("usb_vid"):
            assert is_embosser("", "", match.replace("*", "0001")) == \
                ("certain" if fact["confidence"] == "certain" else "possible")
        elif kind == "cups_make_model":
            name = re.sub(r"\(, \.\*\)\?\$$", ", 1.0", match.lstrip("^"))
            assert is_embosser(name, name), name
        elif kind == "model_name":
            assert is_embosser(fact["maker"], match), match
            # By a line of its own, not only because the word braille is in it.
            assert any(r["maker"] and fact["maker"].lower().startswith(r["maker"].lower()) and
                       has_words(match, r["model"]) for r in rows if r["model"]), match
        elif kind == "ieee1284":
            # A maker's name alone is a guess, and is one in the data only for Index Braille.
            assert any(r["maker"] and has_words(fact["maker"], r["maker"]) for r in rows), match
            assert is_embosser(fact["maker"], "") == \
                ("possible" if fact["maker"] == "Index Braille AB" else None)
        else:
            assert kind == "usb_product_or_mdl"
            for word in ["Braille", "Emboss", "Embosser", "Embossing"]:
                assert is_embosser("", f"A {word} thing") == "possible"
    assert set(NO_EMBOSSERS) <= seen


@with_facts
def test_every_eye_tracker_that_is_known_of_is_in_the_data():
    with open(os.path.join(FACTS, "devices.md"), encoding="utf-8") as f:
        vendor, products = re.search(r"Tobii ([0-9a-f]{4}):([0-9a-f/]+)", f.read()).groups()
    ids = {row["usb"] for row in data("switches.csv")}
    assert {f"{vendor}:{product}" for product in products.split("/")} <= ids
