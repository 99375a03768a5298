"""A site that does not answer properly makes us blind. It never means "early", and never "taken down"."""

import time

import support
from support import FaultSite, hook_alerts, is_state, peers, series, wait_until

FAULTS = (500, 502, 503, 401, 403, 429, "hang", "reset", "short", "loop", "refuse", "garbage", "drip")
BLIND_AFTER = 3.0


class SiteFaults(support.E2E):
    def test_every_fault_is_blind_and_nothing_else(self):
        sites = {fault: FaultSite(f"127.0.0.{20 + i}") for i, fault in enumerate(FAULTS)}
        for site in sites.values():
            self.addCleanup(site.close)
        hook = peers.Receiver().start()
        self.addCleanup(hook.stop)
        # Each site has a page that is dark and one that is public early, so that both wrong conclusions could be drawn.
        releases = []
        for fault, site in sites.items():
            releases.append(support.release(f"dark-{fault}", [(site.url + "/dark", "page")]))
            releases.append(support.release(f"up-{fault}", [(site.url + "/up", "page")]))
        config = support.settings("250ms", webhooks=[{"url": hook.url + "/hook"}], blind_after=f"{BLIND_AFTER:.0f}s", timeout="1s")
        daemon = self.daemon(releases, config).start()
        wait_until(lambda: len(hook_alerts(hook, "EmbargoEarly", "firing")) == len(FAULTS), 15, "every early page to be told")

        began = time.monotonic()
        for fault, site in sites.items():
            site.set(fault)
        for fault, site in sites.items():
            wait_until(lambda site=site: hook_alerts(hook, "EmbargoBlind", "firing", site=site.name), 20, f"blind: {fault}")
        self.assertGreaterEqual(time.monotonic() - began, BLIND_AFTER * 0.9, "blind was told before blind_after")
        time.sleep(4)  # long enough for three absences and a second alert, if anything took faults for that

        metrics = daemon.metrics()
        for fault, site in sites.items():
            with self.subTest(fault=fault):
                for kind in ("dark", "up"):
                    self.assertEqual(metrics[support.state_series(f"{kind}-{fault}/page", "unknown")], 1)
                    self.assertGreater(metrics[series("embargod_blind_seconds_total", release=f"{kind}-{fault}")], BLIND_AFTER)
                told = hook_alerts(hook, "EmbargoBlind", site=site.name)
                self.assertEqual([b["status"] for b in told], ["firing"], "one blind alert for the site")
                self.assertEqual(told[0]["labels"], {"alertname": "EmbargoBlind", "severity": "ticket", "service": "embargod",
                                                     "site": site.name})
                incident = daemon.incident(f"up-{fault}")
                self.assertIn(incident["state"], ("suspected", "open"))
                self.assertIsNone(incident["targets"][0]["spans"][0]["went_down"])
                self.assertIsNone(daemon.incident(f"dark-{fault}"))
        self.assertEqual(hook_alerts(hook, status="resolved"), [])
        self.assertEqual({b["alert"] for b in hook_alerts(hook)}, {"EmbargoEarly", "EmbargoBlind"})

        for site in sites.values():
            site.set("fine")
        for fault, site in sites.items():
            wait_until(lambda site=site: hook_alerts(hook, "EmbargoBlind", "resolved", site=site.name), 15, f"sight again: {fault}")
            wait_until(is_state(daemon, f"up-{fault}/page", "live"), 5, "live again")
        blind = peers.get_json(daemon.url + "/api/v1/blind")["items"]
        for fault in FAULTS:
            with self.subTest(fault=fault):
                self.assertEqual(len(daemon.incident(f"up-{fault}")["targets"][0]["spans"]), 1, "the exposure went on")
                self.assertTrue([b for b in blind if f"dark-{fault}" in str(b)], "the blind period is in the API")
        self.assertEqual(len(hook_alerts(hook, "EmbargoEarly", "firing")), len(FAULTS), "nothing was told twice")


if __name__ == "__main__":
    support.main()
