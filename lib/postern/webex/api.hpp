#pragma once

#include "postern/base/async.hpp"
#include "postern/base/deadline.hpp"
#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/base/secret.hpp"
#include "postern/webex/types.hpp"

#include <memory>
#include <string>
#include <vector>

namespace postern::transport {
class http_client;
}

namespace postern::webex {

// What the rest of postern may ask of the Webex REST API, in the caller's language: no HTTP, no JSON.
//
// Thread-safe. Parameters are values: an awaitable may outlive the caller's temporaries. Each call is bounded by
// its deadline, retries included; cancelling the caller ends it with errc::stopped. Retries follow
// webex/retry_policy.hpp: reads, updates and deletions are repeated on 423, 429, 502, 503, 504 and lost
// connections; a POST is repeated only when it can't have taken effect.
//
// Errors: token_rejected (401), not_found (404), api_rejected (other 4xx), api_unavailable (429 and 5xx past the
// deadline), and those of transport::http_client. status, tracking_id and theirs are filled in.
class api
{
public:
    virtual ~api() = default;

    virtual awaitable<result<person>> me(deadline) = 0;
    virtual awaitable<result<person>> get_person(std::string id, deadline) = 0;
    virtual awaitable<result<std::vector<person>>> find_people(std::string email, deadline) = 0;

    virtual awaitable<result<room>> get_room(std::string id, deadline) = 0;
    // `type`: "direct", "group" or empty for both. All pages, at most `most` rooms.
    virtual awaitable<result<std::vector<room>>> list_rooms(std::string type, std::size_t most, deadline) = 0;
    virtual awaitable<result<room>> create_room(std::string title, deadline) = 0;
    virtual awaitable<result<room>> rename_room(std::string id, std::string title, deadline) = 0;
    virtual awaitable<result<>> delete_room(std::string id, deadline) = 0;

    // Everyone in a room; with an empty room id, the caller's own memberships. All pages or an error: never
    // half a list.
    virtual awaitable<result<std::vector<membership>>> list_memberships(std::string room_id, deadline) = 0;
    virtual awaitable<result<membership>> get_membership(std::string id, deadline) = 0;
    virtual awaitable<result<membership>> add_member(std::string room_id, std::string person_email, bool moderator,
                                                     deadline) = 0;
    virtual awaitable<result<membership>> set_moderator(std::string membership_id, bool moderator, deadline) = 0;
    virtual awaitable<result<>> remove_member(std::string membership_id, deadline) = 0;

    virtual awaitable<result<message>> get_message(std::string id, deadline) = 0;
    // Newest first, at most `most`. A bot must set `mentioning_me` in group rooms, else Webex answers 403.
    virtual awaitable<result<std::vector<message>>> list_messages(std::string room_id, bool mentioning_me,
                                                                  std::size_t most, deadline) = 0;
    // The replies of one thread, newest first.
    virtual awaitable<result<std::vector<message>>> list_thread(std::string room_id, std::string parent_id,
                                                                std::size_t most, deadline) = 0;
    virtual awaitable<result<message>> post_message(new_message, deadline) = 0;
    virtual awaitable<result<message>> post_file(new_message, file_upload, deadline) = 0;
    virtual awaitable<result<message>> edit_message(std::string id, std::string room_id, std::string markdown,
                                                    deadline) = 0;
    virtual awaitable<result<>> delete_message(std::string id, deadline) = 0;

    virtual awaitable<result<attachment_action>> get_attachment_action(std::string id, deadline) = 0;
    virtual awaitable<result<attachment_action>> submit_card(std::string message_id, std::string inputs_json,
                                                             deadline) = 0;

    virtual awaitable<result<std::vector<webhook>>> list_webhooks(deadline) = 0; // all pages
    virtual awaitable<result<webhook>> create_webhook(new_webhook, secret, deadline) = 0;
    // Name, target and secret; also makes an inactive webhook active again.
    virtual awaitable<result<webhook>> update_webhook(std::string id, std::string name, std::string target_url,
                                                      secret, deadline) = 0;
    virtual awaitable<result<>> delete_webhook(std::string id, deadline) = 0;

    // `file_url` as found in message::files. The token goes only to the API's own hosts; any other is refused
    // with bad_input. Waits out the malware scan (423) until the deadline; 410 (infected) and 428 (unscannable)
    // are api_rejected with words that say so.
    virtual awaitable<result<file_info>> stat_file(std::string file_url, deadline) = 0;
    virtual awaitable<result<file>> get_file(std::string file_url, std::size_t size_limit, deadline) = 0;
};

struct api_options
{
    std::string base_url = "https://webexapis.com/v1"; // with or without a slash at its end
    std::chrono::milliseconds request_timeout{30'000}; // one attempt; the call's own deadline may be later
    unsigned attempts = 6;                             // of one request that may be repeated
    std::chrono::milliseconds first_pause{500};        // doubled from attempt to attempt
    std::chrono::milliseconds longest_pause{32'000};
    std::chrono::milliseconds longest_retry_after{300'000}; // a Retry-After beyond this is cut to it
    std::size_t page_size = 100;
    std::size_t pages = 1000;                          // a list longer than this is an error, not a loop
};

// Errors: bad_configuration when base_url is no http(s) URL.
result<std::shared_ptr<api>> make_api(api_options, secret token, std::shared_ptr<transport::http_client>, log);

} // namespace postern::webex
