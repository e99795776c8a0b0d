# SPDX-License-Identifier: Apache-2.0
"""The service reports by itself: what is new once, what is not as a heartbeat, and then it sleeps."""
import datetime
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import threading

import pytest

import harness
import plug
import stopwatch
from imposter import DEVICE_ID, plain, problem, silence
from service import DAY, Service, agent, enrolled, name_system, server, write  # noqa: F401
from signer import Signer

BROWSER = "proc/100/comm"


@pytest.fixture
def bed():
    with plug.Bed() as made:
        yield made


def canonical_hash(facts):
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def next_in(status, since=None):
    """Seconds until the time that a STATUS names, from now or since some time before."""
    at = datetime.datetime.fromisoformat(re.search(r"next at (\S+)Z\.", status)[1] + "+00:00")
    return (at - (since or now())).total_seconds()


def cards(report):
    return [c["name"] for c in report["facts"]["audio"]["cards"]]


# --- at its time ---------------------------------------------------------------


def test_it_reports_once_and_then_says_that_nothing_changed(agent, server):
    server.next["period_s"] = 1
    with Service(agent):
        report = server.wait_for("/v1/reports")
        first, second = server.wait_for("/v1/heartbeats"), server.wait_for("/v1/heartbeats")

    assert first["facts_hash"] == second["facts_hash"] == canonical_hash(report["facts"])
    assert report["sequence"] < first["sequence"] < second["sequence"]
    assert first["boot_id"] == report["boot_id"] and first["age_ms"] >= 0
    assert len(server.reports()) == 1


def test_what_changed_is_reported_once(agent, server):
    server.next["period_s"] = 1
    name_system(agent, "Before")
    with Service(agent):
        server.wait_for("/v1/reports")
        name_system(agent, "After")
        report = server.wait_for("/v1/reports")
        heartbeat = server.wait_for("/v1/heartbeats")

    assert report["facts"]["os"]["name"] == "After"
    assert heartbeat["facts_hash"] == canonical_hash(report["facts"])
    assert len(server.reports()) == 2


def test_the_first_report_is_spread_and_the_next_comes_in_the_period(agent, server):
    begin = now()
    with Service(agent, start="100") as service:
        status = service.wait("STATUS=Waiting")
    assert 0 <= next_in(status, begin) and next_in(status) <= 100
    begin = now()
    with Service(agent) as service:
        server.wait_for("/v1/reports")
        status = service.looked()
    assert DAY * 0.4 <= next_in(status, begin) and next_in(status) <= DAY * 1.6
    at = agent.status()[1]["last_try"]
    assert at["sentence"] == "Report 1 delivered; the collector says: ready."


def test_a_service_that_starts_again_keeps_what_the_collector_said(agent, server):
    server.next["period_s"] = 3600
    server.answers = [plain(503, Retry_After="600")]
    begin = now()
    with Service(agent) as service:
        status = service.looked()
    assert 600 <= next_in(status, begin) and next_in(status) <= 606
    with Service(agent) as service:
        status = service.wait("STATUS=Waiting")
    assert 600 <= next_in(status, begin) and next_in(status) <= 606
    assert len(server.reports()) == 1


def test_a_collector_that_knows_the_facts_no_more_gets_the_report(agent, server):
    server.next["period_s"] = 1
    with Service(agent):
        server.wait_for("/v1/reports")
        server.says = {"send_report": True}
        server.wait_for("/v1/heartbeats")
        server.wait_for("/v1/reports")


@pytest.mark.parametrize("status", [404, 405, 409, 422])
def test_where_a_heartbeat_is_not_taken_a_report_is_sent(agent, server, status):
    server.next["period_s"] = 1
    with Service(agent):
        server.wait_for("/v1/reports")
        server.answers = [plain(status)]
        heartbeat = server.wait_for("/v1/heartbeats")
        report = server.wait_for("/v1/reports")
    assert report["sequence"] > heartbeat["sequence"]


def test_a_report_of_a_person_is_what_the_next_heartbeat_is_about(agent, server):
    server.next["period_s"] = 1
    with Service(agent):
        server.wait_for("/v1/reports")
        server.wait_for("/v1/heartbeats")
        assert agent.report().returncode == 0
        report = server.wait_for("/v1/reports")
        heartbeat = server.wait_for("/v1/heartbeats")
        while heartbeat["sequence"] < report["sequence"]:
            heartbeat = server.wait_for("/v1/heartbeats")
    assert heartbeat["facts_hash"] == canonical_hash(report["facts"])
    numbers = [r["json"]["sequence"] for r in server.requests[1:]]
    assert numbers == sorted(set(numbers))


