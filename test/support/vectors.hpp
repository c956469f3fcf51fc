#pragma once

#include "postern/base/json.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace postern::test {

// A file of test/vectors: what was recorded of other people's software.
inline json::object vectors(std::string_view name)
{
    const auto path = std::string(POSTERN_TEST_VECTORS "/").append(name);
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto document = parse_json(text, path);
    if (!document || !document->is_object())
        throw std::runtime_error(path + " can't be read");
    return document->get_object();
}

} // namespace postern::test
