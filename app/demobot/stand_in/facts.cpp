#include "facts.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <map>
#include <string_view>

namespace demobot {
namespace {

namespace json = boost::json;

constexpr std::array jokes{
    "Chuck Norris can divide by zero.",
    "Chuck Norris counted to infinity. Twice.",
    "Chuck Norris' keyboard has no Ctrl key: he is always in control.",
    "When Chuck Norris throws an exception, nobody dares to catch it.",
    "Chuck Norris' code needs no tests. It tests the machine.",
    "Chuck Norris does not push to a branch. The branch bows down.",
};

struct saying
{
    std::string_view words;
    std::string_view author;
};
constexpr std::array quotes{
    saying{"The Analytical Engine weaves algebraical patterns just as the Jacquard loom weaves flowers and "
           "leaves.",
           "Ada Lovelace"},
    saying{"If I have seen further, it is by standing on the shoulders of giants.", "Isaac Newton"},
    saying{"Beware of bugs in the above code; I have only proved it correct, not tried it.", "Donald Knuth"},
    saying{"Simplicity is prerequisite for reliability.", "Edsger W. Dijkstra"},
};

const std::map<std::int64_t, std::string_view> known{
    {0, "the temperature, in degrees Celsius, at which water freezes"},
    {1, "the number of moons of the Earth"},
    {7, "the number of colours that Newton saw in the rainbow"},
    {8, "the number of legs of a spider"},
    {12, "the number of stars on the flag of Europe"},
    {42, "the answer to the Ultimate Question of Life, the Universe, and Everything"},
    {64, "the number of squares of a chessboard"},
    {88, "the number of keys of a piano"},
    {365, "the number of days of most years"},
    {404, "what a web server says about a page that it does not have"},
    {1969, "the year in which people first walked on the Moon"},
};

std::string answer(std::int64_t number, std::string_view type, std::string text, bool found = true)
{
    const json::object said{{"text", std::move(text)}, {"number", number}, {"found", found}, {"type", type}};
    return json::serialize(said);
}

// "2 × 3 × 7"; empty for a prime. `n` is at least 2 and so small that trying is quick.
std::string factors(std::uint64_t n)
{
    std::string product;
    std::uint64_t rest = n;
    for (std::uint64_t p = 2; p * p <= rest; p += p == 2 ? 1 : 2)
        while (rest % p == 0)
        {
            (product += product.empty() ? "" : " × ") += std::to_string(p);
            rest /= p;
        }
    if (rest == n)
        return {};
    if (rest > 1)
        product += " × " + std::to_string(rest);
    return product;
}

} // namespace

std::string joke(unsigned n)
{
    const auto which = n % jokes.size();
    const json::object said{{"categories", json::array{}},
                            {"id", "standin" + std::to_string(which + 1)},
                            {"value", jokes[which]}};
    return json::serialize(said);
}

std::string quote(unsigned n)
{
    const auto& one = quotes[n % quotes.size()];
    const json::object said{{"content", one.words}, {"author", one.author}, {"length", one.words.size()}};
    return json::serialize(said);
}

std::string trivia(std::int64_t number)
{
    const auto found = known.find(number);
    if (found == known.end())
        return answer(number, "trivia", std::to_string(number) + " is a number that nobody has noticed yet.",
                      false);
    return answer(number, "trivia", std::to_string(number) + " is " + std::string(found->second) + '.');
}

std::string math_fact(std::int64_t number)
{
    constexpr std::int64_t quick = 1'000'000'000'000;
    auto text = std::to_string(number) + (number % 2 == 0 ? " is even" : " is odd");
    if (number >= 2 && number <= quick)
    {
        const auto product = factors(static_cast<std::uint64_t>(number));
        text += product.empty() ? ", and a prime" : ", and the product " + product;
    }
    return answer(number, "math", text + '.');
}

} // namespace demobot
