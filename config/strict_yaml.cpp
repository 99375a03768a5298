#include "config/strict_yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <tuple>
#include <unordered_map>

#include "config/text_checks.h"

namespace embargod {
namespace {

/// Ends the reading of a document with one fault.
struct YamlRefused {
  YamlPos at;
  std::string what;
  std::string to_do;
};

/// yaml-cpp counts lines and columns from 0 and columns in bytes; editors count from 1 and in characters.
class Positions {
 public:
  explicit Positions(std::string_view yaml) : yaml_{yaml} {
    starts_.push_back(yaml.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    counted_.offset = starts_[0];
    for (std::size_t i = 0; i < yaml.size(); ++i)
      if (yaml[i] == '\n') starts_.push_back(i + 1);
  }

  [[nodiscard]] std::size_t offset(const YAML::Mark& m) const {
    if (m.line < 0 || m.column < 0) return 0;
    const std::size_t line = std::min(static_cast<std::size_t>(m.line), starts_.size() - 1);
    return std::min(starts_[line] + static_cast<std::size_t>(m.column), yaml_.size());
  }
  [[nodiscard]] YamlPos of(const YAML::Mark& m) const { return m.is_null() ? YamlPos{} : of(offset(m)); }
  [[nodiscard]] YamlPos of(std::size_t offset) const {
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const std::size_t line = next == starts_.begin() ? 0 : static_cast<std::size_t>(next - starts_.begin()) - 1;
    // Events come in order: counting on from the last one keeps a line of a megabyte from being counted again each
    // time.
    if (counted_.line != line || counted_.offset > offset) counted_ = {line, starts_[line], 1};
    for (; counted_.offset < offset; ++counted_.offset)
      if ((static_cast<unsigned char>(yaml_[counted_.offset]) & 0xC0u) != 0x80u) ++counted_.column;
    return {static_cast<int>(line) + 1, counted_.column};
  }
  [[nodiscard]] std::string_view line_at(std::size_t offset) const {
    const auto line = static_cast<std::size_t>(of(offset).line) - 1;
    return yaml_.substr(starts_[line]).substr(0, yaml_.substr(starts_[line]).find('\n'));
  }

 private:
  struct Counted {
    std::size_t line = 0;
    std::size_t offset = 0;
    int column = 1;
  };
  std::string_view yaml_;
  std::vector<std::size_t> starts_;
  mutable Counted counted_;
};

/// Builds our tree from yaml-cpp's events and refuses what a tree of yaml-cpp's own would have hidden.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const Positions& positions, const YamlLimits& limits, FaultBook& faults)
      : positions_{positions}, limits_{limits}, faults_{faults} {}

  [[nodiscard]] YamlNode take() { return std::move(root_); }
  [[nodiscard]] bool has_document() const { return documents_ > 0; }
  /// Where the last scalar that is not plain begins.
  [[nodiscard]] std::optional<std::size_t> last_quote() const { return last_quote_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      throw YamlRefused{positions_.of(mark), "a second document begins here", "keep one document per file"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(node(mark, YamlNode::Kind::nothing)); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    refuse_tag(mark, tag);
    YamlNode n = node(mark, YamlNode::Kind::scalar);
    n.text = value;
    n.is_quoted = tag == "!";
    if (n.is_quoted) last_quote_ = positions_.offset(mark);
    add(std::move(n));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    std::optional<YamlEntry> pending;               // map: the key whose value comes next
    bool is_pending_dropped = false;                // that value has been refused with its key
    std::unordered_map<std::string, YamlPos> seen;  // map: keys so far
  };

  YamlNode node(const YAML::Mark& mark, YamlNode::Kind kind) {
    if (++nodes_ > limits_.nodes)
      throw YamlRefused{positions_.of(mark), "more than " + std::to_string(limits_.nodes) + " values in one file",
                        "split it into several files"};
    YamlNode n;
    n.kind = kind;
    n.at = positions_.of(mark);
    return n;
  }

  void refuse_anchor(const YAML::Mark& mark) const {
    throw YamlRefused{positions_.of(mark), "anchors (&) and aliases (*) are not accepted",
                      "write the value out, or put text that begins with & or * in quotes"};
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw YamlRefused{positions_.of(mark), "tags (!) are not accepted",
                      "leave the tag out, or put text that begins with ! in quotes"};
  }

  void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
    refuse_tag(mark, tag);
    if (static_cast<int>(open_.size()) >= limits_.depth)
      throw YamlRefused{positions_.of(mark), "nested more than " + std::to_string(limits_.depth) + " levels deep", ""};
    if (expects_key()) throw YamlRefused{positions_.of(mark), "a key must be text", "write key: value"};
    open_.push_back({node(mark, kind), std::nullopt, false, {}});
  }

  void close() {
    YamlNode done = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(done));
  }

  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::map && !open_.back().pending;
  }

