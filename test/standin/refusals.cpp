#include "standin/refusals.hpp"

#include <algorithm>

namespace postern::standin {
namespace {

std::string words_of(int code, const refusal_facts& facts)
{
    const auto limit = std::to_string(facts.limit);
    switch (code)
    {
    case 105:
        return "The authtoken you specified does not look like a proper ngrok authtoken.\nYour authtoken: " +
               facts.token +
               "\nInstructions to install your authtoken are on your ngrok dashboard:\n"
               "https://dashboard.ngrok.com/get-started/your-authtoken";
    case 107:
        return "The authtoken you specified is properly formed, but it is invalid.\nYour authtoken: " +
               facts.token +
               "\nThis usually happens when:\n    - You reset your authtoken\n    - Your authtoken was for a "
               "team "
               "account that you were removed from\n    - You are using ngrok link and this credential was "
               "explicitly revoked\n\nGo to your ngrok dashboard and double check that your authtoken is "
               "correct:\n"
               "https://dashboard.ngrok.com/get-started/your-authtoken";
    case 108:
        return "Your account is limited to " + limit +
               " simultaneous ngrok agent sessions.\nYou can view your current agent sessions in the "
               "dashboard: "
               "https://dashboard.ngrok.com/agents.";
    case 120: return "Your agent version \"" + facts.version + "\" is no longer supported.";
    case 121:
        return "Your agent version \"" + facts.version +
               "\" is too old. The minimum supported agent version for your account is \"3.20.0\". Update to "
               "a "
               "newer version with 'ngrok update', by downloading from https://ngrok.com/download, or by "
               "updating "
               "your SDK version.";
    case 123:
        return "The account \"Example\" may not start an ngrok agent session until the admin's email address "
               "is "
               "verified. Verify your email at https://dashboard.ngrok.com/user/settings";
    case 324:
        return "Your account may not run more than " + limit +
               " endpoints over a single ngrok agent session.\nThe endpoints already running on this session "
               "are:\n" +
               facts.url;
    case 334:
        return "The endpoint '" + facts.url +
               "' is already online. Either\n1. stop your existing endpoint first, or\n2. start both "
               "endpoints "
               "with `--pooling-enabled` to load balance between them.";
    case 802: return "internal server error";
    case 4018:
        return "This ngrok session is not authenticated. ngrok requires an account and a valid credential to "
               "start "
               "a session.\n\nSign up for an account: https://dashboard.ngrok.com/signup\nGet your "
               "credential: "
               "https://dashboard.ngrok.com/get-started/your-authtoken";
    case 8014:
        return "Your agent has been blocked from connecting to ngrok because it has been suspected of "
               "violating "
               "our Acceptable Use policy: https://ngrok.com/tos";
    case 9009:
        return "Running the agent with an http/s proxy is a Pay-as-you-go feature. If this is unexpected, "
               "verify "
               "that there is no proxy_url value in your ngrok configuration file and that the http_proxy "
               "environment variable is not set.";
    case 9040: return "We do not allow agents to connect to ngrok from your IP address (203.0.113.9).";
    case 15002:
        return "Your account is on the Free plan, which requires you to register a Domain or TCP Address "
               "through "
               "the ngrok Dashboard before starting an Endpoint. Then use the `--url` flag when starting an "
               "HTTP, "
               "TLS, or TCP endpoint.";
    default: return "refused";
    }
}

} // namespace

bool refused_at_login(int code)
{
    constexpr int of_endpoints[] = {324, 334, 9037, 9038, 15002, 15013};
    const bool domains = (code >= 307 && code <= 322) || code == 354;
    return !domains &&
           std::find(std::begin(of_endpoints), std::end(of_endpoints), code) == std::end(of_endpoints);
}

remote_refusal make_refusal(int code, const refusal_facts& facts, std::string_view words)
{
    return {code, refused_at_login(code), words.empty() ? words_of(code, facts) : std::string(words)};
}

std::string remote_refusal::err() const
{
    return (at_login ? "authentication failed: " : "failed to start tunnel: ") + words +
           "\r\n\r\nERR_NGROK_" + std::to_string(code) + "\r\n";
}

std::string error_block(std::string_view text)
{
    std::string block;
    for (;;)
    {
        auto line = text.substr(0, text.find('\n'));
        const bool last = line.size() == text.size();
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        block += "ERROR:";
        if (!line.empty())
            (block += "  ") += line;
        block += '\n';
        if (last)
            return block;
    }
}

std::string error_block(const remote_refusal& refused, bool docs_link)
{
    auto text = refused.err();
    if (docs_link)
        text += "https://ngrok.com/docs/errors/err_ngrok_" + std::to_string(refused.code) + '\n';
    return error_block(text);
}

std::string unreachable_words(std::string_view kind)
{
    constexpr std::string_view dialling =
        "failed to dial ngrok server with address \"connect.ngrok-agent.com:443\": ";
    if (kind == "x509")
        return std::string(dialling) +
               "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    if (kind == "timeout")
        return std::string(dialling) + "dial tcp 203.0.113.10:443: i/o timeout";
    if (kind == "dns")
        return std::string(dialling) + "lookup connect.ngrok-agent.com: i/o timeout";
    if (kind == "crl")
        return "failed to fetch CRL: asn1: structure error";
    if (kind == "eof" || kind.empty())
        return "failed to send authentication request: EOF";
    return std::string(kind);
}

} // namespace postern::standin
