#include "postern/gateway/open_journal.hpp"

#include <utility>

namespace postern {

result<std::unique_ptr<journal::journal>> open_journal(const net::any_io_executor& executor,
                                                       const gateway_options& options, const log& out)
{
    using opened = std::unique_ptr<journal::journal>;
    if (options.journal.engine == journal_engine::memory)
        return opened(std::make_unique<journal::memory_journal>(options.journal.memory));
    auto with = options.journal.sqlite;
    with.file = journal_file(options);
    auto durable = journal::sqlite_journal::open(executor, std::move(with), out.in("journal"));
    if (durable.has_error())
        return durable.error();
    return opened(std::move(*durable));
}

} // namespace postern
