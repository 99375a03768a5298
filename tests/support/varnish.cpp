#include "tests/support/varnish.h"

#include <fstream>
#include <iterator>

#include "tests/support/nginx.h"

namespace embargod {
namespace {

constexpr int kVarnishAttempts = 5;
constexpr std::chrono::seconds kVarnishStart{30};  // it compiles its VCL with a C compiler

std::string output_of_varnish(const std::filesystem::path& folder) {
  std::ifstream in{folder / "output.log", std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

Result<std::unique_ptr<Varnish>> Varnish::start(const std::filesystem::path& folder, int origin_port,
                                                const std::string& vcl) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return fail(Errc::io, ec.message(), folder.string());
  std::ofstream{folder / "test.vcl"} << "vcl 4.1;\nbackend origin { .host = \"127.0.0.1\"; .port = \"" << origin_port
                                     << "\"; }\n"
                                     << vcl;
  std::unique_ptr<Varnish> varnish{new Varnish};
  Result<void> launched = fail(Errc::unavailable, "varnishd was not tried");
  for (int i = 0; i < kVarnishAttempts && !launched; ++i) {  // somebody else may take the port in between
    varnish->port_ = free_loopback_port();
    launched = varnish->launch(folder);
  }
  if (!launched) return tl::unexpected<Fault>{launched.error()};
  return varnish;
}

Result<void> Varnish::launch(const std::filesystem::path& folder) {
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{"varnishd", "-F", "-j", "none", "-n", (folder / "work").string(), "-a",
                               "127.0.0.1:" + std::to_string(port_), "-f", (folder / "test.vcl").string(), "-s",
                               "malloc,16m", "-T", "none", "-p", "thread_pools=1", "-p", "thread_pool_min=10"},
      (folder / "output.log").string());
  // "Child launched OK" is this one's own word; a connection alone could reach a stranger on the same port.
  const bool ready = eventually(
      [&] {
        return !process_->running() || (output_of_varnish(folder).find("Child launched OK") != std::string::npos &&
                                        accepts_connections(port_, 0));
      },
      kVarnishStart);
  if (ready && process_->running()) return {};
  stop();
  return fail(Errc::unavailable, "varnishd does not run: " + output_of_varnish(folder), folder.string(),
              "apt-get install varnish gcc");
}

void Varnish::stop() {
  if (process_) process_->stop();
  process_.reset();
}

Varnish::~Varnish() { stop(); }

std::string Varnish::url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

}  // namespace embargod
