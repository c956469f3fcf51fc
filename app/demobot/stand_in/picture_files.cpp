#include "canvas.hpp"

#include <zlib.h>

#include <array>
#include <string_view>

namespace demobot {
namespace {

using namespace std::string_view_literals;

// Red, green and blue of each ink, in its order.
constexpr auto palette = "\xFD\xFB\xF4" // paper
                         "\x1A\x1A\x1A"
                         "\x8A\x8F\x94"
                         "\xC8\xCC\xD0"
                         "\xA8\xD4\xF0"
                         "\x24\x2E\x4A"
                         "\x7F\xB0\x5C"
                         "\x55\x58\x5C"
                         "\xD0\x34\x2C"
                         "\xF6\xC9\x3C"
                         "\x8B\x5A\x33"
                         "\xF4\xCD\xA8"
                         "\x2F\x6F\xC4"
                         "\xFF\xFF\xFF"
                         "\xF0\x8A\x24"
                         "\x2E\x8B\x57"sv;

char byte(unsigned value) { return static_cast<char>(static_cast<unsigned char>(value & 0xFF)); }

const Bytef* octets(const std::string& bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }

std::string big_endian(unsigned long value)
{
    std::string four;
    for (const int shift : {24, 16, 8, 0})
        four += byte(static_cast<unsigned>(value >> shift));
    return four;
}

void add_chunk(std::string& png, std::string type, const std::string& data)
{
    const auto named = std::move(type) + data;
    png += big_endian(data.size()) + named +
           big_endian(crc32(0, octets(named), static_cast<uInt>(named.size())));
}

std::string deflated(const std::string& plain)
{
    auto size = compressBound(plain.size());
    std::string packed(size, '\0');
    compress(reinterpret_cast<Bytef*>(packed.data()), &size, octets(plain), plain.size());
    packed.resize(size);
    return packed;
}

// GIF packs codes of five bits into bytes, the lowest bits first, in blocks of at most 255.
class code_writer
{
public:
    explicit code_writer(std::string& into) : into_(into) {}

    void put(unsigned code)
    {
        bits_ |= code << held_;
        for (held_ += 5; held_ >= 8; held_ -= 8, bits_ >>= 8)
            add(byte(bits_));
    }
    void end()
    {
        if (held_ > 0)
            add(byte(bits_));
        if (!block_.empty())
            close();
        into_ += '\0';
    }

private:
    void add(char one)
    {
        block_ += one;
        if (block_.size() == 255)
            close();
    }
    void close()
    {
        into_ += byte(static_cast<unsigned>(block_.size()));
        into_ += block_;
        block_.clear();
    }

    std::string& into_;
    std::string block_;
    unsigned bits_ = 0;
    unsigned held_ = 0;
};

std::string little_endian(int value)
{
    return {byte(static_cast<unsigned>(value)), byte(static_cast<unsigned>(value) >> 8)};
}

} // namespace

std::string as_png(const canvas& from)
{
    std::string rows;
    for (std::size_t i = 0; i < from.pixels().size(); ++i)
    {
        if (i % static_cast<std::size_t>(from.width()) == 0)
            rows += '\0'; // no filter
        rows += byte(static_cast<unsigned>(from.pixels()[i]));
    }
    std::string png("\x89PNG\r\n\x1A\n"sv);
    add_chunk(png, "IHDR",
              big_endian(static_cast<unsigned long>(from.width())) +
                  big_endian(static_cast<unsigned long>(from.height())) + std::string("\x08\x03\0\0\0"sv));
    add_chunk(png, "PLTE", std::string(palette));
    add_chunk(png, "IDAT", deflated(rows));
    add_chunk(png, "IEND", {});
    return png;
}

// Without packing: the table of codes is emptied before it grows to a sixth bit.
std::string as_gif(const canvas& from)
{
    constexpr unsigned clear = 16;
    constexpr unsigned end = 17;
    std::string gif("GIF89a");
    gif += little_endian(from.width()) + little_endian(from.height()) + std::string("\xF3\0\0"sv) +
           std::string(palette);
    gif += std::string(",\0\0\0\0"sv) + little_endian(from.width()) + little_endian(from.height()) +
           std::string("\0\x04"sv);
    code_writer codes(gif);
    for (std::size_t i = 0; i < from.pixels().size(); ++i)
    {
        if (i % 14 == 0)
            codes.put(clear);
        codes.put(static_cast<unsigned>(from.pixels()[i]));
    }
    codes.put(end);
    codes.end();
    gif += ';';
    return gif;
}

} // namespace demobot
