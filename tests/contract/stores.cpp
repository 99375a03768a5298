#include "tests/contract/stores.h"

#include <stdexcept>

#include "daemon/store/memory_store.h"
#include "daemon/store/sqlite_store.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

class MemoryUnderTest final : public StoreUnderTest {
 public:
  Store& store() override { return store_; }
  Outbox& outbox() override { return store_; }
  StoreReader& reader() override { return store_; }
  void restart() override {}

 private:
  MemoryStore store_;
};

class SqliteUnderTest final : public StoreUnderTest {
 public:
  SqliteUnderTest() { open(); }
  Store& store() override { return state_->store(); }
  Outbox& outbox() override { return state_->outbox(); }
  StoreReader& reader() override { return state_->reader(); }
  void restart() override {
    state_.reset();
    open();
  }

 private:
  void open() {
    auto opened = open_sqlite(folder_.path());
    if (!opened) throw std::runtime_error{to_string(opened.error())};
    state_ = std::move(*opened);
  }

  TempFolder folder_;
  std::unique_ptr<SqliteState> state_;
};

}  // namespace

std::unique_ptr<StoreUnderTest> make_memory_store_under_test() { return std::make_unique<MemoryUnderTest>(); }
std::unique_ptr<StoreUnderTest> make_sqlite_store_under_test() { return std::make_unique<SqliteUnderTest>(); }

}  // namespace embargod
