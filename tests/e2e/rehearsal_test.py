"""A planned rehearsal with a webhook and a mailbox: marked while its window lasts, a page when it ends and the release is still live."""

import datetime

import support
from support import FULL_PAGE, hook_alerts, is_state, peers, wait_until


class Rehearsal(support.E2E):
    def setUp(self):
        super().setUp()
        self.site = peers.Nginx(self.world)
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        self.mail = support.MailSink(self.world)
        config = support.settings(webhooks=[{"url": self.hook.url + "/hook", "severities": ["page", "ticket"]}],
                                  emails=[{"to": ["duty@example.org"], "from": "embargod@example.org", "smtp": self.mail.url,
                                           "severities": ["page", "ticket"]}])
        self.watched = self.daemon([support.release("a", [(self.site.url + "/a", "page")]),
                                    support.release("b", [(self.site.url + "/b", "page")])], config).start()
        for target in ("a/page", "b/page"):
            wait_until(is_state(self.watched, target, "absent"), 20, f"{target} to be seen absent")

    def ctl(self, *args):
        return peers.ctl("--url=" + self.watched.url, *args)

    def plan(self, *args):
        code, out, err = self.ctl("rehearsal", "plan", "a", "--by=Publication team", "--reason=New web platform", *args)
        self.assertEqual(code, 0, err)
        return out.split()[1]

    def rehearsal(self):
        return peers.get_json(self.watched.url + "/api/v1/rehearsals")["items"][0]

    def subjects(self):
        return [message["Subject"] for _, _, _, message in self.mail.messages]

    def test_is_marked_in_its_window_and_pages_when_it_ends_while_live(self):
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=25)
        rehearsal = self.plan(f"--until={until:%Y-%m-%dT%H:%M:%SZ}")
        self.assertEqual(self.rehearsal()["state"], "open")
        wait_until(lambda: self.watched.metrics()['embargod_rehearsal_active{release="a"}'] == 1, 10, "the metric")
        self.assertEqual(self.watched.metrics()['embargod_rehearsal_active{release="b"}'], 0)
        self.site.publish("/a.html", FULL_PAGE)
        self.site.publish("/b.html", FULL_PAGE)
        told = wait_until(lambda: hook_alerts(self.hook, "EmbargoRehearsal", "firing"), 15, "word of it")[0]
        self.assertEqual(told["labels"], {"alertname": "EmbargoRehearsal", "severity": "ticket", "service": "embargod", "release": "a"})
        self.assertEqual(told["incident"]["rehearsal"]["id"], rehearsal)
        self.assertTrue(told["annotations"]["summary"].startswith("[REHEARSAL] "), told)
        self.assertIn("Publication team planned this rehearsal", told["annotations"]["description"])
        wait_until(lambda: hook_alerts(self.hook, "EmbargoEarly", "firing", release="b"), 15, "the page for the other release")
        wait_until(lambda: any("[REHEARSAL]" in s for s in self.subjects()), 15, "the mail")
        self.assertEqual(hook_alerts(self.hook, "EmbargoEarly", release="a"), [])
        for page in ("/", "/incidents", f"/incidents/{told['incident']['id']}", "/rehearsals"):
            self.assertIn("Rehearsal under way:", peers.request("GET", self.watched.url + page)[2], page)
        self.assertEqual(self.ctl("ack", told["incident"]["id"], "--by=Duty")[0], 0)
        code, _, err = self.ctl("close", told["incident"]["id"], "--by=Duty")
        self.assertEqual(code, 2)
        self.assertIn("embargoctl rehearsal cancel " + rehearsal, err)

        page = wait_until(lambda: hook_alerts(self.hook, "EmbargoEarly", "firing", release="a"), 45, "the page after the window")[0]
        self.assertGreaterEqual(datetime.datetime.now(datetime.timezone.utc), until.replace(microsecond=0))
        self.assertEqual((page["labels"]["severity"], page["incident"]["id"]), ("page", told["incident"]["id"]))
        self.assertIn("this is a breach now", page["annotations"]["description"])
        self.assertIsNone(page["incident"]["acknowledged"])
        over = wait_until(lambda: hook_alerts(self.hook, "EmbargoRehearsal", "resolved"), 10, "the end of the rehearsal")[0]
        self.assertIn("still public: a breach now", over["annotations"]["summary"])
        wait_until(lambda: [s for s in self.subjects() if s.startswith("[embargod] EARLY") and "Title of a" in s], 15, "the mail")
        wait_until(lambda: self.rehearsal()["outcome"], 10, "what came of it")
        self.assertEqual(self.rehearsal()["outcome"]["text"], "seen live: incident " + page["incident"]["id"])
        report = " ".join(self.ctl("report", page["incident"]["id"], "--format=txt")[1].split())
        self.assertIn("Rehearsal planned by Publication team", report)
        self.assertIn("Early release after a planned rehearsal", report)

    def test_a_restart_keeps_it_a_cancel_ends_it_and_mistakes_are_explained(self):
        rehearsal = self.plan("--for=1h")
        self.watched.child.kill9()
        self.watched.start()
        self.site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: hook_alerts(self.hook, "EmbargoRehearsal", "firing"), 20, "word of it after a restart")
        for args, words in ((("a", "--for=1h"), "is planned for"), (("nope", "--for=1h"), "no such release"),
                            (("b", "--for=5h"), "4 h at most"), (("b", "--until=2030-01-31"), "a time of day is missing")):
            code, _, err = self.ctl("rehearsal", "plan", *args, "--by=N", "--reason=R")
            self.assertEqual(code, 2, args)
            self.assertIn(words, err)
        code, _, err = self.ctl("rehearsal", "cancel", rehearsal, "--by=HoP", "--reason=the real figures")
        self.assertEqual(code, 0, err)
        wait_until(lambda: hook_alerts(self.hook, "EmbargoEarly", "firing"), 15, "the page")
        code, out, _ = self.ctl("rehearsal", "list")
        self.assertEqual(code, 0)
        self.assertIn("cancelled", out)
        self.assertIn("by HoP: the real figures", out)


if __name__ == "__main__":
    support.main()
