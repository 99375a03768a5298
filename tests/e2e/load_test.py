"""1,000 targets at 30 s against nginx: what it costs. Figures are printed; only gross faults fail.

EMBARGOD_TARGETS, EMBARGOD_LOAD_SECONDS change the size."""

import os
import time

import support
from support import FULL_PAGE, hook_alerts, peers, wait_until

TARGETS = int(os.environ.get("EMBARGOD_TARGETS", "1000"))
SECONDS = int(os.environ.get("EMBARGOD_LOAD_SECONDS", "90"))
STUB = "<!doctype html><title>Soon</title><p>(Upcoming, not yet published)</p>" + "<p>words</p>" * 2700  # about 30 KB


def usage(pid):
    """CPU seconds and resident bytes of a process."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return (int(fields[11]) + int(fields[12])) / ticks, int(fields[21]) * os.sysconf("SC_PAGE_SIZE")


class Load(support.E2E):
    def test_a_thousand_targets_at_thirty_seconds(self):
        site = peers.Nginx(self.world)
        hook = peers.Receiver().start()
        self.addCleanup(hook.stop)
        releases = []
        for n in range(TARGETS):
            site.publish(f"/p{n}.html", STUB)
            entry = support.release(f"r{n}", [(f"{site.url}/p{n}", "page")], days=2 + n % 300)
            entry["urls"][0]["profile"] = "nhs-digital"
            releases.append(entry)
        config = support.settings("30s", webhooks=[{"url": hook.url + "/hook"}], incident_interval="2s",
                                  per_host={"rate": 100, "burst": 200, "connections": 8})
        daemon = self.daemon(releases, config)
        began = time.monotonic()
        daemon.start(timeout=60)
        first_round = time.monotonic() - began
        settle = time.monotonic() + 5
        wait_until(lambda: time.monotonic() > settle, 10, "the start to settle")

        def done():
            return sum(v for k, v in daemon.metrics().items() if k.startswith("embargod_probes_total"))

        cpu, _ = usage(daemon.child.pid)
        probes, at = done(), time.monotonic()
        flipped = None
        while time.monotonic() - at < SECONDS:
            time.sleep(1)  # the measurement itself
            if flipped is None and time.monotonic() - at > SECONDS / 3:
                flipped = site.publish("/p7.html", FULL_PAGE.replace("<h2>Key facts", "<h2>Resources</h2><h2>Key facts"))
        cpu_after, resident = usage(daemon.child.pid)
        took, probed = time.monotonic() - at, done() - probes
        told = wait_until(lambda: hook_alerts(hook, "EmbargoEarly", "firing"), 40, "the early page among the thousand")
        delay = next(d.at for d in hook.to("/hook") if d.json()["alert"] == "EmbargoEarly") - flipped.before
        share = (cpu_after - cpu) / took
        print(f"\n    {TARGETS} targets at 30 s for {took:.0f} s: {100 * share:.2f} % of a core, {resident / 2**20:.1f} MiB resident, "
              f"{probed / took:.1f} probes/s, {1e6 * (cpu_after - cpu) / probed:.0f} us CPU a probe, first round {first_round:.1f} s, "
              f"scheduler lag {daemon.metric('embargod_scheduler_lag_seconds'):.3f} s; early page told after {delay:.1f} s")
        self.assertEqual(len(told), 1)
        self.assertGreater(probed / took, 0.9 * TARGETS / 30)
        self.assertLess(share, 0.25)
        self.assertLess(resident, 256 * 2**20)
        self.assertLess(delay, 30 + 5)


if __name__ == "__main__":
    support.main()
