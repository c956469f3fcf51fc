#include "postern/emulator/mercury_handshake.hpp"

#include "postern/emulator/routes.hpp"

namespace postern::emulator {
namespace {

constexpr std::size_t longest_id = 1000; // of a ping; it is echoed

} // namespace

std::optional<socket_wish> read_socket_wish(const transport::request& r)
{
    const auto captured = match_path("/v1/apps/wx2/registrations/{id}/messages", r.path());
    if (!captured)
        return std::nullopt;
    socket_wish wish;
    wish.registration = captured->at(0);
    for (const auto& [key, value] : transport::parse_query(r.query()))
    {
        if (key == "outboundWireFormat")
            wish.text = value == "text";
        else if (key == "multipleConnections")
            wish.many = value == "true";
        else if (key == "mercuryRegistrationStatus")
            wish.registration_status = value == "true";
        else if (key == "aliasHttpStatus")
            wish.alias = value == "true";
    }
    return wish;
}

std::string_view bare_token(std::string_view given)
{
    constexpr std::string_view scheme = "Bearer ";
    if (transport::equal_ignoring_case(given.substr(0, scheme.size()), scheme))
        given.remove_prefix(scheme.size());
    return given;
}

client_frame read_client_frame(std::string_view payload)
{
    const auto parsed = parse_json(payload, "a frame");
    const auto* frame = parsed ? parsed->if_object() : nullptr;
    if (!frame)
        return {};
    const auto type = text_or(*frame, "type");
    if (type == "authorization")
    {
        const auto* data = get_object(*frame, "data");
        return {client_frame::kind::authorization, data ? text_or(*data, "token") : std::string()};
    }
    if (type == "ping")
        return {client_frame::kind::ping, text_or(*frame, "id").substr(0, longest_id)};
    if (type == "ack")
        return {client_frame::kind::ack, text_or(*frame, "messageId")};
    return {};
}

} // namespace postern::emulator
