#include "postern/base/trail.hpp"

namespace postern {

std::string_view to_string(hop h) noexcept
{
    switch (h)
    {
    case hop::delivered: return "delivered";
    case hop::verified: return "verified";
    case hop::stored: return "stored";
    case hop::repeated: return "repeated";
    case hop::admitted: return "admitted";
    case hop::handled: return "handled";
    case hop::replied: return "replied";
    case hop::done: return "done";
    case hop::ignored: return "ignored";
    case hop::failed: return "failed";
    }
    return "unknown";
}

} // namespace postern
