# SPDX-License-Identifier: Apache-2.0
"""Clients that send half a report and wait: others are answered, and nothing of half is stored."""
import harness
import loaded

HALVES = 200
# Half of the halves are completed at once, and a device has 16 places in the queue.
SLOW_DEVICES = 13


def read_answer(connection):
    """The status of the answer, or 0: the connection was cut."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = connection.recv(4096)
        if not more:
            return 0
        answer += more
    return int(answer.split()[1])


def states(collector, devices):
    return [collector.get(f"/v1/devices/{device.id}").json["state"] for device in devices]


def test_reports_are_answered_beside_clients_that_send_half_of_theirs(tmp_path):
    with harness.Collector(tmp_path, web=False) as collector:
        keys = loaded.enroll_all(collector, str(tmp_path), 32)
        key = collector.enrollment_key()
        slow = [collector.enroll(key, host_name=f"slow-{i}") for i in range(SLOW_DEVICES)]
        halves = [loaded.half_a_request(collector, slow[i % SLOW_DEVICES], (i + 1) / (HALVES + 2))
                  for i in range(HALVES)]
        # As many as on a fast machine in these seconds, however long that takes on a slow one.
        load = loaded.Load(collector, tmp_path, keys, seconds=2, least=321)
        said, newest, _ = load.finish()
        assert said["refused"] == 0 and said["open"] == 32
        assert len(newest) == 32 and said["answered"] > 320
        loaded.assert_newest_are_there(collector, newest)
        # Of half a report nothing is there; of those that are given up neither.
        assert states(collector, slow) == ["never_seen"] * SLOW_DEVICES
        for connection, _ in halves[::2]:
            connection.close()
        assert states(collector, slow) == ["never_seen"] * SLOW_DEVICES
        for connection, rest in halves[1::2]:
            connection.sendall(rest)
        answers = [read_answer(connection) for connection, _ in halves[1::2]]
        for connection, _ in halves[1::2]:
            connection.close()
        assert set(answers) == {200}
        assert "never_seen" not in states(collector, slow)
        loaded.assert_counts_equal_rows(collector)
    print(f"{said['answered']} reports answered beside {HALVES} halves; "
          f"{answers.count(200)} that were completed are there")
