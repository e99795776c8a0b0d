# SPDX-License-Identifier: Apache-2.0
"""A client that asks for a file of all devices and never reads it does not keep its snapshot."""
import socket

import harness
from test_agent_faults import library

SHARE = 2  # files that are sent to one account at a time; docs/limits.md
SECONDS = 300


def ask(collector):
    host, port = collector.address.split(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((host, int(port)))
    client.sendall(b"GET /v1/devices.csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                   + collector.token.encode() + b"\r\n\r\n")
    client.settimeout(60)
    assert client.recv(12) == b"HTTP/1.1 200"
    return client


def rest(client):
    """What still comes, until the connection ends."""
    body = b""
    try:
        while piece := client.recv(1 << 20):
            body += piece
    except ConnectionResetError:
        pass
    return body


def test_clients_that_never_read_are_cut_after_their_time(tmp_path, monkeypatch):
    suspended = tmp_path / "suspended"
    suspended.write_text("0")
    monkeypatch.setenv("LD_PRELOAD", library("clock"))
    monkeypatch.setenv("CLOCK_SUSPENDED", str(suspended))
    lines = [f"{harness.SITE_INVENTORY},tag-{i},serial-{i},host-{i},student,1"
             for i in range(60000)]
    with harness.Collector(tmp_path, web=False) as collector:
        collector.command("site", "import", collector.write(
            "many.csv", "site_code,asset_tag,serial,host_name,role,room\n"
            + "\n".join(lines) + "\n"))
        clients = [ask(collector) for _ in range(SHARE)]
        assert collector.get("/v1/devices.csv?state=retired").status == 429
        suspended.write_text(str(SECONDS - 60))
        device = collector.enroll(collector.enrollment_key())
        device.report()
        assert collector.get("/v1/devices.csv?state=retired").status == 429

        suspended.write_text(str(SECONDS + 60))
        harness.wait_until(
            lambda: collector.get("/v1/devices.csv?state=retired").status == 200)
        for client in clients:
            body = rest(client)
            assert not body.endswith(b"0\r\n\r\n") and body.count(b"\n") < len(lines)
            client.close()
        device.report()
    print(f"{SHARE} clients that read nothing are cut after {SECONDS} s; their places are free")
