# SPDX-License-Identifier: Apache-2.0
"""Waivers and requirements over the API: what they do, what is refused, what stays."""
import json

import harness
import openapi
import pytest
from harness import SITE, SITE_INVENTORY, SITE_NO_WINDOW
from waivers import body, last_day, post, revoke, waive, wait_until_judged


@pytest.fixture
def weak(collector):
    """A device with too little memory, which nothing else is wrong with."""
    device = collector.enroll(collector.enrollment_key())
    assert device.report(harness.facts(memory__total_mib=512))["state"] == "not_ready"
    return device


def shown(collector, device):
    answer = collector.get(f"/v1/devices/{device.id}")
    openapi.check("GET", f"/v1/devices/{device.id}", answer)
    results = {line["id"]: line for line in answer.json["results"]}
    return answer.json, results["memory.size"]


def listed(collector, query=""):
    answer = collector.get("/v1/waivers" + query)
    openapi.check("GET", "/v1/waivers", answer)
    assert answer.status == 200, answer.body
    return answer.json["waivers"]


def test_a_waiver_makes_a_fail_count_and_its_revocation_ends_that(collector, weak):
    given = waive(collector)
    assert given["reach"] == {"sites": 1, "devices": 1, "too_short": 0}
    assert (given["state"], given["name"]) == ("active", "Lincoln High")
    wait_until_judged(collector)
    device, result = shown(collector, weak)
    assert device["state"] == "ready_with_warnings" and device["profile"]["is_current"]
    assert result["result"] == "waived"
    assert result["waiver"] == {"id": given["id"], "reason": "New devices are ordered.",
                                "until": last_day(), "who": "A. Ruiz"}
    assert [row["devices"] for row in listed(collector)] == [1]

    gone = revoke(collector, given["id"])
    assert gone.status == 200 and gone.json["revoked_by"]
    wait_until_judged(collector)
    device, result = shown(collector, weak)
    assert device["state"] == "not_ready" and result["waiver"] is None
    assert listed(collector) == []
    assert [row["id"] for row in listed(collector, "?state=revoked")] == [given["id"]]
    assert revoke(collector, given["id"]).status == 409
    assert revoke(collector, "0" * 32).status == 404
    assert revoke(collector, "x").status == 404


def test_an_unknown_stays_unknown(collector, weak):
    weak.report(harness.facts(memory__total_mib=harness.UNKNOWN))
    waive(collector)
    wait_until_judged(collector)
    device, result = shown(collector, weak)
    assert (device["state"], result["result"]) == ("unknown", "unknown")
    assert collector.get(f"/v1/sites/{SITE}").json["tiles"]["waived"] == 0


def test_a_waiver_is_for_nobody_else(collector, weak):
    answer = waive(collector, code=SITE_INVENTORY)
    assert answer["reach"]["devices"] == 0
    wait_until_judged(collector)
    assert shown(collector, weak)[0]["state"] == "not_ready"


@pytest.mark.parametrize("changes, pointer, says", [
    ({"profile": "nothing"}, None, "nothing"), ({"requirement": "nothing"}, None, "nothing"),
    ({"code": "nothing"}, None, "nothing"), ({"code": "a b"}, None, "a b"),
    ({"scope": "county"}, "/scope", "county"), ({"scope": "state"}, "/code", "no code"),
    ({"scope": "lea"}, None, SITE), ({"reason": ""}, "/reason", "empty"),
    ({"reason": "x" * 501}, "/reason", "500"), ({"reason": None}, "/reason", "null"),
    ({"who": "x" * 101}, "/who", "100"), ({"who": "  "}, "/who", "empty"),
    ({"until": "tomorrow"}, "/until", "tomorrow"), ({"until": "2020-01-01"}, None, "over"),
    ({"until": "2099-07-31"}, None, "07-31"), ({"student": "A. Student"}, "", "unknown member"),
])
def test_what_cannot_be_waived_so_is_refused_and_nothing_is_stored(collector, changes, pointer,
                                                                  says):
    answer = post(collector, body(**changes))
    assert answer.status == 400, answer.body
    assert answer.json.get("pointer") == pointer
    assert says in answer.json["detail"], answer.json["detail"]
    assert listed(collector, "?state=all") == []


@pytest.mark.parametrize("made, status", [(b"{", 400), (b"[]", 400), (b"", 400),
                                          (json.dumps(body(reason="x" * 9000)), 413)])
def test_what_is_no_waiver_at_all_is_refused(collector, made, status):
    assert post(collector, made).status == status
    assert listed(collector, "?state=all") == []


