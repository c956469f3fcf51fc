#include "postern/bot/no_code/telling.hpp"

#include "postern/base/json.hpp"

#include <boost/json/serialize.hpp>

#include <cstdint>

namespace postern::no_code {
namespace {

void put(json::object& into, std::string_view key, const std::string& text)
{
    if (!text.empty())
        into[key] = text;
}

void put(json::object& into, std::string_view key, const std::vector<std::string>& texts)
{
    if (!texts.empty())
        into[key] = json::array(texts.begin(), texts.end());
}

json::value parsed(const std::string& text)
{
    auto value = parse_json(text, "a card");
    return value ? std::move(*value) : json::value(text);
}

// The order of the members is the service's own.
json::object message_object(const webex::message& m)
{
    json::object out;
    put(out, "id", m.id);
    put(out, "roomId", m.room_id);
    put(out, "roomType", m.room_type);
    put(out, "text", m.text);
    put(out, "files", m.files);
    if (!m.attachments.empty())
    {
        json::array cards;
        for (const auto& a : m.attachments)
            cards.push_back({{"contentType", a.content_type}, {"content", parsed(a.content)}});
        out["attachments"] = std::move(cards);
    }
    put(out, "personId", m.person_id);
    put(out, "personEmail", m.person_email);
    put(out, "markdown", m.markdown);
    put(out, "html", m.html);
    put(out, "mentionedPeople", m.mentioned_people);
    put(out, "mentionedGroups", m.mentioned_groups);
    put(out, "created", m.created);
    put(out, "updated", m.updated);
    put(out, "parentId", m.parent_id);
    return out;
}

std::string variable_of(const std::string& argument)
{
    std::string out = "POSTERN_ARG_";
    for (const char c : argument)
        if (c >= 'a' && c <= 'z')
            out += static_cast<char>(c - 'a' + 'A');
        else
            out += (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    return out;
}

json::value person(const addressee& who)
{
    json::object out;
    put(out, "id", who.id);
    put(out, "email", who.email);
    put(out, "name", who.name);
    return out;
}

json::value value_of(const context& ctx, const argument_name& which)
{
    switch (which.as)
    {
    case argument_name::type::whole: return ctx.argument<std::int64_t>(which.name);
    case argument_name::type::number: return ctx.argument<double>(which.name);
    case argument_name::type::person: return person(ctx.argument<addressee>(which.name));
    case argument_name::type::flag: return true;
    case argument_name::type::text: break;
    }
    return json::value(ctx.argument(which.name));
}

std::string text_of(const context& ctx, const argument_name& which)
{
    if (which.as == argument_name::type::flag)
        return "1";
    if (which.as != argument_name::type::person)
        return ctx.argument(which.name);
    auto who = ctx.argument<addressee>(which.name);
    return who.email.empty() ? std::move(who.id) : std::move(who.email);
}

} // namespace

telling tell(const context& ctx, const std::vector<argument_name>& names, const std::string& reply_url)
{
    telling out;
    auto& variables = out.variables;
    variables = {{"POSTERN_COMMAND", ctx.command()},
                 {"POSTERN_ARGS", ctx.arguments()},
                 {"POSTERN_SENDER_EMAIL", ctx.sender_email()},
                 {"POSTERN_SENDER_ID", ctx.sender_id()},
                 {"POSTERN_ROOM_ID", ctx.room_id()},
                 {"POSTERN_ROOM_TYPE", ctx.is_direct() ? "direct" : "group"},
                 {"POSTERN_MESSAGE_ID", ctx.message().id}};
    if (!reply_url.empty())
        variables.emplace("POSTERN_REPLY_URL", reply_url);

    json::object arguments;
    for (const auto& which : names)
        if (ctx.flag(which.name)) // it was given
        {
            arguments[which.name] = value_of(ctx, which);
            variables.insert_or_assign(variable_of(which.name), text_of(ctx, which));
        }
    for (auto& [name, value] : variables)
        std::erase(value, '\0'); // no variable can hold one

    const auto envelope = parse_json(ctx.event().body, "the event");
    json::object all;
    if (envelope && envelope->is_object())
        all = envelope->as_object();
    all["message"] = message_object(ctx.message());
    all["command"] = ctx.command();
    all["arguments"] = std::move(arguments);
    all["text"] = ctx.arguments();
    put(all, "replyUrl", reply_url);
    out.json = json::serialize(all);
    return out;
}

} // namespace postern::no_code
