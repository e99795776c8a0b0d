# SPDX-License-Identifier: Apache-2.0
"""What the agent says of servers: real ones, on this machine's loopback, right and wrong.

Whom to trust is told as to any program of OpenSSL's, by SSL_CERT_FILE. A name in DNS that is not
this machine's is only ever asked of a proxy, which is ours as well.
"""
import contextlib
import json
import os
import socket
import socketserver
import ssl
import struct
import subprocess
import threading

import jsonschema
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("TESTREADY_BUILD", os.path.join(ROOT, "build/default"))
AGENT = os.path.join(ROOT, BUILD, "testready-agent")
CA_CONFIG = """
[ca]
default_ca = a
[a]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = p
copy_extensions = copy
x509_extensions = e
unique_subject = no
[p]
commonName = supplied
[e]
basicConstraints = CA:FALSE
"""


class Authority:
    """A certificate authority that makes certificates for the names of a server."""

    def __init__(self, folder, name):
        folder.mkdir()
        self.folder, self.n = str(folder), 0
        self.ca, self.key = str(folder / "ca.pem"), str(folder / "ca.key")
        (folder / "index").touch()
        (folder / "serial").write_text("1000")
        (folder / "config").write_text(CA_CONFIG.format(folder=folder))
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-subj", name, "-days", "30", "-keyout", self.key, "-out", self.ca)

    @staticmethod
    def run(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)

    def certificate(self, name, start="20200101000000Z", end="20990101000000Z"):
        """The file of a certificate for @name and of its key."""
        self.n += 1
        path = f"{self.folder}/{self.n}"
        self.run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                 "/CN=" + name, "-addext", "subjectAltName=DNS:" + name, "-keyout", path + ".key",
                 "-out", path + ".csr")
        self.run("ca", "-batch", "-notext", "-config", self.folder + "/config", "-cert", self.ca,
                 "-keyfile", self.key, "-startdate", start, "-enddate", end, "-in", path + ".csr",
                 "-out", path + ".crt")
        with open(path + ".pem", "wb") as whole:
            for part in (path + ".crt", path + ".key"):
                with open(part, "rb") as f:
                    whole.write(f.read())
        return path + ".pem"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("pki") / "ours", "/O=Example Trust/CN=Example Root")


@pytest.fixture(scope="module")
def firewall(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("pki") / "theirs", "/CN=Example \"School\" Firewall CA")


@pytest.fixture(scope="module")
def right(trusted):
    return trusted.certificate("localhost")


