# SPDX-License-Identifier: Apache-2.0
"""
What comes over HTTP meets a limit: each of docs/limits.md that a client can reach, just below
it, at it, and just above. How long, how many and how often connections are, is in
tests/fault/test_http_clients.py; buckets and shares of the queue are also in tests/unit.
"""
import concurrent.futures
import contextlib
import gzip
import json
import os
import random
import re
import socket
import sqlite3
import time
import zlib

import harness
import pytest


def documented():
    """name → (value, status) of the collector's limits."""
    with open(os.path.join(harness.ROOT, "docs/limits.md"), encoding="utf-8") as file:
        text = file.read().split("## Of a profile")[0]
    rows = re.findall(r"^\| ([^|]+) \| (\d+)[^|]* \| (\d+|–) \|", text, re.MULTILINE)
    return {name: (int(value), None if status == "–" else int(status))
            for name, value, status in rows}


LIMITS = documented()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with harness.Collector(tmp_path_factory.mktemp("limits"), web=None) as running:
        yield running


@pytest.fixture(scope="module")
def device(shared):
    return shared.enroll(shared.enrollment_key())


def padded(body, size):
    text = json.dumps(body).encode()
    return text + b" " * (size - len(text))


def facts_with(path, value):
    return harness.facts(**{path: value})


def nested(depth):
    """A report in which lists are nested so deep, at a place where any is refused as a member."""
    inner = "[" * (depth - 1) + "]" * (depth - 1)
    return '{"x":' + inner + "}"


# limit → how a request of this size is sent.
def send_target(collector, device, size):
    path = "/v1/sites?cursor="
    return collector.get(path + "x" * (size - len(path)))


def send_segments(collector, device, n):
    return collector.get("/v1" + "/x" * (n - 1))


def send_parameters(collector, device, n):
    return collector.get("/v1/sites?" + "&".join(f"p{i}=1" for i in range(n)))


def send_header(collector, device, size):
    connection = collector.connect()
    connection.putrequest("GET", "/v1/session", skip_host=True, skip_accept_encoding=True)
    fields = {"Host": "x", "Authorization": f"Bearer {collector.token}"}
    used = sum(len(f"{name}: {value}\r\n") for name, value in fields.items())
    fields["X-Long"] = "x" * (size - used - len("X-Long: \r\n"))
    for name, value in fields.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = harness.Answer(connection.getresponse())
    connection.close()
    return answer


def send_body(collector, device, size):
    return device.send(padded(device.body(), size))


def send_enrollment(collector, device, size):
    body = {"agent_version": "0.1.0", "role": "student", "device": harness.names()}
    return collector.post("/v1/enroll", padded(body, size), collector.enrollment_key())


def send_heartbeat(collector, device, size):
    body = harness.heartbeat_body(device.id, "0" * 64, sequence=1 << 40)
    return collector.post("/v1/heartbeats", padded(body, size), device.key)


def send_resolution(collector, device, size):
    return collector.post(f"/v1/conflicts/{'0' * 32}/resolution",
                          padded({"resolution": "repaired"}, size), collector.token)


def send_waiver(collector, device, size):
    return collector.post("/v1/waivers", padded({"profile": "example"}, size), collector.token)


def send_depth(collector, device, depth):
    return device.send(nested(depth))


def send_text(collector, device, size):
    return device.send(device.body(facts_with("os__name", "x" * size)))


def send_list(collector, device, n):
    return device.send(device.body(facts_with("os__desktops", ["x"] * n)))


def send_rows(collector, device, n):
    return collector.get(f"/v1/sites?limit={n}")


def send_cursor(collector, device, size):
    return collector.get("/v1/sites?cursor=" + "A" * size)


def noise(size):
    return random.Random(size).randbytes(size).hex()[:size]


def blanks(size):
    """White space that compresses to about a seventh: to less than a body, to more than a bomb."""
    return random.Random(size).randbytes(size).translate(b" \n" * 128)


def send_inflated(collector, device, size):
    return send_gzip(device, blanks(size))


