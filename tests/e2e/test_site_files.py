# SPDX-License-Identifier: Apache-2.0
"""LEAs, sites and rooms on the command line: templates, import, list, show."""
import json

import pytest
from harness import collector  # noqa: F401

HEADER = "lea_code,lea_name,site_code,site_name,coordinator_name,tracks\n"
ROW = "0199001,Example,01990010000101,Adams,Bo Ruiz,A\n"


def run(collector, *args, refused=False):
    done = collector.run(*args, "--store", collector.store, check=False)
    assert (done.returncode == 1) == refused, done.stderr
    return done.stderr if refused else done.stdout


def shown(collector):
    return json.loads(run(collector, "site", "show", "01990010000101", "--json"))


@pytest.mark.parametrize("name, told", [("sites", "2 sites, 1 windows: 2 new"),
                                        ("rooms", "2 rooms of 1 sites: 2 new")])
def test_a_template_is_a_file_that_is_taken(collector, name, told):
    for kind in ["sites", name] if name == "rooms" else [name]:
        text = collector.run("site", "template", kind).stdout
        out = run(collector, "site", "import", collector.write(f"{kind}.csv", text))
    assert out.startswith(told)


def test_sites_and_rooms_of_files_are_shown(collector):
    out = run(collector, "site", "import", collector.write("s.csv", HEADER + ROW))
    assert out == "1 sites, 0 windows: 1 new, 0 changed.\n" \
                  "3 sites that the file does not name stay as they are.\n"
    rooms = "site_code,room,seats,track\r\n01990010000101,101,30,A\r\n"
    run(collector, "site", "import", collector.write("r.csv", rooms))
    assert "01990010000101  Adams, 0199001 Example: 0 of 0" in run(collector, "site", "list")
    out = run(collector, "site", "show", "01990010000101")
    assert "Site coordinator: Bo Ruiz" in out
    assert "  101: 0 of 0 devices are ready, 30 seats, track A" in out


def test_three_errors_name_three_places_and_load_nothing(collector):
    text = HEADER + ROW + "0199001,Example,1.99E+13,Baker,,\r\n0199001,Other,01990010000303,Cole,,\r\n" \
        + "0199001,Example,1990010000404,Dole,,\r\n"
    lines = run(collector, "site", "import", collector.write("s.csv", text), refused=True).splitlines()
    assert [line.split(": ")[0].split("s.csv:")[1] for line in lines[:-1]] == ["3:17", "4:9", "5:17"]
    assert lines[-1] == "Nothing was imported."
    assert "01990010000101" not in run(collector, "site", "list")


def test_a_dry_run_changes_nothing(collector):
    out = run(collector, "site", "import", "--dry-run", collector.write("s.csv", HEADER + ROW))
    assert "1 new" in out and "dry run" in out
    assert "01990010000101" not in run(collector, "site", "list")


def test_an_lea_is_listed_shown_and_changed(collector):
    run(collector, "site", "import", collector.write("s.csv", HEADER + ROW))
    assert "0199001  Example: 1 site, 0 of 0 devices are ready\n" in run(collector, "lea", "list")
    assert run(collector, "lea", "show", "0199001") \
        == "0199001  Example: 1 site, 0 of 0 devices are ready\nTime zone: UTC\n" \
           "LEA coordinator: nobody is named\n"
    out = run(collector, "lea", "change", "0199001", "--zone", "America/Denver",
              "--coordinator", "Bo Ruiz", "--email", "bo@example.org")
    assert "Time zone: America/Denver\nLEA coordinator: Bo Ruiz, bo@example.org\n" in out
    assert "1 of its sites had the time zone that it had" in out
    assert shown(collector)["zone"] == "America/Denver"
    assert "nobody is named" in run(collector, "lea", "change", "0199001", "--nobody")
    entry = json.loads(run(collector, "audit", "list", "--json"))["entries"][0]
    assert (entry["act"], entry["object"]) == ("lea_changed", "0199001")


@pytest.mark.parametrize("args, told", [
    (["0199001"], "say what is to be changed"), (["--name", "x"], "name one LEA by its code"),
    (["0199001", "--zone", "Mars"], "'Mars' is no time zone"),
    (["0199001", "--email", "x"], "email"),
    (["0199001", "--nobody", "--phone", "1"], "--nobody goes with no other contact")])
def test_a_change_of_an_lea_that_makes_no_sense_is_told(collector, args, told):
    done = collector.run("lea", "change", *args, "--store", collector.store, check=False)
    assert done.returncode == 3 and told in done.stderr


def test_an_lea_that_is_not_there_is_told(collector):
    err = run(collector, "lea", "change", "000", "--name", "x", refused=True)
    assert "no LEA has the code '000'" in err and "Nothing was changed." in err
