#include <string>
#include <string_view>

#include "config/profile.h"
#include "config/release.h"
#include "config/settings.h"

namespace embargod {

const char* to_string(Role r) {
  switch (r) {
    case Role::page:
      return "page";
    case Role::latest:
      return "latest";
    case Role::file:
      return "file";
    case Role::api:
      return "api";
    case Role::listing:
      return "listing";
    case Role::announcement:
      return "announcement";
  }
  return "?";
}

std::optional<Role> role_from(std::string_view word) {
  for (const Role r : {Role::page, Role::latest, Role::file, Role::api, Role::listing, Role::announcement})
    if (word == to_string(r)) return r;
  return std::nullopt;
}

const char* to_string(ReleaseStatus s) {
  switch (s) {
    case ReleaseStatus::provisional:
      return "provisional";
    case ReleaseStatus::confirmed:
      return "confirmed";
    case ReleaseStatus::cancelled:
      return "cancelled";
  }
  return "?";
}

const char* to_string(Severity s) {
  switch (s) {
    case Severity::page:
      return "page";
    case Severity::ticket:
      return "ticket";
    case Severity::info:
      return "info";
  }
  return "?";
}

const char* to_string(VariantForm v) {
  switch (v) {
    case VariantForm::slash:
      return "slash";
    case VariantForm::letter_case:
      return "letter_case";
    case VariantForm::www:
      return "www";
    case VariantForm::scheme:
      return "scheme";
    case VariantForm::index:
      return "index";
    case VariantForm::print:
      return "print";
    case VariantForm::query:
      return "query";
    case VariantForm::welsh_host:
      return "welsh_host";
    case VariantForm::welsh_path:
      return "welsh_path";
  }
  return "?";
}

std::string to_string(const Mark& m) {
  std::string s = m.file;
  if (m.line > 0) s += ":" + std::to_string(m.line) + ":" + std::to_string(m.column);
  return s;
}

}  // namespace embargod
