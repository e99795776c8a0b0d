# SPDX-License-Identifier: Apache-2.0
"""profile lint, show and diff, as a person runs them on files and on what is published."""
import glob
import json
import os
import subprocess
from datetime import datetime, timedelta, timezone

import pytest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BUILD = os.path.abspath(os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build", "default")))
COLLECTOR = os.path.join(BUILD, "testready-collector")
PROFILES = os.path.join(ROOT, "packaging", "profiles")
EXAMPLE = os.path.join(PROFILES, "example.json")
BROKEN = os.path.join(ROOT, "tests", "cases", "profile", "broken")
BASE = os.path.join(BROKEN, "whole-profile.json")
SUPPLEMENT = os.path.join(BROKEN, "whole-supplement.json")
COLUMNS = 92


def run(*args, folder=None, text=None, store="/nonexistent/store.db"):
    env = {"PATH": os.environ["PATH"], "TESTREADY_STORE": str(store)}
    return subprocess.run([COLLECTOR, *args], text=True, input=text or "", timeout=60, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=folder)


def publish_example(tmp_path, store):
    """Into a store that is not there yet, which publishing does not make."""
    (tmp_path / "none.json").write_text('{"sites": []}', encoding="utf-8")
    assert run("site", "import", str(tmp_path / "none.json"), store=store).returncode == 0
    assert run("profile", "publish", EXAMPLE, store=store).returncode == 0


def edited(tmp_path, source, change, name="edited.json"):
    """A copy of a profile that @change has changed."""
    with open(source, encoding="utf-8") as file:
        profile = json.load(file)
    change(profile)
    path = tmp_path / name
    path.write_text(json.dumps(profile, indent=1), encoding="utf-8")
    return str(path)


def requirement(profile, name):
    return next(r for r in profile["requirements"] if r["id"] == name)


# --- lint ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(glob.glob(os.path.join(BROKEN, "[0-9]*.json"))),
                         ids=os.path.basename)
def test_a_broken_file_has_one_error_with_its_place_and_how_to_mend_it(path):
    name = os.path.basename(path)
    with open(path[:-len("json")] + "error", encoding="utf-8") as file:
        error = file.read()

    done = run("profile", "lint", "--base", BASE, name, folder=BROKEN)
    assert done.stdout == f"{name}:{error}"
    assert (done.returncode, done.stderr) == (1, "")


def test_every_error_has_its_file_and_the_other_way_round():
    names = {os.path.splitext(name)[0] for name in os.listdir(BROKEN)}
    for name in names - {"whole-profile", "whole-supplement"}:
        assert {name + ".json", name + ".error"} <= set(os.listdir(BROKEN))
    assert len(names) > 12


def test_what_ships_has_nothing_to_mend():
    done = run("profile", "lint", "--strict", *sorted(glob.glob(os.path.join(PROFILES, "*.json"))))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(" files, 0 errors, 0 warnings")


def test_all_files_are_looked_at_and_one_of_them_is_the_profile_of_a_supplement():
    broken = os.path.join(BROKEN, "31-supplement-that-contradicts.json")

    done = run("profile", "lint", broken, SUPPLEMENT, "/nonexistent.json", BASE)
    lines = done.stdout.splitlines()
    assert done.returncode == 3
    assert "/nonexistent.json: No such file or directory" in done.stderr
    assert lines[0].startswith(broken + ":8:15: error: ")
    assert lines[1].startswith(SUPPLEMENT + ": supplement of lea LUSD to demo-2027")
    assert lines[2].startswith(BASE + ": profile demo-2027, version ")
    assert lines[3:] == ["4 files, 1 error, 0 warnings"]


def test_a_supplement_alone_is_a_warning_and_strict_makes_it_an_error():
    plain = run("profile", "lint", SUPPLEMENT)
    strict = run("profile", "lint", "--strict", SUPPLEMENT)

    assert (plain.returncode, strict.returncode) == (0, 1)
    assert plain.stdout == strict.stdout == (
        f"{SUPPLEMENT}:1:1: warning: supplement_to: not looked at together with 'demo-2027': name "
        "that profile's file by --base\n")


