"""/metrics as the contract has it, and a real Prometheus that scrapes it with the shipped rules."""

import re
import shutil
import subprocess

import support
from support import FULL_PAGE, LIVENESS, is_state, peers, series, wait_until

# design.md 5.4; the second part: the labels that each series has, in any order.
METRICS = {
    "embargod_build_info": None,
    "embargod_config_last_reload_successful": set(),
    "embargod_config_last_reload_success_timestamp_seconds": set(),
    "embargod_schedule_last_success_timestamp_seconds": {"source"},
    "embargod_release_info": {"release", "title"},
    "embargod_release_due_timestamp_seconds": {"release"},
    "embargod_target_state": {"release", "target", "state"},
    "embargod_target_last_conclusive_timestamp_seconds": {"release", "target"},
    "embargod_incident_active": {"release", "kind"},
    "embargod_incidents_total": {"kind"},
    "embargod_probes_total": {"outcome"},
    "embargod_probe_duration_seconds": set(),
    "embargod_blind_seconds_total": {"release"},
    "embargod_scheduler_lag_seconds": set(),
    "embargod_clock_error_seconds": set(),
    "embargod_outbox_pending": set(),
    "embargod_notifications_total": {"receiver", "outcome"},
    "embargod_heartbeat_timestamp_seconds": set(),
}
ADDED = {  # beyond the contract
    "embargod_tzdata_ok": set(),
    "embargod_schedule_interval_seconds": {"source"},
    "embargod_schedule_lint_findings": {"severity", "code"},
    "embargod_schedule_lint_timestamp_seconds": set(),
    "embargod_bank_holidays_url_configured": set(),
    "embargod_bank_holidays_last_success_timestamp_seconds": set(),
    "embargod_discovery_last_success_timestamp_seconds": {"listing"},
    "embargod_discovery_interval_seconds": {"listing"},
    "embargod_discovery_failing": {"listing"},
    "embargod_discovery_known_entries": {"listing"},
    "embargod_discovery_matches": {"listing"},
    "embargod_target_blind_seconds_total": {"release", "target", "cause"},
    "embargod_dead_man_last_success_timestamp_seconds": set(),
    "embargod_canary_last_success_timestamp_seconds": set(),
    "embargod_canary_failures_total": set(),
    "embargod_drill_last_passed_timestamp_seconds": set(),
    "embargod_drill_last_accepted_timestamp_seconds": {"receiver"},
    "embargod_drill_seconds": {"step"},
    "embargod_rehearsal_active": {"release"},
    "embargod_evidence_log_leaves": set(),
    "embargod_evidence_log_sound": set(),
    "embargod_evidence_log_last_signed_timestamp_seconds": set(),
}
KINDS = {"early", "suspect", "late", "incomplete", "wrong_content", "gap", "unscheduled", "blind", "drift"}


class Metrics(support.E2E):
    def setUp(self):
        super().setUp()
        self.site = peers.Nginx(self.world)
        self.hook = peers.Receiver().start()
        self.addCleanup(self.hook.stop)
        config = support.settings(webhooks=[{"url": self.hook.url + "/hook"}])
        self.watched = self.daemon([support.release("a", [(self.site.url + "/a", "page")], title='A "title" \\ of <its> own'),
                                    support.release("b", [(self.site.url + "/b", "page")], days=3)], config).start()
        wait_until(is_state(self.watched, "a/page", "absent"), 10, "the page to be seen absent")
        wait_until(is_state(self.watched, "b/page", "absent"), 10, "the page to be seen absent")

    def test_every_metric_is_there_with_its_labels_and_nothing_else(self):
        status, headers, text = peers.request("GET", self.watched.url + "/metrics")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"].replace(" ", ""), "text/plain;version=0.0.4;charset=utf-8")
        families = set(re.findall(r"^# TYPE (\S+)", text, re.M))
        self.assertEqual(set(METRICS) - families, set(), "missing metrics")
        known = {**METRICS, **ADDED}
        self.assertEqual(families - set(known), set(), "unknown metrics")
        for line in text.splitlines():
            if line.startswith("#") or not line:
                continue
            name, labels = re.match(r"^([a-z_]+)(?:\{(.*)\})? ", line).groups()
            family = re.sub(r"_(bucket|sum|count)$", "", name) if "duration" in name else name
            if known[family] is not None:
                keys = set(re.findall(r'(\w+)="', labels or "")) - ({"le"} if name.endswith("_bucket") else set())
                self.assertEqual(keys, known[family], line)
            self.assertNotIn("http://", line)

    def test_known_series_exist_from_the_start_with_zero(self):
        metrics = self.watched.metrics()
        for kind in KINDS:
            self.assertEqual(metrics[series("embargod_incidents_total", kind=kind)], 0)
        for outcome in LIVENESS:
            self.assertIn(series("embargod_probes_total", outcome=outcome), metrics)
            self.assertEqual(metrics[support.state_series("a/page", outcome)], 1 if outcome == "absent" else 0)
        for outcome in ("accepted", "retried", "rejected"):
            self.assertTrue([m for m in metrics if m.startswith("embargod_notifications_total") and f'outcome="{outcome}"' in m])

    def test_promtool_finds_nothing_to_say(self):
        text = peers.request("GET", self.watched.url + "/metrics")[2]
        lint = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False, timeout=20)
        self.assertEqual((lint.returncode, lint.stdout.strip(), lint.stderr.strip()), (0, "", ""))

    def test_prometheus_scrapes_and_its_rules_see_an_early_page(self):
        shipped = (support.ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text()
        shutil.copy(support.ROOT / "deploy" / "prometheus" / "embargod.rules.yml", self.world.path("prometheus", "embargod.rules.yml"))
        rules = self.world.path("prometheus", "embargod.rules.yml")
        rules.write_text(rules.read_text().replace("interval: 15s", "interval: 1s"))
        config = shipped.replace("127.0.0.1:9750", f"127.0.0.1:{self.watched.port}").replace("15s", "1s").replace("5s", "1s")
        config = config[:config.index("alerting:")] + config[config.index("scrape_configs:"):]
        prometheus = peers.Prometheus(self.world, config)
        wait_until(lambda: prometheus.query('up{job="embargod"} == 1'), 20, "a good scrape")
        self.assertEqual(len(prometheus.query("embargod_build_info")), 1)
        self.assertEqual(len(prometheus.query('embargod_target_state{state="absent"} == 1')), 2)
        self.assertEqual(prometheus.query('ALERTS{alertstate="firing"}'), [])
        self.site.publish("/a.html", FULL_PAGE)
        for alert in ("EmbargoEarlySeenByPrometheus", "EmbargoEarlyIncidentOpen"):
            found = wait_until(lambda a=alert: prometheus.query(f'ALERTS{{alertname="{a}",alertstate="firing"}}'), 20, alert)
            self.assertEqual(found[0]["metric"]["release"], "a")
        self.assertEqual(len(found), 1)
        self.watched.child.kill9()
        wait_until(lambda: prometheus.query('ALERTS{alertname="EmbargodDown"}'), 20, "EmbargodDown to be pending")


if __name__ == "__main__":
    support.main()
