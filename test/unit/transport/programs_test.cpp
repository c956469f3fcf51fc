#include "postern/transport/programs.hpp"

#include "support/folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <filesystem>

using namespace postern;
using namespace postern::transport;
using postern::test::folder;

namespace {

bool says(const result<std::string>& found, const char* words)
{
    return found.has_error() && found.error().is(errc::bad_configuration) &&
           describe(found.error()).find(words) != std::string::npos;
}

boost::system::error_code of_system(int number) { return {number, boost::system::system_category()}; }

} // namespace

BOOST_AUTO_TEST_SUITE(programs)

BOOST_AUTO_TEST_CASE(a_name_is_looked_up_on_the_path_in_its_order)
{
    const folder first, second;
    first.file("other", "", 0755);
    const auto tool = second.file("tool", "", 0755);
    BOOST_TEST(find_program("tool", first.path + "::/no/such/folder:" + second.path).value() == tool);

    const auto nearer = first.file("tool", "", 0755);
    BOOST_TEST(find_program("tool", first.path + ":" + second.path).value() == nearer);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_run_is_passed_over_and_named_if_there_is_nothing_else)
{
    const folder first, second;
    const auto plain = first.file("tool", "", 0644);
    std::filesystem::create_directory(first.path + "/folder");
    BOOST_TEST(says(find_program("tool", first.path), (plain + " is not executable").c_str()));
    BOOST_TEST(says(find_program("folder", first.path), "not on the PATH"));

    const auto tool = second.file("tool", "", 0755);
    BOOST_TEST(find_program("tool", first.path + ":" + second.path).value() == tool);
}

BOOST_AUTO_TEST_CASE(a_path_is_taken_as_it_is_and_made_absolute)
{
    const folder here;
    const auto tool = here.file("tool", "", 0755);
    BOOST_TEST(find_program(tool, "").value() == tool);

    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(here.path);
    const auto relative = find_program("./tool", "");
    std::filesystem::current_path(before);
    BOOST_TEST(relative.value() == here.path + "/./tool");
}

BOOST_AUTO_TEST_CASE(every_failure_names_the_program_and_says_what_to_do)
{
    const folder here;
    const auto plain = here.file("plain", "", 0644);
    BOOST_TEST(says(find_program("no-such-tool", "/no/such:/folder"),
                    "starting no-such-tool: configuration error: it is not on the PATH (/no/such:/folder); "
                    "install it, or give its whole path"));
    BOOST_TEST(
        says(find_program("/no/such/tool", ""), "starting /no/such/tool: configuration error: there is"));
    BOOST_TEST(says(find_program(plain + "/tool", ""), "there is no such file"));
    BOOST_TEST(says(find_program(plain, ""), "is not executable"));
    BOOST_TEST(says(find_program(plain, ""), "chmod +x"));
    BOOST_TEST(says(find_program(here.path, ""), "it is a directory"));
    BOOST_TEST(says(find_program("", "/bin"), "its name is empty"));
    BOOST_TEST(says(find_program("a\nb", "/bin"), "starting a\\x0ab"));
}

BOOST_AUTO_TEST_CASE(a_person_is_asked_only_for_what_a_person_can_change)
{
    for (const int number : {ENOEXEC, ENOENT, EACCES, E2BIG, EINVAL})
        BOOST_TEST(launch_failure("tool", of_system(number)).is(errc::bad_configuration));
    for (const int number : {EAGAIN, ENOMEM, EMFILE, ENFILE})
        BOOST_TEST(launch_failure("tool", of_system(number)).code == of_system(number));
}

BOOST_AUTO_TEST_SUITE_END()
