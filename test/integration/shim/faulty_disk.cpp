// LD_PRELOAD: lets writing to the journal's files fail while the file $POSTERN_FAULTY_DISK exists. Its text
// says what fails and how: "write ENOSPC", "write EIO", "sync EIO".

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

template <class Function>
Function* next(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool is_journal(int descriptor)
{
    std::array<char, 512> path;
    const auto link = "/proc/self/fd/" + std::to_string(descriptor);
    const auto length = ::readlink(link.c_str(), path.data(), path.size());
    return length > 0 &&
           std::string_view(path.data(), static_cast<std::size_t>(length)).find("/journal.db") !=
               std::string_view::npos;
}

// The error this call is to end with; 0: none.
int fault(std::string_view call, int descriptor)
{
    static const char* const trigger = std::getenv("POSTERN_FAULTY_DISK");
    const int kept = errno;
    const int file = trigger ? ::open(trigger, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
    {
        errno = kept;
        return 0;
    }
    std::array<char, 64> text;
    const auto length = ::read(file, text.data(), text.size());
    ::close(file);
    const std::string_view order(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const bool strikes = order.starts_with(call) && is_journal(descriptor);
    errno = kept;
    return !strikes ? 0 : order.ends_with("ENOSPC") ? ENOSPC : EIO;
}

template <class Result, class Function, class... Arguments>
Result either(std::string_view call, Function* real, int descriptor, Arguments... arguments)
{
    if (const int failed = fault(call, descriptor))
    {
        errno = failed;
        return -1;
    }
    return real(descriptor, arguments...);
}

} // namespace

extern "C"
{
    ssize_t write(int descriptor, const void* from, size_t size)
    {
        static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
        return either<ssize_t>("write", real, descriptor, from, size);
    }

    ssize_t pwrite(int descriptor, const void* from, size_t size, off_t at)
    {
        static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
        return either<ssize_t>("write", real, descriptor, from, size, at);
    }

    ssize_t pwrite64(int descriptor, const void* from, size_t size, off64_t at)
    {
        static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
        return either<ssize_t>("write", real, descriptor, from, size, at);
    }

    int fsync(int descriptor)
    {
        static auto* const real = next<int(int)>("fsync");
        return either<int>("sync", real, descriptor);
    }

    int fdatasync(int descriptor)
    {
        static auto* const real = next<int(int)>("fdatasync");
        return either<int>("sync", real, descriptor);
    }
}
