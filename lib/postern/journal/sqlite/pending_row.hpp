#pragma once

#include "postern/base/stages.hpp"
#include "postern/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace postern::journal::sqlite {

using consumer_id = std::int64_t; // consumers.id

// A delivery that is not over, as it stands in the table of that name.
struct pending_row
{
    consumer_id consumer{};
    record_id record{};
    std::string lane;
    record_id rank{};
    unsigned attempt = 1;
    unsigned since = 1;
    std::optional<wall_time> due;
    origin from{};
    wall_time happened{};
    std::size_t size{};
};

} // namespace postern::journal::sqlite
