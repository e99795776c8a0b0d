# SPDX-License-Identifier: Apache-2.0
"""Whatever answers, no report is lost, none gets a second number, and status says what is wrong."""
import json
import os
import resource
import shutil
import signal
import stat
import tempfile

import pytest

from imposter import (DEVICE_ID, DEVICE_KEY, ENROLLMENT_KEY, Agent, Imposter, plain,
                      problem, raw, silence)


@pytest.fixture
def collector():
    imposter = Imposter()
    yield imposter
    imposter.close()


@pytest.fixture
def stranger(tmp_path):
    """An agent that is not enrolled."""
    return Agent(str(tmp_path))


@pytest.fixture
def agent(stranger, collector):
    done = stranger.enroll(collector.url)
    assert done.returncode == 0, done.said
    return stranger


# --- enrolment ---------------------------------------------------------------


def test_enrolment_stores_the_identity_for_nobody_else_to_read(agent, collector):
    request = collector.requests[0]

    assert request["path"] == "/v1/enroll"
    assert request["fields"]["Authorization"] == "Bearer " + ENROLLMENT_KEY
    assert request["fields"]["User-Agent"].startswith("testready-agent/")
    assert set(request["json"]) == {"agent_version", "role", "device", "fingerprint", "request_id"}
    assert request["json"]["role"] == "student"
    assert set(request["json"]["device"]) == {"host_name", "serial", "asset_tag", "model"}
    assert stat.S_IMODE(os.stat(agent.state).st_mode) == 0o700
    for name in ("identity.json", "sequence", "lock"):
        assert stat.S_IMODE(os.stat(os.path.join(agent.state, name)).st_mode) == 0o600


def test_the_key_comes_from_standard_input_too(stranger, collector):
    done = stranger.run("enroll", "--url", collector.url + "/", "--key-file", "-", "--role", "ta",
                        input=ENROLLMENT_KEY)

    assert done.returncode == 0, done.said
    assert DEVICE_ID in done.stdout and "Lincoln High" in done.stdout
    assert collector.requests[0]["json"]["role"] == "ta"


def test_enrolling_twice_says_as_whom_and_what_to_do(agent, collector):
    done = agent.enroll(collector.url)

    assert done.returncode == 1
    assert DEVICE_ID in done.stderr and "--again" in done.stderr
    assert len(collector.requests) == 1

    collector.device_id = "f" * 32
    assert agent.enroll(collector.url, "--again").returncode == 0
    assert agent.status()[1]["identity"]["device_id"] == "f" * 32


