#pragma once

#include "postern/base/error.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>

namespace postern {

// A value, or the story of why there is none. Expected failures are values; exceptions are for broken
// invariants and for configuration at start.
template <class T = void>
using result = boost::system::result<T, error>;

// What result::value() throws on failure.
[[noreturn]] inline void throw_exception_from_error(const error& e, const boost::source_location&)
{
    throw boost::system::system_error(e.code, describe(e));
}

} // namespace postern
