#pragma once

#include "postern/base/time.hpp"
#include "postern/webex/api.hpp"
#include "postern/webex/link_header.hpp"
#include "postern/webex/pager.hpp"
#include "postern/webex/read_types.hpp"
#include "postern/webex/rest.hpp"
#include "postern/webex/write_types.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <set>

namespace postern::webex {

// api over HTTP. One file a family of resources: api.cpp, api_rooms.cpp, api_messages.cpp, api_webhooks.cpp,
// api_files.cpp.
class rest_api final : public api
{
public:
    rest_api(const api_options& options, transport::url base, secret token,
             std::shared_ptr<transport::http_client> client, log out)
        : rest_(options, std::move(base), std::move(token), std::move(client), std::move(out)),
          page_size_(options.page_size), pages_(options.pages)
    {
    }

    awaitable<result<person>> me(deadline) override;
    awaitable<result<person>> get_person(std::string id, deadline) override;
    awaitable<result<std::vector<person>>> find_people(std::string email, deadline) override;

    awaitable<result<room>> get_room(std::string id, deadline) override;
    awaitable<result<std::vector<room>>> list_rooms(std::string type, std::size_t most, deadline) override;
    awaitable<result<listed<room>>> list_active_rooms(wall_time since, std::size_t most, deadline) override;
    awaitable<result<room>> create_room(std::string title, deadline) override;
    awaitable<result<room>> rename_room(std::string id, std::string title, deadline) override;
    awaitable<result<>> delete_room(std::string id, deadline) override;

    awaitable<result<std::vector<membership>>> list_memberships(std::string room_id, deadline) override;
    awaitable<result<membership>> get_membership(std::string id, deadline) override;
    awaitable<result<membership>> add_member(std::string room_id, std::string person_email, bool moderator,
                                             deadline) override;
    awaitable<result<membership>> set_moderator(std::string membership_id, bool moderator, deadline) override;
    awaitable<result<>> remove_member(std::string membership_id, deadline) override;

    awaitable<result<message>> get_message(std::string id, deadline) override;
    awaitable<result<std::vector<message>>> list_messages(std::string room_id, bool mentioning_me,
                                                          std::size_t most, deadline) override;
    awaitable<result<listed<message>>> list_messages_since(std::string room_id, bool mentioning_me,
                                                           wall_time since, std::size_t most,
                                                           deadline) override;
    awaitable<result<std::vector<message>>> list_thread(std::string room_id, std::string parent_id,
                                                        std::size_t most, deadline) override;
    awaitable<result<std::vector<message>>> list_direct_messages(std::string person_id, std::size_t most,
                                                                 deadline) override;
    awaitable<result<message>> post_message(new_message, deadline) override;
    awaitable<result<message>> post_file(new_message, file_upload, deadline) override;
    awaitable<result<message>> edit_message(std::string id, std::string room_id, std::string markdown,
                                            deadline) override;
    awaitable<result<>> delete_message(std::string id, deadline) override;

    awaitable<result<attachment_action>> get_attachment_action(std::string id, deadline) override;
    awaitable<result<attachment_action>> submit_card(std::string message_id, std::string inputs_json,
                                                     deadline) override;

    awaitable<result<std::vector<webhook>>> list_webhooks(deadline) override;
    awaitable<result<webhook>> create_webhook(new_webhook, secret, deadline) override;
    awaitable<result<webhook>> update_webhook(std::string id, std::string name, std::string target_url,
                                              secret, deadline) override;
    awaitable<result<>> delete_webhook(std::string id, deadline) override;

    awaitable<result<file_info>> stat_file(std::string file_url, deadline) override;
    awaitable<result<file>> get_file(std::string file_url, std::size_t size_limit, deadline) override;

private:
    static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

    // GET family/id, PUT family/id with `body`, DELETE family/id. A body or an id that could not be made is
    // the result, and nothing is sent.
    template <class T>
    awaitable<result<T>> get(std::string family, std::string id, std::string doing, deadline limit);
    template <class T>
    awaitable<result<T>> put(std::string family, std::string id, result<std::string> body, unspeakable hidden,
                             std::string doing, deadline limit);
    template <class T>
    awaitable<result<T>> post(std::string family, result<std::string> body, unspeakable hidden,
                              std::string doing, deadline limit);
    awaitable<result<>> remove(std::string family, std::string id, std::string doing, deadline limit);

    template <class T>
    awaitable<result<T>> fetch(call what, deadline limit); // one resource
    // All pages, at most `most` items, none twice.
    template <class T>
    awaitable<result<std::vector<T>>> list(std::string family, transport::query_params query,
                                           std::size_t most, std::string doing, deadline limit);

    // The front of a list: what `fits`, which may shorten it, until a page is the `last`.
    template <class T>
    struct front
    {
        std::size_t most{};
        std::function<bool(T&)> fits;
        std::function<bool(std::size_t fitting, std::size_t others)> last;
    };
    template <class T>
    awaitable<result<listed<T>>> list_front(std::string family, transport::query_params query,
                                            front<T> wanted, std::string doing, deadline limit);

    // Hands over page by page, no item twice, while `take` says true. Returns how many pages there were.
    template <class T>
    awaitable<result<std::size_t>> walk(std::string family, transport::query_params query,
                                        std::function<bool(std::vector<T>)> take, std::string doing,
                                        deadline limit);

