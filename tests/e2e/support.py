"""What the end-to-end tests share: a world of real programs (deploy/demo/peers.py), configs, and peers that misbehave."""

import json
import os
import socket
import struct
import sys
import threading
import time
import unittest
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy" / "demo"))
import peers  # noqa: E402
from peers import Alertmanager, Embargod, MailSink, Nginx, Prometheus, Receiver, World, free_port, get_json, series, wait_until  # noqa: E402,F401

FULL = os.environ.get("EMBARGOD_FULL") == "1"
ZONE = ZoneInfo("Europe/London")
CLOCK_ERROR = 0.05  # seconds; embargod and the tests read one clock
FIGURES = "98,765 invented"  # stands in published pages, and nowhere else
FULL_PAGE = f"<!doctype html><title>Published</title><h1>Published</h1><h2>Key facts</h2><p>{FIGURES}</p>" + "<p>text</p>" * 50
SCHEDULE_ZONE = "Europe/London"

LIVENESS = ("absent", "stub", "previous_edition", "live", "suspect", "unknown")
INCIDENT_KEYS = {"id", "kind", "state", "confidence", "release", "title", "due", "targets", "lead", "acknowledged", "decision",
                 "evidence", "blind_seconds"}
TARGET_KEYS = {"target", "url", "spans", "role", "routes", "cached_by"}
SPAN_KEYS = {"went_live", "went_down", "time_up", "basis", "ended_by"}
EARLY_LABELS = {"alertname": "EmbargoEarly", "severity": "page", "service": "embargod"}


def due_in(days):
    """09:30 local, some days ahead."""
    return datetime.combine(datetime.now(ZONE).date() + timedelta(days=days), datetime.min.time(), ZONE).replace(hour=9, minute=30)


def release(name, urls, days=2, title=None):
    """`urls`: URL -> role, or (URL, role, name) triples."""
    entries = [{"url": u, "role": r} if len(rest) == 0 else {"url": u, "role": r, "name": rest[0]} for u, r, *rest in urls]
    return {"id": name, "title": title or f"Title of {name}", "due": due_in(days).strftime("%Y-%m-%d %H:%M"), "urls": entries}


def settings(interval="200ms", alertmanagers=(), webhooks=(), emails=(), **polling):
    """A config as a dictionary; JSON is YAML too."""
    pace = {"interval": interval, "near": {"within": "24h", "interval": interval},
            "window": {"before": "15m", "after": "15m", "interval": interval}, "incident_interval": interval, "timeout": "2s",
            "per_host": {"rate": 500, "burst": 500, "connections": 8}, "allow_addresses": ["127.0.0.0/8"]}
    pace.update(polling)
    return {"producer": {"name": "Example Statistics Agency",
                         "contact": {"name": "Publication team", "email": "publications@example.org", "phone": "+44 20 7946 0000"},
                         "head_of_profession": {"name": "Head of Profession", "email": "hop@example.org"}},
            "timezone": SCHEDULE_ZONE, "schedules": [{"file": "releases.yml"}], "polling": pace,
            "clock": {"ntp_servers": [], "assumed_error": f"{int(CLOCK_ERROR * 1000)}ms"},
            "alerts": {"alertmanagers": [{"url": u} for u in alertmanagers], "webhooks": list(webhooks), "emails": list(emails)}}


def as_yaml(value):
    return json.dumps(value, indent=1) + "\n"


