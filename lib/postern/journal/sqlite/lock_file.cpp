#include "postern/journal/sqlite/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace postern::journal::sqlite {
namespace {

error refused(const std::string& path, int why)
{
    return error(errc::file_unreadable, "locking the journal, " + path)
        .because(boost::system::error_code(why, boost::system::system_category()).message())
        .advise("the journal's folder must be writable; see `--journal`");
}

// What the holder wrote; empty if it is no number.
std::string holder(int descriptor)
{
    std::array<char, 24> text{};
    const auto length = ::pread(descriptor, text.data(), text.size(), 0);
    const std::string_view written(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    return std::string(written.substr(0, written.find_first_not_of("0123456789")));
}

error taken(const std::string& path, const std::string& pid)
{
    const auto who = pid.empty() ? std::string("another process") : "process " + pid;
    return error(errc::file_unreadable, "locking the journal, " + path)
        .because(who + " is using it")
        .advise("stop " + who + " first, or give this postern a journal of its own");
}

} // namespace

result<lock_file> lock_file::take(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return refused(path, errno);
    lock_file lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    {
        const int why = errno;
        return why == EWOULDBLOCK ? taken(path, holder(descriptor)) : refused(path, why);
    }
    // Only for the words of whoever comes second: a full disk must not keep us from starting.
    const auto pid = std::to_string(::getpid()) + '\n';
    if (::ftruncate(descriptor, 0) == 0)
        (void)!::pwrite(descriptor, pid.data(), pid.size(), 0);
    return lock;
}

lock_file::lock_file(lock_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

lock_file& lock_file::operator=(lock_file&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

lock_file::~lock_file()
{
    if (descriptor_ < 0)
        return;
    // By name, not by closing alone: a child that was just forked may still have a copy of the descriptor.
    (void)!::ftruncate(descriptor_, 0);
    ::flock(descriptor_, LOCK_UN);
    ::close(descriptor_);
}

} // namespace postern::journal::sqlite
