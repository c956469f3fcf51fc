#include "postern/bot/no_code/spoken.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/json.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/hear/letters.hpp"
#include "postern/bot/say/html_markdown.hpp"
#include "postern/transport/http.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace postern::no_code {
namespace {

using kind = spoken::kind;

error unclear(std::string why)
{
    return error(errc::bad_response, "reading an answer").because(std::move(why));
}

result<file_source> read_file(const json::value& from)
{
    if (const auto* url = from.if_string())
        return file_source::url(std::string(*url));
    const auto* object = from.if_object();
    if (!object)
        return unclear("\"file\" is neither a URL nor an object");
    auto name = text_or(*object, "name");
    if (auto url = get_text(*object, "url"))
        return file_source::url(std::move(*url), std::move(name));
    const auto encoded = get_text(*object, "base64");
    if (!encoded || name.empty())
        return unclear("\"file\" needs a \"url\", or \"base64\" and a \"name\"");
    auto bytes = from_base64(*encoded);
    if (!bytes)
        return unclear("\"base64\" is not base64");
    return file_source::bytes(std::move(name), text_or(*object, "type"), std::move(*bytes));
}

result<spoken> read_object(const json::object& from)
{
    struct wording
    {
        const char* name;
        kind what;
    };
    spoken out;
    for (const auto [name, what] :
         {wording{"markdown", kind::markdown}, wording{"text", kind::text}, wording{"html", kind::html}})
        if (auto words = get_text(from, name); words && out.what == kind::nothing)
        {
            out.what = what;
            out.words = std::move(*words);
        }
    const auto* card = from.if_contains("card");
    const auto* file = from.if_contains("file");
    if (card && file)
        return unclear("\"card\" and \"file\" exclude each other: one message holds one of them");
    if ((card || file) && out.what == kind::html)
        out.words = matching::html_to_markdown(out.words);
    if (card)
    {
        if (!card->is_object())
            return unclear("\"card\" is no object");
        out.what = kind::card;
        out.card = json::serialize(*card);
        if (matching::trimmed(out.words).empty())
            out.words = "This is a card, which this client does not show.";
    }
    if (file)
    {
        auto read = read_file(*file);
        if (!read)
            return read.error();
        out.what = kind::file;
        out.file = std::move(*read);
    }
    if (out.what == kind::nothing)
        return unclear("the object has no \"text\", \"markdown\", \"html\", \"card\" or \"file\"");
    if (out.what != kind::card && out.what != kind::file && matching::trimmed(out.words).empty())
        out.what = kind::nothing;
    return out;
}

} // namespace

result<spoken> read_spoken(std::string content_type, std::string body)
{
    if (matching::trimmed(body).empty())
        return spoken{};
    const auto type = transport::media_type(content_type);
    if (type == "application/json")
    {
        const auto value = parse_json(body, "reading an answer");
        if (!value)
            return value.error();
        if (!value->is_object())
            return unclear("the JSON is no object");
        return read_object(value->as_object());
    }
    spoken out;
    out.words = std::move(body);
    if (type == "text/plain")
        out.what = kind::text;
    else if (type == "text/markdown")
        out.what = kind::markdown;
    else
        return unclear("its Content-Type is " + (type.empty() ? "missing" : printable(type, 80)) +
                       ", not text/plain, text/markdown or application/json");
    return out;
}

awaitable<result<>> say(context ctx, spoken what)
{
    result<webex::message> said = webex::message();
    switch (what.what)
    {
    case kind::nothing: break;
    case kind::text: said = co_await ctx.reply_text(std::move(what.words)); break;
    case kind::markdown: said = co_await ctx.reply(std::move(what.words)); break;
    case kind::html: said = co_await ctx.reply_html(std::move(what.words)); break;
    case kind::card: said = co_await ctx.card(std::move(what.card), std::move(what.words)); break;
    case kind::file: said = co_await ctx.file(std::move(*what.file), std::move(what.words)); break;
    }
    if (!said)
        co_return said.error();
    co_return result<>();
}

context afresh(const context& of, deadline limit)
{
    const auto& c = matching::behind(of);
    auto notes = c.notes;
    notes.effects = nullptr;
    delivery about;
    about.what = c.asked.what;
    auto next = std::make_shared<matching::conversation>(c.known, c.api, c.me, limit, c.out, c.hops, about,
                                                         std::move(notes));
    next->command = c.command;
    next->arguments = c.arguments;
    next->message = c.message;
    next->sender_id = c.sender_id;
    next->sender_email = c.sender_email;
    next->happened = c.happened;
    next->asked = c.asked;
    next->replies.close();
    return context(std::move(next));
}

} // namespace postern::no_code
