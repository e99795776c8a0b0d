# SPDX-License-Identifier: Apache-2.0
"""What docs/profiles.md tells to type, typed: next year's browser version."""
import json
import os
import re
import subprocess

import harness

PROFILE = os.path.join(harness.ROOT, "packaging/profiles/ca-caaspp-2022-23.json")


def document():
    with open(os.path.join(harness.ROOT, "docs/profiles.md"), encoding="utf-8") as file:
        return file.read()


def chapter():
    return document().split("## Changing next year's browser version")[1]


def commands():
    return re.findall(r"^ +(testready-collector .*)", chapter(), re.M)


class Desk:
    """A folder of somebody who types commands."""

    def __init__(self, collector, folder):
        self.folder = str(folder)
        self.env = dict(os.environ, TESTREADY_STORE=collector.store,
                        PATH=os.path.dirname(collector.program) + ":" + os.environ["PATH"])

    def type(self, command):
        done = subprocess.run(["sh", "-c", command], cwd=self.folder, env=self.env, text=True,
                              capture_output=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    def edit(self, name, old, new):
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert old in text
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))


def report_browsers(collector, versions):
    key = collector.enrollment_key()
    for version in versions:
        install = dict(harness.READY["browser"]["installs"][0], version=version)
        collector.enroll(key, host_name=f"with-{version}").report(
            harness.facts(browser__installs=[install]))


def test_next_years_browser_version_is_changed_as_the_document_tells(tmp_path):
    collector = harness.Collector(tmp_path, fill=False)
    desk = Desk(collector, tmp_path)
    sites = harness.sites()
    sites["sites"] = sites["sites"][:1]
    sites["sites"][0]["window"]["profile"] = "ca-caaspp-2022-23"
    collector.command("site", "import", collector.write("sites.json", json.dumps(sites)))
    collector.command("profile", "publish", PROFILE)
    export, lint, diff, what_if, publish = commands()
    name = export.split()[-1]
    wanted = re.search(r'"version_in": "(16[^"]*)"', chapter()).group(1)

    with collector:
        report_browsers(collector, ["15.3", "16.1", "16.2"])
        assert desk.type(export) == (0, "")
        desk.edit(name, '"15.."', f'"{wanted}"')
        status, said = desk.type(lint)
        assert (status, "nothing to mend" in said) == (0, True), said
        status, said = desk.type(diff)
        assert status == 1 and "browser.version" in said and "memory" not in said, said
        status, said = desk.type(what_if)
        assert status == 1 and re.search(r"browser\.version:.*\n +2  pass → fail", said), said

        # A season of its own changes nobody's; a correction of this one does.
        desk.edit(name, '"year": "2022-23"', '"year": "2023-24"')
        status, said = desk.type(publish)
        assert status == 0 and "ca-caaspp-2023-24" in said, said
        site = collector.get(f"/v1/sites/{harness.SITE}").json
        assert site["profile"]["id"] == "ca-caaspp-2022-23"
        desk.edit(name, '"year": "2023-24"', '"year": "2022-23"')
        status, said = desk.type(publish)
        assert status == 0 and "Judged 3 devices" in said, said
        rows = collector.pages(f"/v1/sites/{harness.SITE}/devices?requirement=browser.version",
                               "devices")
        assert sorted(row["names"]["host_name"] for row in rows) == ["with-15.3", "with-16.2"]


def test_every_command_of_the_document_has_the_options_that_are_shown(tmp_path):
    collector = harness.Collector(tmp_path, fill=False)
    text = document().split("## Commands")[1].split("##")[0]
    table = re.findall(r"^\| (`(?:profile|waiver) .*)", text, re.M)
    assert len(table) >= 10
    for row in table:
        words = re.match(r"[a-z-]+ [a-z-]+", row.split("`")[1]).group().split()
        said = collector.run(*words, "--help").stdout
        for option in re.findall(r"--[a-z-]+", row):
            assert re.search(rf"^ +{option}\b", said, re.M), (words, option)
