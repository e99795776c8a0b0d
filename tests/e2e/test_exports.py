# SPDX-License-Identifier: Apache-2.0
"""Devices as files: what other programs read, of one moment, and who does not read on."""
import csv
import io
import json
import socket
import subprocess

import harness
import pytest


@pytest.fixture
def fleet(collector):
    key = collector.enrollment_key()
    devices = [collector.enroll(key, host_name=name)
               for name in ("lab-1", '=cmd|"x"!A1', 'a "quoted", name', "Zoë")]
    for i, device in enumerate(devices):
        device.report(harness.facts(memory__total_mib=512) if i == 0 else None)
    return devices


def read_csv(body):
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


def test_csv_and_json_have_the_rows_of_the_list(collector, fleet):
    rows = collector.pages("/v1/devices", "devices")
    table = collector.get("/v1/devices.csv")
    assert table.type == "text/csv; charset=utf-8; header=present"
    assert table.body.count(b"\r\n") == len(rows) + 1
    file = collector.get("/v1/devices.json").json
    assert [row["id"] for row in rows] == [row["device_id"] for row in read_csv(table.body)]
    for row, line, told in zip(rows, read_csv(table.body), file["devices"]):
        assert list(line) == list(told)
        assert (told["device_id"], told["site_code"], told["state"], told["needs"],
                told["next_action"]) == (row["id"], row["site"]["code"], row["state"],
                                         row["needs"], row["next_action"])
        assert line["needs"] == "; ".join(row["needs"])
        assert told["host_name"] == row["names"]["host_name"] == line["host_name"].lstrip("'")
        assert line["expected"] == str(row["expected"]).lower()
        assert (told["seen"], line["seen"]) == (row["seen_at"], row["seen_at"] or "")


def test_the_moment_is_told_in_the_name_and_in_the_file(collector, fleet):
    answer = collector.get("/v1/devices.json")
    as_of = answer.json["as_of"]
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="devices-{as_of[:19].replace(":", "")}Z.json"')


def test_a_formula_is_text_for_a_spreadsheet(collector, fleet):
    names = {row["host_name"] for row in read_csv(collector.get("/v1/devices.csv").body)}
    assert """'=cmd|"x"!A1""" in names
    assert 'a "quoted", name' in names


def test_filters_and_sites_are_those_of_the_list(collector, fleet):
    path = f"/v1/sites/{harness.SITE}/devices"
    assert [row["host_name"] for row in
            read_csv(collector.get(f"{path}.csv?state=not_ready").body)] == ["lab-1"]
    file = collector.get(f"{path}.json?sort=host_name").json
    assert [row["host_name"] for row in file["devices"]] == sorted(
        device.names["host_name"] for device in fleet)
    assert collector.get("/v1/devices.csv?state=retired").body.count(b"\n") == 1
    assert collector.get("/v1/devices.json?state=retired").json["devices"] == []


@pytest.mark.parametrize("path, status", [
    ("/v1/sites/none/devices.csv", 404), ("/v1/devices.csv?limit=5", 400),
    ("/v1/devices.csv?sort=seen", 400), ("/v1/devices.json?state=x", 400),
    ("/v1/devices.xml", 404), ("/v1/devices.CSV", 404),
])
def test_what_cannot_be_is_refused_as_everywhere(collector, path, status):
    answer = collector.get(path)
    assert answer.status == status
    assert answer.type == "application/problem+json"


def test_it_needs_a_token(collector):
    assert collector.request("GET", "/v1/devices.csv").status == 401


def test_what_did_not_change_is_not_sent_again(collector, fleet):
    etag = collector.get("/v1/devices.csv").headers["etag"]
    assert collector.get("/v1/devices.csv", If_None_Match=etag).status == 304
    assert collector.request("HEAD", "/v1/devices.csv", key=collector.token).status == 200
    fleet[0].report(harness.facts(memory__total_mib=4096))
    changed = collector.get("/v1/devices.csv", If_None_Match=etag)
    assert changed.status == 200 and changed.headers["etag"] != etag
    # Another program changes the store as well.
    collector.command("site", "import", collector.write(
        "more.csv", harness.INVENTORY + f"{harness.SITE_INVENTORY},I-9,,,,\n"))
    again = collector.get("/v1/devices.csv", If_None_Match=changed.headers["etag"])
    assert again.status == 200 and b"I-9" in again.body


# --- many rows -----------------------------------------------------------------------

@pytest.fixture
def many(collector, tmp_path):
    """So many lines of an inventory that no buffer between the two has them all."""
    lines = [f"{harness.SITE_INVENTORY},tag-{i},serial-{i},host-{i},student,{i // 30}"
             for i in range(60000)]
    path = tmp_path / "many.csv"
    path.write_text("site_code,asset_tag,serial,host_name,role,room\n" + "\n".join(lines) + "\n")
    collector.command("site", "import", str(path))
    return len(lines)


