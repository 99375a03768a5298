#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/commands.h"

namespace embargod {

/// `embargoctl draft`: what people write into a report, and who approved it. Against the daemon at `url`.
struct DraftAsk {
  std::string url;
  std::vector<std::string> incidents;
  std::string field, text, text_file, by, role, version;
  std::string form = "full";
  bool is_taken_back = false;
};
/// Every field, what it asks for and what stands there.
int show_draft(const DraftAsk& ask, Streams io);
/// Writes the text into the field of each incident.
int fill_draft(const DraftAsk& ask, Streams io);
/// Each change, newest last, as lines that went (-) and came (+).
int draft_history(const DraftAsk& ask, Streams io);
/// `kind`: approved or final.
int mark_draft(const DraftAsk& ask, const std::string& kind, Streams io);

}  // namespace embargod
