#pragma once

#include <gtest/gtest.h>

#include "tests/contract/sample_state.h"
#include "tests/contract/stores.h"

namespace embargod {

/// A fresh store of each maker, and short ways to use it.
class StoreContract : public testing::TestWithParam<StoreMaker> {
 protected:
  Store& store() { return under_test_->store(); }
  Outbox& outbox() { return under_test_->outbox(); }
  StoreReader& reader() { return under_test_->reader(); }
  void restart() { under_test_->restart(); }

  void commit(const Commit& c) {
    const auto done = store().commit(c);
    ASSERT_TRUE(done) << to_string(done.error());
  }
  StoredState loaded() { return store().load().value(); }

  std::vector<std::string> adopt(const std::vector<Release>& releases, int at) {
    Schedule s;
    s.releases = releases;
    return store().adopt_schedule(s, noon_plus(at)).value();
  }

  std::vector<std::string> pending_keys(const std::string& receiver, int limit = 100) {
    std::vector<std::string> keys;
    const auto rows = outbox().pending(receiver, limit).value();
    keys.reserve(rows.size());
    for (const auto& d : rows) keys.push_back(d.alert.key);
    return keys;
  }

  /// Commits an alert for one receiver and returns its row's id.
  std::int64_t enqueue(const Alert& a, const std::string& receiver = "am") {
    Commit c = at_noon_plus(0);
    c.alerts.push_back({a, {receiver}});
    commit(c);
    const auto rows = outbox().pending(receiver, 100).value();
    return rows.empty() ? 0 : rows.back().id;
  }

 private:
  std::unique_ptr<StoreUnderTest> under_test_ = GetParam().make();
};

}  // namespace embargod
