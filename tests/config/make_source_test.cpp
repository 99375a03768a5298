#include <gtest/gtest.h>

#include "tests/config/source_texts.h"

namespace embargod {
namespace {

TEST(MakeSourceReader, HasAReaderForEveryFormat) {
  const std::vector<Profile> profiles = shipped_profiles();
  for (const SourceFormat f : {SourceFormat::yaml, SourceFormat::csv, SourceFormat::ics, SourceFormat::json,
                               SourceFormat::ons, SourceFormat::govuk, SourceFormat::ees}) {
    const auto reader =
        make_source_reader(f, SourceContext{"planned", "https://stats.example.org/x", "Europe/London", profiles});
    ASSERT_NE(reader, nullptr) << to_string(f);
    EXPECT_FALSE(reader->take("https://stats.example.org/x", "<html>")) << to_string(f);
  }
}

TEST(MakeSourceReader, GivesTheReaderThatTheFormatNames) {
  const std::vector<Profile> profiles = shipped_profiles();
  const auto takes = [&](SourceFormat f, std::string_view bytes) {
    return make_source_reader(f, SourceContext{"planned", "c", "Europe/London", profiles})
        ->take("c", bytes)
        .has_value();
  };
  EXPECT_TRUE(takes(SourceFormat::yaml, "releases: []\n"));
  EXPECT_TRUE(takes(SourceFormat::csv, "title,due\nX,2030-06\n"));
  EXPECT_TRUE(takes(SourceFormat::ics, "BEGIN:VCALENDAR\nEND:VCALENDAR\n"));
  EXPECT_TRUE(takes(SourceFormat::json, R"({"items": []})"));
  EXPECT_FALSE(takes(SourceFormat::ics, "title,due\nX,2030-06\n"));
}

}  // namespace
}  // namespace embargod
