#include "daemon/store/incident_codec.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/contract/sample_state.h"
#include "tests/daemon/store/form1_documents.h"

namespace embargod {
namespace {

/// Fills values with chance; every field differs from its default almost surely, so that a forgotten one is noticed.
class Chance {
 public:
  explicit Chance(unsigned seed) : random_{seed} {}

  template <class... Fields>
  void fill(Fields&... fields) {
    (one(fields), ...);
  }

 private:
  std::int64_t number(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>{low, high}(random_);
  }

  void one(std::string& v) {
    constexpr std::array<const char*, 6> kPieces{"a", "\"", "\\", "\n", "\xE2\x80\xAE", "\xF0\x9F\x98\x80"};
    v.clear();
    for (auto n = number(1, 6); n > 0; --n) v += kPieces[static_cast<std::size_t>(number(0, 5))];
  }
  void one(bool& v) { v = number(0, 1) == 1; }
  void one(Instant& v) { v = Instant{Millis{number(-1'000'000'000'000, 4'000'000'000'000)}}; }
  template <class R, class P>
  void one(std::chrono::duration<R, P>& v) {
    v = std::chrono::duration<R, P>{number(-1'000'000, 1'000'000'000)};
  }
  template <class T>
    requires std::is_integral_v<T>
  void one(T& v) {
    v = static_cast<T>(number(0, 60'000));
  }
  void one(std::uint64_t& v) { v = static_cast<std::uint64_t>(number(0, INT64_MAX)) * 2 + 1; }
  void one(IncidentKind& v) { v = static_cast<IncidentKind>(number(0, 8)); }
  void one(DriftKind& v) { v = static_cast<DriftKind>(number(0, 5)); }
  void one(IncidentState& v) { v = static_cast<IncidentState>(number(0, 4)); }
  void one(Choice& v) { v = static_cast<Choice>(number(0, 1)); }
  void one(Confidence& v) { v = static_cast<Confidence>(number(0, 2)); }
  void one(EndedBy& v) { v = static_cast<EndedBy>(number(0, 2)); }
  void one(Liveness& v) { v = static_cast<Liveness>(number(0, 5)); }
  void one(Cause& v) { v = static_cast<Cause>(number(0, 24)); }
  void one(Route& v) { v = static_cast<Route>(number(0, 5)); }
  void one(Severity& v) { v = static_cast<Severity>(number(0, 2)); }
  void one(AlertStatus& v) { v = static_cast<AlertStatus>(number(0, 1)); }
  void one(Notice& v) { v = static_cast<Notice>(number(0, 3)); }
  void one(Role& v) { v = static_cast<Role>(number(0, 5)); }
  void one(ReleaseStatus& v) { v = static_cast<ReleaseStatus>(number(0, 2)); }
  void one(DuePrecision& v) { v = static_cast<DuePrecision>(number(0, 2)); }
  template <class T>
  void one(std::optional<T>& v) {
    if (number(0, 2) == 0) {
      v.reset();
    } else {
      one(v.emplace());
    }
  }
  template <class T>
  void one(std::vector<T>& v) {
    v.resize(static_cast<std::size_t>(number(0, 3)));
    for (auto& each : v) one(each);
  }
  void one(Labels& v) {
    for (auto n = number(0, 4); n > 0; --n) {
      std::string key;
      one(key);
      one(v[key]);
    }
  }

  // The bindings name every field: a new one breaks the build here until the codec knows it too.
  void one(InstantBounds& v) {
    auto& [a, b] = v;
    fill(a, b);
  }
  void one(Look& v) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t] = v;
    fill(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t);
  }
  void one(ExposureSpan& v) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = v;
    fill(a, b, c, d, e, f, g, h, i, j, k);
  }
  void one(RouteView& v) {
    auto& [a, b, c, d, e, f] = v;
    fill(a, b, c, d, e, f);
  }
  void one(TargetExposure& v) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = v;
    fill(a, b, c, d, e, f, g, h, i, j, k);
  }
  void one(Drift& v) {
    auto& [a, b, c, d, e, f] = v;
    fill(a, b, c, d, e, f);
  }
  void one(Acknowledgement& v) {
    auto& [a, b, c, d] = v;
    fill(a, b, c, d);
  }
  void one(Ruling& v) {
    auto& [a, b, c, d] = v;
    fill(a, b, c, d);
  }
  void one(RehearsalMark& v) {
    auto& [a, b, c, d, e, f, g] = v;
    fill(a, b, c, d, e, f, g);
  }
  void one(AlertThread& v) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = v;
    fill(a, b, c, d, e, f, g, h, i, j, k);
  }
  void one(DarkBefore& v) {
    auto& [a, b, c] = v;
    fill(a, b, c);
  }
  void one(BlindSpan& v) {
    auto& [a, b, c, d, e, f] = v;
    fill(a, b, c, d, e, f);
  }
  void one(Url& v) {
    auto& [a, b, c, d, e] = v;
    fill(a, b, c, d, e);
  }
  void one(Target& v) {
    auto& [a, b, c, d, e, rules, g, h, i, j, k, place, guess] = v;
    fill(a, b, c, d, e, g, h, i, j, k);
    place = {};
    rules = {};  // the config's, not stored
    guess = {};  // of guesses alone, which no schedule announces
  }
  void one(Due& v) {
    auto& [a, b, c, d, e, f] = v;
    fill(a, b, c, d, e, f);
  }

 public:
  void one(Incident& v) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, ruling, links, rehearsal] = v;
    fill(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, ruling, links, rehearsal);
  }
  void one(TargetTrack& v) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y] = v;
    fill(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y);
  }
  void one(Alert& v) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = v;
    fill(a, b, c, d, e, f, g, h, i, j, k, l);
  }
  void one(Release& v) {
    auto& [a, b, c, d, e, f, stated, former, templates] = v;
    fill(a, b, c, d, e, f);
    stated = {};
    former = {};  // the config's, not stored
    templates = {};
  }

 private:
  std::mt19937 random_;
};

