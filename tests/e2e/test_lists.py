# SPDX-License-Identifier: Apache-2.0
"""Lists of devices across sites, as a client pages through them while things go on."""
import random

import harness
import pytest


@pytest.fixture
def fleet(collector):
    """Twenty devices of two sites, which reported."""
    keys = [collector.enrollment_key(site) for site in (harness.SITE, harness.SITE_INVENTORY)]
    devices = [collector.enroll(keys[i % 2], host_name=f"dev-{i:02}") for i in range(20)]
    for i, device in enumerate(devices):
        device.report(harness.facts(memory__total_mib=512) if i % 3 == 0 else None)
    return devices


def ids(rows):
    return [row["id"] for row in rows]


def test_all_devices_come_by_site_and_place(collector, fleet):
    answer = collector.get("/v1/devices").json
    places = [(row["site"]["code"], row["room"], row["names"]["host_name"])
              for row in answer["devices"]]
    assert places == sorted(places)
    # The inventory's six lines are of devices that nobody enrolled.
    assert len(places) == answer["total"] == len(fleet) + 6
    assert {row["site"]["name"] for row in answer["devices"]} == {
        "Lincoln High", "Adams <b>Middle</b>"}


@pytest.mark.parametrize("query, count", [
    ("state=never_seen", 6),
    ("state=not_ready", 7),
    ("state=not_ready,never_seen", 13),
    (f"site={harness.SITE}", 10),
    (f"lea={harness.LEA['code']}", 26),
    ("expected=false", 10),
    ("role=ta", 1),
    ("role=student,ta", 26),
    ("model=ExampleBook%203", 20),
    ("room=104", 2),
    ("requirement=memory.size&result=fail", 7),
    ("requirement=memory.size&result=fail,pass", 20),
    ("profile=example&state=ready,ready_with_warnings", 13),
])
def test_a_filter_leaves_what_it_says(collector, fleet, query, count):
    rows = collector.pages(f"/v1/devices?limit=4&{query}", "devices")
    assert len(set(ids(rows))) == len(rows) == count
    total = collector.get(f"/v1/devices?{query}").json["total"]
    assert total in (None, count)


def test_a_row_says_what_to_do_next_as_the_device_does(collector, fleet):
    row = collector.get("/v1/devices?state=not_ready&limit=1").json["devices"][0]
    device = collector.get(f"/v1/devices/{row['id']}").json
    fixes = [result["fix"]["text"] for result in device["results"]
             if result["result"] == "fail" and result["severity"] == "required"]
    assert row["next_action"] == fixes[0]
    never = collector.get("/v1/devices?state=never_seen&limit=1").json["devices"][0]
    assert never["next_action"] == "Enrol it and let it report."
    ready = collector.get("/v1/devices?state=ready&limit=1").json["devices"][0]
    assert ready["next_action"] is None


def test_the_worst_state_comes_first(collector, fleet):
    order = ["conflict", "never_seen", "stale", "not_ready", "unknown", "ready_with_warnings",
             "ready"]
    states = [row["state"] for row in collector.pages("/v1/devices?sort=state&limit=3", "devices")]
    assert states == sorted(states, key=order.index)
    assert len(states) == 26


def test_who_keeps_its_place_comes_once_while_others_come_and_go(collector, fleet):
    """Devices report, enrol and are taken off the inventory between the parts."""
    key = collector.enrollment_key(harness.SITE)
    chance = random.Random(20270118)
    rows, cursor = [], ""
    while cursor is not None:
        answer = collector.get("/v1/devices?limit=3" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status == 200, answer.body
        rows += answer.json["devices"]
        cursor = answer.json["next_cursor"]
        device = chance.choice(fleet)
        device.report(harness.facts(memory__total_mib=chance.choice([512, 4096])))
        collector.enroll(key, host_name=f"new-{chance.random()}").report()
    assert len(set(ids(rows))) == len(rows)
    assert {device.id for device in fleet} <= set(ids(rows))


def test_seen_is_the_longest_ago_first(collector, fleet):
    seen = [row["seen_at"] or "" for row in
            collector.pages(f"/v1/devices?site={harness.SITE_INVENTORY}&sort=seen&limit=2",
                            "devices")]
    assert seen == sorted(seen)
    assert len(seen) == 16


@pytest.mark.parametrize("query, words", [
    ("sort=seen", "name it with site"),
    ("sort=host_name", "name it with site"),
    ("sort=age", "sort is place, state, host_name or seen"),
    ("state=good", "'good' is not a state"),
    ("state=ready,", "ends in a comma"),
    ("state=", "state is empty"),
    ("role=teacher", "'teacher' is not a role"),
    ("result=fail", "name that one with requirement"),
    ("requirement=memory.none", "'memory.none'"),
    ("requirement=memory.size&result=failed", "'failed' is not a result"),
    ("fix=nothing", "'nothing'"),
    ("lea=0", "no LEA has the code '0'"),
    ("profile=another-one", "no profile 'another-one'"),
    ("expected=yes", "expected is true or false"),
    ("limit=0", "limit is a number"),
    ("limit=501", "limit is a number"),
    ("cursor=", "next_cursor"),
    ("cursor=x", "next_cursor"),
    ("cursor=AAAAAAAAAAAAAAAA", "next_cursor"),
    ("cursor=" + "A" * 3000, "2048 bytes"),
    ("order=place", "no parameter 'order'"),
    ("room=%ff", "UTF-8"),
])
def test_garbage_is_refused_with_what_to_do(collector, query, words):
    answer = collector.get(f"/v1/devices?{query}")
    assert answer.status == 400
    assert words in answer.json["detail"], answer.json["detail"]


def test_a_cursor_is_of_its_list_and_whole(collector, fleet):
    cursor = collector.get("/v1/devices?limit=2&state=ready").json["next_cursor"]
    assert collector.get(f"/v1/devices?limit=2&state=ready&cursor={cursor}").status == 200
    # The number of rows may be another one; all else is another list.
    assert collector.get(f"/v1/devices?limit=9&state=ready&cursor={cursor}").status == 200
    changed = ("B" if cursor[20] == "A" else "A").join([cursor[:20], cursor[21:]])
    for query in (f"limit=2&cursor={cursor}", f"limit=2&state=ready&sort=state&cursor={cursor}",
                  f"limit=2&state=ready&cursor={changed}",
                  f"limit=2&state=ready&cursor={cursor[:-1]}"):
        answer = collector.get(f"/v1/devices?{query}")
        assert answer.status == 400 and "changed on its way" in answer.json["detail"], query


def test_what_did_not_change_is_not_sent_again(collector, fleet):
    first = collector.get("/v1/devices?limit=5")
    etag = first.headers["etag"]
    assert collector.get("/v1/devices?limit=5", If_None_Match=etag).status == 304
    fleet[0].report(harness.facts(memory__total_mib=4096))
    assert collector.get("/v1/devices?limit=500", If_None_Match=etag).status == 200
