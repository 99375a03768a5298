"""Start, stop, kill, reload: what the daemon keeps, and what it refuses."""

import json
import os
import shutil
import signal
import time

import support
from support import FULL_PAGE, hook_alerts, is_state, peers, wait_until

BAD_SCHEDULE = "releases:\n  - id: a\n    titel: mistyped\n    due: 2030-01-01 09:30\n"


class Lifecycle(support.E2E):
    def setUp(self):
        super().setUp()
        self.site = peers.Nginx(self.world)
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)

    def start(self, **polling):
        config = support.settings(webhooks=[{"url": self.hook.url + "/hook"}], **polling)
        daemon = self.daemon([support.release("a", [(self.site.url + "/a", "page")])], config)
        daemon.start()
        wait_until(is_state(daemon, "a/page", "absent"), 10, "the page to be seen absent")
        return daemon

    def test_restart_continues_the_open_incident_and_states_the_gap(self):
        daemon = self.start()
        up = self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: daemon.incident("a")["state"] == "open", 10, "the incident")
        before = daemon.incident("a")
        daemon.child.kill9()
        killed = time.time()
        time.sleep(2)  # the gap itself
        daemon.start()
        wait_until(is_state(daemon, "a/page", "live"), 10, "live again")
        after = daemon.incident("a")
        self.assertEqual(after["id"], before["id"])
        self.assertEqual(len(after["targets"][0]["spans"]), 1)
        self.assertEqual(after["targets"][0]["spans"][0]["went_live"], before["targets"][0]["spans"][0]["went_live"])
        self.assertLessEqual(support.unix(after["targets"][0]["spans"][0]["went_live"]["earliest"]), up.after)
        gap = [b for b in peers.get_json(daemon.url + "/api/v1/blind")["items"] if "a/page" in str(b)]
        self.assertTrue(gap, "the gap is blind time")
        times = sorted(t for b in gap for t in all_times(b))
        self.assertLess(times[0], killed + 0.1)
        self.assertGreater(times[-1], killed + 1.9)
        self.assertEqual(len(hook_alerts(self.hook, "EmbargoEarly", "firing")), 1, "not told anew")
        down = self.site.withdraw("/a.html")
        wait_until(lambda: daemon.incident("a")["state"] == "contained", 10, "contained")
        span, = daemon.incident("a")["targets"][0]["spans"]
        self.assertLessEqual(support.unix(span["went_down"]["earliest"]), down.after)
        self.assertGreaterEqual(support.unix(span["went_down"]["latest"]), down.before)

    def test_a_second_daemon_refuses_the_same_state_folder(self):
        daemon = self.start()
        second = self.daemon([support.release("a", [(self.site.url + "/a", "page")])], name="second")
        second.state = daemon.state
        second.spawn()
        wait_until(lambda: not second.child.alive(), 10, "the second daemon to end")
        self.assertEqual(second.child.process.returncode, 1, second.child.log_text())
        self.assertRegex(second.child.log_text(), "(?i)another|in use|already|lock")
        self.assertTrue(daemon.child.alive())

    def test_a_second_daemon_refuses_the_same_port(self):
        daemon = self.start()
        second = self.daemon([support.release("a", [(self.site.url + "/a", "page")])], name="second", port=daemon.port)
        second.spawn()
        wait_until(lambda: not second.child.alive(), 10, "the second daemon to end")
        self.assertEqual(second.child.process.returncode, 1, second.child.log_text())
        self.assertIn(str(daemon.port), second.child.log_text())
        self.assertTrue(daemon.child.alive())

    def test_sigterm_delivers_what_is_pending_and_ends_with_zero(self):
        daemon = self.start()
        self.hook.status = 503
        self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: (daemon.metric("embargod_outbox_pending") or 0) > 0, 10, "an undelivered alert")
        daemon.child.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "asked to stop" in daemon.child.log_text(), 10, "the daemon to begin to stop")
        self.hook.status = 200
        self.assertEqual(daemon.child.process.wait(30), 0)
        # Told while it drained, or, where the retry lay beyond the bound, after the next start: never lost.
        daemon.start()
        wait_until(lambda: hook_alerts(self.hook, "EmbargoEarly", "firing"), 20, "the alert")
        self.assertEqual(len(hook_alerts(self.hook, "EmbargoEarly", "firing")), 1)

    def test_sigterm_ends_promptly_though_a_receiver_is_gone(self):
        daemon = self.start()
        self.hook.stop()
        self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: (daemon.metric("embargod_outbox_pending") or 0) > 0, 10, "an undelivered alert")
        began = time.monotonic()
        self.assertEqual(daemon.child.stop(timeout=30), 0)
        self.assertLess(time.monotonic() - began, 25)

    def test_a_bad_reload_keeps_the_old_and_a_good_one_swaps(self):
        daemon = self.start()
        good = daemon.schedule.read_text()
        daemon.schedule.write_text(BAD_SCHEDULE)
        status, text = daemon.post("/-/reload")
        self.assertEqual(status, 500)
        self.assertIn("titel", text)
        self.assertIn("releases.yml:3", text)
        self.assertEqual(daemon.metric("embargod_config_last_reload_successful"), 0)
        self.assertEqual(self.release_ids(daemon), ["a"])
        self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: hook_alerts(self.hook, "EmbargoEarly", release="a"), 10, "the old schedule still holds")

        more = json.loads(good)
        more["releases"].append(support.release("b", [(self.site.url + "/b", "page")], days=3))
        daemon.schedule.write_text(support.as_yaml(more))
        status, text = daemon.post("/-/reload")
        self.assertEqual(status, 200, text)
        self.assertEqual(daemon.metric("embargod_config_last_reload_successful"), 1)
        wait_until(is_state(daemon, "b/page", "absent"), 10, "the new release to be watched")
        self.assertEqual(self.release_ids(daemon), ["a", "b"])

        daemon.schedule.write_text(BAD_SCHEDULE)
        os.kill(daemon.child.pid, signal.SIGHUP)
        wait_until(lambda: daemon.metric("embargod_config_last_reload_successful") == 0, 10, "the refused reload by SIGHUP")
        # Taking an open incident's release out of the schedule does not close it.
        more["releases"] = more["releases"][1:]
        daemon.schedule.write_text(support.as_yaml(more))
        os.kill(daemon.child.pid, signal.SIGHUP)
        wait_until(lambda: daemon.metric("embargod_config_last_reload_successful") == 1, 10, "the accepted reload by SIGHUP")
        wait_until(is_state(daemon, "b/page", "absent"), 10, "the rest of the schedule")
        self.assertIn(daemon.incident("a")["state"], ("suspected", "open"))
        self.assertEqual(hook_alerts(self.hook, "EmbargoEarly", "resolved"), [])

    def test_a_bad_config_does_not_start(self):
        daemon = self.daemon([support.release("a", [(self.site.url + "/a", "page")])], name="bad")
        daemon.schedule.write_text(BAD_SCHEDULE)
        daemon.spawn()
        self.assertEqual(daemon.child.process.wait(10), 2)
        self.assertRegex(daemon.child.log_text(), r"releases\.yml:3:\d+: .*titel")

    def test_an_unlisted_state_file_of_a_newer_version_is_refused(self):
        daemon = self.start()
        self.assertEqual(daemon.child.stop(), 0)
        import sqlite3
        base = sqlite3.connect(daemon.state / "embargod.db")
        base.execute("PRAGMA user_version = 9999")
        base.close()
        kept = (daemon.state / "embargod.db").read_bytes()
        daemon.spawn()
        self.assertEqual(daemon.child.process.wait(10), 1, daemon.child.log_text())
        self.assertEqual((daemon.state / "embargod.db").read_bytes(), kept)

    def test_the_state_folder_is_private(self):
        daemon = self.daemon([support.release("a", [(self.site.url + "/a", "page")])])
        shutil.rmtree(daemon.state)
        daemon.start()
        self.assertEqual(daemon.state.stat().st_mode & 0o077, 0)
        for file in daemon.state.rglob("*"):
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)

    @staticmethod
    def release_ids(daemon):
        return [i["id"] for i in peers.get_json(daemon.url + "/api/v1/releases")["items"]]


def all_times(value):
    if isinstance(value, dict):
        for v in value.values():
            yield from all_times(v)
    elif isinstance(value, list):
        for v in value:
            yield from all_times(v)
    elif isinstance(value, str) and value.endswith("Z") and value[:2] == "20":
        yield support.unix(value)


if __name__ == "__main__":
    support.main()
