#pragma once

#include <postern/base/log.hpp>
#include <postern/base/result.hpp>

#include <memory>
#include <string>

namespace demobot {

// The web sites that the bot asks, in one small server on a free port of 127.0.0.1: the public ones come and
// go, and the demo works without any network. It has a thread of its own and serves until it is destroyed.
//
//     /jokes/random               {"value": "…"}, another one each time; so is /quotes/random
//     /numbers/42/math            {"text": "42 is even, and …"}; or /numbers/42/trivia
//     /dilbert, /peanuts/         HTML pages as such sites write them, with a strip in them
//     /traffic/cameras.html       the same with four cameras
//     /pictures/…                 the strips (PNG, GIF) and the cameras (PNG)
class stand_in
{
public:
    static postern::result<std::unique_ptr<stand_in>> start(const postern::log&);
    virtual ~stand_in() = default;

    virtual std::string url() const = 0; // "http://127.0.0.1:43117"
};

} // namespace demobot