# --- plugs -----------------------------------------------------------------------


def test_what_is_plugged_in_and_out_is_reported(agent, server, bed):
    with Service(agent, env=bed.environment(agent.environment())):
        assert cards(server.wait_for("/v1/reports")) == []
        bed.plug("Headset")
        assert cards(server.wait_for("/v1/reports")) == ["Headset"]
        bed.unplug("Headset")
        assert cards(server.wait_for("/v1/reports")) == []
    assert not server.heartbeats()


def test_a_battery_that_empties_is_no_plug(agent, server, bed):
    with Service(agent, env=bed.environment(agent.environment()), settle="60") as service:
        service.looked()
        bed.battery(79)
        assert next_in(service.hup()) > 3600
        bed.plug("Headset")
        assert next_in(service.wait("STATUS=Waiting")) <= 60


def storm(agent, server, bed, during):
    """Hundred devices come and go and the last one stays; `during` is called in the middle of it."""
    with Service(agent, env=bed.environment(agent.environment()), settle="1") as service:
        server.wait_for("/v1/reports")
        for number in range(100):
            if number == 5:
                during(service.process.pid)
            bed.plug(f"Headset{number}", number)
            bed.unplug(f"Headset{number}", number)
        bed.plug("Last")
        while cards(server.wait_for("/v1/reports")) != ["Last"]:
            pass
    return len(server.reports()) - 1


def test_a_storm_of_plugs_is_one_report_of_how_it_ended(agent, server, bed):
    assert storm(agent, server, bed, lambda pid: None) <= bed.looks_at_most(settle_s=1)


def test_a_storm_while_the_service_gets_no_time_is_one_report_too(agent, server, bed):
    def stop(pid):
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(0.5, os.kill, (pid, signal.SIGCONT)).start()
    assert storm(agent, server, bed, stop) <= bed.looks_at_most(settle_s=1)


def test_a_plug_while_there_is_no_answer_is_stored_and_told_later(agent, server, bed):
    with Service(agent, env=bed.environment(agent.environment())) as service:
        service.looked()
        server.answers = [plain(503, Retry_After="1000")]
        bed.plug("Headset")
        while len(agent.files()) < 1:
            service.looked()
        bed.unplug("Headset")
        while len(agent.files()) < 2:
            service.looked()
        # Nothing new: nothing more is stored.
        bed.event("usb1")
        service.looked()
        assert len(agent.files()) == 2 and len(server.reports()) == 2
        # A person who has mended it need not wait.
        server.wait_for("/v1/reports")
        server.wait_for("/v1/reports")
        service.hup()
        assert cards(server.wait_for("/v1/reports")) == ["Headset"]
        assert cards(server.wait_for("/v1/reports")) == []
        server.wait_for("/v1/heartbeats")
    assert agent.files() == []


# --- when to be silent --------------------------------------------------------------


def test_during_a_test_there_is_a_heartbeat_and_nothing_else(agent, server, bed, tmp_path):
    helpers = tmp_path / "helpers"
    helpers.mkdir()
    for name in ("alsa", "bluez", "cups", "network"):
        (helpers / name).write_text(f"#!/bin/sh\n: > {tmp_path}/helper-ran\n")
        (helpers / name).chmod(0o755)
    server.next["period_s"] = 1
    env = dict(bed.environment(agent.environment()), TESTREADY_HELPERS=str(helpers))
    write(agent, "proc/1/comm", "systemd\n")
    with Service(agent, env=env) as service:
        server.wait_for("/v1/reports")
        server.wait_for("/v1/heartbeats")
        write(agent, BROWSER, "CASecureBrowser\n")
        # What was under way is over when this is answered; and then one that saw the browser.
        service.hup()
        service.looked()
        before = {p: os.stat(os.path.join(agent.state, p)).st_mtime_ns for p in os.listdir(agent.state)}
        (tmp_path / "helper-ran").unlink(missing_ok=True)
        name_system(agent, "Changed during the test")
        bed.plug("Headset")
        n_heartbeats = len(server.heartbeats())
        for _ in range(4):
            service.looked()
        assert len(server.heartbeats()) >= n_heartbeats + 3
        after = {p: os.stat(os.path.join(agent.state, p)).st_mtime_ns for p in os.listdir(agent.state)}
        assert before == after
        assert not (tmp_path / "helper-ran").exists()
        assert len(server.reports()) == 1
        shutil.rmtree(os.path.join(agent.root, "proc/100"))
        report = server.wait_for("/v1/reports")
    assert cards(report) == ["Headset"]
    assert report["facts"]["os"]["name"] == "Changed during the test"


