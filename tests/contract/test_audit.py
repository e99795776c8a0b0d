# SPDX-License-Identifier: Apache-2.0
"""Who changed what, over the API."""
import csv
import io

import pytest

import harness
import openapi
from waivers import waive


def entries(collector, query=""):
    answer = collector.get("/v1/audit" + query)
    openapi.check("GET", "/v1/audit", answer)
    assert answer.status == 200, answer.body
    return answer.json["entries"]


def test_the_log_is_told_the_newest_first(collector):
    given = waive(collector)
    newest = entries(collector)
    assert newest[0]["act"] == "waiver_given" and newest[0]["object"] == given["id"]
    assert newest[0]["after"]["requirement"] == given["requirement"]
    assert newest[0]["before"] is None
    assert newest[0]["site"] == harness.SITE and newest[0]["network"] == "127.0.0.1"
    assert [e["number"] for e in newest] == sorted((e["number"] for e in newest), reverse=True)


def test_its_parts_are_the_whole(collector):
    waive(collector)
    whole = entries(collector)
    parts = collector.pages("/v1/audit?limit=2", "entries")
    assert parts == whole and len(whole) > 2


def test_it_is_filtered(collector):
    given = waive(collector)
    assert [e["object"] for e in entries(collector, "?act=waiver_given")] == [given["id"]]
    assert [e["act"] for e in entries(collector, f"?object={given['id']}")] == ["waiver_given"]
    assert entries(collector, "?until=2020-01-01") == []
    assert entries(collector, "?since=2999-01-01") == []
    assert entries(collector, "?account=" + "0" * 32) == []


@pytest.mark.parametrize("query, says", [("?act=waved", "'waved'"), ("?since=today", "since"),
                                         ("?cursor=x", "cursor"), ("?who=x", "who")])
def test_what_makes_no_sense_is_refused(collector, query, says):
    answer = collector.get("/v1/audit" + query)
    openapi.check("GET", "/v1/audit", answer)
    assert answer.status == 400 and says in answer.json["detail"]


def test_the_file_has_the_same_rows_and_no_formulas(collector):
    waive(collector, reason="=HYPERLINK(1)")
    answer = collector.get("/v1/audit.csv")
    assert answer.status == 200 and answer.type.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert [int(row["number"]) for row in rows] == [e["number"] for e in entries(collector)]
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row.values() if cell)
    assert answer.headers["content-disposition"].startswith('attachment; filename="audit-')
