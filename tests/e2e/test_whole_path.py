# SPDX-License-Identifier: Apache-2.0
"""The whole path with the real programs: a device reports, the site shows it, a certificate is
refused or granted."""
import json
import os
import subprocess
import sys

import harness

sys.path.insert(0, os.path.join(harness.ROOT, "tests/devices"))
import machines  # noqa: E402

AGENT = os.path.join(harness.BUILD, "testready-agent")
HEADSET = "laptop-usb-headset"


class Machine:
    """The agent on a recorded machine, with a state folder of its own."""

    def __init__(self, folder, recording):
        self.state = os.path.join(str(folder), "state-" + recording)
        self.wrap = machines.command(recording)
        root = os.path.join(str(folder), "root-" + recording)
        self.root = ["--root", machines.prepare_root(recording, root)]

    def run(self, *args, **more):
        return subprocess.run([*self.wrap, AGENT, *args], text=True, capture_output=True,
                              timeout=60, check=False, **more)

    def enroll(self, collector, role="student"):
        key = collector.enrollment_key(harness.SITE)
        done = self.run("enroll", "--url", collector.url, "--key-file", "-", "--role", role,
                        "--state", self.state, *self.root, input=key)
        assert done.returncode == 0, done.stderr

    def report(self):
        return self.run("report", "--state", self.state, *self.root)

    def status(self):
        done = self.run("status", "--state", self.state, "--json")
        return done.returncode, json.loads(done.stdout)


def certify(collector):
    return collector.run("certify", "--site", harness.SITE, "--window", "lincoln", "--dry-run",
                         "--store", collector.store, check=False)


def only_device(collector):
    rows = collector.pages(f"/v1/sites/{harness.SITE}/devices", "devices")
    assert len(rows) == 1
    return collector.get("/v1/devices/" + rows[0]["id"]).json


def test_a_device_reports_and_the_page_the_device_and_the_command_agree(collector, tmp_path):
    machine = Machine(tmp_path, HEADSET)
    machine.enroll(collector)
    assert certify(collector).returncode == 1  # it has not reported yet
    done = machine.report()
    assert done.returncode == 0, done.stdout + done.stderr

    local = machine.run("check", "--json", "--profile", harness.PROFILE, *machine.root)
    local = json.loads(local.stdout)
    device = only_device(collector)
    assert device["state"] == local["state"]
    assert [(r["id"], r["result"], r["observed"]) for r in local["results"]] == \
        [(r["id"], r["result"], r["observed"]) for r in device["results"]]
    site = collector.get(f"/v1/sites/{harness.SITE}").json
    assert site["states"][device["state"]] == site["expected"] == site["fresh"] == 1


def test_a_site_whose_devices_are_ready_is_certifiable_until_one_is_not(collector, tmp_path):
    key = collector.enrollment_key(harness.SITE)
    good = collector.enroll(key, host_name="good")
    good.report()
    granted = certify(collector)
    assert granted.returncode == 0, granted.stdout
    assert "can be certified for window" in granted.stdout

    Machine(tmp_path, "bare-desktop").enroll(collector)
    refused = certify(collector)
    assert refused.returncode == 1
    assert "NOT MET" in refused.stdout and "1 of 2 expected devices" in refused.stdout


def test_a_report_without_a_collector_waits_and_is_delivered_once(collector, tmp_path):
    machine = Machine(tmp_path, HEADSET)
    machine.enroll(collector)
    url = collector.url
    collector.stop()
    assert machine.report().returncode == 1
    code, status = machine.status()
    assert code == 1 and "1" in json.dumps(status)

    collector.arguments = ["--listen", url.removeprefix("http://")]
    collector.start()
    assert machine.report().returncode == 0
    assert machine.status()[0] == 0
    assert only_device(collector)["seen_at"]
