#include "tests/support/nginx.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

namespace embargod {
namespace {

constexpr int kAttempts = 5;
constexpr int kStartMillis = 10'000;

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const int rc = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
  close(fd);
  return rc;
}

/// Runs a program with its output in `log`; the child dies with this thread.
pid_t spawn(const std::vector<std::string>& command, const std::filesystem::path& log) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const std::string log_name = log.string();
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = open(log_name.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int in = open("/dev/null", O_RDONLY);
  dup2(in, 0);
  dup2(out, 1);
  dup2(out, 2);
  execvp(argv[0], argv.data());
  _exit(127);
}

bool run(const std::vector<std::string>& command, const std::filesystem::path& log) {
  const pid_t pid = spawn(command, log);
  int status = -1;
  return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string slurp(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

constexpr const char* kConfig = R"(daemon off; master_process off; worker_rlimit_nofile 4096;
pid @FOLDER@/nginx.pid; error_log @FOLDER@/error.log warn;
events { worker_connections 1024; }
http {
  access_log @FOLDER@/access.log; default_type application/octet-stream; sendfile on; keepalive_requests 1000000;
  types { text/html html; text/plain txt; text/csv csv; application/json json; }
  client_body_temp_path @FOLDER@/t1; proxy_temp_path @FOLDER@/t2; fastcgi_temp_path @FOLDER@/t3;
  uwsgi_temp_path @FOLDER@/t4; scgi_temp_path @FOLDER@/t5;
  @HTTP@
  server {
    listen 127.0.0.1:@PORT@; @TLS@
    server_name localhost; root @ROOT@;
    @SERVER@
  }
}
)";

}  // namespace

int free_loopback_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool ok = bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(fd);
  return ok ? ntohs(address.sin_port) : 0;
}

bool accepts_connections(int port, int milliseconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{milliseconds};
  while (connect_to(port) != 0) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

Result<std::unique_ptr<Nginx>> Nginx::start(const std::filesystem::path& folder, const NginxConf& conf) {
  std::unique_ptr<Nginx> nginx{new Nginx};
  nginx->folder_ = folder;
  std::error_code ec;
  std::filesystem::create_directories(folder / "html", ec);
  if (ec) return fail(Errc::io, ec.message(), folder.string());
  if (conf.tls &&
      !run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
            (folder / "key.pem").string(), "-out", (folder / "cert.pem").string()},
           folder / "openssl.log"))
    return fail(Errc::unavailable, "openssl made no certificate", folder.string(), "apt-get install openssl");
  Result<void> launched = fail(Errc::unavailable, "nginx was not tried");
  for (int i = 0; i < kAttempts && !launched; ++i) {  // somebody else may take a port between the look and the start
    nginx->port_ = free_loopback_port();
    nginx->tls_port_ = conf.tls ? free_loopback_port() : 0;
    nginx->write_config(conf);
    launched = nginx->launch();
  }
  if (!launched) return tl::unexpected<Fault>{launched.error()};
  return nginx;
}

void Nginx::write_config(const NginxConf& conf) const {
  std::string text = kConfig;
  replace_all(text, "@HTTP@", conf.http);
  replace_all(text, "@SERVER@", conf.server);
  replace_all(text, "@TLS@",
              conf.tls ? "listen 127.0.0.1:@TLS_PORT@ ssl http2; ssl_certificate @FOLDER@/cert.pem; "
                         "ssl_certificate_key @FOLDER@/key.pem;"
                       : "");
  replace_all(text, "@PORT@", std::to_string(port_));
  replace_all(text, "@TLS_PORT@", std::to_string(tls_port_));
  replace_all(text, "@ROOT@", root().string());
  replace_all(text, "@FOLDER@", folder_.string());
  std::ofstream{folder_ / "nginx.conf"} << text;
}

Result<void> Nginx::launch() {
  pid_ = spawn({"nginx", "-p", folder_.string(), "-c", (folder_ / "nginx.conf").string()}, folder_ / "output.log");
  if (pid_ < 0) return fail(Errc::unavailable, "fork failed");
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{kStartMillis};
  while (std::chrono::steady_clock::now() < end) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return fail(Errc::unavailable,
                  "nginx ended at once: " + slurp(folder_ / "output.log") + slurp(folder_ / "error.log"),
                  folder_.string());
    }
    // The pid file is this process's own; a connection alone could reach a stranger on the same port.
    if (std::filesystem::exists(folder_ / "nginx.pid") && connect_to(port_) == 0) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  stop();
  return fail(Errc::unavailable, "nginx accepts no connection", folder_.string());
}

void Nginx::stop() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  std::error_code ignored;
  std::filesystem::remove(folder_ / "nginx.pid", ignored);
}

Result<void> Nginx::restart() {
  stop();
  return launch();
}

Nginx::~Nginx() { stop(); }

std::string Nginx::url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

std::string Nginx::tls_url(const std::string& path) const {
  return "https://127.0.0.1:" + std::to_string(tls_port_) + path;
}

Result<void> Nginx::put(const std::string& path, const std::string& content) const {
  const auto file = root() / path.substr(path.find_first_not_of('/'));
  const auto draft = folder_ / "draft";
  std::error_code ec;
  std::filesystem::create_directories(file.parent_path(), ec);
  std::ofstream out{draft, std::ios::binary};
  out << content;
  out.close();
  if (!out) return fail(Errc::io, "cannot write", draft.string());
  std::filesystem::rename(draft, file, ec);
  if (ec) return fail(Errc::io, ec.message(), file.string());
  return {};
}

void Nginx::remove(const std::string& path) const {
  std::error_code ignored;
  std::filesystem::remove(root() / path.substr(path.find_first_not_of('/')), ignored);
}

}  // namespace embargod
