# SPDX-License-Identifier: Apache-2.0
"""Machines of a lab: the real agent on each, with what its maker wrote into it."""
import json
import os
import shutil
import subprocess

import harness

AGENT = os.path.join(harness.BUILD, "testready-agent")


class Machine:
    """A machine of its own, whose disk may be another's."""

    def __init__(self, folder, number, disk=None, like=None):
        self.folder = os.path.join(folder, f"machine-{number}")
        self.root = os.path.join(self.folder, "root")
        self.state = os.path.join(self.folder, "state")
        os.makedirs(self.folder)
        if like is None:
            self.make(number)
        else:
            shutil.copytree(like.root, self.root)
        if disk is not None:
            shutil.copytree(disk.state, self.state)

    def make(self, number):
        values = {"product_uuid": f"4c4c4544-0042-4710-8058-{number:012d}",
                  "product_serial": f"SERIAL{number}", "board_serial": f"BOARD{number}",
                  "chassis_serial": f"CASE{number}", "sys_vendor": "Example",
                  "product_name": "ExampleBook 3"}
        for name, value in values.items():
            self.write(f"sys/class/dmi/id/{name}", value)
        # All have the name that the image had.
        self.write("etc/hostname", "lab-pc")

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text + "\n")

    def configure(self, url, key):
        self.write("etc/testready/key", key)
        self.write("etc/testready/agent.conf", f"url = {url}\n"
                   f"key_file = {os.path.join(self.root, 'etc/testready/key')}")

    def run(self, *arguments):
        done = subprocess.run([AGENT, *arguments, "--root", self.root, "--state", self.state],
                              text=True, capture_output=True, timeout=60)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done

    def report(self):
        return self.run("report", "--config",
                        os.path.join(self.root, "etc/testready/agent.conf"))

    @property
    def device_id(self):
        with open(os.path.join(self.state, "identity.json"), encoding="utf-8") as file:
            return json.load(file)["device_id"]
