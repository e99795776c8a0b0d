# SPDX-License-Identifier: Apache-2.0
"""The commands of the collector that work on the store, as a person runs them."""
import json
import os
import re
import sqlite3
import subprocess

import pytest

from test_collector_help import commands

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build", "default"))
COLLECTOR = os.path.join(BUILD, "testready-collector")
EXAMPLES = os.path.join(ROOT, "packaging", "examples")
PROFILE = os.path.join(ROOT, "packaging", "profiles", "example.json")
LINCOLN = "01990010000101"


class Admin:
    def __init__(self, folder):
        self.folder = folder
        self.store = os.path.join(folder, "store.db")

    def run(self, *args, **more):
        env = {"PATH": os.environ["PATH"], "TESTREADY_STORE": self.store}
        return subprocess.run([COLLECTOR, *args], text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              check=False, env=env, cwd=self.folder, **more)

    def file(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return name

    def dump(self):
        """Everything that is stored."""
        with sqlite3.connect(self.store) as db:
            return list(db.iterdump())

    def number(self, sql):
        with sqlite3.connect(self.store) as db:
            return db.execute(sql).fetchone()[0]


@pytest.fixture
def admin(tmp_path):
    return Admin(str(tmp_path))


@pytest.fixture
def school(admin):
    """Three sites with an inventory and a published profile."""
    for args in (["site", "import", os.path.join(EXAMPLES, "sites.json")],
                 ["profile", "publish", PROFILE],
                 ["site", "import", os.path.join(EXAMPLES, "inventory.csv")]):
        done = admin.run(*args)
        assert (done.returncode, done.stderr) == (0, "")
    return admin


def test_a_list_that_is_read_in_parts_is_printed_whole(admin):
    codes = [f"{1990010000000 + i:014d}" for i in range(1, 1102)]
    admin.file("sites.csv", "lea_code,lea_name,site_code,site_name\n" + "".join(
        f"0199001,Example Unified,{code},School {code}\n" for code in codes))
    assert admin.run("site", "import", "sites.csv").returncode == 0

    lines = admin.run("site", "list").stdout.splitlines()
    told = json.loads(admin.run("site", "list", "--json").stdout)

    assert [line[:14] for line in lines] == codes
    assert [site["code"] for site in told["sites"]] == codes
    assert told["next_cursor"] is None


# --- imports -------------------------------------------------------------------------


def test_the_examples_are_imported_once(admin):
    sites = os.path.join(EXAMPLES, "sites.json")
    inventory = os.path.join(EXAMPLES, "inventory.csv")

    assert admin.run("site", "import", sites).stdout == "3 sites, 3 windows: 3 new, 0 changed.\n"
    assert admin.run("site", "import", inventory).stdout == \
        "12 devices of 3 sites: 12 new, 0 changed, 0 unchanged.\n"
    before = admin.dump()
    assert admin.run("site", "import", sites).stdout == "3 sites, 3 windows: 0 new, 0 changed.\n"
    assert admin.run("site", "import", inventory).stdout == \
        "12 devices of 3 sites: 0 new, 0 changed, 12 unchanged.\n"
    assert admin.dump() == before


def test_every_error_of_an_inventory_is_told_and_nothing_is_imported(school):
    before = school.dump()
    name = school.file("new.csv",
                       "site_code,asset_tag,host_name,role,room\r\n"
                       f"{LINCOLN},N1,new-1,student,101\r\n"
                       f"{LINCOLN},N2,new-2,janitor,101\r\n"
                       "01990010000999,N3,new-3,,\r\n"
                       f"{LINCOLN},N1,new-4,,\r\n"
                       f"{LINCOLN},,,,\r\n")

    done = school.run("site", "import", name)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "new.csv:3:25: column 'role': 'janitor' is not one of student, ta, shared, spare",
        "new.csv:4:1: column 'site_code': no site has the code '01990010000999'",
        "new.csv:5:16: column 'asset_tag': 'N1' is on line 2 too",
        "new.csv:6:1: one of asset_tag, serial and host_name is needed to know the device again",
        "Nothing was imported.",
    ]
    assert school.dump() == before


