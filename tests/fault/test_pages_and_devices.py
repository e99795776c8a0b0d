# SPDX-License-Identifier: Apache-2.0
"""Pages that take long: no device waits for one, they are bounded, and what waits is answered."""
import contextlib
import datetime
import select
import signal
import socket
import subprocess
import time

import harness
import pytest
from test_agent_faults import library

READERS = 2  # threads that make pages; decision 0022
STOP_SECONDS = 5  # until the server no longer waits for who takes no answer; server.c
SHARE = 128  # pages of one account that wait; docs/limits.md
OVERVIEW = "/v1/overview"


class Held:
    """A collector whose overviews take until release()."""

    def __init__(self, folder, monkeypatch):
        self.gate, self.made = folder / "held", folder / "made"
        monkeypatch.setenv("LD_PRELOAD", library("held_page"))
        monkeypatch.setenv("HELD_PAGES", str(self.gate))
        monkeypatch.setenv("MADE_PAGES", str(self.made))
        # One thread for HTTP, so that whoever waits for a page waits for all.
        self.collector = harness.Collector(folder, web=False, arguments=["--threads", "1"])

    def hold(self):
        self.gate.write_text("")

    def release(self):
        self.gate.unlink(missing_ok=True)

    def n_made(self):
        return self.made.stat().st_size if self.made.exists() else 0

    def wait_for(self, n):
        harness.wait_until(lambda: self.n_made() >= n)

    def ask(self, path=OVERVIEW, key=None):
        """A page whose answer nobody waits for yet."""
        host, port = self.collector.address.split(":")
        client = socket.create_connection((host, int(port)), timeout=60)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                       f"Authorization: Bearer {key or self.collector.token}\r\n\r\n".encode())
        return client


@pytest.fixture
def held(tmp_path, monkeypatch):
    made = Held(tmp_path, monkeypatch)
    with made.collector:
        try:
            yield made
        finally:
            made.release()


def answer(client):
    with client:
        text = b""
        while piece := client.recv(1 << 16):
            text += piece
    return text


def status(client):
    return int(answer(client).split(b" ", 2)[1])


def test_a_page_that_takes_long_delays_no_device(held):
    device = held.collector.enroll(held.collector.enrollment_key())
    held.hold()
    pages = [held.ask() for _ in range(READERS + 3)]
    held.wait_for(READERS)
    for _ in range(5):
        assert device.report()["state"] == "ready"
        assert held.collector.request("GET", "/v1/profile", key=device.key).status == 200
    assert held.collector.request("GET", "/healthz").status == 200
    assert held.n_made() == READERS  # the others wait in line
    held.release()
    assert {status(page) for page in pages} == {200}


def test_a_file_of_devices_delays_no_device_and_waits_for_its_turn(held):
    device = held.collector.enroll(held.collector.enrollment_key())
    device.report()
    held.hold()
    pages = [held.ask() for _ in range(READERS)]
    held.wait_for(READERS)
    file = held.ask("/v1/devices.csv")
    assert device.report()["state"] == "ready"
    file.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        assert not file.recv(1), "nobody is there to make it"
    file.settimeout(60)
    held.release()
    assert device.id.encode() in answer(file)
    assert {status(page) for page in pages} == {200}


def test_pages_that_wait_are_bounded_and_the_rest_is_told_to_come_back(held):
    device = held.collector.enroll(held.collector.enrollment_key())
    held.hold()
    first = [held.ask() for _ in range(READERS)]
    held.wait_for(READERS)
    more = [held.ask() for _ in range(SHARE + 5)]
    harness.wait_until(lambda: len(select.select(more, [], [], 0)[0]) == 5)
    refused = held.collector.get(f"/v1/sites/{harness.SITE}")
    assert refused.status == 429 and int(refused.headers["retry-after"]) > 0
    assert refused.json["type"] == "urn:testready:problem:too-many-requests"
    assert device.report()["state"] == "ready"
    held.release()
    statuses = [status(page) for page in first + more]
    assert (statuses.count(200), statuses.count(429)) == (READERS + SHARE, 5)
    assert held.collector.get(f"/v1/sites/{harness.SITE}").status == 200


