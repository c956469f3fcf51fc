#include "postern/gateway/private_files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace postern {
namespace {

constexpr std::size_t most = 1024 * 1024;

error unusable(const std::string& path, int number)
{
    return error(errc::file_unreadable, path).because(std::strerror(number));
}

std::string trimmed(std::string text)
{
    text = text.substr(0, text.find_first_of("\r\n"));
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == text.npos ? std::string() : text.substr(first, last - first + 1);
}

result<> write_private(const std::string& path, const std::string& content)
{
    const auto aside = path + ".new";
    const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return unusable(aside, errno);
    const auto line = content + '\n';
    const bool written =
        ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
    const int failed = written ? 0 : errno;
    ::close(file);
    if (!written)
        return unusable(aside, failed);
    if (::rename(aside.c_str(), path.c_str()) != 0)
        return unusable(path, errno);
    return {};
}

} // namespace

result<std::string> read_small_file(const std::string& path)
{
    std::error_code ec;
    if (!std::filesystem::is_regular_file(path, ec))
        return error(errc::file_unreadable, path).because(ec ? ec.message() : "it is not a file");
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return unusable(path, errno);
    std::string content(most + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > most)
        return error(errc::too_large, path).because("longer than 1 MiB");
    return content;
}

result<secret> read_secret_file(const std::string& path)
{
    auto content = read_small_file(path);
    if (content.has_error())
        return content.error();
    auto line = trimmed(std::move(*content));
    if (line.empty())
        return error(errc::file_unreadable, path).because("its first line is empty");
    return secret(std::move(line));
}

result<std::string> read_kept(const std::string& directory, const std::string& name)
{
    const auto path = directory + '/' + name;
    std::error_code ec;
    if (!std::filesystem::exists(path, ec))
        return std::string();
    auto content = read_small_file(path);
    if (content.has_error())
        return content.error();
    return trimmed(std::move(*content));
}

result<> keep(const std::string& directory, const std::string& name, const std::string& line)
{
    std::error_code ec;
    const bool made = std::filesystem::create_directories(directory, ec);
    if (ec)
        return error(errc::file_unreadable, directory)
            .because(ec.message())
            .advise("choose another with --data-dir");
    if (made)
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ec);
    return write_private(directory + '/' + name, line);
}

result<> forget(const std::string& directory, const std::string& name)
{
    const auto path = directory + '/' + name;
    std::error_code ec;
    std::filesystem::remove(path, ec);
    if (ec)
        return error(errc::file_unreadable, path).because(ec.message());
    return {};
}

result<std::string> read_or_make(const std::string& directory, const std::string& name,
                                 const std::function<std::string()>& make)
{
    auto kept = read_kept(directory, name);
    if (kept.has_error() || !kept->empty())
        return kept;
    auto fresh = make();
    const auto written = keep(directory, name, fresh);
    if (written.has_error())
        return written.error();
    return fresh;
}

} // namespace postern
