#pragma once
// A real SMTP server (aiosmtpd) on a loopback port: tests/support/smtp_sink.py.

#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace embargod {

class SmtpSink {
 public:
  static bool installed();

  /// Starts and waits for the port. Throws std::runtime_error with its output.
  enum class Tls { none, starttls, smtps };
  explicit SmtpSink(Tls tls = Tls::none);

  [[nodiscard]] std::string url() const {
    return (tls_ == Tls::smtps ? "smtps://127.0.0.1:" : "smtp://127.0.0.1:") + port_;
  }
  /// With TLS: what signed its certificate.
  [[nodiscard]] std::string ca_file() const { return folder_.path() + "/cert.pem"; }

  /// Lines of smtp_sink.py's rules: "x@example.org 550 5.1.1 no such mailbox", "data 451 4.3.0 later", "hang 60".
  /// Empty: accept all.
  void rules(const std::string& lines) const;

  struct Mail {
    std::string bytes;     // as received
    std::string envelope;  // sender and recipients, a line each
  };
  [[nodiscard]] std::vector<Mail> mails() const;

  void stop() { process_->kill(); }

 private:
  TempFolder folder_;
  Tls tls_;
  std::string port_;
  std::unique_ptr<ChildProcess> process_;
};

/// What Python's mail parser (policy default) makes of a message, as JSON: headers decoded, "text" and "html", "types",
/// "defects".
[[nodiscard]] std::string parse_mail(const std::string& bytes);

}  // namespace embargod