def test_every_error_of_sites_is_told_and_nothing_is_imported(school):
    before = school.dump()
    name = school.file("sites.json", """{"sites": [
  {"code": "1", "name": "New", "lea": {"code": "9", "name": "L"}},
  {"code": "2", "name": "New", "lea": {"code": "9", "name": "L"}, "students": 400},
  {"code": "3", "name": "New", "lea": {"code": "9", "name": "L"},
   "window": {"id": "w", "programme": "P", "first": "2027-02-29", "last": "2027-03-01", "profile": "p"}}
]}""")

    done = school.run("site", "import", name)
    assert done.returncode == 1
    assert done.stdout == ""
    assert [line.split(": ")[:2] for line in done.stderr.splitlines()[:-1]] == [
        ["sites.json:3:79", "sites[1].students"],
        ["sites.json:5:53", "sites[2].window.first"],
    ]
    assert school.dump() == before


def test_a_window_of_another_site_is_told_with_its_line(school):
    name = school.file("sites.json", """{"sites": [
  {"code": "1", "name": "New", "lea": {"code": "9", "name": "L"},
   "window": {"id": "lincoln-2027", "programme": "P", "first": "2027-03-01", "last": "2027-04-01",
              "profile": "p"}}]}""")

    done = school.run("site", "import", name)
    assert done.returncode == 1
    assert done.stderr.startswith("sites.json:2:3: site 1: another site has a window")
    assert school.number("SELECT count(*) FROM site") == 3


def test_only_two_hundred_errors_are_shown(school):
    name = school.file("new.csv", "site_code,host_name\n" + "1,\n" * 220)

    lines = school.run("site", "import", name).stderr.splitlines()
    assert len(lines) == 202
    assert lines[-2:] == ["and 20 more", "Nothing was imported."]


def test_what_changed_is_counted(school):
    with open(os.path.join(EXAMPLES, "inventory.csv"), encoding="utf-8") as file:
        text = file.read()
    text = text.replace("lincoln-104-01,student,104", "lincoln-104-01,student,107")
    text = text.replace(f"{LINCOLN},VO-1006,,lincoln-106-01,student,106\n", "")

    done = school.run("site", "import", school.file("new.csv", text))
    assert done.stdout == "11 devices of 3 sites: 0 new, 1 changed, 10 unchanged, 1 removed.\n"
    assert school.number(f"SELECT never_seen FROM site_count WHERE site_code = '{LINCOLN}'") == 5


def test_a_dry_run_says_what_would_change_and_changes_nothing(school):
    before = school.dump()
    name = school.file("new.csv", f"site_code,serial\n{LINCOLN},S-1\n")
    done = school.run("site", "import", name, "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 devices of 1 sites: 1 new, 0 changed, 0 unchanged")
    assert done.stdout.endswith("\nNothing was imported: this was a dry run.\n")
    wrong = school.file("wrong.csv", f"site_code,serial\n{LINCOLN},S-1\n{LINCOLN},S-1\n")
    done = school.run("site", "import", wrong, "--dry-run")
    assert done.returncode == 1 and done.stdout == "" and "wrong.csv:3:" in done.stderr
    done = school.run("site", "import", os.path.join(EXAMPLES, "sites.json"), "--dry-run")
    assert done.stdout == "3 sites, 3 windows: 0 new, 0 changed.\n" \
        "Nothing was imported: this was a dry run.\n"
    assert school.dump() == before
    done = school.run("site", "import", name, "--dry-run", "--store", "none.db")
    assert done.returncode == 3 and not os.path.exists(os.path.join(school.folder, "none.db"))


def test_what_an_inventory_leaves_open_is_listed_with_what_to_do(school):
    other = "01990010000102"
    name = school.file("new.csv", f"site_code,serial\n{LINCOLN},S-1\n")
    assert school.run("site", "import", name).returncode == 0
    done = school.run("site", "import", school.file("other.csv", f"site_code,serial\n{other},S-1\n"))
    assert done.stdout.endswith("1 taken from another site's inventory.\n")

    done = school.run("inventory", "list", "--site", other)
    assert done.returncode == 0
    assert done.stdout.startswith("never_seen  ") and 'serial "S-1"' in done.stdout
    assert "Find the machine and enrol it with a key of this school" in done.stdout
    assert "1 expected, 0 of them seen in the last 30 days; twice 0; moved 0; unexpected 0; " \
        "retired 0; never_seen 1; not_since 0." in done.stdout
    listed = json.loads(school.run("inventory", "list", "--site", LINCOLN, "--json").stdout)
    assert listed["expected"] == 0 and listed["findings"] == []

    done = school.run("inventory", "list", "--site", LINCOLN, "--kind", "lost")
    assert done.returncode == 3 and "not 'lost'" in done.stderr
    done = school.run("inventory", "list", "--site", LINCOLN, "--days", "0")
    assert done.returncode == 3 and "--days" in done.stderr


