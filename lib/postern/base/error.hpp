#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

// What happened. Values are named after the situation, not after the function that met it.
enum class errc
{
    bad_signature = 1, // X-Spark-Signature does not match the raw body
    not_signed,        // a secret is configured, but the delivery carries no signature
    not_an_event,      // the body is no webhook event we understand
    not_admitted,      // the guard knows the room and says no
    journal_full,      // the journal refused the record; the event was NOT accepted
    timed_out,         // our deadline passed; the peer may still act on the request
    stopped,           // postern is stopping; the work was cut short
    cannot_connect,    // no connection: name lookup, refused, unreachable
    tls_failed,        // the TLS handshake failed: certificate, name, protocol
    connection_lost,   // the peer went away in the middle
    bad_response,      // the peer's answer is not HTTP, not JSON or not what was asked for
    too_large,         // more bytes than we are willing to hold
    token_rejected,    // 401: the access token is missing, wrong or expired
    api_rejected,      // Webex answered 4xx; repeating the call cannot help
    not_found,         // 404: unknown, deleted or not visible to this token
    api_unavailable,   // Webex answered 5xx, 423 or 429 for longer than we could wait
    bad_input,         // the caller asked for something that cannot be sent
    bad_configuration, // a flag, a variable or a file is wrong
    address_in_use,    // the listening address belongs to another process
    file_unreadable,   // a local file can't be opened, read or written
    handler_failed,    // a bot's handler ended with an exception
};

// What callers decide on. Codes say what happened, conditions say what to do.
enum class failure
{
    retry_later = 1,
    drop
};

const boost::system::error_category& postern_category() noexcept;
boost::system::error_code make_error_code(errc) noexcept;
boost::system::error_condition make_error_condition(failure) noexcept;

// A failure with its story. Safe to copy, not to be shared between threads.
struct error
{
    boost::system::error_code code;
    std::string doing;       // what we tried, in our words: "registering the webhook at api.example.net"
    std::string ours;        // details in our words, safe everywhere
    std::string theirs;      // text of a remote peer: logs only, escaped and cut by describe()
    std::string tracking_id; // Webex support asks for it
    std::string advice;      // what the person can do, when we know
    unsigned status = 0;     // HTTP status, 0 if there was none
    std::optional<std::chrono::milliseconds> retry_after; // how long the peer asked us to wait
    bool maybe_sent = false; // the request may have taken effect although no answer came

    error() = default;
    error(boost::system::error_code c, std::string what = {}) : code(c), doing(std::move(what)) {}
    error(errc c, std::string what = {}) : code(make_error_code(c)), doing(std::move(what)) {}

    // Fluent, so that an error is built in one expression where it is met.
    error&& because(std::string text) && { return ours = std::move(text), std::move(*this); }
    error&& quoting(std::string text) && { return theirs = std::move(text), std::move(*this); }
    error&& advise(std::string text) && { return advice = std::move(text), std::move(*this); }
    // Puts the wider undertaking in front: "starting: registering the webhook".
    error&& during(std::string_view wider) &&;

    bool is(errc c) const noexcept { return code == make_error_code(c); }
    bool is(failure f) const noexcept { return code == make_error_condition(f); }
};

// One line: what was tried, what happened, where to look, what to do. Foreign text is escaped and cut.
std::string describe(const error&);

// Foreign text made harmless for a terminal and a log line: control bytes escaped, cut to `limit` bytes.
std::string printable(std::string_view foreign, std::size_t limit = 200);

} // namespace postern

template <>
struct boost::system::is_error_code_enum<postern::errc> : std::true_type
{
};
template <>
struct boost::system::is_error_condition_enum<postern::failure> : std::true_type
{
};
