#pragma once

// The words that all kinds of tunnels have in common: what a line of a child means, what its local API tells,
// and what a trouble asks for. Values, without a clock or a socket.

#include <optional>
#include <string>

namespace postern::source {

enum class trouble_kind
{
    passing,   // may be over in a moment
    crowded,   // somebody else takes our place in the account
    lingering, // our name is still held, perhaps by a dead session of ours
    person,    // nothing will change until a person changes something
    unknown    // nobody told us what that is: passing, until it has come three times in a row
};

struct tunnel_trouble
{
    trouble_kind kind = trouble_kind::passing;
    std::string code;   // "ERR_NGROK_334", if the service gave one
    std::string words;  // what is wrong; harmless for a log
    std::string advice; // what a person can do, if we know

    bool any() const noexcept { return !code.empty() || !words.empty(); }
};

// "ERR_NGROK_108: the account allows no more sessions; stop the other one"
std::string describe(const tunnel_trouble&);

// What one line of a child means.
struct tunnel_news
{
    enum class kind
    {
        nothing,
        chatter,   // one of very many that mean nothing: not even kept
        url,       // `url` is the public one
        connected, // the session stands, at first or again
        lost,      // the session is gone; the child tries again by itself
        refused,   // the service said no, with a code, when the child wanted to connect
        cause,     // the child will end, for that reason
        hint,      // something went wrong; it may matter later
        notice     // `text` is worth a line in our log, once
    };

    kind what = kind::nothing;
    std::string url;
    tunnel_trouble trouble;
    int weight = 0; // of a cause: the heaviest tells best why the child ended
    std::string text;
};

// What a child's local API tells.
struct tunnel_view
{
    std::optional<bool> connected;  // none: it does not say
    std::optional<std::string> url; // of our endpoint; empty: there is none; none: it does not say
};

} // namespace postern::source
