# SPDX-License-Identifier: Apache-2.0
"""The real collector for tests: its commands, its API, devices that enrol and report.

    with harness.Collector(folder) as collector:
        device = collector.enroll(collector.enrollment_key(harness.SITE))
        answer = device.report(harness.facts(memory__total_mib=512))
        collector.get(f"/v1/sites/{harness.SITE}").json

Every test has a store of its own; the port is a free one. TESTREADY_BUILD says which
build is tested, TESTREADY_WEB which pages if not those of the build. In pytest, a
conftest.py that says `from harness import collector` gives its folder a collector
for each test, and `from harness import new_collector` what makes those that a test
starts and stops itself. Without one of these or `with`, one would go on where a test fails.
"""
import contextlib
import copy
import datetime
import hashlib
import hmac
import http.client
import json
import os
import signal
import subprocess
import time
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build/default"))
WEB = os.environ.get("TESTREADY_WEB")
PROFILE = os.path.join(ROOT, "packaging/profiles/example.json")

SITE = "19647330000001"            # every device that enrols is expected
SITE_INVENTORY = "19647330000002"  # has an inventory of six devices
SITE_NO_WINDOW = "19647330000003"  # so nothing is judged there
LEA = {"code": "1964733", "name": "Example Unified"}

INVENTORY = """site_code,asset_tag,serial,host_name,role,room
19647330000002,I-1,SN-1,lab-1,student,104
19647330000002,I-2,SN-2,lab-2,student,104
19647330000002,I-3,SN-3,lab-3,student,106
19647330000002,I-4,SN-4,lab-4,student,R+6 & 7
19647330000002,I-5,SN-5,lab-5,student,
19647330000002,I-6,SN-6,office-1,ta,
"""


def season_end(day):
    """The last day that a waiver given on @day can have."""
    end = datetime.date(day.year, 7, 31)
    return end if day <= end else end.replace(year=day.year + 1)


def sites(first_in_days=30, last_in_days=90):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    # In the next season what is waived today would not count any more: from May on they end earlier.
    last = min(today + datetime.timedelta(days=last_in_days), season_end(today))
    first = min(today + datetime.timedelta(days=first_in_days), last)

    def window(name):
        return {"id": name, "programme": "CAASPP", "track": "", "profile": "example",
                "first": str(first), "last": str(last)}

    return {"sites": [
        {"code": SITE, "name": "Lincoln High", "lea": LEA, "zone": "America/Los_Angeles",
         "window": window("lincoln")},
        {"code": SITE_INVENTORY, "name": "Adams <b>Middle</b>", "lea": LEA,
         "zone": "America/Los_Angeles", "window": window("adams")},
        {"code": SITE_NO_WINDOW, "name": "Zoë Elementary", "lea": LEA},
    ]}


# What a device that passes everything of the example profile has.
READY = {
    "os": {"id": "ubuntu", "version_id": "22.04", "name": "Ubuntu 22.04.4 LTS", "arch": "x86_64",
           "kernel": "5.15.0", "desktops": ["gnome"], "updates_staged": False,
           "restart_required": False, "automatic_updates": False, "automatic_updates_by": ""},
    "browser": {
        "installs": [{"product": "CASecureBrowser", "vendor": "AIR", "version": "99.0",
                      "build": "20260801", "version_from": "application.ini",
                      "path": "/opt/CASecureBrowser", "launchable": True, "why_not": "",
                      "missing_libraries": [], "on_network_mount": False, "desktop_entries": 1}],
        "copies": 1, "unread_folders": 0, "running": False},
    "audio": {
        "cards": [{"name": "USB Headset", "bus": "usb", "form_factor": "headset",
                   "usb_id": "046d:0a44", "playback": True, "capture": True}],
        "jacks": [], "headphones": "present", "headphones_evidence": "USB Headset is a headset",
        "microphone": "present", "muted": False, "volume_percent": 60},
    "printer": {"printers": [], "queues": []},
    "braille": {"displays": [], "embossers": []},
    "input": {
        "keyboards": [{"name": "AT keyboard", "bus": "ps2", "usb_id": "", "wireless": False}],
        "pointers": [{"name": "Mouse", "bus": "usb", "usb_id": "046d:c077", "wireless": False}],
        "touchscreens": [], "switches": []},
    "display": {"screens": [{"connector": "eDP-1", "name": "", "width_px": 1920, "height_px": 1080,
                             "diagonal_in": 14, "internal": True, "enabled": True}]},
    "memory": {"total_mib": 8192},
    "disk": {"total_bytes": 256060514304, "free_bytes": 180388626432},
    "cpu": {"model": "Example", "cores": 8, "mhz": 3400},
    "power": {"source": "mains", "batteries": []},
    "network": {"endpoints": [], "interfaces": [{"name": "wlp2s0", "kind": "wireless", "up": True}]},
    "speech": {"engines": [{"name": "espeak-ng", "languages": ["en-us", "es"]}],
               "dispatcher": True, "screen_readers": ["orca"]},
    "software": {"libraries": [{"name": "glibc", "version": "2.35"},
                               {"name": "libstdc++", "version": "6.0.30"},
                               {"name": "GTK", "version": "3.24.33"}],
                 "web_browsers": ["Firefox"], "fonts": ["Verdana"], "running": [],
                 "screen_blanks": False},
    "clock": {"time_zone": "America/Los_Angeles", "synchronised": True},
}
OLD_BROWSER = [dict(READY["browser"]["installs"][0], version="12.5")]
UNKNOWN = {"unknown": "the probe could not look"}


