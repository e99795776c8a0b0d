# SPDX-License-Identifier: Apache-2.0
"""Who a device is: copied disks, repairs, lost answers, images, pins, moves, configuration."""
import base64
import hashlib
import hmac
import json
import os
import random
import shutil
import stat
import subprocess

import pytest

from imposter import DEVICE_ID, DEVICE_KEY, Agent, Imposter, accept, plain, raw

OTHER_ID = "f" * 32


@pytest.fixture
def collector():
    imposter = Imposter()
    yield imposter
    imposter.close()


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)


def machine(root, name, board=None):
    """Make @root the machine @name; its board may be another's."""
    board = board or name
    write(root, "sys/class/dmi/id/product_uuid", f"4c4c4544-0000-0000-0000-{board:0>12}\n")
    write(root, "sys/class/dmi/id/board_serial", f"BOARD-{board}\n")
    write(root, "sys/class/dmi/id/chassis_serial", f"CHASSIS-{name}\n")
    write(root, "sys/class/dmi/id/product_serial", f"SN-{name}\n")


@pytest.fixture
def agent(tmp_path):
    agent = Agent(str(tmp_path))
    agent.config = str(tmp_path / "agent.conf")
    machine(agent.root, "1")
    configure(agent)
    return agent


def configure(agent, **settings):
    with open(agent.config, "w", encoding="utf-8") as file:
        file.writelines(f"{key} = {value}\n" for key, value in settings.items())


def enroll(agent, url, *args):
    return agent.run("enroll", "--url", url, "--key-file", agent.key_file, "--root", agent.root,
                     *args)


def status(agent):
    done = agent.run("status", "--json", "--root", agent.root, "--config", agent.config)
    return done.returncode, json.loads(done.stdout)


def enrolments(collector):
    return [r["json"] for r in collector.requests if r["path"] == "/v1/enroll"]


def kinds(body):
    return {value["kind"]: value for value in body["fingerprint"]}


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


# --- a lost answer -------------------------------------------------------------


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


# --- the image -----------------------------------------------------------------


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


# --- configuration -------------------------------------------------------------


def test_enroll_needs_nothing_where_it_is_configured(agent, collector):
    configure(agent, url=collector.url, key_file=agent.key_file, role="ta")

    done = agent.run("enroll", "--root", agent.root, "--config", agent.config)
    assert done.returncode == 0, done.said
    assert enrolments(collector)[0]["role"] == "ta"


def test_the_command_line_wins_over_the_configuration(agent, collector):
    configure(agent, url="https://127.0.0.1:1", key_file="/nowhere", role="ta")

    done = enroll(agent, collector.url, "--config", agent.config, "--role", "shared")
    assert done.returncode == 0, done.said
    assert enrolments(collector)[0]["role"] == "shared"


def test_a_later_drop_in_wins(agent):
    configure(agent, url="https://a.example.org", quiet_hours="08:00-09:00")
    os.mkdir(agent.config + ".d")
    write(agent.config + ".d", "20-b.conf", "url = https://b.example.org\nquiet_hours = 10:00-11:00\n")
    write(agent.config + ".d", "10-c.conf", "url = https://c.example.org\n")
    write(agent.config + ".d", "30-d.conf~", "nonsense\n")
    for i in random.sample(range(40, 90), 50):
        write(agent.config + ".d", f"{i}-e.conf", f"period_s = {i * 100}\n")

    done = agent.run("config", "show", "--config", agent.config)
    assert done.returncode == 0, done.said
    assert "url = https://b.example.org\n" in done.stdout
    assert "quiet_hours = 08:00-09:00\nquiet_hours = 10:00-11:00\n" in done.stdout
    assert "period_s = 8900\n" in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("#")][:3] == [
        "# " + agent.config, f"# {agent.config}.d/10-c.conf", f"# {agent.config}.d/20-b.conf"]


@pytest.mark.parametrize("text, said", [
    ("ulr = https://ready.example.org\n", ":1: no key 'ulr'; there are url, key_file"),
    ("\n# words\nrole = pupil\n", ":3: 'pupil': expected student, ta, shared or spare"),
    ("url = ready.example.org\n", ":1: 'ready.example.org': expected an address"),
    ("url = https://a.example.org\nurl = https://b.example.org\n", ":2: url is there twice"),
    ("quiet_hours = 8-15\n", ":1: '8-15': expected hours such as 08:00-15:00"),
    ("quiet_hours = 08:00-24:01\n", ":1:"),
    ("pin = sha256//short\n", ":1: 'sha256//short': expected sha256//"),
    ("state_dir = here\n", ":1: 'here': expected a path that begins with /"),
    ("period_s = 10\n", ":1: '10': expected seconds"),
    ("[agent]\nurl = https://a.example.org\n", "there are no sections"),
    ("only words\n", ":1: expected NAME = VALUE"),
    ("url = " + "a" * 5000 + "\n", ":1: the line is longer than"),
    ("url = https://user:pw@a.example.org\n", "must have no user"),
])
def test_a_wrong_line_is_named_with_what_would_be_right(agent, text, said):
    with open(agent.config, "w", encoding="utf-8") as file:
        file.write(text)

    done = agent.run("config", "check", agent.config)
    assert done.returncode == 3
    assert said in done.stderr, done.stderr
    assert "pw" not in done.stderr


