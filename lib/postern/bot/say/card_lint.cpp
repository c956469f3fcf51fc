#include "postern/bot/say/card_lint.hpp"

#include "postern/base/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

namespace postern::matching {
namespace {

constexpr std::size_t large_card = 20'000;
constexpr std::size_t most_findings = 20;
constexpr std::size_t many_actions = 5;

// protocol/webex-rest.md 9.1
constexpr std::array<std::string_view, 21> known_types{
    "AdaptiveCard",   "TextBlock",     "RichTextBlock",  "TextRun",    "Image",        "ImageSet",
    "Media",          "Container",     "ColumnSet",      "Column",     "FactSet",      "ActionSet",
    "Input.Text",     "Input.Number",  "Input.Date",     "Input.Time", "Input.Toggle", "Input.ChoiceSet",
    "Action.OpenUrl", "Action.Submit", "Action.ShowCard"};
constexpr std::string_view last_known_type = "Action.ToggleVisibility";

bool is_known(std::string_view type)
{
    return type == last_known_type ||
           std::find(known_types.begin(), known_types.end(), type) != known_types.end();
}

// "1.3": major and minor. False: it is none.
bool is_drawn(std::string_view version)
{
    unsigned major = 0, minor = 0;
    const char* const end = version.data() + version.size();
    auto read = std::from_chars(version.data(), end, major);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != '.')
        return false;
    read = std::from_chars(read.ptr + 1, end, minor);
    return read.ec == std::errc() && read.ptr == end && major == 1 && minor <= 3;
}

class linter
{
public:
    std::vector<std::string> of(const json::object& card, std::size_t size)
    {
        if (size > large_card)
            find("it has " + std::to_string(size) + " bytes; keep it below " + std::to_string(large_card));
        if (text_or(card, "type") != "AdaptiveCard")
            find("its type is not AdaptiveCard");
        const auto version = get_text(card, "version");
        if (!version)
            find("it has no version");
        else if (!is_drawn(*version))
            find("its version is " + printable(*version, 20) + "; Webex draws 1.0 to 1.3");
        walk(card);
        return std::move(found_);
    }

private:
    void find(std::string what)
    {
        if (found_.size() < most_findings && std::find(found_.begin(), found_.end(), what) == found_.end())
            found_.push_back(std::move(what));
    }

    void walk(const json::object& element)
    {
        const std::string type = text_or(element, "type");
        if (!type.empty())
            look_at(element, type);
        for (const std::string_view key : {"body", "items", "columns", "images", "inlines", "actions"})
            if (const auto* list = get_array(element, key))
                each(*list, key);
        for (const std::string_view key : {"card", "selectAction", "inlineAction"})
            if (const auto* child = get_object(element, key))
                walk(*child);
        const auto* select = get_object(element, "selectAction");
        if (select && text_or(*select, "type") == "Action.ShowCard")
            find("a selectAction can't be Action.ShowCard");
    }

    void each(const json::array& list, std::string_view key)
    {
        if (key == "actions" && list.size() > many_actions)
            find("it has " + std::to_string(list.size()) + " actions in a row; five are shown for certain");
        for (const auto& item : list)
            if (const auto* child = item.if_object())
                walk(*child);
    }

    void look_at(const json::object& element, const std::string& type)
    {
        if (!is_known(type))
            find("Webex is not known to draw " + printable(type, 40));
        if (!type.starts_with("Input."))
            return;
        const std::string id = text_or(element, "id");
        if (id.empty())
            find("an " + printable(type, 40) + " has no id, so what is entered is lost");
        else if (!ids_.insert(id).second)
            find("two inputs have the id " + printable(id, 40));
    }

    std::vector<std::string> found_;
    std::set<std::string> ids_;
};

} // namespace

result<std::vector<std::string>> lint_card(std::string_view card)
{
    const auto parsed = parse_json(card, "reading a card");
    if (!parsed || !parsed->is_object())
        return error(errc::bad_input).because("the card is not a JSON object");
    return linter().of(parsed->get_object(), card.size());
}

} // namespace postern::matching
