# SPDX-License-Identifier: Apache-2.0
"""Whatever breaks around the agent: nothing is lost, nothing is told twice as two things, and
`status` says what is wrong. Each test prints one line for the fault that it made."""
import json
import os
import socket
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
import plug  # noqa: E402
from imposter import AGENT, plain, problem, raw, silence  # noqa: E402
from service import Service, agent, enrolled, name_system, server  # noqa: E402,F401

BUILD = os.environ.get("TESTREADY_BUILD", "build/default")
DAY = 86400


def library(name):
    return os.path.abspath(os.path.join(BUILD, "fault", name + ".so"))


def with_disk(agent, fault):
    return dict(agent.environment(), LD_PRELOAD=library("disk"), DISK_FAULT=fault, DISK_UNDER=agent.state)


def told(server):
    """What the collector was told under each number; the same number never says two things."""
    by_number = {}
    for report in server.reports():
        same = {k: v for k, v in report.items() if k != "age_ms"}
        assert by_number.setdefault(report["sequence"], same) == same
    return by_number


# --- the disk ------------------------------------------------------------------


def test_killed_at_every_step_on_the_disk(agent, server):
    """One report waits, another is made: whenever it dies, both arrive, each under one number."""
    step = 0
    while True:
        step += 1
        name_system(agent, f"Waits {step}")
        server.answers = [plain(503)]
        assert agent.report().returncode == 1
        waiting = max(told(server))
        name_system(agent, f"Killed {step}")
        code = subprocess.run([AGENT, "report", "--root", agent.root], check=False, timeout=60,
                              env=with_disk(agent, f"kill:{step}"), capture_output=True).returncode
        done = agent.report()
        assert done.returncode == 0, (step, done.said)
        assert agent.files() == [] and agent.files("refused") == []
        assert told(server)[waiting]["facts"]["os"]["name"] == f"Waits {step}"
        assert told(server)[max(told(server))]["facts"]["os"]["name"] == f"Killed {step}"
        if code == 0:
            break
        assert code == -9, code
    print(f"kill -9 at each of {step - 1} steps on the disk: {len(told(server))} reports, "
          "each arrived under one number")
    assert step > 20


def test_a_service_whose_errands_are_killed_goes_on(agent, server):
    with Service(agent, env=with_disk(agent, "kill:12")) as service:
        service.looked()
        service.hup()
        service.looked()
        assert "signal 9" in service.said()
    with Service(agent):
        server.wait_for("/v1/reports")
    told(server)
    print("kill -9 of every errand of the service: it goes on, and reports when they live")


@pytest.mark.parametrize("error, said", [("ENOSPC", "No space left on device"),
                                         ("EROFS", "Read-only file system")])
def test_a_disk_that_takes_nothing(agent, server, error, said):
    name_system(agent, "Waits")
    server.answers = [plain(503)]
    agent.report()
    name_system(agent, "New")
    with Service(agent, env=with_disk(agent, error + ":3")) as service:
        service.wait("STATUS=Waiting")
        assert said in service.said(), service.said()
    with Service(agent):
        server.wait_for("/v1/reports")
        while server.reports()[-1]["facts"]["os"]["name"] != "New":
            server.wait_for("/v1/reports")
    assert {r["facts"]["os"]["name"] for r in told(server).values()} == {"Waits", "New"}
    print(f"{said}: said so, and delivered what waited and what was new when it was mended")


def test_a_report_that_can_neither_be_read_nor_set_aside(agent, server):
    server.answers = [plain(503)]
    agent.report()
    path = os.path.join(agent.state, "spool", agent.files()[0])
    with open(path, "w", encoding="utf-8") as file:
        file.write("{")
    os.mkdir(os.path.join(agent.state, "refused", os.path.basename(path)))
    name_system(agent, "New")
    with Service(agent) as service:
        service.looked()
    assert server.reports()[-1]["facts"]["os"]["name"] == "New"
    status = agent.status()[1]
    assert status["waiting"]["count"] == 1
    print("a damaged file in the spool that cannot be moved: the others are delivered")


