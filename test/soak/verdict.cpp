#include "soak/verdict.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace postern::test {
namespace {

struct answer
{
    std::string text;
    unsigned life;
};

std::vector<answer> answers_in(const room_story& room)
{
    std::vector<answer> all;
    for (const auto& line : room.lines)
        if (line.by_bot)
            all.push_back({line.text, line.life});
    return all;
}

class judgement
{
public:
    explicit judgement(verdict& into) : all_(into) {}

    void room(const room_story& told)
    {
        std::map<std::string, std::size_t> place; // of the question
        for (const auto& line : told.lines)
            if (const auto words = words_asked_for(line.text); !line.by_bot && !words.empty())
                place.emplace(words, place.size());
        all_.asked += place.size();

        const auto answers = answers_in(told);
        std::map<std::string, std::size_t> seen; // the latest answer of that text
        std::optional<std::size_t> reached;
        for (std::size_t i = 0; i < answers.size(); ++i)
        {
            const auto& text = answers[i].text;
            const auto before = seen.find(text);
            if (before != seen.end())
                again(told, answers, before->second, i);
            seen[text] = i;
            const auto question = place.find(text);
            if (before != seen.end() || question == place.end())
                continue;
            ++all_.answered;
            if (reached && question->second < *reached)
            {
                ++all_.out_of_order;
                complain(told, "answered too late: ", answers[i]);
            }
            reached = question->second;
        }
        for (const auto& [words, at] : place)
            if (!seen.contains(words))
                complain(told, "never answered: ", {words, 0});
    }

private:
    void again(const room_story& told, const std::vector<answer>& answers, std::size_t first,
               std::size_t second)
    {
        const bool killed_meanwhile = answers[second].life > answers[first].life;
        if (!told.direct && killed_meanwhile && second == first + 1)
            ++all_.doubles_in_window;
        else
        {
            ++all_.doubles;
            complain(told, "answered twice: ", answers[second]);
        }
    }

    void complain(const room_story& told, const char* what, const answer& about)
    {
        all_.complaints.push_back(told.name + ": " + what + about.text +
                                  (about.life ? " (by server " + std::to_string(about.life) + ')' : ""));
    }

    verdict& all_;
};

} // namespace

std::string words_asked_for(const std::string& text)
{
    constexpr std::string_view command = "/echo ";
    const auto at = text.find(command);
    return at == text.npos ? std::string() : text.substr(at + command.size());
}

verdict judge(const std::vector<room_story>& rooms)
{
    verdict all;
    judgement over(all);
    for (const auto& room : rooms)
        over.room(room);
    return all;
}

} // namespace postern::test
