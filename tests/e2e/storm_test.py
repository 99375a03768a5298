"""A whole release day goes live by one click: forty releases, and one release with forty URLs. What people and machines are sent."""

import collections
import re
import time

import support
from support import FULL_PAGE, hook_alerts, is_state, peers, wait_until

DAY = 40


class Storm(support.E2E):
    def setUp(self):
        super().setUp()
        self.site, self.hook, self.mail = peers.Nginx(self.world), peers.Receiver().start(), support.MailSink(self.world)
        self.addCleanup(self.hook.stop)

    def watch(self, releases):
        config = support.settings(webhooks=[{"url": self.hook.url + "/hook"}],
                                  emails=[{"to": ["duty@example.org"], "from": "embargod@example.org", "smtp": self.mail.url}])
        config["alerts"] |= {"canary": {"interval": "0s"}, "digest": {"wait": "5s", "within": "10s"}}
        config["web"] = {"external_url": "https://embargo.example.org"}
        self.watched = self.daemon(releases, config).start()
        wait_until(lambda: peers.get_json(self.watched.url + "/api/v1/targets"), 20, "the targets")
        for r in releases:
            wait_until(is_state(self.watched, f"{r['id']}/{r['urls'][0].get('name', 'page')}", "absent"), 20, "absent")

    def texts(self):
        return [(at, m["Subject"], m.get_body(("plain",)).get_content()) for at, _, _, m in list(self.mail.messages)]

    def named(self, over):
        """How often each incident is named in mails of beginnings or ends."""
        found = collections.Counter()
        for _, subject, text in self.texts():
            if ("ENDED" in subject) == over:
                found.update(set(re.findall(r"\b(01[0-9A-Z]{24})\b", " ".join(text.split()).split(" -- ")[0])))
        return found

    def test_forty_releases_are_six_mails_and_forty_calls_of_the_webhook(self):
        self.watch([support.release(f"cpi-{n:02}", [(f"{self.site.url}/cpi-{n:02}", "page")], title=f"Consumer prices, part {n}") for n in range(DAY)])
        first_up = self.site.publish("/cpi-00.html", FULL_PAGE)
        for n in range(1, DAY):
            self.site.publish(f"/cpi-{n:02}.html", FULL_PAGE)
        wait_until(lambda: len(self.named(False)) == DAY, 60, "every incident in a mail")
        wait_until(lambda: len(hook_alerts(self.hook, "EmbargoEarly", "firing")) == DAY, 30, "every incident at the webhook")
        ids = {i["id"] for i in self.watched.incidents()}
        self.assertEqual(self.named(False), collections.Counter({i: 1 for i in ids}), "each once")
        mails = self.texts()
        print(f"\n    {len(mails)} mails: the first {mails[0][0] - first_up.before:.1f} s after it went live, the last {mails[-1][0] - first_up.before:.1f} s")
        self.assertLessEqual(len(mails), 8)
        self.assertLess(mails[0][0] - first_up.before, 5)
        self.assertLess(mails[-1][0] - first_up.before, 30)
        self.assertRegex(mails[-1][1], r"^\[embargod\] EARLY: \d+ more releases: cpi-\d\d, cpi-\d\d and \d+ others$")
        self.assertIn("THE INCIDENTS\r\n  https://embargo.example.org/incidents\r\n".replace("\r", ""), mails[-1][2].replace("\r", ""))
        told = len(mails)
        time.sleep(11)  # the time that the rule looks back: the ends are to begin anew
        for n in range(DAY):
            self.site.withdraw(f"/cpi-{n:02}.html")
        wait_until(lambda: len(self.named(True)) == DAY, 60, "every end in a mail")
        self.assertEqual(self.named(True), collections.Counter({i: 1 for i in ids}), "each once")
        print(f"    {len(self.texts()) - told} mails for the ends")
        self.assertLessEqual(len(self.texts()) - told, 8)
        wait_until(lambda: self.watched.metric("embargod_outbox_pending") == 0, 20, "nothing left")
        self.assertEqual(len({m["Message-ID"] for _, _, _, m in self.mail.messages}), len(self.mail.messages))

    def test_one_release_with_forty_urls_is_one_message_that_stays_short(self):
        urls = [(f"{self.site.url}/part-{n:02}", "page", f"part-{n:02}") for n in range(DAY)]
        self.watch([support.release("day", urls, title="The whole day")])
        for n in range(DAY):
            self.site.publish(f"/part-{n:02}.html", FULL_PAGE)
        wait_until(lambda: len(self.watched.incident("day")["targets"]) == DAY, 60, "all URLs in the incident")
        wait_until(lambda: len(self.texts()) >= 1, 20, "the mail")
        for n in range(DAY):
            self.site.withdraw(f"/part-{n:02}.html")
        wait_until(lambda: len(self.texts()) >= 2, 60, "its end")
        (_, opened, _), (_, ended, text) = self.texts()
        self.assertIn("EARLY", opened)
        self.assertIn("ENDED", ended)
        self.assertIn("and 30 more", text)
        self.assertEqual([b["status"] for b in hook_alerts(self.hook, "EmbargoEarly")], ["firing", "resolved"])


if __name__ == "__main__":
    support.main()
