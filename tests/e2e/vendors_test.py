"""One early release to every vendor's channel: each is told once, told that it is taken or over, and all of the same incident."""

import http.server
import json
import os
import threading
import unittest

import support
from support import FIGURES, FULL_PAGE, is_state, peers, wait_until

RELEASE = "therapies-2018-01"
PAGE = f"{RELEASE}/page"
SERVICE, KEY = "26785a09-ab16-4eb0-8407-a37497a57506", "3a44ec8a-0000-4000-8000-0123456789ab"
SECRETS = {"pagerduty": "integration-key-of-the-service", "slack": "slack-token-in-the-path", "teams": "teams-token-in-the-path",
           "ntfy": "tk_token-of-the-server", "notify": f"duty-{SERVICE}-{KEY}"}
ANSWERS = {"/v2/enqueue": (202, b'{"status":"success"}'), "/slack/" + SECRETS["slack"]: (200, b"ok"),
           "/teams/" + SECRETS["teams"]: (202, b""), "/": (200, b'{"id":"x"}'), "/v2/notifications/sms": (201, b"{}")}


class Vendors:
    """A stand-in for all of them, told apart by path. `busy`: every first message is answered with 429."""

    def __init__(self):
        self.busy, self.taken, self.refused = True, [], []
        vendors = self

        class Handler(peers.http_server_handler()):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = ANSWERS[self.path]
                if vendors.busy and self.path not in vendors.refused:
                    vendors.refused.append(self.path)
                    status, answer = 429, json.dumps({"sent": body, "path": self.path}).encode()
                else:
                    vendors.taken.append((self.path, body))
                self.send_response(status)
                if status == 429:
                    self.send_header("Retry-After", "1")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def got(self, path):
        return [body for p, body in list(self.taken) if p == path]


class EveryVendor(support.E2E):
    def receivers(self, url):
        files = {name: str(self.world.write(f"embargod/{name}", text + "\n")) for name, text in
                 (SECRETS | {"slack": f"{url}/slack/{SECRETS['slack']}", "teams": f"{url}/teams/{SECRETS['teams']}"}).items()}
        self.input = self.world.folder / "told"
        program = self.world.write("page-duty", f"#!/bin/sh\ncat >> {self.input}\necho >> {self.input}\n")
        os.chmod(program, 0o755)
        return {"pagerduty": [{"routing_key_file": files["pagerduty"], "url": url + "/v2/enqueue"}],
                "slack": [{"url_file": files["slack"]}], "teams": [{"url_file": files["teams"]}],
                "ntfy": [{"url": url, "topic": "duty", "token_file": files["ntfy"]}],
                "govuk_notify": [{"api_key_file": files["notify"], "template_id": "9d751e0e-f929-4891-82a1-a3e1c3c18ee3",
                                  "phone": "+447700900123", "url": url}],
                "exec": [{"command": [str(program)]}]}

    def test_each_is_told_once_of_the_beginning_and_once_of_the_end(self):
        site, vendors = peers.Nginx(self.world), Vendors()
        self.addCleanup(vendors.stop)
        config = support.settings()
        config["alerts"] = self.receivers(vendors.url)
        daemon = self.daemon([support.release(RELEASE, [(site.url + "/pub/therapies", "page")])], config).start()
        wait_until(is_state(daemon, PAGE, "absent"), 10, "the page to be seen absent")
        site.publish("/pub/therapies.html", FULL_PAGE)
        paths = list(ANSWERS)
        wait_until(lambda: all(vendors.got(p) for p in paths), 20, "every vendor to take the first message")
        incident = daemon.incident(RELEASE)["id"]
        self.assertEqual(peers.ctl(f"--url={daemon.url}", "ack", incident, "--by=A. Person")[0], 0)
        wait_until(lambda: len(vendors.got("/v2/enqueue")) >= 2, 10, "PagerDuty to be told that it is taken")
        site.withdraw("/pub/therapies.html")
        wait_until(lambda: all(len(vendors.got(p)) >= 2 for p in paths) and len(vendors.got("/v2/enqueue")) >= 3, 20, "the all-clear")
        wait_until(lambda: len(self.input.read_text().splitlines()) >= 2, 10, "the program to be told the all-clear")

        events = vendors.got("/v2/enqueue")
        self.assertEqual([e["event_action"] for e in events], ["trigger", "acknowledge", "resolve"])
        self.assertEqual({e["dedup_key"] for e in events}, {incident})
        for path in paths[1:]:
            self.assertEqual(len(vendors.got(path)), 2, path)
            for body in vendors.got(path):
                self.assertIn(f"/incidents/{incident}", json.dumps(body), path)
        told = [json.loads(line) for line in self.input.read_text().splitlines()]
        self.assertEqual([t["status"] for t in told], ["firing", "resolved"])
        self.assertEqual({t["incident"]["id"] for t in told}, {incident})
        self.assertEqual(sorted(vendors.refused), sorted(paths), "each was refused once, and tried again")

        spoken = daemon_words(self.world, daemon)
        for secret in [*SECRETS.values(), KEY, FIGURES]:
            self.assertNotIn(secret, spoken)
            if secret == FIGURES:
                self.assertNotIn(secret, json.dumps(vendors.taken) + json.dumps(told))


def daemon_words(world, daemon):
    """All that the daemon says of itself: logs and metrics."""
    logs = "".join(f.read_text(errors="replace") for f in world.folder.glob("*.log"))
    return logs + "".join(f"{name} {value}\n" for name, value in daemon.metrics().items())


if __name__ == "__main__":
    unittest.main()
