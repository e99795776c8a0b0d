# SPDX-License-Identifier: Apache-2.0
"""The profiles that ship, judged on machines by the real program."""
import glob
import json
import os
import subprocess

import machines
import pytest

PROFILES = os.path.join(machines.ROOT, "packaging/profiles")
LAPTOP = "laptop-usb-headset"
RECORDINGS = os.path.join(machines.SHARED, "recordings")

# Of required requirements, what does not pass; a machine that is not listed passes them all.
EXPECTED = {
    # Its Ubuntu is newer than the list of that year, its browser that of the year before; a stub of
    # a C library names no version.
    ("laptop-usb-headset", "ca-caaspp-2022-23", "student", "2023-04-01"): {
        "os.supported": "fail", "browser.version": "fail", "browser.launchable": "not_applicable",
        "library.glibc": "unknown", "library.libstdcxx": "fail", "library.gtk": "fail"},
    # Another state's browser is none, and its processor is too slow there.
    ("laptop-usb-headset", "tx-2025-26", "student", "2026-04-01"): {
        "browser.present": "fail", "browser.version": "fail",
        "browser.launchable": "not_applicable", "cpu.speed": "fail", "library.glibc": "unknown",
        "library.libstdcxx": "fail", "library.gtk": "fail"},
    ("teacher-laptop", "ca-caaspp-2024-25", "ta", "2025-04-01"): {
        "display.size": "unknown", "input.pointer": "fail"},
    ("teacher-laptop", "ca-caaspp-2024-25", "student", "2025-04-01"): {
        "os.supported": "fail", "browser.present": "fail", "browser.version": "fail",
        "browser.launchable": "not_applicable", "display.size": "unknown", "input.pointer": "fail",
        "library.gtk": "fail"},
    ("ta-printer-embosser", "ca-caaspp-2024-25", "ta", "2025-04-01"): {
        "software.web-browser": "fail"},
}


def run_check(words, profile, role, as_of, folder, *more):
    path = os.path.join(PROFILES, profile + ".json")
    return subprocess.run(
        [*words, machines.AGENT, "check", "--json", "--profile", path, "--role", role, "--as-of",
         as_of, "--state", str(folder), *more], capture_output=True, timeout=120, text=True)


def told(done):
    """The state, and the results by requirement."""
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    return answer["state"], {result["id"]: result for result in answer["results"]}


def check(*arguments):
    return told(run_check(*arguments))


def required(profile, role):
    """The ids of what @profile requires of a @role."""
    with open(os.path.join(PROFILES, profile + ".json"), encoding="utf-8") as f:
        return [r["id"] for r in json.load(f)["requirements"]
                if r["severity"] == "required" and role in r["roles"]]


def bionic(root):
    """The laptop as it was with Ubuntu 18.04 and the secure browser of 2022–23."""
    machines.prepare_root(LAPTOP, root)
    machines.put_libraries(root, "18.04")
    release = 'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="18.04"\nPRETTY_NAME="Ubuntu 18.04.6 LTS"\n'
    with open(os.path.join(root, "etc/os-release"), "w", encoding="utf-8") as f:
        f.write(release)
    browser = os.path.join(root, "opt/CASecureBrowser/application.ini")
    with open(browser, encoding="utf-8") as f:
        text = f.read()
    assert "\nVersion=14.0\n" in text
    with open(browser, "w", encoding="utf-8") as f:
        f.write(text.replace("\nVersion=14.0\n", "\nVersion=15.0\n"))
    return root


@pytest.mark.parametrize("name, profile, role, as_of", EXPECTED)
def test_a_machine_is_judged_as_a_person_would(name, profile, role, as_of, tmp_path):
    root = machines.prepare_root(name, str(tmp_path / "root"))
    state, results = check(machines.command(name), profile, role, as_of, tmp_path, "--root", root)
    assert {i: results[i]["result"] for i in required(profile, role)
            if results[i]["result"] != "pass"} == EXPECTED[name, profile, role, as_of]
    assert state == "not_ready"


def test_linux_in_california_since_2024_is_told_why(tmp_path):
    root = machines.prepare_root(LAPTOP, str(tmp_path / "root"))
    machines.put_libraries(root, "22.04")
    state, results = check(machines.command(LAPTOP), "ca-caaspp-2024-25", "student", "2025-04-01",
                           tmp_path, "--root", root)
    assert state == "not_ready" and results["os.supported"]["result"] == "fail"
    assert results["os.supported"]["sentence"].startswith(
        "Operating system is supported for this year: no. Found system ubuntu, version 22.04 (Linux "
        "is not supported for student testing in 2024–25")
    _, results = check(machines.command(LAPTOP), "ca-caaspp-2024-25", "ta", "2025-04-01", tmp_path,
                       "--root", root)
    assert results["os.supported"]["result"] == "not_applicable"


# The whole machine, the days on either side of the end of 18.04's support, and what that makes it.
@pytest.mark.parametrize("as_of, states, status, failed", [
    ("2023-05-31", ("ready", "ready_with_warnings"), 0, []),
    ("2023-06-01", ("not_ready",), 1, ["os.supported"])])
def test_a_device_is_ready_until_the_day_its_release_leaves_support(as_of, states, status, failed,
                                                                    tmp_path):
    root = bionic(str(tmp_path / "root"))
    done = run_check(machines.command(LAPTOP), "ca-caaspp-2022-23", "student", as_of, tmp_path,
                     "--root", root)
    state, results = told(done)
    assert (state in states, done.returncode) == (True, status), state
    assert [i for i in required("ca-caaspp-2022-23", "student")
            if results[i]["result"] != "pass"] == failed
    if failed:
        assert results["os.supported"]["sentence"].startswith(
            "Operating system is supported for this year: no. Found system ubuntu, version 18.04, "
            "which leaves support on 31 May 2023, before 1 June 2023, the day that is judged for. "
            "Needed system ubuntu 20.04, or fedora 34 to 35.")


def recordings():
    found = sorted(glob.glob(os.path.join(RECORDINGS, "*.umockdev")))
    # A whole machine takes umockdev some seconds; test_devices.py has more of them.
    return [path for path in found if os.path.getsize(path) < 20000][:4]


@pytest.mark.skipif(not recordings(), reason="the recordings of real machines are not here")
@pytest.mark.parametrize("path", recordings(), ids=[os.path.basename(p) for p in recordings()])
def test_of_a_real_machine_what_could_not_be_seen_does_not_pass(path, tmp_path):
    """A recording has no /proc and no screens: what is said of those must not come from here."""
    (tmp_path / "root").mkdir()
    state, results = check(["umockdev-run", "-d", path, "--"], "tx-2025-26", "student", "2026-04-01",
                           tmp_path, "--root", str(tmp_path / "root"))
    assert state in ("not_ready", "unknown")
    for missing in "os.supported cpu.speed memory.size browser.version library.gtk".split():
        assert results[missing]["result"] in ("fail", "unknown"), results[missing]