def ask(collector, token=None, path="/v1/devices.csv"):
    """A client that has asked, and reads nothing."""
    host, port = collector.address.split(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((host, int(port)))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token or collector.token}"
                   "\r\n\r\n".encode())
    client.settimeout(60)
    return client


def read_rest(client):
    """The body, from its chunks."""
    file = client.makefile("rb")
    while file.readline() not in (b"\r\n", b""):
        pass
    body = b""
    while True:
        size = int(file.readline(), 16)
        body += file.read(size)
        file.readline()
        if size == 0:
            return body


def test_all_rows_are_of_the_moment_it_began(collector, many):
    client = ask(collector)
    assert client.recv(12) == b"HTTP/1.1 200"
    # All lines but one are taken off the inventory while the file is being sent.
    collector.command("site", "import", collector.write(
        "few.csv", f"site_code,asset_tag\n{harness.SITE_INVENTORY},tag-0\n"))
    assert collector.get(f"/v1/sites/{harness.SITE_INVENTORY}").json["expected"] == 1
    rows = read_csv(read_rest(client))
    assert len({row["device_id"] for row in rows}) == len(rows) == many
    client.close()


def make_token(collector):
    return collector.command("token", "add", "--name", "files", "--role", "viewer", "--state",
                             "--token-only").strip()


def test_who_does_not_read_their_files_leaves_places_to_others(collector, many):
    clients = [ask(collector) for _ in range(2)]
    for client in clients:
        assert client.recv(12) == b"HTTP/1.1 200"
    refused = collector.get("/v1/devices.csv")
    assert refused.status == 429 and "Retry-After".lower() in refused.headers
    other = collector.request("GET", "/v1/devices.csv", key=make_token(collector))
    assert other.status == 200 and other.body.count(b"\n") > many
    for client in clients:
        client.close()


def test_clients_that_do_not_read_on_hold_up_nobody(collector, many):
    tokens = [make_token(collector) for _ in range(2)]
    clients = [ask(collector, token) for token in tokens + tokens]
    for client in clients:
        assert client.recv(12) == b"HTTP/1.1 200"
    refused = collector.get("/v1/devices.csv")
    assert refused.status == 503 and "Retry-After".lower() in refused.headers
    device = collector.enroll(collector.enrollment_key())
    for _ in range(20):
        device.report()
    assert collector.get("/v1/devices?limit=500").status == 200
    clients.pop().close()

    def a_place_is_free():
        return collector.get(f"/v1/sites/{harness.SITE}/devices.csv").status == 200
    harness.wait_until(a_place_is_free)
    for client in clients:
        client.close()


# --- the command ---------------------------------------------------------------------

def test_the_command_writes_what_the_api_sends(collector, fleet):
    api = collector.get("/v1/devices.csv").body
    assert collector.run("export", "devices", "--store", collector.store).stdout.encode() == (
        api.replace(b"\r\n", b"\n"))  # the test reads it as text
    file = json.loads(collector.command("export", "devices", "--json", "--site", harness.SITE))
    assert len(file["devices"]) == len(fleet)


def test_results_and_transitions_are_those_of_the_devices(collector, fleet):
    results = json.loads(collector.command("export", "results", "--json"))["results"]
    device = collector.get(f"/v1/devices/{fleet[0].id}").json
    assert [(row["requirement"], row["result"], row["severity"]) for row in results
            if row["device_id"] == fleet[0].id] == [
        (row["id"], row["result"], row["severity"]) for row in device["results"]]
    fleet[0].report()
    changes = json.loads(collector.command("export", "transitions", "--json"))["transitions"]
    assert [(row["at"], row["requirement"], row["from"], row["to"]) for row in changes
            if row["device_id"] == fleet[0].id] == [
        (row["at"], row["requirement"], row["from"], row["to"])
        for row in sorted(collector.get(f"/v1/devices/{fleet[0].id}").json["history"],
                          key=lambda row: (row["at"], row["requirement"]))]


@pytest.mark.parametrize("arguments, status, words", [
    ([], 3, "devices, results or transitions"),
    (["everything"], 3, "devices, results or transitions"),
    (["devices", "results"], 3, "usage|--help"),
    (["devices", "--site", "none"], 1, "no site has the code 'none'"),
    (["devices", "--csv"], 3, "--csv"),
])
def test_the_command_refuses_with_what_to_do(collector, arguments, status, words):
    done = collector.run("export", *arguments, "--store", collector.store, check=False)
    assert done.returncode == status
    assert any(word in done.stderr for word in words.split("|")), done.stderr
    assert done.stdout == ""


def test_a_store_that_is_not_there_and_a_full_disk_are_told(collector, tmp_path):
    done = collector.run("export", "devices", "--store", str(tmp_path / "none"), check=False)
    assert done.returncode == 3 and "no store at" in done.stderr
    with open("/dev/full", "wb") as full:
        done = subprocess.run([collector.program, "export", "devices", "--store", collector.store],
                              stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3 and "No space left" in done.stderr
