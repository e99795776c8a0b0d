# SPDX-License-Identifier: Apache-2.0
"""The routes that are served and docs/openapi.yaml are the same."""
import os
import re
import subprocess

import harness
import openapi
import pytest


def served():
    """What `serve --print-routes` lists: METHOD PATH WHO [QUERY PARAMETER]..."""
    program = os.path.join(harness.BUILD, "testready-collector")
    out = subprocess.run([program, "serve", "--print-routes"], check=True, text=True,
                         capture_output=True).stdout
    for line in out.splitlines():
        method, path, who, *query = line.split()
        yield method, re.sub(r":(\w+)", r"{\1}", path), who, query


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    """One for all routes, since nothing here changes anything."""
    with harness.Collector(tmp_path_factory.mktemp("routes")) as running:
        yield running


def test_every_route_is_in_the_document_and_the_other_way_round():
    assert {(method, path) for method, path, _, _ in served()} == set(openapi.operations())


def test_who_may_and_what_can_be_asked_are_as_documented():
    for method, path, who, query in served():
        operation = openapi.operations()[method, path]
        assert openapi.access_of(operation) == who, path
        assert sorted(openapi.parameters_of(operation, "query")) == sorted(query), path
        named = re.findall(r"\{(\w+)\}", path)
        assert openapi.parameters_of(operation, "path") == named, path


def test_the_document_is_served(collector):
    answer = collector.get("/v1/openapi.json")
    openapi.check("GET", "/v1/openapi.json", answer)
    assert answer.json["paths"].keys() == openapi.DOCUMENT["paths"].keys()


@pytest.mark.parametrize("method, path", sorted(openapi.operations()))
def test_a_route_refuses_who_has_no_key(collector, method, path):
    operation = openapi.operations()[method, path]
    path = path.replace("{code}", harness.SITE).replace("{id}", "0" * 32)
    for key in (None, "trt_" + "A" * 43, "trd_" + "A" * 43, "x"):
        answer = collector.request(method, path, body="{}" if method == "POST" else None, key=key,
                                   Content_Type="application/json")
        openapi.check(method, path, answer)
        if openapi.access_of(operation) == "anybody":
            # What anybody may post is then found to be no more than an empty object, or too much.
            posted = 400 if "requestBody" in operation else 413
            # Without an identity provider there are no ways to it.
            shown = 404 if path.startswith("/v1/session/oidc") else 200
            assert answer.status == (shown if method == "GET" else posted)
        else:
            assert answer.status == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("method, path", sorted(openapi.operations()))
def test_a_method_that_is_not_there_is_told_what_is(collector, method, path):
    there = {known for known, template in openapi.operations() if template == path}
    path = path.replace("{code}", harness.SITE).replace("{id}", "0" * 32)
    for other in {"DELETE", "PUT", "OPTIONS", "GET", "POST"} - there:
        if openapi.operation_of(other, path):
            continue  # a name where another route has an id
        answer = collector.request(other, path, key=collector.token)
        assert answer.status == 405
        assert method in answer.headers["allow"]
