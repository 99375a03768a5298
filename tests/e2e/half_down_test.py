"""One early release to all channels at once while half of them are down: each is told the beginning once and the end once, of one incident."""

import collections
import http.server
import json
import os
import threading
import time

import support
from support import FIGURES, FULL_PAGE, is_state, peers, wait_until
from vendors_test import SECRETS, daemon_words

MINUTE = 60  # seconds for which the half is down
ANSWERS = {"/hook": (200, b""), "/v2/enqueue": (202, b'{"status":"success"}'), "/slack/" + SECRETS["slack"]: (200, b"ok"),
           "/teams/" + SECRETS["teams"]: (202, b""), "/": (200, b'{"id":"x"}'), "/v2/notifications/sms": (201, b"{}")}
PATHS = {"webhook-1": "/hook", "pagerduty-1": "/v2/enqueue", "slack-1": "/slack/" + SECRETS["slack"],
         "teams-1": "/teams/" + SECRETS["teams"], "ntfy-1": "/", "govuk-notify-1": "/v2/notifications/sms"}


class Channels:
    """A stand-in for all that are told by HTTP, apart by path. `down`: path -> how: a status to answer, or "hang"."""

    def __init__(self):
        self.down, self.seen, self.released = {}, [], threading.Event()
        channels = self

        class Handler(peers.http_server_handler()):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                how = channels.down.get(self.path)
                channels.seen.append((self.path, how is None, body))
                if how == "hang":
                    channels.released.wait(30)
                    return
                status, answer = ANSWERS[self.path] if how is None else (how, b"not now")
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def attempts(self, path):
        return [body for p, _, body in list(self.seen) if p == path and not is_watchdog(body)]

    def accepted(self, path):
        return [body for p, ok, body in list(self.seen) if p == path and ok and not is_watchdog(body)]


def is_watchdog(body):
    return isinstance(body, dict) and body.get("alert") == "EmbargodWatchdog"