def send_gzip(device, text):
    return device.collector.post("/v1/reports", gzip.compress(text, 1), device.key,
                                 Content_Encoding="gzip")


# limit, how it is reached, what is answered up to it and what must not be said there, what
# is said beyond it.
ROWS = [
    ("target", send_target, 400, "address has", "address has"),
    ("path segments", send_segments, 404, "parts", "parts"),
    ("query parameters", send_parameters, 400, "more than", "more than"),
    ("header", send_header, 200, "", "header has"),
    ("body", send_body, 200, "", "more than"),
    ("enrolment body", send_enrollment, 200, "", "more than"),
    ("heartbeat body", send_heartbeat, 200, "", "more than"),
    ("resolution body", send_resolution, 404, "more than", "more than"),
    ("waiver body", send_waiver, 400, "more than", "more than"),
    ("JSON depth", send_depth, 400, "nested deeper", "nested deeper"),
    ("text", send_text, 200, "", "at most 4096"),
    ("list", send_list, 200, "", "at most 1024"),
    ("rows", send_rows, 200, "", "1 to 500"),
    ("cursor", send_cursor, 400, "at most", "at most 2048"),
    ("inflated body", send_inflated, 413, "inflates", "inflates"),  # up to it: the body's limit
]


@pytest.mark.parametrize("name, send, below, unsaid, says", ROWS, ids=[row[0] for row in ROWS])
def test_a_limit_holds_where_it_says(shared, device, name, send, below, unsaid, says):
    value, status = LIMITS[name]
    for size in (value - 1, value):
        answer = send(shared, device, size)
        assert answer.status == below, (size, answer.body)
        assert not unsaid or unsaid not in answer.json["detail"]
    for size in (value + 1, value + 100):
        answer = send(shared, device, size)
        assert answer.status == status, (size, answer.body)
        assert answer.type == "application/problem+json"
        assert says in answer.json["detail"]
    assert shared.get("/healthz").status == 200


# --- facts that a report lacks ---------------------------------------------------------


def test_a_report_that_lacks_very_much_is_refused_and_takes_no_memory(shared, device):
    """Each {} lacks ten facts, and each of those said to be unknown would take 80 bytes."""
    before = peak(shared)
    for n in (1_000, 1_025, 80_000):
        body = json.dumps(device.body({"printer": {"printers": [{}] * n}}), separators=(",", ":"))
        answer = shared.post("/v1/reports", body.encode(), device.key)
        assert answer.status == 400, answer.body
        assert answer.json["pointer"].startswith("/facts/printer/printers")
    assert peak(shared) - before < 48 * 1024
    assert "cannot be written" not in shared.log()


# --- bodies in gzip -------------------------------------------------------------------


def test_a_report_in_gzip_is_the_report(shared, device):
    text = json.dumps(device.body(harness.facts(memory__total_mib=4711))).encode()
    assert send_gzip(device, text).status == 200
    row = shared.get(f"/v1/devices/{device.id}").json
    assert row["facts"]["memory"]["total_mib"] == 4711
    answer = shared.post("/v1/reports", gzip.compress(json.dumps(device.body()).encode()),
                         device.key, Content_Encoding="GZIP")
    assert answer.status == 200


def test_what_was_inflated_meets_the_limit_of_its_route(shared, device):
    body, _ = LIMITS["body"]
    inflated, _ = LIMITS["inflated body"]
    text = json.dumps(device.body()).encode()
    for size, status in ((body - 1, 200), (body, 200), (body + 1, 413), (inflated - 1, 413)):
        answer = send_gzip(device, text + blanks(size - len(text)))
        assert answer.status == status, answer.body
        assert status == 200 or str(body) in answer.json["detail"]


def test_a_bomb_is_not_inflated(shared, device):
    before = peak(shared)
    for bomb in (gzip.compress(b" " * (64 << 20)), gzip.compress(gzip.compress(b" " * (64 << 20))),
                 gzip.compress(b"[" * 250_000)):
        answer = device.collector.post("/v1/reports", bomb, device.key, Content_Encoding="gzip")
        assert answer.status in (400, 413), answer.body
    assert peak(shared) - before < 16 * 1024


