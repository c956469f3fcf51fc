#include "postern/bot/commands/pattern.hpp"

#include <re2/re2.h>

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace postern::matching {
namespace {

// re2::StringPiece on Debian 12, absl::string_view on Debian 13.
template <class Text, class Size, class Piece>
Piece piece_of(bool (RE2::*)(Text, Size, Size, RE2::Anchor, Piece*, int) const);
using piece = decltype(piece_of(&RE2::Match));

constexpr std::int64_t most_memory = 1 << 20; // bytes for one expression and its cache

RE2::Options options()
{
    RE2::Options o;
    o.set_case_sensitive(false);
    o.set_log_errors(false);
    o.set_max_mem(most_memory);
    return o;
}

} // namespace

struct pattern::impl
{
    std::string text;
    RE2 engine;

    explicit impl(std::string t) : text(std::move(t)), engine(text, options()) {}
};

pattern::pattern(std::string text) : impl_(std::make_shared<const impl>(std::move(text)))
{
    if (impl_->text.empty() || !impl_->engine.ok())
        throw std::invalid_argument("postern::bot: no regular expression: " +
                                    (impl_->text.empty() ? "it is empty" : impl_->engine.error()));
}

std::optional<captures> pattern::find_in(std::string_view text) const
{
    const int groups = impl_->engine.NumberOfCapturingGroups();
    std::vector<piece> found(static_cast<std::size_t>(groups) + 1);
    if (!impl_->engine.Match(piece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED, found.data(),
                             groups + 1))
        return std::nullopt;
    captures out;
    for (const piece& p : found)
        out.texts.push_back(p.data() ? std::string(p.data(), p.size()) : std::string());
    for (const auto& [name, number] : impl_->engine.NamedCapturingGroups())
        out.names.emplace(name, static_cast<std::size_t>(number));
    return out;
}

const std::string& pattern::text() const noexcept { return impl_->text; }

} // namespace postern::matching
