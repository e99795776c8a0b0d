# SPDX-License-Identifier: Apache-2.0
"""A device that leaves support: ready for one day and not for another, by a profile that ships."""
import json
import os
import shutil
import subprocess
import sys

import pytest

import harness

sys.path.insert(0, os.path.join(harness.ROOT, "tests/devices"))
import machines  # noqa: E402

AGENT = os.path.join(harness.BUILD, "testready-agent")
PROFILE = os.path.join(harness.ROOT, "packaging/profiles/ca-caaspp-2022-23.json")
RECORDING = "laptop-usb-headset"
LIBRARIES = "usr/lib"


def write(root, path, text):
    with open(os.path.join(root, path), "w", encoding="utf-8") as file:
        file.write(text)


def make_ubuntu_18_04(root):
    """The recorded laptop with the release, libraries and browser of spring 2023."""
    machines.prepare_root(RECORDING, root)
    write(root, "etc/os-release", 'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="18.04"\n'
          'VERSION="18.04.6 LTS (Bionic Beaver)"\nPRETTY_NAME="Ubuntu 18.04.6 LTS"\n')
    write(root, os.path.join(LIBRARIES, "libc.so.6"),
          "GLIBC_2.2.5\0GLIBC_2.26\0GLIBC_2.27\0GLIBC_PRIVATE\0")
    for name, target in (("libstdc++.so.6", "libstdc++.so.6.0.25"),
                         ("libgtk-3.so.0", "libgtk-3.so.0.2200.30")):
        write(root, os.path.join(LIBRARIES, target), "")
        os.symlink(target, os.path.join(root, LIBRARIES, name))
    ini = os.path.join(root, "opt/CASecureBrowser/application.ini")
    with open(ini, encoding="utf-8") as file:
        text = file.read()
    write(root, "opt/CASecureBrowser/application.ini", text.replace("Version=14.0", "Version=15.0"))
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    if not shutil.which("umockdev-run"):
        pytest.skip("umockdev is not installed")
    return make_ubuntu_18_04(str(tmp_path_factory.mktemp("ubuntu") / "root"))


def check(root, *args):
    return subprocess.run([*machines.command(RECORDING), AGENT, "check", "--root", root,
                           "--role", "student", "--profile", PROFILE, "--state", root + "-none",
                           *args], text=True, capture_output=True, timeout=60, check=False)


def test_a_system_is_ready_on_the_last_day_of_its_support_and_not_on_the_next(root):
    for day, words in (("2023-04-01", "1 April 2023"), ("2023-05-31", "31 May 2023")):
        done = check(root, "--as-of", day)
        assert done.stdout.startswith(f"Ready, with warnings, as of {words}: "), done.stdout + done.stderr
        assert done.returncode == 0 and "  required  " not in done.stdout
    done = check(root, "--as-of", "2023-06-01")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Not ready, as of 1 June 2023: 1 required"), done.stdout
    assert lines[1].startswith("  fail           required     Operating system is supported for this year: no.")
    assert "leaves support on 31 May 2023" in lines[1] and "1 June 2023" in lines[1]
    assert "Move this device to a supported release" in lines[1]


def test_programs_get_the_same_day_and_sentence(root):
    said = json.loads(check(root, "--as-of", "2023-06-01", "--json").stdout)
    failed = [r for r in said["results"] if r["result"] == "fail" and r["severity"] == "required"]

    assert said["state"] == "not_ready" and said["as_of"] == "2023-06-01" and said["trouble"] == ""
    assert [r["id"] for r in failed] == ["os.supported"]
    assert "leaves support on 31 May 2023" in failed[0]["sentence"]
