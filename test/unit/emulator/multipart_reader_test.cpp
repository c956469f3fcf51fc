#include "postern/emulator/multipart_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace postern;
using namespace postern::emulator;

namespace {

std::vector<form_part> read(std::string_view type, std::string_view body)
{
    auto parts = read_multipart(type, body);
    BOOST_TEST_REQUIRE(parts.has_value(), (parts ? std::string() : describe(parts.error())));
    return std::move(*parts);
}

std::string refusal(std::string_view type, std::string_view body, errc expected = errc::bad_input)
{
    const auto parts = read_multipart(type, body);
    BOOST_TEST_REQUIRE(!parts.has_value());
    BOOST_TEST(parts.error().is(expected));
    return parts.error().ours;
}

const std::string type = "multipart/form-data; boundary=B";

// One part with these header lines and bytes.
std::string part(std::string_view headers, std::string_view bytes)
{
    return "--B\r\n" + std::string(headers) + "\r\n\r\n" + std::string(bytes) + "\r\n";
}

form_part read_one(std::string_view headers, std::string_view bytes = "x")
{
    auto parts = read(type, part(headers, bytes) + "--B--\r\n");
    BOOST_TEST_REQUIRE(parts.size() == 1u);
    return std::move(parts[0]);
}

std::optional<std::string> filename(std::string_view parameter)
{
    return read_one("Content-Disposition: form-data; name=\"files\"; " + std::string(parameter)).filename;
}

} // namespace

BOOST_AUTO_TEST_SUITE(multipart_reader)

BOOST_AUTO_TEST_CASE(the_documented_upload_is_taken_apart)
{
    const auto parts =
        read("multipart/form-data; boundary=pst7f3a",
             "--pst7f3a\r\nContent-Disposition: form-data; name=\"roomId\"\r\n\r\nROOM\r\n"
             "--pst7f3a\r\nContent-Disposition: form-data; name=\"files\"; filename=\"links.csv\"\r\n"
             "Content-Type: text/csv\r\n\r\nlink,state\na,up\n\r\n--pst7f3a--\r\n");
    BOOST_TEST_REQUIRE(parts.size() == 2u);
    BOOST_TEST(parts[0].name == "roomId");
    BOOST_TEST(parts[0].bytes == "ROOM");
    BOOST_TEST(!parts[0].filename.has_value());
    BOOST_TEST(parts[0].content_type == "");
    BOOST_TEST(parts[1].name == "files");
    BOOST_TEST(parts[1].filename.value() == "links.csv");
    BOOST_TEST(parts[1].content_type == "text/csv");
    BOOST_TEST(parts[1].bytes == "link,state\na,up\n");
}

BOOST_AUTO_TEST_CASE(the_boundary_may_be_quoted_and_the_type_in_any_case)
{
    const std::string body = "--a b:c\r\nContent-Disposition: form-data; name=n\r\n\r\nv\r\n--a b:c--";
    for (const std::string header : {"multipart/form-data; boundary=\"a b:c\"",
                                     "Multipart/Form-Data;charset=utf-8 ; BOUNDARY = \"a b:c\" ; x",
                                     "multipart/form-data;boundary=a b:c",
                                     "multipart/form-data; x=\"; boundary=no\"; boundary=\"a b:c\""})
        BOOST_TEST(read(header, body).at(0).bytes == "v", header);
}

BOOST_AUTO_TEST_CASE(preamble_epilogue_and_padding_are_ignored)
{
    const auto parts =
        read(type, "preamble --B\r\nnot yet --B\r\n--B \t\r\nContent-Disposition: form-data; name=a\r\n\r\n"
                   "1\r\n--B--\r\nepilogue\r\n--B\r\n");
    BOOST_TEST_REQUIRE(parts.size() == 1u);
    BOOST_TEST(parts[0].bytes == "1");
}

BOOST_AUTO_TEST_CASE(bare_line_feeds_will_do)
{
    const auto parts = read(type, "--B\nContent-Disposition: form-data; name=a\n\n1\n--B\n"
                                  "Content-Disposition: form-data; name=b\n\n2\n--B--\n");
    BOOST_TEST_REQUIRE(parts.size() == 2u);
    BOOST_TEST(parts[0].bytes == "1");
    BOOST_TEST(parts[1].bytes == "2");
}

BOOST_AUTO_TEST_CASE(bytes_come_through_whatever_they_are)
{
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    bytes += "\r\n--Bx\r\n-B\r\n--\r\nmid --B\r\n\r\n\r\n";
    BOOST_TEST(read_one("Content-Disposition: form-data; name=\"files\"; filename=\"a\"", bytes).bytes ==
               bytes);
    BOOST_TEST(read_one("Content-Disposition: form-data; name=\"text\"", "").bytes == "");
}

