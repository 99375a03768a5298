"""Every kind of alert as a mail over a real SMTP server: what a person reads at night, and what a hostile title makes of it."""

import re
import time

import support
from liveness_test import now_release, page
from support import FULL_PAGE, FaultSite, MailSink, PageSite, is_state, peers, wait_until

DUTY = "duty@example.org"
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "X-Embargod-Key", "X-Priority", "Importance", "Auto-Submitted", "MIME-Version",
           "Content-Type", "In-Reply-To", "References", "X-Auto-Response-Suppress"}
SHELL = "<!doctype html><title>App</title><div id=root></div><script src=/app.js></script>"
KINDS = {"EmbargoEarly": "EARLY", "EmbargoSuspect": "SUSPECT", "EmbargoLate": "LATE", "EmbargoIncomplete": "INCOMPLETE",
         "EmbargoWrongContent": "WRONG CONTENT", "EmbargoGap": "GAP", "EmbargoUnscheduled": "UNSCHEDULED", "EmbargoBlind": "BLIND",
         "EmbargoBlindNearDue": "BLIND NEAR DUE", "EmbargoScheduleDrift": "SCHEDULE DRIFT"}


def sitemap(*urls):
    return "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>" + "".join(f"<url><loc>{u}</loc></url>" for u in urls) + "</urlset>"


