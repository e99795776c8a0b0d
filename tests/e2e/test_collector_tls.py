# SPDX-License-Identifier: Apache-2.0
"""The collector speaks TLS itself, and knows who asks where a proxy does."""
import http.client
import os
import signal
import socket
import ssl
import subprocess

import pytest

import harness
from certificates import make_certificate
from harness import Collector
from imposter import Agent


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


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
                        "sh", text, self.log_path, str(count)], timeout=30, check=True)


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


def test_a_handshake_that_does_not_go_on_keeps_no_processor_busy(secure):
    """libmicrohttpd wants to look again at once, and again."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    shaking = ssl.create_default_context(cafile=secure.certificate).wrap_bio(
        incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        shaking.do_handshake()
    port = int(secure.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(outgoing.read())
        assert connection.recv(65536)
        before, seconds = processor_seconds(secure.process.pid), 2
        # The rest of its answer, if it came in pieces, and nothing more.
        connection.settimeout(seconds)
        with pytest.raises(TimeoutError):
            while connection.recv(65536):
                pass
        assert processor_seconds(secure.process.pid) - before < seconds / 20


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
