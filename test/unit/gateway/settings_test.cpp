#include "postern/gateway/private_files.hpp"
#include "postern/gateway/settings.hpp"

#include "postern/base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace postern;

namespace {

environment variables(std::map<std::string, std::string> known)
{
    return [known = std::move(known)](const char* name) {
        const auto found = known.find(name);
        return found == known.end() ? nullptr : found->second.c_str();
    };
}

struct passing_directory
{
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("postern-settings-" + random_hex(6));
    passing_directory() { std::filesystem::create_directory(path); }
    ~passing_directory() { std::filesystem::remove_all(path); }
    std::string file(const std::string& name, const std::string& content) const
    {
        std::ofstream(path / name) << content;
        return (path / name).string();
    }
};

std::string complaint(const result<gateway_options>& loaded)
{
    return loaded.has_error() ? describe(loaded.error()) : "loaded";
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(a_flag_wins_over_a_variable_and_a_variable_over_the_file)
{
    const passing_directory dir;
    const auto file =
        dir.file("p.toml", "threads = 3\n[webhook]\npath = \"/file\"\npublic_url = \"https://file\"\n"
                           "[log]\nlevel = \"error\"\n");
    const auto env = variables(
        {{"POSTERN_WEBHOOK_PATH", "/variable"}, {"POSTERN_WEBHOOK_PUBLIC_URL", "https://variable"}});
    const auto loaded = load_options(file, {{"webhook.path", "/flag"}}, env);
    BOOST_TEST_REQUIRE(loaded.has_value(), complaint(loaded));
    BOOST_TEST(loaded->webhook_path == "/flag");
    BOOST_TEST(loaded->public_url == "https://variable");
    BOOST_TEST(loaded->threads == 3u);
    BOOST_TEST((loaded->level == severity::error));
    BOOST_TEST(loaded->listener.listen == "127.0.0.1:8080"); // a default nobody touched
}

BOOST_AUTO_TEST_CASE(every_variable_name_people_know_brings_the_token_and_the_newest_wins)
{
    for (const auto* name :
         {"WEBEX_ACCESS_TOKEN", "WEBEX_TEAMS_ACCESS_TOKEN", "WEBEX_BOT_TOKEN", "SPARK_ACCESS_TOKEN",
          "CISCO_SPARK_ACCESS_TOKEN", "TEAMS_BOT_TOKEN", "BOT_ACCESS_TOKEN", "BOT_IDENTITY_TOKEN"})
    {
        const auto loaded = load_options("", {}, variables({{name, "t"}}));
        BOOST_TEST_REQUIRE(loaded.has_value());
        BOOST_TEST(loaded->token.reveal() == "t", name);
        BOOST_TEST(loaded->token_source == std::string("$") + name);
    }
    const auto both =
        load_options("", {}, variables({{"SPARK_ACCESS_TOKEN", "old"}, {"WEBEX_ACCESS_TOKEN", "new"}}));
    BOOST_TEST(both->token.reveal() == "new");
}

BOOST_AUTO_TEST_CASE(a_named_source_of_the_token_is_the_only_one)
{
    const passing_directory dir;
    const auto token = dir.file("token", "  from-file \nsecond line\n");
    const auto env = variables({{"WEBEX_ACCESS_TOKEN", "other"}, {"MY_TOKEN", "mine"}});
    BOOST_TEST(load_options("", {{"webex.token_file", token}}, env)->token.reveal() == "from-file");
    const auto named = dir.file("p.toml", "[webex]\ntoken_env = \"MY_TOKEN\"\n");
    BOOST_TEST(load_options(named, {}, env)->token.reveal() == "mine");
    const auto missing = dir.file("q.toml", "[webex]\ntoken_env = \"NOBODYS\"\n");
    BOOST_TEST(says(complaint(load_options(missing, {}, env)), "NOBODYS is not set"));
    const auto credential = dir.file("webex-token", "from systemd\n");
    BOOST_TEST(
        load_options("", {}, variables({{"CREDENTIALS_DIRECTORY", dir.path.string()}}))->token.reveal() ==
        "from systemd");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named_with_file_line_and_key)
{
    const passing_directory dir;
    const std::pair<std::string, std::vector<std::string>> rows[] = {
        {"[webhook]\npath = \"/x\"\npaht = 1\n", {":3:", "webhook.paht", "no such key"}},
        {"threads = \"many\"\n", {":1:", "threads", "whole number"}},
        {"threads = [1]\n", {":1:", "threads", "expected a text"}},
        {"[log]\nlevel = \"loud\"\n", {":2:", "log.level", "debug"}},
        {"[log\n", {":1"}},
        {"[webex.deeper]\nkey = 1\n", {"webex.deeper"}},
    };
    for (const auto& [content, words] : rows)
    {
        const auto file = dir.file("p.toml", content);
        const auto said = complaint(load_options(file, {}, variables({})));
        BOOST_TEST(says(said, file), said);
        for (const auto& w : words)
            BOOST_TEST(says(said, w), "expected " << w << " in: " << said);
    }
}

BOOST_AUTO_TEST_CASE(all_complaints_come_at_once)
{
    gateway_options o;
    o.api.base_url = "nowhere";
    o.way = mode::webhook;
    o.webhook_path = "no slash";
    o.threads = 0;
    const auto complaints = check(o);
    BOOST_TEST(complaints.size() >= 4u); // these, and there is no token
}

BOOST_AUTO_TEST_CASE(a_public_url_is_needed_unless_the_cloud_is_on_this_machine)
{
    gateway_options o;
    o.way = mode::webhook;
    o.token = secret("t");
    BOOST_TEST(check(o).size() == 1u);
    o.api.base_url = "http://127.0.0.1:4000/v1";
    BOOST_TEST(check(o).empty());
}

BOOST_AUTO_TEST_CASE(websocket_mode_is_the_default_and_needs_nothing_but_a_token)
{
    gateway_options o;
    o.token = secret("t");
    BOOST_TEST((o.way == mode::websocket));
    BOOST_TEST(check(o).empty());
}

BOOST_AUTO_TEST_CASE(a_token_of_another_cloud_is_never_sent_to_the_public_catalogue)
{
    gateway_options o;
    o.token = secret("t");
    o.api.base_url = "http://127.0.0.1:4000/v1";
    const auto complaints = check(o);
    BOOST_TEST_REQUIRE(complaints.size() == 1u);
    BOOST_TEST(says(complaints[0], "--u2c-url"));
    o.device.u2c_url = "http://127.0.0.1:4000/u2c/api/v1";
    BOOST_TEST(check(o).empty());
}

BOOST_AUTO_TEST_CASE(the_proxy_comes_from_the_environment_unless_a_setting_names_another_or_none)
{
    const auto cloud = *transport::parse_url("https://webexapis.com/v1");
    const auto near = *transport::parse_url("https://near.example/");
    const auto here = *transport::parse_url("http://127.0.0.1:8080/");
    const auto way = [](const gateway_options& o, const transport::url& where) {
        const auto* proxy = o.client.proxy.proxy_for(where);
        return proxy ? proxy->name() : std::string("direct");
    };
    struct row
    {
        const char* what;
        std::map<std::string, std::string> flags;
        const char* to_cloud;
        const char* to_near;
        const char* to_here;
    };
    const row rows[] = {
        {"environment", {}, "env:1", "direct", "direct"},
        {"--proxy", {{"network.proxy", "http://set:2"}}, "set:2", "direct", "direct"},
        {"--proxy none", {{"network.proxy", "none"}}, "direct", "direct", "direct"},
        {"--no-proxy", {{"network.no_proxy", "webexapis.com"}}, "direct", "env:1", "direct"},
        {"--no-proxy with nothing in it", {{"network.no_proxy", ""}}, "env:1", "env:1", "direct"},
        {"for tests", {{"network.proxy", "t:3"}, {"network.proxy_loopback", "true"}}, "t:3", "direct", "t:3"},
    };
    const auto env = variables({{"HTTPS_PROXY", "http://env:1"}, {"no_proxy", "near.example"}});
    for (const auto& r : rows)
        BOOST_TEST_CONTEXT(r.what)
        {
            const auto loaded = load_options("", r.flags, env);
            BOOST_TEST_REQUIRE(loaded.has_value(), complaint(loaded));
            BOOST_TEST(way(*loaded, cloud) == r.to_cloud);
            BOOST_TEST(way(*loaded, near) == r.to_near);
            BOOST_TEST(way(*loaded, here) == r.to_here);
        }
    const auto by_variable =
        load_options("", {}, variables({{"POSTERN_NETWORK_PROXY", "none"}, {"HTTPS_PROXY", "http://env:1"}}));
    BOOST_TEST_REQUIRE(by_variable.has_value(), complaint(by_variable));
    BOOST_TEST(by_variable->client.proxy.empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_proxy_is_told_with_its_setting_and_without_its_password)
{
    const passing_directory dir;
    const auto file = dir.file("p.toml", "[network]\nproxy = \"http://me:hunter2@p:99999\"\n");
    const std::pair<result<gateway_options>, const char*> rows[] = {
        {load_options("", {{"network.proxy", "socks5://me:hunter2@p"}}, variables({})), "--proxy"},
        {load_options("", {{"network.proxy", ""}}, variables({})), "--proxy"},
        {load_options("", {{"network.no_proxy", "a.example,10.*"}}, variables({})), "--no-proxy"},
        {load_options("", {}, variables({{"POSTERN_NETWORK_PROXY", "x://hunter2@"}})),
         "POSTERN_NETWORK_PROXY"},
        {load_options("", {}, variables({{"https_proxy", "http://me:hunter2@:1"}})), "https_proxy"},
        {load_options(file, {}, variables({})), "p.toml:2: network.proxy"},
    };
    for (const auto& [loaded, words] : rows)
    {
        BOOST_TEST_REQUIRE(loaded.has_error());
        BOOST_TEST(loaded.error().is(errc::bad_configuration));
        BOOST_TEST(says(complaint(loaded), words), complaint(loaded));
        BOOST_TEST(!says(complaint(loaded), "hunter2"), complaint(loaded));
    }
}

BOOST_AUTO_TEST_CASE(who_may_be_in_a_room_is_a_list_in_the_file_and_a_comma_list_elsewhere)
{
    const passing_directory dir;
    const auto file =
        dir.file("p.toml", "[guard]\norganisations = [\"own\", "
                           "\"1eb65fdf-9643-417f-9974-ad72cae0e10f\"]\ndomains = \"@a.example\"\n"
                           "check = \"sender\"\naction = \"leave\"\nbots = true\n[audit]\nevery = \"off\"\n");
    const auto loaded =
        load_options(file, {{"guard.people", "Ann@a.example, bob@b.example"}},
                     variables({{"WEBEX_ACCESS_TOKEN", "x"}, {"ALLOWED_DOMAINS", "ignored.example"}}));
    BOOST_TEST_REQUIRE(loaded.has_value(), complaint(loaded));
    const auto& g = loaded->guard;
    BOOST_TEST((g.organisations == std::vector<std::string>{"own", "1eb65fdf-9643-417f-9974-ad72cae0e10f"}));
    BOOST_TEST((g.people == std::vector<std::string>{"Ann@a.example", "bob@b.example"}));
    BOOST_TEST((g.check == guard::check_of::sender));
    BOOST_TEST((g.action == guard::on_refusal::leave));
    BOOST_TEST(g.bots);
    BOOST_TEST(!g.monitors);
    BOOST_TEST((loaded->audit.every == std::chrono::milliseconds(0)));
    BOOST_TEST(g.configured());
}

BOOST_AUTO_TEST_CASE(allowed_domains_are_found_under_the_names_that_other_frameworks_use)
{
    for (const auto* name : {"ALLOWED_DOMAINS", "PERMITTED_DOMAINS", "WHITELIST_DOMAINS"})
    {
        const auto loaded =
            load_options("", {}, variables({{"WEBEX_ACCESS_TOKEN", "x"}, {name, "a.example,b.example"}}));
        BOOST_TEST_REQUIRE(loaded.has_value(), complaint(loaded));
        BOOST_TEST((loaded->guard.domains == std::vector<std::string>{"a.example", "b.example"}), name);
        const auto wrong =
            load_options("", {}, variables({{"WEBEX_ACCESS_TOKEN", "x"}, {name, "everybody"}}));
        BOOST_TEST(says(complaint(wrong), name), complaint(wrong));
    }
}

BOOST_AUTO_TEST_CASE(a_guard_that_would_let_in_others_than_was_meant_is_no_guard_at_all)
{
    const passing_directory dir;
    const std::pair<const char*, const char*> rows[] = {
        {"organisations = [\"Example Inc.\"]", "organisation's id"},
        {"organisations = []", "expected"},
        {"organisations = [1]", "list of texts"},
        {"domains = [\"*.example.com\"]", "domain"},
        {"domains = \"example\"", "domain"},
        {"people = [\"ann\"]", "e-mail"},
        {"people = [\"ann@\"]", "e-mail"},
        {"rooms = [\"The Lab\"]", "room's id"},
        {"check = \"all\"", "room or sender"},
        {"action = \"kick\"", "leave or remove"}};
    for (const auto& [line, words] : rows)
    {
        const auto loaded = load_options(dir.file("p.toml", std::string("[guard]\n") + line + "\n"), {},
                                         variables({{"WEBEX_ACCESS_TOKEN", "x"}}));
        BOOST_TEST_REQUIRE(loaded.has_error(), line);
        BOOST_TEST(says(complaint(loaded), words), complaint(loaded));
        BOOST_TEST(says(complaint(loaded), ":2: guard."), complaint(loaded));
    }
}

BOOST_AUTO_TEST_CASE(keys_variables_and_flags_are_distinct_and_documented)
{
    std::set<std::string> keys, names, flags;
    for (const auto& s : postern::settings())
    {
        BOOST_TEST(keys.insert(std::string(s.key)).second);
        BOOST_TEST(names.insert(variable_of(s.key)).second);
        BOOST_TEST((s.flag.empty() || flags.insert(std::string(s.flag)).second));
        BOOST_TEST(!s.help.empty());
    }
    BOOST_TEST(variable_of("webex.api_url") == "POSTERN_WEBEX_API_URL");
}

BOOST_AUTO_TEST_CASE(who_only_looks_for_files_needs_no_secret_and_no_proxy)
{
    const passing_directory dir;
    const auto file = dir.file("p.toml", "data_dir = \"/var/lib/x\"\n[webex]\ntoken_env = \"NOT_SET\"\n"
                                         "[webhook]\nsecret_file = \"/nowhere/secret\"\n"
                                         "[tunnel]\ntoken_file = \"/nowhere/token\"\n");
    const auto env = variables({{"POSTERN_WEBEX_TOKEN_FILE", "/nowhere/else"}, {"HTTPS_PROXY", "://"}});
    BOOST_TEST(load_options(file, {}, env).has_error());
    const auto loaded = load_options_without_secrets(file, {{"journal.file", "/j.db"}}, env);
    BOOST_TEST_REQUIRE(loaded.has_value(), complaint(loaded));
    BOOST_TEST(loaded->data_dir == "/var/lib/x");
    BOOST_TEST(journal_file(*loaded) == "/j.db");
    BOOST_TEST(loaded->token.empty());
    BOOST_TEST(load_options_without_secrets(dir.file("q.toml", "nonsense = 1\n"), {}, env).has_error());
}

BOOST_AUTO_TEST_CASE(what_we_make_is_made_once_and_for_our_eyes_only)
{
    const passing_directory dir;
    const auto inner = (dir.path / "state").string();
    int made = 0;
    const auto make = [&] { return "value-" + std::to_string(++made); };
    BOOST_TEST(*read_or_make(inner, "secret", make) == "value-1");
    BOOST_TEST(*read_or_make(inner, "secret", make) == "value-1");
    BOOST_TEST(made == 1);
    using std::filesystem::perms;
    BOOST_TEST((std::filesystem::status(inner + "/secret").permissions() ==
                (perms::owner_read | perms::owner_write)));
    BOOST_TEST((std::filesystem::status(inner).permissions() == perms::owner_all));
    const auto impossible = read_or_make("/proc/nowhere", "x", make);
    BOOST_TEST_REQUIRE(impossible.has_error());
    BOOST_TEST(says(describe(impossible.error()), "--data-dir"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_small_file_is_refused)
{
    const passing_directory dir;
    BOOST_TEST(read_small_file(dir.path.string()).has_error());
    BOOST_TEST(read_small_file("/dev/zero").has_error());
    const auto big = dir.file("big", std::string(1024 * 1024 + 1, 'x'));
    BOOST_TEST((read_small_file(big).error().is(errc::too_large)));
}

BOOST_AUTO_TEST_SUITE_END()
