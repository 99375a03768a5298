// embargoctl draft: fill in what only people know, see who wrote what, approve a version.

#include "daemon/ctl/draft_command.h"

#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "config/settings_reader.h"
#include "daemon/ctl/daemon_json.h"
#include "daemon/ctl/http_client.h"
#include "daemon/report/render_text.h"
#include "daemon/watch/report_entry.h"

namespace embargod {
namespace {

using DraftAnswer = nlohmann::ordered_json;

std::string draft_path(const std::string& incident) { return "/api/v1/incidents/" + url_encoded(incident) + "/draft"; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// Lines of `text`, each with `mark` in front.
std::string marked_lines(const std::string& text, const char* mark) {
  std::string out;
  for (const std::string& line : lines_of(text)) out += std::string{mark} + printable(line) + "\n";
  return out;
}

/// Lines that went and that came; what both have is left out.
std::string change_of(const std::string& before, const std::string& after) {
  std::multimap<std::string, bool> had;
  for (const std::string& line : lines_of(before)) had.emplace(line, true);
  std::string came;
  for (const std::string& line : lines_of(after)) {
    const auto same = had.find(line);
    if (same == had.end())
      came += "  + " + printable(line) + "\n";
    else
      had.erase(same);
  }
  std::string went;
  for (const std::string& line : lines_of(before)) {
    const auto left = had.find(line);
    if (left == had.end()) continue;
    went += "  - " + printable(line) + "\n";
    had.erase(left);
  }
  return went + came;
}

Result<std::string> text_of(const DraftAsk& ask) {
  const int given = (ask.text.empty() ? 0 : 1) + (ask.text_file.empty() ? 0 : 1) + (ask.is_taken_back ? 1 : 0);
  if (given != 1)
    return fail(Errc::invalid_input, "say what to write, once", "draft fill",
                "give --text=TEXT, --text-file=FILE, or --take-back");
  if (ask.is_taken_back) return std::string{};
  if (ask.text_file.empty()) return ask.text;
  return read_file(ask.text_file, kLongestEntry);
}

std::string posted(const DraftAnswer& j) { return j.dump(-1, ' ', false, DraftAnswer::error_handler_t::replace); }

}  // namespace

int show_draft(const DraftAsk& ask, Streams io) {
  for (const std::string& id : ask.incidents) {
    const auto j = daemon_json(ask.url, draft_path(id));
    if (!j) return complain({j.error()}, io.err);
    io.out << "incident " << id << "\n";
    for (const DraftAnswer& f : part(*j, "items")) {
      const std::string text = text_at(f, "text");
      io.out << "\n" << text_at(f, "field") << ": " << text_at(f, "what") << "\n";
      if (text.empty())
        io.out << "  (nothing yet; " << text_at(f, "asks") << ")\n";
      else
        io.out << marked_lines(text, "  ") << "  by " << printable(text_at(f, "by")) << " at " << text_at(f, "at")
               << "\n";
    }
  }
  return kExitFine;
}

int fill_draft(const DraftAsk& ask, Streams io) {
  const auto text = text_of(ask);
  if (!text) return complain({text.error()}, io.err);
  for (const std::string& id : ask.incidents) {
    const DraftAnswer body{{"by", ask.by}, {"field", ask.field}, {"text", *text}};
    const auto reply = body_or_problem(DaemonClient{ask.url}.post_json(draft_path(id), posted(body)));
    if (!reply) return complain({reply.error()}, io.err);
    io.out << ask.field << " of incident " << id << (text->empty() ? ": taken back" : ": written") << " by " << ask.by
           << "\n";
  }
  return kExitFine;
}

int draft_history(const DraftAsk& ask, Streams io) {
  for (const std::string& id : ask.incidents) {
    const auto j = daemon_json(ask.url, draft_path(id));
    if (!j) return complain({j.error()}, io.err);
    io.out << "incident " << id << "\n";
    std::map<std::string, std::string> before;
    for (const DraftAnswer& e : part(*j, "history")) {
      const std::string field = text_at(e, "field");
      io.out << "\n"
             << text_at(e, "at") << "  " << field << ", by " << printable(text_at(e, "by")) << "\n"
             << change_of(before[field], text_at(e, "text"));
      before[field] = text_at(e, "text");
    }
    if (before.empty()) io.out << "\nnobody has written anything yet\n";
  }
  return kExitFine;
}

int mark_draft(const DraftAsk& ask, const std::string& kind, Streams io) {
  const DraftAnswer body{{"incidents", ask.incidents},
                         {"form", ask.form},
                         {"version", ask.version},
                         {"kind", kind},
                         {"by", ask.by},
                         {"role", ask.role}};
  const auto reply = body_or_problem(DaemonClient{ask.url}.post_json("/api/v1/report/mark", posted(body)));
  if (!reply) return complain({reply.error()}, io.err);
  const DraftAnswer j = DraftAnswer::parse(*reply, nullptr, false);
  io.out << "report " << text_at(j, "report") << ", version " << text_at(j, "version")
         << (kind == "final" ? ": marked as final by " : ": approved by ") << ask.by << "\n";
  return kExitFine;
}

}  // namespace embargod
