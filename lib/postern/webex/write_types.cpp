#include "postern/webex/write_types.hpp"

#include "postern/base/json.hpp"
#include "postern/base/utf8.hpp"

#include <boost/json/serialize.hpp>

#include <initializer_list>
#include <utility>

namespace postern::webex {
namespace {

error refuse(std::string why) { return error(errc::bad_input).because(std::move(why)); }

std::string json_text(const json::value& document) { return json::serialize(document); }

// A JSON object of texts, without the empty ones.
json::object texts(std::initializer_list<std::pair<std::string_view, std::string_view>> members)
{
    json::object out;
    for (const auto& [key, value] : members)
        if (!value.empty())
            out.emplace(key, value);
    return out;
}

result<> check_text(std::string_view name, std::string_view text)
{
    if (text.size() > longest_text)
        return refuse(std::string(name) + " has " + std::to_string(text.size()) + " bytes, Webex takes " +
                      std::to_string(longest_text));
    if (!is_utf8(text))
        return refuse(std::string(name) + " is not UTF-8");
    return {};
}

result<> check_all_utf8(std::initializer_list<std::pair<std::string_view, std::string_view>> members)
{
    for (const auto& [name, text] : members)
        if (!is_utf8(text))
            return refuse(std::string(name) + " is not UTF-8");
    return {};
}

result<> check_message(const new_message& what)
{
    const int destinations =
        !what.to.room_id.empty() + !what.to.to_person_id.empty() + !what.to.to_person_email.empty();
    if (destinations != 1)
        return refuse(destinations == 0 ? "a message needs a room or a person to go to"
                                        : "a message goes to one room or one person, not to several");
    if (auto checked = check_text("text", what.text); !checked)
        return checked;
    if (auto checked = check_text("markdown", what.markdown); !checked)
        return checked;
    return check_all_utf8({{"the room id", what.to.room_id},
                           {"the person's id", what.to.to_person_id},
                           {"the person's email", what.to.to_person_email},
                           {"the parent id", what.parent_id},
                           {"the file's URL", what.file_url}});
}

// The caller's JSON text: not in the error, it may be private.
result<json::object> own_object(std::string_view text, std::string_view name)
{
    auto parsed = parse_json(text, name);
    if (!parsed)
        return refuse(std::string(name) + " is not JSON");
    auto* object = parsed->if_object();
    if (!object)
        return refuse(std::string(name) + " is not a JSON object");
    return std::move(*object);
}

} // namespace

result<std::string> message_json(const new_message& what)
{
    if (const auto checked = check_message(what); !checked)
        return checked.error();
    if (what.text.empty() && what.markdown.empty() && what.file_url.empty() && what.card.empty())
        return refuse("a message needs text, markdown, a file or a card");

    auto body = texts({{"roomId", what.to.room_id},
                       {"toPersonId", what.to.to_person_id},
                       {"toPersonEmail", what.to.to_person_email},
                       {"parentId", what.parent_id},
                       {"text", what.text},
                       {"markdown", what.markdown}});
    if (!what.file_url.empty())
        body.emplace("files", json::array{json::value(what.file_url)});
    if (!what.card.empty())
    {
        auto card = own_object(what.card, "the card");
        if (!card)
            return card.error();
        json::object attachment;
        attachment.emplace("contentType", card_content_type);
        attachment.emplace("content", std::move(*card));
        json::array attachments;
        attachments.emplace_back(std::move(attachment));
        body.emplace("attachments", std::move(attachments));
    }
    return json_text(std::move(body));
}

result<std::vector<transport::form_field>> message_fields(const new_message& what)
{
    if (const auto checked = check_message(what); !checked)
        return checked.error();
    if (!what.card.empty())
        return refuse("a message with an uploaded file can't carry a card");
    if (!what.file_url.empty())
        return refuse("a message carries one file: an upload or a URL");

    std::vector<transport::form_field> fields;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            fields.push_back({std::string(name), value});
    };
    add("roomId", what.to.room_id);
    add("toPersonId", what.to.to_person_id);
    add("toPersonEmail", what.to.to_person_email);
    add("parentId", what.parent_id);
    add("text", what.text);
    add("markdown", what.markdown);
    return fields;
}

