#include "postern/bot/no_code/program_output.hpp"

#include "postern/base/utf8.hpp"
#include "postern/bot/hear/letters.hpp"

#include <algorithm>

namespace postern::no_code {
namespace {

constexpr std::size_t longest_error = 400;

bool is_control(char32_t code) { return code < 0x20 && code != '\n' && code != '\t'; }

} // namespace

void program_output::out(std::string_view line)
{
    written_ += line.size() + 1;
    const auto room = most_ - std::min(most_, kept_.size());
    cut_ = cut_ || (line.size() > room && !line.empty());
    kept_ += line.substr(0, room);
    kept_ += kept_.size() < most_ ? "\n" : "";
}

void program_output::err(std::string_view line)
{
    written_ += line.size() + 1;
    if (const auto words = matching::trimmed(line); !words.empty())
        last_error_ = words.substr(0, longest_error);
}

program_output::reading program_output::said() const
{
    reading out;
    out.cut = cut_;
    std::string_view rest = kept_;
    while (!rest.empty())
    {
        const bool may_be_half = cut_ && rest.size() < 4;
        const char32_t code = take_code_point(rest);
        const bool broken = code >= 0xDC00 && code <= 0xDFFF;
        if (broken && may_be_half)
            break;
        if (!is_control(code))
            append_utf8(out.text, code);
    }
    out.text.erase(out.text.find_last_not_of(" \t\n") + 1);
    return out;
}

} // namespace postern::no_code