# --- the network ------------------------------------------------------------------


ANSWERS = {
    "400": (problem(400, "No."), "400", False),
    "401": (problem(401, "Unknown key."), "401", True),
    "403": (problem(403, "Retired."), "403", False),
    "408": (plain(408), "408", True),
    "409": (problem(409, "Another."), "409", False),
    "413": (plain(413), "413", False),
    "422": (problem(422, "facts: no"), "422", False),
    "425": (plain(425), "425", True),
    "429 with Retry-After": (plain(429, Retry_After="7"), "wait 7 seconds", True),
    "500": (plain(500), "500", True),
    "503 with Retry-After": (problem(503, "The queue is full.", Retry_After="7"), "queue is full", True),
    "an answer cut off": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"), "cut off", True),
    "no answer, connection closed": (raw(b""), "without an answer", True),
    "a half-open connection": (silence, "no answer within", True),
    "a login page": (plain(200, b"<html>Please log in"), "login page", True),
    "another report confirmed": (plain(200, b'{"device_id": "x"}'), "not the collector", True),
}


def patience(is_used_up):
    """
    How long the agent waits for an answer. Where it waits in vain that is as long as the test
    takes; less, and on a slow machine the answer that comes when it is mended is late too.
    """
    return ["--timeout", "5"] if is_used_up else []


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_none(agent, server, name):
    answer, said, is_kept = ANSWERS[name]
    server.answers = [answer]
    with Service(agent, *patience(answer is silence)) as service:
        service.looked()
        status = agent.status()[1]
        assert said in status["last_try"]["sentence"], status
        assert len(agent.files()) == (1 if is_kept else 0)
        assert len(agent.files("refused")) == (0 if is_kept else 1)
        if is_kept:
            # Begins at once, and its end is the next thing that is told.
            assert "Looking" in service.hup()
            service.wait("STATUS=Waiting")
    numbers = [r["sequence"] for r in server.reports()]
    assert len(told(server)) == 1 and numbers == [1] * len(numbers)
    assert len(agent.files()) == 0
    print(f"{name}: " + ("kept, and delivered once" if is_kept else "refused, and kept with the reason"))


@pytest.fixture
def black_hole():
    """A port that takes connections and nobody answers, since nobody accepts them."""
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        fill = [socket.socket() for _ in range(3)]
        for one in fill:
            one.setblocking(False)
            one.connect_ex(hole.getsockname())
        yield f"http://127.0.0.1:{hole.getsockname()[1]}"
        for one in fill:
            one.close()


