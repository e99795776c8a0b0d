# SPDX-License-Identifier: Apache-2.0
"""
`from memory import tmp_path_in_memory`: the folder of a test is in memory, where there is room.

For tests that try every step on a disk: they sync thousands of times, and what dies in them is
a program and not the machine, so that nothing depends on what a sync does.
"""
import os
import pathlib
import tempfile

import pytest

MEMORY = "/dev/shm"
ROOM_MIN = 256 * 1024 * 1024


def is_roomy(folder):
    if not os.access(folder, os.W_OK):
        return False
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize >= ROOM_MIN


@pytest.fixture(name="tmp_path")
def tmp_path_in_memory(tmp_path):
    if not is_roomy(MEMORY):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="testready-") as folder:
        yield pathlib.Path(folder)
