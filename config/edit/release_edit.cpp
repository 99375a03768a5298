#include "config/edit/release_edit.h"

#include <algorithm>

#include "config/edit/yaml_text.h"
#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

tl::unexpected<Faults> refuse_edit(Errc code, std::string what, std::string where = {}, std::string to_do = {}) {
  return tl::unexpected<Faults>{Faults{Fault{code, std::move(where), std::move(what), std::move(to_do)}}};
}

YamlEntry* entry_of(YamlNode& map, std::string_view key) {
  const auto it =
      std::find_if(map.entries.begin(), map.entries.end(), [key](const YamlEntry& e) { return e.key == key; });
  return it == map.entries.end() ? nullptr : &*it;
}

bool knows_release_key(std::string_view key) {
  const auto& keys = schedule_keys().release.keys;
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool is_blank_or_comment(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos || line[first] == '#';
}
bool is_blank_line(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

std::optional<Fault> signature_fault(const EditSignature& s) {
  struct Said {
    const char* name;
    const std::string& text;
    std::size_t most;
  };
  for (const Said& said : {Said{"by", s.by, 200}, Said{"reason", s.reason, 500}}) {
    if (is_blank_line(said.text)) return Fault{Errc::invalid_input, said.name, "is missing", "it goes on record"};
    if (said.text.size() > said.most)
      return Fault{Errc::invalid_input, said.name, "is longer than " + std::to_string(said.most) + " bytes", ""};
    if (const auto why = not_one_line(said.text))
      return Fault{Errc::invalid_input, said.name, "must be one plain line, but holds " + *why, ""};
  }
  return std::nullopt;
}

/// One change of one file, from its bytes to checked new bytes.
class ScheduleEditor {
 public:
  ScheduleEditor(std::string_view yaml, const EditedFile& file) : source_{yaml}, file_{file} {}

  /// What must be so before anything is changed. `may_be_empty`: `releases:` alone is a beginning, not a fault.
  [[nodiscard]] Checked<void> open(const EditSignature& signature, bool may_be_empty) {
    if (auto fault = signature_fault(signature)) return tl::unexpected<Faults>{Faults{std::move(*fault)}};
    signature_ = &signature;
    FaultBook faults{file_.name};
    auto tree = parse_strict_yaml(source_.text(), kScheduleLimits, faults);
    if (tree) {
      expected_ = std::move(*tree);
      const auto* list = entry_of(expected_, "releases");
      const bool is_bare = list != nullptr && list->value.kind == YamlNode::Kind::nothing;
      if (!is_bare || !may_be_empty) before_ = read_schedule_file(source_.text(), context(), faults).schedule;
    }
    if (faults.empty()) return {};
    return tl::unexpected<Faults>{faults.take()};
  }

  /// Chooses the release that is changed.
  [[nodiscard]] Checked<Release> choose(const std::string& id) {
    std::vector<std::string> ids;
    auto& items = entry_of(expected_, "releases")->value.items;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const YamlEntry* e = entry_of(items[i], "id");
      ids.push_back(e == nullptr ? std::string{} : e->value.text);
      if (ids.back() != id) continue;
      chosen_ = &items[i];
      return before_.releases[i];
    }
    return refuse_edit(Errc::not_found, "there is no release " + in_quotes(id), file_.name, did_you_mean(id, ids));
  }

  /// Gives a key of the chosen release a value; a new key comes behind `behind`.
  [[nodiscard]] Checked<void> set(const std::string& key, const std::string& text, const std::string& behind) {
    if (YamlEntry* e = entry_of(*chosen_, key)) {
      const auto range = source_.scalar(e->value);
      if (!range) return unsafe(e->at);
      const char first = source_.text()[range->begin];
      const bool is_single = first == '\'' && text.find('\'') == std::string::npos;
      edits_.push_back({*range, is_single                       ? "'" + text + "'"
                                : first == '"' || first == '\'' ? double_quoted(text)
                                                                : plain_or_quoted(key, text)});
      e->value.text = text;
      return {};
    }
    const YamlEntry* before = entry_of(*chosen_, behind);
    const auto range = source_.scalar(before->value);
    if (!range) return unsafe(before->at);
    const std::string written = key + ": " + plain_or_quoted(key, text);
    if (source_.is_flow(*chosen_))
      edits_.push_back({{range->end, range->end}, ", " + written});
    else
      insert_line(source_.next_line(range->end - 1), indent(before->at) + written);
    auto at = chosen_->entries.begin() + (before - chosen_->entries.data()) + 1;
    while (at != chosen_->entries.end() && at->at == YamlPos{}) ++at;  // behind those that were added there before
    YamlEntry added{key, {}, {}};
    added.value.kind = YamlNode::Kind::scalar;
    added.value.text = text;
    chosen_->entries.insert(at, std::move(added));
    return {};
  }

  /// The line above the chosen release that says who did what.
  void sign(const std::string& what) {
    const std::size_t begin = source_.line_begin(source_.offset(chosen_->at));
    const std::string_view line = source_.line(begin);
    insert_line(begin, std::string{line.substr(0, line.find_first_not_of(' '))} + signed_comment(what));
  }

  /// A release of its own behind the last one; `lines` without indentation, the first begins with "- ".
  [[nodiscard]] Checked<void> append(const std::vector<std::string>& lines) {
    YamlEntry* list = entry_of(expected_, "releases");
    const bool is_empty = list->value.items.empty();
    const bool is_bare = list->value.kind == YamlNode::Kind::nothing;
    if (source_.is_flow(expected_)) return unsafe(list->at);
    std::size_t at = 0;
    std::string pad = indent(list->at) + "  ";
    if (is_empty) {
      if (!is_bare && !drop_brackets(list->value)) return unsafe(list->value.at);
      at = source_.next_line(source_.offset(is_bare ? list->at : list->value.at));
    } else {
      if (source_.is_flow(list->value)) return unsafe(list->value.at);
      pad = indent(list->value.at);
      at = end_of_list(*list);
    }
    std::string block = pad + signed_comment("added by " + signature_->by) + source_.line_break();
    for (const std::string& line : lines) block += pad + line + source_.line_break();
    block.resize(block.size() - source_.line_break().size());
    const bool is_apart = !is_empty && is_separated(list->value) && !is_blank_line(line_before(at));
    insert_line(at, (is_apart ? source_.line_break() : std::string{}) + block);

    FaultBook none{file_.name};
    auto parsed = parse_strict_yaml("releases:\n" + block + "\n", kScheduleLimits, none);
    if (!parsed || parsed->entries.empty() || parsed->entries[0].value.items.size() != 1) return unsafe(list->at);
    list->value.kind = YamlNode::Kind::sequence;
    list->value.items.push_back(std::move(parsed->entries[0].value.items[0]));
    return {};
  }

  /// Makes the edits, and reads what came of them: it must be the expected schedule, and without a fault.
  [[nodiscard]] Checked<ScheduleEdit> finish(const std::string& id) {
    ScheduleEdit edit;
    edit.text = with_edits(source_.text(), edits_);
    FaultBook broken{file_.name};
    const auto tree = parse_strict_yaml(edit.text, kScheduleLimits, broken);
    if (!tree || !broken.empty() || !same_yaml(*tree, expected_)) return unsafe({});
    FaultBook faults{file_.name};
    const Schedule after = read_schedule_file(edit.text, context(), faults).schedule;
    if (!faults.empty()) {
      Faults all = faults.take();
      all.insert(all.begin(),
                 Fault{Errc::invalid_input, file_.name, "nothing was changed: what would come of it has faults", ""});
      return tl::unexpected<Faults>{std::move(all)};
    }
    for (const Release& r : before_.releases)
      if (r.id == id) edit.before = r;
    for (const Release& r : after.releases)
      if (r.id == id) edit.after = r;
    for (const std::string& note : after.notes)
      if (note.find(": release " + in_quotes(id) + ": ") != std::string::npos) edit.notes.push_back(note);
    return edit;
  }

 private:
  [[nodiscard]] ScheduleContext context() const { return {file_.name, file_.zone, file_.profiles}; }

  [[nodiscard]] tl::unexpected<Faults> unsafe(YamlPos at) const {
    return refuse_edit(Errc::unsupported, "this is written in a way that cannot be changed here without risk",
                       to_string(Mark{file_.name, at.line, at.column}),
                       "write it as in releases.example.yml, or make the change with an editor");
  }

  [[nodiscard]] static std::string plain_or_quoted(const std::string& key, const std::string& text) {
    return key == "due" ? text : yaml_word(text);  // what read_due() takes is plain to YAML
  }
  [[nodiscard]] static std::string indent(YamlPos at) {
    return std::string(static_cast<std::size_t>(std::max(at.column, 1) - 1), ' ');
  }
  [[nodiscard]] std::string signed_comment(const std::string& what) const {
    return "# " + rfc3339(signature_->at).substr(0, 16) + "Z " + what + ": " + signature_->reason;
  }

  /// `at`: a line's first byte, or the end of the text.
  void insert_line(std::size_t at, const std::string& line) {
    const bool is_open = at == source_.text().size() && source_.is_last_line_open();
    edits_.push_back({{at, at}, is_open ? source_.line_break() + line : line + source_.line_break()});
  }

  /// "releases: []" becomes "releases:".
  [[nodiscard]] bool drop_brackets(const YamlNode& list) {
    const std::string_view text = source_.text();
    std::size_t begin = source_.offset(list.at);
    const std::size_t end = begin < text.size() ? text.find_first_not_of(' ', begin + 1) : std::string_view::npos;
    if (end == std::string_view::npos || text[begin] != '[' || text[end] != ']') return false;
    while (begin > 0 && text[begin - 1] == ' ') --begin;
    edits_.push_back({{begin, end + 1}, ""});
    return true;
  }

  [[nodiscard]] std::string_view line_before(std::size_t at) const {
    return at == 0 ? std::string_view{} : source_.line(at - 1);
  }

  /// Where the next release of a block list belongs: before the next key and its comments, else at the end of the file.
  [[nodiscard]] std::size_t end_of_list(const YamlEntry& list) const {
    const auto next = &list + 1;
    if (next == expected_.entries.data() + expected_.entries.size()) return source_.text().size();
    std::size_t at = source_.line_begin(source_.offset(next->at));
    const std::size_t first = source_.line_begin(source_.offset(list.value.items.back().at));
    while (at > first && is_blank_or_comment(line_before(at)) && !line_before(at).starts_with(' '))
      at = source_.line_begin(at - 1);
    return at;
  }

  /// Whether the file's releases stand apart by blank lines.
  [[nodiscard]] bool is_separated(const YamlNode& list) const {
    const YamlNode& last = list.items.back();
    if (list.items.size() == 1) return !source_.is_flow(last);
    std::size_t at = source_.line_begin(source_.offset(last.at));
    while (at > 0 && is_blank_or_comment(line_before(at)) && !is_blank_line(line_before(at)))
      at = source_.line_begin(at - 1);
    return is_blank_line(line_before(at));
  }

  YamlText source_;
  const EditedFile& file_;
  const EditSignature* signature_ = nullptr;
  Schedule before_;
  YamlNode expected_;  // the tree as it should be afterwards; positions are those of the source
  YamlNode* chosen_ = nullptr;
  std::vector<TextEdit> edits_;
};

/// What can be said of the typed without a line of the file.
Faults typed_faults(const NewRelease& r, const std::string& zone) {
  Faults all;
  const auto add = [&all](const char* where, std::string what, std::string to_do = {}) {
    all.push_back({Errc::invalid_input, where, std::move(what), std::move(to_do)});
  };
  if (!is_id(r.id)) add("id", in_quotes(r.id) + " cannot be an id", "use a-z, 0-9 and -, at most 100 of them");
  if (is_blank_line(r.title)) add("title", "is missing", "write the title as it was announced");
  if (const auto why = not_one_line(r.title)) add("title", "must be one plain line, but holds " + *why);
  if (const auto due = read_due(r.due, zone); !due) add("due", due.error().what, due.error().to_do);
  for (const NewTarget& t : r.targets) {
    for (const std::string* text : {&t.url, &t.role, &t.name, &t.profile, &t.edition})
      if (const auto why = not_one_line(*text)) add("target", "must be one plain line, but holds " + *why);
    if (const auto url = parse_url(t.url); !url) add("target", url.error().what, url.error().to_do);
  }
  return all;
}

std::vector<std::string> release_lines(const NewRelease& r, const std::string& status) {
  std::vector<std::string> lines{"- id: " + yaml_word(r.id), "  title: " + double_quoted(r.title), "  due: " + r.due};
  if (status != "confirmed") lines.push_back("  status: " + yaml_word(status));
  if (!r.targets.empty()) lines.emplace_back("  urls:");
  for (const NewTarget& t : r.targets) {
    std::string line = "    - {url: " + double_quoted(t.url) + ", role: " + yaml_word(t.role);
    if (!t.name.empty()) line += ", name: " + yaml_word(t.name);
    if (!t.profile.empty()) line += ", profile: " + yaml_word(t.profile);
    if (!t.edition.empty()) line += ", edition: " + double_quoted(t.edition);
    lines.push_back(line + "}");
  }
  return lines;
}

}  // namespace

