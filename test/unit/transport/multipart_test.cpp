#include "postern/transport/multipart.hpp"

#include "support/run.hpp"

#include <filesystem>
#include <fstream>

using namespace postern;
using namespace postern::transport;

namespace {

awaitable<std::string> whole(std::shared_ptr<body_source> body, std::size_t& pieces)
{
    std::string all;
    for (;;)
    {
        auto piece = co_await body->next();
        BOOST_TEST_REQUIRE(piece.has_value());
        if (piece->empty())
            co_return all;
        all += *piece;
        ++pieces;
    }
}

struct passing_file
{
    std::filesystem::path path = std::filesystem::temp_directory_path() / "postern multipart test.csv";
    explicit passing_file(const std::string& content) { std::ofstream(path, std::ios::binary) << content; }
    ~passing_file() { std::filesystem::remove(path); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(a_large_file_is_streamed_and_its_length_is_known)
{
    const std::string content(200'000, 'x');
    const passing_file file(content);
    test::run([&](net::io_context&) -> awaitable<void> {
        form_file upload;
        upload.path = file.path.string();
        auto made = make_form({{"roomId", "R"}, {"text", "hi\r\n"}}, std::move(upload));
        BOOST_TEST_REQUIRE(made.has_value());
        std::size_t pieces = 0;
        const auto all = co_await whole(made->body, pieces);
        BOOST_TEST(all.size() == made->body->size());
        BOOST_TEST(pieces >= 5u);
        BOOST_TEST(made->content_type.starts_with("multipart/form-data; boundary="));
        const auto boundary = "--" + made->content_type.substr(made->content_type.find('=') + 1);
        BOOST_TEST(
            all.starts_with(boundary + "\r\nContent-Disposition: form-data; name=\"roomId\"\r\n\r\nR\r\n"));
        BOOST_TEST(all.find("filename=\"postern multipart test.csv\"\r\nContent-Type: text/csv\r\n\r\nxxx") !=
                   all.npos);
        BOOST_TEST(all.ends_with("xxx\r\n" + boundary + "--\r\n"));
    });
}

BOOST_AUTO_TEST_CASE(bytes_from_memory_are_sent_as_a_file)
{
    test::run([](net::io_context&) -> awaitable<void> {
        form_file upload;
        upload.bytes = "PNG";
        upload.filename = "a\"b.png";
        auto made = make_form({}, std::move(upload));
        BOOST_TEST_REQUIRE(made.has_value());
        std::size_t pieces = 0;
        const auto all = co_await whole(made->body, pieces);
        BOOST_TEST(all.size() == made->body->size());
        BOOST_TEST(all.find("filename=\"a%22b.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n") != all.npos);
    });
}

BOOST_AUTO_TEST_CASE(what_can_not_be_sent_is_refused_by_name)
{
    form_file missing;
    missing.path = "/nowhere/at all.txt";
    const auto unreadable = make_form({}, missing);
    BOOST_TEST_REQUIRE(unreadable.has_error());
    BOOST_TEST(describe(unreadable.error()).find("/nowhere/at all.txt") != std::string::npos);
    form_file forged;
    forged.bytes = "x";
    forged.filename = "a\r\nX-Forged: b";
    BOOST_TEST(make_form({}, forged).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
