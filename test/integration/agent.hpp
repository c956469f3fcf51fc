#pragma once

#include "integration/child.hpp"
#include "support/folder.hpp"

#include <string>

#include <sys/types.h>

namespace postern::test {

// What postern runs instead of ngrok: it notes how it was called and becomes the stand-in. The tunnel's
// environment is empty of anything else's variables, so those of the stand-in are set here.
class agent
{
public:
    struct seen
    {
        pid_t pid = 0;
        std::string url; // empty: no tunnel
    };

    // `more`: further variables of the stand-in, as in "FAKE_NGROK_SCALE=0.1".
    explicit agent(const std::string& more = {});
    // A test that fails half-way leaves nothing behind either. A number alone may be somebody else by now.
    ~agent();
    agent(const agent&) = delete;

    child::environment environment(const std::string& token = "2aStandinTokenGood7q") const;

    seen now() const;
    // One that has a tunnel and is not `before`.
    seen wait_for(pid_t before = 0) const;

    std::string called_with() const;

private:
    folder files_;
    const std::string called_, state_;

public:
    const std::string program;
};

} // namespace postern::test
