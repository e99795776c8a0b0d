# SPDX-License-Identifier: Apache-2.0
"""/metrics: the text that Prometheus reads, what is counted, and what must not be in it."""
import re
import sqlite3

import harness
import pytest
from harness import SITE, SITE_INVENTORY

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9.e+-]+|\+Inf|NaN)")


def family_of(name, types):
    for suffix in ("_bucket", "_sum", "_count"):
        if name.endswith(suffix) and types.get(name.removesuffix(suffix)) == "histogram":
            return name.removesuffix(suffix)
    return name


def parse(text):
    """The samples; fails where `promtool check metrics` would, and some more."""
    types, helps, samples, seen, last = {}, set(), {}, [], None
    assert text.endswith("\n") and "\n\n" not in text
    for line in text.splitlines():
        if line.startswith("# HELP "):
            _, _, name, help_text = line.split(" ", 3)
            assert name not in helps and len(help_text) > 3, line
            helps.add(name)
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types and name in helps, line
            assert kind in ("counter", "gauge", "histogram")
            types[name] = kind
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        name, labels, value = match.groups()
        family = family_of(name, types)
        assert family in types, f"no TYPE before {line}"
        assert family == last or family not in seen, f"{family} comes in two places"
        last = family
        seen.append(family)
        key = (name, frozenset(re.findall(LABEL, labels or "")))
        assert key not in samples, f"twice: {line}"
        samples[key] = float(value)
        if types[family] != "gauge":
            assert float(value) >= 0
        assert (types[family] == "counter") == name.endswith("_total"), line
    check_histograms(types, samples)
    return samples


def check_histograms(types, samples):
    rows = {}
    for (name, labels), value in samples.items():
        if name.endswith("_bucket"):
            end = next(label for label in labels if label.startswith("le="))
            rows.setdefault((name, labels - {end}), []).append((float(end[4:-1]), value))
    for (name, labels), buckets in rows.items():
        family = name.removesuffix("_bucket")
        assert types[family] == "histogram"
        counts = [value for _, value in sorted(buckets)]
        assert counts == sorted(counts), name
        assert max(buckets)[0] == float("inf")
        assert counts[-1] == samples[family + "_count", labels]
        assert (family + "_sum", labels) in samples


def metrics(collector):
    answer = collector.get("/metrics")
    assert answer.status == 200
    assert answer.type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    return parse(answer.body.decode())


def value(samples, name, **labels):
    key = ("testready_" + name, frozenset(f'{label}="{text}"' for label, text in labels.items()))
    return samples.get(key, 0)


def requests_of(samples, route, code, method="POST"):
    return value(samples, "http_requests_total", route=route, code=code, method=method)


def refused(samples, route, reason, method="POST"):
    return value(samples, "http_refused_total", route=route, reason=reason, method=method)


def test_what_happens_is_counted(collector):
    before = metrics(collector)
    key = collector.enrollment_key()
    device, other = collector.enroll(key), collector.enroll(key)
    for _ in range(5):
        device.report()
    device.heartbeat()
    device.send("{}")
    device.send(b" " * 300_000)
    other.send(device.body())
    collector.post("/v1/reports", "{}", "trd_" + "A" * 43)
    collector.post("/v1/enroll", "{}", key)
    collector.get("/v1/sites/0")
    collector.get("/nothing.js")
    now = metrics(collector)
    assert requests_of(before, "/v1/reports", "2xx") == 0
    assert requests_of(now, "/v1/reports", "2xx") == 5
    assert requests_of(now, "/v1/reports", "4xx") == 4
    assert refused(now, "/v1/reports", "invalid-body") == 1
    assert refused(now, "/v1/reports", "body-too-large") == 1
    assert refused(now, "/v1/reports", "forbidden") == 1
    assert refused(now, "/v1/reports", "unauthorized") == 1
    assert requests_of(now, "/v1/heartbeats", "2xx") == 1
    assert requests_of(now, "/v1/enroll", "2xx") == 2
    assert refused(now, "/v1/enroll", "invalid-body") == 1
    assert requests_of(now, "/v1/sites/:code", "4xx", "GET") == 1
    assert requests_of(now, "", "4xx", "") == 1
    assert value(now, "http_request_seconds_count", method="POST", route="/v1/reports") == 9
    assert value(now, "commit_jobs_sum") - value(before, "commit_jobs_sum") == 8
    assert value(now, "commit_jobs_count") == value(now, "commit_seconds_count")
    assert value(now, "queue_jobs") == value(now, "queue_bytes") == 0


def test_the_store_is_as_it_is_now(collector):
    key = collector.enrollment_key(SITE_INVENTORY)
    ready = collector.enroll(key, host_name="lab-1", serial="SN-1")
    ready.report()
    now = metrics(collector)
    overview = collector.get("/v1/overview").json
    states = {}
    for site in collector.pages("/v1/sites", "sites"):
        for state, count in collector.get(f"/v1/sites/{site['code']}").json["states"].items():
            states[state] = states.get(state, 0) + count
    for state, count in states.items():
        assert value(now, "devices", state=state) == count, state
    assert value(now, "sites") == len(overview["sites"])
    assert value(now, "devices", state="ready") == 1
    assert value(now, "conflicts_open") == value(now, "rejudge_devices") == 0
    assert value(now, "store_bytes", file="database") > 10_000
    assert value(now, "store_readable") == 1
    with open(f"{harness.ROOT}/VERSION", encoding="ascii") as file:
        assert value(now, "build_info", version=file.read().strip()) == 1


def test_a_store_that_cannot_be_written_is_counted_and_does_not_hold_the_answer(collector):
    device = collector.enroll(collector.enrollment_key())
    other = sqlite3.connect(collector.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert device.send(device.body()).status == 503
    now = metrics(collector)
    other.close()
    assert value(now, "commit_failed_total") >= 1
    assert refused(now, "/v1/reports", "unavailable") == 1


def test_nobody_and_no_school_is_named(collector):
    device = collector.enroll(collector.enrollment_key(), host_name="host-of-ann", serial="S-77")
    device.report()
    collector.get(f"/v1/sites/{SITE}")
    collector.get(f"/v1/devices/{device.id}")
    text = collector.get("/metrics").body.decode()
    for secret in (device.id, device.key, collector.token, SITE, "host-of-ann", "S-77", "Lincoln",
                   "trd_", "trt_", "tre_", collector.folder):
        assert secret not in text, secret


@pytest.mark.parametrize("key", [None, "trt_" + "A" * 43, "device"])
def test_it_needs_a_token_also_on_this_machine(collector, key):
    if key == "device":
        key = collector.enroll(collector.enrollment_key()).key
    answer = collector.request("GET", "/metrics", key=key)
    assert answer.status == 401 and "testready_" not in answer.body.decode()