BOOST_AUTO_TEST_CASE(file_names_are_read_in_every_shape_that_clients_send)
{
    BOOST_TEST(filename("filename=\"a b;c=\\\"d\\\".txt\"").value() == "a b;c=\"d\".txt");
    BOOST_TEST(filename("filename=plain.txt").value() == "plain.txt");
    BOOST_TEST(filename("filename=\"\"").value() == "");
    BOOST_TEST(filename("filename*=UTF-8''caf%C3%A9%20%E2%98%95.txt").value() == "café ☕.txt");
    BOOST_TEST(filename("filename=\"cafe.txt\"; filename*=utf-8'en'caf%C3%A9.txt").value() == "café.txt");
    BOOST_TEST(filename("filename=\"ok.txt\"; filename*=klingon''x").value() == "ok.txt");
    BOOST_TEST(filename("filename=\"café.txt\"").value() == "café.txt");
    BOOST_TEST(!filename("filename*=broken").has_value());
}

BOOST_AUTO_TEST_CASE(a_file_name_never_leaves_its_folder)
{
    BOOST_TEST(filename("filename=\"../../etc/passwd\"").value() == "passwd");
    BOOST_TEST(filename("filename=\"C:\\\\dir\\x.txt\"").value() == "x.txt");
    BOOST_TEST(filename("filename*=UTF-8''..%2Fx%0D%0Ay%00z").value() == "xyz");
}

BOOST_AUTO_TEST_CASE(header_names_are_case_blind_and_long_lines_may_be_folded)
{
    const auto p = read_one(
        "CONTENT-TYPE:image/png\r\nx-other: y\r\ncontent-disposition: form-data;\r\n\tname=\"n\";\r\n"
        " filename=\"f\"\r\nContent-Transfer-Encoding: BINARY");
    BOOST_TEST(p.name == "n");
    BOOST_TEST(p.filename.value() == "f");
    BOOST_TEST(p.content_type == "image/png");
}

BOOST_AUTO_TEST_CASE(no_parts_at_all_is_an_empty_form) { BOOST_TEST(read(type, "--B--\r\n").empty()); }

BOOST_AUTO_TEST_CASE(the_content_type_must_name_a_form_and_its_boundary)
{
    refusal("", "--B--");
    refusal("application/json", "--B--");
    refusal("multipart/mixed; boundary=B", "--B--");
    refusal("multipart/form-data", "--B--");
    refusal("multipart/form-data; boundary=", "--B--");
    refusal("multipart/form-data; boundary=\"\"", "--B--");
    refusal("multipart/form-data; boundary=" + std::string(71, 'b'), "--" + std::string(71, 'b') + "--");
    BOOST_TEST(refusal("multipart/form-data; boundary=\"a\nb\"", "--a\nb--").find("boundary") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_that_was_cut_short_is_refused_wherever_it_was_cut)
{
    const auto whole = part("Content-Disposition: form-data; name=\"a\"", "some text") +
                       part("Content-Disposition: form-data; name=\"b\"", "more") + "--B--";
    read(type, whole);
    for (std::size_t n = 0; n < whole.size(); ++n)
        refusal(type, whole.substr(0, n));
}

BOOST_AUTO_TEST_CASE(broken_parts_are_refused_with_the_reason)
{
    const auto why = [](std::string_view headers) { return refusal(type, part(headers, "x") + "--B--"); };
    BOOST_TEST(why("X: y") == "a part has no Content-Disposition");
    BOOST_TEST(why("no colon") == "a part's header line has no colon");
    BOOST_TEST(why(" folded: first") == "a part has no Content-Disposition");
    BOOST_TEST(why("Content-Disposition: attachment; name=a").find("form-data") != std::string::npos);
    BOOST_TEST(why("Content-Disposition: form-data; filename=a").find("name") != std::string::npos);
    BOOST_TEST(why("Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64")
                   .find("Encoding") != std::string::npos);
    BOOST_TEST(refusal(type, "--B\r\n--B--") == "a part's header has no end");
}

BOOST_AUTO_TEST_CASE(parts_and_headers_are_bounded)
{
    const std::string disposition = "Content-Disposition: form-data; name=\"a\"";
    std::string body;
    for (int i = 0; i < 100; ++i)
        body += part(disposition, "x");
    BOOST_TEST(read(type, body + "--B--").size() == 100u);
    BOOST_TEST(refusal(type, body + part(disposition, "x") + "--B--", errc::too_large) ==
               "more than 100 parts");

    const auto padded = [&](std::size_t header_bytes) {
        const std::string before = disposition + "\r\nX: ";
        return part(before + std::string(header_bytes - before.size() - 4, 'y'), std::string(20'000, 'z')) +
               "--B--";
    };
    BOOST_TEST(read(type, padded(8192)).size() == 1u);
    refusal(type, padded(8193), errc::too_large);
    refusal(type, "--B\r\n" + std::string(9000, 'x') + "\r\n--B--", errc::too_large);
}

BOOST_AUTO_TEST_CASE(bodies_full_of_almost_boundaries_end_quickly)
{
    const std::string dashes(70, '-');
    refusal("multipart/form-data; boundary=" + dashes, 'x' + std::string(2'000'000, '-'));
    std::string body = "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n";
    while (body.size() < 2'000'000)
        body += "\r\n--B \t \t";
    refusal(type, body);
}

BOOST_AUTO_TEST_SUITE_END()
