#include "postern/source/webhook/path_finding.hpp"

#include "postern/source/webhook/edge_words.hpp"

namespace postern::source {
namespace {

using transport::response;

path_finding found(path_break at, std::string what, std::string advice)
{
    return {at, std::move(what), std::move(advice)};
}

// Before an answer: the steps of the client say where they failed.
path_finding judge_failure(const transport::url& where, const error& why, const ping_fate& fate)
{
    const auto told = describe(why);
    if (fate.arrived())
        return found(path_break::way_back, "the ping came here, but its answer was lost: " + told,
                     "try again; if it stays so, look at the tunnel's or the proxy's time limits");
    if (why.status == 407)
        return found(path_break::proxy, told, "check the user and the password of the proxy setting");
    if (why.is(errc::cannot_connect))
    {
        if (why.doing.find("looking up ") != why.doing.npos)
            return found(path_break::lookup, told,
                         "check that " + where.host +
                             " is the right name and that this machine's DNS knows "
                             "it; a tunnel's new name may take a minute");
        return found(path_break::connect, told,
                     "check that the tunnel or the proxy at " + where.authority() +
                         " is up, and that the firewall lets us reach it from here");
    }
    if (why.is(errc::tls_failed))
        return found(path_break::tls, told,
                     why.advice.empty() ? "check the certificate of " + where.authority() : std::string());
    if (why.is(errc::timed_out))
        return found(path_break::edge, "nobody answers: " + told,
                     "the tunnel is connected to its service but not to us, or it hangs: restart it");
    return found(path_break::edge, told, "check the tunnel or the proxy at " + where.authority());
}

path_finding judge_refusal(unsigned status, const std::string& why)
{
    const auto what = "we refuse it with " + std::to_string(status) + ": " + why;
    switch (status)
    {
    case 401:
        return found(path_break::us, what,
                     "the signature did not survive the way: something between changes the body, or drops "
                     "X-Spark-Signature; smee and similar relays do");
    case 405:
        return found(path_break::us, what,
                     "something between redirects: use the address that it redirects to");
    case 415: return found(path_break::us, what, "something between changes Content-Type or the encoding");
    case 503: return found(path_break::us, what, "wait until postern is ready; if it stays so, see /ready");
    default: return found(path_break::us, what, "see the log of the receiver");
    }
}

path_finding judge_stranger(const transport::url& where, const response& answer)
{
    const auto status = std::to_string(answer.status);
    if (answer.status == 407)
        return found(path_break::proxy, "the proxy on the way out asks for credentials (407)",
                     "check the user and the password of the proxy setting");
    if (answer.status / 100 == 3)
        return found(path_break::stranger,
                     status + ", a redirect to " + printable(answer.headers.get("Location")),
                     "Webex is not known to follow redirects: give the address behind it, and take a login "
                     "page off this path");
    if (answer.status / 100 == 2)
        return found(path_break::stranger, status + ", but not from us",
                     "another program answers at " + where.str() + ": check where the tunnel points to");
    if (answer.status == 401 || answer.status == 403)
        return found(path_break::edge, status + " before it came to us",
                     "an access rule stands in front: let POSTs to " + where.target +
                         " through, Webex has no "
                         "way to log in");
    if (answer.status == 404)
        return found(
            path_break::stranger, "404: nothing at this path",
            "check that the public URL and the webhook's path are ours, and where the tunnel points to");
    if (answer.status == 429)
        return found(path_break::edge, "429: too many requests", "see the limits of the tunnel's plan");
    if (answer.status == 502 || answer.status == 503 || answer.status == 504)
        return found(
            path_break::tunnel, status + " before it came to us",
            "the edge is up, but nothing behind it: check that the tunnel is connected and points to "
            "our listener");
    return found(path_break::stranger, status + ", but not from us",
                 "check that the public URL is ours, and where the tunnel points to");
}

} // namespace

std::string_view to_string(path_break at) noexcept
{
    switch (at)
    {
    case path_break::none: return "nowhere";
    case path_break::lookup: return "name lookup";
    case path_break::proxy: return "proxy";
    case path_break::connect: return "connect";
    case path_break::tls: return "TLS";
    case path_break::edge: return "edge";
    case path_break::tunnel: return "tunnel";
    case path_break::stranger: return "something else answers";
    case path_break::us: return "us";
    case path_break::way_back: return "the way back";
    }
    return "?";
}

std::string describe(const path_finding& f)
{
    if (f.whole())
        return "the way from the Internet to us is whole";
    auto text = "the way from the Internet to us is broken (" + std::string(to_string(f.at)) + "): " + f.what;
    if (!f.advice.empty())
        text += "; " + f.advice;
    return text;
}

path_finding judge_path(const transport::url& where, const std::string& nonce, const result<response>& answer,
                        const ping_fate& fate)
{
    if (answer.has_error())
        return judge_failure(where, answer.error(), fate);
    // Who only sends back what comes in has our nonce too; but then it was not we who answered.
    if (answer->status == 200 && fate.answered && answer->body == ping_book::answer_for(nonce))
        return {};
    if (!fate.refused.empty())
        return judge_refusal(answer->status, fate.refused);
    if (auto told = edge_words(answer->headers.get("ngrok-error-code")))
        return std::move(*told);
    if (fate.answered)
        return found(path_break::way_back,
                     "we answered, but " + std::to_string(answer->status) + " with another body came back",
                     "something between replaces answers");
    return judge_stranger(where, *answer);
}

} // namespace postern::source
