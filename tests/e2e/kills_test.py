"""kill -9 at any moment: nothing that was told or recorded is lost, and no silence looks like an all-clear.

The first world is killed at once and watched for five minutes while the other tests run: the wait costs no time of its own.
"""

import collections
import os
import random
import threading
import time

import support
from support import EARLY_LABELS, FULL_PAGE, hook_alerts, is_state, peers, unix, wait_until

HORIZON = 300.0  # seconds after the kill in which no "resolved" may go out
ROUNDS = 500 if support.FULL else 100
SEED = int(os.environ.get("EMBARGOD_SEED", time.time_ns() % 1_000_000))

# Quick to notify, so that a false all-clear could not hide in a group interval.
QUICK_ALERTMANAGER = """\
route: {{receiver: hook, group_by: [alertname, release], group_wait: 0s, group_interval: 2s, repeat_interval: 12h}}
receivers: [{{name: hook, webhook_configs: [{{url: "{url}/am", send_resolved: true}}]}}]
"""


def notified(receiver, status, alertname):
    return [d for d in receiver.to("/am") for a in d.json()["alerts"] if (a["status"], a["labels"]["alertname"]) == (status, alertname)]


def extent(incident):
    """How much of a story an incident tells: spans, then ends."""
    spans = [span for target in incident["targets"] for span in target["spans"]]
    return len(spans), sum(span["went_down"] is not None for span in spans)


class KilledWhileFiring:
    """A daemon that died while an early alert was firing, its Alertmanager alive."""

    def __init__(self):
        self.world = support.World("embargod-e2e-")
        self.hook = peers.Receiver().start()
        self.world.on_close(self.hook.stop)
        site = peers.Nginx(self.world)
        self.alertmanager = peers.Alertmanager(self.world, QUICK_ALERTMANAGER.format(url=self.hook.url))
        config = support.settings(alertmanagers=[self.alertmanager.url])
        releases = {"releases": [support.release("a", [(site.url + "/a", "page")])]}
        daemon = peers.Embargod(self.world, support.as_yaml(config), support.as_yaml(releases)).start()
        site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: notified(self.hook, "firing", "EmbargoEarly"), 15, "Alertmanager to page")
        wait_until(lambda: notified(self.hook, "firing", "EmbargodWatchdog"), 15, "the watchdog at Alertmanager")
        daemon.child.kill9()
        self.killed = time.monotonic()
        self.ahead = unix(self.alertmanager.alerts("EmbargoEarly")[0]["endsAt"]) - time.time()


def setUpModule():
    global victim
    print(f"seed {SEED} (EMBARGOD_SEED repeats a run)")
    victim = KilledWhileFiring()


def tearDownModule():
    victim.world.close()


class Test1AlertmanagerDown(support.E2E):
    def test_down_for_a_minute_then_told_once(self):
        site = peers.Nginx(self.world)
        hook = peers.Receiver().start()
        self.addCleanup(hook.stop)
        alertmanager = peers.Alertmanager(self.world, QUICK_ALERTMANAGER.format(url=hook.url))
        config = support.settings(alertmanagers=[alertmanager.url], webhooks=[{"url": hook.url + "/hook"}])
        daemon = self.daemon([support.release("a", [(site.url + "/a", "page")])], config).start()
        wait_until(is_state(daemon, "a/page", "absent"), 10, "the page to be seen absent")
        alertmanager.child.kill9()
        up = site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: hook_alerts(hook, "EmbargoEarly", "firing"), 10, "the webhook, which is not held up")
        self.assertLess(time.time() - up.before, 5)
        # The minute that Alertmanager is away; a shorter one would not reach the longer waits between tries.
        time.sleep(60)
        alertmanager.start()
        back = time.monotonic()
        wait_until(lambda: notified(hook, "firing", "EmbargoEarly"), 90, "Alertmanager told after it came back")
        print(f"\n    told {time.monotonic() - back:.1f} s after it came back")
        self.assertEqual([a["labels"] for a in alertmanager.alerts("EmbargoEarly")], [{**EARLY_LABELS, "release": "a"}])
        wait_until(lambda: daemon.metric("embargod_outbox_pending") == 0, 30, "nothing left to tell")
        time.sleep(5)  # two group intervals: a second notification would come now
        self.assertEqual(len(notified(hook, "firing", "EmbargoEarly")), 1)
        self.assertEqual(len(hook_alerts(hook, "EmbargoEarly", "firing")), 1)


