# SPDX-License-Identifier: Apache-2.0
"""What is configured, what wins, and what is wrong in which line; TLS with pins and without."""
import base64
import hashlib
import os
import random
import subprocess

import pytest

from imposter import ENROLLMENT_KEY, Imposter
from machine import agent, collector  # noqa: F401  fixtures
from machine import configure, enroll, enrolments, status, write


# --- configuration -----------------------------------------------------------


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
    write(agent.config + ".d", "20-b.conf",
          "url = https://b.example.org\nquiet_hours = 10:00-11:00\n")
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
    ("url = user:pw@a.example.org\n", ":1: expected an address"),
    ("url = https://user:pw @a.example.org\n", "is not an address"),
    (f"url = {ENROLLMENT_KEY}\n", ":1: expected an address"),
    (f"key_file = {ENROLLMENT_KEY}\n", ":1: expected a path that begins with /"),
    (f"{ENROLLMENT_KEY} =\n", ":1: no key '(not quoted)'; there are url"),
    (f"role = {ENROLLMENT_KEY[:30]}\n", ":1: expected student"),
])
def test_a_wrong_line_is_named_with_what_would_be_right(agent, text, said):
    with open(agent.config, "w", encoding="utf-8") as file:
        file.write(text)

    done = agent.run("config", "check", agent.config)
    assert done.returncode == 3
    assert said in done.stderr, done.stderr
    assert "pw" not in done.stderr and ENROLLMENT_KEY[:30] not in done.stderr


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


# --- TLS ---------------------------------------------------------------------


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
