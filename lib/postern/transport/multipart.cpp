#include "postern/transport/multipart.hpp"

#include "postern/base/crypto.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>

namespace postern::transport {
namespace {

constexpr std::size_t piece_size = 64 * 1024;

// Head (fields and the file part's header) · the file, piece by piece · tail (the closing boundary).
class form_body final : public body_source
{
public:
    form_body(std::string head, std::ifstream file, std::string bytes, std::size_t file_size,
              std::string tail)
        : head_(std::move(head)), file_(std::move(file)), bytes_(std::move(bytes)), left_(file_size),
          tail_(std::move(tail)), size_(head_.size() + file_size + tail_.size())
    {
    }

    std::size_t size() const override { return size_; }

    awaitable<result<std::string>> next() override
    {
        if (!head_.empty())
            co_return std::exchange(head_, {});
        if (left_ > 0)
            co_return next_of_file();
        co_return std::exchange(tail_, {});
    }

private:
    result<std::string> next_of_file()
    {
        if (!bytes_.empty())
        {
            left_ = 0;
            return std::exchange(bytes_, {});
        }
        // A local disk answers within the time of a packet, so reading here blocks nobody noticeably.
        std::string piece(std::min(piece_size, left_), '\0');
        file_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (file_.gcount() != static_cast<std::streamsize>(piece.size()))
            return error(errc::file_unreadable, "uploading a file")
                .because("it became shorter while it was read");
        left_ -= piece.size();
        return piece;
    }

    std::string head_;
    std::ifstream file_;
    std::string bytes_;
    std::size_t left_;
    std::string tail_;
    std::size_t size_;
};

bool fits_header(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// As browsers do: a quote in a name becomes %22.
std::string in_quotes(std::string_view name)
{
    std::string out = "\"";
    for (const char c : name)
        if (c == '"')
            out += "%22";
        else
            out += c;
    return out += '"';
}

} // namespace

result<form> make_form(std::vector<form_field> fields, form_file file)
{
    const std::filesystem::path path = file.path;
    if (file.filename.empty())
        file.filename = path.empty() ? "file" : path.filename().string();
    if (file.content_type.empty())
        file.content_type = content_type_of(file.filename);
    if (!fits_header(file.filename) || !fits_header(file.content_type))
        return error(errc::bad_input, "uploading a file").because("its name or type has control characters");

    std::ifstream stream;
    std::size_t size = file.bytes.size();
    if (!file.path.empty())
    {
        std::error_code ec;
        if (!std::filesystem::is_regular_file(path, ec))
            return error(errc::file_unreadable, "uploading " + file.path).because("it is not a file");
        size = std::filesystem::file_size(path, ec);
        stream.open(path, std::ios::binary);
        if (ec || !stream)
            return error(errc::file_unreadable, "uploading " + file.path).because("it can't be opened");
        file.bytes.clear();
    }

    const auto boundary = "postern-" + random_hex(16);
    std::string head;
    for (const auto& field : fields)
    {
        if (!fits_header(field.name))
            return error(errc::bad_input, "uploading a file")
                .because("a field's name has control characters");
        head += "--" + boundary + "\r\nContent-Disposition: form-data; name=" + in_quotes(field.name) +
                "\r\n\r\n" + field.value + "\r\n";
    }
    head += "--" + boundary + "\r\nContent-Disposition: form-data; name=" + in_quotes(file.field) +
            "; filename=" + in_quotes(file.filename) + "\r\nContent-Type: " + file.content_type + "\r\n\r\n";

    form out;
    out.content_type = "multipart/form-data; boundary=" + boundary;
    out.body = std::make_shared<form_body>(std::move(head), std::move(stream), std::move(file.bytes), size,
                                           "\r\n--" + boundary + "--\r\n");
    return out;
}

std::string content_type_of(std::string_view filename)
{
    // What Webex shows a preview of (protocol/webex-rest.md 4.6), and what bots send most.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 18> known{
        {{"txt", "text/plain"},
         {"md", "text/markdown"},
         {"csv", "text/csv"},
         {"html", "text/html"},
         {"json", "application/json"},
         {"pdf", "application/pdf"},
         {"png", "image/png"},
         {"jpg", "image/jpeg"},
         {"jpeg", "image/jpeg"},
         {"gif", "image/gif"},
         {"bmp", "image/bmp"},
         {"zip", "application/zip"},
         {"doc", "application/msword"},
         {"xls", "application/vnd.ms-excel"},
         {"ppt", "application/vnd.ms-powerpoint"},
         {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
         {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
         {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"}}};
    const auto dot = filename.rfind('.');
    const auto ending = dot == filename.npos ? std::string_view() : filename.substr(dot + 1);
    for (const auto& [name, type] : known)
        if (equal_ignoring_case(name, ending))
            return std::string(type);
    return "application/octet-stream";
}

} // namespace postern::transport
