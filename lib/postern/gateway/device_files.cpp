#include "postern/gateway/device_files.hpp"

#include "postern/base/ids.hpp"
#include "postern/gateway/private_files.hpp"

#include <array>
#include <unistd.h>

namespace postern {
namespace {

constexpr auto file_name = "device";

// Host names go into a name that other people read: letters, digits, '-' and '.' only.
std::string host_name()
{
    std::array<char, 65> raw{}; // one more than the longest, so that it ends with zero
    if (::gethostname(raw.data(), raw.size() - 1) != 0)
        return "host";
    std::string name;
    for (const char* c = raw.data(); *c && name.size() < 40; ++c)
    {
        const bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                           *c == '-' || *c == '.';
        name += plain ? *c : '-';
    }
    return name.empty() ? "host" : name;
}

} // namespace

std::string default_device_name(std::string_view person_id)
{
    return "postern-" + host_name() + '-' + uuid_of(person_id).substr(0, 8);
}

source::device_memory remembered_device(const std::string& data_dir, log out)
{
    source::device_memory memory;
    auto kept = read_kept(data_dir, file_name);
    if (kept.has_error())
        out.warning("the device of the last run is not known", {{"reason", describe(kept.error())}});
    else
        memory.url = std::move(*kept);
    memory.keep = [data_dir, out](const std::string& url) {
        const auto written = url.empty() ? forget(data_dir, file_name) : keep(data_dir, file_name, url);
        if (written.has_error())
            out.warning("our device can't be remembered", {{"reason", describe(written.error())}});
    };
    return memory;
}

} // namespace postern
