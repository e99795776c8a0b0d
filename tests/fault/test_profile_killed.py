# SPDX-License-Identifier: Apache-2.0
"""Whenever the agent dies while it keeps new requirements, it has the old ones or the new ones."""
import hashlib
import json
import os
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
import harness  # noqa: E402
from imposter import AGENT, plain  # noqa: E402
from memory import tmp_path_in_memory  # noqa: E402,F401 (a fixture)
from service import Server, agent  # noqa: E402,F401
from signer import Signer  # noqa: E402

DISK = os.path.abspath(os.path.join(harness.BUILD, "fault/disk.so"))


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path)


@pytest.fixture
def server(signer):
    made = Server()
    made.collector_key = signer.key
    yield made
    made.close()


def announce(server, signer, title):
    """A profile that takes several writes, and its version."""
    with open(harness.PROFILE, encoding="utf-8") as file:
        profile = json.load(file)
    profile["title"] = title
    version = hashlib.sha256(harness.canonical(profile).encode()).hexdigest()
    server.says = {"profile": {"id": "example", "version": version}}
    server.profile = plain(200, json.dumps(profile).encode(),
                           Testready_Signature=signer.sign_profile("example", version))
    return version


def kept(agent):
    """The version of what is kept: it can be read, whatever happened."""
    said = agent.status()[1]
    assert said["problems"] == []
    return said["requirements"]["kept"]["version"]


@pytest.mark.parametrize("fault", ["kill", "ENOSPC", "EIO"])
def test_a_disk_that_fails_at_every_step_leaves_old_or_new_requirements(agent, server, signer, fault):
    old, step, n = announce(server, signer, "first"), 0, {"old": 0, "new": 0}
    assert agent.report().returncode == 0
    while True:
        step += 1
        new = announce(server, signer, f"version {step}")
        done = subprocess.run([AGENT, "report", "--root", agent.root], check=False, timeout=60,
                              env=dict(agent.environment(), LD_PRELOAD=DISK,
                                       DISK_FAULT=f"{fault}:{step}", DISK_UNDER=agent.state),
                              capture_output=True)
        now = kept(agent)
        assert now in (old, new), step
        n["new" if now == new else "old"] += 1
        assert agent.run("check", "--root", agent.root).returncode in (0, 1, 2)
        # Nothing that was left half done is in the way of the next time.
        assert agent.report().returncode == 0
        said = agent.status()[1]
        assert said["problems"] == []
        assert said["requirements"]["kept"]["version"] == new
        assert said["requirements"]["trouble"] == ""
        old = new
        # A report that went out is a success, even where the requirements could not be kept.
        if done.returncode == 0 and not done.stderr:
            break
    print(f"{fault} at each of {step} steps on the disk: the old requirements {n['old']} times, "
          f"the new ones {n['new']} times, never half of any")
    assert n["old"] > 3 and n["new"] > 1
