#include "postern/base/stages.hpp"

namespace postern {

std::string_view to_string(outcome::kind k) noexcept
{
    switch (k)
    {
    case outcome::kind::done: return "done";
    case outcome::kind::ignored: return "ignored";
    case outcome::kind::retry: return "retry";
    case outcome::kind::dead: return "dead";
    }
    return "unknown";
}

std::string_view to_string(verdict v) noexcept
{
    switch (v)
    {
    case verdict::admitted: return "admitted";
    case verdict::refused: return "refused";
    case verdict::undecided: return "undecided";
    }
    return "unknown";
}

} // namespace postern