def peak(collector):
    """KiB of memory at most, so far."""
    with open(f"/proc/{collector.process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))


@pytest.mark.parametrize("times, status", [(0.9, 400), (1.1, 413)])
def test_the_ratio_is_of_what_was_sent(device, times, status):
    """A text of noise and so many spaces that it compresses to a twentieth, about."""
    ratio, _ = LIMITS["inflation"]
    seed = noise(200).encode()
    n = 1000
    while n / len(gzip.compress(seed + b" " * n)) < ratio * times:
        n += 50
    answer = send_gzip(device, seed + b" " * n)
    assert answer.status == status, answer.body


def raw_deflate(text):
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(text) + squeeze.flush()


@pytest.mark.parametrize("spoil, says", [
    (lambda text: gzip.compress(text)[:-1], "before its end"),
    (lambda text: gzip.compress(text)[:-8], "before its end"),
    (lambda text: gzip.compress(text)[:20], "before its end"),
    (lambda text: b"", "before its end"),
    (lambda text: gzip.compress(text) + b"\x00", "behind its end"),
    (lambda text: gzip.compress(text) + b"{}", "behind its end"),
    (lambda text: gzip.compress(text) + gzip.compress(b" "), "behind its end"),
    (lambda text: gzip.compress(text)[:-8] + b"\x00" * 8, "not gzip"),
    (zlib.compress, "not gzip"),
    (raw_deflate, "not gzip"),
    (lambda text: text, "not gzip"),
], ids=["a byte short", "no checksum", "cut", "nothing", "a byte behind", "a text behind",
        "two members", "a wrong checksum", "zlib", "deflate", "plain"])
def test_what_is_damaged_is_refused_in_words(shared, device, spoil, says):
    body = spoil(json.dumps(device.body(harness.facts(memory__total_mib=1))).encode())
    answer = shared.post("/v1/reports", body, device.key, Content_Encoding="gzip")
    assert answer.status == 400
    assert answer.json["type"] == "urn:testready:problem:invalid-body"
    assert says in answer.json["detail"]
    assert shared.get(f"/v1/devices/{device.id}").json["facts"]["memory"]["total_mib"] != 1


def test_a_coding_that_is_not_known_is_told_which_is(shared, device):
    answer = shared.post("/v1/reports", "{}", device.key, Content_Encoding="br")
    assert answer.status == 415
    assert answer.headers["accept-encoding"] == "gzip"


# --- how often -----------------------------------------------------------------------


def come_back(answer):
    assert answer.type == "application/problem+json"
    return int(answer.headers["retry-after"])


def test_a_device_that_was_away_for_long_delivers_all_it_has(shared):
    """Hundreds of reports one after the other, as a spool is emptied."""
    late = shared.enroll(shared.enrollment_key())
    connection = shared.connect()
    for _ in range(800):
        answer = shared.post("/v1/reports", late.body(), late.key, connection)
        assert answer.status == 200, answer.body
    connection.close()


def ask(collector, key, n, method="GET", path="/v1/profile"):
    """The statuses of @n requests on one connection, and the last answer."""
    connection, seen, answer = collector.connect(), [], None
    for _ in range(n):
        answer = collector.request(method, path, key=key, connection=connection)
        seen.append(answer.status)
    connection.close()
    return seen, answer


def read_answer(file):
    """The status and the fields of the next answer of a connection."""
    status = int(file.readline().split()[1])
    fields = {}
    while line := file.readline().strip():
        name, _, value = line.decode().partition(": ")
        fields[name.lower()] = value
    file.read(int(fields["content-length"]))
    return status, fields


def flood_until_refused(collector, key, path, refusal):
    """
    How many were let through until one was not, the fields of that, and in how many
    ms. Many ask at the same time: who asks one by one may, on a slow machine, be slower than the
    pace at which it may go on for ever.
    """
    host, port = collector.address.split(":")
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    begin, n, refused = time.monotonic(), 0, []
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(socket.create_connection((host, int(port)), timeout=30))
                       for _ in range(64)]
        files = [stack.enter_context(connection.makefile("rb")) for connection in connections]
        while not refused:
            for connection in connections:
                connection.sendall(request)
            for status, fields in map(read_answer, files):
                assert status in (200, 404, refusal), status
                n += status != refusal
                refused += [fields] if status == refusal else []
    return n, refused[0], (time.monotonic() - begin) * 1000


