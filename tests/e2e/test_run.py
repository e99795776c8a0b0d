# SPDX-License-Identifier: Apache-2.0
"""The end of what the runner of all tests prints: often nothing else is kept of a run."""
import os
import subprocess
import sys

import pytest

import harness

CMOCKA = """
#include <stdlib.h>
#include "tests/unit/unit.h"
static void it_holds(void **state) { (void)state; }
static void a_text_is_another(void **state) { (void)state; assert_string_equal("said", "meant"); }
static void it_ends_the_program(void **state) { (void)state; print_message("so far\\n"); _Exit(3); }
int main(void)
{
	const struct CMUnitTest tests[] = { %s };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
"""
PYTEST = """
import pytest

@pytest.fixture
def broken():
    raise OSError("no such collector")

def test_it_holds(): pass
def test_a_number_is_another():
    assert 1 + 1 == 3, "what the sum is"
def test_nothing_to_start_with(broken): pass
"""
NODE = """
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
describe('a page', () => {
  test('it holds', () => {});
  test('its heading is another', () => assert.equal('Said', 'Meant'));
});
"""


def run(*tests):
    """The exit status, what stands under "failed:", and the closing line."""
    done = subprocess.run([sys.executable, os.path.join(harness.ROOT, "tests/run.py"), "--build",
                           os.path.dirname(tests[0]), *tests], text=True, capture_output=True, check=False)
    assert done.stderr == ""
    before, _, end = done.stdout.rpartition("\nfailed:\n")
    lines = (end if before else done.stdout).splitlines()
    return done.returncode, lines[:-1] if before else [], lines[-1]


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def cmocka(folder, *tests):
    write(folder, "unit.c", CMOCKA % ", ".join(f"cmocka_unit_test({test})" for test in tests))
    program = str(folder / "test_unit")
    subprocess.run(["gcc", "-w", "-I", harness.ROOT, "-o", program, str(folder / "unit.c"), "-lcmocka"], check=True)
    return program


def test_a_failed_unit_test_is_told_last_with_its_assertion(tmp_path):
    program = cmocka(tmp_path, "it_holds", "a_text_is_another", "it_holds")
    status, failed, closing = run(program)
    assert failed[0] == f"  {program}: a_text_is_another"
    assert '"said" != "meant"' in failed[1] and "unit.c:5:" in failed[2]
    assert (status, len(failed), closing) == (1, 3, "2 passed, 1 failed")


def test_a_unit_test_that_ends_its_program_is_told_by_name(tmp_path):
    program = cmocka(tmp_path, "it_holds", "it_ends_the_program")
    assert run(program) == (1, [f"  {program}: it_ends_the_program", "      so far",
                                "      the program ended in the middle of this test"], "1 passed, 1 failed")


def test_a_program_that_fails_when_all_its_tests_passed_is_told_with_its_last_words(tmp_path):
    folder = write(tmp_path, "test_unit", "#!/bin/sh\necho '[ RUN      ] it_holds'\n"
                   "echo '[       OK ] it_holds'\necho '12 bytes leaked'\nexit 1\n")
    program = folder + "/test_unit"
    os.chmod(program, 0o755)
    status, failed, closing = run(program)
    assert failed[0] == f"  {program}: what it printed last" and failed[-1] == "      12 bytes leaked"
    assert (status, closing) == (1, "1 passed, 1 failed")


def test_a_program_that_is_not_there_has_failed(tmp_path):
    program = str(tmp_path / "test_unit")
    status, failed, closing = run(program)
    assert failed[0] == f"  {program}: what it printed last" and "No such file" in failed[1]
    assert (status, closing) == (1, "0 passed, 1 failed")


def test_a_failed_pytest_is_told_last_with_its_assertion_and_its_place(tmp_path):
    folder = write(tmp_path / "suite", "test_sums.py", PYTEST)
    status, failed, closing = run(folder)
    text = "\n".join(failed)
    assert f"  {folder}: " in failed[0] and failed[0].endswith("test_sums::test_a_number_is_another")
    assert "AssertionError: what the sum is" in failed[1] and "assert (1 + 1) == 3" in failed[2]
    assert "test_sums.py:10: AssertionError" in failed[3]
    assert "::test_nothing_to_start_with" in failed[4] and "no such collector" in text
    assert (status, closing) == (1, "1 passed, 2 failed")


def test_a_pytest_file_that_cannot_be_read_is_told_with_why(tmp_path):
    folder = write(tmp_path / "suite", "test_sums.py", "import nobody_has_this\n")
    status, failed, closing = run(folder)
    assert any("No module named 'nobody_has_this'" in line for line in failed)
    assert (status, closing) == (1, "0 passed, 1 failed")


def test_a_failed_browser_test_is_told_last_with_its_assertion(tmp_path):
    folder = write(tmp_path / "suite", "page.test.mjs", NODE)
    status, failed, closing = run(folder)
    text = "\n".join(failed)
    assert failed[0] == f"  {folder}: its heading is another"
    assert "page.test.mjs:6:" in failed[1] and "'Said'" in text and "'Meant'" in text
    assert "1 subtest failed" not in text
    assert (status, closing) == (1, "1 passed, 1 failed")


def test_a_browser_test_that_cannot_be_read_is_told_with_why(tmp_path):
    folder = write(tmp_path / "suite", "page.test.mjs", "import './nobody.mjs';\n")
    status, failed, closing = run(folder)
    assert "page.test.mjs" in failed[0]
    assert any("Cannot find module" in line for line in failed)
    assert (status, closing) == (1, "0 passed, 1 failed")


@pytest.mark.parametrize("tests", [7, 20, 60])
def test_however_many_fail_their_names_are_all_in_the_last_hundred_lines(tmp_path, tests):
    lines = "\\n".join(["line"] * 40)
    folder = write(tmp_path / "suite", "test_many.py", "\n".join(
        f"def test_{number}():\n    assert False, '{lines}'" for number in range(tests)))
    _, failed, closing = run(folder)
    assert [sum(line.endswith(f"::test_{number}") for line in failed) for number in range(tests)] == [1] * tests
    assert len(failed) <= 98 and (tests == 60 or len(failed) > 2 * tests) and closing == f"0 passed, {tests} failed"


def test_where_nothing_failed_nothing_is_told(tmp_path):
    assert run(cmocka(tmp_path, "it_holds")) == (0, [], "1 passed, 0 failed")
