#include "postern/verify/envelope.hpp"

#include "postern/base/json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>
#include <limits>

namespace postern::verify {
namespace {

using boost::system::error_code;
using json::string_view;

constexpr std::size_t max_depth = 64;

// Told by Boost.JSON's parser what it meets, it keeps what goes into the envelope. All functions answer
// "go on": there is nothing here that it could object to.
class reader
{
public:
    static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_object_size = unbounded;
    static constexpr std::size_t max_array_size = unbounded;
    static constexpr std::size_t max_key_size = unbounded;
    static constexpr std::size_t max_string_size = unbounded;

    envelope found;

    bool on_object_begin(error_code&)
    {
        ++depth_;
        if (depth_ == 1)
            found.is_object = true;
        in_data_ = in_data_ || (depth_ == 2 && key_is_data_);
        return leave_value();
    }
    bool on_object_end(std::size_t members, error_code&)
    {
        if (depth_ == 2 && in_data_)
        {
            in_data_ = false;
            found.has_data = members > 0;
        }
        --depth_;
        return true;
    }
    bool on_array_begin(error_code&)
    {
        ++depth_;
        return leave_value();
    }
    bool on_array_end(std::size_t, error_code&)
    {
        --depth_;
        return true;
    }

    // A text without escapes comes in one piece, and goes to its place without another copy.
    bool on_key_part(string_view piece, std::size_t, error_code&)
    {
        if (is_of_interest())
            key_.append(piece.data(), piece.size());
        return true;
    }
    bool on_key(string_view piece, std::size_t, error_code&)
    {
        if (!is_of_interest())
            return true;
        if (key_.empty())
            return enter_value({piece.data(), piece.size()});
        key_.append(piece.data(), piece.size());
        enter_value(key_);
        key_.clear();
        return true;
    }
    bool on_string_part(string_view piece, std::size_t, error_code&)
    {
        if (value_)
            value_->append(piece.data(), piece.size());
        return true;
    }
    bool on_string(string_view piece, std::size_t, error_code&)
    {
        if (value_)
            value_->append(piece.data(), piece.size());
        return leave_value();
    }

    bool on_int64(std::int64_t, string_view, error_code&) { return leave_value(); }
    bool on_uint64(std::uint64_t, string_view, error_code&) { return leave_value(); }
    bool on_double(double, string_view, error_code&) { return leave_value(); }
    bool on_bool(bool, error_code&) { return leave_value(); }
    bool on_null(error_code&) { return leave_value(); }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_number_part(string_view, error_code&) { return true; }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }

private:
    bool is_of_interest() const { return (depth_ == 1 && found.is_object) || (depth_ == 2 && in_data_); }

    bool enter_value(std::string_view key)
    {
        value_ = place_of(key);
        if (value_)
            value_->clear();
        key_is_data_ = depth_ == 1 && key == "data";
        if (key_is_data_)
        {
            found.has_data = false;
            found.data = {};
        }
        return true;
    }

    bool leave_value()
    {
        value_ = nullptr;
        key_is_data_ = false;
        return true;
    }

    std::string* place_of(std::string_view key)
    {
        if (in_data_)
            return key == "id"        ? &found.data.id
                   : key == "roomId"  ? &found.data.room_id
                   : key == "created" ? &found.data.created
                   : key == "updated" ? &found.data.updated
                                      : nullptr;
        return key == "resource"  ? &found.resource
               : key == "event"   ? &found.event
               : key == "actorId" ? &found.actor_id
                                  : nullptr;
    }

    std::size_t depth_ = 0;
    bool in_data_ = false;         // at depth 2 or deeper
    bool key_is_data_ = false;     // of the value to come
    std::string key_;              // pieces of one with escapes
    std::string* value_ = nullptr; // where the text to come goes, if it is one
};

} // namespace

envelope read_envelope(std::string_view text, error_code& ec)
{
    json::parse_options limits;
    limits.max_depth = max_depth;
    json::basic_parser<reader> parser(limits);
    const auto read = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && read < text.size())
        ec = json::make_error_code(json::error::extra_data);
    return std::move(parser.handler().found);
}

std::string canonical_data(std::string_view text)
{
    const auto document = parse_json(text, "a notification");
    const auto* root = document ? document->if_object() : nullptr;
    const auto* data = root ? get_object(*root, "data") : nullptr;
    return data ? json::serialize(*data) : std::string();
}

} // namespace postern::verify
