#include "postern/base/event.hpp"

namespace postern {

std::string_view to_string(origin o) noexcept
{
    switch (o)
    {
    case origin::webhook: return "webhook";
    case origin::websocket: return "websocket";
    case origin::recovery: return "recovery";
    case origin::replay: return "replay";
    }
    return "unknown";
}

} // namespace postern
