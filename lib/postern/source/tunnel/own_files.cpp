#include "postern/source/tunnel/own_files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace postern::source {
namespace {

error unusable(const std::string& path, int number)
{
    return error(errc::file_unreadable, "writing " + path).because(std::strerror(number));
}

result<> make_folder(const std::filesystem::path& folder)
{
    std::error_code ec;
    const bool made = !folder.empty() && std::filesystem::create_directories(folder, ec);
    if (made)
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ec);
    if (ec)
        return error(errc::file_unreadable, "making the folder " + folder.string()).because(ec.message());
    return {};
}

bool write_all(int file, std::string_view content)
{
    while (!content.empty())
    {
        const auto size = ::write(file, content.data(), content.size());
        if (size < 0 && errno != EINTR)
            return false;
        content.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return true;
}

} // namespace

result<> write_own_file(const std::string& path, const std::string& content)
{
    const auto folder = make_folder(std::filesystem::path(path).parent_path());
    if (folder.has_error())
        return folder.error();
    const auto aside = path + ".new";
    ::unlink(aside.c_str());
    const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return unusable(aside, errno);
    const int failed = write_all(file, content) ? 0 : errno;
    ::close(file);
    if (failed != 0)
        return unusable(aside, failed);
    if (::rename(aside.c_str(), path.c_str()) != 0)
        return unusable(path, errno);
    return {};
}

std::string read_own_file(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string content(4096, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return content;
}

void remove_own_file(const std::string& path) noexcept { ::unlink(path.c_str()); }

} // namespace postern::source
