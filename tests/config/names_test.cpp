#include <gtest/gtest.h>

#include <fstream>

#include "config/key_sets.h"
#include "config/network_names.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/types/digest.h"

namespace embargod {
namespace {

TEST(DidYouMean, FindsWhatWasMeant) {
  const std::vector<std::string> keys{"interval", "near", "window", "timeout", "grace", "per_host"};
  EXPECT_EQ(did_you_mean("intervall", keys), "did you mean \"interval\"?");
  EXPECT_EQ(did_you_mean("interavl", keys), "did you mean \"interval\"?");
  EXPECT_EQ(did_you_mean("Per-Host", keys), "did you mean \"per_host\"?");
  EXPECT_EQ(did_you_mean("neer", keys), "did you mean \"near\"?");
  EXPECT_EQ(did_you_mean("retention", keys), "");
  EXPECT_EQ(did_you_mean("", keys), "");
  EXPECT_EQ(did_you_mean(std::string(100'000, 'x'), keys), "");
}

TEST(InQuotes, ShowsWhatCannotBeSeen) {
  EXPECT_EQ(in_quotes("a\nb"), "\"a\\u{000A}b\"");
  EXPECT_EQ(in_quotes("a\xE2\x80\xAE"
                      "b"),
            "\"a\\u{202E}b\"");
  EXPECT_EQ(in_quotes("a\xFF"), "\"a\\x??\"");
  EXPECT_EQ(in_quotes("caf\xC3\xA9"), "\"caf\xC3\xA9\"");
  EXPECT_EQ(in_quotes(std::string(200, 'x')), "\"" + std::string(80, 'x') + "...\"");
}

TEST(NotOneLine, NamesTheCharacter) {
  EXPECT_EQ(not_one_line("plain caf\xC3\xA9 \xE2\x80\x93 text"), std::nullopt);
  EXPECT_EQ(not_one_line("a\tb"), "a control character (U+0009)");
  EXPECT_EQ(not_one_line("a\r\nb"), "a line break");
  EXPECT_EQ(not_one_line("a\xC2\x85"), "a control character (U+0085)");
  EXPECT_EQ(not_one_line("a\xE2\x80\xA8"), "a control character (U+2028)");
  EXPECT_EQ(not_one_line("a\xE2\x81\xA6"), "a character that turns the direction of text (U+2066)");
  EXPECT_EQ(not_one_line("\xF0\x9F\x98"), "invalid UTF-8");
}

struct HostPortCase {
  const char* text;
  const char* host;
  int port;
  bool is_loopback;
};

TEST(ParseHostPort, ReadsAddressesAndNames) {
  for (const HostPortCase& c :
       {HostPortCase{"127.0.0.1:9750", "127.0.0.1", 9750, true}, HostPortCase{"[::1]:0", "::1", 0, true},
        HostPortCase{"127.9.9.9:1", "127.9.9.9", 1, true}, HostPortCase{"localhost:80", "localhost", 80, true},
        HostPortCase{"0.0.0.0:80", "0.0.0.0", 80, false}, HostPortCase{"[::]:80", "::", 80, false},
        HostPortCase{"192.0.2.1:65535", "192.0.2.1", 65535, false},
        HostPortCase{"time.example.org", "time.example.org", 123, false}}) {
    const auto got = parse_host_port(c.text, 123);
    ASSERT_TRUE(got) << c.text;
    EXPECT_EQ(got->host, c.host);
    EXPECT_EQ(got->port, c.port);
    EXPECT_EQ(got->is_loopback, c.is_loopback) << c.text;
  }
  for (const char* bad :
       {"", ":9750", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:01", "127.0.0.1:-1", "::1:80", "[127.0.0.1]:80",
        "[::1", "[::1]80", "a b:80", "-a:80", "a..b:80", "a.:80", "127.0.0.999:80", "127.1:80", "http://a:80"})
    EXPECT_FALSE(parse_host_port(bad, 123)) << bad;
  EXPECT_FALSE(parse_host_port("127.0.0.1"));
}

TEST(ParseCidr, IsCanonical) {
  EXPECT_EQ(parse_cidr("127.0.0.0/8"), "127.0.0.0/8");
  EXPECT_EQ(parse_cidr("FD00:0::/8"), "fd00::/8");
  EXPECT_EQ(parse_cidr("192.0.2.7/32"), "192.0.2.7/32");
  EXPECT_EQ(to_string(parse_cidr("127.0.0.1/8").error()),
            "\"127.0.0.1/8\" has bits set behind its prefix; write 127.0.0.0/8");
  EXPECT_EQ(to_string(parse_cidr("10.1.2.3").error()),
            "\"10.1.2.3\" has no prefix length; for this one address write 10.1.2.3/32");
  for (const char* bad : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/0", "::/0", "10.0.0/8",
                          "example.org/8", "10.0.0.0/8 "})
    EXPECT_FALSE(parse_cidr(bad)) << bad;
}

TEST(CheckEmail, TakesOnePlainAddress) {
  for (const char* good : {"duty@example.org", "o'brien+x@stats.example.org", "a.b@localhost"})
    EXPECT_TRUE(check_email(good)) << good;
  for (const char* bad :
       {"", "duty", "@example.org", "duty@", "a@b@c", "a b@example.org", "a@exa mple.org", "Duty <duty@example.org>",
        "a@b\r\nBcc: c@d", ".a@example.org", "a.@example.org", "a..b@example.org", "a@-example.org", "a@example..org",
        "\"a b\"@example.org", "a,b@example.org", "caf\xC3\xA9@example.org"})
    EXPECT_FALSE(check_email(bad)) << bad;
  EXPECT_FALSE(check_email(std::string(250, 'a') + "@b.c"));
}

TEST(Digest, MatchesPublishedVectors) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2.
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/// The row of CONFIGURATION.md for a key: "| `polling.interval` |".
std::string key_row(const KeySet& set, std::string_view key) {
  std::string path{set.path};
  if (path == "releases.yml") path.clear();
  return "| `" + path + (path.empty() ? "" : ".") + std::string{key} + "` |";
}

TEST(ConfigurationPage, NamesEveryKeyThatTheReadersKnow) {
  const auto page = read_file("config/CONFIGURATION.md", 1U << 20U);
  ASSERT_TRUE(page);
  int keys = 0;
  for (const KeySet* set : all_key_sets()) {
    for (const auto key : set->keys) {
      EXPECT_NE(page->find(key_row(*set, key)), std::string::npos)
          << key_row(*set, key) << " is not in CONFIGURATION.md";
      ++keys;
    }
  }
  EXPECT_GT(keys, 70);
}

TEST(ConfigurationPage, NamesNoKeyThatTheReadersDoNotKnow) {
  const auto page = read_file("config/CONFIGURATION.md", 1U << 20U);
  ASSERT_TRUE(page);
  std::string known;
  for (const KeySet* set : all_key_sets())
    for (const auto key : set->keys) known += key_row(*set, key) + "\n";
  std::size_t rows = 0;
  for (std::size_t at = page->find("\n| `"); at != std::string::npos; at = page->find("\n| `", at + 1)) {
    const std::string row = page->substr(at + 1, page->find("` |", at) + 2 - at);
    if (row.starts_with("| `20")) continue;  // the table of due times
    EXPECT_NE(known.find(row), std::string::npos) << row << " is not a key";
    ++rows;
  }
  EXPECT_GT(rows, 70U);
}

}  // namespace
}  // namespace embargod
