#include <algorithm>

#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr Millis kShortestSourceInterval{10'000};
constexpr Millis kLongestSourceInterval{std::int64_t{24} * 3'600'000};
constexpr Millis kUsualSourceInterval{15 * 60'000};

class SourceEntry {
 public:
  SourceEntry(const YamlMap& map, const std::string& folder) : map_{map}, folder_{folder}, faults_{map.faults()} {}

  /// Without a name if nothing can be made of it.
  [[nodiscard]] ScheduleSource read() {
    if (!read_place()) return {};
    read_format();
    if (source_.url) source_.interval = kUsualSourceInterval;
    map_.duration("interval", source_.interval, {kShortestSourceInterval, kLongestSourceInterval});
    if (map_.has("interval") && source_.is_operators())
      faults_.add(map_.key_at("interval"), map_.name("interval") + " is not for a YAML file",
                  "delete the line: what people edit is read at start and on reload");
    std::string name;
    map_.text("name", name, {.bytes = 100});
    if (!name.empty()) source_.name = name;
    for (const YamlNode& rule : map_.list("match")) read_rule(rule);
    return std::move(source_);
  }

 private:
  bool read_place() {
    const auto* file = map_.find("file");
    const auto* url = map_.find("url");
    if (file == nullptr && url == nullptr) {
      if (!map_.has("file") && !map_.has("url"))
        faults_.add(map_.at(), map_.name("file") + " is missing", "write file: releases.yml, or url: and an address");
      return false;
    }
    if (file != nullptr && url != nullptr) {
      faults_.add(url->at, map_.name("url") + ": a schedule is read from a file or from a URL, not from both",
                  "make it two entries");
      return false;
    }
    return file != nullptr ? read_file_name(*file) : read_address(*url);
  }

  bool read_file_name(const YamlNode& node) {
    const auto text = read_text(node, map_.name("file"), faults_, {.bytes = 4096});
    if (!text) return false;
    source_.mark = faults_.mark(node.at);
    source_.name = *text;
    source_.path = from_folder(folder_, *text);
    return true;
  }

  bool read_address(const YamlNode& node) {
    const auto text = read_text(node, map_.name("url"), faults_, {.bytes = 8192});
    if (!text) return false;
    auto url = parse_url(*text);
    if (!url) {
      faults_.add(node.at, map_.name("url") + ": " + url.error().what, url.error().to_do);
      return false;
    }
    source_.mark = faults_.mark(node.at);
    // A query may hold a token: it is no name.
    source_.name = url->site() + url->path_query.substr(0, url->path_query.find('?'));
    source_.url = std::move(*url);
    return true;
  }

  void read_format() {
    if (const auto* n = map_.find("format")) {
      const auto word =
          read_word(*n, map_.name("format"), faults_, {"yaml", "csv", "ics", "json", "ons", "govuk", "ees"});
      if (!word) return;
      for (const auto f : {SourceFormat::yaml, SourceFormat::csv, SourceFormat::ics, SourceFormat::json,
                           SourceFormat::ons, SourceFormat::govuk, SourceFormat::ees})
        if (*word == to_string(f)) source_.format = f;
      return;
    }
    if (map_.has("format")) return;
    const std::string path =
        source_.url ? source_.url->path_query.substr(0, source_.url->path_query.find('?')) : source_.path;
    if (const auto format = format_of(path))
      source_.format = *format;
    else
      faults_.add(map_.key_at(source_.url ? "url" : "file"),
                  "the format of " + in_quotes(source_.name) + " cannot be told from its ending",
                  "add format: yaml, csv, ics, json, ons, govuk or ees");
  }

  void read_rule(const YamlNode& node) {
    const YamlMap rule{node, config_keys().title_rule, map_.name("match") + ".", faults_};
    if (!rule.is_map()) return;
    TitleRule out;
    (void)rule.need("title", "write a regular expression that the title fits");
    const auto* release = rule.need("release", "write the id of the release");
    rule.text("title", out.title, {.bytes = 1000});
    rule.text("release", out.release, {.bytes = 200});
    if (release != nullptr && !out.release.empty() && !is_id(out.release))
      faults_.add(release->at, rule.name("release") + ": " + in_quotes(out.release) + " cannot be an id",
                  "use a-z, 0-9 and -, at most 100 of them");
    out.mark = faults_.mark(rule.at());
    if (!out.title.empty() && !out.release.empty()) source_.match.push_back(std::move(out));
  }

  const YamlMap& map_;
  const std::string& folder_;
  FaultBook& faults_;
  ScheduleSource source_;
};

}  // namespace

void read_schedule_sources(const YamlMap& config, const std::string& folder, std::vector<ScheduleSource>& out) {
  FaultBook& faults = config.faults();
  const auto& items = config.list("schedules");
  if (items.empty() && config.find("schedules") != nullptr &&
      config.find("schedules")->kind == YamlNode::Kind::sequence)
    faults.add(config.key_at("schedules"), "schedules names no file", "write - file: releases.yml");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const YamlMap map{items[i], config_keys().schedule_source, "schedules[" + std::to_string(i) + "].", faults};
    if (!map.is_map()) continue;
    ScheduleSource source = SourceEntry{map, folder}.read();
    if (source.name.empty()) continue;
    const auto is_same = [&source](const ScheduleSource& s) {
      return s.name == source.name || (source.url ? s.url == source.url : !s.url && s.path == source.path);
    };
    if (const auto first = std::find_if(out.begin(), out.end(), is_same); first != out.end())
      faults.add({source.mark.line, source.mark.column}, "the schedule " + in_quotes(source.name) + " is named twice",
                 first->name == source.name && first->url != source.url ? "give one of them another name:"
                                                                        : "keep one of the two");
    out.push_back(std::move(source));
  }
}

}  // namespace embargod
