# SPDX-License-Identifier: Apache-2.0
"""Roles of many people from a file, on the command line."""
from harness import SITE

HEADER = "login,name,role,scope,code\r\n"


def load(collector, text, *options):
    path = collector.write("people.csv", text)
    done = collector.run("person", "import", path, *options, "--store", collector.store, check=False)
    return done.returncode, done.stdout, done.stderr.replace(path, "people.csv")


def test_a_dry_run_says_what_a_file_does_and_does_nothing(collector):
    text = HEADER + f"rosa,Rosa Diaz,viewer,site,{SITE}\r\n"
    status, told, _ = load(collector, text, "--dry-run")
    assert (status, told) == (0, f"rosa  Rosa Diaz  made: viewer site {SITE}\n"
                              "1 made, 0 changed, 0 unchanged. "
                              "Nothing was stored: this was a dry run.\n")
    assert collector.command("person", "list") == "None.\n"
    status, told, _ = load(collector, text)
    assert status == 0 and "  /invitation#tri_" in told and "1 made" in told
    changed = text.replace("viewer", "site_coordinator")
    assert load(collector, changed)[1].startswith(
        f"rosa  Rosa Diaz  changed: viewer site {SITE} -> site_coordinator site {SITE}\n")
    assert "site_coordinator" in collector.command("person", "list")


def test_a_file_with_something_wrong_changes_nothing(collector):
    text = HEADER + f"ok,Ok,viewer,site,{SITE}\r\nbad,Bad,viewer,site,99\r\n"
    status, told, why = load(collector, text)
    assert (status, told) == (1, "") and why.startswith("people.csv:3:21: ")
    assert why.endswith("Nothing was imported.\n")
    assert collector.command("person", "list") == "None.\n"
    assert load(collector, "")[2].startswith("people.csv:1:1: the file is empty")
    assert collector.run("person", "import", "/none", "--store", collector.store,
                         check=False).returncode == 3
