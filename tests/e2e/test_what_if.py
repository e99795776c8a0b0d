# SPDX-License-Identifier: Apache-2.0
"""What profile what-if says that would change is what changes when it is published."""
import collections
import contextlib
import copy
import csv
import datetime
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

import harness

sys.path.insert(0, os.path.join(harness.ROOT, "tests", "bench"))
import filled  # noqa: E402

DEVICES, SITES = 2000, 40
JUDGED = {"not_ready", "unknown", "ready", "ready_with_warnings"}
READY = {"ready", "ready_with_warnings"}
LETTERS = {"P": "pass", "F": "fail", "U": "unknown", "-": "not_applicable", "W": "waived"}

with open(harness.PROFILE, encoding="utf-8") as _file:
    EXAMPLE = json.load(_file)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    """A store with a fleet, to be copied."""
    path = str(tmp_path_factory.mktemp("fleet") / "store.db")
    filled.fill(path, DEVICES, sites=SITES)
    return path


class Store(harness.Collector):
    """A copy of the fleet's store, and what its devices are."""

    def __init__(self, folder, fleet):
        super().__init__(folder, web=False, fill=False)
        shutil.copy(fleet, self.store)

    def query(self, sql):
        # Closed at once: SQLite's locks end when the process closes the file, as digest() does.
        with contextlib.closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def devices(self):
        """By id: site, whether it is expected, state, and results by requirement."""
        ids = {version: [r["id"] for r in json.loads(body)["requirements"]]
               for version, body in self.query("SELECT version, body FROM profile_version")}
        rows = self.query("SELECT id, site_code, is_expected, state, profile_version, results "
                          "FROM device")
        return {row[0]: (row[1], bool(row[2]), row[3],
                         {name: LETTERS[letter] for name, letter in zip(ids.get(row[4], ()), row[5])})
                for row in rows}

    def what_if(self, path, *options):
        done = self.run("profile", "what-if", path, *options, "--store", self.store, check=False)
        assert done.returncode in (0, 1), done.stderr
        return done

    def what_if_json(self, path):
        return json.loads(self.what_if(path, "--json").stdout)

    def publish(self, path):
        return self.command("profile", "publish", "--wait", path)

    def digest(self):
        with open(self.store, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    def codes(self):
        """The codes of a site with devices, and of its LEA."""
        return self.query("SELECT code, lea_code FROM site ORDER BY code")[4]


@pytest.fixture
def store(tmp_path, fleet):
    return Store(tmp_path, fleet)


def changed_profile(change):
    profile = copy.deepcopy(EXAMPLE)
    change(profile, {r["id"]: r for r in profile["requirements"]})
    return profile


def in_json(store, name, document):
    return store.write(name, json.dumps(document))


def changes(counter):
    return sorted(({"before": b, "after": a, "devices": n} for (b, a), n in counter.items()),
                  key=lambda row: (row["before"], row["after"]))


def by_words(rows):
    return sorted(rows, key=lambda row: (row["before"], row["after"]))


def expected_of(before, after):
    """What a what-if has to say where @before became @after."""
    states, others, unexpected = collections.Counter(), 0, 0
    results = collections.defaultdict(collections.Counter)
    sites = collections.defaultdict(collections.Counter)
    for device, (site, is_expected, was, old) in before.items():
        _, _, now, new = after[device]
        if was == "retired":
            continue
        if not is_expected:
            unexpected += was != now
            continue
        if was != now:
            states[was, now] += 1
        sites[site].update(expected=1, ready_before=was in READY, ready_after=now in READY,
                           changed=was != now)
        if was in JUDGED or now in JUDGED:
            names = [name for name in {*old, *new} if old.get(name) != new.get(name)]
            others += bool(names)
            for name in names:
                results[name][old.get(name, "none"), new.get(name, "none")] += 1
    return states, results, sites, others, unexpected


def check_says(said, before, after):
    states, results, sites, others, unexpected = expected_of(before, after)
    assert by_words(said["states"]) == changes(states)
    assert {r["id"]: by_words(r["changes"]) for r in said["requirements"]} == \
        {name: changes(counter) for name, counter in results.items()}
    assert said["devices_with_other_results"] == others
    assert said["unexpected_changed"] == unexpected
    told = {site["code"]: {name: site[name] for name in ("expected", "ready_before", "ready_after",
                                                         "changed")}
            for site in said["sites"]}
    assert {code: dict(site) for code, site in sites.items() if site["changed"]} == \
        {code: site for code, site in told.items() if site["changed"]}
    worse = sum(n for (b, a), n in states.items() if b in READY and a not in READY)
    better = sum(n for (b, a), n in states.items() if a in READY and b not in READY)
    assert (said["devices_worse"], said["devices_better"]) == (worse, better)
    assert said["sites_flipped"] == sum(s["ready_before"] != s["ready_after"] for s in sites.values())
    return worse, better


def check_comes_true(store, path):
    """Ask, publish, compare; how many devices stop being ready and become it."""
    digest = store.digest()
    before = store.devices()
    said = store.what_if_json(path)
    assert store.digest() == digest and store.devices() == before
    store.publish(path)
    return check_says(said, before, store.devices())


# --- profiles ---------------------------------------------------------------------------


def versions_from(first):
    def change(_, requirements):
        for name in ("browser.version", "browser.launchable"):
            text = json.dumps(requirements[name]).replace('"14.0.."', f'"{first}.."')
            requirements[name].update(json.loads(text))
    return change


def less_memory(_, requirements):
    requirements["memory.size"]["check"]["at_least"] = 512
    requirements["browser.version"]["severity"] = "recommended"


def other_order(profile, requirements):
    """One comes, one goes, one matters more, and all stand elsewhere."""
    profile["requirements"].reverse()
    profile["requirements"].remove(requirements["memory.size"])
    requirements["audio.headphones"]["severity"] = "required"
    profile["requirements"].insert(3, {**requirements["disk.size"], "id": "disk.room",
                                       "check": {"fact": "disk.free_bytes",
                                                 "at_least": 30003000000}})


def older_reports_count(profile, _):
    profile["freshness_hours"]["default"] = 24 * 60


def systems_end(profile, _):
    """In the windows of some sites, and after those of others."""
    day = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=79)
    for row in profile["tables"]["os"]:
        row["until"] = str(day)


