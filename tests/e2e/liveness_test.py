"""The real web, in small: sites that answer 200 for everything, maintenance pages, bot walls, editions that flip in place,
parts that are missing, wrong or gone after the release. The daemon over real sockets; people over embargoctl."""

import time
from datetime import datetime, timedelta, timezone

import support
from support import PageSite, hook_alerts, is_state, peers, wait_until


def page(title, text):
    return f"<!doctype html><html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"


def now_release(name, urls, seconds):
    """A release that is due so many seconds from now."""
    r = support.release(name, urls)
    due = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    r["due"] = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    return r


class Liveness(support.E2E):
    def setUp(self):
        super().setUp()
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)

    def settings(self, **polling):
        return support.settings("100ms", webhooks=[{"url": self.hook.url + "/hook"}], **polling)

    def early(self, release):
        return hook_alerts(self.hook, "EmbargoEarly", "firing", release=release)

    def wait_early(self, release):
        return wait_until(lambda: self.early(release), 15, f"{release} to be told as early")[0]

    def is_cause(self, daemon, target, cause):
        """As the API has it, which lags behind the metrics by up to ten seconds."""
        def holds():
            items = peers.get_json(daemon.url + "/api/v1/targets")["items"]
            return [i for i in items if i["target"] == target and i["cause"] == cause]
        return holds

    def test_a_site_that_answers_everything_with_its_home_page(self):
        site = PageSite(self.world, "127.0.0.30")
        site.fallback = (200, page("Page not found", "We could not find it. Try the search."), {})
        daemon = self.daemon([support.release("soft", [(site.url + "/pub/soft", "page")])], self.settings()).start()
        wait_until(is_state(daemon, "soft/page", "absent"), 15, "the soft 404 to be seen as absent")
        site.set("/pub/soft", page("Therapies, January 2018", "A table of all areas."))
        alert = self.wait_early("soft")
        self.assertEqual(alert["incident"]["targets"][0]["url"], site.url + "/pub/soft")

    def test_maintenance_and_bot_walls_are_blind_and_never_early(self):
        site = PageSite(self.world, "127.0.0.31")
        daemon = self.daemon([support.release("away", [(site.url + "/pub/away", "page")])],
                             self.settings(blind_after="1s")).start()
        wait_until(is_state(daemon, "away/page", "absent"), 15, "absent")
        calm = dict(site.pages), site.fallback
        faces = {
            "maintenance": ("maintenance", 200, page("Back soon", "This service is down for maintenance."), {"Retry-After": "1"}),
            "a portal": ("maintenance", 200, page("Welcome to the network", "Accept the terms to go on."), {}),
            "a bot wall": ("challenge", 200, page("Just a moment...", "Checking your browser."), {"cf-mitigated": "challenge"}),
            "a refusal": ("refused", 403, page("Forbidden", "No."), {}),
        }
        for face, (cause, *answer) in faces.items():
            with self.subTest(face=face):
                counter = support.series("embargod_target_blind_seconds_total", release="away", target="away/page", cause=cause)
                before = daemon.metrics().get(counter, 0)
                site.fallback = tuple(answer)
                wait_until(is_state(daemon, "away/page", "unknown"), 15, f"unknown: {face}")
                wait_until(lambda c=counter, b=before: daemon.metrics().get(c, 0) > b, 15, f"blind time of {face} to be counted")
                wait_until(lambda: hook_alerts(self.hook, "EmbargoBlind", "firing"), 15, "blind to be told")
                self.assertEqual(self.early("away"), [])
                site.pages, site.fallback = dict(calm[0]), calm[1]
                wait_until(is_state(daemon, "away/page", "absent"), 15, "sight again")
        self.assertEqual({b["alert"] for b in hook_alerts(self.hook)}, {"EmbargoBlind"})

    def test_an_edition_that_flips_in_place(self):
        site = PageSite(self.world, "127.0.0.32")
        site.set("/latest", page("Widgets, April 2026", "1,234"))
        marked = {"url": site.url + "/latest", "role": "latest", "profile": "editions", "edition": "May 2026", "name": "marked"}
        plain = {"url": site.url + "/series", "role": "latest", "name": "plain"}
        site.set("/series", page("Series ABCD", "100.1, 100.2"))
        r = support.release("widgets", [])
        r["urls"] = [marked, plain]
        config = self.settings()
        config["profiles"] = {"editions": {"edition": [{"xpath": "//h1"}]}}
        daemon = self.daemon([r], config).start()
        wait_until(is_state(daemon, "widgets/marked", "previous_edition"), 15, "the former edition")
        wait_until(is_state(daemon, "widgets/plain", "unknown"), 15, "no baseline yet")
        wait_until(self.is_cause(daemon, "widgets/plain", "no_baseline"), 15, "the API to say why")

        code, shown, faults = peers.ctl(f"--url={daemon.url}", "baseline", "show", "widgets/plain")
        self.assertEqual(code, 0, faults)
        fingerprint = next(word for word in shown.split() if word.startswith("page:"))
        approve = [f"--url={daemon.url}", "baseline", "approve", "widgets/plain", "--by=officer"]
        code, _, faults = peers.ctl(*approve, "--fingerprint=page:0")
        self.assertNotEqual(code, 0, "what was not shown cannot be approved")
        self.assertIn("another", faults)
        code, _, faults = peers.ctl(*approve, f"--fingerprint={fingerprint}")
        self.assertEqual(code, 0, faults)
        wait_until(is_state(daemon, "widgets/plain", "previous_edition"), 15, "the approved baseline")

        site.set("/latest", page("Widgets, April 2026", "1,234 (corrected)"))
        site.set("/series", page("Series ABCD", "100.1, 100.2, 100.9"))
        wait_until(lambda: hook_alerts(self.hook, "EmbargoSuspect", "firing"), 15, "the change to be told as suspect")
        self.assertEqual(self.early("widgets"), [], "a correction of the former edition is no early release")
        site.set("/latest", page("Widgets, May 2026", "1,299"))
        alert = self.wait_early("widgets")
        self.assertEqual([t["target"] for t in alert["incident"]["targets"]], ["widgets/marked"])

    def test_what_can_go_wrong_at_the_release_itself(self):
        site = PageSite(self.world, "127.0.0.33")
        urls = [{"url": site.url + "/pub/x", "role": "page"},
                {"url": site.url + "/files/x.csv", "role": "file", "name": "tables", "expect": [{"text": "area,count"}]}]
        r = now_release("day", [], 4)
        r["urls"] = urls
        daemon = self.daemon([r], self.settings(grace="1s")).start()
        wait_until(is_state(daemon, "day/page", "absent"), 4, "absent before due")
        time.sleep(max(0.0, support.unix(r["due"]) - time.time()))  # the story's own time: the due instant
        site.set("/pub/x", page("Therapies", "The right report."))
        incomplete = wait_until(lambda: hook_alerts(self.hook, "EmbargoIncomplete", "firing"), 15, "the missing file")[0]
        self.assertEqual([t["target"] for t in incomplete["incident"]["targets"]], ["day/tables"])
        site.set("/files/x.csv", "region,deaths\nA,1\nB,2\n", Content_Type="text/csv")
        wrong = wait_until(lambda: hook_alerts(self.hook, "EmbargoWrongContent", "firing"), 15, "the wrong file")[0]
        self.assertEqual(wrong["labels"]["release"], "day")
        site.set("/files/x.csv", "area,count\nA,1234\nB,2345\n", Content_Type="text/csv")
        for alert in ("EmbargoWrongContent", "EmbargoIncomplete"):
            wait_until(lambda a=alert: hook_alerts(self.hook, a, "resolved"), 15, f"{alert} to be resolved")
        site.drop("/pub/x")
        gap = wait_until(lambda: hook_alerts(self.hook, "EmbargoGap", "firing"), 15, "the gap")[0]
        self.assertIsNotNone(gap["incident"]["targets"][0]["spans"][0]["went_down"])
        site.set("/pub/x", page("Therapies", "The right report."))
        wait_until(lambda: hook_alerts(self.hook, "EmbargoGap", "resolved"), 15, "the gap to be over")
        self.assertEqual(self.early("day"), [])
        told = [b["alert"] for b in hook_alerts(self.hook, status="firing")]
        self.assertEqual(len(told), len(set(told)), told)


if __name__ == "__main__":
    support.main()
