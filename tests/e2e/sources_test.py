"""Calendars of every format, as files and from nginx: one instant, kept through every fault, and told where they contradict."""

import shutil
from pathlib import Path

import support
from support import FULL_PAGE, get_json, hook_alerts, peers, wait_until

PAGES = Path(__file__).parent / "calendars"
FILES = {"csv": "calendar.csv", "ics": "calendar.ics", "json": "calendar.json", "ons": "ons.json", "govuk": "govuk.json", "ees": "ees.json"}
URLS = {"yaml": "/releases.yml", "csv": "/calendar.csv", "ics": "/calendar.ics", "json": "/calendar.json",
        "ons": "/v1/search/releases?limit=1000&offset=0", "govuk": "/api/search.json?count=100", "ees": "/api/publications/widget-statistics"}
DUE = "2036-06-10T08:30:00.000Z"  # 09:30 in London
# Titles of entries that name no release of ours.
RULE = [{"title": "(?i)widget (output|statistics)", "release": "widgets-2036-04"}]
OWN = {"id": "widgets-2036-04", "title": "Output of widgets", "due": "2036-06-10 09:30"}


def sources(daemon):
    """Those that others keep."""
    return {s["source"]: s for s in get_json(daemon.url + "/api/v1/schedule/sources")["items"] if not s["own"]}


def row_of(source, release):
    return next((r for r in source["rows"] if r["release"] == release), None)


def releases(daemon):
    return {r["id"]: r for r in get_json(daemon.url + "/api/v1/releases")["items"]}


class Sources(support.E2E):
    def site_with_calendars(self):
        site = peers.Nginx(self.world)
        for path in PAGES.rglob("*"):
            if path.is_file():
                site.publish("/" + str(path.relative_to(PAGES)), path.read_text(encoding="utf-8"))
        return site

    def daemon_with(self, own, entries, hook=None):
        config = support.settings("500ms", webhooks=[{"url": hook.url + "/hook"}] if hook else [])
        config["schedules"] = [{"file": "releases.yml"}, *entries]
        return self.daemon(own, config)

    def test_every_format_from_a_file_and_from_nginx_gives_one_instant(self):
        site = self.site_with_calendars()
        entries = [{"url": site.url + path, "format": kind, "name": f"url-{kind}", "match": RULE} for kind, path in URLS.items()]
        own = {**OWN, "urls": [{"url": site.url + "/pub/widgets", "role": "page"}]}
        entries += [{"file": file, "format": kind, "name": f"file-{kind}", "match": RULE} for kind, file in FILES.items()]
        daemon = self.daemon_with([own], entries)
        for file in FILES.values():
            shutil.copy(PAGES / file, daemon.folder)
        daemon.start()
        wait_until(lambda: len(sources(daemon)) == len(entries) and all(s["last_success"] for s in sources(daemon).values()), 30,
                   "every calendar to be read")
        for name, source in sources(daemon).items():
            self.assertFalse(source["fault"], name)
            row = row_of(source, "widgets-2036-04")
            self.assertIsNotNone(row, name)
            self.assertIsNone(row["drift"], f"{name}: {row}")
            self.assertEqual(row["due"]["at"], DUE, name)
            self.assertIsNotNone(daemon.metric("embargod_schedule_last_success_timestamp_seconds", source=name), name)
        unmatched = [r for r in sources(daemon)["url-csv"]["rows"] if not r["release"]]
        self.assertEqual([r["title"] for r in unmatched], ["Gadget output: May 2036"])

    def test_a_calendar_that_moves_a_date_is_a_ticket_and_changes_nothing(self):
        site = self.site_with_calendars()
        hook = peers.Receiver().start()
        self.addCleanup(hook.stop)
        own = {**OWN, "urls": [{"url": site.url + "/pub/widgets", "role": "page"}]}
        daemon = self.daemon_with([own], [{"url": site.url + "/calendar.ics", "name": "office calendar", "interval": "10s", "match": RULE}], hook)
        daemon.start()
        wait_until(lambda: sources(daemon)["office calendar"]["last_success"], 15, "the calendar to be read")
        text = (PAGES / "calendar.ics").read_text(encoding="utf-8")
        site.publish("/calendar.ics", text.replace("20360610T093000", "20360609T093000"))
        wait_until(lambda: hook_alerts(hook, "EmbargoScheduleDrift", "firing"), 20, "the drift to be told")
        alert = hook_alerts(hook, "EmbargoScheduleDrift", "firing")[0]
        self.assertEqual(alert["labels"], {"alertname": "EmbargoScheduleDrift", "severity": "ticket", "service": "embargod",
                                           "release": "widgets-2036-04"})
        told = " ".join(alert["annotations"].values())
        self.assertIn("office calendar", told)
        self.assertIn("9 June 2036", told)
        print("\n    " + "\n    ".join(f"{k}: {v}" for k, v in sorted(alert["annotations"].items())))
        self.assertEqual(releases(daemon)["widgets-2036-04"]["due"], DUE)
        site.publish("/calendar.ics", text)
        wait_until(lambda: hook_alerts(hook, "EmbargoScheduleDrift", "resolved"), 20, "the agreement to be told")

    def test_what_a_calendar_announced_is_watched_though_the_calendar_fails_and_embargod_starts_anew(self):
        site = self.site_with_calendars()
        hook = peers.Receiver().start()
        self.addCleanup(hook.stop)
        lines = ["id,title,due,url,role"]
        lines += [f"r{k},Release {k},2036-06-1{k} 09:30,{site.url}/pub/r{k},page" for k in range(5)]
        site.publish("/feed.csv", "\n".join(lines) + "\n")
        daemon = self.daemon_with([], [{"url": site.url + "/feed.csv", "name": "feed", "interval": "10s"}], hook)
        daemon.start()
        names = {f"r{k}" for k in range(5)}
        wait_until(lambda: set(releases(daemon)) == names, 15, "the announced releases")
        site.publish("/feed.csv", lines[0] + "\n")  # no release any more
        wait_until(lambda: sources(daemon)["feed"]["fault"], 25, "the empty calendar to be noticed")
        self.assertEqual(set(releases(daemon)), names)
        self.assertIn("no entry is in it", sources(daemon)["feed"]["fault"])
        self.assertEqual(daemon.metric("embargod_schedule_interval_seconds", source="feed"), 10)
        fresh = daemon.metric("embargod_schedule_last_success_timestamp_seconds", source="feed")
        site.withdraw("/feed.csv")
        daemon.child.kill9()
        daemon.start()
        wait_until(lambda: "404" in (sources(daemon)["feed"]["fault"] or ""), 15, "the missing calendar to be noticed")
        self.assertEqual(daemon.metric("embargod_schedule_last_success_timestamp_seconds", source="feed"), fresh, "stale since then")
        self.assertEqual(set(releases(daemon)), names)
        self.assertEqual(releases(daemon)["r3"]["due"], "2036-06-13T08:30:00.000Z")
        site.publish("/pub/r3.html", FULL_PAGE)
        wait_until(lambda: hook_alerts(hook, "EmbargoEarly", "firing"), 15, "the early release to be told")
        self.assertEqual(hook_alerts(hook, "EmbargoEarly", "firing")[0]["labels"]["release"], "r3")


if __name__ == "__main__":
    support.main()
