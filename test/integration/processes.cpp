#include "integration/processes.hpp"

#include "postern/base/deadline.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace postern::test {
namespace {

struct process_line
{
    char state = 0; // 0: there is no such process
    pid_t parent = 0;
};

process_line look_at(pid_t pid)
{
    const auto stat = content("/proc/" + std::to_string(pid) + "/stat");
    const auto behind = stat.rfind(") "); // the name before it may hold anything
    process_line out;
    if (behind == stat.npos || stat.size() < behind + 6)
        return out;
    out.state = stat[behind + 2];
    std::from_chars(stat.data() + behind + 4, stat.data() + stat.size(), out.parent);
    return out;
}

} // namespace

std::string content(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds patience)
{
    for (const auto limit = deadline::after(patience); !limit.passed();)
    {
        if (holds())
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return holds();
}

bool gone(pid_t pid)
{
    const auto now = look_at(pid);
    return now.state == 0 || now.state == 'Z' || now.state == 'X';
}

family children_of(pid_t parent)
{
    family out;
    for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    {
        const auto name = entry.path().filename().string();
        pid_t pid = 0;
        const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (ec != std::errc() || end != name.data() + name.size())
            continue;
        if (const auto now = look_at(pid); now.state != 0 && now.parent == parent)
            (now.state == 'Z' ? out.zombies : out.living).push_back(pid);
    }
    return out;
}

} // namespace postern::test