class HalfDown(support.E2E):
    def setUp(self):
        super().setUp()
        self.site, self.channels, self.mail = peers.Nginx(self.world), Channels(), support.MailSink(self.world)
        self.addCleanup(self.channels.stop)
        self.hook = peers.Receiver().start()  # behind Alertmanager
        self.addCleanup(self.hook.stop)
        first = peers.Alertmanager(self.world, peers.alertmanager_config(self.hook.url), "alertmanager-1", [])
        self.pair = [first, peers.Alertmanager(self.world, peers.alertmanager_config(self.hook.url), "alertmanager-2", [first])]
        wait_until(lambda: all(a.cluster_size() == 2 for a in self.pair), 30, "the two to find each other")
        self.told = self.world.folder / "told"
        self.watched = self.daemon([support.release("a", [(self.site.url + "/a", "page")])], self.config()).start()
        wait_until(is_state(self.watched, "a/page", "absent"), 20, "the page to be seen absent")

    def config(self):
        url = self.channels.url
        files = {name: str(self.world.write(f"embargod/{name}", text + "\n")) for name, text in
                 (SECRETS | {"slack": f"{url}/slack/{SECRETS['slack']}", "teams": f"{url}/teams/{SECRETS['teams']}"}).items()}
        program = self.world.write("page-duty", f"#!/bin/sh\ncat >> {self.told}\necho >> {self.told}\n")
        os.chmod(program, 0o755)
        config = support.settings(alertmanagers=[a.url for a in self.pair], webhooks=[{"url": url + "/hook"}],
                                  emails=[{"to": ["duty@example.org"], "from": "embargod@example.org", "smtp": self.mail.url}])
        config["alerts"] |= {
            "canary": {"interval": "0s"},
            "pagerduty": [{"routing_key_file": files["pagerduty"], "url": url + "/v2/enqueue"}],
            "slack": [{"url_file": files["slack"]}], "teams": [{"url_file": files["teams"]}],
            "ntfy": [{"url": url, "topic": "duty", "token_file": files["ntfy"]}],
            "govuk_notify": [{"api_key_file": files["notify"], "template_id": "9d751e0e-f929-4891-82a1-a3e1c3c18ee3",
                              "phone": "+447700900123", "url": url}],
            "exec": [{"command": [str(program)]}]}
        return config

    def set_down(self):
        self.channels.down = {PATHS["slack-1"]: 503, PATHS["teams-1"]: 429, PATHS["govuk-notify-1"]: "hang"}
        self.mail.refuse_with("451 not now")
        self.pair[1].child.kill9()

    def set_up(self):
        self.channels.down = {}
        self.channels.released.set()
        self.mail.refuse_with(None)
        self.pair[1].start()

    def steps(self, receiver):
        """What a receiver took, in order: (status, incident id)."""
        if receiver == "email-1":
            return [("resolved" if "ENDED" in m["Subject"] or "over" in m["Subject"].lower() or n > 0 else "firing", m["X-Embargod-Key"].split(":")[0])
                    for n, (_, _, _, m) in enumerate(self.mail.messages)]
        if receiver == "exec-1":
            lines = [json.loads(line) for line in self.told.read_text().splitlines()] if self.told.exists() else []
            return [(t["status"], t["incident"]["id"]) for t in lines]
        if receiver == "alertmanager":
            return [(a["status"], a["annotations"]["link"].rsplit("/", 1)[1]) for d in self.hook.to("/alertmanager/page")
                    for a in d.json()["alerts"] if a["labels"]["alertname"] == "EmbargoEarly"]
        bodies = self.channels.accepted(PATHS[receiver])
        if receiver == "webhook-1":
            return [(b["status"], b["incident"]["id"]) for b in bodies]
        if receiver == "pagerduty-1":
            return [({"trigger": "firing", "resolve": "resolved"}[b["event_action"]], b["dedup_key"]) for b in bodies]
        incident = self.incident
        return [(status, incident if incident in json.dumps(b) else "?") for status, b in zip(("firing", "resolved", "again"), bodies)]

    def has(self, receiver, status):
        return any(s == status for s, _ in self.steps(receiver))

    def table(self):
        lines = [f"    {'receiver':<16} sent  accepted  retried  duplicates"]
        for receiver in (*self.everybody(), "alertmanager-1", "alertmanager-2"):
            count = {o: int(self.watched.metric("embargod_notifications_total", receiver=receiver, outcome=o)) for o in ("accepted", "retried", "rejected")}
            self.assertEqual(count["rejected"], 0, receiver)
            seen = collections.Counter(self.steps(receiver if not receiver.startswith("alertmanager") else "alertmanager"))
            lines.append(f"    {receiver:<16} {sum(count.values()):>4}  {count['accepted']:>8}  {count['retried']:>7}  {sum(n - 1 for n in seen.values()):>10}")
        return "\n".join(lines)

    @staticmethod
    def everybody():
        return (*PATHS, "email-1", "exec-1")

    def test_each_is_told_once_of_the_beginning_and_once_of_the_end(self):
        self.set_down()
        up = self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: self.watched.incidents(), 10, "the incident")
        self.incident = self.watched.incident("a")["id"]
        reachable = ("webhook-1", "pagerduty-1", "ntfy-1", "exec-1", "alertmanager")
        wait_until(lambda: all(self.has(r, "firing") for r in reachable), 30, "those that are there to be told")
        print(f"\n    the reachable half knew {time.time() - up.before:.1f} s after it went live")
        while time.time() < up.before + MINUTE:
            self.assertFalse(any(self.has(r, "firing") for r in ("slack-1", "teams-1", "govuk-notify-1", "email-1")))
            time.sleep(1)
        self.assertGreater(self.watched.metric("embargod_outbox_pending"), 0)
        back = time.time()
        self.set_up()
        wait_until(lambda: all(self.has(r, "firing") for r in self.everybody()), 90, "the other half to be told")
        print(f"    the other half knew {time.time() - back:.1f} s after it came back")
        self.site.withdraw("/a.html")
        wait_until(lambda: all(self.has(r, "resolved") for r in self.everybody()), 90, "the all-clear for all")
        for receiver in (*self.everybody(), "alertmanager"):
            expected = [("firing", self.incident)] + ([("resolved", self.incident)] if receiver != "alertmanager" else [])
            # An early alert is resolved at Alertmanager five minutes after its acceptance (P13): the long run waits for it.
            self.assertEqual(self.steps(receiver), expected, receiver)
        if support.FULL:
            wait_until(lambda: self.has("alertmanager", "resolved"), 420, "the all-clear of Alertmanager")
            print(f"    Alertmanager's own all-clear {time.time() - up.before:.0f} s after it went live")
            self.assertEqual(self.steps("alertmanager"), [("firing", self.incident), ("resolved", self.incident)])
        print(self.table())
        spoken = daemon_words(self.world, self.watched)
        for secret in (*SECRETS.values(), FIGURES):
            self.assertNotIn(secret, spoken)


if __name__ == "__main__":
    support.main()