class Kinds(support.E2E):
    def setUp(self):
        super().setUp()
        self.mail = MailSink(self.world)

    def settings(self, **polling):
        config = support.settings("100ms", emails=[{"to": [DUTY], "from": "embargod@example.org", "smtp": self.mail.url}], **polling)
        config["web"] = {"external_url": "https://embargo.example.org"}
        config["alerts"].update(canary={"interval": "0s"}, digest={"after": 0})  # each kind by itself
        return config

    def mails(self, alert):
        """Those of one alert, in order: the runbook's anchor tells them apart."""
        anchor = re.compile(rf"/runbook#{alert.lower()}\s")
        return [m for _, _, _, m in list(self.mail.messages) if anchor.search(m.get_body(("plain",)).get_content() + "\n")]

    def await_mail(self, alert, number=1):
        wait_until(lambda: len(self.mails(alert)) >= number, 25, f"mail {number} of {alert}")
        return self.mails(alert)[number - 1]

    def test_each_kind_says_what_is_wrong_what_to_do_and_that_it_is_over(self):
        site, listed = PageSite(self.world, "127.0.0.40"), PageSite(self.world, "127.0.0.41")
        dead = FaultSite("127.0.0.42", live=())
        self.addCleanup(dead.close)
        listed.set("/sitemap.xml", sitemap(listed.url + "/pub/known-2035-01"), Content_Type="application/xml")
        day = now_release("day", [], 6)
        day["urls"] = [{"url": site.url + "/pub/day", "role": "page"},
                       {"url": site.url + "/files/day.csv", "role": "file", "name": "tables", "expect": [{"text": "area,count"}]}]
        soon = now_release("soon", [(dead.url + "/pub/soon", "page")], 1800)
        releases = [support.release("early", [(site.url + "/pub/early", "page")], title="Consumer prices, March 2030"),
                    support.release("shell", [(site.url + "/pub/shell", "page")]), day,
                    now_release("late", [(site.url + "/pub/late", "page")], 6), soon,
                    support.release("moved", [(site.url + "/pub/moved", "page")], days=9)]
        config = self.settings(grace="1s", blind_after="1s")
        config["schedules"].append({"file": "calendar.csv", "name": "office-calendar", "interval": "10s"})
        config["discovery"] = [{"name": "map", "url": listed.url + "/sitemap.xml", "kind": "sitemap", "interval": "10s",
                                "release_like": ["/pub/[a-z]+-[0-9-]+$"]}]
        daemon = self.daemon(releases, config)
        calendar = daemon.folder / "calendar.csv"
        calendar.write_text(f"id,title,due\nmoved,Title of moved,{support.due_in(8).strftime('%Y-%m-%d %H:%M')}\n")
        daemon.start()
        for target in ("early/page", "shell/page", "day/page", "late/page", "soon/page", "moved/page"):
            wait_until(is_state(daemon, target, "absent"), 5, f"{target} to be seen absent")
        wait_until(lambda: any(s["known"] for s in peers.get_json(daemon.url + "/api/v1/discovery")["items"]), 15, "the first reading of the sitemap")

        site.set("/pub/early", FULL_PAGE)
        site.set("/pub/shell", SHELL)
        dead.set(503)
        listed.set("/sitemap.xml", sitemap(listed.url + "/pub/known-2035-01", listed.url + "/pub/gadgets-2036-04"), Content_Type="application/xml")
        self.await_mail("EmbargoEarly")
        time.sleep(max(0.0, support.unix(day["due"]) - time.time()))  # the story's own time: the due instant
        site.set("/pub/day", page("The day", "The right report."))
        self.await_mail("EmbargoIncomplete")
        site.set("/files/day.csv", "region,deaths\nA,1\nB,2\n", Content_Type="text/csv")
        self.await_mail("EmbargoWrongContent")
        site.set("/files/day.csv", "area,count\nA,1234\nB,2345\n", Content_Type="text/csv")
        self.await_mail("EmbargoWrongContent", 2)
        site.drop("/pub/day")
        for alert in KINDS:
            self.await_mail(alert)

        site.drop("/pub/early")
        site.drop("/pub/shell")
        site.set("/pub/day", page("The day", "The right report."))
        site.set("/pub/late", page("The late one", "Here it is."))
        dead.set("fine")
        for alert in ("EmbargoEarly", "EmbargoSuspect", "EmbargoLate", "EmbargoIncomplete", "EmbargoGap", "EmbargoBlind"):
            self.await_mail(alert, 2)
        for alert, badge in KINDS.items():
            with self.subTest(alert=alert):
                self.check(alert, badge)

    def check(self, alert, badge):
        first = self.mails(alert)[0]
        text, html = (first.get_body((kind,)).get_content() for kind in ("plain", "html"))
        self.assertTrue(first["Subject"].startswith(f"[embargod] {badge}"), first["Subject"])
        self.assertLessEqual(len(first["Subject"]), 200)
        for words in ("What to do now", "https://embargo.example.org/incidents/", "embargoctl --url=https://embargo.example.org ack "):
            self.assertIn(words.lower(), text.lower())
            self.assertIn(words, html)
        for part in (text, html):
            self.assertNotIn(support.FIGURES, part)
            self.assertIn("Clock not verified", part)
        ends = self.mails(alert)[1:]
        self.assertLessEqual(len(ends), 1, [m["Subject"] for m in ends])
        for end in ends:
            self.assertEqual(end["In-Reply-To"], first["Message-ID"], "the end stands under the beginning")
            self.assertRegex(end["Subject"], r"^\[embargod\] (ENDED|OVER|DISMISSED)")

    def test_no_title_address_or_name_gets_a_header_into_a_mail(self):
        site = peers.Nginx(self.world)
        hostile = {"encoded": "=?utf-8?q?A=0D=0ABcc:_thief@example.org?= prices", "long": "Prices " + "véry " * 80 + "long",
                   "markup": "<img src=x onerror=alert(1)> & \"quotes\" %0D%0ABcc: thief@example.org \\r\\nBcc: thief@example.org",
                   "folded": "Prices" + " " * 90 + "Bcc: thief@example.org"}
        releases = [support.release(n, [(f"{site.url}/{n}", "page")], title=title) for n, title in hostile.items()]
        daemon = self.daemon(releases, self.settings()).start()
        for name in hostile:
            wait_until(is_state(daemon, f"{name}/page", "absent"), 10, "absent")
        for name in hostile:
            site.publish(f"/{name}.html", FULL_PAGE)
        wait_until(lambda: len(self.mails("EmbargoEarly")) == len(hostile), 30, "a mail for each")
        for name in hostile:
            incident = daemon.incident(name)["id"]
            body = {"by": "Sam\r\nBcc: thief@example.org", "reason": "mine\r\n\r\n.\r\nRCPT TO:<thief@example.org>"}
            status, answer = daemon.post(f"/api/v1/incidents/{incident}/ack", body)
            self.assertEqual(status, 400, answer)
            self.assertEqual(daemon.post(f"/api/v1/incidents/{incident}/ack", {"by": "Sam\u2028Bcc: x"})[0], 400)
            self.assertEqual(daemon.post(f"/api/v1/incidents/{incident}/ack", {"by": "<img src=x> =?utf-8?q?=0D=0ABcc:_x?=", "reason": "."})[0], 200)
            site.withdraw(f"/{name}.html")
        wait_until(lambda: len(self.mails("EmbargoEarly")) == 2 * len(hostile), 40, "the end of each")
        for (_, sender, recipients, message), raw in zip(self.mail.messages, self.mail.raw):
            self.assertEqual((sender, recipients), ("embargod@example.org", [DUTY]))
            self.assertLessEqual(set(message.keys()), HEADERS)
            self.assertEqual(len(message.keys()), len(set(message.keys())), "each header once")
            self.assertNotRegex(str(message["Subject"]), "[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e]")
            head = raw.split(b"\r\n\r\n")[0]
            self.assertNotIn(b"\n", head.replace(b"\r\n", b""), "no line ends alone")
            self.assertNotRegex(head, rb"(?im)^bcc")
            self.assertLessEqual(max(map(len, raw.split(b"\r\n"))), 998)
            self.assertNotIn("<img", message.get_body(("html",)).get_content())

    def test_what_would_break_a_line_is_refused_with_its_place(self):
        broken = "duty@example.org\r\nRCPT TO:<thief@example.org>"
        for key, value in (("to", [broken]), ("from", broken), ("smtp", "smtp://127.0.0.1:25\r\nMAIL")):
            with self.subTest(key=key):
                config = self.settings()
                config["alerts"]["emails"][0][key] = value
                self.refused(config, [support.release("a", [("https://stats.example.org/a", "page")])], "embargod.yml:")
        for n, title in enumerate(("A\r\nBcc: thief@example.org", "A\u2028Bcc: x", "A\u0085Bcc: x", "A\tBcc: x", "A \u202eccB", "A" * 501)):
            with self.subTest(title=n):
                self.refused(self.settings(), [support.release("a", [("https://stats.example.org/a", "page")], title=title)], "releases.yml:")

    def refused(self, config, releases, place):
        name = f"refused-{len(list(self.world.folder.iterdir()))}"
        daemon = self.daemon(releases, config, name=name)
        code, out, err = peers.ctl("check", "config", str(daemon.folder / "embargod.yml"))
        self.assertEqual(code, 2, out + err)
        self.assertIn(place, out + err)
        self.assertNotIn("\r", out + err)


if __name__ == "__main__":
    support.main()