def test_who_goes_meanwhile_leaves_nothing_behind(held):
    held.hold()
    for _ in range(READERS + 8):
        held.ask().close()
    held.wait_for(READERS)
    held.release()
    held.wait_for(READERS + 8)
    assert held.collector.get(OVERVIEW).status == 200


def test_pages_that_were_asked_for_are_answered_before_the_end(held):
    held.hold()
    late = held.collector.connect()
    assert held.collector.request("GET", "/healthz", connection=late).status == 200
    pages = [held.ask() for _ in range(READERS + 20)]
    files = [held.ask("/v1/devices.csv") for _ in range(2)]
    held.wait_for(READERS)
    # The same thread has read them all once it answers this.
    assert held.collector.request("GET", "/healthz").status == 200
    process = held.collector.process
    process.send_signal(signal.SIGTERM)
    harness.wait_until(lambda: "stopping" in held.collector.log())
    # Longer than the server waits for what is on its way.
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS + 1)
    refused = held.collector.request("GET", OVERVIEW, key=held.collector.token, connection=late)
    assert refused.status == 503 and "being stopped" in refused.json["detail"]
    held.release()
    assert process.wait(60) == 0
    assert {status(page) for page in pages + files} == {200}


def test_what_did_not_change_is_not_made_again(held):
    device = held.collector.enroll(held.collector.enrollment_key())
    device.report()
    path = OVERVIEW + "?limit=5"
    etag = held.collector.get(path).headers["etag"]
    n = held.n_made()
    for _ in range(3):
        same = held.collector.get(path, **{"If-None-Match": etag})
        assert (same.status, same.headers["etag"], same.body) == (304, etag, b"")
    assert held.n_made() == n
    # Another question, and another store.
    other = held.collector.get(OVERVIEW + "?limit=6", **{"If-None-Match": etag})
    assert other.status in (200, 304) and held.n_made() == n + 1
    device.report(harness.facts(memory__total_mib=512))
    changed = held.collector.get(path, **{"If-None-Match": etag})
    assert changed.status == 200 and changed.headers["etag"] != etag
    assert changed.json["totals"]["ready"] == 0
    # What another program changes counts as well.
    etag, n = changed.headers["etag"], held.n_made()
    held.collector.enrollment_key()
    assert held.collector.get(path, **{"If-None-Match": etag}).status == 304
    assert held.n_made() == n + 1
    print("a page that did not change costs nothing, whoever changed something")


def test_the_day_changes_a_page_although_nobody_changes_the_store(tmp_path, monkeypatch):
    wrong = tmp_path / "wrong_by"
    wrong.write_text("0")
    monkeypatch.setenv("LD_PRELOAD", library("clock"))
    monkeypatch.setenv("CLOCK_OFFSET", str(wrong))
    with harness.Collector(tmp_path, web=False) as collector:
        today = collector.get(OVERVIEW)
        etag = {"If-None-Match": today.headers["etag"]}
        assert collector.get(OVERVIEW, **etag).status == 304
        wrong.write_text(str(3 * 24 * 60 * 60))
        later = collector.get(OVERVIEW, **etag)
        assert later.status == 200
        left = [min(site["window"]["days_left"] for site in answer.json["sites"] if site["window"])
                for answer in (today, later)]
        assert left[1] == left[0] - 3


def test_a_key_is_over_when_its_time_is_although_nobody_changes_the_store(tmp_path, monkeypatch):
    wrong = tmp_path / "wrong_by"
    wrong.write_text("0")
    monkeypatch.setenv("LD_PRELOAD", library("clock"))
    monkeypatch.setenv("CLOCK_OFFSET", str(wrong))
    with harness.Collector(tmp_path, web=False) as collector:
        collector.enrollment_key()
        key = collector.get("/v1/enrollment-keys").json["enrollment_keys"][0]
        end = datetime.datetime.fromisoformat(key["expires_at"].replace("Z", "+00:00")).timestamp()
        wrong.write_text(str(int(end - time.time()) - 60))
        before = collector.get("/v1/enrollment-keys")
        assert before.json["enrollment_keys"][0]["state"] == "good"
        wrong.write_text(str(int(end - time.time()) + 60))
        after = collector.get("/v1/enrollment-keys", If_None_Match=before.headers["etag"])
        assert after.status == 200
        assert after.json["enrollment_keys"] == []  # those that are good
