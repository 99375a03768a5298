// Pages and values that are made to hurt: what they cost is printed, and bounded.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <time.h>

#include <atomic>
#include <cstdio>
#include <string>

#include "probes/edition.h"
#include "probes/fingerprint.h"
#include "probes/json_value.h"
#include "probes/magic.h"
#include "probes/page.h"
#include "probes/simhash.h"

namespace embargod {
namespace {

std::string repeated(const std::string& what, std::size_t n) {
  std::string s;
  s.reserve(what.size() * n);
  for (std::size_t i = 0; i < n; ++i) s += what;
  return s;
}

std::string filled(const std::string& what, std::size_t bytes) { return repeated(what, bytes / what.size()); }

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Most memory that was resident during a call, over what was before it.
class PeakMemory {
 public:
  PeakMemory() {
    malloc_trim(0);
    if (std::FILE* f = std::fopen("/proc/self/clear_refs", "w")) {  // resets VmHWM
      std::fputs("5", f);
      std::fclose(f);
    }
    before_ = status_kib("VmRSS:");
  }
  [[nodiscard]] double mib() const { return static_cast<double>(status_kib("VmHWM:") - before_) / 1024; }

 private:
  static long status_kib(const char* key) {
    long kib = 0;
    if (std::FILE* f = std::fopen("/proc/self/status", "r")) {
      char line[256];
      while (std::fgets(line, sizeof line, f) != nullptr)
        if (std::string{line}.starts_with(key)) kib = std::strtol(line + std::string{key}.size(), nullptr, 10);
      std::fclose(f);
    }
    return kib;
  }
  long before_ = 0;
};

constexpr std::size_t kMiB = 1U << 20U;
constexpr std::size_t kLarge = 4 * kMiB;

// Sanitizers keep freed memory and slow everything: there only the outcome is checked.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasured = false;
#else
constexpr bool kMeasured = true;
#endif

struct Cost {
  double seconds = 0, mib = 0;
};

template <class F>
Cost cost_of(F&& f) {
  const PeakMemory memory;
  const double start = cpu_seconds();
  f();
  return {cpu_seconds() - start, memory.mib()};
}

void print_cost(const char* what, std::size_t bytes, bool readable, const Cost& c) {
  std::printf("    %-28s %6.2f MiB  %-10s %6.3f s  %7.1f MiB resident\n", what, static_cast<double>(bytes) / kMiB,
              readable ? "read" : "unreadable", c.seconds, c.mib);
}

struct BombCase {
  const char* name;
  std::string (*html)();
  bool readable;
};

void PrintTo(const BombCase& c, std::ostream* out) { *out << c.name; }

std::string wide_page(const std::string& ascii, const std::string& mark) {
  std::string wide = mark;
  wide.reserve(mark.size() + ascii.size() * 2);
  for (const char c : ascii) {
    wide += c;
    wide += '\0';
  }
  return wide;
}

class BombTest : public testing::TestWithParam<BombCase> {};
TEST_P(BombTest, CostsASmallMultipleOfItsSize) {
  const std::string html = GetParam().html();
  bool readable = false;
  const Cost cost = cost_of([&] {
    const auto page = Page::parse(html, "text/html");
    readable = page.has_value();
    if (page) static_cast<void>(text_print(page->visible_text()));
  });
  print_cost(GetParam().name, html.size(), readable, cost);
  EXPECT_EQ(readable, GetParam().readable);
  if (!kMeasured) return;
  EXPECT_LT(cost.seconds, 10) << "linear: a second at most where optimised";
  EXPECT_LT(cost.mib, 64 + 8 * static_cast<double>(html.size()) / kMiB);
}
INSTANTIATE_TEST_SUITE_P(
    Pages, BombTest,
    testing::Values(
        BombCase{"NestedElements", [] { return repeated("<div>", 200'000) + "x"; }, true},
        BombCase{"NestedAndClosed", [] { return repeated("<div>", 200'000) + repeated("</div>", 200'000); }, false},
        BombCase{"NestedInline", [] { return repeated("<b>", 500'000); }, true},
        BombCase{"NestedBodies", [] { return repeated("<div>", 200'000) + repeated("<body>", 500'000); }, false},
        BombCase{"NestedTables", [] { return repeated("<table><tr><td>", 100'000); }, true},
        BombCase{"NestedAnchors", [] { return repeated("<a href=x><p>", 300'000); }, true},
        BombCase{"FiftyMegabyteAttribute", [] { return "<p title=\"" + std::string(50 * kMiB, 'x') + "\">y"; }, false},
        BombCase{"LargestAttribute", [] { return "<p title=\"" + std::string(8 * kMiB - 100, 'x') + "\">y"; }, true},
        BombCase{"OpenAttribute", [] { return "<p title=\"" + std::string(kLarge - 100, '<'); }, true},
        BombCase{"ManyAttributes", [] { return "<p " + repeated("a1=2 ", 1'000'000) + ">"; }, false},
        BombCase{"Nuls", [] { return std::string(8 * kMiB, '\0'); }, true},
        BombCase{"NulsInTags", [] { return filled(std::string("<p\0>", 4), kLarge); }, false},
        BombCase{"Utf16WithMark", [] { return wide_page("<p>" + std::string(2 * kMiB - 10, 'x'), "\xFF\xFE"); }, true},
        BombCase{"Utf16WithoutMark", [] { return wide_page("<p>" + std::string(2 * kMiB - 10, 'x'), ""); }, true},
        BombCase{"Utf16Elements", [] { return wide_page(repeated("<b>x</b>", 500'000), "\xFF\xFE"); }, false},
        BombCase{"HighBytes", [] { return std::string(8 * kMiB, '\x80'); }, true},
        BombCase{"ElementsWithoutEnd", [] { return filled("<i>", kLarge); }, false},
        BombCase{"EmptyElements", [] { return filled("<br>", 8 * kMiB); }, false},
        BombCase{"DenseTable", [] { return "<table>" + repeated("<tr><td>1<td>2", 150'000); }, true},
        BombCase{"ManyNames",
                 [] {
                   std::string s;
                   for (int i = 0; i < 500'000; ++i) s += "<x" + std::to_string(i) + ">";
                   return s;
                 },
                 false},
        BombCase{"OpenComment", [] { return "<!--" + std::string(kLarge - 10, '-'); }, true},
        BombCase{"ManyComments", [] { return filled("<!-->", kLarge); }, true},
        BombCase{"OpenScript", [] { return "<script>" + filled("</", kLarge - 10); }, true},
        BombCase{"Brackets", [] { return std::string(kLarge, '<'); }, true},
        BombCase{"Ampersands", [] { return std::string(kLarge, '&'); }, true},
        BombCase{"Entities", [] { return filled("&nbsp;", kLarge); }, true},
        BombCase{"EndTags", [] { return filled("</p>", kLarge); }, true},
        BombCase{"EndsOfNothing", [] { return filled("</x>", kLarge); }, true},
        BombCase{"Doctypes", [] { return filled("<!DOCTYPE html>", kLarge); }, true},
        BombCase{"Instructions", [] { return filled("<?x?>", kLarge); }, true},
        BombCase{"Metas", [] { return filled("<meta charset=x>", kLarge); }, true},
        BombCase{"Text", [] { return filled("Widget sales rose. ", 8 * kMiB); }, true}),
    [](const auto& p) { return p.param.name; });

struct HostilePathCase {
  const char* name;
  const char* path;
  std::string (*html)();
  bool answered;
};

void PrintTo(const HostilePathCase& c, std::ostream* out) { *out << c.name; }

std::string flat_page() { return filled("<p class=x>abcdefghijklmnopqrst", 8 * kMiB); }
std::string deep_page() { return repeated("<div>x", 100'000); }
std::string table_page() { return "<table>" + repeated("<tr><td>1<td>2", 100'000); }

class HostilePathTest : public testing::TestWithParam<HostilePathCase> {};
TEST_P(HostilePathTest, EndsSoonAndSaysSo) {
  const auto& c = GetParam();
  const std::string html = c.html();
  const auto page = Page::parse(html, "text/html");
  ASSERT_TRUE(page);
  const auto path = XPath::make(c.path);
  ASSERT_TRUE(path) << path.error().what;
  bool answered = false;
  const Cost cost = cost_of([&] {
    const auto found = page->find(*path);
    answered = found.has_value();
    if (!found) {
      EXPECT_EQ(found.error().code, Errc::unavailable);
    }
  });
  std::printf("    %-46s on %5.2f MiB  %-8s %6.3f s  %6.1f MiB resident\n", c.path,
              static_cast<double>(html.size()) / kMiB, answered ? "answered" : "given up", cost.seconds, cost.mib);
  EXPECT_EQ(answered, c.answered);
  if (!kMeasured) return;
  EXPECT_LT(cost.seconds, 10);
  EXPECT_LT(cost.mib, 100);
}
INSTANTIATE_TEST_SUITE_P(
    Paths, HostilePathTest,
    testing::Values(HostilePathCase{"AllPerNode", "//*[//*]", &flat_page, false},
                    HostilePathCase{"AllPerNodeThrice", "//*[//*[//*]]", &deep_page, false},
                    HostilePathCase{"PageTextPerNode", "//*[contains(/html/body, 'zzz')]", &flat_page, false},
                    HostilePathCase{"PageTextComparedPerNode", "//*[/html/body = 'zzz']", &flat_page, false},
                    HostilePathCase{"OwnTextPerNestedNode", "//*[contains(., 'zzz')]", &deep_page, false},
                    HostilePathCase{"PairsOfSets", "//td = //tr", &table_page, true},
                    HostilePathCase{"PairsOfSetsInOrder", "//td > //tr", &table_page, true},
                    HostilePathCase{"MergedSets", "//tr//td", &table_page, true},
                    HostilePathCase{"AncestorsOfAll", "//*/ancestor::*", &deep_page, false},
                    HostilePathCase{"FollowingOfAll", "//*/following::*", &flat_page, false},
                    HostilePathCase{"PrecedingSiblings", "//p[preceding-sibling::p[1]]", &flat_page, false},
                    HostilePathCase{"AnswerTooLong", "//div", &deep_page, false},
                    HostilePathCase{"DoubledText",
                                    "string-length(concat(concat(concat(concat(/,/,/,/),/,/,/,/),/,/,/,/,/,/,/,/),/,/,"
                                    "/,/,/,/,/,/,/,/,/,/,/,/,/,/,/,/,/,/,/,/,/))",
                                    &flat_page, false},
                    HostilePathCase{"OrdinaryOnAHostilePage", "//p[@class='x'][last()]", &flat_page, true}),
    [](const auto& p) { return p.param.name; });

TEST(JsonBomb, CostsASmallMultipleOfItsSize) {
  struct Case {
    const char* name;
    std::string text;
    bool readable;
  };
  const Case cases[] = {{"json: dense numbers", "[" + filled("0,", 8 * kMiB - 10) + "0]", false},
                        {"json: dense arrays", "[" + filled("[],", 8 * kMiB - 10) + "0]", false},
                        {"json: million values", "[" + repeated("1,", 999'998) + "1]", true},
                        {"json: deep", repeated("[", 4'000'000), false},
                        {"json: one text", "\"" + std::string(8 * kMiB - 2, 'x') + "\"", true},
                        {"json: equal keys", "{" + repeated("\"a\":1,", 900'000) + "\"a\":2}", true},
                        {"json: too large", std::string(8 * kMiB + 1, ' '), false}};
  for (const Case& c : cases) {
    bool readable = false;
    const Cost cost = cost_of([&] {
      const auto body = JsonBody::parse(c.text);
      readable = body.has_value();
      if (body) static_cast<void>(body->at(""));
    });
    print_cost(c.name, c.text.size(), readable, cost);
    EXPECT_EQ(readable, c.readable) << c.name;
    if (!kMeasured) continue;
    EXPECT_LT(cost.seconds, 10) << c.name;
    EXPECT_LT(cost.mib, 64 + 8 * static_cast<double>(c.text.size()) / kMiB) << c.name;
  }
}

TEST(EditionBomb, TakesLinearTime) {
  for (const char* unit : {"2026 ", "1 January to ", "Q1 ", "2026-", "y flwyddyn ", "0161 ", "\xE2\x80\x93", "a"}) {
    const std::string text = filled(unit, 2 * kMiB);
    const Cost cost = cost_of([&] { static_cast<void>(read_edition(text)); });
    std::printf("    edition: %-20s %6.2f MiB  %6.3f s  %7.1f MiB resident\n", unit,
                static_cast<double>(text.size()) / kMiB, cost.seconds, cost.mib);
    if (kMeasured) {
      EXPECT_LT(cost.seconds, 10) << unit;
    }
  }
}

TEST(MagicBomb, TakesLinearTime) {
  for (const std::string& body : {filled("<!-- ", 8 * kMiB), filled("<?", 8 * kMiB), filled("PK\x01\x02", 8 * kMiB),
                                  "PK\x03\x04" + filled("PK\x05\x06", 8 * kMiB), filled("\"", 8 * kMiB),
                                  filled("[", 8 * kMiB), filled(",", 8 * kMiB)}) {
    std::string kind;
    const Cost cost = cost_of([&] { kind = magic_of(body); });
    std::printf("    magic: %-6s %6.2f MiB  %6.3f s  %7.1f MiB resident\n", kind.c_str(),
                static_cast<double>(body.size()) / kMiB, cost.seconds, cost.mib);
    if (kMeasured) {
      EXPECT_LT(cost.seconds, 10);
    }
  }
}

}  // namespace
}  // namespace embargod
