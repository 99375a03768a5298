#include "tests/support/smtp_sink.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace embargod {
namespace {

// Debian's own interpreter: python3-aiosmtpd belongs to it.
constexpr const char* kPython = "/usr/bin/python3";

constexpr const char* kParser = R"(
import email, email.policy, json, sys
with open(sys.argv[1], 'rb') as f: raw = f.read()
m = email.message_from_bytes(raw, policy=email.policy.default)
parts = {p.get_content_type(): p.get_content().replace('\r\n', '\n') for p in m.walk() if not p.is_multipart()}
defects = [type(d).__name__ for p in m.walk() for d in p.defects]
defects += [type(d).__name__ for v in m.values() for d in v.defects]
print(json.dumps({'headers': [[k, str(v)] for k, v in m.items()], 'text': parts.get('text/plain', ''),
                  'html': parts.get('text/html', ''), 'types': [p.get_content_type() for p in m.walk()],
                  'defects': defects, 'longest_line': max(len(l) for l in raw.split(b'\r\n')),
                  'seven_bit': all(b < 128 for b in raw)}))
)";

}  // namespace

bool SmtpSink::installed() { return run_program({kPython, "-c", "import aiosmtpd"}).exit_status == 0; }

SmtpSink::SmtpSink(Tls tls) : tls_{tls} {
  const std::string log = folder_.path() + "/log";
  std::vector<std::string> command{kPython, "tests/support/smtp_sink.py", folder_.path()};
  if (tls != Tls::none) command.emplace_back(tls == Tls::smtps ? "smtps" : "starttls");
  process_ = std::make_unique<ChildProcess>(command, log);
  const bool started = eventually(
      [&] {
        const std::string said = slurp(log);
        port_ = said.substr(0, said.find('\n'));
        return (said.find('\n') != std::string::npos) || !process_->running();
      },
      std::chrono::seconds{20});
  if (!started || port_.empty() || port_.find_first_not_of("0123456789") != std::string::npos)
    throw std::runtime_error{"the SMTP sink does not start:\n" + slurp(log)};
}

void SmtpSink::rules(const std::string& lines) const {
  std::ofstream{folder_.path() + "/rules.new"} << lines << "\n";
  std::filesystem::rename(folder_.path() + "/rules.new", folder_.path() + "/rules");
}

std::vector<SmtpSink::Mail> SmtpSink::mails() const {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator{folder_.path()})
    if (file.path().extension() == ".eml") names.push_back(file.path().string());
  std::sort(names.begin(), names.end());
  std::vector<Mail> found;
  found.reserve(names.size());
  for (const std::string& name : names)
    found.push_back({slurp(name), slurp(std::filesystem::path{name}.replace_extension(".to").string())});
  return found;
}

std::string parse_mail(const std::string& bytes) {
  const TempFolder folder;
  const std::string file = folder.path() + "/mail";
  std::ofstream{file, std::ios::binary} << bytes;
  return run_program({kPython, "-c", kParser, file}).output;
}

}  // namespace embargod
