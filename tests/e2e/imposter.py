# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the collector that answers what a test tells it to, and the agent run against it."""
import json
import os
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AGENT = os.path.join(os.environ.get("TESTREADY_BUILD", "build/default"), "testready-agent")
ENROLLMENT_KEY = "tre_" + "E" * 43
DEVICE_KEY = "trd_" + "D" * 43
DEVICE_ID = "0123456789abcdef0123456789abcdef"


def plain(status, body=b"", **fields):
    """An answer of @status; underscores of a field's name stand for hyphens."""
    def answer(handler, _request):
        handler.send_response(status)
        for name, value in fields.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
    return answer


def problem(status, detail, **fields):
    body = {"type": "urn:testready:problem:test", "title": "Test", "status": status, "detail": detail}
    return plain(status, json.dumps(body).encode(), Content_Type="application/problem+json", **fields)


def raw(data):
    """Bytes, whatever they are, and then the end of the connection."""
    def answer(handler, _request):
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True
    return answer


def silence(handler, _request):
    """No answer for as long as the test runs."""
    handler.server.imposter.over.wait()
    handler.close_connection = True


def accept(handler, request):
    body = request["json"]
    if request["path"] == "/v1/enroll":
        said = {"device_id": handler.server.imposter.device_id, "device_key": DEVICE_KEY,
                "collector_key": handler.server.imposter.collector_key,
                "site": {"code": "19647330000001", "name": "Lincoln High"}}
    else:
        said = {"device_id": body["device_id"], "boot_id": body["boot_id"],
                "sequence": body["sequence"], "state": "not_ready"}
    plain(200, json.dumps(said).encode(), Content_Type="application/json")(handler, request)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = {"path": self.path, "fields": dict(self.headers), "json": json.loads(body)}
        self.server.imposter.take(request)(self, request)

    def log_message(self, *_args):
        pass


class Imposter:
    """`answers` are used up one a request; after them everything is accepted."""

    def __init__(self, certificate=None):
        self.requests = []
        self.answers = []
        self.device_id = DEVICE_ID
        self.collector_key = None  # that devices learn when they enrol
        self.over = threading.Event()
        self.held = None
        self.asked = threading.Semaphore(0)
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_args: None
        self.server.imposter = self
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.url = f"https://localhost:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def take(self, request):
        with self.lock:
            self.requests.append(request)
            answer = self.answers.pop(0) if self.answers else accept
        self.asked.release()
        return answer

    def reports(self):
        return [r["json"] for r in self.requests if r["path"] == "/v1/reports"]

    def sequences(self):
        return [r["sequence"] for r in self.reports()]

    def close(self):
        """From now on nobody listens there, and nobody else can as long as this is held."""
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        if not self.held:
            self.held = socket.socket()
            self.held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.held.bind(("127.0.0.1", self.port))


class Agent:
    """The agent with a state folder of its own, on a machine with nothing in it."""

    def __init__(self, folder):
        self.state = os.path.join(folder, "state")
        self.root = os.path.join(folder, "root")
        self.key_file = os.path.join(folder, "enrolment-key")
        os.makedirs(os.path.join(self.root, "etc"))
        with open(self.key_file, "w", encoding="utf-8") as file:
            file.write(ENROLLMENT_KEY + "\n")

    def environment(self):
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TESTREADY_STATE": self.state,
                **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}

    def run(self, *args, **more):
        more.setdefault("env", self.environment())
        done = subprocess.run([AGENT, *args], text=True, capture_output=True, timeout=60,
                              check=False, **more)
        done.said = done.stdout + done.stderr
        assert done.returncode in (0, 1, 2, 3), done.said
        assert DEVICE_KEY not in done.said and ENROLLMENT_KEY not in done.said
        return done

    def start(self, *args):
        return subprocess.Popen([AGENT, *args], text=True, env=self.environment(),
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def enroll(self, url, *args):
        return self.run("enroll", "--url", url, "--key-file", self.key_file, *args)

    def report(self, *args, **more):
        return self.run("report", "--root", self.root, *args, **more)

    def status(self):
        done = self.run("status", "--json")
        return done.returncode, json.loads(done.stdout)

    def files(self, folder="spool"):
        return sorted(os.listdir(os.path.join(self.state, folder)))
