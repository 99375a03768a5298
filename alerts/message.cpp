#include "alerts/message.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>

#include "alerts/plain_text.h"
#include "config/types/digest.h"

namespace embargod {
namespace {

constexpr std::size_t kMaxSubject = 300;
constexpr std::string_view kCrLf = "\r\n";

std::string base64(std::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < n ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? kAlphabet[group >> (18U - 6U * k) & 0x3FU] : '=';
  }
  return out;
}

bool is_continuation(char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U; }

std::string encoded_words(std::string_view text) {
  constexpr std::size_t kBytesInWord = 45;  // 60 characters of base64; with "=?UTF-8?B?" and "?=" 72
  std::string out;
  while (!text.empty()) {
    std::size_t n = std::min(kBytesInWord, text.size());
    while (n < text.size() && n > 0 && is_continuation(text[n])) --n;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(text.substr(0, n)) + "?=";
    text.remove_prefix(n);
  }
  return out;
}

std::string folded(std::string_view text) {
  constexpr std::size_t kWidth = 66;  // leaves room for the header's name
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t word = std::min(text.find(' ', 1), text.size());
    if (column > 0 && column + word > kWidth) {
      out += kCrLf;
      column = 0;
    }
    out += text.substr(0, word);
    column += word;
    text.remove_prefix(word);
  }
  return out;
}

std::string part(std::string_view type, std::string_view body) {
  return "Content-Type: text/" + std::string{type} +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(body);
}

// "Name <address>" with the name as encoded text; the bare address if there is no name.
std::string mailbox(std::string_view text) {
  const Result<std::string> address = mail_address(text);
  if (!address) return {};
  const std::size_t bracket = text.find('<');
  std::string name = bracket == std::string_view::npos ? "" : clean_line(text.substr(0, bracket), 100);
  std::erase(name, '"');
  while (!name.empty() && name.back() == ' ') name.pop_back();
  return name.empty() ? *address : encoded_words(name) + " <" + *address + ">";
}

}  // namespace

std::string mail_date(Instant t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<Seconds>(t - day)};
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                kDays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

std::string quoted_printable(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  constexpr std::size_t kWidth = 75;  // and '=' for a soft break
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += kCrLf;
      column = 0;
      continue;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = (c > 0x20 && c < 0x7F && c != '=') || (c == ' ' && !ends_line);
    // A dot at the start of a line means something to SMTP, "From " to old mailboxes: encoded, they survive both.
    const bool risky = column == 0 && (c == '.' || c == 'F');
    const std::size_t width = plain && !risky ? 1 : 3;
    if (column + width > kWidth) {
      out += "=\r\n";
      column = 0;
    }
    if (width == 1) {
      out += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      out += '=';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0x0FU];
    }
    column += width;
  }
  return out + std::string{kCrLf};
}

std::string header_text(std::string_view text) {
  const std::string line = clean_line(text, kMaxSubject);
  const bool ascii = std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  const bool looks_encoded = line.find("=?") != std::string::npos;
  const bool long_word = [&line] {
    std::size_t run = 0;
    for (const char c : line)
      if ((run = c == ' ' ? 0 : run + 1) > 60) return true;
    return false;
  }();
  return ascii && !looks_encoded && !long_word ? folded(line) : encoded_words(line);
}

Result<std::string> mail_address(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(text.begin(), text.end(), is_control))
    return fail(Errc::invalid_input, "a mail address with control characters: \"" + clean_line(text, 100) + "\"");
  if (const std::size_t open = text.find('<'); open != std::string_view::npos) {
    const std::size_t close = text.find('>', open);
    if (close == std::string_view::npos || close + 1 != text.size())
      return fail(Errc::invalid_input, "not a mail address: \"" + clean_line(text, 100) + "\"");
    text = text.substr(open + 1, close - open - 1);
  }
  const std::size_t at = text.rfind('@');
  const bool shape = at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 254;
  const bool clean = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<std::uint8_t>(c) <= 0x20 || c == 0x7F || c == '<' || c == '>' || c == ',' || c == ';' ||
           c == '"';
  });
  if (!shape || !clean) return fail(Errc::invalid_input, "not a mail address: \"" + clean_line(text, 100) + "\"");
  return std::string{text};
}

std::string message_id(std::string_view subject_key, std::string_view to, std::string_view from) {
  const Result<std::string> address = mail_address(from);
  std::string domain = address ? header_token(address->substr(address->rfind('@') + 1)) : "";
  if (domain.empty()) domain = "embargod.invalid";
  return "<" + hex(sha256(std::string{subject_key} + "\n" + std::string{to})).substr(0, 32) + "@" + domain + ">";
}

std::string render_message(const MailMessage& m) {
  // Quoted-printable never gives "=_", so no text can hold the boundary.
  const std::string boundary = "=_" + hex(sha256(m.message_id)).substr(0, 24);
  std::string out;
  const auto header = [&out](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out.append(name).append(": ").append(value).append(kCrLf);
  };
  header("Date", mail_date(m.date));
  header("From", mailbox(m.from));
  header("To", mailbox(m.to));
  header("Subject", header_text(m.subject));
  header("Message-ID", header_token(m.message_id));
  header("In-Reply-To", header_token(m.thread_id));
  header("References", header_token(m.thread_id));
  header("Auto-Submitted", "auto-generated");
  header("X-Auto-Response-Suppress", "All");
  header("X-Embargod-Key", header_token(m.key));
  if (m.urgent) header("Importance", "high");
  if (m.urgent) header("X-Priority", "1");
  header("MIME-Version", "1.0");
  header("Content-Type", "multipart/alternative; boundary=\"" + boundary + "\"");
  out += kCrLf;
  for (const std::string& body : {part("plain", m.text), part("html", m.html)})
    out.append("--").append(boundary).append(kCrLf).append(body).append(kCrLf);
  return out.append("--").append(boundary).append("--\r\n");
}

}  // namespace embargod
