# SPDX-License-Identifier: Apache-2.0
"""docs/schema/supplement-1.json and the parser agree on what a supplement may be."""
import copy
import json
import os
import subprocess

import harness
import jsonschema
import pytest

COLLECTOR = os.path.join(harness.BUILD, "testready-collector")
BROKEN = os.path.join(harness.ROOT, "tests", "cases", "profile", "broken")
BASE = os.path.join(BROKEN, "whole-profile.json")


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


SCHEMA = read(harness.ROOT, "docs", "schema", "supplement-1.json")
PROFILE = read(harness.ROOT, "docs", "schema", "profile-1.json")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, resolver=jsonschema.RefResolver(
    "supplement-1.json", SCHEMA, store={"profile-1.json": PROFILE}))

OWN = {"id": "own", "severity": "required", "roles": ["ta"], "title": "Own",
       "check": {"fact": "cpu.cores", "at_least": 2},
       "fix": {"id": "f", "text": "F.", "minutes": 1}, "source": "s"}
WHOLE = {"supplement_to": "demo-2027", "scope": {"lea": "LUSD"}, "title": "T", "source": "S",
         "freshness_hours": {"default": 48}, "certification": {"coverage_percent": 99},
         "tables": {"mine": [{"cores": 4}]},
         "requirements": [OWN, {"tightens": "audio.headphones", "severity": "required",
                                "roles": ["ta"], "check": {"fact": "cpu", "in_table": "mine"},
                                "source": "B"}]}


def parser_takes(supplement):
    done = subprocess.run([COLLECTOR, "profile", "lint", "--base", BASE, "-"], text=True,
                          input=json.dumps(supplement), capture_output=True, check=False,
                          timeout=60)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 0


def changed(path, value):
    """WHOLE with the member at @path set to @value, or taken out where that is ..."""
    supplement = copy.deepcopy(WHOLE)
    at = supplement
    for key in path[:-1]:
        at = at[key]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return supplement


def test_a_whole_supplement_is_taken_by_both():
    VALIDATOR.check_schema(SCHEMA)
    VALIDATOR.validate(WHOLE)
    assert parser_takes(WHOLE)
    VALIDATOR.validate(read(BROKEN, "whole-supplement.json"))


@pytest.mark.parametrize("path, value", [
    (["source"], ...), (["freshness_hours"], ...), (["certification"], ...),
    (["scope"], {"site": "S-1"}), (["requirements"], []), (["requirements", 1, "severity"], ...),
    (["requirements", 1, "source"], ...), (["requirements", 1, "check"], ...),
    (["certification"], {"latest_last_day": "2027-06-01"}), (["title"], "T" * 200),
])
def test_what_may_be_otherwise_is_taken_by_both(path, value):
    supplement = changed(path, value)
    if "check" in path or path == ["requirements"]:
        del supplement["tables"]
    VALIDATOR.validate(supplement)
    assert parser_takes(supplement)


@pytest.mark.parametrize("path, value", [
    (["supplement_to"], 1), (["scope"], ...), (["scope"], {}), (["scope"], {"state": "CA"}),
    (["scope"], {"lea": "1", "site": "2"}), (["scope"], {"lea": ""}), (["scope"], {"lea": "a b"}),
    (["scope"], {"lea": "x" * 33}), (["title"], ...), (["title"], ""), (["title"], "T" * 201),
    (["source"], "a\u0007"), (["colour"], 1), (["endpoints"], []), (["waivers"], []),
    (["freshness_hours"], {"default": 0}), (["freshness_hours"], {"first_day": 1}),
    (["certification"], {"coverage_percent": 101}), (["certification"], {"browser": 1}),
    (["tables"], []), (["tables"], {"A": [{"cores": 4}]}), (["tables"], {"mine": []}),
    (["requirements"], {}), (["requirements", 0, "id"], ...),
    (["requirements", 0, "id"], "browser.version"), (["requirements", 0, "fix"], ...),
    (["requirements", 0, "origin"], "lea LUSD"), (["requirements", 0, "tightens"], "x"),
    (["requirements", 0, "check"], {}), (["requirements", 1, "tightens"], ""),
    (["requirements", 1, "severity"], "recommended"), (["requirements", 1, "roles"], []),
    (["requirements", 1, "roles"], ["cook"]), (["requirements", 1, "check"], []),
    (["requirements", 1, "when"], {"fact": "cpu.cores", "at_least": 2}),
    (["requirements", 1, "fix"], OWN["fix"]),
    (["requirements", 1], {"tightens": "audio.headphones"}),
])
def test_what_is_broken_is_refused_by_both(path, value):
    supplement = changed(path, value)
    assert not VALIDATOR.is_valid(supplement)
    assert not parser_takes(supplement)


def test_what_asks_nothing_is_refused_by_both():
    supplement = {key: WHOLE[key] for key in ("supplement_to", "scope", "title", "tables")}
    assert not VALIDATOR.is_valid(supplement)
    assert not parser_takes(supplement)
