#pragma once

#include "postern/bot/no_code/answer_of.hpp"
#include "postern/bot/no_code/no_code_options.hpp"
#include "postern/transport/http_client.hpp"

#include <memory>
#include <string>

namespace postern::no_code {

// The POST that a target gets: the event as JSON, X-Postern-Reply-Url if there is one, and with a key
// X-Spark-Signature as the cloud's webhooks have it (protocol/webex-rest.md 5.5), so that what verifies them
// verifies this.
transport::request request_for(const target_call&, std::string body, const std::string& reply_url);

// What the answer means. 202: nothing now, an answer may come later. Every other 2xx: read_spoken().
answer_of read_answer(transport::response);

// One attempt: a person waits.
awaitable<answer_of> ask_target(std::shared_ptr<transport::http_client>, target_call, std::string body,
                                std::string reply_url, std::size_t longest_answer, deadline limit);

} // namespace postern::no_code
