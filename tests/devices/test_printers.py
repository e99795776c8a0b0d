# SPDX-License-Identifier: Apache-2.0
"""Print queues: the real agent and its helper, a real CUPS server of the test's own, and false ones.

    with Cups(folder, queues) as cups:
        cups.queues()     what the agent says of them

The server listens at run/cups/cups.sock of a folder that stands in for the device's root; the
test makes that socket and hands it over as systemd would, so that there is nothing to wait for.
"""
import grp
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import threading

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build/default"))
AGENT = os.path.join(ROOT, BUILD, "testready-agent")
CUPSD = "/usr/sbin/cupsd"


def printer_facts(root, **environment):
    done = subprocess.run([AGENT, "facts", "--root", root], capture_output=True, timeout=60,
                          env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return json.loads(done.stdout)["printer"]


@pytest.fixture
def root():
    """A device's root folder; its path is short, as that of a socket has to be."""
    with tempfile.TemporaryDirectory(prefix="tr-") as folder:
        os.chmod(folder, 0o755)
        os.makedirs(os.path.join(folder, "run/cups"))
        yield folder


def listen(root):
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.path.join(root, "run/cups/cups.sock"))
    server.listen(8)
    return server


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text.encode(errors="surrogateescape"))


def queue(name, uri, make_model="", state="Idle", accepting="Yes", more=""):
    make_model = f"MakeModel {make_model}\n" if make_model else ""
    return (f"<Printer {name}>\n{make_model}DeviceURI {uri}\nState {state}\n{more}"
            f"Accepting {accepting}\nShared No\n</Printer>\n")


