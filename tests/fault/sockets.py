# SPDX-License-Identifier: Apache-2.0
"""Bytes to a collector and what comes back, without an HTTP client that mends them."""
import re
import socket


# Less than the 30 s after which the collector cuts a request by itself: what it should answer or
# close at once is not taken for that.
PATIENCE_S = 25


def connect(collector, timeout=PATIENCE_S):
    host, port = collector.address.split(":")
    return socket.create_connection((host, int(port)), timeout=timeout)


def read_to_end(connection):
    """All that comes until the collector closes; fails if it does not within the timeout."""
    out = b""
    try:
        while data := connection.recv(65536):
            out += data
    except ConnectionResetError:
        pass
    return out


def statuses(out):
    # What the library refuses by itself has its header twice, the second time before the page.
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", out)]
