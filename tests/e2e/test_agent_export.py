# SPDX-License-Identifier: Apache-2.0
"""Reports that go out on a stick."""
import hashlib
import hmac
import json
import os
import shutil
import tempfile

import pytest

from imposter import DEVICE_KEY, Agent, plain
from machine import agent, collector  # noqa: F401  fixtures
from machine import enroll


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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_root_writes_to_a_stick_that_the_service_may_not_touch(tmp_path, collector):
    # pytest's folder is closed to others, and the state folder's owner has to get to it.
    folder = tempfile.mkdtemp()
    try:
        os.chmod(folder, 0o755)
        somebody = Agent(folder)
        os.mkdir(somebody.state, 0o700)
        os.chown(somebody.state, 65534, 65534)
        assert somebody.enroll(collector.url).returncode == 0
        collector.answers = [plain(503)]
        assert somebody.report().returncode == 1

        stick = tmp_path / "stick"
        stick.mkdir(0o700)
        done = somebody.run("export", "--to", str(stick))
        assert done.returncode == 0 and "Exported 1 report" in done.stdout, done.said
        assert [path.stat().st_uid for path in stick.iterdir()] == [0]
        assert {os.stat(os.path.join(top, name)).st_uid for top, dirs, files
                in os.walk(somebody.state) for name in dirs + files} == {65534}
    finally:
        shutil.rmtree(folder)


def test_export_says_where_it_cannot_write_and_who_is_not_enrolled(agent, collector, tmp_path):
    assert agent.run("export", "--to", str(tmp_path)).returncode == 2
    assert agent.run("export").returncode == 3
    enroll(agent, collector.url)
    done = agent.run("export", "--to", str(tmp_path / "nowhere"))
    assert done.returncode == 3 and "nowhere" in done.stderr