def test_a_large_inventory_is_imported_whole(school):
    rows = 20000
    name = school.file("new.csv", "site_code,asset_tag,host_name,room\n" + "".join(
        f"{LINCOLN},T-{i},host-{i},{i % 40}\n" for i in range(rows)))

    done = school.run("site", "import", name)
    assert done.stdout.startswith(f"{rows} devices of 1 sites: {rows} new, 0 changed, 0 unchanged")
    assert school.number(f"SELECT sum(n) FROM site_pattern WHERE site_code = '{LINCOLN}'") == rows


@pytest.mark.parametrize("text, words", [
    ("", "the file is empty"),
    ("hello\n", "no column 'hello'"),
    ("{", "not JSON"),
    ("[1]", "expected object, got list"),
])
def test_what_is_neither_sites_nor_an_inventory_is_refused(admin, text, words):
    done = admin.run("site", "import", admin.file("some.file", text))

    assert done.returncode == 1
    assert done.stderr.startswith("some.file:1:1: ")
    assert words in done.stderr


# --- profiles and keys -----------------------------------------------------------------


def test_a_broken_profile_is_refused_with_its_place(school):
    with open(PROFILE, encoding="utf-8") as file:
        broken = file.read().replace('"memory.total_mib"', '"memory.total"')
    before = school.dump()

    done = school.run("profile", "publish", school.file("p.json", broken))
    assert done.returncode == 1
    assert re.match(r"p\.json:\d+:\d+: .*memory\.total", done.stderr)
    assert school.dump() == before


def test_publishing_says_which_version(school):
    done = school.run("profile", "publish", PROFILE)

    assert re.fullmatch(r"Published example, version [0-9a-f]{8}\. No site is judged otherwise than "
                        r"before\.\n", done.stdout)


def test_publishing_what_no_window_names_says_so(school):
    with open(PROFILE, encoding="utf-8") as file:
        other = dict(json.load(file), year="2027-28")

    done = school.run("profile", "publish", school.file("p.json", json.dumps(other)))
    assert "No site has a window of example-2027-28 yet: windows name it in what site" in done.stdout


def test_only_the_hash_of_an_enrollment_key_is_kept(school):
    key = school.run("enrollment-key", "add", "--site", LINCOLN, "--key-only").stdout.strip()
    told = school.run("enrollment-key", "add", "--site", LINCOLN, "--days", "2", "--uses", "7",
                      "--url", "https://c.example").stdout

    assert re.fullmatch(r"tre_[0-9A-Za-z_-]{43}", key)
    assert key not in "\n".join(school.dump())
    assert re.search(r"^  echo tre_\S{43} \| testready-agent enroll --url https://c\.example "
                     r"--key-file -$", told, re.M)
    assert school.number("SELECT uses_left FROM enrollment_key WHERE uses_left > 0") == 7
    assert school.number("SELECT min(expires_ms - created_ms) FROM enrollment_key") == 2 * 86400000


# --- certification ---------------------------------------------------------------------


def certify(admin, *more, site=LINCOLN, window="lincoln-2027"):
    return admin.run("certify", "--site", site, "--window", window, *more)


def test_a_site_that_nobody_reported_from_cannot_be_certified(school):
    done = certify(school, "--dry-run", "--as-of", "2027-01-15")

    assert done.returncode == 1
    words = [line.split()[0] for line in done.stdout.splitlines()[:5]]
    assert words == ["met", "met", "NOT", "NOT", "NOT"]
    assert "0 of 6 expected devices" in done.stdout
    assert done.stdout.splitlines()[-1] == \
        f"Site {LINCOLN} cannot be certified for window lincoln-2027: 3 of 5 rules are not met."


