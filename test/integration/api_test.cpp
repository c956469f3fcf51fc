#include "integration/cloud.hpp"

#include "postern/base/crypto.hpp"
#include "postern/webex/api.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace postern;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

// Our REST client as one person of the cloud, on an event loop of its own.
struct person
{
    net::io_context io{1};
    std::shared_ptr<transport::http_client> client =
        *transport::make_http_client(io.get_executor(), {}, quiet_log());
    std::shared_ptr<webex::api> api;

    person(const cloud& of, const std::string& who)
    {
        webex::api_options options;
        options.base_url = of.api_url();
        options.first_pause = 10ms;
        options.shortest_retry_after = 10ms;
        options.page_size = 50;
        api = *webex::make_api(options, secret(of.token(who)), client, quiet_log());
    }

    template <class T>
    T got(awaitable<result<T>> call)
    {
        auto answer = run(std::move(call));
        BOOST_TEST_REQUIRE(answer.has_value(), (answer.has_error() ? describe(answer.error()) : ""));
        if constexpr (!std::is_void_v<T>)
            return std::move(*answer);
    }

    template <class T>
    error failed(awaitable<result<T>> call)
    {
        const auto answer = run(std::move(call));
        BOOST_TEST_REQUIRE(answer.has_error());
        return answer.error();
    }

private:
    template <class T>
    result<T> run(awaitable<result<T>> call)
    {
        result<T> answer = error(errc::timed_out);
        bool done = false;
        auto work = [&]() -> awaitable<void> { answer = co_await std::move(call); };
        net::co_spawn(io, std::move(work), [&](std::exception_ptr) { done = true; });
        for (io.restart(); !done;)
            io.run_one();
        return answer;
    }
};

deadline soon() { return deadline::after(20s); }

struct passing_file
{
    std::string path =
        (std::filesystem::temp_directory_path() / ("postern-upload-" + random_hex(4) + ".bin")).string();
    std::string bytes;

    explicit passing_file(std::size_t size)
    {
        while (bytes.size() < size)
            bytes += random_hex(4096);
        std::ofstream(path, std::ios::binary) << bytes;
    }
    ~passing_file() { std::filesystem::remove(path); }
};

} // namespace

// Both sides of the protocol, our client and our emulator, over real sockets.
BOOST_AUTO_TEST_SUITE(api)

