"""The demo is what a newcomer sees first: it must end well, say what it promises, and leave nothing behind."""

import os
import re
import signal
import subprocess
import tempfile
import time

import support
from support import wait_until


def children_of(folder):
    """Command lines of the processes that have `folder` in theirs."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    line = file.read().decode("utf-8", "replace")
            except OSError:
                continue
            if folder in line:
                found.append(line)
    return found


class Demo(support.E2E):
    def run_demo(self, *options):
        temp = self.world.make_folder("tmp")
        env = dict(os.environ, TMPDIR=str(temp), NO_COLOR="1")
        return temp, subprocess.Popen([str(support.ROOT / "deploy" / "demo" / "run"), *options], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, cwd=tempfile.gettempdir())

    def test_once_tells_two_incidents_with_the_truth_inside(self):
        temp, demo = self.run_demo("--once")
        text, _ = demo.communicate(timeout=150)
        self.assertEqual(demo.returncode, 0, text)
        self.assertEqual(len(re.findall(r"incident [0-9A-Z]{26}: ", text)), 2, text)
        # Two publications, two targets each, three figures a target, and each publication's lead.
        self.assertEqual(text.count(": inside"), 2 * 2 * 3 + 2, text)
        self.assertNotIn("OUTSIDE", text)
        for word in ("Psychological therapies", "Maternity services", "EmbargoEarly", "RESOLVED", "report.md", "[embargod] EARLY: "):
            self.assertIn(word, text)
        for who in ("the webhook", "Alertmanager's receiver", "the mailbox"):
            self.assertRegex(text, rf"{who} had the alarm \d+\.\d s after the command was given")
        self.assertRegex(text, r"acknowledged: by On call")
        self.assertIn("The drill passed.", text)
        self.assertEqual(children_of(str(temp)), [])
        self.assertEqual(list(temp.iterdir()), [], "the temporary folder is left behind")
        report = (support.ROOT / "build" / "demo" / "report.md").read_text()
        for words in ("Psychological therapies", "Maternity services", "2 days", "3 days", "TO COMPLETE"):
            self.assertIn(words, report)

    def test_it_takes_everything_with_it_when_it_is_killed(self):
        for how in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(signal=how.name):
                temp, demo = self.run_demo()
                wait_until(lambda temp=temp: any("embargod.yml" in line for line in children_of(str(temp))), 30, "embargod to run")
                time.sleep(0.5)
                demo.send_signal(how)
                demo.communicate(timeout=30)
                wait_until(lambda temp=temp: not children_of(str(temp)), 10, "all programs to end")


if __name__ == "__main__":
    support.main()
