// The demo bot against Webex itself, or an emulator: settings are those of `postern run`. It brings its own
// content along (stand_in/), unless DEMOBOT_SITE or one of DEMOBOT_CHUCK_URL, DEMOBOT_QUOTE_URL,
// DEMOBOT_NUMBER_URL, DEMOBOT_DILBERT_URL, DEMOBOT_PEANUTS_URL and DEMOBOT_TRAFFIC_URL say where there is
// other.

#include "bot.hpp"
#include "stand_in/stand_in.hpp"

#include <postern/bot.hpp>

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv)
{
    const auto env = [](const char* name) -> const char* { return std::getenv(name); };
    const postern::log out(postern::severity::info, postern::stderr_sink(postern::log_format::human));
    const auto stand_in = demobot::stand_in::start(out);
    const auto web = demobot::web::make(env, out);
    if (!stand_in || !web)
    {
        std::cerr << describe(stand_in ? web.error() : stand_in.error()) << '\n';
        return EXIT_FAILURE;
    }
    const auto urls = demobot::content_urls::from(env, (*stand_in)->url());

    postern::bot bot;
    demobot::teach(bot, std::make_shared<demobot::content>(urls, *web));
    return postern::serve(bot, argc, argv);
}
