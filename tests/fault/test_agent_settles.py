# SPDX-License-Identifier: Apache-2.0
"""Killed at every step, or on a disk that takes nothing more, while it finds out who it is."""
import json
import os
import shutil
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

from imposter import AGENT, DEVICE_ID, Agent, Imposter, plain  # noqa: E402
import harness  # noqa: E402
from memory import tmp_path_in_memory  # noqa: E402,F401 (a fixture)

OTHER_ID = "f" * 32
STEPS_MAX = 80  # far more than there are; a loop that reaches it does not end
DISK = os.path.abspath(os.path.join(harness.BUILD, "fault/disk.so"))


@pytest.fixture
def collector():
    imposter = Imposter()
    yield imposter
    imposter.close()


def machine(root, name):
    folder = os.path.join(root, "sys/class/dmi/id")
    os.makedirs(folder, exist_ok=True)
    for field in ("product_uuid", "board_serial", "chassis_serial"):
        with open(os.path.join(folder, field), "w", encoding="utf-8") as file:
            file.write(f"{field}-{name}\n")


@pytest.fixture
def agent(tmp_path, collector):
    agent = Agent(str(tmp_path))
    agent.config = str(tmp_path / "agent.conf")
    agent.saved = str(tmp_path / "saved")
    with open(agent.config, "w", encoding="utf-8") as file:
        file.write(f"url = {collector.url}\nkey_file = {agent.key_file}\n")
    machine(agent.root, "1")
    return agent


def run(agent, command, fault=None):
    """The exit status of @command; negative where it was killed."""
    env = agent.environment()
    if fault:
        env.update(LD_PRELOAD=DISK, DISK_FAULT=fault, DISK_UNDER=agent.state)
    done = subprocess.run([AGENT, command, "--root", agent.root, "--config", agent.config],
                          text=True, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=60, check=False)
    return done.returncode, done.stdout


def status(agent):
    done = agent.run("status", "--json", "--root", agent.root, "--config", agent.config)
    return done.returncode, json.loads(done.stdout)


def save(agent):
    shutil.rmtree(agent.saved, ignore_errors=True)
    if os.path.exists(agent.state):
        shutil.copytree(agent.state, agent.saved)


def restore(agent):
    shutil.rmtree(agent.state, ignore_errors=True)
    if os.path.exists(agent.saved):
        shutil.copytree(agent.saved, agent.state)


def enrolments(collector, since=0):
    return [r["json"] for r in collector.requests[since:] if r["path"] == "/v1/enroll"]


def kills(agent, command):
    """Kill @command at its first step, at its second, …, each time on the same disk."""
    for step in range(1, STEPS_MAX):
        restore(agent)
        code, said = run(agent, command, f"kill:{step}")
        assert code == -9 or code in (0, 1), said
        yield step
        if code != -9:
            assert step > 3
            return
    pytest.fail("it never ends")


def test_enrolment_that_is_killed_anywhere_makes_one_device(agent, collector):
    save(agent)
    for _ in kills(agent, "enroll"):
        if status(agent)[0] == 2:
            assert run(agent, "enroll")[0] == 0
        assert len({body["request_id"] for body in enrolments(collector)}) <= 1
        code, told = status(agent)
        assert code == 0 and told["identity"]["device_id"] == DEVICE_ID, told
        collector.requests.clear()


@pytest.fixture
def copied(agent, collector):
    """The disk of an enrolled device with a report that waits, in another machine."""
    assert run(agent, "enroll")[0] == 0
    collector.answers = [plain(503)]
    run(agent, "report")
    assert len(agent.files()) == 1
    machine(agent.root, "2")
    save(agent)
    collector.requests.clear()
    collector.device_id = OTHER_ID
    return agent


def check_honest(collector):
    """Nothing was said in the name of the device that the disk was copied from."""
    for request in collector.requests:
        if request["path"] != "/v1/enroll":
            assert request["json"]["device_id"] == OTHER_ID
    asked = enrolments(collector)
    assert {body["previous_device_id"] for body in asked} <= {DEVICE_ID}
    assert len({body["request_id"] for body in asked}) <= 1


def test_a_copy_that_is_killed_anywhere_never_speaks_for_the_original(copied, collector):
    for step in kills(copied, "report"):
        check_honest(collector)
        code, said = run(copied, "report")
        assert code in (0, 1), (step, said)
        check_honest(collector)
        assert status(copied)[1]["identity"]["device_id"] == OTHER_ID
        assert [r for r in collector.requests if r["path"] == "/v1/reports"]
        assert not copied.files()
        collector.requests.clear()


@pytest.mark.parametrize("error", ["ENOSPC", "EROFS", "EIO"])
def test_a_disk_that_takes_nothing_keeps_a_copy_silent_and_says_why(copied, collector, error):
    code, said = run(copied, "report", f"{error}:1")
    assert code not in (0, -6, -11), said
    check_honest(collector)
    assert not [r for r in collector.requests if r["path"] == "/v1/reports"]
    words = {"ENOSPC": "No space left", "EROFS": "Read-only", "EIO": "Input/output"}[error]
    assert words in said, said

    assert run(copied, "report")[0] in (0, 1)
    check_honest(collector)
    assert status(copied)[1]["identity"]["device_id"] == OTHER_ID


@pytest.mark.parametrize("error", ["ENOSPC", "EROFS", "EIO"])
def test_a_disk_that_fails_halfway_makes_no_second_device(copied, collector, error):
    for step in range(2, 12):
        restore(copied)
        code, said = run(copied, "report", f"{error}:{step}")
        assert code >= 0, said
        check_honest(collector)
        assert run(copied, "report")[0] in (0, 1)
        check_honest(collector)
        assert status(copied)[1]["identity"]["device_id"] == OTHER_ID
        collector.requests.clear()


def test_an_image_that_was_prepared_halfway_has_no_key(agent, collector):
    assert run(agent, "enroll")[0] == 0
    collector.answers = [plain(503)]
    run(agent, "report")
    save(agent)
    left = []
    for _ in kills(agent, "prepare-image"):
        left.append({name for name in ("identity.json", "sequence", "attempt.json")
                     if os.path.exists(os.path.join(agent.state, name))})
        assert run(agent, "prepare-image")[0] == 0
        assert not agent.files()
        assert not os.path.exists(os.path.join(agent.state, "identity.json"))
        assert not os.path.exists(os.path.join(agent.state, "sequence"))
    # The key goes before anything else, so that no later failure leaves it there alone.
    assert all("identity.json" not in names or len(names) == 3 for names in left)
    assert {"sequence", "attempt.json"} in left and left[-1] == set()
