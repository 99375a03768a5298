// What came out at last, beside what had been public too early.

#include <gmock/gmock.h>

#include "daemon/report/report.h"
#include "tests/daemon/report/sample_record.h"

namespace embargod {
namespace {

using testing::HasSubstr;

/// Statements of the field in the account of the first incident; empty: there is none.
std::string released_text(const ReportInput& in) {
  std::string out;
  const Report r = make_report(in);
  for (const ReportSection& s : r.sections)
    for (const ReportField& f : s.fields)
      if (f.label == "What was released at last" && s.number == "2.1")
        for (const Statement& st : f.statements)
          for (const Piece& p : st.pieces) out += p.text;
  for (const ReportFinding& f : r.findings) EXPECT_NE(f.level, ReportFinding::Level::error) << f.what;
  return out;
}

struct ReleasedCase {
  const char* name;
  const char* now;
  const char* from;  // of the looks that saw it live; empty: none
  const char* digest;
  Role role;
  const char* says;  // empty: the field is not there
};
class ReleasedTest : public testing::TestWithParam<ReleasedCase> {};
TEST_P(ReleasedTest, IsComparedByItsBytes) {
  const ReleasedCase& c = GetParam();
  ReportInput in = sample_record();
  in.now = at_utc(c.now);
  TargetExposure& t = in.incidents[0].targets[0];
  t.first.digest = "sha256:aa";
  t.role = c.role;
  if (*c.from != '\0') {
    in.released = {
        sample_run(t.target, Liveness::unknown, "2018-04-25T08:30:00Z", "2018-04-25T08:30:01Z", 1, Millis{0}),
        sample_run(t.target, Liveness::live, c.from, "2018-04-25T10:00:00Z", 9, Millis{0}),
        sample_run(t.target, Liveness::live, "2018-04-25T11:00:00Z", "2018-04-25T12:00:00Z", 9, Millis{0})};
    in.released[1].digest = c.digest;
    in.released[2].digest = "sha256:cc";
  }
  const std::string text = released_text(in);
  EXPECT_EQ(text.empty(), *c.says == '\0');
  EXPECT_THAT(text, HasSubstr(c.says));
}
INSTANTIATE_TEST_SUITE_P(
    Cases, ReleasedTest,
    testing::Values(ReleasedCase{"NotDueYet", "2018-04-25T08:29:59Z", "", "", Role::file, ""},
                    ReleasedCase{"Same", "2018-04-26T00:00:00Z", "2018-04-25T08:30:02Z", "sha256:aa", Role::file,
                                 ": the same bytes as those caught early were served at 08:30:02"},
                    ReleasedCase{"Corrected", "2018-04-26T00:00:00Z", "2018-04-25T08:30:02Z", "sha256:bb", Role::file,
                                 "(digest sha256:bb). The file was changed in between."},
                    ReleasedCase{"AnotherPage", "2018-04-26T00:00:00Z", "2018-04-25T08:30:02Z", "sha256:bb", Role::page,
                                 "A page may differ by as little as a time stamp."},
                    ReleasedCase{"StayedUp", "2018-04-26T00:00:00Z", "2018-04-25T08:29:00Z", "sha256:bb", Role::file,
                                 "stayed live from before the announced time"},
                    ReleasedCase{"NoDigest", "2018-04-26T00:00:00Z", "2018-04-25T08:30:02Z", "", Role::file,
                                 "not compared"},
                    ReleasedCase{"Withdrawn", "2018-04-26T00:00:00Z", "", "", Role::file,
                                 ": not seen live since the announced time."},
                    ReleasedCase{"AListing", "2018-04-26T00:00:00Z", "", "", Role::listing, ""}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