@pytest.mark.parametrize("answer, said", [
    (problem(401, "This enrolment key has expired."), "expired"),
    (plain(200, b"<html>Please log in"), "login page"),
    (plain(200, b"{}"), "device_id"),
    (plain(200, json.dumps({"device_id": "../../etc/passwd", "device_key": DEVICE_KEY,
                            "site": {"code": "1", "name": ""}}).encode()), "device_id"),
    (plain(200, json.dumps({"device_id": DEVICE_ID, "device_key": "trd_short",
                            "site": {"code": "1", "name": ""}}).encode()), "device_key"),
    (plain(200, json.dumps({"device_id": DEVICE_ID, "device_key": DEVICE_KEY,
                            "site": {"code": "\x1b[2J", "name": ""}}).encode()), "site.code"),
    (plain(200, b"[" * 5000), "nested"),
    (plain(302, b"", Location="http://127.0.0.1:1/"), "redirects"),
    (plain(503), "503"),
    (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"), "cut off"),
])
def test_an_answer_that_is_no_identity_leaves_the_device_as_it_was(stranger, collector, answer,
                                                                    said):
    collector.answers = [answer]

    done = stranger.enroll(collector.url)

    assert done.returncode == 1
    assert said in done.stderr
    assert "\x1b" not in done.said
    assert stranger.status()[0] == 2
    assert len(collector.requests) == 1


def test_a_name_with_escape_codes_reaches_no_terminal(stranger, collector):
    collector.answers = [plain(200, json.dumps({
        "device_id": DEVICE_ID, "device_key": DEVICE_KEY,
        "site": {"code": "1", "name": "\x1b]0;owned\x07 High"}}).encode())]

    assert stranger.enroll(collector.url).returncode == 0
    assert "\x1b" not in stranger.run("status").said


@pytest.mark.parametrize("url, said", [
    ("http://ready.example.org", "http is for this machine only"),
    ("http://127.0.0.1.example.org", "http is for this machine only"),
    ("http://localhost@ready.example.org", "user"),
    ("ftp://127.0.0.1", "https://"),
    ("https://user:secret@ready.example.org", "user"),
    ("https://ready.example.org/?key=1", "query"),
    ("not an address", "not an address"),
    ("", "not an address"),
])
def test_an_address_that_would_give_the_key_away_is_refused(stranger, url, said):
    done = stranger.enroll(url)

    assert done.returncode == 3
    assert said in done.stderr
    assert "secret" not in done.said


@pytest.mark.parametrize("key", ["", "trd_" + "E" * 43, "tre_short", ENROLLMENT_KEY + "\nmore"])
def test_what_is_no_enrolment_key_is_not_quoted(stranger, collector, key):
    done = stranger.run("enroll", "--url", collector.url, "--key-file", "-", input=key)

    assert done.returncode == 3
    assert "tre_ and 43 characters" in done.stderr
    assert not collector.requests


@pytest.mark.parametrize("args", [("--key-file", ENROLLMENT_KEY),
                                  ("--url", ENROLLMENT_KEY, "--key-file", "-")])
def test_a_key_in_the_wrong_place_is_not_quoted(stranger, collector, args):
    done = stranger.run("enroll", "--url", collector.url, *args)

    assert done.returncode == 3
    assert "put it into a file" in done.stderr or "is not an address" in done.stderr


# --- one report, one answer ----------------------------------------------------


def test_a_report_is_delivered_once(agent, collector):
    done = agent.report()

    assert done.returncode == 0, done.said
    assert done.stdout == "Report 1 delivered; the collector says: not_ready.\n"
    assert collector.requests[1]["fields"]["Authorization"] == "Bearer " + DEVICE_KEY
    report = collector.reports()[0]
    assert set(report) == {"report", "device_id", "agent_version", "boot_id", "sequence",
                           "observed_at", "age_ms", "device", "facts"}
    assert report["device_id"] == DEVICE_ID
    assert agent.files() == []
    code, status = agent.status()
    assert code == 0
    assert status["waiting"]["count"] == 0
    assert status["last_try"]["state"] == "not_ready"

    agent.report()
    assert collector.sequences() == [1, 2]


WAITS = {
    "no key": (problem(401, "Unknown key."), "enroll --again"),
    "408": (plain(408), "408"),
    "425": (plain(425), "425"),
    "429": (plain(429, b"", Retry_After="7"), "wait 7 seconds"),
    "500": (plain(500), "500"),
    "502": (plain(502, b"<html>Bad Gateway"), "502"),
    "503": (problem(503, "The queue is full.", Retry_After="30"), "The queue is full."),
    "redirect": (plain(302, b"", Location="http://127.0.0.1:1/"), "302"),
    "not found": (plain(404), "address"),
    "login page": (plain(200, b"<html>Please log in"), "login page"),
    "empty 200": (plain(200), "not the collector"),
    "another report": (plain(200, json.dumps({
        "device_id": DEVICE_ID, "boot_id": "8" * 36, "sequence": 1, "state": "ready"}).encode()),
        "another report"),
    "cut off": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"device_id\""), "cut off"),
    "nothing": (raw(b""), "No answer"),
    "no http": (raw(b"\x15\x03\x01\x00\x02\x02\x50\x1b[2J\r\n\r\n"), "No answer"),
    "huge": (plain(200, b" " * 270000), "256 KiB"),
}


