# SPDX-License-Identifier: Apache-2.0
"""Machines made of files by a test, and files that are none."""
import json
import os
import subprocess

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build/default"))
AGENT = os.path.join(ROOT, BUILD, "testready-agent")
HOSTILE = {
    "fifo": os.mkfifo,
    "loop": lambda path: os.symlink(os.path.basename(path), path),
    "folder": os.mkdir,
    "gigabyte": lambda path: sparse(path),
    "no_utf8": lambda path: open(path, "wb").write(b"\xff\xfe{\xc3\x28 \"\n[\x80]\nx=\xff\n"),
}


def sparse(path):
    with open(path, "wb") as f:
        f.truncate(1 << 30)


class Machine:
    """A root folder; what a test puts there is all that the machine has."""

    def __init__(self, path):
        self.path = str(path)

    def at(self, path):
        full = os.path.join(self.path, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        return full

    def write(self, path, data="x"):
        with open(self.at(path), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())

    def program(self, *paths):
        for path in paths:
            self.write(path, "#!")
            os.chmod(self.at(path), 0o755)

    def folder(self, path):
        os.makedirs(os.path.join(self.path, path))

    def link(self, path, target):
        os.symlink(target, self.at(path))

    def facts(self, probe):
        done = subprocess.run([AGENT, "facts", "--probe", probe, "--root", self.path], check=True,
                              capture_output=True, timeout=60)
        return json.loads(done.stdout)[probe]


@pytest.fixture
def machine(tmp_path):
    (tmp_path / "root").mkdir()
    return Machine(tmp_path / "root")


def why(fact):
    assert isinstance(fact, dict) and list(fact) == ["unknown"], fact
    return fact["unknown"]
