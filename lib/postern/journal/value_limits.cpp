#include "postern/journal/value_limits.hpp"

#include <string>

namespace postern::journal {
namespace {

constexpr auto doing = "keeping a value";

result<> check(const char* what, std::size_t size, std::size_t limit)
{
    if (size <= limit)
        return {};
    return error(errc::too_large, doing)
        .because(std::string("its ") + what + " has " + std::to_string(size) + " bytes, the limit is " +
                 std::to_string(limit));
}

} // namespace

result<> check_sizes(const value_limits& l, std::string_view scope, std::string_view key,
                     std::string_view value)
{
    for (const auto& fits : {check("scope", scope.size(), l.scope), check("key", key.size(), l.key),
                             check("text", value.size(), l.value)})
        if (fits.has_error())
            return fits;
    return {};
}

result<> check_room(const value_limits& l, const kept_before& before, std::size_t size)
{
    if (!before.old && before.keys >= l.keys)
        return error(errc::journal_full, doing)
            .because("its scope has " + std::to_string(before.keys) + " keys, which is the limit")
            .advise("erase what is not needed any more");
    const auto old = before.old.value_or(0);
    if (size > old && before.total - old + size > l.total)
        return error(errc::journal_full, doing)
            .because("what is kept for bots has " + std::to_string(before.total) + " bytes, the limit is " +
                     std::to_string(l.total))
            .advise("erase what is not needed any more");
    return {};
}

} // namespace postern::journal