@pytest.mark.parametrize("change, worse, better", [
    (versions_from("15.0"), True, False),
    (systems_end, True, False),
    (less_memory, False, True),
    (other_order, True, True),
    (older_reports_count, False, True),
], ids=["tighter", "until", "looser", "both", "freshness"])
def test_what_a_profile_would_change_is_what_it_changes(store, change, worse, better):
    path = in_json(store, "next.json", changed_profile(change))
    n_worse, n_better = check_comes_true(store, path)
    assert (n_worse > 0, n_better > 0) == (worse, better)
    # And the way back.
    assert check_comes_true(store, harness.PROFILE) == (n_better, n_worse)


def test_devices_that_wait_to_be_judged_count_as_what_they_will_be(store, tmp_path, fleet):
    first = in_json(store, "first.json", changed_profile(versions_from("15.0")))
    then = in_json(store, "then.json", changed_profile(less_memory))
    (tmp_path / "judged").mkdir()
    judged = Store(tmp_path / "judged", fleet)
    judged.publish(first)
    ids = {row[0] for row in store.query("SELECT DISTINCT profile_version FROM device")}
    store.command("profile", "publish", first)
    assert {row[0] for row in store.query("SELECT DISTINCT profile_version FROM device")} == ids
    said = store.what_if_json(then)
    store.publish(then)
    worse, better = check_says(said, judged.devices(), store.devices())
    assert better > 0


def test_what_is_published_already_changes_nothing(store):
    done = store.what_if(harness.PROFILE)
    assert done.returncode == 0
    assert "changes nothing" in done.stdout.splitlines()[0]
    assert store.what_if_json(harness.PROFILE)["changes"] is False


def test_another_wording_changes_no_result(store):
    def change(_, requirements):
        requirements["memory.size"]["title"] = "Memory is 2 GB or more!"
    path = in_json(store, "next.json", changed_profile(change))
    done = store.what_if(path)
    assert done.returncode == 0
    assert f"changes no result: {SITES} sites" in done.stdout.splitlines()[0]


