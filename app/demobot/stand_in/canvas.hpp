#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace demobot {

enum class ink : std::uint8_t
{
    paper,
    black,
    grey,
    silver,
    sky,
    night,
    grass,
    road,
    red,
    yellow,
    brown,
    skin,
    blue,
    white,
    orange,
    green
};

struct point
{
    int x;
    int y;
};

// A picture of at most 16 colours, drawn with a few plain shapes; what falls outside of it is left out.
class canvas
{
public:
    canvas(int width, int height, ink ground);

    void box(point corner, int width, int height, ink);
    void frame(point corner, int width, int height, ink);
    void line(point from, point to, int thickness, ink);
    void disc(point centre, int radius, ink);
    void digit(point corner, unsigned which, int size, ink); // as seven bars

    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    const std::vector<ink>& pixels() const noexcept { return pixels_; } // row by row

private:
    int width_;
    int height_;
    std::vector<ink> pixels_;
};

// The same picture as a file.
std::string as_png(const canvas&);
std::string as_gif(const canvas&);

} // namespace demobot
