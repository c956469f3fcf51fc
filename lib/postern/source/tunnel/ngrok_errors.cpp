#include "postern/source/tunnel/ngrok_errors.hpp"

#include "postern/base/error.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace postern::source {
namespace {

using kind = trouble_kind;

struct entry
{
    int from, to;
    kind what;
    std::string_view words;
    std::string_view advice;
};

constexpr std::string_view new_token =
    "copy it again from https://dashboard.ngrok.com/get-started/your-authtoken";
constexpr std::string_view see_account = "see https://dashboard.ngrok.com/billing or ask ngrok's support";
constexpr std::string_view see_agents =
    "stop the other one (https://dashboard.ngrok.com/agents shows them), or take a larger plan";
constexpr std::string_view see_domains =
    "see https://dashboard.ngrok.com/domains for the names of this account and set one of them as the domain";
constexpr std::string_view update = "update ngrok: \"ngrok update\" or https://ngrok.com/download";
constexpr std::string_view other_network =
    "ask whoever runs the ngrok account or the network, or use --mode websocket";
constexpr std::string_view ngrok_down = "see https://status.ngrok.com";

// In the order of the numbers.
constexpr entry table[] = {
    {102, 103, kind::person, "the ngrok account is suspended, or a payment failed", see_account},
    {105, 105, kind::person, "what was given as ngrok's authtoken is none", new_token},
    {106, 106, kind::person, "the authtoken is one of ngrok 1, which is no longer served", new_token},
    {107, 107, kind::person, "ngrok's authtoken was reset or revoked", new_token},
    {108, 108, kind::crowded, "the account has as many ngrok agents running as it may", see_agents},
    {111, 112, kind::person, "the heartbeat settings of the agent are out of range", update},
    {115, 116, kind::person, "the account's IP policy does not admit this machine", other_network},
    {119, 119, kind::person, "ngrok does not understand the version of this agent", update},
    {120, 121, kind::person, "this version of ngrok is too old to be served", update},
    {122, 122, kind::person, "the account's IP policy does not admit this machine", other_network},
    {123, 123, kind::person, "the e-mail address of the ngrok account is not verified",
     "verify it at https://dashboard.ngrok.com/user/settings"},
    {124, 124, kind::person, "ngrok does not understand the version of this agent", update},
    {126, 127, kind::person, "agents may not connect from this network", other_network},
    {128, 128, kind::passing, "an error inside ngrok's service", ngrok_down},
    {307, 322, kind::person, "the domain is not reserved for this ngrok account, or not in its plan",
     see_domains},
    {324, 324, kind::crowded, "the agent has as many endpoints as the account allows", see_agents},
    {326, 331, kind::person, "the domain is not written as ngrok wants it",
     "give it as https://name.example.com, without a path"},
    {334, 334, kind::lingering, "the domain is already online from elsewhere",
     "stop the other agent (https://dashboard.ngrok.com/endpoints shows it), or set another domain"},
    {337, 338, kind::person, "the ngrok account is suspended or banned", see_account},
    {347, 347, kind::person, "the domain is not written as ngrok wants it",
     "give it as https://name.example.com, without a path"},
    {348, 353, kind::person, "the ngrok account has used up what its plan includes", see_account},
    {354, 354, kind::person, "the domain is not reserved for this ngrok account, or not in its plan",
     see_domains},
    {355, 355, kind::person, "the domain is not written as ngrok wants it",
     "give it as https://name.example.com, without a path"},
    {702, 702, kind::person, "more requests than the ngrok plan allows", see_account},
    {714, 715, kind::person, "the ngrok account has used up what its plan includes", see_account},
    {722, 722, kind::passing, "an error inside ngrok's service", ngrok_down},
    {725, 739, kind::person, "the ngrok account has used up what its plan includes", see_account},
    {802, 802, kind::passing, "an error inside ngrok's service", ngrok_down},
    {3004, 3004, kind::passing, "our listener's answer was no HTTP to ngrok",
     "is something else listening on that port?"},
    {3200, 3200, kind::passing, "the tunnel is not connected: callers get 404", "it comes back by itself"},
    {3204, 3204, kind::person, "ngrok's edge refused a webhook's signature",
     "remove the verify-webhook rule, or give it the same secret"},
    {3208, 3208, kind::person, "the ngrok account is suspended or banned", see_account},
    {4018, 4018, kind::person, "ngrok wants an account, and no authtoken was given",
     "sign up at https://dashboard.ngrok.com and set the authtoken"},
    {6022, 6022, kind::person, "ngrok serves HTML pages only for accounts", "sign up and set the authtoken"},
    {6024, 6024, kind::passing, "ngrok's page for browsers stands in front of the tunnel",
     "Webex's deliveries don't see it; nothing to do"},
    {6025, 6025, kind::lingering, "the domain is already online from elsewhere",
     "stop the other agent (https://dashboard.ngrok.com/endpoints shows it), or set another domain"},
    {6030, 6030, kind::lingering, "the domain is already online from elsewhere",
     "stop the other agent (https://dashboard.ngrok.com/endpoints shows it), or set another domain"},
    {8012, 8012, kind::passing, "ngrok can't reach our listener: callers get 502",
     "is a firewall between programs of this machine?"},
    {8014, 8014, kind::person, "ngrok suspects abuse and blocks this agent", see_account},
    {9009, 9009, kind::person, "agents behind an HTTP proxy need a paid ngrok plan",
     "let ngrok connect without the proxy, take such a plan, or use --mode websocket, which knows proxies"},
    {9037, 9038, kind::person, "the domain is not written as ngrok wants it",
     "give it as https://name.example.com, without a path"},
    {9040, 9040, kind::person, "ngrok does not admit agents from this IP address", other_network},
    {15002, 15002, kind::person, "the account has no domain that it could use without being told",
     see_domains},
    {15013, 15013, kind::person, "the account has no development domain", see_domains},
};

constexpr std::string_view prefix = "ERR_NGROK_";

bool digit(char c) { return c >= '0' && c <= '9'; }

const entry* look_up(std::string_view code)
{
    if (!code.starts_with(prefix))
        return nullptr;
    const auto digits = code.substr(prefix.size());
    int number = -1;
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (ec != std::errc() || end != digits.data() + digits.size())
        return nullptr;
    const auto found = std::find_if(std::begin(table), std::end(table),
                                    [&](const entry& e) { return e.from <= number && number <= e.to; });
    return found == std::end(table) ? nullptr : &*found;
}

struct saying
{
    std::string_view part; // of the agent's text
    std::string_view words;
    std::string_view advice;
};

constexpr saying sayings[] = {
    {"x509:", "the certificate of ngrok's service is not the expected one",
     "a firewall opens TLS on the way: exempt *.ngrok-agent.com from inspection"},
    {"CRL", "the list of revoked certificates can't be fetched",
     "let crl.ngrok-agent.com pass on port 80, unchanged"},
    {"invalid character '<'", "something on the way answers with a web page instead of ngrok's service",
     "exempt *.ngrok-agent.com from the proxy or filter"},
    {"Invalid configuration property value for 'http_proxy'", "ngrok does not understand the proxy's URL",
     "write it with its scheme: http://proxy.example.com:3128"},
    {"no such host", "the name of ngrok's service can't be looked up", "check the DNS of this machine"},
    {"has no records", "the name of ngrok's service can't be looked up", "check the DNS of this machine"},
    {"server misbehaving", "the name of ngrok's service can't be looked up", "check the DNS of this machine"},
    {"lookup ", "the name of ngrok's service can't be looked up", "check the DNS of this machine"},
    {"address already in use", "the port for its local API was taken in the last moment", ""},
    {"i/o timeout", "ngrok's service does not answer",
     "let connect.ngrok-agent.com pass the firewall on port 443"},
    {"connection refused", "ngrok's service can't be reached",
     "let connect.ngrok-agent.com pass the firewall on port 443"},
    {"unreachable", "the network is down", ""},
    {"forcibly closed", "the connection to ngrok's service is cut",
     "a firewall may not like it: exempt *.ngrok-agent.com"},
    {"connection reset", "the connection to ngrok's service is cut",
     "a firewall may not like it: exempt *.ngrok-agent.com"},
    {"EOF", "the connection to ngrok's service is cut",
     "if this stays: a firewall may not like it, exempt *.ngrok-agent.com"},
    {"heartbeat timeout", "ngrok's service does not answer any more", ""},
};

} // namespace

