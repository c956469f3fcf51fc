#include "postern/source/device/activity.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace postern::source {
namespace {

std::string uuid_or_empty(const json::object& from, std::string_view key)
{
    auto text = text_or(from, key);
    return looks_like_uuid(text) ? text : std::string();
}

// Far above any name of the protocol.
constexpr std::size_t longest_word = 64;

std::string word_or_empty(const json::object& from, std::string_view key)
{
    auto text = text_or(from, key);
    const bool is_word =
        text.size() <= longest_word && std::all_of(text.begin(), text.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        });
    return is_word ? text : std::string();
}

std::string text_of(const json::object& from, std::string_view first, std::string_view otherwise)
{
    auto text = text_or(from, first);
    return text.empty() ? text_or(from, otherwise) : text;
}

wire_person read_person(const json::object& from)
{
    wire_person person;
    // In some activities `id` is an e-mail address (mercury.md 6.1).
    person.uuid = uuid_or_empty(from, "entryUUID");
    if (person.uuid.empty())
        person.uuid = uuid_or_empty(from, "id");
    person.email = text_of(from, "emailAddress", "entryEmail");
    person.name = text_or(from, "displayName");
    person.organisation = uuid_or_empty(from, "orgId");
    if (const auto* properties = get_object(from, "roomProperties"))
        person.moderator = get_bool(*properties, "isModerator").value_or(false);
    return person;
}

wire_conversation read_conversation(const json::object& from)
{
    wire_conversation conversation;
    conversation.id = uuid_or_empty(from, "id");
    conversation.url = text_or(from, "url");
    if (const auto* tags = get_array(from, "tags"))
    {
        conversation.tags.emplace();
        for (const auto& tag : *tags)
            if (const auto* text = tag.if_string())
                conversation.tags->emplace_back(text->data(), text->size());
    }
    return conversation;
}

// Participants and mentions of one activity that are looked at: bounds what a frame may grow into.
constexpr std::size_t most_items = 10'000;

// The objects among {"items": [...]}, as collections of the wire are written.
template <class Take>
void for_each_item(const json::object& from, std::string_view key, Take take)
{
    const auto* collection = get_object(from, key);
    const auto* items = collection ? get_array(*collection, "items") : nullptr;
    if (!items)
        return;
    for (std::size_t i = 0; i < std::min(items->size(), most_items); ++i)
        if (const auto* object = (*items)[i].if_object())
            take(*object);
}

void read_object(activity& a, const json::object& from)
{
    a.object_type = word_or_empty(from, "objectType");
    a.object_id = uuid_or_empty(from, "id");
    a.person = read_person(from);
    a.conversation = read_conversation(from);
    a.creator = uuid_or_empty(from, "creatorUUID");
    for_each_item(from, "participants", [&](const json::object& item) {
        if (auto person = read_person(item); !person.uuid.empty())
            a.participants.push_back(std::move(person));
    });
    for_each_item(from, "mentions", [&](const json::object& item) {
        if (auto uuid = uuid_or_empty(item, "id"); !uuid.empty())
            a.mentioned.push_back(std::move(uuid));
    });
    if (const auto* parent = get_object(from, "parent"))
        a.object_parent_type = word_or_empty(*parent, "type");
}

// --- overrides

bool is_protected(std::string_view member) noexcept
{
    constexpr std::array<std::string_view, 5> names{"id", "verb", "actor", "encryptionKeyUrl", "entryUUID"};
    return std::find(names.begin(), names.end(), member) != names.end();
}

bool is_plain(const json::value& value)
{
    const auto* list = value.if_array();
    return list ? std::none_of(list->begin(), list->end(),
                               [](const json::value& v) { return v.is_object() || v.is_array(); })
                : !value.is_object();
}

void override_one(json::object& of_activity, std::string_view path, const json::value& value)
{
    constexpr std::string_view data = "data.";
    constexpr std::string_view root = "activity.";
    if (path.starts_with(data))
        path.remove_prefix(data.size());
    if (!path.starts_with(root) || !is_plain(value))
        return;
    path.remove_prefix(root.size());

    json::object* where = &of_activity;
    for (;;)
    {
        const auto dot = path.find('.');
        const auto member = path.substr(0, dot);
        if (member.empty() || is_protected(member))
            return;
        if (dot == path.npos)
        {
            where->insert_or_assign(member, value);
            return;
        }
        auto* next = where->if_contains(member);
        where = next ? next->if_object() : nullptr;
        if (!where)
            return;
        path.remove_prefix(dot + 1);
    }
}

void override_all(json::object& of_activity, const json::object* overrides)
{
    if (!overrides)
        return;
    for (const auto& [path, value] : *overrides)
        override_one(of_activity, path, value);
}

} // namespace

std::optional<activity> read_activity(const json::object& data, const json::object* overrides)
{
    const auto* from = get_object(data, "activity");
    if (!from)
        return std::nullopt;

    // The service has hardly ever any: an activity is copied only where there is something to change.
    json::object changed;
    const auto* own_overrides = get_object(data, "headers");
    if ((overrides && !overrides->empty()) || (own_overrides && !own_overrides->empty()))
    {
        changed = *from;
        override_all(changed, overrides);
        override_all(changed, own_overrides);
        from = &changed;
    }

    activity a;
    a.id = uuid_or_empty(*from, "id");
    a.verb = word_or_empty(*from, "verb");
    a.url = text_or(*from, "url");
    a.published = text_or(*from, "published");
    if (!parse_time(a.published))
        a.published.clear();
    if (const auto* actor = get_object(*from, "actor"))
        a.actor = read_person(*actor);
    if (const auto* target = get_object(*from, "target"))
        a.target = read_conversation(*target);
    if (const auto* parent = get_object(*from, "parent"))
    {
        a.parent = uuid_or_empty(*parent, "id");
        a.parent_type = word_or_empty(*parent, "type");
    }
    if (const auto* object = get_object(*from, "object"))
        read_object(a, *object);
    return a;
}

} // namespace postern::source