@pytest.mark.parametrize("name", WAITS)
def test_what_is_not_delivered_stays_and_goes_later(agent, collector, name):
    answer, said = WAITS[name]
    collector.answers = [answer]

    done = agent.report()

    assert done.returncode == 1
    assert said in done.stdout
    assert "Report 1 stays in the spool (1 waiting)." in done.stdout
    assert "\x1b" not in done.said
    assert len(agent.files()) == 1
    code, status = agent.status()
    assert code == 1
    assert status["waiting"]["count"] == 1 and status["waiting"]["oldest"] == 1
    assert said in status["last_try"]["sentence"]

    done = agent.report()
    assert done.stdout == "Reports 1 to 2 delivered; the collector says: not_ready.\n"
    assert collector.sequences() == [1, 1, 2]
    first, again, _ = collector.reports()
    assert again["age_ms"] >= first["age_ms"]
    assert {**first, "age_ms": 0} == {**again, "age_ms": 0}


@pytest.mark.parametrize("status", [400, 403, 409, 413, 422])
def test_what_the_collector_never_takes_is_kept_with_the_reason(agent, collector, status):
    collector.answers = [problem(status, "facts.disk: expected object")]

    done = agent.report()

    assert done.returncode == 1
    assert f"Report 1 refused, {status}: " in done.stdout
    assert "facts.disk: expected object" in done.stdout
    assert agent.files() == [] and len(agent.files("refused")) == 1
    code, said = agent.status()
    assert code == 1
    assert said["refused"]["count"] == 1
    assert "facts.disk" in said["refused"]["reason"]

    assert agent.report().returncode == 0
    assert collector.sequences() == [1, 2]


def test_a_refused_connection_is_said_and_nothing_is_lost(agent, collector):
    collector.close()

    done = agent.report()

    assert done.returncode == 1
    assert done.stdout == (f"No answer from {collector.url}: Connection refused. "
                           "Report 1 stays in the spool (1 waiting).\n")
    assert "2 waiting" in agent.report().stdout
    assert "Connection refused" in agent.run("status").stdout


def test_a_slow_answer_is_not_waited_for(agent, collector):
    collector.answers = [silence]

    done = agent.report("--timeout", "0.3")

    assert done.returncode == 1
    assert "no answer within 0.3 seconds" in done.stdout
    assert len(agent.files()) == 1


# --- many reports ----------------------------------------------------------------


def test_trouble_holds_the_order(agent, collector):
    collector.answers = [plain(503), plain(503), plain(503)]
    for _ in range(3):
        agent.report()

    assert agent.report().returncode == 0
    assert collector.sequences() == [1, 1, 1, 1, 2, 3, 4]


def test_one_report_that_breaks_the_collector_does_not_hold_up_the_rest(agent, collector):
    collector.answers = [plain(503)]
    agent.report()
    collector.answers = [plain(500)]

    done = agent.report()

    assert done.returncode == 1
    assert "Report 2 delivered" in done.stdout and "Report 1 stays" in done.stdout
    assert collector.sequences() == [1, 1, 2]


def test_a_collector_in_trouble_is_left_alone(agent, collector):
    collector.answers = [plain(503)] * 3
    for _ in range(3):
        agent.report()
    n = len(collector.reports())
    collector.answers = [plain(500)] * 10

    agent.report()

    assert len(collector.reports()) == n + 2


def test_a_refused_report_does_not_hold_up_the_next(agent, collector):
    collector.answers = [plain(503), problem(422, "no")]
    agent.report()

    done = agent.report()

    assert collector.sequences() == [1, 1, 2]
    assert done.returncode == 1
    assert "Report 2 delivered" in done.stdout and "Report 1 refused" in done.stdout


def test_agents_at_the_same_time_number_and_deliver_once(agent, collector):
    runs = [agent.start("report", "--root", agent.root) for _ in range(6)]
    for run in runs:
        run.communicate(timeout=60)

    assert agent.report().returncode == 0
    assert sorted(collector.sequences()) == list(range(1, 8))


