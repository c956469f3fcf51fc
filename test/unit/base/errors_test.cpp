#include "postern/base/error.hpp"
#include "postern/base/result.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(an_error_tells_what_was_tried_what_happened_and_what_to_do)
{
    auto e = error(errc::api_rejected, "registering device")
                 .because("excessive registrations")
                 .advise("run prune");
    e.status = 403;
    e.tracking_id = "ROUTERGW_1";
    BOOST_TEST(describe(e) ==
               "registering device: 403, refused by Webex: excessive registrations, tracking id "
               "ROUTERGW_1; run prune");
    BOOST_TEST(describe(std::move(e).during("starting")).starts_with("starting: registering device: 403"));
}

BOOST_AUTO_TEST_CASE(foreign_text_can_neither_break_a_line_nor_fill_a_log)
{
    const auto e = error(errc::bad_response).quoting("a\r\nforged line\x1b[31m" + std::string(5000, 'x'));
    const auto line = describe(e);
    BOOST_TEST(line.find('\n') == line.npos);
    BOOST_TEST(line.find('\x1b') == line.npos);
    BOOST_TEST(line.size() < 300u);
    BOOST_TEST(printable("aé", 2) == "a..."); // never half a code point
    BOOST_TEST(printable("a\xc2\x9b"
                         "31m\xc2\xa0") ==
               "a\\xc2\\x9b31m\xc2\xa0"); // CSI in its second form; a hard blank stays
}

BOOST_AUTO_TEST_CASE(every_code_says_whether_trying_again_helps)
{
    BOOST_TEST(error(errc::api_unavailable).is(failure::retry_later));
    BOOST_TEST(error(errc::connection_lost).is(failure::retry_later));
    BOOST_TEST(error(errc::token_rejected).is(failure::drop));
    BOOST_TEST(!error(errc::api_rejected).is(failure::retry_later));
    for (int value = 1; value <= static_cast<int>(errc::handler_failed); ++value)
        BOOST_TEST(make_error_code(static_cast<errc>(value)).message() != "unknown postern error");
}

BOOST_AUTO_TEST_CASE(a_result_that_is_used_against_its_error_throws_its_story)
{
    const result<int> failed = error(errc::timed_out, "asking");
    BOOST_CHECK_EXCEPTION((void)failed.value(), boost::system::system_error, [](const auto& e) {
        return std::string(e.what()).find("asking: no answer in time") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
