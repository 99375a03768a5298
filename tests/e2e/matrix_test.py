"""P33: no single failure silences the alarm. Each test takes one part away, lets a page go live early, and waits for the page of people on call.

Of the matrix stand elsewhere: a full disk (durability), a peer of Alertmanager (alertmanager_pair), a hung scheduler that systemd restarts
(systemd), caches in between (liveness). There is one vantage only so far, so none can be taken away."""

import signal
import sqlite3
import subprocess
import time

import support
from support import FULL_PAGE, hook_alerts, is_state, peers, wait_until

WITHIN = 10  # seconds from going live


class Matrix(support.E2E):
    def setUp(self):
        super().setUp()
        self.site = peers.Nginx(self.world)
        self.hook, self.switch = peers.Receiver().start(), peers.Receiver().start()
        for receiver in (self.hook, self.switch):
            self.addCleanup(receiver.stop)
        self.config = support.settings(webhooks=[{"url": self.hook.url + "/hook", "severities": ["page", "ticket", "info"]}])
        self.config["alerts"]["canary"] = {"interval": "0s"}
        self.config["alerts"]["dead_man"] = {"url": self.switch.url + "/ping", "interval": "1s"}
        self.releases = [support.release("a", [(self.site.url + "/a", "page")])]

    def watch(self):
        self.watched = self.daemon(self.releases, self.config).start()
        wait_until(is_state(self.watched, "a/page", "absent"), 20, "the page to be seen absent")

    def goes_live_and_is_told(self, hook=None, within=WITHIN):
        self.up = self.site.publish("/a.html", FULL_PAGE)
        return self.is_told(hook, within)

    def is_told(self, hook=None, within=WITHIN):
        told = wait_until(lambda: hook_alerts(hook or self.hook, "EmbargoEarly", "firing"), within, "the page")
        at = [d.at for d in (hook or self.hook).to("/hook") if d.json()["alert"] == "EmbargoEarly"][0]
        print(f"\n    {self.id().rsplit('.', 1)[1][5:]}: told {at - self.up.before:.1f} s after it went live")
        return told[0]

    def test_the_daemon_killed(self):
        self.watch()
        self.watched.child.kill9()
        self.up = self.site.publish("/a.html", FULL_PAGE)
        self.watched.spawn()  # as systemd does
        alert = self.is_told()
        span, = alert["incident"]["targets"][0]["spans"]
        self.assertLess(support.unix(span["went_live"]["earliest"]), self.up.before, "it says how long nobody looked")
        wait_until(lambda: peers.get_json(self.watched.url + "/api/v1/blind")["items"], 20, "the downtime as blind time")

    def test_the_process_stands_still_and_goes_on(self):
        self.watch()
        self.watched.child.process.send_signal(signal.SIGSTOP)
        try:
            self.up = self.site.publish("/a.html", FULL_PAGE)
            quiet = len(self.switch.deliveries) + 1  # one may be under way
            time.sleep(5)
            self.assertLessEqual(len(self.switch.deliveries), quiet, "no ping says that all is well")
        finally:
            self.watched.child.process.send_signal(signal.SIGCONT)
        self.is_told(within=20)

    def test_the_store_locked(self):
        self.watch()
        with sqlite3.connect(self.watched.state / "embargod.db", isolation_level=None) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            alert = self.goes_live_and_is_told()
            self.assertIn("durable", alert["annotations"])
            lock.execute("ROLLBACK")

    def test_the_folder_of_evidence_gone(self):
        self.watch()
        folder = self.watched.state / "evidence"
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        folder.write_text("a file where a folder should be")
        self.goes_live_and_is_told()
        self.assertTrue(self.watched.child.alive())

    def test_one_channel(self):
        other = peers.Receiver().start()
        self.addCleanup(other.stop)
        self.config["alerts"]["webhooks"].append({"url": other.url + "/hook"})
        self.watch()
        self.hook.status = 503
        self.goes_live_and_is_told(other)
        self.hook.status = 200
        self.is_told(self.hook, within=60)

    def test_the_first_tier_of_people(self):
        other = peers.Receiver().start()
        self.addCleanup(other.stop)
        self.config["alerts"]["webhooks"] += [{"url": other.url + "/hook", "name": "second-line"}]
        self.config["alerts"]["escalation"] = {"tiers": [["webhook-1"], ["second-line"]], "after": "3s"}
        self.watch()
        self.goes_live_and_is_told()
        alert = self.is_told(other, within=15)
        self.assertEqual(alert["status"], "firing")
        self.assertEqual(self.watched.incident("a")["acknowledged"], None)

    def test_a_first_tier_that_is_unreachable(self):
        other = peers.Receiver().start()
        self.addCleanup(other.stop)
        self.config["alerts"]["webhooks"] += [{"url": other.url + "/hook", "name": "second-line"}]
        self.config["alerts"]["escalation"] = {"tiers": [["webhook-1"], ["second-line"]], "after": "1h", "undelivered_after": "2s"}
        self.watch()
        self.hook.status = 503
        self.goes_live_and_is_told(other, within=15)

    def test_all_channels(self):
        self.watch()
        self.hook.status = 503
        self.up = self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: self.switch.to("/ping/fail"), 90, "/fail at the dead man's switch")
        self.assertEqual(peers.request("GET", self.watched.url + "/-/healthy")[0], 503)
        self.hook.status = 200
        wait_until(lambda: peers.request("GET", self.watched.url + "/-/healthy")[0] == 200, 120, "it to be told at last")
        self.is_told()

    def test_the_resolver(self):
        """The daemon has its own /etc/hosts and a resolver that nobody answers at; then the only name it knows goes, with the connection to it.
        (What is known of names serves for a minute, and a connection that lasts needs none: it may take long until it is blind.)"""
        hosts = self.world.write("hosts", "127.0.0.1 watched.example.org\n")
        nobody = self.world.write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        hosts.write_text(hosts.read_text() + "127.0.0.1 receiver.example.org\n")
        by_name = self.site.url.replace("127.0.0.1", "watched.example.org")
        self.config["alerts"]["webhooks"][0]["url"] = self.hook.url.replace("127.0.0.1", "receiver.example.org") + "/hook"
        self.releases.append(support.release("named", [(by_name + "/named", "page")]))
        self.watched = self.daemon(self.releases, self.config)
        script = f'mount --bind {hosts} /etc/hosts && mount --bind {nobody} "$(readlink -f /etc/resolv.conf)" && exec "$0" "$@"'
        own = ["unshare", "--mount", "sh", "-c", script, str(peers.binary("embargod"))]
        self.watched.child = self.world.start("embargod", [
            *own, f"--config.file={self.watched.config}", f"--storage.path={self.watched.state}",
            f"--web.listen-address=127.0.0.1:{self.watched.port}"])
        try:
            self.watched.await_ready()
        except peers.PeerError as e:
            self.fail(f"mounting needs CAP_SYS_ADMIN: {e}")
        for target in ("a/page", "named/page"):
            wait_until(is_state(self.watched, target, "absent"), 20, f"{target} to be seen absent")
        wait_until(lambda: self.hook.to("/hook"), 30, "the receiver to be reached by its name")
        hosts.write_text("")
        self.site.drop_connections()  # one that is kept needs no name
        self.goes_live_and_is_told()

    def test_the_clock_server(self):
        self.config["clock"] = {"ntp_servers": [f"127.0.0.1:{peers.free_port()}"], "assumed_error": "1s"}
        self.watch()
        alert = self.goes_live_and_is_told()
        self.assertIn("clock", alert["annotations"], "it says that its clock was not verified")

    def test_the_configuration(self):
        self.watch()
        self.watched.config.write_text("alerts: [this is no configuration\n")
        self.assertEqual(self.watched.post("/-/reload")[0], 500)
        self.goes_live_and_is_told()

    def test_the_schedule(self):
        self.watch()
        self.watched.schedule.write_text("releases: []\n")
        status, text = self.watched.post("/-/reload")
        self.assertEqual(status, 500)
        self.assertIn("no release is left, but 1 is embargoed still", text)
        self.goes_live_and_is_told()


if __name__ == "__main__":
    support.main()
