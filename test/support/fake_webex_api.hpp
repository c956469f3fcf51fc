#pragma once

#include "postern/base/time.hpp"
#include "postern/webex/api.hpp"

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace postern::test {

// The Webex API, answered from a script: the next answer of each call is the front of its queue, and without
// one it is api_unavailable. It has no logic of its own but `accept_posts`. What was asked is in `calls`, in
// order, as "name argument"; what was posted is in `posted` as well. One thread.
class fake_webex_api : public webex::api
{
public:
    template <class T>
    using script = std::deque<result<T>>;

    script<webex::person> people; // me and get_person
    script<std::vector<webex::person>> found_people;
    script<webex::room> rooms; // get_room, create_room and rename_room
    script<std::vector<webex::room>> room_lists;
    script<webex::listed<webex::room>> active_rooms;
    script<webex::membership> memberships; // get_membership, add_member and set_moderator
    script<std::vector<webex::membership>> membership_lists;
    script<webex::message> messages;                       // get_message
    script<std::vector<webex::message>> message_lists;     // list_messages, list_thread, list_direct_messages
    script<webex::listed<webex::message>> recent_messages; // list_messages_since
    script<webex::message> posts;                          // post_message, post_file and edit_message
    script<void> deletions;                                // of anything
    script<webex::attachment_action> actions;              // get_attachment_action and submit_card
    script<webex::webhook> webhooks;                       // create_webhook and update_webhook
    script<std::vector<webex::webhook>> webhook_lists;
    script<webex::file_info> file_infos;
    script<webex::file> files;

    bool accept_posts = false; // posts without a script succeed, as "reply-1", "reply-2" ...
    std::function<void(const std::string&)> on_call; // sees each call before it is answered

    std::vector<std::string> calls;
    std::vector<webex::new_message> posted;
    std::vector<webex::file_upload> uploaded;

    bool used_up() const // every scripted answer was asked for
    {
        return people.empty() && found_people.empty() && rooms.empty() && room_lists.empty() &&
               memberships.empty() && membership_lists.empty() && messages.empty() && message_lists.empty() &&
               posts.empty() && deletions.empty() && actions.empty() && webhooks.empty() &&
               webhook_lists.empty() && active_rooms.empty() && recent_messages.empty() &&
               file_infos.empty() && files.empty();
    }

    awaitable<result<webex::person>> me(deadline) override { return answer("me", people); }
    awaitable<result<webex::person>> get_person(std::string id, deadline) override
    {
        return answer("get_person " + id, people);
    }
    awaitable<result<std::vector<webex::person>>> find_people(std::string email, deadline) override
    {
        return answer("find_people " + email, found_people);
    }

    awaitable<result<webex::room>> get_room(std::string id, deadline) override
    {
        return answer("get_room " + id, rooms);
    }
    awaitable<result<std::vector<webex::room>>> list_rooms(std::string type, std::size_t, deadline) override
    {
        return answer("list_rooms " + type, room_lists);
    }
    awaitable<result<webex::listed<webex::room>>> list_active_rooms(wall_time since, std::size_t,
                                                                    deadline) override
    {
        return answer("list_active_rooms " + format_time(since), active_rooms);
    }
    awaitable<result<webex::room>> create_room(std::string title, deadline) override
    {
        return answer("create_room " + title, rooms);
    }
    awaitable<result<webex::room>> rename_room(std::string id, std::string title, deadline) override
    {
        return answer("rename_room " + id + ' ' + title, rooms);
    }
    awaitable<result<>> delete_room(std::string id, deadline) override
    {
        return answer("delete_room " + id, deletions);
    }

    awaitable<result<std::vector<webex::membership>>> list_memberships(std::string room_id, deadline) override
    {
        return answer("list_memberships " + room_id, membership_lists);
    }
    awaitable<result<webex::membership>> get_membership(std::string id, deadline) override
    {
        return answer("get_membership " + id, memberships);
    }
    awaitable<result<webex::membership>> add_member(std::string room_id, std::string person_email, bool,
                                                    deadline) override
    {
        return answer("add_member " + room_id + ' ' + person_email, memberships);
    }
    awaitable<result<webex::membership>> set_moderator(std::string membership_id, bool moderator,
                                                       deadline) override
    {
        return answer("set_moderator " + membership_id + (moderator ? " yes" : " no"), memberships);
    }
    awaitable<result<>> remove_member(std::string membership_id, deadline) override
    {
        return answer("remove_member " + membership_id, deletions);
    }

    awaitable<result<webex::message>> get_message(std::string id, deadline) override
    {
        return answer("get_message " + id, messages);
    }
    awaitable<result<std::vector<webex::message>>> list_messages(std::string room_id, bool mentioning_me,
                                                                 std::size_t, deadline) override
    {
        return answer("list_messages " + room_id + (mentioning_me ? " mentioning me" : ""), message_lists);
    }
    awaitable<result<webex::listed<webex::message>>> list_messages_since(std::string room_id,
                                                                         bool mentioning_me, wall_time since,
                                                                         std::size_t, deadline) override
    {
        return answer("list_messages_since " + room_id + (mentioning_me ? " mentioning me " : " ") +
                          format_time(since),
                      recent_messages);
    }
    awaitable<result<std::vector<webex::message>>> list_thread(std::string room_id, std::string parent_id,
                                                               std::size_t, deadline) override
    {
        return answer("list_thread " + room_id + ' ' + parent_id, message_lists);
    }
    awaitable<result<std::vector<webex::message>>> list_direct_messages(std::string person_id, std::size_t,
                                                                        deadline) override
    {
        return answer("list_direct_messages " + person_id, message_lists);
    }
    awaitable<result<webex::message>> post_message(webex::new_message m, deadline) override
    {
        const std::string room = m.to.room_id.empty() ? "to " + m.to.to_person_id : m.to.room_id;
        return post("post_message " + room, std::move(m));
    }
    awaitable<result<webex::message>> post_file(webex::new_message m, webex::file_upload f, deadline) override
    {
        const std::string room = m.to.room_id;
        const std::string name = f.filename;
        uploaded.push_back(std::move(f));
        return post("post_file " + room + ' ' + name, std::move(m));
    }
    awaitable<result<webex::message>> edit_message(std::string id, std::string room_id, std::string markdown,
                                                   deadline) override
    {
        webex::new_message m;
        m.to.room_id = std::move(room_id);
        m.markdown = std::move(markdown);
        return post("edit_message " + id, std::move(m));
    }
    awaitable<result<>> delete_message(std::string id, deadline) override
    {
        return answer("delete_message " + id, deletions);
    }

    awaitable<result<webex::attachment_action>> get_attachment_action(std::string id, deadline) override
    {
        return answer("get_attachment_action " + id, actions);
    }
    awaitable<result<webex::attachment_action>> submit_card(std::string message_id, std::string,
                                                            deadline) override
    {
        return answer("submit_card " + message_id, actions);
    }

    awaitable<result<std::vector<webex::webhook>>> list_webhooks(deadline) override
    {
        return answer("list_webhooks", webhook_lists);
    }
    awaitable<result<webex::webhook>> create_webhook(webex::new_webhook w, secret, deadline) override
    {
        return answer("create_webhook " + w.name + ' ' + w.resource + ':' + w.event, webhooks);
    }
    awaitable<result<webex::webhook>> update_webhook(std::string id, std::string name, std::string target_url,
                                                     secret, deadline) override
    {
        return answer("update_webhook " + id + ' ' + name + ' ' + target_url, webhooks);
    }
    awaitable<result<>> delete_webhook(std::string id, deadline) override
    {
        return answer("delete_webhook " + id, deletions);
    }

    awaitable<result<webex::file_info>> stat_file(std::string file_url, deadline) override
    {
        return answer("stat_file " + file_url, file_infos);
    }
    awaitable<result<webex::file>> get_file(std::string file_url, std::size_t, deadline) override
    {
        return answer("get_file " + file_url, files);
    }

private:
    template <class T>
    awaitable<result<T>> answer(std::string call, script<T>& from)
    {
        calls.push_back(call);
        if (on_call)
            on_call(call);
        if (from.empty())
            co_return error(errc::api_unavailable, "no answer is scripted for: " + call);
        result<T> next = std::move(from.front());
        from.pop_front();
        co_return next;
    }

    awaitable<result<webex::message>> post(std::string call, webex::new_message m)
    {
        posted.push_back(std::move(m));
        if (accept_posts && posts.empty())
        {
            webex::message done;
            done.id = "reply-" + std::to_string(posted.size());
            done.room_id = posted.back().to.room_id;
            posts.push_back(std::move(done));
        }
        return answer(std::move(call), posts);
    }
};

} // namespace postern::test
