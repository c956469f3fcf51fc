#pragma once

#include "postern/base/async.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/context.hpp"

#include <optional>
#include <string>

namespace postern::no_code {

// What a program, a target or a later reply has to say.
struct spoken
{
    enum class kind
    {
        nothing,
        text,
        markdown,
        html,
        card,
        file
    };
    kind what = kind::nothing;
    std::string words{}; // beside a card or a file: markdown
    std::string card{};  // JSON text
    std::optional<file_source> file{};
};

// From an HTTP message, by its Content-Type:
//
//     text/plain, text/markdown   what is said
//     application/json            an object with "text", "markdown" or "html", or a "card" (an object) or a
//                                 "file" with "text" or "markdown" (as markdown) beside it. A file is a URL,
//                                 or
//                                 {"url", "name"} or {"base64", "name", "type"}. Other members are ignored
//     nothing but white space     nothing is said
//
// Errors: bad_response, in words that say what is wrong and quote nothing.
result<spoken> read_spoken(std::string content_type, std::string body);

// Into the room, as a reply to what the context is about. Errors: those of the context's calls.
awaitable<result<>> say(context, spoken);

// A context for what is said long after the event was settled: nothing is noted in the journal, so a reply
// is neither repeated nor recognised later.
context afresh(const context& of, deadline limit);

} // namespace postern::no_code
