#include "standin/recorder.hpp"

#include <cerrno>
#include <poll.h>
#include <thread>
#include <unistd.h>

namespace postern::standin {

void write_fully(int descriptor, std::string_view bytes)
{
    while (!bytes.empty())
    {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
        else if (errno == EAGAIN) // the other end of the pipe made it so, for both of us
        {
            pollfd ready{descriptor, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        }
        else if (errno != EINTR)
            return;
    }
}

recorder::recorder(options o) : options_(std::move(o))
{
    crlf_ = has("crlf");
    split_ = has("split");
}

std::string recorder::line(const record& r) const
{
    const auto text = format_record(in_shape(r), options_.format, std::chrono::system_clock::now() + jump_);
    return text + (crlf_ ? "\r\n" : "\n");
}

// The shapes that parsers stumbled over (protocol/ngrok.md 4.3).
record recorder::in_shape(record r) const
{
    if (has("csess"))
        for (auto& [key, value] : r.fields)
            if (key == "obj" && value == "tunnels.session")
                value = "csess";
    if (has("duplicate"))
        for (std::size_t i = 0; i < r.fields.size(); ++i)
            if (r.fields[i].key == "obj")
            {
                r.fields.insert(r.fields.begin() + static_cast<std::ptrdiff_t>(i),
                                record_field("obj", "app"));
                break;
            }
    if (has("flat") && r.lvl >= level::error)
    {
        auto flattened = format_record(r, record_format::logfmt, {});
        flattened.erase(0, flattened.find("msg=") + 4);
        return {level::info, (r.lvl == level::error ? "ERROR " : "CRIT ") + flattened, {}};
    }
    return r;
}

void recorder::put(const std::string& text)
{
    if (!split_)
        return write_fully(options_.descriptor, text);
    // Each record is cut one byte further on than the one before: sooner or later at every offset.
    const auto cut = 1 + next_cut_++ % (text.size() - 1);
    write_fully(options_.descriptor, std::string_view(text).substr(0, cut));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    write_fully(options_.descriptor, std::string_view(text).substr(cut));
}

void recorder::write(level l, std::string msg, record_fields fields)
{
    if (options_.descriptor >= 0 && l >= options_.threshold)
        put(line({l, std::move(msg), std::move(fields)}));
}

void recorder::early(std::string msg, record_fields fields)
{
    if (!options_.early_terminal)
        return info(std::move(msg), std::move(fields));
    const record r{level::info, std::move(msg), std::move(fields)};
    if (options_.descriptor >= 0 && options_.threshold <= level::info)
        put(format_record(r, record_format::terminal, std::chrono::system_clock::now()) + '\n');
}

void recorder::print(std::string_view bytes)
{
    write_fully(options_.descriptor >= 0 ? options_.descriptor : STDOUT_FILENO, bytes);
}

} // namespace postern::standin
