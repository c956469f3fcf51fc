#pragma once

#include "postern/source/tunnel/tunnel.hpp"
#include "postern/source/tunnel/tunnel_news.hpp"
#include "postern/source/tunnel/tunnel_policy.hpp"

#include <ostream>

namespace postern::source {

inline std::ostream& operator<<(std::ostream& os, tunnel_news::kind k) { return os << static_cast<int>(k); }
inline std::ostream& operator<<(std::ostream& os, trouble_kind k) { return os << static_cast<int>(k); }
inline std::ostream& operator<<(std::ostream& os, tunnel_phase p) { return os << to_string(p); }
inline std::ostream& operator<<(std::ostream& os, tunnel_policy::move m) { return os << static_cast<int>(m); }

} // namespace postern::source