@pytest.mark.parametrize("who, path", [("a device", "/v1/profile"), ("an account", "/v1/session")])
def test_a_key_that_asks_without_end_is_told_to_wait_and_nobody_else(tmp_path, who, path):
    burst, status = LIMITS[f"requests of {who}"]
    pace_ms, _ = LIMITS[f"pace of {who}"]
    with harness.Collector(tmp_path, web=None) as collector:
        keys = collector.enrollment_key()
        flood, other = collector.enroll(keys), collector.enroll(keys)
        key = flood.key if who == "a device" else collector.token
        n, fields, ms = flood_until_refused(collector, key, path, status)
        assert burst <= n <= burst + ms / pace_ms + 1
        assert int(fields["retry-after"]) >= 1
        assert fields["content-type"] == "application/problem+json"
        if who == "a device":
            assert f"one key asks too often device={flood.id}" in collector.log()
            assert collector.log().count("too often") <= LIMITS["refusals in the log"][0]
        # All of a school come from one address.
        assert other.report()["state"] == "ready"
        assert collector.request("GET", "/healthz").status == 200


def test_a_key_that_nobody_has_is_refused_and_not_counted(shared):
    seen, _ = ask(shared, "trd_" + "A" * 43, 2500)
    assert set(seen) == {401}


# --- what waits ----------------------------------------------------------------------


