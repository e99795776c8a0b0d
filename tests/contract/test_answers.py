# SPDX-License-Identifier: Apache-2.0
"""Every answer is what the document says, and its header is what a browser needs."""
import urllib.parse

import harness
import openapi
import pytest
from harness import SITE, SITE_INVENTORY, SITE_NO_WINDOW


def fill(collector):
    """Devices in every state that reports can give, one of them not in the inventory."""
    key = collector.enrollment_key(SITE_INVENTORY)
    made = [
        ("lab-1", harness.facts()),
        ("lab-2", harness.facts(browser__installs=[], memory__total_mib=512)),
        ("lab-3", harness.facts(browser__installs=harness.UNKNOWN)),
        ("lab-4", harness.facts(audio__headphones="absent")),
        ("visitor", harness.facts(browser__installs=harness.OLD_BROWSER)),
    ]
    devices = [collector.enroll(key, host_name=host) for host, _ in made]
    for device, (_, facts) in zip(devices, made):
        device.report(facts)
    return devices


@pytest.fixture
def filled(collector):
    collector.devices = fill(collector)
    return collector


def paths(collector):
    yield from ("/v1/profiles", "/v1/profiles/example", f"/v1/profiles/example?site={SITE}",
                "/v1/profiles/example/versions?limit=1", "/v1/waivers", "/v1/waivers?state=all")
    yield from ("/v1/session", "/v1/overview", "/v1/sites", "/v1/sites?sort=risk&limit=2",
                "/healthz", "/readyz", "/v1/openapi.json")
    for code in (SITE, SITE_INVENTORY, SITE_NO_WINDOW):
        yield f"/v1/sites/{code}"
        yield f"/v1/sites/{code}/devices"
        yield f"/v1/sites/{code}/inventory"
    yield "/v1/inventory"
    yield "/v1/inventory?lea=1964733&days=7&limit=1"
    yield f"/v1/sites/{SITE_INVENTORY}/devices?state=not_ready,stale&expected=true&limit=1"
    for device in collector.devices:
        yield f"/v1/devices/{device.id}"


def test_every_answer_is_as_documented(filled):
    for path in paths(filled):
        answer = filled.get(path)
        assert answer.status == 200, path
        openapi.check("GET", path, answer)


def test_a_device_never_seen_and_one_without_a_profile_are_as_documented(filled):
    never = [row for row in filled.pages(f"/v1/sites/{SITE_INVENTORY}/devices", "devices")
             if row["state"] == "never_seen"]
    homeless = filled.enroll(filled.enrollment_key(SITE_NO_WINDOW))
    homeless.report()
    assert len(never) == 2
    for device in (never[0]["id"], homeless.id):
        answer = filled.get(f"/v1/devices/{device}")
        assert answer.status == 200
        openapi.check("GET", f"/v1/devices/{device}", answer)


def test_a_device_is_explained(filled):
    device = filled.get(f"/v1/devices/{filled.devices[1].id}").json
    results = {result["id"]: result for result in device["results"]}
    assert device["state"] == "not_ready"
    assert results["memory.size"]["result"] == "fail"
    assert "512" in results["memory.size"]["observed"]
    assert results["memory.size"]["sentence"]
    assert device["facts"]["memory"] == {"total_mib": 512}
    assert {change["requirement"] for change in device["history"]} >= {"memory.size"}


@pytest.mark.parametrize("path", ["/v1/profiles", "/v1/profiles/example", "/v1/waivers",
                                  "/v1/profiles/example/versions", "/v1/overview", "/v1/sites", f"/v1/sites/{SITE}",
                                  f"/v1/sites/{SITE}/devices", "/v1/session", "/healthz", "/",
                                  "/v1/openapi.json"])
def test_what_did_not_change_is_not_sent_again(collector, path):
    first = collector.get(path)
    tag = first.headers["etag"]
    again = collector.get(path, If_None_Match=f'"other", {tag}')
    assert again.status == 304 and again.body == b""
    assert again.headers["etag"] == tag
    head = collector.request("HEAD", path, key=collector.token)
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", tag)
    assert head.headers["content-length"] == first.headers["content-length"]
    assert collector.get(path, If_None_Match='"other"').status == 200


def test_what_changed_has_another_etag(collector):
    device = collector.enroll(collector.enrollment_key())
    watched = ["/v1/overview", f"/v1/sites/{SITE}", f"/v1/sites/{SITE}/devices",
               f"/v1/devices/{device.id}"]
    before = [collector.get(path).headers["etag"] for path in watched]
    device.report()
    for path, tag in zip(watched, before):
        assert collector.get(path, If_None_Match=tag).status == 200, path


def test_every_answer_has_the_fields_that_keep_a_browser_safe(collector):
    for path in ("/", "/v1/overview", "/v1/nothing", "/healthz", "/x.js", "/v1/%2e%2e"):
        headers = collector.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none';")
        assert "unsafe" not in headers["content-security-policy"]


