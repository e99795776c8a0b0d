# SPDX-License-Identifier: Apache-2.0
"""The service of the agent, with a collector that a test can have say anything, and the
messages that it sends to a service manager: they are what tests wait for."""
import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import tempfile
import threading
import time

import pytest

from imposter import AGENT, Agent, Handler, Imposter, accept, plain

DAY = 86400


class TalkingHandler(Handler):
    def do_GET(self):
        request = {"path": self.path, "fields": dict(self.headers), "json": None}
        self.server.imposter.take(request)(self, request)


class Server(Imposter):
    """Takes everything; `says` is added to each answer, `profile` is what GET /v1/profile gives."""

    def __init__(self, period_s=DAY, spread_s=0):
        super().__init__()
        self.server.RequestHandlerClass = TalkingHandler
        self.next = {"period_s": period_s, "spread_s": spread_s}
        self.says = {}
        self.profile = plain(404)
        self.state = "ready"

    def take(self, request):
        if request["path"] == "/v1/profile":
            with self.lock:
                self.requests.append(request)
            self.asked.release()
            return self.profile
        with self.lock:
            self.requests.append(request)
            answer = self.answers.pop(0) if self.answers else self.accept
        self.asked.release()
        return answer

    def accept(self, handler, request):
        body = request["json"]
        if request["path"] == "/v1/enroll":
            accept(handler, request)
            return
        said = {"device_id": body["device_id"], "boot_id": body["boot_id"],
                "sequence": body["sequence"], "state": self.state, "send_report": False,
                "next": self.next, "profile": None, **self.says}
        plain(200, json.dumps(said).encode(), Content_Type="application/json")(handler, request)

    def wait(self, seconds=60):
        """The next request."""
        assert self.asked.acquire(timeout=seconds), "no request came"
        with self.lock:
            self.n_seen = getattr(self, "n_seen", 0) + 1
            return self.requests[self.n_seen - 1]

    def wait_for(self, path, seconds=60):
        while True:
            request = self.wait(seconds)
            if request["path"] == path:
                return request["json"]

    def heartbeats(self):
        return [r["json"] for r in self.requests if r["path"] == "/v1/heartbeats"]


class Service:
    """`testready-agent run`, until the end of the with statement."""

    def __init__(self, agent, *args, env=None, start="0", settle="0.2", root=True):
        self.agent = agent
        self.path = os.path.join(os.path.dirname(agent.state), "notify")
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.messages = queue.Queue()
        self.command = [AGENT, "run", "--start-spread", start, "--settle", settle, *args]
        if root:
            self.command += ["--root", agent.root]
        self.env = dict(env or agent.environment(), NOTIFY_SOCKET=self.path)
        self.log_path = os.path.join(os.path.dirname(agent.state), "service.log")

    def __enter__(self):
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(self.command, env=self.env, stdout=self.log, stderr=self.log)
        self.told = []
        threading.Thread(target=self.listen, daemon=True).start()
        self.wait("READY=1")
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            status = self.stop()
            assert kind or status == 0, self.said()
        self.log.close()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(60)

    def hup(self):
        """Read the configuration again, and wait until that is done."""
        self.process.send_signal(signal.SIGHUP)
        self.wait("RELOADING=1")
        self.wait("READY=1")
        return self.wait("STATUS=")

    def wait(self, begin, seconds=60):
        """The next message to the service manager that begins so."""
        end = time.monotonic() + seconds
        while True:
            has_ended = self.process.poll() is not None  # before the look at what it had said
            try:
                message = self.messages.get(timeout=0.5)
            except queue.Empty:
                assert not has_ended and time.monotonic() < end, \
                    f"no {begin} came, exit {self.process.poll()}; {self.told}\n{self.said()}"
                continue
            self.told.append(message)
            if message.startswith(begin):
                return message

    def listen(self):
        # All of them at once, or the service would wait for a reader.
        with contextlib.suppress(OSError):
            while message := self.socket.recv(4096):
                self.messages.put(message.decode())

    def looked(self):
        """A look at the device has come to its end."""
        self.wait("STATUS=Looking")
        return self.wait("STATUS=")

    def said(self):
        with open(self.log_path, encoding="utf-8") as file:
            return file.read()


def enrolled(folder, server):
    agent = Agent(str(folder))
    done = agent.enroll(server.url)
    assert done.returncode == 0, done.said
    assert server.wait()["path"] == "/v1/enroll"
    return agent


def write(agent, path, text):
    """A file of the machine that the agent looks at, which never sees half of it."""
    path = os.path.join(agent.root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=agent.root, delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def name_system(agent, name):
    """A change that the next look finds."""
    write(agent, "etc/os-release", f'ID=debian\nVERSION_ID="12"\nNAME="{name}"\nPRETTY_NAME="{name}"\n')


# --- fixtures: a test file imports those that it asks for -------------------------------

@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


@pytest.fixture
def agent(tmp_path, server):
    return enrolled(tmp_path, server)
