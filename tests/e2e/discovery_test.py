"""Listings on a real nginx: a sitemap (gzip), an Atom feed, an HTML list and a JSON search show what nobody announced."""

import gzip
import json
import os

import support
from support import get_json, hook_alerts, peers, wait_until

ENTRY = "/pub/widgets-2036-04"  # of the embargoed release; nothing answers there yet
FORMER = [f"/pub/widgets-2035-{month:02}" for month in range(1, 13)]


def sitemap(site, paths):
    xml = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    xml += "".join(f"<url><loc>{site.url}{p}</loc><lastmod>2036-01-01</lastmod></url>" for p in paths) + "</urlset>"
    target = site.root / "sitemap.xml.gz"
    draft = target.with_name("sitemap.draft")
    draft.write_bytes(gzip.compress(xml.encode()))
    os.replace(draft, target)


def feed(site, paths):
    entries = "".join(f"<entry><title>Statistics at {p}</title><link href='{site.url}{p}'/><updated>2036-01-01T00:00:00Z</updated></entry>"
                      for p in paths)
    site.publish("/news.atom", f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{entries}</feed>")


def latest(site, paths):
    site.publish("/latest.html", "<ul>" + "".join(f"<li><h3><a href='{p}'>Statistics</a></h3></li>" for p in paths) + "</ul>")


def search(site, paths):
    site.publish("/search.json", json.dumps({"results": [{"link": p, "title": "Statistics"} for p in paths]}))


SHOW = {"map": sitemap, "feed": feed, "latest": latest, "search": search}


def listings(daemon):
    return {s["listing"]: s for s in get_json(daemon.url + "/api/v1/discovery")["items"]}


class Discovery(support.E2E):
    def watched_site(self):
        site = peers.Nginx(self.world)
        for show in SHOW.values():
            show(site, FORMER)
        hook = peers.Receiver().start()
        self.addCleanup(hook.stop)
        config = support.settings("500ms", webhooks=[{"url": hook.url + "/hook"}])
        common = {"interval": "10s", "release_like": ["/pub/[a-z]+-[0-9-]+$"]}
        config["discovery"] = [
            {"name": "map", "url": site.url + "/sitemap.xml.gz", "kind": "sitemap", **common},
            {"name": "feed", "url": site.url + "/news.atom", "kind": "feed", **common},
            {"name": "latest", "url": site.url + "/latest", "kind": "html", "item": "//li", "link": "h3/a/@href", "title": "h3", **common},
            {"name": "search", "url": site.url + "/search.json", "kind": "json", "item": "/results", "link": "/link", **common}]
        own = {"id": "widgets-2036-04", "title": "Output of widgets, April 2036", "due": "2036-06-10 09:30",
               "urls": [{"url": site.url + ENTRY, "role": "page"}]}
        daemon = self.daemon([own], config)
        daemon.start()
        wait_until(lambda: len(listings(daemon)) == 4 and all(s["last_success"] for s in listings(daemon).values()), 20, "four listings")
        return site, hook, daemon

    def test_an_entry_of_an_embargoed_release_in_each_kind_is_early_and_a_stranger_is_a_ticket(self):
        site, hook, daemon = self.watched_site()
        self.assertEqual(hook_alerts(hook), [], "the first reading is the baseline")
        for name, state in listings(daemon).items():
            self.assertEqual((state["known"] >= len(FORMER), state["matches"], state["fault"]), (True, 0, None), name)
        for show in SHOW.values():
            show(site, [*FORMER, ENTRY, "/pub/gadgets-2036-04"])

        def listed():
            early = daemon.incident("widgets-2036-04")
            return {t["target"] for t in early["targets"]} if early else set()
        wait_until(lambda: listed() == {f"widgets-2036-04/listing:{name}" for name in SHOW}, 30, "the entry in every listing")
        alert = hook_alerts(hook, "EmbargoEarly", "firing")[0]
        self.assertEqual(alert["labels"], {**support.EARLY_LABELS, "release": "widgets-2036-04"})
        self.assertIn("A public listing shows", alert["annotations"]["summary"])
        self.assertIn("matched by url", alert["annotations"]["description"])
        print("\n    " + "\n    ".join(f"{k}: {v}" for k, v in sorted(alert["annotations"].items())))

        odd = wait_until(lambda: hook_alerts(hook, "EmbargoUnscheduled", "firing"), 20, "the stranger to be told")[0]
        self.assertEqual(odd["labels"]["severity"], "ticket")
        self.assertEqual(odd["labels"]["site"], site.url.removeprefix("http://"))
        self.assertIn("/pub/gadgets-2036-04", odd["annotations"]["urls"])
        print("\n    " + "\n    ".join(f"{k}: {v}" for k, v in sorted(odd["annotations"].items())))

        for incident in daemon.incidents():
            for path in (f"/incidents/{incident['id']}", f"/api/v1/report?incident={incident['id']}&format=txt"):
                status, _, text = peers.request("GET", daemon.url + path)
                self.assertEqual(status, 200, path)
                self.assertIn("listing:", text, path)

        told = len(hook_alerts(hook, "EmbargoEarly"))
        daemon.child.kill9()
        daemon.start()
        wait_until(lambda: all(s["last_success"] and s["matches"] for s in listings(daemon).values()), 20, "the next run to read them")
        self.assertEqual(len(hook_alerts(hook, "EmbargoEarly")), told, "told once")
        self.assertEqual(daemon.incident("widgets-2036-04")["state"], "open")
        self.assertEqual(daemon.metric("embargod_discovery_matches", listing="map"), 1)

        for show in SHOW.values():
            show(site, FORMER)
        site.withdraw("/search.json")  # a listing that fails tells nothing
        wait_until(lambda: listings(daemon)["search"]["fault"], 80, "the failing listing")
        self.assertEqual(daemon.metric("embargod_discovery_failing", listing="search"), 1)
        self.assertEqual(daemon.incident("widgets-2036-04")["state"], "open")
        search(site, FORMER)
        wait_until(lambda: daemon.incident("widgets-2036-04")["state"] == "contained", 60, "three readings without it")
        wait_until(lambda: hook_alerts(hook, "EmbargoUnscheduled", "resolved"), 20, "the stranger to be gone")


if __name__ == "__main__":
    support.main()