BOOST_AUTO_TEST_CASE(a_file_is_streamed_up_and_comes_back_byte_for_byte)
{
    cloud webex;
    person alice(webex, "alice");
    const passing_file file(3'000'000);
    webex::new_message what;
    what.to.room_id = webex.direct_room("alice");
    what.text = "here it is";
    webex::file_upload upload;
    upload.path = file.path;
    const auto posted = alice.got(alice.api->post_file(what, upload, soon()));
    BOOST_TEST_REQUIRE(posted.files.size() == 1u);

    const auto info = alice.got(alice.api->stat_file(posted.files[0], soon()));
    BOOST_TEST(info.size.value_or(0) == file.bytes.size());
    const auto back = alice.got(alice.api->get_file(posted.files[0], 10'000'000, soon()));
    BOOST_TEST((back.bytes == file.bytes));
    BOOST_TEST(back.info.name == std::filesystem::path(file.path).filename().string());
    BOOST_TEST(alice.failed(alice.api->get_file(posted.files[0], 1'000'000, soon())).is(errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_long_list_comes_in_pages_whole_and_in_order)
{
    cloud webex;
    person alice(webex, "alice");
    const auto room = alice.got(alice.api->create_room("Long", soon()));
    std::set<std::string> posted;
    for (int i = 0; i < 120; ++i)
    {
        webex::new_message what;
        what.to.room_id = room.id;
        what.text = std::to_string(i);
        posted.insert(alice.got(alice.api->post_message(std::move(what), soon())).id);
    }
    const auto listed = alice.got(alice.api->list_messages(room.id, false, 1000, soon()));
    BOOST_TEST(listed.size() == 120u);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < listed.size(); ++i)
    {
        seen.insert(listed[i].id);
        BOOST_TEST((i == 0 || listed[i].created < listed[i - 1].created)); // newest first
    }
    BOOST_TEST((seen == posted));
    BOOST_TEST(alice.got(alice.api->list_messages(room.id, false, 70, soon())).size() == 70u);
}

BOOST_AUTO_TEST_CASE(a_message_lives_from_post_over_edit_to_deletion)
{
    cloud webex;
    person alice(webex, "alice");
    webex::new_message what;
    what.to.to_person_email = "bob@example.com";
    what.markdown = "**first**";
    const auto posted = alice.got(alice.api->post_message(what, soon()));
    BOOST_TEST(posted.text == "first");
    BOOST_TEST(posted.room_type == "direct");
    const auto edited = alice.got(alice.api->edit_message(posted.id, posted.room_id, "second", soon()));
    BOOST_TEST(edited.id == posted.id);
    BOOST_TEST(!edited.updated.empty());
    webex::new_message reply;
    reply.to.room_id = posted.room_id;
    reply.parent_id = posted.id;
    reply.text = "in the thread";
    const auto answer = alice.got(alice.api->post_message(reply, soon()));
    BOOST_TEST(alice.got(alice.api->list_thread(posted.room_id, posted.id, 10, soon())).size() == 1u);
    alice.got(alice.api->delete_message(answer.id, soon()));
    BOOST_TEST(alice.failed(alice.api->get_message(answer.id, soon())).is(errc::not_found));
}

BOOST_AUTO_TEST_CASE(rate_limits_and_outages_are_waited_out_and_nothing_is_posted_twice)
{
    cloud webex;
    person alice(webex, "alice");
    const auto room = alice.got(alice.api->create_room("Limits", soon()));
    webex.fault({{"method", "POST"},
                 {"path", "/v1/messages"},
                 {"status", 429},
                 {"remaining", 2},
                 {"headers", json::object{{"Retry-After", "rubbish(30)"}}}});
    webex::new_message what;
    what.to.room_id = room.id;
    what.text = "after the limit";
    const auto refused = alice.failed(alice.api->post_message(what, deadline::after(200ms)));
    BOOST_TEST(refused.is(errc::api_unavailable)); // unreadable means 15 s, and that is too long here
    webex.heal();

    webex.fault({{"method", "GET"}, {"path", "/v1/messages"}, {"status", 503}, {"remaining", 3}});
    BOOST_TEST(alice.got(alice.api->list_messages(room.id, false, 10, soon())).empty());
    webex.fault({{"method", "POST"}, {"path", "/v1/messages"}, {"status", 502}, {"remaining", 1}});
    const auto unknown = alice.failed(alice.api->post_message(what, soon()));
    BOOST_TEST(unknown.maybe_sent); // a 502 may have posted it: never blindly again
}

BOOST_AUTO_TEST_CASE(people_and_memberships_are_read_and_changed)
{
    cloud webex;
    person alice(webex, "alice");
    const auto me = alice.got(alice.api->me(soon()));
    BOOST_TEST(me.display_name == "Alice Adams");
    const auto room = alice.got(alice.api->create_room("People", soon()));
    const auto bob = alice.got(alice.api->add_member(room.id, "bob@example.com", false, soon()));
    BOOST_TEST(alice.failed(alice.api->add_member(room.id, "bob@example.com", false, soon())).status == 409u);
    BOOST_TEST(alice.got(alice.api->list_memberships(room.id, soon())).size() == 2u);
    alice.got(alice.api->remove_member(bob.id, soon()));
    BOOST_TEST(alice.got(alice.api->list_memberships(room.id, soon())).size() == 1u);
    BOOST_TEST(alice.got(alice.api->rename_room(room.id, "Renamed", soon())).title == "Renamed");
    BOOST_TEST(alice.failed(alice.api->get_room("nonsense", soon())).status >= 400u);
    BOOST_TEST(alice.got(alice.api->find_people("nobody@example.com", soon())).empty());
}

BOOST_AUTO_TEST_SUITE_END()
