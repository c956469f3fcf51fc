#include "postern/webex/read_types.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace postern::webex {
namespace {

// One item's members, without those that the service could not decrypt.
class members
{
public:
    explicit members(const json::object& from) : from_(from), unreadable_(get_object(from, "errors")) {}

    std::string text(std::string_view key) const
    {
        return readable(key) ? text_or(from_, key) : std::string();
    }

    std::optional<bool> flag(std::string_view key) const
    {
        return readable(key) ? get_bool(from_, key) : std::nullopt;
    }

    std::vector<std::string> texts(std::string_view key) const
    {
        std::vector<std::string> all;
        if (const auto* list = array(key))
            for (const auto& entry : *list)
                if (const auto* text = entry.if_string())
                    all.emplace_back(text->data(), text->size());
        return all;
    }

    const json::array* array(std::string_view key) const
    {
        return readable(key) ? get_array(from_, key) : nullptr;
    }
    const json::object* object(std::string_view key) const
    {
        return readable(key) ? get_object(from_, key) : nullptr;
    }

private:
    bool readable(std::string_view key) const { return !unreadable_ || !unreadable_->contains(key); }

    const json::object& from_;
    const json::object* unreadable_;
};

} // namespace

void read(const json::object& from, person& to)
{
    const members has(from);
    to.id = has.text("id");
    to.emails = has.texts("emails");
    to.display_name = has.text("displayName");
    to.nick_name = has.text("nickName");
    to.org_id = has.text("orgId");
    to.type = has.text("type");
    to.created = has.text("created");
}

void read(const json::object& from, room& to)
{
    const members has(from);
    to.id = has.text("id");
    to.title = has.text("title");
    to.type = has.text("type");
    to.is_locked = has.flag("isLocked");
    to.team_id = has.text("teamId");
    to.creator_id = has.text("creatorId");
    to.owner_id = has.text("ownerId");
    to.last_activity = has.text("lastActivity");
    to.created = has.text("created");
}

void read(const json::object& from, membership& to)
{
    const members has(from);
    to.id = has.text("id");
    to.room_id = has.text("roomId");
    to.room_type = has.text("roomType");
    to.person_id = has.text("personId");
    to.person_email = has.text("personEmail");
    to.person_display_name = has.text("personDisplayName");
    to.person_org_id = has.text("personOrgId");
    to.is_moderator = has.flag("isModerator");
    to.is_monitor = has.flag("isMonitor");
    to.created = has.text("created");
}

void read(const json::object& from, message& to)
{
    const members has(from);
    to.id = has.text("id");
    to.room_id = has.text("roomId");
    to.room_type = has.text("roomType");
    to.parent_id = has.text("parentId");
    to.text = has.text("text");
    to.markdown = has.text("markdown");
    to.html = has.text("html");
    to.files = has.texts("files");
    to.person_id = has.text("personId");
    to.person_email = has.text("personEmail");
    to.mentioned_people = has.texts("mentionedPeople");
    to.mentioned_groups = has.texts("mentionedGroups");
    to.created = has.text("created");
    to.updated = has.text("updated");

    to.attachments.clear();
    const auto* attachments = has.array("attachments");
    for (std::size_t i = 0; attachments && i < attachments->size(); ++i)
        if (const auto* entry = (*attachments)[i].if_object())
        {
            const auto* content = entry->if_contains("content");
            to.attachments.push_back(
                {text_or(*entry, "contentType"), content ? json::serialize(*content) : std::string()});
        }
}

void read(const json::object& from, attachment_action& to)
{
    const members has(from);
    to.id = has.text("id");
    to.type = has.text("type");
    to.message_id = has.text("messageId");
    to.person_id = has.text("personId");
    to.room_id = has.text("roomId");
    const auto* inputs = has.object("inputs");
    to.inputs = inputs ? json::serialize(*inputs) : "{}";
    to.created = has.text("created");
}

void read(const json::object& from, webhook& to)
{
    const members has(from);
    to.id = has.text("id");
    to.name = has.text("name");
    to.target_url = has.text("targetUrl");
    to.resource = has.text("resource");
    to.event = has.text("event");
    to.filter = has.text("filter");
    to.status = has.text("status");
    to.created = has.text("created");
}

result<const json::array*> page_items(const json::value& document)
{
    const auto* page = document.if_object();
    const auto* items = page ? get_array(*page, "items") : nullptr;
    if (!items)
        return error(errc::bad_response).because("expected a list of items");
    if (!std::all_of(items->begin(), items->end(), [](const auto& item) { return item.is_object(); }))
        return error(errc::bad_response).because("expected objects in the list of items");
    return items;
}

} // namespace postern::webex
