// The factory, in a file of its own: it alone needs every reader.

#include "config/sources/source.h"

namespace embargod {

std::unique_ptr<SourceReader> make_source_reader(SourceFormat format, SourceContext context) {
  switch (format) {
    case SourceFormat::yaml:
      return make_yaml_source(std::move(context));
    case SourceFormat::csv:
      return make_csv_source(std::move(context));
    case SourceFormat::ics:
      return make_ics_source(std::move(context));
    case SourceFormat::json:
      return make_json_source(std::move(context));
    case SourceFormat::ons:
      return make_ons_source(std::move(context));
    case SourceFormat::govuk:
      return make_govuk_source(std::move(context));
    case SourceFormat::ees:
      return make_ees_source(std::move(context));
  }
  return nullptr;
}

}  // namespace embargod
