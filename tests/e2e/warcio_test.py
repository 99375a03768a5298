"""What was caught, read by npm's warcio: a second opinion on our WARC files. Skipped where npm or its registry is out of reach."""

import json
import shutil
import subprocess
import unittest
from pathlib import Path

import support
from evidence_test import caught, records
from support import FULL_PAGE


def fetched():
    """warcio as pinned in tests/e2e/warcio; fetched once into the build folder, and none of its scripts is run. None: out of reach."""
    source = Path(__file__).parent / "warcio"
    folder = Path(support.peers.binary("embargod")).parent.parent / "warcio"
    lock, done = (source / "package-lock.json").read_bytes(), folder / "fetched.json"
    if not shutil.which("npm") or not shutil.which("node"):
        return None
    if not done.exists() or done.read_bytes() != lock:
        folder.mkdir(exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(source / name, folder / name)
        try:
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=60,
                           capture_output=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return None
        done.write_bytes(lock)
    shutil.copyfile(source / "read.mjs", folder / "read.mjs")
    return folder


def setUpModule():
    if not fetched():
        raise unittest.SkipTest("warcio cannot be fetched with npm ci")


class Warcio(support.E2E):
    def test_finds_the_records_and_their_payloads(self):
        site, _, file = caught(self)
        done = subprocess.run(["node", str(fetched() / "read.mjs"), str(file)], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual([(r["type"], r["version"]) for r in found],
                         [(t, "WARC/1.1") for t in ("warcinfo", "response", "request", "metadata", "revisit", "request", "metadata")])
        response, revisit = found[1], found[4]
        self.assertEqual((response["url"], response["digest"], response["size"]),
                         (site.url + "/pub/page", response["sha256"], len(FULL_PAGE.encode())))
        self.assertTrue(response["status"].startswith("HTTP/1.1 200"))
        self.assertEqual(response["headers"]["x-orig-content-encoding"], "gzip")
        self.assertEqual((revisit["refers"], revisit["digest"]), (response["id"], response["digest"]))
        self.assertEqual(found[2]["concurrent"], response["id"])
        self.assertEqual([r["offset"] for r in found], [offset for offset, _, _ in records(file.read_bytes())])


if __name__ == "__main__":
    support.main()
