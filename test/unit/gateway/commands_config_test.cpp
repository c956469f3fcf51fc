#include "postern/gateway/commands_config.hpp"

#include "support/folder.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>

using namespace postern;
using namespace std::chrono_literals;

namespace {

environment variables(std::map<std::string, std::string> known)
{
    return [known = std::move(known)](const char* name) {
        const auto found = known.find(name);
        return found == known.end() ? nullptr : found->second.c_str();
    };
}

result<no_code_options> read(const std::string& content, std::map<std::string, std::string> env = {})
{
    return read_commands(content, "p.toml", variables(std::move(env)), true);
}

std::string complaint(const std::string& content)
{
    const auto got = read(content);
    return got ? "read" : describe(got.error());
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != text.npos; }

const std::string disk = "[[commands]]\nname = \"/disk\"\nexec = [\"df\", \"-h\"]\n";

} // namespace

BOOST_AUTO_TEST_SUITE(commands_config)

BOOST_AUTO_TEST_CASE(a_file_without_commands_has_none)
{
    const auto got = read("threads = 3\n");
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->commands.empty());
}

BOOST_AUTO_TEST_CASE(a_program_is_read_with_all_that_can_be_said_of_it)
{
    const auto got = read(disk + "help = \"how full\"\naliases = [\"/df\"]\narguments = \"[which]\"\n"
                                 "group = \"Disks\"\nhidden = true\ncooldown = \"5s\"\ndetails = \"more\"\n"
                                 "people = [\"a@example.com\"]\ndomains = [\"example.com\"]\n"
                                 "organisations = [\"own\"]\nmoderators = true\nrefusal = \"no\"\n"
                                 "timeout = 20\nconcurrent = 2\nenv = [\"ONE\", \"TWO\"]\n"
                                 "directory = \"/tmp\"\nformat = \"code\"\nshow_errors = true\n"
                                 "reply_for = \"1h\"\nreply_uses = 3\nreply_url = \"http://x:1/\"\n",
                          {{"ONE", "1"}, {"PATH", "/bin"}, {"HOME", "/home"}, {"OTHER", "x"}});
    BOOST_TEST_REQUIRE(got.has_value(), describe(got.error()));
    BOOST_TEST_REQUIRE(got->commands.size() == 1u);
    const auto& c = got->commands[0];
    BOOST_TEST(c.what.name == "/disk");
    BOOST_TEST(c.what.help == "how full");
    BOOST_TEST(c.what.details == "more");
    BOOST_TEST(c.what.arguments == "[which]");
    BOOST_TEST(c.what.aliases.size() == 1u);
    BOOST_TEST(c.what.group == "Disks");
    BOOST_TEST(c.what.hidden);
    BOOST_TEST((c.what.cooldown == 5s));
    BOOST_TEST(c.what.only_for.people.at(0) == "a@example.com");
    BOOST_TEST(c.what.only_for.domains.at(0) == "example.com");
    BOOST_TEST(c.what.only_for.organisations.at(0) == "own");
    BOOST_TEST(c.what.only_for.moderators);
    BOOST_TEST((c.what.only_for.refusal == "no"));
    BOOST_TEST((c.timeout == 20s));
    BOOST_TEST(c.concurrent == 2u);
    BOOST_TEST((c.reply_for == 1h));
    BOOST_TEST(c.reply_uses == 3u);
    BOOST_TEST(c.reply_url == "http://x:1");
    BOOST_TEST(c.written_at == "p.toml:1");
    const auto& program = std::get<program_call>(c.how);
    BOOST_TEST(program.words == (std::vector<std::string>{"df", "-h"}), boost::test_tools::per_element());
    BOOST_TEST((program.environment == std::map<std::string, std::string>{{"ONE", "1"}})); // TWO is not set
    BOOST_TEST(program.directory == "/tmp");
    BOOST_TEST((program.as == program_call::format::code));
    BOOST_TEST(program.show_errors);
    BOOST_TEST((got->environment == std::map<std::string, std::string>{{"HOME", "/home"}, {"PATH", "/bin"}}));
}