def test_a_waiver_that_ends_before_the_window_says_that_it_does_not_count(collector, weak):
    window = harness.sites(first_in_days=1)["sites"][0]["window"]
    if window["first"] == window["last"]:
        pytest.skip("on the season's last days a window is too short for it")
    given = waive(collector, until=window["first"])
    assert given["reach"]["too_short"] == 1
    wait_until_judged(collector)
    assert shown(collector, weak)[1]["result"] == "fail"


def test_waivers_come_in_parts_without_loss_or_repetition(collector):
    made = [waive(collector, code=code)["id"] for code in (SITE, SITE_INVENTORY) * 3]
    for limit in (1, 2, 6, 500):
        rows = collector.pages(f"/v1/waivers?limit={limit}&state=all", "waivers")
        assert [row["id"] for row in rows] == made
    assert collector.pages("/v1/waivers?profile=other", "waivers") == []


def test_who_gave_it_is_told_to_staff_and_to_no_device(collector, weak):
    waive(collector, who="Hidden Name")
    answer = collector.request("GET", "/v1/profile", key=weak.key)
    assert "New devices are ordered." in answer.body.decode()
    assert "Hidden" not in answer.body.decode()
    said = collector.get(f"/v1/profiles/example?site={SITE}").json["requirements"]
    assert "Hidden Name" in {line["waiver"]["who"] for line in said if line["waiver"]}


def test_requirements_are_told_in_words_for_all_and_for_a_site(collector):
    waive(collector)
    wide = collector.get("/v1/profiles/example").json
    ours = collector.get(f"/v1/profiles/example?site={SITE}").json
    assert wide["site"] is None and ours["site"] == {"code": SITE, "name": "Lincoln High"}
    assert wide["version"] != ours["version"]
    assert ours["version"] == collector.get(f"/v1/sites/{SITE}").json["profile"]["version"]
    with open(harness.PROFILE, encoding="utf-8") as file:
        published = json.load(file)
    assert [line["id"] for line in wide["requirements"]] == \
        [line["id"] for line in published["requirements"]]
    assert all(line["needed"] for line in wide["requirements"])
    counted = {line["id"]: line["active_waivers"] for line in wide["requirements"]}
    assert counted["memory.size"] == 1 and sum(counted.values()) == 1
    answer = collector.get(f"/v1/profiles/example?site={SITE_NO_WINDOW}")
    assert answer.status == 400


def test_a_supplement_tells_whose_it_is(collector):
    text = {"supplement_to": "example", "scope": {"lea": harness.LEA["code"]},
            "title": "What <b>we</b> ask", "source": "the board", "requirements": [
                {"tightens": "audio.headphones", "severity": "required", "source": "the board"}]}
    collector.command("profile", "publish", "--wait",
                      collector.write("more.json", json.dumps(text)))
    answer = collector.get(f"/v1/profiles/example?site={SITE}")
    openapi.check("GET", "/v1/profiles/example", answer)
    line = next(line for line in answer.json["requirements"] if line["id"] == "audio.headphones")
    assert line["origin"] == {"scope": "lea", "code": harness.LEA["code"]}
    assert line["severity"] == "required"
    assert [row["title"] for row in answer.json["supplements"]] == ["What <b>we</b> ask"]
    site = collector.get(f"/v1/sites/{SITE}")
    openapi.check("GET", f"/v1/sites/{SITE}", site)
    assert site.json["profile"]["supplements"] == answer.json["supplements"]


def test_a_site_that_waits_to_be_judged_is_not_certifiable(collector, weak):
    """The queue is filled behind the collector's back, so that there is a moment to look."""
    collector.stop()
    with open(harness.PROFILE, encoding="utf-8") as file:
        text = file.read().replace('"at_least": 1792', '"at_least": 256')
    collector.command("profile", "publish", collector.write("looser.json", text))
    site = collector.run("certify", "--dry-run", "--json", "--site", SITE, "--window", "lincoln",
                         "--store", collector.store, check=False)
    rules = {rule["id"]: rule for rule in json.loads(site.stdout)["rules"]}
    assert not rules["judged"]["met"]
    assert "1 device is left" in rules["judged"]["evidence"]
    collector.start()
    wait_until_judged(collector)
    rules = {rule["id"]: rule for rule in collector.get(f"/v1/sites/{SITE}").json["rules"]}
    assert rules["judged"]["met"]
    versions = collector.get("/v1/profiles/example/versions").json["versions"]
    assert [row["current"] for row in versions] == [True, False]
    assert collector.pages("/v1/profiles/example/versions?limit=1", "versions") == versions