class Oracle:
    """What was promised: incidents that somebody outside has seen, and the instants at which pages were really switched."""

    def __init__(self, names):
        self.seen = {}                                     # incident id -> its newest JSON
        self.ups = {n: [] for n in names}
        self.downs = {n: [] for n in names}

    def learn(self, incidents):
        for incident in incidents:
            self.seen[incident["id"]] = incident

    def faults(self, incidents):
        """What is missing or changed in `incidents`, as the daemon tells them now, against all that was seen before."""
        now = {i["id"]: i for i in incidents}
        out = []
        for key, old in self.seen.items():
            if key not in now:
                out.append(f"incident {key} of {old['release']} is gone")
                continue
            for target, was in zip(now[key]["targets"], old["targets"]):
                if len(target["spans"]) < len(was["spans"]):
                    out.append(f"incident {key}: a span is gone")
                for span, span_was in zip(target["spans"], was["spans"]):
                    if span["went_live"] != span_was["went_live"]:
                        out.append(f"incident {key}: went_live was {span_was['went_live']} and is {span['went_live']}")
                    if span_was["went_down"] and span["went_down"] != span_was["went_down"]:
                        out.append(f"incident {key}: went_down was {span_was['went_down']} and is {span['went_down']}")
        return out

    def untrue(self, incidents):
        """Bounds in which no real switch lies."""
        out = []
        for incident in incidents:
            for target in incident["targets"]:
                name = incident["release"]
                for span in target["spans"]:
                    for what, bounds, switches in (("went live", span["went_live"], self.ups[name]),
                                                   ("went down", span["went_down"], self.downs[name])):
                        if bounds is None:
                            continue
                        low = unix(bounds["earliest"]) if bounds["earliest"] else 0
                        if not any(low <= s.after and s.before <= unix(bounds["latest"]) for s in switches):
                            out.append(f"{name} {what} between {bounds['earliest']} and {bounds['latest']}: no switch then")
        return out


