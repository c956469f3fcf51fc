#include "canvas.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace demobot {

canvas::canvas(int width, int height, ink ground)
    : width_(width), height_(height),
      pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), ground)
{
}

void canvas::box(point corner, int width, int height, ink with)
{
    for (int y = std::max(corner.y, 0); y < std::min(corner.y + height, height_); ++y)
        for (int x = std::max(corner.x, 0); x < std::min(corner.x + width, width_); ++x)
            pixels_[static_cast<std::size_t>(y * width_ + x)] = with;
}

void canvas::frame(point corner, int width, int height, ink with)
{
    box(corner, width, 3, with);
    box({corner.x, corner.y + height - 3}, width, 3, with);
    box(corner, 3, height, with);
    box({corner.x + width - 3, corner.y}, 3, height, with);
}

void canvas::line(point from, point to, int thickness, ink with)
{
    const int steps = std::max({std::abs(to.x - from.x), std::abs(to.y - from.y), 1});
    for (int i = 0; i <= steps; ++i)
        box({from.x + (to.x - from.x) * i / steps - thickness / 2,
             from.y + (to.y - from.y) * i / steps - thickness / 2},
            thickness, thickness, with);
}

void canvas::disc(point centre, int radius, ink with)
{
    for (int y = -radius; y <= radius; ++y)
        for (int x = -radius; x <= radius; ++x)
            if (x * x + y * y <= radius * radius)
                box({centre.x + x, centre.y + y}, 1, 1, with);
}

void canvas::digit(point corner, unsigned which, int size, ink with)
{
    // Bars from the top: top, upper left, upper right, middle, lower left, lower right, bottom.
    constexpr std::array<std::uint8_t, 10> bars{0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010,
                                                0b1101011, 0b1101111, 0b1010010, 0b1111111, 0b1111011};
    const int thick = std::max(size / 3, 1);
    const auto lit = [&](int bar) { return (bars[which % 10] >> (6 - bar) & 1) != 0; };
    for (int level = 0; level < 3; ++level)
        if (lit(level * 3))
            box({corner.x, corner.y + level * size}, size + thick, thick, with);
    for (int half = 0; half < 2; ++half)
        for (int side = 0; side < 2; ++side)
            if (lit(half * 3 + 1 + side))
                box({corner.x + side * size, corner.y + half * size}, thick, size + thick, with);
}

} // namespace demobot
