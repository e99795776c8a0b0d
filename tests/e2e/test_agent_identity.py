# SPDX-License-Identifier: Apache-2.0
"""Who a device is: copied disks, repairs, lost answers, images, and what status says of it."""
import json
import os
import resource
import shutil
import signal
import stat

import pytest

from imposter import DEVICE_ID, Imposter, accept, plain, raw
from machine import agent, collector, enrolled  # noqa: F401  fixtures
from machine import OTHER_ID, configure, enroll, enrolments, kinds, machine, report, status, write
from test_agent_tls import make_certificate


# --- what is sent ------------------------------------------------------------


def test_enrolment_shows_the_fingerprint_as_hashes(agent, collector):
    assert enroll(agent, collector.url).returncode == 0
    body = enrolments(collector)[0]

    assert set(kinds(body)) == {"product_uuid", "product_serial", "board_serial", "chassis_serial"}
    assert all(value["strength"] == "strong" for value in body["fingerprint"])
    assert "BOARD" not in json.dumps(body)
    assert len(body["request_id"]) == 32
    assert "previous_device_id" not in body
    with open(os.path.join(agent.state, "identity.json"), encoding="utf-8") as file:
        identity = json.load(file)
    assert identity["fingerprint"] == body["fingerprint"]
    assert agent.key_file not in json.dumps(identity)


def test_placeholders_are_no_fingerprint(agent, collector):
    write(agent.root, "sys/class/dmi/id/product_uuid", "03000200-0400-0500-0006-000700080009\n")
    write(agent.root, "sys/class/dmi/id/board_serial", "To be filled by O.E.M.\n")
    write(agent.root, "sys/class/dmi/id/chassis_serial", "Default string\n")
    assert enroll(agent, collector.url).returncode == 0

    assert set(kinds(enrolments(collector)[0])) == {"product_serial"}


def test_what_only_root_may_read_comes_from_the_file_that_it_left(agent, collector):
    os.makedirs(os.path.join(agent.root, "run"), exist_ok=True)
    done = agent.run("read-dmi", "--root", agent.root)
    assert done.returncode == 0, done.said
    left = os.path.join(agent.root, "run/testready-agent/dmi.json")
    assert stat.S_IMODE(os.stat(left).st_mode) == 0o640
    with open(left, encoding="utf-8") as file:
        text = file.read()
    assert "SN-1" in text and "BOARD" not in text and "4c4c4544" not in text

    shutil.rmtree(os.path.join(agent.root, "sys"))
    assert enroll(agent, collector.url).returncode == 0
    body = enrolments(collector)[0]
    assert set(kinds(body)) == {"product_uuid", "product_serial", "board_serial", "chassis_serial"}
    assert body["device"]["serial"] == "SN-1"


# --- a lost answer -----------------------------------------------------------


@pytest.mark.parametrize("lost", [raw(b""), plain(503), raw(b"HTTP/1.1 200 OK\r\nContent-Len")])
def test_a_lost_answer_is_asked_for_again_with_the_same_request(agent, collector, lost):
    collector.answers = [lost]
    assert enroll(agent, collector.url).returncode == 1
    _, said = status(agent)
    assert said["settlement"]["enrolling"] and collector.url in said["settlement"]["trouble"]

    assert enroll(agent, collector.url).returncode == 0
    first, second = enrolments(collector)
    assert first["request_id"] == second["request_id"]
    assert status(agent)[1]["settlement"] is None
    assert not os.path.exists(os.path.join(agent.state, "settlement.json"))


def test_a_request_that_came_with_the_disk_is_not_repeated(agent, collector):
    collector.answers = [raw(b"")]
    enroll(agent, collector.url)
    machine(agent.root, "2")

    assert enroll(agent, collector.url).returncode == 0
    first, second = enrolments(collector)
    assert first["request_id"] != second["request_id"]


