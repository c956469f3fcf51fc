#pragma once

#include "postern/base/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace postern::source {

// Takes secrets out of what a child says, before it is kept or logged: ngrok repeats the authtoken in its
// error texts (protocol/ngrok.md 2.3). Knows the secrets it is told, and words behind "authtoken:".
class redaction
{
public:
    void hide(secret); // one of less than four bytes is not looked for: it would hit anything
    std::string operator()(std::string_view text) const;

private:
    std::vector<secret> hidden_;
};

} // namespace postern::source
