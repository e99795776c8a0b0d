# SPDX-License-Identifier: Apache-2.0
"""The collector speaks TLS itself, and knows who asks where a proxy does."""
import http.client
import os
import selectors
import signal
import socket
import ssl
import subprocess
import time

import pytest

import harness
from certificates import make_certificate
from harness import Collector
from imposter import Agent


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def times_asleep(pid):
    """How often its threads went to sleep until now."""
    folder, n = f"/proc/{pid}/task", 0
    for thread in os.listdir(folder):
        with open(f"{folder}/{thread}/status", encoding="ascii") as file:
            n += next(int(line.split()[1]) for line in file if line.startswith("voluntary"))
    return n


class Secure(Collector):
    """A collector with a certificate of its own for localhost."""

    def __init__(self, folder, *arguments):
        self.certificate, self.key = make_certificate(folder, "district", "localhost")
        super().__init__(folder, arguments=["--tls-cert", self.certificate, "--tls-key", self.key,
                                            *arguments])

    def start(self):
        super().start()
        self.address = self.url.removeprefix("https://").replace("127.0.0.1", "localhost")
        return self

    def connect(self, timeout=30, least=None, most=None):
        context = ssl.create_default_context(cafile=self.certificate)
        context.set_ciphers("ALL:@SECLEVEL=0")  # or Python itself would not speak what is old
        if least:
            context.minimum_version = least
        if most:
            context.maximum_version = most
        return http.client.HTTPSConnection(self.address, timeout=timeout, context=context)

    def await_log(self, text, count=1):
        """Wait until the log has TEXT so often."""
        subprocess.run(["sh", "-c", 'until [ "$(grep -cF -- "$1" "$2")" -ge "$3" ]; do sleep 0.05; done',
                        "sh", text, self.log_path, str(count)], timeout=60, check=True)


@pytest.fixture
def secure(tmp_path):
    with Secure(tmp_path) as collector:
        yield collector


def test_a_report_over_tls_is_as_any_other_and_browsers_are_told_to_stay(secure):
    assert secure.url.startswith("https://")
    secure.enroll(secure.enrollment_key()).report()
    answer = secure.get("/v1/overview")
    assert answer.status == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_an_agent_enrols_and_reports_to_it(secure, tmp_path):
    folder = tmp_path / "agent"
    folder.mkdir()
    agent = Agent(str(folder))
    url = f"https://{secure.address}"
    with open(agent.key_file, "w", encoding="utf-8") as file:
        file.write(secure.enrollment_key() + "\n")
    done = agent.enroll(url, "--ca", secure.certificate)
    assert done.returncode == 0, done.stderr
    assert agent.report().returncode == 0
    assert secure.get(f"/v1/sites/{harness.SITE}").json["states"]["not_ready"] == 1


