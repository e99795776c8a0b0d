# SPDX-License-Identifier: Apache-2.0
"""facts: one probe, what looking costs, and that what hangs or floods is left behind."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("TESTREADY_BUILD", "build/default"))
AGENT = os.path.join(BUILD, "testready-agent")


def run(*arguments, **variables):
    return subprocess.run([AGENT, "facts", *arguments], text=True, capture_output=True, timeout=60,
                          env=dict(os.environ, **variables))


def probes():
    lines = run("--list").stdout.splitlines()
    return [line.split("\t")[0] for line in lines if "." not in line.split("\t")[0]]


def test_one_probe_says_its_facts_and_no_others():
    for name in probes():
        facts = json.loads(run("--probe", name).stdout)
        assert list(facts) == [name]


def test_a_probe_that_there_is_not_is_named_with_those_there_are():
    done = run("--probe", "nix")
    assert done.returncode == 3 and done.stdout == ""
    assert "no probe 'nix'" in done.stderr
    assert all(name in done.stderr for name in probes())


def test_the_list_of_one_probe_has_its_facts_only():
    lines = run("--list", "--probe", "clock").stdout.splitlines()
    assert len(lines) > 1
    assert all(re.match(r"clock[\t.]", line) for line in lines)


def test_timing_tells_what_every_probe_cost():
    lines = run("--timing").stdout.splitlines()
    head, *rows = [line.split() for line in lines]
    assert head[0] == "probe" and [row[0] for row in rows] == [*probes(), "all"]
    of = {row[0]: [float(value) for value in row[1:]] for row in rows}
    assert of["all"][2] == sum(values[2] for name, values in of.items() if name != "all")
    assert of["memory"][2] == len(json.dumps(json.loads(run("--probe", "memory").stdout)["memory"],
                                         separators=(",", ":"), ensure_ascii=False).encode())
    assert all(value > 0 for value in of["memory"])


def write_helper(folder, name, script):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write("#!/bin/sh\n" + script)
    os.chmod(path, stat.S_IRWXU)


# A socket makes the agent ask for print queues; what answers is a program of the test.
@pytest.mark.parametrize("script, says", [
    ("sleep 1000", "did not answer within"),
    ("yes '{\"name\":\"x\"}'", "wrote more than can be right"),
    ("printf '{\"name\":\"ha'", "did not answer as it should"),
    ("echo '{\"name\":\"half\"}'", "ended before it had said all"),
    ("kill -SEGV $$", "signal 11"),
    ("exit 127", "is its library installed")])
def test_a_helper_that_misbehaves_is_an_unknown_fact_in_time(script, says, tmp_path):
    root = tmp_path / "root"
    (root / "run/cups").mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(root / "run/cups/cups.sock"))
        listening.listen()
        helpers = tmp_path / "helpers"
        helpers.mkdir()
        write_helper(helpers, "cups", script)
        done = run("--root", str(root), "--probe", "printer", TESTREADY_HELPERS=str(helpers))
    assert done.returncode == 0, done.stderr
    printer = json.loads(done.stdout)["printer"]
    assert says in printer["queues"]["unknown"]
    # What was seen without the helper stands.
    assert isinstance(printer["printers"], list)


@contextlib.contextmanager
def root_with_cups(folder):
    """A root whose CUPS has a socket, so that the helper cups is asked."""
    root = folder / "root"
    (root / "run/cups").mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(root / "run/cups/cups.sock"))
        listening.listen()
        yield str(root)


def test_helpers_are_heard_whatever_the_starter_ignores(tmp_path):
    helpers = tmp_path / "helpers"
    helpers.mkdir()
    write_helper(helpers, "cups", "echo '{\"end\":true}'")
    with root_with_cups(tmp_path) as root:
        done = subprocess.run([AGENT, "facts", "--root", root, "--probe", "printer"],
                              preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
                              env={**os.environ, "TESTREADY_HELPERS": str(helpers)},
                              capture_output=True, timeout=60)
    assert json.loads(done.stdout)["printer"]["queues"] == []


def test_a_program_called_helper_is_no_folder_of_helpers(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "libexec/testready").mkdir(parents=True)
    agent = shutil.copy(AGENT, tmp_path / "bin")
    write_helper(tmp_path / "bin", "helper", "exit 1")
    write_helper(tmp_path / "libexec/testready", "cups", "echo '{\"end\":true}'")
    with root_with_cups(tmp_path) as root:
        done = subprocess.run([agent, "facts", "--root", root, "--probe", "printer"],
                              capture_output=True, timeout=60)
    assert json.loads(done.stdout)["printer"]["queues"] == []


def test_without_sys_nothing_is_said_to_be_absent():
    """libudev lists nothing then, as it does of a device with nothing plugged in."""
    hidden = ["unshare", "--map-root-user", "--mount", "sh", "-c",
              "mount -t tmpfs none /sys && exec \"$@\"", "-"]
    if subprocess.run([*hidden, "true"], capture_output=True).returncode != 0:
        pytest.skip("no namespaces here")
    done = subprocess.run([*hidden, AGENT, "facts"], capture_output=True, timeout=60)
    facts = json.loads(done.stdout)
    for probe, fact in (("audio", "headphones"), ("audio", "cards"), ("printer", "printers"),
                        ("braille", "displays"), ("input", "keyboards"), ("input", "switches"),
                        ("power", "batteries"), ("network", "interfaces")):
        assert "/sys" in str(facts[probe].get(fact, facts[probe])), (probe, fact)
