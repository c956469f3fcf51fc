#include "postern/bot/say/safe_url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace postern {
namespace {

namespace ip = boost::asio::ip;

struct v4_network
{
    std::uint32_t base;
    unsigned bits;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d)
{
    return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array<v4_network, 17> not_public{{
    {v4(0, 0, 0, 0), 8},       // this network
    {v4(10, 0, 0, 0), 8},      // private
    {v4(100, 64, 0, 0), 10},   // shared
    {v4(127, 0, 0, 0), 8},     // this machine
    {v4(169, 254, 0, 0), 16},  // link-local, metadata
    {v4(172, 16, 0, 0), 12},   // private
    {v4(192, 0, 0, 0), 24},    // protocol assignments
    {v4(192, 0, 2, 0), 24},    // documentation
    {v4(192, 31, 196, 0), 24}, // AS112
    {v4(192, 52, 193, 0), 24}, // AMT
    {v4(192, 88, 99, 0), 24},  // 6to4 relays
    {v4(192, 168, 0, 0), 16},  // private
    {v4(192, 175, 48, 0), 24}, // AS112
    {v4(198, 18, 0, 0), 15},   // benchmarks
    {v4(198, 51, 100, 0), 24}, // documentation
    {v4(203, 0, 113, 0), 24},  // documentation
    {v4(224, 0, 0, 0), 3},     // multicast, reserved, broadcast
}};

bool is_public_v4(std::uint32_t address)
{
    return std::none_of(not_public.begin(), not_public.end(), [address](const v4_network& n) {
        const std::uint32_t mask = ~std::uint32_t(0) << (32 - n.bits);
        return (address & mask) == n.base;
    });
}

using v6_bytes = ip::address_v6::bytes_type;

std::uint32_t v4_at(const v6_bytes& b, std::size_t at) { return v4(b[at], b[at + 1], b[at + 2], b[at + 3]); }

// Of 2000::/3, the only part of IPv6 that is given out, what is not public.
bool is_public_v6(const v6_bytes& b)
{
    const auto first = static_cast<unsigned>(b[0] << 8 | b[1]);
    const auto second = static_cast<unsigned>(b[2] << 8 | b[3]);
    if (first == 0x0064 && second == 0xff9b) // NAT64: the address behind it counts
        return std::all_of(b.begin() + 4, b.begin() + 12, [](auto byte) { return byte == 0; }) &&
               is_public_v4(v4_at(b, 12));
    if ((first & 0xe000) != 0x2000)
        return false;
    if (first == 0x2002) // 6to4
        return is_public_v4(v4_at(b, 2));
    if (first == 0x2001 && second < 0x0200) // protocol assignments, Teredo, benchmarks, ORCHID
        return false;
    if (first == 0x2001 && second == 0x0db8) // documentation
        return false;
    if (first == 0x3fff && second < 0x1000) // documentation
        return false;
    return true;
}

bool is_inner_name(std::string_view host)
{
    constexpr std::array<std::string_view, 9> inner{".localhost", ".local", ".internal", ".arpa",   ".lan",
                                                    ".corp",      ".home",  ".intranet", ".private"};
    if (host.ends_with('.'))
        host.remove_suffix(1);
    return host.find('.') == host.npos ||
           std::any_of(inner.begin(), inner.end(), [host](auto suffix) { return host.ends_with(suffix); });
}

// The C library reads "0x7f.1", "2130706433" and "127.1" as addresses, too.
bool looks_like_a_number(std::string_view host)
{
    if (host.ends_with('.'))
        host.remove_suffix(1);
    const auto last = host.substr(host.rfind('.') == host.npos ? 0 : host.rfind('.') + 1);
    return !last.empty() &&
           (std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
            last.starts_with("0x"));
}

error refuse(std::string why)
{
    return error(errc::bad_input, "looking at the address of a file").because(std::move(why));
}

} // namespace

bool is_public_address(const ip::address& address)
{
    if (address.is_v4())
        return is_public_v4(address.to_v4().to_uint());
    const auto six = address.to_v6();
    if (six.is_v4_mapped())
        return is_public_v4(v4_at(six.to_bytes(), 12));
    return is_public_v6(six.to_bytes());
}

result<> check_public_url(const transport::url& where)
{
    boost::system::error_code no_address;
    const auto literal = ip::make_address(where.host, no_address);
    if (!no_address)
    {
        if (!is_public_address(literal))
            return refuse("its address is not on the public internet");
        return {};
    }
    if (looks_like_a_number(where.host))
        return refuse("its host is an odd way to write an address");
    if (is_inner_name(where.host))
        return refuse("its host is a name of an inner network");
    return {};
}

result<transport::url> parse_public_url(std::string_view text)
{
    auto where = transport::parse_url(text);
    if (!where)
        return refuse(where.error().ours); // without the URL: it may hold a key
    if (auto checked = check_public_url(*where); !checked)
        return checked.error();
    return where;
}

} // namespace postern
