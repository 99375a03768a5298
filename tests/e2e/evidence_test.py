"""What was caught, as others read it: by the rules of WARC with nothing but the standard library."""

import gzip
import hashlib
import json
import shutil
import unittest
import zlib

import support
from support import FIGURES, FULL_PAGE, is_state, wait_until

RELEASE = "leak-2030-01"


def members(data):
    """(offset, text) of each gzip member."""
    offset = 0
    while offset < len(data):
        unpack = zlib.decompressobj(31)
        text = unpack.decompress(data[offset:]) + unpack.flush()
        assert unpack.eof, f"the member at {offset} is not whole"
        yield offset, text
        offset = len(data) - len(unpack.unused_data)


def records(data):
    """(offset, fields, block) of each record; every length and digest is checked here."""
    for offset, text in members(data):
        head, _, rest = text.partition(b"\r\n\r\n")
        version, *lines = head.decode("ascii").split("\r\n")
        assert version == "WARC/1.1", version
        fields = dict(line.split(": ", 1) for line in lines)
        assert len(fields) == len(lines), "a field twice"
        block, end = rest[:-4], rest[-4:]
        assert end == b"\r\n\r\n" and len(block) == int(fields["Content-Length"])
        assert fields["WARC-Block-Digest"] == "sha256:" + hashlib.sha256(block).hexdigest()
        yield offset, fields, block


def caught(case):
    """A page that is sent packed, and the same bytes under a second address; the WARC file of what came of it."""
    site = support.PageSite(case.world, "127.0.0.31")
    page, copy = "/pub/page", "/pub/copy"
    daemon = case.daemon([support.release(RELEASE, [(site.url + page, "page"), (site.url + copy, "file", "copy")])])
    daemon.start()
    for target in ("page", "copy"):
        wait_until(is_state(daemon, f"{RELEASE}/{target}", "absent"), 10, f"{target} to be seen absent")
    packed = gzip.compress(FULL_PAGE.encode())
    site.set(page, packed, Content_Encoding="gzip")
    wait_until(lambda: daemon.incident(RELEASE), 10, "the incident")
    site.set(copy, packed, Content_Encoding="gzip")
    file = daemon.state / "evidence" / f"{daemon.incident(RELEASE)['id']}.warc.gz"
    wait_until(lambda: file.exists() and sum(f["WARC-Type"] == "metadata" for _, f, _ in records(file.read_bytes())) >= 2,
               10, "both to be kept")
    return site, daemon, file


class Evidence(support.E2E):
    def test_a_reader_of_the_standard_library_finds_what_was_served(self):
        site, daemon, file = caught(self)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(FIGURES.encode(), file.read_bytes())
        found = list(records(file.read_bytes()))
        self.assertEqual([f["WARC-Type"] for _, f, _ in found],
                         ["warcinfo", "response", "request", "metadata", "revisit", "request", "metadata"])
        _, response, block = found[1]
        head, _, body = block.partition(b"\r\n\r\n")
        self.assertEqual(body.decode(), FULL_PAGE)
        self.assertIn(response["WARC-Payload-Digest"], daemon.incident(RELEASE)["evidence"])
        self.assertEqual(response["WARC-Payload-Digest"], "sha256:" + hashlib.sha256(body).hexdigest())
        self.assertTrue(head.startswith(b"HTTP/1.1 200 "))
        self.assertIn(b"X-Orig-Content-Encoding: gzip", head)
        self.assertNotIn(b"\nContent-Encoding", head)
        self.assertEqual((response["WARC-Target-URI"], response["WARC-IP-Address"]), (site.url + "/pub/page", "127.0.0.31"))
        _, revisit, block = found[4]
        self.assertEqual(revisit["WARC-Refers-To"], response["WARC-Record-ID"])
        self.assertEqual(revisit["WARC-Payload-Digest"], response["WARC-Payload-Digest"])
        self.assertTrue(block.endswith(b"\r\n\r\n"))
        metadata = json.loads(found[3][2])
        self.assertEqual(metadata["taken_for"]["verdict"], "early")
        self.assertEqual(metadata["clock"], {"error_ms": 50, "verified": False})
        self.assertIn("/pub/page HTTP/1.1\r\nHost: " + site.name, found[2][2].decode())
        self.assertIn("operator: Example Statistics Agency", found[0][2].decode())

    def test_a_kill_leaves_a_file_that_goes_on(self):
        site, daemon, file = caught(self)
        whole = file.read_bytes()
        daemon.child.kill9()
        file.write_bytes(whole[:-20])  # as if the kill had come in the middle of the last write
        daemon.start()
        for path in ("/pub/page", "/pub/copy"):
            site.drop(path)
        wait_until(lambda: daemon.incident(RELEASE)["state"] == "contained", 15, "the pages to be seen gone")
        site.set("/pub/page", FULL_PAGE.replace("text", "corrected"))
        wait_until(lambda: "half written was cut off" in daemon.child.log_text(), 15, "the half record to be cut off")
        wait_until(lambda: any(b"corrected" in block for _, _, block in list(records(file.read_bytes()))), 15, "the new page to be kept")
        self.assertEqual([r[1]["WARC-Type"] for r in records(file.read_bytes())][:6],
                         ["warcinfo", "response", "request", "metadata", "revisit", "request"])

    def test_a_database_that_is_rolled_back_is_told_loudly_and_no_head_is_signed(self):
        site, daemon, _ = caught(self)
        head, snapshot = daemon.state / "checkpoint", self.world.path("snapshot")
        wait_until(lambda: daemon.metric("embargod_evidence_log_sound") == 1, 5, "the log to be sound")
        daemon.child.stop()
        shutil.copytree(daemon.state, snapshot)
        before = head.read_text()
        daemon.start()
        for path in ("/pub/page", "/pub/copy"):
            site.drop(path)
        wait_until(lambda: daemon.incident(RELEASE)["state"] == "contained", 15, "the pages to be seen gone")
        wait_until(lambda: head.read_text() != before, 5, "a head over it")
        daemon.child.stop()
        newest = head.read_text()
        for name in ("embargod.db", "embargod.db-wal", "embargod.db-shm"):
            (daemon.state / name).unlink(missing_ok=True)
        shutil.copyfile(snapshot / "embargod.db", daemon.state / "embargod.db")
        daemon.start()
        wait_until(lambda: daemon.metric("embargod_evidence_log_sound") == 0, 5, "the metric")
        self.assertIn("the evidence log was rolled back or changed", daemon.child.log_text())
        self.assertEqual(head.read_text(), newest)
        self.assertTrue(daemon.child.alive(), "the watch goes on")


if __name__ == "__main__":
    support.main()
