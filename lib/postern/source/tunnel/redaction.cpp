#include "postern/source/tunnel/redaction.hpp"

#include <algorithm>

namespace postern::source {
namespace {

constexpr std::string_view mask = "***";

void replace_all(std::string& text, std::string_view what)
{
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + mask.size()))
        text.replace(at, what.size(), mask);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "Your authtoken: WORD"; also in JSON and logfmt, where the next line may follow as \r\n or \n in letters.
void hide_labelled(std::string& text, std::string_view label)
{
    const auto same = [](char a, char b) { return lower(a) == b; };
    auto from = text.begin();
    for (;;)
    {
        const auto found = std::search(from, text.end(), label.begin(), label.end(), same);
        if (found == text.end())
            return;
        auto at = static_cast<std::size_t>(found - text.begin()) + label.size();
        at = std::min(text.find_first_not_of(" \"'", at), text.size());
        const auto end = std::min(text.find_first_of(" \\\"',\r\n", at), text.size());
        if (end > at)
        {
            text.replace(at, end - at, mask);
            at += mask.size();
        }
        from = text.begin() + static_cast<std::ptrdiff_t>(at);
    }
}

} // namespace

void redaction::hide(secret s)
{
    if (s.reveal().size() >= 4)
        hidden_.push_back(std::move(s));
}

std::string redaction::operator()(std::string_view text) const
{
    std::string clean(text);
    for (const auto& s : hidden_)
        replace_all(clean, s.reveal());
    hide_labelled(clean, "authtoken:");
    hide_labelled(clean, "authtoken=");
    return clean;
}

} // namespace postern::source
