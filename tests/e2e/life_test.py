"""Proof of life: the dead man's switch against a real stand-in, and what embargod says when nobody can be told."""

import json
import signal
import sqlite3
import subprocess

import support
from support import FULL_PAGE, is_state, peers, wait_until

SECRET = "0b7e-secret-check"


class Life(support.E2E):
    def setUp(self):
        super().setUp()
        self.site = peers.Nginx(self.world)
        self.hook, self.switch = peers.Receiver().start(), peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        self.addCleanup(self.switch.stop)
        config = support.settings(webhooks=[{"url": self.hook.url + "/hook"}])
        secret = self.world.write("ping-url", f"{self.switch.url}/ping/{SECRET}\n")
        config["alerts"]["dead_man"] = {"url_file": str(secret), "interval": "1s"}
        self.watched = self.daemon([support.release("a", [(self.site.url + "/a", "page")])], config).start()
        wait_until(is_state(self.watched, "a/page", "absent"), 20, "the page to be seen absent")
        wait_until(lambda: self.pings() >= 1, 20, "the first success")

    def tearDown(self):
        log = self.watched.child.log_text()
        self.assertNotIn(SECRET, log)
        super().tearDown()

    def asked(self):
        return [d.path.removeprefix(f"/ping/{SECRET}") for d in list(self.switch.deliveries)]

    def pings(self):
        return self.asked().count("")

    def fails(self):
        return self.asked().count("/fail")

    def test_starts_with_start_and_falls_silent_when_the_daemon_stands_still(self):
        self.assertEqual(self.asked()[:2], ["/start", ""])
        stamp = wait_until(lambda: self.watched.metric("embargod_dead_man_last_success_timestamp_seconds"), 5, "the metric")
        self.assertGreater(stamp, 0)
        more = self.pings() + 1
        wait_until(lambda: self.pings() >= more, 25, "a second success")
        self.watched.child.process.send_signal(signal.SIGSTOP)
        try:
            stopped = len(self.asked())
            with self.assertRaises(peers.PeerError):
                wait_until(lambda: len(self.asked()) > stopped + 1, 15, "a ping of a process that stands still")
        finally:
            self.watched.child.process.send_signal(signal.SIGCONT)
        again = self.pings() + 1
        wait_until(lambda: self.pings() >= again, 25, "pings again")

    def test_a_store_that_refuses_is_a_failure_until_it_accepts_again(self):
        database, = self.watched.state.glob("*.db")
        with sqlite3.connect(database, isolation_level=None) as lock:
            lock.execute("BEGIN IMMEDIATE")
            wait_until(self.fails, 60, "/fail")
            self.assertIn("store", [d for d in self.switch.deliveries if d.path.endswith("/fail")][0].text)
            pings = self.pings()
            lock.execute("ROLLBACK")
        wait_until(lambda: self.pings() > pings, 60, "pings again")

    def critical(self):
        log = self.watched.child.log_text()
        return log if "CRITICAL" in log else None

    def test_nobody_can_be_told(self):
        self.hook.status = 503
        self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: self.fails() >= 1, 90, "/fail")
        self.assertIn("no receiver has accepted", self.switch.deliveries[-1].text)
        status, _, text = peers.request("GET", self.watched.url + "/-/healthy")
        self.assertEqual(status, 503)
        self.assertIn("nobody can be told", text)
        for page in ("/", "/incidents", "/runbook"):
            shown = peers.request("GET", self.watched.url + page)[2]
            self.assertEqual(shown.count("embargod is not healthy"), 1, page)
            self.assertIn("nobody can be told", shown)
        log = wait_until(self.critical, 10, "the line in the log")
        self.assertEqual(log.count("CRITICAL: nobody can be told"), 1)
        self.assertIn("level=error", [line for line in log.splitlines() if "CRITICAL" in line][0])
        pings = self.pings()
        self.hook.status = 200
        wait_until(lambda: self.pings() > pings, 90, "pings again")
        self.assertEqual(peers.request("GET", self.watched.url + "/-/healthy")[0], 200)
        self.assertNotIn("not healthy", peers.request("GET", self.watched.url + "/incidents")[2])

    def test_the_switch_that_is_away_is_told_once_and_delays_nothing(self):
        self.switch.status = 500
        wait_until(lambda: "dead man's switch does not answer" in self.watched.child.log_text(), 25, "the warning")
        self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: support.hook_alerts(self.hook, "EmbargoEarly", "firing"), 10, "the page")
        self.switch.status = 200
        wait_until(lambda: "switch answers again" in self.watched.child.log_text(), 30, "recovery")
        self.assertEqual(self.watched.child.log_text().count("switch does not answer"), 1)


