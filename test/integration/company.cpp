#include "integration/company.hpp"

#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace postern::test {
namespace {

constexpr auto seed = R"({
  "organisations": [
    {"name": "Example", "cluster": "us"},
    {"name": "Partner", "cluster": "urn:TEAM:us-west-2_r"},
    {"name": "Elsewhere", "cluster": "urn:TEAM:eu-central-1_k"}
  ],
  "people": [
    {"name": "bot", "type": "bot", "displayName": "Postern", "email": "postern@webex.bot", "organisation": "Example"},
    {"name": "alice", "displayName": "Alice Adams", "email": "alice@example.com", "organisation": "Example"},
    {"name": "bob", "displayName": "Bob Brown", "email": "bob@example.com", "organisation": "Example"},
    {"name": "auditor", "displayName": "Auditor", "email": "auditor@example.com", "organisation": "Example", "monitor": true},
    {"name": "paula", "displayName": "Paula Park", "email": "paula@partner.example", "organisation": "Partner"},
    {"name": "peter", "displayName": "Peter Park", "email": "peter@partner.example", "organisation": "Partner"},
    {"name": "carol", "displayName": "Carol Clark", "email": "carol@elsewhere.example", "organisation": "Elsewhere"},
    {"name": "robot", "type": "bot", "displayName": "Robot", "email": "robot@webex.bot", "organisation": "Elsewhere"},
    {"name": "watcher", "displayName": "Watcher", "email": "watcher@elsewhere.example", "organisation": "Elsewhere", "monitor": true},
    {"name": "gina", "displayName": "Gina Guest", "email": "gina@mail.example", "organisation": "consumer"}
  ]
})";

json::array names(const std::vector<std::string>& people)
{
    json::array all;
    for (const auto& one : people)
        all.emplace_back(one);
    return all;
}

std::unique_ptr<journal::archive> journal_of(const server& gateway)
{
    auto file = journal::archive::open(gateway.data_dir + "/journal.db");
    BOOST_TEST_REQUIRE(file.has_value(), (file.has_error() ? describe(file.error()) : ""));
    return std::move(*file);
}

} // namespace

company::company() : webex({"--seed", files_.file("seed.json", seed, 0600)}) {}

std::string company::organisation(const std::string& of_whom)
{
    const auto person = webex.http.json_call("GET", webex.api("/people/me"), webex.token(of_whom));
    return text_or(person.as_object(), "orgId");
}

std::vector<std::string> company::rooms(std::size_t count, const std::vector<std::string>& members,
                                        const std::vector<std::string>& moderators)
{
    const auto made = webex.http.json_call("POST", webex.control("/rooms"), {},
                                           {{"count", count},
                                            {"title", "Room " + std::to_string(++titles_)},
                                            {"members", names(members)},
                                            {"moderators", names(moderators)}});
    std::vector<std::string> ids;
    for (const auto& id : made.as_object().at("items").as_array())
        ids.emplace_back(id.as_string());
    return ids;
}

std::string company::room(const std::vector<std::string>& members, const std::vector<std::string>& moderators)
{
    return rooms(1, members, moderators).at(0);
}

std::string company::crowd(unsigned members, const std::string& outsider, unsigned at)
{
    json::object wish{{"members", members},
                      {"title", "Crowd " + std::to_string(++titles_)},
                      {"with", names({"alice", "bot"})},
                      {"organisation", "Example"}};
    if (!outsider.empty())
    {
        wish["outsider"] = outsider;
        wish["at"] = at;
    }
    const auto made = webex.http.json_call("POST", webex.control("/crowd"), {}, std::move(wish));
    return text_or(made.as_object(), "roomId");
}

std::string company::next_question() { return "/echo number " + std::to_string(++last_number_); }

std::string company::ask(const std::string& room, const std::string& who)
{
    const auto message = webex.http.json_call(
        "POST", webex.control("/messages"), {},
        {{"person", who}, {"room", room}, {"text", next_question()}, {"mention", "bot"}});
    return text_or(message.as_object(), "id");
}

company::said_directly company::ask_directly(const std::string& who)
{
    const auto message = webex.http.json_call("POST", webex.control("/messages"), {},
                                              {{"person", who}, {"to", "bot"}, {"text", next_question()}});
    return {text_or(message.as_object(), "roomId"), text_or(message.as_object(), "id")};
}