class Test2KillLoop(support.E2E):
    # Enough of them: the first sight of a page is told, the comings and goings of one that flaps are hardly ever.
    NAMES = tuple(f"r{k}" for k in range(40 if support.FULL else 20))

    def test_nothing_committed_is_lost_and_little_is_told_twice(self):
        chance = random.Random(SEED)
        site = peers.Nginx(self.world)
        hook = peers.Receiver().start()
        self.addCleanup(hook.stop)
        config = support.settings("100ms", webhooks=[{"url": hook.url + "/hook"}])
        daemon = self.daemon([support.release(n, [(f"{site.url}/{n}", "page")]) for n in self.NAMES], config)
        oracle, is_up = Oracle(self.NAMES), dict.fromkeys(self.NAMES, False)
        began = time.monotonic()
        armed, provoked = threading.Event(), []

        def kill_between_sending_and_marking(delivery):
            """The receiver has accepted, and the daemon dies before it hears so: the one case in which telling twice is right."""
            if armed.is_set() and delivery.json()["alert"] == "EmbargoEarly":
                armed.clear()
                provoked.append(delivery.json()["key"])
                daemon.child.process.kill()
                daemon.child.process.wait()

        hook.on_delivery = kill_between_sending_and_marking

        def flip(name):
            if is_up[name]:
                oracle.downs[name].append(site.withdraw(f"/{name}.html"))
            else:
                oracle.ups[name].append(site.publish(f"/{name}.html", FULL_PAGE))
            is_up[name] = not is_up[name]

        kills = 0
        daemon.start()
        for turn in range(ROUNDS):
            if chance.random() < 0.4:
                armed.set()
            for _ in range(chance.randint(1, 3)):
                time.sleep(chance.uniform(0, 0.35))
                flip(chance.choice(self.NAMES))
            time.sleep(chance.uniform(0, 0.45))
            # What the API shows is committed; so is what the webhook was told (unless it says that it is not).
            try:
                oracle.learn(daemon.incidents())
            except OSError:
                wait_until(lambda: not daemon.child.alive(), 5, "the end of a daemon that does not answer")
            if chance.random() < 0.5:
                time.sleep(chance.uniform(0, 0.05))
            armed.clear()
            daemon.child.kill9()
            kills += 1
            for body in hook_alerts(hook):
                self.assertNotIn("durable", body["annotations"])
                told, known = body["incident"], oracle.seen.get(body["incident"]["id"])
                if known is None or extent(told) > extent(known):  # the record must be at least what people were told
                    oracle.seen[told["id"]] = told
            daemon.spawn()
            if chance.random() < 0.2:  # killed again while it starts
                time.sleep(chance.uniform(0, 0.15))
                daemon.child.kill9()
                kills += 1
                daemon.spawn()
            daemon.await_ready()
            self.assertEqual(oracle.faults(daemon.incidents()), [], f"round {turn}")

        for name in self.NAMES:
            if is_up[name]:
                flip(name)
        wait_until(lambda: all(i["state"] in ("contained", "closed") for i in daemon.incidents() if i["kind"] == "early"), 20,
                   "all incidents to be contained")
        incidents = [i for i in daemon.incidents() if i["kind"] == "early"]

        def untold():
            told = hook_alerts(hook, "EmbargoEarly")
            last = {b["incident"]["id"]: b["status"] for b in told}
            return [i["release"] for i in incidents if last.get(i["id"]) != "resolved"]

        wait_until(lambda: not untold(), 20, "every end to be told")
        self.assertEqual(oracle.faults(daemon.incidents()), [])
        self.assertEqual(oracle.untrue(incidents), [])
        self.assertEqual(len({i["release"] for i in incidents}), len(incidents), "one unclosed incident a release")

        told = hook_alerts(hook, "EmbargoEarly")
        copies = collections.Counter(b["key"] for b in told)
        repeated = sum(copies.values()) - len(copies)
        spans = sum(len(t["spans"]) for i in incidents for t in i["targets"])
        print(f"\n    {ROUNDS} rounds in {time.monotonic() - began:.0f} s: {sum(map(len, oracle.ups.values()))} times up, {spans} spans on "
              f"record, {len(copies)} messages told, {repeated} repeats, {len(provoked)} of the kills between sending and marking")
        self.assertGreater(spans, ROUNDS / 4, "the loop did hardly anything")
        self.assertGreater(len(provoked), ROUNDS / 40, "hardly ever killed between sending and marking")
        for key in provoked:
            self.assertGreaterEqual(copies[key], 2, "accepted, but not known to be: it must be told again")
        self.assertLessEqual(repeated, kills, "at most one repeat a crash")
        self.assertLessEqual(max(copies.values()), 1 + 3, "no message is told over and over")
        for incident in incidents:
            mine = [b for b in told if b["incident"]["id"] == incident["id"]]
            self.assertEqual(mine[0]["status"], "firing")
            self.assertEqual(mine[-1]["status"], "resolved", incident["release"])


class Test3KilledWhileFiring(support.E2E):
    """Last: by now most of the five minutes have gone by."""

    def test_no_all_clear_within_five_minutes(self):
        time.sleep(max(0.0, victim.killed + HORIZON - time.monotonic()))
        self.assertGreater(victim.ahead, 23 * 3600, "endsAt of the early alert")
        self.assertEqual(notified(victim.hook, "resolved", "EmbargoEarly"), [])
        self.assertEqual([a["labels"] for a in victim.alertmanager.alerts("EmbargoEarly")], [{**EARLY_LABELS, "release": "a"}])
        # The way that a false all-clear would have taken is open: the watchdog's lapse came through it.
        self.assertTrue(notified(victim.hook, "resolved", "EmbargodWatchdog"), "the watchdog should have lapsed")


if __name__ == "__main__":
    support.main()
