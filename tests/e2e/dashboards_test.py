"""Dashboards and rules against a running daemon: every metric and label they name is there, and a real Prometheus answers each query."""

import json
import re
import shutil
import time
import unittest
from datetime import datetime, timedelta
from urllib.parse import urlencode

import yaml

import promql
import support
from support import FULL_PAGE, ZONE, FaultSite, get_json, is_state, peers, wait_until

DEPLOY = support.ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "embargod.rules.yml"
BOARDS = {p.stem: json.loads(p.read_text()) for p in sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))}
EXPECTED = {"release-day", "incident", "daemon-health", "blind-time"}
# Prometheus' own; the labels of ALERTS are those of the alerts.
OWN_SERIES = {"up": set(), "ALERTS": {"alertname", "alertstate", "severity", "service", "release", "target", "kind"}}
SCRAPED = {"job", "instance"}


def panels(board):
    return [p for p in BOARDS[board]["panels"] if p["type"] != "row"]


def targets():
    return [(board, panel, target) for board in BOARDS for panel in panels(board) for target in panel["targets"]]


def rules():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def as_promql(expression):
    """As Grafana sends it with everything chosen."""
    for variable, value in (("$__rate_interval", "1m"), ("$__range", "1h"), ("$job", ".*"), ("$release", ".*")):
        expression = expression.replace(variable, value)
    return expression


class Schema(unittest.TestCase):
    def test_the_four_are_there_and_can_be_imported(self):
        self.assertEqual(set(BOARDS), EXPECTED)
        self.assertEqual(len({b["uid"] for b in BOARDS.values()}), 4)
        for name, board in BOARDS.items():
            with self.subTest(board=name):
                self.assertRegex(board["uid"], r"^embargod-[a-z-]{1,30}$")  # Grafana takes 40 characters
                self.assertTrue(board["title"].startswith("embargod: ") and board["description"])
                self.assertGreaterEqual(board["schemaVersion"], 30)
                self.assertNotIn("id", board, "the number in one Grafana means nothing in another")
                self.assertEqual(set(board["time"]), {"from", "to"})
                self.assertIn("datasource", [v["type"] for v in board["templating"]["list"]])

    def test_panels_have_what_the_schema_requires(self):
        for name, board in BOARDS.items():
            ids = [p["id"] for p in board["panels"]]
            self.assertEqual(len(ids), len(set(ids)), name)
            for panel in panels(name):
                with self.subTest(board=name, panel=panel["title"]):
                    self.assertIn(panel["type"], ("stat", "table", "timeseries", "state-timeline"))
                    self.assertTrue(panel["title"] and panel["description"])
                    self.assertEqual(panel["datasource"], {"type": "prometheus", "uid": "${datasource}"})
                    self.assertTrue(panel["fieldConfig"]["defaults"]["unit"])
                    self.assertEqual(set(panel["fieldConfig"]), {"defaults", "overrides"})
                    refs = [t["refId"] for t in panel["targets"]]
                    self.assertEqual(refs, list("ABCDEFGH"[:len(refs)]))
                    self.assertTrue(refs and all(t["expr"] and t["datasource"] == panel["datasource"] for t in panel["targets"]))

    def test_panels_do_not_overlap(self):
        for name, board in BOARDS.items():
            taken = {}
            for panel in board["panels"]:
                at = panel["gridPos"]
                self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
                for cell in ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])):
                    self.assertNotIn(cell, taken, f"{name}: {panel['title']} lies over {taken.get(cell)}")
                    taken[cell] = panel["title"]

    def test_variables_that_are_used_are_defined(self):
        for name, board in BOARDS.items():
            defined = {v["name"] for v in board["templating"]["list"]} | {"__rate_interval", "__range"}
            used = set(re.findall(r"\$\{?(\w+)", json.dumps([board["panels"], board["annotations"]])))
            self.assertEqual(used - defined, {"__all"} & used, name)

    def test_provisioning_files_say_what_grafana_needs(self):
        folder = DEPLOY / "grafana" / "provisioning"
        source = yaml.safe_load((folder / "datasources" / "embargod.yml").read_text())
        self.assertEqual((source["apiVersion"], source["datasources"][0]["type"]), (1, "prometheus"))
        self.assertEqual(source["datasources"][0]["url"], "$PROMETHEUS_URL")
        provider = yaml.safe_load((folder / "dashboards" / "embargod.yml").read_text())
        self.assertEqual((provider["apiVersion"], provider["providers"][0]["type"]), (1, "file"))
        self.assertTrue(provider["providers"][0]["options"]["path"].startswith("/"))


