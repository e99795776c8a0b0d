# SPDX-License-Identifier: Apache-2.0
"""A made-up machine with an agent on it, and fixtures for tests of who it is."""
import json
import os

import pytest

from imposter import Agent, Imposter

OTHER_ID = "f" * 32


@pytest.fixture
def collector():
    imposter = Imposter()
    yield imposter
    imposter.close()


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)


def machine(root, name, board=None):
    """Make @root the machine @name; its board may be another's."""
    board = board or name
    write(root, "sys/class/dmi/id/product_uuid", f"4c4c4544-0000-0000-0000-{board:0>12}\n")
    write(root, "sys/class/dmi/id/board_serial", f"BOARD-{board}\n")
    write(root, "sys/class/dmi/id/chassis_serial", f"CHASSIS-{name}\n")
    write(root, "sys/class/dmi/id/product_serial", f"SN-{name}\n")


@pytest.fixture
def agent(tmp_path):
    agent = Agent(str(tmp_path))
    agent.config = str(tmp_path / "agent.conf")
    machine(agent.root, "1")
    configure(agent)
    return agent


def configure(agent, **settings):
    with open(agent.config, "w", encoding="utf-8") as file:
        file.writelines(f"{key} = {value}\n" for key, value in settings.items())


def enroll(agent, url, *args):
    return agent.run("enroll", "--url", url, "--key-file", agent.key_file, "--root", agent.root,
                     *args)


def status(agent):
    done = agent.run("status", "--json", "--root", agent.root, "--config", agent.config)
    return done.returncode, json.loads(done.stdout)


def enrolments(collector):
    return [r["json"] for r in collector.requests if r["path"] == "/v1/enroll"]


def kinds(body):
    return {value["kind"]: value for value in body["fingerprint"]}


def report(agent):
    return agent.run("report", "--root", agent.root, "--config", agent.config)


@pytest.fixture
def enrolled(agent, collector):
    configure(agent, url=collector.url, key_file=agent.key_file)
    assert enroll(agent, collector.url).returncode == 0
    return agent
