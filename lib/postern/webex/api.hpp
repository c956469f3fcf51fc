#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/base/time.hpp"
#include "postern/webex/types.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace postern::transport {
class http_client;
}

namespace postern::webex {

// What a list holds down to some point.
template <class T>
struct listed
{
    std::vector<T> items;
    bool whole = true;     // false: there were more, but no more were wanted
    std::size_t calls = 0; // pages that were read
};

// What the rest of postern may ask of the Webex REST API, in the caller's language: no HTTP, no JSON.
//
// Thread-safe; must outlive its calls. Parameters are values: an awaitable may outlive the caller's
// temporaries. Each call is bounded by its deadline, retries included; cancelling the caller ends it with
// errc::stopped. Retries follow webex/retry_policy.hpp: reads, updates and deletions are repeated on 502,
// 503, 504 and lost connections; a POST is repeated only when it can't have taken effect. 423 and 429 are
// waited out, by every call of the family that the 429 was about; a wait that would not end before the
// deadline is not begun.
//
// Lists are all pages or an error, never half a list; `most` bounds them where there is such a parameter,
// and `since` where there is that one.
//
// Errors, with status, tracking_id, theirs and retry_after filled in where known:
//   token_rejected   401
//   not_found        404
//   api_rejected     other 4xx; status tells which, 409 for a member who is one already
//   api_unavailable  423, 429 and 5xx past the attempts or the deadline
//   bad_response     a redirect, no JSON, or not the JSON that was asked for
//   bad_input        refused here, nothing was sent; `ours` says why
// and those of transport::http_client. error::maybe_sent: it may have taken effect all the same. A POST that
// failed so must not simply be made again, Webex knows no idempotency key (protocol/webex-rest.md 1.5).
class api
{
public:
    virtual ~api() = default;

    virtual awaitable<result<person>> me(deadline) = 0;
    virtual awaitable<result<person>> get_person(std::string id, deadline) = 0;
    // Nobody is an empty list, not an error.
    virtual awaitable<result<std::vector<person>>> find_people(std::string email, deadline) = 0;

    virtual awaitable<result<room>> get_room(std::string id, deadline) = 0;
    // `type`: "direct", "group" or empty for both.
    virtual awaitable<result<std::vector<room>>> list_rooms(std::string type, std::size_t most, deadline) = 0;
    // Rooms in which something has happened since then, about the most recently active first, at most `most`.
    // A room whose lastActivity can't be read is among them. Large lists are not sorted reliably
    // (protocol/webex-rest.md 2.2), so no single older room ends the list, but a whole page of them does.
    virtual awaitable<result<listed<room>>> list_active_rooms(wall_time since, std::size_t most,
                                                              deadline) = 0;
    virtual awaitable<result<room>> create_room(std::string title, deadline) = 0;
    virtual awaitable<result<room>> rename_room(std::string id, std::string title, deadline) = 0;
    virtual awaitable<result<>> delete_room(std::string id, deadline) = 0;

    // Everyone in a room; with an empty room id, the caller's own memberships.
    virtual awaitable<result<std::vector<membership>>> list_memberships(std::string room_id, deadline) = 0;
    virtual awaitable<result<membership>> get_membership(std::string id, deadline) = 0;
    virtual awaitable<result<membership>> add_member(std::string room_id, std::string person_email,
                                                     bool moderator, deadline) = 0;
    virtual awaitable<result<membership>> set_moderator(std::string membership_id, bool moderator,
                                                        deadline) = 0;
    virtual awaitable<result<>> remove_member(std::string membership_id, deadline) = 0;