class Arrival(support.E2E):
    """embargoctl alerts test, and the canary."""

    def setUp(self):
        super().setUp()
        self.site = peers.Nginx(self.world)
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        self.mail = support.MailSink(self.world)
        config = support.settings(webhooks=[{"url": self.hook.url + "/hook"}],
                                  emails=[{"to": ["duty@example.org"], "from": "embargod@example.org", "smtp": self.mail.url}])
        self.switch = peers.Receiver().start()
        self.addCleanup(self.switch.stop)
        config["alerts"].update(canary={"interval": "5s"}, dead_man={"url": self.switch.url + "/ping", "interval": "1s"})
        self.watched = self.daemon([support.release("a", [(self.site.url + "/a", "page")])], config).start()

    def ctl(self, *args):
        return subprocess.run([peers.binary("embargoctl"), f"--url={self.watched.url}", *args], capture_output=True, text=True,
                              check=False, timeout=40)

    def test_a_test_alert_reaches_the_receiver_and_touches_nothing(self):
        done = self.ctl("alerts", "test", "webhook-1", "--by=Duty officer")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^webhook-1: accepted after \d+\.\d{3} s: HTTP 200\n")
        alert, = support.hook_alerts(self.hook, "EmbargodTest", "firing")
        self.assertTrue(alert["annotations"]["summary"].startswith("[TEST]"), alert)
        self.assertIsNone(alert["incident"])
        done = self.ctl("alerts", "test", "email-1", "--by=Duty officer")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("[TEST]", self.mail.messages[-1][3]["Subject"])
        self.assertEqual(self.watched.incidents(), [])
        self.assertEqual(self.watched.metric("embargod_outbox_pending"), 0)
        with sqlite3.connect(self.watched.state / "embargod.db") as db:
            rows = db.execute("SELECT by, text FROM events WHERE what = 'alert_tested' ORDER BY id").fetchall()
        self.assertEqual([by for by, _ in rows], ["Duty officer"] * 2)
        self.assertTrue(rows[0][1].startswith("webhook-1: accepted: HTTP 200"), rows)

    def test_a_refusal_and_an_unknown_receiver_are_told(self):
        self.hook.status = 503
        done = self.ctl("alerts", "test", "webhook-1", "--by=Duty officer")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"^webhook-1: NOT ACCEPTED now after \d+\.\d{3} s: HTTP 503")
        done = self.ctl("alerts", "test", "webhok-1", "--by=Duty officer")
        self.assertEqual(done.returncode, 2)
        self.assertIn("there are webhook-1, email-1", done.stderr)

    def test_the_canary_comes_through_unseen_and_its_failure_is_told(self):
        stamp = wait_until(lambda: self.watched.metric("embargod_canary_last_success_timestamp_seconds"), 40, "the first flight")
        wait_until(lambda: self.watched.metric("embargod_canary_last_success_timestamp_seconds") > stamp, 40, "the second")
        self.assertEqual(self.watched.metric("embargod_canary_failures_total"), 0)
        self.assertEqual(self.watched.incidents(), [])
        self.assertEqual([r["id"] for r in peers.get_json(self.watched.url + "/api/v1/releases")["items"]], ["a"])
        self.assertNotIn("canary\"", json.dumps(self.watched.metrics()))
        self.assertEqual([d for d in self.hook.deliveries if "canary" in d.text.lower()], [])
        self.assertEqual([d for d in self.hook.deliveries if "canary" in d.text.lower()], [])
        # A disk of its own that is full: the store of the flight cannot be made.
        folder = self.watched.state / "canary"

        def mounted():
            folder.mkdir(exist_ok=True)
            return not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "embargod-test", folder], check=False,
                                      stderr=subprocess.DEVNULL).returncode
        wait_until(mounted, 10, "a small disk, which needs CAP_SYS_ADMIN")
        unmount = ["umount", "--lazy", str(folder)]
        self.world.on_close(lambda: subprocess.run(unmount, check=False, stderr=subprocess.DEVNULL))
        wait_until(lambda: self.switch.to("/ping/fail"), 90, "/fail")
        self.assertIn("canary failed twice", self.switch.to("/ping/fail")[0].text)
        self.assertGreaterEqual(self.watched.metric("embargod_canary_failures_total"), 2)
        said = [line for line in self.watched.child.log_text().splitlines() if "the canary failed" in line]
        self.assertIn("level=warn", said[0])
        self.assertIn("level=error", said[1])
        subprocess.run(unmount, check=True)
        wait_until(lambda: "the canary came through again" in self.watched.child.log_text(), 60, "recovery")


if __name__ == "__main__":
    support.main()
