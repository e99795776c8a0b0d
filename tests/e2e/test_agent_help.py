# SPDX-License-Identifier: Apache-2.0
"""The help and the man page tell the same, and wrong usage says what would be right."""
import os
import re
import subprocess

import pytest

from imposter import AGENT

MAN = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "man", "testready-agent.1.scd")


def run(*args):
    return subprocess.run([AGENT, *args], text=True, capture_output=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ["PATH"], "TESTREADY_STATE": "/nonexistent"})


def commands():
    return re.findall(r"^  ([a-z-]+(?: [a-z]+)?) ", run("--help").stdout, re.M)


def options(command):
    """(name, what its value is called) as --help lists them."""
    return set(re.findall(r"^  --([a-z-]+)(?: ([A-Z]+))?", run(*command.split(), "--help").stdout, re.M))


def man():
    with open(MAN, encoding="utf-8") as file:
        return file.read()


def man_options():
    """The same by command, as the man page lists them."""
    section = man().split("# COMMANDS\n")[1].split("\n# ")[0]
    found, command = {}, None
    for line in section.splitlines():
        name = re.match(r"\*([a-z -]+)\*", line)
        option = re.match(r"\t\*--([a-z-]+)\*(?: _([A-Z]+)_)?$", line)
        if name:
            command = found.setdefault(name[1], set())
        elif option:
            command.add((option[1], option[2] or ""))
    return found


def test_every_command_is_in_the_man_page_and_the_other_way_round():
    assert len(commands()) > 5
    assert set(commands()) == set(man_options())


@pytest.mark.parametrize("command", [
    "facts", "check", "enroll", "report", "run", "status", "export", "prepare-image",
    "config check", "config show", "read-dmi"])
def test_every_option_is_in_the_man_page_and_the_other_way_round(command):
    assert options(command)
    assert options(command) == man_options()[command]


def test_the_man_page_can_be_made():
    subprocess.run(["scdoc"], input=man(), text=True, check=True, capture_output=True)


@pytest.mark.parametrize("command", [
    "facts", "check", "enroll", "report", "run", "status", "export", "prepare-image",
    "config check", "config show", "read-dmi"])
def test_help_is_no_failure(command):
    done = run(*command.split(), "--help")

    assert done.returncode == 0
    assert done.stdout.startswith("usage: testready-agent " + command)
    assert done.stderr == ""


@pytest.mark.parametrize("args", [
    [], ["chekc"], ["check", "--explian"], ["check", "--profile"], ["check", "extra"],
    ["check", "--explain=yes"], ["report", "--timeout", "soon"], ["report", "--timeout", "nan"],
    ["report", "--timeout", "0"], ["enroll"], ["enroll", "--url", "https://localhost:1"],
    ["enroll", "--url", "https://localhost:1", "--key-file", "/nonexistent"],
    ["check", "--role", "janitor", "--profile", "/dev/null"], ["check", "--as-of", "tomorrow"],
    ["facts", "--root", "/nonexistent"], ["facts", "--list", "all"],
])
def test_wrong_usage_is_told_on_standard_error(args):
    done = run(*args)

    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.strip()


def test_an_answer_that_cannot_be_written_is_a_failure():
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([AGENT, "facts", "--list"], stdout=full, stderr=subprocess.PIPE,
                              text=True, check=False, timeout=60)

    assert done.returncode == 3
    assert "No space left on device" in done.stderr


def test_the_facts_are_listed_one_a_line():
    lines = [line.split("\t") for line in run("facts", "--list").stdout.splitlines()]

    assert all(len(line) == 3 and all(line) for line in lines)
    assert ["audio.cards[].name", "text"] in [line[:2] for line in lines]
    assert ["disk.free_bytes", "integer"] in [line[:2] for line in lines]