def test_pages_are_sent_compressed_where_that_is_understood(collector):
    plain = collector.get("/")
    assert "content-encoding" not in plain.headers
    name = plain.body.decode().split('src="')[1].split('"')[0]
    for accept, zipped in (("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False),
                           ("br", False), ("*", False)):
        answer = collector.get(name, Accept_Encoding=accept)
        assert (answer.headers.get("content-encoding") == "gzip") == zipped, accept
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "Accept-Encoding"
    assert "no-cache" in plain.headers["cache-control"]


def test_a_page_has_an_address_and_a_file_that_is_not_there_has_none(collector):
    for path in ("/sites/1", "/sites/1/devices?state=ready", "/sites/1/devices/",
                 "/devices/" + "0" * 32):
        assert collector.get(path).type.startswith("text/html")
    for path in ("/app-000000000000.js", "/etc.passwd", "/v1/x", "/v1"):
        assert collector.get(path).status == 404
    for path in ("/../etc/passwd", "/%2e%2e/x", "//x", "/a%2fb", "/a%00", "/%ff"):
        assert collector.get(path).status == 400


def test_lists_come_in_parts_without_loss_or_repetition(filled):
    path = f"/v1/sites/{SITE_INVENTORY}/devices"
    whole = [row["id"] for row in filled.get(path).json["devices"]]
    assert len(whole) == 7
    for limit in (1, 2, 3, 7, 500):
        assert [row["id"] for row in filled.pages(f"{path}?limit={limit}", "devices")] == whole
    narrow = f"{path}?expected=true&requirement=browser.version"
    whole = [row["id"] for row in filled.get(narrow).json["devices"]]
    assert [row["id"] for row in filled.pages(f"{narrow}&limit=1", "devices")] == whole
    for sort in ("code", "name", "risk"):
        path = f"/v1/sites?sort={sort}"
        whole = [row["code"] for row in filled.get(path).json["sites"]]
        assert len(whole) == 3
        assert [row["code"] for row in filled.pages(f"{path}&limit=1", "sites")] == whole
    risks = [row["risk"] for row in filled.pages("/v1/overview?limit=1", "sites")]
    assert risks == sorted(risks, reverse=True)


@pytest.mark.parametrize("path, says", [
    ("/v1/sites?limit=0", "limit"), ("/v1/sites?limit=501", "limit"),
    ("/v1/sites?limit=1e1", "limit"), ("/v1/sites?limit=", "limit"),
    ("/v1/sites?sort=size", "sort"), ("/v1/sites?color=red", "color"),
    ("/v1/sites?sort=code&sort=code", "twice"),
    ("/v1/sites?cursor=x", "cursor"), ("/v1/sites?cursor=" + "A" * 3000, "cursor"),
    (f"/v1/sites/{SITE}?limit=1", "limit"),
    (f"/v1/sites/{SITE}/devices?state=happy", "happy"),
    (f"/v1/sites/{SITE}/inventory?kind=lost", "lost"),
    (f"/v1/sites/{SITE}/inventory?days=0", "days"),
    (f"/v1/sites/{SITE}/inventory?days=367", "days"),
    ("/v1/inventory?lea=x", "LEA"), ("/v1/inventory?days=0", "days"),
    ("/v1/inventory?cursor=x", "cursor"), ("/v1/inventory?kind=moved", "kind"),
    ("/v1/inventory.csv?kind=lost", "lost"), ("/v1/inventory.csv?limit=1", "limit"),
    (f"/v1/sites/{SITE}/devices?state=", "state"),
    (f"/v1/sites/{SITE}/devices?state=ready,", "state"),
    (f"/v1/sites/{SITE}/devices?expected=yes", "expected"),
    (f"/v1/sites/{SITE}/devices?fix=pray", "pray"),
    (f"/v1/sites/{SITE}/devices?waived=1", "waived"),
    (f"/v1/sites/{SITE}/devices?waives=exam", "exam"),
    ("/v1/waivers?state=happy", "happy"), ("/v1/waivers?cursor=x", "cursor"),
    ("/v1/waivers?color=red", "color"), ("/v1/profiles?cursor=x", "cursor"),
    ("/v1/profiles/example?limit=1", "limit"), ("/v1/profiles/example/versions?limit=0", "limit"),
    (f"/v1/profiles/example?site={SITE_NO_WINDOW}", "window"),
    (f"/v1/sites/{SITE}/devices?passes=exam", "exam"),
    (f"/v1/sites/{SITE}/devices?requirement=exam", "exam"),
    (f"/v1/sites/{SITE_NO_WINDOW}/devices?fix=upgrade-os", "upgrade-os"),
])
def test_a_query_that_makes_no_sense_is_refused_in_words(collector, path, says):
    answer = collector.get(path)
    assert answer.status == 400
    assert says in answer.json["detail"]
    openapi.check("GET", path, answer)


def test_a_cursor_of_another_list_is_refused(filled):
    cursor = filled.get("/v1/sites?limit=1").json["next_cursor"]
    for path in ("/v1/overview", "/v1/sites?sort=name", f"/v1/sites/{SITE}/devices"):
        joint = "&" if "?" in path else "?"
        answer = filled.get(f"{path}{joint}cursor={urllib.parse.quote(cursor)}")
        assert answer.status == 400, path


def test_what_is_not_there_is_404(collector):
    for path in ("/v1/profiles/x", "/v1/profiles/x/versions", "/v1/profiles/example?site=0",
                 "/v1/sites/0", "/v1/sites/0/devices", "/v1/devices/" + "0" * 32, "/v1/devices/x",
                 "/v1/sites/0/inventory"):
        answer = collector.get(path)
        assert answer.status == 404
        openapi.check("GET", path, answer)


def test_without_pages_the_api_is_there(tmp_path):
    with harness.Collector(tmp_path, web=None, fill=False) as bare:
        assert bare.get("/v1/overview").status == 200
        answer = bare.get("/")
        assert answer.status == 404 and "--web" in answer.json["detail"]
        openapi.check("GET", "/v1/openapi.json", bare.get("/v1/openapi.json"))
