#pragma once

#include "postern/base/result.hpp"
#include "postern/guard/audit_book.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace postern::guard {

std::string to_text(const audit_memory&);
// Empty for whatever to_text() has not written.
std::optional<audit_memory> parse_audit_memory(std::string_view);

// The resume file, for our eyes only: it names rooms and people. Blocking.

// Empty if there is none, or none that can be used: then an audit begins anew.
std::optional<audit_memory> read_audit_file(const std::string& path);
// Complete or as it was before, at any moment; its directory is made if need be. Errors: file_unreadable,
// naming the path.
result<> write_audit_file(const std::string& path, const audit_memory&);
result<> remove_audit_file(const std::string& path); // none there is fine

} // namespace postern::guard
