"""What is shipped beside the binaries: rules, routes, unit, runbook. No daemon runs here.

The dashboards have dashboards_test.py."""

import re
import shutil
import subprocess
import unittest

import yaml

import support
from prometheus_test import ADDED, METRICS

DEPLOY = support.ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "embargod.rules.yml"
ROUTES = DEPLOY / "alertmanager" / "alertmanager.yml"
OWN_ALERTS = {"EmbargoEarly", "EmbargoSuspect", "EmbargoLate", "EmbargoIncomplete", "EmbargoWrongContent", "EmbargoGap",
              "EmbargoUnscheduled", "EmbargoBlind", "EmbargoBlindNearDue", "EmbargoScheduleDrift", "EmbargoRehearsal",
              "EmbargodWatchdog"}


def run(*command, cwd=None):
    done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=180,
                          cwd=cwd)
    return done.returncode, done.stdout + done.stderr


def rule_names():
    return re.findall(r"^\s+- alert: (\w+)$", RULES.read_text(), re.M)


def seconds(text):
    return sum(int(n) * {"s": 1, "m": 60, "h": 3600}[unit] for n, unit in re.findall(r"(\d+)([smh])", text))


def metrics_in(expression):
    return {re.sub(r"_(bucket|sum|count)$", "", m) if "duration" in m else m
            for m in re.findall(r"(?<![:\w])embargod_[a-z_]+\b(?!:)", expression)}


class Prometheus(unittest.TestCase):
    def test_rules_and_scrape_config_are_valid(self):
        for check in (("rules", RULES), ("config", DEPLOY / "prometheus" / "prometheus.yml")):
            code, out = run("promtool", "check", *check)
            self.assertEqual(code, 0, out)

    def test_rules_do_what_their_tests_say(self):
        code, out = run("promtool", "test", "rules", *sorted(RULES.parent.glob("*.test.yml")), cwd=RULES.parent)
        self.assertEqual(code, 0, out)

    def test_every_rule_has_a_test_of_both_sides_of_its_boundary(self):
        """Within one test: silent, and at most a minute later firing. Else the rule could fire always."""
        silent, fires = {}, {}
        cases = [c for f in sorted(RULES.parent.glob("*.test.yml")) for c in yaml.safe_load(f.read_text())["tests"]]
        for case in cases:
            for looked in case.get("promql_expr_test", []):
                name = re.match(r'ALERTS\{alertname="(\w+)",alertstate="firing"', looked["expr"])
                if name:
                    table = fires if looked["exp_samples"] else silent
                    table.setdefault((name.group(1), case["name"]), []).append(seconds(looked["eval_time"]))
        tight = {key[0] for key, times in fires.items() for t in times if any(0 < t - s <= 60 for s in silent.get(key, []))}
        self.assertEqual(set(rule_names()) - tight, set())

    def test_every_recording_rule_has_a_test(self):
        cases = yaml.safe_load((RULES.parent / "embargod.rules.test.yml").read_text())["tests"]
        asked = {looked["expr"] for case in cases for looked in case.get("promql_expr_test", []) if looked["exp_samples"]}
        for name in re.findall(r"- record: (\S+)", RULES.read_text()):
            self.assertRegex(name, r"^[a-z_]+:embargod_[a-z_]+:[a-z0-9_]+$")
            self.assertIn(name, asked)

    def test_every_rule_says_what_it_must(self):
        for group in yaml.safe_load(RULES.read_text())["groups"]:
            for rule in group["rules"]:
                if "alert" not in rule:
                    continue
                self.assertIn(rule["labels"]["severity"], ("page", "ticket"), rule["alert"])
                self.assertEqual(set(rule["annotations"]), {"summary", "description", "runbook_url"}, rule["alert"])
                self.assertNotRegex(rule["expr"], r"\b[a-z_]+:embargod", "an alert must not wait for another group")

    def test_no_rule_has_the_name_of_an_alert_that_embargod_sends(self):
        self.assertEqual(set(rule_names()) & OWN_ALERTS, set())
        self.assertEqual(len(rule_names()), len(set(rule_names())))

    def test_rules_use_metrics_that_exist(self):
        self.assertEqual(metrics_in(RULES.read_text()) - set(METRICS) - set(ADDED), set())


