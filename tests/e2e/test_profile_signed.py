# SPDX-License-Identifier: Apache-2.0
"""A device keeps only the requirements that its own collector signed, the version that was
announced; and it judges for the day that the collector judges for. The real programs, with
somebody between them."""
import datetime
import hashlib
import json
import os

import pytest

import harness
from imposter import Agent, plain
from relay import Relay
from service import Server
from signer import Signer

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
LAST = min(TODAY + datetime.timedelta(days=90), harness.season_end(TODAY))
NOT_THEIRS = "This is not what the collector judges by. "


def in_words(day):
    return f"{day.day} {day:%B %Y}"


def version_of(profile):
    return hashlib.sha256(harness.canonical(profile).encode()).hexdigest()


def profile_with(title, os_rows=None):
    with open(harness.PROFILE, encoding="utf-8") as file:
        profile = json.load(file)
    profile["title"] = title
    if os_rows is not None:
        profile["tables"] = {"os": os_rows}
        profile["requirements"] = [
            {"id": "os.supported", "severity": "required", "roles": ["student"], "title": "System",
             "check": {"fact": "os", "in_table": "os"}, "source": "test",
             "fix": {"id": "upgrade", "text": "Upgrade.", "minutes": 60}}]
    return profile


class Device:
    """A device that knows the collector through a relay, and keeps the profile "first"."""

    def __init__(self, folder, collector, relay):
        self.collector = collector
        self.relay = relay
        self.agent = Agent(str(folder / "device"))
        with open(self.agent.key_file, "w", encoding="utf-8") as file:
            file.write(collector.enrollment_key())
        self.write_os("22.04")

    def write_os(self, version):
        with open(os.path.join(self.agent.root, "etc/os-release"), "w", encoding="utf-8") as file:
            file.write(f'ID=ubuntu\nVERSION_ID="{version}"\nNAME="Ubuntu"\n')

    def publish(self, profile):
        path = self.collector.write("published.json", json.dumps(profile))
        self.collector.command("profile", "publish", path)
        return version_of(profile)

    def enroll(self, *args):
        done = self.agent.enroll(self.relay.url, *args)
        assert done.returncode == 0, done.said

    def report(self):
        done = self.agent.report()
        assert done.returncode == 0, done.said
        return done

    def check(self, *args):
        return self.agent.run("check", "--root", self.agent.root, *args)

    def status(self):
        return self.agent.status()[1]["requirements"]

    @property
    def kept_path(self):
        return os.path.join(self.agent.state, "profile.json")

    def kept(self):
        with open(self.kept_path, "rb") as file:
            return file.read()


@pytest.fixture
def relay(collector):
    with Relay(collector) as made:
        yield made


@pytest.fixture
def device(tmp_path, collector, relay):
    made = Device(tmp_path, collector, relay)
    made.first = made.publish(profile_with("first"))
    made.enroll()
    return made


@pytest.fixture
def other(tmp_path):
    """Another collector that publishes the same."""
    os.mkdir(tmp_path / "other")
    with harness.Collector(tmp_path / "other") as made:
        yield made


def signature_by(collector, profile):
    """What @collector signs that judges by @profile."""
    collector.command("profile", "publish", collector.write("same.json", json.dumps(profile)))
    device = collector.enroll(collector.enrollment_key())
    answer = collector.request("GET", "/v1/profile", key=device.key)
    assert answer.headers["etag"] == f'"{version_of(profile)}"'
    return answer.headers["testready-signature"]


# --- what is right ---------------------------------------------------------------------


def test_what_the_collector_signed_is_kept_and_status_says_since_when(device, relay):
    before = datetime.datetime.now(datetime.timezone.utc).isoformat()
    device.report()
    said = device.status()

    assert version_of(json.loads(device.kept())) == device.first
    assert said["kept"] == said["announced"] == {"id": "example", "version": device.first}
    assert before[:19] <= said["since"] and said["trouble"] == "" and said["trouble_since"] is None
    assert said["judged_for"] == str(LAST)
    done = device.agent.run("status")
    assert f"Requirements  example, version {device.first[:8]}, since {said['since']}" in done.stdout
    assert f"Judged for {LAST}, the window's last day." in done.stdout
    assert done.returncode == 0

    # It is not asked for again, and since when it is kept does not change.
    device.report()
    assert relay.times("/v1/profile") == 1 and device.status() == said
    second = device.publish(profile_with("second"))
    device.report()
    assert device.status()["kept"]["version"] == second != device.first
    assert device.status()["since"] > said["since"]


