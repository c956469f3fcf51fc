#include "standin/account.hpp"

#include "postern/base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sys/file.h>
#include <unistd.h>

namespace postern::standin {
namespace {

std::int64_t now_ms()
{
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

// When the process began, in the kernel's ticks: tells it from a later one with the same id. 0: there is
// none.
std::int64_t birth_of(std::int64_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    auto at = line.rfind(')'); // the name before it may contain anything
    if (at == line.npos || line.compare(at, 3, ") Z") == 0)
        return 0;
    for (int fields = 0; fields < 20 && at != line.npos; ++fields)
        at = line.find(' ', at + 1);
    return at == line.npos ? 0 : std::strtoll(line.c_str() + at, nullptr, 10);
}

// The file, read and written back while nobody else does.
class locked_file
{
public:
    explicit locked_file(const std::string& path)
        : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
    {
        while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR)
            ;
        std::string text(64 * 1024, '\0');
        const auto size = ::pread(descriptor_, text.data(), text.size(), 0);
        auto parsed = parse_json(
            std::string_view(text).substr(0, size > 0 ? static_cast<std::size_t>(size) : 0), "the registry");
        if (parsed && parsed->is_array())
            agents = std::move(parsed->as_array());
    }
    ~locked_file()
    {
        const auto text = json::serialize(agents);
        if (::ftruncate(descriptor_, 0) == 0)
            (void)!::pwrite(descriptor_, text.data(), text.size(), 0);
        ::close(descriptor_);
    }
    locked_file(const locked_file&) = delete;

    json::array agents; // {pid, birth, gone, urls: [{url, pooling}]}

    json::object* mine()
    {
        for (auto& a : agents)
            if (auto* agent = a.if_object(); agent && get_int(*agent, "pid") == ::getpid())
                return agent;
        return nullptr;
    }

    // Forgets those that died long enough ago.
    void tidy(std::chrono::milliseconds linger)
    {
        const auto now = now_ms();
        for (auto it = agents.begin(); it != agents.end();)
        {
            auto* agent = it->if_object();
            const bool alive =
                agent && birth_of(get_int(*agent, "pid").value_or(0)) == get_int(*agent, "birth");
            if (agent && !alive && get_int(*agent, "gone").value_or(0) == 0)
                (*agent)["gone"] = now;
            const bool over =
                !agent || (!alive && now - get_int(*agent, "gone").value_or(0) >= linger.count());
            it = over ? agents.erase(it) : it + 1;
        }
    }

private:
    int descriptor_;
};

} // namespace

account::account(std::string file, int agents, std::chrono::milliseconds linger)
    : file_(std::move(file)), agents_(agents), linger_(linger)
{
}

bool account::enter()
{
    if (file_.empty())
        return true;
    locked_file file(file_);
    file.tidy(linger_);
    if (file.agents.size() >= static_cast<std::size_t>(agents_))
        return false;
    json::object me{
        {"pid", ::getpid()}, {"birth", birth_of(::getpid())}, {"gone", 0}, {"urls", json::array()}};
    file.agents.push_back(std::move(me));
    return true;
}

bool account::claim(const std::string& url, bool pooling)
{
    if (file_.empty())
        return true;
    locked_file file(file_);
    file.tidy(linger_);
    for (const auto& a : file.agents)
        for (const auto& u : a.at("urls").as_array())
            if (const auto& claimed = u.as_object();
                get_text(claimed, "url") == url && !(pooling && get_bool(claimed, "pooling").value_or(false)))
                return false;
    if (auto* me = file.mine())
    {
        json::object claimed{{"url", url}, {"pooling", pooling}};
        (*me)["urls"].as_array().push_back(std::move(claimed));
    }
    return true;
}

void account::release(const std::string& url)
{
    if (file_.empty())
        return;
    locked_file file(file_);
    if (auto* me = file.mine())
    {
        auto& urls = (*me)["urls"].as_array();
        for (auto it = urls.begin(); it != urls.end();)
            it = text_or(it->as_object(), "url") == url ? urls.erase(it) : it + 1;
    }
}

void account::leave()
{
    if (file_.empty())
        return;
    locked_file file(file_);
    for (auto it = file.agents.begin(); it != file.agents.end();)
        it = get_int(it->as_object(), "pid") == ::getpid() ? file.agents.erase(it) : it + 1;
}

} // namespace postern::standin
