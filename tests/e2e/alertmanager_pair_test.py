"""The shipped routing on a real pair of Alertmanagers, with Prometheus and its rules beside embargod: what dies, and who is told.

What one Alertmanager does when embargod dies, kills_test.py shows for five minutes. Here the second way is there too: Prometheus, whose
alerts end when the series that they stand on are gone. EMBARGOD_FULL=1 waits the whole five minutes with the intervals as shipped."""

import re
import shutil
import time

import support
from support import EARLY_LABELS, FULL_PAGE, is_state, peers, unix, wait_until

EARLY = ("EmbargoEarly", "EmbargoEarlyIncidentOpen", "EmbargoEarlySeenByPrometheus")
# In the short run groups are looked at every two seconds, so that a false all-clear could hide for no longer.
HORIZON = 300 if support.FULL else 20
DEPLOY = support.ROOT / "deploy"


class Pair(support.E2E):
    def setUp(self):
        super().setUp()
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        routing = peers.alertmanager_config(self.hook.url)
        if not support.FULL:
            routing = routing.replace("group_interval: 1m", "group_interval: 2s")
        first = peers.Alertmanager(self.world, routing, "alertmanager-1", cluster=[])
        self.pair = [first, peers.Alertmanager(self.world, routing, "alertmanager-2", cluster=[first])]
        wait_until(lambda: all(a.cluster_size() == 2 for a in self.pair), 20, "the two to find each other")
        self.site = peers.Nginx(self.world)
        releases = [support.release(n, [(f"{self.site.url}/{n}", "page")]) for n in ("a", "b")]
        self.watched = self.daemon(releases, support.settings(alertmanagers=[a.url for a in self.pair])).start()
        self.prometheus = self.start_prometheus()
        for target in ("a/page", "b/page"):
            wait_until(is_state(self.watched, target, "absent"), 10, "the page to be seen absent")
        wait_until(lambda: self.prometheus.query('up{job="embargod"} == 1'), 20, "a good scrape")

    def start_prometheus(self):
        rules = self.world.path("prometheus", "embargod.rules.yml")
        shutil.copy(DEPLOY / "prometheus" / "embargod.rules.yml", rules)
        text = rules.read_text().replace("interval: 15s", "interval: 1s")
        down = text.index("alert: EmbargodDown")
        rules.write_text(text[:down] + text[down:].replace("for: 1m", "for: 3s", 1))
        config = (DEPLOY / "prometheus" / "prometheus.yml").read_text().replace("15s", "1s").replace("5s", "1s")
        both = ", ".join(f'"127.0.0.1:{a.port}"' for a in self.pair)
        config = config.replace("127.0.0.1:9750", f"127.0.0.1:{self.watched.port}").replace('"127.0.0.1:9093"', both)
        return peers.Prometheus(self.world, config)

    def told(self, status, release=None, names=EARLY):
        """What Alertmanager's receivers were told: (alert, release) of each notification, oldest first."""
        return [(alert["labels"]["alertname"], alert["labels"].get("release")) for delivery in list(self.hook.deliveries)
                for alert in delivery.json()["alerts"]
                if alert["status"] == status and alert["labels"]["alertname"] in names and release in (None, alert["labels"].get("release"))]

    def publish(self, name):
        up = self.site.publish(f"/{name}.html", FULL_PAGE)
        wait_until(lambda: set(self.told("firing", name)) == {(alert, name) for alert in EARLY}, 30, f"{name} told by both ways")
        took = [d.at - up.before for d in self.hook.to("/alertmanager/page") if f'"release":"{name}"' in d.text]
        print(f"\n    {name}: the first page {min(took):.1f} s after it went live, both ways after {max(took):.1f} s")

    def ends(self):
        """endsAt of embargod's own alert at each of the two."""
        return [unix(a.alerts("EmbargoEarly")[0]["endsAt"]) for a in self.pair]

    def test_a_daemon_that_is_killed_is_no_all_clear_by_either_way_and_a_restart_goes_on(self):
        self.publish("a")
        for alertmanager in self.pair:
            wait_until(lambda a=alertmanager: a.alerts("EmbargoEarly"), 10, "each of the two to hold the alert")
        began = {a["startsAt"] for p in self.pair for a in p.alerts("EmbargoEarly")}
        self.watched.child.kill9()
        killed = time.time()
        before = self.ends()
        self.assertTrue(all(end - killed > 23 * 3600 for end in before), before)
        # The way that a false all-clear would take is open: that it is down comes through it.
        wait_until(lambda: self.told("firing", names=("EmbargodDown",)), 60, "EmbargodDown")
        time.sleep(max(0.0, killed + HORIZON - time.time()))
        self.assertEqual(self.told("resolved"), [])
        for alertmanager in self.pair:
            for name in EARLY:
                self.assertEqual([a["labels"]["release"] for a in alertmanager.alerts(name)], ["a"], name)
        if support.FULL:
            self.assertEqual([a.alerts("EmbargodWatchdog") for a in self.pair], [[], []], "the watchdog should have lapsed")

        self.watched.spawn().await_ready()
        wait_until(lambda: min(self.ends()) > max(before) + 1, 90, "both to be told anew that it goes on")
        wait_until(lambda: self.told("resolved", names=("EmbargodDown",)), 90, "embargod to be up again for Prometheus")
        self.assertEqual(self.told("resolved"), [])
        self.assertEqual({a["startsAt"] for p in self.pair for a in p.alerts("EmbargoEarly")}, began, "the same alert, not another")
        self.assertEqual([a["labels"] for a in self.pair[0].alerts("EmbargoEarly")], [{**EARLY_LABELS, "release": "a"}])
        self.assertEqual(sorted(self.told("firing")), sorted((name, "a") for name in EARLY), "the two agreed: each was told once")

    def test_either_peer_can_be_killed_and_the_other_tells(self):
        for release, victim in (("a", self.pair[0]), ("b", self.pair[1])):
            with self.subTest(killed=re.sub(r".*/", "", str(victim.config.parent))):
                victim.child.kill9()
                self.publish(release)
                self.assertGreater(self.watched.metric("embargod_outbox_pending"), 0, "it is still to be told to the one that is gone")
                victim.start()
                wait_until(lambda v=victim, r=release: any(a["labels"]["release"] == r for a in v.alerts("EmbargoEarly")), 60,
                           "the one that came back to be told too")
                wait_until(lambda: all(a.cluster_size() == 2 for a in self.pair), 60, "the two to find each other again")
        self.assertEqual(self.told("resolved"), [])


if __name__ == "__main__":
    support.main()