    awaitable<result<transport::response>> ask_for_file(std::string method, std::string file_url,
                                                        std::optional<std::size_t> size_limit,
                                                        std::string doing, deadline limit);

    rest rest_;
    std::size_t page_size_;
    std::size_t pages_;
};

// --- implementation ----------------------------------------------------------------------------------------

template <class T>
awaitable<result<T>> rest_api::fetch(call what, deadline limit)
{
    const auto doing = what.doing;
    const bool reads = what.method == "GET";
    auto answer = co_await rest_.send(std::move(what), limit);
    if (!answer)
        co_return answer.error();

    auto document = json_body(*answer);
    auto item = document ? read_one<T>(*document) : result<T>(document.error());
    if (item)
        co_return item;
    auto why = about(item.error(), doing, *answer);
    why.maybe_sent = !reads; // it was a success; only its answer is unreadable
    co_return why;
}

template <class T>
awaitable<result<T>> rest_api::get(std::string family, std::string id, std::string doing, deadline limit)
{
    const auto part = path_part(id);
    if (!part)
        co_return error(errc::bad_input, doing).because(part.error().ours);
    call what{"GET", rest_.at(family + '/' + *part), doing, family};
    co_return co_await fetch<T>(std::move(what), limit);
}

template <class T>
awaitable<result<T>> rest_api::put(std::string family, std::string id, result<std::string> body,
                                   unspeakable hidden, std::string doing, deadline limit)
{
    const auto part = path_part(id);
    if (!part)
        co_return error(errc::bad_input, doing).because(part.error().ours);
    if (!body)
        co_return error(errc::bad_input, doing).because(body.error().ours);
    call what{"PUT", rest_.at(family + '/' + *part), doing, family};
    what.body = std::move(*body);
    what.hidden = std::move(hidden);
    co_return co_await fetch<T>(std::move(what), limit);
}

template <class T>
awaitable<result<T>> rest_api::post(std::string family, result<std::string> body, unspeakable hidden,
                                    std::string doing, deadline limit)
{
    if (!body)
        co_return error(errc::bad_input, doing).because(body.error().ours);
    call what{"POST", rest_.at(family), doing, family};
    what.body = std::move(*body);
    what.hidden = std::move(hidden);
    co_return co_await fetch<T>(std::move(what), limit);
}

template <class T>
awaitable<result<std::vector<T>>> rest_api::list(std::string family, transport::query_params query,
                                                 std::size_t most, std::string doing, deadline limit)
{
    std::vector<T> items;
    if (most == 0)
        co_return items;
    query.emplace_back("max", std::to_string(std::min(most, page_size_)));
    std::function<bool(std::vector<T>)> take = [&items, most](std::vector<T> page) {
        const auto room = std::min(page.size(), most - items.size());
        std::move(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(room), std::back_inserter(items));
        return items.size() < most;
    };
    const auto walked =
        co_await walk<T>(std::move(family), std::move(query), std::move(take), std::move(doing), limit);
    if (!walked)
        co_return walked.error();
    co_return items;
}

template <class T>
awaitable<result<listed<T>>> rest_api::list_front(std::string family, transport::query_params query,
                                                  front<T> wanted, std::string doing, deadline limit)
{
    listed<T> out;
    query.emplace_back("max", std::to_string(page_size_));
    std::function<bool(std::vector<T>)> take = [&out, &wanted](std::vector<T> page) {
        std::size_t fitting = 0;
        for (auto& item : page)
        {
            if (!wanted.fits(item))
                continue;
            ++fitting;
            if (out.items.size() == wanted.most)
                out.whole = false;
            else
                out.items.push_back(std::move(item));
        }
        return out.whole && !wanted.last(fitting, page.size() - fitting);
    };
    const auto walked =
        co_await walk<T>(std::move(family), std::move(query), std::move(take), std::move(doing), limit);
    if (!walked)
        co_return walked.error();
    out.calls = *walked;
    co_return out;
}

template <class T>
awaitable<result<std::size_t>> rest_api::walk(std::string family, transport::query_params query,
                                              std::function<bool(std::vector<T>)> take, std::string doing,
                                              deadline limit)
{
    pager pages(rest_.at(family, query), pages_);
    std::set<std::string>
        ids; // a page that was reached another way may begin with what the last one ended with
    for (std::size_t read_pages = 1;; ++read_pages)
    {
        call what{"GET", pages.current(), doing, family};
        auto answer = co_await rest_.send(std::move(what), limit);
        while (!answer && pages.go_round(answer.error().status))
        {
            call round{"GET", pages.current(), doing, family};
            answer = co_await rest_.send(std::move(round), limit);
        }
        if (!answer)
            co_return answer.error();

        const auto document = json_body(*answer);
        if (!document)
            co_return about(document.error(), doing, *answer);
        const auto page = page_items(*document);
        if (!page)
            co_return about(page.error(), doing, *answer);

        std::string last_created;
        std::vector<T> items;
        for (const auto& entry : **page)
        {
            T item;
            read(entry.get_object(), item);
            last_created = item.created;
            if (item.id.empty() || ids.insert(item.id).second)
                items.push_back(std::move(item));
        }
        if (!take(std::move(items)))
            co_return read_pages;

        const auto next = pages.advance(next_link(answer->headers), std::move(last_created));
        if (!next)
            co_return about(next.error(), doing, *answer);
        if (*next == pager::next::done)
            co_return read_pages;
    }
}

} // namespace postern::webex
