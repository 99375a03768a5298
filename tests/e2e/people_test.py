"""What people do with an incident: the link in a message, and the decision, over a crash and a restart."""

import support
from support import FULL_PAGE, hook_alerts, is_state, peers, wait_until

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
EXTERNAL = "http://embargo.example.org"


class People(support.E2E):
    def setUp(self):
        super().setUp()
        site = peers.Nginx(self.world)
        self.hook, self.other = peers.Receiver().start(), peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        self.addCleanup(self.other.stop)
        config = support.settings(webhooks=[{"url": self.hook.url + "/hook", "name": "duty"}, {"url": self.other.url + "/hook"}])
        config["alerts"]["ack_links"] = {"key_file": str(self.world.write("ack-key", "k" * 64 + "\n"))}
        config["web"] = {"external_url": EXTERNAL}
        self.watched = self.daemon([support.release("a", [(site.url + "/a", "page")])], config).start()
        wait_until(is_state(self.watched, "a/page", "absent"), 20, "the page to be seen absent")
        site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: hook_alerts(self.hook) and hook_alerts(self.other), 30, "both to be told")

    def link(self, receiver):
        found = hook_alerts(receiver)[0]["annotations"]["acknowledge_link"]
        self.assertTrue(found.startswith(EXTERNAL + "/a/"), found)
        return self.watched.url + found.removeprefix(EXTERNAL)

    def press(self, link, name="", **headers):
        return peers.request("POST", link, f"name={name}", {**FORM, **headers})

    def test_a_link_acknowledges_once_also_after_a_crash(self):
        mine, others = self.link(self.hook), self.link(self.other)
        self.assertNotEqual(mine, others)
        status, headers, page = peers.request("GET", mine)
        self.assertEqual((status, headers["Cache-Control"], headers["Referrer-Policy"]), (200, "no-store", "no-referrer"))
        self.assertIn("I have it", page)
        self.assertIsNone(self.watched.incident("a")["acknowledged"], "looking is not acknowledging")
        self.assertEqual(self.press(mine, Origin="https://evil.example")[0], 403)
        status, _, page = self.press(mine, "Sam+Example", Origin="null")
        self.assertEqual(status, 200, page)
        self.assertEqual(self.watched.incident("a")["acknowledged"]["by"], "Sam Example (link sent to duty)")
        self.assertEqual(self.press(mine)[0], 409)
        self.watched.child.kill9()
        self.watched.start()
        self.assertEqual(self.press(mine)[0], 409, "a restart does not forget")
        self.assertEqual(self.press(mine[:-2] + "AA")[0], 404)
        status, _, page = peers.request("POST", others, "name=HoP&decision=let_stand&reason=", FORM)
        self.assertEqual((status, "reason: is missing" in page), (400, True), page)
        self.assertIsNone(self.watched.incident("a")["decision"])
        status, _, page = peers.request("POST", others, "name=HoP&decision=let_stand&reason=all+have+it&note=told+them", FORM)
        self.assertEqual(status, 200, "each receiver has its own: " + page)
        decision = self.watched.incident("a")["decision"]
        self.assertEqual((decision["by"], decision["decision"], decision["reason"]), ("HoP (link sent to webhook-2)", "let_stand", "all have it"))
        token = mine.rsplit("/", 1)[1]
        self.assertNotIn(token[:40], self.watched.child.log_text())
        for page in ("/incidents", "/api/v1/incidents", "/metrics"):
            self.assertNotIn(token, peers.request("GET", self.watched.url + page)[2])

    def test_a_decision_is_on_record(self):
        incident = self.watched.incident("a")["id"]
        code, out, _ = peers.ctl("--url=" + self.watched.url, "decide", incident, "--take-down", "--by=HoP", "--reason=wrong figures")
        self.assertEqual((code, out), (0, f"decide {incident}: done, now open\n"))
        code, out, _ = peers.ctl("--url=" + self.watched.url, "decide", incident, "--let-stand", "--by=HoP", "--reason=all have it")
        self.assertEqual(code, 0)
        self.assertIn("The embargo still stands", out)
        decision = self.watched.incident("a")["decision"]
        self.assertEqual((decision["by"], decision["decision"], decision["reason"]), ("HoP", "let_stand", "all have it"))
        page = peers.request("GET", f"{self.watched.url}/incidents/{incident}")[2]
        for words in ("take it down: wrong figures", "let it stand: all have it", "embargoctl lift a"):
            self.assertIn(words, page)
        _, report, _ = peers.ctl("--url=" + self.watched.url, "report", incident, "--format=txt")
        self.assertIn("wrong figures", report)
        self.assertIn("HoP decided to let it stand", " ".join(report.split()))
        self.assertEqual(self.watched.post(f"/api/v1/incidents/{incident}/close", {"by": "HoP"})[0], 200)
        status, text = self.watched.post(f"/api/v1/incidents/{incident}/decide", {"by": "HoP", "decision": "take_down", "reason": "x"})
        self.assertEqual(status, 404, text)


if __name__ == "__main__":
    support.main()
