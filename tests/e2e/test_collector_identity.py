# SPDX-License-Identifier: Apache-2.0
"""The commands about identities, as a person runs them beside a collector that serves."""
import base64
import json
import os
import subprocess

import harness
import pytest

ONE = harness.fingerprint(board_serial="1", disk_serial="1")
OTHER = harness.fingerprint(board_serial="2", disk_serial="2")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "exports"
    path.mkdir()
    return str(path)


def imported(collector, folder):
    done = collector.run("import-reports", folder, "--store", collector.store, check=False)
    return done.returncode, done.stdout, done.stderr


def ready(collector):
    return collector.get(f"/v1/sites/{harness.SITE}").json["ready"]


# --- reports that were carried by hand -----------------------------------------------------


def test_exported_reports_are_imported_once(collector, folder):
    device = collector.enroll(collector.enrollment_key())
    device.export(folder)
    path = device.export(folder)
    assert imported(collector, folder) == (
        0, "2 reports: 2 new, 0 known before, 0 refused.\n", "")
    assert ready(collector) == 1
    assert imported(collector, folder) == (
        0, "2 reports: 0 new, 2 known before, 0 refused.\n", "")
    # And when the device has a network again, it brings them once more.
    with open(path, encoding="utf-8") as file:
        body = json.loads(json.load(file)["body"])
    assert device.send(body).json["state"] == "ready"
    assert imported(collector, folder)[1].startswith("2 reports: 0 new")


def test_an_imported_report_counts_from_when_it_was_observed(collector, folder):
    device = collector.enroll(collector.enrollment_key())
    # An age is by the way that nobody measured, so only the time counts.
    device.export(folder, observed_at="2020-01-01T00:00:00Z", age_ms=0)
    assert imported(collector, folder)[0] == 0
    told = collector.get(f"/v1/devices/{device.id}").json
    assert told["seen_at"].startswith("2020-01-01") and told["state"] == "stale"


def change(path, **members):
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    content.update(members)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)


