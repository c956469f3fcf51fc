#include "postern/transport/request_parser.hpp"

namespace postern::transport {
namespace {

std::string_view plain(boost::beast::string_view text) { return {text.data(), text.size()}; }

} // namespace

request_parser::request_parser(request& into, std::size_t head_limit) : into_(into)
{
    header_limit(static_cast<std::uint32_t>(head_limit));
    body_limit(boost::none);
}

void request_parser::on_request_impl(boost::beast::http::verb, text method, text target, int, error_code&)
{
    into_.method = plain(method);
    into_.target = plain(target);
}

void request_parser::on_response_impl(int, text, int, error_code&) {}

void request_parser::on_field_impl(field, text name, text value, error_code&)
{
    if (!head_done_)
        into_.headers.add(std::string(plain(name)), std::string(plain(value)));
}

void request_parser::on_header_impl(error_code&) { head_done_ = true; }

void request_parser::on_body_init_impl(const body_length& length, error_code&)
{
    if (length) // within the limit, or we would not come here
        into_.body.reserve(static_cast<std::size_t>(*length));
}

std::size_t request_parser::on_body_impl(text body, error_code&)
{
    into_.body += plain(body);
    return body.size();
}

void request_parser::on_chunk_header_impl(std::uint64_t, text, error_code&) {}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, text body, error_code&)
{
    into_.body += plain(body);
    return body.size();
}

void request_parser::on_finish_impl(error_code&) {}

} // namespace postern::transport