class Alertmanager(unittest.TestCase):
    def test_config_is_valid(self):
        code, out = run("amtool", "check-config", ROUTES)
        self.assertEqual(code, 0, out)

    def test_routes(self):
        for labels, receiver in (
                ("alertname=EmbargoEarly severity=page service=embargod release=a", "on-call"),
                ("alertname=EmbargoEarly severity=info release=a", "on-call"),  # whatever somebody made of its severity
                ("alertname=EmbargoEarlySeenByPrometheus severity=page release=a", "on-call"),
                ("alertname=EmbargoRehearsal severity=ticket release=a", "tickets"),
                ("alertname=EmbargoEarlyIncidentOpen severity=page release=a", "on-call"),
                ("alertname=EmbargoBlindNearDue severity=page site=a", "on-call"),
                ("alertname=EmbargodDown severity=page", "on-call"),
                ("alertname=EmbargodAbsent severity=page", "on-call"),
                ("alertname=EmbargodOutboxStuck severity=page", "on-call"),
                ("alertname=SomethingNew severity=page", "on-call"),
                ("alertname=EmbargoBlind severity=ticket site=a", "tickets"),
                ("alertname=EmbargoSuspect severity=ticket release=a", "tickets"),
                ("alertname=EmbargoLate severity=ticket release=a", "tickets"),
                ("alertname=EmbargoLateIncidentOpen severity=ticket release=a", "tickets"),
                ("alertname=EmbargoScheduleDrift severity=ticket release=a", "tickets"),
                ("alertname=EmbargodScheduleStale severity=ticket source=a", "tickets"),
                ("alertname=EmbargodScheduleOdd severity=ticket code=weekend", "tickets"),
                ("alertname=EmbargodBankHolidaysStale severity=ticket", "tickets"),
                ("alertname=EmbargodListingStale severity=ticket listing=a", "tickets"),
                ("alertname=SomethingWithoutSeverity", "tickets"),
                ("alertname=EmbargodWatchdog severity=info service=embargod", "dead-mans-switch")):
            with self.subTest(labels=labels):
                code, out = run("amtool", "config", "routes", "test", f"--config.file={ROUTES}", f"--verify.receivers={receiver}",
                                *labels.split())
                self.assertEqual(code, 0, out)

    def test_every_alert_goes_where_its_severity_says(self):
        for name, severity in re.findall(r"- alert: (\w+)$.*?severity: (\w+)", RULES.read_text(), re.M | re.S):
            with self.subTest(alert=name):
                code, out = run("amtool", "config", "routes", "test", f"--config.file={ROUTES}",
                                f"--verify.receivers={'on-call' if severity == 'page' else 'tickets'}",
                                f"alertname={name}", f"severity={severity}", "release=a")
                self.assertEqual(code, 0, out)

    def test_what_pages_waits_for_nothing_and_is_never_muted(self):
        root = yaml.safe_load(ROUTES.read_text())["route"]
        self.assertEqual(root["group_by"], ["alertname", "release"])
        urgent = [r for r in root["routes"] if r["receiver"] == "on-call"]
        self.assertEqual([r["matchers"] for r in urgent], [['alertname=~"EmbargoEarly.*"'], ['severity="page"']])
        for route in urgent:
            self.assertEqual((route["group_wait"], route["group_interval"], route["repeat_interval"]), ("0s", "1m", "15m"))
        for route in [root, *root["routes"]]:
            self.assertEqual({"mute_time_intervals", "active_time_intervals"} & set(route), set())

    def test_an_early_alert_is_never_inhibited(self):
        for rule in yaml.safe_load(ROUTES.read_text())["inhibit_rules"]:
            for matcher in rule["target_matchers"]:
                # A plain alternation of names: what cannot be read here cannot be shown to spare the early alerts.
                names = re.fullmatch(r'alertname=~?"([\w|]+)"', matcher)
                self.assertIsNotNone(names, matcher)
                self.assertEqual([n for n in names.group(1).split("|") if "Early" in n], [])

    def test_no_secret_stands_in_it(self):
        for receiver in yaml.safe_load(ROUTES.read_text())["receivers"]:
            for hook in receiver["webhook_configs"]:
                self.assertRegex(hook["url"], r"^https://[a-z-]+\.example\.org/[a-z]+$")
                self.assertIn("credentials_file", hook["http_config"]["authorization"])
        self.assertNotRegex(ROUTES.read_text(), r"(?m)^\s*#?\s*-?\s*\{?(routing_key|api_url|auth_password|credentials|bearer_token):")

    def test_what_is_commented_out_works_once_it_is_taken_in(self):
        text = re.sub(r"(?m)^( *)# (mute_time|pagerduty_configs|slack_configs|  - \{routing|  - \{api_url|time_intervals|  )", r"\1\2",
                      ROUTES.read_text())
        taken = yaml.safe_load(text)
        self.assertEqual([i["location"] for i in taken["time_intervals"][0]["time_intervals"]], ["Europe/London"] * 2)
        self.assertEqual([r.get("mute_time_intervals") for r in taken["route"]["routes"]], [None] * 4 + [["outside-office-hours"]])
        self.assertTrue(taken["receivers"][0]["pagerduty_configs"] and taken["receivers"][1]["slack_configs"])
        with support.World("embargod-e2e-") as world:
            code, out = run("amtool", "check-config", world.write("alertmanager.yml", text))
            self.assertEqual(code, 0, out)

    def test_every_alert_that_is_named_exists(self):
        named = set(re.findall(r"\bEmbargod?[A-Z]\w+", ROUTES.read_text()))
        self.assertEqual(named - OWN_ALERTS - set(rule_names()), set())


