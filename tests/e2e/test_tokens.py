# SPDX-License-Identifier: Apache-2.0
"""Tokens from the command line, used against the collector that serves."""
import json

from harness import SITE


def test_a_token_of_the_command_line_works_until_it_is_revoked(collector):
    told = collector.command("token", "add", "--name", "nightly export", "--role", "viewer",
                             "--site", SITE)
    token = told.split()[0]
    assert told.startswith("trt_") and "shown this once; token revoke" in told
    assert collector.request("GET", f"/v1/sites/{SITE}", key=token).status == 200
    listed = collector.command("token", "list")
    assert token not in listed and "nightly export  good  viewer  site " + SITE in listed
    row = json.loads(collector.command("token", "list", "--json"))["tokens"][0]
    assert row["owner"] is None and row["created_by"].endswith("(command line)")
    assert collector.command("token", "revoke", row["id"]).startswith("Revoked")
    assert collector.request("GET", f"/v1/sites/{SITE}", key=token).status == 401
    assert collector.command("token", "list") == "None.\n"
    assert "  revoked  " in collector.command("token", "list", "--all")


def test_what_makes_no_token_says_why(collector):
    def said(*arguments):
        done = collector.run("token", *arguments, "--store", collector.store, check=False)
        return done.returncode, done.stderr

    role = ("--role", "viewer")
    assert said("add", *role, "--state")[0] == 3
    assert said("add", "--name", "x")[0] == 3
    for days in ("0", "367", "x"):
        assert said("add", "--name", "x", *role, "--state", "--days", days)[0] == 3
    status, why = said("add", "--name", "x", *role, "--site", "nowhere")
    assert status == 1 and "nowhere" in why and "No token was made." in why
    assert said("revoke", "x")[0] == 3
    status, why = said("revoke", "0" * 32)
    assert status == 1 and "no such token" in why
    made = collector.command("token", "add", "--name", "x", *role, "--state", "--days", "366",
                             "--token-only")
    assert made.startswith("trt_") and made.count("\n") == 1
