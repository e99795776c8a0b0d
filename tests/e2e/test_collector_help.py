# SPDX-License-Identifier: Apache-2.0
"""The help, the man page and what other pages tell to type agree, and a wrong word says what would be right."""
import glob
import os
import re
import subprocess

import pytest

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build", "default"))
COLLECTOR = os.path.join(BUILD, "testready-collector")
MAN = os.path.join(ROOT, "docs", "man", "testready-collector.1.scd")


def run(*args):
    return subprocess.run([COLLECTOR, *args], text=True, capture_output=True, check=False,
                          timeout=60, stdin=subprocess.DEVNULL)


def help_of(*command):
    done = run(*command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def commands():
    return re.findall(r"^  ([a-z-]+(?: [a-z-]+)?) {2,}", help_of(), re.M)


COMMANDS = [command for command in commands() if command not in ("help", "version")]
GROUPS = sorted({command.split()[0] for command in COMMANDS if " " in command})


def options_of(command):
    """(name, what its value is called) as --help lists them."""
    return set(re.findall(r"^  --([a-z-]+)(?: ([A-Z:]+))?", help_of(*command.split()), re.M))


# --- the man page ---------------------------------------------------------------------


def man():
    with open(MAN, encoding="utf-8") as file:
        return file.read()


def man_commands():
    """What is behind the name of each command, and its options, as the man page lists them."""
    section = man().split("# COMMANDS\n")[1].split("\n# ")[0]
    found, options = {}, None
    for line in section.splitlines():
        option = re.match(r"\t\*--([a-z-]+)\*(?: _([A-Z:]+)_)?$", line)
        if line.startswith("*"):
            options = set()
            for name in re.findall(r"\*([a-z -]+)\*", line):
                found[name] = (line.split("*")[-1].replace("_", "").split(), options)
        elif option:
            options.add((option[1], option[2] or ""))
    return found


def test_every_command_is_in_the_man_page_and_the_other_way_round():
    assert len(COMMANDS) > 50
    assert set(commands()) == set(man_commands())


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_takes_is_in_the_man_page_and_the_other_way_round(command):
    usage = help_of(*command.split()).splitlines()[0]
    args, options = man_commands()[command]

    assert usage.startswith("usage: testready-collector " + command)
    assert sorted(usage.split()[2 + len(command.split()):]) == sorted(args)
    assert options_of(command) == options
    assert ("[OPTIONS]" in args) == (options != set())


def test_the_man_page_can_be_made():
    subprocess.run(["scdoc"], input=man(), text=True, check=True, capture_output=True)


# --- other pages ----------------------------------------------------------------------


def typed():
    """(page, words) of every line that pages tell to type: in blocks of code, and between backticks."""
    pages = [os.path.join(ROOT, "README.md")] + glob.glob(os.path.join(ROOT, "docs", "*.md"))
    for page in sorted(pages):
        with open(page, encoding="utf-8") as file:
            parts = file.read().split("```")
        lines = [line for part in parts[1::2] for line in part.splitlines()]
        lines += [code for part in parts[::2] for code in re.findall(r"`([^`]+)`", part)]
        for line in lines:
            for words in re.findall(r"(?<!, )\btestready-collector ((?:[a-z]|--).*)", line):
                yield os.path.basename(page), words.split("#")[0].split()


def test_what_pages_tell_to_type_can_be_typed():
    found = 0
    for page, words in typed():
        name = next((c for c in COMMANDS if words[:len(c.split())] == c.split()), None)
        told = {word[2:].split("=")[0] for word in words if word.startswith("--")} - {"help"}

        assert name or (len(words) == 1 and words[0] in GROUPS), (page, words)
        assert not name or told <= {option for option, _ in options_of(name)}, (page, words)
        found += 1
    assert found > 20


def test_the_steps_of_the_readme_work_one_after_the_other(tmp_path):
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        block = file.read().split("## Run a collector\n")[1].split("```")[1]
    steps = [line.split("#")[0].split() for line in block.splitlines()
             if line.startswith("testready-collector ")]
    env = {"PATH": os.environ["PATH"], "TESTREADY_STORE": str(tmp_path / "store.db")}
    done = {}
    for step in steps:
        if step[1] != "serve":
            ran = subprocess.run([COLLECTOR, *step[1:]], text=True, capture_output=True, env=env,
                                 check=False, timeout=60, cwd=ROOT)
            done[" ".join(step[1:])] = (ran.returncode, ran.stderr)

    certify = next(step for step in done if step.startswith("certify "))
    assert done.pop(certify) == (1, ""), "nobody reported yet"
    assert len(done) == 4
    assert set(done.values()) == {(0, "")}, done


# --- a word that is wrong -------------------------------------------------------------


@pytest.mark.parametrize("words", [["help", "{}"], ["{}", "--help"], ["{}", "help"]])
@pytest.mark.parametrize("group", GROUPS)
def test_the_first_of_two_words_tells_what_may_follow(group, words):
    done = run(*[word.format(group) for word in words])

    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(r"^  ([a-z-]+ [a-z-]+) {2,}", done.stdout, re.M) == \
        [command for command in COMMANDS if command.split()[0] == group]


def test_help_of_a_command_is_what_the_command_says():
    assert run("help", "site", "import").stdout == help_of("site", "import")
    assert run("help", "serve").stdout == help_of("serve")
    assert run("help", "help").stdout == run("help").stdout == help_of()


@pytest.mark.parametrize("words, told", [
    (["site"], "'site' needs another word; see testready-collector help site"),
    (["site", "lst"], "no command 'site lst'; is it 'site list'? See testready-collector help site"),
    (["site", "frobnicate"], "no command 'site frobnicate'; see testready-collector help site"),
    (["expor", "devices"], "no command 'expor'; is it 'export'? See testready-collector help"),
    (["frobnicate"], "no command 'frobnicate'; see testready-collector help"),
    (["help", "frobnicate"], "no command 'frobnicate'; see testready-collector help"),
    (["help", "site", "lst"], "is it 'site list'?"),
    ([""], "no command ''; see testready-collector help"),
])
def test_a_wrong_word_is_told_with_what_would_be_right(words, told):
    done = run(*words)

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("testready-collector: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
