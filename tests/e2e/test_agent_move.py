# SPDX-License-Identifier: Apache-2.0
"""A collector that names its successor."""
import json

import pytest

from imposter import DEVICE_ID, DEVICE_KEY, Imposter, plain
from machine import agent, collector  # noqa: F401  fixtures
from machine import configure, enroll, enrolments, machine, report, status
from signer import Signer


def moving(url, signature, collector_key=None):
    """As accept(), and says that the collector moved to @url; enrolment names the key."""
    def answer(handler, request):
        body = request["json"]
        if request["path"] == "/v1/enroll":
            said = {"device_id": DEVICE_ID, "device_key": DEVICE_KEY,
                    "collector_key": collector_key,
                    "site": {"code": "1", "name": "Lincoln High"}}
        else:
            said = {"device_id": body["device_id"], "boot_id": body["boot_id"],
                    "sequence": body["sequence"], "state": "not_ready",
                    "moved_to": {"url": url, "signature": signature}}
        plain(200, json.dumps(said).encode(), Content_Type="application/json")(handler, request)
    return answer


@pytest.fixture
def successor():
    imposter = Imposter()
    yield imposter
    imposter.close()


def test_a_signed_move_is_followed_and_kept(agent, collector, successor, tmp_path):
    signer = Signer(tmp_path)
    configure(agent, url=collector.url, key_file=agent.key_file)
    move = moving(successor.url, signer.sign_move(successor.url), signer.key)
    collector.answers = [move, move]
    assert enroll(agent, collector.url).returncode == 0
    assert report(agent).returncode == 0
    n = len(collector.requests)

    assert status(agent)[1]["identity"]["url"] == successor.url
    assert "moved from " + collector.url in agent.run("status", "--root", agent.root).stdout
    assert report(agent).returncode == 0
    assert len(successor.reports()) >= 1 and len(collector.requests) == n

    # What is configured is where it was before, so a copy enrols where the original went.
    machine(agent.root, "2")
    report(agent)
    assert len(enrolments(successor)) == 1 and len(collector.requests) == n


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_copy_of_a_copy_enrols_where_the_collector_moved_to(agent, collector, successor, tmp_path,
                                                              slash):
    signer = Signer(tmp_path)
    configure(agent, url=collector.url + slash, key_file=agent.key_file)
    move = moving(successor.url, signer.sign_move(successor.url), signer.key)
    collector.answers = [move, move]
    assert enroll(agent, collector.url).returncode == 0
    assert report(agent).returncode == 0
    n = len(collector.requests)

    for name in ("2", "3"):
        machine(agent.root, name)
        report(agent)
    assert len(enrolments(successor)) == 2 and len(collector.requests) == n


def test_status_says_that_another_collector_is_configured(agent, collector, successor, tmp_path):
    signer = Signer(tmp_path)
    move = moving(successor.url, signer.sign_move(successor.url), signer.key)
    collector.answers = [move, move]
    assert enroll(agent, collector.url).returncode == 0

    def elsewhere():
        shown = agent.run("status", "--root", agent.root, "--config", agent.config).stdout
        assert ("enroll --again" in shown) == bool(status(agent)[1]["elsewhere"])
        return status(agent)[1]["elsewhere"]

    configure(agent, url=collector.url + "/")
    assert elsewhere() == ""
    assert report(agent).returncode == 0
    assert status(agent)[1]["identity"]["url"] == successor.url and elsewhere() == ""
    configure(agent, url="https://third.example.org")
    assert elsewhere() == "https://third.example.org"


@pytest.mark.parametrize("forge", [
    lambda signer, other, url: (url, other.sign_move(url)),
    lambda signer, other, url: (url, signer.sign_move(url + "x")),
    lambda signer, other, url: (url, "not base64url!"),
    lambda signer, other, url: (url, ""),
    lambda signer, other, url: ("http://ready.example.org",
                                signer.sign_move("http://ready.example.org")),
])
def test_a_move_that_is_not_the_collectors_is_not_followed_and_told(agent, collector, successor,
                                                                    tmp_path, forge):
    signer, other = Signer(tmp_path), Signer(tmp_path, "other")
    move = moving(*forge(signer, other, successor.url), signer.key)
    collector.answers = [move, move]
    assert enroll(agent, collector.url).returncode == 0
    report(agent)

    said = status(agent)[1]
    assert said["identity"]["url"] == collector.url
    assert not successor.requests
    if forge(signer, other, successor.url)[1]:
        assert said["settlement"]["moved"]
    collector.answers = []
    assert report(agent).returncode == 0


def test_a_collector_that_never_named_its_key_cannot_move_its_devices(agent, collector, successor,
                                                                      tmp_path):
    signer = Signer(tmp_path)
    assert enroll(agent, collector.url).returncode == 0
    collector.answers = [moving(successor.url, signer.sign_move(successor.url))]
    report(agent)

    assert status(agent)[1]["identity"]["url"] == collector.url
    assert "no key of it" in status(agent)[1]["settlement"]["moved"]