template <class T, class Decode>
void expect_round_trips(Decode decode) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    T value;
    Chance{seed}.one(value);
    const std::string text = encode_document(value);
    const Result<T> back = decode(text);
    ASSERT_TRUE(back) << to_string(back.error()) << "\n" << text;
    ASSERT_TRUE(*back == value) << "seed " << seed << "\n" << text;
    ASSERT_EQ(text.find('\n'), std::string::npos);
  }
}

TEST(IncidentCodec, AnyIncidentComesBack) { expect_round_trips<Incident>(decode_incident); }
TEST(IncidentCodec, AnyTrackComesBack) { expect_round_trips<TargetTrack>(decode_track); }
TEST(IncidentCodec, AnyAlertComesBack) { expect_round_trips<Alert>(decode_alert); }
TEST(IncidentCodec, AnyReleaseComesBack) { expect_round_trips<Release>(decode_release); }

TEST(IncidentCodec, AnUnknownFormIsRefused) {
  std::string text = encode_document(stored_incident("a"));
  const auto at = text.find("\"v\":7");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 5, "\"v\":8");
  const auto refused = decode_incident(text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unsupported);
  EXPECT_EQ(refused.error().what, "an incident is stored in form 8, this embargod knows forms up to 7");
}

TEST(IncidentCodec, AnIncidentOfForm1HasTheDefaultsOfWhatCameLater) {
  const auto read = decode_incident(kForm1Incident);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->state, IncidentState::contained);
  EXPECT_EQ(read->acknowledged->by, "officer");
  ASSERT_EQ(read->targets.size(), 1U);
  const TargetExposure& t = read->targets[0];
  EXPECT_EQ(t.spans.at(0).looks, 200);
  EXPECT_EQ(t.first.remote_ip, "192.0.2.7");
  EXPECT_EQ(t.first.age, Seconds{7});
  EXPECT_EQ(t.first.route, Route::plain);
  EXPECT_FALSE(t.first.marked);
  EXPECT_EQ(t.role, Role::page);
  EXPECT_THAT(t.routes, testing::IsEmpty());
  EXPECT_EQ(t.cached_by, "");
  EXPECT_EQ(t.candidate_rule, "");
  EXPECT_EQ(decode_incident(encode_document(*read)).value(), *read) << "and is written in the newest form";
}

TEST(IncidentCodec, ATrackOfForm1HasTheDefaultsOfWhatCameLater) {
  const auto read = decode_track(kForm1Track);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->blind->cause, Cause::timeout);
  EXPECT_EQ(read->dark_streak, 4);
  EXPECT_EQ(read->fingerprint, "");
  EXPECT_FALSE(read->fingerprint_seen.has_value());
  EXPECT_FALSE(read->gone.has_value());
}

TEST(IncidentCodec, AReleaseOfForm1IsTheSameReleaseToday) {
  const auto read = decode_release(kForm1Release);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(*read, stored_release("therapies"));
}

TEST(IncidentCodec, TheRulesOfAUrlAreNotRecorded) {
  Release r = stored_release("therapies");
  r.targets[0].edition = "April 2018";
  r.targets[0].rules.stub_if.emplace_back();
  r.former_urls.emplace_back();
  r.url_templates.emplace_back();
  const auto read = decode_release(encode_document(r));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_NE(*read, r);
  EXPECT_EQ(*read, recorded(r));
  EXPECT_EQ(read->targets[0].edition, "April 2018");
}

struct DamagedDocument {
  const char* name;
  const char* replace;
  const char* with;
};

class DamagedDocumentTest : public testing::TestWithParam<DamagedDocument> {};

TEST_P(DamagedDocumentTest, IsCorrupt) {
  std::string text = encode_document(stored_incident("a"));
  const auto at = text.find(GetParam().replace);
  ASSERT_NE(at, std::string::npos) << text;
  text.replace(at, std::string_view{GetParam().replace}.size(), GetParam().with);
  const auto refused = decode_incident(text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::corrupt) << to_string(refused.error());
}

INSTANTIATE_TEST_SUITE_P(Where, DamagedDocumentTest,
                         testing::Values(DamagedDocument{"NotJson", "{", "["},
                                         DamagedDocument{"FieldMissing", "\"kind\"", "\"kin\""},
                                         DamagedDocument{"WordUnknown", "\"kind\":0", "\"kind\":9"},
                                         DamagedDocument{"WordNegative", "\"state\":0", "\"state\":-1"},
                                         DamagedDocument{"NumberForText", "\"release\":\"a\"", "\"release\":3"},
                                         DamagedDocument{"TextForNumber", "\"ordinal\":1", "\"ordinal\":\"1\""},
                                         DamagedDocument{"NumberForBool", "\"firing\":false", "\"firing\":0"},
                                         DamagedDocument{"MapForList", "\"affected\":[]", "\"affected\":{}"},
                                         DamagedDocument{"NoForm", "\"v\":7", "\"w\":2"},
                                         DamagedDocument{"FormBeforeTheFirst", "\"v\":7", "\"v\":0"},
                                         DamagedDocument{"LaterFieldMissing", "\"cached_by\"", "\"cachedby\""}),
                         [](const auto& p) { return p.param.name; });

TEST(IncidentCodec, TextThatIsNotUtf8IsMended) {
  Incident i = stored_incident("a");
  i.title = "bad \xFF byte";
  const auto back = decode_incident(encode_document(i));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->title, "bad \xEF\xBF\xBD byte");
}

}  // namespace
}  // namespace embargod
