#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/result.hpp"

#include <cstddef>
#include <memory>

namespace postern::no_code {

// So many at once; some more wait, in the order in which they came, and nobody else does. Thread-safe.
class gate
{
    struct state;

public:
    gate(std::size_t at_once, std::size_t waiting);

    // Being inside.
    class pass
    {
    public:
        pass(pass&&) noexcept = default;
        pass& operator=(pass&&) = delete;
        ~pass();

    private:
        friend class gate;
        explicit pass(std::shared_ptr<state> of) : of_(std::move(of)) {}

        std::shared_ptr<state> of_;
    };

    // Errors: too_large when too many wait, timed_out, stopped.
    awaitable<result<pass>> enter(deadline limit);

private:
    std::shared_ptr<state> state_;
};

} // namespace postern::no_code
