#pragma once
// An alert as a mail that a tired person understands in ten seconds: what, due, since when, how sure, what to do; then
// small print.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "alerts/alert.h"
#include "alerts/wording.h"
#include "config/types/time.h"

namespace embargod {

/// What both forms of the mail say, cleaned and cut. Any part may be empty.
struct MailContent {
  std::string subject;
  std::string badge;  // "EARLY", "EARLY, AGAIN", "ENDED"
  std::string summary;
  std::string description;
  std::vector<std::pair<std::string, std::string>> facts;  // "Due" -> "Wednesday 25 April 2018, 09:30 BST"
  std::string what_to_do;
  std::string urls_title;         // "Seen live": what `urls` are
  std::vector<std::string> urls;  // at most ten
  std::size_t more_urls = 0;      // of them, not listed
  std::string not_seen;
  std::vector<std::string> listed;  // a digest's, a line for each incident, at most 100
  std::size_t more_listed = 0;
  std::string link;
  std::string runbook;
  std::string acknowledge_link;  // this receiver's own
  std::string acknowledge;       // a shell command
  std::vector<std::string> small_print;
  std::string mark;   // "DRILL", "TEST", "REHEARSAL": whatever else is said, this is
  bool page = false;  // wakes people
  bool over = false;  // resolved
  // By alerts.templates; empty: by us, from what stands above.
  std::string own_text;
  std::string own_html;
  std::string own_brief;
};

/// Pure.
[[nodiscard]] MailContent mail_content(const Alert& alert, Instant now, const Wording& words);

[[nodiscard]] std::string mail_text(const MailContent& c);

/// Everything escaped; one column, inline style, readable in light and dark mode. Links only to the incident, its
/// acknowledgement and the runbook, and only http and https: the URLs that are live early stand there to be read, not
/// to be opened.
[[nodiscard]] std::string mail_html(const MailContent& c);

}  // namespace embargod
