#include "demobot/stand_in/drawings.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <vector>

using namespace demobot;
using namespace std::string_view_literals;

namespace {

unsigned octet(char c) { return static_cast<unsigned char>(c); }

// The pixels of a GIF, decoded as its specification says; it may use a growing table of codes.
std::vector<unsigned> decoded(std::string_view gif)
{
    std::size_t at = 13 + 3 * 16 + 10;
    const unsigned least = octet(gif[at++]);
    std::string data;
    while (const unsigned size = octet(gif[at++]))
    {
        data += gif.substr(at, size);
        at += size;
    }
    BOOST_TEST(gif.substr(at) == ";");

    const unsigned clear = 1U << least;
    std::vector<std::vector<unsigned>> table;
    std::vector<unsigned> pixels, last;
    unsigned width = least + 1;
    for (std::size_t bit = 0; bit + width <= data.size() * 8;)
    {
        unsigned code = 0;
        for (unsigned i = 0; i < width; ++i, ++bit)
            code |= (octet(data[bit / 8]) >> (bit % 8) & 1U) << i;
        if (code == clear)
        {
            table.clear();
            last.clear();
            width = least + 1;
            continue;
        }
        if (code == clear + 1)
            return pixels;
        std::vector<unsigned> entry;
        if (code < clear)
            entry = {code};
        else if (code - clear - 2 < table.size())
            entry = table[code - clear - 2];
        else
            entry = last, entry.push_back(last.at(0));
        if (!last.empty())
        {
            last.push_back(entry[0]);
            table.push_back(last);
            if (clear + 2 + table.size() == 1U << width)
                ++width;
        }
        pixels.insert(pixels.end(), entry.begin(), entry.end());
        last = entry;
    }
    BOOST_ERROR("the GIF has no end");
    return pixels;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pictures)

BOOST_AUTO_TEST_CASE(a_gif_says_the_pixels_that_were_drawn)
{
    const auto strip = garden_strip();
    const auto pixels = decoded(as_gif(strip));
    BOOST_TEST_REQUIRE(pixels.size() == strip.pixels().size());
    std::size_t different = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i)
        different += pixels[i] != static_cast<unsigned>(strip.pixels()[i]);
    BOOST_TEST(different == 0u);
}

BOOST_AUTO_TEST_CASE(a_png_begins_and_ends_as_one)
{
    const auto png = as_png(camera_view(1));
    BOOST_TEST(png.starts_with("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x01\xE0\0\0\x01\x0E\x08\x03\0\0\0"sv));
    BOOST_TEST(png.ends_with("\0\0\0\0IEND\xAE\x42\x60\x82"sv));
}

BOOST_AUTO_TEST_CASE(what_is_drawn_outside_of_a_canvas_is_left_out)
{
    canvas small(4, 4, ink::paper);
    small.box({-10, -10}, 12, 12, ink::red);
    small.disc({100, 100}, 50, ink::red);
    small.line({-50, 3}, {50, 3}, 1, ink::blue);
    small.digit({3, 3}, 8, 100, ink::green);
    BOOST_TEST((small.pixels()[5] == ink::red));
    BOOST_TEST((small.pixels()[10] == ink::paper));
    BOOST_TEST((small.pixels()[12] == ink::blue));
}

BOOST_AUTO_TEST_CASE(no_two_cameras_see_the_same)
{
    for (unsigned one = 1; one <= 4; ++one)
        for (unsigned other = 1; other < one; ++other)
            BOOST_TEST((camera_view(one).pixels() != camera_view(other).pixels()));
}

BOOST_AUTO_TEST_SUITE_END()
