#pragma once
// What a body is, by its bytes and not by its name. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace embargod {

/// "pdf", "zip", "xlsx", "ods", "docx", "odt", "xls", "gzip", "png", "jpeg", "gif", "svg", "xml", "html", "json",
/// "csv", "text"; "" if none. Zip kinds are told by their members. "csv": text whose first lines have the same number
/// (over one) of comma-, semicolon- or tab-separated fields.
[[nodiscard]] std::string magic_of(std::string_view body);

/// Whether a body of kind `found` satisfies `wanted`: the same, or wanted is a wider kind ("zip" for "xlsx", "text" for
/// "csv", "xml" for "svg").
[[nodiscard]] bool magic_is(std::string_view found, std::string_view wanted);

/// All kinds that a condition may name.
[[nodiscard]] const std::vector<std::string>& magic_kinds();

/// The kind that a path's ending promises ("/a/b.xlsx?x=1" -> "xlsx"); "" if it promises nothing.
[[nodiscard]] std::string kind_of_path(std::string_view path_query);

}  // namespace embargod
