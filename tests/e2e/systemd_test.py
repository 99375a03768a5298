"""The shipped unit under a really booted systemd: this machine's own system, copied by an overlay, in a container without network.

Left out in a chroot, and only there."""

import json
import os
import shutil
import subprocess
import unittest

import support
from support import peers

# Runs inside; one `name=value` line per finding. Nothing here decides: the tests below do.
CHECK = r"""#!/bin/bash
exec 2>/opt/check/errors
say() { printf '%s=%s\n' "$1" "$2" >>/opt/check/results; }
until_true() { for _ in $(seq 100); do "$@" && return 0; sleep 0.1; done; return 1; }
get() { curl -sS --noproxy '*' --max-time 2 "http://127.0.0.1:9750$1"; }
early() { get /api/v1/incidents | jq -e '.items[] | select(.kind == "early")' >/dev/null; }
main_pid() { systemctl show -P MainPID embargod; }
changed_pid() { [ "$(main_pid)" != "$1" ] && [ "$(main_pid)" != 0 ] && [ "$(systemctl is-active embargod)" = active ]; }
reloaded() { [ "$(get /metrics | sed -n 's/^embargod_config_last_reload_successful //p')" = "$1" ]; }

systemctl start embargod; say start $?
say active "$(systemctl is-active embargod)"
say ready "$(curl -s -o /dev/null -w '%{http_code}' --noproxy '*' http://127.0.0.1:9750/-/ready)"
say status "$(systemctl show -P StatusText embargod)"
pid=$(main_pid)
say user "$(stat -c %U "/proc/$pid")"
say capabilities "$(sed -n 's/^CapEff:\t//p' "/proc/$pid/status")"
say no_new_privileges "$(sed -n 's/^NoNewPrivs:\t//p' "/proc/$pid/status")"
say seccomp "$(sed -n 's/^Seccomp:\t//p' "/proc/$pid/status")"
say state_folder "$(stat -c '%U %a' /var/lib/embargod)"
say open_files_in_state "$(find /var/lib/embargod -perm /077 -type f | wc -l)"
in_its_world() { nsenter --target "$pid" --mount "$@"; }
in_its_world setpriv --reuid embargod --regid embargod --clear-groups touch /etc/embargod/x 2>/dev/null; say config_written $?
in_its_world touch /etc/x 2>/dev/null; say etc_written $?
in_its_world touch /usr/x 2>/dev/null; say usr_written $?
say home_seen "$(in_its_world ls /root 2>/dev/null | wc -l)"

echo '<title>x</title><h1>Published early</h1>' >/opt/check/html/page.html
until_true early; say early $?

kill -HUP "$pid"; until_true reloaded 1; say sighup $?
timeout 20 systemctl reload embargod; say reload $?
echo 'nonsense: true' >>/etc/embargod/embargod.yml
timeout 20 systemctl reload embargod; until_true reloaded 0; say bad_reload_kept $?
say active_after_bad_reload "$(systemctl is-active embargod)"
sed -i '/nonsense/d' /etc/embargod/embargod.yml

kill -9 "$pid"; until_true changed_pid "$pid"; say restarted $?
until_true early; say early_after_restart $?
pid=$(main_pid)
# Progress stops, the process lives: the watchdog must end it. (The unit's minute, shortened by a drop-in.)
kill -STOP "$pid"; until_true changed_pid "$pid"; say watchdog_restarted $?
say watchdog_result "$(journalctl -u embargod --no-pager 2>/dev/null | grep -c -i watchdog)"
systemctl stop embargod; say stop $?
say result "$(systemctl show -P Result embargod)"
say exit_code "$(systemctl show -P ExecMainStatus embargod)"
journalctl -u embargod --no-pager -o cat >/opt/check/journal 2>/dev/null
systemctl poweroff
"""

TARGET = """[Unit]
Requires=basic.target systemd-journald.service
After=basic.target
Wants=site.service check.service
"""
SITE = """[Service]
WorkingDirectory=/opt/check/html
ExecStart=/usr/bin/python3 -m http.server 8099 --bind 127.0.0.1
"""
CHECK_SERVICE = """[Unit]
After=site.service
[Service]
Type=oneshot
ExecStart=/opt/check/check.sh
"""
DROP_IN = "[Service]\nWatchdogSec=3s\nRestartSec=200ms\n"


def in_chroot():
    """Our root is not the root of a file system."""
    with open("/proc/self/mountinfo", encoding="ascii", errors="replace") as mounts:
        return not any(fields[4] == "/" and fields[3] == "/" for fields in (line.split() for line in mounts))