def facts(**changes):
    """READY with changes: facts(memory__total_mib=512, browser__installs=[])."""
    result = copy.deepcopy(READY)
    for path, value in changes.items():
        probe, _, name = path.partition("__")
        if name:
            result[probe][name] = value
        else:
            result[probe] = value
    return result


def boot_id():
    return str(uuid.uuid4())


def names(host_name="lab", serial="", asset_tag="", model="ExampleBook 3"):
    return {"host_name": host_name, "serial": serial, "asset_tag": asset_tag, "model": model}


def report_body(device_id, sequence=1, boot=None, facts=None, device=None, **changes):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    body = {"report": 1, "device_id": device_id, "agent_version": "0.1.0",
            "boot_id": boot or boot_id(), "sequence": sequence,
            "observed_at": now.replace("+00:00", "Z"), "age_ms": 0, "device": device or names(),
            "facts": READY if facts is None else facts}
    body.update(changes)
    return body


def canonical(value):
    """JSON as the agent and the collector hash it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(**values):
    """What a machine is known by: fingerprint(board_serial="1", disk_serial="2")."""
    return [{"kind": kind, "strength": "weak" if kind == "machine_id" else "strong",
             "hash": hashlib.sha256(f"{kind} {value}".encode()).hexdigest()[:16]}
            for kind, value in values.items()]


def heartbeat_body(device_id, facts_hash, sequence=1, boot=None, **changes):
    body = report_body(device_id, sequence=sequence, boot=boot, facts={})
    for member in ("report", "device", "facts"):
        del body[member]
    return {"heartbeat": 1, **body, "facts_hash": facts_hash, **changes}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.all = response.getheaders()
        self.headers = {name.lower(): value for name, value in self.all}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def type(self):
        return self.headers.get("content-type", "")


class Device:
    """A device as the collector knows it; it reports as often as a test needs."""

    def __init__(self, collector, answer, device):
        self.collector = collector
        self.id = answer["device_id"]
        self.key = answer["device_key"]
        self.names = device
        self.boot = boot_id()
        self.sequence = 0

    def body(self, facts=None, **changes):
        self.sequence += 1
        return report_body(self.id, sequence=self.sequence, boot=self.boot, facts=facts,
                           device=self.names, **changes)

    def send(self, body):
        return self.collector.post("/v1/reports", body, self.key)

    def report(self, facts=None, **changes):
        answer = self.send(self.body(facts, **changes))
        assert answer.status == 200, answer.body
        return answer.json

    def heartbeat(self, facts=None, **changes):
        """That the facts of the last report, READY where none are given, still hold."""
        digest = hashlib.sha256(canonical(READY if facts is None else facts).encode()).hexdigest()
        self.sequence += 1
        body = heartbeat_body(self.id, digest, sequence=self.sequence, boot=self.boot, **changes)
        answer = self.collector.post("/v1/heartbeats", body, self.key)
        assert answer.status == 200, answer.body
        return answer.json

    def export(self, folder, facts=None, **changes):
        """Write a report as `testready-agent export` does; the file's path."""
        body = self.body(facts, **changes)
        text = json.dumps(body)
        key = hashlib.sha256(self.key.encode()).digest()
        path = os.path.join(folder, f"{self.id}-{body['sequence']}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"export": 1, "device_id": self.id, "boot_id": body["boot_id"],
                       "sequence": body["sequence"], "body": text,
                       "mac": hmac.new(key, text.encode(), "sha256").hexdigest()}, file)
        return path


