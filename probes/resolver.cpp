#include "probes/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace embargod {
namespace {

constexpr int kMostLookups = 8;

/// An address as 16 bytes, IPv4 as ::ffff:a.b.c.d; unset if the text is none.
std::optional<std::array<std::uint8_t, 16>> bytes_of(const std::string& text) {
  std::array<std::uint8_t, 16> b{};
  if (inet_pton(AF_INET6, text.c_str(), b.data()) == 1) return b;
  b = {};
  b[10] = b[11] = 0xFF;
  if (inet_pton(AF_INET, text.c_str(), b.data() + 12) == 1) return b;
  return std::nullopt;
}

HostAddresses ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int rc = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  HostAddresses answer;
  if (rc == EAI_NONAME || rc == EAI_NODATA) return answer;
  if (rc != 0) {
    answer.failure = gai_strerror(rc);
    return answer;
  }
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = a->ai_family == AF_INET6
                            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6*>(a->ai_addr)->sin6_addr)
                            : static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(a->ai_addr)->sin_addr);
    if ((a->ai_family == AF_INET || a->ai_family == AF_INET6) &&
        inet_ntop(a->ai_family, bytes, text.data(), text.size()) != nullptr &&
        std::find(answer.list.begin(), answer.list.end(), text.data()) == answer.list.end())
      answer.list.emplace_back(text.data());
  }
  freeaddrinfo(found);
  return answer;
}

/// Shared with the threads, which may outlive the resolver.
struct Lookups {
  std::mutex mutex;
  std::deque<std::string> waiting;
  std::vector<std::pair<std::string, HostAddresses>> answered;
  int running = 0;
  bool over = false;  // nobody wants answers any more
};

void run_lookups(const std::shared_ptr<Lookups>& shared) {
  for (;;) {
    std::string host;
    {
      const std::lock_guard lock{shared->mutex};
      if (shared->over || shared->waiting.empty()) {
        --shared->running;
        return;
      }
      host = std::move(shared->waiting.front());
      shared->waiting.pop_front();
    }
    HostAddresses answer = ask_system(host);
    const std::lock_guard lock{shared->mutex};
    shared->answered.emplace_back(std::move(host), std::move(answer));
  }
}

class SystemResolver final : public Resolver {
 public:
  ~SystemResolver() override {
    const std::lock_guard lock{lookups_->mutex};
    lookups_->over = true;
  }

  std::optional<HostAddresses> addresses(const std::string& host, Millis now) override {
    collect(now);
    Known& k = known_[host];
    if (k.answer && now < k.until) return k.answer;
    k.answer.reset();
    if (!k.asked) {
      k.asked = true;
      ask(host);
    }
    return std::nullopt;
  }

 private:
  struct Known {
    std::optional<HostAddresses> answer;
    Millis until{0};
    bool asked = false;
  };

  void collect(Millis now) {
    std::vector<std::pair<std::string, HostAddresses>> news;
    {
      const std::lock_guard lock{lookups_->mutex};
      news = std::exchange(lookups_->answered, {});
    }
    for (auto& [host, answer] : news) {
      const Millis kept = answer.failure.empty() ? kAddressesKept : kFailureKept;
      known_[host] = {std::move(answer), now + kept, false};
    }
  }

  void ask(const std::string& host) {
    {
      const std::lock_guard lock{lookups_->mutex};
      lookups_->waiting.push_back(host);
      if (lookups_->running >= kMostLookups) return;
      ++lookups_->running;
    }
    try {
      std::thread{run_lookups, lookups_}.detach();  // a lookup cannot be interrupted, so nobody may wait for one
    } catch (const std::system_error& e) {
      const std::lock_guard lock{lookups_->mutex};
      --lookups_->running;
      if (lookups_->running > 0) return;  // one that runs takes it over
      lookups_->waiting.clear();
      lookups_->answered.emplace_back(host, HostAddresses{{}, e.what()});
    }
  }

  const std::shared_ptr<Lookups> lookups_ = std::make_shared<Lookups>();
  std::map<std::string, Known> known_;  // as many as the schedule has hosts
};

}  // namespace

std::unique_ptr<Resolver> make_system_resolver() { return std::make_unique<SystemResolver>(); }

Family family_of(const std::string& address) {
  std::array<std::uint8_t, 16> b{};
  if (inet_pton(AF_INET, address.c_str(), b.data()) == 1) return Family::ipv4;
  return inet_pton(AF_INET6, address.c_str(), b.data()) == 1 ? Family::ipv6 : Family::none;
}

bool same_address(const std::string& a, const std::string& b) {
  const auto x = bytes_of(a);
  return x && x == bytes_of(b);
}

}  // namespace embargod