@contextlib.contextmanager
def serving(handle):
    """A server that calls @handle with each connection; gives its port. All have returned at the end."""
    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with contextlib.suppress(OSError):
                handle(self.request)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def tls(pem, heard=None):
    """What a server does that shows the certificate @pem; what comes after that is in @heard."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def handle(connection):
        with context.wrap_socket(connection, server_side=True) as wrapped:
            try:
                data = wrapped.recv(100)
            except OSError:
                data = b""
            if heard is not None:
                heard.append(data)
    return handle


def pump(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(4096):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def proxy(status, asked, to=None):
    """What a proxy does that answers @status, and hands on to the port @to of this machine."""
    def handle(connection):
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(1)
        asked.append(head.decode().splitlines()[0])
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        if to:
            with socket.create_connection(("127.0.0.1", to)) as there:
                back = threading.Thread(target=pump, args=(there, connection), daemon=True)
                back.start()
                pump(connection, there)
                back.join(10)
    return handle


def write_profile(folder, endpoints):
    check = {"every": "network.endpoints", "where": {"fact": "reachable", "is": True}}
    if not endpoints:
        check = {"fact": "cpu.cores", "at_least": 1}
    profile = {"profile": "p", "title": "t", "freshness_hours": {}, "endpoints": endpoints,
               "requirements": [{
                   "id": "servers", "severity": "required", "roles": ["student"], "title": "Servers",
                   "check": check,
                   "fix": {"id": "f", "text": "Open the firewall.", "minutes": 5}, "source": "s"}]}
    path = os.path.join(folder, "profile.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(profile, f)
    return path


def agent(folder, endpoints, ca, words=("facts", "--probe", "network"), before=(), **variables):
    env = {"PATH": os.environ["PATH"], "TESTREADY_STATE": "/nonexistent", "SSL_CERT_FILE": ca,
           "SSL_CERT_DIR": "/nonexistent", **variables}
    return subprocess.run([*before, AGENT, *words, "--profile", write_profile(folder, endpoints)],
                          capture_output=True, text=True, timeout=60, check=False, env=env)


def look(folder, endpoints, ca, **more):
    done = agent(folder, endpoints, ca, **more)
    assert done.returncode == 0, done.stderr
    network = json.loads(done.stdout)["network"]
    with open(os.path.join(ROOT, "docs/schema/report-1.json"), encoding="utf-8") as f:
        whole = json.load(f)
    facts = whole["$defs"]["facts"]["properties"]["network"]
    jsonschema.validate(network, {**facts, "$defs": whole["$defs"]})
    assert [endpoint["host"] for endpoint in network["endpoints"]] == endpoints
    return network["endpoints"]


def test_a_server_that_is_right_is_reachable_and_nothing_is_sent_to_it(tmp_path, trusted, right):
    heard = []
    with serving(tls(right, heard)) as port:
        server, = look(tmp_path, [f"localhost:{port}"], trusted.ca)
    assert server["reachable"] is True and server["why_not"] == ""
    assert server["tls_issuer"] == "Example Root (Example Trust)"
    assert server["by_proxy"] is False and 0 <= server["ms"] < 3000
    assert heard == [b""]


def test_who_issued_a_certificate_that_is_not_trusted_is_named(tmp_path, trusted, firewall):
    with serving(tls(firewall.certificate("localhost"))) as port:
        server, = look(tmp_path, [f"localhost:{port}"], trusted.ca)
    assert server["reachable"] is False
    assert server["tls_issuer"] == "Example 'School' Firewall CA"
    assert server["why_not"] == ("its certificate was issued by 'Example 'School' Firewall CA', "
                                 "which this device does not trust")
    assert "unknown" in server["ms"]


@pytest.mark.parametrize("name, start, end, why", [
    ("portal.example", "20200101000000Z", "20990101000000Z",
     "its certificate is made out to 'portal.example', not to this server"),
    ("localhost", "20200101000000Z", "20210203000000Z", "expired on 2021-02-03"),
    ("localhost", "20980203000000Z", "20990101000000Z", "holds only from 2098-02-03")])
def test_what_is_wrong_with_a_certificate_is_told(name, start, end, why, tmp_path, trusted):
    with serving(tls(trusted.certificate(name, start, end))) as port:
        server, = look(tmp_path, [f"localhost:{port}"], trusted.ca)
    assert server["reachable"] is False and why in server["why_not"]
    assert server["tls_issuer"] == "Example Root (Example Trust)"


def test_servers_are_tried_at_once_and_the_dead_ones_do_not_harm_the_others(tmp_path, trusted, right):
    shaken, given_up, given_up_before = threading.Semaphore(0), [], []

    def silent(connection):
        connection.recv(1 << 16)
        shaken.release()
        connection.recv(1)
        given_up.append(connection)

    def last(connection):
        # Who is tried after the others only when they were given up is seen by that.
        for _ in range(2):
            assert shaken.acquire(timeout=60)
        given_up_before.append(len(given_up))
        tls(right)(connection)

    with contextlib.ExitStack() as stack:
        hole = stack.enter_context(socket.socket())
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        # One waits to be accepted; the next ones are not even answered.
        for _ in range(3):
            full = stack.enter_context(socket.socket())
            full.setblocking(False)
            full.connect_ex(hole.getsockname())
        ports = [hole.getsockname()[1], stack.enter_context(serving(silent)),
                 stack.enter_context(serving(silent)), stack.enter_context(serving(last))]
        servers = look(tmp_path, [f"localhost:{port}" for port in ports], trusted.ca)
    assert [server["reachable"] for server in servers] == [False, False, False, True]
    assert "no answer within 3 seconds" in servers[0]["why_not"]
    assert "took the connection and then was silent" in servers[1]["why_not"]
    assert given_up_before == [0]
    assert servers[3]["ms"] < 3000


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.recv(1)


@pytest.mark.parametrize("handle", [lambda c: c.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n" * 9),
                                    lambda c: c.recv(1), reset],
                         ids=["http", "closed", "reset"])
def test_what_does_not_speak_tls_is_not_the_server(handle, tmp_path, trusted):
    with serving(handle) as port:
        server, = look(tmp_path, [f"localhost:{port}"], trusted.ca)
    assert server["reachable"] is False
    assert "TLS did not come about" in server["why_not"] or "broken off" in server["why_not"]
    assert "unknown" in server["tls_issuer"]


def closed_port():
    """A port that nobody listens on: it is bound as long as the socket lives."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held


