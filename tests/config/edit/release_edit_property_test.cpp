// Schedules in every way that people write them, changed at random: the change is there, and every other byte is as it
// was.

#include <gtest/gtest.h>

#include <random>

#include "config/edit/release_edit.h"
#include "config/settings_reader.h"

namespace embargod {
namespace {

const EditSignature kBySomebody{parse_rfc3339("2029-12-31T23:59:30Z").value(), "Somebody", "for a reason"};
const std::string kStamp = "# 2029-12-31T23:59Z";

class SchedulePen {
 public:
  explicit SchedulePen(unsigned seed) : random_{seed} {}

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool maybe() { return below(2) == 0; }

  std::string schedule(int releases) {
    text_ = maybe() ? "" : "\xEF\xBB\xBF";
    comments("");
    text_ += "releases:" + comment() + "\n";
    pad_ = std::string(static_cast<std::size_t>(below(4)), ' ');
    for (int i = 0; i < releases; ++i) release(i);
    comments(pad_);
    if (maybe()) {
      std::string crlf;
      for (const char c : text_) crlf += c == '\n' ? std::string{"\r\n"} : std::string{c};
      text_ = crlf;
    }
    if (below(4) == 0)
      while (text_.ends_with('\n') || text_.ends_with('\r')) text_.pop_back();
    return text_;
  }

  static std::string due(int i) { return "2030-02-" + std::to_string(10 + i) + " 09:30"; }

 private:
  std::string comment() {
    return below(3) == 0 ? "   # a: {note} \xE2\x80\x93 with 'quotes\" and due: 2030-02-10 09:30" : "";
  }
  void comments(const std::string& pad) {
    for (int n = below(3); n > 0; --n) text_ += maybe() ? "\n" : pad + "# between: [things]\n";
  }
  std::string quoted(const std::string& text) {
    const int style = below(3);
    return style == 0 ? text : style == 1 ? "'" + text + "'" : "\"" + text + "\"";
  }

  void release(int i) {
    comments(pad_);
    const std::string id = "r-" + std::to_string(i);
    const std::string url = "{url: \"https://stats.example.org/" + id + "\", role: page}";
    const std::string status = maybe() ? "confirmed" : "";
    if (below(3) == 0) {
      text_ += pad_ + "- {id: " + quoted(id) + ", title: \"T\", due: " + quoted(due(i)) +
               (status.empty() ? "" : ", status: " + quoted(status)) + ", urls: [" + url + "]}" + comment() + "\n";
      return;
    }
    std::vector<std::string> keys{"id: " + quoted(id), "due: " + quoted(due(i))};
    if (!status.empty()) keys.push_back("status: " + quoted(status));
    keys.push_back(maybe() ? "title: \"\xC5\xB4yl\"" : "title: T");
    std::shuffle(keys.begin(), keys.end(), random_);
    text_ += pad_ + "- " + keys[0] + comment() + "\n";
    for (std::size_t k = 1; k < keys.size(); ++k) {
      if (below(5) == 0) comments(pad_ + "  ");
      text_ += pad_ + "  " + keys[k] + comment() + "\n";
    }
    text_ += pad_ + "  urls:\n" + pad_ + (maybe() ? "  - " : "    - ") + url + comment() + "\n";
  }

