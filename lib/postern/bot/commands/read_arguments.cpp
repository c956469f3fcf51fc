#include "postern/base/error.hpp"
#include "postern/base/utf8.hpp"
#include "postern/bot/commands/argument_spec.hpp"
#include "postern/bot/commands/typed_words.hpp"
#include "postern/bot/hear/letters.hpp"
#include "postern/bot/hear/phrase.hpp"

#include <charconv>
#include <cmath>
#include <utility>

namespace postern::matching {
namespace {

// In the answer to the person who typed it.
std::string shown(std::string_view typed)
{
    std::string out = "\"";
    std::string_view rest = typed;
    for (int letters = 0; !rest.empty() && letters < 40; ++letters)
    {
        const auto code = take_code_point(rest);
        append_utf8(out, code < 0x20 ? ' ' : code);
    }
    return out + (rest.empty() ? "\"" : "…\"");
}

template <class T>
std::optional<T> number_from(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    std::string ascii(text);
    for (const std::string_view minus : {"\u2212", "\u2013"}) // what phones and editors make of "-"
        if (ascii.starts_with(minus))
            ascii.replace(0, minus.size(), "-");
    T value{};
    const auto [end, ec] = std::from_chars(ascii.data(), ascii.data() + ascii.size(), value);
    if (ec != std::errc() || end != ascii.data() + ascii.size() || ascii.empty())
        return std::nullopt;
    return value;
}

bool is_address(std::string_view text)
{
    const auto at = text.find('@');
    if (at == text.npos || at == 0 || at + 1 == text.size() || text.find('@', at + 1) != text.npos)
        return false;
    for (std::string_view rest = text; !rest.empty();)
    {
        const auto code = take_code_point(rest);
        if (is_space(code) || code < 0x21 || code == '<' || code == '>' || code == '"')
            return false;
    }
    return true;
}

} // namespace

class argument_spec::reader
{
public:
    reader(const argument_spec& spec, std::string_view typed, const std::vector<mention>& mentions)
        : spec_(spec), rest_(trimmed(typed)), mentions_(mentions)
    {
        for (const item& i : spec.positionals_)
            found_.declare(i.name);
        for (const option& o : spec.options_)
            found_.declare(o.value.name);
    }

    reading read()
    {
        while (why_not_.empty())
        {
            skip_spaces(rest_);
            if (rest_.empty())
                break;
            if (!only_positionals_ && take_end_of_options(rest_))
                only_positionals_ = true;
            else if (auto name = only_positionals_ ? std::nullopt : take_option_name(rest_))
                take_option(std::move(*name));
            else
                take_positional();
        }
        if (why_not_.empty())
            look_for_missing();
        if (!why_not_.empty())
            return {std::nullopt, std::move(why_not_)};
        return {std::move(found_), {}};
    }

private:
    void take_option(std::string name)
    {
        const option* known = nullptr;
        for (const option& o : spec_.options_)
            if (folded(o.value.name) == folded(name))
                known = &o;
        if (!known)
            why_not_ = shown("--" + name) + " is no option here";
        else if (found_.given(known->value.name))
            why_not_ = "--" + known->value.name + " is given twice";
        else if (!known->takes_value)
        {
            if (rest_.starts_with('='))
                why_not_ = "--" + known->value.name + " takes no value";
            else
                found_.set(known->value.name, std::string("yes"));
        }
        else
            take_option_value(known->value);
    }

    void take_option_value(const item& wanted)
    {
        const bool attached = rest_.starts_with('=');
        if (attached)
            rest_.remove_prefix(1);
        else
            skip_spaces(rest_);
        std::string_view ahead = rest_;
        const bool nothing = rest_.empty() || (attached && is_space(take_code_point(ahead)));
        ahead = rest_;
        if (nothing || (!attached && (take_option_name(ahead) || take_end_of_options(ahead))))
            why_not_ = "--" + wanted.name + " needs a value";
        else
            take_value(wanted);
    }

