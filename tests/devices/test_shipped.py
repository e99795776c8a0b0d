# SPDX-License-Identifier: Apache-2.0
"""The profiles that ship, judged on machines by the real program."""
import glob
import json
import os
import subprocess

import machines
import pytest

PROFILES = os.path.join(machines.ROOT, "packaging/profiles")
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


def check(words, profile, role, as_of, folder, *more):
    path = os.path.join(PROFILES, profile + ".json")
    done = subprocess.run(
        [*words, machines.AGENT, "check", "--json", "--profile", path, "--role", role, "--as-of",
         as_of, "--state", str(folder), *more], capture_output=True, timeout=120, text=True)
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    return answer["state"], {result["id"]: result for result in answer["results"]}


@pytest.mark.parametrize("name, profile, role, as_of", EXPECTED)
def test_a_machine_is_judged_as_a_person_would(name, profile, role, as_of, tmp_path):
    root = machines.prepare_root(name, str(tmp_path / "root"))
    state, results = check(machines.command(name), profile, role, as_of, tmp_path, "--root", root)
    with open(os.path.join(PROFILES, profile + ".json"), encoding="utf-8") as f:
        applies = [r["id"] for r in json.load(f)["requirements"]
                   if r["severity"] == "required" and role in r["roles"]]
    assert {i: results[i]["result"] for i in applies if results[i]["result"] != "pass"} == \
        EXPECTED[name, profile, role, as_of]
    assert state == "not_ready"


def test_linux_in_california_since_2024_is_told_why(tmp_path):
    name = "laptop-usb-headset"
    root = machines.prepare_root(name, str(tmp_path / "root"))
    _, results = check(machines.command(name), "ca-caaspp-2024-25", "student", "2025-04-01", tmp_path,
                       "--root", root)
    assert results["os.supported"]["sentence"].startswith(
        "Operating system is supported for this year: no. Found system ubuntu, version 22.04 (Linux "
        "is not supported for student testing in 2024–25")
    _, results = check(machines.command(name), "ca-caaspp-2024-25", "ta", "2025-04-01", tmp_path,
                       "--root", root)
    assert results["os.supported"]["result"] == "not_applicable"


@pytest.mark.parametrize("as_of, result", [("2023-05-31", "pass"), ("2023-06-01", "fail")])
def test_a_release_leaves_support_on_the_day_of_the_table(as_of, result, tmp_path):
    (tmp_path / "root/etc").mkdir(parents=True)
    (tmp_path / "root/etc/os-release").write_text('ID=ubuntu\nVERSION_ID="18.04"\n')
    _, results = check([], "ca-caaspp-2022-23", "student", as_of, tmp_path, "--root",
                       str(tmp_path / "root"))
    assert results["os.supported"]["result"] == result
    if result == "fail":
        assert "leaves support on 31 May 2023" in results["os.supported"]["sentence"]
        assert "Needed system ubuntu 20.04, or fedora 34 to 35." in results["os.supported"]["sentence"]


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
