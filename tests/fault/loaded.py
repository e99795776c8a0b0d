# SPDX-License-Identifier: Apache-2.0
"""A collector under load that dies, and what must be true of it afterwards."""
import json
import os
import re
import signal
import socket
import subprocess

import harness

LOAD = os.path.join(harness.BUILD, "bench/load")
SLOW_DISK = os.path.abspath(os.path.join(harness.BUILD, "fault/slow_disk.so"))


def write_template(folder, boot):
    """
    A report whose free room on the disk is its number, and whose memory is too little with every
    other number: so what is stored of a device says which of its reports was the last.
    """
    facts = harness.facts(disk__free_bytes="@SEQUENCE@", memory__total_mib="@FLIP@024")
    text = json.dumps(harness.report_body("@DEVICE@", sequence="@SEQUENCE@", boot=boot, facts=facts,
                                          device=harness.names(host_name="@DEVICE@")))
    path = os.path.join(folder, "template")
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r'"(@SEQUENCE@|@FLIP@024)"', r"\1", text))
    return path


def enroll_all(collector, folder, connections):
    key = collector.enrollment_key()
    path = os.path.join(folder, "keys")
    with open(path, "w", encoding="utf-8") as file:
        for i in range(connections):
            device = collector.enroll(key, host_name=f"load-{i}")
            file.write(f"{device.id} {device.key}\n")
    return path


def count_lines(path):
    if not os.path.exists(path):
        return 0
    with open(path, "rb") as file:
        return file.read().count(b"\n")


class Load:
    """
    Reports of all devices in @keys, each the next as soon as the last was answered: for so many
    seconds, and longer where by then not at least so many were answered.
    """

    def __init__(self, collector, folder, keys, seconds=60, name="acked", least=0):
        self.acked = os.path.join(str(folder), name)
        if os.path.exists(self.acked):
            os.unlink(self.acked)
        port = collector.url.rpartition(":")[2]
        self.process = subprocess.Popen(
            [LOAD, "--least", str(least), port, str(count_lines(keys)), str(seconds),
             write_template(str(folder), harness.boot_id()), keys, self.acked],
            stdout=subprocess.PIPE, text=True)

    def wait_for(self, n):
        harness.wait_until(lambda: count_lines(self.acked) >= n, 60)

    def finish(self):
        """What it says, and the last number of each device that was answered, and how many were."""
        said = json.loads(self.process.communicate(timeout=150)[0])
        newest, n = {}, 0
        with open(self.acked, encoding="utf-8") as file:
            for line in file:
                device, sequence = line.split()
                newest[device] = int(sequence)
                n += 1
        return said, newest, n


def assert_newest_are_there(collector, newest):
    """
    The facts of each device are those of the last report that was answered, or of the one behind
    it, which was on its way; and its result is that of these facts.
    """
    connection = collector.connect()
    for device, sequence in newest.items():
        json_ = collector.get(f"/v1/devices/{device}", connection=connection).json
        stored = json_["facts"]["disk"]["free_bytes"]
        assert stored in (sequence, sequence + 1), "an acknowledged report is gone"
        result = next(r["result"] for r in json_["results"] if r["id"] == "memory.size")
        # Of a spare device nothing is asked.
        assert result in ("fail" if stored % 2 else "pass", "not_applicable"), "of other facts"
    connection.close()


def sites_of(collector):
    return [site["code"] for site in collector.pages("/v1/sites?limit=500", "sites")]


def assert_counts_equal_rows(collector):
    """Of every site, by its list of devices; and what the store itself finds of its counts."""
    for code in sites_of(collector):
        site = collector.get(f"/v1/sites/{code}").json
        rows = collector.pages(f"/v1/sites/{code}/devices?expected=true&limit=500", "devices")
        assert site["expected"] == len(rows)
        for state, count in site["states"].items():
            assert count == sum(row["state"] == state for row in rows), state
        for room in site["rooms"]:
            assert room["expected"] == sum(row["room"] == room["room"] for row in rows)
    done = collector.run("check", "--quick", "--store", collector.store)
    assert done.returncode == 0, done.stdout + done.stderr


def kill(collector):
    assert collector.stop(signal.SIGKILL) == -signal.SIGKILL


def keep_port(collector):
    """From now on it listens where it does now, so that who talks to it can go on after it."""
    collector.arguments += ["--listen", collector.address]


def half_a_request(collector, device, share):
    """A connection on which the first @share of a report's bytes were sent; and the rest."""
    body = json.dumps(device.body()).encode()
    head = (f"POST /v1/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode()
    whole = head + body
    host, _, port = collector.address.rpartition(":")
    connection = socket.create_connection((host, int(port)), timeout=30)
    cut = int(len(whole) * share)
    connection.sendall(whole[:cut])
    return connection, whole[cut:]
