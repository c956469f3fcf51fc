#include "postern/emulator/ascii.hpp"
#include "postern/emulator/control.hpp"

#include "postern/base/crypto.hpp"

namespace postern::emulator {

json::array control_desk::sockets_shown() const
{
    json::array shown;
    for (const auto& s : c_.switchboard_.show())
    {
        const auto* who = c_.world_.find_person(s.who->person);
        const auto* d = c_.devices_.find_registration(s.who->registration, c_.world_.now());
        json::object o;
        o["person"] = who ? who->name : std::string();
        o["device"] = d ? d->id : std::string();
        o["registration"] = ascii_only(s.who->registration);
        o["peer"] = s.who->peer;
        o["since"] = format_time(s.since);
        o["authorised"] = s.authorised;
        o["stalled"] = s.stalled;
        o["format"] = s.who->text ? "text" : "binary";
        o["framesSent"] = s.frames_sent;
        o["framesWaiting"] = s.waiting;
        o["acks"] = s.acknowledgements;
        json::array last;
        for (const auto& id : s.last_acknowledged)
            last.emplace_back(ascii_only(id));
        o["lastAcks"] = std::move(last);
        shown.push_back(std::move(o));
    }
    return shown;
}

control_desk::reply control_desk::list_sockets() { return json::object{{"items", sockets_shown()}}; }

granted<std::vector<socket_id>> control_desk::chosen_sockets() const
{
    if (!body_.contains("person"))
        return c_.switchboard_.sockets();
    const auto who = person_in("person");
    if (!who)
        return who.error();
    return c_.switchboard_.sockets_of((*who)->uuid);
}

control_desk::reply control_desk::close_sockets()
{
    if (auto no = strange(body_, {"person", "code", "reason", "next"}))
        return *no;
    const auto code = number(body_, "code", 1000, 4999);
    const auto reason = text_in(body_, "reason");
    const auto next = number(body_, "next", 0, 1'000'000);
    if (!code || !next)
        return !code ? code.error() : next.error();
    // RFC 6455 7.4: 1005 is a close frame without a code, 1006 and 1015 never stand in one.
    if (!reason || *code < 1000 || *code == 1006 || *code == 1015)
        return refusal{400, "reason is a text, code a number from 1000 to 4999 that a close frame may carry"};
    const mercury_end how{static_cast<std::uint16_t>(*code), *reason, false};
    if (*next > 0)
    {
        if (body_.contains("person"))
            return refusal{400, "next is for whoever comes: without person"};
        c_.switchboard_.end_next(how, static_cast<unsigned>(*next));
        return json::object{{"next", *next}};
    }
    const auto chosen = chosen_sockets();
    if (!chosen)
        return chosen.error();
    for (const auto id : *chosen)
        c_.switchboard_.end(id, how);
    return json::object{{"closed", chosen->size()}};
}

control_desk::reply control_desk::cut_sockets()
{
    const auto chosen = chosen_sockets();
    if (!chosen)
        return chosen.error();
    for (const auto id : *chosen)
        c_.switchboard_.end(id, {1006, {}, true});
    return json::object{{"cut", chosen->size()}};
}

granted<bool> control_desk::on_or_off() const
{
    const auto on = flag_in(body_, "on");
    if (!on || !*on)
        return refusal{400, "'on' must be true or false"};
    return **on;
}

control_desk::reply control_desk::stall_sockets()
{
    const auto on = on_or_off();
    const auto chosen = chosen_sockets();
    if (!on || !chosen)
        return !on ? on.error() : chosen.error();
    for (const auto id : *chosen)
        c_.switchboard_.stall(id, *on);
    return json::object{{"stalled", *on}, {"sockets", chosen->size()}};
}

control_desk::reply control_desk::send_frame()
{
    constexpr std::int64_t largest = 32 * 1024 * 1024;
    if (auto no = strange(body_, {"person", "text", "base64", "size", "binary"}))
        return *no;
    const auto chosen = chosen_sockets();
    const auto text = text_in(body_, "text");
    const auto encoded = text_in(body_, "base64");
    const auto size = number(body_, "size", 0, largest);
    const auto binary = flag_in(body_, "binary");
    if (!chosen || !size)
        return !chosen ? chosen.error() : size.error();
    const auto kinds = body_.contains("text") + body_.contains("base64") + body_.contains("size");
    const auto bytes = encoded ? from_base64(*encoded) : std::nullopt;
    if (!text || !bytes || !binary || kinds != 1)
        return refusal{400, "one of text, base64 and size; binary is true or false"};

    auto payload = *text + *bytes + std::string(static_cast<std::size_t>(*size), 'x');
    // Bytes need not be UTF-8, which a text frame must be.
    const auto as = *binary ? *binary : body_.contains("base64") ? std::optional(true) : std::nullopt;
    for (const auto id : *chosen)
        c_.switchboard_.raw(id, payload, as, c_.moment_now());
    return json::object{{"sockets", chosen->size()}, {"bytes", payload.size()}};
}

control_desk::reply control_desk::announce_shutdown()
{
    if (auto no = strange(body_, {"person", "withinMs"}))
        return *no;
    const auto chosen = chosen_sockets();
    const auto within = number(body_, "withinMs", 10'000, 600'000);
    if (!chosen || !within)
        return !chosen ? chosen.error() : within.error();
    for (const auto id : *chosen)
        c_.switchboard_.announce_shutdown(id, std::chrono::milliseconds(*within), c_.moment_now());
    return json::object{{"sockets", chosen->size()}};
}

} // namespace postern::emulator