result<transport::form_file> upload_file(file_upload what)
{
    if (what.path.empty() && what.bytes.empty())
        return refuse("there is no file to upload");
    if (what.path.empty() && what.bytes.size() > largest_file)
        return refuse("the file has " + std::to_string(what.bytes.size()) + " bytes, Webex takes " +
                      std::to_string(largest_file));
    transport::form_file file;
    file.path = std::move(what.path);
    file.bytes = std::move(what.bytes);
    file.filename = std::move(what.filename);
    file.content_type = std::move(what.content_type);
    return file;
}

result<std::string> edit_json(std::string_view room_id, std::string_view markdown)
{
    if (room_id.empty())
        return refuse("an edit needs the message's room");
    if (markdown.empty())
        return refuse("an edit needs a new text");
    if (const auto checked = check_text("markdown", markdown); !checked)
        return checked.error();
    if (const auto checked = check_all_utf8({{"the room id", room_id}}); !checked)
        return checked.error();
    return json_text(texts({{"roomId", room_id}, {"markdown", markdown}}));
}

result<std::string> room_json(std::string_view title)
{
    if (title.empty())
        return refuse("a room needs a title");
    if (const auto checked = check_all_utf8({{"the title", title}}); !checked)
        return checked.error();
    return json_text(texts({{"title", title}}));
}

result<std::string> new_membership_json(std::string_view room_id, std::string_view person_email,
                                        bool moderator)
{
    if (room_id.empty() || person_email.empty())
        return refuse("a new member needs a room and an email address");
    if (const auto checked = check_all_utf8({{"the room id", room_id}, {"the email", person_email}});
        !checked)
        return checked.error();
    auto body = texts({{"roomId", room_id}, {"personEmail", person_email}});
    body.emplace("isModerator", moderator);
    return json_text(std::move(body));
}

result<std::string> moderator_json(bool moderator)
{
    json::object body;
    body.emplace("isModerator", moderator);
    return json_text(std::move(body));
}

result<std::string> submit_json(std::string_view message_id, std::string_view inputs_json)
{
    if (message_id.empty())
        return refuse("a submission needs the card's message");
    if (const auto checked = check_all_utf8({{"the message id", message_id}}); !checked)
        return checked.error();
    auto inputs = own_object(inputs_json.empty() ? "{}" : inputs_json, "the card's input");
    if (!inputs)
        return inputs.error();
    auto body = texts({{"type", "submit"}, {"messageId", message_id}});
    body.emplace("inputs", std::move(*inputs));
    return json_text(std::move(body));
}

result<std::string> new_webhook_json(const new_webhook& what, const secret& key)
{
    if (what.name.empty() || what.target_url.empty() || what.resource.empty() || what.event.empty())
        return refuse("a webhook needs a name, a target, a resource and an event");
    if (const auto checked = check_all_utf8({{"the name", what.name},
                                             {"the target", what.target_url},
                                             {"the resource", what.resource},
                                             {"the event", what.event},
                                             {"the filter", what.filter},
                                             {"the secret", key.reveal()}});
        !checked)
        return checked.error();
    return json_text(texts({{"name", what.name},
                            {"targetUrl", what.target_url},
                            {"resource", what.resource},
                            {"event", what.event},
                            {"filter", what.filter},
                            {"secret", key.reveal()}}));
}

result<std::string> webhook_update_json(std::string_view name, std::string_view target_url, const secret& key)
{
    if (name.empty() || target_url.empty())
        return refuse("a webhook needs a name and a target");
    if (const auto checked =
            check_all_utf8({{"the name", name}, {"the target", target_url}, {"the secret", key.reveal()}});
        !checked)
        return checked.error();
    return json_text(
        texts({{"name", name}, {"targetUrl", target_url}, {"secret", key.reveal()}, {"status", "active"}}));
}

result<std::string> path_part(std::string_view id)
{
    if (id.empty())
        return refuse("the id is empty");
    if (id == "." || id == "..")
        return refuse("that is no id");
    return transport::percent_encode(id);
}

} // namespace postern::webex
