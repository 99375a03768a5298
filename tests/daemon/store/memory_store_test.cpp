#include "daemon/store/memory_store.h"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/contract/sample_state.h"

namespace embargod {
namespace {

// `embargoctl simulate` runs days of virtual time: a day of looks every two seconds at two targets.
TEST(MemoryStore, TakesADayOfVirtualTimeInSeconds) {
  MemoryStore store;
  Incident i = stored_incident("therapies");
  const auto began = std::chrono::steady_clock::now();
  for (int n = 0; n < 43'200; ++n) {
    Commit c = at_noon_plus(2 * n);
    i.steps = n;
    c.incidents = {i};
    c.spans = {stored_span("a", 0, 2 * n, n), stored_span("b", 0, 2 * n, n)};
    ASSERT_TRUE(store.commit(c));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{20});
  EXPECT_EQ(store.load().value().unclosed.at(0).steps, 43'199);
}

}  // namespace
}  // namespace embargod
