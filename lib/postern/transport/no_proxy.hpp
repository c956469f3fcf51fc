#pragma once

// Private to transport: what is reached without the proxy. proxy.hpp says what the items mean.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern::transport {

class no_proxy_list
{
public:
    no_proxy_list() = default;
    explicit no_proxy_list(std::string_view text);

    bool covers(std::string_view host, std::uint16_t port) const;
    const std::vector<std::string>& not_understood() const noexcept { return not_understood_; }

private:
    struct name_rule
    {
        std::string name;     // lower case, without leading or trailing dot
        std::uint16_t port{}; // 0: any
    };
    struct network_rule
    {
        std::array<unsigned char, 16> address; // an IPv4 address as ::ffff:a.b.c.d
        unsigned bits;
        std::uint16_t port{};
    };

    bool understand(std::string item);

    bool everything_ = false;
    std::vector<name_rule> names_;
    std::vector<network_rule> networks_;
    std::vector<std::string> not_understood_;
};

} // namespace postern::transport