def test_standard_input_is_looked_at():
    done = run("profile", "lint", "-", text='{"profile": }')

    assert done.returncode == 1
    assert done.stdout.startswith("<stdin>:1:13: error: not JSON")


def test_more_than_there_may_be_is_refused_and_not_read():
    done = run("profile", "lint", "-", text=" " * (256 * 1024 + 1))

    assert done.returncode == 3
    assert "more than 262144 bytes" in done.stderr


# --- show ------------------------------------------------------------------------------


def test_a_profile_is_shown_in_words_that_fit_a_terminal():
    done = run("profile", "show", EXAMPLE)

    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= COLUMNS
    with open(EXAMPLE, encoding="utf-8") as file:
        profile = json.load(file)
    for one in profile["requirements"]:
        assert done.stdout.count(f"{one['title']}  [{one['id']}]\n") == 1
    assert "  needs     memory at least 1792 MiB\n" in done.stdout
    assert "(60 minutes)" in done.stdout
    assert "  yes       fedora 40..43 but not 41\n" in done.stdout
    assert "  no        chromeos: ChromeOS is tested in its own kiosk app\n" in done.stdout


def test_one_role_sees_what_is_asked_of_it_and_no_more():
    everything = run("profile", "show", EXAMPLE).stdout
    done = run("profile", "show", EXAMPLE, "--role", "ta")

    with open(EXAMPLE, encoding="utf-8") as file:
        for one in json.load(file)["requirements"]:
            assert (f"[{one['id']}]" in done.stdout) == ("ta" in one["roles"])
    headings = [line for line in done.stdout.splitlines() if line.endswith(" devices")]
    assert headings == ["REQUIRED of ta devices", "RECOMMENDED of ta devices"]
    assert len(done.stdout) < len(everything)


def test_a_document_says_whose_a_requirement_is_and_what_is_waived(tmp_path):
    def compose(profile):
        profile["supplements"] = [{"scope": "lea", "code": "LUSD", "title": "Lincoln asks more",
                                   "version": "a" * 64}]
        profile["waivers"] = [{"id": "w", "scope": "site", "requirement": "memory.size",
                               "reason": "New ones are ordered.", "until": "2027-05-31"}]
        requirement(profile, "audio.headphones")["origin"] = "lea LUSD"

    done = run("profile", "show", edited(tmp_path, EXAMPLE, compose))
    assert "  with      Lincoln asks more (lea LUSD, version aaaaaaaa)\n" in done.stdout
    assert "  asked by  lea LUSD\n" in done.stdout
    assert "  waived    for the site until 2027-05-31: New ones are ordered.\n" in done.stdout


def test_what_is_published_is_shown_by_its_id_and_its_version(tmp_path):
    store = tmp_path / "store.db"
    publish_example(tmp_path, store)

    by_file = run("profile", "show", EXAMPLE).stdout
    version = by_file.splitlines()[1].split()[-1]
    assert run("profile", "show", "example", store=store).stdout == by_file
    assert run("profile", "show", version, store=store).stdout == by_file


def test_a_site_is_shown_what_judges_it(tmp_path):
    store = tmp_path / "store.db"
    sites = os.path.join(ROOT, "packaging", "examples", "sites.json")
    publish_example(tmp_path, store)
    assert run("site", "import", sites, store=store).returncode == 0

    done = run("profile", "show", "--site", "01990010000101", store=store)
    none = run("profile", "show", "--site", "1", store=store)
    assert done.stdout == run("profile", "show", EXAMPLE).stdout
    assert (none.returncode, "no site has the code '1'" in none.stderr) == (3, True)


