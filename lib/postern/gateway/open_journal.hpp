#pragma once

#include "postern/base/log.hpp"
#include "postern/base/result.hpp"
#include "postern/gateway/options.hpp"
#include "postern/journal/journal.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace postern {

// The journal that the options ask for. Errors: file_unreadable.
result<std::unique_ptr<journal::journal>> open_journal(const net::any_io_executor&, const gateway_options&,
                                                       const log&);

} // namespace postern
