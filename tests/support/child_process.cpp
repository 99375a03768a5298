#include "tests/support/child_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/temp_folder.h"

namespace embargod {

ChildProcess::ChildProcess(const std::vector<std::string>& argv, const std::string& log_file) {
  std::vector<char*> args;
  for (const std::string& arg : argv) args.push_back(const_cast<char*>(arg.c_str()));
  args.push_back(nullptr);
  const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error{"cannot fork"};
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(nothing, 0);
    ::dup2(log, 1);
    ::dup2(log, 2);
    ::execvp(args[0], args.data());
    ::_exit(127);
  }
  ::close(log);
  ::close(nothing);
}

ChildProcess::~ChildProcess() { kill(); }

bool ChildProcess::reap(int flags) {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, flags) == pid_) pid_ = -1;
  return pid_ < 0;
}

bool ChildProcess::running() { return !reap(WNOHANG); }

void ChildProcess::stop() {
  if (reap(WNOHANG)) return;
  ::kill(pid_, SIGTERM);
  if (!eventually([this] { return reap(WNOHANG); }, std::chrono::seconds{5})) kill();
}

void ChildProcess::kill() {
  if (reap(WNOHANG)) return;
  ::kill(pid_, SIGKILL);
  reap(0);
}

Ran run_program(const std::vector<std::string>& argv) {
  const TempFolder folder;
  const std::string out = folder.path() + "/out";
  std::string command;
  for (const std::string& arg : argv) {
    command += '\'';
    for (const char c : arg) command += c == '\'' ? std::string{"'\\''"} : std::string{c};
    command += "' ";
  }
  const int status = std::system((command + ">" + out + " 2>&1").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(out)};
}

bool eventually(const std::function<bool()>& happened, std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!happened()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return true;
}

std::uint16_t maybe_free_port() {
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(s, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(s, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(s);
  if (!bound) throw std::runtime_error{"no free port on loopback"};
  return ntohs(address.sin_port);
}

std::string slurp(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

}  // namespace embargod
