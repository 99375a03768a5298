#include <gtest/gtest.h>

#include <fstream>

#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

/// A whole config whose `alerts.ack_links` is `text`, with a good and a short key beside it.
Checked<Loaded> load_with_ack_links(const TempFolder& folder, const std::string& text) {
  const auto write = [&](const char* name, const std::string& bytes) {
    std::ofstream{folder.path() + "/" + name} << bytes;
  };
  write("r.yml", "releases: []\n");
  write("good", std::string(64, 'a') + "\n");
  write("short", std::string(31, 'a') + "\n");
  write("c.yml", "producer: {name: Example}\nschedules: [{file: r.yml}]\nalerts: {" + text + "}\n");
  return load_config(folder.path() + "/c.yml");
}

TEST(AckLinksConfig, ReadsTheKeyAndIsOffByDefault) {
  const TempFolder folder;
  const auto off = load_with_ack_links(folder, "canary: {interval: 0s}");
  ASSERT_TRUE(off) << fault_lines(off);
  EXPECT_FALSE(off->settings.alerts.ack_links);
  const auto on = load_with_ack_links(folder, "ack_links: {key_file: good}");
  ASSERT_TRUE(on) << fault_lines(on);
  ASSERT_TRUE(on->settings.alerts.ack_links);
  EXPECT_EQ(on->settings.alerts.ack_links->key.reveal(), std::string(64, 'a'));
  EXPECT_EQ(on->settings.alerts.ack_links->expires, Millis{7'200'000});
  EXPECT_EQ(
      load_with_ack_links(folder, "ack_links: {key_file: good, expires: 30m}")->settings.alerts.ack_links->expires,
      Millis{1'800'000});
}

TEST(AckLinksConfig, SaysWhatIsWrongOnceAndNeverTheKey) {
  const TempFolder folder;
  const std::string at = folder.path() + "/c.yml:3:";
  const std::string make = "make one with: openssl rand -hex 32 > FILE";
  EXPECT_EQ(fault_lines(load_with_ack_links(folder, "ack_links: {key_file: short}")),
            at + "32: alerts.ack_links.key_file: the key is shorter than 32 characters; " + make + "\n");
  EXPECT_EQ(fault_lines(load_with_ack_links(folder, "ack_links: {expires: 1h}")),
            at + "21: alerts.ack_links.key_file is missing; " + make + ", readable by embargod alone\n");
  for (const char* text : {"ack_links: {key_file: nowhere}", "ack_links: {key_file: good, expires: 5s}",
                           "ack_links: {key_file: good, expires: 25h}", "ack_links: {key: abc}", "ack_links: yes"}) {
    const std::string faults = fault_lines(load_with_ack_links(folder, text));
    EXPECT_NE(faults, "") << text;
    EXPECT_EQ(faults.find("aaaa"), std::string::npos) << faults;
  }
}

}  // namespace
}  // namespace embargod
