#include "postern/source/tunnel/tunnel_news.hpp"

namespace postern::source {

std::string describe(const tunnel_trouble& t)
{
    auto text = t.code;
    if (!t.words.empty())
        text += (text.empty() ? "" : ": ") + t.words;
    if (!t.advice.empty())
        text += (text.empty() ? "" : "; ") + t.advice;
    return text;
}

} // namespace postern::source
