#include "postern/source/device/channel_state.hpp"

namespace postern::source {

std::string_view to_string(channel_phase phase) noexcept
{
    switch (phase)
    {
    case channel_phase::idle: return "idle";
    case channel_phase::discovering: return "discovering";
    case channel_phase::registering: return "registering";
    case channel_phase::connecting: return "connecting";
    case channel_phase::authorising: return "authorising";
    case channel_phase::ready: return "ready";
    case channel_phase::waiting: return "waiting";
    }
    return "unknown";
}

} // namespace postern::source