    virtual awaitable<result<message>> get_message(std::string id, deadline) = 0;
    // Newest first. A bot must set `mentioning_me` in group rooms, else Webex answers 403.
    virtual awaitable<result<std::vector<message>>> list_messages(std::string room_id, bool mentioning_me,
                                                                  std::size_t most, deadline) = 0;
    // What was said since then, newest first, at most `most`; `mentioning_me` as above. Without the words,
    // files and cards: get_message() has them. A message whose time can't be read is among them.
    virtual awaitable<result<listed<message>>> list_messages_since(std::string room_id, bool mentioning_me,
                                                                   wall_time since, std::size_t most,
                                                                   deadline) = 0;
    // The replies of one thread, newest first.
    virtual awaitable<result<std::vector<message>>> list_thread(std::string room_id, std::string parent_id,
                                                                std::size_t most, deadline) = 0;
    // What was said between us and that person, newest first; Webex decides how much of it
    // (protocol/webex-rest.md 4.4). Errors also: not_found when nothing ever was.
    virtual awaitable<result<std::vector<message>>> list_direct_messages(std::string person_id,
                                                                         std::size_t most, deadline) = 0;
    // Refused with bad_input: not exactly one destination, nothing to say, text or markdown above 7439 bytes
    // or not UTF-8, a card that is not a JSON object.
    virtual awaitable<result<message>> post_message(new_message, deadline) = 0;
    // The file is opened anew for every attempt. No card and no file_url beside it.
    virtual awaitable<result<message>> post_file(new_message, file_upload, deadline) = 0;
    virtual awaitable<result<message>> edit_message(std::string id, std::string room_id, std::string markdown,
                                                    deadline) = 0;
    virtual awaitable<result<>> delete_message(std::string id, deadline) = 0;

    virtual awaitable<result<attachment_action>> get_attachment_action(std::string id, deadline) = 0;
    virtual awaitable<result<attachment_action>> submit_card(std::string message_id, std::string inputs_json,
                                                             deadline) = 0;

    virtual awaitable<result<std::vector<webhook>>> list_webhooks(deadline) = 0;
    // An empty secret is not sent: such a webhook's deliveries are not signed.
    virtual awaitable<result<webhook>> create_webhook(new_webhook, secret, deadline) = 0;
    // Name, target and secret; also makes an inactive webhook active again.
    virtual awaitable<result<webhook>> update_webhook(std::string id, std::string name,
                                                      std::string target_url, secret, deadline) = 0;
    virtual awaitable<result<>> delete_webhook(std::string id, deadline) = 0;

    // `file_url` as found in message::files. The token goes only to the API's own hosts, and only to their
    // contents; anything else is refused with bad_input. Waits out the malware scan (423) until the deadline;
    // 410 (infected) and 428 (unscannable) are api_rejected with words that say so
    // (protocol/webex-rest.md 1.7).
    virtual awaitable<result<file_info>> stat_file(std::string file_url, deadline) = 0;
    // Errors: too_large above `size_limit` bytes.
    virtual awaitable<result<file>> get_file(std::string file_url, std::size_t size_limit, deadline) = 0;
};

struct api_options
{
    std::string base_url = "https://webexapis.com/v1"; // with or without a slash at its end
    std::chrono::milliseconds request_timeout{30'000}; // of one attempt; a file may take as long as its call
    unsigned attempts = 6;                             // of one request that may be repeated
    std::chrono::milliseconds first_pause{500};        // doubled from attempt to attempt
    std::chrono::milliseconds longest_pause{32'000};
    std::chrono::milliseconds default_retry_after{15'000};  // for a 429 with none, or one that can't be read
    std::chrono::milliseconds shortest_retry_after{1'000};  // a Retry-After below this is raised to it
    std::chrono::milliseconds longest_retry_after{300'000}; // a Retry-After beyond this is cut to it
    std::size_t page_size = 100;
    std::size_t pages = 1000; // a list longer than this is an error, not a loop

    // Called at every 401, from any thread: whoever runs us decides what a rejected token means. May be
    // empty.
    std::function<void()> on_token_rejected;
};

// Errors: bad_configuration when base_url is no http(s) URL or the token is empty or can't be one.
result<std::shared_ptr<api>> make_api(api_options, secret token, std::shared_ptr<transport::http_client>,
                                      log);

} // namespace postern::webex
