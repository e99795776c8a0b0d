# SPDX-License-Identifier: Apache-2.0
"""Many clients that stay connected, that do nothing, or that take their time: everybody else
is answered."""
import json
import os
import resource
import selectors
import signal
import socket
import time

import harness
import pytest
import sockets

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
IDLE = 10_000


def allow_descriptors(n):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < n:
        pytest.skip(f"needs {n} descriptors, the system gives {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, n), hard))


class Clients:
    """Keep-alive connections of which each asks again as soon as it has its answer."""

    def __init__(self, collector, n):
        self.answers = [0] * n
        self.selector = selectors.DefaultSelector()
        self.connections = [sockets.connect(collector) for _ in range(n)]
        for i, connection in enumerate(self.connections):
            self.selector.register(connection, selectors.EVENT_READ, i)

    def run(self, rounds, in_step):
        """
        Until each was answered @rounds times. @in_step: all ask at the same time and again
        when all have been answered, so that a server sees as many events as there are clients.
        """
        waiting = 0
        while min(self.answers) < rounds:
            if waiting == 0:
                for connection in self.connections:
                    connection.sendall(REQUEST)
                waiting = len(self.connections)
            events = self.selector.select(sockets.PATIENCE_S)
            assert events, f"stalled: {waiting} wait, {sum(self.answers)} answered"
            for key, _ in events:
                data = key.fileobj.recv(65536)
                assert data.startswith(b"HTTP/1.1 200 "), data
                self.answers[key.data] += 1
                if in_step:
                    waiting -= 1
                else:
                    key.fileobj.sendall(REQUEST)

    def close(self):
        for connection in self.connections:
            connection.close()
        self.selector.close()


@pytest.mark.parametrize("n", [127, 128, 129, 255, 256, 257, 384, 512, 1000])
@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("in_step", [True, False])
def test_clients_that_stay_connected_never_stall(tmp_path, n, threads, in_step):
    """Where libmicrohttpd waits by epoll itself they do, after a round of exactly 128 events."""
    allow_descriptors(n + 100)
    with harness.Collector(tmp_path, fill=False, web=None,
                           arguments=["--threads", threads]) as collector:
        clients = Clients(collector, n)
        clients.run(max(8, 6000 // n), in_step)
        clients.close()


def test_10000_connections_on_which_nothing_happens_keep_nobody_waiting(tmp_path):
    allow_descriptors(2 * IDLE - 1000)
    with harness.Collector(tmp_path, web=None) as collector:
        device = collector.enroll(collector.enrollment_key())
        connection = collector.connect(timeout=sockets.PATIENCE_S)
        idle = []
        for i in range(IDLE):
            idle.append(sockets.connect(collector))
            if i % 2:
                idle[-1].sendall(b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-")
            if i % 1000 == 0:
                answer = collector.post("/v1/reports", device.body(), device.key, connection)
                assert answer.status == 200
        for _ in range(20):
            answer = collector.post("/v1/reports", device.body(), device.key, connection)
            assert answer.status == 200
            # One that connects only now is accepted like any other.
            assert device.report()["state"] == "ready"
        with open(f"/proc/{collector.process.pid}/status", encoding="ascii") as status:
            memory = next(line for line in status if line.startswith("VmRSS:"))
        print(f"{IDLE} connections: {memory.strip()}")
        for sock in idle:
            sock.close()
        connection.close()


def few_descriptors(folder, *arguments):
    """A collector that takes 344 connections."""
    program = folder / "few"
    program.write_text(f'#!/bin/sh\nulimit -n 600\nexec {harness.BUILD}/testready-collector "$@"\n')
    program.chmod(0o755)
    collector = harness.Collector(folder, web=None, arguments=arguments)
    collector.program = str(program)
    return collector


def test_where_there_were_as_many_as_may_be_and_all_end_at_once_the_next_is_accepted(tmp_path):
    with few_descriptors(tmp_path, "--threads", "1") as collector:
        pid = collector.process.pid
        idle = [sockets.connect(collector) for _ in range(400)]
        harness.wait_until(lambda: len(os.listdir(f"/proc/{pid}/fd")) > 344)
        # So that it sees the end of all of them in one round.
        os.kill(pid, signal.SIGSTOP)
        for connection in idle:
            connection.close()
        with sockets.connect(collector) as connection:
            connection.sendall(REQUEST)
            os.kill(pid, signal.SIGCONT)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_where_there_are_many_connections_those_that_do_nothing_go_sooner(tmp_path):
    """With few descriptors, as a service manager may give, there are soon many."""
    with few_descriptors(tmp_path) as collector:
        device = collector.enroll(collector.enrollment_key())
        idle = [sockets.connect(collector, timeout=30) for _ in range(500)]
        start = time.monotonic()
        # It waits until there is room, which is long before the usual idle time.
        assert device.report()["state"] == "ready"
        assert idle[0].recv(1) == b""
        assert time.monotonic() - start < 25
        for sock in idle:
            sock.close()


REQUEST_SECONDS = 30  # for all of a request; docs/limits.md

# What comes too slowly, and whether it began so that there is somebody to tell.
SLOW = {
    "a header": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", True),
    "a body": (b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n", True),
    "a request line": (b"GET /heal", False),
    "nothing": (b"", False),
}


def drip(slow, said, seconds):
    """A byte on each connection now and then; what comes is put into @said."""
    end = time.monotonic() + seconds
    while len(said) < len(slow) and time.monotonic() < end:
        for name in slow.keys() - said.keys():
            try:
                said[name] = slow[name].recv(4096)
            except TimeoutError:
                if name != "nothing":
                    slow[name].sendall(b"x")


def test_who_is_too_slow_is_told_and_cut(tmp_path, monkeypatch):
    """A byte now and then would keep the library's own time-out from ever passing."""
    suspended = tmp_path / "suspended"
    suspended.write_text("0")
    monkeypatch.setenv("LD_PRELOAD", os.path.abspath(os.path.join(harness.BUILD, "fault/clock.so")))
    monkeypatch.setenv("CLOCK_SUSPENDED", str(suspended))
    with harness.Collector(tmp_path, fill=False, web=None) as collector:
        slow = {name: sockets.connect(collector, timeout=0.1) for name in SLOW}
        said = {}
        for name, (begin, _) in SLOW.items():
            slow[name].sendall(begin)
        # It looks once a second, and none of them is over its time yet.
        drip(slow, said, 1)
        suspended.write_text(str(REQUEST_SECONDS - 10))
        drip(slow, said, 3)
        assert said == {}
        suspended.write_text(str(REQUEST_SECONDS))
        drip(slow, said, sockets.PATIENCE_S)
        for name, (_, is_told) in SLOW.items():
            assert sockets.statuses(said[name]) == ([408] if is_told else []), name
        head, _, body = said["a body"].partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head
        assert json.loads(body)["type"] == "urn:testready:problem:too-slow"
        assert json.loads(body)["status"] == 408


def test_who_does_not_take_its_answer_holds_nobody_up(tmp_path):
    with harness.Collector(tmp_path, fill=False) as collector:
        deaf = []
        for _ in range(64):
            connection = sockets.connect(collector)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
            deaf.append(connection)
        for _ in range(50):
            assert collector.get("/readyz").status == 200
        for connection in deaf:
            connection.close()
