#pragma once

#include "postern/transport/http.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace postern::app {

// Server-sent events to every open page. publish() may be called from any thread; a page that does not read
// fast enough loses its connection, and asks anew.
class demo_feed : public std::enable_shared_from_this<demo_feed>
{
public:
    void publish(std::string_view name, std::string_view json);

    // An endless answer for one page; ends when the page goes, or at stop.
    transport::response open();

private:
    struct page
    {
        std::deque<std::string> waiting;
        std::shared_ptr<net::steady_timer> bell;
    };
    static awaitable<void> feed_page(std::shared_ptr<demo_feed> self,
                                     std::shared_ptr<transport::body_stream> out);

    std::mutex mutex_;
    std::list<std::shared_ptr<page>> pages_;
};

} // namespace postern::app