Checked<ScheduleEdit> add_release(std::string_view yaml, const EditedFile& file, const NewRelease& added,
                                  const EditSignature& signature) {
  ScheduleEditor editor{yaml, file};
  if (auto ok = editor.open(signature, true); !ok) return tl::unexpected{std::move(ok.error())};
  if (Faults typed = typed_faults(added, file.zone); !typed.empty()) return tl::unexpected{std::move(typed)};
  if (editor.choose(added.id))
    return refuse_edit(Errc::conflict, "release " + in_quotes(added.id) + " is there already", file.name,
                       "every release needs an id of its own; embargoctl release move changes its due time");
  const bool is_month = read_due(added.due, file.zone)->precision == DuePrecision::month;
  const std::string status = !added.status.empty() ? added.status : is_month ? "provisional" : "confirmed";
  if (auto ok = editor.append(release_lines(added, status)); !ok) return tl::unexpected{std::move(ok.error())};
  auto edit = editor.finish(added.id);
  if (edit) edit->summary = "added " + added.id + ", due " + added.due;
  return edit;
}

Checked<ScheduleEdit> move_release(std::string_view yaml, const EditedFile& file, const std::string& id,
                                   const std::string& due, const EditSignature& signature) {
  ScheduleEditor editor{yaml, file};
  if (auto ok = editor.open(signature, false); !ok) return tl::unexpected{std::move(ok.error())};
  const auto now = read_due(due, file.zone);
  if (!now) return refuse_edit(Errc::invalid_input, now.error().what, "due", now.error().to_do);
  const auto old = editor.choose(id);
  if (!old) return tl::unexpected{old.error()};
  if (old->status == ReleaseStatus::cancelled)
    return refuse_edit(Errc::conflict, "release " + in_quotes(id) + " is cancelled", file.name,
                       "if it comes after all, delete its status line with an editor");
  if (old->due.precision == now->precision && old->due.at == now->at && old->due.period_begin == now->period_begin)
    return refuse_edit(Errc::conflict, "release " + in_quotes(id) + " is due at " + old->due.as_given + " already",
                       file.name);
  const bool is_month = now->precision == DuePrecision::month;
  const ReleaseStatus status = is_month ? ReleaseStatus::provisional : ReleaseStatus::confirmed;
  // The due comes last: the others find their place behind the one that the file has.
  auto ok = status == old->status ? Checked<void>{} : editor.set("status", to_string(status), "due");
  if (ok && knows_release_key("reason")) ok = editor.set("reason", signature.reason, "due");
  if (ok) ok = editor.set("due", due, "due");
  if (!ok) return tl::unexpected{std::move(ok.error())};
  const std::string from_to = " from " + old->due.as_given + " to " + due;
  editor.sign("moved by " + signature.by + from_to);
  auto edit = editor.finish(id);
  if (edit) edit->summary = "moved " + id + from_to;
  return edit;
}