void company::join(const std::string& room, const std::string& who)
{
    webex.set("members", {{"room", room}, {"person", who}});
}

std::string company::join_and_ask(const std::string& room, const std::string& who)
{
    const auto both = webex.http.json_call(
        "POST", webex.control("/members"), {},
        {{"room", room}, {"person", who}, {"says", next_question()}, {"mention", "bot"}});
    return text_or(both.as_object().at("message").as_object(), "id");
}

void company::leave(const std::string& room, const std::string& who)
{
    webex.http.json_call("DELETE", webex.control("/members"), {}, {{"room", room}, {"person", who}});
}

std::vector<std::string> company::said(const std::string& room, const std::string& to)
{
    return webex.texts_of_bot(to, room);
}

bool company::answers(const std::string& room, std::size_t wanted, const std::string& to,
                      std::chrono::seconds patience)
{
    std::size_t given = 0;
    eventually(
        [&] {
            const auto all = said(room, to);
            given = static_cast<std::size_t>(std::count_if(
                all.begin(), all.end(), [](const auto& text) { return text.starts_with("number "); }));
            return given >= wanted;
        },
        patience);
    return given == wanted;
}

std::vector<std::string> company::members(const std::string& room)
{
    const auto state = webex.http.json_call("GET", webex.control("/state")).as_object();
    std::vector<std::string> all;
    for (const auto& r : state.at("rooms").as_array())
        if (text_or(r.as_object(), "id") == room)
            for (const auto& m : r.as_object().at("members").as_array())
                all.emplace_back(m.as_string());
    return all;
}

bool company::is_in(const std::string& room, const std::string& who)
{
    const auto all = members(room);
    return std::find(all.begin(), all.end(), who) != all.end();
}

std::size_t company::counted(const std::string& what, const std::string& path, const std::string& who)
{
    const auto all = webex.http.json_call("GET", webex.control("/counters")).as_object();
    std::size_t n = 0;
    for (const auto& item : all.at("items").as_array())
        if (const auto& one = item.as_object(); text_or(one, "path") == path && text_or(one, "who") == who)
            n += one.at(what).to_number<std::size_t>();
    return n;
}

// --- the journal ---

std::vector<journal::story> stories(const server& gateway, journal::selection which)
{
    auto found = journal_of(gateway)->list(which);
    BOOST_TEST_REQUIRE(found.has_value(), (found.has_error() ? describe(found.error()) : ""));
    return std::move(*found);
}

journal::story story_of(const server& gateway, const std::string& about)
{
    std::vector<journal::story> all;
    eventually([&] {
        auto found = journal_of(gateway)->find(about);
        if (found)
            all = std::move(*found);
        return !all.empty();
    });
    BOOST_TEST_REQUIRE(all.size() == 1u, about << "\n" << gateway.process->log());
    return std::move(all.front());
}

journal::delivery_record delivery_of(const server& gateway, const std::string& about)
{
    auto story = story_of(gateway, about);
    BOOST_TEST_REQUIRE(story.deliveries.size() == 1u);
    return std::move(story.deliveries.front());
}

bool becomes(const server& gateway, const std::string& about, journal::progress wanted,
             std::chrono::seconds patience)
{
    return eventually([&] { return delivery_of(gateway, about).how_far == wanted; }, patience);
}

bool refuses(const server& gateway, const std::string& about)
{
    if (!becomes(gateway, about, journal::progress::ignored))
        return false;
    return verdict_of(gateway, about).starts_with("refused");
}

std::string verdict_of(const server& gateway, const std::string& about)
{
    const auto delivery = delivery_of(gateway, about);
    const auto* said = journal::last_judgement(delivery);
    return said ? std::string(to_string(said->what)) + ": " + said->reason : "not judged";
}

bool nothing_waits(const server& gateway, std::chrono::seconds patience)
{
    journal::selection waiting;
    waiting.how_far = journal::progress::waiting;
    return eventually([&] { return stories(gateway, waiting).empty(); }, patience);
}

std::size_t count_of(const std::string& words, const std::string& in)
{
    std::size_t n = 0;
    for (auto at = in.find(words); at != in.npos; at = in.find(words, at + words.size()))
        ++n;
    return n;
}

} // namespace postern::test