class Collector:
    """A collector with sites and a published profile, running; a context manager."""

    def __init__(self, folder, build=BUILD, web=True, fill=True, arguments=()):
        self.folder = str(folder)
        self.program = os.path.join(build, "testready-collector")
        self.store = os.path.join(self.folder, "store.db")
        self.token_file = os.path.join(self.folder, "admin-token")
        self.log_path = os.path.join(self.folder, "collector.log")
        self.web = WEB or os.path.join(build, "web") if web is True else web
        self.arguments = list(arguments)
        self.process = None
        if fill:
            self.fill()

    # --- its commands ---

    def run(self, *args, check=True):
        done = subprocess.run([self.program, *args], text=True, capture_output=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"{args}: exit {done.returncode}\n{done.stderr}")
        return done

    def command(self, *args):
        return self.run(*args, "--store", self.store).stdout

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def fill(self):
        self.command("site", "import", self.write("sites.json", json.dumps(sites())))
        self.command("profile", "publish", PROFILE)
        self.command("site", "import", self.write("inventory.csv", INVENTORY))

    def enrollment_key(self, site=SITE):
        return self.command("enrollment-key", "add", "--site", site, "--key-only").strip()

    # --- its life ---

    def start(self):
        # A context starts it by itself; the one of before would outlive the test.
        assert self.process is None or self.process.poll() is not None, "it runs already"
        command = [self.program, "serve", "--store", self.store, "--listen", "127.0.0.1:0",
                   "--admin-token-file", self.token_file, *self.arguments]
        if self.web:
            command += ["--web", self.web]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            self.stop(signal.SIGKILL)  # nobody else would: it never was a context
            raise AssertionError(f"{command}: {line!r}\n{self.log()}")
        self.url = line.split()[-1]
        self.address = self.url.removeprefix("http://")
        with open(self.token_file, encoding="utf-8") as file:
            self.token = file.read().strip()
        return self

    def stop(self, how=signal.SIGTERM):
        """Its exit status."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        process.send_signal(how)
        try:
            return process.wait(60)
        finally:
            process.kill()  # where it does not end, it shall not outlive the test either
            process.wait()
            process.stdout.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        status = self.stop()
        # Where the test failed, why it did is what matters.
        assert kind or status in (None, 0), f"exit {status}\n{self.log()}"

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    # --- its API ---

    def connect(self, timeout=30):
        return http.client.HTTPConnection(self.address, timeout=timeout)

    def request(self, method, path, body=None, key=None, connection=None, **headers):
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            fields["Authorization"] = f"Bearer {key}"
        own = connection or self.connect()
        try:
            own.request(method, path, body, fields)
            return Answer(own.getresponse())
        finally:
            if own is not connection:
                own.close()

    def get(self, path, **headers):
        return self.request("GET", path, key=self.token, **headers)

    def post(self, path, body, key, connection=None, **headers):
        headers.setdefault("Content_Type", "application/json")
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        return self.request("POST", path, body, key, connection, **headers)

    def pages(self, path, member):
        """All rows of a list, part by part."""
        rows, cursor = [], ""
        while cursor is not None:
            joint = "&" if "?" in path else "?"
            answer = self.get(path + (f"{joint}cursor={cursor}" if cursor else ""))
            assert answer.status == 200, answer.body
            rows += answer.json[member]
            cursor = answer.json["next_cursor"]
        return rows

    def enroll(self, key, role="student", said=None, **device):
        """@said: members beside the usual ones, such as fingerprint and request_id."""
        device = names(**device)
        answer = self.post("/v1/enroll", {"agent_version": "0.1.0", "role": role,
                                          "device": device, **(said or {})}, key)
        assert answer.status == 200, answer.body
        return Device(self, answer.json, device)


def wait_until(holds, seconds=60):
    """Wait until holds() does; that is no measurement, only patience."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


try:
    import pytest
except ImportError:  # the benchmarks need none of it
    pass
else:
    @pytest.fixture
    def collector(tmp_path):
        with Collector(tmp_path) as running:
            yield running

    @pytest.fixture
    def new_collector(tmp_path):
        """
        new_collector(folder=tmp_path, **options): a collector that is not started yet. What still
        runs when the test is over, however it ended, is stopped.
        """
        with contextlib.ExitStack() as running:
            def make(folder=tmp_path, **options):
                made = Collector(folder, **options)
                running.callback(made.stop)
                return made
            yield make
