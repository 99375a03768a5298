#pragma once
// A metric family whose series come and go by label values. Internal to daemon/metrics; guarded by the meter's mutex.

#include <prometheus/family.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace embargod {

/// Outside text as a label value: valid UTF-8 (one bad byte makes Prometheus refuse the whole scrape), controls as
/// blanks.
[[nodiscard]] std::string label_text(const std::string& text);

template <class Metric>
class Series {
 public:
  using Values = std::vector<std::string>;

  Series(prometheus::Family<Metric>& family, std::vector<std::string> names)
      : family_{family}, names_{std::move(names)} {}

  /// Made with its zero value if it is not there.
  Metric& at(const Values& values) {
    auto found = series_.find(values);
    if (found == series_.end()) {
      prometheus::Labels labels;
      for (std::size_t i = 0; i < names_.size(); ++i) labels[names_[i]] = label_text(values[i]);
      found = series_.emplace(values, &family_.Add(labels)).first;
    }
    return *found->second;
  }

  /// The series if it is there.
  Metric* find(const Values& values) {
    const auto found = series_.find(values);
    return found == series_.end() ? nullptr : found->second;
  }

  void drop_unless(const std::function<bool(const Values&)>& keep) {
    for (auto at = series_.begin(); at != series_.end();) {
      if (keep(at->first)) {
        ++at;
        continue;
      }
      Metric* const gone = at->second;
      at = series_.erase(at);
      // Two values that differ only in what label_text() mends share one metric.
      const bool shared =
          std::any_of(series_.begin(), series_.end(), [gone](const auto& s) { return s.second == gone; });
      if (!shared) family_.Remove(gone);
    }
  }

 private:
  prometheus::Family<Metric>& family_;
  std::vector<std::string> names_;
  std::map<Values, Metric*> series_;
};

}  // namespace embargod