def hello(secure):
    """What a client says first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    shaking = ssl.create_default_context(cafile=secure.certificate).wrap_bio(
        incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        shaking.do_handshake()
    return outgoing.read()


def connect_raw(secure):
    return socket.create_connection(("127.0.0.1", int(secure.url.rpartition(":")[2])), timeout=30)


def test_a_handshake_that_does_not_go_on_keeps_no_processor_busy(secure):
    """libmicrohttpd wants to look again at once, and again."""
    with connect_raw(secure) as connection, connect_raw(secure) as begun, connect_raw(secure):
        connection.sendall(hello(secure))
        begun.sendall(hello(secure)[:1])
        assert connection.recv(65536)
        pid, seconds = secure.process.pid, 2
        processor, asleep = processor_seconds(pid), times_asleep(pid)
        # The rest of its answer, if it came in pieces, and nothing more.
        connection.settimeout(seconds)
        with pytest.raises(TimeoutError):
            while connection.recv(65536):
                pass
        assert processor_seconds(pid) - processor < seconds / 20
        # Some threads look at the clock once a second.
        assert times_asleep(pid) - asleep < 25 * seconds


def test_a_handshake_whose_pieces_come_one_by_one_is_shaken(secure):
    context = ssl.create_default_context(cafile=secure.certificate)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    shaking = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with connect_raw(secure) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                shaking.do_handshake()
                break
            except ssl.SSLWantReadError:
                for byte in outgoing.read():
                    connection.sendall(bytes([byte]))
                incoming.write(connection.recv(65536))
        shaking.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        # Its last word and what it asks for come together.
        connection.sendall(outgoing.read())
        incoming.write(connection.recv(65536))
        assert shaking.read(65536).startswith(b"HTTP/1.1 200 ")


SHAKING_SECONDS = 30  # docs/limits.md


def test_who_does_not_go_on_shaking_hands_is_cut(tmp_path, monkeypatch):
    suspended = tmp_path / "suspended"
    suspended.write_text("0")
    monkeypatch.setenv("LD_PRELOAD", os.path.abspath(os.path.join(harness.BUILD, "fault/clock.so")))
    monkeypatch.setenv("CLOCK_SUSPENDED", str(suspended))
    with Secure(tmp_path) as secure:
        with connect_raw(secure) as silent, connect_raw(secure) as begun:
            begun.sendall(hello(secure))
            assert begun.recv(65536)
            suspended.write_text(str(SHAKING_SECONDS))
            for connection in (silent, begun):
                while connection.recv(65536):
                    pass


def test_handshakes_that_do_not_go_on_keep_nobody_waiting_and_are_cut_at_the_end(tmp_path):
    with Secure(tmp_path) as secure:
        device = secure.enroll(secure.enrollment_key())
        stuck = [connect_raw(secure) for _ in range(200)]
        for connection in stuck[::2]:
            connection.sendall(hello(secure))
        for connection in stuck[::2]:
            assert connection.recv(65536)
        for connection in stuck[::4]:
            connection.close()
        for _ in range(20):
            assert device.report()["state"] == "ready"
        left = [connection for i, connection in enumerate(stuck) if i % 4]
    # The collector has ended, which waited for none of them.
    for connection in left:
        connection.settimeout(60)
        try:
            while connection.recv(65536):
                pass
        except ConnectionResetError:
            pass
        connection.close()


class Shaking:
    """One of many clients that shake hands and ask at the same time."""

    def __init__(self, secure, context):
        self.connection = connect_raw(secure)
        self.connection.setblocking(False)
        self.connection = context.wrap_socket(self.connection, server_hostname="localhost",
                                              do_handshake_on_connect=False)
        self.said = b""
        self.has_asked = False

    def step(self):
        """Go on as far as it goes; True: it has its answer."""
        try:
            self.connection.do_handshake()
            if not self.has_asked:
                self.connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.has_asked = True
            while not self.said.endswith(b"}"):
                self.said += self.connection.recv(65536)
        except ssl.SSLWantReadError:
            return False
        return True


@pytest.mark.parametrize("n, threads", [(129, "1"), (300, "2")])
def test_many_who_shake_hands_at_once_are_all_answered(tmp_path, n, threads):
    with Secure(tmp_path, "--threads", threads) as secure:
        context = ssl.create_default_context(cafile=secure.certificate)
        clients = [Shaking(secure, context) for _ in range(n)]
        with selectors.DefaultSelector() as selector:
            for client in clients:
                selector.register(client.connection, selectors.EVENT_READ, client)
            waiting = {client for client in clients if not client.step()}
            while waiting:
                ready = {key.data for key, _ in selector.select(30)}
                assert ready, f"stalled: {len(waiting)} wait"
                waiting -= {client for client in ready if client.step()}
        for client in clients:
            assert client.said.startswith(b"HTTP/1.1 200 ")
            client.connection.close()


def fastest_ms(collector, is_enough=lambda _: False):
    """The least that a report took, of two hundred or until it is enough."""
    device, connection = collector.enroll(collector.enrollment_key()), collector.connect()
    least = 1e9
    for _ in range(200):
        body, begin = device.body(), time.monotonic()
        assert collector.post("/v1/reports", body, device.key, connection).status == 200
        least = min(least, (time.monotonic() - begin) * 1e3)
        if is_enough(least):
            break
    connection.close()
    return least


def test_an_answer_over_tls_waits_for_no_timeout(secure, tmp_path):
    """
    After an answer libmicrohttpd waits for no event on its connection before it has looked, in
    the round after the next, whether there is another request.
    """
    folder = tmp_path / "plain"
    folder.mkdir()
    with Collector(folder) as collector:
        plain_ms = fastest_ms(collector)
    assert fastest_ms(secure, lambda ms: ms < plain_ms + 0.9) < plain_ms + 0.9


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
@pytest.mark.parametrize("version, is_spoken", [
    (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
    (ssl.TLSVersion.TLSv1_3, True)])
def test_only_versions_without_known_holes_are_spoken(secure, version, is_spoken):
    connection = secure.connect(least=version, most=version)
    try:
        if is_spoken:
            assert secure.request("GET", "/healthz", connection=connection).status == 200
        else:
            with pytest.raises((ssl.SSLError, OSError)):
                connection.connect()
    finally:
        connection.close()


def test_plain_http_gets_no_answer(secure):
    plain = http.client.HTTPConnection(secure.address, timeout=30)
    with pytest.raises((http.client.HTTPException, OSError)):
        plain.request("GET", "/healthz")
        plain.getresponse()
    plain.close()


def shown(connection):
    return dict(part[0] for part in connection.sock.getpeercert()["subject"])["commonName"]


def test_a_renewed_certificate_is_shown_and_no_connection_ends_for_it(secure, tmp_path):
    kept = secure.connect()
    assert secure.request("GET", "/healthz", connection=kept).status == 200
    assert shown(kept) == "district"
    renewed = make_certificate(tmp_path, "renewed", "localhost")
    os.replace(renewed[0], secure.certificate)
    os.replace(renewed[1], secure.key)
    secure.process.send_signal(signal.SIGHUP)
    secure.await_log("the TLS certificate is valid until", 2)

    new = secure.connect()
    assert secure.request("GET", "/healthz", connection=new).status == 200
    assert shown(new) == "renewed"
    assert secure.request("GET", "/healthz", connection=kept).status == 200
    kept.close()
    new.close()


def test_a_certificate_that_cannot_be_read_leaves_the_one_that_is_shown(secure, tmp_path):
    os.replace(make_certificate(tmp_path, "other", "localhost")[1], secure.key)
    secure.process.send_signal(signal.SIGHUP)
    secure.await_log("the TLS certificate stays as it was")
    assert "not the key of the certificate" in secure.log()
    assert secure.get("/healthz").status == 200


def broken(folder, how):
    certificate, key = make_certificate(folder, "one", "localhost")
    if how == "another's key":
        key = make_certificate(folder, "two", "localhost")[1]
    elif how == "a key for all":
        os.chmod(key, 0o604)
    elif how == "no key":
        os.unlink(key)
    elif how == "no certificate":
        with open(certificate, "w", encoding="utf-8") as file:
            file.write("hello\n")
    return {"a key alone": ["--tls-key", key]}.get(
        how, ["--tls-cert", certificate, "--tls-key", key])


@pytest.mark.parametrize("how, says", [
    ("another's key", "this is not the key of the certificate in"),
    ("a key for all", "chmod o-r"),
    ("no key", "one.key"),
    ("no certificate", "one.pem"),
    ("a key alone", "give --tls-cert and --tls-key together")])
def test_what_cannot_be_shown_is_said_at_the_start(tmp_path, how, says):
    collector = Collector(tmp_path, fill=False, arguments=broken(tmp_path, how))
    with pytest.raises(AssertionError, match=says):
        collector.start()


def test_with_a_certificate_it_may_listen_everywhere(tmp_path):
    with Secure(tmp_path, "--listen", "0.0.0.0:0") as collector:
        assert collector.url.startswith("https://0.0.0.0:")


def test_only_a_trusted_proxy_says_that_it_speaks_tls(tmp_path):
    for trusted, is_told in (("127.0.0.1", True), ("192.0.2.1", False)):
        folder = tmp_path / trusted
        folder.mkdir()
        with Collector(folder, fill=False, arguments=["--trusted-proxy", trusted]) as collector:
            headers = collector.get("/healthz", X_Forwarded_Proto="https").headers
            assert ("strict-transport-security" in headers) == is_told
            assert "strict-transport-security" not in collector.get("/healthz").headers


def test_a_proxy_that_is_no_address_is_refused(tmp_path):
    collector = Collector(tmp_path, fill=False, arguments=["--trusted-proxy", "gateway"])
    with pytest.raises(AssertionError, match="'gateway' is not an address"):
        collector.start()
