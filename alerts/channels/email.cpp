#include "alerts/channels/email.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "alerts/curl_session.h"
#include "alerts/last_address.h"
#include "alerts/mail_text.h"
#include "alerts/message.h"
#include "alerts/plain_text.h"

namespace embargod {
namespace {

constexpr Millis kDeadline = kDeliveryDeadline;
constexpr std::size_t kMaxUnfinished = 1'000;
// A mailbox that says "later" for so long must not keep the others from hearing of the next step.
constexpr std::chrono::hours kPatience{1};

struct Upload {
  std::string_view rest;
};

std::size_t give_bytes(char* buffer, std::size_t size, std::size_t count, void* upload) {
  auto& rest = static_cast<Upload*>(upload)->rest;
  const std::size_t n = std::min(size * count, rest.size());
  std::copy_n(rest.begin(), n, buffer);
  rest.remove_prefix(n);
  return n;
}

// libcurl passes each line of the server; the last one but for the farewell (221) is the verdict.
std::size_t keep_last_line(const char* data, std::size_t, std::size_t size, void* line) {
  const std::string_view said{data, std::min<std::size_t>(size, 1'000)};
  if (!said.starts_with("221")) *static_cast<std::string*>(line) = said;
  return size;
}

// A sign-in that is refused or wanted, TLS that is wanted: of the account or the config, not of this mail.
bool refuses_us(CURLcode rc, long code) {
  return rc == CURLE_LOGIN_DENIED || code == 530 || code == 534 || code == 535 || code == 538;
}

Outcome judge_reply(CURLcode rc, long code) {
  if (rc == CURLE_OK) return Outcome::accepted;
  if (refuses_us(rc, code)) return Outcome::retry;
  return code >= 500 && code < 600 ? Outcome::rejected : Outcome::retry;
}

bool must_have_tls(const EmailSettings& s) { return s.smtp.starts_with("smtps:") || s.tls == SmtpTls::required; }

void protect(CURL* c, const EmailSettings& settings) {
  const bool must = must_have_tls(settings);
  const curl_usessl starttls = must ? CURLUSESSL_ALL : settings.tls == SmtpTls::none ? CURLUSESSL_NONE : CURLUSESSL_TRY;
  set(c, CURLOPT_USE_SSL, static_cast<long>(starttls));
  if (!must) {  // unchecked, as between mail relays, since without it the mail would go in the clear
    set(c, CURLOPT_SSL_VERIFYPEER, 0L);
    set(c, CURLOPT_SSL_VERIFYHOST, 0L);
    return;
  }
  if (!settings.ca_file.empty()) set(c, CURLOPT_CAINFO, settings.ca_file.c_str());
  if (settings.username.empty()) return;
  set(c, CURLOPT_USERNAME, settings.username.c_str());
  set(c, CURLOPT_PASSWORD, settings.password.reveal().c_str());
}

}  // namespace

std::string email_message(const Alert& alert, const EmailSettings& settings, const std::string& to, Instant now,
                          const Wording& words) {
  const MailContent content = mail_content(alert, now, words);
  const std::string first = message_id(standing_id(alert), to, settings.from);
  const bool opens = alert.notice == Notice::opened;
  return render_message({.from = settings.from,
                         .to = to,
                         .subject = content.subject,
                         .message_id = opens ? first : message_id(alert.key, to, settings.from),
                         .thread_id = opens ? std::string{} : first,
                         .key = alert.key,
                         .text = mail_text(content),
                         .html = mail_html(content),
                         .date = now,
                         .urgent = content.page && !content.over});
}

EmailNotifier::EmailNotifier(std::string name, EmailSettings settings, Wording words)
    : traits_{.name = std::move(name), .severities = settings.severities},
      settings_{std::move(settings)},
      words_{std::move(words)},
      addresses_{std::make_unique<LastAddresses>()} {}

EmailNotifier::~EmailNotifier() = default;

EmailNotifier::Progress& EmailNotifier::progress_of(const std::string& key, Instant now) {
  const auto [it, is_new] = progress_.try_emplace(key, Progress{now, {}, {}});
  if (is_new) {
    order_.push_back(key);
    if (order_.size() > kMaxUnfinished) forget(std::string{order_.front()});
  }
  return it->second;
}

void EmailNotifier::forget(const std::string& key) {
  progress_.erase(key);
  std::erase(order_, key);
}

Receipt EmailNotifier::deliver(const std::vector<Alert>& alerts, Instant now) {
  Receipt receipt{.outcome = Outcome::accepted, .detail = {}, .retry_after = {}};
  for (const Alert& alert : alerts) {
    receipt = deliver_one(alert, now);
    if (receipt.outcome != Outcome::accepted) break;
  }
  return receipt;
}

Receipt EmailNotifier::deliver_one(const Alert& alert, Instant now) {
  Progress& progress = progress_of(alert.key, now);
  std::vector<std::string> mailboxes = settings_.to;
  std::erase_if(mailboxes, [&](const std::string& to) { return progress.accepted.count(to) != 0; });
  std::stable_sort(mailboxes.begin(), mailboxes.end(), [&](const std::string& a, const std::string& b) {
    return progress.attempts[a] < progress.attempts[b];
  });
  std::string refusals;
  int refused = 0;
  int deferred = 0;
  std::string last_detail = "accepted";
  for (const std::string& to : mailboxes) {
    ++progress.attempts[to];
    const Reply reply = send(alert, to, now);
    const Receipt& one = reply.receipt;
    if (one.outcome == Outcome::accepted) {
      progress.accepted.insert(to);
      last_detail = one.detail;
      continue;
    }
    ++(one.outcome == Outcome::rejected ? refused : deferred);
    refusals += (refusals.empty() ? "" : "; ") + clean_line(to, 100) + ": " + one.detail;
    if (!reply.server_refused) break;
  }
  const std::size_t open = static_cast<std::size_t>(refused) + static_cast<std::size_t>(deferred);
  if (open == 0) {
    forget(alert.key);
    return {.outcome = Outcome::accepted, .detail = last_detail, .retry_after = {}};
  }
  Receipt receipt;
  receipt.detail = clean_line(std::to_string(progress.accepted.size()) + " of " + std::to_string(settings_.to.size()) +
                                  " mailboxes accepted; " + refusals,
                              500);
  const bool patient = deferred > 0 && now < progress.begun + kPatience;
  if (!progress.accepted.empty() && !patient) {
    receipt.outcome = Outcome::accepted;
    receipt.partly_refused = true;
    forget(alert.key);
  } else if (deferred == 0) {
    receipt.outcome = Outcome::rejected;
  }
  return receipt;
}

EmailNotifier::Reply EmailNotifier::send(const Alert& alert, const std::string& to, Instant now) const {
  const Result<std::string> sender = mail_address(settings_.from);
  const Result<std::string> recipient = mail_address(to);
  if (!sender || !recipient)
    return {{.outcome = Outcome::rejected, .detail = (sender ? recipient : sender).error().what, .retry_after = {}},
            true};
  const std::string bytes = email_message(alert, settings_, to, now, words_);
  const CurlSession session = open_session("smtp,smtps", kDeadline, cancelled_);
  CURL* const c = session.get();
  CurlList recipients;
  append(recipients, *recipient);
  Upload upload{bytes};
  std::string last_line;
  set(c, CURLOPT_URL, settings_.smtp.c_str());
  protect(c, settings_);
  set(c, CURLOPT_MAIL_FROM, sender->c_str());
  set(c, CURLOPT_MAIL_RCPT, recipients.get());
  set(c, CURLOPT_UPLOAD, 1L);
  set(c, CURLOPT_READFUNCTION, &give_bytes);
  set(c, CURLOPT_READDATA, &upload);
  set(c, CURLOPT_HEADERFUNCTION, &keep_last_line);
  set(c, CURLOPT_HEADERDATA, &last_line);
  set(c, CURLOPT_WRITEFUNCTION, &keep_last_line);
  set(c, CURLOPT_WRITEDATA, &last_line);
  const PeerProof proof = must_have_tls(settings_) ? PeerProof::certificate : PeerProof::none;
  const auto [rc, by_last_address] = perform(session, settings_.smtp, proof, *addresses_);
  long code = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);

  Receipt receipt;
  receipt.outcome = judge_reply(rc, code);
  const std::string said = clean_line(last_line, 200);
  receipt.detail = rc == CURLE_ABORTED_BY_CALLBACK && cancelled_ ? "stopped" : curl_easy_strerror(rc);
  if (rc == CURLE_OK || code >= 400) receipt.detail = said.empty() ? "SMTP " + std::to_string(code) : said;
  // Not in the server's words, which may repeat what it was sent.
  if (refuses_us(rc, code))
    receipt.detail = "the relay refuses the sign-in, or wants one: SMTP " + std::to_string(code);
  if (by_last_address) receipt.detail += kByLastAddress;
  return {receipt, code >= 400 && !refuses_us(rc, code)};
}

}  // namespace embargod
