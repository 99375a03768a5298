#include "daemon/watch/calendar.h"

namespace embargod {
namespace {

/// The same date, however it is spelled.
bool same_date(const Due& a, const Due& b) {
  const bool told = a.at || a.period_begin || b.at || b.period_begin;
  if (!told) return a.as_given == b.as_given;
  return a.precision == b.precision && a.at == b.at && a.period_begin == b.period_begin && a.period_end == b.period_end;
}

}  // namespace

const char* to_string(DriftKind k) {
  switch (k) {
    case DriftKind::earlier:
      return "earlier";
    case DriftKind::later:
      return "later";
    case DriftKind::published:
      return "published";
    case DriftKind::cancelled:
      return "cancelled";
    case DriftKind::vanished:
      return "vanished";
    case DriftKind::provisional:
      return "provisional";
  }
  return "?";
}

bool same_drift(const Drift& a, const Drift& b) {
  return a.release == b.release && a.source == b.source && a.kind == b.kind && same_date(a.says, b.says);
}

}  // namespace embargod
