# SPDX-License-Identifier: Apache-2.0
"""Files that nobody would make by mistake, at each place that takes one: refused, and nothing else happens."""
import gzip
import json
import socket

import pytest
from world import CALCULATES, MISSING, SITES, Somebody, cells

MIB = 1024 * 1024
HUNDRED_MB = 100 * 1000 * 1000

# Its header, and how a good row is made of a name and a code of a site, for each route that takes a file.
FILES = {
    "/v1/people/import": ("login,name,role,scope,code",
                          lambda name, code: f"h{code},{name},viewer,site,{code}"),
    "/v1/inventory/imports": ("site_code,serial,host_name,room",
                              lambda name, code: f"{code},S{code},{name},101"),
    "/v1/sites/imports": ("lea_code,lea_name,site_code,site_name,zone",
                          lambda name, code: f"{code[:7]},YleaA,{code},{name},America/Los_Angeles"),
    "/v1/rooms/imports": ("site_code,room,seats", lambda name, code: f"{code},{name},30"),
}
LOADS_AT_ONCE = "/v1/people/import"  # others show first what they would do


def preview(path):
    return path + "?validate=true" if path == LOADS_AT_ONCE else path


def spoilt(header, row):
    """Name → bytes of what no import may take."""
    good = row("N", SITES["A1"])
    start = f"{header}\r\n".encode()
    wide = ",".join(f"c{n}" for n in range(10000))
    return {
        "nothing": b"",
        "no newline": b"x" * (4 * MIB),
        "commas": b"," * (4 * MIB),
        "quotes": b'"' * (4 * MIB),
        "newlines": b"\n" * (4 * MIB),
        "NULs": b"\0" * (4 * MIB),
        "a NUL in the header": header.replace(",", "\0,", 1).encode() + b"\r\n" + good.encode(),
        "a NUL in a cell": start + good.replace("N", "N\0M").encode(),
        "invalid UTF-8": start + good.encode().replace(b"N", b"\xff\xfe"),
        "an overlong slash": start + good.encode().replace(b"N", b"\xc0\xaf"),
        "half of a surrogate pair": start + good.encode().replace(b"N", b"\xed\xa0\x80"),
        "UTF-16": ("\ufeff" + header + "\r\n" + good).encode("utf-16-le"),
        "10,000 columns": wide.encode() + b"\r\n" + good.encode(),
        "10,000 cells": start + good.encode() + b"," * 10000,
        "a cell too few": start + good.rpartition(",")[0].encode(),
        "a quote that is never closed": start + b'"' + good.encode() + b"\r\n" * (MIB // 2),
        "a quote in the middle": start + good.replace("N", 'N"M').encode(),
        "a cell of a megabyte": start + good.replace("N", "N" * MIB).encode(),
        "a column twice": f"{header},{header}\r\n{good},{good}\r\n".encode(),
        "a column that is not known": f"{header},is_admin\r\n{good},1\r\n".encode(),
        "no column of all": b"a,b,c\r\n1,2,3\r\n",
        "a control character": start + good.replace("N", "N\x1b[2J").encode(),
        "a code of a spreadsheet": start + row("N", "1.00000E+13").encode(),
        "a code with a quote": start + row("N", "' OR '1'='1").encode(),
        "two rows that differ, of one thing": start + f"{good}\r\n{good}x\r\n".encode(),
        # A file of sites makes sites; there it is a zone that is not there.
        "what is not there": start + (good + "x" if header.endswith("zone")
                                      else row("N", MISSING["site"])).encode(),
    }


def forget_peak(collector):
    with open(f"/proc/{collector.process.pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")
    return peak_kib(collector)


def peak_kib(collector):
    with open(f"/proc/{collector.process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


def send(world, path, body, **fields):
    return world.collector.request("POST", path, body, world.collector.token,
                                   Content_Type="text/csv", **fields)


def is_refused(answer):
    """Refused, or shown with what is wrong and without a way to load it."""
    if answer.status in (400, 413):
        return True
    told = answer.json
    return answer.status == 200 and not told["is_loaded"] and told["n_problems"] > 0 \
        and told.get("id") is None


def test_each_place_that_takes_a_file_is_attacked_here(world):
    paths = world.collector.request("GET", "/v1/openapi.json").json["paths"]
    takes = {path for path, methods in paths.items()
             if "text/csv" in methods.get("post", {}).get("requestBody", {}).get("content", {})}
    assert {path for path in takes if not path.endswith("/commit")} == set(FILES)


@pytest.mark.parametrize("path", FILES)
def test_a_hostile_file_is_refused_with_a_reason_and_changes_nothing(world, path):
    header, row = FILES[path]
    world.settle()
    before, memory = world.dump(), forget_peak(world.collector)
    for name, body in spoilt(header, row).items():
        answer = send(world, preview(path), body)
        assert is_refused(answer), (name, answer.status, answer.body[:300])
        told = answer.json.get("detail") or answer.json["problems"][0]["text"]
        assert len(told) > 10 and not any(c < " " or c == "\x7f" for c in told), (name, told)
        assert len(answer.body) < 256 * 1024, name  # what is told of a file is not the file
        # Nor is it loaded where nobody looked at it first.
        load = path if path == LOADS_AT_ONCE else f"{path}/{'0' * 64}/commit"
        assert send(world, load, body).status in (400, 409, 413), name
    assert world.dump() == before
    grown = peak_kib(world.collector) - memory
    print(f"security: hostile files for {path} took {grown // 1024} MiB more")
    assert grown < 96 * 1024


@pytest.mark.parametrize("path", FILES)
def test_a_hundred_megabytes_are_refused_before_they_are_sent(world, path):
    host, _, port = world.collector.address.rpartition(":")
    memory = forget_peak(world.collector)
    head = (f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {world.collector.token}\r\n"
            f"Content-Type: text/csv\r\nContent-Length: {HUNDRED_MB}\r\n\r\n")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode() + b"x" * 1000)
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
    assert peak_kib(world.collector) - memory < 8 * 1024


@pytest.mark.parametrize("path", FILES)
def test_a_small_file_that_inflates_to_a_large_one_is_refused(world, path):
    answer = send(world, preview(path), gzip.compress(b"x" * (100 * MIB)),
                  Content_Encoding="gzip")
    assert answer.status in (400, 413), answer.body


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\uff1d1", "=cmd|'/C calc'!A0", "\t=1", " =1"]


@pytest.mark.parametrize("path", FILES)
def test_a_formula_in_a_file_is_refused_or_is_a_text_wherever_it_goes(world, path):
    """What is taken is in no file that goes out again as something to calculate."""
    header, row = FILES[path]
    for formula in FORMULAS:
        body = f"{header}\r\n{row(formula, SITES['A1'])}\r\n".encode()
        answer = send(world, preview(path), body)
        assert answer.status == 200, (formula, answer.body)
        if answer.json["n_problems"]:
            continue
        load = path if path == LOADS_AT_ONCE else f"{path}/{answer.json['id']}/commit"
        assert send(world, load, body).status in (200, 409), formula
        for out in ("/v1/devices.csv", f"/v1/sites/{SITES['A1']}/inventory.csv", "/v1/audit.csv"):
            for cell in cells(world.root.ask("GET", out)):
                assert cell[:1] not in CALCULATES, (out, cell)


@pytest.mark.parametrize("path, who", [("/v1/people/import", "lea_coordinator"),
                                       ("/v1/inventory/imports", "site_coordinator"),
                                       ("/v1/rooms/imports", "site_coordinator")])
def test_a_code_of_another_lea_is_told_like_one_that_is_not_there(world, path, who):
    header, row = FILES[path]
    session = world.sign_in(who)
    told = []
    for code in (SITES["B1"], MISSING["site"]):
        answer = session.ask("POST", preview(path), f"{header}\r\n{row('N', code)}\r\n")
        assert is_refused(answer), answer.body
        told.append(json.dumps(answer.json["problems"]).replace(code, "CODE"))
    assert told[0] == told[1]


def test_who_may_not_load_a_file_is_told_so_whatever_is_in_it(world):
    viewer = world.sign_in("viewer")
    for path, (header, row) in FILES.items():
        for body in spoilt(header, row).values():
            if len(body) > 100000:
                continue
            answer = viewer.ask("POST", preview(path), body.decode("latin-1"))
            assert answer.status == 403, (path, answer.body)
    assert Somebody(world, "x", "nothing").ask("POST", "/v1/rooms/imports", "x").status == 401
