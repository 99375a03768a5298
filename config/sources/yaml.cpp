// releases.yml: the operator's own form.

#include "config/sources/plain_source.h"

namespace embargod {
namespace {

class YamlSource final : public PlainSource {
 public:
  using PlainSource::PlainSource;

 private:
  void read(std::string_view bytes) override {
    add_releases(
        read_schedule_file(bytes, ScheduleContext{context().name, context().zone, context().profiles}, faults()));
  }

  /// `releases: []` is written by hand, and there is a note on it.
  [[nodiscard]] bool may_be_empty() const override { return true; }
};

}  // namespace

std::unique_ptr<SourceReader> make_yaml_source(SourceContext context) {
  return std::make_unique<YamlSource>(std::move(context));
}

}  // namespace embargod