def test_enrolling_anew_is_another_request_and_names_the_device_it_was(agent, collector):
    enroll(agent, collector.url)
    report(agent)
    assert status(agent)[1]["last_try"]
    collector.device_id = OTHER_ID
    assert enroll(agent, collector.url, "--again").returncode == 0
    assert status(agent)[1]["last_try"] is None

    first, second = enrolments(collector)
    assert first["request_id"] != second["request_id"]
    assert second["previous_device_id"] == DEVICE_ID


# --- the image ---------------------------------------------------------------


def test_the_master_of_an_image_does_not_enrol(agent, collector):
    write(agent.root, "etc/testready/image-master", "")
    done = enroll(agent, collector.url)

    assert done.returncode == 1
    assert "image-master" in done.stderr and "remove that file" in done.stderr
    assert not collector.requests
    assert "image-master" in status(agent)[1]["not_ours"]


def test_prepare_image_erases_who_the_device_is_and_says_so(agent, collector):
    enroll(agent, collector.url)
    collector.answers = [plain(503)]
    agent.report()
    assert agent.files()

    done = agent.run("prepare-image", "--root", agent.root)
    assert done.returncode == 0, done.said
    assert "identity" in done.stdout and "reports that waited (1)" in done.stdout
    assert "image-master" in done.stdout
    assert set(os.listdir(agent.state)) <= {"lock", "service.lock", "spool", "refused"}
    assert not agent.files() and not agent.files("refused")
    assert status(agent)[0] == 2

    again = agent.run("prepare-image", "--root", agent.root)
    assert again.returncode == 0 and "nothing to erase" in again.stdout


def test_prepare_image_on_a_device_that_never_enrolled_is_no_error(agent):
    done = agent.run("prepare-image", "--root", agent.root)

    assert done.returncode == 0 and "nothing to erase" in done.stdout


# --- status ------------------------------------------------------------------


def test_status_tells_a_technician_that_the_disk_was_copied(agent, collector):
    enroll(agent, collector.url)
    assert status(agent)[0] == 0
    machine(agent.root, "2")

    done = agent.run("status", "--root", agent.root)
    assert done.returncode == 2
    assert "disk was copied" in done.stdout and "product_uuid" in done.stdout


def test_status_shows_quiet_hours_and_a_broken_configuration(agent, collector):
    enroll(agent, collector.url)
    configure(agent, quiet_hours="08:00-15:00, 22:00-06:00")
    done = agent.run("status", "--root", agent.root, "--config", agent.config)
    assert "08:00 to 15:00, 22:00 to 06:00" in done.stdout
    assert status(agent)[1]["quiet_hours"] == ["08:00-15:00", "22:00-06:00"]

    configure(agent, quiet="08:00")
    code, said = status(agent)
    assert code == 3 and "no key 'quiet'" in said["problems"][0]
    assert said["identity"]["device_id"] == DEVICE_ID


def test_a_damaged_settlement_is_told_and_does_not_stop_an_enrolment(agent, collector):
    enroll(agent, collector.url)
    write(agent.state, "settlement.json", "{")
    code, said = status(agent)
    assert code == 3 and "settlement.json is damaged" in said["problems"][0]

    assert enroll(agent, collector.url, "--again").returncode == 0
    assert status(agent)[0] == 0


def closing(handler, request):
    accept(handler, request)
    handler.close_connection = True


# --- a copied disk, by `report` ----------------------------------------------


def test_a_copied_disk_enrols_as_what_it_is_before_it_reports(enrolled, collector):
    collector.answers = [plain(503)]
    report(enrolled)  # a report of the original waits, and is copied with the disk
    machine(enrolled.root, "2")
    collector.device_id = OTHER_ID
    done = report(enrolled)

    assert enrolments(collector)[1]["previous_device_id"] == DEVICE_ID
    assert enrolments(collector)[1]["fingerprint"] != enrolments(collector)[0]["fingerprint"]
    after = [r for r in collector.requests[collector.requests.index(
        next(r for r in collector.requests if r["json"] == enrolments(collector)[1])):]]
    assert {r["json"]["device_id"] for r in after if r["path"] == "/v1/reports"} == {OTHER_ID}
    assert status(enrolled)[1]["identity"]["device_id"] == OTHER_ID
    assert len(enrolled.files("refused")) == 1, done.said
    assert not enrolled.files()


