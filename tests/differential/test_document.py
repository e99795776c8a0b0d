# SPDX-License-Identifier: Apache-2.0
"""docs/profiles.md has every word of the language, and what it shows is accepted."""
import json
import os
import re

import pytest

import differential
from generate import ROOT
from shrink import PLAIN

SERVERS = ["login.test.example.org", "delivery.test.example.org:8443"]
BASE = os.path.join(ROOT, "packaging/profiles/ca-caaspp-2022-23.json")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


DOCUMENT = read("docs/profiles.md")


def examples():
    """Blocks of JSON, and what stands in backticks and begins like JSON."""
    blocks = re.findall(r"^ *```json\n(.*?)^ *```", DOCUMENT, re.M | re.S)
    return blocks + re.findall(r"`(\{[^`\n]*\})`", DOCUMENT)


@pytest.fixture(name="judge")
def open_judge():
    with differential.Judge() as judge:
        yield judge


def ask(judge, *lines):
    return judge.ask([" ".join(line.split("\n")) for line in lines])[-1]


def profile_of(check=None, **members):
    requirement = {**PLAIN, "check": check or {"fact": "cpu.cores", "at_least": 1}}
    return "profile " + json.dumps({"profile": "p", "title": "t", "freshness_hours": {},
                                    "endpoints": SERVERS, "requirements": [requirement], **members})


def supplement_of(**members):
    return "supplement " + json.dumps({"supplement_to": "ca-caaspp-2022-23", "title": "t", "source": "s",
                                       "requirements": [], **members})


def is_table(name, value):
    return name not in ("all_of", "any_of", "none_of") and isinstance(value, list)


def lines_of(example):
    """What asks the judge whether it takes the example, by the members that it has."""
    base = "profile " + json.dumps(json.loads(read(BASE)))
    if "supplement_to" in example:
        return [base, supplement_of(**example)]
    if set(example) <= {"lea", "site"}:
        return [base, supplement_of(scope=example, freshness_hours={"last_week": 48})]
    if "profile" in example:
        return ["profile " + json.dumps(example)]
    if "until" in example:
        requirement = {**PLAIN, "id": example["requirement"], "check": {"fact": "cpu.cores", "is": 1}}
        return [profile_of(requirements=[requirement], waivers=[example])]
    if "severity" in example:
        return [profile_of(requirements=[example])]
    if all(is_table(*member) for member in example.items()):
        return [profile_of({"fact": name, "in_table": name}, tables=example) for name in example]
    tables = {"os": [{"id": "ubuntu", "version": "20.04"}]} if "in_table" in example else {}
    return [profile_of(example, tables=tables)]


@pytest.mark.parametrize("text", examples(), ids=lambda text: " ".join(text.split())[:50])
def test_an_example_is_accepted(judge, text):
    example = json.loads(text)
    if set(example) == {"unknown"}:
        return
    assert ask(judge, *lines_of(example)) == "ok"


def language(judge):
    """{"operator": [words], …, "limit": ["the_file=262144", …]}"""
    words = {}
    for pair in ask(judge, "words").split():
        of, word = pair.split("=", 1)
        words.setdefault(of, []).append(word)
    return words


def test_every_word_of_the_language_is_told(judge):
    words = language(judge)
    assert len(words["operator"]) == 14
    for of in ("operator", "role", "severity", "tier", "state"):
        missing = [word for word in words[of] if f"`{word}`" not in DOCUMENT]
        assert not missing, of
    assert not [word for word in words["result"] if f"**{word}**" not in DOCUMENT]


def test_every_operator_is_shown(judge):
    shown = "".join(examples())
    rows = [line for line in DOCUMENT.split("\n") if line.startswith("| `")]
    for operator in language(judge)["operator"]:
        assert f'"{operator}": ' in shown
        row = [line for line in rows if line.startswith(f"| `{operator}` |")]
        assert len(row) == 1 and '{"' in row[0], operator


def test_every_limit_is_told_with_its_number(judge):
    chapter = DOCUMENT.split("## Limits")[1].split("## Commands")[0]
    rows = re.findall(r"^\| (.+?) \| (\d+)", chapter, re.M)
    limits = [limit.rsplit("=", 1) for limit in language(judge)["limit"]]
    told = {name: value for name, value in limits for label, number in rows
            if label.startswith(name.replace("_", " ")) and number == value}
    assert told == dict(limits)
    assert len(rows) == len(limits)


def rows_below(head):
    """The cells of the table whose first line begins with @head."""
    table = re.search(rf"^\| {head} \|.*\n\|[-|]*\n((?:\|.*\n)+)", DOCUMENT, re.M).group(1)
    return [[cell.strip(" `") for cell in line.strip("|").split("|")]
            for line in table.strip().split("\n")]


def first_result(judge, check, facts):
    return ask(judge, profile_of(check), f"facts student 2027-03-15 {json.dumps(facts)}").split()[0]


FACTS = {"yes": True, "no": False, "?": {"unknown": "it did not answer"}}
ANSWERS = {"pass": "yes", "fail": "no", "unknown": "?"}


def test_the_table_of_what_becomes_of_an_unknown_is_right(judge):
    rows = rows_below(r"A \| B")
    assert len(rows) == 6 and len({frozenset(row[:2]) for row in rows}) == 6
    both = [{"fact": "audio.muted", "is": True}, {"fact": "browser.running", "is": True}]
    for a, b, *wanted in rows:
        for first, second in ((a, b), (b, a)):
            facts = {"audio": {"muted": FACTS[first]}, "browser": {"running": FACTS[second]}}
            given = [ANSWERS[first_result(judge, {operator: both}, facts)]
                     for operator in ("all_of", "any_of", "none_of")]
            assert given == wanted, (first, second)


def version_answer(judge, version, **comparison):
    check = {"fact": "os.version_id", **comparison}
    return first_result(judge, check, {"os": {"version_id": version}})


def test_the_versions_that_are_shown_are_what_is_told(judge):
    rows = rows_below("the device says")
    assert len(rows) >= 8
    for says, means in rows:
        if means == "no version":
            assert version_answer(judge, says, version_at_least="0") == "unknown"
            continue
        assert version_answer(judge, says, version_at_least=means) == "pass"
        assert version_answer(judge, says, version_at_least=f"{means}{'.0' * 9}.1") == "fail"


def test_the_sets_that_are_shown_have_what_is_told(judge):
    rows = rows_below("set")
    assert len(rows) >= 6
    for text, *lists in rows:
        for wanted, versions in zip(("pass", "fail"), lists):
            for version in versions.split(", "):
                assert version_answer(judge, version, version_in=text) == wanted, (text, version)


def test_the_command_line_of_the_walk_through_is_that_of_the_table():
    chapter = DOCUMENT.split("## Commands")[1]
    commands = re.findall(r"^\| `((?:profile|waiver) [a-z-]+)", chapter, re.M)
    walked = re.findall(r"^ +testready-collector (\S+ \S+)", DOCUMENT, re.M)
    assert len(walked) >= 5 and set(walked) <= set(commands)
