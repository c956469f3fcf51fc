#include "postern/gateway/run.hpp"

#include "postern/gateway/serve.hpp"
#include "postern/gateway/settings.hpp"

#include <cstdlib>
#include <iostream>

namespace postern {

int run(const bot& who)
{
    const char* file = std::getenv("POSTERN_CONFIG");
    auto options = load_options(file ? file : "", {}, [](const char* name) { return std::getenv(name); });
    if (options.has_error())
    {
        std::cerr << describe(options.error()) << '\n';
        return exit_code_for(options.error());
    }
    // The caller's bot outlives the program's end: shared, but owned by nobody here.
    return serve(std::move(*options), std::shared_ptr<const bot>(&who, [](const bot*) {}));
}

} // namespace postern
