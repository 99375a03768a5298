"""A drill through real channels: webhook, Alertmanager's webhook receiver, mailbox; acknowledged, all-clear, on record."""

import subprocess
import sqlite3

import support
from support import is_state, peers, wait_until


class Drill(support.E2E):
    def setUp(self):
        super().setUp()
        self.site = peers.Nginx(self.world)
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        self.mail = support.MailSink(self.world)
        self.alertmanager = peers.Alertmanager(self.world, peers.alertmanager_config(self.hook.url))
        config = support.settings(alertmanagers=[self.alertmanager.url], webhooks=[{"url": self.hook.url + "/hook"}],
                                  emails=[{"to": ["duty@example.org"], "from": "embargod@example.org", "smtp": self.mail.url,
                                           "severities": ["page"]}])
        config["alerts"]["canary"] = {"interval": "0s"}
        self.watched = self.daemon([support.release("a", [(self.site.url + "/a", "page")])], config).start()
        wait_until(is_state(self.watched, "a/page", "absent"), 20, "the page to be seen absent")

    def ctl(self, *args, timeout=90):
        return subprocess.run([peers.binary("embargoctl"), f"--url={self.watched.url}", *args], capture_output=True, text=True,
                              check=False, timeout=timeout)

    def drill(self, *args):
        """Begins one in the background."""
        child = subprocess.Popen([peers.binary("embargoctl"), f"--url={self.watched.url}", "drill", "--by=Duty officer", *args],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (child.kill(), child.communicate()))
        return child

    def hooked(self, status):
        return support.hook_alerts(self.hook, "EmbargodDrill", status)

    def paged(self, status):
        """What Alertmanager's receiver for pages got."""
        return [a for d in self.hook.to("/alertmanager/page") for a in d.json()["alerts"]
                if a["labels"]["alertname"] == "EmbargodDrill" and a["status"] == status]

    def mails(self):
        return [message for _, _, _, message in self.mail.messages]

    def current(self):
        items = peers.get_json(self.watched.url + "/api/v1/drills")["items"]
        return items[0] if items else None

    def test_reaches_all_three_is_acknowledged_and_ends_with_an_all_clear(self):
        child = self.drill("--ack-within=2m")
        wait_until(lambda: self.hooked("firing") and self.paged("firing") and self.mails(), 40, "the alarm at all three")
        alarm, = self.hooked("firing")
        drill = alarm["incident"]["id"]
        self.assertEqual(self.current()["id"], drill)
        self.assertEqual(alarm["labels"], {"alertname": "EmbargodDrill", "severity": "page", "service": "embargod", "release": "drill"})
        self.assertTrue(alarm["annotations"]["summary"].startswith("[DRILL] "), alarm)
        self.assertIn(f" ack {drill} --by=", alarm["annotations"]["acknowledge"])
        self.assertNotIn("urls", alarm["annotations"])
        subject = self.mails()[0]["Subject"]
        self.assertIn("[DRILL]", subject)
        for url in (f"/incidents/{drill}", "/drills"):
            status, _, page = peers.request("GET", self.watched.url + url)
            self.assertEqual(status, 200)
            self.assertIn("Under way", page)
        wait_until(lambda: self.current()["told"], 20, "the receipts")
        done = self.ctl("ack", drill, "--by=On call")
        self.assertEqual(done.returncode, 0, done.stderr)
        wait_until(lambda: child.poll() is not None, 60, "the drill to end")
        said, fault = child.communicate()
        self.assertEqual(child.returncode, 0, said + fault)
        print("\n" + said)
        wait_until(lambda: self.hooked("resolved") and self.paged("resolved") and len(self.mails()) == 2, 90, "the all-clear at all three")
        self.assertEqual(self.hooked("resolved")[0]["incident"]["id"], drill)
        self.assertEqual([len(self.hooked("firing")), len(self.hooked("resolved")), len(self.mails())], [1, 1, 2])
        for line in (r"found: \d+\.\d{3} s after", r"alarm to alertmanager-1: accepted after", r"alarm to webhook-1: accepted after",
                     r"alarm to email-1: accepted after", r"acknowledged: by On call, \d+\.\d{3} s", r"all-clear to email-1: accepted",
                     r"(?m)^passed; found after"):
            self.assertRegex(said, line)
        self.assertEqual(self.watched.incidents(), [], "a drill is no incident")
        self.assertEqual(self.watched.metric("embargod_outbox_pending"), 0)
        self.assertFalse((self.watched.state / "drill").exists())
        self.is_on_record(drill)

    def is_on_record(self, drill):
        began = self.watched.metric("embargod_drill_last_passed_timestamp_seconds")
        for receiver in ("alertmanager-1", "webhook-1", "email-1"):
            self.assertEqual(self.watched.metric("embargod_drill_last_accepted_timestamp_seconds", receiver=receiver), began)
        for step in ("detect", "deliver", "acknowledge"):
            self.assertGreater(self.watched.metric("embargod_drill_seconds", step=step), 0)
        with sqlite3.connect(self.watched.state / "embargod.db") as db:
            (by, text), = db.execute("SELECT by, text FROM events WHERE what = 'drilled'").fetchall()
        self.assertEqual(by, "Duty officer")
        self.assertRegex(text, r"^passed; found after .* acknowledged by On call")
        self.watched.child.stop()
        self.watched.spawn().await_ready()
        self.assertEqual(self.watched.metric("embargod_drill_last_passed_timestamp_seconds"), began, "kept over a restart")
        self.assertRegex(self.ctl("drills").stdout, rf"{drill}  by Duty officer: passed")
        again = self.ctl("ack", drill, "--by=Late")
        self.assertEqual(again.returncode, 2)
        self.assertIn("this drill is over", again.stderr)

    def test_a_receiver_that_refuses_and_nobody_who_acknowledges_are_findings(self):
        self.hook.status = 503
        child = self.drill("--ack-within=2s", "--receiver=webhook-1", "--receiver=email-1")
        wait_until(self.current, 20, "the drill to begin")
        other = self.ctl("drill", "--by=Another")
        self.assertEqual(other.returncode, 2)
        self.assertRegex(other.stderr, r"drill \S+ is under way")
        said, fault = child.communicate(timeout=120)
        self.assertEqual(child.returncode, 1, fault)
        self.assertRegex(said, r"alarm to webhook-1: NOT ACCEPTED \(retried\): HTTP 503")
        self.assertRegex(said, r"alarm to email-1: accepted")
        self.assertNotIn("alertmanager", said)
        self.assertRegex(said, r"(?m)^FAILED; found after .*acknowledged by nobody$")
        self.assertIsNone(self.watched.metric("embargod_drill_last_passed_timestamp_seconds"))
        self.assertIsNone(self.watched.metric("embargod_drill_last_accepted_timestamp_seconds", receiver="webhook-1"))

    def test_a_real_breach_is_told_while_a_drill_is_under_way(self):
        child = self.drill("--ack-within=1m", "--receiver=webhook-1")
        wait_until(lambda: self.hooked("firing"), 30, "the drill")
        self.site.publish("/a.html", support.FULL_PAGE)
        wait_until(lambda: support.hook_alerts(self.hook, "EmbargoEarly", "firing"), 10, "the page")
        incident, = self.watched.incidents()
        self.assertEqual(incident["release"], "a")
        self.assertIsNone(child.poll())
        self.watched.child.stop()
        said, _ = child.communicate(timeout=30)
        self.assertNotRegex(said, "(?m)^passed")

    def test_a_wrong_receiver_and_a_wrong_time_are_told(self):
        done = self.ctl("drill", "--by=x", "--receiver=webhok-1")
        self.assertEqual(done.returncode, 2)
        self.assertIn('"webhok-1" is no receiver; there are alertmanager-1, webhook-1 and email-1', done.stderr)
        done = self.ctl("drill", "--by=x", "--ack-within=2h")
        self.assertEqual(done.returncode, 2)
        self.assertIn('--ack-within: "2h" is no duration up to 1h', done.stderr)
        self.assertIn("nobody knows whether a message would arrive", peers.request("GET", self.watched.url + "/drills")[2])


if __name__ == "__main__":
    support.main()
