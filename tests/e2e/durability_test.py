"""P3: the store refuses, the page leaves all the same within ten seconds, flagged; once the store is back, it is recorded."""

import os
import sqlite3
import subprocess
import unittest

import support
from support import FULL_PAGE, hook_alerts, is_state, peers, wait_until


class StoreRefuses(support.E2E):
    def setUp(self):
        super().setUp()
        self.site = peers.Nginx(self.world)
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        self.alertmanager = peers.Alertmanager(self.world, peers.alertmanager_config(self.hook.url))

    def watch(self):
        config = support.settings(alertmanagers=[self.alertmanager.url], webhooks=[{"url": self.hook.url + "/hook"}])
        return self.daemon([support.release("a", [(self.site.url + "/a", "page")])], config)

    def page_leaves_then_is_recorded(self, daemon, mend):
        up = self.site.publish("/a.html", FULL_PAGE)
        told = wait_until(lambda: hook_alerts(self.hook, "EmbargoEarly", "firing"), 12, "the page though the store refuses")
        took = next(d.at for d in self.hook.to("/hook") if d.json()["alert"] == "EmbargoEarly") - up.before
        print(f"\n    told {took:.2f} s after the page went up")
        self.assertLess(took, 10)
        self.assertIn("durable", told[0]["annotations"])
        wait_until(lambda: self.alertmanager.alerts("EmbargoEarly"), 10, "Alertmanager told too")
        self.assertTrue(daemon.child.alive())
        self.assertNotEqual(peers.request("GET", daemon.url + "/-/healthy")[0], 0)

        mend()
        wait_until(lambda: daemon.incident("a"), 15, "the incident on record")
        wait_until(lambda: daemon.incident("a")["state"] == "open", 10, "the incident confirmed")
        wait_until(lambda: daemon.metric("embargod_outbox_pending") == 0, 15, "nothing left to tell")
        incident = daemon.incident("a")
        self.assertEqual(told[0]["incident"]["id"], incident["id"])
        self.assertLessEqual(support.unix(incident["targets"][0]["spans"][0]["went_live"]["latest"]) - up.after, 3, "first sight is kept")
        keys = [b["key"] for b in hook_alerts(self.hook, "EmbargoEarly")]
        self.assertEqual(len(keys), len(set(keys)), "told from memory once, and not again from the store")

        daemon.child.kill9()
        daemon.start()
        self.assertEqual(daemon.incident("a")["id"], incident["id"])

    def test_database_locked(self):
        daemon = self.watch().start()
        wait_until(is_state(daemon, "a/page", "absent"), 10, "the page to be seen absent")
        other = sqlite3.connect(daemon.state / "embargod.db", isolation_level=None, timeout=10)
        other.execute("BEGIN EXCLUSIVE")
        self.page_leaves_then_is_recorded(daemon, lambda: other.execute("ROLLBACK"))
        other.close()

    def test_killed_while_the_store_refuses(self):
        daemon = self.watch().start()
        wait_until(is_state(daemon, "a/page", "absent"), 10, "the page to be seen absent")
        other = sqlite3.connect(daemon.state / "embargod.db", isolation_level=None, timeout=10)
        other.execute("BEGIN EXCLUSIVE")
        self.site.publish("/a.html", FULL_PAGE)
        told = wait_until(lambda: hook_alerts(self.hook, "EmbargoEarly", "firing"), 12, "the page though the store refuses")
        first_sight = told[0]["incident"]["targets"][0]["spans"][0]["went_live"]["latest"]
        daemon.child.kill9()
        other.execute("ROLLBACK")
        other.close()
        self.site.withdraw("/a.html")  # nothing will be seen again: the journal alone knows

        daemon.start()
        incident = wait_until(lambda: daemon.incident("a"), 10, "the incident on record")
        self.assertEqual(told[0]["incident"]["id"], incident["id"])
        self.assertEqual(first_sight, incident["targets"][0]["spans"][0]["went_live"]["latest"], "first sight is kept")
        self.assertIn("brought in from the emergency journal", daemon.child.log_text())
        wait_until(lambda: daemon.metric("embargod_outbox_pending") == 0, 15, "nothing left to tell")
        keys = [b["key"] for b in hook_alerts(self.hook, "EmbargoEarly", "firing")]
        self.assertEqual([told[0]["key"]] * len(keys), keys, "one key")
        self.assertLessEqual(len(keys), 2, "at most one more for a crash")

    def test_disk_full(self):
        daemon = self.watch()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "embargod-test", daemon.state], check=False).returncode:
            self.fail("mounting a tmpfs needs CAP_SYS_ADMIN")
        self.addCleanup(subprocess.run, ["umount", "--lazy", daemon.state], check=False)
        self.world.on_close(lambda: subprocess.run(["umount", "--lazy", daemon.state], check=False, stderr=subprocess.DEVNULL))
        daemon.start()
        wait_until(is_state(daemon, "a/page", "absent"), 10, "the page to be seen absent")
        ballast = daemon.state / "filler"

        def store_refuses():
            with open(ballast, "ab", buffering=0) as filler:
                for size in (65536, 4096, 512, 1):
                    try:
                        while filler.write(b"x" * size):
                            pass
                    except OSError:
                        pass
            return "store refuses" in daemon.child.log_text()

        # Whatever SQLite may still write into pages that it has is used up, too.
        wait_until(store_refuses, 30, "the store to refuse")
        self.page_leaves_then_is_recorded(daemon, ballast.unlink)


if __name__ == "__main__":
    support.main()
