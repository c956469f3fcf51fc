#include "postern/source/webhook/path_finding.hpp"

#include <boost/test/unit_test.hpp>

using namespace postern;
using namespace postern::source;

namespace {

const std::string nonce(32, 'a');
const ping_fate unseen{};

transport::url where() { return transport::parse_url("https://word.example/webhook").value(); }

path_finding answered(unsigned status, std::string body = {}, transport::header_fields headers = {},
                      const ping_fate& fate = unseen)
{
    auto given = transport::make_response(status, std::move(body), "text/html");
    for (const auto& [name, value] : headers)
        given.headers.add(name, value);
    return judge_path(where(), nonce, given, fate);
}

path_finding by_edge(unsigned status, std::string code)
{
    return answered(status, "<html>", {{"Ngrok-Error-Code", std::move(code)}});
}

path_finding failed(error why, const ping_fate& fate = unseen)
{
    return judge_path(where(), nonce, std::move(why), fate);
}

bool helps(const path_finding& f) { return !f.what.empty() && !f.advice.empty(); }

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(path_break)

BOOST_AUTO_TEST_SUITE(path_finding)

BOOST_AUTO_TEST_CASE(our_own_answer_to_our_own_ping_proves_the_way)
{
    const auto f = answered(200, ping_book::answer_for(nonce), {}, {true, {}});
    BOOST_TEST(f.whole());
    BOOST_TEST(describe(f) == "the way from the Internet to us is whole");
}

BOOST_AUTO_TEST_CASE(an_answer_that_we_did_not_give_proves_nothing)
{
    BOOST_TEST(answered(200, ping_book::answer_for(nonce)).at == path_break::stranger); // an echo
    BOOST_TEST(answered(200, "OK").at == path_break::stranger);
    BOOST_TEST(answered(204).at == path_break::stranger);
    BOOST_TEST(answered(200, ping_book::answer_for("other"), {}, {true, {}}).at == path_break::way_back);
}

BOOST_AUTO_TEST_CASE(each_step_of_connecting_has_a_name)
{
    auto lookup = error(errc::cannot_connect, "looking up word.example").because("no such name");
    BOOST_TEST(failed(std::move(lookup).during("POST https://word.example/webhook")).at ==
               path_break::lookup);
    BOOST_TEST(failed(error(errc::cannot_connect, "connecting to word.example (192.0.2.1:443)")).at ==
               path_break::connect);
    BOOST_TEST(failed(error(errc::timed_out)).at == path_break::edge);
    BOOST_TEST(failed(error(errc::connection_lost)).at == path_break::edge);
    for (const auto code : {errc::cannot_connect, errc::timed_out, errc::connection_lost, errc::bad_response})
        BOOST_TEST(helps(failed(error(code, "asking"))));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_refused_keeps_the_advice_of_who_refused_it)
{
    auto refused = error(errc::tls_failed, "TLS handshake").because("self-signed certificate");
    refused.advice = "if a private CA signs here, name its certificate with --ca-file";
    const auto f = failed(refused);
    BOOST_TEST(f.at == path_break::tls);
    const auto line = describe(f);
    const auto said = line.find("--ca-file");
    BOOST_TEST(said != std::string::npos);
    BOOST_TEST(line.find("--ca-file", said + 1) == std::string::npos); // once
    BOOST_TEST(helps(failed(error(errc::tls_failed, "TLS handshake"))));
}

BOOST_AUTO_TEST_CASE(what_ngroks_edge_says_is_put_into_words)
{
    const std::tuple<unsigned, const char*, path_break, const char*> rows[] = {
        {404, "ERR_NGROK_3200", path_break::edge, "offline"},
        {502, "ERR_NGROK_8012", path_break::tunnel, "can't reach our listener"},
        {502, "ERR_NGROK_3004", path_break::tunnel, "does not speak HTTP"},
        {403, "ERR_NGROK_3204", path_break::edge, "verification"},
        {200, "ERR_NGROK_6024", path_break::edge, "page for browsers"},
        {200, "ERR_NGROK_6022", path_break::edge, "account"},
        {429, "ERR_NGROK_734", path_break::edge, "rate limit"},
        {429, "ERR_NGROK_702", path_break::edge, "rate limit"},
        {502, "ERR_NGROK_99999", path_break::edge, "ERR_NGROK_99999"},
    };
    for (const auto& [status, code, at, words] : rows)
    {
        const auto f = by_edge(status, code);
        BOOST_TEST(f.at == at, code);
        BOOST_TEST(f.what.find(words) != std::string::npos, code);
        BOOST_TEST(f.what.find(code) != std::string::npos, code);
        BOOST_TEST(helps(f), code);
    }
}

BOOST_AUTO_TEST_CASE(statuses_without_a_word_of_the_edge_are_judged_too)
{
    const std::pair<unsigned, path_break> rows[] = {
        {301, path_break::stranger}, {302, path_break::stranger}, {400, path_break::stranger},
        {401, path_break::edge},     {403, path_break::edge},     {404, path_break::stranger},
        {407, path_break::proxy},    {429, path_break::edge},     {500, path_break::stranger},
        {502, path_break::tunnel},   {503, path_break::tunnel},   {504, path_break::tunnel}};
    for (const auto& [status, at] : rows)
    {
        const auto f = answered(status, "<html>");
        BOOST_TEST(f.at == at, status);
        BOOST_TEST(f.what.find(std::to_string(status)) != std::string::npos);
        BOOST_TEST(helps(f), status);
    }
    auto refused = error(errc::cannot_connect, "asking the proxy");
    refused.status = 407;
    BOOST_TEST(failed(refused).at == path_break::proxy);
}

BOOST_AUTO_TEST_CASE(what_we_refused_ourselves_is_told_by_us)
{
    for (const auto status : {401u, 405u, 415u, 503u, 400u})
    {
        const auto f = answered(status, "x", {}, {false, "not ready to take deliveries"});
        BOOST_TEST(f.at == path_break::us, status);
        BOOST_TEST(f.what.find("not ready to take deliveries") != std::string::npos);
        BOOST_TEST(helps(f), status);
    }
}

BOOST_AUTO_TEST_CASE(a_ping_that_came_here_was_lost_on_the_way_back)
{
    BOOST_TEST(failed(error(errc::timed_out), {true, {}}).at == path_break::way_back);
    BOOST_TEST(failed(error(errc::connection_lost), {true, {}}).at == path_break::way_back);
    BOOST_TEST(answered(504, "x", {}, {true, {}}).at == path_break::way_back);
}

BOOST_AUTO_TEST_CASE(foreign_text_is_made_harmless)
{
    const auto f = answered(302, {}, {{"Location", "https://x/\x1b[31m" + std::string(10'000, 'y')}});
    BOOST_TEST(f.what.find('\x1b') == std::string::npos);
    BOOST_TEST(f.what.size() < 500u);
    const auto code = by_edge(502, "\x1b[31m" + std::string(10'000, 'y'));
    BOOST_TEST(code.what.find('\x1b') == std::string::npos);
    BOOST_TEST(code.what.size() < 200u);
}

BOOST_AUTO_TEST_SUITE_END()
