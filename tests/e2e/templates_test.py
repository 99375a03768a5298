"""An organisation's own words: every variable there is, in every place that people read, and nothing out of a watched page in any of them."""

import json
import re
from pathlib import Path

import support
from support import MailSink, PageSite, is_state, peers, wait_until
from vendors_test import ANSWERS, SECRETS, Vendors

DUTY = "duty@example.org"
DOCS = Path(__file__).resolve().parents[2] / "config" / "CONFIGURATION.md"
# In a page's text, markup, comments, scripts and headers, and in the files that the daemon holds secrets in.
CANARIES = {n: f"canary-{n}-7351" for n in ("figure", "title", "heading", "comment", "script", "attribute", "link", "meta", "header", "cookie",
                                            "password", "key")}
PAGE = ("<!doctype html><title>Published {title}</title><meta name=description content='{meta}'><!-- {comment} --><h1 data-x='{attribute}'>{heading}</h1>"
        "<h2>Key facts</h2><p>Unemployment was {figure}.</p><a href='/files/{link}.csv'>Data</a><script>var x='{script}'</script>"
        + "<p>text</p>" * 50).format(**CANARIES)


def documented():
    """name -> kind, as the table of variables says."""
    table = DOCS.read_text().split("| Variable |")[1].split("\n\n")[0]
    return dict(re.findall(r"^\| {{(\w+)}} \| (\w+) \|", table, re.M))


def showing_all():
    shown = {"text": "{{%s}}", "flag": "yes %s", "lines": "[{{.}}]", "facts": "[{{label}}={{value}}]"}
    return "".join(f"{name}: {{{{#{name}}}}}{(shown[kind] % name) if '%s' in shown[kind] else shown[kind]}{{{{/{name}}}}}\n"
                   for name, kind in documented().items())


class Templates(support.E2E):
    def setUp(self):
        super().setUp()
        self.mail, self.vendors = MailSink(self.world), Vendors()
        self.addCleanup(self.vendors.stop)
        self.vendors.busy = False
        self.site = PageSite(self.world, "127.0.0.44")
        self.slack = "/slack/" + SECRETS["slack"]
        self.assertIn(self.slack, ANSWERS)

    def write(self, **templates):
        return {f"{name}_file": str(self.world.write(f"embargod/{name}.mustache", text)) for name, text in templates.items()}

    def settings(self, templates):
        hook = str(self.world.write("embargod/hook", self.vendors.url + self.slack + "\n"))
        key = str(self.world.write("embargod/ack-key", CANARIES["key"] * 3 + "\n"))
        config = support.settings("100ms", emails=[{"to": [DUTY], "from": "embargod@example.org", "smtp": self.mail.url}])
        config["alerts"].update(templates=templates, slack=[{"url_file": hook}], canary={"interval": "0s"}, ack_links={"key_file": key})
        return config

    def subjects(self):
        return [str(m["Subject"]) for _, _, _, m in list(self.mail.messages)]

    def publish(self, name):
        self.site.set(f"/{name}", PAGE, X_Secret=CANARIES["header"], Set_Cookie=f"s={CANARIES['cookie']}", ETag=f'"{CANARIES["header"]}"')

    def test_every_variable_in_every_place_and_nothing_of_the_page(self):
        everything = showing_all()
        templates = self.write(subject="OFFICE {{badge}} {{release}}", text="Text\n" + everything, brief="Brief\n" + everything,
                               html="<!DOCTYPE html><html><body><h1 title=\"{{summary}}\">Html</h1><pre>" + everything + "</pre></body></html>")
        title = "Prices <script>alert(1)</script> & {{due}}"
        daemon = self.daemon([support.release("a", [(self.site.url + "/a", "page")], title=title)], self.settings(templates)).start()
        wait_until(is_state(daemon, "a/page", "absent"), 5, "a baseline")
        self.publish("a")
        wait_until(lambda: self.subjects() and self.vendors.got(self.slack), 10, "mail and Slack")
        self.assertEqual(self.subjects()[0], "OFFICE EARLY a")
        mail = self.mail.messages[0][3]
        text, html = (mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
        brief = self.vendors.got(self.slack)[0]["text"]
        self.assertTrue(text.startswith("Text\n"), repr(text[:80]))
        self.assertTrue(brief.startswith("OFFICE EARLY a\n\nBrief\n"), brief)
        self.assertIn("Prices <script>alert(1)</script> & {{due}}", text, "a title is text, not a template")
        self.assertNotIn("<script", html)
        self.assertIn("Prices &lt;script&gt;alert(1)&lt;/script&gt; &amp; {{due}}", html)
        for line in ("release: a\n", "badge: EARLY\n", "severity: page\n", "page: yes page\n", "over: \n", "alertname: EmbargoEarly\n",
                     f"urls: [{self.site.url}/a]\n", "acknowledge_link: http"):
            self.assertIn(line, text)
        self.site.drop("/a")
        wait_until(lambda: len(self.subjects()) > 1, 10, "the end")
        self.assertRegex(self.subjects()[1], "^OFFICE ENDED")
        said = b"".join(self.mail.raw).decode() + text + html + json.dumps(self.vendors.taken)
        said += "".join(m.get_body((k,)).get_content() for _, _, _, m in self.mail.messages for k in ("plain", "html"))
        for name, canary in CANARIES.items():
            self.assertNotIn(canary, said, f"the {name} is in a message")

    def test_new_words_come_with_a_reload_and_bad_ones_change_nothing(self):
        templates = self.write(subject="FIRST {{release}}")
        releases = [support.release(n, [(f"{self.site.url}/{n}", "page")]) for n in ("a", "b", "c")]
        daemon = self.daemon(releases, self.settings(templates)).start()
        file = Path(templates["subject_file"])
        for n, (words, want) in enumerate((("FIRST {{release}}", "FIRST a"), ("SECOND {{release}}", "SECOND b"), ("{{figures}}", "SECOND c"))):
            name = "abc"[n]
            wait_until(is_state(daemon, f"{name}/page", "absent"), 5, "a baseline")
            file.write_text(words)
            status, answer = daemon.post("/-/reload")
            self.assertEqual(status, 200 if n < 2 else 500, answer)
            self.publish(name)
            wait_until(lambda n=n: len(self.subjects()) == n + 1, 10, f"mail {n + 1}")
            self.assertEqual(self.subjects()[n], want)
        code, out, err = peers.ctl("check", "config", str(daemon.folder / "embargod.yml"))
        self.assertEqual(code, 2, out + err)
        self.assertRegex(out + err, r'embargod\.yml:\d+:\d+: alerts\.templates\.subject_file: ".*" line 1, column 1: {{figures}} is not a variable')


if __name__ == "__main__":
    support.main()