def test_sites_that_only_need_more_are_told(store):
    def change(profile, _):
        profile["certification"]["devices_percent"] = 1
    said = store.what_if_json(in_json(store, "next.json", changed_profile(change)))
    assert said["states"] == [] and said["changes"] is True
    assert all(not s["enough_before"] and s["enough_after"] and s["changed"] == 0
               for s in said["sites"])
    assert len(said["sites"]) == SITES


# --- supplements and waivers ----------------------------------------------------------------


def headphones(scope):
    return {"supplement_to": "example", "scope": scope, "title": "More", "source": "A rule of ours",
            "requirements": [{"tightens": "audio.headphones", "severity": "required",
                              "source": "A rule of ours"}]}


@pytest.mark.parametrize("kind", ["site", "lea"])
def test_what_a_supplement_would_change_is_what_it_changes(store, kind):
    site, lea = store.codes()
    path = in_json(store, "more.json", headphones({kind: {"site": site, "lea": lea}[kind]}))
    said = store.what_if_json(path)
    sites = {s["code"] for s in said["sites"]}
    assert sites == {site} if kind == "site" else \
        sites <= {row[0] for row in store.query(f"SELECT code FROM site WHERE lea_code = '{lea}'")}
    worse, better = check_comes_true(store, path)
    assert worse > 0 and better == 0
    # With it in force, a profile that asks for more is judged with it.
    tighter = in_json(store, "next.json", changed_profile(versions_from("15.0")))
    check_comes_true(store, tighter)


def waive(store, requirement, *scope):
    last = store.query("SELECT max(last_day) FROM test_window")[0][0]
    if last[:4] + "-07-31" < last and str(datetime.date.today()) <= last[:4] + "-07-31":
        pytest.skip("the season ends before the windows do, and with it every waiver")
    store.command("waiver", "add", "--profile", "example", "--requirement", requirement, *scope,
                  "--until", last, "--reason", "They are ordered", "--who", "A. Person", "--wait")


@pytest.mark.parametrize("change", [versions_from("15.0"), less_memory], ids=["tighter", "looser"])
def test_waivers_in_force_hold_for_what_would_be_published(store, change):
    _, lea = store.codes()
    waive(store, "browser.version", "--lea", lea)
    waive(store, "memory.size", "--state")
    results = {r for *_, found in store.devices().values() for r in found.values()}
    assert "waived" in results
    worse, better = check_comes_true(store, in_json(store, "next.json", changed_profile(change)))
    assert worse + better > 0


# --- what people see ----------------------------------------------------------------------------


def test_a_person_reads_the_sentence_first_and_that_nothing_was_changed(store):
    path = in_json(store, "next.json", changed_profile(versions_from("15.0")))
    said = store.what_if_json(path)
    done = store.what_if(path)
    assert done.returncode == 1 and done.stderr == ""
    lines = done.stdout.splitlines()
    worse, sites = said["devices_worse"], said["sites_flipped"]
    assert lines[0] == (f"{path} flips {worse} devices of {sites} sites: {worse} stop being ready, "
                        "0 become ready.")
    assert f"{worse}  ready → not ready" in done.stdout
    assert "  browser.version: This year's secure browser is installed" in lines
    left_out = said["left_out"]
    assert f"{left_out['never_seen']} never reported" in done.stdout
    assert f"{left_out['retired']} retired" in done.stdout
    assert lines[-2:] == ["Nothing was changed. To publish it:",
                          f"  testready-collector profile publish {path}"]


def test_the_20_sites_that_lose_most_are_shown_and_all_where_asked(store):
    path = in_json(store, "next.json", changed_profile(versions_from("15.0")))
    sites = store.what_if_json(path)["sites"]
    lost = [site["ready_before"] - site["ready_after"] for site in sites]
    assert len(sites) > 20 and lost == sorted(lost, reverse=True)

    def shown(*options):
        return [line.split()[0] for line in store.what_if(path, *options).stdout.splitlines()
                if " of " in line and " ready" in line and " → " in line]
    assert shown() == [site["code"] for site in sites[:20]]
    assert shown("--all") == [site["code"] for site in sites]