# The least that CUPS takes for a driver; a queue without one is raw.
PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "X.PPD"
*Manufacturer: "X"
*Product: "(X)"
*PSVersion: "(3010) 0"
*ModelName: "X"
*ShortNickName: "X"
*NickName: "%s"
*OpenUI *PageSize: PickOne
*DefaultPageSize: Letter
*PageSize Letter: ""
*CloseUI: *PageSize
*DefaultImageableArea: Letter
*ImageableArea Letter: "0 0 612 792"
*DefaultPaperDimension: Letter
*PaperDimension Letter: "612 792"
"""
# Without its backend CUPS stops a queue, and without this filter it warns of it.
SERVER_BIN = ["filter/commandtops"] + [
    "backend/" + name for name in ["usb", "lpd", "socket", "ipp", "ipps", "hp", "beh", "smb",
                               "cups-brf"]]



class Cups:
    """A CUPS server with the queues of a printers.conf, on the socket of @root."""

    def __init__(self, root, printers, classes=""):
        assert os.access(CUPSD, os.X_OK), "cups-daemon is not installed: run `make setup`"
        self.root = root
        # Beside the root; cupsd gives up being root, and refuses to stay it.
        self.folder = tempfile.mkdtemp(prefix="tr-cups-")
        is_root = os.geteuid() == 0
        user = "nobody" if is_root else pwd.getpwuid(os.geteuid()).pw_name
        group = "nogroup" if is_root else grp.getgrgid(os.getegid()).gr_name
        os.chmod(self.folder, 0o755)
        for name in SERVER_BIN:
            write(self.path("bin/" + name), "#!/bin/sh\n")
            os.chmod(self.path("bin/" + name), 0o755)
        for name in ["cache", "spool", "spool/tmp", "state", "log", "ppd"]:
            os.mkdir(os.path.join(self.folder, name))
            if is_root:
                shutil.chown(os.path.join(self.folder, name), user, group)
        write(self.path("cupsd.conf"), f"""
            Listen {root}/run/cups/cups.sock
            LogLevel warn
            Browsing No
            WebInterface No
            DefaultAuthType None
            <Location />
              Allow all
            </Location>""")
        write(self.path("cups-files.conf"), f"""
            ServerRoot {self.folder}
            ServerBin {self.folder}/bin
            CacheDir {self.folder}/cache
            RequestRoot {self.folder}/spool
            TempDir {self.folder}/spool/tmp
            StateDir {self.folder}/state
            AccessLog {self.folder}/log/access
            ErrorLog {self.folder}/log/error
            PageLog {self.folder}/log/page
            FileDevice Yes
            User {user}
            Group {group}
            SystemGroup {"root" if is_root else "adm"}""")
        write(self.path("printers.conf"), printers)
        write(self.path("classes.conf"), classes)
        for name, make_model in re.findall(r"<Printer (.*)>\nMakeModel (.*)", printers):
            write(self.path(f"ppd/{name}.ppd"), PPD % make_model)

    def path(self, name):
        return os.path.join(self.folder, name)

    def __enter__(self):
        self.socket = listen(self.root)
        os.chmod(os.path.join(self.root, "run/cups/cups.sock"), 0o666)
        # sd_listen_fds(3): the first socket is 3, for the process of this number.
        self.server = subprocess.Popen(
            ["sh", "-c", f"LISTEN_FDS=1 LISTEN_PID=$$ exec {CUPSD} -l -c {self.path('cupsd.conf')} "
             f"-s {self.path('cups-files.conf')} 3<&0 </dev/null"],
            stdin=self.socket, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.communicate(timeout=60)
        self.socket.close()
        shutil.rmtree(self.folder)

    def queues(self):
        found = printer_facts(self.root)["queues"]
        assert isinstance(found, list), (found, self.log())
        return {q.pop("name"): q for q in found}

    def helper(self):
        """All that the helper says, of which the agent tells only a part."""
        return subprocess.run([os.path.join(ROOT, BUILD, "helper/cups"),
                               os.path.join(self.root, "run/cups/cups.sock")],
                              capture_output=True, check=True, text=True, timeout=60).stdout

    def log(self):
        try:
            with open(self.path("log/error"), encoding="utf-8", errors="replace") as f:
                return f.read()
        except OSError as e:
            return str(e)


def test_queues_are_as_cups_has_them(root):
    printers = queue("laser", "lpd://teacher:secret@printers.example.org/queue",
                     "HP LaserJet Series PCL 4/5", "Stopped", more="Reason paused\n")
    printers += queue("full", "usb://Canon/LBP6000?serial=SECRET", "Canon LBP6000",
                      accepting="No", more="Reason media-jam-error\nReason toner-low-warning\n")
    printers += queue("index", "usb://Index/Basic-D?serial=SECRET", "Index Basic-D V4/V5, 1.0")
    printers += queue("raw", "usb://Index/Everest-D?serial=SECRET")
    printers += queue("brf", "cups-brf:/", "Generic Braille embosser, 1.0")
    printers += queue("ubrl", "file:///dev/null", "Generic UBRL generator, 1.0")
    printers += queue("driverless", "ipp://localhost:60000/ipp/print", "HP Smart Tank")
    printers += queue("six", "ipps://[::1]:60001/ipp/print", "HP Smart Tank")
    printers += queue("application", "ipp://127.0.0.1:8000/ipp/print", "HP Smart Tank")
    printers += queue("announced", "ipp://Tank%20%28USB%29._ipp._tcp.local/", "HP Smart Tank")
    printers += queue("hplip", "hp:/net/HP_LaserJet?ip=192.0.2.7", "HP LaserJet 4")
    printers += queue("again", "beh:/1/3/5/socket://192.0.2.8:9100", "HP LaserJet 4")
    with Cups(root, printers) as cups:
        found = cups.queues()
        whole = json.dumps(found) + cups.helper()
        log = cups.log()
    plain = {"kind": "printer", "state": "idle", "reasons": [], "accepting": True}
    assert found == {
        "laser": {**plain, "connection": "network", "make_model": "HP LaserJet Series PCL 4/5",
                  "state": "stopped", "reasons": ["paused"]},
        "full": {**plain, "connection": "usb", "make_model": "Canon LBP6000", "accepting": False,
                 "reasons": ["media-jam-error", "toner-low-warning"]},
        "index": {**plain, "connection": "usb", "make_model": "Index Basic-D V4/V5, 1.0",
                  "kind": "embosser"},
        "raw": {**plain, "connection": "usb", "make_model": "Local Raw Printer",
                "kind": "embosser"},
        "brf": {**plain, "connection": "virtual", "make_model": "Generic Braille embosser, 1.0"},
        "ubrl": {**plain, "connection": "virtual", "make_model": "Generic UBRL generator, 1.0"},
        "driverless": {**plain, "connection": "usb", "make_model": "HP Smart Tank"},
        "six": {**plain, "connection": "usb", "make_model": "HP Smart Tank"},
        "application": {**plain, "make_model": "HP Smart Tank", "connection": {
            "unknown": "it leads to another program on this device"}},
        "announced": {**plain, "connection": "usb", "make_model": "HP Smart Tank"},
        "hplip": {**plain, "connection": "network", "make_model": "HP LaserJet 4"},
        "again": {**plain, "connection": "network", "make_model": "HP LaserJet 4"},
    }
    assert "printers.conf" not in log, log
    for secret in ["secret", "SECRET", "teacher", "example.org", "192.0.2"]:
        assert secret not in whole


def test_a_class_stands_for_several_queues(root):
    with Cups(root, queue("laser", "lpd://192.0.2.9/q"),
              classes="<Class all>\nState Idle\nAccepting Yes\nPrinter laser\n</Class>\n") as cups:
        found = cups.queues()
    assert set(found) == {"laser", "all"}
    assert "several queues" in found["all"]["connection"]["unknown"]


def test_a_path_that_libcups_would_cut_is_not_asked(root):
    done = subprocess.run([os.path.join(ROOT, BUILD, "helper/cups"), "/" + 107 * "x"],
                          capture_output=True, text=True, timeout=60)
    assert "path" in json.loads(done.stdout.splitlines()[0])["error"]


def test_a_server_without_a_queue_has_none(root):
    with Cups(root, "") as cups:
        assert cups.queues() == {}


def test_hostile_names_are_made_fit(root):
    printers = queue("ev\u202eil\x1b[31m", "usb://A/" + 500 * "x", 200 * "m")
    printers += queue("by\udcff\udcfetes", "smb://x/y")
    with Cups(root, printers) as cups:
        found = cups.queues()
    assert len(found) == 2
    for name, what in found.items():
        for text in [name, what["make_model"]]:
            assert len(text.encode()) <= 128
            assert not any(c in text for c in "\u202e\x1b\udcff")


def test_more_queues_than_can_be_right_are_unknown(root):
    with Cups(root, "".join(queue(f"q{i}", "file:///dev/null") for i in range(70))):
        why = printer_facts(root)["queues"]["unknown"]
    assert "more than 64 queues" in why


def serve(root, handle):
    """Run @handle for each connection to the socket; stops with the socket."""
    server = listen(root)

    def run():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                handle(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return server, thread


def flood(connection, head=b""):
    try:
        connection.sendall(head)
        while True:
            connection.sendall(b"A" * 65536)
    except OSError:
        pass


HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"
IPP = b"\x01\x01\x00\x00\x00\x00\x00\x01"
# One attribute group after another, with a queue in each that never ends.
ENDLESS = HTTP + b"Content-Length: 100000000\r\n\r\n" + IPP


def ipp_flood(connection):
    attribute = b"\x04\x42\x00\x0cprinter-name\x00\x04evil\x45\x00\x0adevice-uri\x00\x04usb:"
    try:
        connection.recv(4096)
        connection.sendall(ENDLESS)
        while True:
            connection.sendall(attribute * 1000)
    except OSError:
        pass


def answer(data):
    def handle(connection):
        try:
            connection.recv(4096)
            connection.sendall(data)
        except OSError:
            pass
    return handle


def keep_silent(connection):
    try:
        while connection.recv(4096):
            pass
    except OSError:
        pass


@pytest.mark.parametrize("handle", [
    keep_silent, flood, ipp_flood,
    lambda connection: flood(connection, HTTP + b"\r\n"),
    lambda connection: flood(connection, HTTP + b"Transfer-Encoding: chunked\r\n\r\nfffffff0\r\n"),
    answer(b""), answer(b"\x00\xff\xfe garbage\r\n\r\n"), answer(HTTP + b"\r\n" + IPP),
    answer(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    answer(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
    answer(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n"
           b"Content-Length: 0\r\n\r\n"),
    answer(HTTP + b"Content-Length: 9\r\n\r\n\x01\x01\x05\x00\x00\x00\x00\x01\x03"),
    answer(HTTP + b"Content-Length: 20\r\n\r\n" + IPP + b"\x04\x42\xff\xffprinter-na"),
], ids=["silent", "flood", "ipp-flood", "body-flood", "chunk-flood", "hangs-up", "garbage", "cut",
        "404", "403", "401", "error", "length"])
def test_a_server_that_does_not_answer_rightly_makes_queues_unknown(handle, root):
    server, thread = serve(root, handle)
    try:
        printer = printer_facts(root)
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(10)
    # Not the reason of the agent, which would have had to give up all that was seen of printers.
    assert isinstance(printer["printers"], list)
    assert printer["queues"]["unknown"].startswith("CUPS ")


def test_a_socket_without_a_server_is_a_cups_that_does_not_run(root):
    listen(root).close()
    assert "cannot be reached" in printer_facts(root)["queues"]["unknown"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_socket_that_may_not_be_used_makes_queues_unknown(root):
    server = listen(root)
    os.chmod(os.path.join(root, "run/cups/cups.sock"), 0o600)
    done = subprocess.run([AGENT, "facts", "--root", root], capture_output=True, timeout=60,
                          user=65534)
    server.close()
    assert "cannot be reached" in json.loads(done.stdout)["printer"]["queues"]["unknown"]


def test_the_server_of_this_machine_is_not_asked_of_another(root):
    """The root of a recorded machine has a link that leads out of it, to one of a similar name."""
    other = root + "-other"
    os.makedirs(os.path.join(other, "run/cups"))
    server = listen(other)
    os.symlink(os.path.join(other, "run/cups/cups.sock"), root + "/run/cups/cups.sock")
    queues = printer_facts(root)["queues"]
    server.setblocking(False)
    with pytest.raises(BlockingIOError):
        server.accept()
    server.close()
    shutil.rmtree(other)
    assert "another machine" in queues["unknown"]


def test_what_is_no_socket_is_not_asked(root):
    write(root + "/run/cups/cups.sock", "")
    assert "is no socket" in printer_facts(root)["queues"]["unknown"]


@pytest.mark.parametrize("target, why", [("/nowhere", "does not run"), ("cups.sock", "symbolic")])
def test_a_socket_that_a_lost_link_leads_to_may_be_there(target, why, root):
    os.symlink(target, root + "/run/cups/cups.sock")
    assert why in printer_facts(root)["queues"]["unknown"]


@pytest.mark.parametrize("text, is_asked", [
    ("", True), ("# ServerName other\n", True), ("ServerName /run/cups/cups.sock\n", True),
    ("servername\tlocalhost\n", True), ("ServerName print.example.org\n", False),
    ("\n  ServerName print.example.org/version=1.1\n", False), ("ServerName /other.sock", False)])
def test_only_the_server_that_programs_use_is_asked(text, is_asked, root):
    write(root + "/etc/cups/client.conf", text)
    queues = printer_facts(root)["queues"]
    assert queues == [] if is_asked else "another CUPS server" in queues["unknown"]
    assert "example.org" not in json.dumps(queues)


def test_a_client_conf_that_cannot_be_read_makes_queues_unknown(root):
    os.makedirs(root + "/etc/cups")
    os.mkfifo(root + "/etc/cups/client.conf")
    assert "which CUPS server" in printer_facts(root)["queues"]["unknown"]


def test_without_its_helper_queues_are_unknown(root):
    server = listen(root)
    queues = printer_facts(root, TESTREADY_HELPERS="/nowhere")["queues"]
    server.close()
    assert "'cups' is not installed" in queues["unknown"]
