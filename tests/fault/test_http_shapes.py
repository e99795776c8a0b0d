# SPDX-License-Identifier: Apache-2.0
"""Requests that a proxy in front may read otherwise than the collector: refused, and nothing
that follows on the connection is taken for a request."""
import harness
import pytest
import sockets

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /v1/reports HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
# What an attacker would smuggle: answered with 200 and the version, if it is taken for a request.
NEXT = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

REFUSED = {
    # --- how long is the body
    "two lengths that differ": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "two lengths alike": POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "two lengths in a list": POST + b"Content-Length: 5, 5\r\n\r\nhello",
    "a length with a sign": POST + b"Content-Length: +5\r\n\r\nhello",
    "a negative length": POST + b"Content-Length: -5\r\n\r\nhello",
    "a hexadecimal length": POST + b"Content-Length: 0x5\r\n\r\nhello",
    "a length with a space": POST + b"Content-Length: 5 \r\n\r\nhello",
    "a length and more": POST + b"Content-Length: 5x\r\n\r\nhello",
    "no length in the field": POST + b"Content-Length: \r\n\r\nhello",
    "a length of 23 digits": POST + b"Content-Length: 99999999999999999999999\r\n\r\nhello",
    "a length before chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length after chunks": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "a length behind a space": POST + b"Content-Length : 5\r\n\r\nhello",
    "chunks twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and identity": POST + b"Transfer-Encoding: chunked\r\n"
                           b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "identity with a length": POST + b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
    "gzip and chunks": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "something like chunks": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks behind a tab": POST + b"Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n",
    "chunks behind a vertical tab": POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "chunks in capitals": POST + b"TRANSFER-ENCODING: CHUNKED\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": CHUNKED.replace(b"1.1", b"1.0") + b"0\r\n\r\n",
    "chunks": CHUNKED + b"5\r\nhello\r\n0\r\n\r\n",
    "a chunk with an extension": CHUNKED + b"5;a=b\r\nhello\r\n0\r\n\r\n",
    "trailers": CHUNKED + b"5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n",
    "chunks with a bare LF": CHUNKED + b"5\nhello\n0\n\n",
    "a chunk of 0x5": CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n",
    "a negative chunk": CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n",
    "a chunk's size with a space": CHUNKED + b"5 \r\nhello\r\n0\r\n\r\n",
    "a chunk of 17 digits": CHUNKED + b"10000000000000005\r\nhello\r\n0\r\n\r\n",
    "a chunk longer than it says": CHUNKED + b"5\r\nhelloXX0\r\n\r\n",
    # --- where does a line end
    "LF everywhere": GET.replace(b"\r", b"") + b"\n",
    "LF behind the request line": b"GET /healthz HTTP/1.1\nHost: x\r\n\r\n",
    "LF between fields": b"GET /healthz HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
    "LF that brings a length": POST + b"X: y\nContent-Length: 5\r\n\r\nhello",
    "LF behind the last field": b"GET /healthz HTTP/1.1\r\nHost: x\n\r\n",
    "LF for the empty line": GET + b"\n",
    "CR between fields": GET + b"X: a\rY: b\r\n\r\n",
    "CR for the empty line": GET + b"X: a\r\r\n\r\n",
    "NUL and CRLF": GET + b"X: a\0\r\nY: b\r\n\r\n",
    "a folded line": GET + b"X: a\r\n b\r\n\r\n",
    "a folded line with a tab": GET + b"X: a\r\n\tb\r\nY: c\r\n\r\n",
    "a folded length": POST + b"X: a\r\n Content-Length: 5\r\n\r\nhello",
    "a first line that is folded": b"GET /healthz HTTP/1.1\r\n X: a\r\nHost: x\r\n\r\n",
    # --- what is a field
    "a space before the colon": GET + b"X : a\r\n\r\n",
    "no colon": GET + b"Xabc\r\n\r\n",
    "no name": GET + b": a\r\n\r\n",
    "a name of two words": GET + b"X Y: a\r\n\r\n",
    "a name with NUL": GET + b"X\0Y: a\r\n\r\n",
    "a name with a high byte": GET + b"X\xff: a\r\n\r\n",
    "a name with a bracket": GET + b"X(: a\r\n\r\n",
    "a value with NUL": GET + b"X: a\0b\r\n\r\n",
    "a value with a control character": GET + b"X: a\x01b\r\n\r\n",
    # --- whom is it for
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: y\r\n\r\n",
    "one host twice": GET + b"Host: x\r\n\r\n",
    "an empty host": b"GET /healthz HTTP/1.1\r\nHost:\r\n\r\n",
    "a host with a path": b"GET /healthz HTTP/1.1\r\nHost: x/v1\r\n\r\n",
    "a host with a user": b"GET /healthz HTTP/1.1\r\nHost: a@x\r\n\r\n",
    "a host of two words": b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
    "a whole address": b"GET http://x/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "another host's address": b"GET http://elsewhere/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "a tunnel": b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    # --- what is a request line
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/2.0": b"GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/1.10": b"GET /healthz HTTP/1.10\r\nHost: x\r\n\r\n",
    "http/1.1": b"GET /healthz http/1.1\r\nHost: x\r\n\r\n",
    "two spaces": b"GET  /healthz  HTTP/1.1\r\nHost: x\r\n\r\n",
    "tabs": b"GET\t/healthz\tHTTP/1.1\r\nHost: x\r\n\r\n",
    "a space in the target": b"GET /health z HTTP/1.1\r\nHost: x\r\n\r\n",
    "a space behind it": b"GET /healthz HTTP/1.1 \r\nHost: x\r\n\r\n",
    "a space before it": b" GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL in the target": b"GET /healthz\0x HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL behind the target": b"GET /healthz\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL in the method": b"GET\0 /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "TLS": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\x00" * 32 + b"\r\n\r\n",
    "another protocol": b"EHLO x\r\nHost: x\r\n\r\n",
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shapes")
    with harness.Collector(folder, fill=False, web=None) as running:
        yield running


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_and_nothing_behind_it_is_a_request(bare, name):
    with sockets.connect(bare) as connection:
        connection.sendall(REFUSED[name] + NEXT)
        out = sockets.read_to_end(connection)
    assert all(400 <= status <= 599 for status in sockets.statuses(out)), out
    assert b'"version"' not in out
    assert out == b"" or b"\r\nConnection: close\r\n" in out
    assert bare.get("/healthz").status == 200


@pytest.mark.parametrize("name", ["LF between fields", "a folded line", "two hosts", "a value with NUL"])
def test_it_is_refused_wherever_it_is_cut_by_the_network(bare, name):
    """Where a line ends is found by where it was received, which depends on the pieces it came in."""
    shape = REFUSED[name]
    for cut in range(1, len(shape)):
        with sockets.connect(bare) as connection:
            connection.setsockopt(sockets.socket.IPPROTO_TCP, sockets.socket.TCP_NODELAY, 1)
            connection.sendall(shape[:cut])
            connection.sendall(shape[cut:] + NEXT)
            assert sockets.statuses(sockets.read_to_end(connection)) == [400], cut


def test_a_header_that_comes_byte_by_byte_is_one(bare):
    with sockets.connect(bare) as connection:
        connection.setsockopt(sockets.socket.IPPROTO_TCP, sockets.socket.TCP_NODELAY, 1)
        for byte in GET + b"X-Long: " + b"x" * 300 + b"\r\nConnection: close\r\n\r\n":
            connection.sendall(bytes([byte]))
        assert sockets.statuses(sockets.read_to_end(connection)) == [200]


def test_a_header_of_any_size_up_to_the_limit_is_well_formed(bare):
    """The library moves what it has to make room; the places of fields must stay right."""
    for size in (1000, 1500, 4000, 8191, 12000, 16000):
        half = b"x" * (size // 2)
        with sockets.connect(bare) as connection:
            data = GET + b"A: " + half + b"\r\nB: " + half + b"\r\nConnection: close\r\n\r\n"
            for start in range(0, len(data), 1460):
                connection.sendall(data[start:start + 1460])
            assert sockets.statuses(sockets.read_to_end(connection)) == [200], size


def test_requests_on_one_connection_are_answered_in_their_order(bare):
    paths = [b"/healthz", b"/v1/nothing", b"/readyz", b"/healthz", b"/v1/sites"]
    wanted = [200, 404, 200, 200, 401]
    data = b"".join(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in paths)
    with sockets.connect(bare) as connection:
        # An empty line before a request is what some old clients send behind a body.
        connection.sendall(b"\r\n" + data * 20 + GET + b"Connection: close\r\n\r\n")
        assert sockets.statuses(sockets.read_to_end(connection)) == wanted * 20 + [200]


def test_a_body_that_nobody_wants_is_no_request(bare):
    with sockets.connect(bare) as connection:
        connection.sendall(GET + b"Content-Length: %d\r\n\r\n" % len(NEXT) + NEXT
                           + GET + b"Connection: close\r\n\r\n")
        assert sockets.statuses(sockets.read_to_end(connection)) == [413, 200]


def test_a_method_in_another_header_is_none(bare):
    with sockets.connect(bare) as connection:
        connection.sendall(GET + b"X-HTTP-Method-Override: DELETE\r\nX-Original-URL: /v1/sites\r\n"
                           b"Connection: close\r\n\r\n")
        out = sockets.read_to_end(connection)
    assert sockets.statuses(out) == [200] and b'"status":"ok"' in out