@pytest.mark.parametrize("make", [
    lambda path: os.mkfifo(path),
    lambda path: os.symlink(path, path),
    lambda path: os.mkdir(path),
    lambda path: open(path, "wb").write(b"url = \xff\xfe\n"),
    lambda path: open(path, "wb").write(b"#" * 100000),
])
def test_what_is_no_configuration_is_refused_at_once(agent, make):
    os.unlink(agent.config)
    make(agent.config)

    assert agent.run("config", "check", agent.config).returncode == 3


def test_a_configuration_that_is_right_is_said_to_be(agent):
    configure(agent, url="https://ready.example.org", key_file=agent.key_file,
              pin="sha256//" + "A" * 43 + "=", quiet_hours="22:00-06:00, 08:00-15:00")

    done = agent.run("config", "check", agent.config)
    assert done.returncode == 0 and "is right" in done.stdout
    assert "one pin only" in done.stderr
    assert agent.run("config", "check", "--root", agent.root).returncode == 0


# --- TLS -----------------------------------------------------------------------


def make_certificate(folder, name, subject):
    key, certificate = str(folder / f"{name}.key"), str(folder / f"{name}.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", subject,
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


def pin_of(certificate):
    key = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], check=True,
                         capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=key, check=True,
                         capture_output=True).stdout
    return "sha256//" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def test_a_box_that_inspects_tls_is_named(agent, tmp_path):
    certificate = make_certificate(tmp_path, "box", "/O=Example Filter/CN=Filter Root 7")
    collector = Imposter(certificate)
    try:
        done = enroll(agent, collector.url)
        assert done.returncode == 1
        assert ("issued by 'Filter Root 7 (Example Filter)', which this device does not trust"
                in done.stderr)
        assert "inspects TLS" in done.stderr
        assert "Filter Root 7" in status(agent)[1]["settlement"]["trouble"]
        assert not collector.requests
    finally:
        collector.close()


@pytest.mark.parametrize("is_pinned", [True, False])
def test_only_a_key_that_is_pinned_is_talked_to(agent, tmp_path, is_pinned):
    certificate = make_certificate(tmp_path, "district", "/CN=district")
    spare = make_certificate(tmp_path, "spare", "/CN=spare")
    collector = Imposter(certificate)
    with open(agent.config, "w", encoding="utf-8") as file:
        file.write(f"url = {collector.url}\nkey_file = {agent.key_file}\n"
                   f"ca_file = {certificate[0]}\npin = {pin_of(spare[0])}\n")
        if is_pinned:
            file.write(f"pin = {pin_of(certificate[0])}\n")
    try:
        done = agent.run("enroll", "--root", agent.root, "--config", agent.config)
        assert done.returncode == (0 if is_pinned else 1), done.said
        if not is_pinned:
            assert "none of those that are pinned" in done.stderr
            assert "issued by 'district'" in done.stderr
            assert not collector.requests
    finally:
        collector.close()


# --- export --------------------------------------------------------------------


def test_reports_go_out_as_files_that_only_this_device_could_have_made(agent, collector, tmp_path):
    enroll(agent, collector.url)
    collector.answers = [plain(503), plain(503)]
    agent.report()
    waiting = agent.files()
    to = tmp_path / "stick"
    to.mkdir()

    done = agent.run("export", "--to", str(to))
    assert done.returncode == 0, done.said
    assert len(waiting) == 1 and "Exported 1 report to" in done.stdout
    assert agent.files() == waiting
    for path in to.iterdir():
        said = json.loads(path.read_text())
        assert set(said) == {"export", "device_id", "boot_id", "sequence", "body", "mac"}
        key = hashlib.sha256(DEVICE_KEY.encode()).digest()
        assert said["mac"] == hmac.new(key, said["body"].encode(), "sha256").hexdigest()
        body = json.loads(said["body"])
        assert (body["device_id"], body["boot_id"], body["sequence"]) == \
            (said["device_id"], said["boot_id"], said["sequence"])
        assert "age_ms" not in body
        assert DEVICE_KEY not in path.read_text()


def test_an_exported_report_is_not_written_over(agent, collector, tmp_path):
    enroll(agent, collector.url)
    collector.answers = [plain(503)]
    agent.report()
    assert agent.run("export", "--to", str(tmp_path)).returncode == 0
    again = agent.run("export", "--to", str(tmp_path))
    assert again.returncode == 0 and "Exported 0 reports" in again.stdout
    assert "1 more were there already" in again.stdout

    path = next(tmp_path.glob("testready-*.json"))
    path.write_text("something else")
    done = agent.run("export", "--to", str(tmp_path))
    assert done.returncode == 3 and "something else" in done.stderr
    assert path.read_text() == "something else"


