#pragma once

#include "postern/base/async.hpp"
#include "postern/base/result.hpp"
#include "postern/bot/conversation.hpp"
#include "postern/bot/file_source.hpp"

#include <memory>
#include <string>

namespace postern::matching {

// Says a file, once. One from the web is fetched first, unless an earlier attempt has sent it already.
awaitable<result<webex::message>> send_file(std::shared_ptr<conversation>, file_source, std::string markdown);

} // namespace postern::matching