def test_an_agent_that_is_killed_while_it_delivers_sends_the_same_report_again(agent, collector):
    collector.answers = [silence]
    assert collector.asked.acquire(timeout=60)  # the enrolment
    run = agent.start("report", "--root", agent.root)
    assert collector.asked.acquire(timeout=60)
    run.kill()
    run.communicate()

    assert agent.status()[1]["waiting"]["count"] == 1
    assert agent.report().returncode == 0
    assert collector.sequences() == [1, 1, 2]


def test_after_a_restart_the_age_is_left_out(agent, collector):
    collector.answers = [plain(503)]
    agent.report()
    path = os.path.join(agent.state, "spool", agent.files()[0])
    with open(path, encoding="utf-8") as file:
        parcel = json.load(file)
    parcel["report"]["boot_id"] = "00000000-0000-4000-8000-000000000000"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(parcel, file)

    assert agent.report().returncode == 0
    _, old, new = collector.reports()
    assert "age_ms" not in old and "age_ms" in new


# --- broken things -----------------------------------------------------------------


def test_reports_of_an_earlier_identity_are_not_sent_under_the_new_one(agent, collector):
    collector.answers = [problem(401, "Unknown key.")]
    agent.report()
    collector.device_id = "f" * 32
    assert agent.enroll(collector.url, "--again").returncode == 0

    done = agent.report()

    assert "Report 1 refused" in done.stdout and "under another id" in done.stdout
    assert [(r["device_id"], r["sequence"]) for r in collector.reports()] == [
        (DEVICE_ID, 1), ("f" * 32, 2)]


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'{"boot_ms": 1, "report": 7}',
                                  b'{"report": {"sequence": 99}}', b"\xff" * 400000])
def test_a_damaged_report_is_set_aside(agent, collector, junk):
    collector.answers = [plain(503)]
    agent.report()
    with open(os.path.join(agent.state, "spool", agent.files()[0]), "wb") as file:
        file.write(junk)

    done = agent.report()

    assert "Report 1 refused, its file in the spool is damaged" in done.stdout
    assert "Report 2 delivered" in done.stdout
    assert agent.status()[1]["refused"]["count"] == 1


def test_a_report_under_another_number_is_set_aside(agent, collector):
    collector.answers = [plain(503)]
    agent.report()
    spool = os.path.join(agent.state, "spool")
    os.rename(os.path.join(spool, agent.files()[0]), os.path.join(spool, "0" * 18 + "7.json"))

    done = agent.report()

    assert "Report 7 refused, its file in the spool is damaged" in done.stdout
    assert "Report 8 delivered" in done.stdout
    assert collector.sequences() == [1, 8]


def test_a_crash_between_refusing_and_removing_is_made_good(agent, collector):
    collector.answers = [plain(503), problem(422, "facts: no")]
    agent.report()
    name, = agent.files()
    shutil.copy(os.path.join(agent.state, "spool", name), os.path.join(agent.state, "refused"))

    done = agent.report()

    assert "Report 1 refused" in done.stdout and "Report 2 delivered" in done.stdout
    assert agent.files() == [] and agent.files("refused") == [name]


@pytest.mark.parametrize("junk", ["", "0\n", "-5\n", "12 ducks\n", "9" * 30, None])
def test_a_damaged_number_does_not_give_one_out_twice(agent, collector, junk):
    agent.report()
    collector.answers = [plain(503)]
    agent.report()
    path = os.path.join(agent.state, "sequence")
    os.unlink(path)
    if junk is not None:
        with open(path, "w", encoding="utf-8") as file:
            file.write(junk)

    assert agent.report().returncode == 0
    assert collector.sequences() == [1, 2, 2, 3]


@pytest.mark.parametrize("junk", ["", "{", "[]", '{"device_id": 5}', '{"device_key": "trd_oops"}'])
def test_a_damaged_identity_is_said_with_what_to_do(agent, junk):
    with open(os.path.join(agent.state, "identity.json"), "w", encoding="utf-8") as file:
        file.write(junk)

    for command in ("report", "status"):
        done = agent.run(command)
        assert done.returncode == 3
        assert "damaged" in done.said and "--again" in done.said
        assert "trd_oops" not in done.said


