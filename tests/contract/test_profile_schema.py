# SPDX-License-Identifier: Apache-2.0
"""docs/schema/profile-1.json and the parser take the same profiles, as far as a schema can say."""
import copy
import glob
import json
import os
import random
import re
import sys

import harness
import jsonschema
import pytest

sys.path.insert(0, os.path.join(harness.ROOT, "tests/differential"))
import differential  # noqa: E402
import generate  # noqa: E402

SHIPPED = sorted(glob.glob(os.path.join(harness.ROOT, "packaging/profiles/*.json")))

# What only the parser knows, by what it says. A schema cannot look at two places at once, does
# not know the facts, and counts characters.
ONLY_THE_PARSER = [
    # the facts: what there is, of which type, from where to where
    r"(no|has no) fact '", r"is not a (number|text|list)", r"is not an object",
    r"is (an object|a list): (compare|use)", r"items of this list are texts",
    r"(check|when|tables)\S*: ('.*' is not one of|\S+ is not within|expected)",
    r"has no version to take out",
    # what stands elsewhere
    r"names no servers", r"no table '", r"no requirement '", r"is there twice",
    r"has another text or minutes", r"a second one of the scope", r"none of this document's supplements",
    # two values
    r"is more than (default|last_week|at_most)", r"until is before from", r"wrong way round",
    r"takes out (nothing|what no range has)",
    # what a pattern cannot count
    r"that month has no such day", r"is an address", r"a port is a number", r"is not a version range",
    r"bytes, at most", r"an id of \d+ bytes", r"nested deeper", r"bytes of JSON, at most",
    # what is not JSON to the parser, and 4.0, which is a whole number to a schema
    r"duplicate object key", r"not JSON", r"got fraction",
]


