#include "postern/transport/programs.hpp"

#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace postern::transport {
namespace {

std::string starting(const std::string& program) { return "starting " + printable(program); }

// 0, or why the file can't be run.
int obstacle(const std::string& file)
{
    struct stat about = {};
    if (::stat(file.c_str(), &about) != 0)
        return errno;
    if (S_ISDIR(about.st_mode))
        return EISDIR;
    return ::access(file.c_str(), X_OK) == 0 ? 0 : errno;
}

error unusable(const std::string& program, const std::string& file, int why)
{
    auto refused = error(errc::bad_configuration, starting(program));
    if (why == EISDIR)
        return std::move(refused).because("it is a directory").advise("give the path of the program in it");
    if (why == ENOENT || why == ENOTDIR)
        return std::move(refused).because("there is no such file").advise("check the path");
    return std::move(refused)
        .because(printable(file) + " is not executable for this user")
        .advise("check its permissions (chmod +x) and those of the folders above");
}

std::string absolute(const std::string& path)
{
    std::error_code ec;
    const auto out = std::filesystem::absolute(path, ec);
    return ec ? path : out.string();
}

} // namespace

result<std::string> find_program(const std::string& program, std::string_view path)
{
    if (program.empty())
        return error(errc::bad_configuration, "starting a program").because("its name is empty");
    if (program.find('/') != program.npos)
    {
        const int why = obstacle(program);
        if (why != 0)
            return unusable(program, program, why);
        return absolute(program);
    }

    const auto all = path;
    std::string seen; // one of that name that can't be run
    while (!path.empty())
    {
        const auto folder = path.substr(0, path.find(':'));
        path.remove_prefix(std::min(path.size(), folder.size() + 1));
        if (folder.empty())
            continue;
        auto file = std::string(folder) + '/' + program;
        const int why = obstacle(file);
        if (why == 0)
            return absolute(file);
        if (why == EACCES && seen.empty())
            seen = std::move(file);
    }
    if (!seen.empty())
        return unusable(program, seen, EACCES);
    return error(errc::bad_configuration, starting(program))
        .because("it is not on the PATH (" + printable(all) + ")")
        .advise("install it, or give its whole path");
}

error launch_failure(const std::string& program, const boost::system::error_code& why)
{
    auto refused = error(errc::bad_configuration, starting(program));
    switch (why.value())
    {
    case EAGAIN:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
        return error(why, starting(program))
            .advise("this machine, or this user's limit, is out of processes, memory or descriptors");
    case ENOEXEC:
        return std::move(refused)
            .because("it is no program for this machine")
            .advise("a script needs a first line such as #!/bin/sh; a binary must fit the processor");
    case ENOENT:
        return std::move(refused)
            .because("the file is there, but not what its first line or its loader asks for")
            .advise("check the interpreter after #! and the program's libraries");
    case EACCES:
        return std::move(refused)
            .because("the system does not allow it")
            .advise("check the permissions; the file system may be mounted with noexec");
    case E2BIG: return std::move(refused).because("its arguments and environment are too long");
    default: return std::move(refused).because(why.message());
    }
}

} // namespace postern::transport