def test_export_says_where_it_cannot_write_and_who_is_not_enrolled(agent, collector, tmp_path):
    assert agent.run("export", "--to", str(tmp_path)).returncode == 2
    assert agent.run("export").returncode == 3
    enroll(agent, collector.url)
    done = agent.run("export", "--to", str(tmp_path / "nowhere"))
    assert done.returncode == 3 and "nowhere" in done.stderr


# --- status --------------------------------------------------------------------


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


# --- a copied disk, by `report` ---------------------------------------------------


def report(agent):
    return agent.run("report", "--root", agent.root, "--config", agent.config)


@pytest.fixture
def enrolled(agent, collector):
    configure(agent, url=collector.url, key_file=agent.key_file)
    assert enroll(agent, collector.url).returncode == 0
    return agent


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


# --- a collector that moves --------------------------------------------------------


class Signer:
    """An Ed25519 key of a collector, by openssl."""

    def __init__(self, folder, name="collector"):
        self.file = str(folder / f"{name}.ed25519")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.file],
                       check=True, capture_output=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.file, "-pubout", "-outform", "der"],
                             check=True, capture_output=True).stdout
        self.key = self.text(der[-32:])

    @staticmethod
    def text(data):
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    def sign(self, url, folder):
        message = folder / "message"
        message.write_bytes(b"testready moved-to " + url.encode())
        return self.text(subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.file, "-in", str(message)],
            check=True, capture_output=True).stdout)


def moving(url, signature, collector_key=None):
    """As accept(), and says that the collector moved to @url; enrolment names the key."""
    def answer(handler, request):
        body = request["json"]
        if request["path"] == "/v1/enroll":
            said = {"device_id": DEVICE_ID, "device_key": DEVICE_KEY, "collector_key": collector_key,
                    "site": {"code": "1", "name": "Lincoln High"}}
        else:
            said = {"device_id": body["device_id"], "boot_id": body["boot_id"],
                    "sequence": body["sequence"], "state": "not_ready",
                    "moved_to": {"url": url, "signature": signature}}
        plain(200, json.dumps(said).encode(), Content_Type="application/json")(handler, request)
    return answer


@pytest.fixture
def successor():
    imposter = Imposter()
    yield imposter
    imposter.close()


def test_a_signed_move_is_followed_and_kept(agent, collector, successor, tmp_path):
    signer = Signer(tmp_path)
    configure(agent, url=collector.url, key_file=agent.key_file)
    move = moving(successor.url, signer.sign(successor.url, tmp_path), signer.key)
    collector.answers = [move, move]
    assert enroll(agent, collector.url).returncode == 0
    assert report(agent).returncode == 0
    n = len(collector.requests)

    assert status(agent)[1]["identity"]["url"] == successor.url
    assert "moved from " + collector.url in agent.run("status", "--root", agent.root).stdout
    assert report(agent).returncode == 0
    assert len(successor.reports()) >= 1 and len(collector.requests) == n

    # What is configured is where it was before, so a copy enrols where the original went.
    machine(agent.root, "2")
    report(agent)
    assert len(enrolments(successor)) == 1 and len(collector.requests) == n


@pytest.mark.parametrize("forge", [
    lambda signer, other, url, folder: (url, other.sign(url, folder)),
    lambda signer, other, url, folder: (url, signer.sign(url + "x", folder)),
    lambda signer, other, url, folder: (url, "not base64url!"),
    lambda signer, other, url, folder: (url, ""),
    lambda signer, other, url, folder: ("http://ready.example.org",
                                        signer.sign("http://ready.example.org", folder)),
])
def test_a_move_that_is_not_the_collectors_is_not_followed_and_told(agent, collector, successor,
                                                                    tmp_path, forge):
    signer, other = Signer(tmp_path), Signer(tmp_path, "other")
    move = moving(*forge(signer, other, successor.url, tmp_path), signer.key)
    collector.answers = [move, move]
    assert enroll(agent, collector.url).returncode == 0
    report(agent)

    said = status(agent)[1]
    assert said["identity"]["url"] == collector.url
    assert not successor.requests
    if forge(signer, other, successor.url, tmp_path)[1]:
        assert said["settlement"]["moved"]
    collector.answers = []
    assert report(agent).returncode == 0


def test_a_collector_that_never_named_its_key_cannot_move_its_devices(agent, collector, successor,
                                                                      tmp_path):
    signer = Signer(tmp_path)
    assert enroll(agent, collector.url).returncode == 0
    collector.answers = [moving(successor.url, signer.sign(successor.url, tmp_path))]
    report(agent)

    assert status(agent)[1]["identity"]["url"] == collector.url
    assert "no key of it" in status(agent)[1]["settlement"]["moved"]


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
