#include "postern/emulator/world.hpp"

#include "postern/base/ids.hpp"
#include "postern/emulator/markdown.hpp"

namespace postern::emulator {
namespace {

std::optional<refusal> unacceptable(const draft& d)
{
    if (d.text.empty() && d.markdown.empty() && d.files.empty() && d.attachments.empty())
        return refusal{400, "Both text and file cannot be empty."};
    if (d.files.size() > 1)
        return refusal{400, "Only one file can be attached to a message."};
    if (d.attachments.size() > 1)
        return refusal{400, "Only one card can be attached to a message."};
    return std::nullopt;
}

} // namespace

std::optional<refusal> world::too_long(std::string_view text, std::string_view markdown)
{
    constexpr std::size_t most_bytes = 7439; // of each (protocol/webex-rest.md 4.5)
    if (text.size() > most_bytes || markdown.size() > most_bytes)
        return refusal{400, "Message length limited to 7439 bytes."};
    return std::nullopt;
}

// Fills in text, markdown, html and mentions. Only members can be mentioned.
void world::render(message& m, const room& r, std::string text, std::string markdown, bool by_client) const
{
    m.markdown.clear();
    m.html.clear();
    m.mentioned.clear();
    m.mentions_all = false;
    m.text = std::move(text);
    if (markdown.empty())
        return;

    auto made = render_markdown(markdown, [&](std::string_view who) -> std::optional<mentioned> {
        const auto* found = person_by_email(who);
        if (!found)
            if (const auto by_id = person_of(who))
                found = *by_id;
        if (!found || !find_membership(r.uuid, found->uuid))
            return std::nullopt;
        return mentioned{person_id(found->uuid), found->display_name};
    });
    if (m.text.empty())
        m.text = made.text;
    for (const auto& id : made.mentioned_people)
        m.mentioned.push_back(uuid_of(id));
    m.mentions_all = made.mentions_all;
    if (by_client && made.html == "<p>" + made.text + "</p>")
        return; // a client sends plain words as text alone
    m.html = std::move(made.html);
    if (!by_client)
        m.markdown = std::move(markdown);
}

granted<room*> world::destination(const person& author, const draft& d, std::vector<activity>& done)
{
    if (!d.to.empty())
    {
        const auto* other = find_person(d.to);
        if (!other)
            return refused::no_such_person();
        auto direct = open_direct_room(author, *other);
        if (!direct)
            return direct.error();
        done = std::move(direct->activities);
        return mutable_room(direct->value.uuid);
    }
    const auto* parent = d.room.empty() ? find_message(d.parent) : nullptr;
    auto* r = mutable_room(parent ? parent->room : d.room);
    if (!r || !find_membership(r->uuid, author.uuid))
        return refused::no_such_room();
    return r;
}

granted<change<message>> world::post(const person& author, draft d)
{
    if (auto no = unacceptable(d))
        return *no;
    if (auto no = too_long(d.text, d.markdown))
        return *no;
    const auto* parent = d.parent.empty() ? nullptr : find_message(d.parent);
    if (!d.parent.empty())
    {
        if (!parent || !find_membership(parent->room, author.uuid))
            return refusal{400, "Unable to find the parent message."};
        if (!parent->parent.empty())
            return refusal{400, "A reply cannot be the parent of a message."};
    }

    change<message> done;
    const auto where = destination(author, d, done.activities);
    if (!where)
        return where.error();
    auto& r = **where;
    if (parent && parent->room != r.uuid)
        return refusal{400, "The parent message is not in the room with the provided ID."};
    if (r.announcement_only && !is_moderator(author, r))
        return refused::not_allowed();

    message m;
    m.uuid = uuids_.next(now());
    m.room = r.uuid;
    m.cluster = r.cluster;
    m.type_of_room = r.type;
    m.author = author.uuid;
    m.parent = d.parent;
    render(m, r, std::move(d.text), std::move(d.markdown), d.by_client);
    m.files = std::move(d.files);
    for (auto& file : m.files)
        file.scanned = next_scan_;
    m.attachments = std::move(d.attachments);
    m.created = r.last_activity = stamp(r);

    timelines_[r.uuid].push_back(m.uuid);
    done.activities.push_back(happened("created", author, r, m));
    done.value = messages_.emplace(m.uuid, m).first->second;
    return done;
}

} // namespace postern::emulator
