#include "integration/talk.hpp"

#include "integration/processes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace postern::test {
namespace {

constexpr std::array people{"alice", "bob", "admin", "carol"};
constexpr std::string_view number_sign = "number ";

} // namespace

talk::talk(cloud& webex, std::size_t direct, std::size_t groups) : webex_(webex), bot_(webex.id_of("bot"))
{
    for (std::size_t n = 0; n < direct; ++n)
    {
        const auto hello = webex_.http.json_call(
            "POST", webex_.control("/messages"), {},
            {{"person", people.at(n)}, {"to", "bot"}, {"text", "before anybody listened"}});
        rooms_.push_back({people.at(n), text_or(hello.as_object(), "roomId"), false, {}});
    }
    for (std::size_t n = 0; n < groups; ++n)
        open_room("Talk " + std::to_string(n));
}

std::size_t talk::open_room(const std::string& title, bool with_bot)
{
    const auto made =
        webex_.http.json_call("POST", webex_.api("/rooms"), webex_.token("alice"), {{"title", title}});
    rooms_.push_back({"alice", text_or(made.as_object(), "id"), true, {}});
    if (with_bot)
        webex_.http.json_call("POST", webex_.api("/memberships"), webex_.token("alice"),
                              {{"roomId", rooms_.back().id}, {"personId", bot_}});
    return rooms_.size() - 1;
}

void talk::ask(int each)
{
    for (int n = 0; n < each; ++n)
        for (std::size_t room = 0; room < rooms_.size(); ++room)
            ask_in(room);
}

std::string talk::ask_in(std::size_t room, bool answered)
{
    auto& where = rooms_.at(room);
    const auto words = std::string(number_sign) + std::to_string(++last_number_);
    json::object question{{"person", where.person}, {"room", where.id}, {"text", "/echo " + words}};
    if (where.group)
        question["mention"] = "bot";
    const auto message = webex_.http.json_call("POST", webex_.control("/messages"), {}, question);
    if (answered)
        where.expected.push_back(words);
    return text_or(message.as_object(), "id");
}

std::vector<talk::said> talk::listed(const place& where)
{
    const auto answer = webex_.http.json_call("GET", webex_.api("/messages?max=1000&roomId=" + where.id),
                                              webex_.token(where.person));
    std::vector<said> all;
    for (const auto& item : answer.as_object().at("items").as_array())
    {
        const auto& message = item.as_object();
        all.push_back({text_or(message, "personId") == bot_, text_or(message, "text"),
                       parse_time(text_or(message, "created")).value_or(wall_time{})});
    }
    std::reverse(all.begin(), all.end());
    return all;
}

std::vector<std::string> talk::said_in(std::size_t room)
{
    std::vector<std::string> texts;
    for (const auto& one : listed(rooms_.at(room)))
        if (one.by_bot)
            texts.push_back(one.text);
    return texts;
}

std::vector<std::string> talk::answers_in(const place& where)
{
    std::vector<std::string> texts;
    for (const auto& one : listed(where))
        if (one.by_bot && one.text.starts_with(number_sign))
        {
            texts.push_back(one.text);
            last_answer_ = std::max(last_answer_, one.at);
        }
    return texts;
}

std::vector<std::chrono::milliseconds> talk::delays()
{
    std::vector<std::chrono::milliseconds> all;
    for (const auto& where : rooms_)
    {
        std::map<std::string, wall_time> asked;
        for (const auto& one : listed(where))
        {
            const auto at = one.text.find(number_sign);
            if (at == one.text.npos)
                continue;
            const auto [question, fresh] = asked.emplace(one.text.substr(at), one.at);
            if (!fresh && one.by_bot)
                all.push_back(
                    std::chrono::duration_cast<std::chrono::milliseconds>(one.at - question->second));
        }
    }
    return all;
}

bool talk::all_answered()
{
    for (std::size_t room = 0; room < rooms_.size(); ++room)
        if (answers_in(rooms_[room]).size() < rooms_[room].expected.size())
            return false;
    return true;
}

void talk::check_answers(std::chrono::seconds patience)
{
    eventually([this] { return all_answered(); }, patience);
    for (std::size_t room = 0; room < rooms_.size(); ++room)
        BOOST_TEST_CONTEXT((rooms_[room].group ? "group room " : "direct room ") << room)
        {
            BOOST_TEST(answers_in(rooms_[room]) == rooms_[room].expected, boost::test_tools::per_element());
        }
}

} // namespace postern::test