def quiet(agent, hours):
    write(agent, "etc/testready/agent.conf", f"quiet_hours = {hours}\n" if hours else "")


def test_in_quiet_hours_it_does_nothing_by_itself(agent, server, bed):
    quiet(agent, "00:00-12:00 12:00-24:00")
    with Service(agent, env=bed.environment(agent.environment())) as service:
        assert next_in(service.wait("STATUS=Quiet hours")) > 3600
        bed.plug("Headset")
        service.wait("STATUS=Quiet hours")
        assert not server.reports()
        # But for a person who asks.
        assert agent.report().returncode == 0
        assert len(server.reports()) == 1
        quiet(agent, "")
        service.process.send_signal(signal.SIGHUP)
        server.wait_for("/v1/reports")
        assert cards(server.wait_for("/v1/reports")) == ["Headset"]


# --- its life ---------------------------------------------------------------------


def test_a_stop_in_the_middle_of_a_delivery_takes_less_than_a_second(agent, server):
    server.answers = [silence]
    with Service(agent) as service:
        first = server.wait_for("/v1/reports")
        watch = stopwatch.Stopwatch(service.process.pid)
        service.process.send_signal(signal.SIGTERM)
        assert watch.end() < 1
        assert service.process.wait() == 0
    assert len(agent.files()) == 1
    with Service(agent):
        again = server.wait_for("/v1/reports")
    assert {k: again[k] for k in ("sequence", "facts")} == {k: first[k] for k in ("sequence", "facts")}


def test_status_says_whether_there_is_a_service(agent, server):
    with Service(agent) as service:
        service.looked()
        said = agent.run("status").stdout
        assert agent.status()[1]["service"] is True
        assert "Next        20" in said and "not running" not in said
    assert agent.status()[1]["service"] is False
    said = agent.run("status").stdout
    assert "Next        never, since the service is not running" in said


