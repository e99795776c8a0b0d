# SPDX-License-Identifier: Apache-2.0
"""Devices that are plugged in and out while the agent runs, by umockdev.

    with plug.Bed() as bed:
        agent.start("run", env=bed.environment(agent.environment()))
        bed.plug("headset1")

umockdev's library makes events only in a process that it is preloaded into, so this file
is also the program that does it: it reads commands, one a line, and answers each.
"""
import contextlib
import ctypes
import glob
import os
import select
import socket
import subprocess
import sys
import tempfile
import time

PRELOAD = "libumockdev-preload.so.0"
# Only decides how late it is told that the agent does not listen any more.
ROOM_S = 60

HEADSET = """P: /devices/usb1/{name}
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
A: idVendor=046d
A: idProduct=0a44
A: product={name}

P: /devices/usb1/{name}/sound/card{number}
E: SUBSYSTEM=sound
E: SOUND_FORM_FACTOR=headset
E: ID_BUS=usb
E: ID_MODEL={name}
A: id={name}
A: number={number}
"""


LAPTOP = """P: /devices/usb1
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb

P: /devices/BAT0
E: SUBSYSTEM=power_supply
E: POWER_SUPPLY_TYPE=Battery
A: type=Battery
A: capacity=80
A: status=Discharging
A: present=1

"""


class Bed:
    """`events`: when each was sent, as a pair of monotonic times just before and just after."""

    def __enter__(self):
        env = dict(os.environ, LD_PRELOAD=PRELOAD)
        self.said = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.events = []
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__)], text=True, env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said)
        self.root = self.answer("to begin")
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(ROOM_S)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.said.close()

    def environment(self, env):
        return dict(env, LD_PRELOAD=PRELOAD, UMOCKDEV_DIR=self.root)

    def answer(self, line):
        answer = self.process.stdout.readline()
        if not answer:
            status = self.process.wait()
            self.said.seek(0)
            raise AssertionError(f"umockdev ended with {status} when asked {line!r}:\n{self.said.read()}")
        return answer.strip()

    def ask(self, line):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        times = [float(word) for word in self.answer(line).split()[1:]]
        self.events += zip(times[::2], times[1::2])

    def looks_at_most(self, settle_s):
        """
        How often a service that waits for @settle_s of calm may have looked for these events:
        at the end, in each pause of so long, and each time that it was not calm for ten times as
        long. That is 1, but where the machine had no time for the test itself.
        """
        pauses = sum(after - before >= settle_s
                     for (before, _), (_, after) in zip(self.events, self.events[1:]))
        return 1 + pauses + int((self.events[-1][1] - self.events[0][0]) // (10 * settle_s))

    def plug(self, name, number=1):
        self.ask(f"plug {name} {number}")

    def unplug(self, name, number=1):
        self.ask(f"unplug {name} {number}")

    def event(self, path, action="change"):
        """An event of a device that is there."""
        self.ask(f"event {path} {action}")

    def battery(self, percent):
        self.ask(f"battery {percent}")


def wait_for_room(root):
    """
    Until each who listens can take one more event. Where the kernel's netlink keeps megabytes of
    them, what umockdev has in its place keeps net.unix.max_dgram_qlen, mostly 10, and its sender
    aborts when there is no room.
    """
    for path in glob.glob(os.path.join(root, "event[0-9]*")):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            try:
                way.connect(path)
            except ConnectionRefusedError:
                continue  # it listens no more, and umockdev knows what to do about that
            room = select.poll()
            room.register(way, select.POLLOUT)
            if not room.poll(ROOM_S * 1000):
                sys.exit(f"{path}: nobody has taken an event for {ROOM_S} s")


def main():
    lib = ctypes.CDLL("libumockdev.so.0")
    lib.umockdev_testbed_new.restype = ctypes.c_void_p
    lib.umockdev_testbed_get_root_dir.restype = ctypes.c_char_p
    bed = ctypes.c_void_p(lib.umockdev_testbed_new())
    root = lib.umockdev_testbed_get_root_dir(bed).decode()
    times = []

    def call(name, *args):
        getattr(lib, "umockdev_testbed_" + name)(bed, *(a.encode() if a is not None else None for a in args))

    @contextlib.contextmanager
    def sending():
        wait_for_room(root)
        times.append(time.monotonic())
        yield
        times.append(time.monotonic())

    def plug(name, number):
        # Each that is added is an event already; that a driver has it comes as another.
        for device in HEADSET.format(name=name, number=number).split("\n\n"):
            with sending():
                call("add_from_string", device + "\n", None)
        event(f"usb1/{name}", "bind")
        event(f"usb1/{name}/sound/card{number}", "change")

    def unplug(name, number):
        # The last event comes when the sound card is gone, or a look might be too early for good.
        event(f"usb1/{name}/sound/card{number}", "remove")
        call("remove_device", f"/sys/devices/usb1/{name}/sound/card{number}")
        event(f"usb1/{name}", "remove")
        call("remove_device", f"/sys/devices/usb1/{name}")

    def event(path, action):
        with sending():
            call("uevent", f"/sys/devices/{path}", action)

    def battery(percent):
        call("set_attribute", "/sys/devices/BAT0", "capacity", percent)
        event("BAT0", "change")

    commands = {"plug": plug, "unplug": unplug, "event": event, "battery": battery}
    call("add_from_string", LAPTOP, None)
    print(root, flush=True)
    for line in sys.stdin:
        times.clear()
        words = line.split()
        commands[words[0]](*words[1:])
        print("done", *times, flush=True)
    # It is the last one who holds it, so its folder goes.
    ctypes.CDLL("libgobject-2.0.so.0").g_object_unref(bed)


if __name__ == "__main__":
    main()