class Unit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if in_chroot():
            raise unittest.SkipTest("in a chroot: a container can only be booted from a machine's own root")
        cls.world = support.World("embargod-e2e-")
        cls.addClassCleanup(cls.world.close)
        cls.boot()  # needs CAP_SYS_ADMIN, overlayfs and systemd-nspawn

    @classmethod
    def boot(cls):
        world = cls.world
        cls.root, upper = world.make_folder("root"), world.make_folder("upper")
        cls.mount("-t", "tmpfs", "embargod-test", upper)
        (upper / "data").mkdir()
        (upper / "work").mkdir()
        cls.mount("-t", "overlay", "embargod-test", "-o", f"lowerdir=/,upperdir={upper}/data,workdir={upper}/work", cls.root)
        cls.install()
        booted = subprocess.run(
            ["systemd-nspawn", "--quiet", f"--directory={cls.root}", "--private-network", "--register=no", "--keep-unit", "--boot",
             "systemd.unit=embargod-test.target"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=150, check=False)
        results = cls.root / "opt/check/results"
        if not results.exists():
            raise OSError((booted.stdout + booted.stderr)[-500:])
        cls.found = dict(line.split("=", 1) for line in results.read_text().splitlines())
        for name in ("journal", "errors"):
            file = cls.root / "opt/check" / name
            cls.found[name] = file.read_text(errors="replace") if file.exists() else ""
        print("\n   ", {k: v for k, v in cls.found.items() if k not in ("journal", "errors")})

    @classmethod
    def mount(cls, *arguments):
        subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True)
        cls.world.on_close(lambda: subprocess.run(["umount", "--lazy", str(arguments[-1])], check=False))

    @classmethod
    def install(cls):
        """As deploy/OPERATIONS.md says."""
        def put(source, target, mode=0o644):
            to = cls.root / target
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, to)
            to.chmod(mode)

        def write(target, text, mode=0o644):
            to = cls.root / target
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(text)
            to.chmod(mode)

        deploy = support.ROOT / "deploy"
        for program in ("embargod", "embargoctl"):
            put(peers.binary(program), f"usr/bin/{program}", 0o755)
        put(deploy / "embargod.service", "usr/lib/systemd/system/embargod.service")
        put(deploy / "sysusers.d/embargod.conf", "usr/lib/sysusers.d/embargod.conf")
        put(deploy / "tmpfiles.d/embargod.conf", "usr/lib/tmpfiles.d/embargod.conf")
        write("etc/embargod/embargod.yml", to_block_yaml(support.settings("500ms")))
        write("etc/embargod/releases.yml", support.as_yaml({"releases": [
            support.release("a", [("http://127.0.0.1:8099/page.html", "page")])]}))
        write("etc/systemd/system/embargod.service.d/test.conf", DROP_IN)
        write("etc/systemd/system/embargod-test.target", TARGET)
        write("etc/systemd/system/site.service", SITE)
        write("etc/systemd/system/check.service", CHECK_SERVICE)
        write("opt/check/check.sh", CHECK, 0o755)
        (cls.root / "opt/check/html").mkdir()

    def expect(self, **wanted):
        self.assertEqual({k: self.found.get(k) for k in wanted}, wanted, self.found["errors"] + self.found["journal"][-3000:])

    def test_it_starts_and_says_that_it_is_ready(self):
        self.expect(start="0", active="active", ready="200")
        self.assertIn("1", self.found["status"])

    def test_it_runs_as_nobody_special(self):
        self.expect(user="embargod", capabilities="0000000000000000", no_new_privileges="1", seccomp="2")

    def test_it_can_write_its_own_folder_only(self):
        self.expect(state_folder="embargod 700", open_files_in_state="0", home_seen="0")
        for place in ("config", "etc", "usr"):
            self.assertNotEqual(self.found[f"{place}_written"], "0", place)

    def test_it_sees_an_early_page_through_all_the_hardening(self):
        self.expect(early="0", early_after_restart="0")

    def test_reload_keeps_the_old_config_if_the_new_one_is_bad(self):
        self.expect(sighup="0", reload="0", bad_reload_kept="0", active_after_bad_reload="active")

    def test_systemd_starts_it_again_after_a_kill_and_after_it_hangs(self):
        self.expect(restarted="0", watchdog_restarted="0")

    def test_it_stops_cleanly(self):
        self.expect(stop="0", result="success", exit_code="0")


def to_block_yaml(config):
    """One key a line at the top, so that a line can be appended."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in config.items())


if __name__ == "__main__":
    support.main()
