#pragma once
// The stores that must all behave the same. A new one adds a maker to kStoreMakers.

#include <array>
#include <memory>

#include "daemon/watch/store.h"

namespace embargod {

class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual Store& store() = 0;
  virtual Outbox& outbox() = 0;
  virtual StoreReader& reader() = 0;
  /// As if the daemon was stopped and started again.
  virtual void restart() = 0;
};

struct StoreMaker {
  const char* name;
  std::unique_ptr<StoreUnderTest> (*make)();
};

std::unique_ptr<StoreUnderTest> make_memory_store_under_test();
std::unique_ptr<StoreUnderTest> make_sqlite_store_under_test();

inline constexpr std::array<StoreMaker, 2> kStoreMakers{{
    {"Memory", make_memory_store_under_test},
    {"Sqlite", make_sqlite_store_under_test},
}};

}  // namespace embargod