def test_a_damaged_attempt_hides_nothing_else(agent, collector):
    collector.answers = [plain(503)]
    agent.report()
    with open(os.path.join(agent.state, "attempt.json"), "w", encoding="utf-8") as file:
        file.write("nonsense")

    code, status = agent.status()

    assert code == 3
    assert status["waiting"]["count"] == 1
    assert "attempt.json" in status["problems"][0]
    assert agent.report().returncode == 0
    assert agent.status()[0] == 0


def test_a_state_folder_that_others_can_read_is_refused(agent):
    os.chmod(agent.state, 0o755)

    for command in ("report", "status"):
        done = agent.run(command)
        assert done.returncode == 3
        assert "chmod 700" in done.said


def run_as(user, agent, *args):
    return agent.run(*args, preexec_fn=lambda: (os.setgroups([]), os.setgid(user), os.setuid(user)))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_state_folder_of_somebody_else_is_refused(agent):
    os.chmod(os.path.dirname(agent.state), 0o755)
    folder = tempfile.mkdtemp()
    try:
        os.chmod(folder, 0o755)
        agent.state = shutil.copytree(agent.state, os.path.join(folder, "state"))
        for command in ("report", "status"):
            done = run_as(65534, agent, command)
            assert done.returncode == 3
            assert "Permission denied" in done.said or "belongs to user 0" in done.said
    finally:
        shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_root_works_as_whoever_owns_the_state_folder(stranger, collector):
    folder = tempfile.mkdtemp()
    try:
        os.chmod(folder, 0o755)
        stranger.state = os.path.join(folder, "state")
        os.mkdir(stranger.state, 0o700)
        os.chown(stranger.state, 65534, 65534)

        assert stranger.enroll(collector.url).returncode == 0
        assert stranger.status()[0] == 0
        for name in os.listdir(stranger.state):
            assert os.stat(os.path.join(stranger.state, name)).st_uid == 65534
        # The service finds it all readable.
        assert run_as(65534, stranger, "status").returncode == 0
    finally:
        shutil.rmtree(folder)


def test_a_role_that_cannot_be_read_is_not_taken_for_a_students(agent):
    profile = os.path.join(os.path.dirname(__file__), "../../packaging/profiles/example.json")
    os.chmod(agent.state, 0o755)

    done = agent.run("check", "--profile", profile)
    assert done.returncode == 3 and "--role" in done.said
    assert agent.run("check", "--profile", profile, "--role", "ta").returncode in (0, 1, 2)

    os.chmod(agent.state, 0o700)
    with open(os.path.join(agent.state, "identity.json"), "w") as file:
        file.write("{")
    done = agent.run("check", "--profile", profile)
    assert done.returncode == 3 and "--role" in done.said


def test_a_report_without_enrolment_says_what_to_do(stranger):
    done = stranger.report()

    assert done.returncode == 2
    assert "testready-agent enroll" in done.stderr
    assert stranger.status()[0] == 2


def test_a_disk_that_takes_no_more_is_said_and_what_waits_is_delivered(agent, collector):
    collector.answers = [plain(503)]
    agent.report()

    def no_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    done = agent.report(preexec_fn=no_room, restore_signals=False)

    assert done.returncode == 3
    assert "cannot be stored" in done.stderr
    assert "Report 1 delivered" in done.stdout
    assert agent.files() == []
    assert agent.report().returncode == 0
    assert collector.sequences()[-1] > 1


def test_a_refused_report_on_a_full_disk_does_not_hold_up_the_next(agent, collector):
    def no_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    collector.answers = [plain(503)] * 2
    agent.report()
    agent.report()

    collector.answers = [plain(400)]
    done = agent.report(preexec_fn=no_room, restore_signals=False)
    assert "Report 2 delivered" in done.stdout, done.said
    assert "Report 1 refused, 400" in done.stdout
    assert not agent.files() and len(agent.files("refused")) == 1
    code, status = agent.status()
    assert code == 1 and status["refused"]["reason"] == "why could not be stored"