@pytest.mark.parametrize("days, says", [
    (0, "waived    for the site until {until}: None yet\n"),
    (1, "waived    for the site until {until}: None yet (does not count here: the window"),
])
def test_a_waiver_that_ends_before_a_sites_window_is_shown_not_to_count(tmp_path, days, says):
    store, site = tmp_path / "store.db", "01990010000101"
    until = datetime.now(timezone.utc).date()

    def end(file):
        file["sites"] = file["sites"][:1]
        file["sites"][0]["window"].update(first=str(until - timedelta(60)),
                                          last=str(until + timedelta(days)))

    sites = edited(tmp_path, os.path.join(ROOT, "packaging", "examples", "sites.json"), end)
    publish_example(tmp_path, store)
    assert run("site", "import", sites, store=store).returncode == 0
    added = run("waiver", "add", "--profile", "example", "--requirement", "audio.headphones",
                "--site", site, "--until", str(until), "--reason", "None yet", "--who", "R",
                store=store)
    assert added.returncode == 0, added.stderr
    shown = run("profile", "show", "--site", site, store=store).stdout
    assert says.format(until=until) in shown
    assert ("does not count" in shown) == (days > 0)


@pytest.mark.parametrize("args, words", [
    (["profile", "show"], "name one file"),
    (["profile", "show", EXAMPLE, "--site", "1"], "name one file"),
    (["profile", "show", EXAMPLE, "--role", "cook"], "'cook' is not one of student, ta"),
    (["profile", "show", "exampel.json"], "exampel.json: No such file or directory"),
    (["profile", "show", SUPPLEMENT], "a supplement to demo-2027, and no profile: `profile lint` looks "
     "at it, `profile what-if`"),
    (["profile", "diff", EXAMPLE], "name two"),
    (["profile", "diff", EXAMPLE, os.path.join(BROKEN, "24-not-json.json")], "not JSON"),
    (["profile", "lint"], "name the files"),
    (["profile", "lint", "--base", SUPPLEMENT, SUPPLEMENT], "is a supplement itself"),
])
def test_what_cannot_be_done_says_what_would_be_right(args, words):
    done = run(*args)

    assert (done.returncode, done.stdout) == (3, "")
    assert words in done.stderr


def test_a_name_that_means_nothing_is_told_what_names_there_are(tmp_path):
    store = tmp_path / "store.db"
    publish_example(tmp_path, store)

    done = run("profile", "show", "exampel", store=store)
    assert done.returncode == 3
    assert "'exampel' is no file, no published profile, and no version (8 digits" in done.stderr


# --- diff ------------------------------------------------------------------------------


def test_the_same_has_no_difference():
    done = run("profile", "diff", EXAMPLE, EXAMPLE)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "No difference."


def test_what_changed_is_told_with_its_direction_and_counted(tmp_path):
    def change(profile):
        requirement(profile, "memory.size")["check"]["at_least"] = 3840
        requirement(profile, "audio.headphones")["severity"] = "required"
        requirement(profile, "audio.headphones")["title"] = "Headphones are there"
        profile["freshness_hours"]["default"] = 500
        del profile["tables"]["os"][0]

    done = run("profile", "diff", EXAMPLE, edited(tmp_path, EXAMPLE, change))
    assert (done.returncode, done.stderr) == (1, "")
    assert max(map(len, done.stdout.splitlines())) <= COLUMNS
    for line in ("  looser    default was 336 hours, is 500 hours",
                 "  tighter   needed memory at least 1792 MiB; needs memory at least 3840 MiB",
                 "  tighter   severity was recommended, is required",
                 "  tighter   went: full, debian 12..13"):
        assert line + "\n" in done.stdout
    assert done.stdout.splitlines()[-1] == \
        "5 differences: 3 tighter, 1 looser, 0 either, 1 of wording."


def test_a_file_is_compared_with_what_is_published(tmp_path):
    store = tmp_path / "store.db"
    publish_example(tmp_path, store)
    other = edited(tmp_path, EXAMPLE, lambda p: p.update(title="Another title"))

    done = run("profile", "diff", "example", other, store=store)
    assert done.returncode == 1
    assert "title was 'Example programme', is 'Another title'" in done.stdout
    assert run("profile", "diff", "example", EXAMPLE, store=store).returncode == 0