@pytest.fixture
def closed_port():
    """A port that nobody listens on, and nobody else can take meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield str(held.getsockname()[1])


def set_url(agent, url):
    path = os.path.join(agent.state, "identity.json")
    with open(path, encoding="utf-8") as file:
        identity = json.load(file)
    before, identity["url"] = identity["url"], url
    with open(path + ".new", "w", encoding="utf-8", opener=lambda *to: os.open(*to, mode=0o600)) as file:
        json.dump(identity, file)
    os.replace(path + ".new", path)  # the service may be reading it
    return before


NETWORKS = {
    "no network": ("http://127.0.0.1:PORT", {}, "Connection refused"),
    "a black hole": (None, {}, "no answer within"),
    "a name that is not found": ("https://collector.invalid", {}, "name cannot be found"),
    "a proxy that refuses": ("https://collector.invalid", {"https_proxy": "http://127.0.0.1:PORT"},
                             "Connection refused"),
    "a proxy that is not found": ("https://collector.invalid",
                                  {"https_proxy": "http://proxy.invalid:3128"}, "name of the proxy"),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_no_way_to_the_collector(agent, server, black_hole, closed_port, name):
    url, variables, said = NETWORKS[name]
    variables = {k: v.replace("PORT", closed_port) for k, v in variables.items()}
    right = set_url(agent, url.replace("PORT", closed_port) if url else black_hole)
    with Service(agent, *patience(name == "a black hole"),
                 env=dict(agent.environment(), **variables)) as service:
        service.looked()
        code, status = agent.status()
        assert said in status["last_try"]["sentence"], status
        assert code == 1 and len(agent.files()) == 1
        set_url(agent, right)
        service.hup()
        service.wait("STATUS=Waiting")
    assert len(server.reports()) == 1
    assert agent.files() == []
    print(f"{name}: said so, and delivered once when there was a way")


# --- the clock, the kernel ------------------------------------------------------------


@pytest.mark.parametrize("years", [10, -10])
def test_the_clock_is_set_while_it_runs(agent, server, tmp_path, years):
    offset = tmp_path / "offset"
    offset.write_text("0")
    server.next["period_s"] = 1
    env = dict(agent.environment(), LD_PRELOAD=library("clock"), CLOCK_OFFSET=str(offset))
    with Service(agent, env=env):
        report = server.wait_for("/v1/reports")
        before = server.wait_for("/v1/heartbeats")
        offset.write_text(str(years * 365 * DAY))
        while (after := server.wait_for("/v1/heartbeats"))["observed_at"][:4] == before["observed_at"][:4]:
            pass
        server.wait_for("/v1/heartbeats")
    assert int(after["observed_at"][:4]) - int(before["observed_at"][:4]) in (years - 1, years, years + 1)
    assert after["age_ms"] < 60000 and after["sequence"] > before["sequence"] > report["sequence"]
    print(f"the clock jumps by {years:+} years: contacts go on in their period, ages are right")


def test_a_lid_is_opened(agent, server, tmp_path):
    suspended = tmp_path / "suspended"
    suspended.write_text("0")
    server.next["period_s"] = 10
    env = dict(agent.environment(), LD_PRELOAD=library("clock"), CLOCK_SUSPENDED=str(suspended))
    with Service(agent, env=env, start="1") as service:
        server.wait_for("/v1/reports")
        service.wait("STATUS=Looking")
        service.wait("STATUS=Waiting")
        suspended.write_text("36000")
        # The kernel's own clock is not set by this, so what waits now waits for ever.
        assert service.wait("STATUS=").startswith("STATUS=Waiting"), service.told
    print("a lid is opened: what was due meanwhile is spread as after a start")


def test_a_wait_of_ten_years_is_a_clock_that_was_set(agent, server, tmp_path):
    offset = tmp_path / "offset"
    offset.write_text(str(10 * 365 * DAY))
    env = dict(agent.environment(), LD_PRELOAD=library("clock"), CLOCK_OFFSET=str(offset))
    server.answers = [plain(503, Retry_After="600")]
    with Service(agent, env=env) as service:
        service.looked()
    with Service(agent):
        server.wait_for("/v1/reports")
        server.wait_for("/v1/reports")
    print("asked to wait by a clock ten years ahead: the wait is not believed later")


def test_messages_of_devices_are_dropped(agent, server):
    with plug.Bed() as bed:
        env = bed.environment(agent.environment())
        env["LD_PRELOAD"] = library("netlink") + ":" + env["LD_PRELOAD"]
        with Service(agent, env=env, settle="0.5") as service:
            server.wait_for("/v1/reports")
            for number in range(20):
                bed.plug(f"Headset{number}", number)
            for number in range(1, 20):
                bed.unplug(f"Headset{number}", number)
            # Of a pause in between there may be one more.
            while [c["name"] for c in server.wait_for("/v1/reports")["facts"]["audio"]["cards"]] != ["Headset0"]:
                pass
            assert "dropped" in service.said()
    print("ENOBUFS of the kernel: the device is looked at as a whole, and its final state reported")