@pytest.fixture
def held(tmp_path):
    """A collector whose store somebody else has until release(): everything waits."""
    with harness.Collector(tmp_path, web=None) as collector:
        keys = collector.enrollment_key()
        collector.devices = [collector.enroll(keys) for _ in range(40)]
        other = sqlite3.connect(collector.store, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        collector.release = other.close
        yield collector
        other.close()


def all_at_once(held, sends):
    """What comes of all, the store being released when as much waits as will."""
    with concurrent.futures.ThreadPoolExecutor(len(sends)) as pool:
        futures = [pool.submit(send) for send in sends]
        depths = [-1, -2, -3]

        # Those that are refused are answered meanwhile, the others wait.
        def is_calm():
            depths.append(waiting(held) + sum(future.done() for future in futures))
            return depths[-1] >= len(sends) - 16 and len(set(depths[-3:])) == 1
        harness.wait_until(is_calm)
        held.release()
        return [future.result() for future in futures]


def waiting(collector):
    return int(re.search(r"^testready_queue_jobs (\d+)$", collector.get("/metrics").body.decode(),
                         re.MULTILINE).group(1))


def test_a_device_that_floods_has_its_share_of_the_queue_and_others_wait_as_usual(held):
    share, status = LIMITS["queue of a device"]
    flood, *others = held.devices[:4]
    bodies = [flood.body() for _ in range(4 * share)]
    answers = all_at_once(held, [lambda body=body: flood.send(body) for body in bodies]
                          + [lambda one=one: one.send(one.body()) for one in others])
    mine, theirs = answers[:len(bodies)], answers[len(bodies):]
    refused = [answer for answer in mine if answer.status == status]
    # What the writer took already is in no queue: once more than the share may be in its hands.
    assert len(bodies) - 2 * share <= len(refused) <= len(bodies) - share
    assert all(come_back(answer) > 0 for answer in refused)
    assert {answer.status for answer in mine} == {200, status}
    assert {answer.status for answer in theirs} == {200}


def test_those_who_enrol_leave_room_for_reports(held):
    """Whoever enrols is not known before it is their turn, so anybody can make up a key."""
    share, status = LIMITS["queue of enrolments"]
    body = {"agent_version": "0.1.0", "role": "student", "device": harness.names()}
    n = share + 200
    sends = [lambda i=i: held.post("/v1/enroll", body, "tre_" + f"{i:043}") for i in range(n)]
    answers = all_at_once(held, sends + [lambda one=one: one.send(one.body())
                                         for one in held.devices[:4]])
    busy = [answer for answer in answers[:n] if answer.status == status]
    assert n - 2 * share <= len(busy) <= n - share
    assert all("Many devices enrol" in answer.json["detail"] for answer in busy)
    assert all(come_back(answer) > 0 for answer in busy)
    assert {answer.status for answer in answers[n:]} == {200}


def test_checks_leave_room_for_reports(held):
    answers = all_at_once(held, [lambda: held.get("/readyz") for _ in range(40)]
                          + [lambda one=one: one.send(one.body()) for one in held.devices[:4]])
    late = [answer for answer in answers[:40] if answer.status == 503]
    assert late and all(come_back(answer) > 0 for answer in late)
    assert {answer.status for answer in answers[40:]} == {200}


def test_a_full_queue_says_when_to_come_back(held):
    """By bytes: more clients than it has places for would be a test of this machine."""
    size, status = LIMITS["queue size"]
    body_size, _ = LIMITS["body"]
    room = size // (8 * body_size)
    crowd = [lambda one=one, body=json.dumps(one.body()): one.send(body.ljust(body_size))
             for one in held.devices]
    assert len(crowd) > 2 * room
    answers = all_at_once(held, crowd)
    full = [answer for answer in answers if answer.status == status]
    assert all("Too much is waiting" in answer.json["detail"] for answer in full)
    assert all(come_back(answer) > 0 for answer in full)
    assert {answer.status for answer in answers} == {200, status}
    # The writer may have taken some before it waited for the store.
    assert len(crowd) - 2 * room <= len(full) <= len(crowd) - room


def test_hundreds_that_come_at_once_have_a_place_each(held):
    share, _ = LIMITS["queue of a device"]
    senders = [(device, held.connect()) for device in held.devices for _ in range(share - 1)]
    for device, connection in senders:
        connection.request("POST", "/v1/reports", json.dumps(device.body()),
                           {"Authorization": f"Bearer {device.key}",
                            "Content-Type": "application/json"})
    held.release()
    answers = [harness.Answer(connection.getresponse()) for _, connection in senders]
    # On a slow machine the writer may have waited too long for the store meanwhile.
    assert {answer.status for answer in answers} <= {200, 503}
    assert not [answer for answer in answers if b"Too much is waiting" in answer.body]
    for _, connection in senders:
        connection.close()


def begin_upload(collector, size):
    """A file of which the last byte is missing."""
    host, port = collector.address.split(":")
    client = socket.create_connection((host, int(port)), timeout=60)
    client.sendall(b"POST /v1/inventory/imports HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                   b"Connection: close\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                   % (collector.token.encode(), size) + b"x" * (size - 1))
    return client


def end_upload(client):
    with client, client.makefile("rb") as answer:
        client.sendall(b"x")
        return int(answer.readline().split()[1])


def test_large_bodies_have_a_bound_together_and_leave_room_for_reports(tmp_path):
    size, _ = LIMITS["file of an inventory"]
    together, status = LIMITS["large bodies"]
    small, _ = LIMITS["small body"]
    with harness.Collector(tmp_path, web=None) as collector:
        device = collector.enroll(collector.enrollment_key())
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            uploads = list(pool.map(lambda _: begin_upload(collector, size),
                                    range(together // size + 8)))
            assert device.send(padded(device.body(), small // 2)).status == 200
            statuses = list(pool.map(end_upload, uploads))
        # One that found no room gave back what it had, which the next one took; and a few are
        # read to their end when others have ended.
        n = together // size
        assert n - 4 <= len(statuses) - statuses.count(status) <= n + 4
        assert set(statuses) == {200, status}
        assert end_upload(begin_upload(collector, size)) == 200
        assert device.send(padded(device.body(), 8 * small)).status == 200
