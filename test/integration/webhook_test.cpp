#include "integration/cloud.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/deadline.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <map>

using namespace postern;
using namespace postern::test;

namespace {

std::map<std::string, std::string> ids_by_name(const json::array& hooks)
{
    std::map<std::string, std::string> out;
    for (const auto& hook : hooks)
        out[text_or(hook.as_object(), "name")] = text_or(hook.as_object(), "id");
    return out;
}

std::string first_line(const std::string& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// A delivery as the cloud would send it, about a message that does not exist.
std::string delivery_body(const std::string& id)
{
    return json::serialize(json::object{{"id", "W"},
                                        {"name", "x"},
                                        {"resource", "messages"},
                                        {"event", "created"},
                                        {"actorId", "A"},
                                        {"data", json::object{{"id", id},
                                                              {"roomId", "R"},
                                                              {"personId", "A"},
                                                              {"created", "2026-02-11T09:14:27.301Z"}}}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(webhook)

BOOST_AUTO_TEST_CASE(webhooks_are_made_kept_over_a_crash_and_removed_at_stop)
{
    cloud webex;
    // Somebody else's webhook, of the same bot: never touched.
    const auto foreign = webex.http.json_call("POST", webex.api("/webhooks"), webex.token("bot"),
                                              {{"name", "theirs"},
                                               {"targetUrl", "http://127.0.0.1:9/x"},
                                               {"resource", "messages"},
                                               {"event", "created"}});
    std::map<std::string, std::string> made;
    server first(webex, "webhook");
    first.ready();
    made = ids_by_name(webex.webhooks());
    BOOST_TEST(made.size() == 4u);
    first.process->signal(SIGKILL);
    BOOST_TEST(first.process->exit_code().value_or(0) == 128 + SIGKILL);

    server second(webex, "webhook", {}, {}, first.data_dir);
    second.ready();
    BOOST_TEST((ids_by_name(webex.webhooks()) == made)); // updated in place
    for (const auto& hook : webex.webhooks())
        if (text_or(hook.as_object(), "name").starts_with("postern "))
            BOOST_TEST(text_or(hook.as_object(), "targetUrl") == second.webhook_url());
    second.stop();
    const auto left = ids_by_name(webex.webhooks());
    BOOST_TEST((left == std::map<std::string, std::string>{{"theirs", text_or(foreign.as_object(), "id")}}));
}

BOOST_AUTO_TEST_CASE(each_kind_of_bad_delivery_has_its_answer_and_none_reaches_the_bot)
{
    cloud webex;
    server gateway(webex, "webhook");
    gateway.ready();
    const auto url = gateway.webhook_url();
    const secret key(first_line(gateway.data_dir + "/webhook-secret"));
    const auto room = webex.direct_room("alice");
    const auto body = delivery_body("M");
    const auto genuine = hmac_sha1_hex(key, body);
    const std::string big(70'000, 'x');
    const auto sign = [&](const std::string& b) { return hmac_sha1_hex(key, b); };

    struct row
    {
        const char* what;
        std::string method, url;
        transport::header_fields headers;
        std::string body;
        unsigned status;
    };
    const std::string json_type = "application/json";
    const auto with = [&](std::string signature) {
        return transport::header_fields{{"Content-Type", json_type},
                                        {"X-Spark-Signature", std::move(signature)}};
    };
    auto upper = genuine;
    for (auto& c : upper)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const row rows[] = {
        {"unsigned", "POST", url, {{"Content-Type", json_type}}, body, 401},
        {"empty signature", "POST", url, with(""), body, 401},
        {"forged", "POST", url, with(std::string(40, '0')), body, 401},
        {"signature of another body", "POST", url, with(sign(body + " ")), body, 401},
        {"signature of another secret", "POST", url, with(hmac_sha1_hex(secret("guess"), body)), body, 401},
        {"truncated signature", "POST", url, with(genuine.substr(0, 39)), body, 401},
        {"signature with more behind it", "POST", url, with(genuine + "0"), body, 401},
        {"SHA-256 instead", "POST", url, with(hmac_sha256_hex(key, body)), body, 401},
        {"two signatures",
         "POST",
         url,
         {{"Content-Type", json_type}, {"X-Spark-Signature", genuine}, {"X-Spark-Signature", genuine}},
         body,
         401},
        {"body changed by one byte", "POST", url, with(genuine), body + "\n", 401},
        {"signed, not JSON", "POST", url, with(sign("hello")), "hello", 400},
        {"signed, half a JSON", "POST", url, with(sign(body.substr(0, 60))), body.substr(0, 60), 400},
        {"signed, an array", "POST", url, with(sign("[]")), "[]", 400},
        {"signed, null", "POST", url, with(sign("null")), "null", 400},
        {"signed, no data", "POST", url, with(sign(R"({"resource":"messages","event":"created"})")),
         R"({"resource":"messages","event":"created"})", 400},
        {"signed, data of another type", "POST", url,
         with(sign(R"({"resource":"messages","event":"created","data":[1]})")),
         R"({"resource":"messages","event":"created","data":[1]})", 400},
        {"signed, id of another type", "POST", url,
         with(sign(R"({"resource":"messages","event":"created","data":{"id":1}})")),
         R"({"resource":"messages","event":"created","data":{"id":1}})", 400},
        {"signed, too deep", "POST", url, with(sign(std::string(5000, '['))), std::string(5000, '['), 400},
        {"signed, empty", "POST", url, with(sign("")), "", 400},
        {"too long", "POST", url, with(sign(big)), big, 413},
        {"no type", "POST", url, {{"Content-Type", ""}, {"X-Spark-Signature", genuine}}, body, 415},
        {"another type",
         "POST",
         url,
         {{"Content-Type", "text/plain"}, {"X-Spark-Signature", genuine}},
         body,
         415},
        {"a form",
         "POST",
         url,
         {{"Content-Type", "application/x-www-form-urlencoded"}, {"X-Spark-Signature", genuine}},
         body,
         415},
        {"compressed",
         "POST",
         url,
         {{"Content-Type", json_type}, {"Content-Encoding", "gzip"}, {"X-Spark-Signature", genuine}},
         body,
         415},
        {"GET", "GET", url, {}, "", 405},
        {"PUT", "PUT", url, with(genuine), body, 405},
        {"DELETE", "DELETE", url, {}, "", 405},
        {"another path", "POST", url + "/more", with(genuine), body, 404},
        {"the root", "POST", "http://" + gateway.address() + "/", with(genuine), body, 404},
    };
    std::map<unsigned, std::string> bodies;
    for (const auto& r : rows)
    {
        const auto answer = webex.http.call(r.method, r.url, {}, r.body, r.headers);
        BOOST_TEST(answer.status == r.status, r.what << ": " << answer.status);
        // The peer learns nothing that tells one refusal of a kind from another.
        const auto [same, first] = bodies.emplace(answer.status, answer.body);
        BOOST_TEST(same->second == answer.body, r.what);
        BOOST_TEST(answer.body.find("signature") == answer.body.npos);
    }

    // Upper-case hex is the same signature, and a genuine delivery is still taken, also after all that.
    const auto taken = webex.http.call("POST", url, {}, body, with(upper));
    BOOST_TEST(taken.status == 204u);
    const auto asked = webex.post("alice", room, "/echo unharmed");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "unharmed");
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(the_answer_does_not_wait_for_the_bot)
{
    cloud webex;
    server gateway(webex, "webhook");
    gateway.ready();
    const secret key(first_line(gateway.data_dir + "/webhook-secret"));
    webex.fault({{"method", "GET"}, {"path", "/v1/messages/"}, {"delayMs", 3000}});
    const auto body = delivery_body("M-slow");
    const auto begin = deadline::clock::now();
    const auto taken = webex.http.call(
        "POST", gateway.webhook_url(), {}, body,
        {{"Content-Type", "application/json"}, {"X-Spark-Signature", hmac_sha1_hex(key, body)}});
    BOOST_TEST(taken.status == 204u);
    BOOST_TEST((deadline::clock::now() - begin < std::chrono::seconds(2)));
    webex.heal();
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(the_same_delivery_twice_is_one_reaction)
{
    cloud webex;
    server gateway(webex, "webhook");
    gateway.ready();
    webex.http.json_call("POST", webex.control("/deliveries"), {}, {{"duplicate", true}});
    const auto room = webex.direct_room("alice");
    const auto before = webex.messages_of_bot("alice", room);
    const auto asked = webex.post("alice", room, "/echo one");
    BOOST_TEST(webex.reply_after("alice", room, asked) == "one");
    const auto next = webex.post("alice", room, "/echo two");
    BOOST_TEST(webex.reply_after("alice", room, next) == "two");
    BOOST_TEST(webex.messages_of_bot("alice", room) == before + 2);
    gateway.stop();
}

BOOST_AUTO_TEST_CASE(health_tells_the_truth)
{
    cloud webex;
    server gateway(webex, "webhook");
    gateway.ready();
    const auto base = "http://" + gateway.address();
    BOOST_TEST(webex.http.call("GET", base + "/healthz").status == 200u);
    BOOST_TEST(webex.http.call("GET", base + "/ready").status == 200u);
    BOOST_TEST(webex.http.call("POST", base + "/ready").status == 405u);
    gateway.stop();
}

BOOST_AUTO_TEST_SUITE_END()
