# SPDX-License-Identifier: Apache-2.0
"""The collector as a service: how it starts, stops, and bears what goes wrong."""
import json
import os
import re
import select
import signal
import socket
import stat
import struct
import subprocess
import threading
import time

import harness
import pytest
from harness import SITE, Collector


def serve(folder, *args):
    """Its exit status and what it said, for starts that fail."""
    done = subprocess.run(
        [os.path.join(harness.BUILD, "testready-collector"), "serve", "--store",
         os.path.join(str(folder), "store.db"), "--admin-token-file",
         os.path.join(str(folder), "admin-token"), *args],
        text=True, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_stops_when_told(new_collector, how):
    collector = new_collector(fill=False).start()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", collector.url)
    assert collector.get("/readyz").status == 200
    assert collector.stop(how) == 0
    assert "stopped" in collector.log()


def test_it_listens_on_ipv6_too(tmp_path):
    with Collector(tmp_path, fill=False, arguments=["--listen", "[::1]:0"]) as collector:
        assert collector.url.startswith("http://[::1]:")
        assert collector.get("/healthz").status == 200


def test_what_was_stored_is_there_after_a_restart(new_collector):
    collector = new_collector().start()
    device = collector.enroll(collector.enrollment_key())
    device.report()
    token = collector.token
    collector.stop()
    collector.start()
    assert collector.token == token
    assert collector.get(f"/v1/devices/{device.id}").json["state"] == "ready"
    device.report(harness.facts(memory__total_mib=512))
    assert collector.stop() == 0


def test_what_was_acknowledged_survives_a_kill(new_collector):
    collector = new_collector().start()
    key = collector.enrollment_key()
    devices = [collector.enroll(key, host_name=f"lab-{i}") for i in range(8)]
    done = {device.id: 0 for device in devices}
    observed = {}

    def work(device):
        connection = collector.connect()
        try:
            while True:
                body = device.body()
                answer = collector.post("/v1/reports", body, device.key, connection)
                assert answer.status == 200
                observed[device.id] = body["observed_at"]
                done[device.id] = answer.json["sequence"]
        except (OSError, harness.http.client.HTTPException):
            connection.close()

    threads = [threading.Thread(target=work, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    harness.wait_until(lambda: min(done.values()) >= 5)
    collector.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()

    collector.start()
    for device in devices:
        # The last acknowledged one again is known; had it been lost, it would be new.
        with_other_facts = device.body(harness.facts(memory__total_mib=512))
        with_other_facts["sequence"] = done[device.id]
        with_other_facts["observed_at"] = observed[device.id]
        assert device.send(with_other_facts).json["state"] == "ready"
    assert collector.get(f"/v1/sites/{SITE}").json["ready"] == len(devices)
    assert collector.stop() == 0


def test_a_stop_answers_what_was_taken(new_collector):
    collector = new_collector().start()
    key = collector.enrollment_key()
    devices = [collector.enroll(key, host_name=f"lab-{i}") for i in range(16)]
    odd, count = [], [0]

    def work(device):
        connection = collector.connect()
        try:
            while True:
                answer = collector.post("/v1/reports", device.body(), device.key, connection)
                count[0] += 1
                if answer.status == 503:
                    assert int(answer.headers["retry-after"]) > 0
                elif answer.status != 200:
                    odd.append(answer.body)
        except (OSError, harness.http.client.HTTPException):
            connection.close()

    threads = [threading.Thread(target=work, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    harness.wait_until(lambda: count[0] >= 100)
    assert collector.stop() == 0
    for thread in threads:
        thread.join()
    assert odd == []


def test_the_token_is_made_once_for_its_owner_alone(tmp_path):
    with Collector(tmp_path, fill=False) as collector:
        assert stat.S_IMODE(os.stat(collector.token_file).st_mode) == 0o600
        assert re.fullmatch(r"trt_[0-9A-Za-z_-]{43}", collector.token)
        assert "new admin token" in collector.log()
        assert collector.token not in collector.log()
    os.chmod(collector.token_file, 0o640)
    status, said = serve(tmp_path, "--listen", "127.0.0.1:0")
    assert status == 3 and "chmod 600" in said
    os.chmod(collector.token_file, 0o600)
    with open(collector.token_file, "w", encoding="utf-8") as file:
        file.write("password\n")
    status, said = serve(tmp_path, "--listen", "127.0.0.1:0")
    assert status == 3 and "no token" in said and "password" not in said


@pytest.mark.parametrize("args, says", [
    (["--listen", "0.0.0.0:0"], "--behind-proxy"),
    (["--listen", "[::]:0"], "--behind-proxy"),
    (["--listen", "localhost:0"], "numeric"),
    (["--listen", "127.0.0.1"], "ADDR:PORT"),
    (["--listen", "127.0.0.1:99999"], "--listen"),
    (["--threads", "0"], "--threads"),
    (["--threads", "many"], "--threads"),
    (["--web", "/nonexistent"], "/nonexistent"),
    (["--store", "oracle:x"], "oracle"),
    (["--store", "/nonexistent/store.db"], "/nonexistent"),
    (["--color"], "--color"),
])
def test_a_wrong_start_is_one_sentence(tmp_path, args, says):
    status, said = serve(tmp_path, "--listen", "127.0.0.1:0", *args)
    assert status == 3
    assert says in said.splitlines()[-1], said


def test_behind_a_proxy_it_may_listen_everywhere(tmp_path):
    with Collector(tmp_path, fill=False,
                   arguments=["--listen", "0.0.0.0:0", "--behind-proxy"]) as collector:
        assert collector.url.startswith("http://0.0.0.0:")
        assert collector.get("/healthz").status == 200


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, said = serve(tmp_path, "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert status == 3 and "in use" in said


def test_a_folder_that_is_not_of_the_pages_is_refused(tmp_path):
    folder = tmp_path / "web"
    folder.mkdir()
    assert "index.html" in serve(tmp_path, "--listen", "127.0.0.1:0", "--web", str(folder))[1]
    (folder / "index.html").write_text("x")
    (folder / "large").write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    assert "larger than" in serve(tmp_path, "--listen", "127.0.0.1:0", "--web", str(folder))[1]
    (folder / "large").unlink()
    for i in range(64):
        (folder / f"{i}.js").write_text("x")
    assert "more than 64" in serve(tmp_path, "--listen", "127.0.0.1:0", "--web", str(folder))[1]


def test_while_the_store_is_taken_devices_are_told_to_come_back(collector):
    """Another program holds the store longer than the collector waits for it."""
    sqlite3 = pytest.importorskip("sqlite3")
    device = collector.enroll(collector.enrollment_key())
    other = sqlite3.connect(collector.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = device.send(body := device.body())
    assert answer.status == 503 and int(answer.headers["retry-after"]) > 0
    assert collector.get("/readyz").status == 503
    assert collector.get("/healthz").status == 200
    assert collector.get(f"/v1/sites/{SITE}").json["states"]["never_seen"] == 1
    other.execute("ROLLBACK")
    other.close()
    assert device.send(body).status == 200
    harness.wait_until(lambda: collector.get("/readyz").status == 200)
    assert "can be written again" in collector.log()


def test_whoever_asks_and_goes_takes_no_place(collector):
    """Clients whose connection breaks while they wait for the store must not count for ever."""
    sqlite3 = pytest.importorskip("sqlite3")
    host, port = collector.address.split(":")
    other = sqlite3.connect(collector.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    gone = [socket.create_connection((host, int(port))) for _ in range(20)]
    for connection in gone:
        connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")

    def is_too_many():
        answered, _, _ = select.select(gone, [], [], 0)
        return any(b"Too many" in connection.recv(4096) for connection in answered)

    harness.wait_until(is_too_many)
    for connection in gone:
        reset = struct.pack("ii", 1, 0)  # linger for no time: a reset instead of an end
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        connection.close()
    other.execute("ROLLBACK")
    other.close()
    harness.wait_until(lambda: collector.get("/readyz").status == 200)


def test_a_full_disk_is_told_and_recovered_from(new_collector):
    """The store may not grow; then it may again, without a restart."""
    collector = new_collector().start()
    key = collector.enrollment_key()
    device = collector.enroll(key)
    device.report()
    pid = collector.process.pid
    limit = os.path.getsize(collector.store + "-wal") + 8192

    def set_limit(size):
        subprocess.run(["prlimit", f"--pid={pid}", f"--fsize={size}:"], check=True)

    set_limit(limit)
    for _ in range(200):
        answer = device.send(body := device.body(harness.facts(cpu__model=os.urandom(900).hex())))
        if answer.status != 200:
            break
    assert answer.status == 503, answer.body
    assert int(answer.headers["retry-after"]) > 0
    last = collector.get(f"/v1/devices/{device.id}").json["facts"]["cpu"]["model"]
    assert last != body["facts"]["cpu"]["model"]
    other = {"agent_version": "1.0", "role": "student", "device": harness.names("late")}
    answer = collector.post("/v1/enroll", other, key)
    assert answer.status == 503 and "device_key" not in answer.json
    set_limit("unlimited")
    assert device.send(body).status == 200
    assert collector.get(f"/v1/sites/{SITE}").json["expected"] == 1
    assert collector.post("/v1/enroll", other, key).status == 200
    assert collector.get(f"/v1/devices/{device.id}").json["facts"] == body["facts"]
    assert collector.stop() == 0


def test_connections_that_do_nothing_are_no_harm(collector):
    host, port = collector.address.split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(300)]
    for connection in idle[:100]:
        connection.sendall(b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-")
    device = collector.enroll(collector.enrollment_key())
    assert device.report()["state"] == "ready"
    for connection in idle:
        connection.close()


@pytest.mark.skipif(not os.environ.get("TESTREADY_SLOW"), reason="takes 40 s; set TESTREADY_SLOW=1")
def test_a_client_that_sends_a_byte_now_and_then_is_cut(collector):
    host, port = collector.address.split(":")
    with socket.create_connection((host, int(port))) as slow:
        start = time.monotonic()
        with pytest.raises(OSError):
            slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            while time.monotonic() - start < 60:
                slow.sendall(b"x")
                time.sleep(0.5)
        assert time.monotonic() - start < 40


def test_the_routes_are_printed_without_a_store():
    out = subprocess.run([os.path.join(harness.BUILD, "testready-collector"), "serve",
                          "--print-routes"], text=True, capture_output=True, check=True).stdout
    assert "GET /v1/overview staff:see limit cursor\n" in out


def test_nothing_is_lost_or_twice_when_the_profile_changes_under_load(new_collector):
    collector = new_collector().start()
    key = collector.enrollment_key()
    devices = [collector.enroll(key, host_name=f"lab-{i}") for i in range(12)]
    stop = threading.Event()
    odd = []

    def work(device):
        while not stop.is_set():
            answer = device.send(device.body())
            if answer.status not in (200, 503):
                odd.append(answer.body)

    threads = [threading.Thread(target=work, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    with open(harness.PROFILE, encoding="utf-8") as file:
        profile = json.load(file)
    for least in (16384, 1792, 16384):
        for requirement in profile["requirements"]:
            if requirement["id"] == "memory.size":
                requirement["check"]["at_least"] = least
        collector.command("profile", "publish",
                          collector.write("profile.json", json.dumps(profile)), "--wait")
    stop.set()
    for thread in threads:
        thread.join()
    for device in devices:
        device.report()
    site = collector.get(f"/v1/sites/{SITE}").json
    assert odd == []
    assert site["states"]["not_ready"] == site["expected"] == len(devices)
    assert collector.stop() == 0
