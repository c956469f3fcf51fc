#include "postern/base/error.hpp"

namespace postern {
namespace {

// No default labels: -Wswitch names the enumerator somebody forgot.
const char* text(errc e) noexcept
{
    switch (e)
    {
    case errc::bad_signature: return "signature does not match the body";
    case errc::not_signed: return "delivery is not signed";
    case errc::not_an_event: return "not a webhook event";
    case errc::not_admitted: return "room is not admitted";
    case errc::journal_full: return "journal refused the record";
    case errc::timed_out: return "no answer in time";
    case errc::stopped: return "cut short because postern is stopping";
    case errc::cannot_connect: return "cannot connect";
    case errc::tls_failed: return "TLS handshake failed";
    case errc::connection_lost: return "connection lost";
    case errc::bad_response: return "answer not understood";
    case errc::too_large: return "too large";
    case errc::token_rejected: return "access token rejected";
    case errc::api_rejected: return "refused by Webex";
    case errc::not_found: return "not found";
    case errc::api_unavailable: return "Webex is unavailable";
    case errc::bad_input: return "cannot be sent";
    case errc::bad_configuration: return "configuration error";
    case errc::address_in_use: return "address already in use";
    case errc::file_unreadable: return "file not usable";
    case errc::handler_failed: return "handler failed";
    }
    return "unknown postern error";
}

failure verdict(errc e) noexcept
{
    switch (e)
    {
    case errc::journal_full:
    case errc::timed_out:
    case errc::stopped:
    case errc::cannot_connect:
    case errc::tls_failed:
    case errc::connection_lost:
    case errc::bad_response:
    case errc::api_unavailable: return failure::retry_later;
    case errc::bad_signature:
    case errc::not_signed:
    case errc::not_an_event:
    case errc::not_admitted:
    case errc::too_large:
    case errc::token_rejected:
    case errc::api_rejected:
    case errc::not_found:
    case errc::bad_input:
    case errc::bad_configuration:
    case errc::address_in_use:
    case errc::file_unreadable:
    case errc::handler_failed: return failure::drop;
    }
    return failure::drop;
}

struct category final : boost::system::error_category
{
    const char* name() const noexcept override { return "postern"; }
    std::string message(int v) const override { return text(static_cast<errc>(v)); }
    bool equivalent(int v, const boost::system::error_condition& c) const noexcept override
    {
        return c.category() == *this && verdict(static_cast<errc>(v)) == static_cast<failure>(c.value());
    }
};

const category instance;

void append(std::string& line, std::string_view separator, std::string_view part)
{
    if (part.empty())
        return;
    if (!line.empty())
        line += separator;
    line += part;
}

} // namespace

const boost::system::error_category& postern_category() noexcept { return instance; }

boost::system::error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), instance}; }

boost::system::error_condition make_error_condition(failure f) noexcept
{
    return {static_cast<int>(f), instance};
}

error&& error::during(std::string_view wider) &&
{
    doing = doing.empty() ? std::string(wider) : std::string(wider) + ": " + doing;
    return std::move(*this);
}

std::string describe(const error& e)
{
    std::string line = e.doing;
    append(line, ": ", e.status ? std::to_string(e.status) + ", " + e.code.message() : e.code.message());
    append(line, ": ", e.ours);
    if (!e.theirs.empty())
        append(line, ", ", "they say \"" + printable(e.theirs) + '"');
    if (!e.tracking_id.empty())
        append(line, ", ", "tracking id " + printable(e.tracking_id, 80));
    append(line, "; ", e.advice);
    return line;
}

std::string printable(std::string_view foreign, std::size_t limit)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < foreign.size(); ++i)
    {
        if (out.size() >= limit)
        {
            while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80)
                out.pop_back(); // never half a code point
            if (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80) != 0)
                out.pop_back();
            return out += "...";
        }
        const auto byte = static_cast<unsigned char>(foreign[i]);
        const auto next = i + 1 < foreign.size() ? static_cast<unsigned char>(foreign[i + 1]) : 0u;
        const auto before = i > 0 ? static_cast<unsigned char>(foreign[i - 1]) : 0u;
        // U+0080 to U+009F, which terminals obey as well: C2 and a byte from 80 to 9F.
        const bool c1 =
            (byte == 0xc2 && next >= 0x80 && next < 0xa0) || (before == 0xc2 && byte >= 0x80 && byte < 0xa0);
        if (byte < 0x20 || byte == 0x7f || c1)
            (out += "\\x").append({digits[byte >> 4], digits[byte & 15]});
        else
            out += foreign[i];
    }
    return out;
}

} // namespace postern
