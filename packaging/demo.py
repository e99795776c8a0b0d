#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Start a collector with three made-up schools, enrol this machine and recorded ones, and wait.

    packaging/demo.py --build build/default [--seconds N]

Everything is under build/demo. Ctrl-C, or the end of N seconds, stops it cleanly.
"""
import argparse
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEMO = os.path.join(ROOT, "build", "demo")
PROFILE = os.path.join(ROOT, "packaging", "profiles", "example.json")
EXAMPLES = os.path.join(ROOT, "packaging", "examples")
sys.path.insert(0, os.path.join(ROOT, "tests", "devices"))
import machines  # noqa: E402


class Demo:
    def __init__(self, build):
        self.agent = os.path.join(build, "testready-agent")
        self.collector = os.path.join(build, "testready-collector")
        self.web = os.path.join(build, "web")
        self.store = os.path.join(DEMO, "testready.db")
        self.token_file = os.path.join(DEMO, "admin-token")
        self.server = None
        self.url = None

    def run(self, *command, **more):
        done = subprocess.run(command, text=True, capture_output=True, check=False, **more)
        if done.returncode != 0:
            sys.exit(f"demo: {' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def admin(self, *args):
        return self.run(self.collector, *args, "--store", self.store)

    def start(self):
        log = open(os.path.join(DEMO, "collector.log"), "w", encoding="utf-8")
        self.server = subprocess.Popen(
            [self.collector, "serve", "--store", self.store, "--listen", "127.0.0.1:0",
             "--web", self.web, "--admin-token-file", self.token_file],
            stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True)
        line = self.server.stdout.readline()
        if not line.startswith("listening on "):
            sys.exit("demo: the collector did not start, see build/demo/collector.log")
        self.url = line.split()[-1]

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait()

    def token(self):
        return open(self.token_file, encoding="utf-8").read().strip()

    def get(self, path):
        request = urllib.request.Request(self.url + path,
                                         headers={"Authorization": "Bearer " + self.token()})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def report(self, name, site, role, wrap=(), root=None):
        """Enrol one device at @site and deliver its first report; @wrap runs it on another machine."""
        state = os.path.join(DEMO, "devices", name)
        os.makedirs(os.path.dirname(state), exist_ok=True)
        key = self.admin("enrollment-key", "add", "--site", site, "--key-only")
        rooted = ["--root", root] if root else []
        self.run(*wrap, self.agent, "enroll", "--url", self.url, "--key-file", "-", "--role", role,
                 "--state", state, *rooted, input=key)
        self.run(*wrap, self.agent, "report", "--state", state, *rooted)


def dress(name, host_name):
    """The files of machine @name, with a host name of the inventory."""
    root = machines.prepare_root(name, os.path.join(DEMO, "roots", host_name))
    with open(os.path.join(root, "etc", "hostname"), "w", encoding="utf-8") as file:
        file.write(host_name + "\n")
    machines.put_libraries(root, "22.04")
    return root


# What plays a school's devices: many alike, as after imaging, and some that are not.
STUDENTS = ["laptop-usb-headset", "laptop-usb-headset", "bare-desktop", "laptop-usb-headset",
            "unsure-laptop", "braille-station"]


def fill(demo):
    demo.admin("site", "import", os.path.join(EXAMPLES, "sites.json"))
    demo.admin("profile", "publish", PROFILE)
    demo.admin("site", "import", os.path.join(EXAMPLES, "inventory.csv"))
    with open(os.path.join(EXAMPLES, "sites.json"), encoding="utf-8") as file:
        sites = json.load(file)["sites"]
    with open(os.path.join(EXAMPLES, "inventory.csv"), encoding="utf-8") as file:
        inventory = list(csv.DictReader(file))

    # The last device of a larger school stays silent.
    for site in sites:
        rows = [row for row in inventory if row["site_code"] == site["code"]]
        for i, row in enumerate(rows[:-1] if len(rows) > 2 else rows):
            name = "ta-printer-embosser" if row["role"] == "ta" else STUDENTS[i % len(STUDENTS)]
            demo.report(row["host_name"], site["code"], row["role"] or "student",
                        machines.command(name), dress(name, row["host_name"]))
    demo.report("this-machine", sites[0]["code"], "student")


def tell(demo, is_open_ended):
    overview = demo.get("/v1/overview")
    print(f"\n  open     {demo.url}/")
    print(f"  sign in  with the token {demo.token()}")
    print(f"           or open {demo.url}/#token={demo.token()}")
    if is_open_ended:
        print("  Ctrl-C stops it.")
    verdict = subprocess.run([demo.agent, "check", "--profile", PROFILE], text=True,
                             capture_output=True, check=False).stdout.splitlines()
    print(f"\nThis machine: {verdict[0] if verdict else 'could not be checked.'}")
    print(overview["sentence"])
    for site in overview["sites"]:
        print(f"  {site['name']}: {site['ready']} of {site['expected']} devices ready")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=float, help="stop by itself after so long")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shutil.rmtree(DEMO, ignore_errors=True)
    os.makedirs(DEMO, mode=0o700)
    demo = Demo(os.path.join(ROOT, args.build))
    try:
        demo.start()
        fill(demo)
        tell(demo, args.seconds is None)
        if args.seconds is None:
            demo.server.wait()
        else:
            signal.sigtimedwait([signal.SIGINT, signal.SIGTERM], args.seconds)
    except KeyboardInterrupt:
        pass
    finally:
        demo.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
