"""Who asked for it: a real nginx with its logs in three forms, counted by embargoctl, by grep and by goaccess, and stated in the report."""

import json
import re
import subprocess
import time

import support
from support import FULL_PAGE, hook_alerts, is_state, peers, wait_until


class Impact(support.E2E):
    def setUp(self):
        super().setUp()
        self.log = str(self.world.path("logs", "access.log"))
        self.site = peers.Nginx(self.world, extra=f"    access_log {self.log} combined;\n")
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        config = support.settings(webhooks=[{"url": self.hook.url + "/hook"}])
        self.watched = self.daemon([support.release("a", [(self.site.url + "/a---b", "page"), (self.site.url + "/files/t.csv", "file")])],
                                   config).start()
        for target in ("a/page", "a/file"):
            wait_until(is_state(self.watched, target, "absent"), 20, f"{target} to be seen absent")

    def ctl(self, *args):
        return peers.ctl("--url=" + self.watched.url, *args)

    def ask(self, path, agent="Mozilla/5.0", *more):
        return subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-A", agent, *more, self.site.url + path],
                              capture_output=True, text=True, check=True).stdout

    def sure(self, incident):
        """[from, to] in Unix seconds in which both were certainly public, by the record so far."""
        spans = [t["spans"][0] for t in self.live_targets(incident)]
        begins = [support.unix(s["went_live"]["latest"]) for s in spans]
        return max(begins), min(b + s["time_up"]["shortest_seconds"] for b, s in zip(begins, spans))

    def breach(self):
        """Guesses, readers, a crawler, a partial and a repeated download; then it is taken down. Returns the incident's id."""
        for _ in range(3):
            self.assertEqual(self.ask("/files/t.csv"), "404")
        self.site.publish("/a---b.html", FULL_PAGE)
        self.site.publish("/files/t.csv", "region,value\nA,1\n")
        told = wait_until(lambda: hook_alerts(self.hook, "EmbargoEarly", "firing"), 15, "the alarm")[0]
        incident = told["incident"]["id"]
        wait_until(lambda: len(self.live_targets(incident)) == 2, 15, "both to be seen live")
        # A log's times are whole seconds: the readers come in seconds that are surely inside.
        wait_until(lambda: int(time.time()) > self.sure(incident)[0], 10, "a whole second")
        for _ in range(8):
            self.assertEqual(self.ask("/a---b"), "200")
        self.assertEqual(self.ask("/a---b?utm_source=mail", "Mozilla/5.0", "-e", "https://www.example.com/secret?q=1"), "200")
        self.assertEqual(self.ask("/a---b", "Mozilla/5.0 (compatible; bingbot/2.0)"), "200")
        for _ in range(14):
            self.assertEqual(self.ask("/files/t.csv"), "200")
        self.assertEqual(self.ask("/files/t.csv", "Mozilla/5.0", "-r", "0-3"), "206")
        self.assertEqual(self.ask("/files/t.csv", "Mozilla/5.0", "-I"), "200")
        last = int(time.time())
        wait_until(lambda: self.sure(incident)[1] > last + 1, 15, "a look a second after the last reader")
        self.site.withdraw("/a---b.html")
        self.site.withdraw("/files/t.csv")
        wait_until(lambda: self.incident(incident)["state"] == "contained", 20, "the end")
        return incident

    def incident(self, incident):
        return peers.get_json(self.watched.url + f"/api/v1/incidents/{incident}")

    def live_targets(self, incident):
        return [t for t in self.incident(incident)["targets"] if t["url"]]

    def counted(self, *args):
        code, out, err = self.ctl("impact", *args, "--format=json")
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def forms_and_packings(self, incident):
        """Every one of them gives the same counts."""
        with open(self.log, encoding="utf-8") as log:
            lines = log.read().splitlines()
        shape = re.compile(r'(\S+) - (\S+) \[([^\]]+)\] "(\S+) (\S+) ([^"]*)" (\d+) (\d+) "([^"]*)" "([^"]*)"')
        parts = [shape.fullmatch(line).groups() for line in lines]
        as_json = "".join(json.dumps({"remote_addr": p[0], "time_local": p[2], "request": f"{p[3]} {p[4]} {p[5]}", "status": p[6],
                                      "body_bytes_sent": p[7], "http_referer": p[8], "http_user_agent": p[9]}) + "\n" for p in parts)
        files = {"combined": "\n".join(lines) + "\n", "json": as_json}
        results = []
        for name, text in files.items():
            path = str(self.world.path(name + ".log"))
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            results.append(self.counted(incident, "--log=" + path))
            subprocess.run(["gzip", "-k", path], check=True)
            results.append(self.counted(incident, "--log=" + path + ".gz"))
            subprocess.run(["zstd", "-q", path], check=True)
            results.append(self.counted(incident, "--log=" + path + ".zst"))
        counts = [[u["counts"] for u in r["sources"][0]["urls"]] for r in results]
        for other in counts[1:]:
            self.assertEqual(other, counts[0])
        two = self.counted(incident, f"--log=web1={self.world.path('combined.log')}", f"--log=web2={self.world.path('json.log.gz')}")
        self.assertEqual([s["name"] for s in two["sources"]], ["web1", "web2"])
        self.assertEqual([u["counts"] for u in two["sources"][1]["urls"]], counts[0])

    def test_is_counted_from_the_servers_own_log_and_stated_in_the_report(self):
        incident = self.breach()
        impact = self.counted(incident, "--log=origin=" + self.log, "--internal=10.0.0.0/8", "--clock-offset=0s")
        source, = impact["sources"]
        urls = {u["target"]: u for u in source["urls"]}
        by_class = {t: {c["who"]: c for c in u["counts"]} for t, u in urls.items()}
        page, file = by_class["a/page"], by_class["a/file"]
        self.assertEqual((page["other"]["whole"], page["other"]["whole_edge"]), (9, 0))
        self.assertEqual(page["crawler"]["whole"], 1)
        self.assertEqual((file["other"]["whole"], file["other"]["whole_edge"], file["other"]["partial"], file["other"]["head"]), (14, 0, 1, 1))
        self.assertEqual(file["other"]["clients"], 1)
        self.assertEqual(urls["a/file"]["guesses"]["requests"], 3)
        self.assertEqual(urls["a/file"]["guesses"]["served_later"], 1)
        self.assertIn({"host": "www.example.com", "requests": 1}, urls["a/page"]["referrers"])
        self.assertGreater(source["own_requests"], 5)
        self.assertIsNotNone(urls["a/file"]["start"])
        self.assertNotIn("127.0.0.", json.dumps(urls["a/page"]["clients"]))

        # Others count the same requests in the same file.
        grep = int(subprocess.run(["grep", "-c", '"GET /files/t.csv HTTP/1.1" 200 .*Mozilla', self.log], capture_output=True, text=True, check=True).stdout)
        self.assertEqual(grep, 14)
        report = str(self.world.path("goaccess.json"))
        subprocess.run(["goaccess", self.log, "--log-format=COMBINED", "--no-global-config", "-o", report], capture_output=True, check=True)
        with open(report, encoding="utf-8") as whole:
            general = json.load(whole)["general"]
        self.assertEqual(general["valid_requests"], source["files"][0]["requests"])
        self.assertEqual(source["files"][0]["unreadable"], general["failed_requests"])

        self.forms_and_packings(incident)
        code, out, err = self.ctl("impact", incident, "--log=origin=" + self.log, "--internal=10.0.0.0/8", "--record", "--by=Web team")
        self.assertEqual(code, 0, err)
        self.assertIn("recorded for the report", err)
        self.assertIn("external", out)
        words = " ".join(self.ctl("report", incident, "--format=txt")[1].split())
        self.assertRegex(words, r"origin \[\d+\] http://\S+/a---b views 9 0 1 ")
        self.assertRegex(words, r"origin \[\d+\] http://\S+/files/t.csv downloads 14 0 0 ")
        self.assertIn("its clock taken as right", words)
        self.assertNotIn("127.0.0.1 ", words)
        self.assertIn("requests counted from logs", words)
        entry = " ".join(self.ctl("report", incident, "--format=txt", "--form=log-entry")[1].split())
        self.assertRegex(entry, r"/files/t.csv downloads 14 0 0 ")
        self.to_the_final_version(incident)
        self.watched.child.kill9()
        self.watched.start()
        kept = peers.get_json(self.watched.url + f"/api/v1/incidents/{incident}/impact")["items"]
        self.assertEqual([(k["by"], k["impact"]["sources"][0]["urls"][0]["clients"]) for k in kept], [("Web team", [])])

    def to_the_final_version(self, incident):
        """Every blank is filled, a version is approved and marked as final; an edit makes it a draft again."""
        code, out, _ = self.ctl("draft", "show", incident)
        self.assertEqual(code, 0)
        self.assertIn("cause: Cause, and the roles of the persons involved\n  (nothing yet; how it came about", out)
        fields = [f["field"] for f in peers.get_json(self.watched.url + f"/api/v1/incidents/{incident}/draft")["items"]]
        report = self.report(incident)
        code, _, err = self.ctl("draft", "final", incident, "--version=" + report["version"], "--by=HoP")
        self.assertEqual(code, 2)
        self.assertIn("blanks are to be completed", err)
        for field in fields:
            if not field.startswith("note-"):
                code, _, err = self.ctl("draft", "fill", field, incident, "--by=Duty officer", "--text=Written by a person.")
                self.assertEqual(code, 0, err)
        self.assertEqual(self.ctl("draft", "fill", "cause", incident, "--by=Press officer", "--text=A wrong click.")[0], 0)
        code, history, _ = self.ctl("draft", "history", incident)
        self.assertEqual(code, 0)
        self.assertIn("cause, by Press officer\n  - Written by a person.\n  + A wrong click.\n", history)
        report = self.report(incident)
        self.assertEqual(report["blanks"], 0)
        for kind in ("approve", "final"):
            code, _, err = self.ctl("draft", kind, incident, "--version=" + report["version"], "--by=HoP", "--role=Head of Profession")
            self.assertEqual(code, 0, err)
        final = self.report(incident)
        self.assertEqual((final["draft"], final["version"]), (False, report["version"]))
        text = " ".join(self.ctl("report", incident, "--format=txt")[1].split())
        self.assertTrue(text.startswith("FINAL, as marked by HoP (Head of Profession) at "), text[:200])
        self.assertEqual(self.ctl("draft", "fill", "note-core", incident, "--by=HoP", "--text=One thing more.")[0], 0)
        changed = self.report(incident)
        self.assertEqual((changed["draft"], len(changed["marks"])), (True, 2))
        code, _, err = self.ctl("draft", "approve", incident, "--version=" + report["version"], "--by=HoP")
        self.assertEqual(code, 2)
        self.assertIn(f"its version is {changed['version']} now", err)

    def report(self, incident):
        return peers.get_json(self.watched.url + f"/api/v1/report?incident={incident}&format=json")

    def test_mistakes_are_explained(self):
        for args, words in ((("01NONE", "--log=/no/such"), "no such incident"), (("01NONE",), "nothing to count from is named"),
                            ((), "nothing to count from is named"), (("01A", "--log=x", "--record"), "add --by=NAME"),
                            (("01A", "--log=x", "--format=xml"), '"xml" is not offered')):
            code, _, err = self.ctl("impact", *args)
            self.assertEqual(code, 2, args)
            self.assertIn(words, err)
        saved = str(self.world.path("incident.json"))
        with open(saved, "w", encoding="utf-8") as out:
            out.write('{"id":"01A","kind":"early","title":"A","targets":[]}')
        code, _, err = self.ctl("impact", "--incident-file=" + saved, "--log=/dev/null")
        self.assertEqual(code, 2)
        self.assertIn("nothing of it was seen public", err)


if __name__ == "__main__":
    support.main()