@pytest.fixture
def lenient(school):
    """A programme that asks for so little that a site is certifiable."""
    with open(PROFILE, encoding="utf-8") as file:
        profile = json.load(file)
    profile["certification"].update(coverage_percent=0, devices_percent=0, browser_percent=0)
    assert school.run("profile", "publish", school.file("p.json", json.dumps(profile))).returncode == 0
    return school


def test_a_site_of_which_every_rule_is_met_can_be_certified(lenient):
    done = certify(lenient, "--dry-run", "--as-of", "2027-01-15")

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == \
        f"Site {LINCOLN} can be certified for window lincoln-2027."


def test_the_day_decides(lenient):
    before = lenient.dump()

    assert certify(lenient, "--dry-run", "--as-of", "2027-04-30").returncode == 0
    done = certify(lenient, "--dry-run", "--as-of", "2027-05-01")
    assert done.returncode == 1
    assert "The window was over on 2027-04-30." in done.stdout
    assert lenient.dump() == before


def test_the_rules_are_told_to_programs(school):
    done = certify(school, "--dry-run", "--json", "--as-of", "2027-01-15")

    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert answer["certifiable"] is False
    assert (answer["site"], answer["window"]) == (LINCOLN, "lincoln-2027")
    assert [(rule["id"], rule["met"]) for rule in answer["rules"]] == \
        [("window", True), ("judged", True), ("coverage", False), ("devices", False),
         ("browser", False)]


def test_signing_is_not_there_yet(school):
    done = certify(school)

    assert done.returncode == 3
    assert "cannot be signed yet" in done.stderr


def test_a_mistyped_site_or_window_is_told_which_there_are(school):
    site = certify(school, "--dry-run", site="0199")
    window = certify(school, "--dry-run", window="lincoln")

    assert (site.returncode, window.returncode) == (3, 3)
    assert "'0199'" in site.stderr and LINCOLN in site.stderr
    assert "'lincoln'" in window.stderr and "'lincoln-2027'" in window.stderr


# --- usage ----------------------------------------------------------------------------


@pytest.mark.parametrize("args", [
    [], ["sites"], ["site"], ["site", "export"], ["site", "import"], ["site", "import", "a", "b"],
    ["site", "import", "/nonexistent"], ["site", "import", "/dev/null"], ["profile", "publish"],
    ["profile", "publish", "/nonexistent"], ["enrollment-key", "add"],
    ["enrollment-key", "add", "--site", "1"],
    ["enrollment-key", "add", "--site", LINCOLN, "--days", "0"],
    ["enrollment-key", "add", "--site", LINCOLN, "--uses", "many"],
    ["certify"], ["certify", "--site", "1", "--dry-run"],
    ["certify", "--site", LINCOLN, "--window", "lincoln-2027", "--dry-run", "--as-of", "soon"],
    ["certify", "--site", LINCOLN, "--window", "lincoln-2027", "--dry-run", "--store", "pg:x"],
    ["certify", "--site", LINCOLN, "--window", "lincoln-2027", "--dry-run", "--store", "/none/x"],
])
def test_what_cannot_be_done_is_told_on_standard_error(school, args):
    done = school.run(*args)

    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.strip()


# What a new store begins with, or what needs none.
MAKE_A_STORE = {"serve", "site import", "restore"}
NEED_NO_STORE = {"profile lint", "profile diff", "site template", "help", "version"}
# What else a command has to be told before it looks for the store.
NEEDED = {
    "inventory list": ["--site", LINCOLN],
    "profile show": ["example"],
    "profile publish": [PROFILE],
    "profile what-if": [PROFILE],
    "profile withdraw": ["example", "--site", LINCOLN],
    "profile export": ["example"],
    "waiver add": ["--profile", "example", "--requirement", "r", "--reason", "r", "--who", "w",
                   "--until", "2099-01-01", "--site", LINCOLN],
    "waiver propose": ["--profile", "example", "--requirement", "r", "--reason", "r", "--who", "w",
                       "--until", "2099-01-01", "--site", LINCOLN],
    "waiver give": ["x"],
    "waiver decline": ["x", "--reason", "r"],
    "waiver revoke": ["x", "--who", "w"],
    "person add": ["ada", "--name", "Ada", "--admin"],
    "person disable": ["ada"],
    "person enable": ["ada"],
    "person invite": ["ada"],
    "person renew": ["ada"],
    "person sign-on": ["ada", "--nobody"],
    "person grant": ["ada", "--role", "viewer", "--state"],
    "person ungrant": ["ada", "--role", "viewer", "--state"],
    "person import": [__file__],
    "token add": ["--name", "x", "--role", "viewer", "--state"],
    "token revoke": ["0" * 32],
    "enrollment-key add": ["--site", LINCOLN],
    "enrollment-key revoke": ["0" * 12],
    "import-reports": ["."],
    "site show": [LINCOLN],
    "lea show": ["1964733"],
    "lea change": ["1964733", "--name", "Other"],
    "device show": ["x"],
    "device move": ["x", "--room", "1"],
    "device retire": ["x", "--reason", "lost"],
    "device restore": ["x"],
    "device undo": ["x"],
    "device cancel": ["x"],
    "conflict show": ["x"],
    "conflict resolve": ["x", "--as", "repaired"],
    "conflict undo": ["x"],
    "certify": ["--site", LINCOLN, "--window", "lincoln-2027", "--dry-run"],
    "export": ["devices"],
    "backup": ["copy.db"],
}


