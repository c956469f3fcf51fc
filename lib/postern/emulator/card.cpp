#include "postern/emulator/card.hpp"

#include <map>
#include <string>

namespace postern::emulator {
namespace {

struct parts
{
    std::map<std::string, json::value> inputs; // by id, with the card's own values
    const json::object* action = nullptr;
};

json::value standard_value(const json::object& input, std::string_view type)
{
    if (type == "Input.Toggle")
        return json::value(text_or(input, "value", text_or(input, "valueOff", "false")));
    return json::value(text_or(input, "value"));
}

// Inputs and actions may stand at any depth: in columns, in containers, in cards shown by actions.
void collect(const json::value& v, std::string_view title, parts& found)
{
    if (const auto* array = v.if_array())
        for (const auto& element : *array)
            collect(element, title, found);
    const auto* o = v.if_object();
    if (!o)
        return;
    const auto type = text_or(*o, "type");
    if (type.starts_with("Input.") && o->contains("id"))
        found.inputs[text_or(*o, "id")] = standard_value(*o, type);
    if (type == "Action.Submit")
    {
        if (!found.action && (title.empty() || text_or(*o, "title") == title))
            found.action = o;
        return; // what is in `data` is data
    }
    for (const auto& [key, member] : *o)
        collect(member, title, found);
}

} // namespace

granted<json::object> press(const json::array& attachments, std::string_view action,
                            const json::object& typed)
{
    parts found;
    for (const auto& attachment : attachments)
        if (const auto* o = attachment.if_object(); o && o->contains("content"))
            collect(o->at("content"), action, found);
    if (!found.action)
        return refusal{404, "The card has no such submit action."};

    std::map<std::string, json::value> merged;
    if (const auto* data = get_object(*found.action, "data"))
        for (const auto& [key, value] : *data)
            merged[std::string(key)] = value;
    for (auto& [id, value] : found.inputs)
        merged[id] = value;
    for (const auto& [id, value] : typed)
    {
        if (!value.is_string())
            return refusal{400, "Input values are texts."};
        merged[std::string(id)] = value;
    }
    json::object inputs;
    for (auto& [key, value] : merged)
        inputs[key] = std::move(value);
    return inputs;
}

} // namespace postern::emulator
