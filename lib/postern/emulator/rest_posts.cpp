#include "postern/base/utf8.hpp"
#include "postern/emulator/multipart_reader.hpp"
#include "postern/emulator/routes.hpp"
#include "postern/emulator/shapes.hpp"
#include "postern/transport/url.hpp"

namespace postern::emulator {
namespace {

// POST /messages as it came, JSON or form.
struct wish
{
    std::string room, to_id, to_email, parent, text, markdown;
    std::vector<content> files;
    std::string file_url;
    json::array attachments;
};

std::string* field_named(wish& w, std::string_view name)
{
    if (name == "roomId")
        return &w.room;
    if (name == "toPersonId")
        return &w.to_id;
    if (name == "toPersonEmail")
        return &w.to_email;
    if (name == "parentId")
        return &w.parent;
    if (name == "text")
        return &w.text;
    return name == "markdown" ? &w.markdown : nullptr;
}

std::optional<refusal> read_files(const json::object& body, wish& w)
{
    const auto* member = body.if_contains("files");
    if (!member || member->is_null())
        return std::nullopt;
    const auto* urls = member->if_array();
    if (!urls)
        return refused::malformed();
    if (urls->size() > 1)
        return refusal{400, "Only one file can be attached to a message."};
    for (const auto& url : *urls)
    {
        const auto* text = url.if_string();
        if (!text || !transport::parse_url(std::string_view(*text)))
            return refusal{400, "files must be public URLs."};
        w.file_url = std::string_view(*text);
    }
    return std::nullopt;
}

std::optional<refusal> read_cards(const json::object& body, wish& w)
{
    const auto* member = body.if_contains("attachments");
    if (!member || member->is_null())
        return std::nullopt;
    const auto* cards = member->if_array();
    if (!cards)
        return refused::malformed();
    for (const auto& card : *cards)
    {
        const auto* o = card.if_object();
        const auto* inside = o ? get_object(*o, "content") : nullptr;
        if (!inside || text_or(*o, "contentType") != "application/vnd.microsoft.card.adaptive" ||
            text_or(*inside, "type") != "AdaptiveCard")
            return refusal{400, "An attachment must be an adaptive card."};
        w.attachments.push_back(card);
    }
    return std::nullopt;
}

granted<wish> read_json(const call& c)
{
    const auto body = body_of(c);
    if (!body)
        return body.error();
    wish w;
    for (const auto name : {"roomId", "toPersonId", "toPersonEmail", "parentId", "text", "markdown"})
    {
        auto text = text_in(*body, name);
        if (!text)
            return text.error();
        *field_named(w, name) = std::move(*text);
    }
    if (auto no = read_files(*body, w))
        return *no;
    if (auto no = read_cards(*body, w))
        return *no;
    return w;
}

granted<wish> read_form(const call& c)
{
    auto parts = read_multipart(c.http.headers.get("Content-Type"), c.http.body);
    if (!parts)
        return refused::malformed();
    wish w;
    for (auto& part : *parts)
    {
        if (part.name == "files")
        {
            if (!part.filename && part.bytes.empty())
                continue; // an empty list, as some form encoders write it
            auto type = part.content_type.empty() ? "application/octet-stream" : std::move(part.content_type);
            w.files.push_back({part.filename.value_or("file"),
                               std::move(type),
                               std::make_shared<const std::string>(std::move(part.bytes)),
                               {}});
        }
        else if (auto* field = field_named(w, part.name))
        {
            if (!is_utf8(part.bytes))
                return refused::malformed();
            *field = std::move(part.bytes);
        }
        else if (part.name == "attachments")
            return refusal{400, "Cards cannot be sent as a form."};
    }
    return w;
}

granted<wish> read_wish(const call& c)
{
    const bool form = transport::media_type(c.http.headers.get("Content-Type")) == "multipart/form-data";
    return form ? read_form(c) : read_json(c);
}

// Where it goes, as UUIDs.
std::optional<refusal> resolve(const call& c, const wish& w, draft& d)
{
    const int destinations = !w.room.empty() + !w.to_id.empty() + !w.to_email.empty();
    if (destinations > 1 || (destinations == 0 && w.parent.empty()))
        return refusal{400, "Exactly one of the destination fields must not be empty (roomId, toPersonEmail, "
                            "toPersonId)"};
    if (!w.room.empty())
    {
        const auto where = c.state.room_of(c.who, w.room);
        if (!where)
            return where.error();
        d.room = (*where)->uuid;
    }
    if (!w.to_email.empty())
    {
        const auto* who = c.state.person_by_email(w.to_email);
        if (!who)
            return refused::no_such_person();
        d.to = who->uuid;
    }
    if (!w.to_id.empty())
    {
        const auto who = c.state.person_of(w.to_id);
        if (!who)
            return who.error();
        d.to = (*who)->uuid;
    }
    if (!w.parent.empty())
    {
        const auto ref = read_reference(w.parent, "MESSAGE"); // a bare UUID serves for any cluster here
        if (!ref)
            return ref.error();
        const auto* parent = c.state.find_message(ref->native);
        if (ref->cluster && parent && parent->cluster != *ref->cluster)
            return refused::not_found();
        d.parent = ref->native;
    }
    return std::nullopt;
}

} // namespace

granted<transport::response> create_message(call& c)
{
    auto w = read_wish(c);
    if (!w)
        return w.error();
    draft d;
    if (auto no = resolve(c, *w, d))
        return *no;
    if (!w->file_url.empty())
    {
        if (!c.fetched || !c.fetched->ok)
            return refusal{400, "The file could not be retrieved from its URL."};
        w->files.push_back(c.fetched->file);
    }
    d.text = std::move(w->text);
    d.markdown = std::move(w->markdown);
    d.files = std::move(w->files);
    d.attachments = std::move(w->attachments);
    auto done = c.state.post(c.who, std::move(d));
    if (!done)
        return done.error();
    c.activities = std::move(done->activities);
    return json_response(show(done->value, c.state, c.api()));
}

std::optional<std::string> rest_api::wants_file(const transport::request& r) const
{
    if (r.method != "POST" || !match_path("/v1/messages", r.path()) ||
        transport::media_type(r.headers.get("Content-Type")) != "application/json" || !authenticate(r))
        return std::nullopt;
    const auto parsed = parse_json(r.body, "the request");
    const auto* body = parsed ? parsed->if_object() : nullptr;
    wish w;
    if (!body || read_files(*body, w) || w.file_url.empty())
        return std::nullopt;
    return std::move(w.file_url);
}

} // namespace postern::emulator
