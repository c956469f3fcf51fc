#pragma once

#include "guard_scene.hpp"

#include "postern/guard/audit_book.hpp"
#include "postern/guard/audit_file.hpp"
#include "postern/guard/auditor.hpp"

#include "support/folder.hpp"

#include <filesystem>

namespace postern::test {

inline webex::room room(std::string_view name, std::string type = "group")
{
    webex::room r;
    r.id = room_id(name);
    r.title = std::string(name);
    r.type = std::move(type);
    return r;
}

// A bot of the organisation a, and its rooms.
struct audit_scene
{
    audit_scene()
    {
        options.organisations = {"own"};
        how.resume_file = files.path + "/state/audit-progress.json";
    }

    void put(std::string_view name, const std::vector<std::string_view>& members, std::string type = "group")
    {
        rooms.push_back(room(name, std::move(type)));
        api->put(name, members);
    }

    result<guard::audit_report> run_audit()
    {
        api->room_lists = {rooms};
        result<guard::audit_report> made = error(errc::timed_out);
        run([&](net::io_context&) -> awaitable<void> {
            made = co_await guard::audit(options, how, api, person("bot@a", "bot"), log.writer);
        });
        return made;
    }

    std::vector<std::string> removals() const
    {
        std::vector<std::string> all;
        for (const auto& c : api->calls)
            if (c.starts_with("remove_member "))
                all.push_back(c.substr(c.find(' ') + 1));
        return all;
    }
    bool kept() const { return std::filesystem::exists(how.resume_file); }

    folder files;
    guard::guard_options options;
    guard::audit_options how;
    std::vector<webex::room> rooms;
    std::shared_ptr<slow_webex_api> api = std::make_shared<slow_webex_api>();
    captured_log log;
};

inline const guard::audited_room& find(const guard::audit_report& r, std::string_view name)
{
    for (const auto& b : r.bad)
        if (b.room == room_id(name))
            return b;
    throw std::runtime_error("not in the report: " + std::string(name));
}

} // namespace postern::test
