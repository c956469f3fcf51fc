#include "postern/source/device/trusted_hosts.hpp"

#include <algorithm>

namespace postern::source {
namespace {

// ".Example.COM" and "*.example.com" are what people write who mean "example.com".
std::string tidy_suffix(std::string suffix)
{
    suffix.erase(0, std::min(suffix.find_first_not_of("*."), suffix.size()));
    for (auto& c : suffix)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return suffix;
}

bool under(std::string_view host, std::string_view suffix)
{
    if (!host.ends_with(suffix))
        return false;
    return host.size() == suffix.size() || host[host.size() - suffix.size() - 1] == '.';
}

} // namespace

trusted_hosts::trusted_hosts(const transport::url& u2c, std::vector<std::string> suffixes) : u2c_(u2c)
{
    for (auto& suffix : suffixes)
        if (auto tidied = tidy_suffix(std::move(suffix)); !tidied.empty())
            suffixes_.push_back(std::move(tidied));
}

bool trusted_hosts::covers(const transport::url& where) const
{
    if (!where.tls() && u2c_.tls())
        return false;
    if (where.host == u2c_.host || (catalog_ && catalog_->names(where.host)))
        return true;
    return where.tls() && std::any_of(suffixes_.begin(), suffixes_.end(),
                                      [&](const std::string& suffix) { return under(where.host, suffix); });
}

} // namespace postern::source
