# SPDX-License-Identifier: Apache-2.0
"""Whose servers are tried: those of the profile that was named, else of the one that is kept."""
import json
import os
import socket

import pytest

from imposter import Agent, Imposter


@pytest.fixture
def collector():
    imposter = Imposter()
    yield imposter
    imposter.close()


@pytest.fixture
def agent(tmp_path, collector):
    agent = Agent(str(tmp_path))
    assert agent.enroll(collector.url).returncode == 0
    return agent


@pytest.fixture
def refusing():
    """A server that nobody can connect to: bound, so that no other takes its port."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"localhost:{held.getsockname()[1]}"


def write_profile(path, *endpoints):
    check = {"every": "network.endpoints", "where": {"fact": "reachable", "is": True}}
    profile = {"profile": "p", "title": "t", "freshness_hours": {}, "endpoints": endpoints,
               "requirements": [{"id": "servers", "severity": "required", "roles": ["student"],
                                 "title": "Servers", "check": check, "source": "s",
                                 "fix": {"id": "f", "text": "F.", "minutes": 1}}]}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(profile, file)
    return str(path)


def kept(agent):
    return os.path.join(agent.state, "profile.json")


def servers_of(done):
    assert done.returncode == 0, done.said
    return json.loads(done.stdout)["network"]["endpoints"]


def test_a_report_is_about_the_servers_of_the_profile_that_is_kept(agent, collector, refusing):
    assert agent.report().returncode == 0
    write_profile(kept(agent), refusing)
    done = agent.report()

    assert done.returncode == 0 and done.stderr == ""
    before, after = [r["facts"]["network"]["endpoints"] for r in collector.reports()]
    assert before == {"unknown": "no profile says which servers the test needs"}
    assert [(server["host"], server["reachable"]) for server in after] == [(refusing, False)]


def test_a_profile_that_is_broken_holds_no_report_back(agent, collector):
    with open(kept(agent), "w", encoding="utf-8") as file:
        file.write("{")
    done = agent.report()

    assert done.returncode == 0
    assert "cannot read the requirements" in done.stderr and "profile.json" in done.stderr
    report, = collector.reports()
    assert "no profile" in report["facts"]["network"]["endpoints"]["unknown"]


def test_facts_are_of_the_profile_that_was_named_else_of_the_kept_one(agent, tmp_path, refusing):
    facts = ("facts", "--probe", "network")
    named = write_profile(tmp_path / "named.json", refusing)

    assert "unknown" in servers_of(agent.run(*facts))
    assert [s["host"] for s in servers_of(agent.run(*facts, "--profile", named))] == [refusing]
    write_profile(kept(agent), "localhost:1", "localhost:2")
    assert [s["host"] for s in servers_of(agent.run(*facts))] == ["localhost:1", "localhost:2"]
    assert "unknown" in servers_of(agent.run(*facts, "--state", str(tmp_path)))
    assert [s["host"] for s in servers_of(agent.run(*facts, "--profile", named))] == [refusing]


def test_a_profile_that_was_named_must_be_one(agent, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "broken.json").write_text("{")
    for name in ("absent.json", "broken.json", "fifo"):
        done = agent.run("facts", "--profile", str(tmp_path / name))
        assert done.returncode == 3 and done.stdout == "" and name in done.stderr

    (tmp_path / "fifo").rename(kept(agent))
    done = agent.run("facts", "--probe", "network")
    assert "unknown" in servers_of(done) and done.stderr == ""


def test_check_is_about_the_servers_of_its_profile(agent, tmp_path, refusing):
    write_profile(kept(agent), "localhost:1")
    done = agent.run("check", "--profile", write_profile(tmp_path / "named.json", refusing))

    assert done.returncode == 1
    assert f"server: {refusing}, not reachable (the connection was refused" in done.stdout
    done = agent.run("check", "--explain")
    assert done.returncode == 1 and "server: localhost:1, not reachable" in done.stdout
