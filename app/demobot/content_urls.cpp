#include "content_urls.hpp"

namespace demobot {

content_urls content_urls::at(const std::string& site)
{
    return {.chuck = site + "/jokes/random",
            .quote = site + "/quotes/random",
            .number = site + "/numbers/{number}/{kind}?json",
            .dilbert = site + "/dilbert",
            .peanuts = site + "/peanuts/",
            .traffic = site + "/traffic/cameras.html"};
}

content_urls content_urls::from(const environment& env, const std::string& otherwise_at)
{
    const auto or_else = [&env](const char* name, std::string otherwise) {
        const char* set = env(name);
        return set && *set ? std::string(set) : std::move(otherwise);
    };
    auto urls = at(or_else("DEMOBOT_SITE", otherwise_at));
    urls.chuck = or_else("DEMOBOT_CHUCK_URL", urls.chuck);
    urls.quote = or_else("DEMOBOT_QUOTE_URL", urls.quote);
    urls.number = or_else("DEMOBOT_NUMBER_URL", urls.number);
    urls.dilbert = or_else("DEMOBOT_DILBERT_URL", urls.dilbert);
    urls.peanuts = or_else("DEMOBOT_PEANUTS_URL", urls.peanuts);
    urls.traffic = or_else("DEMOBOT_TRAFFIC_URL", urls.traffic);
    return urls;
}

} // namespace demobot