def test_a_copy_without_an_enrolment_key_says_so_and_sends_nothing(enrolled, collector):
    collector.answers = [plain(503)]
    report(enrolled)
    waiting = enrolled.files()
    os.unlink(enrolled.key_file)
    machine(enrolled.root, "2")
    n = len(collector.requests)

    done = report(enrolled)
    assert done.returncode in (1, 2, 3) and "disk was copied" in done.said
    assert "key" in done.said
    assert len(collector.requests) == n
    assert enrolled.files() == waiting
    assert not os.path.exists(os.path.join(enrolled.state, "identity.json"))
    code, said = status(enrolled)
    assert code == 2 and said["settlement"]["previous_device_id"] == DEVICE_ID
    shown = enrolled.run("status", "--root", enrolled.root, "--config", enrolled.config).stdout
    assert "disk was copied" in shown and DEVICE_ID in shown

    # The key comes later, and with it a device of its own.
    write(os.path.dirname(enrolled.key_file), os.path.basename(enrolled.key_file),
          "tre_" + "E" * 43)
    collector.device_id = OTHER_ID
    assert report(enrolled).returncode in (0, 1)
    assert enrolments(collector)[-1]["previous_device_id"] == DEVICE_ID
    assert status(enrolled)[1]["settlement"] is None


def test_a_copy_asks_again_with_the_same_request_until_it_is_answered(enrolled, collector):
    machine(enrolled.root, "2")
    collector.answers = [raw(b""), plain(503)]
    assert report(enrolled).returncode != 0
    assert report(enrolled).returncode != 0
    collector.device_id = OTHER_ID
    assert report(enrolled).returncode == 0

    asked = enrolments(collector)[1:]
    assert len(asked) == 3 and len({body["request_id"] for body in asked}) == 1
    assert {body["previous_device_id"] for body in asked} == {DEVICE_ID}


def test_a_repair_changes_nothing_and_two_in_turn_neither(enrolled, collector):
    write(enrolled.root, "sys/class/dmi/id/chassis_serial", "CHASSIS-NEW\n")
    assert report(enrolled).returncode == 0
    write(enrolled.root, "sys/class/dmi/id/board_serial", "BOARD-NEW\n")
    assert report(enrolled).returncode == 0

    assert len(enrolments(collector)) == 1
    assert status(enrolled)[1]["identity"]["device_id"] == DEVICE_ID


def test_a_repair_that_cannot_be_noted_holds_nothing_up(enrolled, collector):
    def no_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    collector.answers = [plain(503)]
    report(enrolled)
    write(enrolled.root, "sys/class/dmi/id/chassis_serial", "CHASSIS-NEW\n")
    done = enrolled.run("report", "--root", enrolled.root, "--config", enrolled.config,
                        preexec_fn=no_room, restore_signals=False)
    assert done.returncode == 3 and "is not noted: " in done.stderr, done.said
    assert "Report 1 delivered" in done.stdout and not enrolled.files()

    assert report(enrolled).returncode == 0
    write(enrolled.root, "sys/class/dmi/id/board_serial", "BOARD-NEW\n")
    assert report(enrolled).returncode == 0
    assert len(enrolments(collector)) == 1


def test_what_cannot_be_read_today_is_remembered(enrolled, collector):
    for name in ("product_uuid", "chassis_serial", "product_serial"):
        os.unlink(os.path.join(enrolled.root, "sys/class/dmi/id", name))
    assert report(enrolled).returncode == 0
    machine(enrolled.root, "2")
    write(enrolled.root, "sys/class/dmi/id/board_serial", "BOARD-1\n")
    collector.device_id = OTHER_ID
    assert report(enrolled).returncode in (0, 1)

    assert enrolments(collector)[1]["previous_device_id"] == DEVICE_ID


