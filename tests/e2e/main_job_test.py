"""A page and its file go public early on a real nginx: who is told what, when; what is recorded; what never leaks."""

import gzip
import hashlib
import hmac
import json
import subprocess
import time
import unittest

import support
from support import (CLOCK_ERROR, EARLY_LABELS, FIGURES, FULL_PAGE, INCIDENT_KEYS, SPAN_KEYS, TARGET_KEYS, MailSink, due_in,
                     hook_alerts, is_state, peers, series, unix, wait_until)

RELEASE = "therapies-2018-01"
TITLE = 'Psychological therapies <b>January</b> 2018 & "final"'
PAGE, FILE = f"{RELEASE}/page", f"{RELEASE}/tables"
SECRET = "a secret that both sides know"


class MainJob(unittest.TestCase):
    """The story is told once, in setUpClass; each test looks at one side of it."""

    @classmethod
    def setUpClass(cls):
        cls.world = support.World("embargod-e2e-")
        cls.addClassCleanup(cls.world.close)
        try:
            cls.tell()
        except BaseException:
            support.show_logs(cls.world)
            raise

    @classmethod
    def tell(cls):
        world = cls.world
        cls.site = peers.Nginx(world)
        cls.mail = MailSink(world)
        cls.hook = peers.Receiver().start()
        world.on_close(cls.hook.stop)
        cls.alertmanager = peers.Alertmanager(world, peers.alertmanager_config(cls.hook.url))
        world.write("embargod/hook.secret", SECRET + "\n").chmod(0o600)
        config = support.settings(
            alertmanagers=[cls.alertmanager.url], webhooks=[{"url": cls.hook.url + "/hook", "secret_file": "hook.secret"}],
            emails=[{"to": ["duty@example.org"], "from": "embargod@example.org", "smtp": cls.mail.url, "severities": ["page"]}])
        release = support.release(RELEASE, [(cls.site.url + "/pub/therapies", "page"),
                                            (cls.site.url + "/files/AB/12CD34/therapies.csv", "file", "tables")], title=TITLE)
        other = support.release("quiet-2018-01", [(cls.site.url + "/pub/quiet", "page")], days=3)
        cls.daemon = peers.Embargod(world, support.as_yaml(config), support.as_yaml({"releases": [release, other]}))
        cls.daemon.start()
        wait_until(is_state(cls.daemon, PAGE, "absent"), 10, "the page to be seen absent")
        wait_until(is_state(cls.daemon, FILE, "absent"), 10, "the file to be seen absent")

        cls.up = {PAGE: cls.site.publish("/pub/therapies.html", FULL_PAGE)}
        wait_until(lambda: hook_alerts(cls.hook, "EmbargoEarly", "firing"), 10, "the webhook to be told")
        cls.up[FILE] = cls.site.publish("/files/AB/12CD34/therapies.csv", f"a,b\n{FIGURES},2\n")
        wait_until(lambda: cls.daemon.incident(RELEASE)["state"] == "open", 10, "the incident to be confirmed")
        wait_until(lambda: len(cls.daemon.incident(RELEASE)["targets"]) == 2, 10, "the file to join the incident")
        cls.while_up = cls.daemon.incident(RELEASE)
        cls.metrics_while_up = cls.daemon.metrics()
        wait_until(lambda: cls.alertmanager.alerts("EmbargoEarly"), 10, "Alertmanager to hold the alert")
        wait_until(lambda: cls.mail.messages, 10, "the mail")
        wait_until(lambda: cls.hook.to("/alertmanager/page"), 15, "Alertmanager to page")
        time.sleep(1)  # a little time up: the bounds are to be compared with something

        cls.down = {PAGE: cls.site.withdraw("/pub/therapies.html"), FILE: cls.site.withdraw("/files/AB/12CD34/therapies.csv")}
        wait_until(lambda: hook_alerts(cls.hook, "EmbargoEarly", "resolved"), 10, "the webhook to be told the all-clear")
        wait_until(lambda: len(cls.mail.messages) >= 2, 10, "the mail of the all-clear")
        wait_until(lambda: cls.daemon.incident(RELEASE)["state"] == "contained", 10, "contained")
        cls.incident = cls.daemon.incident(RELEASE)

    def test_every_channel_is_told_within_seconds(self):
        first_up = self.up[PAGE].before
        mail_at = self.mail.messages[0][0]
        page_at = self.hook.to("/alertmanager/page")[0].at
        hook_at = next(d.at for d in self.hook.to("/hook") if d.json()["alert"] == "EmbargoEarly")
        print(f"\n    told after: webhook {hook_at - first_up:.2f} s, mail {mail_at - first_up:.2f} s, "
              f"through Alertmanager {page_at - first_up:.2f} s")
        self.assertLess(hook_at - first_up, 3)
        self.assertLess(mail_at - first_up, 5)
        self.assertLess(page_at - first_up, 10)

    def test_alertmanager_has_exactly_the_labels_of_the_contract(self):
        listed = subprocess.run(["amtool", f"--alertmanager.url={self.alertmanager.url}", "alert", "query", "--output=json",
                                 "alertname=EmbargoEarly"], capture_output=True, text=True, check=True, timeout=20)
        alerts = json.loads(listed.stdout)
        self.assertEqual([a["labels"] for a in alerts], [{**EARLY_LABELS, "release": RELEASE}])
        annotations = alerts[0]["annotations"]
        for key in ("summary", "description", "runbook_url"):
            self.assertTrue(annotations.get(key), key)
        self.leads_somewhere(annotations["runbook_url"])
        self.leads_somewhere(annotations["link"])
        self.assertGreater(unix(alerts[0]["endsAt"]) - time.time(), 23 * 3600)

    def leads_somewhere(self, link):
        """A link in an alert is a text anchor of the shipped runbook, or a page that embargod itself serves."""
        place, _, anchor = link.partition("#")
        if place.startswith("http"):
            # Alerts name embargod as people reach it (web.external_url), which is its default here.
            status, _, text = peers.request("GET", place.replace("http://127.0.0.1:9750", self.daemon.url))
            self.assertEqual(status, 200, link)
            self.assertIn(f'id="{anchor}"' if anchor else "<html", text, link)
        else:
            self.assertIn(f"# {anchor}\n", (support.ROOT / place).read_text().lower(), link)

    def test_alertmanager_keeps_an_early_alert_for_five_minutes_though_it_is_over(self):
        self.assertEqual(len(self.alertmanager.alerts("EmbargoEarly")), 1)

    def test_the_watchdog_has_its_labels_and_lapses_in_three_minutes(self):
        alerts = wait_until(lambda: self.alertmanager.alerts("EmbargodWatchdog"), 10, "the watchdog")
        self.assertEqual([a["labels"] for a in alerts], [{"alertname": "EmbargodWatchdog", "severity": "info", "service": "embargod"}])
        ahead = unix(alerts[0]["endsAt"]) - time.time()
        self.assertTrue(0 < ahead <= 181, ahead)

    def test_webhook_body_is_exactly_the_contract(self):
        delivery = next(d for d in self.hook.to("/hook") if d.json()["alert"] == "EmbargoEarly")
        body = delivery.json()
        self.assertEqual(set(body), {"version", "key", "alert", "status", "incident", "labels", "annotations"})
        self.assertEqual((body["version"], body["alert"], body["status"]), (1, "EmbargoEarly", "firing"))
        self.assertEqual(body["labels"], {**EARLY_LABELS, "release": RELEASE})
        self.assertEqual(body["incident"]["id"], self.incident["id"])
        self.assertRegex(body["key"], f'^{self.incident["id"]}:[0-9]+$')
        self.assertEqual(body["incident"]["confidence"], "seen_once")
        headers = {k.lower(): v for k, v in delivery.headers.items()}
        self.assertEqual(headers["idempotency-key"], body["key"])
        digest = hmac.new(SECRET.encode(), delivery.text.encode(), hashlib.sha256).hexdigest()
        self.assertEqual(headers["x-embargod-signature"], f"sha256={digest}")

    def test_webhook_is_told_each_step_once(self):
        keys = [b["key"] for b in hook_alerts(self.hook)]
        self.assertEqual(len(keys), len(set(keys)), keys)
        self.assertEqual([b["status"] for b in hook_alerts(self.hook, "EmbargoEarly")], ["firing", "resolved"])

    def test_mail_arrives_as_text_and_html_with_a_stable_id(self):
        _, sender, recipients, message = self.mail.messages[0]
        self.assertEqual((sender, recipients), ("embargod@example.org", ["duty@example.org"]))
        self.assertIn("Psychological therapies", message["Subject"])
        self.assertTrue(message["Message-ID"])
        self.assertEqual({p.get_content_type() for p in message.walk() if not p.is_multipart()}, {"text/plain", "text/html"})
        self.assertNotIn("<b>January</b>", message.get_body(("html",)).get_content())
        self.assertEqual(len({m["Message-ID"] for _, _, _, m in self.mail.messages}), len(self.mail.messages))

    def test_incident_has_exactly_the_keys_of_the_contract(self):
        for incident in (self.while_up, self.incident):
            self.assertEqual(set(incident), INCIDENT_KEYS)
            self.assertEqual(incident["title"], TITLE)
            self.assertEqual(unix(incident["due"]), due_in(2).timestamp())
            self.assertRegex(incident["due"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertEqual({t["target"] for t in incident["targets"]}, {PAGE, FILE})
            for target in incident["targets"]:
                self.assertEqual(set(target), TARGET_KEYS)
                for span in target["spans"]:
                    self.assertEqual(set(span), SPAN_KEYS)
                    self.assertEqual(set(span["went_live"]), {"earliest", "latest"})
                    self.assertEqual(set(span["time_up"]), {"shortest_seconds", "longest_seconds"})
                    self.assertEqual(span["basis"], "as_served")
            self.assertEqual(set(incident["lead"]), {"shortest_seconds", "longest_seconds"})
            self.assertIsNone(incident["acknowledged"])
        self.assertEqual([t["spans"][0]["went_down"] for t in self.while_up["targets"]], [None, None])
        self.assertEqual([t["spans"][0]["ended_by"] for t in self.incident["targets"]], ["absence", "absence"])
        self.assertEqual((self.incident["state"], self.incident["confidence"]), ("contained", "confirmed"))
        self.assertEqual(peers.get_json(f'{self.daemon.url}/api/v1/incidents/{self.incident["id"]}'), self.daemon.incident(RELEASE))

    def test_truth_lies_inside_the_bounds(self):
        for target in self.incident["targets"]:
            span, = target["spans"]
            up, down = self.up[target["target"]], self.down[target["target"]]
            for bounds, truth in ((span["went_live"], up), (span["went_down"], down)):
                self.assertLessEqual(unix(bounds["earliest"]), truth.after)
                self.assertGreaterEqual(unix(bounds["latest"]), truth.before)
                # ... and the bounds are not uselessly wide: two polls, both errors, and a slow machine.
                self.assertLess(unix(bounds["latest"]) - unix(bounds["earliest"]), 1.5 + 2 * CLOCK_ERROR)
            self.assertLessEqual(span["time_up"]["shortest_seconds"], down.after - up.before)
            self.assertGreaterEqual(span["time_up"]["longest_seconds"], down.before - up.after)
            self.assertGreater(span["time_up"]["shortest_seconds"], 0)

    def test_metrics_follow(self):
        active, total = series("embargod_incident_active", release=RELEASE, kind="early"), series("embargod_incidents_total", kind="early")
        self.assertEqual((self.metrics_while_up[active], self.metrics_while_up[total]), (1, 1))
        now = self.daemon.metrics()
        self.assertEqual((now[active], now[total]), (0, 1))
        self.assertEqual(now[series("embargod_incident_active", release="quiet-2018-01", kind="early")], 0)

    def test_ctl_shows_it(self):
        code, out, _ = peers.ctl(f"--url={self.daemon.url}", "incidents")
        self.assertEqual(code, 0)
        self.assertIn(self.incident["id"], out)
        code, out, _ = peers.ctl(f"--url={self.daemon.url}", "incident", self.incident["id"])
        self.assertEqual(code, 0)
        self.assertIn(RELEASE, out)
        code, out, _ = peers.ctl(f"--url={self.daemon.url}", "releases")
        self.assertEqual(code, 0)
        self.assertIn("quiet-2018-01", out)

    def test_report_is_a_draft_with_its_blanks(self):
        for form in ("md", "html", "txt", "json"):
            path = self.world.path(f"report.{form}")
            code, out, err = peers.ctl(f"--url={self.daemon.url}", "report", self.incident["id"], f"--format={form}", "-o", path)
            self.assertEqual(code, 0, out + err)
            text = path.read_text()
            self.assertIn("TO COMPLETE", text, form)
            self.assertIn("2 days", text, form)
            if form == "html":
                self.assertNotIn("<b>January</b>", text)
        _, _, served = peers.request("GET", f'{self.daemon.url}/api/v1/report?incident={self.incident["id"]}&format=txt')
        self.assertIn("at most", served)

    def test_pages_for_people_show_it_and_escape_the_title(self):
        for path in ("/", f'/incidents/{self.incident["id"]}'):
            status, headers, text = peers.request("GET", self.daemon.url + path)
            self.assertEqual(status, 200, path)
            self.assertIn("text/html", headers["Content-Type"])
            self.assertIn("Psychological therapies", text, path)
            self.assertNotIn("<b>January</b>", text)

    def test_what_was_served_is_kept_sealed_and_its_digest_is_in_the_incident(self):
        page_digest = "sha256:" + hashlib.sha256(FULL_PAGE.encode()).hexdigest()
        self.assertIn(page_digest, self.incident["evidence"])
        kept = [f for f in self.daemon.state.rglob("*.warc.gz") if FIGURES.encode() in gzip.decompress(f.read_bytes())]
        self.assertTrue(kept)
        for file in kept:
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)

    def test_no_figure_leaves_in_alerts_logs_metrics_api_or_pages(self):
        said = [d.text for d in self.hook.deliveries] + [m.as_string() for _, _, _, m in self.mail.messages]
        said += [self.daemon.child.log_text(), json.dumps(self.alertmanager.alerts())]
        said += [peers.request("GET", self.daemon.url + path)[2]
                 for path in ("/", "/metrics", "/api/v1/incidents", "/api/v1/targets", "/api/v1/releases", "/api/v1/blind",
                              f'/incidents/{self.incident["id"]}', f'/api/v1/report?incident={self.incident["id"]}&format=md')]
        for text in said:
            self.assertNotIn("98,765", text)

    def test_logs_name_no_url(self):
        self.assertNotIn(self.site.url, self.daemon.child.log_text())


if __name__ == "__main__":
    support.main()
