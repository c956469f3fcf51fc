#include "postern/transport/no_proxy.hpp"

#include "postern/base/async.hpp"
#include "postern/transport/proxy.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace postern::transport {
namespace {

using bytes = std::array<unsigned char, 16>;

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

std::string_view without_last_dot(std::string_view host)
{
    return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

struct parsed_address
{
    bytes value;
    unsigned length; // in bits
};

// IPv4 and IPv4 in IPv6 are the same to us.
std::optional<parsed_address> parse_address(const std::string& text)
{
    error_code ec;
    const auto address = net::ip::make_address(text, ec);
    if (ec)
        return std::nullopt;
    if (address.is_v6())
        return parsed_address{address.to_v6().to_bytes(), 128};
    bytes value{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    const auto four = address.to_v4().to_bytes();
    std::copy(four.begin(), four.end(), value.begin() + 12);
    return parsed_address{value, 32};
}

bool within_network(const bytes& address, const bytes& network, unsigned bits)
{
    const auto whole = bits / 8;
    if (!std::equal(network.begin(), network.begin() + whole, address.begin()))
        return false;
    const auto mask = static_cast<unsigned char>(0xff00u >> (bits % 8));
    return bits % 8 == 0 || (network[whole] & mask) == (address[whole] & mask);
}

template <class Number>
bool read(std::string_view text, Number& into, Number most)
{
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
    return failed == std::errc() && end == text.data() + text.size() && into <= most;
}

bool is_name(std::string_view text)
{
    return !text.empty() && text.find("..") == text.npos &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c >= 0x80;
           });
}

// Takes ":443" or the port behind "[…]" off. False: it is no port.
bool take_port(std::string& item, std::uint16_t& port)
{
    std::string behind;
    if (item.starts_with('['))
    {
        const auto end = item.find(']');
        if (end == item.npos)
            return false;
        behind = item.substr(end + 1);
        item = item.substr(1, end - 1);
        if (behind.empty())
            return true;
    }
    else if (std::count(item.begin(), item.end(), ':') == 1)
    {
        const auto colon = item.find(':');
        behind = item.substr(colon);
        item.resize(colon);
    }
    else
        return true; // a name, or an IPv6 address without brackets
    return behind.starts_with(':') && read(std::string_view(behind).substr(1), port, std::uint16_t{65535}) &&
           port != 0;
}

} // namespace

no_proxy_list::no_proxy_list(std::string_view text)
{
    constexpr std::string_view separators = ", \t\r\n";
    while (!text.empty())
    {
        const auto size = std::min(text.find_first_of(separators), text.size());
        const auto item = text.substr(0, size);
        if (!item.empty() && !understand(lower(item)))
            not_understood_.emplace_back(item);
        text.remove_prefix(std::min(size + 1, text.size()));
    }
}

bool no_proxy_list::understand(std::string item)
{
    if (item == "*")
        return everything_ = true;
    std::uint16_t port = 0;
    if (const auto slash = item.find('/'); slash != item.npos)
    {
        const auto network = parse_address(item.substr(0, slash));
        unsigned bits = 0;
        if (!network || !read(std::string_view(item).substr(slash + 1), bits, network->length))
            return false;
        networks_.push_back({network->value, 128 - network->length + bits, port});
        return true;
    }
    if (!take_port(item, port))
        return false;
    if (const auto address = parse_address(item))
    {
        networks_.push_back({address->value, 128, port});
        return true;
    }
    std::string_view name = item;
    if (name.starts_with("*."))
        name.remove_prefix(1);
    if (name.starts_with('.'))
        name.remove_prefix(1);
    name = without_last_dot(name);
    if (!is_name(name))
        return false;
    names_.push_back({std::string(name), port});
    return true;
}

bool no_proxy_list::covers(std::string_view host, std::uint16_t port) const
{
    if (everything_)
        return true;
    const auto fits = [port](const auto& rule) { return rule.port == 0 || rule.port == port; };
    const auto name = lower(without_last_dot(host));
    if (const auto address = parse_address(name))
        return std::any_of(networks_.begin(), networks_.end(), [&](const network_rule& r) {
            return fits(r) && within_network(address->value, r.address, r.bits);
        });
    return std::any_of(names_.begin(), names_.end(), [&](const name_rule& r) {
        return fits(r) && name.ends_with(r.name) &&
               (name.size() == r.name.size() || name[name.size() - r.name.size() - 1] == '.');
    });
}

std::string wrong_in_no_proxy(std::string_view list)
{
    const no_proxy_list parsed(list);
    return parsed.not_understood().empty() ? std::string() : parsed.not_understood().front();
}

bool is_this_machine(std::string_view host)
{
    static const no_proxy_list here("localhost 127.0.0.0/8 ::1");
    return here.covers(host, 0);
}

} // namespace postern::transport