def test_a_device_that_has_the_version_is_answered_304_without_a_body(device, relay, collector):
    device.report()

    def announce_another(said):
        answer = json.loads(said.body)
        answer["profile"]["version"] = "0" * 64
        said.body = json.dumps(answer).encode()
    relay.change["/v1/reports"] = announce_another
    device.report()
    asked = [fields for _, path, fields in relay.asked if path == "/v1/profile"]
    answered = [(status, size) for path, status, size in relay.answered if path == "/v1/profile"]

    assert "If-None-Match" not in asked[0] and asked[1]["If-None-Match"] == f'"{device.first}"'
    assert answered[0][0] == 200 and answered[1] == (304, 0)
    assert "nothing has changed" in device.status()["trouble"]
    assert device.status()["kept"]["version"] == device.first
    del relay.change["/v1/reports"]
    device.report()
    assert device.status()["trouble"] == ""


def test_reports_and_heartbeats_are_answered_with_the_day_that_is_judged_for(collector):
    device = collector.enroll(collector.enrollment_key())
    assert device.report()["judged_for"] == str(LAST)
    assert device.heartbeat()["judged_for"] == str(LAST)
    none = collector.enroll(collector.enrollment_key(harness.SITE_NO_WINDOW))
    assert none.report()["judged_for"] is None and none.heartbeat()["judged_for"] is None


# --- what is wrong ---------------------------------------------------------------------


def flip(text):
    return ("B" if text[0] == "A" else "A") + text[1:]


def edit(said):
    profile = json.loads(said.body)
    profile["requirements"] = profile["requirements"][:1]
    said.body = json.dumps(profile).encode()


