#pragma once

// Private to transport: Beast's parser, writing straight into our request.

#include "postern/transport/http.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/version.hpp>

namespace postern::transport {

// What is parsed goes to `into`, which must outlive the parser: no message of Beast's is filled first and
// copied then. Trailers of a chunked body are thrown away: nobody checked them (house rule 13).
class request_parser final : public boost::beast::http::basic_parser<true>
{
public:
    // No limit for the body yet: the head tells which one applies.
    request_parser(request& into, std::size_t head_limit);

private:
    using text = boost::beast::string_view;
    using field = boost::beast::http::field;
    using body_length = boost::optional<std::uint64_t>;

    void on_request_impl(boost::beast::http::verb, text method, text target, int version,
                         error_code&) override;
    void on_response_impl(int, text, int, error_code&) override;
    void on_field_impl(field, text name, text value, error_code&) override;
#if BOOST_BEAST_VERSION >= 359 // Boost 1.90; before that, trailers come like other fields
    void on_trailer_field_impl(field, text, text, error_code&) override {}
#endif
    void on_header_impl(error_code&) override;
    void on_body_init_impl(const body_length&, error_code&) override;
    std::size_t on_body_impl(text body, error_code&) override;
    void on_chunk_header_impl(std::uint64_t size, text extensions, error_code&) override;
    std::size_t on_chunk_body_impl(std::uint64_t remain, text body, error_code&) override;
    void on_finish_impl(error_code&) override;

    request& into_;
    bool head_done_ = false;
};

} // namespace postern::transport