class PromqlNames(unittest.TestCase):
    def test_what_an_expression_names(self):
        for text, series, labels in (
                ('a', [("a", set())], set()),
                ('sum by (x, y) (rate(a{b="c) d", e=~"f"}[5m] offset 1h))', [("a", {"b", "e"})], {"x", "y"}),
                ('sum(a) without (x) / on (y) group_left (z) up{j!="k"} or vector(0)', [("a", set()), ("up", {"j"})], {"x", "y", "z"}),
                ('time() - r:a_b:max > bool 3e2 and -inf < count(q)', [("r:a_b:max", set()), ("q", set())], set())):
            found = promql.names(text)
            self.assertEqual((found.series, found.labels), (series, labels), text)
        for text in ('sum by (a', 'a{b="c"', 'a # b'):
            self.assertRaises(ValueError, promql.names, text)


def in_two_days(**more):
    """A date in the schedule's form; on a Saturday, so that lint has something to say."""
    day = datetime.now(ZONE).date() + timedelta(days=3)
    while day.weekday() != 5:
        day += timedelta(days=1)
    return {"due": f"{day} 09:30", **more}


class Watched:
    """A site with one page out early and one that hangs, a calendar, a listing and bank holidays; embargod and Prometheus look on."""

    def __init__(self, world):
        site, dark = peers.Nginx(world), FaultSite("127.0.0.7", "hang")
        world.on_close(dark.close)
        site.publish("/calendar.json", json.dumps({"items": [{"id": "b", "title": "Title of b", "due": "2036-06-10 09:30"}]}))
        site.publish("/news.atom", "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><entry><title>Old</title>"
                     f"<link href='{site.url}/old'/><updated>2036-01-01T00:00:00Z</updated></entry></feed>")
        site.publish("/bank-holidays.json", json.dumps(
            {n: {"division": n, "events": [{"title": "A day", "date": "2036-12-25", "notes": "", "bunting": True}]}
             for n in ("england-and-wales", "scotland", "northern-ireland")}))
        self.hook = peers.Receiver().start()
        world.on_close(self.hook.stop)
        config = support.settings("300ms", webhooks=[{"url": self.hook.url + "/hook"}], blind_after="1s", timeout="1s")
        config["schedules"].append({"url": site.url + "/calendar.json", "format": "json", "name": "team"})
        config["discovery"] = [{"name": "news", "url": site.url + "/news.atom", "kind": "feed", "interval": "10s"}]
        config["alerts"].update(canary={"interval": "5s"}, dead_man={"url": self.hook.url + "/ping", "interval": "1s"})
        config["lint"] = {"bank_holidays_url": site.url + "/bank-holidays.json"}
        releases = [support.release("a", [(site.url + "/a", "page")]), {**support.release("b", [(site.url + "/b", "page")]), **in_two_days()},
                    support.release("dark", [(dark.url + "/dark", "page")])]
        self.daemon = peers.Embargod(world, support.as_yaml(config), support.as_yaml({"releases": releases})).start()
        wait_until(is_state(self.daemon, "b/page", "absent"), 10, "the page to be seen absent")
        site.publish("/a.html", FULL_PAGE)
        self.prometheus = self.start_prometheus(world)
        # Over within seconds: its webhook accepts, and somebody acknowledges at once.
        self.drill = json.loads(self.daemon.post("/api/v1/drills", {"by": "Duty officer", "ack_within_seconds": 60})[1])["id"]
        wait_until(lambda: self.daemon.post(f"/api/v1/incidents/{self.drill}/ack", {"by": "On call"})[0] == 200, 30, "the drill")

    def start_prometheus(self, world):
        for name in ("prometheus.yml", "embargod.rules.yml"):
            shutil.copy(DEPLOY / "prometheus" / name, world.path("prometheus", name))
        rules_file = world.path("prometheus", "embargod.rules.yml")
        rules_file.write_text(rules_file.read_text().replace("interval: 15s", "interval: 1s"))
        config = (DEPLOY / "prometheus" / "prometheus.yml").read_text()
        config = config.replace("127.0.0.1:9750", f"127.0.0.1:{self.daemon.port}").replace("15s", "1s").replace("5s", "1s")
        return peers.Prometheus(world, config[:config.index("alerting:")] + config[config.index("scrape_configs:"):])


