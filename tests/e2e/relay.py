# SPDX-License-Identifier: Apache-2.0
"""Somebody between the agent and the real collector, who can change what it answers."""
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP_BY_HOP = ("connection", "transfer-encoding", "content-length", "date", "server")


class Said:
    """An answer on its way: `status`, `body`, and `fields` by their names in lower case."""

    def __init__(self, response):
        self.status = response.status
        self.body = response.read()
        self.fields = {name.lower(): value for name, value in response.getheaders()
                       if name.lower() not in HOP_BY_HOP}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        relay = self.server.relay
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        with relay.lock:
            relay.asked.append((self.command, self.path, dict(self.headers)))
        upstream = http.client.HTTPConnection(relay.address, timeout=30)
        upstream.request(self.command, self.path, body, asked)
        said = Said(upstream.getresponse())
        upstream.close()
        if self.path in relay.change:
            relay.change[self.path](said)
        with relay.lock:
            relay.answered.append((self.path, said.status, len(said.body)))
        self.send_response(said.status)
        for name, value in said.fields.items():
            self.send_header(name, value)
        if said.status != 304:
            self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        self.wfile.write(said.body)

    do_GET = do_POST = pass_on

    def log_message(self, *_args):
        pass


class Relay:
    """`change` has, by path, what is done to an answer; a context manager."""

    def __init__(self, collector):
        self.address = collector.address
        self.change = {}
        self.asked = []
        self.answered = []
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_args: None
        self.server.relay = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def times(self, path):
        with self.lock:
            return sum(1 for _, asked, _ in self.asked if asked == path)
