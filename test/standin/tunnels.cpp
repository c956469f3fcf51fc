#include "standin/tunnels.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace postern::standin {
namespace {

constexpr std::size_t captures_kept = 50;

std::string_view without_scheme(std::string_view url)
{
    const auto slashes = url.find("://");
    if (slashes != url.npos)
        url.remove_prefix(slashes + 3);
    return url.substr(0, url.find('/'));
}

} // namespace

std::string authority_of(std::string_view url) { return std::string(without_scheme(url)); }

std::string host_of(std::string_view url_or_authority)
{
    const auto authority = without_scheme(url_or_authority);
    if (authority.starts_with('['))
        return std::string(authority.substr(0, authority.find(']') + 1));
    return std::string(authority.substr(0, authority.find(':')));
}

std::string upstream_url(std::string_view written)
{
    if (written.find("://") != written.npos)
        return std::string(written);
    std::string authority(written);
    if (written.find(':') == written.npos)
        authority = "localhost:" + authority;
    return (authority.ends_with(":443") ? "https://" : "http://") + authority;
}

bool tunnel_table::remove(std::string_view name)
{
    return std::erase_if(all_, [&](const tunnel& t) { return t.name == name; }) != 0;
}

tunnel* tunnel_table::find(std::string_view name)
{
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const tunnel& t) { return t.name == name; });
    return found == all_.end() ? nullptr : &*found;
}

tunnel* tunnel_table::at_host(std::string_view host_header)
{
    const auto host = host_of(host_header);
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const tunnel& t) {
        return transport::equal_ignoring_case(host_of(t.url), host);
    });
    return found == all_.end() ? nullptr : &*found;
}

tunnel* tunnel_table::at_url(std::string_view url)
{
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const tunnel& t) { return t.url == url; });
    return found == all_.end() ? nullptr : &*found;
}

capture& captures::add(capture c)
{
    std::array<char, 20> id{};
    std::snprintf(id.data(), id.size(), "548fb5c7%08llx", static_cast<unsigned long long>(next_++));
    c.id = id.data();
    if (all_.size() == captures_kept)
        all_.pop_back();
    return all_.emplace_front(std::move(c));
}

capture* captures::find(std::string_view id)
{
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const capture& c) { return c.id == id; });
    return found == all_.end() ? nullptr : &*found;
}

} // namespace postern::standin
