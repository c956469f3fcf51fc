#include "survey.hpp"

#include <postern/base/json.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>

namespace demobot {
namespace {

constexpr std::size_t most_lines = 20;
constexpr std::size_t longest_value = 500; // bytes

constexpr std::string_view card = R"({
  "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
  "type": "AdaptiveCard",
  "version": "1.3",
  "body": [
    {"type": "TextBlock", "text": "How was the trip?", "size": "Medium", "weight": "Bolder"},
    {"type": "TextBlock", "text": "Everything but the name may stay empty.", "isSubtle": true, "wrap": true},
    {"type": "Input.Text", "id": "name", "label": "Your name", "placeholder": "Ada Lovelace", "maxLength": 60,
     "isRequired": true, "errorMessage": "Please tell your name"},
    {"type": "ColumnSet", "columns": [
      {"type": "Column", "width": "stretch", "items": [{"type": "Input.Date", "id": "day", "label": "Day"}]},
      {"type": "Column", "width": "stretch", "items": [{"type": "Input.Time", "id": "time", "label": "Time"}]}]},
    {"type": "Input.Number", "id": "people", "label": "People", "min": 1, "max": 9, "value": 2},
    {"type": "Input.ChoiceSet", "id": "by", "label": "By", "style": "compact", "value": "train", "choices": [
      {"title": "Train", "value": "train"}, {"title": "Bicycle", "value": "bicycle"},
      {"title": "Car", "value": "car"}]},
    {"type": "Input.ChoiceSet", "id": "mood", "label": "It was", "style": "expanded", "choices": [
      {"title": "Fine", "value": "fine"}, {"title": "Wet", "value": "wet"}]},
    {"type": "Input.ChoiceSet", "id": "seen", "label": "Seen on the way", "isMultiSelect": true, "choices": [
      {"title": "A castle", "value": "castle"}, {"title": "A heron", "value": "heron"},
      {"title": "The sea", "value": "sea"}]},
    {"type": "Input.Text", "id": "note", "label": "Anything else", "isMultiline": true, "maxLength": 400},
    {"type": "Input.Toggle", "id": "again", "title": "I would do it again", "valueOn": "yes", "valueOff": "no",
     "value": "yes"}
  ],
  "actions": [{"type": "Action.Submit", "title": "Send", "data": {"form": "trip"}}]
})";

std::string as_text(const postern::json::value& value)
{
    auto text = value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
    if (text.size() > longest_value)
    {
        std::size_t end = longest_value;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end; // not in the middle of a code point
        text.resize(end);
        text += "…";
    }
    return text;
}

} // namespace

std::string survey_card() { return std::string(card); }

std::string survey_answers(const std::string& inputs)
{
    const auto sent = postern::parse_json(inputs, "the inputs of a card");
    if (!sent || !sent->is_object() || postern::text_or(sent->get_object(), "form") != "trip")
        return {};
    std::string lines;
    std::size_t count = 0;
    for (const auto& [key, value] : sent->get_object())
        if (key != "form" && ++count <= most_lines)
            (lines += std::string(key).substr(0, 40)).append(": ").append(as_text(value)) += '\n';
    return lines;
}

} // namespace demobot