@pytest.fixture(scope="module")
def schema():
    with open(os.path.join(harness.ROOT, "docs/schema/profile-1.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def judge():
    with differential.Judge() as judge:
        yield judge


def refused(judge, profile):
    """What the parser says of it, None where it takes it."""
    answer, = judge.ask([differential.profile_line(profile)])
    return None if answer == "ok" else answer


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


VERSION = "0123456789abcdef" * 4
PLAIN = {
    "profile": "p", "year": "2026-27", "title": "T", "source": "s",
    "freshness_hours": {"default": 336, "last_week": 72, "last_day": 24},
    "certification": {"coverage_percent": 95, "devices_percent": 95, "browser_percent": 100,
                      "latest_last_day": "2027-07-15", "minimum_weekdays": 25},
    "endpoints": ["a.example", "b.example:8443"],
    "tables": {"os": [{"id": "ubuntu", "version": "20.04.., except 23", "tier": "full",
                       "except": ["20.10"], "from": "2026-08-01", "until": "2027-05-31", "note": "n"}]},
    "supplements": [{"scope": "lea", "code": "LUSD", "title": "More", "version": VERSION}],
    "waivers": [{"id": "W-1", "scope": "site", "requirement": "r", "reason": "They come in May",
                 "until": "2027-05-31"}],
    "requirements": [
        {"id": "r", "severity": "required", "roles": ["student", "ta"], "title": "It", "source": "s",
         "origin": "lea LUSD", "fix": {"id": "f", "text": "F", "minutes": 1},
         "when": {"none_of": [{"fact": "os.id", "is_one_of": ["arch", "void"]}]},
         "check": {"all_of": [
             {"fact": "os", "in_table": "os"}, {"fact": "cpu.cores", "at_least": 2},
             {"fact": "audio.volume_percent", "at_most": 80}, {"fact": "os.name", "like": "*LTS*"},
             {"fact": "os.kernel", "version_at_least": "5.15"}, {"fact": "audio.muted", "is": False},
             {"fact": "os.version_id", "version_in": "20.04, 22.04.."},
             {"any": "audio.cards", "where": {"fact": "playback", "is": True}},
             {"any_of": [{"every": "os.desktops", "where": {"fact": ".", "is": "gnome"}},
                         {"count": "display.screens", "at_least": 1, "at_most": 2}]}]}}],
}

# A place in PLAIN, and what stands there instead; DROP: nothing. Schema and parser refuse each.
DROP = object()
REQUIREMENT = ("requirements", 0)
CHECK = (*REQUIREMENT, "check")
ROW = ("tables", "os", 0)
WAIVER = ("waivers", 0)
BROKEN = [
    (("profile",), DROP), (("profile",), "CA"), (("profile",), "-p"), (("profile",), "p" * 33),
    (("year",), ""), (("year",), "2" * 32), (("title",), DROP), (("title",), " \t"),
    (("title",), 1), (("title",), "t" * 201), (("title",), "a\x1b[2J"), (("source",), "a\x00"[:1] + "\x7f"),
    (("colour",), "red"), (("freshness_hours",), DROP), (("freshness_hours", "default"), 0),
    (("freshness_hours", "last_day"), 8785), (("freshness_hours", "hourly"), 1),
    (("certification", "devices_percent"), 101), (("certification", "latest_last_day"), "15.07.2027"),
    (("certification", "latest_last_day"), "1969-12-31"), (("certification", "minimum_weekdays"), -1),
    (("endpoints", 0), "https://a.example"), (("endpoints", 0), ""), (("endpoints", 1), "a.example"),
    (("endpoints", 0), "a.example:0443"), (("endpoints",), "a.example"),
    (("tables",), []), (("tables", "os"), []), (("tables", "OS"), [{"id": "x"}]),
    (("tables", "unused"), [{"tier": "full"}]), (("tables", "unused"), [{"id": None}]),
    (("tables", "unused"), [{"id": 1.5}]), (("tables", "unused"), [{"id": "x", "version": 22}]),
    (("tables", "unused"), [{"id": "x", "except": "22"}]), ((*ROW, "version"), "new"),
    ((*ROW, "except", 0), "..22"), ((*ROW, "tier"), "gold"), ((*ROW, "until"), "2027-13-01"),
    ((*ROW, "note"), 1), ((*ROW, "id"), {}),
    (("requirements",), []), (("requirements",), DROP), ((*REQUIREMENT, "id"), DROP),
    ((*REQUIREMENT, "severity"), "optional"), ((*REQUIREMENT, "severity"), DROP),
    ((*REQUIREMENT, "roles"), []), ((*REQUIREMENT, "roles"), ["ta", "ta"]),
    ((*REQUIREMENT, "roles"), ["teacher"]), ((*REQUIREMENT, "roles"), DROP),
    ((*REQUIREMENT, "title"), DROP), ((*REQUIREMENT, "title"), ""), ((*REQUIREMENT, "source"), DROP),
    ((*REQUIREMENT, "source"), "s" * 1001), ((*REQUIREMENT, "fix"), DROP),
    ((*REQUIREMENT, "fix", "id"), "F 1"), ((*REQUIREMENT, "fix", "text"), ""),
    ((*REQUIREMENT, "fix", "minutes"), 1441), ((*REQUIREMENT, "fix", "minutes"), DROP),
    ((*REQUIREMENT, "fix", "run"), "apt-get upgrade"), ((*REQUIREMENT, "origin"), "LUSD"),
    ((*REQUIREMENT, "check"), DROP), (CHECK, {}), (CHECK, []), (CHECK, {"all_of": []}),
    (CHECK, {"all_of": [{"fact": "os.id", "is": "x"}], "fact": "os.id"}),
    (CHECK, {"not": {"fact": "os.id", "is": "x"}}), (CHECK, {"fact": "os.id"}), (CHECK, {"is": "x"}),
    (CHECK, {"fact": "os.id", "is": None}), (CHECK, {"fact": "os.id", "is": ["x"]}),
    (CHECK, {"fact": "os.id", "is_one_of": []}), (CHECK, {"fact": "os.id", "is_one_of": "x"}),
    (CHECK, {"fact": "cpu.cores", "at_least": "2"}), (CHECK, {"fact": "cpu.cores", "at_least": 1.5}),
    (CHECK, {"fact": "cpu.cores", "at_least": 1, "at_most": 2}), (CHECK, {"fact": "os.id", "like": ""}),
    (CHECK, {"fact": "os.id", "like": "?" * 257}), (CHECK, {"fact": "os.kernel", "version_at_least": "v5"}),
    (CHECK, {"fact": "os.kernel", "version_at_least": "1O.2"}),
    (CHECK, {"fact": "os.kernel", "version_at_least": "15.."}),
    (CHECK, {"fact": "os.kernel", "version_in": ""}), (CHECK, {"fact": "os.kernel", "version_in": "except 5"}),
    (CHECK, {"fact": "os.kernel", "version_in": "..5"}), (CHECK, {"fact": "os.kernel", "version_in": "5 .. 6"}),
    (CHECK, {"fact": "os.kernel", "version_in": "5,"}), (CHECK, {"fact": "os.kernel", "version_in": "5..6..7"}),
    (CHECK, {"fact": "../../etc/passwd", "is": "x"}), (CHECK, {"fact": "os", "in_table": 1}),
    (CHECK, {"any": "audio.cards"}), (CHECK, {"every": "audio.cards", "where": True}),
    (CHECK, {"any": "audio.cards", "where": {"fact": "playback", "is": True}, "at_least": 1}),
    (CHECK, {"count": "audio.cards"}), (CHECK, {"count": "audio.cards", "at_least": -1}),
    (CHECK, {"count": "audio.cards", "at_least": 1025}), ((*REQUIREMENT, "when"), None),
    ((*REQUIREMENT, "when"), {"any_of": [{}]}),
    (("supplements",), {}), (("supplements", 0, "scope"), "state"), (("supplements", 0, "code"), "a b"),
    (("supplements", 0, "version"), "f" * 63), (("supplements", 0, "version"), "F" * 64),
    (("supplements", 0, "title"), DROP), (("supplements", 0, "who"), "me"),
    (("supplements",), PLAIN["supplements"] * 3), ((*WAIVER, "id"), ""), ((*WAIVER, "id"), "a/b"),
    ((*WAIVER, "scope"), "device"), ((*WAIVER, "requirement"), DROP), ((*WAIVER, "reason"), "  "),
    ((*WAIVER, "reason"), "r" * 501), ((*WAIVER, "until"), DROP), ((*WAIVER, "until"), "tomorrow"),
    ((*WAIVER, "who"), "P. Doe"), (("waivers",), [PLAIN["waivers"][0]] * 65),
]


def at(document, place):
    for step in place:
        document = document[step]
    return document


def changed(document, place, value):
    document = copy.deepcopy(document)
    parent, last = at(document, place[:-1]), place[-1]
    if value is DROP:
        del parent[last]
    else:
        parent[last] = copy.deepcopy(value)
    return document


@pytest.mark.parametrize("path", SHIPPED, ids=[os.path.basename(path) for path in SHIPPED])
def test_a_profile_that_ships_is_taken_by_both(schema, judge, path):
    profile = load(path)
    assert [error.message for error in schema.iter_errors(profile)] == []
    assert refused(judge, profile) is None


def test_a_document_with_all_that_the_language_has_is_taken_by_both(schema, judge):
    schema.validate(PLAIN)
    assert refused(judge, PLAIN) is None


@pytest.mark.parametrize("place, value", BROKEN, ids=[
    f"{'.'.join(map(str, place))}={'dropped' if value is DROP else json.dumps(value)[:40]}"
    for place, value in BROKEN])
def test_what_is_broken_is_refused_by_both(schema, judge, place, value):
    document = changed(PLAIN, place, value)
    assert not schema.is_valid(document)
    assert refused(judge, document)


def text(n):
    return "1" * n


def whole(n):
    return n


def items(one):
    """A list of @one, in which # is the number."""
    return lambda n: [json.loads(json.dumps(one).replace("#", str(i))) for i in range(n)]


def joined(word):
    return lambda n: {word: [{"fact": "os.id", "is": "x"}] * n}


def comparison(fact, operator, make=text):
    return lambda n: {"fact": fact, operator: make(n)}


# A place in PLAIN and what can stand there: as much as this of it, and not one more.
LIMITS = [
    (("profile",), 32, text), (("year",), 31, text), (("title",), 200, text), (("source",), 1000, text),
    (("freshness_hours",), 8784, lambda n: {"default": n}), (("certification", "coverage_percent"), 100, whole),
    (("certification", "browser_percent"), 100, whole), (("certification", "minimum_weekdays"), 366, whole),
    (("endpoints",), 16, items("a#.example")), (("endpoints", 0), 63, lambda n: text(n) + ".example"),
    (("tables", "t"), 256, items({"id": "x"})), ((*ROW, "note"), 1000, text), ((*ROW, "id"), 4096, text),
    ((*ROW, "version"), 256, lambda n: "1..".ljust(n)), ((*ROW, "except"), 1024, items("30.#")),
    ((*REQUIREMENT, "id"), 32, text), ((*REQUIREMENT, "title"), 200, text),
    ((*REQUIREMENT, "source"), 1000, text), ((*REQUIREMENT, "fix", "id"), 32, text),
    ((*REQUIREMENT, "fix", "text"), 1000, text), ((*REQUIREMENT, "fix", "minutes"), 1440, whole),
    (CHECK, 64, joined("all_of")), (CHECK, 64, joined("any_of")), (CHECK, 64, joined("none_of")),
    (CHECK, 1024, comparison("os.id", "is_one_of", items("#"))), (CHECK, 4096, comparison("os.id", "is")),
    (CHECK, 256, comparison("os.id", "like")), (CHECK, 64, comparison("os.id", "version_at_least")),
    (CHECK, 1024, lambda n: {"count": "audio.cards", "at_least": n}),
    (CHECK, 1024, lambda n: {"count": "audio.cards", "at_most": n}),
    (("supplements", 0, "title"), 200, text), ((*WAIVER, "id"), 64, text), ((*WAIVER, "reason"), 500, text),
    (("waivers",), 64, items({**PLAIN["waivers"][0], "id": "w#"})),
]


@pytest.mark.parametrize("place, limit, make", LIMITS)
def test_a_limit_is_the_same_for_both(schema, judge, place, limit, make):
    base = PLAIN
    if place == (*REQUIREMENT, "id"):  # what waives it names it
        base = changed(PLAIN, ("waivers",), DROP)
    for amount in (limit, limit + 1):
        document = changed(base, place, make(amount))
        is_taken = amount <= limit
        assert schema.is_valid(document) == is_taken, amount
        assert (refused(judge, document) is None) == is_taken, amount


def places(document, place=()):
    yield place
    items = document.items() if isinstance(document, dict) else \
        enumerate(document) if isinstance(document, list) else ()
    for step, value in items:
        yield from places(value, (*place, step))


VALUES = [None, True, False, 0, 1, -1, 1000000, 1.5, "", " ", "x", "X", "1", "2027-05-31", "1..2",
          "lea LUSD", [], ["x"], {}, {"x": "x"}, {"fact": "os.id", "is": "x"}, DROP]


def mutant(draw, document):
    """@document with a change or two of what stands somewhere, or with something more."""
    for _ in range(draw.choice([1, 1, 2])):
        place = draw.choice([place for place in places(document) if place])
        if draw.random() < 0.2 and isinstance(at(document, place), dict):
            place, value = (*place, draw.choice(["x", "fact", "where", "is", "at_least"])), "x"
        else:
            value = draw.choice(VALUES)
        document = changed(document, place, value)
    return document


def documents(draw, n):
    """@n mutants of what is right: of what ships, of all that there is, and of random profiles."""
    right = [load(path) for path in SHIPPED] + [PLAIN] * 20
    right += [generate.Generator(seed).profile()[0] for seed in range(40)]
    for _ in range(n):
        yield mutant(draw, draw.choice(right))


def test_schema_and_parser_agree_on_mutants(schema, judge):
    only = re.compile("|".join(ONLY_THE_PARSER))
    both = 0
    for document in documents(random.Random(20270531), 500):
        is_valid, why = schema.is_valid(document), refused(judge, document)
        assert is_valid or why, f"only the schema refuses {json.dumps(document)}"
        assert not is_valid or not why or only.search(why), f"only the parser says: {why}"
        both += not is_valid
    # Mutants that nobody refuses, or all do, would tell nothing.
    assert 200 < both < 490