  std::mt19937 random_;
  std::string text_;
  std::string pad_;
};

EditedFile any_file() { return {"releases.yml", "Europe/London", shipped_profiles()}; }

Schedule read_again(const std::string& yaml) {
  auto s = read_schedule(yaml, "releases.yml", "Europe/London", shipped_profiles());
  if (!s)
    for (const Fault& f : s.error()) ADD_FAILURE() << to_string(f) << "\n" << yaml;
  return s.value_or(Schedule{});
}

void put_back(std::string& text, const std::string& now, const std::string& old) {
  const auto at = text.find(now);
  if (at != std::string::npos) text.replace(at, now.size(), old);
}

/// Without the line that signs the change.
std::string unsigned_text(std::string text) {
  const auto at = text.find(kStamp);
  EXPECT_NE(at, std::string::npos) << text;
  const auto begin = text.rfind('\n', at) + 1;
  const bool is_first = begin == 0;
  const std::string mark = is_first && text.starts_with("\xEF\xBB\xBF") ? "\xEF\xBB\xBF" : "";
  text.erase(begin, text.find('\n', at) + 1 - begin);
  return mark + text;
}

/// Without a line or a member that only says the reason or the status. `added` is how they begin.
std::string without_added(std::string text, const std::string& key, const std::string& value) {
  const std::string flow = ", " + key + ": " + value;
  const auto in_flow = text.find(flow);
  if (in_flow != std::string::npos) return text.erase(in_flow, flow.size());
  const auto at = text.find(key + ": " + value);
  if (at == std::string::npos) return text;
  const auto begin = text.rfind('\n', at);
  const auto end = text.find('\n', at);
  // The line break in front goes where the line came behind an open last line.
  if (end == std::string::npos) {
    text.erase(begin > 0 && text[begin - 1] == '\r' ? begin - 1 : begin);
  } else {
    text.erase(begin + 1, end - begin);
  }
  return text;
}

void expect_same_but(const Schedule& old, const Schedule& now, const std::string& id) {
  for (const Release& r : old.releases) {
    const auto it =
        std::find_if(now.releases.begin(), now.releases.end(), [&r](const Release& n) { return n.id == r.id; });
    ASSERT_NE(it, now.releases.end());
    if (r.id != id) {
      EXPECT_EQ(*it, r);
    }
  }
}

constexpr unsigned kSchedules = 120;

TEST(ReleaseEditProperty, MovingKeepsEveryOtherByte) {
  for (unsigned seed = 0; seed < kSchedules; ++seed) {
    SchedulePen pen{seed};
    const int count = 1 + pen.below(5);
    const std::string old = pen.schedule(count);
    const int which = pen.below(count);
    const std::string id = "r-" + std::to_string(which);
    const std::string due = "2031-07-09 11:11";
    const auto edit = move_release(old, any_file(), id, due, kBySomebody);
    ASSERT_TRUE(edit) << "seed " << seed << ": " << to_string(edit.error().front()) << "\n" << old;
    const Schedule now = read_again(edit->text);
    expect_same_but(read_again(old), now, id);
    EXPECT_EQ(now.releases.at(static_cast<std::size_t>(which)).due.as_given, due);
    std::string restored = without_added(unsigned_text(edit->text), "reason", "\"for a reason\"");
    put_back(restored, due, SchedulePen::due(which));
    EXPECT_EQ(restored, old) << "seed " << seed;
  }
}

TEST(ReleaseEditProperty, CancellingKeepsEveryOtherByte) {
  for (unsigned seed = 0; seed < kSchedules; ++seed) {
    SchedulePen pen{seed};
    const int count = 1 + pen.below(5);
    const std::string old = pen.schedule(count);
    const int which = pen.below(count);
    const std::string id = "r-" + std::to_string(which);
    const auto edit = cancel_release(old, any_file(), id, kBySomebody);
    ASSERT_TRUE(edit) << "seed " << seed << ": " << to_string(edit.error().front()) << "\n" << old;
    const Schedule now = read_again(edit->text);
    expect_same_but(read_again(old), now, id);
    EXPECT_EQ(now.releases.at(static_cast<std::size_t>(which)).status, ReleaseStatus::cancelled);
    std::string restored = without_added(unsigned_text(edit->text), "reason", "\"for a reason\"");
    const std::string added = without_added(restored, "status", "cancelled");
    put_back(restored, "cancelled", "confirmed");
    EXPECT_TRUE(restored == old || added == old) << "seed " << seed << "\n" << old << "\n---\n" << edit->text;
  }
}

TEST(ReleaseEditProperty, AddingKeepsEveryByteAndEveryEditReadsBack) {
  for (unsigned seed = 0; seed < kSchedules; ++seed) {
    SchedulePen pen{seed};
    const int count = 1 + pen.below(5);
    const std::string old = pen.schedule(count);
    const NewRelease fresh{.id = "new-one",
                           .title = "A \"new\" one: # with \\ marks",
                           .due = "2031-07-09 11:11",
                           .status = "",
                           .targets = {{.url = "https://stats.example.org/n?a=1&b={c}#f",
                                        .role = "page",
                                        .name = "",
                                        .profile = "",
                                        .edition = ""}}};
    const auto edit = add_release(old, any_file(), fresh, kBySomebody);
    ASSERT_TRUE(edit) << "seed " << seed << ": " << to_string(edit.error().front()) << "\n" << old;
    EXPECT_TRUE(edit->text.starts_with(old)) << "seed " << seed;
    const Schedule now = read_again(edit->text);
    expect_same_but(read_again(old), now, "new-one");
    ASSERT_EQ(now.releases.size(), static_cast<std::size_t>(count) + 1);
    EXPECT_EQ(now.releases.back().title, fresh.title);
    EXPECT_EQ(now.releases.back().targets.at(0).url.path_query, "/n?a=1&b={c}");
    const auto later = move_release(edit->text, any_file(), "new-one", "2031-08-01", kBySomebody);
    ASSERT_TRUE(later) << to_string(later.error().front());
    const auto gone = cancel_release(later->text, any_file(), "new-one", kBySomebody);
    ASSERT_TRUE(gone) << to_string(gone.error().front());
    const Release last = read_again(gone->text).releases.back();
    EXPECT_EQ(last.status, ReleaseStatus::cancelled);
    EXPECT_EQ(last.due.as_given, "2031-08-01");
    expect_same_but(read_again(old), read_again(gone->text), "new-one");
  }
}

}  // namespace
}  // namespace embargod