def test_who_looks_whether_there_is_a_service_keeps_none_from_starting(agent):
    """As status does, which has its lock for a moment."""
    held = os.path.abspath(os.path.join(harness.BUILD, "fault/held_lock.so"))
    with Service(agent, env=dict(agent.environment(), LD_PRELOAD=held)):
        pass
    with open(os.path.join(agent.state, "service.lock"), encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        done = agent.run("run", "--root", agent.root)
    assert done.returncode == 3 and "running already" in done.stderr


def test_two_services_do_not_share_a_device(agent, server):
    with Service(agent) as service:
        done = agent.run("run", "--root", agent.root)
        assert done.returncode == 3
        assert f"running already, as process {service.process.pid}" in done.stderr
    with Service(agent):
        pass


def test_a_configuration_that_is_wrong_is_said_and_the_old_one_stays(agent, server):
    quiet(agent, "00:00-12:00 12:00-24:00")
    with Service(agent) as service:
        service.wait("STATUS=Quiet hours")
        quiet(agent, "sometimes")
        assert "Quiet hours" in service.hup()
        assert "agent.conf:1" in service.said()
    assert not server.reports()
    done = agent.run("run", "--root", agent.root)
    assert done.returncode == 3 and "agent.conf:1" in done.stderr


def test_the_folder_that_it_has_for_itself_is_not_changed_while_it_runs(agent, server, tmp_path):
    env = agent.environment()
    del env["TESTREADY_STATE"]
    write(agent, "etc/testready/agent.conf", f"state_dir = {agent.state}\n")
    with Service(agent, env=env) as service:
        service.looked()
        shutil.copytree(agent.state, tmp_path / "copy")
        os.chmod(tmp_path / "copy", 0o700)
        write(agent, "etc/testready/agent.conf", f"state_dir = {tmp_path}/copy\n")
        service.hup()
        assert "stays as it was: state_dir names another folder" in service.said()


@pytest.mark.parametrize("option", ["--settle", "--start-spread"])
@pytest.mark.parametrize("value", ["-1", "3601", "nan", "soon", ""])
def test_what_is_no_time_is_refused(agent, option, value):
    done = agent.run("run", option, value)
    assert done.returncode == 3 and "expected 0 to 3600 seconds" in done.stderr


def test_a_child_that_is_killed_is_tried_again(agent, server):
    server.answers = [silence]
    with Service(agent) as service:
        server.wait_for("/v1/reports")
        with open(f"/proc/{service.process.pid}/task/{service.process.pid}/children", encoding="ascii") as file:
            os.kill(int(file.read().split()[0]), signal.SIGKILL)
        service.wait("STATUS=Waiting")
        assert "signal 9" in service.said()
        service.hup()
        server.wait_for("/v1/reports")


# --- identity and profile -------------------------------------------------------------


def test_a_device_with_a_key_file_enrols_by_itself(tmp_path, server):
    from imposter import Agent
    agent = Agent(str(tmp_path))
    write(agent, "etc/testready/agent.conf", f"url = {server.url}\nkey_file = {agent.key_file}\n")
    with Service(agent):
        assert server.wait()["path"] == "/v1/enroll"
        server.wait_for("/v1/reports")
    assert agent.status()[1]["identity"]["device_id"] == DEVICE_ID


def test_a_key_that_is_refused_is_renewed_once(agent, server):
    write(agent, "etc/testready/agent.conf", f"url = {server.url}\nkey_file = {agent.key_file}\n")
    server.device_id = "f" * 32
    server.answers = [problem(401, "Unknown key.")]
    with Service(agent):
        server.wait_for("/v1/reports")
        assert server.wait_for("/v1/enroll")["previous_device_id"] == DEVICE_ID
        assert server.wait_for("/v1/reports")["device_id"] == "f" * 32


def test_the_profile_is_fetched_when_another_one_is_named(tmp_path, server):
    signer = Signer(tmp_path)
    server.collector_key = signer.key
    agent = enrolled(tmp_path, server)
    with open(harness.PROFILE, "rb") as file:
        text = file.read()
    # As large as a profile may be, and the largest thing that a collector answers.
    text += b" " * (256 * 1024 - len(text))
    version = canonical_hash(json.loads(text))
    kept = os.path.join(agent.state, "profile.json")
    server.next["period_s"] = 1
    server.says = {"profile": {"id": "example", "version": version}}
    server.profile = plain(200, text,
                           Testready_Signature=signer.sign_profile("example", version))
    with Service(agent):
        server.wait_for("/v1/reports")
        assert server.wait()["path"] == "/v1/profile"
        server.wait_for("/v1/heartbeats")
        server.wait_for("/v1/heartbeats")
        assert len([r for r in server.requests if r["path"] == "/v1/profile"]) == 1
        # What is not what was announced does not take its place.
        server.profile = plain(200, b"{}")
        server.says = {"profile": {"id": "example", "version": "0" * 64}}
        while server.wait()["path"] != "/v1/profile":
            pass
        server.wait_for("/v1/heartbeats")
    with open(kept, "rb") as file:
        assert file.read() == text


# --- the real collector -----------------------------------------------------------------


def test_the_real_collector_takes_reports_and_heartbeats_and_gives_the_profile(tmp_path, collector):
    from imposter import Agent
    agent = Agent(str(tmp_path / "agent"))
    key_file = collector.write("key", collector.enrollment_key(harness.SITE))
    write(agent, "etc/testready/agent.conf", f"url = {collector.url}\nkey_file = {key_file}\n")
    name_system(agent, "Before")
    with Service(agent) as service:
        # Twice, since the profile is new then: it may name servers.
        service.wait("STATUS=Waiting")
    with Service(agent) as service:
        service.looked()
        name_system(agent, "After")
    with Service(agent) as service:
        service.looked()
    said = service.said()
    assert "Nothing has changed; the collector says: " in said, said
    assert said.count("delivered") == 3 and "WARN" not in said and "<4>" not in said, said
    assert os.path.exists(os.path.join(agent.state, "profile.json"))
    assert agent.status()[0] == 0
