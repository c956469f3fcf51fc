#include "postern/emulator/public_ids.hpp"

#include "postern/base/crypto.hpp"
#include "postern/base/ids.hpp"

namespace postern::emulator {
namespace {

std::string make(std::string_view cluster, std::string_view type, std::string_view native)
{
    return format_id({std::string(cluster), std::string(type), std::string(native)});
}

} // namespace

std::string person_id(std::string_view uuid) { return make("us", "PEOPLE", uuid); }
std::string organisation_id(std::string_view uuid) { return make("us", "ORGANIZATION", uuid); }
std::string room_id(std::string_view cluster, std::string_view uuid) { return make(cluster, "ROOM", uuid); }
std::string message_id(std::string_view cluster, std::string_view uuid)
{
    return make(cluster, "MESSAGE", uuid);
}
std::string id_of(const room& r) { return room_id(r.cluster, r.uuid); }
std::string id_of(const membership& m) { return make(m.cluster, "MEMBERSHIP", m.person + ':' + m.room); }
std::string id_of(const message& m) { return message_id(m.cluster, m.uuid); }
std::string id_of(const attachment_action& a) { return make(a.cluster, "ATTACHMENT_ACTION", a.uuid); }
std::string id_of(const webhook& w) { return make(w.cluster, "WEBHOOK", w.uuid); }

std::string content_id(const message& m, std::size_t index)
{
    return make(m.cluster, "CONTENT", m.uuid + '/' + std::to_string(index));
}

granted<reference> read_reference(std::string_view text, std::string_view type)
{
    if (looks_like_uuid(text))
        return reference{std::string(text), std::nullopt};
    auto parts = parse_id(text);
    if (!parts)
        return refusal{400, "Expect base64 ID or UUID."};
    if (parts->type != type)
        return refused::not_found();
    return reference{std::move(parts->native), std::move(parts->cluster)};
}

} // namespace postern::emulator
