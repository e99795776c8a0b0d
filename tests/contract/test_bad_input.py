# SPDX-License-Identifier: Apache-2.0
"""What is wrong is refused in words that name the place, nothing of it is stored, and the
service goes on."""
import json
import socket

import harness
import openapi
import pytest
from harness import SITE

DEEP = "[" * 40 + "]" * 40


@pytest.fixture
def device(collector):
    return collector.enroll(collector.enrollment_key(), host_name="lab-1")


def state_of(device):
    row = device.collector.get(f"/v1/devices/{device.id}").json
    row.pop("as_of")
    return row


def refused(device, body, status=400, pointer=None, says="", key=None, **headers):
    before = state_of(device)
    answer = device.collector.post("/v1/reports", body, key or device.key, **headers)
    assert answer.status == status, answer.body
    openapi.check("POST", "/v1/reports", answer)
    assert answer.json.get("pointer") == pointer
    assert says in answer.json["detail"], answer.json["detail"]
    assert state_of(device) == before
    assert device.collector.get("/healthz").status == 200


def changed(device, **changes):
    return device.body(harness.facts(), **changes)


@pytest.mark.parametrize("changes, pointer, says", [
    ({"report": 2}, "/report", "report"),
    ({"report": True}, "/report", "boolean"),
    ({"sequence": "1"}, "/sequence", "string"),
    ({"sequence": 0}, "/sequence", "not within"),
    ({"sequence": 1 << 62, "age_ms": -1}, "/age_ms", "not within"),
    ({"boot_id": "8C5D2F10-0000-4000-8000-000000000001"}, "/boot_id", "UUID"),
    ({"observed_at": "2027-02-30T00:00:00Z"}, "/observed_at", ""),
    ({"observed_at": 1}, "/observed_at", "number"),
    ({"agent_version": "x" * 65}, "/agent_version", "at most 64"),
    ({"device": {"host_name": "x"}}, "/device", "serial"),
    ({"device": harness.names(host_name="x" * 256)}, "/device", "at most 255"),
    ({"device": dict(harness.names(), owner="A. Student")}, "/device", "unknown member"),
    ({"student": "A. Student"}, "", "unknown member"),
    ({"facts": None}, "/facts", "null"),
    ({"facts": harness.facts(user="A. Student")}, "/facts/user", "unknown member"),
    ({"facts": harness.facts(memory={"total_mib": "1"})}, "/facts/memory/total_mib", "string"),
    ({"facts": harness.facts(memory={"total_mib": 1.5})}, "/facts/memory/total_mib", "fraction"),
    ({"facts": harness.facts(memory={"total_mib": {"unknown": ""}})},
     "/facts/memory/total_mib/unknown", "empty"),
    ({"facts": harness.facts(os__name="x" * 4097)}, "/facts/os/name", "at most 4096"),
    ({"facts": harness.facts(os__desktops=["x"] * 1025)}, "/facts/os/desktops", "at most 1024"),
    ({"facts": harness.facts(audio__headphones="maybe")}, "/facts/audio/headphones", "maybe"),
])
def test_a_wrong_member_is_named(device, changes, pointer, says):
    body = changed(device)
    body.update(changes)
    refused(device, body, pointer=pointer, says=says)


@pytest.mark.parametrize("body, says", [
    (b"", "1:1"), (b"{", "not JSON"), (b"[]x", "not JSON"), (b"nul", "not JSON"),
    (b"{'a': 1}", "not JSON"), (b'{"a": NaN}', "not JSON"), (b"\xef\xbb\xbf{}", "not JSON"),
    (b'{"report": 1, "report": 1}', "duplicate"), (b'{"a": "\xff"}', "not JSON"),
    (b'{"a": "\xed\xa0\x80"}', "not JSON"), (b'{"a": "\\ud800"}', "not JSON"),
    (b'{"a": "\\u0000"}', "not JSON"), (b"[1e999]", "not JSON"),
    (DEEP.encode(), "1:33: nested deeper than 32"),
])
def test_what_is_not_json_is_refused_with_its_place(device, body, says):
    refused(device, body, says=says)


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"', b"{}"])
def test_json_that_is_no_report_is_refused(device, body):
    before = state_of(device)
    answer = device.send(body)
    assert answer.status == 400
    openapi.check("POST", "/v1/reports", answer)
    assert state_of(device) == before


def test_a_body_over_the_limit_is_refused_however_it_is_sent(device):
    text = json.dumps(changed(device)).encode()
    exact = text + b" " * (256 * 1024 - len(text))
    refused(device, exact + b" ", status=413)
    refused(device, b" " * 300 * 1024, status=413)

    # In chunks nothing says beforehand how much is coming, and they can be read in two ways.
    def chunks():
        for _ in range(30):
            yield b" " * 10240
    refused(device, chunks(), status=411, says="Content-Length")
    assert device.send(exact).status == 200