  void add(YamlNode n) {
    if (open_.empty()) {
      root_ = std::move(n);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(n));
    } else if (!parent.pending) {
      take_key(parent, std::move(n));
    } else {
      // yaml-cpp gives a value that is not there the place of the next token.
      if (n.kind == YamlNode::Kind::nothing) n.at = parent.pending->at;
      parent.pending->value = std::move(n);
      if (!parent.is_pending_dropped) parent.node.entries.push_back(std::move(*parent.pending));
      parent.pending.reset();
    }
  }

  void take_key(Open& map, YamlNode key) {
    map.is_pending_dropped = true;
    if (key.kind == YamlNode::Kind::nothing) {
      faults_.add(key.at, "a key is missing before the colon");
    } else if (key.text == "<<" && !key.is_quoted) {
      faults_.add(key.at, "merge keys (<<) are not accepted", "write the keys out");
    } else if (const auto [first, is_new] = map.seen.emplace(key.text, key.at); !is_new) {
      faults_.add(key.at, in_quotes(key.text) + " is given twice, first in line " + std::to_string(first->second.line),
                  "keep one of the two");
    } else {
      map.is_pending_dropped = false;
    }
    map.pending = YamlEntry{std::move(key.text), key.at, {}};
  }

  const Positions& positions_;
  const YamlLimits& limits_;
  FaultBook& faults_;
  std::vector<Open> open_;
  YamlNode root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  std::optional<std::size_t> last_quote_;
};

/// Reads from memory that it does not own.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view view) {
    // setg() wants mutable pointers; this buffer has no put area, so nothing is written through them.
    char* begin = const_cast<char*>(view.data());
    setg(begin, begin, begin + view.size());
  }
};

/// yaml-cpp takes byte 0x04 for the end of the file and guesses UTF-16 from NULs: neither may reach it.
void check_bytes(std::string_view yaml, const Positions& positions) {
  if (const auto bad = invalid_utf8(yaml))
    throw YamlRefused{positions.of(*bad), "the file is not valid UTF-8 from here on", "save it as UTF-8"};
  for (std::size_t i = 0; i < yaml.size(); ++i) {
    const auto c = static_cast<unsigned char>(yaml[i]);
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
      throw YamlRefused{positions.of(i), "the file holds a control character here (byte " + std::to_string(c) + ")",
                        "delete it"};
  }
}

/// yaml-cpp accepts a quoted text that runs to the end of the file: one lost quote would swallow every key behind it.
void check_closed(std::string_view yaml, std::optional<std::size_t> begin, const Positions& positions) {
  if (!begin || *begin >= yaml.size()) return;
  const char quote = yaml[*begin];
  if (quote != '"' && quote != '\'') return;
  for (std::size_t i = *begin + 1; i < yaml.size(); ++i) {
    if (quote == '"' && yaml[i] == '\\') {
      ++i;
    } else if (yaml[i] == quote) {
      if (quote == '"' || i + 1 >= yaml.size() || yaml[i + 1] != quote) return;
      ++i;
    }
  }
  throw YamlRefused{positions.of(*begin), "the quote that opens here is never closed", "close it"};
}

YamlRefused explain(const YAML::Exception& e, const Positions& positions) {
  const std::size_t at = positions.offset(e.mark);
  const std::string_view line = positions.line_at(at);
  const std::string_view indent = line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
  std::string to_do = "look at the indentation, colons and quotes of this line and the one before";
  if (indent.find('\t') != std::string_view::npos) to_do = "indent with spaces, not tabs";
  return {positions.of(e.mark), "not valid YAML: " + e.msg, std::move(to_do)};
}

}  // namespace

void FaultBook::add(YamlPos at, std::string what, std::string to_do, Errc code) {
  constexpr std::size_t kMost = 200;
  if (entries_.size() >= kMost) {
    ++dropped_;
    return;
  }
  entries_.push_back({at, entries_.size(), Fault{code, to_string(mark(at)), std::move(what), std::move(to_do)}});
}

Faults FaultBook::take() {
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.at.line, a.at.column, a.order) < std::tie(b.at.line, b.at.column, b.order);
  });
  Faults out;
  for (auto& e : entries_) out.push_back(std::move(e.fault));
  if (dropped_ > 0)
    out.push_back({Errc::invalid_input, file_, std::to_string(dropped_) + " more faults are not listed", ""});
  entries_.clear();
  dropped_ = 0;
  return out;
}

std::optional<YamlNode> parse_strict_yaml(std::string_view yaml, const YamlLimits& limits, FaultBook& faults) {
  if (yaml.size() > limits.bytes) {
    faults.add({}, "larger than " + std::to_string(limits.bytes >> 20U) + " MB", "split it into several files");
    return std::nullopt;
  }
  const Positions positions{yaml};
  TreeBuilder tree{positions, limits, faults};
  try {
    check_bytes(yaml, positions);
    ViewBuffer buffer{yaml};
    std::istream in{&buffer};
    YAML::Parser parser{in};
    while (parser.HandleNextDocument(tree)) {
    }
    if (!tree.has_document()) throw YamlRefused{{}, "the file is empty", ""};
    check_closed(yaml, tree.last_quote(), positions);
    return tree.take();
  } catch (const YamlRefused& refused) {
    faults.add(refused.at, refused.what, refused.to_do);
  } catch (const YAML::Exception& e) {
    const YamlRefused refused = explain(e, positions);
    faults.add(refused.at, refused.what, refused.to_do);
  }
  return std::nullopt;
}

}  // namespace embargod
