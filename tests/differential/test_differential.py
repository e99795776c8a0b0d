# SPDX-License-Identifier: Apache-2.0
"""The judge that ships and the document agree, and would be caught if they did not."""
import collections
import os
import time

import pytest

import differential
import evaluator
import generate
import shrink

PAIRS = int(os.environ.get("PAIRS", "100000"))
SEED = int(os.environ.get("SEED", time.time_ns() % 1000000))


@pytest.fixture(name="judge")
def open_judge():
    with differential.Judge() as judge:
        yield judge


def test_the_judge_and_the_document_agree_on_random_pairs(judge):
    agreed, case = differential.compare(judge, PAIRS, SEED)
    if case:
        print(differential.report(judge, case, SEED))
    print(f"differential: {PAIRS} pairs, {agreed} agree, seed {SEED}")
    assert agreed == PAIRS


def word_of(check):
    return next(key for key in check if key not in ("fact", "where", "at_least", "at_most") or
                ("fact" in check and key != "fact"))


def test_the_pairs_reach_every_operator_with_every_answer(judge, monkeypatch):
    seen, results = collections.Counter(), collections.Counter()
    plain_check, plain_result = evaluator.Judge.check, evaluator.result_of

    def check(self, check, within):
        answer = plain_check(self, check, within)
        seen[word_of(check), answer] += 1
        return answer

    def result_of(*arguments):
        result = plain_result(*arguments)
        results[result] += 1
        return result

    monkeypatch.setattr(evaluator.Judge, "check", check)
    monkeypatch.setattr(evaluator, "result_of", result_of)
    agreed, case = differential.compare(judge, 8000, 1)
    assert (agreed, case) == (8000, None)
    operators = [word.removeprefix("operator=") for word in judge.ask(["words"])[0].split()
                 if word.startswith("operator=")]
    assert len(operators) == 14
    rare = {(word, answer): seen[word, answer] for word in operators
            for answer in (True, False, None) if seen[word, answer] < 40}
    assert not rare
    assert set(results) == {"pass", "fail", "unknown", "not_applicable", "waived"}
    assert min(results.values()) > 100


def or_without_unknown(answers):
    """`any_of` as one writes it who forgets that a thing may be unknown."""
    return any(list(answers))


def row_without_holes(thing, row, as_of):
    return PLAIN_ROW(thing, {key: value for key, value in row.items() if key != "except"}, as_of)


def row_that_ends_a_day_early(thing, row, as_of):
    answer = PLAIN_ROW(thing, row, as_of)
    return False if row.get("until") == as_of else answer


def count_that_takes_maybe_for_yes(self, check, within):
    items = self.items(check["count"], within)
    if items is None:
        return None
    n = sum("where" not in check or self.check(check["where"], item) is not False for item in items)
    return check.get("at_least", 0) <= n <= check.get("at_most", n)


def in_range_with_a_strict_end(parts, entry):
    low, dots, high = entry.partition("..")
    if evaluator.compare(parts, evaluator.parts_of(low)) < 0:
        return False
    is_open = dots and not high
    return is_open or evaluator.compare(parts, evaluator.parts_of(high or low)) <= 0


def like_by_bytes(text, pattern):
    return PLAIN_LIKE(text.encode().decode("latin-1"), pattern.encode().decode("latin-1"))


PLAIN_ROW = evaluator.row_answer
PLAIN_LIKE = evaluator.like
FAULTS = [(evaluator, "any_of", or_without_unknown), (evaluator, "row_answer", row_without_holes),
          (evaluator, "row_answer", row_that_ends_a_day_early),
          (evaluator.Judge, "count", count_that_takes_maybe_for_yes),
          (evaluator, "in_range", in_range_with_a_strict_end),
          (evaluator.COMPARISONS, "like", (str, like_by_bytes))]
NAMES = ["or without unknown", "row without holes", "row that ends a day early",
         "count that takes maybe for yes", "range with a strict end", "like by bytes"]


def read_case(text):
    """The words of a text case, as tests/cases/README.md has them."""
    comment, *lines = text.strip().split("\n")
    assert comment.startswith("# ")
    return dict(line.split(" ", 1) for line in lines)


@pytest.mark.parametrize("where, name, fault", FAULTS, ids=NAMES)
def test_a_fault_is_found_and_shrunk_to_a_text_case(judge, monkeypatch, tmp_path, where, name,
                                                    fault):
    if isinstance(where, dict):
        monkeypatch.setitem(where, name, fault)
    else:
        monkeypatch.setattr(where, name, fault)
    monkeypatch.setattr(differential, "BUILD", str(tmp_path))
    _, case = differential.compare(judge, 20000, 1)
    assert case, "not found"
    told = differential.report(judge, case, 1)
    text = (tmp_path / "differential.case").read_text(encoding="utf-8")
    assert text in told
    words = read_case(text)
    assert {"check", "facts", "gives"} <= set(words), text
    assert len(text) < 400 and words["check"].count('"fact"') <= 2, text


def sound_case(**changes):
    requirement = {**shrink.PLAIN, "check": {"any_of": [
        {"all_of": [{"fact": "os.id", "is": "a"}, {"fact": "cpu.cores", "is": 2}]},
        {"fact": "os.id", "is": "b"}]}}
    profile = {"profile": "case", "title": "t", "freshness_hours": {}, "tables": {},
               "endpoints": [], "requirements": [{**requirement, "id": "other"}, requirement]}
    return {"profile": profile, "facts": {"os": {"id": "a", "arch": "x"}, "cpu": {"cores": 2}},
            "role": "student", "as_of": "2027-05-31", **changes}


def test_a_case_is_shrunk_to_what_the_difference_needs():
    def differs(case):
        is_asked = "{'fact': 'cpu.cores', 'is': 2}" in str(case)
        return is_asked and "cores" in case["facts"].get("cpu", {})

    case = shrink.shrink(sound_case(), differs)
    assert case["facts"] == {"cpu": {"cores": 2}}
    checks = [one["check"] for one in case["profile"]["requirements"]]
    assert checks == [{"fact": "cpu.cores", "is": 2}]
    assert shrink.text_case(case, ["pass"], "ready", "why") == (
        '# why\ncheck {"fact": "cpu.cores", "is": 2}\nfacts {"cpu": {"cores": 2}}\n'
        "gives it=pass state=ready\n")


def test_what_needs_more_than_a_check_is_written_as_a_whole_profile():
    case = sound_case(role="ta")
    case["profile"]["waivers"] = [{"id": "1", "requirement": "it"}]
    words = read_case(shrink.text_case(case, ["pass", "waived"], "ready_with_warnings", "why"))
    assert set(words) == {"profile", "facts", "role", "as_of", "gives"}
    assert words["gives"] == "other=pass it=waived state=ready_with_warnings"


def test_a_profile_that_is_refused_is_no_difference(judge):
    case = sound_case()
    ask = differential.differs(lambda case: "anything", judge.evaluate)
    assert ask(case)
    case["profile"]["requirements"][0]["check"] = {"all_of": []}
    assert not ask(case)


def test_a_judge_that_crashes_is_not_taken_for_one_that_agrees():
    with differential.Judge("/bin/true") as judge, pytest.raises((RuntimeError, BrokenPipeError)):
        differential.compare(judge, 10, 1)
