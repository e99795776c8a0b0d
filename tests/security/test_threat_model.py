# SPDX-License-Identifier: Apache-2.0
"""docs/threat-model.md names the test that shows each measure: it has to be there."""
import glob
import os
import re

import harness


def known_tests():
    """Names of tests in Python, in C and for browsers; some of these end in the name of a page."""
    names = set()
    for path in glob.glob(os.path.join(harness.ROOT, "tests/**/*"), recursive=True):
        if not path.endswith((".py", ".c", ".mjs")):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        names |= set(re.findall(r"^def (test_\w+)\(", text, re.M))
        names |= set(re.findall(r"\btest\([`'](\w+)[`'$]", text))
        names |= set(re.findall(r"cmocka_unit_test\w*\((\w+)", text))
        names |= set(re.findall(r"^\t\t(?:test|TEST)\((\w+)\),$", text, re.M))
    return names


def model():
    with open(os.path.join(harness.ROOT, "docs/threat-model.md"), encoding="utf-8") as file:
        return file.read()


def named():
    """(what, [test]) of each row of a table that has tests."""
    for line in model().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|") and len(cells) == 3 and cells[2] != "test" and cells[0] != "---":
            yield cells[0], re.findall(r"`(\w+)`", cells[2])


def is_known(name, names):
    return name in names or any(prefix.endswith("_") and name.startswith(prefix) for prefix in names)


def test_each_measure_names_a_test_that_is_there():
    names, rows = known_tests(), list(named())
    assert len(names) > 500 and len(rows) > 25
    for what, tests in rows:
        assert tests, f"'{what}' names no test"
        for name in tests:
            assert is_known(name, names), f"'{what}' is shown by {name}, which is not there"


def test_a_test_that_is_not_there_is_found_out():
    names = known_tests()
    assert not is_known("test_that_nobody_wrote", names)
    assert not is_known("no_script_that_somebody_wrote", names)


def test_everybody_whom_the_model_has_to_speak_of_is_in_it():
    headings = re.findall(r"^## (.*)$", model(), re.M)
    for word in ("student", "staff", "stolen key", "laptop", "network", "file", "copy of the store",
                 "web page", "stranger", "not protected"):
        assert any(word in heading for heading in headings), word