def test_a_connection_that_is_refused_is_told_from_one_that_is_dropped(tmp_path, trusted):
    with closed_port() as held:
        server, = look(tmp_path, [f"localhost:{held.getsockname()[1]}"], trusted.ca)
    assert server["reachable"] is False and "was refused" in server["why_not"]


def can_unshare():
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_unshare(), reason="no network namespaces here")
def test_a_device_without_a_network_says_so(tmp_path, trusted):
    named, near = look(tmp_path, ["test.example.org", "localhost:8443"], trusted.ca,
                       before=("unshare", "-rn"))
    assert named["reachable"] is False and "its name cannot be found" in named["why_not"]
    assert near["reachable"] is False and "connected to a network" in near["why_not"]


def test_a_server_behind_a_proxy_is_reached_through_it(tmp_path, trusted):
    asked, heard = [], []
    with serving(tls(trusted.certificate("test.example.org"), heard)) as port, \
            serving(proxy("200 OK", asked, port)) as proxy_port:
        server, = look(tmp_path, ["test.example.org"], trusted.ca,
                       https_proxy=f"http://127.0.0.1:{proxy_port}")
    assert asked == ["CONNECT test.example.org:443 HTTP/1.1"]
    assert server["reachable"] is True and server["by_proxy"] is True
    assert server["tls_issuer"] == "Example Root (Example Trust)"
    assert heard == [b""]


@pytest.mark.parametrize("status, why", [
    ("407 Proxy Authentication Required", "the proxy wants a name and password (status 407)"),
    ("403 Forbidden", "the proxy refuses it (status 403)"),
    ("502 Bad Gateway", "the proxy does not reach it (status 502)")])
def test_why_a_proxy_refuses_is_told(status, why, tmp_path, trusted):
    asked = []
    with serving(proxy(status, asked)) as proxy_port:
        server, = look(tmp_path, ["test.example.org:8443"], trusted.ca,
                       ALL_PROXY=f"http://name:secret@127.0.0.1:{proxy_port}")
    assert asked == ["CONNECT test.example.org:8443 HTTP/1.1"]
    assert server["reachable"] is False and server["by_proxy"] is True
    assert server["why_not"] == why


def test_a_certificate_behind_a_proxy_is_the_servers_and_a_dead_proxy_is_not_the_server(
        tmp_path, trusted, firewall):
    with serving(tls(firewall.certificate("test.example.org"))) as port, \
            serving(proxy("200 OK", [], port)) as proxy_port:
        server, = look(tmp_path, ["test.example.org"], trusted.ca,
                       https_proxy=f"http://127.0.0.1:{proxy_port}")
    assert server["why_not"].startswith("its certificate was issued by 'Example")
    for scheme in ("http", "socks5h"):
        with closed_port() as held:
            server, = look(tmp_path, ["test.example.org"], trusted.ca,
                           https_proxy=f"{scheme}://127.0.0.1:{held.getsockname()[1]}")
        assert server["why_not"].startswith("the proxy: the connection was refused")
        assert server["by_proxy"] is True


@pytest.mark.parametrize("no_proxy, is_direct", [
    ("localhost", True), ("*", True), (".localhost", True), ("a.example, LOCALHOST.", True),
    ("host", False), ("x.localhost", False), ("", False), (" , ", False),
    ("localhost.example." * 20, False)])
def test_what_the_proxy_is_not_for_is_tried_directly(no_proxy, is_direct, tmp_path, trusted, right):
    asked = []
    with serving(tls(right)) as port, serving(proxy("403 No", asked)) as proxy_port:
        server, = look(tmp_path, [f"localhost:{port}"], trusted.ca, no_proxy=no_proxy,
                       https_proxy=f"http://127.0.0.1:{proxy_port}")
    assert server["reachable"] is is_direct and server["by_proxy"] is not is_direct
    assert bool(asked) is not is_direct


def test_sixteen_servers_are_tried_within_the_limits_of_a_helper(tmp_path, trusted, right):
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(serving(tls(right))) for _ in range(16)]
        servers = look(tmp_path, [f"localhost:{port}" for port in ports], trusted.ca)
    assert all(server["reachable"] is True for server in servers)


def test_check_says_which_server_cannot_be_reached_and_why(tmp_path, trusted, right, firewall):
    with serving(tls(right)) as good, serving(tls(firewall.certificate("localhost"))) as bad:
        done = agent(tmp_path, [f"localhost:{good}", f"localhost:{bad}"], trusted.ca,
                     words=("check",))
        assert done.returncode == 1, done.stderr
        assert f"server: localhost:{bad}, not reachable (its certificate was issued by" in done.stdout
        done = agent(tmp_path, [f"localhost:{good}"], trusted.ca, words=("check",))
    assert done.returncode == 0 and done.stdout == "Ready.\n"


