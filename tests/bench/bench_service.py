# SPDX-License-Identifier: Apache-2.0
"""What the service costs while nothing happens, and when a cart of devices is plugged in."""
import os
import pathlib
import signal
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))

DEVICES = 200
STORM_S = 2


def of_proc(pid, file, name):
    with open(f"/proc/{pid}/{file}", encoding="ascii") as text:
        return int(next(line.split()[1] for line in text if line.startswith(name + ":")))


def idle(service, seconds):
    """Wake-ups in so many seconds, and KiB of proportional memory."""
    pid = service.process.pid
    # It has told that it waits, and then does.
    time.sleep(0.5)
    before = of_proc(pid, "status", "voluntary_ctxt_switches")
    time.sleep(seconds)
    return of_proc(pid, "status", "voluntary_ctxt_switches") - before, of_proc(pid, "smaps_rollup", "Pss")


def run(folder, has_storm):
    """CPU in ms of a service that reports once, and again after a storm of plugs; and its reports."""
    import plug
    import service as services
    server = services.Server()
    try:
        agent = services.enrolled(folder, server)
        with plug.Bed() as bed:
            started = services.Service(agent, env=bed.environment(agent.environment()), settle="3")
            with started as service:
                service.looked()
                begin = time.monotonic()
                for number in range(DEVICES if has_storm else 0):
                    bed.plug(f"Headset{number}", number)
                    if number != DEVICES - 1:
                        bed.unplug(f"Headset{number}", number)
                    time.sleep(max(0, begin + STORM_S * number / DEVICES - time.monotonic()))
                if has_storm:
                    service.looked()
                service.process.send_signal(signal.SIGTERM)
                _, status, usage = os.wait4(service.process.pid, 0)
                service.process.returncode = os.waitstatus_to_exitcode(status)
        cards = [c["name"] for c in server.reports()[-1]["facts"]["audio"]["cards"]]
        return (usage.ru_utime + usage.ru_stime) * 1000, len(server.reports()), cards
    finally:
        server.close()


def bench_service(table, seconds, rounds):
    import service as services
    with tempfile.TemporaryDirectory() as folder:
        server = services.Server()
        agent = services.enrolled(pathlib.Path(folder), server)
        with services.Service(agent) as service:
            service.looked()
            wakes, pss = idle(service, seconds)
        server.close()
    table.add("idle service, memory", f"{pss / 1024:.1f} MiB PSS", "", "", "≤ 4 MiB")
    table.add(f"idle service, {seconds:g} s", f"{wakes} wake-ups", "", "", "0")
    storms, calms = [], []
    for _ in range(rounds):
        for has_storm, costs in ((True, storms), (False, calms)):
            with tempfile.TemporaryDirectory() as folder:
                costs.append(run(pathlib.Path(folder), has_storm))
    cpu = statistics.median(c[0] for c in storms) - statistics.median(c[0] for c in calms)
    kept = all(c[1] == 2 and c[2] == [f"Headset{DEVICES - 1}"] for c in storms)
    table.add(f"{DEVICES} devices come and go in {STORM_S} s, CPU", f"{cpu:.0f} ms",
              "under umockdev, the report included", "", "≤ 50 ms")
    table.add("… reports, and what they say", "one, the final state" if kept else "NOT ONE", "", "", "one")


class Printer:
    @staticmethod
    def add(*row):
        print(*row, sep="  ", flush=True)


if __name__ == "__main__":
    bench_service(Printer, float(sys.argv[1]) if len(sys.argv) > 1 else 60, 3)