    void take_positional()
    {
        if (next_ == spec_.positionals_.size())
        {
            std::string_view ahead = rest_;
            const auto word = take_word(ahead);
            why_not_ = spec_.positionals_.empty() && spec_.options_.empty() ? "it takes no arguments"
                       : word ? shown(word->text) + " is one word too many"
                              : "a quote is not closed";
            return;
        }
        const item& wanted = spec_.positionals_[next_++];
        if (wanted.as == type::text)
            found_.set(wanted.name, std::string(trimmed(std::exchange(rest_, {}))));
        else
            take_value(wanted);
    }

    void take_value(const item& wanted)
    {
        if (wanted.as == type::person && take_mention(wanted))
            return;
        const auto word = take_word(rest_);
        if (!word)
        {
            why_not_ = "a quote is not closed";
            return;
        }
        std::optional<parsed_arguments::value> value;
        check_value(wanted, word->text, value, why_not_);
        if (value)
            found_.set(wanted.name, std::move(*value));
    }

    // A mention's name may have blanks: it is found by the names that the message mentions, each once.
    bool take_mention(const item& wanted)
    {
        std::string_view here = rest_;
        if (here.starts_with('@'))
            here.remove_prefix(1);
        const mention* best = nullptr;
        std::string_view after;
        std::size_t which = 0;
        for (std::size_t i = 0; i < mentions_.size(); ++i)
        {
            const mention& m = mentions_[i];
            if (used_.size() > i && used_[i])
                continue;
            if (best && m.name.size() <= best->name.size())
                continue;
            if (const auto rest = after_phrase(here, m.name, ",:;"))
            {
                best = &m;
                after = *rest;
                which = i;
            }
        }
        if (!best)
            return false;
        used_.resize(mentions_.size());
        used_[which] = true;
        rest_ = after;
        if (!rest_.empty() && std::string_view(",:;").find(rest_.front()) != std::string_view::npos)
            rest_.remove_prefix(1);
        found_.set(wanted.name, addressee{best->id, {}, best->name});
        return true;
    }

    void look_for_missing()
    {
        if (next_ < spec_.positionals_.size() && spec_.positionals_[next_].required)
            why_not_ = '<' + spec_.positionals_[next_].shown + "> is missing";
        for (const option& o : spec_.options_)
            if (why_not_.empty() && o.value.required && !found_.given(o.value.name))
                why_not_ = "--" + o.value.name + " is missing";
    }

    const argument_spec& spec_;
    std::string_view rest_;
    const std::vector<mention>& mentions_;
    std::vector<bool> used_; // of the mentions
    std::size_t next_ = 0;   // positional
    bool only_positionals_ = false;
    parsed_arguments found_;
    std::string why_not_;
};

argument_spec::reading argument_spec::read(std::string_view typed, const std::vector<mention>& mentions) const
{
    return reader(*this, typed, mentions).read();
}

void argument_spec::check_value(const item& wanted, std::string_view typed,
                                std::optional<parsed_arguments::value>& into, std::string& why_not)
{
    switch (wanted.as)
    {
    case type::word:
    case type::text: into = std::string(typed); return;
    case type::whole:
        if (const auto whole = number_from<std::int64_t>(typed))
            into = *whole;
        else
            why_not = shown(typed) + " is no whole number";
        return;
    case type::number:
        if (const auto number = number_from<double>(typed); number && std::isfinite(*number))
            into = *number;
        else
            why_not = shown(typed) + " is no number";
        return;
    case type::choice:
        for (const std::string& choice : wanted.choices)
            if (folded(choice) == folded(typed))
                into = choice;
        if (!into)
            why_not = shown(typed) + " is none of " + wanted.shown;
        return;
    case type::person:
        if (is_address(typed))
            into = addressee{{}, std::string(typed), {}};
        else
            why_not = shown(typed) + " is nobody: mention somebody, or give an address";
        return;
    }
}

} // namespace postern::matching
