// A Location or href against the URL that was asked: where it leads, and what is derived of an address. Input: the URL,
// the reference, a number, a line each.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/url.h"
#include "probes/redirect.h"
#include "probes/site_picture.h"
#include "probes/variants.h"

namespace {

using namespace embargod;

void check(bool holds) {
  if (!holds) std::abort();
}

std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

void check_whole(const Url& url) {
  check(url.scheme == "http" || url.scheme == "https");
  check(!url.host.empty() && url.port != 0 && url.path_query.starts_with('/'));
  const auto again = parse_url(url.text);
  check(again && *again == url);
}

/// The host without the two names that may be put before it.
std::string_view bare(std::string_view host) {
  for (const std::string_view prefix : {"www.", "cy.", "www."})
    if (host.starts_with(prefix)) host.remove_prefix(prefix.size());
  return host;
}

void check_derived(const Url& url, std::uint64_t salt) {
  const Url sibling = sibling_of(url, salt);
  check_whole(sibling);
  check(same_site(sibling, url) && sibling.scheme == url.scheme);
  // Where the folder leaves no room for a name, the sibling lies at the root.
  const bool beside = sibling_group(sibling) == sibling_group(url);
  check(beside || url.path_query.size() > 8000);
  check(landing(url, url) == Landing::itself);
  static const std::vector<VariantForm> kAll{VariantForm::slash,  VariantForm::letter_case, VariantForm::www,
                                             VariantForm::scheme, VariantForm::index,       VariantForm::print,
                                             VariantForm::query,  VariantForm::welsh_host,  VariantForm::welsh_path};
  for (const UrlVariant& v : variants_of(url, kAll)) {
    check_whole(v.url);
    check(v.url.text != url.text);
    check(bare(v.url.host) == bare(url.host));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  const auto asked = parse_url(next_line(rest));
  const std::string_view reference = next_line(rest);
  if (!asked) return 0;
  const std::uint64_t salt = std::strtoull(std::string{rest}.c_str(), nullptr, 10);
  check_whole(*asked);
  check_derived(*asked, salt);
  const auto to = resolve(*asked, reference);
  if (!to) return 0;
  check_whole(*to);
  check(same_site(*asked, *to) == same_site(*to, *asked));
  check(landing(*asked, *to) == landing(*asked, *to));
  check_derived(*to, salt);
  return 0;
}