class AgainstADaemon(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        world = support.World("embargod-e2e-")
        cls.addClassCleanup(world.close)
        try:
            cls.world = Watched(world)
            cls.prometheus, cls.daemon = cls.world.prometheus, cls.world.daemon
            wait_until(lambda: cls.prometheus.query('embargod_incident_active{release="dark",kind="blind"} == 1'), 20, "the dark site to be blind")
            wait_until(lambda: cls.prometheus.query('ALERTS{alertname="EmbargoEarlySeenByPrometheus",alertstate="firing"}'), 20, "an early alert")
            wait_until(lambda: cls.prometheus.query('increase(embargod_target_blind_seconds_total{cause="timeout"}[1h]) > 0'), 20, "blind time")
            wait_until(lambda: cls.prometheus.query("embargod_bank_holidays_last_success_timestamp_seconds"), 20, "bank holidays")
            wait_until(lambda: cls.prometheus.query("embargod_drill_last_passed_timestamp_seconds"), 30, "the drill to pass")
            wait_until(lambda: cls.prometheus.query("embargod_canary_last_success_timestamp_seconds"), 60, "the canary")
            wait_until(lambda: cls.prometheus.query("embargod_dead_man_last_success_timestamp_seconds"), 30, "the dead man's switch")
            wait_until(lambda: cls.prometheus.query("embargod_discovery_last_success_timestamp_seconds"), 20, "the listing")
            wait_until(lambda: cls.prometheus.query('embargod_schedule_last_success_timestamp_seconds{source="team"}'), 20, "the calendar")
        except Exception:
            support.show_logs(world)
            raise
        cls.has = cls.labels_of_metrics()

    @classmethod
    def labels_of_metrics(cls):
        """Of all that can be asked for: name -> labels."""
        has = {name: labels | SCRAPED for name, labels in OWN_SERIES.items()}
        for line in peers.request("GET", cls.daemon.url + "/metrics")[2].splitlines():
            if line and not line.startswith("#"):
                name, labels = re.match(r"^([a-z_]+)(?:\{(.*)\})? ", line).groups()
                has.setdefault(name, set(SCRAPED)).update(re.findall(r'(\w+)="', labels or ""))
        for rule in rules():
            if "record" in rule:
                has[rule["record"]] = promql.names(rule["expr"]).labels
        return has

    def check_names(self, expression):
        found = promql.names(as_promql(expression))
        self.assertTrue(found.series, expression)
        known = set()
        for name, labels in found.series:
            self.assertIn(name, self.has, "no such metric: " + expression)
            self.assertEqual(labels - self.has[name], set(), f"{name} has no such label: {expression}")
            known |= self.has[name]
        self.assertEqual(found.labels - known, set(), f"none of its metrics has that label: {expression}")
        return known

    def test_every_panel_names_metrics_that_are_there_with_their_labels(self):
        for board, panel, target in targets():
            with self.subTest(board=board, panel=panel["title"]):
                self.check_names(target["expr"])

    def test_every_rule_names_metrics_that_are_there_with_their_labels(self):
        for rule in rules():
            with self.subTest(rule=rule.get("alert", rule.get("record"))):
                known = self.check_names(rule["expr"])
                shown = set(re.findall(r"\$labels\.(\w+)", json.dumps(rule.get("annotations", {}))))
                self.assertEqual(shown - known, set())

    def test_variables_and_marks_of_time_name_what_is_there(self):
        for name, board in BOARDS.items():
            for mark in board["annotations"]["list"]:
                self.check_names(mark["expr"])
                self.assertTrue(self.prometheus.query(as_promql(mark["expr"])), name)
            for variable in board["templating"]["list"]:
                if variable["type"] == "query":
                    series, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"]).groups()
                    self.assertIn(label, self.check_names(series))

    def test_every_metric_of_the_daemon_is_on_a_dashboard(self):
        recorded = {r["record"]: [n for n, _ in promql.names(r["expr"]).series] for r in rules() if "record" in r}
        shown = set()
        for _, _, target in targets():
            for name, _ in promql.names(as_promql(target["expr"])).series:
                shown |= set(recorded.get(name, [name]))
        families = set(re.findall(r"^# TYPE (\S+)", peers.request("GET", self.daemon.url + "/metrics")[2], re.M))
        self.assertEqual(families - {re.sub(r"_bucket$", "", n) for n in shown}, set())

    def ask(self, target):
        """As Grafana asks: one instant for numbers and tables, a range for what is drawn over time."""
        query = as_promql(target["expr"])
        if target.get("instant"):
            return self.prometheus.query(query)
        now = time.time()
        asked = urlencode({"query": query, "start": now - 10, "end": now, "step": 1})
        return get_json(f"{self.prometheus.url}/api/v1/query_range?{asked}")["data"]["result"]

    def test_prometheus_answers_every_query_with_data(self):
        lines = []
        for board, panel, target in targets():
            with self.subTest(board=board, panel=panel["title"], query=target["expr"]):
                found = wait_until(lambda t=target: self.ask(t), 20, "data")
                values = [s["value"][1] if "value" in s else s["values"][-1][1] for s in found]
                self.assertNotEqual(set(values), {"NaN"})
                wanted = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
                for one in found:
                    self.assertEqual(wanted - set(one["metric"]), set(), "the legend names a label that is not there")
                first = dict(found[0]["metric"], value=values[0])
                lines.append(f"    {board:14} {panel['title'][:34]:34} {len(found):3}  "
                             + " ".join(f"{k}={str(v)[:24]}" for k, v in first.items() if k not in ("__name__", "job")))
        print("\n" + "\n".join(lines))


if __name__ == "__main__":
    support.main()