@pytest.mark.parametrize("command", sorted(set(commands()) - MAKE_A_STORE - NEED_NO_STORE))
def test_a_path_that_was_mistyped_does_not_become_a_store(admin, command):
    done = admin.run(*command.split(), *NEEDED.get(command, []), "--store", "testraedy.db")

    assert done.returncode in (1, 3)
    assert "no store at 'testraedy.db': check --store; serve or site import makes a new one" \
        in done.stderr
    assert os.listdir(admin.folder) == []


def test_a_dry_run_without_a_store_says_that_it_makes_none(admin):
    done = admin.run("site", "import", os.path.join(EXAMPLES, "sites.json"), "--dry-run")

    assert done.returncode == 3
    assert "a dry run makes no store: no store at" in done.stderr
    assert os.listdir(admin.folder) == []


@pytest.mark.parametrize("store, told", [
    (".", ".: this is a folder; name the file of the store"),
    ("sqlite:", "'sqlite:' names no file"),
    ("none/store.db", "there is no such folder; make it"),
])
def test_what_can_be_no_store_is_told(admin, store, told):
    done = admin.run("site", "import", os.path.join(EXAMPLES, "sites.json"), "--store", store)

    assert done.returncode == 3
    assert told in done.stderr
    assert os.listdir(admin.folder) == []


@pytest.mark.parametrize("command", [["site", "list"], ["audit", "list"], ["check"]])
def test_a_store_of_another_user_is_told_with_whose_it_is(school, command):
    if os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    os.chmod(school.folder, 0o755)
    asked = [COLLECTOR, *command, "--store", "store.db"]
    nobody = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": school.folder}

    done = subprocess.run(asked, text=True, capture_output=True, check=False, timeout=60, **nobody)
    assert done.returncode in (1, 3)
    assert "store.db: permission denied: it belongs to root; run this as that user, or as root" \
        in done.stderr


def test_keys_of_a_site_that_was_mistyped_are_not_none(school):
    done = school.run("enrollment-key", "list", "--site", "0199")

    assert (done.returncode, done.stdout) == (3, "")
    assert "no site has the code '0199'" in done.stderr


def test_a_kind_of_change_that_is_none_is_told_with_those_that_are(school):
    done = school.run("audit", "list", "--act", "waived")

    assert (done.returncode, done.stdout) == (3, "")
    assert "no kind of change 'waived'" in done.stderr
    assert " waiver_given" in done.stderr and " supplement_withdrawn\n" in done.stderr


def test_a_folder_without_reports_is_told(school):
    os.mkdir(os.path.join(school.folder, "stick"))

    empty = school.run("import-reports", "stick")
    none = school.run("import-reports", "stock")

    assert empty.returncode == 0
    assert empty.stdout == "There are no reports in stick; name the folder that testready-agent export wrote.\n"
    assert (none.returncode, none.stdout) == (3, "")


def test_an_answer_that_cannot_be_written_is_a_failure(school):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([COLLECTOR, "enrollment-key", "add", "--site", LINCOLN, "--store",
                               school.store], stdout=full, stderr=subprocess.PIPE, text=True,
                              check=False, timeout=60)

    assert done.returncode == 3
    assert "No space left on device" in done.stderr
