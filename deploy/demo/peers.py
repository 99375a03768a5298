"""Real programs on free loopback ports in one temporary folder; whoever starts them, they end with it.

Used by the demo and by tests/e2e. Standard library only, but for MailSink. Nothing here sleeps for a fixed time: it polls with a deadline.
Start programs from the main thread: a child is told to die with the thread that started it.
"""

import ctypes
import http.server
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent
ROOT = DEPLOY.parent

# The environment's proxy must not come between two programs on this machine.
_no_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_given_ports = set()


class PeerError(Exception):
    """A program did not start, or did not do in time what was waited for."""


def wait_until(probe, timeout, what, every=0.05):
    """Calls `probe` until it gives something true, which is returned. Network errors and what is not there yet count as "not yet"."""
    deadline = time.monotonic() + timeout
    last = None
    while True:
        try:
            value = probe()
            if value:
                return value
        except (OSError, ValueError, LookupError, TypeError, subprocess.SubprocessError) as error:
            last = error
        if time.monotonic() >= deadline:
            raise PeerError(f"waited {timeout:.0f} s in vain for: {what}" + (f" (last error: {last})" if last else ""))
        time.sleep(every)


def free_port(address="127.0.0.1"):
    """A TCP port that nobody listens on, below the range that outgoing connections use; never the same twice."""
    for _ in range(1000):
        port = random.randint(15000, 32000)
        if port in _given_ports:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                continue
        _given_ports.add(port)
        return port
    raise PeerError("no free port found")


def request(method, url, body=None, headers=None, timeout=5):
    """(status, headers, text) of one request; an HTTP error status is an answer, not an exception."""
    data = body.encode() if isinstance(body, str) else body
    asked = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    try:
        with _no_proxy.open(asked, timeout=timeout) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode("utf-8", "replace")


def get_json(url, timeout=5):
    status, _, text = request("GET", url, timeout=timeout)
    if status != 200:
        raise ValueError(f"GET {url}: {status} {text[:200]}")
    return json.loads(text)


class Child:
    def __init__(self, name, command, log, cwd, env):
        self.name = name
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                [str(part) for part in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                preexec_fn=lambda: _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL))

    @property
    def pid(self):
        return self.process.pid

    def alive(self):
        return self.process.poll() is None

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill9(self):
        if self.alive():
            self.process.kill()
        return self.process.wait()

    def stop(self, timeout=10):
        """SIGTERM, then SIGKILL; the exit code (negative: the signal)."""
        if self.alive():
            self.process.terminate()
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill9()


class World:
    """The temporary folder and everything that runs in it. Use it as a context: leaving it stops all and removes the folder."""

    def __init__(self, name="embargod-", keep=False):
        self.folder = Path(tempfile.mkdtemp(prefix=name))
        self.keep = keep
        self._closers = []
        # Programs that drop to another user must be able to read what the demo serves; nothing here is a secret.
        self.folder.chmod(0o755)
        self.env = dict(os.environ, LC_ALL="C.UTF-8", NO_PROXY="*", no_proxy="*", TZ="UTC")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def path(self, *parts):
        path = self.folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def make_folder(self, *parts):
        folder = self.folder.joinpath(*parts)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def write(self, name, text):
        path = self.path(name)
        path.write_text(text)
        return path

    def start(self, name, command):
        child = Child(name, command, self.path(f"{name}.log"), self.folder, self.env)
        self._closers.append(child.stop)
        return child

    def on_close(self, closer):
        self._closers.append(closer)

    def close(self):
        while self._closers:
            self._closers.pop()()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def _await_http(child, url, timeout=20):
    def up():
        if not child.alive():
            raise PeerError(f"{child.name} ended at its start:\n{child.log_text()[-3000:]}")
        return request("GET", url, timeout=2)[0] < 500
    wait_until(up, timeout, f"{child.name} at {url}")


@dataclass(frozen=True)
class Switch:
    """When a file was put in place or taken away: some instant between the two (Unix seconds)."""
    before: float
    after: float


