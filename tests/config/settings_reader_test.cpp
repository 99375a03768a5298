#include <gmock/gmock.h>

#include <fstream>

#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using testing::HasSubstr;

const std::string kLeast = "producer: {name: Example Statistics Agency}\nschedules: [{file: releases.yml}]\n";

Settings settings_of(const std::string& more, const std::string& folder = "") {
  auto settings = read_settings(kLeast + more, "embargod.yml", folder);
  EXPECT_TRUE(settings) << fault_lines(settings);
  return settings.value_or(Settings{});
}

std::string settings_faults(const std::string& more) {
  return fault_lines(read_settings(kLeast + more, "embargod.yml", ""));
}

class ConfigFolder : public TempFolder {
 public:
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream{*this / name, std::ios::binary} << bytes;
  }
};

TEST(ReadSettings, DefaultsAreThoseOfTheContract) {
  const Settings s = settings_of("");
  EXPECT_EQ(s.file, "embargod.yml");
  EXPECT_EQ(s.producer.name, "Example Statistics Agency");
  EXPECT_EQ(s.code_edition, "3.0");
  EXPECT_EQ(s.timezone, "Europe/London");
  EXPECT_EQ(s.polling.interval, Millis{60'000});
  EXPECT_EQ(s.polling.near.within, Millis{86'400'000});
  EXPECT_EQ(s.polling.near.interval, Millis{15'000});
  EXPECT_EQ(s.polling.window.before, Millis{900'000});
  EXPECT_EQ(s.polling.window.after, Millis{900'000});
  EXPECT_EQ(s.polling.window.interval, Millis{2'000});
  EXPECT_EQ(s.polling.incident_interval, Millis{2'000});
  EXPECT_EQ(s.polling.timeout, Millis{10'000});
  EXPECT_EQ(s.polling.per_host.rate, 3);
  EXPECT_EQ(s.polling.per_host.burst, 20);
  EXPECT_EQ(s.polling.per_host.connections, 4);
  EXPECT_TRUE(s.polling.allow_addresses.empty());
  EXPECT_EQ(s.polling.proxy, "");
  EXPECT_EQ(s.polling.grace, Millis{180'000});
  EXPECT_EQ(s.polling.blind_after, Millis{300'000});
  EXPECT_TRUE(s.clock.ntp_servers.empty());
  EXPECT_EQ(s.clock.assumed_error, Millis{1'000});
  EXPECT_TRUE(s.alerts.alertmanagers.empty() && s.alerts.webhooks.empty() && s.alerts.emails.empty());
  EXPECT_EQ(s.storage.path, "/var/lib/embargod");
  EXPECT_EQ(s.storage.retention, Millis{std::int64_t{400} * 86'400'000});
  EXPECT_EQ(s.web.listen, std::vector<std::string>{"127.0.0.1:9750"});
  EXPECT_TRUE(s.web.metrics_listen.empty());
  EXPECT_EQ(s.web.external_url, "http://127.0.0.1:9750");
  EXPECT_FALSE(s.web.behind_proxy);
  ASSERT_EQ(s.profiles.size(), shipped_profiles().size());
  EXPECT_EQ(s.profiles[0].name, "generic");
  EXPECT_EQ(s.profiles[1].name, "nhs-digital");
}

TEST(ReadSettings, TheExampleStatesTheDefaults) {
  const auto yaml = read_file("config/embargod.example.yml", 1U << 20U);
  ASSERT_TRUE(yaml);
  const auto example = read_settings(*yaml, "embargod.yml", "");
  ASSERT_TRUE(example) << fault_lines(example);
  const Settings defaults = settings_of("");
  EXPECT_EQ(example->polling.near.interval, defaults.polling.near.interval);
  EXPECT_EQ(example->polling.window.interval, defaults.polling.window.interval);
  EXPECT_EQ(example->polling.blind_after, defaults.polling.blind_after);
  EXPECT_EQ(example->polling.grace, defaults.polling.grace);
  EXPECT_EQ(example->polling.per_host.rate, defaults.polling.per_host.rate);
  EXPECT_EQ(example->clock.assumed_error, defaults.clock.assumed_error);
  EXPECT_EQ(example->storage.retention, defaults.storage.retention);
  EXPECT_EQ(example->web.listen, defaults.web.listen);
}

TEST(ReadSettings, PathsAreFromTheFilesFolder) {
  const Settings s = settings_of("storage: {path: state}\n", "/etc/embargod");
  EXPECT_EQ(s.schedules[0].path, "/etc/embargod/releases.yml");
  EXPECT_EQ(s.schedules[0].name, "releases.yml");
  EXPECT_EQ(to_string(s.schedules[0].mark), "embargod.yml:2:20");
  EXPECT_EQ(s.storage.path, "/etc/embargod/state");
  EXPECT_EQ(settings_of("storage: {path: /srv/state}\n", "/etc/embargod").storage.path, "/srv/state");
  EXPECT_EQ(settings_of("").schedules[0].path, "releases.yml");
}

TEST(ReadPolling, ShorterIntervalsAreFollowedByThoseThatAreLeftOut) {
  const Settings s = settings_of("polling: {interval: 1s}\n");
  EXPECT_EQ(s.polling.near.interval, Millis{1'000});
  EXPECT_EQ(s.polling.window.interval, Millis{1'000});
  EXPECT_EQ(s.polling.incident_interval, Millis{1'000});
  EXPECT_EQ(settings_of("polling: {interval: 10s, window: {interval: 500ms}}\n").polling.window.interval, Millis{500});
}

TEST(ReadPolling, ReadsPartsOfAConfigForScenarios) {
  FaultBook faults{"scenario.yml"};
  const auto node = parse_strict_yaml("{timezone: Europe/Paris, polling: {interval: 30s}}", kConfigLimits, faults);
  ASSERT_TRUE(node);
  Settings s;
  read_settings_map(*node, Completeness::part_of_one, "", s, faults);
  EXPECT_TRUE(faults.empty()) << fault_lines(faults.take());
  EXPECT_EQ(s.timezone, "Europe/Paris");
  EXPECT_EQ(s.polling.interval, Millis{30'000});
}

TEST(ReadPolling, AddressesAndProxy) {
  const Settings s = settings_of(
      "polling: {allow_addresses: [\"127.0.0.0/8\", \"FD00::/8\", \"::1/128\"], proxy: "
      "\"http://proxy.example.org:3128\"}\n");
  EXPECT_EQ(s.polling.allow_addresses, (std::vector<std::string>{"127.0.0.0/8", "fd00::/8", "::1/128"}));
  EXPECT_EQ(s.polling.proxy, "http://proxy.example.org:3128");
}

TEST(ReadAlerts, SeveritiesHaveDefaults) {
  const Settings s = settings_of(
      "alerts:\n"
      "  alertmanagers: [{url: \"http://127.0.0.1:9093/\"}]\n"
      "  webhooks: [{url: \"http://127.0.0.1:9000/hook\"}, {url: \"http://127.0.0.1:9001/\", severities: [info]}]\n"
      "  emails: [{to: [duty@example.org, hop@example.org], from: embargod@example.org, smtp: "
      "\"smtp://127.0.0.1\"}]\n");
  EXPECT_EQ(s.alerts.alertmanagers.at(0).url, "http://127.0.0.1:9093");
  EXPECT_EQ(s.alerts.webhooks.at(0).severities, (std::vector{Severity::page, Severity::ticket, Severity::info}));
  EXPECT_TRUE(s.alerts.webhooks.at(0).key.empty());
  EXPECT_EQ(s.alerts.webhooks.at(1).severities, std::vector{Severity::info});
  EXPECT_EQ(s.alerts.emails.at(0).severities, (std::vector{Severity::page, Severity::ticket}));
  EXPECT_EQ(s.alerts.emails.at(0).to, (std::vector<std::string>{"duty@example.org", "hop@example.org"}));
  EXPECT_EQ(s.alerts.emails.at(0).smtp, "smtp://127.0.0.1:25");
}

TEST(ReadAlerts, SecretsComeFromFilesWithoutTheirLastLineBreak) {
  const ConfigFolder folder;
  folder.write("hook-url", "https://chat.example.org/hook/t0ken\n");
  folder.write("hook-key", "line one\n\nline three\r\n");
  const Settings s = settings_of("alerts: {webhooks: [{url_file: hook-url, secret_file: hook-key}]}\n", folder.path());
  EXPECT_EQ(s.alerts.webhooks.at(0).url.reveal(), "https://chat.example.org/hook/t0ken");
  EXPECT_EQ(s.alerts.webhooks.at(0).key.reveal(), "line one\n\nline three");
}

TEST(ReadAlerts, TheDeadMansUrlMayStandInAFile) {
  const ConfigFolder folder;
  folder.write("ping", "https://hc.example.org/ping/t0ken\n");
  const Settings s = settings_of("alerts: {dead_man: {url_file: ping}, canary: {interval: 0s}}\n", folder.path());
  ASSERT_TRUE(s.alerts.dead_man);
  EXPECT_EQ(s.alerts.dead_man->url.reveal(), "https://hc.example.org/ping/t0ken");
  EXPECT_EQ(s.alerts.dead_man->interval, Millis{60'000});
  EXPECT_EQ(s.alerts.canary_interval, Millis{0});
  EXPECT_FALSE(settings_of("").alerts.dead_man);
  EXPECT_EQ(settings_of("").alerts.canary_interval, Millis{300'000});
  EXPECT_EQ(settings_of("").alerts.digest, DigestSettings{});
  EXPECT_EQ(settings_of("alerts: {digest: {after: 0, within: 30s, wait: 25s}}\n").alerts.digest,
            (DigestSettings{0, Millis{30'000}, Millis{25'000}}));
  EXPECT_THAT(settings_faults("alerts: {digest: {wait: 26s}}\n"),
              HasSubstr("alerts.digest.wait must be between 1s and 25s"));
}

TEST(ReadAlerts, FaultsNeverShowASecret) {
  const ConfigFolder folder;
  folder.write("bad-url", "chat.example.org/hook/t0ken\n");
  folder.write("large", std::string(65'537, 'k'));
  const auto settings = read_settings(kLeast +
                                          "alerts:\n  webhooks:\n    - {url_file: bad-url}\n    - {url: "
                                          "\"ftp://chat.example.org/t0ken\", secret_file: large}\n",
                                      "embargod.yml", folder.path());
  EXPECT_EQ(fault_lines(settings),
            "embargod.yml:5:18: alerts.webhooks[0].url_file: not an absolute URL; begin it with https:// or http://\n"
            "embargod.yml:6:13: alerts.webhooks[1].url: the URL is neither http nor https\n"
            "embargod.yml:6:58: alerts.webhooks[1].secret_file: \"large\" is larger than 64 KiB\n");
}

TEST(ReadAlerts, ASecretOfTheLargestSizeIsTaken) {
  const ConfigFolder folder;
  folder.write("large", std::string(65'536, 'k'));
  EXPECT_EQ(settings_of("alerts: {webhooks: [{url: \"http://127.0.0.1/\", secret_file: large}]}\n", folder.path())
                .alerts.webhooks.at(0)
                .key.reveal()
                .size(),
            65'536U);
}

TEST(ReadWeb, AFreePortMayBeAskedForOften) {
  const Settings s = settings_of(
      "web: {listen: [\"127.0.0.1:0\", \"[::1]:0\", \"127.0.0.1:0\", \"localhost:9750\"], metrics_listen: "
      "[\"0.0.0.0:9751\", \"127.0.0.1:0\"], external_url: \"https://embargod.example.org/watch/\"}\n");
  EXPECT_EQ(s.web.listen, (std::vector<std::string>{"127.0.0.1:0", "[::1]:0", "127.0.0.1:0", "localhost:9750"}));
  EXPECT_EQ(s.web.metrics_listen, (std::vector<std::string>{"0.0.0.0:9751", "127.0.0.1:0"}));
  EXPECT_EQ(s.web.external_url, "https://embargod.example.org/watch");
}

TEST(ReadWeb, AnEmptyListenIsAFault) {
  EXPECT_EQ(settings_faults("web: {listen: []}\n"),
            "embargod.yml:3:15: web.listen names no address; write [\"127.0.0.1:9750\"]\n");
}

TEST(ShippedProfiles, CarryTheMarksOfTheirFiles) {
  const auto& profiles = shipped_profiles();
  ASSERT_GE(profiles.size(), 2U);
  EXPECT_EQ(profiles[0].mark.file, "profiles/generic.yaml");
  EXPECT_TRUE(profiles[0].rules.live_if.empty());
  for (const auto& profile : profiles) EXPECT_EQ(profile.mark.file, "profiles/" + profile.name + ".yaml");
}

// What the sources say must be in the binary: a profile that is edited but not embedded anew would go unnoticed.
TEST(ShippedProfiles, AreThoseOfTheSourceTree) {
  for (const auto& profile : shipped_profiles()) {
    const auto yaml = read_file("config/" + profile.mark.file, 1U << 20U);
    ASSERT_TRUE(yaml);
    FaultBook faults{profile.mark.file};
    std::vector<Profile> read;
    const auto node = parse_strict_yaml(*yaml, kConfigLimits, faults);
    ASSERT_TRUE(node) << fault_lines(faults.take());
    read_profiles(*node, read, faults);
    EXPECT_TRUE(faults.empty()) << fault_lines(faults.take());
    ASSERT_EQ(read.size(), 1U);
    EXPECT_EQ(read[0].name, profile.name);
    EXPECT_EQ(read[0].rules, profile.rules) << "embedded from other bytes";
    EXPECT_EQ(to_string(read[0].mark), to_string(profile.mark));
  }
}

TEST(LoadConfig, ReadsTheShippedExamples) {
  const auto loaded = load_config("config/embargod.example.yml");
  ASSERT_TRUE(loaded) << fault_lines(loaded);
  EXPECT_EQ(loaded->settings.file, "config/embargod.example.yml");
  ASSERT_EQ(loaded->schedule.releases.size(), 4U);
  EXPECT_EQ(loaded->schedule.releases[0].targets.at(1).id, "therapies-2030-01/tables");
  EXPECT_EQ(loaded->schedule.releases[0].source, "releases.example.yml");
  EXPECT_EQ(loaded->schedule.notes,
            (std::vector<std::string>{
                "releases.example.yml:41:10: release \"museums-2029\": no time given, 09:30 Europe/London assumed"}));
}

TEST(LoadConfig, ShowsTheFaultsOfAllFilesAtOnce) {
  const ConfigFolder folder;
  folder.write("embargod.yml",
               "producer: {name: Example Statistics Agency}\ntimezone: Europe/Nowhere\nschedules: [{file: a.yml}, "
               "{file: b.yml}, {file: c.yml}]\n"
               "profiles: {ours: {absent: []}}\n");
  folder.write("a.yml",
               "releases:\n  - {id: one, title: One, due: 2030-04-24 09:30, urls: [{url: "
               "\"https://stats.example.org/1\", role: page, profile: ours}]}\n");
  folder.write("b.yml",
               "releases:\n  - {id: one, title: Again, due: 2030-02-30, urls: [{url: \"https://stats.example.org/2\", "
               "role: page}]}\n");
  const std::string config = folder.path() + "/embargod.yml";
  EXPECT_EQ(fault_lines(load_config(config)),
            config +
                ":2:11: timezone: \"Europe/Nowhere\" is not a time zone that this host knows; write an IANA name such "
                "as Europe/London or UTC\n" +
                config +
                ":4:19: \"absent\" is not a key of a profile; did you mean \"absent_if\"?\n"
                "b.yml:2:34: release \"one\": due: 2030-02-30 is not a day of the calendar\n"
                "b.yml:2:10: release \"one\" is in a.yml:2:10 already; every release needs an id of its own\n" +
                config + ":3:50: the schedule \"c.yml\" cannot be read: No such file or directory\n");
}

TEST(LoadConfig, NotesAUrlThatTwoReleasesShare) {
  const ConfigFolder folder;
  folder.write("embargod.yml",
               "producer: {name: Example Statistics Agency}\nschedules: [{file: a.yml}, {file: b.yml}]\n");
  folder.write("a.yml",
               "releases:\n  - {id: one, title: One, due: 2030-04-24 09:30, urls: [{url: "
               "\"https://stats.example.org/1\", role: page}]}\n");
  folder.write("b.yml",
               "releases:\n  - {id: two, title: Two, due: 2030-04-25 09:30, urls: [{url: "
               "\"https://STATS.example.org/1\", role: page}]}\n");
  const auto loaded = load_config(folder.path() + "/embargod.yml");
  ASSERT_TRUE(loaded) << fault_lines(loaded);
  EXPECT_EQ(loaded->schedule.notes, std::vector<std::string>{"b.yml:2:10: target \"two/page\": release \"one\" has the "
                                                             "same URL, so each is judged by its own due time there"});
}

TEST(LoadConfig, SaysWhichFileIsMissing) {
  EXPECT_EQ(fault_lines(load_config("/nonexistent/embargod.yml")),
            "/nonexistent/embargod.yml: cannot be read: No such file or directory\n");
  EXPECT_EQ(fault_lines(load_config("/")), "/: cannot be read: Is a directory\n");
}

TEST(ReadFile, StopsAtTheLimit) {
  EXPECT_EQ(read_file("/dev/zero", 1'000'000).error().code, Errc::invalid_input);
  EXPECT_EQ(read_file("/dev/null", 1), "");
}

}  // namespace
}  // namespace embargod
