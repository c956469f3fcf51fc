#include "unit/webex/api_fixture.hpp"
#include "unit/webex/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace postern;
using namespace std::chrono_literals;
using test::soon;
namespace samples = postern::test::samples;

namespace {

const std::string url(samples::file_url);

auto download = [](webex::api& web) { return web.get_file(url, 1000, soon()); };

webex::new_message to_room()
{
    webex::new_message m;
    m.to.room_id = "R";
    m.text = "the links";
    return m;
}

transport::header_fields file_headers()
{
    return {{"Content-Disposition", R"(attachment; filename="../links.csv")"},
            {"Content-Type", "Text/CSV; charset=utf-8"},
            {"Content-Length", "4"}};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_files, test::api_fixture)

BOOST_AUTO_TEST_CASE(a_file_is_described_without_its_bytes)
{
    peer->answer(200, "", file_headers());
    const auto got = ask([](webex::api& web) { return web.stat_file(url, soon()); });
    BOOST_TEST(request(0).method == "HEAD");
    BOOST_TEST(request(0).url == url);
    BOOST_TEST(got.value().name == "links.csv");
    BOOST_TEST(got.value().content_type == "text/csv");
    BOOST_TEST((got.value().size == 4u));

    peer->answer(200, "", {{"Content-Length", "many"}});
    const auto bare = ask([](webex::api& web) { return web.stat_file(url, soon()); });
    BOOST_TEST(bare.value().name == "file");
    BOOST_TEST(bare.value().content_type == "");
    BOOST_TEST(!bare.value().size.has_value());
}

BOOST_AUTO_TEST_CASE(a_file_is_downloaded)
{
    peer->answer(200, "a,b\n", file_headers());
    const auto got = ask(download);
    BOOST_TEST(request(0).method == "GET");
    BOOST_TEST((request(0).response_limit == 1000u));
    BOOST_TEST(request(0).headers.get("Accept") == "*/*");
    BOOST_TEST(got.value().bytes == "a,b\n");
    BOOST_TEST(got.value().info.name == "links.csv");
    BOOST_TEST((got.value().info.size == 4u));
}

BOOST_AUTO_TEST_CASE(a_file_above_the_limit_is_refused)
{
    peer->answer(200, std::string(1001, 'x'), {{"Content-Type", "text/plain"}});
    BOOST_TEST(ask(download).error().is(errc::too_large));
    peer->answer(200, std::string(1000, 'x'), {{"Content-Type", "text/plain"}});
    BOOST_TEST(ask(download).has_value());
}

BOOST_AUTO_TEST_CASE(the_malware_scan_is_waited_for_however_often_it_is_not_done)
{
    options.attempts = 2;
    for (int i = 0; i < 10; ++i)
        peer->answer(423, "",
                     i % 2 ? transport::header_fields{{"Retry-After", "1"}} : transport::header_fields{});
    peer->answer(200, "a,b\n", file_headers());
    BOOST_TEST(ask(download).has_value());
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(a_scan_that_outlasts_the_deadline_is_reported)
{
    options.longest_retry_after = 300s;
    peer->answer(423, "", {{"Retry-After", "120"}});
    const auto got = ask(download);
    BOOST_TEST(got.error().is(errc::api_unavailable));
    BOOST_TEST(got.error().is(failure::retry_later));
    BOOST_TEST((got.error().retry_after == 120s));
    BOOST_TEST(got.error().ours == "the file is still being scanned for malware");
}

BOOST_AUTO_TEST_CASE(infected_and_unscannable_files_are_refused_with_words)
{
    peer->answer(410);
    const auto infected = ask(download);
    BOOST_TEST(infected.error().is(errc::api_rejected));
    BOOST_TEST(infected.error().ours.find("infected") != std::string::npos);

    peer->answer(428);
    const auto sealed = ask([](webex::api& web) { return web.stat_file(url, soon()); });
    BOOST_TEST(sealed.error().is(errc::api_rejected));
    BOOST_TEST(sealed.error().ours.find("cannot be scanned") != std::string::npos);
    BOOST_TEST(request(1).url.find("allow=unscannable") == std::string::npos);
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(the_token_goes_to_the_contents_of_webex_and_nowhere_else)
{
    for (const char* elsewhere : {
             "https://evil.example.net/v1/contents/x",
             "http://webexapis.com/v1/contents/x",
             "https://webexapis.com:8443/v1/contents/x",
             "https://webexapis.com@evil.example.net/v1/contents/x",
             "https://webexapis.com/v1/webhooks", // the list of webhooks has their secrets
             "https://webexapis.com/v1/people/me?x=/contents/",
             "https://webexapis.com/v1/contents/../webhooks",
             "https://webexapis.com/v1/contents/%2e%2e/webhooks",
             "https://webexapis.com/v1/contents/..%2fwebhooks",
             "https://webexapis.com/v1/contents/x/..",
             "file:///etc/passwd",
             "/v1/contents/x",
             "",
         })
        BOOST_TEST_CONTEXT(elsewhere)
        {
            const auto got = ask([&](webex::api& web) { return web.get_file(elsewhere, 1000, soon()); });
            BOOST_TEST_REQUIRE(got.has_error());
            BOOST_TEST(got.error().is(errc::bad_input));
            const auto info = ask([&](webex::api& web) { return web.stat_file(elsewhere, soon()); });
            BOOST_TEST(info.error().is(errc::bad_input));
        }
    BOOST_TEST(asked() == 0u);

    options.base_url = "http://127.0.0.1:8080/v1";
    for (const char* fine : {"http://127.0.0.1:8080/v1/contents/x", "https://webexapis.com/v1/contents/x",
                             "https://api.ciscospark.com/v1/contents/x"})
    {
        peer->answer(200, "x", {{"Content-Type", "text/plain"}});
        BOOST_TEST(ask([&](webex::api& web) { return web.get_file(fine, 1000, soon()); }).has_value());
        BOOST_TEST(peer->requests().back().headers.has("Authorization"));
    }
}

BOOST_AUTO_TEST_CASE(a_redirect_of_a_file_is_not_followed)
{
    peer->answer(302, "", {{"Location", "https://evil.example.net/x"}});
    BOOST_TEST(ask(download).error().is(errc::bad_response));
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(an_upload_is_whole_in_every_attempt)
{
    peer->fail(errc::cannot_connect, false)
        .answer(429, "", {{"Retry-After", "1"}})
        .answer(200, std::string(samples::message));
    const auto got = ask([](webex::api& web) {
        webex::file_upload upload;
        upload.bytes = "link,state\na,up\n";
        upload.filename = "links.csv";
        return web.post_file(to_room(), std::move(upload), soon());
    });
    BOOST_TEST(got.has_value());
    BOOST_TEST(peer->used_up());
    for (const auto& r : peer->requests())
    {
        BOOST_TEST(r.method + ' ' + r.url == "POST https://webexapis.com/v1/messages");
        BOOST_TEST(r.headers.get("Content-Type").starts_with("multipart/form-data; boundary="));
        BOOST_TEST(r.headers.count("Content-Type") == 1u);
        for (const char* part :
             {"name=\"roomId\"\r\n\r\nR\r\n", "name=\"text\"\r\n\r\nthe links\r\n",
              "name=\"files\"; filename=\"links.csv\"", "\r\n\r\nlink,state\na,up\n\r\n--"})
            BOOST_TEST(r.body.find(part) != std::string::npos, part);
    }
}

BOOST_AUTO_TEST_CASE(an_upload_that_may_have_arrived_is_not_repeated)
{
    peer->fail(errc::connection_lost, true);
    const auto got = ask([](webex::api& web) {
        webex::file_upload upload;
        upload.bytes = "x";
        return web.post_file(to_room(), std::move(upload), soon());
    });
    BOOST_TEST(got.error().is(errc::connection_lost));
    BOOST_TEST(got.error().maybe_sent);
    BOOST_TEST(peer->used_up());
}

BOOST_AUTO_TEST_CASE(a_file_on_disk_is_uploaded_or_named_as_missing)
{
    const auto path =
        std::filesystem::temp_directory_path() / ("postern-upload-" + std::to_string(getpid()) + ".txt");
    std::ofstream(path) << "from disk";
    peer->answer(200, std::string(samples::message));
    const auto upload_of = [&](std::string where) {
        return [where](webex::api& web) {
            webex::file_upload upload;
            upload.path = where;
            return web.post_file(to_room(), std::move(upload), soon());
        };
    };
    BOOST_TEST(ask(upload_of(path.string())).has_value());
    BOOST_TEST(request(0).body.find("from disk") != std::string::npos);
    std::filesystem::remove(path);

    const auto missing = ask(upload_of(path.string()));
    BOOST_TEST(missing.error().is(errc::file_unreadable));
    BOOST_TEST(describe(missing.error()).find(path.string()) != std::string::npos);
    BOOST_TEST(asked() == 1u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_uploaded_is_refused_before_anything_is_sent)
{
    const auto nothing = ask([](webex::api& web) { return web.post_file(to_room(), {}, soon()); });
    BOOST_TEST(nothing.error().is(errc::bad_input));
    const auto nowhere = ask([](webex::api& web) {
        webex::file_upload upload;
        upload.bytes = "x";
        return web.post_file({}, std::move(upload), soon());
    });
    BOOST_TEST(nowhere.error().is(errc::bad_input));
    BOOST_TEST(asked() == 0u);
}

BOOST_AUTO_TEST_CASE(a_file_too_large_for_webex_is_not_sent)
{
    // A sparse file: large for whoever asks for its size, nothing on disk.
    const auto path = std::filesystem::temp_directory_path() / ("postern-large-" + std::to_string(getpid()));
    std::ofstream(path) << "x";
    std::filesystem::resize_file(path, 101u * 1024 * 1024);
    const auto got = ask([&](webex::api& web) {
        webex::file_upload upload;
        upload.path = path.string();
        return web.post_file(to_room(), std::move(upload), soon());
    });
    std::filesystem::remove(path);
    BOOST_TEST(got.error().is(errc::bad_input));
    BOOST_TEST(got.error().doing == "posting a file");
    BOOST_TEST(asked() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
