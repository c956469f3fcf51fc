#include "postern/source/tunnel/ngrok_errors.hpp"

#include "tunnel_words.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern::source;

namespace {

trouble_kind kind_of(int code) { return explain_ngrok("ERR_NGROK_" + std::to_string(code), "text").kind; }

} // namespace

BOOST_AUTO_TEST_SUITE(ngrok_errors)

BOOST_AUTO_TEST_CASE(what_only_a_person_can_mend_asks_for_a_person)
{
    for (const int code :
         {102, 103, 105, 106, 107, 111, 112, 115, 116, 119,  120,  121,  122,  123,  124,  126,   127,
          307, 322, 337, 338, 347, 354, 355, 727, 739, 3208, 4018, 8014, 9009, 9037, 9040, 15002, 15013})
        BOOST_TEST(kind_of(code) == trouble_kind::person, code);
}

BOOST_AUTO_TEST_CASE(what_may_pass_is_tried_again)
{
    for (const int code : {128, 722, 802, 3200, 8012})
        BOOST_TEST(kind_of(code) == trouble_kind::passing, code);
    for (const int code : {108, 324})
        BOOST_TEST(kind_of(code) == trouble_kind::crowded, code);
    for (const int code : {334, 6025, 6030})
        BOOST_TEST(kind_of(code) == trouble_kind::lingering, code);
}

BOOST_AUTO_TEST_CASE(every_known_code_has_words_and_something_to_do)
{
    for (int code = 1; code < 16'000; ++code)
    {
        const auto t = explain_ngrok("ERR_NGROK_" + std::to_string(code), {});
        if (t.kind == trouble_kind::unknown)
            continue;
        BOOST_TEST(!t.words.empty(), code);
        BOOST_TEST(!t.advice.empty(), code);
    }
}

BOOST_AUTO_TEST_CASE(an_unknown_code_is_quoted_and_leads_to_its_page)
{
    const auto t = explain_ngrok("ERR_NGROK_9999", "no such\x1b[2J luck");
    BOOST_TEST(t.kind == trouble_kind::unknown);
    BOOST_TEST(t.words.find("luck") != std::string::npos);
    BOOST_TEST(t.words.find('\x1b') == std::string::npos);
    BOOST_TEST(t.advice == "see https://ngrok.com/docs/errors/err_ngrok_9999");
}

BOOST_AUTO_TEST_CASE(a_trouble_reads_as_one_line)
{
    BOOST_TEST(describe(explain_ngrok("ERR_NGROK_107", {})) ==
               "ERR_NGROK_107: ngrok's authtoken was reset or revoked; copy it again from "
               "https://dashboard.ngrok.com/get-started/your-authtoken");
}

BOOST_AUTO_TEST_CASE(a_code_is_found_anywhere_and_only_whole)
{
    BOOST_TEST(find_ngrok_code("text\r\n\r\nERR_NGROK_105\r\n") == "ERR_NGROK_105");
    BOOST_TEST(find_ngrok_code("ERR_NGROK_ ERR_NGROK_8012.") == "ERR_NGROK_8012");
    BOOST_TEST(find_ngrok_code("ERR_NGROK_").empty());
    BOOST_TEST(find_ngrok_code("err_ngrok_105").empty());
    BOOST_TEST(find_ngrok_code("").empty());
}

BOOST_AUTO_TEST_CASE(texts_about_the_network_say_where_to_look)
{
    BOOST_TEST(explain_ngrok_text("lookup connect.ngrok-agent.com: i/o timeout").advice.find("DNS") !=
               std::string::npos);
    BOOST_TEST(explain_ngrok_text("dial tcp 203.0.113.10:443: i/o timeout").advice.find("443") !=
               std::string::npos);
    BOOST_TEST(explain_ngrok_text("failed to fetch CRL: asn1: structure error").advice.find("port 80") !=
               std::string::npos);
    BOOST_TEST(explain_ngrok_text("something new").words == "something new");
}

BOOST_AUTO_TEST_SUITE_END()
