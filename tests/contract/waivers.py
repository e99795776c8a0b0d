# SPDX-License-Identifier: Apache-2.0
"""Waiving over the API, each answer as documented."""
import datetime

import harness
import openapi


def last_day():
    return str(harness.season_end(datetime.datetime.now(datetime.timezone.utc).date()))


def body(requirement="memory.size", scope="site", code=harness.SITE, **changes):
    made = {"profile": "example", "requirement": requirement, "scope": scope,
            "reason": "New devices are ordered.", "who": "A. Ruiz", "until": last_day()}
    if code:
        made["code"] = code
    made.update(changes)
    return made


def post(collector, made):
    answer = collector.post("/v1/waivers", made, collector.token)
    openapi.check("POST", "/v1/waivers", answer)
    return answer


def waive(collector, requirement="memory.size", scope="site", code=harness.SITE, **changes):
    answer = post(collector, body(requirement, scope, code, **changes))
    assert answer.status == 200, answer.body
    return answer.json


def revoke(collector, waiver_id):
    path = f"/v1/waivers/{waiver_id}"
    answer = collector.request("DELETE", path, key=collector.token)
    openapi.check("DELETE", path, answer)
    return answer


def wait_until_judged(collector):
    harness.wait_until(lambda: collector.get("/v1/overview").json["totals"]["judging"] == 0)