std::string_view find_ngrok_code(std::string_view text) noexcept
{
    for (auto at = text.find(prefix); at != text.npos; at = text.find(prefix, at + 1))
    {
        auto end = at + prefix.size();
        while (end < text.size() && end - at < prefix.size() + 6 && digit(text[end]))
            ++end;
        if (end > at + prefix.size())
            return text.substr(at, end - at);
    }
    return {};
}

tunnel_trouble explain_ngrok(std::string_view code, std::string_view text)
{
    if (code.empty())
        return explain_ngrok_text(text);
    if (const auto* known = look_up(code))
        return {known->what, std::string(code), std::string(known->words), std::string(known->advice)};
    std::string lower(code);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return {kind::unknown, std::string(code), printable(text), "see https://ngrok.com/docs/errors/" + lower};
}

tunnel_trouble explain_ngrok_text(std::string_view text)
{
    const auto known = std::find_if(std::begin(sayings), std::end(sayings),
                                    [&](const saying& s) { return text.find(s.part) != text.npos; });
    if (known == std::end(sayings))
        return {kind::passing, {}, printable(text), {}};
    const auto quoted = std::string(known->words) + " (" + printable(text) + ')';
    return {kind::passing, {}, quoted, std::string(known->advice)};
}

} // namespace postern::source
