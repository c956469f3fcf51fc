#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"
#include "postern/source/tunnel/program_version.hpp"
#include "postern/source/tunnel/tunnel_policy.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

// What one kind of tunnel adds to the supervisor (protocol/ngrok.md 13). Used from the supervisor's strand.
class tunnel_program
{
public:
    struct launch
    {
        std::vector<std::string> arguments;
        std::map<std::string, std::string> environment; // in addition to what every child gets
        std::string web_addr;                           // of its local API; for people
    };

    virtual ~tunnel_program() = default;

    virtual tunnel_traits traits() const = 0;

    // Behind the program's name, to learn its version; empty: it can't be asked.
    virtual std::vector<std::string> version_arguments() const { return {}; }
    virtual void is_version(const program_version&) {}

    // Before every start. Blocking: writes a file, looks for a port.
    virtual result<launch> prepare() = 0;

    // A line of either output; any bytes. Total.
    virtual tunnel_news read(std::string_view line) = 0;

    // At the local API of the child that was started last.
    virtual awaitable<result<tunnel_view>> look(deadline limit) = 0;

    // The child has ended, or was never started: whatever prepare() wrote goes.
    virtual void clean_up() noexcept {}
};

} // namespace postern::source
