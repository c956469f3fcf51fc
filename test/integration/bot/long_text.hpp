#pragma once

#include <cstddef>
#include <string>

namespace postern::test {

// Markdown of so many bytes and a bit: paragraphs with emoji, code in fences of both kinds (one block is
// longer than a message), tables, a line without a blank. No two lines are the same.
inline std::string long_text(std::size_t bytes)
{
    std::string text;
    std::size_t lines = 0;
    const auto line = [&](const std::string& words) {
        text += words + " #" + std::to_string(++lines) + '\n';
    };
    const auto code = [&](const std::string& fence, const std::string& language, int count) {
        text += fence + language + '\n';
        for (int n = 0; n < count; ++n)
            line("    if (x < " + std::to_string(n) + ") { say(\"👩‍👩‍👧 **no** _mark_\"); }");
        text += fence + "\n\n";
    };
    while (text.size() < bytes)
    {
        line("## Über die Straße 🚦");
        text += '\n';
        for (int n = 0; n < 12; ++n)
            line("Grüße 👋🏽 aus *Köln* – 日本語 und 🇩🇪 und noch viele Wörter");
        text += '\n';
        code("```", "cpp", 20);
        text += "| name | wert |\n| --- | --- |\n";
        for (int n = 0; n < 40; ++n)
            line("| Zeile 🧪 " + std::to_string(n) + " | **" + std::to_string(n * n) + "** |");
        text += '\n';
        if (lines < 200)
        {
            code("~~~", "", 200);
            std::string unbroken;
            for (int n = 0; n < 2200; ++n)
                unbroken += "🦊";
            line(unbroken);
            text += '\n';
        }
    }
    return text;
}

} // namespace postern::test