def test_devices_are_listed_for_a_spreadsheet_and_none_is_a_formula(store):
    # What a device calls itself is its own.
    names = ["=1+1", "@SUM(A1)", "-2", 'a,"b"']
    with contextlib.closing(sqlite3.connect(store.store)) as db, db:
        ids = [row[0] for row in db.execute("SELECT id FROM device WHERE state = 'ready'")]
        for device, name in zip(ids, names):
            db.execute("UPDATE device SET host_name = ? WHERE id = ?", (name, device))
    nobody = changed_profile(lambda _, r: r["memory.size"]["check"].update(at_least=999999))
    path = in_json(store, "next.json", nobody)
    done = store.what_if(path, "--devices")
    assert done.returncode == 1 and " flips " in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
    before = store.devices()
    store.publish(path)
    after = store.devices()
    assert {row["device_id"]: (row["site"], row["expected"], row["before"], row["after"])
            for row in rows} == \
        {device: (was[0], "yes" if was[1] else "no", was[2], after[device][2])
         for device, was in before.items() if was[2] != after[device][2]}
    assert all("memory.size: " in row["requirements"] for row in rows)
    told = {row["device_id"]: row["host_name"] for row in rows}
    assert [told[device] for device in ids[:4]] == ["'=1+1", "'@SUM(A1)", "'-2", names[3]]


def test_it_can_be_asked_while_the_collector_serves(store):
    path = in_json(store, "next.json", changed_profile(versions_from("15.0")))
    said = store.what_if_json(path)
    with store:
        assert store.what_if_json(path) == said
        assert store.get("/v1/overview").status == 200


# --- what is refused ------------------------------------------------------------------------------


def refused(store, path, *options):
    done = store.run("profile", "what-if", *([path] if path else []), *options, "--store",
                     store.store, check=False)
    assert done.returncode == 3, done
    assert done.stdout == ""
    return done.stderr


def test_a_broken_file_is_refused_with_its_place(store):
    path = store.write("broken.json", '{"profile": "x",\n "colour": 1}')
    assert f"{path}:" in refused(store, path)
    assert "No such file" in refused(store, path + ".none")
    assert "name the file" in refused(store, None)
    assert "not both" in refused(store, harness.PROFILE, "--json", "--devices")


def test_a_profile_that_no_window_names_judges_nobody(store):
    other = in_json(store, "other.json", {**EXAMPLE, "profile": "other"})
    done = store.what_if(other)
    assert done.returncode == 0
    assert "judges nobody: no site has a window of other." in done.stdout


def test_what_could_not_be_published_is_refused(store):
    site, _ = store.codes()
    nowhere = in_json(store, "nowhere.json", headphones({"site": "no-such-site"}))
    assert "no-such-site" in refused(store, nowhere)
    unknown = in_json(store, "unknown.json", {**headphones({"site": site}), "supplement_to": "nothing"})
    assert "nothing" in refused(store, unknown)
    more = in_json(store, "more.json", headphones({"site": site}))
    store.publish(more)
    without = changed_profile(lambda p, r: p["requirements"].remove(r["audio.headphones"]))
    assert "audio.headphones" in refused(store, in_json(store, "without.json", without))


def test_what_lint_calls_an_error_is_refused_as_by_publish(store):
    def never(_, requirements):
        memory = {"fact": "memory.total_mib"}
        requirements["memory.size"]["check"] = {"all_of": [{**memory, "at_least": 4096},
                                                           {**memory, "at_most": 2048}]}
    path = in_json(store, "never.json", changed_profile(never))
    said = refused(store, path).splitlines()
    assert said[0].startswith(f"{path}:") and "would not be published" in said[-1]
    assert store.run("profile", "publish", path, "--store", store.store, check=False).returncode == 1


def test_a_profile_can_come_from_a_pipe(store):
    with open(harness.PROFILE, encoding="utf-8") as file:
        done = subprocess.run([store.program, "profile", "what-if", "-", "--store", store.store],
                              stdin=file, text=True, capture_output=True, check=True)
    assert done.stdout.startswith("<stdin> changes nothing")


def test_a_store_that_is_not_there_is_not_made(tmp_path, store):
    path = str(tmp_path / "none.db")
    done = store.run("profile", "what-if", harness.PROFILE, "--store", path, check=False)
    assert done.returncode == 3 and path in done.stderr
    assert not os.path.exists(path)
