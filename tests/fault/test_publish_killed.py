# SPDX-License-Identifier: Apache-2.0
"""Whenever publishing dies, nothing is published or all of it, and the next time goes on."""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import harness  # noqa: E402
import loaded  # noqa: E402

COLLECTOR = os.path.join(harness.BUILD, "testready-collector")
SITES = 120
FEW = 16  # documents a transaction


def supplement(site):
    check = {"fact": "memory.total_mib", "at_least": 5000 + site}
    return {"supplement_to": "example", "scope": {"site": f"{site:07}"}, "title": "More",
            "source": "the board",
            "requirements": [{"id": "site.memory", "title": "t", "source": "s",
                              "severity": "required", "roles": ["student"], "check": check,
                              "fix": {"id": "f", "text": "f", "minutes": 1}}]}


def run(store, *args):
    subprocess.run([COLLECTOR, *args, "--store", store], check=True, capture_output=True)


def write(path, value):
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


def counts(db):
    """Documents that were composed, publications, and what the windows name."""
    return (db.execute("SELECT count(*) FROM composition").fetchone()[0],
            db.execute("SELECT count(*) FROM publication").fetchone()[0],
            db.execute("SELECT group_concat(profile_version) FROM (SELECT profile_version FROM "
                       "test_window ORDER BY site_code)").fetchone()[0])


def test_publishing_that_is_killed_published_nothing_and_is_gone_on_with(tmp_path):
    store = str(tmp_path / "store.db")
    site = harness.sites()["sites"][0]
    sites = [dict(site, code=f"{i:07}", window=dict(site["window"], id=f"w{i}"))
             for i in range(SITES)]
    run(store, "site", "import", write(tmp_path / "sites.json", {"sites": sites}))
    run(store, "profile", "publish", harness.PROFILE)
    for i in range(SITES):
        run(store, "profile", "publish", write(tmp_path / "more.json", supplement(i)))
    with open(harness.PROFILE, encoding="utf-8") as file:
        text = file.read()
    new = tmp_path / "new.json"
    new.write_text(text.replace('"14.0.."', '"15.0.."'), encoding="utf-8")
    db = sqlite3.connect(store)
    before = counts(db)
    assert before[0] == SITES
    # On a disk so slow that its next transactions take longer than it takes to see the first.
    slow = dict(os.environ, LD_PRELOAD=loaded.SLOW_DISK, SYNC_MS="1000")
    with subprocess.Popen([COLLECTOR, "profile", "publish", str(new), "--store", store],
                          stdout=subprocess.DEVNULL, env=slow) as publishing:
        while counts(db)[0] == before[0]:
            assert publishing.poll() is None
            time.sleep(0.001)
        publishing.send_signal(signal.SIGKILL)
    killed = counts(db)
    # Composed in part, a few at a time, and nobody is judged by any of it.
    assert killed[1:] == before[1:]
    assert 0 < killed[0] - before[0] < SITES and (killed[0] - before[0]) % FEW == 0
    run(store, "profile", "publish", str(new))
    after = counts(db)
    assert after[0] == 2 * SITES and after[1] == before[1] + 1
    assert not set(after[2].split(",")) & set(before[2].split(","))
    assert len(set(after[2].split(","))) == SITES
