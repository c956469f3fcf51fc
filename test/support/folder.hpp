#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace postern::test {

// An empty folder of one's own, gone at the end of the test.
struct folder
{
    folder()
    {
        auto name = (std::filesystem::temp_directory_path() / "postern-test-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("can't make " + name);
        path = name;
    }
    ~folder() { std::filesystem::remove_all(path); }
    folder(const folder&) = delete;

    // Writes a file and answers its path.
    std::string file(std::string_view name, std::string_view content, unsigned mode) const
    {
        const auto out = path + '/' + std::string(name);
        std::ofstream(out, std::ios::binary) << content;
        std::filesystem::permissions(out, static_cast<std::filesystem::perms>(mode));
        return out;
    }

    std::string path;
};

} // namespace postern::test