def damage(what, collector, device, path):
    if what == "body":
        with open(path, encoding="utf-8") as file:
            body = json.load(file)["body"]
        change(path, body=body.replace('"sequence": 1', '"sequence": 7'))
    elif what == "sequence":
        change(path, sequence=99)
    elif what == "half":
        os.truncate(path, os.path.getsize(path) // 2)
    elif what == "another key":
        device.key = "trd_" + "A" * 43
        device.sequence = 0
        device.export(os.path.dirname(path))
    elif what == "unknown device":
        change(path, device_id="0" * 32)
    elif what == "fifo":
        os.unlink(path)
        os.mkfifo(path)
    elif what == "unreadable":
        # Reading the memory of a process at its beginning is an I/O error, as a bad sector is.
        os.unlink(path)
        os.symlink("/proc/self/mem", path)
    elif what == "huge":
        os.truncate(path, 10 << 20)


@pytest.mark.parametrize("what, says", [
    ("body", "not signed with the key of device"),
    ("sequence", "another report than it says"),
    ("half", "no export of testready-agent, or it is damaged"),
    ("another key", "export it again on the device"),
    ("unknown device", "is not known here"),
    ("fifo", "not a regular file"),
    ("unreadable", "Input/output error"),
    ("huge", ""),
])
def test_what_is_wrong_with_a_file_is_told_and_the_others_are_taken(collector, folder, what, says):
    key = collector.enrollment_key()
    broken, whole = collector.enroll(key), collector.enroll(key)
    path = broken.export(folder)
    whole.export(folder)
    damage(what, collector, broken, path)
    status, out, err = imported(collector, folder)
    assert (status, out) == (1, "2 reports: 1 new, 0 known before, 1 refused.\n")
    assert err.startswith(os.path.basename(path) + ": ") and says in err
    assert ready(collector) == 1
    assert collector.get(f"/v1/devices/{broken.id}").json["state"] == "never_seen"


def test_a_wrong_report_with_a_right_signature_is_refused_whole(collector, folder):
    device = collector.enroll(collector.enrollment_key())
    device.export(folder, facts={"memory": {"total_mib": "much"}})
    status, _, err = imported(collector, folder)
    assert status == 1 and "facts.memory.total_mib" in err


def test_a_folder_that_is_not_there_or_has_nothing(collector, folder):
    assert imported(collector, folder) == (
        0, f"There are no reports in {folder}; name the folder that testready-agent export wrote.\n", "")
    assert imported(collector, folder + "/none")[0] == 3


# --- conflicts and keys ----------------------------------------------------------------------


def clash(collector):
    device = collector.enroll(collector.enrollment_key(), host_name="lab-7")
    device.report(fingerprint=ONE)
    device.report(fingerprint=OTHER)
    return device


def test_a_conflict_is_seen_resolved_and_undone_by_commands(collector):
    assert collector.command("conflict", "list") == "None.\n"
    clash(collector)
    listed = collector.command("conflict", "list")
    assert '"lab-7"' in listed and "One key is used by two machines" in listed
    conflict_id = listed.split()[0]
    shown = collector.command("conflict", "show", conflict_id)
    assert "differs in: board_serial disk_serial" in shown
    for word in ("two_devices:", "repaired:", "ignore:", "Undo:"):
        assert word in shown
    done = collector.command("conflict", "resolve", conflict_id, "--as", "ignore")
    assert "resolved as ignore by " in done and "(command line)" in done
    assert ready(collector) == 1
    again = collector.run("conflict", "resolve", conflict_id, "--as", "ignore", "--store",
                          collector.store, check=False)
    assert again.returncode == 1 and "resolved before" in again.stderr
    assert " open" in collector.command("conflict", "undo", conflict_id)
    assert ready(collector) == 0
    told = json.loads(collector.command("conflict", "show", conflict_id, "--json"))
    assert [act["act"] for act in told["history"]] == ["ignore", "undo"]


@pytest.mark.parametrize("args", [
    ["conflict", "show"], ["conflict", "show", "x"], ["conflict", "resolve", "x"],
    ["conflict", "resolve", "x", "--as", "merge"], ["conflict", "resolve", "x", "--as", "ignore"],
    ["conflict", "undo"], ["conflict", "list", "--state", "x"],
    ["enrollment-key", "revoke"], ["enrollment-key", "revoke", "tre_"], ["import-reports"],
])
def test_what_makes_no_sense_is_refused(collector, args):
    done = collector.run(*args, "--store", collector.store, check=False)
    assert done.returncode == 3 and done.stderr and done.stdout == ""


def test_enrollment_keys_are_listed_and_revoked(collector):
    made = collector.command("enrollment-key", "add", "--site", harness.SITE, "--uses", "3")
    key = made.split()[0]
    assert "testready-agent enroll --url https://COLLECTOR --key-file -" in made
    collector.enroll(key)
    listed = collector.command("enrollment-key", "list")
    assert f"site {harness.SITE}  good" in listed and "for 2 more devices" in listed
    assert key not in listed
    key_id = listed.split()[0]
    assert key_id in made
    collector.command("enrollment-key", "revoke", key_id)
    assert "revoked" in collector.command("enrollment-key", "list", "--site", harness.SITE)
    refused = collector.post("/v1/enroll", {"agent_version": "1", "role": "student",
                                            "device": harness.names()}, key)
    assert refused.status == 401 and "revoked" in refused.json["detail"]
    twice = collector.run("enrollment-key", "revoke", key_id, "--store", collector.store,
                          check=False)
    assert twice.returncode == 1


def test_the_command_to_paste_names_a_private_authority(collector):
    made = collector.command("enrollment-key", "add", "--site", harness.SITE, "--url",
                             "https://c.example", "--ca", "/etc/testready/ca.pem")
    assert "enroll --url https://c.example --ca /etc/testready/ca.pem --key-file -" in made


# --- moving ------------------------------------------------------------------------------------


def test_a_move_is_told_and_signed_with_the_key_that_agents_pinned(tmp_path):
    url = "https://new.example"
    collector = harness.Collector(tmp_path, arguments=["--moved-to", url])
    made = collector.command("key", "init")
    with collector:
        device = collector.enroll(collector.enrollment_key())
        moved = device.report()["moved_to"]
        assert moved["url"] == url and device.heartbeat()["moved_to"] == moved
        assert collector.command("key", "show") == collector.command("key", "init") == made
    verify(tmp_path, made.strip(), moved["signature"], b"testready moved-to " + url.encode())


def verify(folder, public_key, signature, said):
    """By openssl, which shares nothing with the collector."""
    raw = base64.urlsafe_b64decode(public_key + "=")
    (folder / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + raw)
    (folder / "signature").write_bytes(base64.urlsafe_b64decode(signature + "=="))
    (folder / "said").write_bytes(said)
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key",
                    "-rawin", "-in", "said", "-sigfile", "signature"], cwd=folder, check=True,
                   capture_output=True)


@pytest.mark.parametrize("url", ["http://example.org", "x", "https://", "https://a b"])
def test_a_move_to_what_is_no_safe_address_is_refused(tmp_path, url):
    collector = harness.Collector(tmp_path, fill=False)
    done = collector.run("serve", "--store", collector.store, "--admin-token-file",
                         collector.token_file, "--moved-to", url, check=False)
    assert done.returncode == 3 and "--moved-to" in done.stderr
