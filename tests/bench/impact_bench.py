#!/usr/bin/env python3
"""A combined log of 1 GB on one core: `embargoctl impact` beside goaccess, grep -c and wc -l. Time, MB/s and peak memory, side by side.

Usage: tests/bench/impact_bench.py [--megabytes=1000] [--bin=build/release/bin] [--rounds=3]

Alone on the machine: each program runs on one core (taskset) with the file in the page cache, its best round counts. A measurement, not a test.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import tempfile
import time

PATHS = ["/", "/statistics", "/assets/site.css", "/assets/logo.svg", "/search?q=waiting+times", "/statistics/waiting-times/january-2018",
         "/statistics/deaths/weekly-%d", "/files/%02d/table-%d.csv", "/api/v2/series/%d?from=2010", "/news/%d/%d"]
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/7.88.1", "embargod/0.1.0"]
TARGET = "/statistics/waiting-times/january-2018"
INCIDENT = {"id": "01BENCH", "kind": "early", "title": "Waiting times, January 2018", "targets": [
    {"target": "waiting/page", "url": "https://www.example.org" + TARGET, "role": "page", "spans": [
        {"went_live": {"earliest": "2018-04-23T06:00:00.000Z", "latest": "2018-04-23T06:00:05.000Z"},
         "went_down": {"earliest": "2018-04-23T18:00:00.000Z", "latest": "2018-04-23T18:00:05.000Z"},
         "time_up": {"shortest_seconds": 43195.0, "longest_seconds": 43205.0}, "basis": "as_served", "ended_by": "absence"}]}]}


def write_log(path, megabytes):
    """A day of requests, evenly spread. Blocks of 20,000 lines differ by their time only, so that writing is quick."""
    rng = random.Random(1)
    lines = []
    for _ in range(20_000):
        path_asked = rng.choice(PATHS)
        path_asked = path_asked.replace("%02d", f"{rng.randrange(100):02d}")
        while "%d" in path_asked:
            path_asked = path_asked.replace("%d", str(rng.randrange(1, 5_000)), 1)
        client = f"{rng.randrange(1, 224)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}"
        lines.append((f"{client} - - [", f' +0000] "GET {path_asked} HTTP/1.1" {rng.choice([200] * 9 + [304, 404])} {rng.randrange(200, 90_000)} '
                                         f'"https://www.example.org/" "{rng.choice(AGENTS)}"\n'))
    size = sum(len(a) + 20 + len(b) for a, b in lines)
    blocks = max(1, megabytes * 1_000_000 // size)
    with open(path, "w", encoding="ascii") as log:
        for block in range(blocks):
            begin = 86_400 * block / blocks
            step = 86_400 / blocks / len(lines)
            log.write("".join(f"{a}23/Apr/2018:{clock(begin + i * step)}{b}" for i, (a, b) in enumerate(lines)))
    return os.path.getsize(path)


def clock(seconds):
    s = int(seconds)
    return f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


def run(command):
    """Seconds and peak memory in MiB."""
    began = time.monotonic()
    # Not /dev/null, where grep would stop at the first match.
    child = subprocess.Popen(["taskset", "-c", "0"] + command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    peak = 0
    while child.poll() is None:
        peak = max(peak, high_water(child.pid))
        time.sleep(0.002)
    took = time.monotonic() - began
    if child.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} failed: {child.stdout.read().decode()}")
    return took, peak / 1024


def high_water(pid):
    """VmHWM in KiB: getrusage() would tell of this interpreter, from which the program was forked."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--bin", default="build/release/bin")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log, incident = folder + "/access.log", folder + "/incident.json"
        with open(incident, "w", encoding="ascii") as out:
            json.dump(INCIDENT, out)
        size = write_log(log, options.megabytes)
        with open(log, "rb") as warm:
            while warm.read(1 << 24):
                pass
        programs = {
            "embargoctl impact": [options.bin + "/embargoctl", "impact", "--incident-file=" + incident, "--log=" + log],
            "goaccess": ["goaccess", log, "--log-format=COMBINED", "--no-global-config", "-o", folder + "/out.json"],
            "grep -c": ["grep", "-c", TARGET, log],
            "wc -l": ["wc", "-l", log],
        }
        print(f"{size / 1e6:.0f} MB, {subprocess.check_output(['wc', '-l', log]).split()[0].decode()} lines, best of {options.rounds}")
        for name, command in programs.items():
            best = min(run(command) for _ in range(options.rounds))
            print(f"{name:18} {best[0]:7.2f} s {size / 1e6 / best[0]:8.0f} MB/s {best[1]:8.1f} MiB at most")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