def test_a_helper_that_is_not_there_leaves_a_server_unknown_and_the_device_too(tmp_path, trusted):
    server, = look(tmp_path, ["localhost:1"], trusted.ca, TESTREADY_HELPERS="/nonexistent")
    assert "is not installed" in server["reachable"]["unknown"]
    done = agent(tmp_path, ["localhost:1"], trusted.ca, words=("check",),
                 TESTREADY_HELPERS="/nonexistent")
    assert done.returncode == 2


def device(path, *lines):
    return "\n".join([f"P: {path}", "E: SUBSYSTEM=net", *lines, ""])


PCI = "/devices/pci0000:00/0000:00:1f.6"
USB = "/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0"
INTERFACES = [
    # devices, the facts of what is listed
    ([device(PCI, "A: vendor=0x8086").replace("=net", "=pci"),
      device(PCI + "/net/enp0s31f6", "A: type=1\\n", "A: operstate=up\\n")],
     [("enp0s31f6", "wired", True)]),
    ([device(PCI, "A: vendor=0x8086").replace("=net", "=pci"),
      device(PCI + "/net/wlp2s0", "E: DEVTYPE=wlan", "A: type=1\\n", "A: operstate=dormant\\n")],
     [("wlp2s0", "wireless", False)]),
    # An old driver that is known only by its folder.
    ([device(PCI, "A: vendor=0x8086").replace("=net", "=pci"),
      device(PCI + "/net/wlan0", "A: type=1\\n", "A: operstate=down\\n", "A: wireless/status=0\\n")],
     [("wlan0", "wireless", False)]),
    # A telephone's tether, named after its address; its driver does not say whether it is up.
    ([device(USB, "A: bInterfaceClass=02").replace("=net", "=usb"),
      device(USB + "/net/enx0a1b2c3d4e5f", "A: type=1\\n", "A: operstate=unknown\\n",
             "A: carrier=1\\n")],
     [("enx\u2026", "wired", True)]),
    ([device(USB, "A: bInterfaceClass=02").replace("=net", "=usb"),
      device(USB + "/net/usb0", "A: type=1\\n", "A: operstate=unknown\\n", "A: carrier=0\\n"),
      device(USB + "/net/usb1", "A: type=1\\n", "A: operstate=unknown\\n")],
     [("usb0", "wired", False), ("usb1", "wired", None)]),
    ([device(USB, "A: bInterfaceClass=02").replace("=net", "=usb"),
      device(USB + "/net/wwan0", "E: DEVTYPE=wwan", "A: type=65534\\n", "A: operstate=up\\n"),
      device(USB + "/net/can0", "A: type=280\\n", "A: operstate=up\\n"),
      device(USB + "/net/bnep0", "E: DEVTYPE=bluetooth", "A: type=1\\n", "A: operstate=up\\n")],
     [("bnep0", "other", True), ("can0", "other", True), ("wwan0", "mobile", True)]),
    # The loopback, a bridge, a container's end, a tunnel.
    ([device("/devices/virtual/net/lo", "A: type=772\\n", "A: operstate=unknown\\n"),
      device("/devices/virtual/net/br0", "E: DEVTYPE=bridge", "A: type=1\\n", "A: operstate=up\\n"),
      device("/devices/virtual/net/veth1", "A: type=1\\n", "A: operstate=up\\n"),
      device("/devices/virtual/net/tun0", "A: type=65534\\n", "A: operstate=unknown\\n")], []),
]


@pytest.mark.parametrize("devices, expected", INTERFACES,
                         ids=["wired", "wireless", "old", "tether", "vague", "mobile", "virtual"])
def test_interfaces_are_those_of_devices(devices, expected, tmp_path):
    path = tmp_path / "machine.umockdev"
    path.write_text("\n".join(devices))
    done = agent(tmp_path, [], "/nonexistent", before=("umockdev-run", "-d", str(path), "--"))
    assert done.returncode == 0, done.stderr
    network = json.loads(done.stdout)["network"]
    assert network["endpoints"] == []
    told = [(i["name"], i["kind"], i["up"] if isinstance(i["up"], bool) else None)
            for i in network["interfaces"]]
    assert told == expected
    assert "0a1b2c3d4e5f" not in done.stdout