def test_a_body_without_end_is_cut(device):
    connection = device.collector.connect()
    connection.putrequest("POST", "/v1/reports")
    connection.putheader("Authorization", f"Bearer {device.key}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    with pytest.raises(OSError):
        for _ in range(600):  # more than is read of what is refused
            connection.send(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
    connection.close()
    assert device.collector.get("/healthz").status == 200


def test_a_long_body_that_was_announced_is_refused_at_once(device):
    connection = device.collector.connect()
    connection.putrequest("POST", "/v1/reports")
    connection.putheader("Authorization", f"Bearer {device.key}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(1 << 40))
    connection.endheaders()
    answer = harness.Answer(connection.getresponse())
    connection.close()
    assert answer.status == 413
    openapi.check("POST", "/v1/reports", answer)


@pytest.mark.parametrize("content_type", ["text/plain", "application/jsonp", "", "json",
                                          "application/x-www-form-urlencoded"])
def test_another_type_is_refused(device, content_type):
    refused(device, changed(device), status=415, says="application/json",
            Content_Type=content_type)


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "x"])
def test_a_body_in_another_coding_is_refused(device, coding):
    refused(device, changed(device), status=415, says="Content-Encoding", Content_Encoding=coding)


def test_a_body_that_is_no_gzip_is_refused(device):
    refused(device, changed(device), status=400, says="not gzip", Content_Encoding="gzip")


def test_another_devices_key_is_refused(device):
    other = device.collector.enroll(device.collector.enrollment_key(), host_name="lab-2")
    refused(device, changed(device), status=403, pointer="/device_id", key=other.key)
    assert state_of(other)["seen_at"] is None


@pytest.mark.parametrize("prefix", ["trd_", "tre_", "trt_", ""])
def test_a_key_that_nobody_has_is_refused(device, prefix):
    refused(device, changed(device), status=401, says="trd_", key=prefix + "A" * 43)


def test_an_enrolment_is_checked_as_strictly(collector):
    key = collector.enrollment_key()
    right = {"agent_version": "0.1.0", "role": "student", "device": harness.names()}
    for body, status, pointer in [
            (dict(right, role="boss"), 400, "/role"),
            (dict(right, agent_version=1), 400, "/agent_version"),
            (dict(right, device={}), 400, "/device"),
            (dict(right, site=SITE), 400, ""),
            (b"[]", 400, ""), (b"{", 400, None), (b" " * 20000, 413, None)]:
        answer = collector.post("/v1/enroll", body, key)
        assert (answer.status, answer.json.get("pointer")) == (status, pointer), answer.body
        openapi.check("POST", "/v1/enroll", answer)
    answer = collector.post("/v1/enroll", right, "tre_" + "A" * 43)
    assert answer.status == 401
    openapi.check("POST", "/v1/enroll", answer)
    assert collector.get(f"/v1/sites/{SITE}").json["expected"] == 0
    answer = collector.post("/v1/enroll", right, key)
    assert answer.status == 200
    openapi.check("POST", "/v1/enroll", answer)


def test_a_header_over_the_limit_is_refused(collector):
    answer = collector.get("/v1/sites", X_Long="x" * 20000)
    assert answer.status == 431
    openapi.check("GET", "/v1/sites", answer)
    assert collector.get("/v1/sites", X_Long="x" * 12000).status == 200
    answer = collector.get("/v1/sites?cursor=" + "x" * 9000)
    assert answer.status == 414
    openapi.check("GET", "/v1/sites", answer)


def raw(collector, data):
    """The first line of what comes back for @data, b"" if the connection is just closed."""
    host, port = collector.address.split(":")
    with socket.create_connection((host, int(port)), timeout=25) as connection:
        connection.sendall(data)
        try:
            return connection.makefile("rb").readline()
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("data", [
    b"GET /v1/sites HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET http://elsewhere/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /v1/sites HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
    b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n",
    b"hello\r\n\r\n",
])
def test_bytes_that_are_no_request_do_no_harm(collector, data):
    line = raw(collector, data)
    assert line == b"" or b" 4" in line or b" 5" in line, line
    assert collector.get("/healthz").status == 200


def test_half_a_body_stores_nothing(device):
    before = state_of(device)
    body = json.dumps(changed(device)).encode()
    host, port = device.collector.address.split(":")
    for part in (0, 1, len(body) // 2, len(body) - 1):
        with socket.create_connection((host, int(port))) as connection:
            head = (f"POST /v1/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.key}\r\n"
                    f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
            connection.sendall(head.encode() + body[:part])
    assert state_of(device) == before
    assert device.send(body).status == 200


def test_hostile_texts_come_back_as_they_were_sent(collector):
    hostile = ["<img src=x onerror=alert(1)>", "'; DROP TABLE device; --", "=cmd|' /C calc'!A0",
               "lab\u202egnp.exe", "xy" * 127 + "x", "é" * 127, "\u0001\t\n", "%00%2e", "\U0001f600"]
    key = collector.enrollment_key()
    sent = [collector.enroll(key, host_name=text, serial=text, asset_tag=text, model=text)
            for text in hostile]
    path = f"/v1/sites/{SITE}/devices?limit=1"
    rows = {row["id"]: row for row in collector.pages(path, "devices")}
    for device in sent:
        assert rows[device.id]["names"] == device.names
        answer = collector.get(f"/v1/devices/{device.id}")
        assert answer.json["names"] == device.names
        openapi.check("GET", f"/v1/devices/{device.id}", answer)


def test_what_is_refused_is_in_the_log_without_secrets(device):
    device.send(changed(device, report=2))
    log = device.collector.log()
    assert device.id in log and "/v1" not in log
    for secret in (device.key, device.collector.token):
        assert secret not in log
