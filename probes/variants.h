#pragma once
// Other forms of a URL under which the same thing may be public. Pure.

#include <string>
#include <vector>

#include "config/profile.h"
#include "config/types/url.h"

namespace embargod {

struct UrlVariant {
  VariantForm form = VariantForm::slash;
  Url url;
};

/// Those of `forms` that make a different URL, in that order, without doubles. Only hosts that belong to the same site
/// (www., cy.) are ever derived.
[[nodiscard]] std::vector<UrlVariant> variants_of(const Url& url, const std::vector<VariantForm>& forms);

}  // namespace embargod