class Nginx:
    """Real nginx serving a folder. publish() and withdraw() are atomic: no request sees half a file."""

    def __init__(self, world, name="nginx", extra=""):
        self.child = None
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder = world.make_folder(name)
        self.root = world.make_folder(name, "html")
        temp_paths = "".join(f"  {kind}_temp_path {folder}/temp_{kind};\n"
                             for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = world.write(f"{name}/nginx.conf", f"""\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 2048; }}
http {{
  types {{ text/html html; text/csv csv; }}
  default_type text/html;
  charset utf-8;
  access_log off;
  keepalive_requests 100000;
{temp_paths}  server {{
    listen 127.0.0.1:{self.port};
    root {self.root};
    location / {{ try_files $uri $uri.html =404; }}
{extra}  }}
}}
""")
        self._start = lambda: world.start(name, ["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", config])
        self.drop_connections()

    def drop_connections(self):
        """Started, or started anew."""
        if self.child:
            self.child.stop()
        self.child = self._start()
        _await_http(self.child, self.url)

    def publish(self, path, text):
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(target.name + ".draft")
        draft.write_text(text)
        before = time.time()
        os.replace(draft, target)
        return Switch(before, time.time())

    def withdraw(self, path):
        before = time.time()
        os.unlink(self.root / path.lstrip("/"))
        return Switch(before, time.time())


@dataclass
class Delivery:
    at: float
    path: str
    headers: dict
    text: str

    def json(self):
        return json.loads(self.text)


@dataclass
class Receiver:
    """A webhook receiver that remembers what it was told. `status` is what it answers."""
    port: int = field(default_factory=free_port)
    status: int = 200
    on_delivery: object = None
    deliveries: list = field(default_factory=list)
    _server: object = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        receiver = self

        class Handler(http_server_handler()):
            def do_POST(self):
                text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8", "replace")
                got = Delivery(time.time(), self.path, dict(self.headers), text)
                if receiver.status < 300:
                    receiver.deliveries.append(got)
                    if receiver.on_delivery:
                        receiver.on_delivery(got)
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def to(self, path):
        return [d for d in list(self.deliveries) if d.path == path]


def http_server_handler():
    class Quiet(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def log_message(self, *_):
            pass

    return Quiet


def alertmanager_config(receiver_url):
    """The shipped routing, with every receiver at `receiver_url` and without a token; the path says which receiver it was."""
    text = (DEPLOY / "alertmanager" / "alertmanager.yml").read_text()
    text = re.sub(r"\n +http_config: .*", "", text)
    return re.sub(r"https://[a-z.-]*example\.org", f"{receiver_url}/alertmanager", text)


class Alertmanager:
    """`cluster` makes it the peer of those given; an empty list: the first of them."""

    def __init__(self, world, config, name="alertmanager", cluster=None):
        self._world, self._name = world, name
        self.port = free_port()
        self.cluster_address = "" if cluster is None else f"127.0.0.1:{free_port()}"
        # Told apart as in production; only quicker than the fifteen seconds that a peer waits for the one before it.
        self._flags = [] if cluster is None else ["--cluster.settle-timeout=1s", "--cluster.peer-timeout=3s",
                                                  *[f"--cluster.peer={peer.cluster_address}" for peer in cluster]]
        self.url = f"http://127.0.0.1:{self.port}"
        self.config = world.write(f"{name}/alertmanager.yml", config)
        self.start()

    def start(self):
        self.child = self._world.start(self._name, [
            "/usr/bin/prometheus-alertmanager", f"--config.file={self.config}",
            f"--storage.path={self._world.path(self._name, 'data')}", f"--web.listen-address=127.0.0.1:{self.port}",
            f"--cluster.listen-address={self.cluster_address}", "--log.level=warn", *self._flags])
        _await_http(self.child, f"{self.url}/-/ready")

    def alerts(self, name=None):
        alerts = get_json(f"{self.url}/api/v2/alerts")
        return [a for a in alerts if name is None or a["labels"].get("alertname") == name]

    def cluster_size(self):
        return len(get_json(f"{self.url}/api/v2/status")["cluster"].get("peers", []))


class MailSink:
    """A real SMTP server (Debian's python3-aiosmtpd) that keeps what it accepted: (when, from, to, message), and the bytes."""

    def __init__(self, world, on_message=None):
        from aiosmtpd.controller import Controller
        import email
        import email.policy
        sink = self
        self.messages, self.raw, self.refusal = [], [], None

        class Handler:
            async def handle_DATA(self, server, session, envelope):
                if sink.refusal:
                    return sink.refusal
                message = email.message_from_bytes(envelope.content, policy=email.policy.default)
                now = time.time()
                sink.raw.append(envelope.content)
                sink.messages.append((now, envelope.mail_from, list(envelope.rcpt_tos), message))
                if on_message:
                    on_message(now, message)
                return "250 accepted"

        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        controller = Controller(Handler(), hostname="127.0.0.1", port=self.port)
        controller.start()
        world.on_close(controller.stop)

    def refuse_with(self, answer):
        """Answers every message so, such as "451 not now"; None: accepts again."""
        self.refusal = answer


class Prometheus:
    def __init__(self, world, config, name="prometheus"):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config_file = world.write(f"{name}/prometheus.yml", config)
        self.child = world.start(name, [
            "/usr/bin/prometheus", f"--config.file={config_file}", f"--storage.tsdb.path={world.path(name, 'data')}",
            f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn"])
        _await_http(self.child, f"{self.url}/-/ready", timeout=30)

    def query(self, expression):
        from urllib.parse import quote
        return get_json(f"{self.url}/api/v1/query?query={quote(expression)}")["data"]["result"]


def binary(name):
    """embargod or embargoctl: from $EMBARGOD_BIN_DIR, else the newest build."""
    if os.environ.get("EMBARGOD_BIN_DIR"):
        return Path(os.environ["EMBARGOD_BIN_DIR"]) / name
    built = sorted((ROOT / "build").glob(f"*/bin/{name}"), key=lambda p: p.stat().st_mtime)
    if not built:
        raise PeerError(f"{name} is not built: run deploy/quickstart, or cmake --preset release && cmake --build --preset release")
    return built[-1]


class Embargod:
    """One daemon on a config; `restart()` continues with the same port and state."""

    def __init__(self, world, config, schedule, name="embargod", port=None, flags=()):
        self._world, self.name = world, name
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = world.make_folder(name)
        self.state = world.make_folder(name, "state")
        self.config = world.write(f"{name}/embargod.yml", config)
        self.schedule = world.write(f"{name}/releases.yml", schedule)
        self.flags = list(flags)
        self.child = None

    def spawn(self, flags=()):
        self.child = self._world.start(self.name, [
            binary("embargod"), f"--config.file={self.config}", f"--storage.path={self.state}",
            f"--web.listen-address=127.0.0.1:{self.port}", *self.flags, *flags])
        return self

    def start(self, timeout=20):
        """Up to and including the first look at every target."""
        self.spawn()
        self.await_ready(timeout)
        return self

    def await_ready(self, timeout=20):
        def ready():
            if not self.child.alive():
                raise PeerError(f"{self.name} ended at its start:\n{self.child.log_text()[-3000:]}")
            return request("GET", f"{self.url}/-/ready", timeout=2)[0] == 200
        wait_until(ready, timeout, f"{self.name} ready at {self.url}")

    def incidents(self):
        return get_json(f"{self.url}/api/v1/incidents")["items"]

    def incident(self, release, kind="early"):
        found = [i for i in self.incidents() if i["release"] == release and i["kind"] == kind]
        return found[0] if found else None

    def metrics(self):
        return parse_metrics(request("GET", f"{self.url}/metrics")[2])

    def metric(self, name, **labels):
        return self.metrics().get(series(name, **labels))

    def post(self, path, body=None):
        status, _, text = request("POST", self.url + path, json.dumps(body) if body is not None else "",
                               {"Content-Type": "application/json"}, timeout=15)
        return status, text


def series(name, **labels):
    """How parse_metrics() names a series: labels in the order of the alphabet."""
    return name + ("{" + ",".join(f'{k}="{v}"' for k, v in sorted(labels.items())) + "}" if labels else "")


def parse_metrics(text):
    """{series(...): number}; label values stay as they were escaped."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, labels, value = re.match(r"([a-z_]+)(?:\{(.*)\})? (\S+)", line).groups()
            found[series(name, **dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or "")))] = float(value)
    return found


def ctl(*arguments, timeout=30):
    done = subprocess.run([str(binary("embargoctl")), *[str(a) for a in arguments]], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=timeout, check=False,
                          env=dict(os.environ, NO_PROXY="*", no_proxy="*"))
    return done.returncode, done.stdout, done.stderr
