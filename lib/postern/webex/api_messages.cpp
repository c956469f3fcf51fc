#include "postern/webex/rest_api.hpp"

namespace postern::webex {
namespace {

// What was to be said, so that no error repeats it.
unspeakable words_of(const new_message& what)
{
    unspeakable hidden;
    for (const auto* text : {&what.text, &what.markdown, &what.card, &what.file_url})
        if (!text->empty())
            hidden.emplace_back(*text);
    return hidden;
}

result<transport::query_params> of_room(std::string room_id, bool mentioning_me)
{
    if (room_id.empty())
        return error(errc::bad_input, "listing messages").because("the room id is empty");
    transport::query_params query;
    query.emplace_back("roomId", std::move(room_id));
    if (mentioning_me)
        query.emplace_back("mentionedPeople", "me");
    return query;
}

// Lists for looking back may be long, and need no words.
void forget_words(message& m)
{
    for (auto* words : {&m.text, &m.markdown, &m.html})
        std::string().swap(*words);
    m.files = {};
    m.attachments = {};
}

} // namespace

awaitable<result<message>> rest_api::get_message(std::string id, deadline limit)
{
    return get<message>("messages", std::move(id), "reading a message", limit);
}

awaitable<result<std::vector<message>>> rest_api::list_messages(std::string room_id, bool mentioning_me,
                                                                std::size_t most, deadline limit)
{
    auto query = of_room(std::move(room_id), mentioning_me);
    if (!query)
        co_return query.error();
    co_return co_await list<message>("messages", std::move(*query), most, "listing messages", limit);
}

awaitable<result<listed<message>>> rest_api::list_messages_since(std::string room_id, bool mentioning_me,
                                                                 wall_time since, std::size_t most,
                                                                 deadline limit)
{
    auto query = of_room(std::move(room_id), mentioning_me);
    if (!query)
        co_return query.error();
    front<message> wanted;
    wanted.most = most;
    wanted.fits = [since](message& m) {
        const auto said = parse_time(m.created);
        forget_words(m);
        return !said || *said >= since;
    };
    wanted.last = [](std::size_t, std::size_t others) { return others > 0; };
    co_return co_await list_front<message>("messages", std::move(*query), std::move(wanted),
                                           "listing messages", limit);
}

awaitable<result<std::vector<message>>> rest_api::list_thread(std::string room_id, std::string parent_id,
                                                              std::size_t most, deadline limit)
{
    if (room_id.empty() || parent_id.empty())
        co_return error(errc::bad_input, "listing a thread").because("the room id or the parent id is empty");
    transport::query_params query;
    query.emplace_back("roomId", std::move(room_id));
    query.emplace_back("parentId", std::move(parent_id));
    co_return co_await list<message>("messages", std::move(query), most, "listing a thread", limit);
}

awaitable<result<std::vector<message>>> rest_api::list_direct_messages(std::string person_id,
                                                                       std::size_t most, deadline limit)
{
    const std::string doing = "listing direct messages";
    if (person_id.empty())
        co_return error(errc::bad_input, doing).because("the person's id is empty");
    transport::query_params query;
    query.emplace_back("personId", std::move(person_id));
    std::vector<message> items;
    std::function<bool(std::vector<message>)> take = [&items, most](std::vector<message> page) {
        for (auto& one : page)
            if (items.size() < most)
                items.push_back(std::move(one));
        return items.size() < most;
    };
    const auto walked =
        co_await walk<message>("messages/direct", std::move(query), std::move(take), doing, limit);
    if (!walked)
        co_return walked.error();
    co_return items;
}

awaitable<result<message>> rest_api::post_message(new_message what, deadline limit)
{
    return post<message>("messages", message_json(what), words_of(what), "posting a message", limit);
}

awaitable<result<message>> rest_api::post_file(new_message what, file_upload upload, deadline limit)
{
    const std::string doing = "posting a file";
    auto fields = message_fields(what);
    if (!fields)
        co_return error(errc::bad_input, doing).because(fields.error().ours);
    auto file = upload_file(std::move(upload));
    if (!file)
        co_return error(errc::bad_input, doing).because(file.error().ours);

    call request{"POST", rest_.at("messages"), doing, "messages"};
    request.hidden = words_of(what);
    request.transfer = true;
    request.form = [fields = std::move(*fields), file = std::move(*file)]() -> result<transport::form> {
        auto form = transport::make_form(fields, file);
        if (form && form->body->size() > largest_file + 64 * 1024) // fields and boundaries are small
            return error(errc::bad_input)
                .because("the file is larger than Webex takes, " + std::to_string(largest_file) + " bytes");
        return form;
    };
    co_return co_await fetch<message>(std::move(request), limit);
}

awaitable<result<message>> rest_api::edit_message(std::string id, std::string room_id, std::string markdown,
                                                  deadline limit)
{
    unspeakable hidden{secret(markdown)};
    return put<message>("messages", std::move(id), edit_json(room_id, markdown), std::move(hidden),
                        "editing a message", limit);
}

awaitable<result<>> rest_api::delete_message(std::string id, deadline limit)
{
    return remove("messages", std::move(id), "deleting a message", limit);
}

awaitable<result<attachment_action>> rest_api::get_attachment_action(std::string id, deadline limit)
{
    return get<attachment_action>("attachment/actions", std::move(id), "reading a card's submission", limit);
}

awaitable<result<attachment_action>> rest_api::submit_card(std::string message_id, std::string inputs_json,
                                                           deadline limit)
{
    unspeakable hidden{secret(inputs_json)};
    return post<attachment_action>("attachment/actions", submit_json(message_id, inputs_json),
                                   std::move(hidden), "submitting a card", limit);
}

} // namespace postern::webex