def unix(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class E2E(unittest.TestCase):
    """One world per test; a failure shows the daemons' logs."""

    def setUp(self):
        self.world = World("embargod-e2e-")
        self.addCleanup(self.world.close)

    def tearDown(self):
        result = getattr(self._outcome, "result", None)
        failed = result and any(test is self for test, _ in result.failures + result.errors)
        if failed:
            show_logs(self.world)
        self.keep_mails()

    def keep_mails(self):
        """EMBARGOD_MAILS=FOLDER keeps each mail of `self.mail` there as it came (.eml), to be read and rendered."""
        folder, sink = os.environ.get("EMBARGOD_MAILS"), getattr(self, "mail", None)
        for n, raw in enumerate(sink.raw if folder and sink else []):
            Path(folder, f"{self._testMethodName}-{n:02}.eml").write_bytes(raw)

    def daemon(self, releases, config=None, name="embargod", **options):
        return Embargod(self.world, as_yaml(config or settings()), as_yaml({"releases": releases}), name=name, **options)


def show_logs(world, lines=40):
    for log in sorted(world.folder.glob("*.log")):
        text = log.read_text(errors="replace").splitlines()
        if text:
            print(f"--- {log.name} (last {lines} lines)", *text[-lines:], sep="\n", file=sys.stderr)


def hook_alerts(receiver, alert=None, status=None, path="/hook", **labels):
    """Bodies that the webhook accepted, without the watchdog."""
    bodies = [d.json() for d in receiver.to(path)]
    return [b for b in bodies if b["alert"] != "EmbargodWatchdog" and (alert is None or b["alert"] == alert)
            and (status is None or b["status"] == status) and all(b["labels"].get(k) == v for k, v in labels.items())]


def state_series(target, state):
    return series("embargod_target_state", release=target.split("/")[0], target=target, state=state)


def is_state(daemon, target, state):
    return lambda: daemon.metrics().get(state_series(target, state)) == 1


class FaultSite:
    """A web server on an address of its own (127.0.0.x is a site of its own) that can be told to misbehave.

    Fine, it answers 200 for the paths in `live` and 404 for anything else. `mode` is a status number or one of the words below."""

    MODES = ("fine", "hang", "reset", "short", "loop", "refuse", "garbage", "drip")

    def __init__(self, address, mode="fine", live=("/up",)):
        self.address, self.mode, self.live = address, mode, set(live)
        self.port = free_port(address)
        self.name = f"{address}:{self.port}"  # as alerts name a site
        self.url = f"http://{self.name}"
        self._server = None
        self._held = []
        self._listen()

    def set(self, mode):
        if mode == "refuse":
            self.mode = mode
            self._close_listener()
            return
        was, self.mode = self.mode, mode
        if was == "refuse":
            self._listen()

    def close(self):
        self.mode = "refuse"
        self._close_listener()
        for held in self._held:
            held.close()

    def _listen(self):
        self._server = socket.socket()
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._server.bind((self.address, self.port))
        self._server.listen(64)
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def _close_listener(self):
        if self._server:
            # Only a shutdown wakes the thread that waits in accept().
            try:
                self._server.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self._server.close()
            self._server = None

    def _accept(self, server):
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            connection.settimeout(10)
            asked = b""
            while b"\r\n\r\n" not in asked:
                part = connection.recv(4096)
                if not part:
                    connection.close()
                    return
                asked += part
            self._answer(connection, asked.split(b" ")[1].decode())
        except OSError:
            connection.close()

    def _answer(self, connection, path):
        mode = self.mode
        if mode == "hang":
            self._held.append(connection)
            return
        if mode in ("reset", "refuse"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            return
        if mode == "short":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<html><h1>Pub")
        elif mode == "garbage":
            connection.sendall(b"\x00\x01 no HTTP at all\r\n\r\n")
        elif mode == "drip":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(20):
                connection.sendall(b"x")
                time.sleep(0.3)
        elif mode == "loop":
            connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {self.url}{path}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        else:
            status, body = (mode, b"<html><h1>Error</h1>") if isinstance(mode, int) else \
                           (200, FULL_PAGE.encode()) if path in self.live else (404, b"not found")
            connection.sendall(f"HTTP/1.1 {status} Status\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
                               "Connection: close\r\n\r\n".encode() + body)
        connection.close()


class PageSite:
    """A web server on an address of its own whose pages a test sets: path -> (status, body, headers). `fallback` answers the rest."""

    def __init__(self, world, address):
        import http.server
        site = self
        self.pages, self.fallback, self.asked = {}, (404, "<title>Not found</title>", {}), []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.asked.append(self.path)
                status, body, headers = site.pages.get(self.path.split("?")[0], site.fallback)
                data = body if isinstance(body, bytes) else body.encode()
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer((address, 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        world.on_close(server.server_close)
        world.on_close(server.shutdown)
        self.name = f"{address}:{server.server_address[1]}"
        self.url = f"http://{self.name}"

    def set(self, path, body, status=200, **headers):
        """Returns when it was so, as the site knows it."""
        self.pages[path] = (status, body, {k.replace("_", "-"): v for k, v in headers.items()})
        return time.time()

    def drop(self, path):
        self.pages.pop(path, None)
        return time.time()


def main():
    """Exit 0 if there were tests and all passed; 77 (ctest says "Skipped") if the whole script said why it cannot run here.
    A single test that was left out counts as failed: silence would look like success."""
    result = unittest.main(verbosity=2, exit=False).result
    if result.skipped and not result.testsRun and result.wasSuccessful():
        sys.exit(77)
    sys.exit(0 if result.wasSuccessful() and result.testsRun and not result.skipped else 1)
