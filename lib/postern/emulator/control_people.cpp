#include "postern/emulator/card.hpp"
#include "postern/emulator/control.hpp"
#include "postern/emulator/shapes.hpp"

namespace postern::emulator {
namespace {

std::optional<scan_state> state_named(std::string_view name)
{
    if (name == "clean")
        return scan_state::clean;
    if (name == "scanning")
        return scan_state::scanning;
    if (name == "infected")
        return scan_state::infected;
    if (name == "unscannable")
        return scan_state::unscannable;
    return std::nullopt;
}

} // namespace

const person* control_desk::known_as(const world& w, std::string_view text)
{
    if (const auto* named = w.person_named(text))
        return named;
    if (const auto* mailed = w.person_by_email(text))
        return mailed;
    const auto found = w.person_of(text);
    return found ? *found : nullptr;
}

granted<std::string> control_desk::organisation_of(const std::string& name) const
{
    if (name == no_organisation)
        return name;
    const auto& known = c_.seed_.organisations;
    const auto* found =
        c_.world_.organisation_named(name.empty() && !known.empty() ? known.front().name : name);
    if (!found)
        return refusal{404, "There is no organisation of that name."};
    return found->uuid;
}

granted<const person*> control_desk::person_in(std::string_view key) const
{
    const auto text = text_in(body_, key);
    const auto* found = text ? known_as(c_.world_, *text) : nullptr;
    if (!found)
        return refusal{404, "'" + std::string(key) + "' must be somebody's name, e-mail address or id"};
    return found;
}

control_desk::reply control_desk::add_organisation()
{
    const auto name = text_in(body_, "name");
    const auto cluster = text_in(body_, "cluster");
    if (!name || name->empty() || *name == no_organisation || !cluster ||
        cluster->find('/') != std::string::npos)
        return refusal{400, "name and cluster are texts; name is neither empty nor \"consumer\""};
    if (c_.world_.organisation_named(*name))
        return refusal{409, "An organisation of that name is there already."};
    const auto& made = c_.world_.add(organisation{{}, *name, cluster->empty() ? "us" : *cluster});
    return json::object{{"id", organisation_id(made.uuid)}, {"name", made.name}, {"cluster", made.cluster}};
}

control_desk::reply control_desk::add_person(person_type type)
{
    person p;
    p.type = type;
    const auto organisation_name = text_in(body_, "organisation");
    const auto admin = flag_in(body_, "admin");
    const auto monitor = flag_in(body_, "monitor");
    if (!organisation_name || !admin || !monitor)
        return refusal{400, "organisation is a text, admin and monitor are true or false"};
    if (body_.contains("type"))
    {
        const auto wanted = parse_person_type(text_or(body_, "type"));
        if (!wanted || (*wanted == person_type::bot) != (type == person_type::bot))
            return refusal{400, "type is person or appuser; bots are made by POST /_emulator/bots"};
        p.type = *wanted;
    }
    for (const auto& [key, where] :
         {std::pair{"name", &p.name}, std::pair{"email", &p.email}, std::pair{"displayName", &p.display_name},
          std::pair{"nickName", &p.nick_name}})
    {
        auto text = text_in(body_, key);
        if (!text)
            return refusal{400, "'" + std::string(key) + "' must be a text"};
        *where = std::move(*text);
    }
    if (p.name.empty())
        return refusal{400, "'name' must not be empty"};
    if (p.email.empty())
        p.email = p.name + (type == person_type::bot ? "@webex.bot" : "@example.com");
    if (p.display_name.empty())
        p.display_name = p.name;
    if (p.nick_name.empty())
        p.nick_name = p.display_name.substr(0, p.display_name.find(' '));
    p.admin = admin->value_or(false);
    p.monitor = monitor->value_or(false);
    const auto org = organisation_of(*organisation_name);
    if (!org)
        return org.error();
    p.org = *org;
    const auto made = c_.world_.add(std::move(p));
    if (!made)
        return made.error();
    auto shown = show(**made);
    shown["name"] = (*made)->name;
    shown["token"] = c_.world_.issue_token(**made);
    return shown;
}

control_desk::reply control_desk::add_human() { return add_person(person_type::person); }
control_desk::reply control_desk::add_bot() { return add_person(person_type::bot); }

control_desk::reply control_desk::add_token()
{
    const auto who = person_in("person");
    if (!who)
        return who.error();
    std::vector<std::string> scopes;
    if (body_.contains("scopes"))
    {
        const auto* wanted = get_array(body_, "scopes");
        if (!wanted)
            return refusal{400, "'scopes' must be an array of texts"};
        for (const auto& scope : *wanted)
        {
            if (!scope.is_string())
                return refusal{400, "'scopes' must be an array of texts"};
            scopes.emplace_back(scope.get_string());
        }
    }
    return json::object{{"token", c_.world_.issue_token(**who, std::move(scopes))}};
}

control_desk::reply control_desk::expire_tokens()
{
    const auto who = person_in("person");
    if (!who)
        return who.error();
    c_.world_.expire_tokens_of(**who);
    return json::object{{"expired", true}};
}

// An app sends no markdown of its own, and puts the short name of whom it mentions in front.
draft control_desk::said_by_app(const std::string& text, const person* mention)
{
    draft d;
    d.by_client = true;
    d.markdown =
        mention ? "<@personId:" + person_id(mention->uuid) + '|' + mention->nick_name + "> " + text : text;
    return d;
}

control_desk::reply control_desk::say()
{
    auto& w = c_.world_;
    const auto author = person_in("person");
    const auto room_name = text_in(body_, "room");
    const auto text = text_in(body_, "text");
    const auto parent = text_in(body_, "parentId");
    if (!author)
        return author.error();
    if (!room_name || !text || !parent)
        return refusal{400, "room, text and parentId are texts"};
    const person* mention = nullptr;
    if (body_.contains("mention"))
    {
        const auto whom = person_in("mention");
        if (!whom)
            return whom.error();
        mention = *whom;
    }
    auto d = said_by_app(*text, mention);
    if (body_.contains("to"))
    {
        const auto other = person_in("to");
        if (!other)
            return other.error();
        d.to = (*other)->uuid;
    }
    else if (const auto* titled = w.room_titled(*room_name))
        d.room = titled->uuid;
    else if (const auto by_id = w.room_of(**author, *room_name))
        d.room = (*by_id)->uuid;
    else
        return refused::no_such_room();
    if (!parent->empty())
    {
        const auto ref = read_reference(*parent, "MESSAGE");
        if (!ref)
            return ref.error();
        d.parent = ref->native;
    }
    auto done = w.post(**author, std::move(d));
    if (!done)
        return done.error();
    activities_ = std::move(done->activities);
    return show(done->value, w, origin_ + "/v1");
}

control_desk::reply control_desk::press_card()
{
    const auto who = person_in("person");
    const auto id = text_in(body_, "messageId");
    const auto action = text_in(body_, "action");
    if (!who)
        return who.error();
    if (!id || !action)
        return refusal{400, "messageId and action are texts"};
    const auto card = c_.world_.message_of(**who, *id);
    if (!card)
        return card.error();
    const auto* typed = get_object(body_, "inputs");
    if (body_.contains("inputs") && !typed)
        return refusal{400, "'inputs' must be an object of texts"};
    auto inputs = press((*card)->attachments, *action, typed ? *typed : json::object());
    if (!inputs)
        return inputs.error();
    auto done = c_.world_.submit(**who, *id, std::move(*inputs));
    if (!done)
        return done.error();
    activities_ = std::move(done->activities);
    return show(done->value);
}

granted<scan> control_desk::read_scan() const
{
    const auto state = state_named(text_or(body_, "state"));
    const auto then = state_named(text_or(body_, "then", "clean"));
    const auto answers = body_.contains("answers") ? get_int(body_, "answers") : 0;
    const auto retry = body_.contains("retryAfter") ? get_int(body_, "retryAfter") : 1;
    if (!state || !then)
        return refusal{400, "state and then are clean, scanning, infected or unscannable"};
    if (!answers || *answers < 0 || *answers > 1000 || !retry || *retry < 0 || *retry > 86400)
        return refusal{400, "answers and retryAfter are numbers, not too large"};
    return scan{*state, static_cast<unsigned>(*answers), *then, static_cast<unsigned>(*retry)};
}

control_desk::reply control_desk::scan_next()
{
    const auto wanted = read_scan();
    if (!wanted)
        return wanted.error();
    c_.world_.set_next_scan(*wanted);
    return json::object{{"state", text_or(body_, "state")}};
}

control_desk::reply control_desk::scan_content()
{
    const auto wanted = read_scan();
    auto* file = c_.world_.find_content(captured_[0]);
    if (!wanted)
        return wanted.error();
    if (!file)
        return refusal{404, "There is no such file."};
    file->scanned = *wanted;
    return json::object{{"state", text_or(body_, "state")}};
}

} // namespace postern::emulator
