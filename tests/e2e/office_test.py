"""The draft as Word and OpenDocument files: fetched from the daemon, opened by LibreOffice and python-docx, the same bytes twice, and read
back after LibreOffice saved them.

EMBARGOD_PAGES=FOLDER keeps each page there as a PNG, to be looked at."""

import io
import os
import pty
import subprocess
import urllib.request
import zipfile
from pathlib import Path

import docx

import support
from support import FULL_PAGE, is_state, peers, wait_until

TITLE = 'Psychological therapies <b>January</b> 2018 & "final" ]]> \u05d0\u05d1'
SCENARIO = support.ROOT / "tests" / "scenarios" / "2018-04-23-two-publications.yml"
TYPES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "odt": "application/vnd.oasis.opendocument.text"}


def fetched(url):
    """(headers, bytes): peers.request() would read it as text."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
        return answer.headers, answer.read()


def fields(document):
    """label -> text, of the rows that have a label and one field."""
    return {row.cells[0].text: row.cells[1].text for table in document.tables for row in table.rows if len(row.cells) == 2}


class Office(support.E2E):
    def saved_as(self, path, kind, how=None):
        """The file as LibreOffice saves it."""
        out = self.world.folder / f"{kind}-of-{path.suffix[1:]}"
        subprocess.run(["soffice", f"-env:UserInstallation=file://{self.world.folder}/office", "--headless", "--convert-to", how or kind, "--outdir",
                        str(out), str(path)], check=True, capture_output=True, timeout=90)
        return out / f"{path.stem}.{kind}"

    def pages(self, path):
        """The text of each page as LibreOffice shows it."""
        pdf = self.saved_as(path, "pdf")
        if folder := os.environ.get("EMBARGOD_PAGES"):
            subprocess.run(["pdftoppm", "-r", "75", "-png", str(pdf), str(Path(folder) / f"{path.stem}-{path.suffix[1:]}")], check=True, timeout=60)
        text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True, timeout=30).stdout
        return text.split("\f")[:-1]

    def simulated(self, name, kind, form="full"):
        path = self.world.folder / name
        code, out, err = peers.ctl("simulate", SCENARIO, "--quiet", f"--form={form}", f"--format={kind}", f"--report={path}")
        self.assertEqual(code, 0, out + err)
        return path

    def look_at(self, path, least, most, words):
        pages = self.pages(path)
        self.assertTrue(least <= len(pages) <= most, f"{path.name}: {len(pages)} pages")
        flat = " ".join(" ".join(pages).split())
        for n, page in enumerate(pages, 1):
            self.assertIn("DRAFT - not yet reviewed", page)
            self.assertIn(f"Page {n} of {len(pages)}", page)
            self.assertGreater(len(page.split()), 60, f"page {n} of {path.name} is all but empty")
        for word in words:
            self.assertIn(word, flat)

    def test_two_incidents_and_a_log_entry_in_libreoffice(self):
        words = ["Breach report", "First live 2 days ahead", "First live 3 days ahead", "[TO COMPLETE: what was done, by which role, and when]",
                 "What this monitor could and could not see"]
        entry = ["Release practice log entry", "First live 2 days ahead", "[TO COMPLETE: effects inside and outside the organisation]"]
        for kind in TYPES:
            self.look_at(self.simulated(f"full.{kind}", kind), 5, 7, words)
            self.look_at(self.simulated(f"entry.{kind}", kind, "log-entry"), 2, 4, entry)

    def test_the_same_record_gives_the_same_bytes(self):
        for kind in TYPES:
            first, second = self.simulated(f"a.{kind}", kind), self.simulated(f"b.{kind}", kind)
            self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_what_libreoffice_saves_is_read_back_with_nothing_open_but_its_blanks(self):
        draft = self.simulated("draft.docx", "docx")
        saved = [draft] + [self.saved_as(draft, kind, how) for kind, how in
                           (("docx", "docx:MS Word 2007 XML"), ("odt", "odt"), ("html", "html"), ("txt", "txt:Text (encoded):UTF8"))]
        for path in saved:
            code, out, err = peers.ctl("check", "report", path)
            self.assertEqual(code, 1, f"{path.name}: {out}{err}")
            warnings = [line for line in out.splitlines() if line.startswith("warning: ")]
            self.assertEqual(len(warnings), 12, f"{path.name}: {out}")
            self.assertFalse([w for w in warnings if "[blank]" not in w], path.name)

    def test_python_docx_reads_the_fields(self):
        document = docx.Document(str(self.simulated("full.docx", "docx")))
        found = fields(document)
        self.assertIn("maternity-services/england---january-2018-experimental-statistics", found["Title and link of output"])
        self.assertIn("23 April 2018", found["Date of occurrence"])
        self.assertIn("T3.6", found["Relevant principles and practices"])
        self.assertTrue(found["Effect on trust, markets or decisions"].startswith("[TO COMPLETE: "))
        self.assertEqual([p.text for p in document.paragraphs if p.style.name == "Title"], ["Breach report"])
        headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
        self.assertEqual(headings, ["1. Core information", "2. Circumstances of the breach", "3. Impact of the breach", "4. Corrective actions",
                                    "Checks on this draft", "Sources"])
        runs = [r for t in document.tables for row in t.rows for c in row.cells for p in c.paragraphs for r in p.runs]
        self.assertEqual({r.style.name for r in runs if r.text.startswith("[TO COMPLETE")}, {"To complete"})
        self.assertEqual({t.style.name for t in document.tables}, {"Table Grid"})
        properties = document.core_properties
        self.assertEqual((properties.language, properties.content_status, properties.author), ("en-GB", "Draft", "embargod (simulated)"))
        self.assertEqual(properties.created.isoformat(), "2018-04-27T10:00:00")
        self.assertFalse([r for r in document.part.rels.values() if r.is_external])
        self.assertIn("DRAFT - not yet reviewed", document.sections[0].header.paragraphs[0].text)

    def test_the_daemon_serves_them_and_nothing_of_them_lands_on_a_terminal(self):
        site = peers.Nginx(self.world)
        daemon = self.daemon([support.release("a", [(site.url + "/a", "page")], title=TITLE)]).start()
        wait_until(is_state(daemon, "a/page", "absent"), 20, "the page to be seen absent")
        site.publish("/a.html", FULL_PAGE)
        wait_until(lambda: daemon.incident("a"), 20, "the incident")
        site.withdraw("/a.html")
        wait_until(lambda: daemon.incident("a")["state"] == "contained", 20, "contained")
        incident = daemon.incident("a")["id"]
        for kind, media_type in TYPES.items():
            headers, served = fetched(f"{daemon.url}/api/v1/report?incident={incident}&format={kind}")
            self.assertEqual(headers["Content-Type"], media_type)
            self.assertEqual(headers["Content-Disposition"], f'attachment; filename="breach-report-draft.{kind}"')
            self.assertIsNone(zipfile.ZipFile(io.BytesIO(served)).testzip())
            path = self.world.path(f"served.{kind}")
            code, out, err = peers.ctl(f"--url={daemon.url}", "report", incident, f"--format={kind}", "-o", path)
            self.assertEqual(code, 0, out + err)
            self.assertIn(TITLE.split(" ]]>")[0], " ".join(" ".join(self.pages(path)).split()))
            self.assertIn(f"format={kind}", peers.request("GET", f"{daemon.url}/incidents/{incident}")[2])
        read = fields(docx.Document(str(self.world.path("served.docx"))))
        self.assertIn(TITLE, read["Title and link of output"])
        self.assertIn(f"{site.url}/a", read["Title and link of output"])

        command = [str(peers.binary("embargoctl")), f"--url={daemon.url}", "report", incident, "--format=docx"]
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=20, check=False)
        os.close(theirs)
        self.assertEqual(done.returncode, 2)
        self.assertIn("name it with -o", done.stderr)
        piped = subprocess.run(command, capture_output=True, timeout=20, check=False)
        self.assertEqual((piped.returncode, piped.stdout[:2]), (0, b"PK"), piped.stderr)


if __name__ == "__main__":
    support.main()
