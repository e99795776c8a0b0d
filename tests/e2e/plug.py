# SPDX-License-Identifier: Apache-2.0
"""Devices that are plugged in and out while the agent runs, by umockdev.

    with plug.Bed() as bed:
        agent.start("run", env=bed.environment(agent.environment()))
        bed.plug("headset1")

umockdev's library makes events only in a process that it is preloaded into, so this file
is also the program that does it: it reads commands, one a line, and answers each.
"""
import ctypes
import os
import subprocess
import sys

PRELOAD = "libumockdev-preload.so.0"

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
    def __enter__(self):
        env = dict(os.environ, LD_PRELOAD=PRELOAD)
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__)], text=True, env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.root = self.process.stdout.readline().strip()
        assert self.root, "umockdev is not installed"
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def environment(self, env):
        return dict(env, LD_PRELOAD=PRELOAD, UMOCKDEV_DIR=self.root)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n", line

    def plug(self, name, number=1):
        self.ask(f"plug {name} {number}")

    def unplug(self, name, number=1):
        self.ask(f"unplug {name} {number}")

    def event(self, path, action="change"):
        """An event of a device that is there."""
        self.ask(f"event {path} {action}")

    def battery(self, percent):
        self.ask(f"battery {percent}")


def main():
    lib = ctypes.CDLL("libumockdev.so.0")
    lib.umockdev_testbed_new.restype = ctypes.c_void_p
    lib.umockdev_testbed_get_root_dir.restype = ctypes.c_char_p
    bed = ctypes.c_void_p(lib.umockdev_testbed_new())

    def call(name, *args):
        getattr(lib, "umockdev_testbed_" + name)(bed, *(a.encode() if a is not None else None for a in args))

    def plug(name, number):
        call("add_from_string", HEADSET.format(name=name, number=number), None)
        event(f"usb1/{name}", "add")
        event(f"usb1/{name}/sound/card{number}", "add")

    def unplug(name, number):
        event(f"usb1/{name}/sound/card{number}", "remove")
        event(f"usb1/{name}", "remove")
        call("remove_device", f"/sys/devices/usb1/{name}/sound/card{number}")
        call("remove_device", f"/sys/devices/usb1/{name}")

    def event(path, action):
        call("uevent", f"/sys/devices/{path}", action)

    def battery(percent):
        call("set_attribute", "/sys/devices/BAT0", "capacity", percent)
        event("BAT0", "change")

    commands = {"plug": plug, "unplug": unplug, "event": event, "battery": battery}
    call("add_from_string", LAPTOP, None)
    print(lib.umockdev_testbed_get_root_dir(bed).decode(), flush=True)
    for line in sys.stdin:
        words = line.split()
        commands[words[0]](*words[1:])
        print("done", flush=True)


if __name__ == "__main__":
    main()
