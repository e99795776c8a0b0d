# SPDX-License-Identifier: Apache-2.0
"""Many devices at once: every report is answered, each is counted once, nothing stalls."""
import concurrent.futures
import json
import threading

import harness
from harness import SITE


def test_the_same_report_twice_is_one(collector):
    device = collector.enroll(collector.enrollment_key())
    first = device.body(harness.facts(memory__total_mib=512))
    answers = [device.send(first).json, device.send(first).json]
    assert answers[0] == answers[1] and answers[0]["state"] == "not_ready"
    seen = collector.get(f"/v1/devices/{device.id}").json

    # Also after another one: it is answered as it was then, and changes nothing.
    assert device.report(harness.facts())["state"] == "ready"
    now = collector.get(f"/v1/devices/{device.id}").json
    assert device.send(first).json == answers[0]
    again = collector.get(f"/v1/devices/{device.id}").json
    assert {**again, "as_of": 0} == {**now, "as_of": 0}
    assert len(now["history"]) == len(seen["history"]) + 1


def test_the_same_report_at_the_same_time_is_one(collector):
    device = collector.enroll(collector.enrollment_key())
    body = json.dumps(device.body())
    # No more at a time than a device may have waiting.
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: device.send(body), range(200)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1


def test_256_clients_that_stay_connected_never_stall(collector):
    key = collector.enrollment_key()
    devices = [collector.enroll(key, host_name=f"lab-{i:03}") for i in range(256)]
    start = threading.Barrier(len(devices))
    rounds = 8

    def work(device):
        connection = collector.connect(timeout=30)
        connection.connect()
        start.wait(30)
        states = []
        for turn in range(rounds):
            facts = harness.facts(memory__total_mib=512 if turn % 2 == 0 else 8192)
            answer = collector.post("/v1/reports", device.body(facts), device.key, connection)
            assert answer.status == 200, answer.body
            states.append(answer.json["state"])
        connection.close()
        return states

    with concurrent.futures.ThreadPoolExecutor(len(devices)) as pool:
        for states in pool.map(work, devices):
            assert states == ["not_ready", "ready"] * (rounds // 2)
    site = collector.get(f"/v1/sites/{SITE}").json
    assert (site["expected"], site["ready"]) == (256, 256)


def test_devices_that_enrol_at_once_are_as_many(collector):
    key = collector.enrollment_key()
    bad = "tre_" + "A" * 43

    def work(i):
        if i % 3 == 0:
            body = {"agent_version": "0.1.0", "role": "student", "device": harness.names()}
            assert collector.post("/v1/enroll", body, bad).status == 401
            return None
        device = collector.enroll(key, host_name=f"lab-{i}")
        assert device.report()["state"] == "ready"
        return device.id

    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        ids = [made for made in pool.map(work, range(120)) if made]
    assert len(set(ids)) == 80
    assert collector.get(f"/v1/sites/{SITE}").json["ready"] == 80


def test_pages_are_read_while_devices_report(collector):
    key = collector.enrollment_key()
    devices = [collector.enroll(key, host_name=f"lab-{i}") for i in range(16)]
    stop = threading.Event()

    def keep_reporting(device):
        turn = 0
        while not stop.is_set():
            device.report(harness.facts(memory__total_mib=512 if turn % 2 else 8192))
            turn += 1
        return turn

    with concurrent.futures.ThreadPoolExecutor(len(devices)) as pool:
        running = [pool.submit(keep_reporting, device) for device in devices]
        try:
            for _ in range(60):
                site = collector.get(f"/v1/sites/{SITE}").json
                # One answer is of one moment, whatever happens meanwhile.
                assert sum(site["states"].values()) == site["expected"] == 16
                assert sum(room["expected"] for room in site["rooms"]) == 16
                assert sum(room["ready"] for room in site["rooms"]) == site["ready"]
                broken = sum(fix["devices"] for fix in site["fixes"])
                assert broken == site["states"]["not_ready"]
        finally:
            stop.set()
        assert all(future.result() > 0 for future in running)