BOOST_AUTO_TEST_CASE(a_target_is_read_with_its_key)
{
    const test::folder files;
    const auto key = files.file("key", "abc\n", 0600);
    const auto text =
        "[[commands]]\nname = \"/ask\"\nurl = \"http://127.0.0.1:5000/hook\"\nsecret_file = \"" + key +
        "\"\n";
    const auto got = read(text);
    BOOST_TEST_REQUIRE(got.has_value(), describe(got.error()));
    const auto& target = std::get<target_call>(got->commands.at(0).how);
    BOOST_TEST(target.url == "http://127.0.0.1:5000/hook");
    BOOST_TEST(target.key.reveal() == "abc");
    const auto without = read_commands(text, "p.toml", variables({}), false);
    BOOST_TEST_REQUIRE(without.has_value());
    BOOST_TEST(std::get<target_call>(without->commands.at(0).how).key.empty());
}

BOOST_AUTO_TEST_CASE(each_mistake_is_named_with_file_line_and_key)
{
    const std::pair<std::string, std::string> rows[] = {
        {"commands = 1\n", "p.toml:1: commands: each command is a table"},
        {"commands = [1]\n", "p.toml:1: commands: each command is a table"},
        {"[[commands]]\nexec = [\"df\"]\n", "p.toml:1: commands: a command needs a name"},
        {"[[commands]]\nname = \"/a\"\n", "p.toml:1: commands: a command needs exec or url"},
        {disk + "url = \"http://x\"\n", "p.toml:1: commands: a command needs exec or url, and not both"},
        {disk + "secret_file = \"x\"\n", "p.toml:4: commands: secret_file is only for commands with url"},
        {"[[commands]]\nname = \"/a\"\nurl = \"http://x\"\nformat = \"code\"\n",
         "p.toml:4: commands: format"},
        {disk + "colour = \"red\"\n", "p.toml:4: commands: there is no key colour; there are name exec"},
        {disk + "timeout = \"soon\"\n", "p.toml:4: commands: timeout: expected a time"},
        {disk + "concurrent = 0\n", "p.toml:4: commands: concurrent: expected a whole number"},
        {disk + "hidden = \"yes\"\n", "p.toml:4: commands: hidden: expected true or false"},
        {disk + "format = \"html\"\n", "p.toml:4: commands: format: expected markdown, text or code"},
        {disk + "env = [\"A=b\"]\n", "p.toml:4: commands: env"},
        {disk + "env = [\"POSTERN_ARGS\"]\n", "p.toml:4: commands: env"},
        {disk + "domains = [\"nonsense\"]\n", "p.toml:4: commands: domains"},
        {disk + "arguments = \"<\"\n", "p.toml:1: /disk: arguments"},
        {disk + "aliases = [\"/help\"]\n", "p.toml:1: /disk"},
        {disk + disk, "p.toml:4: /disk: there is another command of this name"},
        {"[[commands]\n", "p.toml:1"},
    };
    for (const auto& [content, words] : rows)
        BOOST_TEST(says(complaint(content), words), words << " is not in " << complaint(content));
}

BOOST_AUTO_TEST_CASE(every_key_is_explained)
{
    BOOST_TEST(!command_keys().empty());
    for (const auto& known : command_keys())
        BOOST_TEST(!known.help.empty(), known.key);
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_named_at_once)
{
    const auto said = complaint("[[commands]]\nname = 1\nexec = [\"df\"]\ntimeout = true\n" + disk +
                                "arguments = \"<\"\n[[commands]]\n");
    for (const auto* words : {"p.toml:2: commands: name", "p.toml:4: commands: timeout",
                              "p.toml:5: /disk: arguments", "p.toml:9: commands: a command needs a name"})
        BOOST_TEST(says(said, words), words << " is not in " << said);
}

BOOST_AUTO_TEST_CASE(a_time_that_does_not_fit_and_a_token_in_the_environment_are_refused)
{
    gateway_options o;
    o.token = secret("the-token");
    auto got = read(disk + "timeout = \"46s\"\nenv = [\"LEAK\"]\n", {{"LEAK", "Bearer the-token"}});
    BOOST_TEST_REQUIRE(got.has_value(), describe(got.error()));
    o.no_code = std::move(*got);
    const auto said = check_commands(o);
    BOOST_TEST_REQUIRE(said.size() == 2u);
    BOOST_TEST(says(said[0], "p.toml:1: commands: /disk: timeout: at most 45s"), said[0]);
    BOOST_TEST(says(said[1], "LEAK holds the access token"), said[1]);
    BOOST_TEST(!says(said[1], "the-token"));
    o.dispatch.handler_deadline = 120s;
    BOOST_TEST(check_commands(o).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
