# SPDX-License-Identifier: Apache-2.0
"""The log: a line an event, with ids, without secrets and names, and nobody can fill it."""
import re

import harness
from harness import SITE

LINE = re.compile(r"<[0-7]>[^\x00-\x1f\x7f]+")


def lines(collector):
    return collector.log().splitlines()


def refuse(device, n):
    for _ in range(n):
        assert device.send(device.body(report=2)).status == 400


def test_a_line_is_an_event_with_its_ids_at_the_end(collector):
    key = collector.enrollment_key()
    device, other = collector.enroll(key), collector.enroll(key)
    refuse(device, 1)
    assert other.send(device.body()).status == 403
    body = {"agent_version": "0.1.0", "role": "student", "device": harness.names()}
    assert collector.post("/v1/enroll", body, "tre_" + "A" * 43).status == 401
    said = [line for line in lines(collector) if "refused" in line]
    assert all(LINE.fullmatch(line) for line in lines(collector))
    assert len(said) == 3
    assert re.fullmatch(rf"<5>report refused: .+ device={device.id}", said[0])
    assert re.fullmatch(rf"<4>report refused: .+ device={other.id} for={device.id}", said[1])
    assert re.fullmatch(r"<5>enrolment refused: .+", said[2])


def test_who_is_refused_again_and_again_does_not_fill_it(collector):
    key = collector.enrollment_key()
    device, other = collector.enroll(key), collector.enroll(key)
    refuse(device, 200)
    for _ in range(200):
        assert other.send(device.body()).status == 403
        collector.post("/v1/enroll", "{}", key)
        collector.get("/v1/nothing")
        collector.request("GET", "/v1/sites", key="trt_" + "A" * 43)
    assert len(lines(collector)) < 100


def test_what_was_left_out_is_not_left_out_of_the_numbers(collector):
    device = collector.enroll(collector.enrollment_key())
    refuse(device, 80)
    text = collector.get("/metrics").body.decode()
    assert 'route="/v1/reports",reason="invalid-body"} 80' in text


def test_no_secret_and_no_name_is_in_it(collector):
    """Also where they stand in the wrong place of what is refused."""
    key = collector.enrollment_key()
    device = collector.enroll(key, host_name="ann-smith", serial="SN-4711")
    device.report()
    secrets = [device.key, collector.token, key]
    for secret in secrets:
        device.send(device.body(boot_id=secret))
        device.send(device.body(**{secret: 1}))
        device.send(device.body(harness.facts(os__name={"unknown": secret, "x": secret})))
        device.send(device.body(harness.facts(audio__headphones=secret)))
        device.send('{"a": ' + secret + "}")
        collector.post("/v1/enroll", {"agent_version": secret, "role": secret}, key)
        collector.get(f"/v1/sites/{secret}")
        collector.get(f"/v1/{secret}")
        collector.request("GET", "/v1/session", key=secret + "x")
    device.send(device.body(student="Ann Smith"))
    device.send({**device.body(), "device": {**device.names, "owner": "Ann Smith"}})
    log = collector.log()
    assert "refused" in log
    for secret in secrets:
        assert secret[4:20] not in log
    for name in ("ann-smith", "Ann Smith", "SN-4711", "Lincoln", SITE):
        assert name not in log
    assert collector.folder not in log.replace(collector.token_file, "")


def test_control_characters_of_a_client_make_no_lines(collector):
    device = collector.enroll(collector.enrollment_key())
    before = len(lines(collector))
    device.send(device.body(harness.facts(audio__headphones="x\n<0>all is lost\r\n\x1b[2J")))
    assert len(lines(collector)) == before + 1
    assert all(LINE.fullmatch(line) for line in lines(collector))
