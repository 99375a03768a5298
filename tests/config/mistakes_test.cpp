// One mistake (or kind of mistake) a file; beside it the exact faults. EMBARGOD_UPDATE_GOLDEN=1 writes them anew: read
// the diff.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"

namespace embargod {
namespace {

constexpr const char* kMistakes = "tests/config/mistakes";

std::vector<std::string> mistake_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kMistakes))
    if (entry.path().extension() == ".yml") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

std::string faults_of(const std::string& name) {
  const std::string file = name + ".yml";
  const auto yaml = read_file(std::string{kMistakes} + "/" + file, 5'000'000);
  if (!yaml) return to_string(yaml.error());
  if (name.starts_with("schedule_"))
    return fault_lines(read_schedule(*yaml, file, "Europe/London", shipped_profiles()));
  return fault_lines(read_settings(*yaml, file, kMistakes));
}

class MistakesTest : public testing::TestWithParam<std::string> {};

TEST_P(MistakesTest, GiveTheseFaultsAndNoOthers) {
  const std::string golden = std::string{kMistakes} + "/" + GetParam() + ".txt";
  const std::string got = faults_of(GetParam());
  EXPECT_FALSE(got.empty()) << "the mistake is not noticed";
  if (std::getenv("EMBARGOD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{golden} << got;
    return;
  }
  const auto want = read_file(golden, 100'000);
  ASSERT_TRUE(want) << to_string(want.error());
  EXPECT_EQ(got, *want);
}

INSTANTIATE_TEST_SUITE_P(Files, MistakesTest, testing::ValuesIn(mistake_names()),
                         [](const auto& c) { return c.param; });

TEST(Mistakes, AreMoreThanThirty) { EXPECT_GE(mistake_names().size(), 30U); }

}  // namespace
}  // namespace embargod
