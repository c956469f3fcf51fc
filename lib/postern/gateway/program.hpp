#pragma once

namespace postern {

class bot;

// A whole program in one call: serves the bot until SIGINT or SIGTERM, and returns the exit code of
// gateway/process.hpp. The settings are those of `postern run`: a TOML file (--config, or else the variable
// POSTERN_CONFIG), then variables, then flags; --help lists them. Commands of the file are added to `who`.
// The token comes from WEBEX_ACCESS_TOKEN or any of its older names. When it is ready it prints the line that
// gateway/serve.hpp describes.
int serve(bot& who, int argc, const char* const* argv);

} // namespace postern