Checked<ScheduleEdit> cancel_release(std::string_view yaml, const EditedFile& file, const std::string& id,
                                     const EditSignature& signature) {
  ScheduleEditor editor{yaml, file};
  if (auto ok = editor.open(signature, false); !ok) return tl::unexpected{std::move(ok.error())};
  const auto old = editor.choose(id);
  if (!old) return tl::unexpected{old.error()};
  if (old->status == ReleaseStatus::cancelled)
    return refuse_edit(Errc::conflict, "release " + in_quotes(id) + " is cancelled already", file.name);
  auto ok = editor.set("status", "cancelled", "due");
  if (ok && knows_release_key("reason")) ok = editor.set("reason", signature.reason, "due");
  if (!ok) return tl::unexpected{std::move(ok.error())};
  editor.sign("cancelled by " + signature.by);
  auto edit = editor.finish(id);
  if (edit) edit->summary = "cancelled " + id;
  return edit;
}

std::optional<std::string> weakened_embargo(const ScheduleEdit& edit) {
  if (!edit.before || !edit.before->due.at || edit.before->status != ReleaseStatus::confirmed) return std::nullopt;
  if (edit.after.status == ReleaseStatus::cancelled) return std::nullopt;
  const Due& old = edit.before->due;
  const Due& now = edit.after.due;
  const std::string was = local_words(*old.at, old.zone);
  if (!now.at)
    return "takes back the announced time of " + edit.after.id + " (" + was + "): no instant is watched then";
  if (*now.at >= *old.at) return std::nullopt;
  return "ends the embargo of " + edit.after.id + " " + words(*old.at - *now.at) + " earlier: at " +
         local_words(*now.at, now.zone) + " instead of " + was;
}

}  // namespace embargod
