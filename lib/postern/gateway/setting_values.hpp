#pragma once

#include "postern/gateway/options.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

// How the texts of the settings become values. Each says what is wrong with a text; empty on success.
namespace postern::setting_values {

template <class Number>
std::string number(const std::string& value, Number& into, Number least, Number most)
{
    Number parsed{};
    const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (ec != std::errc() || end != value.data() + value.size() || parsed < least || parsed > most)
        return "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    into = parsed;
    return {};
}

std::string seconds(const std::string&, std::chrono::milliseconds& into, long most = 86'400L);
std::string duration(const std::string&, std::chrono::milliseconds& into);
std::string duration_or_off(const std::string&, std::chrono::milliseconds& into); // off: zero
std::string yes_no(const std::string&, bool& into);
std::string keep(const std::string&, std::string& into);
std::string secret_file(const std::string& path, secret& into);

std::string engine(const std::string&, journal_choice& into);
std::optional<source::tunnel_kind> parse_tunnel(std::string_view);
std::string command(const std::string&, source::tunnel_options& into);
std::string proxy(const std::string&, transport::proxy_settings& into);
std::string no_proxy(const std::string&, transport::proxy_settings& into);

// Comma lists.
std::string organisations(const std::string&, std::vector<std::string>& into);
std::string domains(const std::string&, std::vector<std::string>& into);
std::string people(const std::string&, std::vector<std::string>& into);
std::string rooms(const std::string&, std::vector<std::string>& into);
std::string action(const std::string&, guard::on_refusal& into);

} // namespace postern::setting_values