def test_a_key_that_is_refused_is_renewed_once(enrolled, collector):
    def no_key(handler, request):
        (accept if request["path"] == "/v1/enroll" else plain(401))(handler, request)
    collector.answers = [no_key] * 20
    report(enrolled)
    asked = enrolments(collector)
    assert len(asked) == 2 and asked[1]["previous_device_id"] == DEVICE_ID

    done = report(enrolled)
    report(enrolled)
    assert len(enrolments(collector)) == 2
    assert "nor the one that it gave in its place" in done.said
    assert "in its place" in status(enrolled)[1]["settlement"]["trouble"]

    # It works for a while, and then it is refused again: that is worth a new try.
    collector.answers = []
    assert report(enrolled).returncode == 0
    assert status(enrolled)[1]["settlement"] is None
    collector.answers = [no_key]
    report(enrolled)
    assert len(enrolments(collector)) == 3


def test_a_new_key_is_used_under_the_authority_that_the_old_one_came_with(agent, tmp_path):
    certificate = make_certificate(tmp_path, "district", "localhost")
    collector = Imposter(certificate)
    # What is freed is overwritten, and too large to be given out again as it was.
    env = {**agent.environment(), "MALLOC_PERTURB_": "165"}
    with open(certificate[0], "a", encoding="utf-8") as file:
        file.write("# Words that no certificate is in.\n" * 1000)
    try:
        configure(agent, url=collector.url, key_file=agent.key_file)
        assert enroll(agent, collector.url, "--ca", certificate[0]).returncode == 0
        # The connection is closed, so that the authority is looked at again.
        collector.answers = [plain(401, Connection="close"), closing]
        done = agent.run("report", "--root", agent.root, "--config", agent.config, env=env)

        assert done.returncode == 0 and "delivered" in done.said, done.said
        assert len(enrolments(collector)) == 2
    finally:
        collector.close()


def test_a_key_that_is_refused_halfway_and_not_renewed_asks_for_nothing_more(enrolled, collector):
    def accept_and_name_a_profile(handler, request):
        body = request["json"]
        said = {"device_id": body["device_id"], "boot_id": body["boot_id"],
                "sequence": body["sequence"], "state": "not_ready",
                "profile": {"id": "example", "version": "0" * 64}}
        plain(200, json.dumps(said).encode(), Content_Type="application/json")(handler, request)
    collector.answers = [plain(503)]
    report(enrolled)
    os.unlink(enrolled.key_file)
    n = len(collector.requests)
    collector.answers = [accept_and_name_a_profile, plain(401)]
    done = report(enrolled)

    assert done.returncode == 1 and "does not accept this device's key" in done.said
    assert len(collector.requests) == n + 2 and len(enrolled.files()) == 1


def test_an_image_of_an_enrolled_device_reports_nothing(enrolled, collector):
    write(enrolled.root, "etc/testready/image-master", "")
    n = len(collector.requests)
    done = report(enrolled)

    assert done.returncode != 0 and "image-master" in done.said
    assert len(collector.requests) == n


def test_a_damaged_identity_is_not_replaced_by_itself(enrolled, collector):
    write(enrolled.state, "identity.json", '{"device_id": 1}')
    n = len(collector.requests)
    done = report(enrolled)

    assert done.returncode == 3 and "damaged" in done.said
    assert len(collector.requests) == n


def test_a_conflict_is_explained_and_is_not_success(enrolled, collector):
    def conflict(handler, request):
        body = request["json"]
        said = {"device_id": body["device_id"], "boot_id": body["boot_id"],
                "sequence": body["sequence"], "state": "conflict", "send_report": False,
                "next": {"period_s": 3600, "spread_s": 60}, "profile": None}
        plain(200, json.dumps(said).encode(), Content_Type="application/json")(handler, request)
    collector.answers = [conflict]
    report(enrolled)

    done = enrolled.run("status", "--root", enrolled.root, "--config", enrolled.config)
    assert done.returncode == 1
    assert "two machines under this device" in done.stdout