class Runbook(unittest.TestCase):
    def setUp(self):
        self.text = (DEPLOY / "OPERATIONS.md").read_text()
        self.anchors = {re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", self.text, re.M)}

    def test_every_alert_has_its_heading(self):
        for name in OWN_ALERTS | set(rule_names()):
            self.assertIn(name.lower(), self.anchors)

    def test_every_link_leads_somewhere(self):
        urls = re.findall(r"runbook_url: (\S+)", RULES.read_text())
        self.assertEqual(len(urls), len(rule_names()))
        for name, url in zip(rule_names(), urls):
            self.assertEqual(url, f"deploy/OPERATIONS.md#{name.lower()}")
        for anchor in re.findall(r"\(#([\w-]+)\)", self.text):
            self.assertIn(anchor, self.anchors)
        for path in re.findall(r"`(deploy/[\w./-]+)`", self.text):
            self.assertTrue((support.ROOT / path).exists(), path)


class Unit(unittest.TestCase):
    UNIT = DEPLOY / "embargod.service"

    def test_it_is_as_hard_as_it_was(self):
        code, out = run("systemd-analyze", "security", "--offline=true", "--threshold=11", "--no-pager", self.UNIT)
        print("\n   ", re.search(r"Overall exposure level.*", out).group(0))
        self.assertEqual(code, 0, out)

    def test_systemd_understands_every_line(self):
        with support.World("embargod-e2e-") as world:
            # Only the program's path is another: it need not be installed here.
            unit = world.write("embargod.service", re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", self.UNIT.read_text()))
            code, out = run("systemd-analyze", "verify", "--man=no", unit)
            said = [line for line in out.splitlines() if "embargod.service" in line]
            self.assertEqual((code, said), (0, []), out)

    def test_users_and_folders_are_understood(self):
        with support.World("embargod-e2e-") as world:
            root = world.make_folder("root", "etc").parent
            for kind in ("passwd", "group"):
                shutil.copy(f"/etc/{kind}", root / "etc" / kind)
            code, out = run("systemd-sysusers", f"--root={root}", DEPLOY / "sysusers.d" / "embargod.conf")
            self.assertEqual(code, 0, out)
            self.assertIn("embargod:", (root / "etc" / "passwd").read_text())
            code, out = run("systemd-tmpfiles", "--create", f"--root={root}", DEPLOY / "tmpfiles.d" / "embargod.conf")
            self.assertEqual(code, 0, out)
            self.assertEqual((root / "etc" / "embargod").stat().st_mode & 0o777, 0o750)


if __name__ == "__main__":
    support.main()