WRONG = {
    "tampered body": (edit, "what came is version"),
    "half a body": (lambda said: setattr(said, "body", said.body[:len(said.body) // 2]),
                    "what came is not a profile"),
    "login page": (lambda said: setattr(said, "body", b"<html>\x1b[31mLog in</html>"),
                   "what came is not a profile"),
    "tampered signature": (lambda said: said.fields.update(
        {"testready-signature": flip(said.fields["testready-signature"])}), "is not that of the collector"),
    "half a signature": (lambda said: said.fields.update(
        {"testready-signature": said.fields["testready-signature"][:43]}), "is not that of the collector"),
    "no signature": (lambda said: said.fields.pop("testready-signature"), "without a signature"),
    "empty signature": (lambda said: said.fields.update({"testready-signature": ""}),
                        "without a signature"),
    "endless signature": (lambda said: said.fields.update({"testready-signature": "A" * 5000}),
                          "without a signature"),
    "ten megabytes": (lambda said: setattr(said, "body", said.body + b" " * 10_000_000),
                      "larger than 256 KiB"),
    "server error": (lambda said: (setattr(said, "status", 500), setattr(said, "body", b"")),
                     "it answered 500"),
}


def refused(device, words):
    """The new one, "second", does not come: the old one stays, and everybody who looks is told."""
    before, old = device.kept(), device.status()
    second = device.publish(profile_with("second"))
    done = device.report()
    assert "<4>testready-agent: Cannot get the requirements from " in done.stderr
    assert device.kept() == before
    said = device.status()
    assert said["kept"] == old["kept"] and said["since"] == old["since"]
    assert said["announced"]["version"] == second and said["trouble_since"]
    assert words in said["trouble"], said
    shown = device.agent.run("status")
    assert shown.returncode == 1 and words in shown.stdout and "\x1b" not in shown.said
    assert f"The collector judges by example, version {second[:8]}." in shown.stdout
    checked = device.check()
    assert checked.stdout.splitlines()[1].startswith(NOT_THEIRS) and words in checked.stdout
    assert words in json.loads(device.check("--json").stdout)["trouble"]
    # Since when it is so is when it began, not when it was last tried.
    device.report()
    assert device.status()["trouble_since"] == said["trouble_since"]
    return second


def mended(device, version):
    device.relay.change.clear()
    device.report()
    said = device.status()
    assert said["kept"]["version"] == version and said["trouble"] == ""
    assert NOT_THEIRS not in device.check().stdout
    assert device.agent.run("status").returncode == 0


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_right_keeps_the_old_one_until_it_is(device, relay, name):
    device.report()
    relay.change["/v1/profile"] = WRONG[name][0]
    mended(device, refused(device, WRONG[name][1]))


def test_a_file_that_somebody_put_in_its_place_is_not_judged_by_in_silence(device):
    device.report()
    with open(device.kept_path, "w", encoding="utf-8") as file:
        json.dump(profile_with("by hand"), file)
    checked = device.check()
    version = version_of(profile_with("by hand"))
    assert checked.stdout.splitlines()[1].startswith(NOT_THEIRS)
    assert f"kept here is version {version[:8]}, which it did not send" in checked.stdout
    assert device.first[:8] in json.loads(device.check("--json").stdout)["trouble"]
    # Nor is the person who names a file told so.
    assert NOT_THEIRS not in device.check("--profile", device.kept_path).stdout
    assert device.agent.run("status").returncode == 1
    mended(device, device.first)


def test_the_signature_of_another_collector_is_not_its_own(device, relay, other):
    device.report()
    theirs = signature_by(other, profile_with("second"))

    def forge(said):
        assert said.fields["testready-signature"] != theirs
        said.fields["testready-signature"] = theirs
    relay.change["/v1/profile"] = forge
    mended(device, refused(device, "is not that of the collector"))


def test_an_older_version_with_its_right_signature_is_no_answer_to_a_newer_one(device, relay):
    # Only looked at: what is changed later is what the collector itself once said.
    once = {}
    relay.change["/v1/profile"] = lambda said: once.update(body=said.body, fields=dict(said.fields))
    device.report()
    device.publish(profile_with("between"))
    relay.change.clear()
    device.report()

    def replay(said):
        said.body, said.fields = once["body"], dict(once["fields"])
    relay.change["/v1/profile"] = replay
    second = refused(device, f"and what came is version {device.first[:8]}")

    # Nor is its signature one of the body that is right.
    relay.change["/v1/profile"] = lambda said: said.fields.update(
        {"testready-signature": once["fields"]["testready-signature"]})
    device.report()
    assert "is not that of the collector" in device.status()["trouble"]
    mended(device, second)


def test_a_device_without_the_collectors_key_takes_nothing_and_says_to_enrol_again(tmp_path, collector,
                                                                                   relay):
    device = Device(tmp_path, collector, relay)

    def forget_key(said):
        answer = json.loads(said.body)
        del answer["collector_key"]
        said.body = json.dumps(answer).encode()
    relay.change["/v1/enroll"] = forget_key
    device.enroll()
    device.report()

    assert not os.path.exists(device.kept_path) and relay.times("/v1/profile") == 0
    assert "testready-agent enroll --again" in device.status()["trouble"]
    assert device.agent.run("status").returncode == 1
    done = device.check()
    assert done.returncode == 3 and "no requirements to judge by" in done.stderr

    # What it kept before it learned to check is kept on.
    with open(device.kept_path, "w", encoding="utf-8") as file:
        json.dump(profile_with("old"), file)
    device.report()
    assert json.loads(device.kept())["title"] == "old"
    assert "enroll --again" in device.check().stdout
    relay.change.clear()
    device.enroll("--again")
    device.report()
    assert device.status()["trouble"] == "" and json.loads(device.kept())["title"] != "old"


def test_requirements_that_this_agent_does_not_understand_are_not_taken(tmp_path):
    signer, server = Signer(tmp_path), Server()
    try:
        server.collector_key = signer.key
        agent = Agent(str(tmp_path))
        assert agent.enroll(server.url).returncode == 0

        def announce(profile):
            version = version_of(profile)
            server.says = {"profile": {"id": "example", "version": version}}
            server.profile = plain(200, json.dumps(profile).encode(),
                                   Testready_Signature=signer.sign_profile("example", version))
            assert agent.report().returncode == 0
            return agent.status()[1]["requirements"]
        assert announce(profile_with("first"))["trouble"] == ""
        newer = profile_with("newer")
        newer["requirements"][0]["check"] = {"fact": "os.id", "sounds_like": "ubuntoo"}
        said = announce(newer)
        assert "too old to understand them and has to be updated" in said["trouble"]
        assert "sounds_like" in said["trouble"] or "requirements[0]" in said["trouble"]
        assert said["kept"]["version"] == version_of(profile_with("first"))
        # Another profile's, however right its signature.
        version = version_of(profile_with("third"))
        server.says = {"profile": {"id": "another", "version": version}}
        server.profile = plain(200, json.dumps(profile_with("third")).encode(),
                               Testready_Signature=signer.sign_profile("another", version))
        agent.report()
        assert "not the profile that it announced" in agent.status()[1]["requirements"]["trouble"]
    finally:
        server.close()


def test_a_site_without_a_window_judges_by_nothing_and_the_device_says_so(tmp_path, collector, relay):
    device = Device(tmp_path, collector, relay)
    with open(device.agent.key_file, "w", encoding="utf-8") as file:
        file.write(collector.enrollment_key(harness.SITE_NO_WINDOW))
    device.enroll()
    device.report()
    said = device.status()

    assert said["kept"] is None and said["announced"] is None and said["judged_for"] is None
    assert "its site has no window" in said["trouble"]
    assert "Requirements  none" in device.agent.run("status").stdout


# --- for which day ---------------------------------------------------------------------


def ends(day):
    return [{"id": "ubuntu", "version": "22.04", "tier": "full", "until": str(day)}]


@pytest.mark.parametrize("days, state, code", [(-1, "not_ready", 1), (0, "ready", 0)])
def test_a_device_and_its_page_agree_about_support_that_ends_during_the_window(device, collector, days,
                                                                               state, code):
    device.publish(profile_with("ends", ends(LAST + datetime.timedelta(days=days))))
    device.report()
    done = device.check("--json")
    local = json.loads(done.stdout)

    row, = collector.pages(f"/v1/sites/{harness.SITE}/devices", "devices")
    assert row["state"] == local["state"] == state and done.returncode == code
    assert local["as_of"] == str(LAST)
    line = device.check().stdout.splitlines()[0]
    assert f", as of {in_words(LAST)}, the window's last day" in line


def test_a_day_that_is_asked_for_wins_and_a_collector_that_names_none_means_today(device, relay):
    device.publish(profile_with("ends", ends(LAST - datetime.timedelta(days=1))))
    device.report()
    done = device.check("--as-of", str(TODAY))
    assert done.stdout == f"Ready, as of {in_words(TODAY)}.\n" and done.returncode == 0
    assert json.loads(device.check("--json", "--as-of", str(LAST)).stdout)["state"] == "not_ready"

    # One of before there was such a member, as a new agent meets it.
    def older(said):
        answer = json.loads(said.body)
        del answer["judged_for"]
        said.body = json.dumps(answer).encode()
    relay.change["/v1/reports"] = older
    device.report()
    assert device.check().stdout == "Ready.\n" and device.status()["judged_for"] is None


def test_a_window_that_is_over_does_not_judge_for_the_past(device, relay):
    device.publish(profile_with("ends", ends(TODAY - datetime.timedelta(days=1))))

    def over(said):
        answer = json.loads(said.body)
        answer["judged_for"] = str(TODAY - datetime.timedelta(days=10))
        said.body = json.dumps(answer).encode()
    relay.change["/v1/reports"] = over
    device.report()
    assert device.check().stdout.startswith("Not ready: 1 required to fix.\n")


def test_a_profile_that_is_named_is_judged_for_the_window_if_it_is_the_same_programmes(device, tmp_path):
    device.report()
    own, other = profile_with("own", ends(TODAY)), profile_with("other", ends(TODAY))
    other["profile"] = "another"
    for name, profile, state in (("own", own, "not_ready"), ("other", other, "ready")):
        (tmp_path / name).write_text(json.dumps(profile))
        said = json.loads(device.check("--json", "--profile", str(tmp_path / name)).stdout)
        assert said["state"] == state and said["trouble"] == ""


# --- without a network, and with damaged files -----------------------------------------


def test_without_a_collector_a_device_judges_itself_as_before(device, collector):
    device.report()
    before = device.check("--explain")
    collector.stop()
    after = device.check("--explain")

    assert (after.returncode, after.stdout) == (before.returncode, before.stdout)
    assert device.agent.report().returncode == 1
    assert device.status()["kept"]["version"] == device.first
    assert device.check("--explain").stdout == before.stdout


@pytest.mark.parametrize("damage", ["empty", "half", "binary", "huge", "fifo", "folder"])
def test_kept_requirements_that_cannot_be_used_say_what_to_do_and_come_again(device, damage):
    device.report()
    path, text = device.kept_path, device.kept()
    os.unlink(path)
    if damage == "fifo":
        os.mkfifo(path)
    elif damage == "folder":
        os.mkdir(path)
    else:
        with open(path, "wb") as file:
            file.write({"empty": b"", "half": text[:len(text) // 2], "binary": bytes(range(256)),
                        "huge": text + b" " * 300_000}[damage])

    for done in (device.check(), device.agent.run("status")):
        assert done.returncode == 3, done.said
        assert path in done.said and "testready-agent report" in done.said, done.said
        assert "profile FILE" in done.said
    done = device.check("--profile", harness.PROFILE)
    assert done.returncode in (0, 1, 2)
    if damage == "folder":
        os.rmdir(path)
    device.report()
    assert device.kept() == text and device.check().returncode in (0, 1, 2)


def test_what_the_collector_said_is_not_guessed_where_its_file_is_damaged(device):
    device.publish(profile_with("ends", ends(TODAY)))
    device.report()
    path = os.path.join(device.agent.state, "requirements.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write("{")

    done = device.check()
    assert done.returncode == 3 and path in done.stderr and "--as-of DATE" in done.stderr
    assert device.check("--as-of", str(TODAY)).returncode == 0
    assert device.agent.run("status").returncode == 3
    device.report()
    assert device.check().returncode == 1
