#include "daemon/sys/systemd.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

/// Listens where systemd would.
class NotifySocket : public testing::Test {
 protected:
  NotifySocket() {
    const std::string path = folder_.path() + "/notify";
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    path.copy(a.sun_path, sizeof a.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&a), sizeof a), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~NotifySocket() override {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string heard() const {
    std::array<char, 4'096> buffer{};
    const ssize_t n = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return n < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(n));
  }

 private:
  TempFolder folder_;
  int socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST_F(NotifySocket, HearsEachStepInOneDatagram) {
  notify_ready("watching 41 targets");
  EXPECT_EQ(heard(), "READY=1\nSTATUS=watching 41 targets");
  notify_stopping("flushing the outbox");
  EXPECT_EQ(heard(), "STOPPING=1\nSTATUS=flushing the outbox");
  notify_status("x");
  EXPECT_EQ(heard(), "STATUS=x");
  notify_watchdog();
  EXPECT_EQ(heard(), "WATCHDOG=1");
  notify_extend_timeout(1'500ms);
  EXPECT_EQ(heard(), "EXTEND_TIMEOUT_USEC=1500000");
  EXPECT_EQ(heard(), "nothing");
}

TEST_F(NotifySocket, AReloadCarriesItsMonotonicTime) {
  notify_reloading();
  EXPECT_THAT(heard(), testing::MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]+"));
}

TEST_F(NotifySocket, AStatusCannotForgeAnotherAssignment) {
  notify_status("title\nREADY=1\r\x1B");
  EXPECT_EQ(heard(), "STATUS=title READY=1  ");
}

TEST(Systemd, WithoutASocketNothingHappens) {
  ::unsetenv("NOTIFY_SOCKET");
  notify_ready("x");
  notify_watchdog();
}

TEST(Systemd, TheWatchdogIsFedTwicePerInterval) {
  ::unsetenv("WATCHDOG_USEC");
  EXPECT_FALSE(watchdog_interval().has_value());
  ::setenv("WATCHDOG_USEC", "60000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(watchdog_interval(), 30s);
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(watchdog_interval().has_value()) << "meant for another process";
  ::unsetenv("WATCHDOG_USEC");
  ::unsetenv("WATCHDOG_PID");
}

}  // namespace
}  // namespace embargod
