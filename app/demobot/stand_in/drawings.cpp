#include "drawings.hpp"

#include <string_view>

namespace demobot {
namespace {

constexpr int panel_width = 200;
constexpr int panel_height = 180;
constexpr int margin = 10;

canvas strip() { return {3 * (panel_width + margin) + margin, panel_height + 2 * margin, ink::paper}; }

int left_of(int panel) { return margin + panel * (panel_width + margin); }

void bubble(canvas& on, point corner, int lines)
{
    on.box(corner, 84, 12 + 10 * lines, ink::white);
    on.frame(corner, 84, 12 + 10 * lines, ink::black);
    for (int i = 0; i < lines; ++i) // words
        for (int word = 0; word < 3; ++word)
            on.box({corner.x + 10 + 22 * word, corner.y + 9 + 10 * i}, 16 - 4 * ((word + i) % 2), 3,
                   ink::grey);
}

void worker(canvas& on, point head, bool surprised)
{
    on.box({head.x - 22, head.y + 22}, 44, 60, ink::white);
    on.frame({head.x - 22, head.y + 22}, 44, 60, ink::black);
    on.line({head.x, head.y + 26}, {head.x + (surprised ? 16 : 4), head.y + 56}, 7, ink::red); // the tie
    on.disc(head, 22, ink::skin);
    on.disc({head.x - 8, head.y - 4}, surprised ? 6 : 4, ink::white);
    on.disc({head.x + 8, head.y - 4}, surprised ? 6 : 4, ink::white);
    on.disc({head.x - 8, head.y - 4}, 2, ink::black);
    on.disc({head.x + 8, head.y - 4}, 2, ink::black);
    on.box({head.x - 6, head.y + 9}, 12, surprised ? 6 : 2, ink::black);
    on.box({head.x - 14, head.y - 24}, 28, 6, ink::brown);
}

void child(canvas& on, point head)
{
    on.box({head.x - 14, head.y + 18}, 28, 34, ink::yellow);
    for (int i = 0; i < 4; ++i)
        on.line({head.x - 14 + 7 * i, head.y + (i % 2 == 0 ? 40 : 32)},
                {head.x - 7 + 7 * i, head.y + (i % 2 == 0 ? 32 : 40)}, 3, ink::black);
    on.box({head.x - 12, head.y + 52}, 9, 16, ink::black);
    on.box({head.x + 3, head.y + 52}, 9, 16, ink::black);
    on.disc(head, 20, ink::skin);
    on.disc({head.x - 6, head.y - 2}, 2, ink::black);
    on.disc({head.x + 6, head.y - 2}, 2, ink::black);
    on.line({head.x - 5, head.y + 9}, {head.x + 5, head.y + 9}, 2, ink::black);
}

void kite(canvas& on, point at, point hand)
{
    on.line(hand, at, 2, ink::grey);
    for (int i = 0; i <= 18; ++i)
    {
        on.box({at.x - i, at.y - 22 + i}, 2 * i + 1, 1, ink::red);
        on.box({at.x - 18 + i, at.y - 4 + i}, 2 * (18 - i) + 1, 1, ink::orange);
    }
}

void car(canvas& on, point at, int size, ink colour)
{
    on.box({at.x, at.y}, 4 * size, size + size / 2, colour);
    on.box({at.x + size / 2, at.y - size}, 3 * size, size, colour);
    on.box({at.x + size, at.y - size + size / 4}, 2 * size, size / 2, ink::silver);
    on.disc({at.x + size, at.y + size + size / 2}, size / 2, ink::black);
    on.disc({at.x + 3 * size, at.y + size + size / 2}, size / 2, ink::black);
}

} // namespace

canvas office_strip()
{
    auto paper = strip();
    for (int panel = 0; panel < 3; ++panel)
    {
        const int left = left_of(panel);
        paper.box({left, margin}, panel_width, panel_height, panel == 1 ? ink::silver : ink::sky);
        worker(paper, {left + 52, 86}, panel == 2);
        if (panel != 1)
            worker(paper, {left + 150, 86}, false);
        paper.box({left + 8, 146}, panel_width - 16, 12, ink::brown); // the desk
        paper.box({left + 86, 112}, 34, 26, ink::black);
        paper.box({left + 90, 116}, 26, 18, panel == 2 ? ink::red : ink::green); // the screen
        paper.box({left + 98, 138}, 10, 8, ink::black);
        bubble(paper, {left + (panel == 1 ? 86 : 10), 18}, 3 - panel);
        paper.frame({left, margin}, panel_width, panel_height, ink::black);
    }
    return paper;
}

canvas garden_strip()
{
    auto paper = strip();
    for (int panel = 0; panel < 3; ++panel)
    {
        const int left = left_of(panel);
        paper.box({left, margin}, panel_width, panel_height, ink::sky);
        paper.box({left, 150}, panel_width, 40, ink::grass);
        child(paper, {left + 44, 102});
        const point ends[] = {{left + 120, 150}, {left + 150, 100}, {left + 160, 44}};
        kite(paper, ends[panel], {left + 60, 126});
        if (panel != 1)
            bubble(paper, {left + 12, 20}, panel == 0 ? 2 : 1);
        paper.frame({left, margin}, panel_width, panel_height, ink::black);
    }
    return paper;
}

canvas camera_view(unsigned which)
{
    constexpr int width = 480, height = 270, horizon = 120;
    const int n = static_cast<int>(which);
    const bool dark = which == 3;
    canvas view(width, height, dark ? ink::night : ink::sky);
    view.box({0, horizon}, width, height - horizon, dark ? ink::black : ink::grass);
    view.disc({90 * n, 46}, 20, dark ? ink::white : ink::yellow);
    for (int house = 0; house < 6; ++house)
        view.box({house * 84 + 10 * n, horizon - 30 - house * n * 13 % 40}, 52, 30 + house * n * 13 % 40,
                 house % 2 == 0 ? ink::silver : ink::brown);
    for (int y = horizon; y < height; ++y) // the road comes nearer
    {
        const int half = 20 + (y - horizon) * 5 / 4;
        view.box({width / 2 - half, y}, 2 * half, 1, ink::road);
        if (y / 14 % 2 == 0)
            view.box({width / 2 - (y - horizon) / 40 - 1, y}, 2 + (y - horizon) / 20, 1, ink::white);
    }
    constexpr ink colours[] = {ink::red, ink::blue, ink::white, ink::orange, ink::yellow};
    for (int i = 0; i < n; ++i)
        car(view, {150 + (i * 97 + n * 31) % 150, horizon + 18 + i * 30}, 8 + 3 * i, colours[(i + n) % 5]);
    view.box({0, 0}, width, 26, ink::black); // the camera's own line
    view.digit({8, 5}, which, 7, ink::green);
    constexpr std::string_view clock = "0815";
    for (int i = 0; i < 4; ++i)
        view.digit({width - 72 + 16 * i + (i > 1 ? 6 : 0), 5},
                   static_cast<unsigned>(clock[static_cast<std::size_t>(i)] - '0'), 7, ink::green);
    return view;
}

} // namespace demobot
